//! What somebody has typed and not sent yet.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AccountId;

coded_enum! {
    /// Which form it was typed into.
    pub enum Form {
        Register = "register" "登记资产" "register an asset",
        Amend = "amend" "变更资产" "amend an asset",
        Correct = "correct" "更正资产" "correct an asset",
        Split = "split" "拆分资产" "split an asset",
        Merge = "merge" "合并资产" "merge assets",
        SettleTitle = "settle_title" "办理确权" "settle a title",
        AssignDuty = "assign_duty" "指派管护责任" "assign a duty",
        RegisterOrganization = "register_organization" "登记单位" "register an organization",
        AmendOrganization = "amend_organization" "变更单位" "amend an organization",
    }
}

/// One form as it was typed: nobody but its account sees it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// What tells it from the other drafts of its account: made with the form.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mark: String,
    pub form: Form,
    /// When it was kept last.
    pub kept_at: DateTime<Utc>,
    /// Its fields, sealed: they may hold personal data.
    pub typed: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
