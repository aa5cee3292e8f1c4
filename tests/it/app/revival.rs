//! Revival plans through the doors: taken step by step, what the card says then, and the rate.

use std::sync::Arc;

use entity::{
    account::Role,
    asset::{self, UseState},
    id::OrganizationId,
    revival::{self, Batch, State},
};
use taizhang::{
    app::{
        self,
        revival::{self as acts, rate::rate},
    },
    domain::{
        asset::division::Part,
        revival::{Plan, Sum},
    },
    error::Error,
    limits,
    store::Actor,
};

use crate::harness::{
    Town,
    expect::{not_found, refused},
    revivals::{idle, plan},
    town::{COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code, yuan},
};

on_both!(
    an_idle_asset_is_brought_back_into_use,
    a_plan_that_is_late_is_named_by_the_evidence,
    whoever_comes_second_is_told,
    of_racers_one_proposes,
    of_racers_one_verifies,
    what_lies_elsewhere_is_not_planned,
    what_goes_off_the_books_has_no_plan,
    an_asset_takes_its_plans_along,
    the_rate_is_told_by_area_and_year,
    a_past_year_counts_what_was_in_need_then,
);

async fn workshop(town: &Town, village: &str, value: &str) -> (asset::Model, OrganizationId) {
    let asset = town.asset(village, "帮扶车间", value).await;
    (idle(town, &asset).await, town.collective(VILLAGE_A1).await)
}

async fn plans(town: &Town, asset: &asset::Model) -> Vec<revival::Model> {
    let mut rows = town.rows::<revival::Entity>().await;
    rows.retain(|row| row.asset_id == asset.id);
    rows.sort_by_key(|row| row.id);
    rows
}

/// Takes a plan of an asset to its end.
async fn revive(town: &Town, asset: &asset::Model, plan: &Plan) -> revival::Model {
    let (village, rural) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::RuralOfficer).await);
    let ledger = &town.ledger;
    let row = acts::propose(ledger, &village, asset.id, plan).await.expect("proposed");
    acts::approve(ledger, &rural, row.id).await.expect("approved");
    let said = ("已出租", UseState::Leased);
    acts::report(ledger, &village, row.id, said).await.expect("reported");
    acts::verify(ledger, &rural, row.id, "合同1号").await.expect("verified")
}

async fn an_idle_asset_is_brought_back_into_use(town: &Town) {
    let ((asset, body), ledger) = (workshop(town, VILLAGE_A1, "1000.00").await, &town.ledger);
    town.night(180).await;
    assert!(town.open_findings(asset.id).await.contains(&"X01"));
    let (village, clerk) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::TownshipClerk).await);
    let first = plan(town, body, "公开招租");
    let row = acts::propose(ledger, &village, asset.id, &first).await.expect("proposed");
    assert_eq!(town.last_entry(COUNTY).await["action"], "revival.propose");
    let again = acts::propose(ledger, &clerk, asset.id, &first).await;
    refused(again, "revival.there_already");
    let early = acts::report(ledger, &village, row.id, ("已出租", UseState::Leased)).await;
    refused(early, "revival.in_state");
    acts::approve(ledger, &clerk, row.id).await.expect("approved");
    let other = Plan { batch: Batch::Upgrade, ..plan(town, body, "改造后招租") };
    let amended = acts::amend(ledger, &clerk, row.id, &other).await.expect("amended");
    assert_eq!((amended.state, amended.batch), (State::Proposed, Batch::Upgrade));
    refused(acts::approve(ledger, &clerk, row.id).await, "revival.own");
    let rural = town.as_role(Role::RuralOfficer).await;
    acts::approve(ledger, &rural, row.id).await.expect("approved");
    let said = ("已出租", UseState::Leased);
    acts::report(ledger, &village, row.id, said).await.expect("reported");
    let back = acts::send_back(ledger, &clerk, row.id, "门还锁着").await.expect("sent back");
    assert_eq!((back.state, back.n_returned), (State::Approved, 1));
    acts::report(ledger, &clerk, row.id, said).await.expect("reported");
    refused(acts::verify(ledger, &clerk, row.id, "合同").await, "revival.own_report");
    let n = town.n_entries().await;
    let closed = acts::verify(ledger, &rural, row.id, "合同1号").await.expect("verified");
    assert_eq!(town.n_entries().await, n + 1);
    assert_eq!((closed.state, closed.ended_on), (State::Closed, Some(town.today())));
    let card = town.stored(asset.id).await;
    assert_eq!((card.use_state, card.idle_since), (Some(UseState::Leased), None));
    assert!(!town.open_findings(asset.id).await.contains(&"X01"));
    let needless = acts::propose(ledger, &village, asset.id, &plan(town, body, "再来")).await;
    refused(needless, "revival.not_needed");
}

