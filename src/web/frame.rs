//! What stands around every page: the head, the search, the menu, the way one came.

use std::{borrow::Cow, sync::LazyLock};

use axum::{
    http::{HeaderName, HeaderValue},
    response::{IntoResponse as _, Response},
};
use entity::{
    account::Role,
    area::{AreaCode, Model as Area},
    finding::Rule,
    setting::AssetFamily,
};
use maud::{DOCTYPE, Markup, html};

pub(super) use super::menu::Place;
use super::{
    help,
    icon::{Icon, icon},
    menu::{Counted, MENU, menu},
    parts::{grouped, mistakes, titled},
    stylesheet::{CONTRAST, DARK, EASE, FIELD, LOOK, Loaded, SUGGEST},
    visit::{Colours, Manner, Size, Visit, at, kept},
};
use crate::{
    app::{
        asset_total::{self, Figures},
        place::Places,
        reminder, task,
    },
    domain::setting::ledger_name,
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

/// What every page tells of the ledger around it.
pub(super) struct Around {
    /// The name of the visitor's area.
    pub(super) area: String,
    /// What the assets are called there.
    pub(super) family: AssetFamily,
    /// How many assets the visitor's area has, and how many of them break each rule.
    figures: Figures,
    /// What waits for the visitor, with how many of each.
    pub(super) tasks: Vec<(task::Kind, u64)>,
    /// What the visitor has not seen, up to a limit and one more.
    unread: u64,
    /// The area that the address names; the visitor's own where it names none.
    pub(super) chosen: AreaCode,
    /// From the visitor's own area to the chosen one, each with its name.
    steps: Vec<(AreaCode, String)>,
    /// What lies directly below the chosen area.
    parts: Vec<Area>,
}

/// The area that an address names, where it lies within the visitor's own.
fn chosen(visit: &Visit) -> AreaCode {
    let own = visit.area();
    let named = visit.query.iter().find(|(word, _)| word == "area");
    let named = named.and_then(|(_, code)| code.parse().ok());
    named.filter(|code| own.covers(code)).unwrap_or(own)
}

impl Around {
    /// What is around a visitor: a few queries, and one for each group that is not counted among the
    /// figures, each up to a limit, whatever the size of the ledger.
    pub(super) async fn of(state: &AppState, visit: &Visit) -> Result<Around> {
        let read = state.ledger.read(&visit.actor);
        let mut places = Places::new(visit.today);
        let (own, chosen) = (visit.area(), chosen(visit));
        places.learn(&read, [own, chosen]).await?;
        let mut steps: Vec<AreaCode> =
            std::iter::once(chosen).chain(chosen.above()).filter(|code| own.covers(code)).collect();
        steps.sort_unstable();
        steps.dedup();
        // levels that the tree skips have no name
        let steps = steps.into_iter().map(|code| (code, places.name(code)));
        let steps =
            steps.filter(|(code, name)| [own, chosen].contains(code) || *name != code.to_string());
        let steps: Vec<_> = steps.collect();
        let parts = read.parts_of(chosen).await?;
        let figures = asset_total::figures(&state.ledger, &visit.actor, None).await?;
        let local = read.local_rules([own]).await?;
        let known = (&figures, &local);
        let tasks = task::counted(&state.ledger, &visit.actor, &state.jobs, known).await?;
        let unread = reminder::n_unread(&state.ledger, &visit.actor, &local).await?;
        let family = local.family(own, visit.today);
        Ok(Around { area: places.name(own), family, figures, tasks, unread, chosen, steps, parts })
    }

    /// The figures of an area, which are read where it is not the visitor's own.
    pub(super) async fn figures_of(
        &self,
        state: &AppState,
        visit: &Visit,
        area: AreaCode,
    ) -> Result<Cow<'_, Figures>> {
        if area == self.figures.area {
            return Ok(Cow::Borrowed(&self.figures));
        }
        let read = asset_total::figures(&state.ledger, &visit.actor, Some(area)).await?;
        Ok(Cow::Owned(read))
    }

    /// How many assets of the visitor's area break a rule.
    pub(super) fn n_found(&self, rule: Rule) -> i64 {
        self.figures.n_found(rule)
    }

    pub(super) fn count(&self, counted: Counted) -> Option<String> {
        match counted {
            Counted::Nothing => None,
            Counted::Assets => Some(grouped(self.figures.n_assets())),
            Counted::Findings => Some(grouped(self.figures.n_findings())),
            Counted::Tasks => {
                let n: u64 = self.tasks.iter().map(|(_, n)| n).sum();
                (n > 0).then(|| grouped(i64::try_from(n).unwrap_or(i64::MAX)))
            }
            Counted::Reminders => {
                let most = limits::REMINDERS_COUNTED;
                let more = if self.unread > most { "+" } else { "" };
                (self.unread > 0).then(|| format!("{}{more}", self.unread.min(most)))
            }
        }
    }
}

