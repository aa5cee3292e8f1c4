//! Registering, amending, correcting, re-classing and handing over.

use std::collections::BTreeSet;

use entity::{
    asset::{self, Class, Form, State, Subclass, UseState},
    duty::{EndReason, Kind},
    holding::Right,
    share::Share,
};
use taizhang::{
    app::{self, asset::Registration},
    domain::{
        asset::{Completeness, blank, code as codes, division::Part},
        duty::Terms,
        title::{Holder, Party},
    },
    limits,
    store::Actor,
};

use crate::harness::{
    Town,
    expect::{invalid, not_found, refused, taken},
    town::{
        OTHER_VILLAGE, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, card, code, day, registration, yuan,
    },
};

on_both!(
    a_whole_card_is_asked_for_by_hand_and_not_of_an_old_sheet,
    everything_known_goes_in_at_once,
    two_duties_at_once_follow_one_another,
    codes_are_checked_and_never_used_again,
    codes_brought_along_and_codes_made_do_not_meet,
    what_is_referred_to_must_be_there,
    an_amendment_changes_what_it_may,
    an_asset_moves_with_all_that_belongs_to_it,
    a_correction_needs_a_reason,
    reclassing_to_equity_ends_the_upkeep,
    reclassing_is_refused_where_it_makes_no_sense,
    handing_over_happens_once_and_in_order,
    what_left_the_books_is_left_alone,
);

async fn a_whole_card_is_asked_for_by_hand_and_not_of_an_old_sheet(town: &Town) {
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let register = async |row, how| app::asset::register(ledger, &clerk, row, how).await;
    let bare = || Registration::of(blank(code(VILLAGE_A1), Class::Public, "桥"));
    let before = town.everything().await;
    let answer = register(bare(), Completeness::Whole).await;
    let Err(taizhang::error::Error::Invalid(mistakes)) = answer else { panic!("{answer:?}") };
    let missing: Vec<_> = mistakes.0.into_iter().map(|mistake| mistake.field).collect();
    let expected =
        ["subclass", "original_value", "acquired_on", "location", "quantity", "unit", "funding"];
    assert_eq!(missing, expected);
    let nameless = Registration::of(blank(code(VILLAGE_A1), Class::Public, ""));
    invalid(register(nameless, Completeness::TakeOn).await, "name");
    assert_eq!(town.everything().await, before);
    let made = register(bare(), Completeness::TakeOn).await.expect("taken on");
    assert_eq!((made.version, made.state, made.original_value), (1, State::Held, None));
    let whole = registration(VILLAGE_A1, "桥", "12.34");
    let made = register(whole, Completeness::Whole).await.expect("registered");
    assert_eq!(town.stored(made.id).await, made);
    assert_eq!(town.sources(made.id).await[0].amount, Some(yuan("12.34")));
}

async fn everything_known_goes_in_at_once(town: &Town) {
    let body = Party::Organization(town.collective(VILLAGE_A1).await);
    let keeper = Party::Person(town.person(code(VILLAGE_A1), 0).await);
    let half = Share::new(1, 2).expect("a share");
    let holder = |party| Holder { right: Right::Own, party, share: half };
    let terms = Terms { from_on: Some(day("2021-01-01")), ..Terms::default() };
    let whole = Registration {
        holders: vec![holder(body), holder(keeper)],
        duties: vec![(Kind::Maintainer, body, terms.clone()), (Kind::Keeper, keeper, terms)],
        ..registration(VILLAGE_A1, "桥", "12.34")
    };
    let lopsided = Registration { holders: vec![holder(body)], ..whole.clone() };
    let clerk = town.clerk().await;
    let (ledger, how) = (&town.ledger, Completeness::Whole);
    let answer = app::asset::register(ledger, &clerk, lopsided, how).await;
    refused(answer, "title.shares_do_not_sum");
    let made = app::asset::register(ledger, &clerk, whole, how).await.expect("registered");
    assert_eq!(town.duties(made.id).await.len(), 2);
    let holdings = town.holdings(made.id).await;
    assert_eq!(holdings.len(), 2);
    assert!(holdings.iter().all(|row| row.from_on == made.acquired_on && row.until_on.is_none()));
    assert_eq!(town.open_findings(made.id).await, ["G04", "G05", "Q01", "Q02"]);
}

