//! The asset card: what it is, where, how big, what it cost, how it fares (domain.md §2.1–2.4, 2.8).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    area::AreaCode,
    id::{AssetId, OrganizationId, ProjectId},
    initials::Initials,
    measure::{Coordinate, Quantity},
    money::Money,
    project::LineDepartment,
};

coded_enum! {
    /// What an asset is for, and so who answers for it (国办函〔2021〕51号, domain.md §1.1).
    pub enum Class {
        Public = "public" "公益性资产" "public-benefit asset",
        Operating = "operating" "经营性资产" "operating asset",
        Household = "household" "到户类资产" "household asset",
    }
}

coded_enum! {
    /// The subclass within a class (domain.md §1.3).
    pub enum Subclass {
        Road = "road" "道路交通" "road",
        Irrigation = "irrigation" "农田水利" "irrigation",
        WaterSupply = "water_supply" "供水饮水" "water supply",
        Sanitation = "sanitation" "环卫公厕" "sanitation",
        Education = "education" "教育" "education",
        Culture = "culture" "文化" "culture",
        Sports = "sports" "体育" "sports",
        Health = "health" "卫生" "health",
        Power = "power" "电力" "power",
        Network = "network" "网络" "network",
        CommunityService = "community_service" "综合服务" "community service",
        Farmland = "farmland" "基本农田" "basic farmland",
        Watershed = "watershed" "小流域治理" "watershed works",
        RelocationFacility = "relocation_facility" "易地搬迁安置点附属设施" "relocation-site facility",
        OtherPublic = "other_public" "其他公益性" "other public-benefit",
        FarmBase = "farm_base" "农林牧渔业产业基地" "farming base",
        Processing = "processing" "生产加工设施" "processing facility",
        Tourism = "tourism" "经营性旅游服务设施" "tourism facility",
        ECommerce = "e_commerce" "经营性电商服务设施" "e-commerce facility",
        OperatingInfrastructure = "operating_infrastructure" "经营性基础设施" "operating infrastructure",
        Solar = "solar" "光伏电站" "solar station",
        Workshop = "workshop" "帮扶车间" "assistance workshop",
        Shop = "shop" "商铺物业" "shop premises",
        ColdStorage = "cold_storage" "冷库" "cold storage",
        Equity = "equity" "股权" "equity stake",
        Debt = "debt" "债权" "debt placement",
        InvestmentFund = "investment_fund" "基金" "fund share",
        OtherOperating = "other_operating" "其他经营性" "other operating",
        RelocationHousing = "relocation_housing" "易地搬迁住房" "relocation housing",
        RenovatedHousing = "renovated_housing" "危房改造" "renovated housing",
        HouseholdToilet = "household_toilet" "改厕" "household toilet",
        HouseholdWater = "household_water" "到户饮水" "household water",
        HouseholdTelevision = "household_tv" "电视户户通" "household television",
        Livestock = "livestock" "生物资产" "livestock",
        HouseholdEquipment = "household_equipment" "到户固定资产" "household equipment",
        OtherHousehold = "other_household" "其他到户类" "other household",
    }
}

impl Subclass {
    /// The class this subclass belongs to.
    pub fn class(self) -> Class {
        match self {
            subclass if subclass <= Subclass::OtherPublic => Class::Public,
            subclass if subclass <= Subclass::OtherOperating => Class::Operating,
            _ => Class::Household,
        }
    }
}

impl Subclass {
    /// Whether it is a claim on somebody, which lies nowhere and is not looked at.
    pub const fn is_claim(self) -> bool {
        matches!(self, Subclass::Equity | Subclass::Debt | Subclass::InvestmentFund)
    }
}

coded_enum! {
    /// What form the value takes (资产形态).
    pub enum Form {
        Fixed = "fixed" "固定资产" "fixed asset",
        Biological = "biological" "生物资产" "biological asset",
        Equity = "equity" "股权" "equity",
        Debt = "debt" "债权" "debt",
        Fund = "fund" "基金" "fund",
        Intangible = "intangible" "无形资产" "intangible asset",
        Current = "current" "流动资产" "current asset",
    }
}

