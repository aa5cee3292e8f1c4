//! For every rule the smallest asset that triggers it and the one change that clears it.

use chrono::{DateTime, Days};
use entity::{
    asset::{Answer, Class, Condition, Form, UseState, Valuation},
    duty::{EndReason, Kind},
    holding::Right,
    id::{AssetId, HoldingId, OrganizationId, PersonId, WaiverId},
    money::Money,
    share::Share,
};

use super::*;
use crate::domain::{
    asset as cards,
    duty::{Terms, with},
    funding::Source,
    title::{self as titles, Holder},
};

mod books;
mod budgets;
mod contracts;
mod idle;
mod inspections;
mod work_orders;

/// What the rules look at, owned, so that one thing of it can be changed.
#[derive(Clone)]
struct Facts {
    asset: asset::Model,
    title: Option<title::Model>,
    holdings: Vec<holding::Model>,
    duties: Vec<duty::Model>,
    funding: Vec<funding::Model>,
    waivers: Vec<waiver::Model>,
    upkeep: Option<upkeep::Model>,
    work_orders: Vec<work_order::Model>,
    revivals: Vec<revival::Model>,
    budgets: Vec<Arc<budget::Model>>,
    discrepancies: Vec<discrepancy::Model>,
    contracts: Vec<contract::Model>,
}

const BODY: Party = Party::Organization(OrganizationId(1));
const PERSON: Party = Party::Person(PersonId(1));

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn today() -> NaiveDate {
    day("2026-06-01")
}

fn days_ago(days: u64) -> NaiveDate {
    today().checked_sub_days(Days::new(days)).expect("a day")
}

fn noon(on: NaiveDate) -> DateTime<chrono::Utc> {
    on.and_hms_opt(4, 0, 0).expect("an instant").and_utc()
}

impl Facts {
    /// A public asset, registered today, that nothing is wrong with.
    fn sound() -> Facts {
        let area = "520381100201".parse().expect("a code");
        let asset = asset::Model {
            id: AssetId(1),
            original_value: Some(Money::from_fen(100)),
            created_at: noon(today()),
            ..cards::blank(area, Class::Public, "桥")
        };
        let source = Source { amount: asset.original_value, ..Source::default() };
        let mut facts = Facts {
            title: Some(title::Model {
                state: title::State::Confirmed,
                certificate_no: Some("黔0001".into()),
                ..titles::blank(asset.id, area)
            }),
            holdings: Vec::new(),
            duties: Vec::new(),
            funding: vec![source.row(asset.id, area)],
            waivers: Vec::new(),
            upkeep: None,
            work_orders: Vec::new(),
            revivals: Vec::new(),
            budgets: Vec::new(),
            discrepancies: Vec::new(),
            contracts: Vec::new(),
            asset,
        };
        facts.bear(Kind::Maintainer, BODY, 0, None);
        facts.bear(Kind::Keeper, PERSON, 0, None);
        facts
    }

    /// The same with one thing changed.
    fn but(&self, change: impl FnOnce(&mut Facts)) -> Facts {
        let mut facts = self.clone();
        change(&mut facts);
        facts
    }

    fn bear(&mut self, kind: Kind, party: Party, from: u64, until: Option<u64>) {
        let terms = Terms {
            from_on: Some(days_ago(from)),
            until_on: until.map(days_ago),
            standard: Some("管护办法".into()),
            annual_budget: Some(Money::from_fen(1)),
            ..Terms::default()
        };
        self.duties.push(with(kind, &self.asset, party, &terms));
    }

    fn own(&mut self, party: Party, share: Share) {
        let holder = Holder { right: Right::Own, party, share };
        let n = i64::try_from(self.holdings.len()).expect("small");
        let row = holder.row(self.asset.id, self.asset.area_code, None);
        self.holdings.push(holding::Model { id: HoldingId(n), ..row });
    }

    fn facts(&self) -> AssetFacts<'_> {
        AssetFacts {
            asset: &self.asset,
            title: self.title.as_ref(),
            holdings: &self.holdings,
            duties: &self.duties,
            funding: &self.funding,
            waivers: &self.waivers,
            upkeep: self.upkeep.as_ref(),
            work_orders: &self.work_orders,
            revivals: &self.revivals,
            budgets: &self.budgets,
            discrepancies: &self.discrepancies,
            contracts: &self.contracts,
        }
    }

    fn rules(&self) -> Vec<Rule> {
        evaluate(&self.facts(), &Thresholds::default(), today())
            .iter()
            .map(|standing| standing.rule)
            .collect()
    }

    /// The rule is found, with words in both languages, and since this day.
    #[track_caller]
    fn found(&self, rule: Rule, since: NaiveDate) {
        let found = explain(rule, &self.facts(), &Thresholds::default(), today())
            .unwrap_or_else(|| panic!("no {rule:?}"));
        assert_eq!(found.since, since);
        let words = [found.reason.zh, found.reason.en, &found.sentence.zh, &found.sentence.en];
        assert!(words.iter().all(|words| !words.is_empty()), "{words:?}");
        assert!(self.rules().contains(&rule));
    }

    #[track_caller]
    fn clear(&self, rule: Rule) {
        assert_eq!(explain(rule, &self.facts(), &Thresholds::default(), today()), None);
        assert!(!self.rules().contains(&rule));
    }
}

