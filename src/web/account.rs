//! Accounts: who may do what where, when they last came, and what depends on them. What is done to
//! one stands in `account_tend`.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    account::{self, Model, Role},
    id::AccountId,
    log::Action,
    session,
};
use maud::{Markup, html};

use super::{
    account_tend::actions,
    fields::{Sheet, Typed},
    form::hidden,
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    offered::Areas,
    parts::{Tone, badge, choice, coded, done, fact, grouped, instant, nothing, scrolled},
    visit::{Visit, at},
};
use crate::{
    app::{
        account::{Holder, holder},
        place::Places,
    },
    domain::second_factor::is_required,
    error::Result,
    http::{AppState, fault::Fault},
    store::{
        account::Usage,
        list::{List, Listing},
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/accounts", get(list)).route("/admin/accounts/{id}", get(show))
}

/// Rows of a page when the address does not say.
const ROWS: u64 = 20;

/// The place of accounts, in the menu and on the way.
pub(super) fn way(visit: &Visit) -> Vec<(String, String)> {
    vec![("/admin/accounts".to_owned(), visit.say("账号", "Accounts").to_owned())]
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ReadAccounts)?;
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let words: Vec<(&str, &str)> = said.filter(|(_, value)| !value.trim().is_empty()).collect();
    let mut list = List::<account::Entity>::read(words.iter().copied())?;
    list.is_counted = true;
    if !words.iter().any(|(word, _)| *word == "limit") {
        list.limit = ROWS;
    }
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let listing = read.list(&list).await?;
    let usage = read.usage(&listing.rows, state.ledger.clock().now()).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, listing.rows.iter().map(|row| row.area_code)).await?;
    let areas = Areas::of(&state, &visit, None).await?;
    let profile = state.ledger.profile();
    let line = |row: &Model| {
        let place = places.path_below(row.area_code, Some(visit.area()));
        let usage = usage.get(&row.id).cloned().unwrap_or_default();
        line(&visit, row, &usage, (&place, is_required(profile, row.role)))
    };
    let body = html! {
        section.card {
            (filters(&visit, &words, &areas))
            @if listing.rows.is_empty() {
                (nothing(visit.say("没有符合条件的账号。", "No account is like that."), Some(("/admin/accounts", visit.say("看全部账号", "All accounts")))))
            } @else {
                (table(&visit, &listing.rows, line))
                (pager(&visit, &listing))
            }
        }
    };
    let n = i64::try_from(listing.total.unwrap_or_default()).unwrap_or(i64::MAX);
    let shown = Page {
        place: Some(Place::Accounts),
        below: format!("{} · {} {}", around.area, grouped(n), visit.say("个", "accounts")),
        beside: html! {
            a.btn href="/admin/permissions" { (visit.say("谁能办什么", "Who may do what")) }
            @if visit.may(Action::AddAccount) {
                a.btn.go href="/admin/accounts/new" { (icon(Icon::Add)) (visit.say("开设账号", "Add an account")) kbd { "N" } }
            }
        },
        ..Page::new(visit.say("账号", "Accounts"), body)
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
    html! {
        form.filters action="/admin/accounts" {
            (labelled("q", visit.say("账号", "Sign-in name"), html! {
                input #f-q name="q" type="search" maxlength="64" value=(word("q"));
            }))
            (labelled("role", visit.say("角色", "Role"), choice("role", all, coded(visit, Role::CHOICES), word("role"))))
            (labelled("area", visit.say("管辖区划", "Area"), areas.draw(&sheet)))
            (labelled("state", visit.say("状态", "State"), choice("state", all, coded(visit, account::State::CHOICES), word("state"))))
            div.row {
                button.btn { (visit.say("查询", "Show")) }
                a.btn.link href="/admin/accounts" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

fn table(visit: &Visit, rows: &[Model], line: impl Fn(&Model) -> Markup) -> Markup {
    let heads = [
        visit.say("账号 / 管辖区划", "Account / area"),
        visit.say("角色", "Role"),
        visit.say("状态", "State"),
        visit.say("最近登录", "Last sign-in"),
        visit.say("动态验证", "Authenticator"),
    ];
    let table = html! {
        table.cards {
            thead { tr {
                @for head in heads { th scope="col" { (head) } }
                th.num scope="col" { (visit.say("登录中", "Open sessions")) }
            } }
            tbody { @for row in rows { (line(row)) } }
        }
    };
    scrolled(visit.say("账号", "Accounts"), &table)
}

fn line(visit: &Visit, row: &Model, usage: &Usage, (place, needs): (&str, bool)) -> Markup {
    html! {
        tr {
            th scope="row" { a.b href={ "/admin/accounts/" (row.id) } { (row.name) } small { (place) } }
            td data-l=(visit.say("角色", "Role")) { (visit.text(row.role.label())) }
            td data-l=(visit.say("状态", "State")) { (state_badge(visit, row, usage)) }
            td.nw data-l=(visit.say("最近登录", "Last sign-in")) { (last(visit, usage)) }
            td data-l=(visit.say("动态验证", "Authenticator")) { (factor(visit, usage, needs)) }
            td.num data-l=(visit.say("登录中", "Open sessions")) { (usage.n_open) }
        }
    }
}

/// Whether it may act, and whether it ever could.
fn state_badge(visit: &Visit, row: &Model, usage: &Usage) -> Markup {
    match (row.state, usage.has_password) {
        (account::State::Locked, _) => badge(Tone::Idle, visit.text(row.state.label())),
        (account::State::Active, true) => badge(Tone::Good, visit.text(row.state.label())),
        (account::State::Active, false) => {
            badge(Tone::Warning, visit.say("还没有设置密码", "no password yet"))
        }
    }
}

fn last(visit: &Visit, usage: &Usage) -> Markup {
    html! { @if let Some(at) = usage.last_at { (instant(at)) } @else { span.mut { (visit.say("从未", "never")) } } }
}

fn factor(visit: &Visit, usage: &Usage, is_required: bool) -> Markup {
    if usage.has_second_factor {
        return badge(Tone::Good, visit.say("已启用", "enrolled"));
    }
    if is_required {
        return badge(Tone::Warning, visit.say("首次登录时启用", "with the first sign-in"));
    }
    html! { span.mut { (visit.say("未启用", "none")) } }
}

fn pager(visit: &Visit, listing: &Listing<Model>) -> Markup {
    let total = i64::try_from(listing.total.unwrap_or_default()).unwrap_or(i64::MAX);
    html! {
        nav.pager aria-label=(visit.say("翻页", "Pages")) {
            span { (visit.say("本页 ", "This page: ")) (listing.rows.len()) (visit.say(" 个，共 ", " of ")) (grouped(total)) (visit.say(" 个", "")) }
            (ends(visit, listing.next.as_deref()))
        }
    }
}

/// The end of a list that says nothing of how long it is; nothing where all of it is shown.
pub(super) fn pages(visit: &Visit, next: Option<&str>) -> Markup {
    if next.is_none() && !visit.query.iter().any(|(word, _)| word == "after") {
        return html! {};
    }
    html! { nav.pager aria-label=(visit.say("翻页", "Pages")) { (ends(visit, next)) } }
}

/// The ways to the first page of a list and to the next.
pub(super) fn ends(visit: &Visit, next: Option<&str>) -> Markup {
    html! {
        ul {
            @if visit.query.iter().any(|(word, _)| word == "after") {
                li { a href=(visit.with(&[("after", "")])) { (visit.say("第一页", "First page")) } }
            }
            @if let Some(next) = next {
                li { a rel="next" href=(visit.with(&[("after", next)])) { (visit.say("下一页", "Next page")) } }
            }
        }
    }
}

async fn show(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    drawn(&state, &visit, AccountId(id), None).await
}

/// What was done, when the page comes after it.
fn said(visit: &Visit) -> Option<&'static str> {
    let (_, what) = visit.query.iter().find(|(word, _)| word == "done")?;
    Some(match what.as_str() {
        "added" => visit.say(
            "账号已开设。首次登录码只显示一次，已经显示过；如已遗失，请重新发放。",
            "The account is there. Its one-time code was shown once, and is not shown again; if it was lost, issue another.",
        ),
        "code" => visit.say(
            "一次性登录码只显示一次，已经显示过；如已遗失，请重新办理。",
            "The one-time code was shown once, and is not shown again; if it was lost, issue another.",
        ),
        "locked" => visit.say(
            "账号已停用，登录已全部结束，未用的登录码作废",
            "The account is locked: its sessions have ended, its codes are void",
        ),
        "unlocked" => {
            visit.say("账号已启用，本人须重新登录", "The account is unlocked; its owner signs in anew")
        }
        "factor" => visit.say("动态验证已解除", "The second factor is removed"),
        _ => visit.say("该登录已结束", "That session has ended"),
    })
}

/// The page of one account, with what was wrong with the last thing asked of it.
pub(super) async fn drawn(
    state: &AppState,
    visit: &Visit,
    id: AccountId,
    above: Option<Markup>,
) -> Result<Response, Fault> {
    let told = holder(&state.ledger, &visit.actor, id).await?;
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let mut places = Places::new(visit.today);
    places.learn(&read, [told.account.area_code]).await?;
    let place = places.path(told.account.area_code);
    let account = &told.account;
    let needs = is_required(state.ledger.profile(), account.role);
    let body = html! {
        @match above { Some(above) => { (above) }, None => { @if let Some(said) = said(visit) { (done(said)) } } }
        section.card.mt {
            dl.desc {
                (fact(visit.say("账号", "Sign-in name"), &html! { b { (account.name) } }))
                (fact(visit.say("状态", "State"), &state_badge(visit, account, &told.usage)))
                (fact(visit.say("角色", "Role"), &html! { a href={ "/admin/permissions/" (account.role.code()) } { (visit.text(account.role.label())) } }))
                (fact(visit.say("管辖区划", "Area"), &html! { (place) " " span.mut { (account.area_code) } }))
                (fact(visit.say("最近登录", "Last sign-in"), &last(visit, &told.usage)))
                (fact(visit.say("动态验证", "Authenticator"), &factor(visit, &told.usage, needs)))
                (fact(visit.say("开设时间", "Added"), &html! { (instant(account.created_at)) }))
                (fact(visit.say("未用的登录码", "Unused codes"), &html! { (told.n_links) }))
            }
        }
        (actions(visit, &told))
        (sessions(visit, &told))
    };
    let shown = Page {
        place: Some(Place::Accounts),
        way: way(visit),
        below: format!("{} · {place}", visit.text(account.role.label())),
        beside: html! {
            @if visit.may(Action::ReadLog) {
                a.btn href=(at("/log", [("actor", account.name.as_str())])) { (visit.say("办过的事", "What it did")) }
            }
        },
        ..Page::new(account.name.clone(), body)
    };
    Ok(page(visit, &around, shown))
}

/// Where it is signed in.
fn sessions(visit: &Visit, told: &Holder) -> Markup {
    let title = visit.say("登录中的设备", "Open sessions");
    html! {
        section.card.mt {
            header { h2 { (title) } }
            @if told.sessions.is_empty() {
                p.pad.mut { (visit.say("现在没有登录。", "It is not signed in now.")) }
            } @else {
                (scrolled(title, &html! {
                    table.cards {
                        thead { tr {
                            th scope="col" { (visit.say("设备", "Device")) }
                            th scope="col" { (visit.say("登录时间", "Signed in")) }
                            th scope="col" { (visit.say("最近使用", "Last used")) }
                            @if visit.may(Action::RevokeSession) { th scope="col" { (visit.say("办理", "Do")) } }
                        } }
                        tbody { @for row in &told.sessions { (session_row(visit, &told.account, row)) } }
                    }
                }))
            }
        }
    }
}

fn session_row(visit: &Visit, account: &Model, row: &session::Model) -> Markup {
    html! {
        tr {
            th scope="row" { (row.device) small { (visit.text(row.kind.label())) } }
            td data-l=(visit.say("登录时间", "Signed in")) { (instant(row.issued_at)) }
            td data-l=(visit.say("最近使用", "Last used")) { (instant(row.seen_at)) }
            @if visit.may(Action::RevokeSession) {
                td { form method="post" action={ "/admin/accounts/" (account.id) "/sessions/" (row.id) "/end" } {
                    (hidden(&visit.mark))
                    button.btn.sm { (visit.say("结束登录", "End it")) }
                } }
            }
        }
    }
}
