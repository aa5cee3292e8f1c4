//! Work orders of an asset, as far as they come.

use entity::{asset, inspection::Condition, money::Money, work_order};
use taizhang::{
    app::work_order as acts,
    domain::{
        permission::Action,
        setting::LocalRules,
        title::Party,
        work_order::{self as rules, Defect, Origin, Outcome, Terms},
    },
    error::Result,
    store::Actor,
};

use super::{Town, calls::Subjects};

/// One that waits, one that was estimated, one that was dispatched and one that was reported done; of
/// a danger, and at no cost, so that whoever may take the next step is not asked for more.
pub(crate) async fn staged(
    town: &Town,
    asset: &asset::Model,
    party: Party,
    what: &str,
) -> [work_order::Model; 4] {
    let (now, today) = (town.ledger.clock().now(), town.today());
    let terms = Terms::of(&LocalRules::default(), asset, today);
    let defect = Defect { item: None, condition: Condition::Danger, what: what.to_owned() };
    let waiting = rules::open(asset, &[], &defect, (&terms, now)).expect("opened");
    let said = (work_order::Kind::Repair, Money::from_fen(100));
    let estimated = rules::estimate(&waiting, said, None).expect("estimated");
    let given = (party, town.days_ahead(10));
    let dispatched = rules::dispatch(&waiting, given, today).expect("dispatched");
    let outcome = Outcome { what: what.to_owned(), cost: Money::ZERO, voucher_no: None };
    let reported = rules::report(&dispatched, &outcome, None).expect("reported");
    let rows = [waiting, estimated, dispatched, reported];
    let stored = town
        .ledger
        .write(&Actor::operator(), Action::OpenWorkOrder, async |write| {
            let mut stored = Vec::new();
            for row in rows {
                stored.push(write.insert::<work_order::Entity>(row).await?);
            }
            Ok(stored)
        })
        .await;
    stored.expect("stored").try_into().expect("four")
}

/// Does one thing of an action on work orders.
pub(crate) async fn call(town: &Town, actor: &Actor, action: Action, on: &Subjects) -> Result<()> {
    let ledger = &town.ledger;
    let [waiting, estimated, dispatched, reported] = on.work_orders;
    let party = Party::Organization(on.body);
    let done = match action {
        Action::OpenWorkOrder => {
            let what = "护栏缺失".to_owned();
            let defect = Defect { item: None, condition: Condition::Defect, what };
            acts::open(ledger, actor, on.asset.id, &defect).await
        }
        Action::EstimateWorkOrder => {
            let said = (work_order::Kind::Repair, Money::from_fen(100));
            acts::estimate(ledger, actor, waiting, said).await
        }
        Action::ApproveWorkOrder => acts::approve(ledger, actor, estimated, None).await,
        Action::DispatchWorkOrder => {
            acts::dispatch(ledger, actor, waiting, (party, town.days_ahead(9))).await
        }
        Action::BeginWorkOrder => acts::begin(ledger, actor, dispatched).await,
        Action::ReportWorkOrder => {
            let outcome =
                Outcome { what: "已修".to_owned(), cost: Money::ZERO, voucher_no: None };
            acts::report(ledger, actor, dispatched, &outcome).await
        }
        Action::AcceptWorkOrder => acts::accept(ledger, actor, reported, &Origin::default()).await,
        Action::DismissWorkOrder => acts::dismiss(ledger, actor, waiting, "重复").await,
        other => unreachable!("{other:?} is not about work orders"),
    };
    done.map(drop)
}