#[test]
fn nothing_is_wrong_with_a_sound_asset() {
    assert_eq!(Facts::sound().rules(), []);
}

#[test]
fn every_rule_is_in_the_table_once_and_in_order() {
    let rules: Vec<Rule> = RULES.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules, Rule::ALL);
}

#[test]
fn g01_no_maintainer() {
    let rule = Rule::NoMaintainer;
    let lacking = Facts::sound().but(|facts| facts.duties.clear());
    lacking.found(rule, today());
    lacking.but(|facts| facts.bear(Kind::Maintainer, BODY, 0, None)).clear(rule);
    lacking.but(|facts| facts.asset.form = Form::Equity).clear(rule);
    lacking.but(|facts| facts.asset.maintainer_answer = Some(Answer::Unknown)).clear(rule);
    let nobody = lacking.but(|facts| facts.asset.maintainer_answer = Some(Answer::Nobody));
    nobody.found(rule, today());
    let household = lacking.but(|facts| facts.asset.class = Class::Household);
    household.found(rule, today());
    household.but(|facts| facts.own(PERSON, Share::WHOLE)).clear(rule);
    let not_yet = lacking.but(|facts| {
        facts.bear(Kind::Maintainer, BODY, 0, None);
        facts.duties[0].from_on = day("2026-06-02").into();
    });
    not_yet.found(rule, today());
}

#[test]
fn g01_tells_why_the_last_one_went() {
    let rule = Rule::NoMaintainer;
    for (reason, words) in [
        (Some(EndReason::BodyEnded), "管护主体已注销"),
        (Some(EndReason::Revoked), "管护指派已撤销"),
        (None, "管护期限已满"),
    ] {
        let vacant = Facts::sound().but(|facts| {
            facts.duties.clear();
            facts.bear(Kind::Maintainer, BODY, 900, Some(500));
            facts.bear(Kind::Maintainer, BODY, 99, Some(10));
            facts.duties[1].end_reason = reason;
        });
        vacant.found(rule, days_ago(9));
        let found = explain(rule, &vacant.facts(), &Thresholds::default(), today()).expect("found");
        assert_eq!(found.reason.zh, words);
        vacant.but(|facts| facts.duties[1].until_on = Some(today())).clear(rule);
        // what the sheet did not know is known by now
        let known = vacant.but(|facts| facts.asset.maintainer_answer = Some(Answer::Unknown));
        known.found(rule, days_ago(9));
        known.clear(Rule::MaintainerUnknown);
    }
}

#[test]
fn g01u_maintainer_unknown() {
    let rule = Rule::MaintainerUnknown;
    let unknown = Facts::sound().but(|facts| {
        facts.duties.clear();
        facts.asset.maintainer_answer = Some(Answer::Unknown);
    });
    unknown.found(rule, today());
    unknown.but(|facts| facts.asset.maintainer_answer = Some(Answer::Nobody)).clear(rule);
    let unnamed = unknown.but(|facts| facts.asset.maintainer_answer = Some(Answer::Unnamed));
    assert_eq!(unnamed.rules(), [], "somebody does");
    unknown.but(|facts| facts.bear(Kind::Maintainer, BODY, 0, None)).clear(rule);
}

#[test]
fn g02_no_keeper() {
    let rule = Rule::NoKeeper;
    let lacking = Facts::sound().but(|facts| {
        facts.duties.clear();
        facts.bear(Kind::Maintainer, BODY, 30, None);
    });
    lacking.found(rule, days_ago(30));
    lacking.but(|facts| facts.bear(Kind::Keeper, PERSON, 0, None)).clear(rule);
    lacking.but(|facts| facts.duties.clear()).clear(rule);
    lacking.but(|facts| facts.asset.class = Class::Household).clear(rule);
    lacking.but(|facts| facts.bear(Kind::Keeper, PERSON, 20, Some(5))).found(rule, days_ago(4));
    lacking.but(|facts| facts.bear(Kind::Keeper, PERSON, 99, Some(50))).found(rule, days_ago(30));
}