impl Form {
    /// Whether it is a claim on somebody: it has a debtor, a rate and an end, and no upkeep.
    pub const fn is_claim(self) -> bool {
        matches!(self, Form::Equity | Form::Debt | Form::Fund)
    }
}

coded_enum! {
    /// Where an asset stands on the books.
    pub enum State {
        Held = "held" "在册" "on the books",
        Replaced = "replaced" "已拆分或合并" "split or merged",
        Disposed = "disposed" "已处置" "disposed",
        Void = "void" "登记作废" "void",
    }
}

coded_enum! {
    /// How an asset is used (使用状态, domain.md §2.8).
    pub enum UseState {
        InUse = "in_use" "在用" "in use",
        Idle = "idle" "闲置" "idle",
        LowYield = "low_yield" "低效" "low-yield",
        Leased = "leased" "出租" "leased",
        Lent = "lent" "出借" "lent",
        UnderConstruction = "under_construction" "在建" "under construction",
        OutOfUse = "out_of_use" "停用" "out of use",
        Damaged = "damaged" "损毁" "damaged",
        AwaitingDisposal = "awaiting_disposal" "待处置" "awaiting disposal",
    }
}

coded_enum! {
    /// What shape an asset is in (资产状况, domain.md §2.8).
    pub enum Condition {
        Good = "good" "完好" "good",
        Fair = "fair" "基本完好" "fair",
        NeedsRepair = "needs_repair" "需维修" "needs repair",
        BadlyDamaged = "badly_damaged" "严重损毁" "badly damaged",
        Gone = "gone" "灭失" "no longer standing",
    }
}

coded_enum! {
    /// The unit a quantity is counted in (计量单位).
    pub enum Unit {
        Kilometre = "km" "公里" "km",
        Metre = "m" "米" "m",
        SquareMetre = "m2" "平方米" "m²",
        CubicMetre = "m3" "立方米" "m³",
        Mu = "mu" "亩" "mu",
        Site = "site" "处" "site",
        Building = "building" "座" "building",
        Well = "well" "口" "well",
        Machine = "machine" "台" "machine",
        Set = "set" "套" "set",
        Lamp = "lamp" "盏" "lamp",
        Head = "head" "头" "head",
        Animal = "animal" "只" "animal",
        Kilowatt = "kw" "千瓦" "kW",
        Room = "room" "间" "room",
        Household = "household" "户" "household",
        TenThousandYuan = "wan_yuan" "万元" "10,000 yuan",
    }
}

coded_enum! {
    /// What a building is made of; it decides its life (domain.md §6).
    pub enum Structure {
        Steel = "steel" "钢结构" "steel",
        ReinforcedConcrete = "reinforced_concrete" "钢混" "reinforced concrete",
        BrickConcrete = "brick_concrete" "砖混" "brick and concrete",
        BrickTimber = "brick_timber" "砖木" "brick and timber",
        Simple = "simple" "简易" "simple",
    }
}

coded_enum! {
    /// How the original value was found (计价方式). Nominal means one yuan.
    pub enum Valuation {
        HistoricalCost = "historical_cost" "历史成本" "historical cost",
        Appraisal = "appraisal" "评估" "appraisal",
        Comparison = "comparison" "比照" "comparison",
        Nominal = "nominal" "名义金额" "nominal value",
    }
}

coded_enum! {
    /// How an asset loses value (折旧方法).
    pub enum Depreciation {
        None = "none" "不计提" "none",
        StraightLine = "straight_line" "年限平均法" "straight line",
    }
}

coded_enum! {
    /// Why an asset lies idle (闲置原因, domain.md §2.8).
    pub enum IdleReason {
        BlindStart = "blind_start" "盲目上马" "built without need",
        Technique = "technique" "技术" "technique",
        Market = "market" "市场" "market",
        TitleDispute = "title" "产权" "title",
        NoOperator = "no_operator" "无人经营" "no operator",
        Other = "other" "其他" "other",
    }
}

