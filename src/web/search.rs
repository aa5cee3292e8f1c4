//! Looking for things: assets, organizations, projects and areas by what they are called, each with
//! the way to its list; and people by their whole names, which never stand in an address.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{language::Label, log::Action};
use maud::{Markup, html};

use super::{
    area_pick,
    asset_column::state_badge,
    form::{Sent, hidden},
    frame::{Around, Page, page},
    parts::{grouped, nothing},
    visit::{Visit, at},
};
use crate::{
    app::{
        listing::Sight,
        place::Meant,
        search::{self, Found, Group, Hit, In},
    },
    domain::mistake::{Mistake, Mistakes},
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/search", get(look).post(send_name))
        .route("/search/suggestions", get(suggest))
}

/// What a search is asked for.
#[derive(Default)]
struct Asked {
    text: String,
    kind: Option<In>,
    after: Option<String>,
}

impl Asked {
    fn read(visit: &Visit) -> Result<Asked> {
        let mut asked = Asked::default();
        let mut mistakes = Mistakes::default();
        for (word, value) in &visit.query {
            let value = value.trim();
            match word.as_str() {
                "q" if value.chars().count() <= limits::SEARCH_LENGTH => value.clone_into(&mut asked.text),
                "in" if value.is_empty() => {}
                "in" if In::of(value).is_some() => asked.kind = In::of(value),
                "after" => asked.after = Some(value.to_owned()).filter(|value| !value.is_empty()),
                // what was looked for may be somebody's name, and is not repeated
                _ => mistakes.push(Mistake::new(word.clone(), "", entity::language::Sentence::new(
                    "查询条件只有 q（不超过 64 字）、in（assets、organizations、projects、areas）和 after",
                    "the parameters are q (at most 64 characters), in (assets, organizations, projects, areas) and after",
                ))),
            }
        }
        mistakes.into_result()?;
        Ok(asked)
    }
}

async fn look(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = Asked::read(&visit)?;
    let (ledger, actor) = (&state.ledger, &visit.actor);
    if asked.kind.is_none()
        && let Some(code) = search::exact(ledger, actor, &asked.text).await?
    {
        return Ok(Redirect::to(&format!("/assets/{code}")).into_response());
    }
    let around = Around::of(&state, &visit).await?;
    let groups = match asked.kind {
        Some(kind) => {
            vec![search::page(ledger, actor, kind, &asked.text, asked.after.as_deref()).await?]
        }
        None => search::look(ledger, actor, &asked.text, limits::SEARCH_SHOWN).await?,
    };
    let body = html! {
        (box_of(&visit, &asked))
        @if !asked.text.is_empty() { (found(&visit, &asked, &groups)) }
        (by_name(&visit))
    };
    let shown = Page::new(visit.say("查找", "Search"), body);
    Ok(page(&visit, &around, shown))
}

fn box_of(visit: &Visit, asked: &Asked) -> Markup {
    html! {
        form.card.pad.row action="/search" role="search" {
            label.sr for="f-q" { (visit.say("查找", "Search")) }
            input #f-q name="q" type="search" maxlength=(limits::SEARCH_LENGTH) value=(asked.text) size="30"
                placeholder=(visit.say("名称、编号、村、拼音首字母", "name, code, place, initials"));
            @if let Some(kind) = asked.kind { input type="hidden" name="in" value=(kind.code()); }
            button.btn.go { (visit.say("查找", "Search")) }
            @if asked.kind.is_some() {
                a href=(at("/search", [("q", asked.text.as_str())])) { (visit.say("在全部内容里找", "Search everything")) }
            }
        }
    }
}

/// Where the whole list of a group is.
fn whole(group: &Group, text: &str) -> String {
    match group.kind {
        In::Assets => at("/assets", [("q", text)]),
        kind => at("/search", [("q", text), ("in", kind.code())]),
    }
}

fn found(visit: &Visit, asked: &Asked, groups: &[Group]) -> Markup {
    let groups: Vec<&Group> = groups.iter().filter(|group| !group.hits.is_empty()).collect();
    html! {
        @if visit.area().level() < entity::area::Level::County {
            p.pad { (visit.say("查找在一个县内进行：请用县以下的账号，或在资产台账里先选一个县。", "A search is of one county: choose one in the list of assets first.")) }
        } @else if groups.is_empty() {
            section.card.mt { (nothing(
                visit.say("没有找到。可以换一个字词、拼音首字母，或只输入编号的后几位。", "Nothing was found. Try another word, the initials, or the last digits of a code."),
                Some(("/assets", visit.say("看全部资产", "All assets"))),
            )) }
        }
        @for group in groups { (drawn(visit, asked, group)) }
    }
}

fn drawn(visit: &Visit, asked: &Asked, group: &Group) -> Markup {
    let label = visit.text(group.kind.label());
    let n = match group.total {
        Found::Exactly(n) => grouped(i64::try_from(n).unwrap_or(i64::MAX)),
        Found::MoreThan(n) => format!(
            "{} {}",
            visit.say("超过", "more than"),
            grouped(i64::try_from(n).unwrap_or(i64::MAX))
        ),
    };
    let is_cut = asked.kind.is_none() && group.is_cut;
    html! {
        section.card.mt {
            header {
                h2 { (label) " " span.mut { (n) } }
                @if is_cut { a href=(whole(group, &asked.text)) { (visit.say("看全部", "See all")) } }
            }
            ul.ppl { @for hit in &group.hits { li { (line(visit, hit)) } } }
            @if let (Some(next), Some(kind)) = (group.next.as_deref(), asked.kind) {
                nav.pager aria-label=(visit.say("翻页", "Pages")) {
                    ul { li { a rel="next" href=(at("/search", [("q", asked.text.as_str()), ("in", kind.code()), ("after", next)])) { (visit.say("下一页", "Next page")) } } }
                }
            }
        }
    }
}

