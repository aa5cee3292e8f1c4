//! What may happen to a round of rectification, tried in every order.

use std::collections::BTreeSet;

use entity::{area::AreaCode, asset::Class, id::AssetId, money::Money};

use super::*;
use crate::domain::asset as cards;

const A: AccountId = AccountId(1);
const B: AccountId = AccountId(2);
const BODY: OrganizationId = OrganizationId(7);
const RULE: Rule = Rule::NoMaintainer;

fn today() -> NaiveDate {
    "2026-06-01".parse().expect("a day")
}

fn days_ahead(days: u64) -> NaiveDate {
    today().checked_add_days(chrono::Days::new(days)).expect("a day")
}

fn asset(area: &str) -> asset::Model {
    let area = area.parse().expect("a code");
    asset::Model { id: AssetId(1), ..cards::blank(area, Class::Public, "桥") }
}

fn found(asset: &asset::Model) -> finding::Model {
    finding::Model {
        asset_id: asset.id,
        rule: RULE,
        area_code: asset.area_code,
        class: asset.class,
        is_standing: true,
        is_waived: false,
        since_on: today(),
        value: Money::ZERO,
        opened_on: today(),
        closed_on: None,
        progress: None,
        due_on: None,
        bearer: None,
        reporter: None,
        escalated_to: None,
    }
}

/// A round as it begins.
pub(super) fn round(area: AreaCode, rule: Rule) -> Model {
    let asset = asset(area.as_str());
    Case { asset: &asset, rule, finding: None, rounds: &[] }.blank()
}

fn charge(bearer: Bearer) -> Charge {
    Charge { bearer, due_on: days_ahead(30), note: None }
}

/// Everything that may happen to a case, by everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Assigned(Bearer),
    Escalated,
    Begun(Option<AccountId>),
    Reported(Option<AccountId>),
    Accepted(Option<AccountId>),
    Returned(Option<AccountId>),
    Cleared,
    Back,
}

fn events() -> Vec<Event> {
    let actors = [None, Some(A), Some(B)];
    let bearers = [Bearer::Account(A), Bearer::Organization(BODY)];
    let mut events = vec![Event::Escalated, Event::Cleared, Event::Back];
    events.extend(bearers.map(Event::Assigned));
    for actor in actors {
        events.extend([
            Event::Begun(actor),
            Event::Reported(actor),
            Event::Accepted(actor),
            Event::Returned(actor),
        ]);
    }
    events
}

/// A case: what was found, and its rounds.
type World = (finding::Model, Vec<Model>);

fn put(rounds: &[Model], step: Step<'_>) -> Vec<Model> {
    let mut rounds = rounds.to_vec();
    let (before, after) = step;
    match before.and_then(|before| rounds.iter().position(|round| round.round == before.round)) {
        Some(place) => rounds[place] = after,
        None => rounds.push(after),
    }
    rounds
}

/// What an event makes of a world; nothing where it is refused.
fn after(asset: &asset::Model, (finding, rounds): &World, event: Event) -> Option<World> {
    let case = Case { asset, rule: RULE, finding: Some(finding), rounds };
    let live = case.live();
    // two rounds show all that a third could
    if live.is_none() && rounds.len() == 2 && matches!(event, Event::Assigned(_) | Event::Escalated)
    {
        return None;
    }
    let step = |next: Result<Model, Refusal>| next.ok().map(|next| put(rounds, (live, next)));
    let rounds = match event {
        Event::Assigned(bearer) => assign(case, &charge(bearer), Role::RuralOfficer, today())
            .ok()
            .map(|step| put(rounds, step)),
        Event::Escalated if case.round().is_ok_and(|(_, round)| round.n_escalated < 1) => {
            escalate(case, "抓紧").ok().map(|step| put(rounds, step))
        }
        Event::Begun(actor) => step(begin(live?, actor)),
        Event::Reported(actor) => step(report(live?, actor, "已修")),
        Event::Accepted(actor) => step(check(live?, actor, Verdict::Accepted, today())),
        Event::Returned(actor) => step(check(live?, actor, Verdict::Returned("未修"), today())),
        Event::Cleared if finding.closed_on.is_none() => {
            let clear = |round: &Model| clear(round, today()).unwrap_or_else(|| round.clone());
            Some(rounds.iter().map(clear).collect())
        }
        Event::Back if finding.closed_on.is_some() => Some(rounds.clone()),
        Event::Escalated | Event::Cleared | Event::Back => None,
    }?;
    let closed_on = match event {
        Event::Cleared => Some(today()),
        Event::Back => None,
        _ => finding.closed_on,
    };
    let finding = finding::Model { closed_on, ..finding.clone() };
    Some((repeated(&finding, &rounds), rounds))
}

