//! Work orders: opened by what an inspection finds, taken step by step, and what the rules find of
//! those that are late.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::{
    account::Role,
    asset, fault_report, funding,
    inspection::{CheckItem, Condition},
    money::Money,
    work_order::{self, Kind, State},
};
use taizhang::{
    app::{self, inspection::record, work_order as acts},
    domain::{
        asset::division::Part,
        title::Party,
        work_order::{Defect, Origin, Outcome},
    },
    error::Error,
    store::Actor,
};

use crate::harness::{
    Town,
    expect::{not_found, refused},
    inspections::{found, good},
    money::for_asset,
    town::{COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code, yuan},
};

on_both!(
    what_an_inspection_finds_is_mended_and_signed_off,
    what_was_found_again_is_the_same_work_order,
    what_is_late_is_found_and_clears_when_it_is_accepted,
    an_improvement_raises_the_value_and_no_gap_is_left,
    whoever_comes_second_is_told,
    of_racers_one_accepts,
    what_lies_elsewhere_is_not_mended,
    what_goes_off_the_books_is_mended_no_more,
    an_asset_takes_its_work_orders_along,
    what_it_costs_is_committed_and_paid_out_of_a_budget,
    whoever_reported_it_is_told_what_became_of_it,
);

async fn orders(town: &Town, asset: &asset::Model) -> Vec<work_order::Model> {
    let mut rows = town.rows::<work_order::Entity>().await;
    rows.retain(|row| row.asset_id == asset.id);
    rows.sort_by_key(|row| row.id);
    rows
}

/// Looks at an asset, and finds one point so.
async fn look(town: &Town, asset: &asset::Model, (n, place): (u32, usize), condition: Condition) {
    let at = town.ledger.clock().now();
    let made = found(good(asset, n, at), place, condition, "立柱松动 6 根");
    let inspector = town.as_role(Role::Inspector).await;
    record(&town.ledger, &inspector, asset.id, &made).await.expect("a record");
}

async fn bridge(town: &Town) -> (asset::Model, Party) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    (asset, Party::Organization(town.collective(VILLAGE_A1).await))
}

fn outcome(cost: &str) -> Outcome {
    let voucher_no = Some("维修记-012".to_owned());
    Outcome { what: "更换立柱 6 根".to_owned(), cost: yuan(cost), voucher_no }
}

async fn what_an_inspection_finds_is_mended_and_signed_off(town: &Town) {
    let ((asset, firm), ledger) = (bridge(town).await, &town.ledger);
    look(town, &asset, (1, 3), Condition::Defect).await;
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(entry["action"], "inspection.record");
    let opened = orders(town, &asset).await.remove(0);
    assert_eq!((opened.state, opened.item), (State::Waiting, Some(CheckItem::Guardrail)));
    assert_eq!(opened.due_on, Some(town.days_ahead(30)));
    let village = town.as_role(Role::VillageOfficer).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let early = acts::dispatch(ledger, &village, opened.id, (firm, town.days_ahead(5))).await;
    refused(early, "work_order.not_approved");
    let said = (Kind::Repair, yuan("2000.01"));
    acts::estimate(ledger, &village, opened.id, said).await.expect("estimated");
    refused(acts::approve(ledger, &village, opened.id, None).await, "work_order.own_estimate");
    acts::approve(ledger, &clerk, opened.id, None).await.expect("approved");
    let due = town.days_ahead(5);
    acts::dispatch(ledger, &village, opened.id, (firm, due)).await.expect("dispatched");
    acts::begin(ledger, &village, opened.id).await.expect("begun");
    let spent = outcome("1990.00");
    let done = acts::report(ledger, &village, opened.id, &spent).await.expect("reported");
    let origin = Origin::default();
    refused(acts::accept(ledger, &village, opened.id, &origin).await, "work_order.own_work");
    let back = acts::send_back(ledger, &clerk, opened.id, "还在晃").await.expect("sent back");
    assert_eq!((back.state, back.n_returned, back.due_on), (State::Underway, 1, done.due_on));
    acts::report(ledger, &village, opened.id, &spent).await.expect("reported");
    let ended = acts::accept(ledger, &clerk, opened.id, &origin).await.expect("accepted");
    assert_eq!((ended.state, ended.version), (State::Accepted, 9));
    assert_eq!(town.stored(asset.id).await.original_value, asset.original_value);
}

