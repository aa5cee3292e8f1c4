//! Stock-takes: what they expect is fixed, lines are counted once, somebody else signs, what is signed
//! stands.

use entity::{
    account::Role,
    area::AreaCode,
    asset::{self, UseState},
    id::AssetId,
    log::Action,
    stock_find,
    stock_line::{self, Outcome},
    stock_take::{self, State},
};
use sea_orm::ConnectionTrait;
use taizhang::{
    app::{
        self,
        stock_take::{self as acts, Settling, Told, Which},
    },
    domain::{
        stock_take::Said,
        verification::{Kind, Verdict},
    },
    limits,
    store::{Actor, verify::VerifyOptions},
};

use crate::harness::{
    Town,
    expect::{conflict, not_found, refused},
    stock_takes::{found, told},
    town::{VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code},
};

on_both!(
    what_is_expected_is_fixed_on_opening,
    lines_are_counted_and_somebody_else_signs,
    the_same_may_be_sent_twice_and_nothing_is_overwritten_unseen,
    of_sixteen_at_one_line_and_one_signature_one_is_done,
    a_short_code_counts_a_line_of_this_stock_take,
    what_is_not_on_the_ledger_is_settled_later,
    another_one_takes_the_place_of_what_was_signed,
    what_lies_elsewhere_is_counted_by_nobody,
    so_many_lines_and_finds_and_no_more,
    progress_is_told_by_place_and_town,
    altered_numbers_and_lines_are_found,
    numbers_that_are_not_those_of_the_lines_are_found,
    a_merged_village_takes_its_stock_takes_along,
);

const YEAR: i32 = 2025;

async fn opened(town: &Town, village: &str) -> (stock_take::Model, Vec<stock_line::Model>) {
    let officer = town.as_role(Role::VillageOfficer).await;
    let take = acts::open(&town.ledger, &officer, code(village), YEAR).await.expect("opened");
    let lines = lines(town, &take).await;
    (take, lines)
}

async fn lines(town: &Town, take: &stock_take::Model) -> Vec<stock_line::Model> {
    let operator = Actor::operator();
    let read = town.ledger.read(&operator);
    read.stock_lines(take.id, 0, acts::whole()).await.expect("lines")
}

async fn stored(town: &Town, take: &stock_take::Model) -> stock_take::Model {
    town.row::<stock_take::Entity>(take.id).await
}

fn said(outcome: Outcome, seen_state: Option<UseState>) -> Said {
    Said { outcome, seen_state, note: None }
}

/// Everything found, by the village.
async fn all_found(town: &Town, take: &stock_take::Model) -> stock_take::Model {
    let officer = town.as_role(Role::VillageOfficer).await;
    let said: Vec<Told> =
        lines(town, take).await.iter().map(|line| told(line, Said::FOUND)).collect();
    acts::count(&town.ledger, &officer, take.id, &said).await.expect("counted")
}

async fn what_is_expected_is_fixed_on_opening(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "1000.00").await;
    town.asset(VILLAGE_A2, "邻村的路", "1000.00").await;
    let (take, lines) = opened(town, VILLAGE_A1).await;
    assert_eq!((take.n_expected, lines.len(), lines[0].asset_id), (1, 1, road.id));
    // whatever happens to assets later changes nothing of it
    town.asset(VILLAGE_A1, "新渠", "1000.00").await;
    let rename = |row| asset::Model { name: "改名路".into(), ..row };
    let operator = Actor::operator();
    app::asset::amend(&town.ledger, &operator, (road.id, road.version), rename)
        .await
        .expect("done");
    let line = town.row::<stock_line::Entity>(lines[0].id).await;
    assert_eq!((line.name.as_str(), line.code.as_str()), ("主路", road.code.as_str()));
    assert_eq!(self::lines(town, &take).await.len(), 1);
    let officer = town.as_role(Role::VillageOfficer).await;
    let again = acts::open(&town.ledger, &officer, code(VILLAGE_A1), YEAR).await;
    refused(again, "stock_take.there");
    refused(acts::open(&town.ledger, &officer, code(VILLAGE_A1), 2019).await, "stock_take.year");
    let county: AreaCode = code(VILLAGE_A1).county().area();
    let rural = town.as_role(Role::RuralOfficer).await;
    refused(acts::open(&town.ledger, &rural, county, YEAR).await, "stock_take.of_place");
    // the year that runs is another stock-take
    let next = acts::open(&town.ledger, &officer, code(VILLAGE_A1), YEAR + 1).await;
    assert_eq!(next.expect("opened").n_expected, 2);
}

