//! Projects: what money was granted for, and what assets came of it.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{OrganizationId, ProjectId},
    initials::Initials,
    money::Money,
};

coded_enum! {
    /// The department that answers for a line of work (行业主管部门).
    pub enum LineDepartment {
        Transport = "transport" "交通" "transport",
        WaterResources = "water_resources" "水利" "water resources",
        Agriculture = "agriculture" "农业农村" "agriculture and rural affairs",
        Education = "education" "教育" "education",
        Health = "health" "卫健" "health",
        Culture = "culture" "文旅" "culture and tourism",
        Housing = "housing" "住建" "housing and construction",
        Forestry = "forestry" "林草" "forestry and grassland",
        Power = "power" "电力" "power",
        Commerce = "commerce" "商务" "commerce",
        Reform = "reform" "发改" "development and reform",
        Other = "other" "其他" "other",
    }
}

/// One project.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "project")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    pub area_code: AreaCode,
    /// The project number of the approval; unique within its county.
    pub project_no: Option<String>,
    pub name: String,
    /// The year of the plan it belongs to.
    pub year: Option<i32>,
    /// Document that approved it.
    pub approval_no: Option<String>,
    pub implementing_unit_id: Option<OrganizationId>,
    pub line_department: Option<LineDepartment>,
    pub budget: Option<Money>,
    pub contract_amount: Option<Money>,
    pub final_account: Option<Money>,
    pub accepted_on: Option<NaiveDate>,
    /// The first letters of the name: derived from it, so the log keeps none.
    #[serde(skip)]
    pub initials: Initials,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