/// What tells a world from others.
fn key((finding, rounds): &World) -> String {
    let told = |round: &Model| {
        let (bearer, by) = (Bearer::of(round), round.reported_by);
        (round.state, bearer, by, round.n_escalated, round.closing, round.cleared_on)
    };
    format!("{:?} {:?}", finding.closed_on, rounds.iter().map(told).collect::<Vec<_>>())
}

/// Every world that any events lead to, each with the event and the world that led there.
fn explore(mut look: impl FnMut(&World, Event, &World)) -> usize {
    let asset = asset("520381100201");
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut waiting: Vec<World> = vec![(found(&asset), Vec::new())];
    while let Some(world) = waiting.pop() {
        if !known.insert(key(&world)) {
            continue;
        }
        for event in events() {
            if let Some(next) = after(&asset, &world, event) {
                look(&world, event, &next);
                waiting.push(next);
            }
        }
    }
    known.len()
}

#[test]
fn nothing_is_closed_out_but_by_another_person_or_because_it_cleared() {
    let mut seen: BTreeSet<Event> = BTreeSet::new();
    let n = explore(|(_, before), event, (_, after)| {
        seen.insert(event);
        for round in after.iter().filter(|round| round.state == State::ClosedOut) {
            let was = before.iter().find(|old| old.round == round.round);
            if was.is_some_and(|was| was.state == State::ClosedOut) {
                continue;
            }
            let was = was.expect("no round begins closed out");
            match event {
                Event::Accepted(actor) => {
                    assert_eq!(was.state, State::Done);
                    assert_ne!(was.reported_by, actor, "their own");
                    assert_eq!(round.closing, Some(Closing::Checked));
                }
                Event::Cleared => assert_eq!(round.closing, Some(Closing::Cleared)),
                other => panic!("closed out by {other:?}"),
            }
        }
    });
    assert!(n > 500, "{n} worlds");
    assert_eq!(seen.len(), events().len(), "an event never happened: {seen:?}");
}

#[test]
fn what_was_reported_is_said_by_whoever_was_asked_and_checked_by_nobody_who_said_it() {
    explore(|(_, before), event, (_, after)| {
        let live = |rounds: &[Model]| rounds.iter().find(|one| one.state.is_live()).cloned();
        let bearer = live(before).as_ref().and_then(Bearer::of);
        match (event, bearer) {
            (Event::Begun(actor) | Event::Reported(actor), Some(Bearer::Account(asked))) => {
                assert_eq!(actor, Some(asked));
            }
            (Event::Accepted(actor) | Event::Returned(actor), _) => {
                assert_ne!(live(before).expect("a round").reported_by, actor);
            }
            _ => {}
        }
        let taken = live(after).is_some_and(|one| Bearer::of(&one) == Some(Bearer::Account(A)));
        if event == Event::Begun(Some(A)) && bearer.is_none() {
            assert!(taken, "what nobody was asked is taken over");
        }
    });
}

#[test]
fn one_round_runs_at_a_time_and_what_ended_stays() {
    explore(|(_, before), event, (finding, after)| {
        assert!(after.iter().filter(|round| round.state.is_live()).count() <= 1);
        for old in before.iter().filter(|round| round.state == State::ClosedOut) {
            let now = after.iter().find(|round| round.round == old.round).expect("it stays");
            let same = Model { cleared_on: now.cleared_on, ..old.clone() };
            assert_eq!(*now, same, "{event:?}");
        }
        let is_open = finding.closed_on.is_none();
        let stands = after.iter().any(|round| round.cleared_on.is_none());
        assert_eq!(finding.progress.is_some(), stands || (!is_open && !after.is_empty()));
        if !is_open {
            assert!(after.iter().all(|round| round.cleared_on.is_some()), "{event:?}");
            assert!(finding.progress.is_none_or(|state| state == State::ClosedOut));
        }
    });
}

