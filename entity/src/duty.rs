//! 管护: who maintains an asset, and who keeps it, from when until when, with what money.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, DutyId, OrganizationId, PersonId},
    money::Money,
};

coded_enum! {
    /// Which duty it is. Duties of one kind on one asset never overlap.
    pub enum Kind {
        Maintainer = "maintainer" "管护主体" "maintainer",
        Keeper = "keeper" "管护责任人" "keeper",
    }
}

coded_enum! {
    /// At which level it is looked after (管护层级, domain.md §2.6).
    pub enum Tier {
        County = "county" "县管" "county",
        Township = "township" "乡镇管" "township",
        Village = "village" "村管" "village",
        Household = "household" "户管" "household",
    }
}

coded_enum! {
    /// How it is looked after (管护模式).
    pub enum Mode {
        Body = "body" "有管理单位" "managing body",
        NoBody = "no_body" "无管理单位" "no managing body",
        PropertyService = "property_service" "委托物业化" "property service",
    }
}

coded_enum! {
    /// Where the yearly money comes from (经费来源).
    pub enum BudgetSource {
        CountyFinance = "county_finance" "县财政" "county finance",
        Township = "township" "乡镇" "township",
        CollectiveIncome = "collective_income" "村集体收益" "collective income",
        OperatingIncome = "operating_income" "经营收益列支" "operating income",
        Reserve = "reserve" "公积公益金" "reserve and welfare fund",
        Beneficiaries = "beneficiaries" "受益户" "beneficiary households",
        WaterFees = "water_fees" "水费" "water fees",
        Society = "society" "社会" "society",
    }
}

coded_enum! {
    /// Why a duty came to an end before its term.
    pub enum EndReason {
        Succeeded = "succeeded" "由他人接替" "taken over by another",
        BodyEnded = "body_ended" "管护主体注销" "the organization ended",
        PersonLeft = "person_left" "责任人离任" "the person left",
        AssetLeft = "asset_left" "资产已不在册" "the asset left the books",
        Revoked = "revoked" "撤销指派" "revoked",
    }
}

/// One duty: a maintainer names an organization, a keeper names a person.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "duty")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DutyId,
    pub area_code: AreaCode,
    pub asset_id: AssetId,
    pub kind: Kind,
    pub organization_id: Option<OrganizationId>,
    pub person_id: Option<PersonId>,
    pub tier: Option<Tier>,
    pub mode: Option<Mode>,
    /// What is to be done (管护内容).
    pub task: Option<String>,
    /// By what standard or rule document (管护标准、管护制度).
    pub standard: Option<String>,
    /// Days between two inspections.
    pub interval_days: Option<i32>,
    pub agreement_no: Option<String>,
    /// First day; empty when an old sheet does not tell.
    pub from_on: Option<NaiveDate>,
    /// Last day, inclusive; empty while it runs without a term.
    pub until_on: Option<NaiveDate>,
    /// Money set aside for a year.
    pub annual_budget: Option<Money>,
    pub budget_source: Option<BudgetSource>,
    /// Whether this year's money is there (本年经费落实状态).
    pub is_funded: Option<bool>,
    pub end_reason: Option<EndReason>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether it runs on a day.
    pub fn runs_on(&self, day: NaiveDate) -> bool {
        self.from_on.is_none_or(|from| from <= day)
            && self.until_on.is_none_or(|until| day <= until)
    }
}
