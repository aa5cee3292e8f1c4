//! What happens to a rectification that is late: after so many days it is raised up the line, from
//! the village to the town, the department of the county, its leader (domain.md §4: every finding
//! has its unit, its last day, and somebody above who sees to it).
//!
//! How far it is raised follows from its last day, the day it is and the local rules alone: a night
//! that is made twice raises nothing again, and one that was missed is made up for.

use chrono::{Days, NaiveDate};
use entity::{
    account::Role,
    area::{AreaCode, Level},
    rectification::{Model, Rung},
    setting::Key,
};

use super::is_overdue;
use crate::domain::{refusal::Refusal, setting::LocalRules};

/// How many days something may be late before the town, the department, the leader sees to it; 0
/// where they never do by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience([i64; 3]);

impl Patience {
    /// The rule of each rung, the lowest first.
    const KEYS: [Key; 3] =
        [Key::EscalateTownDays, Key::EscalateDepartmentDays, Key::EscalateLeaderDays];

    /// What the local rules of an area say on a day.
    pub fn of(local: &LocalRules, area: AreaCode, day: NaiveDate) -> Patience {
        Patience(Self::KEYS.map(|key| local.number(key, area, day)))
    }

    /// After how many days of being late it is raised to a rung, where it ever is.
    fn days(self, rung: Rung) -> Option<i64> {
        Some(self.0[rung as usize]).filter(|days| *days > 0)
    }
}

/// The rungs that are above a round, the lowest first.
fn rungs_above(round: &Model) -> impl Iterator<Item = Rung> {
    let (own, at) = (round.area_code.level(), round.escalated_to);
    let is_above = move |rung: &Rung| own == Level::Village || *rung != Rung::Town;
    Rung::ALL.iter().copied().filter(is_above).filter(move |rung| at.is_none_or(|at| at < *rung))
}

/// The rung above a round; none where it is at the top.
pub(super) fn above(round: &Model) -> Option<Rung> {
    rungs_above(round).next()
}

/// A round that was raised to a rung.
pub(super) fn raised(round: &Model, to: Rung, note: Option<String>) -> Model {
    Model {
        n_escalated: round.n_escalated.saturating_add(1),
        escalated_to: Some(to),
        escalation: note,
        ..round.clone()
    }
}

/// What becomes of a round on a day, step by step; nothing where it is not late, or not late enough.
pub fn raise(round: &Model, patience: Patience, today: NaiveDate) -> Vec<Model> {
    let Some(due) = round.due_on.filter(|_| is_overdue(Some(round.state), round.due_on, today))
    else {
        return Vec::new();
    };
    let late = (today - due).num_days();
    let is_due = |rung: &Rung| patience.days(*rung).is_some_and(|days| days <= late);
    let mut steps: Vec<Model> = Vec::new();
    for rung in rungs_above(round).filter(is_due) {
        steps.push(raised(steps.last().unwrap_or(round), rung, None));
    }
    steps
}

/// When a round that runs is raised next, and to whom, unless it is done by then or given more time.
pub fn next_raise(round: &Model, patience: Patience) -> Option<(NaiveDate, Rung)> {
    let due = round.due_on.filter(|_| round.state.is_to_do())?;
    let day = |rung: Rung| {
        let days = u64::try_from(patience.days(rung)?).ok()?;
        Some((due.checked_add_days(Days::new(days))?, rung))
    };
    rungs_above(round).filter_map(day).min()
}

/// The rung at which somebody of a role sees to what is escalated.
pub const fn holds(role: Role) -> Option<Rung> {
    match role {
        Role::TownshipClerk => Some(Rung::Town),
        Role::FinanceClerk | Role::RuralOfficer | Role::DepartmentOfficer => Some(Rung::Department),
        Role::Leader => Some(Rung::Leader),
        _ => None,
    }
}

