//! 资产盘点: one count of what stands in a village, for a year (农经发〔2017〕11号, domain.md §4).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AccountId, StockTakeId},
};

coded_enum! {
    /// How far a stock-take has come. What is signed is never opened again: another one takes its place.
    pub enum State {
        Counting = "counting" "盘点中" "counting",
        Signed = "signed" "已签认" "signed",
        Superseded = "superseded" "已由新的盘点取代" "superseded",
    }
}

/// One stock-take of one village, or of what a town holds itself. Its numbers are those of its lines
/// and finds, so that lists and sums need no join.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "stock_take")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StockTakeId,
    pub area_code: AreaCode,
    /// The year it is for.
    pub year: i32,
    pub state: State,
    /// The day whose ledger it counts.
    pub opened_on: NaiveDate,
    /// Who opened it; empty where it was opened at the machine itself.
    pub opened_by: Option<AccountId>,
    /// Assets that stood on the ledger on that day.
    pub n_expected: i32,
    /// Of these, those found as they are on the ledger.
    pub n_found: i32,
    /// Those that were not there.
    pub n_missing: i32,
    /// Those found in another state.
    pub n_changed: i32,
    /// What stood there and was not on the ledger.
    pub n_unexpected: i32,
    pub signed_by: Option<AccountId>,
    pub signed_on: Option<NaiveDate>,
    /// SHA-256 over its lines and finds, as they were signed.
    pub digest: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Model {
    /// How many lines nobody has counted yet.
    pub const fn n_left(&self) -> i32 {
        self.n_expected - self.n_found - self.n_missing - self.n_changed
    }
}

impl ActiveModelBehavior for ActiveModel {}
