//! The assets behind a count, one a row, as they come from the ledger.

use chrono::NaiveDate;
use entity::{
    finding::{self, Rule},
    id::AssetId,
    language::{Label, Sentence},
    money::Money,
};
use serde_json::json;

use super::{
    Report,
    line::{self, Line, Shape},
};
use crate::{
    app::{
        output::{Format, Output, Target, Total, Value},
        place::Places,
    },
    error::Result,
    limits,
    store::{
        Dossier,
        finding_list::{Narrowed, Order, Place as At},
    },
};

/// Rows up to which a terminal shows the longest lasting first; a longer list keeps the order of
/// areas.
const SORTED_ROWS: usize = 1_000;

/// One finding with all that is known of its asset.
pub(super) struct Case {
    /// The asset.
    pub(super) dossier: Dossier,
    /// The rule.
    pub(super) rule: Rule,
    /// Since when.
    pub(super) since: NaiveDate,
    /// The day it cleared.
    pub(super) closed: Option<NaiveDate>,
    /// Whether a waiver stands.
    pub(super) is_waived: bool,
}

/// How far a list has come.
enum Place {
    /// In the ledger: after this finding.
    Kept(Option<At>),
    /// In the past: counties done, and what waits of the last of them.
    Past(usize, std::vec::IntoIter<Case>),
}

/// Writes the findings of a rule, one a row. Answers how many.
pub(super) async fn of_rule(report: &mut Report<'_>, rule: Rule, target: Target) -> Result<u64> {
    of(report, (&Narrowed::of(rule), Order::Place), target).await
}

/// Writes the findings of a list, one a row. Answers how many.
pub(super) async fn of(
    report: &mut Report<'_>,
    list: (&Narrowed, Order),
    target: Target,
) -> Result<u64> {
    let rule = list.0.rule;
    let language = target.language();
    let shape =
        Shape { is_table: target.format == Format::Table, with_waived: report.extent.with_waived };
    let unknown = match rule {
        Some(Rule::NoMaintainer) if list.0.is_plain() => {
            Some(report.sum(Rule::MaintainerUnknown).await?)
        }
        _ => None,
    };
    let notes = unknown.filter(|sum| sum.n > 0).map(|sum| {
        let (n, value) = (sum.n, sum.value.grouped());
        Sentence::new(
            format!("另有 {n} 项（原值 {value} 元）登记时不清楚由谁管护，不计入本表"),
            format!("Another {n} (worth {value} yuan), of which it is not known who maintains them, are not counted here"),
        )
    });
    let heading = report.heading(notes.into_iter().collect()).await?;
    let sorted = shape.is_table;
    let mut output = target.begin(heading, line::columns(shape))?;
    report.tell(&mut output).await?;
    if let Some(sum) = unknown {
        output.fact("unknown", &json!({ "count": sum.n, "value": sum.value }))?;
    }
    let mut rows =
        Rows { output, shape, language, held: sorted.then(Vec::new), value: Money::ZERO };
    let mut places = Places::new(report.day);
    let mut place = match report.past {
        Some(_) => Place::Past(0, Vec::new().into_iter()),
        None => Place::Kept(None),
    };
    loop {
        let cases = next(report, list, &mut place).await?;
        if cases.is_empty() {
            return rows.finish(rule.map(Rule::label));
        }
        for line in line::lines(report, cases, &mut places).await? {
            rows.take(line)?;
        }
    }
}

/// The next cases, at most a batch; none at the end.
async fn next(
    report: &mut Report<'_>,
    list: (&Narrowed, Order),
    place: &mut Place,
) -> Result<Vec<Case>> {
    match place {
        Place::Kept(after) => kept(report, list, after).await,
        Place::Past(n_done, waiting) => loop {
            let batch = usize::try_from(limits::READ_BATCH).unwrap_or(usize::MAX);
            let cases: Vec<Case> = waiting.by_ref().take(batch).collect();
            let Some(past) = report.past.as_mut().filter(|_| cases.is_empty()) else {
                return Ok(cases);
            };
            let rule = list.0.rule;
            match past.cases(&report.read, &report.extent, rule, *n_done).await? {
                Some(cases) => *waiting = cases.into_iter(),
                None => return Ok(Vec::new()),
            }
            *n_done += 1;
        },
    }
}

