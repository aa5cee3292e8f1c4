//! A sheet someone brought in, and what became of each of its rows.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{area::AreaCode, id::ImportId};

coded_enum! {
    /// What the rows of a sheet are.
    pub enum Kind {
        Areas = "areas" "区划" "areas",
        Organizations = "organizations" "单位" "organizations",
        Projects = "projects" "项目" "projects",
        Assets = "assets" "资产" "assets",
        Duties = "duties" "管护责任" "duties",
        Budgets = "budgets" "管护预算" "upkeep budgets",
    }
}

coded_enum! {
    /// Whether an import stands.
    pub enum State {
        Done = "done" "已导入" "done",
        Undone = "undone" "已撤销" "undone",
    }
}

coded_enum! {
    /// What became of a row.
    pub enum Outcome {
        Created = "created" "新建" "created",
        Changed = "changed" "变更" "changed",
        Same = "same" "无变化" "same",
        Rejected = "rejected" "退回" "rejected",
    }
}

/// One import: which file, read how, with what result.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportId,
    /// The area of whoever brought it in.
    pub area_code: AreaCode,
    pub kind: Kind,
    pub state: State,
    pub file_name: String,
    /// SHA-256 of the file, hexadecimal.
    pub file_digest: String,
    pub format: String,
    pub encoding: Option<String>,
    pub sheet: Option<String>,
    /// Field and column of the sheet, one pair a line: `name<TAB>C<TAB>资产名称`.
    pub columns: String,
    pub n_created: i64,
    pub n_changed: i64,
    pub n_same: i64,
    pub n_rejected: i64,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Which row of a sheet made or changed which row of the ledger.
pub mod row {
    use super::{AreaCode, ImportId, Outcome};
    use sea_orm::entity::prelude::*;

    /// One row of the ledger that came from one row of a sheet.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_row")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub import_id: ImportId,
        /// The noun's table.
        #[sea_orm(primary_key, auto_increment = false)]
        pub noun: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject_id: i64,
        /// The row as a person sees it in the sheet, counted from 1.
        pub number: i64,
        pub outcome: Outcome,
        /// The version the row got; undoing is possible while it still has it.
        pub version: i64,
        pub area_code: AreaCode,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
