//! `Subject`: what a noun must say about itself to pass the doors; and the table of nouns.

use chrono::{DateTime, Utc};
use entity::{
    account, area, area::AreaCode, asset, attachment, attendance, budget, campaign, campaign_line,
    contract, discrepancy, duty, fault_report, funding, holding, import, initials::Initials,
    inspection, inspection_route, language::Label, organization, overspend, person, post_asset,
    project, rectification, revival, saved_view, setting, spending, stock_find, stock_line,
    stock_take, title, upkeep, upkeep_fund, waiver, webhook, welfare_post, work_order,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    ModelTrait, PrimaryKeyTrait, Value,
};
use serde::Serialize;

use crate::error::Result;

/// A noun that belongs to an area: read within a scope, written with a trail.
pub trait Subject:
    EntityTrait<
        Model: Serialize
                   + IntoActiveModel<Self::ActiveModel>
                   + Send
                   + Sync
                   + Clone
                   + FromQueryResult
                   + ModelTrait<Entity = Self>,
        ActiveModel: ActiveModelBehavior + ActiveModelTrait<Entity = Self> + Send,
    >
{
    /// What people call it.
    const NOUN: Label;
    /// Its table, and its name in the log.
    const TABLE: &'static str;
    /// The column of its id.
    const ID: Self::Column;
    /// The column of its area.
    const AREA: Self::Column;
    /// The column of its version.
    const VERSION: Self::Column;
    /// The type of its id.
    type Id: Copy
        + Send
        + Sync
        + Eq
        + std::hash::Hash
        + From<i64>
        + Into<i64>
        + Into<Value>
        + Into<<Self::PrimaryKey as PrimaryKeyTrait>::ValueType>;

    /// Its id.
    fn id(row: &Self::Model) -> Self::Id;
    /// Gives it its id.
    fn set_id(row: &mut Self::Model, id: Self::Id);
    /// Its area.
    fn area(row: &Self::Model) -> AreaCode;
    /// Moves it to another area.
    fn set_area(row: &mut Self::Model, area: AreaCode);
    /// Its version.
    fn version(row: &Self::Model) -> i64;
    /// When its first and its last version were made.
    fn stamps(row: &Self::Model) -> (DateTime<Utc>, DateTime<Utc>);
    /// Gives it its version and its stamps.
    fn stamp(row: &mut Self::Model, version: i64, created_at: DateTime<Utc>, at: DateTime<Utc>);
    /// When its first version was stored.
    fn created_at(row: &Self::Model) -> DateTime<Utc>;
    /// Sets what is derived from other columns.
    fn derive(row: &mut Self::Model);
    /// Whether what is derived is what it is derived from.
    fn is_derived(row: &Self::Model) -> bool;
    /// What it means for the findings of an asset.
    fn fact(row: &Self::Model) -> Option<Fact>;
}

/// A row that the rules of deficiency look at.
#[derive(Clone, Debug)]
pub enum Fact {
    /// The card.
    Asset(Box<asset::Model>),
    /// Its title.
    Title(title::Model),
    /// A holder of a right.
    Holding(holding::Model),
    /// A duty.
    Duty(duty::Model),
    /// A source of money.
    Funding(funding::Model),
    /// A waiver.
    Waiver(waiver::Model),
    /// A round of rectification.
    Rectification(rectification::Model),
    /// How it was found last.
    Upkeep(upkeep::Model),
    /// A work order.
    WorkOrder(work_order::Model),
    /// A plan to bring it back into use.
    Revival(revival::Model),
    /// Something that speaks against what the ledger says of it.
    Discrepancy(discrepancy::Model),
    /// A contract about its operation.
    Contract(contract::Model),
    /// A budget for it, or for what its village or its town has.
    Budget(budget::Model),
}

/// Somebody who does the same with every noun.
pub(crate) trait Visitor {
    /// Sees one noun.
    async fn visit<E: Subject>(&mut self) -> Result<()>;
}

