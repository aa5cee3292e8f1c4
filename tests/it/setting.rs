//! Local rules are what the ledger goes by: in their area and nowhere else, from their day on and not
//! before, in every report of that time; and nothing is ever overwritten.

use entity::{
    area::AreaCode,
    asset::{self, UseState},
    finding::Rule,
    id::AssetId,
    setting::{self, Key},
};
use taizhang::{
    app::{
        self,
        setting::{Applied, set, withdraw},
    },
    domain::{asset::Completeness, permission::Action, setting::Proposal, verification::Verdict},
    limits,
    store::{Actor, verify::VerifyOptions},
};

use crate::harness::{
    Town,
    expect::{not_found, refused},
    town::{
        COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN_B, VILLAGE_A1, VILLAGE_B1, code, registration,
    },
};

on_both!(
    a_threshold_opens_and_closes_findings_of_its_area_alone,
    the_nightly_round_finds_what_has_begun,
    a_rule_that_was_not_put_into_effect_is_no_fault,
    what_moves_to_another_county_goes_by_its_rules,
    a_report_of_the_past_goes_by_the_rules_of_the_time,
    a_rule_is_switched_off_and_on_again,
    what_would_change_is_what_changes,
    no_more_assets_are_checked_at_once_than_may_be,
    values_follow_one_another_and_are_never_overwritten,
    the_rules_of_others_are_not_found,
);

/// A value of the days of lying idle.
pub(crate) fn idle(area: &str, days: i64, from: chrono::NaiveDate) -> Proposal {
    Proposal {
        key: Key::IdleDays,
        area: code(area),
        value: days.to_string(),
        basis_title: "县扶贫项目资产管理办法".to_owned(),
        basis_no: Some("赤府办〔2026〕7号".to_owned()),
        from_on: from,
    }
}

/// An asset that has lain idle for so many days.
async fn lying(town: &Town, village: &str, name: &str, days: i64) -> AssetId {
    let mut registration = registration(village, name, "10.00");
    registration.asset.use_state = Some(UseState::Idle);
    registration.asset.idle_since = Some(town.days_ahead(-days));
    let operator = Actor::operator();
    let how = Completeness::TakeOn;
    let made = app::asset::register(&town.ledger, &operator, registration, how).await;
    made.expect("an asset").id
}

async fn is_idle(town: &Town, id: AssetId) -> bool {
    town.open_findings(id).await.contains(&"X01")
}

/// The check of everything, and how many assets wait for the nightly round.
async fn check(town: &Town) -> (Verdict, u64) {
    let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
    let done = town.ledger.verify(&options, &|_| {}).await.expect("a check");
    assert_eq!(done.first().map(|fault| format!("{fault:?}")), None);
    (done.verdict(), done.rows.as_ref().expect("rows").stale)
}

const SOUND: (Verdict, u64) = (Verdict::Sound, 0);

async fn a_threshold_opens_and_closes_findings_of_its_area_alone(town: &Town) {
    let here = lying(town, VILLAGE_A1, "桥", 100).await;
    let there = lying(town, OTHER_VILLAGE, "渠", 100).await;
    assert!(!is_idle(town, here).await && !is_idle(town, there).await);
    assert_eq!(check(town).await, SOUND);
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let officer = town.as_role(entity::account::Role::RuralOfficer).await;
    let (row, applied) =
        set(ledger, &officer, &idle(COUNTY, 100, town.today())).await.expect("set");
    let expected = Applied { assets: 1, opened: 1, closed: 0, is_complete: true };
    assert_eq!(applied, Some(expected));
    assert!(is_idle(town, here).await && !is_idle(town, there).await);
    assert_eq!(check(town).await, SOUND);
    let entries = town.entries(COUNTY).await;
    let last: Vec<_> = entries.iter().rev().take(2).map(|entry| entry["action"].clone()).collect();
    assert_eq!(last, ["setting.apply", "setting.set"]);
    assert_eq!(entries[entries.len() - 2]["actor"], officer.name());
    // a town may differ from its county, and a new asset goes by the rules of its place
    let (_, applied) = set(ledger, &operator, &idle(TOWN_B, 101, town.today())).await.expect("set");
    assert_eq!(applied.map(|applied| applied.assets), Some(0));
    let other = lying(town, VILLAGE_B1, "圈舍", 100).await;
    let same = lying(town, VILLAGE_A1, "大棚", 100).await;
    assert!(!is_idle(town, other).await && is_idle(town, same).await);
    assert_eq!(check(town).await, SOUND);
    // what is set the next day closes them again; the former value stays
    town.clock.advance(1);
    let (_, applied) = set(ledger, &operator, &idle(COUNTY, 500, town.today())).await.expect("set");
    // the asset of the town below was checked as well, and a day has passed for it
    let expected = Applied { assets: 3, opened: 1, closed: 2, is_complete: true };
    assert_eq!(applied, Some(expected));
    assert!(!is_idle(town, here).await && is_idle(town, other).await);
    assert_eq!(check(town).await, (Verdict::Sound, 0));
    assert_eq!(town.row::<setting::Entity>(row.id).await, row);
}

