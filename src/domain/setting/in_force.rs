//! Which value of a local rule holds: that of the nearest area from the place upwards which has one
//! that has begun; of several of one area the latest; else the default of the table.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    area::AreaCode,
    asset::Subclass,
    finding::Rule,
    id::SettingId,
    money::Money,
    setting::{AssetFamily, Key, Model},
};

use super::{Value, default_of, value_of};
use crate::{
    clock::day_of,
    domain::deficiency::{Intervals, Thresholds},
};

/// The local rules of some areas and of those above them, past and to come. Without any, the defaults
/// hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalRules(Vec<Model>);

impl LocalRules {
    /// The rules that some rows make; what was withdrawn never was.
    pub fn new(mut rows: Vec<Model>) -> LocalRules {
        rows.retain(|row| row.withdrawn_on.is_none());
        LocalRules(rows)
    }

    /// The same with another row, which would hold from its day on.
    #[must_use]
    pub fn with(mut self, row: Model) -> LocalRules {
        self.0.push(row);
        self
    }

    /// The rules that were known at an instant.
    #[must_use]
    pub fn known_at(&self, at: DateTime<Utc>) -> LocalRules {
        LocalRules(self.0.iter().filter(|row| row.created_at <= at).cloned().collect())
    }

    /// The row of each key that holds in an area on a day.
    fn standing(&self, area: AreaCode, day: NaiveDate) -> BTreeMap<Key, &Model> {
        let mut best: BTreeMap<Key, &Model> = BTreeMap::new();
        let begun = |row: &&Model| row.from_on <= day && row.area_code.covers(&area);
        for row in self.0.iter().filter(begun) {
            let place = |row: &Model| (row.area_code.stem().len(), row.from_on, row.id);
            let known = best.entry(row.key).or_insert(row);
            if place(row) > place(known) {
                *known = row;
            }
        }
        best
    }

    /// The row that holds in an area on a day; none where the default does.
    pub fn row(&self, key: Key, area: AreaCode, day: NaiveDate) -> Option<&Model> {
        self.standing(area, day).remove(&key)
    }

    /// The value that holds in an area on a day.
    pub fn value(&self, key: Key, area: AreaCode, day: NaiveDate) -> Value {
        self.row(key, area, day).map_or_else(|| default_of(key), value_of)
    }

    /// The number that holds in an area on a day: days, hundredths of a percent, or fen.
    pub fn number(&self, key: Key, area: AreaCode, day: NaiveDate) -> i64 {
        number(self.value(key, area, day))
    }

    /// What the upkeep of a unit of a kind is to cost in a year, in an area on a day; nothing where
    /// there is no standard.
    pub fn standard(&self, kind: Subclass, area: AreaCode, day: NaiveDate) -> Money {
        match self.value(Key::UpkeepStandardOf(kind), area, day) {
            Value::Money(amount) => amount,
            Value::Days(_)
            | Value::Years(_)
            | Value::BasisPoints(_)
            | Value::Truth(_)
            | Value::Word(..) => Money::ZERO,
        }
    }

    /// What the assets of an area are called on a day.
    pub fn family(&self, area: AreaCode, day: NaiveDate) -> AssetFamily {
        match self.value(Key::AssetFamily, area, day) {
            Value::Word(code, _) => code.parse().unwrap_or(AssetFamily::PovertyAlleviation),
            Value::Days(_)
            | Value::Years(_)
            | Value::BasisPoints(_)
            | Value::Money(_)
            | Value::Truth(_) => AssetFamily::PovertyAlleviation,
        }
    }

    /// What the rules of deficiency go by in an area on a day.
    pub fn thresholds(&self, area: AreaCode, day: NaiveDate) -> Thresholds {
        if self.0.is_empty() {
            return Thresholds::default();
        }
        let standing = self.standing(area, day);
        let value =
            |key: Key| standing.get(&key).map_or_else(|| default_of(key), |row| value_of(row));
        let mut thresholds = Thresholds {
            title_days: number(value(Key::TitleDays)),
            handover_days: number(value(Key::HandoverDays)),
            certificate_days: number(value(Key::CertificateDays)),
            idle_days: number(value(Key::IdleDays)),
            low_yield_days: number(value(Key::LowYieldDays)),
            idle_at_once_days: number(value(Key::IdleAtOnceDays)),
            book_days: number(value(Key::BookDays)),
            contract_years: number(value(Key::ContractYears)),
            inspection: Intervals::of(|key| number(value(key))),
            ..Thresholds::default()
        };
        for rule in Rule::ALL.iter().filter(|rule| value(Key::Check(**rule)) == Value::Truth(false))
        {
            thresholds.leave_out(*rule);
        }
        thresholds
    }

    /// Every number of days after which something may become a finding in an area, on any day.
    pub(crate) fn waits(&self, area: AreaCode) -> BTreeSet<i64> {
        const KEYS: [Key; 6] = [
            Key::TitleDays,
            Key::HandoverDays,
            Key::CertificateDays,
            Key::IdleDays,
            Key::LowYieldDays,
            Key::BookDays,
        ];
        let defaults = KEYS.map(|key| number(default_of(key)));
        let is_interval = |key: Key| {
            let alone = [Key::InspectionDays, Key::RiskInspectionDays];
            alone.contains(&key) || matches!(key, Key::InspectionDaysOf(_))
        };
        let set = self.0.iter().filter(|row| KEYS.contains(&row.key) || is_interval(row.key));
        let set = set.filter(|row| row.area_code.covers(&area)).map(|row| number(value_of(row)));
        set.chain(defaults).collect()
    }

    /// The days on which another value begins to hold in an area.
    pub(crate) fn beginnings(&self, area: AreaCode) -> impl Iterator<Item = NaiveDate> {
        let own = self.0.iter().filter(move |row| row.area_code.covers(&area));
        own.map(|row| row.from_on)
    }

    /// The rules as they stood in the course of a day: at its end, and before each that was set on it
    /// for the day itself. What was evaluated earlier that day knew no more.
    pub fn in_the_course_of(&self, day: NaiveDate) -> Vec<LocalRules> {
        let of_the_day = |row: &&Model| row.from_on == day && day_of(row.created_at) == day;
        let mut set: Vec<(DateTime<Utc>, SettingId)> =
            self.0.iter().filter(of_the_day).map(|row| (row.created_at, row.id)).collect();
        set.sort_unstable();
        let before = set.into_iter().map(|first| {
            let known = |row: &&Model| (row.created_at, row.id) < first || !of_the_day(row);
            LocalRules(self.0.iter().filter(known).cloned().collect())
        });
        std::iter::once(self.clone()).chain(before).collect()
    }
}

/// The number of a value, of an amount its fen; a truth or a word has none.
fn number(value: Value) -> i64 {
    match value {
        Value::Days(number) | Value::Years(number) | Value::BasisPoints(number) => number,
        Value::Money(amount) => amount.fen(),
        Value::Truth(truth) => i64::from(truth),
        Value::Word(..) => 0,
    }
}
