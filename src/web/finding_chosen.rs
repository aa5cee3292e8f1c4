//! Several findings at once: the rows that were chosen, looked at once more with their number, and
//! then somebody is asked about all of them, or the level above is.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{
    area::AreaCode,
    finding::Rule,
    id::AssetId,
    language::{Label, Sentence},
    log::Action,
    rectification::Model,
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    fields::{Sheet, Typed},
    finding::{progress, who},
    finding_asked::Asked,
    finding_form::{self, Asking},
    form::{Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    parts::{Tone, grouped, mistakes, note, nothing, scrolled},
    visit::{Visit, at},
};
use crate::{
    app::{
        self,
        rectification::Finding,
        report::{self, Line},
    },
    domain::{
        mistake::{Mistake, Mistakes},
        refusal::Refusal,
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/findings/chosen", get(show).post(send))
}

/// What is done with those that are chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Assign,
    Escalate,
}

impl Deed {
    fn read(text: &str) -> Option<Deed> {
        [Deed::Assign, Deed::Escalate].into_iter().find(|deed| deed.word() == text)
    }

    const fn word(self) -> &'static str {
        match self {
            Deed::Assign => "assign",
            Deed::Escalate => "escalate",
        }
    }

    const fn action(self) -> Action {
        match self {
            Deed::Assign => Action::AssignRectification,
            Deed::Escalate => Action::EscalateRectification,
        }
    }
}

/// Asset, rule and version, with dots between.
fn finding(text: &str) -> Option<Finding> {
    let parts: Vec<&str> = text.split('.').collect();
    let [asset, rule, version] = parts[..] else { return None };
    Some(Finding {
        asset: AssetId(asset.parse().ok()?),
        rule: Rule::ALL.iter().copied().find(|one| one.code() == rule)?,
        version: version.parse().ok()?,
    })
}

/// All findings of a list, and how many of them the person saw.
struct Whole {
    of: String,
    expected: usize,
}

/// What was chosen, and what is to be done with it.
struct Chosen {
    deed: Deed,
    findings: Vec<Finding>,
    whole: Option<Whole>,
}

impl Chosen {
    fn read<'a>(words: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Chosen> {
        let mut chosen = Chosen { deed: Deed::Assign, findings: Vec::new(), whole: None };
        let mut whole = Whole { of: String::new(), expected: 0 };
        let mut is_whole = false;
        let mut mistakes = Mistakes::default();
        for (word, value) in words {
            let is_read = match word {
                "do" => Deed::read(value).map(|deed| chosen.deed = deed),
                "finding" => value
                    .split(',')
                    .map(finding)
                    .collect::<Option<Vec<_>>>()
                    .map(|found| chosen.findings.extend(found)),
                "of" => {
                    value.clone_into(&mut whole.of);
                    Some(())
                }
                "count" => value.parse().ok().map(|n| whole.expected = n),
                "all" => {
                    is_whole = value == "yes";
                    Some(())
                }
                _ => continue,
            };
            if is_read.is_none() {
                let expected = Sentence::new("应取自问题清单", "what the list of findings led to");
                mistakes.push(Mistake::new(word.to_owned(), value, expected));
            }
        }
        mistakes.into_result()?;
        chosen.whole = is_whole.then_some(whole);
        Ok(chosen)
    }

    /// The findings one by one, where all of a list were chosen; and how many the person saw,
    /// where there are more or fewer now.
    async fn settle(&mut self, state: &AppState, visit: &Visit) -> Result<Option<usize>> {
        let Some(Whole { of, expected }) = self.whole.take() else { return Ok(None) };
        let words: Vec<(String, String)> =
            form_urlencoded::parse(of.as_bytes()).into_owned().collect();
        let asked = Asked::read(&words)?;
        let sought = asked.sought(asked.rule);
        let (ledger, actor, most) = (&state.ledger, &visit.actor, limits::ASSETS_PER_ACTION);
        let lines = report::all_findings(ledger, actor, &sought, most).await?;
        let lines = lines.ok_or_else(|| Refusal::too_many(most))?;
        let open = lines.iter().filter(|line| line.closed.is_none() && !line.is_waived);
        self.findings = open.map(of_line).collect();
        Ok(Some(expected).filter(|expected| *expected != self.findings.len()))
    }

    /// As a form carries them.
    fn told(&self) -> String {
        let told = |one: &Finding| format!("{}.{}.{}", one.asset, one.rule.code(), one.version);
        self.findings.iter().map(told).collect::<Vec<_>>().join(",")
    }
}

fn of_line(line: &Line) -> Finding {
    Finding { asset: line.asset, rule: line.rule, version: line.version() }
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let words = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let mut chosen = Chosen::read(words)?;
    visit.actor.require(chosen.deed.action())?;
    let expected = chosen.settle(&state, &visit).await?;
    drawn(&state, &visit, (&chosen, expected), &Typed::default(), None).await
}

