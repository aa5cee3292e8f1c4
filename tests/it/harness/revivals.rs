//! Revival plans of an asset, as far as they come.

use entity::{
    asset::{self, IdleReason, UseState},
    id::{OrganizationId, RevivalId},
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

use super::{Town, calls::Subjects, town::VILLAGE_A1};

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

/// Plans of assets of their own, as far as they come; and an asset that lies idle.
pub(crate) struct Planned {
    /// Proposed, approved, reported done.
    pub(crate) plans: [RevivalId; 3],
    pub(crate) idle: asset::Model,
}

/// Makes them in the first village.
pub(crate) async fn of(town: &Town, body: OrganizationId) -> Planned {
    let workshop = async || {
        let name = format!("车间{}", town.next_number());
        idle(town, &town.asset(VILLAGE_A1, &name, "100.00").await).await
    };
    let mut plans = [RevivalId(0); 3];
    for (place, state) in [State::Proposed, State::Approved, State::Done].into_iter().enumerate() {
        let plan = plan(town, body, "公开招租");
        plans[place] = staged(town, &workshop().await, &plan, state).await.id;
    }
    Planned { plans, idle: workshop().await }
}

/// Does one thing of an action on revival plans.
pub(crate) async fn call(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    let ledger = &town.ledger;
    let [proposed, approved, reported] = on.revivals.plans;
    let plan = |measures| plan(town, on.body, measures);
    let done = match action {
        Action::ProposeRevival => {
            acts::propose(ledger, actor, on.revivals.idle.id, &plan("招租")).await
        }
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
