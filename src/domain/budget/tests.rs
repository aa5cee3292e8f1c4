//! Budgets: what is set aside is what is spent, committed and left; copies lose no fen; costs are exact.

use entity::{
    asset::{Class, Unit},
    id::UpkeepFundId,
    measure::Quantity,
};
use proptest::prelude::*;

use super::{
    copy::{Plan, plan},
    cost::{Extent, by_standard, extent, extent_of, median, per_unit},
    *,
};
use crate::domain::asset as cards;

const VILLAGE: &str = "520381100201";

fn code(text: &str) -> AreaCode {
    text.parse().expect("a code")
}

fn yuan(text: &str) -> Money {
    text.parse().expect("an amount")
}

fn fund(received: &str) -> upkeep_fund::Model {
    upkeep_fund::Model {
        id: UpkeepFundId(3),
        received: yuan(received),
        ..funds::blank(code("520381000000"), 2026)
    }
}

fn whole(area: &str) -> Target {
    Target { area: code(area), asset: None, subclass: None }
}

fn made(amount: &str) -> Model {
    let set = set(&fund("100000.00"), whole(VILLAGE), (2026, yuan(amount)), &[]);
    set.expect("a budget").1
}

fn holds(budget: &Model) {
    let sum = [budget.spent, budget.committed, budget.remaining];
    assert_eq!(Money::total(sum), Some(budget.set_aside));
}

#[test]
fn money_is_set_aside_once_for_a_target_from_a_fund() {
    let fund = fund("100.00");
    let target = whole(VILLAGE);
    let (drawn, row) = set(&fund, target, (2026, yuan("60.00")), &[]).expect("set aside");
    assert_eq!((drawn.set_aside, drawn.balance()), (yuan("60.00"), yuan("40.00")));
    holds(&row);
    let code_of = |done: Result<(upkeep_fund::Model, Model), Refusal>| done.map_err(|no| no.code);
    let there = std::slice::from_ref(&row);
    assert_eq!(code_of(set(&drawn, target, (2026, yuan("1.00")), there)), Err("budget.there"));
    let roads = Target { subclass: Some(Subclass::Road), ..target };
    assert!(set(&drawn, roads, (2026, yuan("40.00")), there).is_ok());
    assert_eq!(code_of(set(&drawn, roads, (2026, yuan("40.01")), there)), Err("fund.short"));
    let elsewhere = whole("520382100201");
    let done = set(&fund, elsewhere, (2026, yuan("1.00")), &[]);
    assert_eq!(code_of(done), Err("fund.held_elsewhere"));
}

#[test]
fn a_target_is_an_asset_or_a_village_or_a_town() {
    let fields = |target: Target| {
        let mistakes = target.check(None).expect("no refusal").0;
        mistakes.into_iter().map(|one| one.field.into_owned()).collect::<Vec<_>>()
    };
    assert!(fields(whole(VILLAGE)).is_empty() && fields(whole("520381100000")).is_empty());
    assert_eq!(fields(whole("520381000000")), ["area_code"]);
    let both = Target { asset: Some(AssetId(1)), subclass: Some(Subclass::Road), ..whole(VILLAGE) };
    assert_eq!(fields(both), ["subclass"]);
    let claim = Target { subclass: Some(Subclass::Debt), ..whole(VILLAGE) };
    assert_eq!(claim.check(None).map_err(|no| no.code), Err("duty.claim_has_no_upkeep"));
    let gone = asset::Model {
        state: asset::State::Void,
        ..cards::blank(code(VILLAGE), Class::Public, "桥")
    };
    let one = Target { asset: Some(AssetId(0)), ..whole(VILLAGE) };
    assert_eq!(one.check(Some(&gone)).map_err(|no| no.code), Err("asset.not_held"));
}

#[test]
fn the_year_and_the_amount_are_within_bounds() {
    let today = NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day");
    let wrong = |year, amount: &str| check(&fund("9.00"), year, yuan(amount), today).len();
    for (year, n) in [(2026, 0), (2027, 0), (2028, 1), (2025, 1), (2011, 2)] {
        assert_eq!(wrong(year, "0.01"), n, "{year}");
    }
    assert_eq!((wrong(2026, "0.00"), wrong(2026, "-1.00")), (1, 1));
}

