//! 应收: what a contract asks to be paid, period by period. It follows from the contract: when that changes,
//! these rows are written anew.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{id::ContractId, money::Money};

coded_enum! {
    /// What is to be paid.
    pub enum Kind {
        Rent = "rent" "租金" "rent",
        Interest = "interest" "固定收益" "interest",
        Principal = "principal" "本金" "principal",
    }
}

/// One sum that is due.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "contract_due")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contract_id: ContractId,
    /// Its place among those of the contract, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub kind: Kind,
    /// The first day for which is paid.
    pub from_on: NaiveDate,
    /// The last one.
    pub to_on: NaiveDate,
    /// The day by which is paid.
    pub due_on: NaiveDate,
    pub amount: Money,
}

impl ActiveModelBehavior for ActiveModel {}
