//! Writing a dump: every table in one snapshot, a row at a time.

use std::{collections::BTreeMap, io::Write};

use entity::language::Label;
use futures_util::TryStreamExt;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn,
    QueryOrder, TransactionTrait,
    sea_query::{ColumnType, Expr, Order},
};

use super::{
    Column, FORMAT, Table, Visitor, cell, columns,
    lines::{End, Header, Writer, line_of},
    schema_of, visit_tables,
};
use crate::{
    domain::{trail::canonical::append_canonical, verification::Verification},
    error::Result,
    limits,
    store::{
        Ledger,
        connect::{is_postgres, snapshot},
        verify::VerifyOptions,
        watch::Watch,
    },
};

const STEP: Label = Label::new("转储", "dumping");

/// What a dump came to.
#[derive(Clone, Debug)]
pub struct Dumped {
    /// The version of the tables.
    pub schema: String,
    /// Rows of every table.
    pub counts: BTreeMap<String, u64>,
    /// The SHA-256 of all lines but the last, hexadecimal; the last one repeats it.
    pub sha256: String,
    /// What verifying the same snapshot came to, where it was asked for.
    pub verification: Option<Verification>,
}

impl Ledger {
    /// Writes the whole ledger as lines; verifies what was written, when asked.
    pub async fn dump<W: Write + Send>(
        &self,
        sink: W,
        verify: Option<&VerifyOptions>,
        watch: Watch<'_>,
    ) -> Result<Dumped> {
        let txn = self.reader().begin_with_options(snapshot(self.reader())).await?;
        let schema = schema_of(&txn).await?;
        let mut writer = Writer::new(sink);
        let header = Header {
            format: FORMAT.to_owned(),
            ledger: self.name().to_owned(),
            schema: schema.clone(),
        };
        writer.line(&line_of(&header)?)?;
        let mut taker = Taker { txn: &txn, writer, counts: BTreeMap::new(), n: 0, watch };
        visit_tables(&mut taker).await?;
        let Taker { mut writer, counts, n, .. } = taker;
        let sha256 = writer.digest();
        writer.line(&line_of(&End { counts: counts.clone(), sha256: sha256.clone() })?)?;
        writer.finish()?;
        watch.at(STEP, n, Some(n))?;
        let verification = match verify {
            Some(options) => {
                let verifying = self.verify_in(&txn, options, watch.progress());
                Some(watch.unless_stopped(verifying).await?)
            }
            None => None,
        };
        txn.rollback().await?;
        Ok(Dumped { schema, counts, sha256, verification })
    }
}

struct Taker<'a, W> {
    txn: &'a DatabaseTransaction,
    writer: Writer<W>,
    counts: BTreeMap<String, u64>,
    n: u64,
    watch: Watch<'a>,
}

impl<W: Write + Send> Visitor for Taker<'_, W> {
    async fn visit<E: Table>(&mut self) -> Result<()> {
        let columns = columns::<E>();
        let mut n = 0;
        let mut line = String::new();
        let mut rows = in_order_of_keys::<E>(self.txn).stream(self.txn).await?;
        while let Some(row) = rows.try_next().await? {
            line.clear();
            append_row::<E>(&row, &columns, &mut line)?;
            self.writer.line(&line)?;
            n += 1;
            self.n += 1;
            if self.n.is_multiple_of(limits::READ_BATCH) {
                self.watch.at(STEP, self.n, None)?;
            }
        }
        self.counts.insert(E::name().to_owned(), n);
        Ok(())
    }
}

/// All rows of a table. Texts are compared byte by byte on both databases, whatever language the
/// database was set up for.
fn in_order_of_keys<E: Table>(connection: &impl ConnectionTrait) -> sea_orm::Select<E> {
    let mut query = E::find();
    for key in E::PrimaryKey::iter() {
        let column = key.into_column();
        let is_text = columns::<E>().iter().any(|one| {
            one.name == column.as_str()
                && matches!(one.kind, ColumnType::String(_) | ColumnType::Text)
        });
        query = if is_text && is_postgres(connection) {
            let compared = Expr::cust(format!("\"{}\" COLLATE \"C\"", column.as_str()));
            query.order_by(compared, Order::Asc)
        } else {
            query.order_by_asc(column)
        };
    }
    query
}

/// `{"row":{…},"table":"…"}`, the columns in the order of their names.
fn append_row<E: Table>(row: &E::Model, columns: &[Column<E>], line: &mut String) -> Result<()> {
    line.push_str("{\"row\":{");
    for (place, column) in columns.iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        line.push('"');
        line.push_str(column.name);
        line.push_str("\":");
        let value = cell::to_json(&row.get(column.key))?;
        append_canonical(&value, line).map_err(anyhow::Error::new)?;
    }
    line.push_str("},\"table\":\"");
    line.push_str(E::name());
    line.push_str("\"}");
    Ok(())
}
