//! What waits for whoever looks: group by group, each with its number and the first of it; a group
//! that no other page lists is listed here.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{
    account, area::AreaCode, fault_report::State as Stage, job, language::Sentence, project,
    welfare_post,
};
use maud::{Markup, html};

use super::{
    fault_report::new_reports,
    finding::{due, progress},
    frame::{Around, Page, Place, page},
    import::{job_badge, job_name, minute},
    parts::{grouped, nothing},
    visit::{Visit, at},
};
use crate::{
    app::{
        place::Places,
        report::Line,
        task::{self, Case, Ending, Kind, Waits},
    },
    domain::mistake::{Mistake, Mistakes},
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::{
        finding_list::{Narrowed, Waiting},
        task::EndPlace,
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/tasks", get(show))
}

/// The first rows of a group.
const FIRST: u64 = 5;

/// What the address calls a group that is listed here.
const LISTED: [(&str, Kind); 12] = [
    ("duties", Kind::Ending),
    ("imports", Kind::Imports),
    ("accounts", Kind::Invitations),
    ("estimates", Kind::Estimates),
    ("repairs", Kind::Repairs),
    ("overspends", Kind::Overspends),
    ("months", Kind::Months),
    ("answers", Kind::Answers),
    ("posts", Kind::Posts),
    ("stock-counts", Kind::StockCounts),
    ("stock-takes", Kind::StockTakes),
    ("stock-finds", Kind::StockFinds),
];

/// What the address asks for.
#[derive(Default)]
struct Asked {
    of: Option<Kind>,
    ends_after: Option<EndPlace>,
    account_after: Option<(AreaCode, i64)>,
}

impl Asked {
    fn read(visit: &Visit) -> Result<Asked> {
        let mut asked = Asked::default();
        let mut mistakes = Mistakes::default();
        for (word, value) in visit.query.iter().filter(|(_, value)| !value.is_empty()) {
            let is_read = match word.as_str() {
                "of" => {
                    let known = LISTED.iter().find(|(code, _)| code == value);
                    asked.of = known.map(|(_, kind)| *kind);
                    known.is_some()
                }
                "after" => asked.after(value),
                _ => false,
            };
            if !is_read {
                let expected = Sentence::new(
                    "查询条件有 of（duties、imports、accounts、estimates、repairs、overspends、months、answers、posts、stock-counts、stock-takes、stock-finds）和 after（取自上一页）",
                    "there are: of (duties, imports, accounts, estimates, repairs, overspends, months, answers, posts, stock-counts, stock-takes, stock-finds) and after, as the page before led to",
                );
                mistakes.push(Mistake::new(word.clone(), value, expected));
            }
        }
        mistakes.into_result()?;
        Ok(asked)
    }

    /// A place: a day or an area, and an id behind a line.
    fn after(&mut self, text: &str) -> bool {
        let Some((key, id)) = text.split_once('_') else { return false };
        let Ok(id) = id.parse() else { return false };
        self.ends_after = key.parse().ok().map(|day| (day, id));
        self.account_after = key.parse().ok().map(|area| (area, id));
        self.ends_after.is_some() || self.account_after.is_some()
    }
}

/// Where a group is listed as a whole.
pub(super) fn list_of(visit: &Visit, kind: Kind) -> String {
    if kind == Kind::Reports {
        return at("/fault-reports", [("state", Stage::Received.code())]);
    }
    if kind == Kind::Projects {
        return at("/projects", [("unregistered", "yes")]);
    }
    let Some(Narrowed { rule, waiting, .. }) = kind.findings(visit.role()) else {
        let listed = LISTED.iter().find(|(_, known)| *known == kind);
        return at("/tasks", listed.map(|(code, _)| ("of", *code)));
    };
    let word = match (waiting, rule) {
        (Some(Waiting::ToMend), _) => ("mine", "yes"),
        (Some(Waiting::ToCheck), _) => ("check", "yes"),
        (Some(Waiting::At(rung)), _) => ("escalated", rung.code()),
        (None, rule) => ("rule", rule.map_or("", entity::finding::Rule::code)),
    };
    at("/findings", [word])
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = Asked::read(&visit)?;
    let around = Around::of(&state, &visit).await?;
    let groups = around.tasks.clone();
    if let Some(kind) = asked.of {
        let n = groups.iter().find(|(known, _)| *known == kind).map_or(0, |(_, n)| *n);
        return listed(&state, &visit, &around, &asked, (kind, n)).await;
    }
    let mut cards = Vec::new();
    for (kind, n) in groups.iter().filter(|(_, n)| *n > 0) {
        let rows = first(&state, &visit, *kind).await?;
        cards.push(group(&visit, *kind, *n, &rows));
    }
    let none: Vec<&str> =
        groups.iter().filter(|(_, n)| *n == 0).map(|(kind, _)| visit.text(kind.label())).collect();
    let body = html! {
        @if cards.is_empty() {
            section.card { (nothing(
                visit.say("没有等您办的事。", "Nothing waits for you."),
                Some(("/findings", visit.say("看问题清单", "To the findings"))),
            )) }
        } @else {
            div.grid.g2 { @for card in &cards { (card) } }
        }
        @if !none.is_empty() && !cards.is_empty() {
            p.mut.mt { (visit.say("已办清：", "Nothing left of: ")) (none.join(visit.say("、", "; "))) }
        }
    };
    let n: u64 = groups.iter().map(|(_, n)| n).sum();
    let shown = Page {
        place: Some(Place::Tasks),
        below: format!("{}{}{}", visit.say("共 ", ""), number(n), visit.say(" 件", " in all")),
        ..Page::new(visit.say("待办", "Tasks"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn number(n: u64) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}

/// A group with its number, its first rows, and the way to all of them.
fn group(visit: &Visit, kind: Kind, n: u64, rows: &Markup) -> Markup {
    html! {
        section.card {
            header {
                h2 { (visit.text(kind.label())) " " span.fig { (number(n)) } }
                a href=(list_of(visit, kind)) { (visit.say("全部 ", "All ")) (number(n)) (visit.say(" 件", "")) }
            }
            (rows)
        }
    }
}

/// The first rows of a group.
async fn first(state: &AppState, visit: &Visit, kind: Kind) -> Result<Markup> {
    let (ledger, actor) = (&state.ledger, &visit.actor);
    if let Some(narrowed) = kind.findings(visit.role()) {
        let lines = task::findings(ledger, actor, narrowed, FIRST).await?;
        return Ok(findings(visit, &lines));
    }
    Ok(match kind {
        Kind::Ending => duties(visit, &task::ending(ledger, actor, None, FIRST).await?.0),
        Kind::Imports => imports(visit, &state.jobs.waiting(ledger, actor).await?),
        Kind::Reports => new_reports(state, visit, FIRST).await?,
        Kind::Projects => projects(visit, &ledger.read(actor).unregistered(FIRST).await?),
        Kind::Posts => posts(visit, &task::posts_ending(ledger, actor, FIRST).await?),
        kind if kind != Kind::Invitations => {
            waiting(state, visit, &task::queued(ledger, actor, kind, None, FIRST).await?.0).await?
        }
        _ => accounts(visit, &ledger.read(actor).accounts_invited(None, FIRST).await?),
    })
}

fn findings(visit: &Visit, lines: &[Line]) -> Markup {
    html! {
        ul.ppl {
            @for line in lines {
                li {
                    div {
                        a.b href={ "/findings/" (line.code) "/" (line.rule.code()) } { (line.name) }
                        " " span.mut.sm { (visit.text(line.rule.label())) }
                    }
                    div { (progress(visit, line)) @if line.round.is_some() { " " (due(visit, line)) } }
                    div.mut.sm { (line.area) " " (grouped(line.days)) (visit.say(" 天", " days")) }
                }
            }
        }
    }
}

fn duties(visit: &Visit, rows: &[Ending]) -> Markup {
    html! {
        ul.ppl {
            @for (duty, asset) in rows {
                li {
                    div {
                        a.b href={ "/assets/" (asset.code) "/duty" } { (asset.name) }
                        " " span.mut.sm { (visit.text(duty.kind.label())) }
                    }
                    div { @if let Some(until) = duty.until_on { (visit.say("到 ", "until ")) (until) } }
                    div.mut.sm { (asset.code) }
                }
            }
        }
    }
}

/// What waits in a queue, each with the way to where it is seen to; what is about no asset with its place.
async fn waiting(state: &AppState, visit: &Visit, rows: &[Waits]) -> Result<Markup> {
    let mut places = Places::new(visit.today);
    places.learn(&state.ledger.read(&visit.actor), rows.iter().map(|row| row.place.0)).await?;
    let way = |at: Case| match at {
        Case::WorkOrder(id) => (format!("/work-orders/{id}"), visit.say("维修工单", "Work order")),
        Case::Post(id) => (format!("/welfare-posts/{id}"), visit.say("公益岗位", "Welfare post")),
        Case::Budget(id) => (format!("/budgets/{id}"), visit.say("管护预算", "Budget")),
        Case::Report(id) => {
            (format!("/fault-reports/{id}"), visit.say("报修", "Report of a fault"))
        }
        Case::StockTake(id) => (format!("/stock-takes/{id}"), visit.say("资产盘点", "Stock-take")),
        Case::StockFinds(id) => {
            (format!("/stock-takes/{id}/unexpected"), visit.say("盘盈", "Not on the ledger"))
        }
    };
    Ok(html! {
        ul.ppl {
            @for row in rows {
                @let (path, what) = way(row.at);
                li {
                    div {
                        a.b href=(path) { @if let Some(asset) = &row.asset { (asset.name) } @else { (what) } }
                        @if row.asset.is_some() { " " span.mut.sm { (what) } }
                    }
                    div { @if let Some(amount) = row.amount { (amount.grouped()) (visit.say(" 元", " yuan")) } }
                    div.mut.sm { @match &row.asset { Some(asset) => { (asset.code) } None => { (places.name(row.place.0)) } } " " (row.since) }
                }
            }
        }
    })
}

fn posts(visit: &Visit, rows: &[welfare_post::Model]) -> Markup {
    html! {
        ul.ppl {
            @for post in rows {
                li {
                    a.b href={ "/welfare-posts/" (post.id) } { (visit.text(post.kind.label())) }
                    div { (visit.say("到 ", "until ")) (post.until_on) }
                    div.mut.sm { (post.agreement_no.as_deref().unwrap_or_default()) }
                }
            }
        }
    }
}

fn projects(visit: &Visit, rows: &[project::Model]) -> Markup {
    html! {
        ul.ppl {
            @for row in rows {
                li {
                    a.b href={ "/projects/" (row.id) } { (row.name) }
                    div { @if let Some(on) = row.accepted_on { (visit.say("验收 ", "accepted ")) (on) } }
                    div.mut.sm { (row.project_no.as_deref().unwrap_or_default()) }
                }
            }
        }
    }
}

fn imports(visit: &Visit, jobs: &[job::Model]) -> Markup {
    html! {
        ul.ppl {
            @for job in jobs {
                li {
                    a.b href={ "/imports/jobs/" (job.id) } { (job_name(visit, job)) }
                    div { (job_badge(visit, job.state)) }
                    div.mut.sm { (minute(job.asked_at)) }
                }
            }
        }
    }
}

fn accounts(visit: &Visit, rows: &[account::Model]) -> Markup {
    html! {
        ul.ppl {
            @for row in rows {
                li {
                    div.b { (row.name) }
                    div { (visit.text(row.role.label())) }
                    div.mut.sm { (row.area_code) " " (minute(row.created_at)) }
                }
            }
        }
    }
}

/// A whole group that no other page lists.
async fn listed(
    state: &AppState,
    visit: &Visit,
    around: &Around,
    asked: &Asked,
    (kind, n): (Kind, u64),
) -> Result<Response, Fault> {
    let (ledger, actor) = (&state.ledger, &visit.actor);
    let limit = limits::PAGE_ROWS_USUAL;
    let (rows, next) = if kind.concerns(visit.role()) {
        match kind {
            Kind::Ending => {
                let (rows, next) = task::ending(ledger, actor, asked.ends_after, limit).await?;
                (duties(visit, &rows), next.map(|(day, id)| format!("{day}_{id}")))
            }
            Kind::Imports => (imports(visit, &state.jobs.waiting(ledger, actor).await?), None),
            Kind::Posts => (posts(visit, &task::posts_ending(ledger, actor, limit).await?), None),
            kind if kind != Kind::Invitations => {
                let after = asked.account_after;
                let (rows, next) = task::queued(ledger, actor, kind, after, limit).await?;
                (waiting(state, visit, &rows).await?, next.map(|(area, id)| format!("{area}_{id}")))
            }
            _ => {
                let read = ledger.read(actor);
                let mut rows = read.accounts_invited(asked.account_after, limit + 1).await?;
                let is_more = rows.len() as u64 > limit;
                rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
                let last = rows.last().filter(|_| is_more);
                let next = last.map(|row| format!("{}_{}", row.area_code, row.id));
                (accounts(visit, &rows), next)
            }
        }
    } else {
        (html! {}, None)
    };
    let body = html! {
        section.card {
            @if n == 0 {
                (nothing(visit.say("这一类已办清。", "Nothing of this is left."), Some(("/tasks", visit.say("回到待办", "To the tasks")))))
            } @else {
                (rows)
                @if let Some(next) = next {
                    nav.pager aria-label=(visit.say("翻页", "Pages")) {
                        ul { li { a rel="next" href=(visit.with(&[("after", next.as_str())])) { (visit.say("下一页", "Next page")) } } }
                    }
                }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Tasks),
        way: vec![("/tasks".to_owned(), visit.say("待办", "Tasks").to_owned())],
        below: format!("{}{}{}", visit.say("共 ", ""), number(n), visit.say(" 件", " in all")),
        ..Page::new(visit.text(kind.label()), body)
    };
    Ok(page(visit, around, shown))
}
