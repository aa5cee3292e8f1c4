//! The menu: its places, group by group, who sees which, and what each counts.

use entity::{account::Role, language::Label, log::Action};
use maud::{Markup, html};

use super::{
    frame::Around,
    icon::{Icon, icon},
    visit::{Visit, at},
};
use crate::domain::permission::permits;

/// A place in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The overview.
    Overview,
    /// What waits.
    Tasks,
    /// What one is told of.
    Reminders,
    /// The assets.
    Assets,
    /// Whose they are.
    Titles,
    /// Who looks after them.
    Duties,
    /// Who is paid to look after them.
    Posts,
    /// What was found of them.
    Inspections,
    /// What is to be mended.
    WorkOrders,
    /// What is to be brought back into use.
    Revivals,
    /// What people reported of them.
    FaultReports,
    /// What is counted.
    StockTakes,
    /// What is to be looked at.
    Round,
    /// Money for upkeep.
    Budgets,
    /// Who operates what, for how much.
    Contracts,
    /// The projects.
    Projects,
    /// Sheets brought in.
    Imports,
    /// Organizations.
    Organizations,
    /// What is wrong.
    Findings,
    /// Findings gone through one by one.
    Campaigns,
    /// What of a month is told of each town.
    Briefs,
    /// What is late or soon.
    Alerts,
    /// How far the five haves are covered.
    Haves,
    /// The log.
    Log,
    /// Verifying the ledger.
    Verification,
    /// Local rules.
    Rules,
    /// Classes and subclasses.
    Kinds,
    /// What things are called.
    Terms,
    /// Accounts.
    Accounts,
    /// Who may do what.
    Permissions,
    /// Areas.
    Areas,
    /// Where events are sent.
    Webhooks,
    /// How the service is.
    Health,
    /// One's own account.
    Me,
    /// How pages are shown to oneself.
    Settings,
}

/// What a menu entry counts.
#[derive(Clone, Copy)]
pub(super) enum Counted {
    Nothing,
    Assets,
    Findings,
    Tasks,
    Reminders,
}

pub(super) struct Entry {
    place: Place,
    pub(super) path: &'static str,
    label: Label,
    icon: Icon,
    counted: Counted,
    /// Whether it tells of an area, so that the one that was chosen stays chosen on the way there.
    pub(super) is_of_area: bool,
    /// It is shown to whoever may do one of these; to everybody when there is none.
    needs: &'static [Action],
}

const fn entry(place: Place, path: &'static str, label: Label, icon: Icon) -> Entry {
    Entry { place, path, label, icon, counted: Counted::Nothing, is_of_area: false, needs: &[] }
}