async fn two_duties_at_once_follow_one_another(town: &Town) {
    let body = Party::Organization(town.collective(VILLAGE_A1).await);
    let from = |text| Terms {
        from_on: Some(day(text)),
        until_on: Some(day("2030-12-31")),
        ..Terms::default()
    };
    let duty = |text| (Kind::Maintainer, body, from(text));
    let whole = Registration {
        duties: vec![duty("2020-01-01"), duty("2023-01-01"), duty("2025-01-01")],
        ..registration(VILLAGE_A1, "桥", "1.00")
    };
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let made = app::asset::register(ledger, &clerk, whole.clone(), Completeness::Whole).await;
    let duties = town.duties(made.expect("registered").id).await;
    let ends: Vec<_> = duties.iter().map(|duty| duty.until_on.expect("an end")).collect();
    assert_eq!(ends, [day("2022-12-31"), day("2024-12-31"), day("2030-12-31")]);
    assert_eq!(duties[0].end_reason, Some(EndReason::Succeeded));
    let backwards = Registration { duties: vec![duty("2023-01-01"), duty("2020-01-01")], ..whole };
    let answer = app::asset::register(ledger, &clerk, backwards, Completeness::Whole).await;
    refused(answer, "duty.overlaps");
}

async fn codes_are_checked_and_never_used_again(town: &Town) {
    let first = town.asset(VILLAGE_A1, "桥", "10.00").await;
    assert!(first.code.starts_with("520381100201202001"), "{}", first.code);
    assert_eq!(codes::serial(&first.code), Some(1));
    let clerk = town.clerk().await;
    let (ledger, how) = (&town.ledger, Completeness::Whole);
    let part = |value| Part { name: "段".into(), original_value: yuan(value), quantity: None };
    let parts = [part("4.00"), part("6.00")];
    let split = app::asset::split(ledger, &clerk, (first.id, 1), &parts, "分段").await;
    let serials: Vec<_> =
        split.expect("split").iter().map(|part| codes::serial(&part.code)).collect();
    assert_eq!(serials, [Some(2), Some(3)]);
    let mut again = registration(VILLAGE_A1, "桥", "10.00");
    again.asset.code = first.code.clone();
    taken(app::asset::register(ledger, &clerk, again.clone(), how).await);
    let last = if first.code.ends_with('0') { "1" } else { "0" };
    again.asset.code.replace_range(23.., last);
    invalid(app::asset::register(ledger, &clerk, again.clone(), how).await, "code");
    for wrong in ["甲-1".to_owned(), "A".repeat(33), format!("{}A0000B", &first.code[..18])] {
        again.asset.code = wrong;
        invalid(app::asset::register(ledger, &clerk, again.clone(), how).await, "code");
    }
    again.asset.code = "A".repeat(32);
    assert!(app::asset::register(ledger, &clerk, again, how).await.is_ok());
    let next = town.asset(VILLAGE_A1, "桥", "10.00").await;
    assert_eq!(codes::serial(&next.code), Some(4));
    let rows = town.rows::<asset::Entity>().await;
    let distinct: BTreeSet<_> = rows.iter().map(|row| &row.code).collect();
    assert_eq!(distinct.len(), rows.len());
}

