//! People who sign in, and the role they act in.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{area::AreaCode, id::AccountId};

coded_enum! {
    /// What an account may do (domain.md §11, ux.md §2); where, its area says.
    pub enum Role {
        Operator = "operator" "运维人员" "operator",
        Administrator = "administrator" "系统管理员" "system administrator",
        SecurityAdministrator = "security_administrator" "安全管理员" "security administrator",
        AuditAdministrator = "audit_administrator" "审计管理员" "audit administrator",
        FinanceClerk = "finance_clerk" "财政经办" "finance clerk",
        FinanceApprover = "finance_approver" "财政审核" "finance approver",
        RuralOfficer = "rural_officer" "农业农村经办" "rural-affairs officer",
        DepartmentOfficer = "department_officer" "行业主管" "line-department officer",
        TownshipClerk = "township_clerk" "乡镇经办" "township clerk",
        VillageOfficer = "village_officer" "村级经办" "village officer",
        Inspector = "inspector" "巡查员" "inspector",
        Leader = "leader" "县领导" "leader",
        Auditor = "auditor" "审计" "auditor",
        Villager = "villager" "村民" "villager",
    }
}

impl Role {
    /// The roles that an account may have: not that of whoever works at the machine itself, nor that
    /// of whoever has no account.
    pub fn of_accounts() -> impl Iterator<Item = Role> + Clone {
        let apart = [Role::Operator, Role::Villager];
        Role::ALL.iter().copied().filter(move |role| !apart.contains(role))
    }
}

coded_enum! {
    /// Whether an account may act.
    pub enum State {
        Active = "active" "启用" "active",
        Locked = "locked" "停用" "locked",
    }
}

/// One account.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    pub area_code: AreaCode,
    /// The sign-in name: lower-case letters, digits, hyphen.
    pub name: String,
    pub role: Role,
    pub state: State,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