/// The smallest area that covers all of them.
fn common(lines: &[Line]) -> Option<AreaCode> {
    let first = lines.first()?.area_code;
    let mut ways = std::iter::once(first).chain(first.above());
    ways.find(|area| lines.iter().all(|line| area.covers(&line.area_code)))
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    (chosen, expected): (&Chosen, Option<usize>),
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let about: Vec<_> = chosen.findings.iter().map(|one| (one.asset, one.rule)).collect();
    let lines = report::of_findings(&state.ledger, &visit.actor, &about).await?;
    let n = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let near = common(&lines).unwrap_or(visit.area());
    let asking = Asking::of(state, visit, near, typed).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if let Some(expected) = expected {
            (note(Tone::Warning, &html! {
                b { (visit.say("数量变了：", "The number has changed: ")) }
                (visit.say("你在清单上看到 ", "you saw ")) (expected)
                (visit.say(" 项，现在未销号、未豁免的是 ", ", now there are ")) (grouped(n))
                (visit.say(" 项。请核对后再继续。", " open ones that are not waived. Look again before you go on."))
            }))
        }
        @if lines.is_empty() {
            section.card { (nothing(
                visit.say("没有勾选任何问题。", "No finding was chosen."),
                Some(("/findings", visit.say("回问题清单勾选", "Choose some from the list"))),
            )) }
        } @else {
            form.card method="post" action="/findings/chosen" {
                (hidden(&visit.mark))
                input type="hidden" name="do" value=(chosen.deed.word());
                input type="hidden" name="finding" value=(chosen.told());
                (table(visit, &lines))
                div.pad.stacked {
                    @match chosen.deed {
                        Deed::Assign => { (asking.fields(visit, &sheet)) button.btn.go { (visit.say("交办这 ", "Ask about these ")) (grouped(n)) (visit.say(" 项", "")) } }
                        Deed::Escalate => { (finding_form::escalation(visit, &sheet)) button.btn.go { (visit.say("督办这 ", "Escalate these ")) (grouped(n)) (visit.say(" 项", "")) } }
                    }
                    a.btn href="/findings" { (visit.say("不办了", "Leave it")) }
                }
            }
        }
    };
    let title = match chosen.deed {
        Deed::Assign => visit.say("批量交办", "Ask about several findings"),
        Deed::Escalate => visit.say("批量督办", "Escalate several findings"),
    };
    let before = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Findings),
        way: vec![("/findings".to_owned(), visit.say("问题清单", "Findings").to_owned())],
        below: format!("{}{}{}", visit.say("已选 ", "Chosen: "), grouped(n), visit.say(" 项", "")),
        ..Page::new(format!("{before}{title}"), body)
    };
    Ok(page(visit, &around, shown))
}

fn table(visit: &Visit, lines: &[Line]) -> Markup {
    let table = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产 / 编号", "Asset / code")) }
                th scope="col" { (visit.say("问题", "Finding")) }
                th scope="col" { (visit.say("该谁办", "Who has to act")) }
                th scope="col" { (visit.say("整改", "Rectification")) }
            } }
            tbody {
                @for line in lines {
                    tr {
                        th scope="row" { (line.name) small { (line.area) " " (line.code) } }
                        td data-l=(visit.say("问题", "Finding")) { (visit.text(line.rule.label())) small { (visit.tell(&line.why)) } }
                        td data-l=(visit.say("该谁办", "Who has to act")) { (who(visit, line)) }
                        td data-l=(visit.say("整改", "Rectification")) { (progress(visit, line)) }
                    }
                }
            }
        }
    };
    scrolled(visit.say("已选的问题", "Findings that were chosen"), &table)
}

async fn send(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let chosen = Chosen::read(form.all())?;
    let findings = chosen.findings.clone();
    let n = findings.len().to_string();
    let place = at("/findings", [("done", n.as_str())]);
    let replay = place.clone();
    let ledger = form.once(&state.ledger, move |_: &Vec<Model>| replay.clone());
    let done = async {
        if findings.is_empty() {
            let label = Label::new("问题", "findings");
            return Err(Mistakes(vec![Mistake::missing("finding", label)]).into());
        }
        match chosen.deed {
            Deed::Assign => {
                let charge = finding_form::charge(&form)?;
                app::rectification::assign(&ledger, &visit.actor, &findings, &charge).await
            }
            Deed::Escalate => {
                let note = form.one("escalation");
                app::rectification::escalate(&ledger, &visit.actor, &findings, note).await
            }
        }
    };
    let Err(error) = done.await else { return Ok(Redirect::to(&place).into_response()) };
    let error = match replayed(error) {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(error) => error,
    };
    let fault = Fault::from(error);
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    let shown = drawn(&state, &visit, (&chosen, None), &Typed::sent(&form), Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}
