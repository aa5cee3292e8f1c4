//! Online copies: a copy of a SQLite ledger is made while others write, and looked at before
//! anybody relies on it.

use std::{collections::BTreeMap, path::Path};

use anyhow::anyhow;
use entity::language::Label;
use sea_orm::{ConnectionTrait, Statement};

use super::{
    Ledger,
    connect::{self, scalar},
    dump::{Table, Visitor, schema_of, visit_tables},
    verify::VerifyOptions,
    watch::Watch,
};
use crate::{
    domain::{
        refusal::Refusal,
        trail::key::{Origin, Signer},
        verification::Verification,
    },
    error::{Error, Result},
};

const COPYING: Label = Label::new("复制", "copying");
const CHECKING: Label = Label::new("检查副本", "checking the copy");

/// What a copy holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// The version of its tables.
    pub schema: String,
    /// Rows of every table.
    pub counts: BTreeMap<String, u64>,
    /// What verifying it came to.
    pub verification: Verification,
}

impl Ledger {
    /// Copies a SQLite ledger into a new file, as it is at this moment; others go on writing.
    pub async fn copy_into(&self, file: &Path, watch: Watch<'_>) -> Result<()> {
        watch.at(COPYING, 0, None)?;
        let path = file.to_str().ok_or_else(|| anyhow!("{} is no text", file.display()))?;
        let beside = connect::open_beside(self.place()).await?;
        let statement = Statement::from_sql_and_values(
            beside.get_database_backend(),
            "VACUUM INTO ?",
            [path.into()],
        );
        watch.unless_stopped(async { Ok(beside.execute_raw(statement).await.map(drop)?) }).await?;
        beside.close().await?;
        Ok(())
    }

    /// Looks through this ledger: is the file whole, does every reference lead somewhere, do the
    /// logs agree. Meant for a copy, which nobody changes meanwhile.
    pub async fn look_through(&self, verify: &VerifyOptions, watch: Watch<'_>) -> Result<Held> {
        watch.at(CHECKING, 0, None)?;
        watch.unless_stopped(self.check_file()).await?;
        let verification = watch.unless_stopped(self.verify(verify, watch.progress())).await?;
        let mut counter = Counter { ledger: self, counts: BTreeMap::new() };
        visit_tables(&mut counter).await?;
        let schema = schema_of(self.reader()).await?;
        Ok(Held { schema, counts: counter.counts, verification })
    }

    async fn check_file(&self) -> Result<()> {
        let found: String = scalar(self.reader(), "PRAGMA integrity_check(1)").await?;
        if found != "ok" {
            return Err(Refusal::copy_unsound(&found, &found).into());
        }
        let lost: i64 =
            scalar(self.reader(), "SELECT count(*) FROM pragma_foreign_key_check").await?;
        if lost == 0 {
            return Ok(());
        }
        let zh = format!("有 {lost} 行指向不存在的行");
        let en = format!("{lost} rows refer to rows that are not there");
        Err(Refusal::copy_unsound(&zh, &en).into())
    }

    /// Who signs for the ledger as a whole.
    pub fn own_signer(&self) -> Result<Signer> {
        let origin = Origin::new(self.name()).map_err(anyhow::Error::new)?;
        Ok(Signer::new(origin, &self.keys().signing))
    }
}

struct Counter<'a> {
    ledger: &'a Ledger,
    counts: BTreeMap<String, u64>,
}

impl Visitor for Counter<'_> {
    async fn visit<E: Table>(&mut self) -> Result<()> {
        let sql = format!("SELECT count(*) FROM \"{}\"", E::name());
        let n: i64 = scalar(self.ledger.reader(), &sql).await?;
        let n = u64::try_from(n).map_err(|error| Error::Internal(error.into()))?;
        self.counts.insert(E::name().to_owned(), n);
        Ok(())
    }
}
