//! Storing a dump: into a place without a ledger, in one transaction that also makes the tables,
//! and that is committed only once the log and every row were verified.

use std::{collections::BTreeMap, io::BufRead, path::Path, sync::Arc};

use anyhow::Context as _;
use entity::{language::Label, log::ledger};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, SqliteTransactionMode,
    TransactionOptions, TransactionTrait, TryIntoModel,
};
use serde_json::{Map, Value as Json};

use super::{
    Column, FORMAT, LEFT_OUT, Table, Visitor, cell, columns,
    lines::{Header, Line, Reader, Row},
    own_schema, postgres, tables, visit_tables,
};
use crate::{
    clock::Clock,
    domain::{
        refusal::Refusal,
        verification::{Fault, Verdict, Verification},
    },
    error::{Error, Result},
    limits,
    store::{
        Ledger,
        connect::{self, Place, is_postgres, scalar},
        insert::insert_rows,
        key::Keys,
        verify::VerifyOptions,
        watch::Watch,
    },
};

const STEP: Label = Label::new("载入", "loading");

/// Bytes of lines whose rows are held in memory.
const BATCH_BYTES: usize = 4 << 20;

/// What loading came to.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The name of the ledger.
    pub ledger: String,
    /// Rows of every table.
    pub counts: BTreeMap<String, u64>,
    /// What verifying the log and every row came to: it is sound.
    pub verification: Verification,
}

/// Loads a dump into a place that holds no ledger; its key file must be there already. On any
/// fault, and when it is killed, the place is as it was.
pub async fn load(
    place: &Place,
    keys: &Path,
    clock: Arc<dyn Clock>,
    source: impl BufRead + Send,
    watch: Watch<'_>,
) -> Result<Loaded> {
    let keys = Keys::read(keys)?;
    let mut reader = Reader::new(source);
    let header = reader.header()?;
    check_header(&reader, &header)?;
    let connections = connect::open(place).await?;
    let ledger = Ledger::of(connections, place, keys, &header.ledger, clock);
    let loaded = ledger.store(reader, watch).await?;
    ledger.close().await?;
    Ok(loaded)
}

fn check_header<R: BufRead>(reader: &Reader<R>, header: &Header) -> Result<()> {
    if header.format != FORMAT {
        return Err(reader.refuse(
            &format!("格式应为 {FORMAT}，文件由更新的程序写成"),
            &format!("expected the format {FORMAT}; a newer program wrote the file"),
        ));
    }
    let own = own_schema();
    if header.schema == own {
        return Ok(());
    }
    Err(Refusal::schema_unknown(&header.schema, &own).into())
}

impl Ledger {
    async fn store<R: BufRead + Send>(
        &self,
        reader: Reader<R>,
        watch: Watch<'_>,
    ) -> Result<Loaded> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let txn = self.writer().begin_with_options(options).await?;
        let loaded = self.store_in(&txn, reader, watch).await?;
        watch.go_on()?;
        txn.commit().await?;
        Ok(loaded)
    }

    async fn store_in<R: BufRead + Send>(
        &self,
        txn: &DatabaseTransaction,
        reader: Reader<R>,
        watch: Watch<'_>,
    ) -> Result<Loaded> {
        self.refuse_occupied(txn).await?;
        Migrator::up(txn, None).await?;
        defer_references(txn).await?;
        let mut loader = Loader { txn, reader, ahead: None, counts: BTreeMap::new(), n: 0, watch };
        loader.advance()?;
        visit_tables(&mut loader).await?;
        let counts = loader.finish()?;
        check_references(txn).await?;
        if is_postgres(txn) {
            postgres::continue_ids(txn).await?;
        }
        let own = ledger::Entity::find_by_id(1).one(txn).await?;
        if own.is_none_or(|own| own.name != self.name()) {
            let (zh, en) = ("首行的台账名称与数据不符", "the rows are of another ledger than this");
            return Err(Refusal::dump_line(1, zh, en).into());
        }
        watch.at(STEP, counts.values().sum(), None)?;
        let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
        let verifying = self.verify_in(txn, &options, watch.progress());
        let verification = watch.unless_stopped(verifying).await?;
        refuse_unsound(&verification)?;
        Ok(Loaded { ledger: self.name().to_owned(), counts, verification })
    }

    async fn refuse_occupied(&self, txn: &DatabaseTransaction) -> Result<()> {
        for (table, _) in tables() {
            if has_table(txn, table).await?
                && scalar::<i64>(
                    txn,
                    &format!("SELECT count(*) FROM (SELECT 1 FROM \"{table}\" LIMIT 1) AS one"),
                )
                .await?
                    > 0
            {
                return Err(Refusal::place_occupied(&self.place().shown()).into());
            }
        }
        Ok(())
    }
}

