//! Findings: what the rules find wrong with an asset, and the sums kept of them.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{area::AreaCode, asset::Class, id::AssetId, money::Money};

coded_enum! {
    /// The deficiency codes of domain.md §4 that this ledger evaluates.
    pub enum Rule {
        NoMaintainer = "G01" "管护主体缺失" "no maintainer",
        MaintainerUnknown = "G01U" "管护主体不详" "maintainer not known",
        NoKeeper = "G02" "管护责任人缺失" "no named keeper",
        DutyExpired = "G03" "管护协议到期" "duty expired",
        Unfunded = "G04" "管护经费未落实" "upkeep not funded",
        NoStandard = "G05" "管护标准缺失" "no maintenance standard",
        TitleUnconfirmed = "Q01" "未确权" "title unconfirmed",
        NotHandedOver = "Q02" "未移交" "not handed over",
        NoCertificate = "Q03" "未颁证" "no certificate",
        TitleDisputed = "Q04" "权属争议" "title disputed",
        FundingGap = "M01" "资金来源合计与原值不符" "funding does not match original value",
        NoFinalAccount = "M02" "决算缺失" "no final account",
        Idle = "X01" "闲置" "idle",
    }
}

/// One finding on one asset. A finding that cleared stays, closed; it opens again in place.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub asset_id: AssetId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub rule: Rule,
    pub area_code: AreaCode,
    pub class: Class,
    /// Whether the asset is on the books and still there.
    pub is_standing: bool,
    /// Whether a reasoned, expiring waiver stands.
    pub is_waived: bool,
    /// The day since which it has been so, as far as the ledger knows.
    pub since_on: NaiveDate,
    /// The original value of the asset, so that sums need no join.
    pub value: Money,
    /// The day the ledger first found it.
    pub opened_on: NaiveDate,
    /// The day the rule cleared; empty while it is open.
    pub closed_on: Option<NaiveDate>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a kept sum counts.
pub mod tally {
    use super::{AreaCode, Class, Money};
    use crate::asset::Subclass;
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    /// A kept sum: how many assets of a class, in an area of a level, have a finding, and their
    /// value. `subject` is a rule's code, [`ALL`] for all assets, or what [`of_subclass`] says.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "tally")]
    pub struct Model {
        /// Digits of the area that are kept: 6 county, 9 town, 12 village.
        #[sea_orm(primary_key, auto_increment = false)]
        pub digits: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub area_code: AreaCode,
        #[sea_orm(primary_key, auto_increment = false)]
        pub class: Class,
        #[sea_orm(primary_key, auto_increment = false)]
        pub is_standing: bool,
        pub n: i64,
        pub value: Money,
    }

    impl ActiveModelBehavior for ActiveModel {}

    /// The subject that counts every asset, whatever is wrong with it.
    pub const ALL: &str = "all";

    /// The subject that counts the assets of a subclass.
    pub fn of_subclass(subclass: Subclass) -> String {
        format!("subclass.{}", subclass.code())
    }

    /// The digits of an area code at which sums are kept.
    pub const DIGITS: [usize; 3] = [6, 9, 12];
}