async fn what_was_found_again_is_the_same_work_order(town: &Town) {
    let (asset, _) = bridge(town).await;
    look(town, &asset, (1, 3), Condition::Defect).await;
    look(town, &asset, (2, 3), Condition::Defect).await;
    assert_eq!(orders(town, &asset).await.len(), 1);
    town.clock.pass(86_400);
    look(town, &asset, (3, 3), Condition::Danger).await;
    let rows = orders(town, &asset).await;
    let due_on = Some(town.days_ahead(7));
    assert_eq!((rows.len(), rows[0].condition, rows[0].due_on), (1, Condition::Danger, due_on));
    look(town, &asset, (4, 0), Condition::Defect).await;
    assert_eq!(orders(town, &asset).await.len(), 2);
    // by hand, one of another point; of the same, none
    let village = town.as_role(Role::VillageOfficer).await;
    let bad = |item| Defect { item, condition: Condition::Defect, what: "村民反映".to_owned() };
    let same = acts::open(&town.ledger, &village, asset.id, &bad(Some(CheckItem::Guardrail))).await;
    refused(same, "work_order.there_already");
    acts::open(&town.ledger, &village, asset.id, &bad(None)).await.expect("opened");
    let dismissed = acts::dismiss(&town.ledger, &village, rows[0].id, "不属实").await;
    assert_eq!(dismissed.expect("dismissed").state, State::Dismissed);
    acts::open(&town.ledger, &village, asset.id, &bad(Some(CheckItem::Guardrail)))
        .await
        .expect("opened again");
}

async fn is_late(town: &Town, asset: &asset::Model) -> bool {
    town.open_findings(asset.id).await.contains(&"G07")
}

async fn what_is_late_is_found_and_clears_when_it_is_accepted(town: &Town) {
    let ((asset, firm), ledger) = (bridge(town).await, &town.ledger);
    look(town, &asset, (1, 3), Condition::Danger).await;
    town.night(7).await;
    assert!(!is_late(town, &asset).await);
    town.night(1).await;
    assert!(is_late(town, &asset).await);
    let id = orders(town, &asset).await[0].id;
    let village = town.as_role(Role::VillageOfficer).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    // another day is set, and it is late no more
    let given = (firm, town.days_ahead(1));
    acts::dispatch(ledger, &village, id, given).await.expect("where there is danger");
    assert!(!is_late(town, &asset).await);
    town.night(2).await;
    assert!(is_late(town, &asset).await);
    acts::report(ledger, &village, id, &outcome("10.00")).await.expect("reported");
    assert!(is_late(town, &asset).await);
    let accepted = acts::accept(ledger, &clerk, id, &Origin::default()).await;
    refused(accepted, "work_order.cost_not_approved");
    let said = (Kind::Repair, yuan("10.00"));
    acts::estimate(ledger, &village, id, said).await.expect("estimated");
    acts::approve(ledger, &clerk, id, None).await.expect("approved");
    acts::accept(ledger, &clerk, id, &Origin::default()).await.expect("accepted");
    assert!(!is_late(town, &asset).await);
}

async fn an_improvement_raises_the_value_and_no_gap_is_left(town: &Town) {
    let ((asset, firm), ledger) = (bridge(town).await, &town.ledger);
    look(town, &asset, (1, 3), Condition::Defect).await;
    let id = orders(town, &asset).await[0].id;
    let (village, rural) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::RuralOfficer).await);
    let said = (Kind::Improvement, yuan("50000.00"));
    acts::estimate(ledger, &village, id, said).await.expect("estimated");
    acts::approve(ledger, &rural, id, None).await.expect("approved");
    acts::dispatch(ledger, &village, id, (firm, town.days_ahead(9))).await.expect("dispatched");
    acts::report(ledger, &village, id, &outcome("48000.50")).await.expect("reported");
    let before = (town.everything().await, town.n_entries().await);
    let none = acts::accept(ledger, &rural, id, &Origin::default()).await;
    refused(none, "work_order.source_missing");
    assert!(before == (town.everything().await, town.n_entries().await));
    let origin = Origin {
        tier: Some(funding::Tier::County),
        fund: Some(funding::Fund::Transition),
        document_no: Some("绥财农〔2026〕9号".to_owned()),
    };
    acts::accept(ledger, &rural, id, &origin).await.expect("accepted");
    assert_eq!(town.n_entries().await, before.1 + 1);
    let stored = town.stored(asset.id).await;
    let spent = yuan("48000.50");
    assert_eq!(stored.original_value, asset.original_value.and_then(|was| was.checked_add(spent)));
    let mut sources = town.rows::<funding::Entity>().await;
    sources.retain(|row| row.asset_id == asset.id);
    assert_eq!(Money::total(sources.iter().filter_map(|row| row.amount)), stored.original_value);
    assert!(!town.open_findings(asset.id).await.contains(&"M01"));
}

