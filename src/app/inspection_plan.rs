//! 巡查计划 of an area: how many assets of each kind are to be inspected how often, how many inspections a year
//! that asks for, how many are due; and what falls to whom (domain.md §4).

use std::collections::BTreeMap;

use chrono::Days;
use entity::{area::AreaCode, asset::Subclass};

use crate::{
    domain::{inspection::plan::a_year, title::Party},
    error::Result,
    limits,
    store::{Actor, Ledger, Planned},
};

/// Whom a row of the plan tells of: the maintainer, or the keeper.
type Bearer = fn(&(Option<Party>, Option<Party>, Planned)) -> Option<Party>;

/// What an interval asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// How many assets.
    pub n: i64,
    /// How many inspections a year, rounded up.
    pub a_year: i64,
    /// How many assets are due within the days of notice, and not overdue.
    pub due: i64,
    /// How many are overdue.
    pub overdue: i64,
}

impl Load {
    fn of(row: &Planned) -> Load {
        let a_year = a_year(row.n, row.interval_days);
        Load { n: row.n, a_year, due: row.due, overdue: row.overdue }
    }

    fn and(self, other: Load) -> Load {
        Load {
            n: self.n + other.n,
            a_year: self.a_year + other.a_year,
            due: self.due + other.due,
            overdue: self.overdue + other.overdue,
        }
    }
}

/// The assets of a kind that have one interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which kind; none where it is not recorded.
    pub kind: Option<Subclass>,
    /// Days between two inspections.
    pub interval_days: i32,
    /// What that asks for.
    pub load: Load,
}

/// What falls to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Who; none where nobody maintains the assets.
    pub bearer: Option<Party>,
    /// What it asks for.
    pub load: Load,
}

/// The plan of an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionPlan {
    /// Which area.
    pub area: AreaCode,
    /// The whole.
    pub whole: Load,
    /// By kind and interval.
    pub lines: Vec<Line>,
    /// By organization that maintains, the largest first.
    pub bodies: Vec<Share>,
    /// By person who keeps, the largest first.
    pub people: Vec<Share>,
    /// Whether there are more of either than are told.
    pub is_cut: bool,
}

/// The plan of an area.
pub async fn plan(
    ledger: &Ledger,
    actor: &Actor,
    area: Option<AreaCode>,
) -> Result<InspectionPlan> {
    let read = ledger.read(actor);
    let area = read.area_within(area).await?;
    let today = ledger.today();
    let days = (today, today + Days::new(limits::DUE_DAYS_USUAL));
    let by_kind = read.inspections_by_kind(area, days).await?;
    let line = |(kind, row): &(Option<Subclass>, Planned)| Line {
        kind: *kind,
        interval_days: row.interval_days,
        load: Load::of(row),
    };
    let lines: Vec<Line> = by_kind.iter().map(line).collect();
    let whole = lines.iter().fold(Load::default(), |all, line| all.and(line.load));
    let borne = read.inspections_by_bearer(area, days).await?;
    let shares = |of: Bearer| {
        let mut sums: BTreeMap<Option<(bool, i64)>, Share> = BTreeMap::new();
        for row in &borne {
            let bearer = of(row);
            let key = bearer.map(|party| match party {
                Party::Organization(id) => (false, id.0),
                Party::Person(id) => (true, id.0),
            });
            let share = sums.entry(key).or_insert(Share { bearer, load: Load::default() });
            share.load = share.load.and(Load::of(&row.2));
        }
        let mut shares: Vec<Share> = sums.into_values().collect();
        shares.sort_by_key(|share| std::cmp::Reverse((share.load.a_year, share.load.n)));
        shares
    };
    let (mut bodies, mut people) = (shares(|row| row.0), shares(|row| row.1));
    let most = limits::PLAN_BEARERS;
    let is_cut = bodies.len() > most || people.len() > most;
    bodies.truncate(most);
    people.truncate(most);
    Ok(InspectionPlan { area, whole, lines, bodies, people, is_cut })
}
