//! The sample keeps the shape of a real register, and is the same whenever it is made.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::{
    asset::{Class, Subclass},
    finding::Rule,
    funding::Fund,
    money::Money,
};

use super::*;
use crate::domain::{
    asset::{Completeness, check},
    credit_code::CreditCode,
    funding,
    reading::phone,
    title::check_holders,
};

const SEED: u64 = 20_260_630;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day")
}

fn sample() -> Sample {
    Sample::new(SEED, day())
}

#[test]
fn a_seed_makes_one_county_and_another_seed_another() {
    assert_eq!(sample(), sample());
    assert_ne!(sample().entries, Sample::new(SEED + 1, day()).entries);
}

#[test]
fn the_day_never_lies_ahead() {
    let at = |text: &str| text.parse::<NaiveDate>().expect("a day");
    for (today, expected) in [
        ("2031-01-01", "2026-06-30"),
        ("2026-06-30", "2026-06-30"),
        ("2026-06-29", "2025-06-30"),
        ("2024-12-31", "2024-06-30"),
    ] {
        assert_eq!(day_for(at(today)), at(expected), "{today}");
    }
}

#[test]
fn the_areas_are_a_tree_of_unique_codes() {
    let areas = sample().areas;
    let codes: BTreeSet<_> = areas.iter().map(|area| area.area_code).collect();
    let names: BTreeSet<_> = areas.iter().map(|area| &area.name).collect();
    assert_eq!((areas.len(), codes.len(), names.len()), (105, 105, 105));
    for area in &areas {
        assert!(crate::domain::area::check(area).is_empty(), "{area:?}");
        assert!(area.parent_code.is_none_or(|parent| codes.contains(&parent)));
    }
    for code in [COUNTY, TOWN, VILLAGE] {
        assert!(codes.contains(&code.parse().expect("a code")), "{code}");
    }
}

#[test]
fn the_mix_is_that_of_a_real_district() {
    let entries = sample().entries;
    assert_eq!(entries.len(), 1_250);
    let mut mix: BTreeMap<Class, (i64, i64)> = BTreeMap::new();
    for entry in &entries {
        let sum = mix.entry(entry.asset.class).or_default();
        sum.0 += 1;
        sum.1 += entry.asset.original_value.map_or(0, Money::fen);
    }
    let total: i64 = mix.values().map(|(_, fen)| fen).sum();
    for (class, n, mean) in [
        (Class::Public, 990, 519_000),
        (Class::Operating, 95, 902_000),
        (Class::Household, 165, 207_000),
    ] {
        let (found, fen) = mix[&class];
        assert_eq!(found, n, "{class:?}");
        let apart = (fen / 100 / n - mean).abs() * 100 / mean;
        assert!(apart <= 2, "{class:?}: {} yuan on average", fen / 100 / n);
    }
    let public = mix[&Class::Public].1 * 100 / total;
    assert!((78..=86).contains(&public), "{public} % of the value is public");
}

#[test]
fn every_subclass_and_era_occurs() {
    let entries = sample().entries;
    for subclass in Subclass::ALL {
        let n = entries.iter().filter(|entry| entry.asset.subclass == Some(*subclass)).count();
        assert!(n >= 2, "{subclass:?}: {n}");
    }
    for source in entries.iter().flat_map(|entry| &entry.sources) {
        let year = source.year.expect("a year");
        assert!((2014..=2025).contains(&year));
        assert!(source.fund != Some(Fund::FiscalSpecial) || year <= 2020, "{source:?}");
        assert!(source.fund != Some(Fund::Transition) || year >= 2021, "{source:?}");
    }
}

#[test]
fn every_card_passes_the_rules_and_nothing_is_later_than_the_day() {
    for (number, entry) in sample().entries.iter().enumerate() {
        let asset = &entry.asset;
        let mistakes = check(asset, Completeness::Whole, day());
        assert!(mistakes.is_empty(), "{number}: {mistakes:?}");
        assert!(check_holders(&entry.holders).is_ok(), "{number}");
        assert!(funding::check(&entry.sources).is_empty(), "{number}");
        let title = entry.title.as_ref();
        let days = [
            asset.acquired_on,
            asset.booked_on,
            asset.idle_since,
            title.and_then(|title| title.confirmed_on),
            title.and_then(|title| title.certificate_issued_on),
        ];
        assert!(days.into_iter().flatten().all(|later| later <= day()), "{number}: {days:?}");
        for (kind, party, terms) in &entry.duties {
            assert!(terms.from_on.is_some_and(|from| from <= day()), "{number}: {terms:?}");
            let duty = duty::with(*kind, asset, *party, terms);
            assert!(duty::check_term(&duty).is_ok(), "{number}");
        }
    }
}

#[test]
fn money_sums_to_the_fen_but_where_a_gap_is_planted() {
    let mut n_gaps = 0;
    for entry in &sample().entries {
        let amounts: Option<Vec<Money>> = entry.sources.iter().map(|one| one.amount).collect();
        let sum = amounts.and_then(Money::total);
        assert!((1..=4).contains(&entry.sources.len()));
        let is_gap = findings(entry, day()).contains(&Rule::FundingGap);
        let nominal = entry.asset.valuation == Some(asset::Valuation::Nominal);
        assert!(is_gap || nominal || sum == entry.asset.original_value, "{:?}", entry.asset);
        n_gaps += usize::from(is_gap);
    }
    assert!((20..=60).contains(&n_gaps), "{n_gaps}");
}

