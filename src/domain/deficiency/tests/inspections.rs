//! G06: nobody has looked for longer than an asset may go without.

use entity::{
    asset::Subclass,
    id::{InspectionId, UpkeepId},
    inspection,
};

use super::*;

/// How it was found some days ago.
fn found_ago(days: u64, condition: inspection::Condition) -> upkeep::Model {
    upkeep::Model {
        id: UpkeepId(1),
        area_code: AreaCode::NATION,
        asset_id: AssetId(1),
        inspection_id: InspectionId(1),
        inspected_on: days_ago(days),
        inspected_at: noon(days_ago(days)),
        condition,
        version: 1,
        created_at: noon(days_ago(days)),
        updated_at: noon(days_ago(days)),
    }
}

#[test]
fn g06_inspection_overdue() {
    let rule = Rule::InspectionOverdue;
    let agreed = |days| move |facts: &mut Facts| facts.duties[0].interval_days = Some(days);
    let seen = |days| {
        move |facts: &mut Facts| facts.upkeep = Some(found_ago(days, inspection::Condition::Good))
    };
    Facts::sound().but(seen(3_000)).clear(rule);
    let late = Facts::sound().but(agreed(30)).but(seen(31));
    late.found(rule, today());
    late.but(seen(30)).clear(rule);
    late.but(seen(40)).found(rule, days_ago(9));
    late.but(agreed(31)).clear(rule);
    late.but(|facts| facts.asset.use_state = Some(UseState::UnderConstruction)).clear(rule);
    // one that nobody has looked at: since it was built, or since somebody took it over
    let never = late.but(|facts| {
        facts.upkeep = None;
        facts.asset.acquired_on = Some(days_ago(100));
        facts.duties[0].from_on = Some(days_ago(31));
    });
    never.found(rule, today());
    never.but(|facts| facts.duties[0].from_on = Some(days_ago(30))).clear(rule);
    never.but(|facts| facts.duties[0].from_on = Some(days_ago(400))).found(rule, days_ago(69));
}

#[test]
fn an_interval_is_agreed_or_that_of_its_kind_or_the_usual_one_and_short_where_there_is_danger() {
    let said = |usual, risk, road| {
        let inspection = Intervals::of(|key| match key {
            Key::InspectionDays => usual,
            Key::RiskInspectionDays => risk,
            Key::InspectionDaysOf(Subclass::Road) => road,
            _ => 0,
        });
        Thresholds { inspection, ..Thresholds::default() }
    };
    let road = Facts::sound().but(|facts| facts.asset.subclass = Some(Subclass::Road));
    let days = |facts: &Facts, thresholds| rules::interval(&facts.facts(), &thresholds, today());
    assert_eq!(days(&road, said(0, 0, 0)), None);
    assert_eq!(days(&road, said(90, 7, 0)), Some(90));
    assert_eq!(days(&road, said(90, 7, 30)), Some(30));
    let clinic = road.but(|facts| facts.asset.subclass = Some(Subclass::Health));
    assert_eq!(days(&clinic, said(90, 7, 30)), Some(90));
    let agreed = road.but(|facts| facts.duties[0].interval_days = Some(120));
    assert_eq!(days(&agreed, said(90, 7, 30)), Some(120));
    let danger =
        agreed.but(|facts| facts.upkeep = Some(found_ago(1, inspection::Condition::Danger)));
    assert_eq!(days(&danger, said(90, 7, 30)), Some(7));
    assert_eq!(days(&danger, said(90, 0, 30)), Some(120));
    let damaged = road.but(|facts| facts.asset.condition = Some(Condition::BadlyDamaged));
    assert_eq!(days(&damaged, said(0, 7, 0)), Some(7));
}

#[test]
fn an_asset_is_due_on_the_day_before_g06_is_found() {
    let due = |facts: &Facts| inspection_due(&facts.facts(), &Thresholds::default(), today());
    let agreed = Facts::sound().but(|facts| facts.duties[0].interval_days = Some(30));
    for days in [0, 29, 30, 31, 300] {
        let seen = found_ago(days, inspection::Condition::Good);
        let facts = agreed.but(|facts| facts.upkeep = Some(seen.clone()));
        let on = due(&facts).expect("a day");
        assert_eq!(on, days_ago(days) + Days::new(30));
        let found = evaluate(&facts.facts(), &Thresholds::default(), today());
        let is_found = found.iter().any(|one| one.rule == Rule::InspectionOverdue);
        assert_eq!(is_found, on < today(), "{days}");
    }
    // nobody has to look: nothing is asked, the rule is left out, it is gone
    assert_eq!(due(&Facts::sound()), None);
    let mut without = Thresholds::default();
    without.leave_out(Rule::InspectionOverdue);
    assert_eq!(inspection_due(&agreed.facts(), &without, today()), None);
    assert_eq!(due(&agreed.but(|facts| facts.asset.condition = Some(Condition::Gone))), None);
}