async fn lines_are_counted_and_somebody_else_signs(town: &Town) {
    for name in ["甲路", "乙渠", "丙灯"] {
        town.asset(VILLAGE_A1, name, "10.00").await;
    }
    let (take, lines) = opened(town, VILLAGE_A1).await;
    let ledger = &town.ledger;
    let (officer, clerk) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::TownshipClerk).await);
    let two = [
        told(&lines[0], Said::FOUND),
        told(&lines[1], said(Outcome::Changed, Some(UseState::Idle))),
    ];
    let counted = acts::count(ledger, &officer, take.id, &two).await.expect("counted");
    assert_eq!((counted.n_found, counted.n_changed, counted.n_left()), (1, 1, 1));
    refused(acts::sign(ledger, &clerk, take.id).await, "stock_take.lines_left");
    let note = Said { note: Some("被水冲走".into()), ..said(Outcome::Missing, None) };
    let last = [told(&lines[2], note)];
    let counted = acts::count(ledger, &clerk, take.id, &last).await.expect("counted");
    assert_eq!((counted.n_missing, counted.n_left()), (1, 0));
    // the clerk has counted one of them
    refused(acts::sign(ledger, &clerk, take.id).await, "stock_take.own_count");
    assert!(acts::sign(ledger, &officer, take.id).await.is_err(), "the village signs nothing");
    let rural = town.as_role(Role::RuralOfficer).await;
    conflict(acts::sign(ledger, &rural, (take.id, take.version)).await);
    let signed = acts::sign(ledger, &rural, (take.id, counted.version)).await.expect("signed");
    assert_eq!((signed.state, signed.signed_by), (State::Signed, rural.account()));
    assert_eq!(signed.digest.as_ref().map(String::len), Some(64));
    let read = ledger.read(&rural);
    assert_eq!(acts::is_as_signed(&read, &signed).await.expect("checked"), Some(true));
    let (last_take, line) = read.counted_last(lines[1].asset_id).await.expect("read").expect("one");
    assert_eq!((last_take.id, line.outcome), (take.id, Some(Outcome::Changed)));
    // what is signed stands
    let late = [told(&line, Said::FOUND)];
    refused(acts::count(ledger, &officer, take.id, &late).await, "stock_take.signed");
    refused(acts::sign(ledger, &rural, take.id).await, "stock_take.signed");
    let find = acts::record_find(ledger, &officer, take.id, |row| {
        Ok(stock_find::Model { name: "路灯".into(), ..row })
    });
    refused(find.await, "stock_take.signed");
}

async fn the_same_may_be_sent_twice_and_nothing_is_overwritten_unseen(town: &Town) {
    town.asset(VILLAGE_A1, "主路", "10.00").await;
    let (take, lines) = opened(town, VILLAGE_A1).await;
    let ledger = &town.ledger;
    let officer = town.as_role(Role::VillageOfficer).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let one = [told(&lines[0], Said::FOUND)];
    acts::count(ledger, &officer, take.id, &one).await.expect("counted");
    let before = (town.everything().await, town.n_entries().await);
    for actor in [&officer, &clerk] {
        acts::count(ledger, actor, take.id, &one).await.expect("nothing to do");
    }
    assert!(before == (town.everything().await, town.n_entries().await));
    let other = [told(&lines[0], said(Outcome::Missing, None))];
    let late = acts::count(ledger, &clerk, take.id, &other).await;
    refused(late, "stock_take.counted_meanwhile");
    // whoever has seen what is there may correct it
    let now = self::lines(town, &take).await;
    let better = [told(&now[0], said(Outcome::Missing, None))];
    let after = acts::count(ledger, &clerk, take.id, &better).await.expect("corrected");
    assert_eq!((after.n_found, after.n_missing), (0, 1));
    refused(acts::count(ledger, &clerk, take.id, &[]).await, "stock_take.nothing_said");
    let same = told(&self::lines(town, &take).await[0], said(Outcome::Missing, None));
    let twice = [same.clone(), same];
    refused(acts::count(ledger, &clerk, take.id, &twice).await, "stock_take.line_twice");
}

