//! Local rules (县级规则): what a province, a prefecture or a county decides for itself, such as how
//! many days an asset may lie idle (domain.md §11).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{area::AreaCode, asset::Subclass, finding::Rule, id::SettingId};

/// What a local rule decides.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    DeriveValueType,
    Serialize,
    Deserialize,
)]
#[sea_orm(value_type = "String")]
#[serde(try_from = "String", into = "String")]
pub enum Key {
    /// Days after which an untitled asset becomes a finding.
    TitleDays,
    /// Days after which an asset that was not handed over becomes a finding.
    HandoverDays,
    /// Days after confirmation within which a certificate is issued.
    CertificateDays,
    /// Days of lying idle that become a finding.
    IdleDays,
    /// Days of yielding little that become a finding.
    LowYieldDays,
    /// Days after it was built within which an asset that falls idle was so from the start.
    IdleAtOnceDays,
    /// Days after confirmation within which a village enters an asset in its books.
    BookDays,
    /// Years of the longest term that a contract may have without being a finding.
    ContractYears,
    /// Days between two inspections of an asset.
    InspectionDays,
    /// The same for an asset that was found dangerous or is badly damaged.
    RiskInspectionDays,
    /// The same for assets of one kind.
    InspectionDaysOf(Subclass),
    /// Days within which a defect is mended.
    DefectDays,
    /// Days within which a danger is.
    DangerDays,
    /// Days of being late after which the town sees to a rectification.
    EscalateTownDays,
    /// The same for the department of the county.
    EscalateDepartmentDays,
    /// The same for the leader of the county.
    EscalateLeaderDays,
    /// Up to what a village approves repairs.
    VillageRepairs,
    /// Up to what a town does.
    TownRepairs,
    /// What the upkeep of a unit of one kind of asset is to cost in a year.
    UpkeepStandardOf(Subclass),
    /// Whether a rule of deficiency is looked for at all.
    Check(Rule),
    /// The share of assets that must be titled.
    TitleTarget,
    /// The share of assets that somebody must maintain.
    UpkeepTarget,
    /// By which day of the next year the stock-take of a year is signed.
    StockTakeDay,
    /// Days before the end of a duty on which it is told.
    DutyNotice,
    /// Days ahead within which something is told in yellow.
    AlertSoonDays,
    /// Days ahead within which something is told in blue.
    AlertAheadDays,
    /// What the assets are called.
    AssetFamily,
}

/// How the code of a switch begins.
const CHECK: &str = "check_";
/// How the code of an interval of one kind begins.
const INSPECT: &str = "inspect_";

/// How the code of a standard of one kind begins.
const UPKEEP: &str = "upkeep_";

/// Keys that stand alone, and their codes.
const ALONE: [(Key, &str); 24] = [
    (Key::TitleDays, "title_days"),
    (Key::HandoverDays, "handover_days"),
    (Key::CertificateDays, "certificate_days"),
    (Key::IdleDays, "idle_days"),
    (Key::LowYieldDays, "low_yield_days"),
    (Key::IdleAtOnceDays, "idle_at_once_days"),
    (Key::BookDays, "book_days"),
    (Key::ContractYears, "contract_years"),
    (Key::InspectionDays, "inspection_days"),
    (Key::RiskInspectionDays, "risk_inspection_days"),
    (Key::DefectDays, "defect_days"),
    (Key::DangerDays, "danger_days"),
    (Key::EscalateTownDays, "escalate_town_days"),
    (Key::EscalateDepartmentDays, "escalate_department_days"),
    (Key::EscalateLeaderDays, "escalate_leader_days"),
    (Key::VillageRepairs, "village_repairs"),
    (Key::TownRepairs, "town_repairs"),
    (Key::TitleTarget, "title_target"),
    (Key::UpkeepTarget, "upkeep_target"),
    (Key::StockTakeDay, "stock_take_day"),
    (Key::DutyNotice, "duty_notice"),
    (Key::AlertSoonDays, "alert_soon_days"),
    (Key::AlertAheadDays, "alert_ahead_days"),
    (Key::AssetFamily, "asset_family"),
];