async fn codes_brought_along_and_codes_made_do_not_meet(town: &Town) {
    let brought = codes::code("520381100201202001", 1).expect("a code");
    let mut with_code = registration(VILLAGE_A1, "桥", "10.00");
    with_code.asset.code = brought.clone();
    let batch = vec![registration(VILLAGE_A1, "渠", "10.00"), with_code];
    let action = taizhang::domain::permission::Action::RegisterAsset;
    let clerk = town.clerk().await;
    let made = town.ledger.write(&clerk, action, async |write| {
        let mut made = app::asset::put_in(write, batch.clone(), Completeness::Whole).await?;
        // the next batch of the same action goes on where this one ended
        let mut next = registration(VILLAGE_A1, "塘", "10.00");
        next.asset.code = codes::code("520381100201202001", 3).expect("a code");
        let more = vec![next, registration(VILLAGE_A1, "井", "10.00")];
        made.extend(app::asset::put_in(write, more, Completeness::Whole).await?);
        Ok(made)
    });
    let made = made.await.expect("all of them");
    let serials: Vec<_> = made.iter().map(|row| codes::serial(&row.code)).collect();
    assert_eq!(serials, [Some(2), Some(1), Some(3), Some(4)]);
}

async fn what_is_referred_to_must_be_there(town: &Town) {
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let abroad = town.collective(OTHER_VILLAGE).await;
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let before = town.everything().await;
    for unit in [abroad, entity::id::OrganizationId(999_999)] {
        let mut row = registration(VILLAGE_A1, "桥", "10.00");
        row.asset.implementing_unit_id = Some(unit);
        not_found(app::asset::register(ledger, &clerk, row, Completeness::Whole).await);
        let change = |row| asset::Model { implementing_unit_id: Some(unit), ..row };
        not_found(app::asset::amend(ledger, &clerk, (asset.id, 1), change).await);
        let holder =
            Holder { right: Right::Own, party: Party::Organization(unit), share: Share::WHOLE };
        let mut row = registration(VILLAGE_A1, "桥", "10.00");
        row.holders = vec![holder];
        not_found(app::asset::register(ledger, &clerk, row, Completeness::Whole).await);
    }
    let nothing = entity::id::ProjectId(999_999);
    let change = |row| asset::Model { project_id: Some(nothing), ..row };
    not_found(app::asset::amend(ledger, &clerk, (asset.id, 1), change).await);
    assert_eq!(town.everything().await, before);
}

async fn an_amendment_changes_what_it_may(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let (ledger, clerk, id) = (&town.ledger, town.clerk().await, asset.id);
    let named = |row| asset::Model { name: "风雨桥".into(), ..row };
    let next = app::asset::amend(ledger, &clerk, (id, 1), named).await.expect("amended");
    assert_eq!((next.name.as_str(), next.version), ("风雨桥", 2));
    assert_eq!(town.stored(id).await, next);
    let before = town.everything().await;
    let amend = async |change: fn(asset::Model) -> asset::Model| {
        app::asset::amend(ledger, &clerk, (id, 2), change).await
    };
    refused(amend(|row| row).await, "row.nothing_changed");
    let dearer = |row| asset::Model { original_value: Some(yuan("11.00")), ..row };
    refused(amend(dearer).await, "asset.field_needs_correction");
    let fixed: [fn(asset::Model) -> asset::Model; 6] = [
        |row| asset::Model { code: "B-1".into(), ..row },
        |row| asset::Model { class: Class::Operating, ..row },
        |row| asset::Model { state: State::Void, ..row },
        |row| asset::Model { source_key: Some("x".into()), ..row },
        |row| asset::Model { parent_id: Some(entity::id::AssetId(1)), ..row },
        |row| asset::Model { area_code: code(OTHER_VILLAGE), ..row },
    ];
    for change in fixed {
        refused(amend(change).await, "asset.field_fixed");
    }
    invalid(amend(|row| asset::Model { name: String::new(), ..row }).await, "name");
    assert_eq!(town.everything().await, before);
}

