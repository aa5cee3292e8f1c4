//! The version that a thing has by now: whoever changes it has to say it.

use entity::{
    account, asset, attachment, attendance, budget, fault_report,
    id::{OverspendId, SpendingId},
    inspection, organization, overspend, rectification, revival, spending, stock_find, stock_take,
    upkeep_fund, welfare_post,
};

use super::{
    country::Country,
    thing::{About, Thing},
};
impl Country<'_> {
    /// The version a thing has by now.
    pub(crate) async fn version(&self, about: About, thing: &Thing) -> i64 {
        let id = thing.id;
        match about {
            About::Asset | About::Pair | About::Idle => {
                self.town.row::<asset::Entity>(id.into()).await.version
            }
            About::Attachment => self.town.row::<attachment::Entity>(id.into()).await.version,
            About::Organization => self.town.row::<organization::Entity>(id.into()).await.version,
            About::Duty => self.town.row::<entity::duty::Entity>(id.into()).await.version,
            About::Person => self.town.row::<entity::person::Entity>(id.into()).await.version,
            About::Inspection => self.town.row::<inspection::Entity>(id.into()).await.version,
            About::Route => {
                self.town.row::<entity::inspection_route::Entity>(id.into()).await.version
            }
            About::Contract => self.town.row::<entity::contract::Entity>(id.into()).await.version,
            About::WorkOrder | About::Estimated | About::Dispatched | About::Mended => {
                self.town.row::<entity::work_order::Entity>(id.into()).await.version
            }
            About::Proposed | About::Planned | About::Revived => {
                self.town.row::<revival::Entity>(id.into()).await.version
            }
            About::Post => self.town.row::<welfare_post::Entity>(id.into()).await.version,
            About::Month => self.town.row::<attendance::Entity>(id.into()).await.version,
            About::StockTake | About::Counted => {
                self.town.row::<stock_take::Entity>(id.into()).await.version
            }
            About::StockFind => self.town.row::<stock_find::Entity>(id.into()).await.version,
            About::Discrepancy => {
                self.town.row::<entity::discrepancy::Entity>(id.into()).await.version
            }
            About::FaultReport => self.town.row::<fault_report::Entity>(id.into()).await.version,
            About::Campaign | About::AnsweredCampaign | About::RecheckedCampaign => {
                self.town.row::<entity::campaign::Entity>(id.into()).await.version
            }
            About::CampaignLine | About::DrawnLine => {
                self.town.row::<entity::campaign_line::Entity>(id.into()).await.version
            }
            About::Webhook | About::PausedWebhook => {
                self.town.row::<entity::webhook::Entity>(id.into()).await.version
            }
            About::Fund => self.town.row::<upkeep_fund::Entity>(id.into()).await.version,
            About::Budget => self.town.row::<budget::Entity>(id.into()).await.version,
            About::Commitment | About::Payment => {
                self.town.row::<spending::Entity>(SpendingId(id)).await.version
            }
            About::Overspend => self.town.row::<overspend::Entity>(OverspendId(id)).await.version,
            About::Project => self.town.row::<entity::project::Entity>(id.into()).await.version,
            About::Round | About::Reported => {
                self.town.row::<rectification::Entity>(id.into()).await.version
            }
            About::Account | About::Locked | About::Seated => {
                self.town.row::<account::Entity>(id.into()).await.version
            }
            _ => thing.version,
        }
    }
}