/// A page before it is framed.
pub(super) struct Page {
    /// What the browser calls it, and its first heading.
    pub(super) title: String,
    /// Where the menu stands.
    pub(super) place: Option<Place>,
    /// The way to it: addresses and what they are called.
    pub(super) way: Vec<(String, String)>,
    /// What stands beside its heading.
    pub(super) beside: Markup,
    /// What stands below its heading.
    pub(super) below: String,
    /// The same, where it is more than text.
    pub(super) told: Markup,
    /// What it says.
    pub(super) body: Markup,
    /// A script of its own.
    pub(super) script: Option<&'static LazyLock<Loaded>>,
}

impl Page {
    /// A page with nothing but a title and what it says.
    pub(super) fn new(title: impl Into<String>, body: Markup) -> Page {
        Page {
            title: title.into(),
            place: None,
            way: Vec::new(),
            beside: html! {},
            below: String::new(),
            told: html! {},
            body,
            script: None,
        }
    }
}

/// A whole page of somebody who is signed in.
pub(super) fn page(visit: &Visit, around: &Around, page: Page) -> Response {
    let Page { title, place, way, beside, below, told, body, script } = page;
    let content = html! {
        header.top {
            (mark(visit, Some(&around.area), Some(around.family)))
            form.find role="search" action="/search" {
                label.sr for="q" { (visit.say("全站搜索", "Search")) }
                (icon(Icon::Find))
                input.in #q name="q" type="search" maxlength="64" autocomplete="off" data-suggest=""
                    placeholder=(if visit.has_keys {
                        visit.say("搜资产名称、编号、村、拼音首字母（按 / 键）", "Search names, codes, places, initials (press /)")
                    } else {
                        visit.say("搜资产名称、编号、村、拼音首字母", "Search names, codes, places, initials")
                    });
            }
            (switcher(visit, around))
            (tools(visit))
            a.who href="/me" {
                (icon(Icon::Person))
                span { b { (visit.actor.name()) } " " span.mut.sm { (visit.text(visit.role().label())) } }
            }
            form method="post" action="/sign-out" {
                (super::form::hidden(&visit.mark))
                button.btn.sm { (visit.say("退出", "Sign out")) }
            }
        }
        div.app {
            (menu(visit, around, place))
            main #main tabindex="-1" {
                (way_of(visit, &way, &title))
                div.head {
                    div { h1 { (title) } @if !below.is_empty() { p { (below) } } @if !told.0.is_empty() { p { (told) } } }
                    div.row { (beside) }
                }
                (body)
            }
        }
    };
    let name = visit.text(ledger_name(Some(around.family)));
    let title = format!("{title} · {}{}{name}", around.area, visit.say("", " "));
    of_account(visit, kept(&visit.manner, document(&visit.manner, (&title, script), &content)))
}

/// Names the account that a page was made for: what is kept on a device for one account is dropped
/// where the page of another comes.
pub(super) const ACCOUNT: HeaderName = HeaderName::from_static("taizhang-account");

fn of_account(visit: &Visit, mut response: Response) -> Response {
    if let Some(account) = visit.actor.account() {
        response.headers_mut().insert(ACCOUNT, HeaderValue::from(account.0));
    }
    response
}

/// A page that is taken along: nothing stands around it that asks for more.
pub(super) fn taken_along(
    visit: &Visit,
    title: &str,
    script: &'static LazyLock<Loaded>,
    body: &Markup,
) -> Response {
    let content = html! {
        header.top { (mark(visit, None, visit.manner.family)) (tools(visit)) }
        main #main tabindex="-1" { h1 { (title) } (body) }
    };
    let name = visit.text(ledger_name(visit.manner.family));
    let title = format!("{title} · {name}");
    of_account(visit, document(&visit.manner, (&title, Some(script)), &content).into_response())
}

/// The areas one may look at, a level at a time: back up to one's own, and down to the parts of the
/// one that is chosen. Where the page tells of no area, it leads to the overview.
fn switcher(visit: &Visit, around: &Around) -> Markup {
    let is_here = MENU
        .iter()
        .flat_map(|(_, entries)| *entries)
        .any(|entry| entry.is_of_area && entry.path == visit.path);
    let to = |code: AreaCode| {
        let code = if code == visit.area() { String::new() } else { code.to_string() };
        let words = [("area", code.as_str()), ("after", "")];
        let is_own = code.is_empty();
        match (is_here, is_own) {
            (true, _) => visit.with(&words),
            (false, true) => "/dashboard".to_owned(),
            (false, false) => at("/dashboard", [("area", code.as_str())]),
        }
    };
    let name = around.steps.last().map_or("", |(_, name)| name.as_str());
    html! {
        @if around.steps.len() > 1 || !around.parts.is_empty() {
            details.pick {
                summary aria-label={ (visit.say("区划：", "Area: ")) (name) } { (icon(Icon::Place)) (name) }
                ul {
                    @for (code, name) in &around.steps {
                        li { a.b href=(to(*code)) aria-current=[(*code == around.chosen).then_some("true")] { (name) } }
                    }
                    @for part in &around.parts { li { a href=(to(part.area_code)) { (part.name) } } }
                }
            }
        }
    }
}