#[test]
fn a_budget_is_amended_down_to_what_is_used_and_up_to_what_the_fund_has() {
    let fund = upkeep_fund::Model { set_aside: yuan("60.00"), ..fund("100.00") };
    let used = book(&made("60.00"), yuan("10.00"), yuan("20.00")).expect("room");
    let to = |amount: &str| amend(&fund, &used, yuan(amount)).map_err(|no| no.code);
    let (drawn, least) = to("30.00").expect("as much as is used");
    assert_eq!((drawn.set_aside, least.remaining), (yuan("30.00"), Money::ZERO));
    holds(&least);
    assert_eq!(to("29.99"), Err("budget.below_used"));
    assert_eq!(to("60.00"), Err("row.nothing_changed"));
    let (drawn, most) = to("100.00").expect("as much as there is");
    assert_eq!((drawn.balance(), most.remaining), (Money::ZERO, yuan("70.00")));
    assert_eq!(to("100.01"), Err("fund.short"));
}

#[test]
fn nothing_goes_beyond_what_is_left_and_what_was_approved() {
    let budget = made("10.00");
    let all = book(&budget, yuan("4.00"), yuan("6.00")).expect("all of it");
    holds(&all);
    let refused = book(&budget, Money::ZERO, yuan("10.01")).expect_err("a fen too much");
    assert_eq!(refused.code, "budget.short");
    for figure in ["10.01", "10.00", "0.00"] {
        assert!(refused.sentence.zh.contains(figure), "{}", refused.sentence.zh);
    }
    let raised = Model { allowed_over: yuan("1.00"), ..all };
    let over = book(&raised, Money::ZERO, yuan("1.00")).expect("what was approved");
    assert_eq!((over.remaining, room(&over)), (yuan("-1.00"), Money::ZERO));
    holds(&over);
    assert!(book(&over, Money::ZERO, yuan("0.01")).is_err());
    // nothing is given back that was not taken
    assert!(book(&budget, yuan("-0.01"), Money::ZERO).is_err());
    assert!(book(&budget, Money::MAX, Money::MAX).is_err());
}

#[test]
fn a_budget_is_for_its_asset_or_for_what_lies_in_its_place() {
    let road = asset::Model {
        subclass: Some(Subclass::Road),
        ..cards::blank(code(VILLAGE), Class::Public, "路")
    };
    let of = |area: &str, asset, subclass| Model {
        area_code: code(area),
        asset_id: asset,
        subclass,
        ..made("1.00")
    };
    for (area, asset, subclass, expected) in [
        (VILLAGE, None, None, true),
        ("520381100000", None, None, true),
        ("520381100202", None, None, false),
        (VILLAGE, None, Some(Subclass::Road), true),
        (VILLAGE, None, Some(Subclass::Health), false),
        (VILLAGE, Some(road.id), None, true),
        (VILLAGE, Some(AssetId(77)), None, false),
    ] {
        assert_eq!(is_for(&of(area, asset, subclass), &road), expected, "{area} {subclass:?}");
    }
}

fn of_last_year(amounts: &[i64]) -> Vec<Model> {
    let row = |(place, fen): (usize, &i64)| {
        let amount = Money::from_fen(*fen);
        let area = code(&format!("520381100{:03}", 201 + place));
        Model { area_code: area, set_aside: amount, remaining: amount, year: 2025, ..made("1.00") }
    };
    amounts.iter().enumerate().map(row).collect()
}

#[test]
fn a_copy_is_reckoned_once_and_divided() {
    let last = of_last_year(&[100, 100, 100, 0]);
    let Plan { lines, before, after, n_there } = plan(&last, &[], 500).expect("a plan");
    assert_eq!((before.fen(), after.fen(), n_there), (300, 315, 0));
    assert_eq!(lines.iter().map(|line| line.after.fen()).collect::<Vec<_>>(), [105, 105, 105]);
    // 3.33 % of 3 fen more: the total is rounded once
    let small = plan(&of_last_year(&[1, 1, 1]), &[], 1_667).expect("a plan");
    assert_eq!(small.after.fen(), 4);
    assert_eq!(small.lines.iter().map(|line| line.after.fen()).collect::<Vec<_>>(), [2, 1, 1]);
    // several funds of one target are one line, and what is there is left out
    let mut twice = of_last_year(&[70, 10]);
    twice.push(Model { fund_id: UpkeepFundId(9), ..twice[0].clone() });
    let there = Model { year: 2026, ..twice[1].clone() };
    let one = plan(&twice, &[there], 0).expect("a plan");
    assert_eq!((one.lines.len(), one.n_there, one.after.fen()), (1, 1, 140));
    assert!(plan(&[], &[], 0).expect("a plan").lines.is_empty());
    assert_eq!(plan(&of_last_year(&[Money::MAX.fen(), 1]), &[], 0), None);
    assert_eq!(plan(&of_last_year(&[Money::MAX.fen()]), &[], 1), None);
}

