//! What stands around every page: the head, the search, the menu, the way one came.

use axum::response::Response;
use entity::{
    account::Role,
    finding::{Rule, tally},
    language::Label,
    log::Action,
    setting::AssetFamily,
};
use maud::{DOCTYPE, Markup, html};

use super::{
    icon::{Icon, icon},
    stylesheet::{EASE, LOOK},
    visit::{Manner, Size, Visit, at, kept},
};
use crate::{
    app::place::Places,
    domain::{permission::permits, setting::ledger_name},
    error::Result,
    http::AppState,
    store::report::Extent,
};

/// A place in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The overview.
    Overview,
    /// The assets.
    Assets,
    /// Sheets brought in.
    Imports,
    /// What is wrong.
    Findings,
    /// Local rules.
    Rules,
    /// Classes and subclasses.
    Kinds,
    /// What things are called.
    Terms,
    /// One's own account.
    Me,
}

/// What a menu entry counts.
#[derive(Clone, Copy)]
enum Counted {
    Nothing,
    Assets,
    Findings,
}

struct Entry {
    place: Place,
    path: &'static str,
    label: Label,
    icon: Icon,
    counted: Counted,
    /// It is shown to whoever may do one of these; to everybody when there is none.
    needs: &'static [Action],
}

const fn entry(place: Place, path: &'static str, label: Label, icon: Icon) -> Entry {
    Entry { place, path, label, icon, counted: Counted::Nothing, needs: &[] }
}

/// The menu, group by group (ux.md §2).
const MENU: &[(Label, &[Entry])] = &[
    (
        Label::new("工作台", "Desk"),
        &[entry(Place::Overview, "/dashboard", Label::new("总览", "Overview"), Icon::Home)],
    ),
    (
        Label::new("台账", "Ledger"),
        &[
            Entry {
                counted: Counted::Assets,
                ..entry(Place::Assets, "/assets", Label::new("资产台账", "Assets"), Icon::Book)
            },
            Entry {
                needs: &[Action::ImportSheet, Action::ImportAreas],
                ..entry(Place::Imports, "/imports", Label::new("导入", "Imports"), Icon::Sheet)
            },
        ],
    ),
    (
        Label::new("监督", "Oversight"),
        &[Entry {
            counted: Counted::Findings,
            ..entry(Place::Findings, "/findings", Label::new("问题清单", "Findings"), Icon::Flag)
        }],
    ),
    (
        Label::new("系统", "System"),
        &[
            entry(Place::Rules, "/admin/rules", Label::new("县级规则", "Local rules"), Icon::Rule),
            entry(Place::Kinds, "/admin/kinds", Label::new("资产类别", "Asset kinds"), Icon::Kinds),
            Entry {
                needs: &[Action::SetRule],
                ..entry(Place::Terms, "/admin/terms", Label::new("术语", "Terms"), Icon::Term)
            },
        ],
    ),
    (
        Label::new("我", "Me"),
        &[entry(Place::Me, "/me", Label::new("账号与登录", "Account and sign-ins"), Icon::Person)],
    ),
];

/// What every page tells of the ledger around it.
pub(super) struct Around {
    /// The name of the visitor's area.
    pub(super) area: String,
    /// What the assets are called there.
    pub(super) family: AssetFamily,
    assets: i64,
    findings: i64,
}

impl Around {
    /// What is around a visitor: three queries, whatever the size of the ledger.
    pub(super) async fn of(state: &AppState, visit: &Visit) -> Result<Around> {
        let read = state.ledger.read(&visit.actor);
        let mut places = Places::new(visit.today);
        places.learn(&read, [visit.area()]).await?;
        let extent =
            Extent { area: visit.area(), class: None, with_gone: false, with_waived: false };
        let subjects: Vec<&str> =
            Rule::ALL.iter().map(|rule| rule.code()).chain([tally::ALL]).collect();
        let sums = read.kept_sums(&subjects, &extent, None).await?;
        let (all, found): (Vec<_>, Vec<_>) =
            sums.into_iter().partition(|((_, subject), _)| subject == tally::ALL);
        let count = |sums: Vec<(_, crate::store::report::Sum)>| {
            sums.into_iter().map(|(_, sum)| sum.n).sum::<i64>()
        };
        let local = read.local_rules([visit.area()]).await?;
        Ok(Around {
            area: places.name(visit.area()),
            family: local.family(visit.area(), visit.today),
            assets: count(all),
            findings: count(found),
        })
    }