impl Key {
    /// Every key: those that stand alone, an interval and a standard for each kind of asset that is
    /// looked at, and a switch for each rule of deficiency.
    pub fn all() -> impl Iterator<Item = Key> {
        let alone = ALONE.iter().map(|(key, _)| *key);
        let kinds = || Subclass::ALL.iter().filter(|kind| !kind.is_claim());
        let intervals = kinds().map(|kind| Key::InspectionDaysOf(*kind));
        let standards = kinds().map(|kind| Key::UpkeepStandardOf(*kind));
        alone
            .chain(intervals)
            .chain(standards)
            .chain(Rule::ALL.iter().map(|rule| Key::Check(*rule)))
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Key::Check(rule) => return write!(f, "{CHECK}{}", rule.code()),
            Key::InspectionDaysOf(kind) => return write!(f, "{INSPECT}{}", kind.code()),
            Key::UpkeepStandardOf(kind) => return write!(f, "{UPKEEP}{}", kind.code()),
            _ => {}
        }
        let code = ALONE.iter().find(|(key, _)| key == self).map(|(_, code)| *code);
        f.write_str(code.unwrap_or_default())
    }
}

/// The text is the code of no key.
#[derive(Debug, PartialEq, Eq)]
pub struct BadKey;

impl std::fmt::Display for BadKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("没有这项规则 / there is no such rule")
    }
}

impl std::error::Error for BadKey {}

impl std::str::FromStr for Key {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Key, BadKey> {
        let switch = |code: &str| Rule::ALL.iter().find(|rule| rule.code() == code);
        if let Some(rule) = text.strip_prefix(CHECK).and_then(switch) {
            return Ok(Key::Check(*rule));
        }
        let kind =
            |code: &str| Subclass::ALL.iter().find(|kind| kind.code() == code && !kind.is_claim());
        if let Some(kind) = text.strip_prefix(INSPECT).and_then(kind) {
            return Ok(Key::InspectionDaysOf(*kind));
        }
        if let Some(kind) = text.strip_prefix(UPKEEP).and_then(kind) {
            return Ok(Key::UpkeepStandardOf(*kind));
        }
        let alone = ALONE.iter().find(|(_, code)| *code == text);
        alone.map(|(key, _)| *key).ok_or(BadKey)
    }
}

impl TryFrom<String> for Key {
    type Error = BadKey;

    fn try_from(text: String) -> Result<Key, BadKey> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.to_string()
    }
}

coded_enum! {
    /// What the assets are called, and so the ledger.
    pub enum AssetFamily {
        PovertyAlleviation = "poverty_alleviation" "扶贫" "poverty alleviation",
        Assistance = "assistance" "帮扶" "assistance",
    }
}

/// One value of a local rule: for an area and all in it, from a day on. It is never changed; another
/// value is another row with a later day. One that has not begun can be withdrawn.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "setting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SettingId,
    pub area_code: AreaCode,
    pub key: Key,
    /// The value: days, hundredths of a percent, yuan, `yes` or `no`, or a code.
    pub value: String,
    /// The document that says so.
    pub basis_title: String,
    /// Its number.
    pub basis_no: Option<String>,
    /// The first day.
    pub from_on: NaiveDate,
    /// The day on which it was withdrawn, before it began.
    pub withdrawn_on: Option<NaiveDate>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_by_its_code() {
        let codes: Vec<String> = Key::all().map(|key| key.to_string()).collect();
        for (key, code) in Key::all().zip(&codes) {
            assert_eq!(code.parse(), Ok(key));
            assert!(code.len() <= 32, "{code}");
        }
        let mut told_apart = codes.clone();
        told_apart.sort();
        told_apart.dedup();
        assert_eq!(told_apart.len(), codes.len());
        for text in ["", "check_", "check_G99", "Title_days"] {
            assert_eq!(text.parse::<Key>(), Err(BadKey), "{text}");
        }
    }
}