async fn the_nightly_round_finds_what_has_begun(town: &Town) {
    let here = lying(town, VILLAGE_A1, "桥", 50).await;
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let proposal = idle(COUNTY, 30, town.days_ahead(3));
    let (_, applied) = set(ledger, &operator, &proposal).await.expect("set");
    assert_eq!(applied, None);
    assert!(!is_idle(town, here).await);
    assert_eq!(town.night(2).await.opened, 0);
    assert_eq!(check(town).await, SOUND);
    // it has begun, and nobody has looked yet
    town.clock.advance(1);
    assert_eq!(check(town).await, (Verdict::Sound, 1));
    assert_eq!(town.night(0).await.opened, 1);
    assert!(is_idle(town, here).await);
    assert_eq!(check(town).await, SOUND);
}

async fn a_rule_that_was_not_put_into_effect_is_no_fault(town: &Town) {
    let here = lying(town, VILLAGE_A1, "桥", 50).await;
    let operator = Actor::operator();
    // the program ends after the rule was stored and before its assets were checked
    for (key, value) in [(Key::IdleDays, "30"), (Key::Check(Rule::NoMaintainer), "no")] {
        town.clock.pass(60);
        let proposal = Proposal { key, value: value.to_owned(), ..idle(COUNTY, 1, town.today()) };
        let row = proposal.row().expect("a row");
        let stored = town
            .ledger
            .write(&operator, Action::SetRule, async |write| {
                write.insert::<setting::Entity>(row).await
            })
            .await;
        stored.expect("stored");
    }
    assert!(!is_idle(town, here).await);
    assert_eq!(check(town).await, (Verdict::Sound, 1));
    let round = town.night(0).await;
    assert_eq!((round.opened, round.closed), (1, 1));
    assert!(is_idle(town, here).await);
    assert_eq!(check(town).await, SOUND);
    // what no rule of any time says is a fault all the same
    let since = town.days_ahead(-49);
    let altered = format!("UPDATE finding SET since_on = '{since}' WHERE rule = 'X01'");
    sea_orm::ConnectionTrait::execute_unprepared(&town.db, &altered).await.expect("altered");
    let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
    let done = town.ledger.verify(&options, &|_| {}).await.expect("a check");
    assert_eq!(done.verdict(), Verdict::Mismatch);
}

async fn what_moves_to_another_county_goes_by_its_rules(town: &Town) {
    let here = lying(town, VILLAGE_A1, "桥", 100).await;
    let (ledger, operator) = (&town.ledger, Actor::operator());
    set(ledger, &operator, &idle(OTHER_COUNTY, 90, town.today())).await.expect("set");
    let (row, _) =
        set(ledger, &operator, &idle(VILLAGE_A1, 80, town.days_ahead(9))).await.expect("set");
    assert!(!is_idle(town, here).await);
    let (from, into) = (code(VILLAGE_A1), code(OTHER_VILLAGE));
    app::area::merge(ledger, &operator, from, into, town.today()).await.expect("merged");
    assert!(is_idle(town, here).await);
    assert_eq!(check(town).await, SOUND);
    // the rules of what was merged away stay where they were
    assert_eq!(town.row::<setting::Entity>(row.id).await.area_code, from);
    not_found(set(ledger, &operator, &idle(VILLAGE_A1, 70, town.days_ahead(10))).await);
    town.night(9).await;
    assert_eq!(check(town).await, SOUND);
}

