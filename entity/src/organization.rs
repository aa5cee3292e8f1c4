//! Organizations: owners, operators, maintainers, implementing units.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{OrganizationId, VaultId},
    initials::Initials,
};

coded_enum! {
    /// What kind of body it is (管护主体类型, domain.md §2.6).
    pub enum Kind {
        Department = "department" "行业部门" "line department",
        TownGovernment = "town_government" "乡镇政府" "township government",
        VillageCommittee = "village_committee" "村委会" "village committee",
        Collective = "collective" "村集体经济组织" "village collective",
        PublicInstitution = "public_institution" "事业单位" "public institution",
        StateEnterprise = "state_enterprise" "国有企业" "state-owned enterprise",
        Company = "company" "经营主体" "company",
        Cooperative = "cooperative" "农民专业合作社" "farmers' cooperative",
        PropertyCompany = "property_company" "物业公司" "property company",
        Household = "household" "受益户" "beneficiary household",
        Other = "other" "其他" "other",
    }
}

/// One organization. How to reach it is personal data and lies in the vault.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    pub area_code: AreaCode,
    pub name: String,
    pub kind: Kind,
    /// Unified social credit code (GB 32100), upper case; the check character may be wrong.
    pub credit_code: Option<String>,
    /// The sealed contact: a name and a telephone.
    pub contact_id: Option<VaultId>,
    /// Last day it existed.
    pub ended_on: Option<NaiveDate>,
    /// The first letters of the name: derived from it, so the log keeps none.
    #[serde(skip)]
    pub initials: Initials,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