async fn a_plan_that_is_late_is_named_by_the_evidence(town: &Town) {
    use taizhang::domain::{deficiency::evidence, field::Value};
    let (asset, body) = workshop(town, VILLAGE_A1, "1000.00").await;
    let village = town.as_role(Role::VillageOfficer).await;
    let short = Plan { target_on: town.today(), ..plan(town, body, "公开招租") };
    let row = acts::propose(&town.ledger, &village, asset.id, &short).await.expect("proposed");
    town.clock.pass(86_400);
    let read = town.ledger.read(&village);
    let dossier = read.dossiers(&[asset.id]).await.expect("a dossier").remove(0);
    let told = evidence::of(entity::finding::Rule::Idle, &dossier.facts(), town.today());
    let said = |what: &str| told.iter().find(|(label, _)| label.zh == what).map(|(_, value)| value);
    assert_eq!(said("在办盘活方案"), Some(&Value::Integer(row.id.0)));
    assert_eq!(said("方案已逾期"), Some(&Value::Truth(true)));
}

async fn whoever_comes_second_is_told(town: &Town) {
    let (asset, body) = workshop(town, VILLAGE_A1, "1000.00").await;
    let (village, clerk) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::TownshipClerk).await);
    let said = plan(town, body, "公开招租");
    let row = acts::propose(&town.ledger, &village, asset.id, &said).await.expect("proposed");
    let read = (row.id, row.version);
    acts::approve(&town.ledger, &clerk, read).await.expect("the first");
    let second = acts::end(&town.ledger, &clerk, read, "资产将处置").await;
    assert!(matches!(second, Err(Error::Conflict)));
    acts::end(&town.ledger, &clerk, row.id, "资产将处置").await.expect("ended");
    acts::propose(&town.ledger, &village, asset.id, &said).await.expect("another plan");
    assert_eq!(plans(town, &asset).await.len(), 2);
}

async fn of_racers_one_proposes(town: &Town) {
    let (asset, body) = workshop(town, VILLAGE_A1, "1000.00").await;
    let village = town.as_role(Role::VillageOfficer).await;
    let said = Arc::new(plan(town, body, "公开招租"));
    let racers = (0..16).map(|_| {
        let (ledger, village, said) = (town.ledger.clone(), village.clone(), Arc::clone(&said));
        tokio::spawn(async move { acts::propose(&ledger, &village, asset.id, &said).await })
    });
    let mut n = 0;
    for racer in racers.collect::<Vec<_>>() {
        match racer.await.expect("no panic") {
            Ok(_) => n += 1,
            Err(error) => assert!(matches!(error, Error::Refused(_)), "{error:?}"),
        }
    }
    assert_eq!((n, plans(town, &asset).await.len()), (1, 1));
}

async fn of_racers_one_verifies(town: &Town) {
    let (asset, body) = workshop(town, VILLAGE_A1, "1000.00").await;
    let (village, rural) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::RuralOfficer).await);
    let said = plan(town, body, "公开招租");
    let ledger = &town.ledger;
    let row = acts::propose(ledger, &village, asset.id, &said).await.expect("proposed");
    acts::approve(ledger, &rural, row.id).await.expect("approved");
    acts::report(ledger, &village, row.id, ("已出租", UseState::Leased)).await.expect("reported");
    let racers = (0..16).map(|_| {
        let (ledger, rural) = (ledger.clone(), rural.clone());
        tokio::spawn(async move { acts::verify(&ledger, &rural, row.id, "合同1号").await })
    });
    let mut n = 0;
    for racer in racers.collect::<Vec<_>>() {
        match racer.await.expect("no panic") {
            Ok(_) => n += 1,
            Err(error) => {
                let is_told = matches!(error, Error::Refused(_) | Error::Conflict);
                assert!(is_told, "{error:?}");
            }
        }
    }
    assert_eq!((n, town.stored(asset.id).await.version), (1, asset.version + 1));
}