async fn a_report_of_the_past_goes_by_the_rules_of_the_time(town: &Town) {
    let here = lying(town, VILLAGE_A1, "桥", 100).await;
    let (ledger, operator) = (&town.ledger, Actor::operator());
    town.clock.pass(60);
    let before = town.ledger.clock().now();
    town.clock.pass(60);
    set(ledger, &operator, &idle(COUNTY, 30, town.today())).await.expect("set");
    town.clock.pass(60);
    let after = town.ledger.clock().now();
    town.clock.advance(30);
    set(ledger, &operator, &idle(COUNTY, 3_000, town.today())).await.expect("set");
    let idle_at = async |at: chrono::DateTime<chrono::Utc>| {
        let as_of = Some(app::report::AsOf::Instant(at));
        let key = app::card::Key::Id(here);
        let card = app::card::card(ledger, &operator, key, as_of).await.expect("a card");
        card.findings.iter().any(|(standing, _)| standing.rule == Rule::Idle)
    };
    assert!(!idle_at(before).await && idle_at(after).await);
    assert!(!idle_at(town.ledger.clock().now()).await);
    assert!(!is_idle(town, here).await);
    let listed = async |at: chrono::DateTime<chrono::Utc>| {
        let at = at.to_rfc3339();
        let words = [("lacks", "X01"), ("as_of", &*at)];
        let list = taizhang::store::list::List::<asset::Entity>::read(words).expect("a list");
        app::listing::assets(ledger, &operator, &list).await.expect("a page").rows.len()
    };
    assert_eq!([listed(before).await, listed(after).await], [0, 1]);
}

async fn a_rule_is_switched_off_and_on_again(town: &Town) {
    let here = town.asset(VILLAGE_A1, "桥", "10.00").await.id;
    let there = town.asset(OTHER_VILLAGE, "渠", "10.00").await.id;
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let switch = |value: &str, from| Proposal {
        key: Key::Check(Rule::NoMaintainer),
        value: value.to_owned(),
        ..idle(COUNTY, 1, from)
    };
    assert!(town.open_findings(here).await.contains(&"G01"));
    let (_, applied) = set(ledger, &operator, &switch("no", town.today())).await.expect("set");
    assert_eq!(applied.map(|done| (done.opened, done.closed)), Some((0, 1)));
    assert!(!town.open_findings(here).await.contains(&"G01"));
    assert!(town.open_findings(there).await.contains(&"G01"));
    assert_eq!(check(town).await, SOUND);
    town.clock.advance(1);
    let (_, applied) = set(ledger, &operator, &switch("yes", town.today())).await.expect("set");
    assert_eq!(applied.map(|done| (done.opened, done.closed)), Some((1, 0)));
    assert_eq!(check(town).await, SOUND);
}

async fn what_would_change_is_what_changes(town: &Town) {
    for (n, days) in [20, 40, 60, 80].into_iter().enumerate() {
        lying(town, VILLAGE_A1, &format!("{n}号棚"), days).await;
    }
    lying(town, OTHER_VILLAGE, "渠", 80).await;
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let tried = async |proposal: &Proposal| {
        let before = (town.everything().await, town.n_entries().await);
        let forecast = app::setting::what_if(ledger, &operator, proposal, 100).await.expect("told");
        assert!((town.everything().await, town.n_entries().await) == before);
        assert!(forecast.is_complete);
        (forecast.assets, forecast.n_opened(), forecast.n_closed())
    };
    let proposal = idle(COUNTY, 60, town.today());
    assert_eq!(tried(&proposal).await, (4, 2, 0));
    let (_, applied) = set(ledger, &operator, &proposal).await.expect("set");
    assert_eq!(applied.map(|done| (done.assets, done.opened)), Some((4, 2)));
    // on its first day an asset will have lain idle longer, by the rule so far as well
    assert_eq!(tried(&idle(COUNTY, 90, town.days_ahead(10))).await, (4, 0, 1));
    let target =
        Proposal { key: Key::TitleTarget, value: "80".to_owned(), ..idle(COUNTY, 1, town.today()) };
    assert_eq!(tried(&target).await, (0, 0, 0));
    let again = app::setting::what_if(ledger, &operator, &proposal, 100).await;
    refused(again, "rule.later_there");
}

async fn no_more_assets_are_checked_at_once_than_may_be(town: &Town) {
    for n in 0..3 {
        lying(town, VILLAGE_A1, &format!("{n}号棚"), 100).await;
    }
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let proposal = idle(COUNTY, 90, town.today());
    let tried = async |at_most| {
        let told = app::setting::what_if(ledger, &operator, &proposal, at_most).await;
        let told = told.expect("told");
        (told.assets, told.n_opened(), told.is_complete)
    };
    assert_eq!([tried(3).await, tried(2).await], [(3, 3, true), (2, 2, false)]);
    let row = proposal.row().expect("a row");
    let stored = ledger.write(&operator, Action::SetRule, async |write| {
        write.insert::<setting::Entity>(row).await
    });
    stored.await.expect("stored");
    let some = app::setting::apply(ledger, &operator, code(COUNTY), 2).await;
    assert_eq!((some.assets, some.opened, some.is_complete), (2, 2, false));
    assert_eq!(check(town).await, (Verdict::Sound, 1));
    let all = app::setting::apply(ledger, &operator, code(COUNTY), 3).await;
    assert_eq!((all.assets, all.opened, all.is_complete), (3, 1, true));
    assert_eq!(check(town).await, SOUND);
}