#[test]
fn a_rate_has_its_bounds() {
    let most = limits::COPY_RATE_BP;
    for (rate, n) in [(most, 0), (most + 1, 1), (-most, 0), (-most - 1, 1)] {
        assert_eq!(copy::check(rate).len(), n, "{rate}");
    }
}

proptest! {
    #[test]
    fn copies_come_to_their_total(
        amounts in prop::collection::vec(0..=10_000_000_000_i64, 0..60),
        rate in -limits::COPY_RATE_BP..=limits::COPY_RATE_BP,
    ) {
        let plan = plan(&of_last_year(&amounts), &[], rate).expect("a plan");
        let sum = |of: fn(&copy::Line) -> Money| Money::total(plan.lines.iter().map(of));
        prop_assert_eq!(sum(|line| line.after), Some(plan.after));
        let exact = i128::from(plan.before.fen()) * i128::from(10_000 + rate);
        let away = i128::from(plan.after.fen()) * 10_000 - exact;
        prop_assert!((-5_000..=5_000).contains(&away), "{} fen of {}", away, exact);
    }

    #[test]
    fn a_cost_is_the_nearest_fen(fen in 0..=1_000_000_000_000_i64, n in 1..=1_000_000_000_i128) {
        let (_, amount) = extent(Subclass::Road, Unit::Kilometre, n);
        let cost = i128::from(per_unit(Money::from_fen(fen), amount).expect("a cost").fen());
        // cost × n ten-thousandths is within half a fen a unit of what was spent
        let away = (cost * n - i128::from(fen) * 10_000).abs();
        prop_assert!(2 * away <= n);
    }
}

#[test]
fn what_a_unit_costs() {
    let km = |ten_thousandths| extent(Subclass::Road, Unit::Kilometre, ten_thousandths).1;
    // 汉阴: 4,668,900.00 yuan on 1,944.54 km
    assert_eq!(per_unit(yuan("4668900.00"), km(19_445_400)), Some(yuan("2401.03")));
    assert_eq!(by_standard(yuan("3000.00"), km(19_445_400)), Some(yuan("5833620.00")));
    // metres of a road are kilometres, metres of what is counted in sites stay metres
    let (unit, metres) = extent(Subclass::Road, Unit::Metre, 15_005_000);
    assert_eq!((unit, metres.told().as_str()), (Unit::Kilometre, "1.5005"));
    assert_eq!(extent(Subclass::Road, Unit::Kilometre, 15_005).1, metres);
    assert_eq!(extent(Subclass::Sports, Unit::Metre, 10_000).0, Unit::Metre);
    assert_eq!(per_unit(yuan("1.00"), Extent::NONE), None);
    assert_eq!(per_unit(yuan("-0.01"), km(1)), None);
    let road = asset::Model {
        subclass: Some(Subclass::Road),
        unit: Some(Unit::Kilometre),
        quantity: Quantity::from_ten_thousandths(25_000),
        ..cards::blank(code(VILLAGE), Class::Public, "路")
    };
    assert_eq!(extent_of(&road).map(|(.., extent)| extent.told()), Some("2.5".to_owned()));
    assert_eq!(extent_of(&asset::Model { unit: None, ..road }), None);
}

#[test]
fn the_middle_one_of_some_costs() {
    let of = |fen: &[i64]| median(fen.iter().map(|fen| Money::from_fen(*fen)).collect());
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[7]), Some(Money::from_fen(7)));
    assert_eq!(of(&[9, 1, 5]), Some(Money::from_fen(5)));
    assert_eq!(of(&[9, 1, 5, 6]), Some(Money::from_fen(6)), "half a fen upwards");
}

#[test]
fn whether_there_is_something_decides_and_how_much_does_not() {
    let today = NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day");
    let (none, some) = (Model { set_aside: Money::ZERO, ..made("1.00") }, made("1.00"));
    let more = made("2.00");
    for (before, after, expected) in [
        (None, &some, true),
        (None, &none, false),
        (Some(&some), &more, false),
        (Some(&some), &none, true),
        (Some(&none), &some, true),
    ] {
        assert_eq!(decides_findings(before, after, today), expected);
    }
    let next = Model { year: 2027, ..made("1.00") };
    let own = Model { asset_id: Some(AssetId(1)), ..made("1.00") };
    assert!(!decides_findings(None, &next, today) && !decides_findings(None, &own, today));
}
