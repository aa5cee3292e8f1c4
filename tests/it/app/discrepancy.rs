//! What speaks against the ledger: what a signed stock-take says, and what may be registered twice. It
//! clears by itself once the ledger is put right; else somebody says why it is right.

use entity::{
    account::Role,
    asset::{self, Condition, UseState},
    discrepancy::{Entity, Kind, Model, State},
    finding::{self, Rule},
    project,
    stock_line::{self, Outcome},
};
use taizhang::{
    app::{
        self,
        stock_take::{self as acts},
    },
    domain::{project as projects, stock_take::Said},
    store::{Actor, list::List},
};

use crate::harness::{
    Town,
    expect::{conflict, not_found, refused},
    stock_takes::{counted, told},
    town::{VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code},
};

on_both!(
    what_was_signed_stands_until_the_ledger_is_put_right,
    a_later_stock_take_speaks_in_the_place_of_an_earlier_one,
    whoever_settles_one_says_why_and_it_is_told_no_more,
    what_is_registered_again_is_found_and_told_once,
    what_is_no_longer_the_same_clears_and_a_third_is_found,
    what_moves_takes_its_discrepancies_along,
    what_one_act_registers_is_no_duplicate,
    projects_without_assets_are_listed_and_counted,
);

const YEAR: i32 = 2025;

async fn stored(town: &Town) -> Vec<Model> {
    let mut rows = town.rows::<Entity>().await;
    rows.sort_by_key(|row| row.id);
    rows
}

/// Whether a rule finds something of an asset.
async fn has(town: &Town, asset: &asset::Model, rule: Rule) -> bool {
    let rows = town.rows::<finding::Entity>().await;
    let of = |row: &&finding::Model| row.asset_id == asset.id && row.rule == rule;
    rows.iter().find(of).is_some_and(|row| row.closed_on.is_none())
}

/// Signs a stock-take of a village that says something of each of its assets, in order.
async fn signed(town: &Town, village: &str, said: &[(Outcome, Option<UseState>)]) {
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let take = acts::open(ledger, &operator, code(village), YEAR).await.expect("opened");
    let lines = ledger.read(&operator).stock_lines(take.id, 0, acts::whole()).await.expect("lines");
    assert_eq!(lines.len(), said.len());
    let say =
        |(line, (outcome, seen_state)): (&stock_line::Model, &(Outcome, Option<UseState>))| {
            told(line, Said { outcome: *outcome, seen_state: *seen_state, note: None })
        };
    let lines: Vec<_> = lines.iter().zip(said).map(say).collect();
    acts::count(ledger, &operator, take.id, &lines).await.expect("counted");
    acts::sign(ledger, &operator, take.id).await.expect("signed");
}

async fn amended(
    town: &Town,
    asset: &asset::Model,
    change: impl FnOnce(asset::Model) -> asset::Model,
) -> asset::Model {
    let at = (asset.id, town.stored(asset.id).await.version);
    let operator = Actor::operator();
    app::asset::correct(&town.ledger, &operator, at, "据实", change).await.expect("corrected")
}

async fn is_sound(town: &Town) {
    town.is_sound().await;
}

async fn what_was_signed_stands_until_the_ledger_is_put_right(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "10.00").await;
    let lamp = town.asset(VILLAGE_A1, "路灯", "11.00").await;
    let shop = town.asset(VILLAGE_A1, "门面", "12.00").await;
    let idle = Some(UseState::Idle);
    let said = [(Outcome::Found, None), (Outcome::Missing, None), (Outcome::Changed, idle)];
    signed(town, VILLAGE_A1, &said).await;
    let rows = stored(town).await;
    let kinds: Vec<_> = rows.iter().map(|row| (row.asset_id, row.kind, row.state)).collect();
    let expected = [(lamp.id, Kind::Missing, State::Open), (shop.id, Kind::Changed, State::Open)];
    assert_eq!(kinds, expected);
    assert_eq!(rows[1].seen_state, idle);
    assert!(!has(town, &road, Rule::Differs).await);
    assert!(has(town, &lamp, Rule::Differs).await && has(town, &shop, Rule::Differs).await);
    is_sound(town).await;
    amended(town, &shop, |row| asset::Model { use_state: idle, ..row }).await;
    amended(town, &lamp, |row| asset::Model { condition: Some(Condition::Gone), ..row }).await;
    assert!(stored(town).await.iter().all(|row| row.state == State::Cleared));
    assert!(!has(town, &lamp, Rule::Differs).await && !has(town, &shop, Rule::Differs).await);
    is_sound(town).await;
}

