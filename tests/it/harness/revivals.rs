//! Revival plans of an asset, as far as they come.

use entity::{
    asset::{self, IdleReason, UseState},
    id::OrganizationId,
    revival::{self, Batch, Mode, State},
};
use taizhang::{
    app::{self, revival as acts},
    domain::{
        permission::Action,
        revival::{self as rules, Plan},
    },
    error::Result,
    store::Actor,
};

use super::{Town, calls::Subjects};

/// A plan that a body sees to.
pub(crate) fn plan(town: &Town, body: OrganizationId, measures: &str) -> Plan {
    Plan {
        reason: IdleReason::Market,
        mode: Mode::Lease,
        batch: Batch::Revive,
        measures: measures.to_owned(),
        target_on: town.days_ahead(90),
        organization: body,
    }
}

/// Has an asset lie idle.
pub(crate) async fn idle(town: &Town, asset: &asset::Model) -> asset::Model {
    let named = (asset.id, town.stored(asset.id).await.version);
    let change = |row| asset::Model { use_state: Some(UseState::Idle), ..row };
    let done = app::asset::amend(&town.ledger, &Actor::operator(), named, change).await;
    done.expect("amended")
}

/// A plan of an asset that has come so far; of nobody, so that whoever may take the next step is not
/// the one who took the last.
pub(crate) async fn staged(
    town: &Town,
    asset: &asset::Model,
    plan: &Plan,
    state: State,
) -> revival::Model {
    let who = (None, town.today());
    let needy = asset::Model { use_state: Some(UseState::Idle), ..asset.clone() };
    let row = rules::propose(&needy, &[], plan, who).expect("proposed");
    let approved = || rules::approve(&row, who).expect("approved");
    let said = (plan.measures.as_str(), UseState::Leased);
    let row = match state {
        State::Proposed => row,
        State::Approved => approved(),
        State::Done => rules::report(&approved(), said, who).expect("reported"),
        other => unreachable!("{other:?} is no step on the way"),
    };
    let operator = Actor::operator();
    let stored = town.ledger.write(&operator, Action::ProposeRevival, async |write| {
        write.insert::<revival::Entity>(row).await
    });
    stored.await.expect("stored")
}

/// Three assets, each with a plan: proposed, approved, reported done.
pub(crate) async fn three(town: &Town, village: &str, body: OrganizationId) -> [revival::Model; 3] {
    let mut stored = Vec::new();
    for state in [State::Proposed, State::Approved, State::Done] {
        let asset = town.asset(village, &format!("车间{}", town.next_number()), "100.00").await;
        let asset = idle(town, &asset).await;
        stored.push(staged(town, &asset, &plan(town, body, "公开招租"), state).await);
    }
    stored.try_into().expect("three")
}

/// Does one thing of an action on revival plans.
pub(crate) async fn call(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    let ledger = &town.ledger;
    let [proposed, approved, reported] = on.revivals;
    let plan = |measures| plan(town, on.body, measures);
    let done = match action {
        Action::ProposeRevival => acts::propose(ledger, actor, on.idle.id, &plan("招租")).await,
        Action::AmendRevival => acts::amend(ledger, actor, proposed, &plan("自营")).await,
        Action::ApproveRevival => acts::approve(ledger, actor, proposed).await,
        Action::ReportRevival => {
            acts::report(ledger, actor, approved, ("已出租", UseState::Leased)).await
        }
        Action::VerifyRevival => acts::verify(ledger, actor, reported, "合同1号").await,
        Action::EndRevival => acts::end(ledger, actor, proposed, "资产将处置").await,
        other => unreachable!("{other:?} is not about revival plans"),
    };
    done.map(drop)
}
