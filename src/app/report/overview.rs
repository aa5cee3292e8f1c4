//! The first page: what there is, what is wrong, what is most urgent, how the parts of an area
//! compare. Every figure is the length of a list behind it.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use entity::{
    area::{AreaCode, Level},
    asset::Class,
    finding::{
        Rule,
        tally::{self, Counted, Month},
    },
    funding::Fund,
};

use super::{Line, Report, ReportRequest, list};
use crate::{
    app::place::Places,
    domain::deficiency::days_between,
    error::Result,
    store::{
        Actor, Ledger,
        report::{Extent, Grouping, Sum, Sums},
    },
};

/// Months that are told of.
const MONTHS: i32 = 12;
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

/// How many findings opened and cleared in a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Those that opened.
    pub opened: i64,
    /// Those that cleared.
    pub cleared: i64,
}

/// What the first page tells.
#[derive(Clone, Debug)]
pub struct Overview {
    /// What there is and what is wrong.
    pub outline: Outline,
    /// What became of the findings of each rule since the end of last month.
    pub since: HashMap<Rule, Flow>,
    /// The last twelve months, the earliest first: what opened and cleared.
    pub months: Vec<(Month, Flow)>,
    /// Days the oldest finding of each rule has lasted.
    pub longest: HashMap<Rule, i64>,
    /// What weighs most and has lasted longest.
    pub urgent: Vec<Line>,
    /// Assets that were disposed of, void, or no longer stand.
    pub gone: Sum,
    /// Assets that drew money from each fund, and how much; the largest first.
    pub funds: Vec<(Fund, Sum)>,
    /// Assets acquired in each year; see [`Counted::Acquired`].
    pub years: Vec<(Option<i32>, Sum)>,
}

/// Tells what an area has and what is wrong there.
pub async fn outline(ledger: &Ledger, actor: &Actor, area: Option<AreaCode>) -> Result<Outline> {
    outlined(&mut reported(ledger, actor, area).await?).await
}

/// Tells the same, and what changed, what is most urgent, what has gone, where the money came from.
/// All of it is kept sums, but for a few rows that an index has in order.
pub async fn overview(ledger: &Ledger, actor: &Actor, area: Option<AreaCode>) -> Result<Overview> {
    let mut report = reported(ledger, actor, area).await?;
    let outline = outlined(&mut report).await?;
    let kept = Kept::of(&report).await?;
    let counts: Vec<(Rule, i64)> = outline.rules.iter().map(|(rule, sum)| (*rule, sum.n)).collect();
    let oldest = report.read.oldest_findings(&counts, report.extent.area).await?;
    let days = |since| days_between(since, report.day);
    let longest = oldest.into_iter().map(|(rule, since)| (rule, days(since))).collect();
    let urgent = urgent(&report, &counts).await?;
    let gone = gone(&report, outline.all).await?;
    let (since, months) = (kept.since(), kept.months());
    let (funds, years) = (kept.funds(), kept.years());
    Ok(Overview { outline, since, months, longest, urgent, gone, funds, years })
}

/// The cases of the rule that weighs most, the longest first; where they are few, those of the next.
async fn urgent(report: &Report<'_>, counts: &[(Rule, i64)]) -> Result<Vec<Line>> {
    let mut urgent = Vec::new();
    for (rule, n) in counts {
        let missing = URGENT.saturating_sub(urgent.len() as u64);
        if missing == 0 {
            break;
        }
        urgent.extend(list::longest(report, (*rule, *n), missing).await?);
    }
    Ok(urgent)
}

/// The kept sums that tell of funds, years and months.
struct Kept {
    sums: Sums,
    today: NaiveDate,
}

impl Kept {
    async fn of(report: &Report<'_>) -> Result<Kept> {
        let today = report.day;
        let funds = Fund::ALL.iter().map(|fund| Counted::Paid(*fund));
        let years = Kept::years_known(today).map(Counted::Acquired);
        let flows = Kept::months_known(today).flat_map(|month| {
            let each = move |rule| [Counted::Opened(rule, month), Counted::Cleared(rule, month)];
            Rule::ALL.iter().flat_map(move |rule| each(*rule))
        });
        let subjects: Vec<String> =
            funds.chain(years).chain(flows).map(|counted| counted.to_string()).collect();
        let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
        let sums = report.read.kept_sums(&subjects, &report.extent, None).await?;
        Ok(Kept { sums, today })
    }

    /// The years that are counted, and that of which nothing is recorded.
    fn years_known(today: NaiveDate) -> impl Iterator<Item = Option<i32>> {
        (tally::FIRST_YEAR - 1..=today.year()).map(Some).chain([None])
    }

    fn months_known(today: NaiveDate) -> impl Iterator<Item = Month> {
        let this = Month::of(today);
        (0..MONTHS).rev().map(move |n| this.earlier(n))
    }

    fn sum(&self, counted: Counted) -> Sum {
        sum_of(&self.sums, "", &counted.to_string())
    }

    fn flow(&self, rule: Rule, month: Month) -> Flow {
        let n = |counted| self.sum(counted).n;
        Flow { opened: n(Counted::Opened(rule, month)), cleared: n(Counted::Cleared(rule, month)) }
    }

    fn since(&self) -> HashMap<Rule, Flow> {
        let this = Month::of(self.today);
        Rule::ALL.iter().map(|rule| (*rule, self.flow(*rule, this))).collect()
    }

    fn months(&self) -> Vec<(Month, Flow)> {
        let of = |month: Month| {
            let flows = Rule::ALL.iter().map(|rule| self.flow(*rule, month));
            let all = flows.fold(Flow::default(), |all, flow| Flow {
                opened: all.opened + flow.opened,
                cleared: all.cleared + flow.cleared,
            });
            (month, all)
        };
        Kept::months_known(self.today).map(of).collect()
    }

    fn funds(&self) -> Vec<(Fund, Sum)> {
        let all = Fund::ALL.iter().map(|fund| (*fund, self.sum(Counted::Paid(*fund))));
        let mut funds: Vec<_> = all.filter(|(_, sum)| sum.n > 0).collect();
        funds.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.value));
        funds
    }

    fn years(&self) -> Vec<(Option<i32>, Sum)> {
        let all = Kept::years_known(self.today);
        let all = all.map(|year| (year, self.sum(Counted::Acquired(year))));
        all.filter(|(_, sum)| sum.n > 0).collect()
    }
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