#[test]
fn g03_duty_expired() {
    let rule = Rule::DutyExpired;
    let expired = Facts::sound().but(|facts| facts.duties[0].until_on = Some(days_ago(1)));
    let expired = expired.but(|facts| facts.duties[0].from_on = Some(days_ago(9)));
    expired.found(rule, today());
    expired.but(|facts| facts.duties[0].until_on = Some(today())).clear(rule);
    expired.but(|facts| facts.bear(Kind::Maintainer, BODY, 0, None)).clear(rule);
    expired.but(|facts| facts.duties[0].end_reason = Some(EndReason::BodyEnded)).clear(rule);
    expired.but(|facts| facts.asset.class = Class::Household).clear(rule);
}

#[test]
fn g04_unfunded() {
    let rule = Rule::Unfunded;
    let unfunded = Facts::sound().but(|facts| facts.duties[0].annual_budget = None);
    unfunded.found(rule, today());
    unfunded.but(|facts| facts.duties[0].annual_budget = Some(Money::from_fen(1))).clear(rule);
    unfunded.but(|facts| facts.duties[0].annual_budget = Some(Money::ZERO)).found(rule, today());
    unfunded.but(|facts| facts.asset.class = Class::Operating).clear(rule);
    let promised = Facts::sound().but(|facts| facts.duties[0].is_funded = Some(false));
    promised.found(rule, today());
    promised.but(|facts| facts.duties[0].is_funded = Some(true)).clear(rule);
}

#[test]
fn g05_no_standard() {
    let rule = Rule::NoStandard;
    let lacking = Facts::sound().but(|facts| facts.duties[0].standard = None);
    lacking.found(rule, today());
    lacking.but(|facts| facts.duties[0].standard = Some("管护办法".into())).clear(rule);
    lacking.but(|facts| facts.duties.clear()).clear(rule);
}

#[test]
fn q01_title_unconfirmed() {
    let rule = Rule::TitleUnconfirmed;
    let late = Facts::sound().but(|facts| {
        facts.title = None;
        facts.asset.accepted_on = Some(days_ago(90));
        facts.asset.final_account = Some(Money::from_fen(100));
    });
    late.found(rule, days_ago(90));
    late.but(|facts| facts.asset.accepted_on = Some(days_ago(89))).clear(rule);
    late.but(|facts| facts.asset.use_state = Some(UseState::UnderConstruction)).clear(rule);
    for (state, open) in [
        (title::State::Unconfirmed, true),
        (title::State::InProgress, true),
        (title::State::Confirmed, false),
        (title::State::Disputed, false),
    ] {
        let row = title::Model { state, ..Facts::sound().title.expect("a title") };
        let facts = late.but(|facts| facts.title = Some(row));
        assert_eq!(facts.rules().contains(&rule), open, "{state:?}");
    }
}

#[test]
fn q02_not_handed_over() {
    let rule = Rule::NotHandedOver;
    let late = Facts::sound().but(|facts| facts.asset.acquired_on = Some(days_ago(90)));
    late.found(rule, days_ago(90));
    late.but(|facts| facts.asset.acquired_on = Some(days_ago(89))).clear(rule);
    late.but(|facts| facts.asset.handed_over_on = Some(today())).clear(rule);
    late.but(|facts| facts.asset.class = Class::Household).clear(rule);
    late.but(|facts| facts.asset.form = Form::Biological).clear(rule);
    late.but(|facts| facts.asset.use_state = Some(UseState::UnderConstruction)).clear(rule);
}

#[test]
fn q03_no_certificate() {
    let rule = Rule::NoCertificate;
    let confirmed = |days| {
        Facts::sound().but(|facts| {
            let title = facts.title.as_mut().expect("a title");
            title.certificate_no = None;
            title.confirmed_on = Some(days_ago(days));
        })
    };
    confirmed(90).found(rule, days_ago(90));
    confirmed(89).clear(rule);
    let issued = |facts: &mut Facts| {
        facts.title.as_mut().expect("a title").certificate_no = Some("1".into());
    };
    confirmed(90).but(issued).clear(rule);
}

#[test]
fn q04_title_disputed() {
    let rule = Rule::TitleDisputed;
    let disputed = Facts::sound().but(|facts| {
        let title = facts.title.as_mut().expect("a title");
        title.state = title::State::Disputed;
        title.updated_at = noon(days_ago(3));
    });
    disputed.found(rule, days_ago(3));
    disputed.but(|facts| facts.title = None).clear(rule);
}