async fn a_later_stock_take_speaks_in_the_place_of_an_earlier_one(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "10.00").await;
    let idle = Some(UseState::Idle);
    signed(town, VILLAGE_A1, &[(Outcome::Missing, None)]).await;
    // what says the same goes on
    signed(town, VILLAGE_A1, &[(Outcome::Missing, None)]).await;
    assert_eq!(stored(town).await.len(), 1);
    signed(town, VILLAGE_A1, &[(Outcome::Changed, idle)]).await;
    let states: Vec<_> = stored(town).await.iter().map(|row| (row.kind, row.state)).collect();
    assert_eq!(states, [(Kind::Missing, State::Cleared), (Kind::Changed, State::Open)]);
    assert!(has(town, &road, Rule::Differs).await);
    signed(town, VILLAGE_A1, &[(Outcome::Found, None)]).await;
    assert!(stored(town).await.iter().all(|row| row.state == State::Cleared));
    assert!(!has(town, &road, Rule::Differs).await);
    is_sound(town).await;
}

async fn whoever_settles_one_says_why_and_it_is_told_no_more(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "10.00").await;
    signed(town, VILLAGE_A1, &[(Outcome::Missing, None)]).await;
    let id = stored(town).await[0].id;
    let ledger = &town.ledger;
    let settle = async |actor: &Actor, version, why: &'static str| {
        app::discrepancy::settle(ledger, actor, (id, version), why).await
    };
    let officer = town.as_role(Role::VillageOfficer).await;
    assert!(settle(&officer, 1, "借出").await.is_err(), "the village counts, and settles nothing");
    let (clerk, other) = (town.as_role(Role::TownshipClerk).await, town.clerk_b().await);
    not_found(settle(&other, 1, "借出").await);
    refused(settle(&clerk, 1, "  ").await, "action.reason_missing");
    conflict(settle(&clerk, 7, "借出").await);
    let settled = settle(&clerk, 1, " 借给邻村，已核实 ").await.expect("settled");
    assert_eq!(settled.reason.as_deref(), Some("借给邻村，已核实"));
    assert_eq!((settled.state, settled.settled_by), (State::Settled, clerk.account()));
    assert!(!has(town, &road, Rule::Differs).await);
    refused(settle(&clerk, 2, "再说").await, "discrepancy.closed");
    let told = ledger.read(&clerk).discrepancies_of(road.id).await.expect("read");
    assert_eq!(told.len(), 1);
    not_found(ledger.read(&other).discrepancies_of(road.id).await);
}

async fn what_is_registered_again_is_found_and_told_once(town: &Town) {
    let first = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    town.clock.pass(60);
    let second = town.asset(VILLAGE_A1, " 便民 桥", "1000.00").await;
    // elsewhere, or of another value, it is another one
    town.asset(VILLAGE_A2, "便民桥", "1000.00").await;
    town.asset(VILLAGE_A1, "便民桥", "1000.01").await;
    let rows = stored(town).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    let told = (rows[0].asset_id, rows[0].other_id, rows[0].kind);
    assert_eq!(told, (second.id, Some(first.id), Kind::Duplicate));
    assert!(has(town, &second, Rule::Duplicate).await && !has(town, &first, Rule::Duplicate).await);
    is_sound(town).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    app::discrepancy::settle(&town.ledger, &clerk, rows[0].id, "上下游两座")
        .await
        .expect("settled");
    assert!(!has(town, &second, Rule::Duplicate).await);
    // nobody is asked again
    amended(town, &second, |row| asset::Model { remark: Some("已核实".into()), ..row }).await;
    town.night(1).await;
    assert_eq!(stored(town).await.len(), 1);
    assert!(!has(town, &second, Rule::Duplicate).await);
    is_sound(town).await;
}

