//! Reports of what is wrong: sums by area and class, and the assets behind them with who has to
//! act. Every total equals the list behind it; what is not known is kept apart from what is not
//! there.

mod findings;
mod line;
mod list;
mod overview;
mod past;
mod sums;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    area::AreaCode,
    asset::Class,
    finding::{Rule, tally},
    language::{Label, Sentence},
};
use serde_json::json;

use self::past::Past;
pub use self::{
    findings::{
        Case, Sought, all_findings, findings_counted, findings_listed, findings_page, of_asset,
        of_findings, waiting_label,
    },
    line::Line,
    list::LinePage,
    overview::{Flow, Outline, Overview, Part, outline, overview},
};
use super::output::{CHINA_CLOCK, Heading, Output, Target};
pub use crate::domain::as_of::AsOf;
use crate::{
    clock::day_of,
    domain::{asset::reasoned, permission::Action},
    error::{Error, Result},
    store::{
        Actor, Ledger, Read,
        report::{Extent, Grouping, Sum, Sums},
    },
};

/// What a report is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportRequest {
    /// Where; empty for all that the reader may see.
    pub area: Option<AreaCode>,
    /// Of which class; empty for all.
    pub class: Option<Class>,
    /// By what sums are grouped; empty for the assets themselves.
    pub by: Option<Grouping>,
    /// As recorded when; empty for now.
    pub as_of: Option<AsOf>,
    /// Whether assets that are disposed of, void or no longer standing count too.
    pub with_gone: bool,
    /// Whether waived findings count too.
    pub with_waived: bool,
}

/// Reports the assets that nobody maintains (G01); those of which it is not known who does are
/// told apart.
pub async fn no_maintainer(
    ledger: &Ledger,
    actor: &Actor,
    request: &ReportRequest,
    target: Target,
) -> Result<()> {
    let read = ledger.read(actor);
    let mut report = Report::new(ledger, read, request, Some(Rule::NoMaintainer)).await?;
    match request.by {
        Some(grouping) => sums::by_group(&mut report, grouping, target).await,
        None => list::of_rule(&mut report, Rule::NoMaintainer, target).await.map(drop),
    }
}

/// Reports the assets that nobody maintains, with those who have to act shown whole: for a reason,
/// which stays in the log of the area with the number of rows. Sums show nobody, so that `by` means
/// nothing here.
pub async fn reveal_no_maintainer(
    ledger: &Ledger,
    actor: &Actor,
    request: &ReportRequest,
    reason: &str,
    target: Target,
) -> Result<()> {
    let read = ledger.reveal(actor)?;
    reasoned(reason)?;
    let rule = Rule::NoMaintainer;
    let mut report = Report::new(ledger, read, request, Some(rule)).await?;
    let area = report.extent.area;
    let rows = list::of_rule(&mut report, rule, target).await?;
    ledger
        .write(actor, Action::RevealPerson, async |write| {
            write.count_reveal().await?;
            write.note("noun", "finding");
            write.note("rule", rule.code());
            write.note("area", area.to_string());
            write.note("rows", rows);
            write.note("reason", reason.trim());
            write.leave_entry(area).await
        })
        .await
}

/// Reports the findings of a rule, or how many there are of each when none is named.
pub async fn findings(
    ledger: &Ledger,
    actor: &Actor,
    rule: Option<Rule>,
    request: &ReportRequest,
    target: Target,
) -> Result<()> {
    let mut report = Report::new(ledger, ledger.read(actor), request, rule).await?;
    match (rule, request.by) {
        (Some(rule), None) => list::of_rule(&mut report, rule, target).await.map(drop),
        (_, Some(grouping)) => sums::by_group(&mut report, grouping, target).await,
        (None, None) => sums::by_rule(&mut report, target).await,
    }
}

/// A report being made: what it is about, and where its figures come from.
struct Report<'a> {
    read: Read<'a>,
    extent: Extent,
    /// The rule; empty when it is about all of them.
    rule: Option<Rule>,
    /// The instant it tells of.
    at: DateTime<Utc>,
    /// The day by which the rules are carried out.
    day: NaiveDate,
    /// The recorded past, when that was asked for.
    past: Option<Past>,
    /// What else is to be said above the table.
    notes: Vec<Sentence>,
}