#[test]
fn m01_funding_gap() {
    let rule = Rule::FundingGap;
    let gap = |fen| Facts::sound().but(|facts| facts.funding[0].amount = fen);
    gap(Some(Money::from_fen(99))).found(rule, today());
    gap(Some(Money::from_fen(101))).found(rule, today());
    gap(Some(Money::from_fen(100))).clear(rule);
    gap(None).found(rule, today());
    gap(Some(Money::from_fen(99)))
        .but(|facts| facts.asset.valuation = Some(Valuation::Nominal))
        .clear(rule);
    let unvalued = Facts::sound().but(|facts| facts.asset.original_value = None);
    unvalued.found(rule, today());
    let withdrawn = Facts::sound().but(|facts| facts.funding[0].is_withdrawn = true);
    withdrawn.found(rule, today());
}

#[test]
fn m02_no_final_account() {
    let rule = Rule::NoFinalAccount;
    let accepted = Facts::sound().but(|facts| facts.asset.accepted_on = Some(days_ago(1)));
    accepted.found(rule, days_ago(1));
    accepted.but(|facts| facts.asset.final_account = Some(Money::ZERO)).clear(rule);
    accepted.but(|facts| facts.asset.accepted_on = None).clear(rule);
}

#[test]
fn what_is_no_asset_has_no_findings() {
    let lacking = Facts::sound().but(|facts| facts.duties.clear());
    assert_eq!(lacking.rules(), [Rule::NoMaintainer]);
    for (state, n) in
        [(State::Held, 1), (State::Disposed, 1), (State::Replaced, 0), (State::Void, 0)]
    {
        assert_eq!(lacking.but(|facts| facts.asset.state = state).rules().len(), n, "{state:?}");
    }
    let gone = lacking.but(|facts| facts.asset.condition = Some(Condition::Gone));
    assert_eq!(gone.rules().len(), 1, "counted apart, not forgotten");
}

#[test]
fn a_waiver_stands_from_its_first_day_through_its_last() {
    let lacking = Facts::sound().but(|facts| facts.duties.clear());
    let waived = |rule, from: u64, until: NaiveDate| {
        let waiver = waiver::Model {
            id: WaiverId(1),
            area_code: lacking.asset.area_code,
            asset_id: lacking.asset.id,
            rule,
            reason: "在办".into(),
            from_on: days_ago(from),
            until_on: until,
            version: 1,
            created_at: noon(today()),
            updated_at: noon(today()),
        };
        let facts = lacking.but(|facts| facts.waivers = vec![waiver]);
        evaluate(&facts.facts(), &Thresholds::default(), today())[0].is_waived
    };
    assert!(waived(Rule::NoMaintainer, 0, today()));
    assert!(!waived(Rule::NoMaintainer, 9, days_ago(1)));
    assert!(!waived(Rule::NoKeeper, 0, today()));
}

#[test]
fn the_ledger_tells_since_when_an_asset_exists() {
    let with = |change: fn(&mut asset::Model)| {
        let mut asset = Facts::sound().asset;
        change(&mut asset);
        exists_since(&asset)
    };
    assert_eq!(with(|_| ()), today());
    assert_eq!(with(|asset| asset.built_year = Some(2019)), day("2019-12-31"));
    assert_eq!(with(|asset| asset.built_year = Some(2026)), today(), "the year is not over");
    assert_eq!(with(|asset| asset.recorded_on = Some(days_ago(3))), days_ago(3));
    let both = |asset: &mut asset::Model| {
        asset.accepted_on = Some(days_ago(2));
        asset.acquired_on = Some(days_ago(9));
    };
    assert_eq!(with(both), days_ago(2));
}

#[test]
fn the_duty_to_act_falls_to_the_next_in_turn() {
    let mut facts = Facts::sound();
    assert_eq!(accountable(&facts.facts(), today()), Accountable::Keeper(PERSON));
    facts.duties.pop();
    assert_eq!(accountable(&facts.facts(), today()), Accountable::Maintainer(BODY));
    facts.duties.pop();
    assert_eq!(accountable(&facts.facts(), today()), Accountable::Town);
    let unit = OrganizationId(7);
    facts.asset.implementing_unit_id = Some(unit);
    let built = Accountable::ImplementingUnit(Party::Organization(unit));
    assert_eq!(accountable(&facts.facts(), today()), built);
    facts.own(BODY, Share::new(1, 3).expect("a share"));
    facts.own(PERSON, Share::new(2, 3).expect("a share"));
    assert_eq!(accountable(&facts.facts(), today()), Accountable::Owner(PERSON));
    facts.holdings[1].until_on = Some(days_ago(1));
    assert_eq!(accountable(&facts.facts(), today()), Accountable::Owner(BODY));
    let county = Facts::sound().but(|facts| {
        facts.duties.clear();
        facts.asset.area_code = "520381000000".parse().expect("a code");
    });
    assert_eq!(accountable(&county.facts(), today()), Accountable::County);
    assert_eq!(Accountable::Town.party(), None);
}