macro_rules! subject {
    ($($noun:ident $id:ident $zh:literal $en:literal [$($name:ident)?] $fact:expr;)+) => {
        /// Every noun that passes the doors: table and name.
        pub(crate) const NOUNS: &[(&str, Label)] =
            &[$((stringify!($noun), Label::new($zh, $en))),+];

        /// Has a visitor see every noun, in the order of [`NOUNS`].
        pub(crate) async fn visit_nouns(visitor: &mut impl Visitor) -> Result<()> {
            $(visitor.visit::<$noun::Entity>().await?;)+
            Ok(())
        }

        $(impl Subject for $noun::Entity {
            const NOUN: Label = Label::new($zh, $en);
            const TABLE: &'static str = stringify!($noun);
            const ID: $noun::Column = $noun::Column::Id;
            const AREA: $noun::Column = $noun::Column::AreaCode;
            const VERSION: $noun::Column = $noun::Column::Version;
            type Id = entity::id::$id;

            fn id(row: &$noun::Model) -> Self::Id {
                row.id
            }

            fn set_id(row: &mut $noun::Model, id: Self::Id) {
                row.id = id;
            }

            fn area(row: &$noun::Model) -> AreaCode {
                row.area_code
            }

            fn set_area(row: &mut $noun::Model, area: AreaCode) {
                row.area_code = area;
            }

            fn version(row: &$noun::Model) -> i64 {
                row.version
            }

            fn stamps(row: &$noun::Model) -> (DateTime<Utc>, DateTime<Utc>) {
                (row.created_at, row.updated_at)
            }

            fn stamp(
                row: &mut $noun::Model,
                version: i64,
                created_at: DateTime<Utc>,
                at: DateTime<Utc>,
            ) {
                row.version = version;
                row.created_at = created_at;
                row.updated_at = at;
            }

            fn created_at(row: &$noun::Model) -> DateTime<Utc> {
                row.created_at
            }

            fn derive(row: &mut $noun::Model) {
                let _ = &row;
                $(row.initials = Initials::of(&row.$name);)?
            }

            fn is_derived(row: &$noun::Model) -> bool {
                let _ = row;
                true $(&& row.initials == Initials::of(&row.$name))?
            }

            fn fact(row: &$noun::Model) -> Option<Fact> {
                let fact: fn(&$noun::Model) -> Option<Fact> = $fact;
                fact(row)
            }
        })+
    };
}

subject! {
    area AreaId "区划" "area" [name] |_| None;
    organization OrganizationId "单位" "organization" [name] |_| None;
    person PersonId "人员" "person" [] |_| None;
    account AccountId "账号" "account" [] |_| None;
    project ProjectId "项目" "project" [name] |_| None;
    asset AssetId "资产" "asset" [name] |row| Some(Fact::Asset(Box::new(row.clone())));
    funding FundingId "资金来源" "funding source" [] |row| Some(Fact::Funding(row.clone()));
    title TitleId "权属" "title" [] |row| Some(Fact::Title(row.clone()));
    holding HoldingId "权利人" "right holder" [] |row| Some(Fact::Holding(row.clone()));
    duty DutyId "管护责任" "maintenance duty" [] |row| Some(Fact::Duty(row.clone()));
    fault_report FaultReportId "报修" "report of a fault" [] |_| None;
    waiver WaiverId "豁免" "waiver" [] |row| Some(Fact::Waiver(row.clone()));
    rectification RectificationId "整改" "rectification" [] |row| Some(Fact::Rectification(row.clone()));
    inspection InspectionId "巡查" "inspection" [] |_| None;
    inspection_route InspectionRouteId "巡查路线" "route of inspections" [] |_| None;
    upkeep UpkeepId "管护情况" "state of upkeep" [] |row| Some(Fact::Upkeep(row.clone()));
    welfare_post WelfarePostId "公益岗位" "welfare post" [] |_| None;
    post_asset PostAssetId "岗位管护资产" "asset of a welfare post" [] |_| None;
    attendance AttendanceId "考勤考核" "month of a welfare post" [] |_| None;
    campaign CampaignId "专项排查" "campaign" [] |_| None;
    campaign_line CampaignLineId "专项排查名单" "line of a campaign" [] |_| None;
    work_order WorkOrderId "维修工单" "work order" [] |row| Some(Fact::WorkOrder(row.clone()));
    revival RevivalId "盘活方案" "revival plan" [] |row| Some(Fact::Revival(row.clone()));
    stock_take StockTakeId "资产盘点" "stock-take" [] |_| None;
    stock_line StockLineId "盘点行" "line of a stock-take" [] |_| None;
    stock_find StockFindId "盘盈" "find of a stock-take" [] |_| None;
    discrepancy DiscrepancyId "待核差异" "discrepancy" [] |row| Some(Fact::Discrepancy(row.clone()));
    contract ContractId "合同" "contract" [] |row| Some(Fact::Contract(row.clone()));
    upkeep_fund UpkeepFundId "管护资金" "upkeep fund" [] |_| None;
    budget BudgetId "管护预算" "upkeep budget" [] |row| Some(Fact::Budget(row.clone()));
    spending SpendingId "支出" "spending" [] |_| None;
    overspend OverspendId "超支审批" "request to overspend" [] |_| None;
    import ImportId "导入批次" "import" [] |_| None;
    attachment AttachmentId "附件" "attached file" [] |_| None;
    saved_view SavedViewId "视图" "saved view" [] |_| None;
    webhook WebhookId "推送地址" "webhook" [] |_| None;
    setting SettingId "县级规则" "local rule" [] |_| None;
}
