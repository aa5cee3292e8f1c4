//! Which value of a local rule holds where and when.

use entity::{area::AreaCode, finding::Rule, id::SettingId};

use super::*;
use crate::limits;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn code(text: &str) -> AreaCode {
    text.parse().expect("a code")
}

const PROVINCE: &str = "520000000000";
const PREFECTURE: &str = "520300000000";
const COUNTY: &str = "520381000000";
const TOWN: &str = "520381100000";
const VILLAGE: &str = "520381100201";

/// A value of a rule, numbered so that the later one of a test is the later row.
fn row(id: i64, area: &str, value: &str, from: &str) -> Model {
    let set_at = format!("{from}T02:00:00Z").parse().expect("an instant");
    Model {
        id: SettingId(id),
        created_at: set_at,
        updated_at: set_at,
        ..proposed(area, value, from).row().expect("a value")
    }
}

fn proposed(area: &str, value: &str, from: &str) -> Proposal {
    Proposal {
        key: Key::IdleDays,
        area: code(area),
        value: value.to_owned(),
        basis_title: "资产管理办法".to_owned(),
        basis_no: None,
        from_on: day(from),
    }
}

#[test]
fn the_nearest_area_rules_and_of_its_values_the_latest_that_has_begun() {
    let withdrawn =
        Model { withdrawn_on: Some(day("2026-01-01")), ..row(9, TOWN, "1", "2026-02-01") };
    let rules = LocalRules::new(vec![
        row(1, PROVINCE, "100", "2026-01-01"),
        row(2, COUNTY, "60", "2026-03-01"),
        row(3, COUNTY, "50", "2026-05-01"),
        row(4, PROVINCE, "200", "2026-06-01"),
        row(5, "520382000000", "7", "2026-01-01"),
        withdrawn,
    ]);
    let idle = |area: &str, on: &str| rules.number(Key::IdleDays, code(area), day(on));
    for (area, on, expected) in [
        (VILLAGE, "2025-12-31", 180),
        (VILLAGE, "2026-01-01", 100),
        (VILLAGE, "2026-02-28", 100),
        (VILLAGE, "2026-03-01", 60),
        (TOWN, "2026-04-30", 60),
        (COUNTY, "2026-05-01", 50),
        // what the province says later does not reach where the county has said something
        (VILLAGE, "2026-06-01", 50),
        (PREFECTURE, "2026-06-01", 200),
        ("520383100201", "2026-06-01", 200),
        ("520382100201", "2026-06-01", 7),
        ("530000000000", "2026-06-01", 180),
        ("000000000000", "2026-06-01", 180),
    ] {
        assert_eq!(idle(area, on), expected, "{area} on {on}");
        assert_eq!(rules.thresholds(code(area), day(on)).idle_days, expected, "{area} on {on}");
    }
    // other rules are as they were
    assert_eq!(rules.number(Key::TitleDays, code(VILLAGE), day("2026-06-01")), 90);
}

#[test]
fn what_was_set_later_that_day_was_not_known_before() {
    let at = |hour: u32| format!("2026-06-01T{hour:02}:00:00Z").parse().expect("an instant");
    let set =
        |id, key, hour| Model { key, created_at: at(hour), ..row(id, COUNTY, "5", "2026-06-01") };
    let rules = LocalRules::new(vec![
        row(1, COUNTY, "60", "2026-03-01"),
        set(2, Key::IdleDays, 2),
        set(3, Key::TitleDays, 4),
    ]);
    let on = day("2026-06-01");
    let both = |rules: &LocalRules| {
        let thresholds = rules.thresholds(code(COUNTY), on);
        (thresholds.idle_days, thresholds.title_days)
    };
    let known: Vec<_> = rules.in_the_course_of(on).iter().map(both).collect();
    assert_eq!(known, [(5, 5), (60, 90), (5, 90)]);
    assert_eq!(rules.in_the_course_of(day("2026-06-02")).len(), 1);
    assert_eq!(rules.in_the_course_of(day("2026-03-01")).len(), 2);
    let seen = [1, 2, 3, 4].map(|hour| both(&rules.known_at(at(hour))));
    assert_eq!(seen, [(60, 90), (5, 90), (5, 90), (5, 5)]);
}

#[test]
fn a_rule_is_switched_off_where_it_is_said_and_nowhere_else() {
    let off = |id, value: &str| Model {
        key: Key::Check(Rule::Idle),
        value: value.to_owned(),
        ..row(id, COUNTY, "1", "2026-06-01")
    };
    let rules = LocalRules::new(vec![off(1, "no")]);
    let checks = |area: &str, rule| rules.thresholds(code(area), day("2026-06-01")).checks(rule);
    assert!(!checks(VILLAGE, Rule::Idle) && checks(VILLAGE, Rule::NoMaintainer));
    assert!(checks(PREFECTURE, Rule::Idle));
    let rules = rules.with(Model { area_code: code(TOWN), ..off(2, "yes") });
    assert!(rules.thresholds(code(VILLAGE), day("2026-06-01")).checks(Rule::Idle));
}

