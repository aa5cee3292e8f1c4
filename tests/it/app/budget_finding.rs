//! Which assets without money for upkeep a budget covers: at once, until its year is over, wherever they
//! come to lie, and in the past as it was then.

use entity::{
    area::AreaCode,
    asset::{self, Subclass},
    budget,
    finding::Rule,
    spending, upkeep_fund,
};
use taizhang::{
    app::{self, budget::NewBudget},
    domain::deficiency::{Thresholds, evaluate},
    store::Actor,
};

use crate::harness::{
    Town,
    money::{YEAR, for_asset, for_place},
    town::{COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code},
};

on_both!(
    a_budget_clears_what_it_covers_and_an_empty_one_does_not,
    a_budget_ends_with_its_year,
    what_is_new_in_a_village_is_covered_at_once,
    a_village_that_is_merged_brings_its_budgets,
    the_past_knows_the_budgets_of_the_past,
);

async fn a_budget_clears_what_it_covers_and_an_empty_one_does_not(town: &Town) {
    let road = town.unfunded(VILLAGE_A1, "路").await;
    let other = town.unfunded(VILLAGE_A2, "路").await;
    assert!(town.is_unfunded(&road).await && town.is_unfunded(&other).await);
    let fund = town.fund(COUNTY, "100.00").await;
    let state = async || (town.is_unfunded(&road).await, town.is_unfunded(&other).await);
    // its own
    let own = town.set_aside(&for_asset(fund.id, road.id, "1.00")).await;
    assert_eq!(state().await, (false, true));
    town.amend_to(&own, "0.00").await;
    assert_eq!(state().await, (true, true));
    // that of its village for another kind, then for its own
    let of_kind =
        |kind| NewBudget { subclass: Some(kind), ..for_place(fund.id, VILLAGE_A1, "1.00") };
    town.set_aside(&of_kind(Subclass::Health)).await;
    assert_eq!(state().await, (true, true));
    let roads = town.set_aside(&of_kind(Subclass::Road)).await;
    assert_eq!(state().await, (false, true));
    town.amend_to(&roads, "0.00").await;
    assert_eq!(state().await, (true, true));
    // that of its town, for all
    let whole = town.set_aside(&for_place(fund.id, TOWN_A, "1.00")).await;
    assert_eq!(state().await, (false, false));
    let evidence = evidence(town, &other).await;
    assert!(evidence.contains(&whole.id.to_string()), "{evidence:?}");
    town.amend_to(&whole, "0.00").await;
    assert_eq!(state().await, (true, true));
    // what is set aside for the year to come clears nothing yet
    let next = NewBudget { year: YEAR + 1, ..for_asset(fund.id, road.id, "1.00") };
    town.set_aside(&next).await;
    assert_eq!(state().await, (true, true));
    town.is_sound().await;
}

/// What the rule of unfunded assets looked at, as texts.
async fn evidence(town: &Town, asset: &asset::Model) -> Vec<String> {
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let card = app::card::card(ledger, &operator, app::card::Key::Id(asset.id), None).await;
    let card = card.expect("a card");
    let facts = card.dossier.facts();
    let told = taizhang::domain::deficiency::evidence::of(Rule::Unfunded, &facts, card.day);
    told.iter().map(|(_, value)| value.text(entity::language::Language::English)).collect()
}

async fn a_budget_ends_with_its_year(town: &Town) {
    let road = town.unfunded(VILLAGE_A1, "路").await;
    let fund = town.fund(COUNTY, "100.00").await;
    town.set_aside(&for_place(fund.id, VILLAGE_A1, "1.00")).await;
    assert!(!town.is_unfunded(&road).await);
    // to the last day of the year, and on the first of the next
    town.night(213).await;
    assert_eq!(town.today().to_string(), "2026-12-31");
    assert!(!town.is_unfunded(&road).await);
    town.is_sound().await;
    town.clock.advance(1);
    town.is_sound().await;
    town.night(0).await;
    assert!(town.is_unfunded(&road).await);
    let anew = town.finding(road.id, Rule::Unfunded).await.expect("a finding");
    assert_eq!(anew.since_on.to_string(), "2027-01-01");
    // what was set aside in good time begins by itself
    let next = NewBudget { year: 2028, ..for_asset(fund.id, road.id, "1.00") };
    town.set_aside(&next).await;
    assert!(town.is_unfunded(&road).await);
    town.night(365).await;
    assert!(!town.is_unfunded(&road).await);
    town.is_sound().await;
}

