//! Findings: what the rules find wrong with an asset, and the sums kept of them.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    asset::Class,
    id::{AccountId, AssetId},
    money::Money,
    rectification::{Rung, State},
};

coded_enum! {
    /// The deficiency codes of domain.md §4 that this ledger evaluates.
    pub enum Rule {
        NoMaintainer = "G01" "管护主体缺失" "no maintainer",
        MaintainerUnknown = "G01U" "管护主体不详" "maintainer not known",
        NoKeeper = "G02" "管护责任人缺失" "no named keeper",
        DutyExpired = "G03" "管护协议到期" "duty expired",
        Unfunded = "G04" "管护经费未落实" "upkeep not funded",
        NoStandard = "G05" "管护标准缺失" "no maintenance standard",
        InspectionOverdue = "G06" "逾期未巡查" "inspection overdue",
        Damaged = "G07" "损毁未修" "damage not mended",
        TitleUnconfirmed = "Q01" "未确权" "title unconfirmed",
        NotHandedOver = "Q02" "未移交" "not handed over",
        NoCertificate = "Q03" "未颁证" "no certificate",
        TitleDisputed = "Q04" "权属争议" "title disputed",
        FundingGap = "M01" "资金来源合计与原值不符" "funding does not match original value",
        NoFinalAccount = "M02" "决算缺失" "no final account",
        Idle = "X01" "闲置" "idle",
        LowYield = "X02" "低效" "low yield",
        IdleAtOnce = "X03" "建成即闲置" "idle from the start",
        NoContract = "H01" "合同缺失" "no contract",
        ContractEnded = "H02" "合同到期" "contract ended",
        TermTooLong = "H03" "合同期限过长" "term of the contract too long",
        Differs = "Z02" "账实不符" "ledger and reality differ",
        Unbooked = "Z03" "未入村账" "not in the village's books",
        Duplicate = "Z04" "重复登记" "registered twice",
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
    /// How far its rectification has come; empty while nobody was asked. This and what follows
    /// repeats the round of rectification that runs, so that lists need no join.
    pub progress: Option<State>,
    /// By when it is to be done.
    pub due_on: Option<NaiveDate>,
    /// Who is to act, as one key.
    pub bearer: Option<String>,
    /// Who reported it done.
    pub reporter: Option<AccountId>,
    /// To whom it was escalated.
    pub escalated_to: Option<Rung>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a kept sum counts.
pub mod tally {
    use std::fmt;

    use chrono::{Datelike, NaiveDate};
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::{AreaCode, Class, Money, Rule};
    use crate::{asset::Subclass, five_have::Have, funding::Fund};

    /// A kept sum: how many assets of a class, in an area of a level, are something, and their
    /// value. `subject` is the text of a [`Counted`].
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

    /// The digits of an area code at which sums are kept.
    pub const DIGITS: [usize; 3] = [6, 9, 12];

    /// The first year that is counted by itself; those before it are counted together.
    pub const FIRST_YEAR: i32 = 2000;

    /// A month of a year.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Month(i32);

    impl Month {
        /// The month of a day.
        pub fn of(day: NaiveDate) -> Month {
            let month = i32::try_from(day.month0()).unwrap_or_default();
            Month(day.year() * 12 + month)
        }

        /// The month so many months earlier.
        #[must_use]
        pub const fn earlier(self, months: i32) -> Month {
            Month(self.0 - months)
        }
    }

    impl fmt::Display for Month {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
        }
    }

    /// What may be counted; its text is the subject of its sums.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Counted {
        /// Every asset.
        All,
        /// Assets with an open finding that is not waived.
        Found(Rule),
        /// Assets of a subclass.
        Subclass(Subclass),
        /// Assets acquired in a year: the year before [`FIRST_YEAR`] stands for all before it, none
        /// for those of which it is not recorded.
        Acquired(Option<i32>),
        /// Assets that drew money from a fund, and how much.
        Paid(Fund),
        /// Assets of which the five haves are asked.
        HavesAsked,
        /// Assets that have one of the five.
        Has(Have),
        /// Assets that have all five.
        HasAll,
        /// Findings, not waived, that opened last in a month.
        Opened(Rule, Month),
        /// Findings, not waived, that cleared in a month and did not open again.
        Cleared(Rule, Month),
    }

    impl Counted {
        /// Assets acquired on a day.
        pub fn acquired(on: Option<NaiveDate>) -> Counted {
            Counted::Acquired(on.map(|day| day.year().max(FIRST_YEAR - 1)))
        }
    }

    impl fmt::Display for Counted {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Counted::All => f.write_str(ALL),
                Counted::Found(rule) => f.write_str(rule.code()),
                Counted::Subclass(subclass) => write!(f, "subclass {}", subclass.code()),
                Counted::Acquired(None) => f.write_str("acquired"),
                Counted::Acquired(Some(year)) => write!(f, "acquired {year}"),
                Counted::Paid(fund) => write!(f, "fund {}", fund.code()),
                Counted::HavesAsked => f.write_str("haves"),
                Counted::Has(have) => write!(f, "has {}", have.code()),
                Counted::HasAll => f.write_str("has all"),
                Counted::Opened(rule, month) => write!(f, "opened {month} {}", rule.code()),
                Counted::Cleared(rule, month) => write!(f, "cleared {month} {}", rule.code()),
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn months_are_counted_across_years() {
            let day = NaiveDate::from_ymd_opt(2026, 2, 28).unwrap();
            let month = Month::of(day);
            assert_eq!(month.to_string(), "2026-02");
            assert_eq!(month.earlier(2).to_string(), "2025-12");
            assert_eq!(
                Counted::Opened(Rule::NoMaintainer, month.earlier(1)).to_string(),
                "opened 2026-01 G01"
            );
        }

        #[test]
        fn years_before_the_first_are_counted_together() {
            let day = |year| NaiveDate::from_ymd_opt(year, 1, 1);
            assert_eq!(Counted::acquired(day(1986)).to_string(), "acquired 1999");
            assert_eq!(Counted::acquired(day(2000)).to_string(), "acquired 2000");
            assert_eq!(Counted::acquired(None).to_string(), "acquired");
        }
    }
}