#[test]
fn every_shortcoming_is_planted() {
    let entries = sample().entries;
    // what a stock-take says, what was registered twice, and what contracts say is no part of a card:
    // `app/demo/stock_take.rs`, `app/demo/contract.rs`
    let is_told_later = |rule: &Rule| {
        use Rule::{ContractEnded, Differs, Duplicate, NoContract, TermTooLong};
        matches!(rule, Differs | Duplicate | NoContract | ContractEnded | TermTooLong)
    };
    let mut found: Vec<Vec<Rule>> = entries.iter().map(|entry| findings(entry, day())).collect();
    for rules in &mut found {
        rules.retain(|rule| !is_told_later(rule));
    }
    let n = |rule| found.iter().filter(|rules| rules.contains(&rule)).count();
    for rule in Rule::ALL.iter().filter(|rule| !is_told_later(rule)) {
        assert!(n(*rule) >= 2, "{rule:?}: {}", n(*rule));
    }
    let maintained = entries
        .iter()
        .filter(|entry| entry.asset.class != Class::Household && !entry.asset.form.is_claim());
    let lacking = (n(Rule::NoMaintainer) + n(Rule::MaintainerUnknown)) * 1_000 / maintained.count();
    assert!((15..=45).contains(&lacking), "{lacking} of a thousand lack a maintainer");
    let clean = found.iter().filter(|rules| rules.is_empty()).count();
    assert!(clean * 5 > entries.len() * 2, "{clean} without any finding");
    let gone = asset::Condition::Gone;
    assert!(entries.iter().filter(|entry| entry.asset.condition == Some(gone)).count() >= 2);
    let unfinished = asset::UseState::UnderConstruction;
    assert!(entries.iter().filter(|one| one.asset.use_state == Some(unfinished)).count() >= 2);
    let joint = entries.iter().filter(|entry| {
        entry.holders.iter().any(|holder| holder.share != entity::share::Share::WHOLE)
    });
    assert!(joint.count() >= 10);
}

#[test]
fn organizations_and_people_are_sound_and_plainly_invented() {
    let sample = sample();
    let mut codes = BTreeSet::new();
    for body in &sample.bodies {
        assert!(crate::domain::organization::check(&body.organization).is_empty());
        if let Some(code) = &body.organization.credit_code {
            let code = CreditCode::read(code).expect("a code");
            assert_eq!(code.warnings(), [], "{code}");
            assert_eq!(code.area(), &COUNTY[..6]);
            assert!(codes.insert(code.to_string()), "{code} twice");
        }
    }
    let keepers = sample.keepers.iter().map(|keeper| &keeper.contact);
    let contacts = keepers.chain(sample.bodies.iter().filter_map(|body| body.contact.as_ref()));
    let mut phones = BTreeSet::new();
    for contact in contacts {
        assert_eq!(phone(&contact.phone).as_deref(), Ok(contact.phone.as_str()));
        assert!(contact.phone.starts_with("199000"));
        assert!(phones.insert(&contact.phone), "{} twice", contact.phone);
    }
}

#[test]
fn projects_have_several_assets_and_their_money() {
    let sample = sample();
    for (place, work) in sample.projects.iter().enumerate() {
        assert!(crate::domain::project::check(work, day()).is_empty(), "{work:?}");
        let of =
            |entry: &&Entry| entry.asset.project_id.map(|id| id.0) == i64::try_from(place).ok();
        let assets: Vec<_> = sample.entries.iter().filter(of).collect();
        assert!((1..=6).contains(&assets.len()));
        let budget = Money::total(assets.iter().filter_map(|entry| entry.asset.budget));
        assert_eq!(work.budget.unwrap_or(Money::ZERO), budget.expect("a sum"));
    }
    assert!(sample.projects.len() * 3 < sample.entries.len());
}

#[test]
fn the_history_has_every_kind_of_event() {
    let history = sample().history;
    let kind = |event: &Event| format!("{event:?}").split('(').next().map(str::to_owned);
    let mut n: BTreeMap<_, usize> = BTreeMap::new();
    for event in &history {
        *n.entry(kind(event).expect("a name")).or_default() += 1;
    }
    let n: Vec<(&str, usize)> = n.iter().map(|(kind, n)| (kind.as_str(), *n)).collect();
    let expected = [
        ("Amended", 5),
        ("AreaMerged", 1),
        ("AreaRenamed", 1),
        ("Corrected", 3),
        ("HandedOver", 2),
        ("MaintainerFound", 2),
        ("Merged", 1),
        ("OrganizationEnded", 2),
        ("PersonLeft", 2),
        ("Reclassed", 1),
        ("Split", 1),
        ("TitleConfirmed", 1),
        ("Waived", 4),
    ];
    assert_eq!(n, expected);
}
