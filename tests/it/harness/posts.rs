//! A welfare post with an asset, and a month of it that nobody has approved.

use entity::{
    asset,
    id::{AttendanceId, PersonId, WelfarePostId},
    money::Money,
    welfare_post::Model,
};
use taizhang::{
    app::{duty::Assignee, welfare_post as acts},
    domain::{
        masking::Contact,
        welfare_post::{Month, blank},
    },
    store::Actor,
};

use super::Town;

/// What a post of the place of an asset asks and pays.
pub(crate) fn post(town: &Town, asset: &asset::Model, scope: &str) -> Model {
    Model {
        monthly_pay: Money::from_fen(100_000),
        scope: Some(scope.to_owned()),
        ..blank(asset.area_code, PersonId(0), town.today())
    }
}

/// Somebody whom nobody knows yet, by a number that nobody else has.
pub(crate) fn somebody(n: i64) -> Assignee {
    Assignee::Person(Contact { name: format!("李{n}"), phone: String::new() }, None)
}

/// A post that somebody holds.
pub(crate) async fn opened(town: &Town, asset: &asset::Model, scope: &str) -> WelfarePostId {
    let (row, holder) = (post(town, asset, scope), somebody(asset.id.0));
    let assets = [asset.id];
    let opened = acts::open(&town.ledger, &Actor::operator(), (row, &holder), &assets).await;
    opened.expect("a post").id
}

/// A post that somebody holds, and this month of it.
pub(crate) async fn held(
    town: &Town,
    asset: &asset::Model,
    scope: &str,
) -> (WelfarePostId, AttendanceId) {
    let post = opened(town, asset, scope).await;
    let month = Month { month_on: town.today(), days_attended: 1, percent: 100, note: None };
    let recorded = acts::record_month(&town.ledger, &Actor::operator(), (post, None), &month).await;
    (post, recorded.expect("a month").id)
}
