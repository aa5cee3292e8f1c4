//! What somebody is told of: what falls due, and what the log has for them, the newest first; and the
//! form that marks it as read.

use axum::{
    Router,
    extract::State,
    response::{Redirect, Response},
    routing::{get, post},
};
use entity::language::Sentence;
use maud::{Markup, html};

use super::{
    form::{Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, done, instant, nothing},
    visit::{Visit, at},
};
use crate::{
    app::reminder::{self, Falling, Reminders, Told},
    domain::mistake::{Mistake, Mistakes},
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/reminders", get(show)).route("/reminders/read", post(read))
}

/// The position that the address names.
fn before(visit: &Visit) -> Result<Option<i64>> {
    let (mut before, mut mistakes) = (None, Mistakes::default());
    for (word, value) in visit.query.iter().filter(|(_, value)| !value.is_empty()) {
        match (word.as_str(), value.parse::<i64>()) {
            ("before", Ok(seq)) => before = Some(seq),
            ("done", _) => {}
            _ => {
                let expected = Sentence::new(
                    "查询条件只有 before（取自上一页）",
                    "there is: before, as the page before led to",
                );
                mistakes.push(Mistake::new(word.clone(), value, expected));
            }
        }
    }
    mistakes.into_result()?;
    Ok(before)
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let before = before(&visit)?;
    let around = Around::of(&state, &visit).await?;
    let limit = limits::PAGE_ROWS_USUAL;
    let told = reminder::list(&state.ledger, &visit.actor, before, limit).await?;
    let is_said = visit.query.iter().any(|(word, _)| word == "done");
    let is_new =
        told.told.iter().any(|one| one.is_new) || told.falling.iter().any(|one| one.n_new > 0);
    let body = html! {
        @if is_said { (done(visit.say("已全部标为已读", "Everything shown was marked as read"))) }
        @if told.falling.is_empty() && told.told.is_empty() {
            section.card { (nothing(
                visit.say("没有提醒。", "Nothing to be told of."),
                Some(("/tasks", visit.say("看待办", "To the tasks"))),
            )) }
        }
        @if !told.falling.is_empty() { (falling(&visit, &told.falling)) }
        @if !told.told.is_empty() { (happened(&visit, &told)) }
    };
    let marking = html! {
        @if is_new {
            form method="post" action="/reminders/read" {
                (hidden(&visit.mark))
                input type="hidden" name="upto" value=(told.upto);
                button.btn.go { (visit.say("全部标为已读", "Mark all as read")) }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Reminders),
        below: format!(
            "{}{}{}",
            visit.say(
                "交给您的、退回的、批准的、快到期和超期的。保留 ",
                "What was asked of you, sent back, approved; what is due soon or late. Kept for ",
            ),
            limits::REMINDER_DAYS,
            visit.say(" 天。", " days."),
        ),
        beside: marking,
        ..Page::new(visit.say("提醒", "Reminders"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn new(visit: &Visit) -> Markup {
    badge(Tone::Warning, visit.say("新", "new"))
}

fn falling(visit: &Visit, rows: &[Falling]) -> Markup {
    let number = |n: u64| {
        let more = if n >= limits::TASKS_COUNTED { "+" } else { "" };
        format!("{n}{more}")
    };
    html! {
        section.card {
            header { h2 { (visit.say("到期与超期", "Due and late")) } }
            ul.ppl {
                @for row in rows {
                    li {
                        a.b href=(row.due.path()) { (visit.text(row.due.label())) }
                        div { (number(row.n)) (visit.say(" 件", "")) }
                        div { @if row.n_new > 0 { (new(visit)) " " (number(row.n_new)) } }
                    }
                }
            }
        }
    }
}

fn happened(visit: &Visit, told: &Reminders) -> Markup {
    html! {
        section.card.mt {
            header { h2 { (visit.say("新动态", "What happened")) } }
            ul.ppl { @for one in &told.told { (line(visit, one)) } }
            @if let Some(next) = told.next {
                nav.row.pad aria-label=(visit.say("翻页", "Pages")) {
                    a.btn rel="next" href=(at("/reminders", [("before", next.to_string().as_str())])) { (visit.say("更早的", "Earlier")) }
                }
            }
        }
    }
}

fn line(visit: &Visit, told: &Told) -> Markup {
    let row = &told.row;
    let name = told
        .asset
        .as_ref()
        .map_or_else(|| visit.say("打开", "Open it").to_owned(), |asset| asset.name.clone());
    html! {
        li {
            div {
                span.b { (visit.text(row.kind.label())) } " "
                @if let Some(path) = told.path() { a href=(path) { (name) } }
                @if row.n > 1 { (visit.say(" 等 ", " and others, ")) (row.n) (visit.say(" 项", " in all")) }
            }
            div { @if told.is_new { (new(visit)) } }
            div.mut.sm { (instant(row.at)) }
        }
    }
}

async fn read(State(state): State<AppState>, sent: Sent) -> Result<Redirect, Fault> {
    let upto = sent.form.number("upto").unwrap_or(-1);
    reminder::mark_read(&state.ledger, &sent.visit.actor, upto).await?;
    Ok(Redirect::to(&at("/reminders", [("done", "read")])))
}
