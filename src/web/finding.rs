//! What is wrong: kind by kind, each with its asset, why, since when and who has to act.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{area::AreaCode, finding::Rule, id::AssetId, language::Sentence};
use maud::{Markup, html};

use super::{
    export,
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{grouped, nothing},
    print, setting,
    visit::{Visit, at},
};
use crate::{
    app::report::{self, Line, Outline, ReportRequest},
    domain::{
        field,
        mistake::{Mistake, Mistakes},
    },
    error::Result,
    http::{AppState, fault::Fault},
};

/// Rows of a page.
const ROWS: u64 = 20;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/findings", get(list))
}

/// What the list is asked for.
pub(super) struct Asked {
    rule: Option<Rule>,
    /// Where.
    pub(super) area: Option<AreaCode>,
    after: Option<(AreaCode, AssetId)>,
}

impl Asked {
    pub(super) fn read(words: &[(String, String)]) -> Result<Asked> {
        let mut asked = Asked { rule: None, area: None, after: None };
        let mut mistakes = Mistakes::default();
        for (word, value) in words.iter().filter(|(_, value)| !value.is_empty()) {
            let taken = match word.as_str() {
                "rule" => field::rule(value)
                    .map(|rule| asked.rule = Some(rule))
                    .map_err(|why| why.expected),
                "area" => value.parse().map(|area| asked.area = Some(area)).map_err(|_| {
                    Sentence::new("应为十二位区划代码", "an area code of twelve digits")
                }),
                "after" => place(value)
                    .map(|after| asked.after = Some(after))
                    .ok_or_else(|| Sentence::new("应取自上一页", "what the page before led to")),
                _ => Err(Sentence::new(
                    "没有这个查询条件；可用：rule、area、after",
                    "no such parameter; there are: rule, area, after",
                )),
            };
            if let Err(expected) = taken {
                mistakes.push(Mistake::new(word.clone(), value, expected));
            }
        }
        mistakes.into_result()?;
        Ok(asked)
    }

    /// The kind that was asked for; else that which matters most of those there are.
    pub(super) fn rule(&self, told: &Outline) -> Rule {
        let first = || told.rules.first().map(|(rule, _)| *rule);
        self.rule.or_else(first).unwrap_or(Rule::NoMaintainer)
    }
}

/// A place in the list: area and asset, with a hyphen between.
fn place(text: &str) -> Option<(AreaCode, AssetId)> {
    let (area, asset) = text.split_once('-')?;
    Some((area.parse().ok()?, AssetId(asset.parse().ok()?)))
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = Asked::read(&visit.query)?;
    let around = Around::of(&state, &visit).await?;
    let told = report::outline(&state.ledger, &visit.actor, asked.area).await?;
    let rule = asked.rule(&told);
    let request = ReportRequest { area: asked.area, ..ReportRequest::default() };
    let (lines, next) =
        report::findings_page(&state.ledger, &visit.actor, rule, &request, asked.after, ROWS)
            .await?;
    let area = told.area.to_string();
    let n = told.found(rule).n;
    let computed = setting::computed_here(&state, &visit, rule, told.area).await?;
    let body = html! {
        section.card {
            nav.tabs aria-label=(visit.say("问题类型", "Kinds of findings")) {
                @for (kind, sum) in &told.rules {
                    a href=(at("/findings", [("rule", kind.code()), ("area", area.as_str())]))
                        aria-current=[(*kind == rule).then_some("page")] {
                        (visit.text(kind.label())) " " b { (grouped(sum.n)) }
                    }
                }
            }
            (computed)
            @if lines.is_empty() {
                (nothing(visit.say("这里没有这类问题。", "There is no such finding here."), Some(("/dashboard", visit.say("回到总览", "To the overview")))))
            } @else {
                (print::above(&visit, visit.text(rule.label()), &told.name))
                div.wrap tabindex="0" role="region" aria-label=(visit.say("问题清单", "Findings")) {
                    table.cards {
                        thead { tr {
                            th scope="col" { (visit.say("资产 / 编号", "Asset / code")) }
                            th scope="col" { (visit.say("怎么回事", "What is wrong")) }
                            th.num scope="col" { (visit.say("天数", "Days")) }
                            th.num scope="col" { (visit.say("原值（元）", "Value (yuan)")) }
                            th scope="col" { (visit.say("该谁办", "Who has to act")) }
                        } }
                        tbody { @for line in &lines { (row(&visit, line)) } }
                    }
                }
                (print::below(&visit))
                (pager(&visit, lines.len(), n, next, rule, &area))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Findings),
        beside: export::ways(&visit, "/findings", &[("rule", rule.code()), ("area", &area)]),
        below: format!("{} · {} {}", told.name, grouped(n), visit.text(rule.label())),
        ..Page::new(visit.say("问题清单", "Findings"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn row(visit: &Visit, line: &Line) -> Markup {
    html! {
        tr {
            th scope="row" {
                a.b href={ "/assets/" (line.code) } { (line.name) }
                small { (line.area) " " (line.code) }
            }
            td data-l=(visit.say("怎么回事", "What is wrong")) {
                span.t-bad { (visit.text(line.reason)) }
                small { (visit.tell(&line.why)) }
            }
            td.num data-l=(visit.say("天数", "Days")) { (grouped(line.days)) small { (line.since) } }
            td.num data-l=(visit.say("原值（元）", "Value (yuan)")) {
                @if let Some(value) = line.value { (value.grouped()) } @else { span.mut { "—" } }
            }
            td data-l=(visit.say("该谁办", "Who has to act")) {
                (line.accountable) small { (visit.text(line.capacity)) }
                @if !line.phone.is_empty() { span.tel { (icon(Icon::Telephone)) (line.phone) } }
            }
        }
    }
}

fn pager(
    visit: &Visit,
    shown: usize,
    n: i64,
    next: Option<(AreaCode, AssetId)>,
    rule: Rule,
    area: &str,
) -> Markup {
    html! {
        nav.pager aria-label=(visit.say("翻页", "Pages")) {
            span { (visit.say("本页 ", "This page: ")) (shown) (visit.say(" 项，共 ", " of ")) (grouped(n)) (visit.say(" 项", "")) }
            ul {
                @if visit.query.iter().any(|(word, _)| word == "after") {
                    li { a href=(at("/findings", [("rule", rule.code()), ("area", area)])) { (visit.say("第一页", "First page")) } }
                }
                @if let Some((last, asset)) = next {
                    li { a rel="next" href=(at("/findings", [("rule", rule.code()), ("area", area), ("after", format!("{last}-{asset}").as_str())])) { (visit.say("下一页", "Next page")) } }
                }
            }
        }
    }
}
