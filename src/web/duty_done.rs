//! What became of an assignment: how many duties it began, their agreements to be signed, and the
//! way back.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    duty::{EndReason, Kind, Model},
    id::{AssetId, DutyId},
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    duty_assign::day,
    form::{Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, done, mistakes, scrolled},
    visit::{Visit, at},
};
use crate::{
    app::assignment,
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
        title::Party,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/duties/assigned", get(show)).route("/duties/take-back", post(take_back))
}

/// The first and the last duty of an assignment.
pub(super) type Span = (DutyId, DutyId);

/// Reads which assignment is meant.
pub(super) fn span<'a>(word: impl Fn(&str) -> &'a str) -> Result<Span> {
    let read = |name: &'static str| {
        let wrong = || {
            let (zh, en) = ("应取自指派结果页", "what the page of an assignment leads to");
            let expected = entity::language::Sentence::new(zh, en);
            Error::from(Mistakes(vec![Mistake::new(name, word(name), expected)]))
        };
        word(name).parse::<i64>().map(DutyId).map_err(|_| wrong())
    };
    Ok((read("first")?, read("last")?))
}

/// The words that say an assignment.
fn words((first, last): Span) -> [(&'static str, String); 2] {
    [("first", first.to_string()), ("last", last.to_string())]
}

/// An address about an assignment.
fn about(path: &str, span: Span, more: Option<(&str, &str)>) -> String {
    let words = words(span);
    at(path, words.iter().map(|(word, value)| (*word, value.as_str())).chain(more))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let span = span(|name| {
        let found = visit.query.iter().find(|(word, _)| word == name);
        found.map_or("", |(_, value)| value.as_str())
    })?;
    Ok(drawn(&state, &visit, span, None).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    span: Span,
    fault: Option<&Fault>,
) -> Result<Response> {
    let read = state.ledger.read(&visit.actor);
    let begun = read.duties_begun(span.0, span.1).await?;
    let ids: Vec<AssetId> = begun.iter().map(|duty| duty.asset_id).collect();
    let dossiers = read.dossiers(&ids).await?;
    let parties: Vec<Party> =
        begun.iter().filter_map(|duty| Party::of(duty.organization_id, duty.person_id)).collect();
    let named = read.parties_masked(&parties).await?;
    let name = |duty: &Model| {
        let party = Party::of(duty.organization_id, duty.person_id);
        party.and_then(|party| named.get(&party)).cloned().unwrap_or_default().name
    };
    let asset = |duty: &Model| dossiers.iter().find(|one| one.asset.id == duty.asset_id);
    // whoever bore it before does so again from the day after
    let goes_on = |duty: &Model| {
        let next = duty.until_on.and_then(|until| until.succ_opt());
        let beside = asset(duty).into_iter().flat_map(|one| &one.duties);
        let mut same = beside.filter(|one| one.kind == duty.kind && one.id > duty.id);
        next.is_some() && same.any(|one| one.from_on == next)
    };
    let is_back = begun.iter().any(|duty| duty.end_reason == Some(EndReason::Revoked));
    let n_assets = dossiers.len();
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if is_back {
            (done(&taken_back(visit, begun.len(), begun.iter().filter(|duty| goes_on(duty)).count())))
        } @else {
            (done(&match visit.language {
                entity::language::Language::Chinese => format!("已指派 {n_assets} 项资产，{} 项责任。", begun.len()),
                entity::language::Language::English => format!("{} duties on {n_assets} assets are assigned.", begun.len()),
            }))
        }
        section.card.mt {
            (scrolled(visit.say("指派的责任", "What was assigned"), &html! { table.cards {
                thead { tr {
                    th scope="col" { (visit.say("资产", "Asset")) }
                    th scope="col" { (visit.say("责任", "Duty")) }
                    th scope="col" { (visit.say("由谁承担", "Borne by")) }
                    th scope="col" { (visit.say("起止", "From — until")) }
                    th scope="col" { (visit.say("状态", "State")) }
                } }
                tbody { @for duty in &begun { tr {
                    th scope="row" { @if let Some(one) = asset(duty) { a.b href={ "/assets/" (one.asset.code) "/duty" } { (one.asset.name) } small { (one.asset.code) } } }
                    td data-l=(visit.say("责任", "Duty")) { (visit.text(duty.kind.label())) }
                    td data-l=(visit.say("由谁承担", "Borne by")) { (name(duty)) }
                    td data-l=(visit.say("起止", "From — until")) { (day(duty.from_on)) " — " (day(duty.until_on)) }
                    td data-l=(visit.say("状态", "State")) { (state_of(visit, duty)) }
                } } }
            } }))
            (ways_on(visit, span, &begun, is_back))
        }
    };
    let shown = Page {
        place: Some(Place::Duties),
        way: vec![("/duties".to_owned(), visit.say("管护责任", "Duties").to_owned())],
        ..Page::new(visit.say("指派结果", "What was assigned"), body)
    };
    Ok(page(visit, &Around::of(state, visit).await?, shown))
}

/// What came of taking back so many duties, so many of which somebody bore before.
fn taken_back(visit: &Visit, n: usize, n_resumed: usize) -> String {
    match visit.language {
        entity::language::Language::Chinese => format!(
            "已撤回 {n} 项责任，记为撤销；其中 {n_resumed} 项自次日起由原来的人继续承担，其余 {} 项空缺。都留在变更记录里。",
            n - n_resumed
        ),
        entity::language::Language::English => format!(
            "{n} duties are taken back and revoked; {n_resumed} go on from the next day with whoever bore them before, {} are vacant. All of it is kept in the history.",
            n - n_resumed
        ),
    }
}

fn state_of(visit: &Visit, duty: &Model) -> Markup {
    match duty.end_reason {
        Some(reason) => badge(Tone::Idle, visit.text(reason.label())),
        None if duty.runs_on(visit.today) => badge(Tone::Good, visit.say("在任", "running")),
        None => badge(Tone::Idle, visit.say("不在期内", "not running")),
    }
}

fn ways_on(visit: &Visit, span: Span, begun: &[Model], is_back: bool) -> Markup {
    let kinds = begun.iter().any(|duty| duty.kind == Kind::Maintainer);
    html! {
        div.dock {
            @if !is_back {
                a.btn.go href=(about("/duties/agreements", span, None)) { (visit.say("打印责任书（双方签章）", "Print the agreements")) }
                @if visit.may(Action::TakeBackDuties) {
                    form method="post" action="/duties/take-back" {
                        (hidden(&visit.mark))
                        @for (name, value) in words(span) { input type="hidden" name=(name) value=(value); }
                        button.btn { (visit.say("撤回（留痕，不删除）", "Take it back (nothing is deleted)")) }
                    }
                }
            }
            a.btn href=(if kinds { "/duties?gap=no_maintainer" } else { "/duties?gap=no_keeper" }) { (visit.say("继续指派别的", "Assign others")) }
            a.btn href="/assets" { (visit.say("回到资产台账", "To the assets")) }
        }
    }
}

async fn take_back(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let span = span(|name| form.one(name))?;
    let place = about("/duties/assigned", span, Some(("done", "taken_back")));
    let ledger = {
        let place = place.clone();
        form.once(&state.ledger, move |_: &usize| place.clone())
    };
    let taken = assignment::take_back(&ledger, &visit.actor, span).await.map(|_| place);
    match taken.or_else(replayed) {
        Ok(place) => Ok(Redirect::to(&place).into_response()),
        Err(error) => {
            let fault = Fault::from(error);
            if !is_for_the_sender(&fault) {
                return Err(fault);
            }
            let shown = drawn(&state, &visit, span, Some(&fault)).await?;
            Ok((fault.status, shown).into_response())
        }
    }
}