async fn values_follow_one_another_and_are_never_overwritten(town: &Town) {
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let on = |days| town.days_ahead(days);
    set(ledger, &operator, &idle(COUNTY, 90, on(0))).await.expect("set");
    let (coming, _) = set(ledger, &operator, &idle(COUNTY, 80, on(5))).await.expect("set");
    let before = town.everything().await;
    refused(set(ledger, &operator, &idle(COUNTY, 70, on(-1))).await, "day.passed");
    refused(set(ledger, &operator, &idle(COUNTY, 70, on(0))).await, "rule.later_there");
    refused(set(ledger, &operator, &idle(COUNTY, 70, on(5))).await, "rule.later_there");
    refused(set(ledger, &operator, &idle(COUNTY, 80, on(6))).await, "row.nothing_changed");
    not_found(set(ledger, &operator, &idle("520399000000", 70, on(6))).await);
    assert_eq!(town.everything().await, before);
    let gone = withdraw(ledger, &operator, (coming.id, 1)).await.expect("withdrawn");
    assert_eq!(
        gone,
        setting::Model {
            withdrawn_on: Some(on(0)),
            version: 2,
            updated_at: gone.updated_at,
            ..coming
        }
    );
    refused(withdraw(ledger, &operator, coming.id).await, "rule.withdrawn");
    assert_eq!(town.last_entry(COUNTY).await["action"], "setting.withdraw");
    set(ledger, &operator, &idle(COUNTY, 70, on(5))).await.expect("there is room again");
    town.clock.advance(5);
    let rows = town.rows::<setting::Entity>().await;
    let begun = rows.iter().find(|row| row.value == "70").expect("a row").id;
    refused(withdraw(ledger, &operator, begun).await, "rule.in_force");
    // the whole ledger may have a rule too, which only whoever stands at the machine sets
    let nation = Proposal { area: AreaCode::NATION, ..idle(COUNTY, 44, town.today()) };
    set(ledger, &operator, &nation).await.expect("set");
    let officer = town.as_role(entity::account::Role::RuralOfficer).await;
    not_found(set(ledger, &officer, &nation).await);
    let told = app::setting::told(ledger, &operator, Some(code(OTHER_COUNTY))).await.expect("told");
    let held = told.rules.iter().find(|rule| rule.definition.key == Key::IdleDays);
    assert_eq!(held.map(|rule| rule.value.typed()), Some("44".to_owned()));
    // a rule has so many values of one area and no more
    for n in 0..limits::RULE_VALUES {
        let title = Proposal {
            key: Key::TitleDays,
            ..idle(
                TOWN_B,
                i64::try_from(n).expect("small") + 1,
                on(i64::try_from(n).expect("small")),
            )
        };
        set(ledger, &operator, &title).await.expect("set");
    }
    let more = Proposal { key: Key::TitleDays, ..idle(TOWN_B, 7, on(1_000)) };
    refused(set(ledger, &operator, &more).await, "rule.values_full");
    assert_eq!(check(town).await, SOUND);
}

async fn the_rules_of_others_are_not_found(town: &Town) {
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let (row, _) =
        set(ledger, &operator, &idle(COUNTY, 90, town.days_ahead(1))).await.expect("set");
    let village = town.as_role(entity::account::Role::VillageOfficer).await;
    let told = app::setting::told(ledger, &village, Some(code(COUNTY))).await.expect("told");
    let idle_rule = told.rules.iter().find(|rule| rule.definition.key == Key::IdleDays);
    assert_eq!(idle_rule.map(|rule| rule.history.len()), Some(1));
    assert_eq!(told.who.get(&row.id).map(String::as_str), Some("operator"));
    for area in [OTHER_COUNTY, OTHER_VILLAGE, TOWN_B] {
        not_found(
            app::setting::told(ledger, &village, Some(code(area))).await.map(|told| told.area),
        );
    }
    let other = town.as_other(entity::account::Role::RuralOfficer).await;
    not_found(app::setting::told(ledger, &other, Some(code(COUNTY))).await.map(|told| told.area));
    not_found(app::setting::what_if(ledger, &other, &idle(COUNTY, 5, town.today()), 9).await);
    not_found(withdraw(ledger, &other, row.id).await);
    not_found(set(ledger, &other, &idle(COUNTY, 5, town.days_ahead(2))).await);
}