async fn of_sixteen_at_one_line_and_one_signature_one_is_done(town: &Town) {
    town.asset(VILLAGE_A1, "主路", "10.00").await;
    let (take, lines) = opened(town, VILLAGE_A1).await;
    let ledger = &town.ledger;
    let officer = town.as_role(Role::VillageOfficer).await;
    let mut racers = tokio::task::JoinSet::new();
    for n in 0..16 {
        let note = Some(format!("第{n}人"));
        let one = [told(&lines[0], Said { note, ..Said::FOUND })];
        let (ledger, officer, id) = (ledger.clone(), officer.clone(), take.id);
        racers.spawn(async move { acts::count(&ledger, &officer, id, &one).await });
    }
    let done = racers.join_all().await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1);
    for late in done.into_iter().filter(Result::is_err) {
        refused(late, "stock_take.counted_meanwhile");
    }
    let now = stored(town, &take).await;
    assert_eq!((now.n_found, now.version), (1, 2));
    let rural = town.as_role(Role::RuralOfficer).await;
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (ledger, rural, id) = (ledger.clone(), rural.clone(), take.id);
        racers.spawn(async move { acts::sign(&ledger, &rural, id).await });
    }
    let done = racers.join_all().await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1);
    for late in done.into_iter().filter(Result::is_err) {
        refused(late, "stock_take.signed");
    }
    assert_eq!(stored(town, &take).await.version, 3);
}

async fn a_short_code_counts_a_line_of_this_stock_take(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "10.00").await;
    let (take, _) = opened(town, VILLAGE_A1).await;
    let later = town.asset(VILLAGE_A1, "后来的路", "10.00").await;
    let ledger = &town.ledger;
    let officer = town.as_role(Role::VillageOfficer).await;
    let by_code =
        |id: AssetId, said: Said| [Told { which: Which::Asset(id), named: "7K3-M2Q".into(), said }];
    let unknown = acts::count(ledger, &officer, take.id, &by_code(later.id, Said::FOUND)).await;
    refused(unknown, "stock_take.no_such_line");
    let done = acts::count(ledger, &officer, take.id, &by_code(road.id, Said::FOUND)).await;
    assert_eq!(done.expect("counted").n_found, 1);
    let other = by_code(road.id, said(Outcome::Missing, None));
    refused(acts::count(ledger, &officer, take.id, &other).await, "stock_take.counted_meanwhile");
}

async fn what_is_not_on_the_ledger_is_settled_later(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "10.00").await;
    let (take, _) = opened(town, VILLAGE_A1).await;
    let ledger = &town.ledger;
    let rural = town.as_role(Role::RuralOfficer).await;
    let lamp = found(town, take.id, "路灯").await;
    let shed = found(town, take.id, "棚子").await;
    assert_eq!(stored(town, &take).await.n_unexpected, 2);
    let counted = all_found(town, &take).await;
    let signed = acts::sign(ledger, &rural, (take.id, counted.version)).await.expect("signed");
    assert_eq!(ledger.read(&rural).n_open_finds(code(VILLAGE_A1)).await.expect("counted"), 2);
    // the asset that was expected is not what was found
    let wrong = acts::settle_find(ledger, &rural, lamp, Settling::Registered(road.id)).await;
    refused(wrong, "stock_find.other_asset");
    let away = town.asset(VILLAGE_A2, "路灯", "10.00").await;
    let wrong = acts::settle_find(ledger, &rural, lamp, Settling::Registered(away.id)).await;
    refused(wrong, "stock_find.other_asset");
    let row = town.asset(VILLAGE_A1, "路灯", "10.00").await;
    let done = acts::settle_find(ledger, &rural, (lamp, 1), Settling::Registered(row.id)).await;
    assert_eq!(done.expect("settled").asset_id, Some(row.id));
    let done = acts::settle_find(ledger, &rural, shed, Settling::Dismissed("私人的")).await;
    assert_eq!(done.expect("settled").state, stock_find::State::Dismissed);
    let again = acts::settle_find(ledger, &rural, shed, Settling::Dismissed("私人的")).await;
    refused(again, "stock_find.settled");
    assert_eq!(ledger.read(&rural).n_open_finds(code(VILLAGE_A1)).await.expect("counted"), 0);
    // what becomes of a find is no part of what was signed
    let reader = ledger.read(&rural);
    assert_eq!(acts::is_as_signed(&reader, &signed).await.expect("checked"), Some(true));
}

