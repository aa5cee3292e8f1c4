//! Kept sums: changed in the write's own transaction, equal to a recount at any time.

use std::collections::{BTreeMap, HashMap};

use entity::{
    area::{AreaCode, Level},
    asset::{self, Class, State, Subclass},
    finding::{
        self,
        tally::{self, Counted, Month},
    },
    five_have::{self, Have},
    funding::{self, Fund},
    money::Money,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict, Query},
};

use super::{Write, scope};
use crate::error::Result;

/// Rows of one statement.
const BATCH: usize = 2_000;

/// What a sum is kept for: the whole county, town or village, a subject, a class, standing or not.
pub(super) type Key = (i32, String, AreaCode, Class, bool);

/// The levels at which sums are kept, with the digits of each.
const LEVELS: [(i32, Level); 3] = [(6, Level::County), (9, Level::Town), (12, Level::Village)];

/// Where something is counted: its area, its class, whether it stands.
type At = (AreaCode, Class, bool);

/// What is counted, and where: level, subject, area, class, whether it stands.
type Of = (i32, Counted, AreaCode, Class, bool);

/// What changed in the sums: count and value in fen.
#[derive(Default)]
pub(crate) struct Tally {
    changes: BTreeMap<Of, (i64, i64)>,
}

/// Where an asset is counted; a split or merged asset is none any more.
pub(super) fn at(asset: &asset::Model) -> Option<At> {
    let place = (asset.area_code, asset.class, asset.is_standing());
    (asset.state != State::Replaced).then_some(place)
}

impl Tally {
    /// Counts an asset in (1) or out (-1).
    pub(crate) fn count_asset(&mut self, asset: &asset::Model, sign: i64) {
        let Some(at) = at(asset) else { return };
        let value = asset.original_value.unwrap_or(Money::ZERO).fen();
        self.add(Counted::All, at, sign, value);
        self.add(Counted::acquired(asset.acquired_on), at, sign, value);
        if let Some(subclass) = asset.subclass {
            self.add(Counted::Subclass(subclass), at, sign, value);
        }
    }

    /// Counts the funds that an asset drew money from in (1) or out (-1).
    pub(crate) fn count_funds(&mut self, asset: &asset::Model, rows: &[funding::Model], sign: i64) {
        let Some(at) = at(asset) else { return };
        let mut funds: BTreeMap<Fund, i64> = BTreeMap::new();
        for row in rows.iter().filter(|row| !row.is_withdrawn) {
            if let Some(fund) = row.fund {
                *funds.entry(fund).or_default() += row.amount.unwrap_or(Money::ZERO).fen();
            }
        }
        for (fund, value) in funds {
            self.add(Counted::Paid(fund), at, sign, value);
        }
    }

    /// Counts a finding in (1) or out (-1): the months in which it opened and cleared, and itself
    /// while it is open. A waived finding is not counted.
    pub(crate) fn count_finding(&mut self, finding: &finding::Model, sign: i64) {
        if finding.is_waived {
            return;
        }
        let at = (finding.area_code, finding.class, finding.is_standing);
        let (rule, value) = (finding.rule, finding.value.fen());
        self.add(Counted::Opened(rule, Month::of(finding.opened_on)), at, sign, value);
        match finding.closed_on {
            Some(day) => self.add(Counted::Cleared(rule, Month::of(day)), at, sign, value),
            None => self.add(Counted::Found(rule), at, sign, value),
        }
    }

    /// Counts which of the five haves an asset has in (1) or out (-1); what it costs is not counted.
    pub(crate) fn count_haves(&mut self, row: &five_have::Model, sign: i64) {
        let at = (row.area_code, row.class, true);
        self.add(Counted::HavesAsked, at, sign, 0);
        for have in Have::ALL.iter().filter(|have| row.has(**have)) {
            self.add(Counted::Has(*have), at, sign, 0);
        }
        if row.has_all() {
            self.add(Counted::HasAll, at, sign, 0);
        }
    }

    fn add(&mut self, counted: Counted, at: At, sign: i64, value: i64) {
        let (area, class, is_standing) = at;
        for (digits, level) in LEVELS {
            let key = (digits, counted, area.at(level), class, is_standing);
            let sum = self.changes.entry(key).or_default();
            sum.0 += sign;
            sum.1 += sign * value;
        }
    }

    /// Every sum: count and value in fen.
    pub(super) fn into_sums(self) -> BTreeMap<Key, (i64, i64)> {
        let named = self.changes.into_iter().map(|(key, change)| {
            let (digits, counted, area, class, is_standing) = key;
            ((digits, counted.to_string(), area, class, is_standing), change)
        });
        named.collect()
    }

    /// The sums as they would be if nothing had been there before.
    pub(crate) fn into_rows(self) -> impl Iterator<Item = tally::Model> {
        self.changes.into_iter().filter(|(_, change)| *change != (0, 0)).map(|(key, (n, value))| {
            let (digits, counted, area_code, class, is_standing) = key;
            let (subject, value) = (counted.to_string(), Money::from_sum(value));
            tally::Model { digits, subject, area_code, class, is_standing, n, value }
        })
    }
}

impl Write {
    /// How many assets there are of some kinds within the scope, and what they come to; one of no
    /// subclass is of its class.
    pub async fn values_of_kinds(
        &self,
        kinds: &[(Class, Option<Subclass>)],
    ) -> Result<HashMap<(Class, Option<Subclass>), (i64, Money)>> {
        let own = self.actor().area();
        let (first, last) = scope::range(own, "scope of usual values");
        let (digits, _) = LEVELS
            .into_iter()
            .find(|(_, level)| *level >= own.level())
            .unwrap_or(LEVELS[LEVELS.len() - 1]);
        let subject = |kind: &(Class, Option<Subclass>)| {
            kind.1.map_or(Counted::All, Counted::Subclass).to_string()
        };
        let rows = tally::Entity::find()
            .filter(tally::Column::Digits.eq(digits))
            .filter(tally::Column::Subject.is_in(kinds.iter().map(subject)))
            .filter(tally::Column::AreaCode.between(first, last))
            .filter(tally::Column::IsStanding.eq(true))
            .all(&self.txn)
            .await?;
        let mut sums: HashMap<(Class, Option<Subclass>), (i64, i64)> = HashMap::new();
        for row in rows {
            let kind =
                kinds.iter().find(|kind| kind.0 == row.class && subject(kind) == row.subject);
            let Some(kind) = kind else { continue };
            let sum = sums.entry(*kind).or_default();
            *sum = (sum.0.saturating_add(row.n), sum.1.saturating_add(row.value.fen()));
        }
        Ok(sums.into_iter().map(|(kind, (n, fen))| (kind, (n, Money::from_sum(fen)))).collect())
    }

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