fn line(visit: &Visit, hit: &Hit) -> Markup {
    html! {
        div {
            a.b href=(address(hit)) { (hit.name) }
            p.mut.sm { (hit.place) @if !hit.code.is_empty() { span.s {} (hit.code) } @if let Some(label) = hit.kind { span.s {} (visit.text(label)) } }
            @if let In::Organizations = hit.of {
                p.sm {
                    a href=(at("/assets", [("maintainer", hit.id.as_str())])) { (visit.say("它管护的资产", "Assets it maintains")) }
                    " " a href=(at("/assets", [("owner", hit.id.as_str())])) { (visit.say("它所有的资产", "Assets it owns")) }
                }
            }
        }
    }
}

/// Where a thing that was found is.
fn address(hit: &Hit) -> String {
    match hit.of {
        In::Assets => format!("/assets/{}", hit.id),
        In::Organizations => at("/assets", [("maintainer", hit.id.as_str())]),
        In::Projects => format!("/projects/{}", hit.id),
        In::Areas => at("/assets", [("area", hit.id.as_str())]),
    }
}

/// The form that looks for the assets of a person, for roles that may know people.
fn by_name(visit: &Visit) -> Markup {
    html! {
        @if visit.may(Action::RevealPerson) {
            section.card.mt {
                header { h2 { (visit.say("按责任人全名查找", "By the whole name of a keeper")) } }
                form.pad.row method="post" action="/search" {
                    (hidden(&visit.mark))
                    label.sr for="f-name" { (visit.say("责任人全名", "Whole name of a keeper")) }
                    input #f-name name="name" maxlength=(limits::SEARCH_LENGTH) autocomplete="off";
                    button.btn { (visit.say("查找", "Search")) }
                    span.mut.sm { (visit.say("姓名不进入网址，也不留在记录里。", "A name stands in no address and in no log.")) }
                }
            }
        }
    }
}

/// Looking changes nothing: the answer is the page itself.
async fn send_name(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::RevealPerson)?;
    let around = Around::of(&state, &visit).await?;
    let name: String = form.one("name").chars().take(limits::SEARCH_LENGTH).collect();
    let rows = search::kept_by(&state.ledger, &visit.actor, &name).await?;
    let body = html! {
        (box_of(&visit, &Asked::default()))
        section.card.mt {
            header { h2 { (visit.say("这位责任人管护的资产", "Assets kept by that person")) } }
            @if rows.is_empty() {
                p.pad { (visit.say("没有以这个全名登记的责任人正在管护资产。", "Nobody of that whole name keeps an asset.")) }
            }
            ul.ppl { @for row in &rows { li { (kept(&visit, row)) } } }
            @if rows.len() as u64 == limits::PAGE_ROWS_USUAL {
                p.pad.mut { (visit.say("只列出前面一部分。", "Only the first are listed.")) }
            }
        }
        (by_name(&visit))
    };
    Ok(page(&visit, &around, Page::new(visit.say("查找", "Search"), body)))
}

fn kept(visit: &Visit, row: &Sight) -> Markup {
    html! {
        div {
            a.b href={ "/assets/" (row.asset.code) } { (row.asset.name) } " " (state_badge(visit, row))
            p.mut.sm { (row.place) span.s {} (row.asset.code) @if let Some(keeper) = &row.keeper { span.s {} (keeper.name) " " (keeper.phone) } }
        }
    }
}

/// What is shown while somebody types: the options of a list, and nothing around them.
async fn suggest(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = Asked::read(&visit)?;
    if asked.kind == Some(In::Areas) {
        let offered = area_pick::offered(&state, &visit, &asked.text).await?;
        return Ok(areas(&offered).into_response());
    }
    let few = limits::SUGGESTIONS;
    let groups = match asked.kind {
        _ if asked.text.is_empty() => Vec::new(),
        Some(kind) => {
            vec![search::group(&state.ledger, &visit.actor, kind, &asked.text, few).await?]
        }
        None => search::look(&state.ledger, &visit.actor, &asked.text, few / 2).await?,
    };
    Ok(options(&visit, &groups).into_response())
}

/// Areas for the field that takes one: its value names it for certain.
fn areas(offered: &[Meant]) -> Markup {
    html! { @for one in offered { li role="option" data-value=(one.told()) { (one.names) " " small.mut { (one.code) } } } }
}

fn options(visit: &Visit, groups: &[Group]) -> Markup {
    let hits = groups.iter().flat_map(|group| &group.hits);
    html! {
        @for hit in hits.take(usize::try_from(limits::SUGGESTIONS).unwrap_or(8)) {
            li role="option" data-value=(hit.name) data-href=(address(hit)) {
                (hit.name) " " small.mut { (hit.place) " " (kind(visit, hit)) }
            }
        }
    }
}

fn kind(visit: &Visit, hit: &Hit) -> &'static str {
    visit.text(hit.kind.unwrap_or(Label::new("", "")))
}
