//! Rectifications that an organization is asked for.

use entity::{
    account::Role,
    finding::Rule,
    id::{OrganizationId, RectificationId},
    log::Action,
};
use taizhang::{
    app::{self, rectification::Finding},
    domain::rectification::{Bearer, Charge, Verdict},
    error::Result,
    store::Actor,
};

use super::{Town, calls::Subjects, town::VILLAGE_A1};

/// What is asked of an organization.
pub(super) fn charge(town: &Town, body: OrganizationId) -> Charge {
    Charge { bearer: Bearer::Organization(body), due_on: town.days_ahead(30), note: None }
}

/// Asks an organization about an asset of its own that nobody maintains.
pub(super) async fn asked(town: &Town, body: OrganizationId, is_reported: bool) -> RectificationId {
    let asset = town.asset(VILLAGE_A1, "旧渠", "10.00").await.id;
    let finding = Finding { asset, rule: Rule::NoMaintainer, version: 0 };
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let charge = charge(town, body);
    let asked = app::rectification::assign(ledger, &operator, &[finding], &charge).await;
    let round = asked.expect("asked").remove(0).id;
    if is_reported {
        // whoever calls may work at the machine itself, and checks nothing of their own
        let officer = town.as_role(Role::VillageOfficer).await;
        app::rectification::report(ledger, &officer, round, "已办").await.expect("reported");
    }
    round
}

/// Does one thing to a round.
pub(super) async fn call(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    use app::rectification::{assign, begin, check, escalate, report};
    let ledger = &town.ledger;
    let finding = Finding { asset: on.asset.id, rule: Rule::NoMaintainer, version: 0 };
    let [asked, reported] = on.rounds;
    match action {
        Action::AssignRectification => {
            assign(ledger, actor, &[finding], &charge(town, on.body)).await.map(drop)
        }
        Action::BeginRectification => begin(ledger, actor, asked).await.map(drop),
        Action::ReportRectification => report(ledger, actor, asked, "已办").await.map(drop),
        Action::CheckRectification => {
            check(ledger, actor, reported, Verdict::Accepted).await.map(drop)
        }
        Action::EscalateRectification => {
            escalate(ledger, actor, &[finding], "抓紧").await.map(drop)
        }
        other => unreachable!("{other:?} is not about rectifications"),
    }
}
