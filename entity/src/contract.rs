//! 合同: who operates an asset, or owes for it, from when until when and for how much (domain.md §2.7).

use std::{convert::Infallible, fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, ContractId, OrganizationId, PersonId},
    money::Money,
};

coded_enum! {
    /// How an asset is operated (经营方式).
    pub enum Kind {
        Own = "own" "自营" "own operation",
        Contracting = "contracting" "承包" "contracting",
        Lease = "lease" "出租" "lease",
        Entrusting = "entrusting" "委托经营" "entrusting",
        Cooperation = "cooperation" "合作经营" "cooperation",
        Equity = "equity" "入股" "equity",
        Debt = "debt" "债权" "debt",
    }
}

coded_enum! {
    /// How often is paid (付款方式).
    pub enum Rhythm {
        Monthly = "monthly" "按月" "every month",
        Quarterly = "quarterly" "按季" "every quarter",
        HalfYearly = "half_yearly" "每半年" "every half-year",
        Yearly = "yearly" "按年" "every year",
    }
}

coded_enum! {
    /// At which end of a period is paid.
    pub enum Timing {
        Advance = "advance" "先付（期初）" "in advance",
        Arrears = "arrears" "后付（期末）" "in arrears",
    }
}

impl Rhythm {
    /// Months of a period.
    pub const fn months(self) -> u32 {
        match self {
            Rhythm::Monthly => 1,
            Rhythm::Quarterly => 3,
            Rhythm::HalfYearly => 6,
            Rhythm::Yearly => 12,
        }
    }
}

impl Kind {
    /// Whether it is money that was put in or lent: it yields interest, and no rent.
    pub const fn is_claim(self) -> bool {
        matches!(self, Kind::Equity | Kind::Debt)
    }

    /// Whether rent is paid.
    pub const fn has_rent(self) -> bool {
        !self.is_claim() && !matches!(self, Kind::Own)
    }
}

/// From which year of a contract on another rent is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The year of the contract: the first is 1.
    pub year: i32,
    /// What is paid a year from then on.
    pub rent: Money,
}

/// The steps of a rent (递增规则). As text, a line each: `3=12600.00`.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveValueType, Serialize, Deserialize)]
#[sea_orm(value_type = "String")]
#[serde(from = "String", into = "String")]
pub struct Steps(pub Vec<Step>);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.year, self.rent)
    }
}

impl FromStr for Step {
    type Err = ();

    fn from_str(text: &str) -> Result<Step, ()> {
        let (year, rent) = text.split_once('=').ok_or(())?;
        Ok(Step { year: year.parse().map_err(|_| ())?, rent: rent.parse().map_err(|_| ())? })
    }
}

impl fmt::Display for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            let apart = if place > 0 { "\n" } else { "" };
            write!(f, "{apart}{step}")?;
        }
        Ok(())
    }
}

impl FromStr for Steps {
    type Err = Infallible;

    /// As it was stored; `domain::contract` reads what people write.
    fn from_str(text: &str) -> Result<Steps, Infallible> {
        Ok(Steps(text.split_whitespace().filter_map(|step| step.parse().ok()).collect()))
    }
}

impl From<String> for Steps {
    fn from(text: String) -> Steps {
        Steps(text.split_whitespace().filter_map(|step| step.parse().ok()).collect())
    }
}

impl From<Steps> for String {
    fn from(steps: Steps) -> String {
        steps.to_string()
    }
}

/// One contract.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "contract")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContractId,
    /// Where the asset lies.
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    pub kind: Kind,
    /// Its number, once among those of the asset.
    pub contract_no: String,
    /// The organization that pays.
    pub organization_id: Option<OrganizationId>,
    /// The person who pays.
    pub person_id: Option<PersonId>,
    pub signed_on: NaiveDate,
    pub starts_on: NaiveDate,
    /// The last day that was agreed.
    pub ends_on: NaiveDate,
    /// The platform on which it was traded.
    pub platform: Option<String>,
    /// Who decided on it, by which document.
    pub decision: Option<String>,
    pub decided_on: Option<NaiveDate>,
    pub deposit: Money,
    pub rhythm: Rhythm,
    pub timing: Timing,
    /// Days after the beginning or the end of a period by which is paid.
    pub due_days: i32,
    /// The rent of a year, as long as no step says otherwise.
    pub yearly_rent: Money,
    pub steps: Steps,
    /// Months at the start for which nothing is paid.
    pub free_months: i32,
    /// The share of revenue, in hundredths of a percent; the rent is its floor.
    pub share_bp: i32,
    /// What was put in or lent.
    pub principal: Money,
    /// The yearly rate of that, in hundredths of a percent.
    pub rate_bp: i32,
    /// The last day on which it runs: the one that was agreed, or an earlier one on which it was ended.
    pub last_on: NaiveDate,
    /// Why it was ended early; empty as long as it was not.
    pub end_reason: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether it runs on a day.
    pub fn runs_on(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && day <= self.last_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_as_they_were_written() {
        let step = |year, fen| Step { year, rent: Money::from_fen(fen) };
        let steps = Steps(vec![step(3, 1_260_000), step(5, 1_323_001)]);
        assert_eq!(steps.to_string(), "3=12600.00\n5=13230.01");
        assert_eq!(Steps::from(steps.to_string()), steps);
        assert_eq!(Steps::from(String::new()), Steps::default());
    }
}
