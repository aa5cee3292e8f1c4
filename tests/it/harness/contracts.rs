//! Contracts.

use entity::{
    asset,
    contract::{Model, Rhythm},
    id::{AssetId, OrganizationId},
    log::Action,
};
use taizhang::{
    app::contract::{amend, conclude, end},
    domain::title::Party,
    error::Result,
    store::Actor,
};

use super::{
    Town,
    calls::Subjects,
    town::{day, yuan},
};

/// The terms of a lease that began with the year and ends with the next one.
pub(crate) fn lease(number: &str, blank: Model) -> Model {
    Model {
        contract_no: number.to_owned(),
        signed_on: day("2025-12-20"),
        starts_on: day("2026-01-01"),
        ends_on: day("2027-12-31"),
        yearly_rent: yuan("1200.00"),
        rhythm: Rhythm::Quarterly,
        ..blank
    }
}

/// Who pays, and for which asset.
pub(crate) fn of(asset: AssetId, payer: OrganizationId) -> (AssetId, Option<Party>) {
    (asset, Some(Party::Organization(payer)))
}

/// A lease of an asset, concluded.
pub(crate) async fn concluded(
    town: &Town,
    asset: &asset::Model,
    (payer, number): (OrganizationId, &str),
) -> Model {
    let terms = |blank| lease(number, blank);
    let done = conclude(&town.ledger, &Actor::operator(), of(asset.id, payer), terms).await;
    done.expect("a contract")
}

pub(super) async fn call(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    let ledger = &town.ledger;
    match action {
        Action::ConcludeContract => {
            let terms = |blank| lease("租-2", blank);
            conclude(ledger, actor, of(on.asset.id, on.body), terms).await.map(drop)
        }
        Action::AmendContract => {
            let more = |row| Model { yearly_rent: yuan("1300.00"), ..row };
            amend(ledger, actor, on.contract, "补充协议", more).await.map(drop)
        }
        Action::EndContract => {
            end(ledger, actor, on.contract, town.today(), "承租方退租").await.map(drop)
        }
        other => unreachable!("{other:?} is not about contracts"),
    }
}
