//! Help: a page for every screen, in plain words. What the screen is for, what one does there, what
//! goes wrong most often, whom to ask. A new screen is a new row in the table of its group, beside
//! this file.

mod account;
mod acting;
mod desk;
mod income;
mod ledger;
mod money;
mod oversight;
mod system;

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::language::Label;
use maud::{Markup, html};

use super::{
    frame::{self, Around, Page, page},
    visit::{Manner, Visit, kept},
};
use crate::{
    error::Error,
    http::{AppState, fault::Fault},
};

/// The help of one screen.
pub(super) struct Help {
    /// Its word in the address.
    screen: &'static str,
    /// The routes of the pages that it explains.
    routes: &'static [&'static str],
    /// What people call the screen.
    title: Label,
    /// What it is for.
    what: Label,
    /// What one does there, step by step.
    steps: &'static [Label],
    /// What goes wrong most often, and what to do then.
    slips: &'static [Label],
    /// Whom to ask.
    ask: Label,
}

/// The screens, group by group as the menu has them.
const GROUPS: [(Label, &[Help]); 8] = [
    (Label::new("工作台", "Desk"), desk::HELP),
    (Label::new("台账", "Ledger"), ledger::HELP),
    (Label::new("办理", "Acting"), acting::HELP),
    (Label::new("管护经费", "Money for upkeep"), money::HELP),
    (Label::new("经营收益", "Income"), income::HELP),
    (Label::new("监督", "Oversight"), oversight::HELP),
    (Label::new("系统", "System"), system::HELP),
    (Label::new("账号", "Account"), account::HELP),
];

/// Whom to ask about what an account may see and do.
const ASK_ADMINISTRATOR: Label = Label::new(
    "账号、角色和管辖区划的问题，问本单位的系统管理员。",
    "About accounts, roles and areas: the system administrator of your unit.",
);
/// Whom to ask about what the figures mean.
const ASK_FINANCE: Label = Label::new(
    "业务口径的问题，问县财政局或县农业农村局的经办人；系统打不开，问系统管理员。",
    "About what a figure means: the clerk of the county finance or rural-affairs bureau. When a page does not open: the system administrator.",
);

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/help", get(show_all))
        .route("/help/shortcuts", get(show_shortcuts))
        .route("/help/{screen}", get(show))
}

fn all() -> impl Iterator<Item = &'static Help> {
    GROUPS.iter().flat_map(|(_, helps)| helps.iter())
}

/// Whether an address is one of a route.
fn is_of(route: &str, path: &str) -> bool {
    let (mut parts, mut asked) = (route.split('/'), path.split('/'));
    loop {
        match (parts.next(), asked.next()) {
            (None, None) => return true,
            (Some(part), Some(one))
                if part == one || (part.starts_with('{') && !one.is_empty()) => {}
            _ => return false,
        }
    }
}

/// The screen whose help explains the page at an address; none where no help does. An address with
/// fewer blanks counts first.
pub fn help_of(path: &str) -> Option<&'static str> {
    let blanks = |route: &str| route.matches('{').count();
    let routes = all().flat_map(|help| help.routes.iter().map(|route| (help.screen, *route)));
    let found = routes.filter(|(_, route)| is_of(route, path));
    found.min_by_key(|(_, route)| blanks(route)).map(|(screen, _)| screen)
}

/// Where the help for an address lies.
pub(super) fn way(path: &str) -> String {
    help_of(path).map_or_else(|| "/help".to_owned(), |screen| format!("/help/{screen}"))
}

/// A page of help: framed for whoever is signed in, and open to anybody.
async fn framed(
    state: &AppState,
    (manner, visit): (&Manner, Option<&Visit>),
    title: &str,
    body: Markup,
) -> Result<Response, Fault> {
    let Some(visit) = visit else {
        return Ok(kept(manner, frame::plain(manner, title, &body)));
    };
    let around = Around::of(state, visit).await?;
    let way = vec![("/help".to_owned(), visit.say("帮助", "Help").to_owned())];
    let way = if visit.path == "/help" { Vec::new() } else { way };
    Ok(page(visit, &around, Page { way, ..Page::new(title, body) }))
}

