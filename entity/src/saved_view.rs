//! A list of assets that somebody keeps under a name.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AccountId, SavedViewId},
};

coded_enum! {
    /// Who is shown a view beside its owner; nobody is shown more rows by it than by any list.
    pub enum Seen {
        Private = "private" "仅自己" "oneself alone",
        Area = "area" "同一区划的账号" "accounts of the same area",
        County = "county" "全县的账号" "accounts of the county",
    }
}

/// One view: the words by which a list is asked for, under a name.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "saved_view")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SavedViewId,
    /// The area of its owner.
    pub area_code: AreaCode,
    pub account_id: AccountId,
    pub name: String,
    /// The words of the list's address, as a query string.
    pub words: String,
    pub seen_by: Seen,
    /// Whether its owner's list begins with it.
    pub is_default: bool,
    /// Whether its owner took it away; it stays readable in the log alone.
    pub is_withdrawn: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
