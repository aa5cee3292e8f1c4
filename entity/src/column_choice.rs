//! What somebody chose the columns of a sheet to be.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{id::AccountId, import::Kind};

/// One choice, for the next sheet of the same headers: it is its account's alone.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "column_choice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// What the rows of the sheet are.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: Kind,
    /// SHA-256 of the headers in their order, hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub headers: String,
    /// When it was chosen last.
    pub kept_at: DateTime<Utc>,
    /// What each column is, as JSON.
    pub chosen: String,
}

impl ActiveModelBehavior for ActiveModel {}
