//! 盘活率 of an area and a year, and of each area directly below it (domain.md §5, §11). What needed it in a year
//! is what was brought back into use in the year, and what still lay idle or yielded little at its
//! end: today, of this year. An asset that lay idle twice is counted twice; one that came back into use
//! without a plan, and one whose plan ended, is counted as long as it lies idle.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use entity::{
    area::{AreaCode, Level},
    revival::Batch,
};

use crate::{
    domain::{
        refusal::Refusal,
        revival::{Sum, rate_bp},
    },
    error::Result,
    limits,
    store::{Actor, Ledger, OfBatch},
};

/// The sums of one area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which area.
    pub area: AreaCode,
    /// Brought back into use in the year.
    pub revived: Sum,
    /// In need at the end of the year, and brought back later.
    pub later: Sum,
    /// In need at the end of the year, and so today.
    pub open: Sum,
    /// Plans that run today.
    pub running: Sum,
    /// Of these, the late ones.
    pub late: Sum,
}

impl Line {
    fn of(area: AreaCode) -> Line {
        let none = Sum::NONE;
        Line { area, revived: none, later: none, open: none, running: none, late: none }
    }

    /// What needed it in the year.
    pub fn needed(&self) -> Sum {
        self.revived.and(self.later).and(self.open)
    }

    /// The rate, in hundredths of a percent; none where nothing needed it or nothing has a value.
    pub fn rate_bp(&self) -> Option<i64> {
        rate_bp(self.revived, self.needed())
    }
}

/// One part of the four batches: its plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which part.
    pub batch: Batch,
    /// Plans that run today.
    pub running: Sum,
    /// Of these, the late ones.
    pub late: Sum,
    /// Verified in the year.
    pub closed: Sum,
    /// Ended otherwise in the year.
    pub ended: Sum,
}

/// What is told of an area and a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Which area.
    pub area: AreaCode,
    /// Which year.
    pub year: i32,
    /// The last day that is counted: that of the year, or today.
    pub until: NaiveDate,
    /// The whole.
    pub whole: Line,
    /// The areas directly below, where there is anything to tell.
    pub lines: Vec<Line>,
    /// The four batches.
    pub parts: Vec<Part>,
}

/// The level directly below that of an area; a village is its own.
const fn below(level: Level) -> Level {
    match level {
        Level::Nation => Level::Province,
        Level::Province => Level::Prefecture,
        Level::Prefecture => Level::County,
        Level::County => Level::Town,
        Level::Town | Level::Village => Level::Village,
    }
}

/// The rate of revival of an area in a year; of this year where none is named.
pub async fn rate(
    ledger: &Ledger,
    actor: &Actor,
    (area, year): (Option<AreaCode>, Option<i32>),
) -> Result<Rate> {
    let read = ledger.read(actor);
    let today = ledger.today();
    let area = read.area_within(area).await?;
    let year = year.unwrap_or(today.year());
    let oldest = today.year() - limits::REVIVAL_YEARS + 1;
    if !(oldest..=today.year()).contains(&year) {
        return Err(Refusal::revival_year(oldest, today.year()).into());
    }
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(today);
    let (first, until) = (day(1, 1), day(12, 31).min(today));
    let by = below(area.level());
    let mut lines: BTreeMap<AreaCode, Line> = BTreeMap::new();
    let mut put = |grouped: Vec<(AreaCode, Sum)>, set: fn(&mut Line) -> &mut Sum| {
        for (area, sum) in grouped {
            *set(lines.entry(area).or_insert_with(|| Line::of(area))) = sum;
        }
    };
    put(read.revived(area, (first, until), by).await?, |line| &mut line.revived);
    put(read.revived_later(area, until, by).await?, |line| &mut line.later);
    put(read.unused(area, until, by).await?, |line| &mut line.open);
    put(read.running_plans(area, None, by).await?, |line| &mut line.running);
    put(read.running_plans(area, Some(today), by).await?, |line| &mut line.late);
    let lines: Vec<Line> = lines.into_values().collect();
    let whole = lines.iter().fold(Line::of(area), |all, line| Line {
        area,
        revived: all.revived.and(line.revived),
        later: all.later.and(line.later),
        open: all.open.and(line.open),
        running: all.running.and(line.running),
        late: all.late.and(line.late),
    });
    let parts = parts(&read.plans_by_batch(area, (first, until), today).await?);
    Ok(Rate { area, year, until, whole, lines, parts })
}

fn parts(counted: &[OfBatch]) -> Vec<Part> {
    use entity::revival::State;
    let of = |batch, is: &dyn Fn(&OfBatch) -> bool| {
        let own = counted.iter().filter(|row| row.batch == batch && is(row));
        own.fold(Sum::NONE, |all, row| all.and(row.sum))
    };
    let part = |batch: &Batch| Part {
        batch: *batch,
        running: of(*batch, &|row| row.state.is_running()),
        late: of(*batch, &|row| row.is_late),
        closed: of(*batch, &|row| row.state == State::Closed),
        ended: of(*batch, &|row| row.state == State::Ended),
    };
    Batch::ALL.iter().map(part).collect()
}