async fn an_asset_moves_with_all_that_belongs_to_it(town: &Town) {
    let on = crate::harness::calls::Subjects::new(town).await;
    let operator = Actor::operator();
    for action in [entity::log::Action::SettleTitle, entity::log::Action::AssignDuty] {
        crate::harness::calls::call(town, &operator, action, &on).await;
    }
    let (id, to) = (on.asset.id, code(VILLAGE_B1));
    let moved = |row| asset::Model { area_code: to, ..row };
    app::asset::amend(&town.ledger, &operator, (id, 1), moved).await.expect("moved");
    assert!(town.duties(id).await.iter().all(|row| row.area_code == to));
    assert!(town.holdings(id).await.iter().all(|row| row.area_code == to));
    assert!(town.sources(id).await.iter().all(|row| row.area_code == to));
    let titles = town.rows::<entity::title::Entity>().await;
    assert!(titles.iter().filter(|row| row.asset_id == id).all(|row| row.area_code == to));
    assert_eq!(town.open_findings(id).await, ["G02", "G05", "Q02"]);
}

async fn a_correction_needs_a_reason(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let (ledger, clerk, at) = (&town.ledger, town.clerk().await, (asset.id, 1));
    let dearer = |row| asset::Model { original_value: Some(yuan("11.00")), ..row };
    let before = town.everything().await;
    let correct =
        async |reason: &str| app::asset::correct(ledger, &clerk, at, reason, dearer).await;
    refused(correct(" ").await, "action.reason_missing");
    refused(correct(&"长".repeat(limits::REASON_LENGTH + 1)).await, "action.reason_too_long");
    let same = app::asset::correct(ledger, &clerk, at, "理由", |row| row).await;
    refused(same, "row.nothing_changed");
    let fixed = |row| asset::Model { class: Class::Household, ..row };
    let answer = app::asset::correct(ledger, &clerk, at, "理由", fixed).await;
    refused(answer, "asset.field_fixed");
    let late = |row| asset::Model { accepted_on: Some(town.days_ahead(1)), ..row };
    invalid(app::asset::correct(ledger, &clerk, at, "理由", late).await, "accepted_on");
    assert_eq!(town.everything().await, before);
    let longest = "长".repeat(limits::REASON_LENGTH);
    let done = correct(&longest).await.expect("corrected");
    assert_eq!((done.version, done.original_value), (2, Some(yuan("11.00"))));
    // the sources no longer come to the value
    assert_eq!(town.open_findings(asset.id).await, ["G01", "Q01", "Q02", "M01"]);
}

async fn reclassing_to_equity_ends_the_upkeep(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "厂房", "10.00").await;
    let (ledger, clerk, id) = (&town.ledger, town.clerk().await, asset.id);
    let body = town.collective(VILLAGE_A1).await;
    let party = (Kind::Maintainer, Party::Organization(body));
    let assigned = app::duty::assign(ledger, &clerk, &[id], party, &Terms::default()).await;
    assigned.expect("assigned");
    let class = (Class::Operating, Some(Subclass::Equity));
    let stake = app::asset::reclass(ledger, &clerk, (id, 1), class, "入股").await;
    assert_eq!(stake.expect("re-classed").form, Form::Equity);
    let duty = &town.duties(id).await[0];
    assert_eq!(duty.end_reason, Some(EndReason::Revoked));
    assert_eq!(duty.until_on, Some(town.today()));
    assert_eq!(town.open_findings(id).await, ["Q01"]);
    let refusal = app::duty::assign(ledger, &clerk, &[id], party, &Terms::default()).await;
    refused(refusal, "duty.claim_has_no_upkeep");
    let owed = |row| asset::Model { debtor_id: Some(body), rate_bp: Some(500), ..row };
    let owed = app::asset::correct(ledger, &clerk, (id, 2), "补录", owed).await;
    assert_eq!(owed.expect("corrected").rate_bp, Some(500));
    let back = (Class::Operating, Some(Subclass::Shop));
    let back = app::asset::reclass(ledger, &clerk, (id, 3), back, "退股").await.expect("back");
    assert_eq!((back.form, back.debtor_id, back.rate_bp), (Form::Fixed, None, None));
    town.night(1).await;
    assert_eq!(town.open_findings(id).await, ["G01", "Q01", "Q02"]);
}