coded_enum! {
    /// What the sheet it came from said of a maintainer that is not registered.
    pub enum Answer {
        Nobody = "nobody" "没有" "nobody",
        Unknown = "unknown" "不清楚" "not known",
        Unnamed = "unnamed" "有，未登记名称" "somebody, not named",
    }
}

/// One asset. Whatever an old sheet did not tell is empty, never invented.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "asset")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssetId,
    pub area_code: AreaCode,
    /// The asset code: unique for ever, never used again.
    pub code: String,
    pub name: String,
    pub class: Class,
    pub subclass: Option<Subclass>,
    pub form: Form,
    pub state: State,
    pub use_state: Option<UseState>,
    pub condition: Option<Condition>,
    pub location: Option<String>,
    pub longitude: Option<Coordinate>,
    pub latitude: Option<Coordinate>,
    pub quantity: Option<Quantity>,
    pub unit: Option<Unit>,
    pub specification: Option<String>,
    pub structure: Option<Structure>,
    pub beneficiary_villages: Option<i32>,
    pub beneficiary_households: Option<i32>,
    pub beneficiary_people: Option<i32>,
    pub project_id: Option<ProjectId>,
    pub project_year: Option<i32>,
    pub implementing_unit_id: Option<OrganizationId>,
    pub line_department: Option<LineDepartment>,
    pub budget: Option<Money>,
    pub contract_amount: Option<Money>,
    pub final_account: Option<Money>,
    pub audit_cut: Option<Money>,
    pub original_value: Option<Money>,
    pub valuation: Option<Valuation>,
    pub depreciation: Option<Depreciation>,
    /// Months of useful life.
    pub life_months: Option<i32>,
    /// Residual value in basis points of the original value.
    pub residual_bp: Option<i32>,
    pub started_on: Option<NaiveDate>,
    pub completed_on: Option<NaiveDate>,
    pub accepted_on: Option<NaiveDate>,
    /// When it was built or obtained, where only the year is known.
    pub built_year: Option<i32>,
    pub acquired_on: Option<NaiveDate>,
    pub handed_over_on: Option<NaiveDate>,
    pub handover_no: Option<String>,
    pub booked_on: Option<NaiveDate>,
    pub voucher_no: Option<String>,
    pub warranty_until: Option<NaiveDate>,
    pub idle_since: Option<NaiveDate>,
    pub idle_reason: Option<IdleReason>,
    /// Equity, debt and funds: who owes.
    pub debtor_id: Option<OrganizationId>,
    /// Equity, debt and funds: yearly return in basis points.
    pub rate_bp: Option<i32>,
    /// Equity, debt and funds: when the placement ends.
    pub ends_on: Option<NaiveDate>,
    /// The asset this one was split from, or the first of those merged into it.
    pub parent_id: Option<AssetId>,
    /// What was answered to “who maintains it?” when no maintainer is registered.
    pub maintainer_answer: Option<Answer>,
    /// When the sheet it came from recorded it.
    pub recorded_on: Option<NaiveDate>,
    /// The key the sender's sheet knows it by.
    pub source_key: Option<String>,
    pub remark: Option<String>,
    /// The first letters of the name: derived from it, so the log keeps none.
    #[serde(skip)]
    pub initials: Initials,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether it is on the books and still there: what reports count unless asked otherwise.
    pub fn is_standing(&self) -> bool {
        self.state == State::Held && self.condition != Some(Condition::Gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_subclasses() {
        assert_eq!(Subclass::Road.class(), Class::Public);
        assert_eq!(Subclass::OtherPublic.class(), Class::Public);
        assert_eq!(Subclass::FarmBase.class(), Class::Operating);
        assert_eq!(Subclass::OtherOperating.class(), Class::Operating);
        assert_eq!(Subclass::RelocationHousing.class(), Class::Household);
        assert_eq!(Subclass::OtherHousehold.class(), Class::Household);
    }

    #[test]
    fn a_value_is_read_by_code_and_by_either_name() {
        for text in ["public", "公益性资产", "Public-benefit asset", " public "] {
            assert_eq!(text.parse(), Ok(Class::Public), "{text}");
        }
        assert_eq!("公益".parse::<Class>(), Err(()));
    }
}