async fn whoever_comes_second_is_told(town: &Town) {
    let (asset, _) = bridge(town).await;
    look(town, &asset, (1, 3), Condition::Defect).await;
    let row = orders(town, &asset).await.remove(0);
    let village = town.as_role(Role::VillageOfficer).await;
    let said = |amount| (Kind::Repair, yuan(amount));
    let read = (row.id, row.version);
    acts::estimate(&town.ledger, &village, read, said("1.00")).await.expect("the first");
    let second = acts::estimate(&town.ledger, &village, read, said("2.00")).await;
    assert!(matches!(second, Err(Error::Conflict)));
}

async fn of_racers_one_accepts(town: &Town) {
    let ((asset, firm), ledger) = (bridge(town).await, &town.ledger);
    look(town, &asset, (1, 3), Condition::Danger).await;
    let id = orders(town, &asset).await[0].id;
    let (village, rural) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::RuralOfficer).await);
    acts::estimate(ledger, &village, id, (Kind::Restoration, yuan("100.00"))).await.expect("said");
    acts::approve(ledger, &rural, id, None).await.expect("approved");
    acts::dispatch(ledger, &village, id, (firm, town.days_ahead(9))).await.expect("dispatched");
    acts::report(ledger, &village, id, &outcome("100.00")).await.expect("reported");
    let origin = Arc::new(Origin {
        tier: Some(funding::Tier::County),
        fund: Some(funding::Fund::Transition),
        document_no: None,
    });
    let racers = (0..16).map(|_| {
        let (ledger, rural, origin) = (ledger.clone(), rural.clone(), Arc::clone(&origin));
        tokio::spawn(async move { acts::accept(&ledger, &rural, id, &origin).await })
    });
    let mut n = 0;
    for racer in racers.collect::<Vec<_>>() {
        match racer.await.expect("no panic") {
            Ok(_) => n += 1,
            Err(error) => {
                let refusal = matches!(error, Error::Refused(_) | Error::Conflict);
                assert!(refusal, "{error:?}");
            }
        }
    }
    assert_eq!(n, 1);
    let spent = asset.original_value.and_then(|was| was.checked_add(yuan("100.00")));
    assert_eq!(town.stored(asset.id).await.original_value, spent);
}

async fn what_lies_elsewhere_is_not_mended(town: &Town) {
    let asset = town.asset(VILLAGE_B1, "通组路", "1000.00").await;
    let operator = Actor::operator();
    let bad = Defect { item: None, condition: Condition::Defect, what: "塌方".to_owned() };
    let row = acts::open(&town.ledger, &operator, asset.id, &bad).await.expect("opened");
    let village = town.as_role(Role::VillageOfficer).await;
    let before = town.everything().await;
    let said = (Kind::Repair, yuan("1.00"));
    not_found(acts::open(&town.ledger, &village, asset.id, &bad).await);
    not_found(acts::estimate(&town.ledger, &village, row.id, said).await);
    not_found(acts::dismiss(&town.ledger, &village, row.id, "重复").await);
    assert!(town.everything().await == before);
}

async fn what_goes_off_the_books_is_mended_no_more(town: &Town) {
    let (asset, _) = bridge(town).await;
    look(town, &asset, (1, 3), Condition::Defect).await;
    let parts = ["400.00", "600.00"].map(|value| Part {
        name: format!("桥段{value}"),
        original_value: yuan(value),
        quantity: asset.quantity,
    });
    let operator = Actor::operator();
    let named = (asset.id, town.stored(asset.id).await.version);
    app::asset::split(&town.ledger, &operator, named, &parts, "分段管护").await.expect("split");
    let row = orders(town, &asset).await.remove(0);
    assert_eq!(row.state, State::Dismissed);
    assert!(row.dismissed.is_some_and(|why| why.contains("拆分")));
    assert!(row.ended_at.is_some_and(|at| town.ledger.clock().now() - at < TimeDelta::hours(1)));
}

async fn an_asset_takes_its_work_orders_along(town: &Town) {
    let (asset, _) = bridge(town).await;
    look(town, &asset, (1, 3), Condition::Defect).await;
    let operator = Actor::operator();
    let named = (asset.id, town.stored(asset.id).await.version);
    let moved = asset::Model { area_code: code(VILLAGE_A2), ..town.stored(asset.id).await };
    app::asset::correct(&town.ledger, &operator, named, "登记错村", |_| moved)
        .await
        .expect("moved");
    assert_eq!(orders(town, &asset).await[0].area_code, code(VILLAGE_A2));
    app::area::merge(&town.ledger, &operator, code(VILLAGE_A2), code(VILLAGE_A1), town.today())
        .await
        .expect("merged");
    assert_eq!(orders(town, &asset).await[0].area_code, code(VILLAGE_A1));
    assert!(code(TOWN_A).covers(&orders(town, &asset).await[0].area_code));
}