async fn another_one_takes_the_place_of_what_was_signed(town: &Town) {
    town.asset(VILLAGE_A1, "主路", "10.00").await;
    let rural = town.as_role(Role::RuralOfficer).await;
    let (first, _) = opened(town, VILLAGE_A1).await;
    all_found(town, &first).await;
    acts::sign(&town.ledger, &rural, first.id).await.expect("signed");
    let (second, _) = opened(town, VILLAGE_A1).await;
    assert_eq!(stored(town, &first).await.state, State::Signed, "as long as the other is counted");
    all_found(town, &second).await;
    acts::sign(&town.ledger, &rural, second.id).await.expect("signed");
    assert_eq!(stored(town, &first).await.state, State::Superseded);
    let late = [Told {
        which: Which::Asset(AssetId(1)),
        named: String::new(),
        said: said(Outcome::Missing, None),
    }];
    let officer = town.as_role(Role::VillageOfficer).await;
    let done = acts::count(&town.ledger, &officer, first.id, &late).await;
    refused(done, "stock_take.signed");
}

async fn what_lies_elsewhere_is_counted_by_nobody(town: &Town) {
    town.asset(VILLAGE_B1, "主路", "10.00").await;
    let operator = Actor::operator();
    let take = acts::open(&town.ledger, &operator, code(VILLAGE_B1), YEAR).await.expect("opened");
    let lines = lines(town, &take).await;
    let find = found(town, take.id, "路灯").await;
    let before = (town.everything().await, town.n_entries().await);
    let (officer, clerk) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::TownshipClerk).await);
    let ledger = &town.ledger;
    not_found(acts::open(ledger, &officer, code(VILLAGE_B1), YEAR + 1).await);
    not_found(acts::count(ledger, &officer, take.id, &[told(&lines[0], Said::FOUND)]).await);
    not_found(acts::record_find(ledger, &officer, take.id, Ok).await);
    not_found(acts::sign(ledger, &clerk, take.id).await);
    not_found(acts::settle_find(ledger, &clerk, find, Settling::Dismissed("私人的")).await);
    let read = ledger.read(&officer);
    not_found(read.stock_lines(take.id, 0, 10).await);
    not_found(read.stock_finds(take.id).await);
    not_found(read.counted_last(lines[0].asset_id).await);
    assert!(before == (town.everything().await, town.n_entries().await));
}

async fn so_many_lines_and_finds_and_no_more(town: &Town) {
    for n in 0..=limits::STOCK_LINES_COUNTED {
        town.asset(VILLAGE_A1, &format!("路灯{n}"), "1.00").await;
    }
    let (take, lines) = opened(town, VILLAGE_A1).await;
    let ledger = &town.ledger;
    let officer = town.as_role(Role::VillageOfficer).await;
    let mut all: Vec<Told> = lines.iter().map(|line| told(line, Said::FOUND)).collect();
    refused(acts::count(ledger, &officer, take.id, &all).await, "stock_take.too_many_lines");
    all.pop();
    let counted = acts::count(ledger, &officer, take.id, &all).await.expect("as many as may be");
    assert_eq!(counted.n_left(), 1);
    for n in 0..limits::STOCK_FINDS {
        found(town, take.id, &format!("棚子{n}")).await;
    }
    let more = acts::record_find(ledger, &officer, take.id, |row| {
        Ok(stock_find::Model { name: "棚子".into(), ..row })
    });
    refused(more.await, "stock_find.full");
}

async fn progress_is_told_by_place_and_town(town: &Town) {
    for (village, name) in [(VILLAGE_A1, "甲"), (VILLAGE_A1, "乙"), (VILLAGE_A2, "丙")] {
        town.asset(village, name, "10.00").await;
    }
    let rural = town.as_role(Role::RuralOfficer).await;
    let progress = async || {
        let read = town.ledger.read(&rural);
        acts::progress(&read, None, YEAR).await.expect("progress")
    };
    let before = progress().await;
    assert_eq!((before.all.places, before.all.signed, before.lacking().count()), (2, 0, 2));
    assert_eq!(before.due_on.to_string(), "2026-03-31");
    assert_eq!(before.lateness(town.today()), 62, "on the first of June");
    let (take, _) = opened(town, VILLAGE_A1).await;
    found(town, take.id, "路灯").await;
    let during = progress().await;
    assert_eq!((during.all.counting, during.all.expected, during.all.unexpected), (1, 2, 1));
    assert_eq!(during.lacking().count(), 2);
    all_found(town, &take).await;
    acts::sign(&town.ledger, &rural, take.id).await.expect("signed");
    let after = progress().await;
    assert_eq!((after.all.signed, after.all.counting, after.all.found), (1, 0, 2));
    let left: Vec<AreaCode> = after.lacking().map(|one| one.area).collect();
    assert_eq!(left, [code(VILLAGE_A2)]);
    let sums =
        after.towns.values().fold((0, 0), |(n, found), one| (n + one.places, found + one.found));
    assert_eq!(sums, (after.all.places, after.all.found));
    // another one under way does not hide what is signed
    opened(town, VILLAGE_A1).await;
    assert_eq!(progress().await.all.signed, 1);
}