#[test]
fn values_are_read_as_people_type_them_and_told_with_their_units() {
    let read = |key, text| Definition::of(key).read(text).map(Value::kept).ok();
    for (key, text, kept) in [
        (Key::IdleDays, "１８０", Some("180")),
        (Key::IdleDays, "1", Some("1")),
        (Key::IdleDays, "3650", Some("3650")),
        (Key::IdleDays, "0", None),
        (Key::IdleDays, "3651", None),
        (Key::IdleDays, "1.5", None),
        (Key::TitleTarget, "95", Some("9500")),
        (Key::TitleTarget, "95.5%", Some("9550")),
        (Key::TitleTarget, "0.01", Some("1")),
        (Key::TitleTarget, "100", Some("10000")),
        (Key::TitleTarget, "100.01", None),
        (Key::TitleTarget, "95.123", None),
        (Key::TitleTarget, "-1", None),
        (Key::TitleTarget, "", None),
        (Key::Check(Rule::Idle), "否", Some("no")),
        (Key::Check(Rule::Idle), "yes", Some("yes")),
        (Key::Check(Rule::Idle), "也许", None),
        (Key::AssetFamily, "帮扶", Some("assistance")),
        (Key::AssetFamily, "assistance", Some("assistance")),
        (Key::AssetFamily, "乡村振兴", None),
    ] {
        assert_eq!(read(key, text).as_deref(), kept, "{key} {text}");
    }
    for key in Key::all() {
        let definition = Definition::of(key);
        assert_eq!((definition.key, definition.default), (key, default_of(key)));
        let read = definition.read(&definition.default.typed());
        assert_eq!(read, Ok(definition.default), "{key}");
        let told = definition.default.told();
        assert!(!told.zh.is_empty() && !told.en.is_empty(), "{key}");
    }
    let told = [9_550, 9_500, 5, 10_000].map(|points| Value::BasisPoints(points).told().en);
    assert_eq!(told, ["95.5%", "95%", "0.05%", "100%"]);
}

#[test]
fn a_value_needs_a_document() {
    let wrong = |proposal: &Proposal| {
        let mistakes = proposal.row().expect_err("a mistake").0;
        mistakes.iter().map(|mistake| mistake.field.to_string()).collect::<Vec<_>>()
    };
    let whole = proposed(COUNTY, "90", "2026-06-01");
    let longest = "文".repeat(limits::ORGANIZATION_NAME_LENGTH);
    assert!(Proposal { basis_title: longest.clone(), ..whole.clone() }.row().is_ok());
    for title in [String::new(), "  ".to_owned(), format!("{longest}文")] {
        assert_eq!(wrong(&Proposal { basis_title: title, ..whole.clone() }), ["basis_title"]);
    }
    let number = "号".repeat(limits::CODE_LENGTH);
    assert!(Proposal { basis_no: Some(number.clone()), ..whole.clone() }.row().is_ok());
    assert_eq!(
        wrong(&Proposal { basis_no: Some(format!("{number}号")), ..whole.clone() }),
        ["basis_no"]
    );
    let both = Proposal { value: "x".to_owned(), basis_title: String::new(), ..whole };
    assert_eq!(wrong(&both), ["value", "basis_title"]);
}

#[test]
fn a_value_follows_those_before_and_is_never_overwritten() {
    let today = day("2026-06-10");
    let own = [row(1, COUNTY, "60", "2026-03-01"), row(2, COUNTY, "50", "2026-07-01")];
    let tried = |value: &str, from: &str, own: &[Model]| {
        set(&row(0, COUNTY, value, from), own, today).map_err(|refusal| refusal.code)
    };
    assert_eq!(tried("40", "2026-06-09", &own[..1]), Err("day.passed"));
    assert_eq!(tried("40", "2026-06-10", &own[..1]), Ok(()));
    assert_eq!(tried("40", "2026-06-10", &own), Err("rule.later_there"));
    assert_eq!(tried("40", "2026-07-01", &own), Err("rule.later_there"));
    assert_eq!(tried("40", "2026-07-02", &own), Ok(()));
    assert_eq!(tried("50", "2026-07-02", &own), Err("row.nothing_changed"));
    assert_eq!(tried("40", "2036-06-08", &own), Err("rule.too_far"));
    assert_eq!(tried("40", "2036-06-07", &own), Ok(()));
    let gone = withdraw(&own[1], today).expect("withdrawn");
    assert_eq!(gone.withdrawn_on, Some(today));
    assert_eq!(tried("40", "2026-06-10", &[own[0].clone(), gone.clone()]), Ok(()));
    let code = |row: &Model| withdraw(row, today).map_err(|refusal| refusal.code);
    assert_eq!(code(&gone), Err("rule.withdrawn"));
    assert_eq!(code(&own[0]), Err("rule.in_force"));
    assert_eq!(withdraw(&own[1], day("2026-07-01")).map_err(|no| no.code), Err("rule.in_force"));
    let many = vec![gone; limits::RULE_VALUES];
    assert_eq!(tried("40", "2026-06-10", &many[1..]), Ok(()));
    assert_eq!(tried("40", "2026-06-10", &many), Err("rule.values_full"));
}

#[test]
fn every_rule_is_explained_with_what_it_goes_by() {
    use crate::domain::deficiency::{Thresholds, computed};
    let changed = [
        (Rule::TitleUnconfirmed, "91 天"),
        (Rule::NotHandedOver, "92 天"),
        (Rule::NoCertificate, "93 天"),
        (Rule::Idle, "94 天"),
    ];
    let mut thresholds = Thresholds {
        title_days: 91,
        handover_days: 92,
        certificate_days: 93,
        idle_days: 94,
        ..Thresholds::default()
    };
    let mut told: Vec<Sentence> = Vec::new();
    for rule in Rule::ALL {
        let sentence = computed(*rule, &thresholds);
        assert!(!sentence.zh.is_empty() && !sentence.en.is_empty(), "{rule:?}");
        if let Some((_, days)) = changed.iter().find(|(one, _)| one == rule) {
            assert!(sentence.zh.contains(days), "{sentence:?}");
            assert!(sentence.en.contains(&days.replace("天", "days")), "{sentence:?}");
        }
        assert!(!told.contains(&sentence), "{rule:?}");
        told.push(sentence);
    }
    thresholds.leave_out(Rule::Idle);
    assert_ne!(computed(Rule::Idle, &thresholds), told[Rule::Idle as usize]);
}