/// A whole page of anybody that shows a form, with what was wrong with it.
pub(super) fn plain_form(
    manner: &Manner,
    title: &str,
    fault: Option<&Fault>,
    form: &Markup,
) -> Markup {
    let body = html! { @if let Some(fault) = fault { (mistakes(manner, fault)) } (form) };
    plain(manner, &titled(manner, title, fault), &body)
}

/// A whole page of anybody.
pub(super) fn plain(manner: &Manner, title: &str, body: &Markup) -> Markup {
    let content = html! {
        header.top { (mark(manner, None, manner.family)) (tools(manner)) }
        main #main.narrow tabindex="-1" { h1 { (title) } (body) }
    };
    let name = manner.text(ledger_name(manner.family));
    document(manner, (&format!("{title} · {name}"), None), &content)
}

fn document(
    manner: &Manner,
    (title, script): (&str, Option<&'static LazyLock<Loaded>>),
    content: &Markup,
) -> Markup {
    let scheme = match manner.colours {
        Colours::System => "light dark",
        Colours::Light => "light",
        Colours::Dark | Colours::Contrast => "dark",
    };
    // paper is always white, so colours of their own are for screens
    let colours: &[(&LazyLock<Loaded>, &str)] = match manner.colours {
        Colours::System => &[(&DARK, "screen and (prefers-color-scheme:dark)")],
        Colours::Light => &[],
        Colours::Dark => &[(&DARK, "screen")],
        Colours::Contrast => &[(&DARK, "screen"), (&CONTRAST, "screen")],
    };
    html! {
        (DOCTYPE)
        html lang=(manner.say("zh-CN", "en"))
            data-size=[(manner.size != Size::Usual).then(|| manner.size.code())]
            data-keys=[(!manner.has_keys).then_some("off")] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="color-scheme" content=(scheme);
                title { (title) }
                link rel="stylesheet" href=(LOOK.address);
                @for (sheet, media) in colours {
                    link rel="stylesheet" href=(sheet.address) media=(media);
                }
                link rel="icon" href="data:,";
                script type="module" src=(EASE.address) {}
                @if let Some(script) = script { script type="module" src=(script.address) {} }
                // where the network is weak, less is loaded
                @if script.is_some_and(|one| one.address == FIELD.address) {
                    link rel="manifest" href="/manifest.webmanifest";
                } @else {
                    script type="module" src=(SUGGEST.address) {}
                }
            }
            body {
                a.skip href="#main" { (manner.say("跳到正文", "Skip to the content")) }
                (content)
            }
        }
    }
}

/// The chop and the name.
fn mark(manner: &Manner, area: Option<&str>, family: Option<AssetFamily>) -> Markup {
    html! {
        a.mark href="/" {
            span.chop aria-hidden="true" { span { "资" } span { "产" } span { "台" } span { "账" } }
            (area.unwrap_or_default()) (manner.say("", " ")) (manner.text(ledger_name(family)))
        }
    }
}

/// Text size, language, help: in the same place on every page.
fn tools(manner: &Manner) -> Markup {
    let (code, name, lang) = match manner.language {
        entity::language::Language::Chinese => ("en", "English", "en"),
        entity::language::Language::English => ("zh", "中文", "zh-CN"),
    };
    html! {
        nav.tools aria-label=(manner.say("字号、语言、帮助", "Text size, language, help")) {
            span.mut { (manner.say("字号", "Text")) }
            @for (size, code, label) in Size::ALL {
                a href=(manner.with(&[("size", code)])) aria-current=[(size == manner.size).then_some("true")] { (manner.text(label)) }
            }
            a href=(manner.with(&[("lang", code)])) lang=(lang) { (name) }
            a href=(help::way(&manner.path)) { (manner.say("帮助", "Help")) }
        }
    }
}

/// The way one came, the page itself last.
fn way_of(manner: &Manner, way: &[(String, String)], title: &str) -> Markup {
    html! {
        @if !way.is_empty() {
            // on paper even an empty part of a page begins a sheet of its own
            nav.noprint aria-label=(manner.say("当前位置", "You are here")) {
                ol.crumb {
                    @for (path, name) in way { li { a href=(path) { (name) } } }
                    li { span aria-current="page" { (title) } }
                }
            }
        }
    }
}

/// Where somebody of a role begins (ux.md §2).
pub(super) const fn home(role: Role) -> &'static str {
    match role {
        Role::FinanceClerk
        | Role::FinanceApprover
        | Role::RuralOfficer
        | Role::TownshipClerk
        | Role::VillageOfficer
        | Role::Administrator => "/tasks",
        Role::DepartmentOfficer => "/findings",
        Role::Inspector => "/inspections/round",
        Role::Operator
        | Role::Leader
        | Role::Auditor
        | Role::SecurityAdministrator
        | Role::AuditAdministrator => "/dashboard",
        Role::Villager => "/q",
    }
}

/// The list of assets with some words.
pub(super) fn assets<'a>(words: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    at("/assets", words)
}