async fn show_all(
    State(state): State<AppState>,
    manner: Manner,
    visit: Result<Visit, Response>,
) -> Result<Response, Fault> {
    let body = html! {
        p { (manner.say(
            "每个页面右上角都有“帮助”，直接打开那一页的说明。这里是全部说明。",
            "Every page has “Help” in its upper right corner, which opens its own page of help. These are all of them.",
        )) }
        @for (group, helps) in GROUPS {
            section.card.mt {
                header { h2 { (manner.text(group)) } }
                ul.pad.ways { @for help in helps {
                    li { a href={ "/help/" (help.screen) } { (manner.text(help.title)) } " " span.mut.sm { (manner.text(help.what)) } }
                } }
            }
        }
        p.mt { a href="/help/shortcuts" { (manner.say("键盘快捷键", "Keys of the keyboard")) } }
    };
    framed(&state, (&manner, visit.as_ref().ok()), manner.say("帮助", "Help"), body).await
}

async fn show(
    State(state): State<AppState>,
    Path(screen): Path<String>,
    manner: Manner,
    visit: Result<Visit, Response>,
) -> Result<Response, Fault> {
    let noun = Label::new("帮助", "help");
    let help = all().find(|help| help.screen == screen).ok_or(Error::NotFound(noun))?;
    let list = |title: &str, labels: &[Label]| {
        html! { @if !labels.is_empty() {
            h2 { (title) }
            ul.steps { @for label in labels { li { (manner.text(*label)) } } }
        } }
    };
    let body = html! {
        article.card.pad.stacked.prose {
            p { (manner.text(help.what)) }
            (list(manner.say("在这里做什么", "What one does here"), help.steps))
            (list(manner.say("常见的差错", "What often goes wrong"), help.slips))
            h2 { (manner.say("问谁", "Whom to ask")) }
            p { (manner.text(help.ask)) }
        }
        p.mt { a href="/help" { (manner.say("全部帮助", "All help")) } }
    };
    let title = format!("{}{}", manner.say("帮助：", "Help: "), manner.text(help.title));
    framed(&state, (&manner, visit.as_ref().ok()), &title, body).await
}

/// The keys, and what each does.
const KEYS: [(&str, Label); 7] = [
    ("/", Label::new("到搜索框", "to the search")),
    ("N", Label::new("登记资产", "register an asset")),
    ("E", Label::new("变更打开着的资产", "amend the asset that is open")),
    ("Ctrl+S", Label::new("保存打开着的表单", "save the form that is open")),
    ("Ctrl+Enter", Label::new("保存并登记下一项", "save, then the next one")),
    ("?", Label::new("打开这一页", "open this page")),
    ("Tab", Label::new("到下一个可操作的地方", "to the next thing one can use")),
];

async fn show_shortcuts(
    State(state): State<AppState>,
    manner: Manner,
    visit: Result<Visit, Response>,
) -> Result<Response, Fault> {
    let body = html! {
        section.card {
            table {
                caption.sr { (manner.say("快捷键", "Keys")) }
                thead { tr { th scope="col" { (manner.say("按键", "Key")) } th scope="col" { (manner.say("作用", "What it does")) } } }
                tbody { @for (key, does) in KEYS {
                    tr { th scope="row" { kbd { (key) } } td { (manner.text(does)) } }
                } }
            }
        }
        p.mt { (manner.say(
            "正在输入文字或拼音选字时，单个字母的快捷键不起作用；不需要时可以",
            "While text is typed or put together, single letters are no keys. They can be ",
        )) a href="/me/settings" { (manner.say("在个人设置里关闭", "switched off in the settings")) } (manner.say("。", ".")) }
        p { a href="/help" { (manner.say("全部帮助", "All help")) } }
    };
    let title = manner.say("键盘快捷键", "Keys of the keyboard");
    framed(&state, (&manner, visit.as_ref().ok()), title, body).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_of_an_address_is_that_of_its_screen() {
        for (path, screen) in [
            ("/dashboard", Some("dashboard")),
            ("/assets", Some("assets")),
            ("/assets/new", Some("asset-new")),
            ("/assets/QH-2018-1", Some("asset")),
            ("/assets/QH-2018-1/title", Some("asset")),
            ("/assets/QH-2018-1/edit", Some("asset-edit")),
            ("/assets/", None),
            ("/nowhere", None),
        ] {
            assert_eq!(help_of(path), screen, "{path}");
        }
    }

    #[test]
    fn every_screen_is_explained_once_and_in_both_languages() {
        let mut screens: Vec<&str> = all().map(|help| help.screen).collect();
        let n = screens.len();
        screens.sort_unstable();
        screens.dedup();
        assert_eq!(screens.len(), n, "a screen is there twice");
        for help in all() {
            let labels = [help.title, help.what, help.ask];
            for label in labels.iter().chain(help.steps).chain(help.slips) {
                assert!(!label.zh.is_empty() && !label.en.is_empty(), "{}", help.screen);
            }
            assert!(!help.steps.is_empty() && !help.routes.is_empty(), "{}", help.screen);
        }
    }
}