/// Refuses the town more time for what was escalated past it.
pub(super) fn may_extend(round: &Model, due_on: NaiveDate, role: Role) -> Result<(), Refusal> {
    let is_longer = round.due_on.is_some_and(|known| known < due_on);
    let is_past = round.escalated_to > Some(Rung::Town);
    if is_longer && is_past && role == Role::TownshipClerk {
        Err(Refusal::rectification_escalated_past())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use entity::{area::AreaCode, finding::Rule, rectification::State};

    use super::*;
    use crate::domain::rectification::tests::round;

    const PATIENCE: Patience = Patience([7, 15, 30]);

    fn day(n: i64) -> NaiveDate {
        let first: NaiveDate = "2026-06-01".parse().expect("a day");
        first + chrono::TimeDelta::days(n)
    }

    fn late(area: &str) -> Model {
        let area: AreaCode = area.parse().expect("a code");
        Model { due_on: Some(day(0)), ..round(area, Rule::NoMaintainer) }
    }

    fn told(round: &Model, patience: Patience, today: i64) -> (i32, Option<Rung>) {
        let steps = raise(round, patience, day(today));
        let last = steps.last().unwrap_or(round);
        (last.n_escalated, last.escalated_to)
    }

    #[test]
    fn what_is_late_is_raised_on_the_day_and_not_the_day_before() {
        let village = late("520381100201");
        for (n, expected) in [
            (0, (0, None)),
            (1, (0, None)),
            (6, (0, None)),
            (7, (1, Some(Rung::Town))),
            (14, (1, Some(Rung::Town))),
            (15, (2, Some(Rung::Department))),
            (29, (2, Some(Rung::Department))),
            (30, (3, Some(Rung::Leader))),
            (3_000, (3, Some(Rung::Leader))),
        ] {
            assert_eq!(told(&village, PATIENCE, n), expected, "{n}");
        }
        let town = late("520381100000");
        assert_eq!(told(&town, PATIENCE, 14), (0, None));
        assert_eq!(told(&town, PATIENCE, 30), (2, Some(Rung::Leader)));
    }

    #[test]
    fn nights_that_are_missed_or_made_twice_come_to_the_same() {
        let whole = raise(&late("520381100201"), PATIENCE, day(30));
        let mut nightly = late("520381100201");
        for n in 0..=30 {
            for _ in 0..2 {
                nightly = raise(&nightly, PATIENCE, day(n)).pop().unwrap_or(nightly);
            }
        }
        assert_eq!(whole.last(), Some(&nightly));
    }

    #[test]
    fn a_rung_without_days_is_left_out() {
        let village = late("520381100201");
        assert_eq!(told(&village, Patience([0, 15, 0]), 900), (1, Some(Rung::Department)));
        assert_eq!(told(&village, Patience([0, 0, 0]), 900), (0, None));
    }

    #[test]
    fn what_is_done_or_given_more_time_is_raised_no_further() {
        let village = late("520381100201");
        for state in [State::Done, State::ClosedOut] {
            assert!(raise(&Model { state, ..village.clone() }, PATIENCE, day(30)).is_empty());
        }
        let longer = Model { due_on: Some(day(24)), ..village.clone() };
        assert_eq!(told(&longer, PATIENCE, 30), (0, None));
        assert_eq!(told(&longer, PATIENCE, 31), (1, Some(Rung::Town)));
        let unasked = Model { due_on: None, ..village };
        assert!(raise(&unasked, PATIENCE, day(30)).is_empty());
    }

    #[test]
    fn the_next_step_is_known_ahead() {
        let village = late("520381100201");
        assert_eq!(next_raise(&village, PATIENCE), Some((day(7), Rung::Town)));
        let raised = Model { escalated_to: Some(Rung::Town), ..village.clone() };
        assert_eq!(next_raise(&raised, PATIENCE), Some((day(15), Rung::Department)));
        let top = Model { escalated_to: Some(Rung::Leader), ..village.clone() };
        assert_eq!(next_raise(&top, PATIENCE), None);
        assert_eq!(next_raise(&Model { state: State::Done, ..village }, PATIENCE), None);
    }

    #[test]
    fn a_town_gives_no_more_time_to_what_was_escalated_past_it() {
        let past = Model { escalated_to: Some(Rung::Department), ..late("520381100201") };
        let asked = |round: &Model, role, n| may_extend(round, day(n), role).map_err(|no| no.code);
        let refused = Err("rectification.escalated_past");
        assert_eq!(asked(&past, Role::TownshipClerk, 1), refused);
        assert_eq!(asked(&past, Role::TownshipClerk, 0), Ok(()));
        assert_eq!(asked(&past, Role::RuralOfficer, 1), Ok(()));
        let own = Model { escalated_to: Some(Rung::Town), ..past };
        assert_eq!(asked(&own, Role::TownshipClerk, 1), Ok(()));
    }
}
