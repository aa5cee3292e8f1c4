//! Who may do what: the table of permissions in plain words, for everybody who is signed in.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{account::Role, language::Label, log::Action};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::scrolled,
    visit::Visit,
};
use crate::{
    domain::permission::{calls_offices, needs_step_up, permits},
    error::Error,
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/permissions", get(matrix))
        .route("/admin/permissions/{role}", get(of_role))
}

/// What actions are about, by what their codes begin with; the first that fits counts.
const GROUPS: &[(Label, &[&str])] = &[
    (Label::new("资产", "Assets"), &["asset"]),
    (Label::new("权属", "Titles"), &["title", "holding"]),
    (Label::new("管护与问题", "Upkeep and findings"), &["duty", "finding", "fault_report"]),
    (Label::new("项目与资金", "Projects and money"), &["project", "funding"]),
    (Label::new("单位与人员", "Organizations and people"), &["organization", "person"]),
    (Label::new("导入与导出", "Imports and exports"), &["import", "export"]),
    (Label::new("留痕与核验", "The log"), &["log"]),
    (Label::new("区划", "Areas"), &["area"]),
    (Label::new("县级规则", "Local rules"), &["setting"]),
    (
        Label::new("账号与登录", "Accounts and sign-ins"),
        &["account", "second_factor", "session", "password"],
    ),
    (Label::new("其他", "Other"), &[]),
];

/// The actions, group by group, in the order of the table; groups without any are left out.
fn grouped() -> Vec<(Label, Vec<Action>)> {
    let is_of = |action: &Action, begins: &[&str]| {
        let noun = action.code().split('.').next().unwrap_or_default();
        begins.contains(&noun)
    };
    let of = |begins: &[&str]| -> Vec<Action> {
        let all = Action::ALL.iter().copied();
        match begins {
            [] => all
                .filter(|action| !GROUPS.iter().any(|(_, begins)| is_of(action, begins)))
                .collect(),
            begins => all.filter(|action| is_of(action, begins)).collect(),
        }
    };
    let groups = GROUPS.iter().map(|(label, begins)| (*label, of(begins)));
    groups.filter(|(_, actions)| !actions.is_empty()).collect()
}

/// The roles that accounts have; then whoever needs none, and whoever works at the machine itself.
fn roles() -> impl Iterator<Item = Role> {
    Role::of_accounts().chain([Role::Villager, Role::Operator])
}

async fn matrix(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let around = Around::of(&state, &visit).await?;
    let title = visit.say("权限表", "Who may do what");
    let roles: Vec<Role> = roles().collect();
    let table = html! {
        table {
            thead { tr {
                th scope="col" { (visit.say("办理事项", "Action")) }
                @for role in &roles { th scope="col" { a href={ "/admin/permissions/" (role.code()) } { (visit.text(role.label())) } } }
            } }
            @for (group, actions) in grouped() {
                tbody {
                    tr { th.b colspan=(roles.len() + 1) scope="rowgroup" { (visit.text(group)) } }
                    @for action in actions { (row(&visit, &roles, action)) }
                }
            }
        }
    };
    let body = html! {
        p { (visit.say(
            "角色定能办什么，账号的区划定能在哪里办。带 ",
            "The role says what may be done, the area of the account where. What bears ",
        )) (icon(Icon::Clock)) (visit.say(
            " 的，办理前五分钟内须再确认一次是本人。",
            " asks for a proof, no older than five minutes, of who it is.",
        )) }
        section.card.mt { (scrolled(title, &table)) }
    };
    let below = visit.say(
        "各角色能办的事，由程序决定，不能在页面上改",
        "The program settles it; no page changes it",
    );
    let shown =
        Page { place: Some(Place::Permissions), below: below.to_owned(), ..Page::new(title, body) };
    Ok(page(&visit, &around, shown))
}

fn row(visit: &Visit, roles: &[Role], action: Action) -> Markup {
    html! {
        tr {
            th scope="row" {
                (visit.text(action.label()))
                @if needs_step_up(action) { " " (icon(Icon::Clock)) span.sr { (visit.say("须再确认是本人", "asks for a fresh proof")) } }
            }
            @for role in roles {
                @if permits(*role, action) { td { span.t-ok.b { "✓" span.sr { (visit.say("可以", "may")) } } } }
                @else { td { span.mut { "–" span.sr { (visit.say("不可以", "may not")) } } } }
            }
        }
    }
}

async fn of_role(
    State(state): State<AppState>,
    Path(role): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let none = || Error::NotFound(Label::new("角色", "role"));
    let role: Role = role.parse().map_err(|()| none())?;
    let around = Around::of(&state, &visit).await?;
    let may = |action: &Action| permits(role, *action);
    let body = html! {
        div.grid.g2 {
            section.card {
                header { h2 { (visit.say("可以", "May")) } }
                (sentences(&visit, may, visit.say("在管辖区划内", "in its area: ")))
            }
            section.card {
                header { h2 { (visit.say("不可以", "May not")) } }
                (sentences(&visit, |action| !may(action), ""))
            }
        }
        p.mt.mut { (visit.say(
            "所有角色只看得到管辖区划内的内容；区划外的一律显示为“没有找到”。姓名和个人电话遮盖显示。",
            "Every role sees what lies in its area; all else answers as not found. Names and the telephones of people are masked.",
        )) " " (if calls_offices(role) {
            visit.say("管辖区划内单位的电话显示全号，便于联系。", "The telephones of organizations in its area are shown whole, to be called.")
        } else {
            visit.say("单位的电话也遮盖显示。", "Those of organizations are masked too.")
        }) }
    };
    let shown = Page {
        place: Some(Place::Permissions),
        way: vec![(
            "/admin/permissions".to_owned(),
            visit.say("权限表", "Who may do what").to_owned(),
        )],
        beside: html! {
            @for other in roles() {
                @if other == visit.role() && other != role { a.btn href={ "/admin/permissions/" (other.code()) } { (visit.say("我的角色", "My own role")) } }
            }
        },
        ..Page::new(visit.text(role.label()), body)
    };
    Ok(page(&visit, &around, shown))
}

/// Actions as sentences, group by group.
fn sentences(visit: &Visit, is_told: impl Fn(&Action) -> bool, before: &str) -> Markup {
    let told: Vec<(Label, Vec<Action>)> = grouped()
        .into_iter()
        .map(|(group, actions)| (group, actions.into_iter().filter(&is_told).collect()))
        .filter(|(_, actions): &(Label, Vec<Action>)| !actions.is_empty())
        .collect();
    html! {
        dl.desc { @for (group, actions) in told {
            div { dt { (visit.text(group)) } dd {
                @for action in actions {
                    p { (before) (visit.text(action.label()))
                        @if !before.is_empty() && needs_step_up(action) { span.mut { (visit.say("（须再确认是本人）", " (with a fresh proof)")) } } }
                }
            } }
        } }
    }
}