/// Refuses what does not agree with its log.
pub(crate) fn refuse_unsound(verification: &Verification) -> Result<()> {
    if verification.verdict() == Verdict::Sound {
        return Ok(());
    }
    let sentence = verification.first().map(Fault::sentence);
    let (zh, en) = sentence.as_ref().map_or(("", ""), |one| (&one.zh, &one.en));
    Err(Refusal::copy_unsound(zh, en).into())
}

async fn has_table(connection: &impl ConnectionTrait, table: &str) -> Result<bool> {
    let sql = if is_postgres(connection) {
        format!(
            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = '{table}'"
        )
    } else {
        format!("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{table}'")
    };
    Ok(scalar::<i64>(connection, &sql).await? > 0)
}

/// Lets a row come before the one it refers to: an asset may be part of a later one.
async fn defer_references(txn: &DatabaseTransaction) -> Result<()> {
    if is_postgres(txn) {
        return postgres::defer_own_references(txn).await;
    }
    txn.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
    Ok(())
}

/// Every reference leads somewhere.
async fn check_references(txn: &DatabaseTransaction) -> Result<()> {
    let done = if is_postgres(txn) {
        postgres::settle_own_references(txn).await.is_ok()
    } else {
        scalar::<i64>(txn, "SELECT count(*) FROM pragma_foreign_key_check").await? == 0
    };
    if done {
        return Ok(());
    }
    let (zh, en) = ("有数据指向不存在的行", "a row refers to one that is not there");
    Err(Refusal::copy_unsound(zh, en).into())
}

struct Loader<'a, R> {
    txn: &'a DatabaseTransaction,
    reader: Reader<R>,
    /// The line at hand.
    ahead: Option<Line>,
    counts: BTreeMap<String, u64>,
    n: u64,
    watch: Watch<'a>,
}

impl<R: BufRead + Send> Visitor for Loader<'_, R> {
    async fn visit<E: Table>(&mut self) -> Result<()> {
        let columns = columns::<E>();
        let (mut batch, mut bytes, mut n) = (Vec::new(), 0, 0);
        while let Some(row) = self.take(E::name()) {
            batch.push(self.read::<E>(&columns, row)?);
            bytes += self.reader.length();
            n += 1;
            self.n += 1;
            let is_full = batch.len() >= limits::IMPORT_BATCH || bytes >= BATCH_BYTES;
            if is_full {
                self.insert::<E>(&batch).await?;
                (bytes, batch) = (0, Vec::new());
            }
            self.advance()?;
        }
        self.insert::<E>(&batch).await?;
        self.counts.insert(E::name().to_owned(), n);
        Ok(())
    }
}