async fn what_is_no_longer_the_same_clears_and_a_third_is_found(town: &Town) {
    let mut bridges = Vec::new();
    for _ in 0..3 {
        town.clock.pass(60);
        bridges.push(town.asset(VILLAGE_A1, "便民桥", "1000.00").await);
    }
    let pairs = |rows: &[Model], state: State| -> Vec<_> {
        let open = rows.iter().filter(|row| row.state == state);
        open.map(|row| (row.asset_id, row.other_id.expect("the other"))).collect()
    };
    let [a, b, c] = [bridges[0].id, bridges[1].id, bridges[2].id];
    assert_eq!(pairs(&stored(town).await, State::Open), [(b, a), (c, a)]);
    // the first turns out to be another one: the third is the second again
    amended(town, &bridges[0], |row| asset::Model { name: "人行桥".into(), ..row }).await;
    let rows = stored(town).await;
    assert_eq!(pairs(&rows, State::Cleared), [(b, a), (c, a)]);
    assert_eq!(pairs(&rows, State::Open), [(c, b)]);
    assert!(!has(town, &bridges[1], Rule::Duplicate).await);
    assert!(has(town, &bridges[2], Rule::Duplicate).await);
    // and it was put in by mistake
    let gone = |row| asset::Model { condition: Some(Condition::Gone), ..row };
    amended(town, &bridges[2], gone).await;
    assert!(pairs(&stored(town).await, State::Open).is_empty());
    // called as before, it is asked again
    amended(town, &bridges[0], |row| asset::Model { name: "便民桥".into(), ..row }).await;
    assert_eq!(pairs(&stored(town).await, State::Open), [(b, a)]);
    is_sound(town).await;
}

async fn what_moves_takes_its_discrepancies_along(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "10.00").await;
    signed(town, VILLAGE_A1, &[(Outcome::Missing, None)]).await;
    amended(town, &road, |row| asset::Model { area_code: code(VILLAGE_A2), ..row }).await;
    let rows = stored(town).await;
    assert_eq!((rows[0].area_code, rows[0].state), (code(VILLAGE_A2), State::Open));
    assert!(has(town, &road, Rule::Differs).await);
    is_sound(town).await;
    // one in order is in nobody's way
    let shop = town.asset(VILLAGE_B1, "门面", "10.00").await;
    counted(town, &shop).await;
    assert_eq!(stored(town).await.len(), 1);
}

async fn what_one_act_registers_is_no_duplicate(town: &Town) {
    for _ in 0..3 {
        town.asset(VILLAGE_A1, "路灯", "10.00").await;
    }
    assert!(stored(town).await.is_empty(), "at one instant");
    town.clock.pass(60);
    let more = town.asset(VILLAGE_A1, "路灯", "10.00").await;
    let rows = stored(town).await;
    assert_eq!(rows.iter().map(|row| row.asset_id).collect::<Vec<_>>(), [more.id]);
}

async fn projects_without_assets_are_listed_and_counted(town: &Town) {
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let accepted = project::Model {
        accepted_on: Some(town.today()),
        ..projects::blank(code(VILLAGE_A1), "通村路")
    };
    let road = app::project::register(ledger, &operator, accepted).await.expect("registered");
    let planned = projects::blank(code(VILLAGE_A1), "规划中的渠");
    app::project::register(ledger, &operator, planned).await.expect("registered");
    let clerk = town.as_role(Role::TownshipClerk).await;
    let listed = async |word: &'static str| {
        let list = List::<project::Entity>::read([("unregistered", word)]).expect("a list");
        let rows = ledger.read(&clerk).list(&list).await.expect("projects").rows;
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(listed("yes").await, [road.id]);
    assert_eq!(listed("no").await.len(), 1);
    assert_eq!(ledger.read(&clerk).n_unregistered().await.expect("counted"), 1);
    assert_eq!(ledger.read(&town.clerk_b().await).n_unregistered().await.expect("counted"), 0);
    let asset = town.asset(VILLAGE_A1, "主路", "10.00").await;
    let of_project = |row| asset::Model { project_id: Some(road.id), ..row };
    app::asset::amend(ledger, &operator, (asset.id, asset.version), of_project)
        .await
        .expect("done");
    assert_eq!(listed("yes").await, []);
    assert_eq!(ledger.read(&clerk).n_unregistered().await.expect("counted"), 0);
}
