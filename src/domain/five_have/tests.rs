//! Each of the five: the one change that gives it, and the one that takes it away.

use std::sync::Arc;

use chrono::DateTime;
use entity::{
    asset::{self, Form},
    budget,
    id::{AssetId, InspectionId, OrganizationId, PersonId, SettingId, UpkeepId},
    inspection::Condition,
    setting::{self, Key},
    upkeep, upkeep_fund,
};

use super::*;
use crate::domain::{
    asset as cards, budget as budgets,
    duty::{Terms, with},
    setting::LocalRules,
    title::Party,
    upkeep_fund as funds,
};

const BODY: Party = Party::Organization(OrganizationId(1));
const PERSON: Party = Party::Person(PersonId(1));

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn today() -> NaiveDate {
    day("2026-06-01")
}

/// What is known of an asset, owned.
#[derive(Clone)]
struct Known {
    asset: asset::Model,
    duties: Vec<duty::Model>,
    upkeep: Option<upkeep::Model>,
    budgets: Vec<Arc<budget::Model>>,
}

impl Known {
    /// A public asset that has all five.
    fn whole() -> Known {
        let area = "520381100201".parse().expect("a code");
        let asset = asset::Model { id: AssetId(1), ..cards::blank(area, Class::Public, "桥") };
        let terms = Terms {
            agreement_no: Some("石管护2026-7".into()),
            standard: Some("每月清扫".into()),
            annual_budget: Some(Money::from_fen(1)),
            ..Terms::default()
        };
        let duties = vec![
            with(Kind::Maintainer, &asset, BODY, &terms),
            with(Kind::Keeper, &asset, PERSON, &Terms::default()),
        ];
        let upkeep = upkeep::Model {
            id: UpkeepId(1),
            area_code: area,
            asset_id: asset.id,
            inspection_id: InspectionId(1),
            inspected_on: day("2025-06-01"),
            inspected_at: DateTime::UNIX_EPOCH,
            condition: Condition::Good,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        Known { asset, duties, upkeep: Some(upkeep), budgets: Vec::new() }
    }

    fn but(&self, change: impl FnOnce(&mut Known)) -> Known {
        let mut next = self.clone();
        change(&mut next);
        next
    }

    fn by(&self, local: &LocalRules) -> Option<Model> {
        let facts = AssetFacts {
            asset: &self.asset,
            title: None,
            holdings: &[],
            duties: &self.duties,
            funding: &[],
            waivers: &[],
            upkeep: self.upkeep.as_ref(),
            work_orders: &[],
            revivals: &[],
            budgets: &self.budgets,
            discrepancies: &[],
            contracts: &[],
        };
        five_haves(&facts, &local.thresholds(self.asset.area_code, today()), today())
    }

    /// Which are lacking.
    fn lacks(&self) -> Vec<Have> {
        let row = self.by(&LocalRules::default()).expect("asked");
        Have::ALL.iter().copied().filter(|have| !row.has(*have)).collect()
    }
}

#[test]
fn each_is_there_and_is_lacking_alone() {
    use Have::{Money as Funds, Oversight, Rule, Standard, Team};
    let whole = Known::whole();
    assert_eq!(whole.lacks(), []);
    assert!(whole.by(&LocalRules::default()).is_some_and(|row| row.has_all()));
    let unwritten = whole.but(|known| known.duties[0].agreement_no = None);
    assert_eq!(unwritten.lacks(), [Rule]);
    let vague = whole.but(|known| known.duties[0].standard = None);
    assert_eq!(vague.lacks(), [Standard]);
    let alone = whole.but(|known| drop(known.duties.pop()));
    assert_eq!(alone.lacks(), [Team]);
    let office = whole.but(|known| {
        known.duties[1].person_id = None;
        known.duties[1].organization_id = Some(OrganizationId(2));
    });
    assert_eq!(office.lacks(), [Team], "a person, not an office");
    let poor = whole.but(|known| known.duties[0].annual_budget = Some(Money::ZERO));
    assert_eq!(poor.lacks(), [Funds]);
    let late = whole.but(|known| known.duties[0].is_funded = Some(false));
    assert_eq!(late.lacks(), [Funds]);
    let unseen = whole.but(|known| known.upkeep = None);
    assert_eq!(unseen.lacks(), [Oversight]);
    // nobody maintains it: what a duty says is gone with it
    let vacant = whole.but(|known| known.duties.clear());
    assert_eq!(vacant.lacks(), [Rule, Standard, Team, Funds]);
}

#[test]
fn a_budget_of_the_year_is_money() {
    let poor = Known::whole().but(|known| known.duties[0].annual_budget = None);
    let with = |year| {
        poor.but(|known| {
            let area = known.asset.area_code;
            let target = budgets::Target { area, asset: None, subclass: None };
            let fund = upkeep_fund::Model { received: Money::MAX, ..funds::blank(area, year) };
            let set = budgets::set(&fund, target, (year, Money::from_fen(1)), &[]);
            known.budgets.push(Arc::new(set.expect("a budget").1));
        })
    };
    assert_eq!(with(2026).lacks(), []);
    assert_eq!(with(2025).lacks(), [Have::Money]);
}

#[test]
fn an_inspection_counts_for_its_interval() {
    let on = |text: &str| {
        Known::whole().but(|known| {
            if let Some(upkeep) = &mut known.upkeep {
                upkeep.inspected_on = day(text);
            }
        })
    };
    // within a year, where nobody says how often
    assert_eq!(on("2025-06-01").lacks(), []);
    assert_eq!(on("2025-05-31").lacks(), [Have::Oversight]);
    let monthly = LocalRules::new(vec![setting::Model {
        id: SettingId(1),
        area_code: "520381000000".parse().expect("a code"),
        key: Key::InspectionDays,
        value: "30".to_owned(),
        basis_title: String::new(),
        basis_no: None,
        from_on: day("2026-01-01"),
        withdrawn_on: None,
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }]);
    let by = |text: &str| on(text).by(&monthly).expect("asked").has_oversight;
    assert!(by("2026-05-02"));
    assert!(!by("2026-05-01"));
}

#[test]
fn what_has_no_upkeep_is_not_asked() {
    let is_asked = |change: fn(&mut asset::Model)| {
        Known::whole().but(|known| change(&mut known.asset)).by(&LocalRules::default()).is_some()
    };
    assert!(is_asked(|asset| asset.class = Class::Operating));
    assert!(!is_asked(|asset| asset.class = Class::Household));
    assert!(!is_asked(|asset| asset.form = Form::Equity));
    assert!(!is_asked(|asset| asset.state = asset::State::Disposed));
    assert!(!is_asked(|asset| asset.condition = Some(asset::Condition::Gone)));
    assert!(!is_asked(|asset| asset.use_state = Some(UseState::UnderConstruction)));
}

#[test]
fn each_says_what_is_lacking() {
    let mut told: Vec<_> = Have::ALL.iter().map(|have| lacking(*have).zh).collect();
    told.sort_unstable();
    told.dedup();
    assert_eq!(told.len(), Have::ALL.len());
}