    fn count(&self, counted: Counted) -> Option<i64> {
        match counted {
            Counted::Nothing => None,
            Counted::Assets => Some(self.assets),
            Counted::Findings => Some(self.findings),
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
    /// What it says.
    pub(super) body: Markup,
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
            body,
        }
    }
}

/// A whole page of somebody who is signed in.
pub(super) fn page(visit: &Visit, around: &Around, page: Page) -> Response {
    let Page { title, place, way, beside, below, body } = page;
    let content = html! {
        header.top {
            (mark(visit, Some(&around.area), Some(around.family)))
            form.find role="search" action="/assets" {
                label.sr for="q" { (visit.say("全站搜索", "Search")) }
                (icon(Icon::Find))
                input.in #q name="q" type="search" maxlength="64"
                    placeholder=(visit.say("搜资产名称、编号、村、拼音首字母（按 / 键）", "Search names, codes, places, initials (press /)"));
            }
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
                    div { h1 { (title) } @if !below.is_empty() { p { (below) } } }
                    div.row { (beside) }
                }
                (body)
            }
        }
    };
    let name = visit.text(ledger_name(Some(around.family)));
    let title = format!("{title} · {}{name}", around.area);
    kept(&visit.manner, document(&visit.manner, &title, &content))
}

/// A whole page of anybody.
pub(super) fn plain(manner: &Manner, title: &str, body: &Markup) -> Markup {
    let content = html! {
        header.top { (mark(manner, None, manner.family)) (tools(manner)) }
        main #main.narrow tabindex="-1" { h1 { (title) } (body) }
    };
    document(manner, &format!("{title} · {}", manner.text(ledger_name(manner.family))), &content)
}

fn document(manner: &Manner, title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(manner.say("zh-CN", "en")) data-size=[(manner.size != Size::Usual).then(|| manner.size.code())] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href=(LOOK.address);
                link rel="icon" href="data:,";
                script type="module" src=(EASE.address) {}
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
            (area.unwrap_or_default()) (manner.text(ledger_name(family)))
        }
    }
}

/// Text size, language, help.
fn tools(manner: &Manner) -> Markup {
    let (code, name, lang) = match manner.language {
        entity::language::Language::Chinese => ("en", "English", "en"),
        entity::language::Language::English => ("zh", "中文", "zh-CN"),
    };
    let next = manner.size.next();
    let size = Size::ALL.iter().find(|(size, ..)| *size == next).map(|(_, _, label)| *label);
    html! {
        nav.row.sp aria-label=(manner.say("工具", "Tools")) {
            a href=(manner.with(&[("size", next.code())])) {
                (manner.say("字号：", "Text: ")) (size.map_or("", |label| manner.text(label)))
            }
            a href=(manner.with(&[("lang", code)])) lang=(lang) { (name) }
        }
    }
}

fn menu(visit: &Visit, around: &Around, place: Option<Place>) -> Markup {
    let is_shown = |role: Role, entry: &Entry| {
        entry.needs.is_empty() || entry.needs.iter().any(|action| permits(role, *action))
    };
    html! {
        nav.side aria-label=(visit.say("主导航", "Main menu")) {
            @for (group, entries) in MENU {
                @if entries.iter().any(|entry| is_shown(visit.role(), entry)) { p { (visit.text(*group)) } }
                @for entry in entries.iter().filter(|entry| is_shown(visit.role(), entry)) {
                    a href=(entry.path) aria-current=[(place == Some(entry.place)).then_some("page")] {
                        (icon(entry.icon)) (visit.text(entry.label))
                        @if let Some(n) = around.count(entry.counted) { b { (super::parts::grouped(n)) } }
                    }
                }
            }
        }
    }
}

/// The way one came, the page itself last.
fn way_of(manner: &Manner, way: &[(String, String)], title: &str) -> Markup {
    html! {
        @if !way.is_empty() {
            nav aria-label=(manner.say("当前位置", "You are here")) {
                ol.crumb {
                    @for (path, name) in way { li { a href=(path) { (name) } } }
                    li { span aria-current="page" { (title) } }
                }
            }
        }
    }
}

/// Where somebody of a role begins (ux.md §2).
pub(super) fn home(_: Role) -> &'static str {
    "/dashboard"
}

/// The list of assets with some words.
pub(super) fn assets<'a>(words: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    at("/assets", words)
}