/// The menu, group by group (ux.md §2).
pub(super) const MENU: &[(Label, &[Entry])] = &[
    (
        Label::new("工作台", "Desk"),
        &[
            Entry {
                is_of_area: true,
                ..entry(Place::Overview, "/dashboard", Label::new("总览", "Overview"), Icon::Home)
            },
            Entry {
                counted: Counted::Tasks,
                ..entry(Place::Tasks, "/tasks", Label::new("待办", "Tasks"), Icon::Tasks)
            },
            Entry {
                counted: Counted::Reminders,
                ..entry(Place::Reminders, "/reminders", Label::new("提醒", "Reminders"), Icon::Bell)
            },
        ],
    ),
    (
        Label::new("台账", "Ledger"),
        &[
            Entry {
                counted: Counted::Assets,
                is_of_area: true,
                ..entry(Place::Assets, "/assets", Label::new("资产台账", "Assets"), Icon::Book)
            },
            entry(Place::Titles, "/titles", Label::new("权属确认", "Titles"), Icon::Title),
            entry(Place::Duties, "/duties", Label::new("管护责任", "Duties"), Icon::Duty),
            Entry {
                needs: &[Action::RecordInspection],
                ..entry(
                    Place::Round,
                    "/inspections/round",
                    Label::new("待巡查", "To be inspected"),
                    Icon::Clock,
                )
            },
            entry(
                Place::Posts,
                "/welfare-posts",
                Label::new("公益岗位", "Welfare posts"),
                Icon::Key,
            ),
            entry(
                Place::Inspections,
                "/inspections",
                Label::new("巡查", "Inspections"),
                Icon::Inspect,
            ),
            entry(
                Place::StockTakes,
                "/stock-takes",
                Label::new("资产盘点", "Stock-takes"),
                Icon::Tasks,
            ),
            Entry {
                is_of_area: true,
                ..entry(Place::Budgets, "/budgets", Label::new("管护经费", "Budgets"), Icon::Coin)
            },
            entry(Place::Contracts, "/contracts", Label::new("合同", "Contracts"), Icon::Coin),
            entry(
                Place::WorkOrders,
                "/work-orders",
                Label::new("维修工单", "Work orders"),
                Icon::Mend,
            ),
            entry(Place::Revivals, "/revivals", Label::new("资产盘活", "Revivals"), Icon::Pulse),
            entry(
                Place::FaultReports,
                "/fault-reports",
                Label::new("报修", "Fault reports"),
                Icon::Telephone,
            ),
            entry(
                Place::Organizations,
                "/organizations",
                Label::new("单位", "Organizations"),
                Icon::House,
            ),
            entry(Place::Projects, "/projects", Label::new("项目", "Projects"), Icon::Folder),
            Entry {
                needs: &[Action::ImportSheet, Action::ImportAreas],
                ..entry(Place::Imports, "/imports", Label::new("导入", "Imports"), Icon::Sheet)
            },
        ],
    ),
    (
        Label::new("监督", "Oversight"),
        &[
            Entry {
                counted: Counted::Findings,
                is_of_area: true,
                ..entry(
                    Place::Findings,
                    "/findings",
                    Label::new("问题清单", "Findings"),
                    Icon::Flag,
                )
            },
            Entry {
                is_of_area: true,
                ..entry(Place::Alerts, "/alerts", Label::new("预警", "Alerts"), Icon::Clock)
            },
            Entry {
                is_of_area: true,
                ..entry(Place::Briefs, "/briefs", Label::new("月度简报", "Briefs"), Icon::Print)
            },
            entry(Place::Campaigns, "/campaigns", Label::new("专项排查", "Campaigns"), Icon::Rule),
            Entry {
                is_of_area: true,
                ..entry(
                    Place::Haves,
                    "/five-haves",
                    Label::new("五有覆盖", "Five haves"),
                    Icon::Shield,
                )
            },
            Entry {
                needs: &[Action::ReadLog],
                ..entry(Place::Log, "/log", Label::new("变更留痕", "Log"), Icon::Trail)
            },
            Entry {
                needs: &[Action::VerifyLog],
                ..entry(
                    Place::Verification,
                    "/log/verify",
                    Label::new("核验台账", "Verify"),
                    Icon::Shield,
                )
            },
        ],
    ),
    (
        Label::new("系统", "System"),
        &[
            Entry {
                needs: &[Action::ReadAccounts],
                ..entry(
                    Place::Accounts,
                    "/admin/accounts",
                    Label::new("账号", "Accounts"),
                    Icon::People,
                )
            },
            Entry {
                needs: &[Action::RenameArea, Action::ReadAccounts],
                ..entry(Place::Areas, "/admin/areas", Label::new("区划", "Areas"), Icon::Tree)
            },
            entry(Place::Rules, "/admin/rules", Label::new("县级规则", "Local rules"), Icon::Rule),
            entry(Place::Kinds, "/admin/kinds", Label::new("资产类别", "Asset kinds"), Icon::Kinds),
            Entry {
                needs: &[Action::SetRule],
                ..entry(Place::Terms, "/admin/terms", Label::new("术语", "Terms"), Icon::Term)
            },
            entry(
                Place::Permissions,
                "/admin/permissions",
                Label::new("权限表", "Permissions"),
                Icon::Key,
            ),
            Entry {
                needs: &[Action::ReadWebhooks],
                ..entry(
                    Place::Webhooks,
                    "/admin/webhooks",
                    Label::new("推送", "Webhooks"),
                    Icon::Telephone,
                )
            },
            Entry {
                needs: &[Action::ReadHealth],
                ..entry(
                    Place::Health,
                    "/admin/health",
                    Label::new("运行状况", "Health"),
                    Icon::Pulse,
                )
            },
        ],
    ),
    (
        Label::new("我", "Me"),
        &[
            entry(Place::Me, "/me", Label::new("账号与登录", "Account and sign-ins"), Icon::Person),
            entry(
                Place::Settings,
                "/me/settings",
                Label::new("个人设置", "Settings"),
                Icon::Settings,
            ),
        ],
    ),
];

/// The menu, as a visitor's role has it.
pub(super) fn menu(visit: &Visit, around: &Around, place: Option<Place>) -> Markup {
    let is_shown = |role: Role, entry: &Entry| {
        entry.needs.is_empty() || entry.needs.iter().any(|action| permits(role, *action))
    };
    let chosen = around.chosen.to_string();
    let to = |entry: &Entry| {
        let words = (entry.is_of_area && around.chosen != visit.area())
            .then_some(("area", chosen.as_str()));
        at(entry.path, words)
    };
    html! {
        nav.side aria-label=(visit.say("主导航", "Main menu")) {
            @for (group, entries) in MENU {
                @if entries.iter().any(|entry| is_shown(visit.role(), entry)) { p { (visit.text(*group)) } }
                @for entry in entries.iter().filter(|entry| is_shown(visit.role(), entry)) {
                    a href=(to(entry)) aria-current=[(place == Some(entry.place)).then_some("page")] {
                        (icon(entry.icon)) (visit.text(entry.label))
                        @if let Some(n) = around.count(entry.counted) { b { (n) } }
                    }
                }
            }
        }
    }
}
