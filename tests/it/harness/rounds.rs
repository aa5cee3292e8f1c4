//! Rectifications that an organization is asked for.

use entity::{
    account::Role,
    finding::Rule,
    id::{OrganizationId, RectificationId},
};
use taizhang::{
    app::{self, rectification::Finding},
    domain::rectification::{Bearer, Charge},
    store::Actor,
};

use super::{Town, town::VILLAGE_A1};

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
