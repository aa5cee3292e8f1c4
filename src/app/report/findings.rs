//! Findings as people work through them: narrowed by what became of them, counted, told one by one.

use entity::{
    asset,
    finding::Rule,
    id::AssetId,
    language::{Label, Sentence},
};

use super::{Line, LinePage, Report, ReportRequest, list};
use crate::{
    app::output::Target,
    domain::{
        deficiency::{self, evidence::Fact},
        rectification::UNASKED,
    },
    error::{Error, Result},
    limits,
    store::{
        Actor, Ledger,
        finding_list::{Narrowed, Order, Place, Progress, Waiting},
        report::Sum,
    },
};

/// What a list of findings is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought {
    /// Where, of which class, and whether waived ones are among them; always as it is now.
    pub request: ReportRequest,
    /// What it is narrowed by.
    pub narrowed: Narrowed,
    /// In what order.
    pub order: Order,
}

impl Sought {
    async fn report<'a>(&self, ledger: &'a Ledger, actor: &'a Actor) -> Result<Report<'a>> {
        let request = ReportRequest { as_of: None, by: None, ..self.request };
        Report::new(ledger, ledger.read(actor), &request, self.narrowed.rule).await
    }

    /// What it is narrowed by, in words.
    fn notes(&self) -> Vec<Sentence> {
        let Narrowed { progress, days, is_overdue, waiting, .. } = self.narrowed;
        let progress = progress.map(|progress| match progress {
            Progress::Unasked => UNASKED,
            Progress::In(state) => state.label(),
        });
        let progress = progress.map(|label| {
            Sentence::new(format!("整改状态：{}", label.zh), format!("Rectification: {}", label.en))
        });
        let days = days.map(|days| {
            Sentence::new(format!("已 {days} 天以上"), format!("For {days} days or longer"))
        });
        let late = is_overdue.then(|| Label::new("已逾期", "Overdue").into());
        let waiting = waiting.map(|waiting| waiting_label(waiting).into());
        [progress, days, late, waiting].into_iter().flatten().collect()
    }
}

/// What people call findings that wait for somebody.
pub const fn waiting_label(waiting: Waiting) -> Label {
    match waiting {
        Waiting::ToMend => Label::new("交我或本单位办的", "Waiting for me or my unit"),
        Waiting::ToCheck => Label::new("等我核查的", "Waiting for my check"),
        Waiting::At(_) => Label::new("督办到本级的", "Escalated to this level"),
    }
}

/// A page of findings.
pub async fn findings_page(
    ledger: &Ledger,
    actor: &Actor,
    sought: &Sought,
    after: Option<&Place>,
    limit: u64,
) -> Result<LinePage> {
    let report = sought.report(ledger, actor).await?;
    list::page(&report, (&sought.narrowed, sought.order), after, limit).await
}

/// All findings of a list; none where there are more than so many.
pub async fn all_findings(
    ledger: &Ledger,
    actor: &Actor,
    sought: &Sought,
    most: usize,
) -> Result<Option<Vec<Line>>> {
    let report = sought.report(ledger, actor).await?;
    let what = (&sought.narrowed, sought.order);
    let mut lines = Vec::new();
    let mut after = None;
    loop {
        let (page, next) = list::page(&report, what, after.as_ref(), limits::PAGE_ROWS).await?;
        lines.extend(page);
        if lines.len() > most {
            return Ok(None);
        }
        after = next;
        if after.is_none() {
            return Ok(Some(lines));
        }
    }
}

/// How many findings of each rule a list would have, whatever rule it is asked for; rules that have
/// none are left out.
pub async fn findings_counted(
    ledger: &Ledger,
    actor: &Actor,
    sought: &Sought,
) -> Result<Vec<(Rule, Sum)>> {
    let mut report = sought.report(ledger, actor).await?;
    let narrowed = Narrowed { rule: None, ..sought.narrowed };
    let found = if narrowed.is_plain() {
        let sums = report.sums(Rule::ALL, None).await?;
        let of = |rule: &Rule| sums.get(&(String::new(), rule.code().to_owned())).copied();
        Rule::ALL.iter().filter_map(|rule| Some((*rule, of(rule)?))).collect()
    } else {
        report.read.findings_counted(&narrowed, &report.extent).await?
    };
    let of = |rule: &Rule| Some((*rule, *found.get(rule).filter(|sum| sum.n > 0)?));
    Ok(Rule::ALL.iter().filter_map(of).collect())
}

/// Writes the findings of a list.
pub async fn findings_listed(
    ledger: &Ledger,
    actor: &Actor,
    sought: &Sought,
    target: Target,
) -> Result<()> {
    let mut report = sought.report(ledger, actor).await?;
    report.notes = sought.notes();
    list::of(&mut report, (&sought.narrowed, sought.order), target).await.map(drop)
}

/// One finding, with what it rests on.
#[derive(Clone, Debug)]
pub struct Case {
    /// The asset.
    pub asset: asset::Model,
    /// The finding.
    pub line: Line,
    /// Whether it stands.
    pub is_open: bool,
    /// What the rule looked at.
    pub evidence: Vec<Fact>,
}

/// Findings by asset and rule, in the order they are named; what the reader may not see is left
/// out.
pub async fn of_findings(
    ledger: &Ledger,
    actor: &Actor,
    about: &[(AssetId, Rule)],
) -> Result<Vec<Line>> {
    let report = Report::new(ledger, ledger.read(actor), &ReportRequest::default(), None).await?;
    let found = report.read.findings_of(about).await?;
    list::lines_of(&report, found).await
}

/// The finding of a rule on an asset; one that never was is not found.
pub async fn of_asset(ledger: &Ledger, actor: &Actor, code: &str, rule: Rule) -> Result<Case> {
    let read = ledger.read(actor);
    let asset = read.asset(code).await?;
    let found = read.finding(asset.id, rule).await?;
    let found = found.ok_or(Error::NotFound(Label::new("问题", "finding")))?;
    let is_open = found.closed_on.is_none();
    let report = Report::new(ledger, read, &ReportRequest::default(), Some(rule)).await?;
    let line = list::lines_of(&report, vec![found]).await?.pop().ok_or(Error::Conflict)?;
    let dossier = report.read.dossiers(&[asset.id]).await?.pop().ok_or(Error::Conflict)?;
    let evidence = deficiency::evidence::of(rule, &dossier.facts(), report.day);
    Ok(Case { asset, line, is_open, evidence })
}