async fn what_lies_elsewhere_is_not_planned(town: &Town) {
    let (asset, body) = workshop(town, VILLAGE_B1, "1000.00").await;
    let said = plan(town, body, "公开招租");
    let operator = Actor::operator();
    let row = acts::propose(&town.ledger, &operator, asset.id, &said).await.expect("proposed");
    let village = town.as_role(Role::VillageOfficer).await;
    let before = town.everything().await;
    not_found(acts::propose(&town.ledger, &village, asset.id, &said).await);
    not_found(acts::amend(&town.ledger, &village, row.id, &said).await);
    let clerk = town.as_role(Role::TownshipClerk).await;
    not_found(acts::approve(&town.ledger, &clerk, row.id).await);
    not_found(acts::end(&town.ledger, &clerk, row.id, "处置").await);
    not_found(rate(&town.ledger, &clerk, (Some(code(VILLAGE_B1)), None)).await);
    assert!(town.everything().await == before);
}

async fn what_goes_off_the_books_has_no_plan(town: &Town) {
    let (asset, body) = workshop(town, VILLAGE_A1, "1000.00").await;
    let village = town.as_role(Role::VillageOfficer).await;
    let said = plan(town, body, "公开招租");
    acts::propose(&town.ledger, &village, asset.id, &said).await.expect("proposed");
    let parts = ["400.00", "600.00"].map(|value| Part {
        name: format!("车间{value}"),
        original_value: yuan(value),
        quantity: asset.quantity,
    });
    let operator = Actor::operator();
    let named = (asset.id, town.stored(asset.id).await.version);
    app::asset::split(&town.ledger, &operator, named, &parts, "分开经营").await.expect("split");
    let row = plans(town, &asset).await.remove(0);
    assert_eq!((row.state, row.ended_on), (State::Ended, Some(town.today())));
    assert!(row.ended_why.is_some_and(|why| why.contains("拆分")));
}

async fn an_asset_takes_its_plans_along(town: &Town) {
    let (asset, body) = workshop(town, VILLAGE_A1, "1000.00").await;
    let village = town.as_role(Role::VillageOfficer).await;
    let said = plan(town, body, "公开招租");
    acts::propose(&town.ledger, &village, asset.id, &said).await.expect("proposed");
    let operator = Actor::operator();
    let named = (asset.id, town.stored(asset.id).await.version);
    let moved = asset::Model { area_code: code(VILLAGE_A2), ..town.stored(asset.id).await };
    app::asset::correct(&town.ledger, &operator, named, "登记错村", |_| moved)
        .await
        .expect("moved");
    assert_eq!(plans(town, &asset).await[0].area_code, code(VILLAGE_A2));
    app::area::merge(&town.ledger, &operator, code(VILLAGE_A2), code(VILLAGE_A1), town.today())
        .await
        .expect("merged");
    assert_eq!(plans(town, &asset).await[0].area_code, code(VILLAGE_A1));
}

fn sum(n: i64, value: &str) -> Sum {
    Sum { n, value: yuan(value) }
}

