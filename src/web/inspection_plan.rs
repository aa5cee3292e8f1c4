//! 巡查计划: how many assets of each kind are to be inspected how often, what that asks for in a year, how many
//! are due, and to whom it falls.

use std::collections::HashMap;

use axum::{Router, extract::State, response::Response, routing::get};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    parts::{Tone, grouped, note, nothing, scrolled},
    print,
    setting::{area_named, words},
    visit::{Visit, at},
};
use crate::{
    app::{
        inspection_plan::{InspectionPlan, Line, Load, Share, plan},
        place::Places,
    },
    domain::title::Party,
    http::{AppState, fault::Fault},
    store::vault::Named,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/inspections/plan", get(show))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let word = words(&visit, &["area"])?;
    let area = area_named(word("area"))?;
    let around = Around::of(&state, &visit).await?;
    let told = plan(&state.ledger, &visit.actor, area).await?;
    let read = state.ledger.read(&visit.actor);
    let mut places = Places::new(visit.today);
    places.learn(&read, [told.area]).await?;
    let bearers = told.bodies.iter().chain(&told.people);
    let parties: Vec<Party> = bearers.filter_map(|share| share.bearer).collect();
    let names = read.parties_masked(&parties).await?;
    let name = places.name(told.area);
    let title = visit.say("巡查计划", "Plan of inspections");
    let body = html! {
        (print::above(&visit, title, &name, visit.say("单位：项、次", "Assets, inspections")))
        p.mt.mut { (visit.say(
            "按管护协议和县级规则的巡查周期：每年应查次数＝资产数×365÷周期（天），进一取整。7 天内到期的算“将到期”。",
            "By the intervals of agreements and local rules: a year asks for 365 over the interval for each asset, rounded up. What is due within 7 days is due soon.",
        )) }
        section.card.mt aria-label=(title) {
            @if told.lines.is_empty() { (nothing(visit.say("没有规定巡查周期的资产。在县级规则里定周期。", "No asset has an interval; local rules say how often assets are inspected."), Some(("/admin/rules", visit.say("县级规则", "Local rules"))))) }
            @else { (scrolled(visit.say("巡查计划，可滚动", "Plan of inspections; scrolls"), &by_kind(&visit, &told))) }
        }
        @if told.lines.iter().any(|line| line.interval_days == 0) {
            (note(Tone::Idle, &html! { (visit.say("周期为“—”的，夜间核查后算出。", "Where the interval is “—” the nightly round tells it.")) }))
        }
        section.card.mt {
            header { h2 { (visit.say("各管护主体的工作量", "What falls to each maintainer")) } }
            (scrolled(visit.say("各管护主体，可滚动", "Maintainers; scrolls"), &shares(&visit, &told.bodies, &names)))
        }
        section.card.mt {
            header { h2 { (visit.say("各管护责任人的工作量", "What falls to each keeper")) } }
            (scrolled(visit.say("各管护责任人，可滚动", "Keepers; scrolls"), &shares(&visit, &told.people, &names)))
        }
        @if told.is_cut { p.mt.mut { (visit.say("只列工作量最大的；缩小区划可看其余。", "The largest alone are told; choose a smaller area for the others.")) } }
        (print::below(&visit))
    };
    let shown = Page {
        place: Some(Place::Round),
        way: vec![("/inspections".to_owned(), visit.say("巡查", "Inspections").to_owned())],
        below: name.clone(),
        beside: html! {
            a.btn href=(at("/inspections/round", [("area", told.area.to_string().as_str())])) { (visit.say("待巡查", "To be inspected")) }
            a.btn href="/inspections/routes" { (visit.say("巡查路线", "Routes")) }
            (print::button(&visit))
        },
        ..Page::new(title, body)
    };
    Ok(page(&visit, &around, shown))
}

fn heads(visit: &Visit) -> [&str; 4] {
    [
        visit.say("资产", "Assets"),
        visit.say("每年应查（次）", "A year"),
        visit.say("将到期", "Due soon"),
        visit.say("已逾期", "Overdue"),
    ]
}

fn figures(visit: &Visit, load: Load) -> Markup {
    let heads = heads(visit);
    html! {
        td.num data-l=(heads[0]) { (grouped(load.n)) }
        td.num data-l=(heads[1]) { (grouped(load.a_year)) }
        td.num data-l=(heads[2]) { (grouped(load.due)) }
        td.num data-l=(heads[3]) { @if load.overdue > 0 { span.t-bad { (grouped(load.overdue)) } } @else { "0" } }
    }
}

fn by_kind(visit: &Visit, told: &InspectionPlan) -> Markup {
    let kind = |line: &Line| match line.kind {
        Some(kind) => visit.text(kind.label()).to_owned(),
        None => visit.say("未填类型", "no kind").to_owned(),
    };
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产类型", "Kind")) }
                th.num scope="col" { (visit.say("周期（天）", "Interval (days)")) }
                @for head in heads(visit) { th.num scope="col" { (head) } }
            } }
            tbody { @for line in &told.lines { tr {
                th scope="row" {
                    @match line.kind {
                        Some(one) => { a href=(at("/assets", [("area", told.area.to_string().as_str()), ("standing", "yes"), ("subclass", one.code())])) { (kind(line)) } }
                        None => { (kind(line)) }
                    }
                }
                td.num data-l=(visit.say("周期（天）", "Interval (days)")) { @if line.interval_days > 0 { (line.interval_days) } @else { "—" } }
                (figures(visit, line.load))
            } } }
            tfoot { tr { th scope="row" { (visit.say("合计", "Total")) } td.num data-l=(visit.say("周期（天）", "Interval (days)")) { "—" } (figures(visit, told.whole)) } }
        }
    }
}

fn shares(visit: &Visit, shares: &[Share], names: &HashMap<Party, Named>) -> Markup {
    let name = |share: &Share| match share.bearer {
        Some(party) => names.get(&party).map_or("—", |named| named.name.as_str()).to_owned(),
        None => visit.say("未落实", "nobody").to_owned(),
    };
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("谁", "Who")) }
                @for head in heads(visit) { th.num scope="col" { (head) } }
            } }
            tbody { @for share in shares { tr { th scope="row" { (name(share)) } (figures(visit, share.load)) } } }
        }
    }
}