#[test]
fn whoever_is_asked_anew_begins_anew_and_another_day_changes_nothing_else() {
    let asset = asset("520381100201");
    let finding = found(&asset);
    let to = |rounds: &[Model], charge: &Charge| {
        let case = Case { asset: &asset, rule: RULE, finding: Some(&finding), rounds };
        assign(case, charge, Role::RuralOfficer, today()).map(|(_, round)| round)
    };
    let asked = to(&[], &charge(Bearer::Account(A))).expect("asked");
    let begun = begin(&asked, Some(A)).expect("begun");
    let later = Charge { due_on: days_ahead(60), ..charge(Bearer::Account(A)) };
    let same = to(std::slice::from_ref(&begun), &later).expect("another day");
    assert_eq!((same.state, same.due_on), (State::Underway, Some(days_ahead(60))));
    let other = to(&[begun], &charge(Bearer::Organization(BODY))).expect("another");
    assert_eq!((other.state, other.account_id), (State::Open, None));
    assert_eq!(to(&[asked], &charge(Bearer::Account(A))), Err(Refusal::nothing_changed()));
}

#[test]
fn asking_is_refused() {
    let bridge = asset("520381100201");
    let finding = found(&bridge);
    let ask = |finding: Option<&finding::Model>, charge: &Charge| {
        let case = Case { asset: &bridge, rule: RULE, finding, rounds: &[] };
        assign(case, charge, Role::RuralOfficer, today())
            .map(|_| ())
            .map_err(|refusal| refusal.code)
    };
    let usual = charge(Bearer::Account(A));
    let on = |due_on| Charge { due_on, ..usual.clone() };
    let last = u64::try_from(limits::RECTIFICATION_DAYS).expect("days");
    assert_eq!(ask(Some(&finding), &on(today())), Ok(()));
    assert_eq!(ask(Some(&finding), &on(days_ahead(last))), Ok(()));
    assert_eq!(ask(Some(&finding), &on(days_ahead(last + 1))), Err("rectification.too_long"));
    let yesterday = today().pred_opt().expect("a day");
    assert_eq!(ask(Some(&finding), &on(yesterday)), Err("day.passed"));
    assert_eq!(ask(None, &usual), Err("finding.not_open"));
    let closed = finding::Model { closed_on: Some(today()), ..finding.clone() };
    assert_eq!(ask(Some(&closed), &usual), Err("finding.not_open"));
    let waived = finding::Model { is_waived: true, ..finding.clone() };
    assert_eq!(ask(Some(&waived), &usual), Err("finding.waived"));
    let noted = |n: usize| Charge { note: Some("要".repeat(n)), ..usual.clone() };
    assert_eq!(ask(Some(&finding), &noted(limits::REASON_LENGTH)), Ok(()));
    let long = ask(Some(&finding), &noted(limits::REASON_LENGTH + 1));
    assert_eq!(long, Err("action.reason_too_long"));
}

#[test]
fn it_is_escalated_from_the_village_to_the_town_the_county_and_its_leader() {
    for (area, expected) in [
        ("520381100201", [Rung::Town, Rung::Department, Rung::Leader, Rung::Leader]),
        ("520381100000", [Rung::Department, Rung::Leader, Rung::Leader, Rung::Leader]),
        ("520381000000", [Rung::Department, Rung::Leader, Rung::Leader, Rung::Leader]),
    ] {
        let asset = asset(area);
        let finding = found(&asset);
        let mut rounds: Vec<Model> = Vec::new();
        for (n, rung) in (1..).zip(expected) {
            let case = Case { asset: &asset, rule: RULE, finding: Some(&finding), rounds: &rounds };
            let (_, round) = escalate(case, " 抓紧 ").expect("escalated");
            assert_eq!((round.n_escalated, round.escalated_to), (n, Some(rung)), "{area}");
            assert_eq!(round.escalation.as_deref(), Some("抓紧"));
            rounds = vec![round];
        }
    }
}

#[test]
fn something_is_late_the_day_after_its_last_and_no_longer_once_it_is_done() {
    let late = |state, due| is_overdue(state, Some(due), today());
    let yesterday = today().pred_opt().expect("a day");
    for state in [State::Open, State::Underway] {
        assert!(late(Some(state), yesterday) && !late(Some(state), today()));
    }
    assert!(!late(Some(State::Done), yesterday) && !late(Some(State::ClosedOut), yesterday));
    assert!(!late(None, yesterday) && !is_overdue(Some(State::Open), None, today()));
}

#[test]
fn a_key_of_whoever_is_to_act_comes_back() {
    for bearer in [Bearer::Account(A), Bearer::Organization(BODY)] {
        assert_eq!(Bearer::read(&bearer.key()), Some(bearer));
    }
    for text in ["", "account:", "account:0", "account:-1", "person:1", "account:x"] {
        assert_eq!(Bearer::read(text), None, "{text}");
    }
}
