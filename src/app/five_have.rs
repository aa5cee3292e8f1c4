//! 五有覆盖 of an area and of each area directly below it (domain.md §4, §11), from the sums that are kept.

use std::collections::BTreeMap;

use entity::{
    area::{AreaCode, Level},
    finding::tally::Counted,
    five_have::Have,
};

use crate::{
    error::Result,
    store::{
        Actor, Ledger,
        report::{Extent, Grouping},
    },
};

/// How many assets of one area have which of the five.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which area.
    pub area: AreaCode,
    /// Assets of which the five are asked.
    pub asked: i64,
    /// Those that have each, in the order of the five.
    pub have: [i64; Have::ALL.len()],
    /// Those that have all.
    pub all: i64,
}

/// The coverage of an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The whole.
    pub whole: Line,
    /// The areas directly below, where there is anything to tell.
    pub lines: Vec<Line>,
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

/// How far the five haves are covered in an area.
pub async fn coverage(ledger: &Ledger, actor: &Actor, area: Option<AreaCode>) -> Result<Coverage> {
    let read = ledger.read(actor);
    let area = read.area_within(area).await?;
    let have: Vec<String> = Have::ALL.iter().map(|have| Counted::Has(*have).to_string()).collect();
    let (asked, all) = (Counted::HavesAsked.to_string(), Counted::HasAll.to_string());
    let subjects = [asked.as_str(), all.as_str()].into_iter();
    let subjects: Vec<&str> = subjects.chain(have.iter().map(String::as_str)).collect();
    let extent = Extent { area, class: None, with_gone: false, with_waived: false };
    let by = Some(Grouping::Area(below(area.level())));
    let mut lines: BTreeMap<AreaCode, Line> = BTreeMap::new();
    let none = |area| Line { area, asked: 0, have: [0; Have::ALL.len()], all: 0 };
    for ((group, subject), sum) in read.kept_sums(&subjects, &extent, by).await? {
        let Ok(code) = group.parse::<AreaCode>() else { continue };
        let line = lines.entry(code).or_insert_with(|| none(code));
        match have.iter().position(|one| *one == subject) {
            Some(place) => line.have[place] = sum.n,
            None if subject == asked => line.asked = sum.n,
            None => line.all = sum.n,
        }
    }
    let lines: Vec<Line> = lines.into_values().collect();
    let mut whole = none(area);
    for line in &lines {
        whole.asked += line.asked;
        whole.all += line.all;
        whole.have.iter_mut().zip(line.have).for_each(|(sum, n)| *sum += n);
    }
    Ok(Coverage { whole, lines })
}