async fn reclassing_is_refused_where_it_makes_no_sense(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "厂房", "10.00").await;
    let (ledger, clerk, at) = (&town.ledger, town.clerk().await, (asset.id, 1));
    let reclass =
        async |class, reason| app::asset::reclass(ledger, &clerk, at, class, reason).await;
    let road = (Class::Public, Some(Subclass::Road));
    refused(reclass(road, "理由").await, "row.nothing_changed");
    let mixed = (Class::Operating, Some(Subclass::Road));
    refused(reclass(mixed, "理由").await, "asset.subclass_of_other_class");
    refused(reclass((Class::Household, None), "").await, "action.reason_missing");
    assert_eq!(reclass((Class::Household, None), "理由").await.expect("done").subclass, None);
}

async fn handing_over_happens_once_and_in_order(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let (ledger, clerk, id) = (&town.ledger, town.clerk().await, asset.id);
    let accepted = |row| asset::Model {
        accepted_on: Some(day("2021-03-01")),
        final_account: Some(yuan("10.00")),
        ..row
    };
    app::asset::correct(ledger, &clerk, (id, 1), "补录", accepted).await.expect("corrected");
    let hand_over = async |version, on, number: Option<&str>| {
        let number = number.map(ToOwned::to_owned);
        app::asset::hand_over(ledger, &clerk, (id, version), on, number).await
    };
    refused(hand_over(2, town.days_ahead(1), None).await, "day.in_future");
    refused(hand_over(2, day("2021-02-28"), None).await, "asset.day_before");
    let done = hand_over(2, day("2021-03-01"), Some("移1号")).await.expect("handed over");
    assert_eq!(done.handover_no.as_deref(), Some("移1号"));
    assert_eq!(town.open_findings(id).await, ["G01", "Q01"]);
    refused(hand_over(3, day("2021-03-02"), None).await, "asset.handed_over_already");
}

async fn what_left_the_books_is_left_alone(town: &Town) {
    let [one, two] = ["桥", "渠"].map(|name| town.asset(VILLAGE_A2, name, "10.00"));
    let ids = [one.await.id, two.await.id];
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    app::asset::merge(ledger, &clerk, &ids, "桥渠", "合并").await.expect("merged");
    let (before, at, gone) = (town.everything().await, (ids[0], 2), "asset.not_held");
    let change = |row| asset::Model { use_state: Some(UseState::Idle), ..row };
    refused(app::asset::amend(ledger, &clerk, at, change).await, gone);
    refused(app::asset::correct(ledger, &clerk, at, "理由", change).await, gone);
    let class = (Class::Operating, None);
    refused(app::asset::reclass(ledger, &clerk, at, class, "理由").await, gone);
    refused(app::asset::hand_over(ledger, &clerk, at, town.today(), None).await, gone);
    refused(app::asset::split(ledger, &clerk, at, &[], "理由").await, gone);
    refused(app::asset::merge(ledger, &clerk, &ids, "又", "理由").await, gone);
    let party = (Kind::Maintainer, Party::Organization(town.collective(VILLAGE_A2).await));
    let duty = app::duty::assign(ledger, &clerk, &ids, party, &Terms::default()).await;
    refused(duty, gone);
    let title = taizhang::domain::title::blank(ids[0], code(VILLAGE_A2));
    refused(app::title::settle(ledger, &clerk, ids[0], title, &[]).await, gone);
    assert_eq!(town.everything().await, before);
    assert!(town.open_findings(ids[0]).await.is_empty());
    assert_eq!(card(VILLAGE_A2, "桥", "1.00").version, 0);
}
