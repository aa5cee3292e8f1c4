//! 管护: assigning, succession, many at once; what falls vacant when somebody ends.

use entity::{
    duty::{EndReason, Kind},
    finding::Rule,
    holding::Right,
    id::AssetId,
    share::Share,
    title,
};
use taizhang::{
    app,
    domain::{
        duty::Terms,
        title::{Holder, Party, blank},
    },
    limits,
};

use crate::harness::{
    Town,
    expect::{invalid, not_found, refused},
    town::{COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code, yuan},
};

on_both!(
    a_successor_takes_over_on_the_next_day,
    assigning_is_refused,
    many_assets_or_none,
    an_ended_organization_leaves_everything_vacant,
    a_person_who_leaves_is_missed,
    what_lies_outside_is_not_vacated_in_silence,
    who_has_ended_is_given_nothing,
);

fn from(on: chrono::NaiveDate) -> Terms {
    Terms { from_on: Some(on), ..Terms::default() }
}

async fn a_successor_takes_over_on_the_next_day(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let bodies = [town.collective(VILLAGE_A1).await, town.collective(VILLAGE_A2).await];
    let assign = async |place: usize, terms: &Terms| {
        let party = (Kind::Maintainer, Party::Organization(bodies[place]));
        app::duty::assign(ledger, &clerk, &[asset.id], party, terms).await
    };
    let first = assign(0, &Terms::default()).await.expect("assigned");
    assert_eq!(first[0].from_on, Some(town.today()));
    assert!(!town.open_findings(asset.id).await.contains(&"G01"));
    let last_day = town.days_ahead(99);
    assign(1, &from(town.days_ahead(100))).await.expect("assigned");
    let duties = town.duties(asset.id).await;
    assert_eq!((duties[0].until_on, duties[0].version), (Some(last_day), 2));
    assert_eq!(duties[0].end_reason, Some(EndReason::Succeeded));
    assert_eq!(duties[1].until_on, None);
    town.night(99).await;
    assert!(!town.open_findings(asset.id).await.contains(&"G01"));
    town.night(1).await;
    assert!(!town.open_findings(asset.id).await.contains(&"G01"));
}

async fn assigning_is_refused(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let body = Party::Organization(town.collective(VILLAGE_A1).await);
    let person = Party::Person(town.person(code(VILLAGE_A1), 1).await);
    let assign = async |kind, party, terms: &Terms| {
        app::duty::assign(ledger, &clerk, &[asset.id], (kind, party), terms).await
    };
    let today = from(town.today());
    let before = town.everything().await;
    refused(assign(Kind::Maintainer, person, &today).await, "duty.wrong_party");
    refused(assign(Kind::Keeper, body, &today).await, "duty.wrong_party");
    let reversed = Terms { until_on: Some(town.days_ahead(-1)), ..today.clone() };
    refused(assign(Kind::Maintainer, body, &reversed).await, "duty.term_reversed");
    let negative = Terms { annual_budget: Some(yuan("-0.01")), ..today.clone() };
    invalid(assign(Kind::Maintainer, body, &negative).await, "annual_budget");
    let never = Terms { interval_days: Some(0), ..today.clone() };
    invalid(assign(Kind::Maintainer, body, &never).await, "interval_days");
    let nobody = Party::Organization(entity::id::OrganizationId(999_999));
    not_found(assign(Kind::Maintainer, nobody, &today).await);
    assert_eq!(town.everything().await, before);
    assign(Kind::Maintainer, body, &today).await.expect("assigned");
    refused(assign(Kind::Maintainer, body, &today).await, "duty.overlaps");
    let earlier = from(town.days_ahead(-10));
    refused(assign(Kind::Maintainer, body, &earlier).await, "duty.overlaps");
    let before_it = Terms { until_on: Some(town.days_ahead(-1)), ..earlier };
    assert!(assign(Kind::Maintainer, body, &before_it).await.is_ok());
    assert!(assign(Kind::Keeper, person, &today).await.is_ok());
}

async fn many_assets_or_none(town: &Town) {
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let party = (Kind::Maintainer, Party::Organization(town.collective(VILLAGE_A1).await));
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(town.asset(VILLAGE_A1, &format!("路灯{n}"), "10.00").await.id);
    }
    let before = (town.everything().await, town.n_entries().await);
    let with_a_stranger = [ids.clone(), vec![AssetId(999_999)]].concat();
    let terms = Terms::default();
    not_found(app::duty::assign(ledger, &clerk, &with_a_stranger, party, &terms).await);
    let twice = [ids.clone(), vec![ids[0]]].concat();
    refused(app::duty::assign(ledger, &clerk, &twice, party, &terms).await, "duty.overlaps");
    let many = vec![ids[0]; limits::ASSETS_PER_ACTION + 1];
    refused(app::duty::assign(ledger, &clerk, &many, party, &terms).await, "action.too_many");
    assert_eq!(town.everything().await, before.0);
    let done = app::duty::assign(ledger, &clerk, &ids, party, &terms).await.expect("assigned");
    assert_eq!(done.len(), 5);
    assert_eq!(town.n_entries().await, before.1 + 1);
    for id in ids {
        assert!(!town.open_findings(id).await.contains(&"G01"));
    }
}