async fn kept(
    report: &Report<'_>,
    (narrowed, order): (&Narrowed, Order),
    after: &mut Option<At>,
) -> Result<Vec<Case>> {
    let what = (narrowed, &report.extent);
    let batch = limits::READ_BATCH;
    let found = report.read.findings_listed(what, order, after.as_ref(), batch).await?;
    let Some(last) = found.last() else { return Ok(Vec::new()) };
    *after = Some(last.into());
    cases(report, found).await
}

/// Findings with all that is known of their assets, in the order they come.
async fn cases(report: &Report<'_>, found: Vec<finding::Model>) -> Result<Vec<Case>> {
    let mut ids: Vec<AssetId> = found.iter().map(|finding| finding.asset_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let dossiers: std::collections::HashMap<AssetId, Dossier> =
        report.read.dossiers(&ids).await?.into_iter().map(|one| (one.asset.id, one)).collect();
    let cases = found.into_iter().filter_map(|finding| {
        let dossier = dossiers.get(&finding.asset_id)?.clone();
        let (rule, since) = (finding.rule, finding.since_on);
        let (closed, is_waived) = (finding.closed_on, finding.is_waived);
        Some(Case { dossier, rule, since, closed, is_waived })
    });
    Ok(cases.collect())
}

/// A page of a list: its rows, and the place of the last when there are more.
pub type LinePage = (Vec<Line>, Option<At>);

/// The findings of a list after a place.
pub(super) async fn page(
    report: &Report<'_>,
    (narrowed, order): (&Narrowed, Order),
    after: Option<&At>,
    limit: u64,
) -> Result<LinePage> {
    let what = (narrowed, &report.extent);
    let mut found = report.read.findings_listed(what, order, after, limit + 1).await?;
    let is_more = found.len() as u64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = found.last().map(At::from).filter(|_| is_more);
    Ok((lines_of(report, found).await?, last))
}

/// The findings of a rule that have lasted longest.
pub(super) async fn longest(
    report: &Report<'_>,
    (rule, n): (Rule, i64),
    limit: u64,
) -> Result<Vec<Line>> {
    let found = report.read.longest_findings((rule, n), report.extent.area, limit).await?;
    let mut lines = lines_of(report, found).await?;
    lines.sort_by_key(|line| std::cmp::Reverse(line.days));
    Ok(lines)
}

/// Findings as rows, in the order they come.
pub(super) async fn lines_of(report: &Report<'_>, found: Vec<finding::Model>) -> Result<Vec<Line>> {
    let cases = cases(report, found).await?;
    line::lines(report, cases, &mut Places::new(report.day)).await
}

/// Rows on their way out.
struct Rows {
    output: Output,
    shape: Shape,
    language: entity::language::Language,
    /// What is held back to be sorted; none once the list is too long for it.
    held: Option<Vec<Line>>,
    value: Money,
}

impl Rows {
    fn take(&mut self, line: Line) -> Result<()> {
        self.value = line.worth(self.value)?;
        match &mut self.held {
            Some(held) => {
                held.push(line);
                if held.len() <= SORTED_ROWS {
                    return Ok(());
                }
                for line in self.held.take().unwrap_or_default() {
                    self.write(&line)?;
                }
                Ok(())
            }
            None => self.write(&line),
        }
    }

    fn write(&mut self, line: &Line) -> Result<()> {
        Ok(self.output.row(&line::row(line, self.shape, self.language))?)
    }

    fn finish(mut self, label: Option<Label>) -> Result<u64> {
        let mut held = self.held.take().unwrap_or_default();
        held.sort_by_key(|line| std::cmp::Reverse(line.days));
        for line in held {
            self.write(&line)?;
        }
        let n = self.output.rows();
        let label = label.unwrap_or(Label::new("问题", "findings"));
        let label = Sentence::new(format!("合计 {n} 项{}", label.zh), format!("{n}: {}", label.en));
        let columns = line::columns(self.shape);
        let values: Vec<Value> = columns
            .iter()
            .map(|column| match column.field {
                "value" => Value::Money(self.value),
                _ => Value::Empty,
            })
            .collect();
        self.output.total(Total { label: &label, count: n, values: &values })?;
        self.output.finish()?;
        Ok(n)
    }
}
