//! Organizations: who owns and looks after assets, whom to call, and what each has.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use entity::{
    id::OrganizationId,
    log::Action,
    organization::{self, Kind, Model},
};
use maud::{Markup, html};

use super::{
    account::ends,
    fields::{Sheet, Typed},
    form::Sent,
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    offered::Areas,
    parts::{Tone, badge, choice, coded, done, fact, grouped, mistakes, nothing, scrolled, titled},
    party,
    proof::{Came, unless_mended},
    visit::Visit,
};
use crate::{
    app::{self, party::borne, place::Places},
    domain::{masking::Contact, title::Party},
    error::Result,
    http::{AppState, fault::Fault},
    store::list::List,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/organizations", get(list))
        .route("/organizations/{id}", get(show))
        .route("/organizations/{id}/reveal", post(reveal))
}

/// Rows of a page when the address does not say.
const ROWS: u64 = 20;

/// The way to organizations.
pub(super) fn way(visit: &Visit) -> Vec<(String, String)> {
    vec![("/organizations".to_owned(), visit.say("单位", "Organizations").to_owned())]
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let words: Vec<(&str, &str)> = said.filter(|(_, value)| !value.trim().is_empty()).collect();
    let mut list = List::<organization::Entity>::read(words.iter().copied())?;
    list.is_counted = true;
    if !words.iter().any(|(word, _)| *word == "limit") {
        list.limit = ROWS;
    }
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let listing = read.list(&list).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, listing.rows.iter().map(|row| row.area_code)).await?;
    let areas = Areas::of(&state, &visit, None).await?;
    let total = i64::try_from(listing.total.unwrap_or_default()).unwrap_or(i64::MAX);
    let body = html! {
        section.card {
            (filters(&visit, &words, &areas))
            @if listing.rows.is_empty() {
                (nothing(visit.say("没有符合条件的单位。", "No organization is like that."), Some(("/organizations", visit.say("看全部单位", "All organizations")))))
            } @else {
                (table(&visit, &listing.rows, &places))
                nav.pager aria-label=(visit.say("翻页", "Pages")) {
                    span { (visit.say("本页 ", "This page: ")) (listing.rows.len()) (visit.say(" 个，共 ", " of ")) (grouped(total)) (visit.say(" 个", "")) }
                    (ends(&visit, listing.next.as_deref()))
                }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Organizations),
        below: format!("{} · {} {}", around.area, grouped(total), visit.say("个", "organizations")),
        beside: html! {
            @if visit.may(Action::RegisterOrganization) {
                a.btn.go href="/organizations/new" { (icon(Icon::Add)) (visit.say("登记单位", "Register one")) kbd { "N" } }
            }
        },
        ..Page::new(visit.say("单位", "Organizations"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn filters(visit: &Visit, words: &[(&str, &str)], areas: &Areas) -> Markup {
    let word = |name: &str| words.iter().find(|(word, _)| *word == name).map_or("", |(_, one)| one);
    let all = Some(visit.say("全部", "all"));
    let labelled = |name: &str, label: &str, control: Markup| {
        html! { div.field { label for={ "f-" (name) } { (label) } (control) } }
    };
    let mut typed = Typed::default();
    typed.put("area", word("area"));
    let sheet = Sheet { manner: &visit.manner, typed: &typed, fault: None, meanwhile: None };
    let states = [("false", visit.say("在册", "there")), ("true", visit.say("已注销", "ended"))];
    let states = states.map(|(code, name)| (code.to_owned(), name.to_owned()));
    html! {
        form.filters action="/organizations" {
            (labelled("q", visit.say("名称、信用代码或拼音首字母", "Name, credit code, initials"), html! {
                input #f-q name="q" type="search" maxlength="64" value=(word("q"));
            }))
            (labelled("kind", visit.say("类型", "Kind"), choice("kind", all, coded(visit, Kind::CHOICES), word("kind"))))
            (labelled("area", visit.say("区划", "Area"), areas.draw(&sheet)))
            (labelled("ended", visit.say("状态", "State"), choice("ended", all, states, word("ended"))))
            div.row {
                button.btn { (visit.say("查询", "Show")) }
                a.btn.link href="/organizations" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

fn table(visit: &Visit, rows: &[Model], places: &Places) -> Markup {
    let heads = [
        visit.say("名称", "Name"),
        visit.say("类型", "Kind"),
        visit.say("统一社会信用代码", "Credit code"),
        visit.say("状态", "State"),
    ];
    scrolled(
        visit.say("单位", "Organizations"),
        &html! {
            table.cards {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for row in rows { tr {
                    th scope="row" { a.b href={ "/organizations/" (row.id) } { (row.name) } small { (places.path_below(row.area_code, Some(visit.area()))) } }
                    td data-l=(heads[1]) { (visit.text(row.kind.label())) }
                    td data-l=(heads[2]) { @match &row.credit_code { Some(code) => { (code) }, None => { span.mut { "—" } } } }
                    td data-l=(heads[3]) { (state_badge(visit, row)) }
                } } }
            }
        },
    )
}

fn state_badge(visit: &Visit, row: &Model) -> Markup {
    match row.ended_on {
        None => badge(Tone::Good, visit.say("在册", "there")),
        Some(on) => badge(Tone::Idle, &format!("{} {on}", visit.say("已注销", "ended"))),
    }
}

async fn show(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    drawn(&state, &visit, OrganizationId(id), (None, None)).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    id: OrganizationId,
    (revealed, fault): (Option<&Contact>, Option<&Fault>),
) -> Result<Response, Fault> {
    let read = state.ledger.read(&visit.actor);
    let row = read.get::<organization::Entity>(id).await?;
    let masked = read.contacts_of(std::slice::from_ref(&row)).await?.remove(&row.id);
    let told = borne(&state.ledger, &visit.actor, Party::Organization(id)).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, [row.area_code]).await?;
    let around = Around::of(state, visit).await?;
    let said =
        visit.query.iter().find(|(word, _)| word == "done").map(|(_, what)| match what.as_str() {
            "ended" => visit
                .say("已注销，管护责任和权利已终止", "Ended, and its duties and rights with it"),
            _ => visit.say("已保存，并记入留痕", "Saved, and kept in the log"),
        });
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if let Some(said) = said { (done(said)) }
        section.card.mt { dl.desc {
            (fact(visit.say("类型", "Kind"), &html! { (visit.text(row.kind.label())) }))
            (fact(visit.say("状态", "State"), &state_badge(visit, &row)))
            (fact(visit.say("统一社会信用代码", "Credit code"), &html! { (row.credit_code.as_deref().unwrap_or("—")) }))
            (fact(visit.say("所在区划", "Area"), &html! { (places.path(row.area_code)) }))
            (fact(visit.say("联系人", "Contact"), &party::contact(visit, Party::Organization(id), masked.as_ref(), revealed)))
        } }
        (party::borne(visit, &told))
        @if row.contact_id.is_some() && revealed.is_none() {
            (party::reveal_form(visit, &format!("/organizations/{id}/reveal"), fault))
        }
    };
    let shown = Page {
        place: Some(Place::Organizations),
        way: way(visit),
        below: places.path(row.area_code),
        beside: html! {
            @if row.ended_on.is_none() && visit.may(Action::AmendOrganization) {
                a.btn href={ "/organizations/" (id) "/edit" } { (icon(Icon::Edit)) (visit.say("变更", "Amend")) kbd { "E" } }
            }
            @if row.ended_on.is_none() && visit.may(Action::EndOrganization) {
                a.btn href={ "/organizations/" (id) "/end" } { (visit.say("注销…", "End it…")) }
            }
        },
        ..Page::new(titled(visit, &row.name, fault), body)
    };
    Ok(page(visit, &around, shown))
}

/// Shows the contact whole on this answer alone; each time leaves its reason in the log.
async fn reveal(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let id = OrganizationId(id);
    let reason = form.one("reason");
    let error =
        match app::organization::reveal_contact(&state.ledger, &visit.actor, id, reason).await {
            Ok(contact) => return drawn(&state, &visit, id, (Some(&contact), None)).await,
            Err(error) => error,
        };
    let fault = match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let shown = drawn(&state, &visit, id, (None, Some(&fault))).await?;
    Ok((fault.status, shown).into_response())
}