impl<R: BufRead + Send> Loader<'_, R> {
    fn advance(&mut self) -> Result<()> {
        self.ahead = Some(self.reader.next()?);
        Ok(())
    }

    /// The row at hand, if it is one of a table.
    fn take(&mut self, table: &str) -> Option<Map<String, Json>> {
        match self.ahead.take() {
            Some(Line::Row(row)) if row.table == table => Some(row.row),
            other => {
                self.ahead = other;
                None
            }
        }
    }

    /// The row of the line at hand.
    fn read<E: Table>(
        &self,
        columns: &[Column<E>],
        mut row: Map<String, Json>,
    ) -> Result<E::Model> {
        let mut active = <E::ActiveModel as ActiveModelTrait>::default();
        for Column { name, kind, key } in columns {
            let table = E::name();
            let Some(found) = row.remove(*name) else {
                let (zh, en) =
                    (format!("缺少字段 {table}.{name}"), format!("no field {table}.{name}"));
                return Err(self.reader.refuse(&zh, &en));
            };
            let value = cell::from_json(kind, &found).map_err(|Label { zh, en }| {
                let zh = format!("字段 {table}.{name} 应为{zh}");
                self.reader.refuse(&zh, &format!("the field {table}.{name} should be {en}"))
            })?;
            active.try_set(*key, value).map_err(|_| {
                let zh = format!("字段 {table}.{name} 的值不在规定之内");
                let en = format!("the field {table}.{name} has a value that it cannot have");
                self.reader.refuse(&zh, &en)
            })?;
        }
        if let Some(name) = row.keys().next() {
            let (zh, en) = (format!("不认识的字段 {name}"), format!("unknown field {name}"));
            return Err(self.reader.refuse(&zh, &en));
        }
        Ok(active.try_into_model()?)
    }

    async fn insert<E: Table>(&self, rows: &[E::Model]) -> Result<()> {
        self.watch.at(STEP, self.n, None)?;
        let inserted = insert_rows::<E>(self.txn, rows).await;
        inserted.map_err(|error| match Error::from(error) {
            Error::Taken(_) => {
                let n = rows.len();
                let zh = format!("到此为止的 {n} 行 {} 中有重复的编号", E::name());
                let en = format!("up to here, {n} rows of {} repeat a key", E::name());
                self.reader.refuse(&zh, &en)
            }
            Error::Internal(cause) => {
                let line = self.reader.number();
                Error::Internal(cause.context(format!("{}, line {line} or before", E::name())))
            }
            other => other,
        })
    }

    /// The line at hand must be the last, and must tell what was read.
    fn finish(mut self) -> Result<BTreeMap<String, u64>> {
        let end = match self.ahead.take() {
            Some(Line::End(end)) => end,
            Some(Line::Row(row)) => return Err(self.misplaced(&row)),
            None => return Err(self.reader.refuse("没有末行", "there is no last line")),
        };
        if end.sha256 != self.reader.digest() {
            return Err(self.reader.refuse(
                "与以上各行的摘要不符，文件已损坏或被改动",
                "the digest is not that of the lines above: the file was damaged or altered",
            ));
        }
        if end.counts != self.counts {
            return Err(self.reader.refuse(
                "各表行数与以上各行不符",
                "the numbers of rows are not those of the lines above",
            ));
        }
        self.reader.finish()?;
        Ok(self.counts)
    }

    fn misplaced(&self, Row { table, .. }: &Row) -> Error {
        if let Some((_, reason)) = LEFT_OUT.iter().find(|(name, _)| name == table) {
            let zh = format!("转储文件不含表 {table}");
            return self.reader.refuse(&zh, &format!("no dump has the table {table}: {reason}"));
        }
        if tables().iter().any(|(name, _)| name == table) {
            let zh = format!("表 {table} 的数据不在其位置上");
            let en = format!("a row of {table} is out of its place");
            return self.reader.refuse(&zh, &en);
        }
        let (zh, en) = (format!("不认识的表 {table}"), format!("unknown table {table}"));
        self.reader.refuse(&zh, &en)
    }
}

/// Loading what cannot be opened is refused before anything is read.
pub fn check_keys(keys: &Path) -> Result<()> {
    if keys.exists() {
        return Keys::read(keys).map(drop).context("the key file").map_err(Error::Internal);
    }
    Err(Refusal::keys_missing(&keys.display().to_string()).into())
}
