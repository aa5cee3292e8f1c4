//! The first page: what there is, what is wrong, what is most urgent, how the parts of an area
//! compare. Every figure is the length of a list behind it.

use std::collections::HashMap;

use chrono::Days;
use entity::{
    area::{AreaCode, Level},
    asset::Class,
    finding::{Rule, tally},
};

use super::{Line, Report, ReportRequest, list};
use crate::{
    app::place::Places,
    error::Result,
    store::{
        Actor, Ledger,
        report::{Extent, Grouping, Sum, Sums},
    },
};

/// Days of the past that count as lately.
const LATELY: Days = Days::new(30);
/// Rows of what is most urgent.
const URGENT: u64 = 5;

/// The sums of one part of an area.
#[derive(Clone, Debug)]
pub struct Part {
    /// The part.
    pub area: AreaCode,
    /// Its name.
    pub name: String,
    /// All its assets.
    pub all: Sum,
    found: HashMap<Rule, Sum>,
}

impl Part {
    /// The findings of a rule in it.
    pub fn found(&self, rule: Rule) -> Sum {
        self.found.get(&rule).copied().unwrap_or_default()
    }

    /// All findings in it.
    pub fn n_found(&self) -> i64 {
        self.found.values().map(|sum| sum.n).sum()
    }
}

/// What an area has, and what is wrong there, in figures.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The area.
    pub area: AreaCode,
    /// Its name.
    pub name: String,
    /// What its parts are; empty when it has none.
    pub level: Option<Level>,
    /// All assets that stand.
    pub all: Sum,
    /// Assets by class.
    pub classes: Vec<(Class, Sum)>,
    /// What is wrong, rule by rule; rules that nothing breaks are left out.
    pub rules: Vec<(Rule, Sum)>,
    /// The parts of the area.
    pub parts: Vec<Part>,
}

impl Outline {
    /// The findings of a rule.
    pub fn found(&self, rule: Rule) -> Sum {
        let found = self.rules.iter().find(|(known, _)| *known == rule);
        found.map(|(_, sum)| *sum).unwrap_or_default()
    }

    /// All findings.
    pub fn n_found(&self) -> i64 {
        self.rules.iter().map(|(_, sum)| sum.n).sum()
    }
}

/// What the first page tells.
#[derive(Clone, Debug)]
pub struct Overview {
    /// What there is and what is wrong.
    pub outline: Outline,
    /// How many of the findings of each rule were found in the last thirty days.
    pub lately: HashMap<Rule, i64>,
    /// What has gone without a maintainer the longest.
    pub urgent: Vec<Line>,
    /// Assets that were disposed of, void, or no longer stand.
    pub gone: Sum,
}

/// Tells what an area has and what is wrong there.
pub async fn outline(ledger: &Ledger, actor: &Actor, area: Option<AreaCode>) -> Result<Outline> {
    outlined(&mut reported(ledger, actor, area).await?).await
}

/// Tells the same, and what is new, what is most urgent, what has gone.
pub async fn overview(ledger: &Ledger, actor: &Actor, area: Option<AreaCode>) -> Result<Overview> {
    let mut report = reported(ledger, actor, area).await?;
    let outline = outlined(&mut report).await?;
    let since = report.day.checked_sub_days(LATELY).unwrap_or(report.day);
    let lately = report.read.found_since(Rule::ALL, &report.extent, since).await?;
    let urgent = list::longest(&report, Rule::NoMaintainer, URGENT).await?;
    let gone = gone(&report, outline.all).await?;
    Ok(Overview { outline, lately, urgent, gone })
}

async fn reported<'a>(
    ledger: &'a Ledger,
    actor: &'a Actor,
    area: Option<AreaCode>,
) -> Result<Report<'a>> {
    let request = ReportRequest { area, ..ReportRequest::default() };
    Report::new(ledger, ledger.read(actor), &request, None).await
}

async fn outlined(report: &mut Report<'_>) -> Result<Outline> {
    let area = report.extent.area;
    let level = below(area.level());
    let whole = report.sums(Rule::ALL, None).await?;
    let classes = report.sums(&[], Some(Grouping::Class)).await?;
    let parts = match level {
        Some(level) => report.sums(Rule::ALL, Some(Grouping::Area(level))).await?,
        None => Sums::new(),
    };
    let rules = Rule::ALL.iter().map(|rule| (*rule, sum_of(&whole, "", rule.code())));
    let classes =
        Class::ALL.iter().map(|class| (*class, sum_of(&classes, class.code(), tally::ALL)));
    Ok(Outline {
        area,
        name: report.area_name(area).await?.zh,
        level,
        all: sum_of(&whole, "", tally::ALL),
        classes: classes.collect(),
        rules: rules.filter(|(_, sum)| sum.n > 0).collect(),
        parts: told(report, &parts).await?,
    })
}

/// Assets that are on the books no more, or no longer there.
async fn gone(report: &Report<'_>, standing: Sum) -> Result<Sum> {
    let extent = Extent { with_gone: true, ..report.extent };
    let all = report.read.kept_sums(&[tally::ALL], &extent, None).await?;
    let all = sum_of(&all, "", tally::ALL);
    let value = all.value.checked_sub(standing.value).unwrap_or_default();
    Ok(Sum { n: all.n - standing.n, value })
}

/// The level of the parts of an area.
const fn below(level: Level) -> Option<Level> {
    match level {
        Level::Nation => Some(Level::Province),
        Level::Province => Some(Level::Prefecture),
        Level::Prefecture => Some(Level::County),
        Level::County => Some(Level::Town),
        Level::Town => Some(Level::Village),
        Level::Village => None,
    }
}

fn sum_of(sums: &Sums, group: &str, subject: &str) -> Sum {
    sums.get(&(group.to_owned(), subject.to_owned())).copied().unwrap_or_default()
}

/// The parts with their names, in the order of their codes.
async fn told(report: &Report<'_>, sums: &Sums) -> Result<Vec<Part>> {
    let mut codes: Vec<AreaCode> =
        sums.keys().filter_map(|(group, _)| group.parse().ok()).collect();
    codes.dedup();
    let mut places = Places::new(report.day);
    places.learn(&report.read, codes.iter().copied()).await?;
    let part = |area: AreaCode| {
        let group = area.to_string();
        let found = Rule::ALL.iter().map(|rule| (*rule, sum_of(sums, &group, rule.code())));
        let found = found.filter(|(_, sum)| sum.n > 0).collect();
        Part { area, name: places.name(area), all: sum_of(sums, &group, tally::ALL), found }
    };
    Ok(codes.into_iter().map(part).collect())
}