async fn altered_numbers_and_lines_are_found(town: &Town) {
    town.asset(VILLAGE_A1, "主路", "10.00").await;
    let (take, lines) = opened(town, VILLAGE_A1).await;
    all_found(town, &take).await;
    let rural = town.as_role(Role::RuralOfficer).await;
    let signed = acts::sign(&town.ledger, &rural, take.id).await.expect("signed");
    let verdict = async || {
        let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
        let done = town.ledger.verify(&options, &|_| {}).await.expect("a check");
        (done.verdict(), done.first().and_then(|fault| fault.place.part.clone()))
    };
    assert_eq!(verdict().await, (Verdict::Sound, None));
    let id = take.id;
    for (table, row, column, altered, mended) in [
        ("stock_take", id.0, "n_unexpected", "1", "0"),
        ("stock_line", lines[0].id.0, "note", "'补记'", "NULL"),
    ] {
        let set = async |value: &str| {
            let statement = format!("UPDATE {table} SET {column} = {value} WHERE id = {row}");
            town.db.execute_unprepared(&statement).await.expect("set");
        };
        set(altered).await;
        assert_eq!(verdict().await, (Verdict::Mismatch, Some(column.to_owned())));
        // whoever looks at the result sees it as well
        let read = town.ledger.read(&rural);
        let now = town.row::<stock_take::Entity>(id).await;
        assert_eq!(acts::is_as_signed(&read, &now).await.expect("checked"), Some(false));
        set(mended).await;
    }
    let read = town.ledger.read(&rural);
    assert_eq!(acts::is_as_signed(&read, &signed).await.expect("checked"), Some(true));
}

async fn numbers_that_are_not_those_of_the_lines_are_found(town: &Town) {
    town.asset(VILLAGE_A1, "主路", "10.00").await;
    let (take, _) = opened(town, VILLAGE_A1).await;
    // the log agrees, the lines do not
    let operator = Actor::operator();
    let wrong = town.ledger.write(&operator, Action::CountStock, async |write| {
        let before = write.get::<stock_take::Entity>(take.id).await?;
        let after = stock_take::Model { n_found: 1, ..before.clone() };
        write.update::<stock_take::Entity>(&before, after).await
    });
    let wrong = wrong.await.expect("written");
    let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
    let done = town.ledger.verify(&options, &|_| {}).await.expect("a check");
    let fault = done.first().expect("a fault");
    assert_eq!(fault.kind, Kind::StockTake);
    assert_eq!(fault.place.part.as_deref(), Some("n_found"));
    // mended, so that the ledger is sound when the test is over
    let mended = town.ledger.write(&operator, Action::CountStock, async |write| {
        let after = stock_take::Model { n_found: 0, ..wrong.clone() };
        write.update::<stock_take::Entity>(&wrong, after).await
    });
    mended.await.expect("written");
}

async fn a_merged_village_takes_its_stock_takes_along(town: &Town) {
    town.asset(VILLAGE_A1, "主路", "10.00").await;
    let (take, _) = opened(town, VILLAGE_A1).await;
    found(town, take.id, "路灯").await;
    all_found(town, &take).await;
    let rural = town.as_role(Role::RuralOfficer).await;
    acts::sign(&town.ledger, &rural, take.id).await.expect("signed");
    let (from, into) = (code(VILLAGE_A1), code(VILLAGE_A2));
    let operator = Actor::operator();
    app::area::merge(&town.ledger, &operator, from, into, town.today()).await.expect("merged");
    let moved = stored(town, &take).await;
    assert_eq!(moved.area_code, into);
    assert!(lines(town, &take).await.iter().all(|line| line.area_code == into));
    let read = town.ledger.read(&rural);
    assert_eq!(acts::is_as_signed(&read, &moved).await.expect("checked"), Some(true));
}