async fn the_rate_is_told_by_area_and_year(town: &Town) {
    let (first, body) = workshop(town, VILLAGE_A1, "100.00").await;
    let (second, _) = workshop(town, VILLAGE_A1, "200.00").await;
    let (third, _) = workshop(town, VILLAGE_A2, "100.00").await;
    let low = town.asset(VILLAGE_A2, "低效大棚", "400.00").await;
    let change = |row| asset::Model { use_state: Some(UseState::LowYield), ..row };
    let operator = Actor::operator();
    app::asset::amend(&town.ledger, &operator, (low.id, low.version), change).await.expect("low");
    // what is gone is in nobody's need
    let (gone, _) = workshop(town, VILLAGE_A1, "900.00").await;
    let named = (gone.id, gone.version);
    let change = |row| asset::Model { condition: Some(asset::Condition::Gone), ..row };
    app::asset::amend(&town.ledger, &operator, named, change).await.expect("gone");
    revive(town, &first, &plan(town, body, "公开招租")).await;
    let late = Plan { target_on: town.today(), ..plan(town, body, "改造") };
    acts::propose(&town.ledger, &operator, second.id, &late).await.expect("proposed");
    let ended = acts::propose(&town.ledger, &operator, third.id, &late).await.expect("proposed");
    acts::end(&town.ledger, &operator, ended.id, "资产将处置").await.expect("ended");
    town.clock.pass(86_400);
    let clerk = town.as_role(Role::RuralOfficer).await;
    let told = rate(&town.ledger, &clerk, (Some(code(TOWN_A)), None)).await.expect("a rate");
    assert_eq!(told.until, town.today());
    let whole = told.whole;
    assert_eq!((whole.revived, whole.open), (sum(1, "100.00"), sum(3, "700.00")));
    assert_eq!((whole.running, whole.late), (sum(1, "200.00"), sum(1, "200.00")));
    assert_eq!(whole.needed(), sum(4, "800.00"));
    // (100/800 + 1/4) / 2 = 18.75 %
    assert_eq!(whole.rate_bp(), Some(1_875));
    let areas: Vec<_> = told.lines.iter().map(|line| (line.area, line.rate_bp())).collect();
    assert_eq!(areas, [(code(VILLAGE_A1), Some(4_167)), (code(VILLAGE_A2), Some(0))]);
    let part = told.parts.iter().find(|part| part.batch == Batch::Revive).expect("a part");
    assert_eq!((part.running.n, part.late.n, part.closed.n, part.ended.n), (1, 1, 1, 1));
    let others = told.parts.iter().filter(|part| part.batch != Batch::Revive);
    assert!(others.into_iter().all(|part| part.running.n + part.closed.n + part.ended.n == 0));
    // whoever may see a village alone is told of that
    let village = town.as_role(Role::VillageOfficer).await;
    let own = rate(&town.ledger, &village, (None, None)).await.expect("a rate");
    assert_eq!((own.area, own.whole.needed()), (code(VILLAGE_A1), sum(2, "300.00")));
    let this = chrono::Datelike::year(&town.today());
    for (year, is_told) in [
        (this, true),
        (this + 1, false),
        (this - limits::REVIVAL_YEARS + 1, true),
        (this - limits::REVIVAL_YEARS, false),
    ] {
        let told = rate(&town.ledger, &clerk, (None, Some(year))).await;
        assert_eq!(told.is_ok(), is_told, "{year}");
    }
}

async fn a_past_year_counts_what_was_in_need_then(town: &Town) {
    let (first, body) = workshop(town, VILLAGE_A1, "100.00").await;
    let (_, _) = workshop(town, VILLAGE_A1, "300.00").await;
    let before = chrono::Datelike::year(&town.today());
    revive(town, &first, &plan(town, body, "公开招租")).await;
    let (second, _) = workshop(town, VILLAGE_A1, "200.00").await;
    town.clock.pass(250 * 86_400);
    assert_eq!(chrono::Datelike::year(&town.today()), before + 1);
    revive(town, &second, &plan(town, body, "公开招租")).await;
    let operator = Actor::operator();
    let area = Some(code(VILLAGE_A1));
    let past = rate(&town.ledger, &operator, (area, Some(before))).await.expect("a rate").whole;
    assert_eq!((past.revived, past.later), (sum(1, "100.00"), sum(1, "200.00")));
    assert_eq!((past.open, past.needed().n), (sum(1, "300.00"), 3));
    let now = rate(&town.ledger, &operator, (area, Some(before + 1))).await.expect("a rate").whole;
    assert_eq!((now.revived, now.later, now.open), (sum(1, "200.00"), Sum::NONE, sum(1, "300.00")));
}