async fn what_it_costs_is_committed_and_paid_out_of_a_budget(town: &Town) {
    let ((asset, firm), ledger) = (bridge(town).await, &town.ledger);
    let fund = town.fund(COUNTY, "5000.00").await;
    let budget = town.set_aside(&for_asset(fund.id, asset.id, "2400.00")).await;
    let figures = async || {
        let row = town.row::<entity::budget::Entity>(budget.id).await;
        [row.set_aside, row.spent, row.committed, row.remaining].map(|money| money.to_string())
    };
    look(town, &asset, (1, 3), Condition::Danger).await;
    let id = orders(town, &asset).await[0].id;
    let (village, clerk) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::TownshipClerk).await);
    // more than is left is not approved, and nothing is half done
    acts::estimate(ledger, &village, id, (Kind::Repair, yuan("2400.01"))).await.expect("said");
    let before = town.everything().await;
    refused(acts::approve(ledger, &clerk, id, Some(budget.id)).await, "budget.short");
    assert!(town.everything().await == before);
    acts::estimate(ledger, &village, id, (Kind::Repair, yuan("1850.00"))).await.expect("said");
    acts::approve(ledger, &clerk, id, Some(budget.id)).await.expect("approved");
    assert_eq!(figures().await, ["2400.00", "0.00", "1850.00", "550.00"]);
    // another amount takes the place of the one before
    acts::estimate(ledger, &village, id, (Kind::Repair, yuan("2000.00"))).await.expect("said");
    acts::approve(ledger, &clerk, id, Some(budget.id)).await.expect("approved");
    assert_eq!(figures().await, ["2400.00", "0.00", "2000.00", "400.00"]);
    acts::dispatch(ledger, &village, id, (firm, town.days_ahead(3))).await.expect("dispatched");
    acts::report(ledger, &village, id, &outcome("1790.00")).await.expect("reported");
    let n = town.n_entries().await;
    acts::accept(ledger, &clerk, id, &Origin::default()).await.expect("accepted");
    assert_eq!(town.n_entries().await, n + 1);
    assert_eq!(figures().await, ["2400.00", "1790.00", "0.00", "610.00"]);
    // what is dismissed gives back what was committed
    look(town, &asset, (2, 0), Condition::Defect).await;
    let other = orders(town, &asset).await[1].id;
    acts::estimate(ledger, &village, other, (Kind::Repair, yuan("600.00"))).await.expect("said");
    acts::approve(ledger, &clerk, other, Some(budget.id)).await.expect("approved");
    assert_eq!(figures().await, ["2400.00", "1790.00", "600.00", "10.00"]);
    acts::dismiss(ledger, &village, other, "资产将处置").await.expect("dismissed");
    assert_eq!(figures().await, ["2400.00", "1790.00", "0.00", "610.00"]);
}

async fn whoever_reported_it_is_told_what_became_of_it(town: &Town) {
    let ((asset, firm), ledger) = (bridge(town).await, &town.ledger);
    let (village, clerk) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::TownshipClerk).await);
    let danger =
        Defect { item: None, condition: Condition::Danger, what: "栏杆松动".to_owned() };
    let stage = async |id| town.row::<fault_report::Entity>(id).await;
    let report = town.report(&asset, ("栏杆松了", "")).await;
    let order = acts::open_for_report(ledger, &village, report.id, &danger).await.expect("opened");
    assert_eq!(order.fault_report_id, Some(report.id));
    assert_eq!(stage(report.id).await.state, fault_report::State::InRepair);
    let twice = acts::open_for_report(ledger, &village, report.id, &danger).await;
    refused(twice, "fault_report.in_state");
    acts::dispatch(ledger, &village, order.id, (firm, town.days_ahead(3))).await.expect("given");
    let free = Outcome { voucher_no: None, ..outcome("0.00") };
    acts::report(ledger, &village, order.id, &free).await.expect("reported");
    acts::accept(ledger, &clerk, order.id, &Origin::default()).await.expect("accepted");
    let told = stage(report.id).await;
    assert_eq!(
        (told.state, told.answer.as_deref()),
        (fault_report::State::Mended, Some("更换立柱 6 根"))
    );
    let other = town.report(&asset, ("路灯坏了", "")).await;
    let order = acts::open_for_report(ledger, &village, other.id, &danger).await.expect("opened");
    acts::dismiss(ledger, &village, order.id, "已有人报过").await.expect("dismissed");
    let told = stage(other.id).await;
    assert_eq!(
        (told.state, told.answer.as_deref()),
        (fault_report::State::Dismissed, Some("已有人报过"))
    );
}