async fn an_ended_organization_leaves_everything_vacant(town: &Town) {
    let body = town.organization(code(VILLAGE_A1), "上河合作社").await;
    let party = Party::Organization(body);
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let mut ids = Vec::new();
    for n in 0..3 {
        let asset = town.asset(VILLAGE_A1, &format!("井{n}"), "10.00").await;
        let next =
            title::Model { state: title::State::Confirmed, ..blank(asset.id, asset.area_code) };
        let owner = Holder { right: Right::Own, party, share: Share::WHOLE };
        app::title::settle(ledger, &clerk, asset.id, next, &[owner]).await.expect("settled");
        ids.push(asset.id);
    }
    let terms = from(town.days_ahead(-100));
    app::duty::assign(ledger, &clerk, &ids, (Kind::Maintainer, party), &terms).await.expect("done");
    town.clock.advance(10);
    let entries = town.n_entries().await;
    let last_day = town.days_ahead(-1);
    let n = app::organization::end(ledger, &clerk, body, last_day).await.expect("ended");
    assert_eq!((n, town.n_entries().await), (3, entries + 1));
    for id in &ids {
        let duty = &town.duties(*id).await[0];
        assert_eq!((duty.until_on, duty.end_reason), (Some(last_day), Some(EndReason::BodyEnded)));
        assert_eq!(town.holdings(*id).await[0].until_on, Some(last_day));
        let finding = town.finding(*id, Rule::NoMaintainer).await.expect("a finding");
        assert_eq!((finding.since_on, finding.closed_on), (town.today(), None));
    }
    let again = app::organization::end(ledger, &clerk, body, town.today()).await;
    refused(again, "party.ended");
    let other = town.collective(VILLAGE_A2).await;
    let future = app::organization::end(ledger, &clerk, other, town.days_ahead(1)).await;
    refused(future, "day.in_future");
}

async fn a_person_who_leaves_is_missed(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let (ledger, clerk, id) = (&town.ledger, town.clerk().await, asset.id);
    let body = Party::Organization(town.collective(VILLAGE_A1).await);
    let person = town.person(code(VILLAGE_A1), 1).await;
    assert_eq!(town.person(code(VILLAGE_A1), 1).await, person, "known by name and telephone");
    let terms = from(town.days_ahead(-5));
    for (kind, party) in [(Kind::Maintainer, body), (Kind::Keeper, Party::Person(person))] {
        app::duty::assign(ledger, &clerk, &[id], (kind, party), &terms).await.expect("assigned");
    }
    assert!(!town.open_findings(id).await.contains(&"G02"));
    refused(app::person::end(ledger, &clerk, person, town.days_ahead(1)).await, "day.in_future");
    let n = app::person::end(ledger, &clerk, person, town.days_ahead(-1)).await.expect("ended");
    assert_eq!(n, 1);
    assert_eq!(town.duties(id).await[1].end_reason, Some(EndReason::PersonLeft));
    assert!(town.open_findings(id).await.contains(&"G02"));
    refused(app::person::end(ledger, &clerk, person, town.today()).await, "party.ended");
    assert_ne!(town.person(code(VILLAGE_A1), 1).await, person, "whoever comes back is new");
}

async fn what_lies_outside_is_not_vacated_in_silence(town: &Town) {
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let body = town.organization(code(TOWN_A), "石桥管护公司").await;
    let far = town.asset(VILLAGE_B1, "桥", "10.00").await;
    let party = (Kind::Maintainer, Party::Organization(body));
    app::duty::assign(ledger, &clerk, &[far.id], party, &Terms::default()).await.expect("done");
    let before = town.everything().await;
    let township = town.as_role(entity::account::Role::TownshipClerk).await;
    let answer = app::organization::end(ledger, &township, body, town.today()).await;
    refused(answer, "party.bears_outside");
    assert_eq!(town.everything().await, before);
    assert_eq!(app::organization::end(ledger, &clerk, body, town.today()).await.expect("ended"), 1);
}

async fn who_has_ended_is_given_nothing(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let body = town.organization(code(COUNTY), "旧公司").await;
    app::organization::end(ledger, &clerk, body, town.today()).await.expect("ended");
    let party = (Kind::Maintainer, Party::Organization(body));
    let open = Terms::default();
    refused(app::duty::assign(ledger, &clerk, &[asset.id], party, &open).await, "party.ended");
    // what it bore while it existed may still be recorded
    let past = Terms { until_on: Some(town.today()), ..from(town.days_ahead(-9)) };
    assert!(app::duty::assign(ledger, &clerk, &[asset.id], party, &past).await.is_ok());
}
