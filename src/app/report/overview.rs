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
        report::{Grouping, Sum, Sums},
    },
};

/// Days of the past that count as lately.
const LATELY: Days = Days::new(30);
/// Rows of what is most urgent.
const URGENT: u64 = 5;

/// The findings of a rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleSum {
    /// The rule.
    pub rule: Rule,
    /// How many, and the value of their assets.
    pub sum: Sum,
    /// How many of them were found in the last thirty days.
    pub lately: i64,
}

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

/// What the first page tells.
#[derive(Clone, Debug)]
pub struct Overview {
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
    pub rules: Vec<RuleSum>,
    /// What has gone without a maintainer the longest.
    pub urgent: Vec<Line>,
    /// The parts of the area.
    pub parts: Vec<Part>,
    /// Assets that were disposed of, void, or no longer stand.
    pub gone: Sum,
}

impl Overview {
    /// The findings of a rule.
    pub fn found(&self, rule: Rule) -> Sum {
        let found = self.rules.iter().find(|one| one.rule == rule);
        found.map(|one| one.sum).unwrap_or_default()
    }

    /// All findings.
    pub fn n_found(&self) -> i64 {
        self.rules.iter().map(|one| one.sum.n).sum()
    }
}

/// Tells what an area has and what is wrong there.
pub async fn overview(ledger: &Ledger, actor: &Actor, area: Option<AreaCode>) -> Result<Overview> {
    let request = ReportRequest { area, ..ReportRequest::default() };
    let mut report = Report::new(ledger, ledger.read(actor), &request, None).await?;
    let area = report.extent.area;
    let level = below(area.level());
    let rules = report.rules();
    let whole = report.sums(&rules, None).await?;
    let classes = report.sums(&[], Some(Grouping::Class)).await?;
    let parts = match level {
        Some(level) => report.sums(&rules, Some(Grouping::Area(level))).await?,
        None => Sums::new(),
    };
    let since = report.day.checked_sub_days(LATELY).unwrap_or(report.day);
    let lately = report.read.found_since(&rules, &report.extent, since).await?;
    let all = sum_of(&whole, "", tally::ALL);
    let gone = {
        let extent = crate::store::report::Extent { with_gone: true, ..report.extent };
        let with_gone = report.read.kept_sums(&[tally::ALL], &extent, None).await?;
        let with_gone = sum_of(&with_gone, "", tally::ALL);
        Sum {
            n: with_gone.n - all.n,
            value: with_gone.value.checked_sub(all.value).unwrap_or_default(),
        }
    };
    let urgent = list::longest(&report, Rule::NoMaintainer, URGENT).await?;
    let rules = rules.into_iter().map(|rule| RuleSum {
        rule,
        sum: sum_of(&whole, "", rule.code()),
        lately: lately.get(&rule).copied().unwrap_or_default(),
    });
    let rules = rules.filter(|one| one.sum.n > 0).collect();
    let classes =
        Class::ALL.iter().map(|class| (*class, sum_of(&classes, class.code(), tally::ALL)));
    let parts = told(&report, &parts).await?;
    let name = report.area_name(area).await?.zh;
    let classes = classes.collect();
    Ok(Overview { area, name, level, all, classes, rules, urgent, parts, gone })
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
