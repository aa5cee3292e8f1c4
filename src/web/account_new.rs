//! Adding an account, and the slip with its one-time code: shown this once, to be handed over.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use entity::{
    account::{Model, Role},
    area::AreaCode,
};
use maud::{Markup, html};

use super::{
    account::way,
    fields::{Sheet, Typed},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    offered::Areas,
    parts::{choice, coded, fact, mistakes},
    print,
    proof::{Came, unless_mended},
    sign_in::LINK,
    visit::{Visit, at},
};
use crate::{
    app::{self, place::Places},
    domain::{
        account as rules,
        mistake::{Mistake, Mistakes},
        permission::Action,
        secret::Secret,
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/accounts/new", get(show).post(send))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::AddAccount)?;
    let mut typed = Typed::default();
    for (word, value) in &visit.query {
        if ["role", "area"].contains(&word.as_str()) {
            typed.put(word, value.as_str());
        }
    }
    drawn(&state, &visit, &typed, None).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let areas = Areas::of(state, visit, None).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        (form(visit, &sheet, &areas))
    };
    let title = visit.say("开设账号", "Add an account");
    let error = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Accounts),
        way: way(visit),
        below: visit
            .say(
                "账号属于一个角色、管一片区划；密码由本人用一次性登录码设置",
                "An account has a role over an area; its owner sets the password with a one-time code",
            )
            .to_owned(),
        ..Page::new(format!("{error}{title}"), body)
    };
    Ok(page(visit, &around, shown))
}

fn form(visit: &Visit, sheet: &Sheet<'_>, areas: &Areas) -> Markup {
    let granted = coded(visit, Role::CHOICES).filter(|(code, _)| {
        code.parse().is_ok_and(|role: Role| rules::grantable(visit.role(), role).is_ok())
    });
    let chosen = sheet.typed.text("role");
    let name = html! {
        input #f-name name="name" value=(sheet.typed.text("name")) maxlength=(limits::ACCOUNT_NAME_LENGTH)
            autocomplete="off" autocapitalize="none" spellcheck="false" aria-required="true";
    };
    let name_hint = visit.say(
        "登录时用：小写字母、数字、连字符，以字母开头；不要用姓名和手机号",
        "to sign in with: lower-case letters, digits, hyphens, beginning with a letter; no person's name or telephone",
    );
    html! {
        form.card.pad method="post" action="/admin/accounts/new" novalidate {
            (hidden(&visit.mark))
            div.sheet {
                (sheet.around(("name", visit.say("账号 *", "Sign-in name *"), name_hint), &name))
                (sheet.around(("role", visit.say("角色 *", "Role *"), ""), &choice("role", Some(visit.say("请选择", "choose")), granted, chosen)))
                (sheet.around(("area", visit.say("管辖区划 *", "Area *"), ""), &html! {
                    (areas.draw_or_type(sheet))
                }))
            }
            p.mut.sm { a href="/admin/permissions" { (visit.say("各角色能办什么", "What each role may do")) } }
            div.dock {
                button.btn.go { (visit.say("开设账号", "Add the account")) kbd { "Ctrl+S" } }
                a.btn href="/admin/accounts" { (visit.say("不开了", "Leave it")) }
            }
        }
    }
}

/// What a form asks for.
fn asked(form: &Form) -> Result<(&str, Role, AreaCode), Mistakes> {
    let mut mistakes = rules::check_name(form.one("name"));
    let role: Option<Role> = form.one("role").parse().ok();
    let area: Option<AreaCode> = form.one("area").parse().ok();
    if role.is_none() {
        let expected = entity::language::Sentence::new("请选择角色", "choose a role");
        mistakes.push(Mistake::new("role", form.one("role"), expected));
    }
    if area.is_none() {
        let expected = entity::language::Sentence::new("请选择管辖区划", "choose an area");
        mistakes.push(Mistake::new("area", form.one("area"), expected));
    }
    match (role, area) {
        (Some(role), Some(area)) if mistakes.is_empty() => Ok((form.one("name"), role, area)),
        _ => Err(mistakes),
    }
}

async fn send(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::AddAccount)?;
    let ledger = form.once(&state.ledger, |(account, _): &(Model, Secret)| {
        at(&format!("/admin/accounts/{}", account.id), [("done", "added")])
    });
    let added = match asked(&form) {
        Ok((name, role, area)) => {
            app::account::add_with_link(&ledger, &visit.actor, name, role, area).await
        }
        Err(mistakes) => Err(mistakes.into()),
    };
    let error = match added {
        Ok((account, code)) => return slip(&state, &visit, &account, &code).await,
        Err(error) => error,
    };
    let fault = match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let shown = drawn(&state, &visit, &Typed::sent(&form), Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}

/// The slip with the one-time code of an account: to be printed or copied now, for it is kept
/// nowhere.
pub(super) async fn slip(
    state: &AppState,
    visit: &Visit,
    account: &Model,
    code: &Secret,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let mut places = Places::new(visit.today);
    places.learn(&read, [account.area_code]).await?;
    let hours = limits::LINK_HOURS;
    let title = visit.say("一次性登录码", "One-time code");
    let body = html! {
        div.note.warn role="status" { div {
            b { (visit.say("只显示这一次", "Shown this once")) }
            p { (visit.say(
                "请现在打印或抄下，当面交给本人。离开本页后谁也看不到，遗失只能重新发放。",
                "Print it or write it down now, and hand it to its owner. Nobody sees it after this page; if it is lost, another is issued.",
            )) }
        } }
        section.card.mt {
            p.ponly.ptitle { (visit.say("台账账号登录单", "How to sign in to the ledger")) }
            dl.desc {
                (fact(visit.say("账号", "Sign-in name"), &html! { b { (account.name) } }))
                (fact(title, &html! { b.fig #code { code { (code.expose()) } } }))
                (fact(visit.say("角色", "Role"), &html! { (visit.text(account.role.label())) }))
                (fact(visit.say("管辖区划", "Area"), &html! { (places.path(account.area_code)) }))
                (fact(visit.say("有效期", "Good for"), &html! { (hours) (visit.say(" 小时，只能用一次", " hours, once")) }))
                (fact(visit.say("怎么用", "How to use it"), &html! { (visit.say(
                    "打开台账登录页，点“用一次性登录码设置密码”，输入登录码并设置密码。",
                    "Open the sign-in page, choose to set a password with a one-time code, and enter it.",
                )) " " code { (LINK) } }))
            }
        }
        p.mt.row {
            (print::button(visit))
            a.btn.go href={ "/admin/accounts/" (account.id) } { (visit.say("已交给本人，完成", "Handed over: done")) }
            @if visit.may(Action::AddAccount) {
                a.btn href=(at("/admin/accounts/new", [("role", account.role.code()), ("area", account.area_code.to_string().as_str())])) {
                    (visit.say("再开一个", "Add another"))
                }
            }
        }
    };
    let shown = Page { place: Some(Place::Accounts), way: way(visit), ..Page::new(title, body) };
    Ok(page(visit, &around, shown))
}