async fn what_is_new_in_a_village_is_covered_at_once(town: &Town) {
    let fund = town.fund(COUNTY, "100.00").await;
    town.set_aside(&for_place(fund.id, TOWN_A, "1.00")).await;
    let fresh = town.unfunded(VILLAGE_A1, "新路").await;
    assert!(!town.is_unfunded(&fresh).await);
    let elsewhere = town.unfunded(VILLAGE_B1, "新路").await;
    assert!(town.is_unfunded(&elsewhere).await);
    // one that becomes of another class needs no money, and one that comes back has it
    town.is_sound().await;
}

async fn a_village_that_is_merged_brings_its_budgets(town: &Town) {
    let (from, into) = (VILLAGE_B1, VILLAGE_A1);
    let moved = town.unfunded(from, "路").await;
    let there = town.unfunded(into, "桥").await;
    let fund = town.fund(COUNTY, "100.00").await;
    let budget = town.set_aside(&for_place(fund.id, from, "10.00")).await;
    let own = town.fund(from, "5.00").await;
    let paid = town.pay(&budget, moved.id, "1.00").await;
    assert_eq!((town.is_unfunded(&moved).await, town.is_unfunded(&there).await), (false, true));
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let merged = app::area::merge(ledger, &operator, code(from), code(into), town.today()).await;
    merged.expect("merged");
    assert_eq!((town.is_unfunded(&moved).await, town.is_unfunded(&there).await), (false, false));
    let areas: [AreaCode; 3] = [
        town.row::<budget::Entity>(budget.id).await.area_code,
        town.row::<upkeep_fund::Entity>(own.id).await.area_code,
        town.row::<spending::Entity>(paid.id).await.area_code,
    ];
    assert_eq!(areas, [code(into); 3]);
    town.is_sound().await;
}

async fn the_past_knows_the_budgets_of_the_past(town: &Town) {
    let road = town.unfunded(VILLAGE_A1, "路").await;
    let fund = town.fund(COUNTY, "100.00").await;
    let instant = |town: &Town| town.ledger.clock().now();
    let nothing_yet = instant(town);
    town.clock.pass(60);
    let own = town.set_aside(&for_asset(fund.id, road.id, "1.00")).await;
    let with_own = instant(town);
    town.clock.pass(60);
    town.amend_to(&own, "0.00").await;
    let emptied = instant(town);
    town.clock.pass(60);
    let whole = town.set_aside(&for_place(fund.id, VILLAGE_A1, "1.00")).await;
    let with_whole = instant(town);
    town.clock.pass(60);
    town.amend_to(&whole, "0.00").await;
    let at_last = instant(town);
    let operator = Actor::operator();
    let reader = town.ledger.read(&operator);
    for (at, expected) in [
        (nothing_yet, true),
        (with_own, false),
        (emptied, true),
        (with_whole, false),
        (at_last, true),
    ] {
        let is_found = |dossiers: Vec<taizhang::store::Dossier>| {
            let own = dossiers.iter().find(|one| one.asset.id == road.id).expect("the road");
            let wrong = evaluate(&own.facts(), &Thresholds::default(), town.today());
            wrong.iter().any(|one| one.rule == Rule::Unfunded)
        };
        let then = reader.dossiers_then(&[road.id], at).await.expect("dossiers");
        assert_eq!(is_found(then), expected, "{at}");
        let county = code(COUNTY).county();
        let replayed = reader.dossiers_at(county, at).await.expect("dossiers");
        assert_eq!(is_found(replayed), expected, "{at}, replayed");
    }
}