impl<'a> Report<'a> {
    async fn new(
        ledger: &Ledger,
        read: Read<'a>,
        request: &ReportRequest,
        rule: Option<Rule>,
    ) -> Result<Report<'a>> {
        let now = ledger.clock().now();
        let at = request.as_of.map_or(Ok(now), |as_of| as_of.instant(now))?;
        let extent = Extent {
            area: read.area_within(request.area).await?,
            class: request.class,
            with_gone: request.with_gone,
            with_waived: request.with_waived,
        };
        let past = match request.as_of {
            Some(_) => Some(Past::of(&read, &extent, at).await?),
            None => None,
        };
        Ok(Report { read, extent, rule, at, day: day_of(at), past, notes: Vec::new() })
    }

    /// The rules it counts.
    fn rules(&self) -> Vec<Rule> {
        self.rule.map_or_else(|| Rule::ALL.to_vec(), |rule| vec![rule])
    }

    /// Sums of rules, and of all assets under [`tally::ALL`].
    async fn sums(&mut self, rules: &[Rule], grouping: Option<Grouping>) -> Result<Sums> {
        if let Some(past) = &mut self.past {
            return past.sums(&self.read, &self.extent, grouping).await;
        }
        let is_kept = !self.extent.with_waived && grouping != Some(Grouping::Subclass);
        if is_kept {
            let codes = rules.iter().map(|rule| rule.code());
            let subjects: Vec<&str> = codes.chain([tally::ALL]).collect();
            return self.read.kept_sums(&subjects, &self.extent, grouping).await;
        }
        let mut sums = self.read.count_findings(rules, &self.extent, grouping).await?;
        sums.extend(match grouping {
            Some(Grouping::Subclass) => self.read.count_assets(&self.extent, grouping).await?,
            _ => self.read.kept_sums(&[tally::ALL], &self.extent, grouping).await?,
        });
        Ok(sums)
    }

    /// The sum of one rule over all of it.
    async fn sum(&mut self, rule: Rule) -> Result<Sum> {
        let sums = self.sums(&[rule], None).await?;
        Ok(sums.get(&(String::new(), rule.code().to_owned())).copied().unwrap_or_default())
    }

    fn title(&self) -> Sentence {
        let Some(rule) = self.rule else {
            return Sentence::new("资产问题汇总", "Findings by rule");
        };
        let label = rule.label();
        Sentence::new(format!("{}资产", label.zh), format!("Assets: {}", label.en))
    }

    /// What stands above the table.
    async fn heading(&self, more: Vec<Sentence>) -> Result<Heading> {
        let area = self.extent.area;
        let name = self.area_name(area).await?;
        let mut notes = vec![Sentence::new(
            format!("范围：{}（{area}）", name.zh),
            format!("Area: {} ({area})", name.en),
        )];
        if let Some(class) = self.extent.class {
            let label = class.label();
            notes
                .push(Sentence::new(format!("类别：{}", label.zh), format!("Class: {}", label.en)));
        }
        let at = self.at.with_timezone(&CHINA_CLOCK).format("%Y-%m-%d %H:%M");
        let past =
            if self.past.is_some() { ("按当时记录", ", as recorded then") } else { ("", "") };
        notes.push(Sentence::new(
            format!("截至：{at}{}", past.0),
            format!("As of: {at} (China){}", past.1),
        ));
        let kept = [
            (
                self.extent.with_gone,
                "含已处置、作废和灭失的资产",
                "Including disposed, void and no longer standing assets",
            ),
            (self.extent.with_waived, "含已豁免的问题", "Including waived findings"),
        ];
        notes.extend(kept.iter().filter(|one| one.0).map(|one| Sentence::new(one.1, one.2)));
        notes.extend(self.notes.iter().cloned());
        notes.extend(more);
        Ok(Heading { title: self.title(), notes })
    }

    async fn area_name(&self, area: AreaCode) -> Result<Sentence> {
        if area == AreaCode::NATION {
            return Ok(Label::new("全国", "the nation").into());
        }
        let name = self.read.area_names_on(&[area], self.day).await?.remove(&area);
        let name = name.unwrap_or_else(|| area.to_string());
        Ok(Sentence::new(name.clone(), name))
    }

    /// The members of JSON that say what the report is about.
    async fn tell(&self, output: &mut Output) -> Result<()> {
        let name = self.area_name(self.extent.area).await?;
        let scope = json!({
            "area_code": self.extent.area,
            "area": name,
            "class": self.extent.class,
            "with_gone": self.extent.with_gone,
            "with_waived": self.extent.with_waived,
        });
        output.fact("scope", &scope)?;
        output.fact("as_of", &self.at)?;
        output.fact("is_past", &self.past.is_some())?;
        output.fact("day", &self.day)?;
        output.fact("rule", &self.rule.map(Rule::code))?;
        Ok(())
    }
}

/// A count that a table's total carries.
fn count(n: i64) -> Result<u64> {
    u64::try_from(n).map_err(|_| Error::Internal(anyhow::anyhow!("a count below zero")))
}
