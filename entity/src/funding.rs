//! The money an asset drew from each source.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, FundingId, ProjectId},
    money::Money,
};

coded_enum! {
    /// Whose money it was (资金层级, domain.md §2.3).
    pub enum Tier {
        Central = "central" "中央" "central",
        Provincial = "provincial" "省级" "provincial",
        Prefectural = "prefectural" "市级" "prefectural",
        County = "county" "县级" "county",
        Township = "township" "乡镇" "township",
        Collective = "collective" "村集体" "village collective",
        Society = "society" "社会" "society",
        Villagers = "villagers" "群众自筹" "villagers",
    }
}

coded_enum! {
    /// What fund it came from (资金类型, domain.md §2.3).
    pub enum Fund {
        FiscalSpecial = "fiscal_special" "财政专项扶贫资金" "earmarked fiscal fund",
        Transition = "transition" "衔接推进乡村振兴补助资金" "rural-revitalization transition fund",
        PooledAgriculture = "pooled_agri" "统筹整合涉农资金" "pooled agricultural fund",
        Sector = "sector" "行业扶贫资金" "sector fund",
        Bond = "bond" "地方政府债券" "local government bond",
        Lottery = "lottery" "彩票公益金" "lottery welfare fund",
        Relocation = "relocation" "易地搬迁资金" "relocation fund",
        EastWest = "east_west" "东西部协作资金" "east-west cooperation",
        CentralPaired = "central_paired" "中央定点帮扶资金" "central paired assistance",
        ProvincialPaired = "provincial_paired" "省内对口帮扶资金" "provincial paired assistance",
        LandQuota = "land_quota" "土地增减挂钩资金" "land-quota transfer",
        Donation = "donation" "社会捐赠" "donation",
        WorkRelief = "work_relief" "以工代赈" "work-relief",
        SelfRaised = "self_raised" "村集体自筹" "raised by the collective",
        Other = "other" "其他" "other",
    }
}

/// One amount from one source. `amount` is empty when an old sheet names a source and no figure.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "funding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FundingId,
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    pub project_id: Option<ProjectId>,
    pub tier: Option<Tier>,
    pub fund: Option<Fund>,
    /// The giver's own name where the list has none for it.
    pub source_name: Option<String>,
    pub year: Option<i32>,
    /// Document number of the allotment (资金文号).
    pub document_no: Option<String>,
    pub amount: Option<Money>,
    /// Whether the row was withdrawn by a correction; it stays readable and counts for nothing.
    pub is_withdrawn: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
