//! 红黄蓝预警: three lists by place, each number a way to what it counts.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{area::AreaCode, language::Sentence};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, grouped, nothing, scrolled},
    visit::{Visit, at},
};
use crate::{
    app::alert::{self, Alerts, Told},
    domain::{
        alert::{Kind, Tier},
        mistake::{Mistake, Mistakes},
    },
    error::Result,
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/alerts", get(show))
}

/// Where, and of what the rows are to be listed.
type Asked = (Option<AreaCode>, Option<(Kind, Tier)>);

/// What an address asks for.
fn asked(visit: &Visit) -> Result<Asked> {
    let word = |name: &str| {
        let found = visit.query.iter().find(|(word, value)| word == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    };
    let mut mistakes = Mistakes::default();
    let mut wrong = |field: &'static str, text: &str, zh: &str, en: &str| {
        mistakes.push(Mistake::new(field, text, Sentence::new(zh, en)));
    };
    let area = word("area").map(|text| (text, text.parse().ok()));
    if let Some((text, None)) = area {
        wrong("area", text, "应为十二位区划代码", "an area code of twelve digits");
    }
    let tier = word("tier").map(|text| (text, Tier::of(text)));
    if let Some((text, None)) = tier {
        wrong("tier", text, "应为 red、yellow 或 blue", "red, yellow or blue");
    }
    let kind = word("kind").map(|text| (text, Kind::of(text)));
    if let Some((text, None)) = kind {
        wrong("kind", text, "没有这类预警", "there is no such kind");
    }
    mistakes.into_result()?;
    let which = kind.and_then(|(_, kind)| kind).zip(tier.and_then(|(_, tier)| tier));
    Ok((area.and_then(|(_, area)| area), which))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let (area, which) = asked(&visit)?;
    let told = alert::alerts(&state.ledger, &visit.actor, area).await?;
    let around = Around::of(&state, &visit).await?;
    let rows = match which {
        Some(which) => {
            Some((which, alert::listed(&state.ledger, &visit.actor, &told, which).await?))
        }
        None => None,
    };
    let body = html! {
        @if let Some(((kind, tier), (rows, is_more))) = &rows {
            (listed(&visit, (*kind, *tier), rows, *is_more))
        }
        @for (tier, code, _) in Tier::ALL { (section(&visit, &told, (tier, code))) }
        p.mut.sm { (visit.say("红：已到期、已督办或有危险。黄：", "Red: late, escalated or dangerous. Yellow: within ")) (told.lead.soon)
            (visit.say(" 天内到期。蓝：", " days. Blue: within ")) (told.lead.ahead)
            (visit.say(" 天内到期，管护协议为 ", " days, agreements within ")) (told.lead.agreement)
            (visit.say(" 天内。天数可在", " days; set among the "))
            a href="/admin/rules" { (visit.say("县级规则", "local rules")) } (visit.say("里定。", ".")) }
    };
    let shown = Page {
        place: Some(Place::Alerts),
        below: told.name.clone(),
        ..Page::new(visit.say("预警", "Alerts"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// A tier by shape, word and tint.
fn tier_badge(visit: &Visit, tier: Tier) -> Markup {
    let label = Tier::ALL.iter().find(|(known, ..)| *known == tier).map(|(_, _, label)| *label);
    let tone = match tier {
        Tier::Red => Tone::Bad,
        Tier::Yellow => Tone::Warning,
        Tier::Blue => Tone::Idle,
    };
    badge(tone, label.map_or("", |label| visit.text(label)))
}

fn section(visit: &Visit, told: &Alerts, (tier, code): (Tier, &str)) -> Markup {
    let places = told.places(tier);
    let name = Tier::ALL.iter().find(|(known, ..)| *known == tier);
    let name = name.map_or("", |(_, _, label)| visit.text(*label));
    let to = |area: AreaCode, kind: &str| {
        let area = area.to_string();
        at("/alerts", [("area", area.as_str()), ("tier", code), ("kind", kind)])
    };
    let number = |area: AreaCode, kind: &'static str, label: &str, n: i64| {
        html! {
            td.num data-l=(label) {
                @if n > 0 { a href=(to(area, kind)) { (grouped(n)) } } @else { "0" }
            }
        }
    };
    let table = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("区划", "Area")) }
                @for (_, _, label) in Kind::ALL { th.num scope="col" { (visit.text(label)) } }
            } }
            tbody { @for place in &places { tr {
                th scope="row" { (told.names.get(place).map_or("", String::as_str)) }
                @for (kind, code, label) in Kind::ALL { (number(*place, code, visit.text(label), told.n(*place, tier, kind))) }
            } } }
            tfoot { tr {
                th scope="row" { (visit.say("合计", "Together")) }
                @for (kind, code, label) in Kind::ALL { (number(told.area, code, visit.text(label), told.total(tier, Some(kind)))) }
            } }
        }
    };
    html! {
        section.card.mt {
            header { h2 { (tier_badge(visit, tier)) } span.mut { (grouped(told.total(tier, None))) } }
            @if places.is_empty() { (nothing(visit.say("没有。", "There is none."), None)) }
            @else { (scrolled(name, &table)) }
        }
    }
}

/// The rows behind a number.
fn listed(visit: &Visit, (kind, tier): (Kind, Tier), rows: &[Told], is_more: bool) -> Markup {
    let label = Kind::ALL.iter().find(|(known, ..)| *known == kind);
    let label = label.map_or("", |(_, _, label)| visit.text(*label));
    let table = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (visit.say("期限", "Last day")) }
                th scope="col" { (visit.say("去办理", "See to it")) }
            } }
            tbody { @for (row, asset) in rows { tr {
                th scope="row" {
                    @match asset {
                        Some(asset) => { a href={ "/assets/" (asset.code) } { (asset.name) } }
                        // it lies where the reader may not look
                        None => { "—" }
                    }
                }
                td data-l=(visit.say("期限", "Last day")) { (due(visit, row.due_on)) }
                td data-l=(visit.say("去办理", "See to it")) {
                    @if let Some(asset) = asset { a href=(way((kind, tier), &asset.code, &row.of)) { (label) } }
                }
            } } }
        }
    };
    html! {
        section.card.mt {
            header { h2 { (tier_badge(visit, tier)) " " (label) } }
            @if rows.is_empty() { (nothing(visit.say("没有。", "There is none."), None)) }
            @else { (scrolled(label, &table)) }
            @if is_more { p.pad.mut { (visit.say("只列出前 200 条，请看下一级区划。", "The first 200 are listed: look at the areas below.")) } }
        }
    }
}

fn due(visit: &Visit, day: Option<chrono::NaiveDate>) -> Markup {
    let Some(day) = day else { return html! { "—" } };
    let left = (day - visit.today).num_days();
    html! {
        (day) " "
        @if left < 0 { span.t-bad { (visit.say("已逾期 ", "late by ")) (grouped(-left)) (visit.say(" 天", " days")) } }
        @else { span.mut { (visit.say("还有 ", "in ")) (grouped(left)) (visit.say(" 天", " days")) } }
    }
}

/// Where it is seen to.
fn way((kind, tier): (Kind, Tier), code: &str, of: &str) -> String {
    match kind {
        Kind::Danger | Kind::Repair => format!("/work-orders/{of}"),
        Kind::Escalated | Kind::Rectification => format!("/findings/{code}/{of}"),
        Kind::Agreement if tier == Tier::Red => format!("/findings/{code}/{of}"),
        Kind::Agreement => format!("/assets/{code}/duty"),
        Kind::Inspection => format!("/assets/{code}/inspections"),
    }
}
