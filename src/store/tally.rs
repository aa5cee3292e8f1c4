//! Kept sums: changed in the write's own transaction, equal to a recount at any time.

use std::collections::BTreeMap;

use entity::{
    area::AreaCode,
    asset::{self, Class, State},
    finding::{self, tally},
    money::Money,
};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, OnConflict, Query},
};

use super::Write;
use crate::error::Result;

/// Rows of one statement.
const BATCH: usize = 2_000;

/// What a sum is kept for: the whole county, town or village, a subject, a class, standing or not.
pub(super) type Key = (i32, String, AreaCode, Class, bool);

/// What changed in the sums: count and value in fen.
#[derive(Default)]
pub(crate) struct Tally {
    changes: BTreeMap<Key, (i64, i64)>,
}

impl Tally {
    /// Counts an asset in (1) or out (-1). A split or merged asset is none any more.
    pub(crate) fn count_asset(&mut self, asset: &asset::Model, sign: i64) {
        if asset.state == State::Replaced {
            return;
        }
        let value = asset.original_value.unwrap_or(Money::ZERO).fen();
        let (area, class, standing) = (asset.area_code, asset.class, asset.is_standing());
        self.add(tally::ALL, area, class, standing, sign, value);
        if let Some(subclass) = asset.subclass {
            self.add(&tally::of_subclass(subclass), area, class, standing, sign, value);
        }
    }

    /// Counts an open finding in (1) or out (-1). A waived finding is not counted.
    pub(crate) fn count_finding(&mut self, finding: &finding::Model, sign: i64) {
        if finding.closed_on.is_some() || finding.is_waived {
            return;
        }
        let (area, class, standing) = (finding.area_code, finding.class, finding.is_standing);
        self.add(finding.rule.code(), area, class, standing, sign, finding.value.fen());
    }

    fn add(
        &mut self,
        subject: &str,
        area: AreaCode,
        class: Class,
        standing: bool,
        sign: i64,
        value: i64,
    ) {
        for digits in tally::DIGITS {
            let mut code = [b'0'; 12];
            code[..digits].copy_from_slice(&area.as_str().as_bytes()[..digits]);
            let code = std::str::from_utf8(&code).ok().and_then(|code| code.parse().ok());
            let digits = i32::try_from(digits).unwrap_or(12);
            let key = (digits, subject.to_owned(), code.unwrap_or(area), class, standing);
            let sum = self.changes.entry(key).or_default();
            sum.0 += sign;
            sum.1 += sign * value;
        }
    }

    /// Every sum: count and value in fen.
    pub(super) fn into_sums(self) -> BTreeMap<Key, (i64, i64)> {
        self.changes
    }

    /// The sums as they would be if nothing had been there before.
    pub(crate) fn into_rows(self) -> impl Iterator<Item = tally::Model> {
        self.changes.into_iter().filter(|(_, change)| *change != (0, 0)).map(|(key, (n, value))| {
            let (digits, subject, area_code, class, is_standing) = key;
            let value = Money::from_sum(value);
            tally::Model { digits, subject, area_code, class, is_standing, n, value }
        })
    }
}

impl Write {
    /// Adds what changed to the kept sums.
    pub(super) async fn store_tally(&mut self) -> Result<()> {
        let rows: Vec<tally::Model> = std::mem::take(&mut self.tally).into_rows().collect();
        for batch in rows.chunks(BATCH) {
            let mut insert = Query::insert();
            insert.into_table(tally::Entity).columns([
                tally::Column::Digits,
                tally::Column::Subject,
                tally::Column::AreaCode,
                tally::Column::Class,
                tally::Column::IsStanding,
                tally::Column::N,
                tally::Column::Value,
            ]);
            for row in batch {
                insert.values_panic([
                    row.digits.into(),
                    row.subject.clone().into(),
                    row.area_code.to_string().into(),
                    row.class.code().into(),
                    row.is_standing.into(),
                    row.n.into(),
                    row.value.fen().into(),
                ]);
            }
            let added = OnConflict::columns([
                tally::Column::Digits,
                tally::Column::Subject,
                tally::Column::AreaCode,
                tally::Column::Class,
                tally::Column::IsStanding,
            ])
            .value(tally::Column::N, Expr::cust("tally.n + excluded.n"))
            .value(tally::Column::Value, Expr::cust("tally.value + excluded.value"))
            .to_owned();
            insert.on_conflict(added);
            self.txn.execute(&insert).await?;
        }
        Ok(())
    }
}
