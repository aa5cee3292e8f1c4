//! 五有: which of the five things that upkeep needs an asset has (domain.md §4, 发改农经〔2019〕1645号), kept of each asset
//! so that places can be compared without looking at each.

#![expect(clippy::struct_excessive_bools, reason = "a row has one for each of the five")]

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{area::AreaCode, asset::Class, id::AssetId};

coded_enum! {
    /// One of the five.
    pub enum Have {
        Rule = "rule" "有制度" "a written agreement",
        Standard = "standard" "有标准" "a standard",
        Team = "team" "有队伍" "somebody who does it",
        Money = "money" "有经费" "money",
        Oversight = "oversight" "有监督" "inspections in time",
    }
}

/// Which of the five one asset has.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "five_have")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub asset_id: AssetId,
    pub area_code: AreaCode,
    pub class: Class,
    pub has_rule: bool,
    pub has_standard: bool,
    pub has_team: bool,
    pub has_money: bool,
    pub has_oversight: bool,
}

impl Model {
    /// Whether it has one of the five.
    pub const fn has(&self, have: Have) -> bool {
        match have {
            Have::Rule => self.has_rule,
            Have::Standard => self.has_standard,
            Have::Team => self.has_team,
            Have::Money => self.has_money,
            Have::Oversight => self.has_oversight,
        }
    }

    /// Whether it has all five.
    pub fn has_all(&self) -> bool {
        Have::ALL.iter().all(|have| self.has(*have))
    }
}

impl ActiveModelBehavior for ActiveModel {}
