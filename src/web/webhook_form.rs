//! The forms of webhooks: adding one, with its secret shown this once; amending it; what is done to it
//! by a button.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    area::AreaCode,
    id::WebhookId,
    language::{Label, Sentence},
    log::Action,
    webhook::Model,
};
use maud::{Markup, html};

use super::{
    fields::{Sheet, Typed},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    offered::Areas,
    parts::{fact, mistakes},
    print,
    proof::{Came, unless_mended},
    visit::{Visit, at},
    webhook::{drawn, way},
};
use crate::{
    app::webhook as app,
    domain::{
        mistake::{Mistake, Mistakes},
        secret::Secret,
        webhook::{Draft, codes},
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::{Ledger, event},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/webhooks/new", get(show_new).post(send_new))
        .route("/admin/webhooks/{id}/amend", post(amend))
        .route("/admin/webhooks/{id}/pause", post(pause))
        .route("/admin/webhooks/{id}/resume", post(resume))
        .route("/admin/webhooks/{id}/end", post(end))
        .route("/admin/webhooks/{id}/rotate", post(rotate))
        .route("/admin/webhooks/{id}/replay", post(replay))
}

/// What a form says that a webhook is told of.
fn draft(form: &Form) -> Draft {
    let nouns = form.all().filter(|(name, _)| *name == "noun");
    let actions = form.one("actions").split([' ', ',', '，', '、', '\n', '\r']);
    Draft {
        address: form.one("address").to_owned(),
        nouns: nouns.map(|(_, value)| value.to_owned()).collect(),
        actions: actions.filter(|one| !one.is_empty()).map(ToOwned::to_owned).collect(),
    }
}

/// Where events are sent, and which, after what else a form asks.
fn inputs(visit: &Visit, sheet: &Sheet<'_>, nouns: &[String], before: &Markup) -> Markup {
    let address = html! {
        input #f-address name="address" type="url" value=(sheet.typed.text("address"))
            maxlength=(limits::WEBHOOK_ADDRESS_LENGTH) autocomplete="off" spellcheck="false" aria-required="true";
    };
    let actions = html! {
        input #f-actions name="actions" value=(sheet.typed.text("actions")) autocomplete="off"
            autocapitalize="none" spellcheck="false";
    };
    let address_hint = visit.say(
        "https 开头，不带用户名、问号和井号；地址会留痕，不要写进口令",
        "https, without a user, ? or #; it is kept in the log: no password belongs in it",
    );
    let actions_hint = visit.say(
        "不填为全部；填代码，如 asset.amend，用空格隔开",
        "every one when empty; codes such as asset.amend, with spaces between",
    );
    html! {
        div.sheet {
            (before)
            (sheet.around(("address", visit.say("推送地址 *", "Address *"), address_hint), &address))
            (sheet.around(("actions", visit.say("只推送这些事项", "Only these actions"), actions_hint), &actions))
        }
        fieldset #f-nouns {
            legend { (visit.say("只推送这些对象（都不选为全部）", "Only these nouns (every one when none is chosen)")) }
            div.sheet {
                @for (noun, label) in event::told() {
                    label { input type="checkbox" name="noun" value=(noun) checked[nouns.iter().any(|one| one == noun)];
                        " " (visit.text(label)) }
                }
            }
        }
    }
}

/// The form that amends a webhook, on its page.
pub(super) fn amend_form(visit: &Visit, row: &Model) -> Markup {
    let mut typed = Typed::default();
    typed.put("address", row.address.as_str());
    typed.put("actions", row.actions.as_str());
    let sheet = Sheet { manner: &visit.manner, typed: &typed, fault: None, meanwhile: None };
    html! {
        section.card.mt {
            header { h2 { (visit.say("变更", "Amend")) } }
            form.pad method="post" action={ "/admin/webhooks/" (row.id) "/amend" } novalidate {
                (hidden(&visit.mark))
                input type="hidden" name="version" value=(row.version);
                (inputs(visit, &sheet, &codes(&row.nouns), &html! {}))
                div.row.mt { button.btn.go { (visit.say("保存变更", "Save")) } }
            }
        }
    }
}

async fn show_new(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::AddWebhook)?;
    let mut typed = Typed::default();
    typed.put("area", visit.area().to_string());
    drawn_new(&state, &visit, (&typed, &[]), None).await
}

async fn drawn_new(
    state: &AppState,
    visit: &Visit,
    (typed, nouns): (&Typed, &[String]),
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let areas = Areas::of(state, visit, None).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let area = areas.draw_or_type(&sheet);
    let area = sheet.around(("area", visit.say("区划 *", "Area *"), ""), &html! { (area) });
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        form.card.pad method="post" action="/admin/webhooks/new" novalidate {
            (hidden(&visit.mark))
            (inputs(visit, &sheet, nouns, &area))
            div.dock {
                button.btn.go { (visit.say("添加推送地址", "Add the webhook")) kbd { "Ctrl+S" } }
                a.btn href="/admin/webhooks" { (visit.say("不加了", "Leave it")) }
            }
        }
    };
    let title = visit.say("添加推送地址", "Add a webhook");
    let error = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Webhooks),
        way: way(visit),
        below: visit
            .say(
                "从添加之后的变动开始推送；密钥由台账生成，只显示一次",
                "It is told of what happens from now on; the ledger makes the secret and shows it once",
            )
            .to_owned(),
        ..Page::new(format!("{error}{title}"), body)
    };
    Ok(page(visit, &around, shown))
}

fn area_of(form: &Form) -> Result<AreaCode, Mistakes> {
    let typed = form.one("area");
    typed.parse().map_err(|_| {
        let expected = Sentence::new("请选择区划", "choose an area");
        Mistakes(vec![Mistake::new("area", typed, expected)])
    })
}

async fn send_new(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::AddWebhook)?;
    let ledger = form.once(&state.ledger, |(row, _): &(Model, Secret)| place_of(row.id, "secret"));
    let draft = draft(&form);
    let reach = state.settings.reach();
    let added = match area_of(&form) {
        Ok(area) => app::add(&ledger, &visit.actor, (area, &draft), &reach).await,
        Err(mistakes) => Err(mistakes.into()),
    };
    let error = match added {
        Ok((row, secret)) => return slip(&state, &visit, &row, &secret).await,
        Err(error) => error,
    };
    let fault = match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let typed = (&Typed::sent(&form), draft.nouns.as_slice());
    let shown = drawn_new(&state, &visit, typed, Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}

/// The secret of a webhook: to be copied now, for it is not shown again.
async fn slip(
    state: &AppState,
    visit: &Visit,
    row: &Model,
    secret: &Secret,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let title = visit.say("推送密钥", "The secret of the webhook");
    let body = html! {
        div.note.warn role="status" { div {
            b { (visit.say("只显示这一次", "Shown this once")) }
            p { (visit.say(
                "请现在抄到对方系统里，由它验签。离开本页后谁也看不到，遗失只能更换。",
                "Copy it into the receiving system now, which checks the signatures by it. Nobody sees it after this page; if it is lost, another is made.",
            )) }
        } }
        section.card.mt { dl.desc {
            (fact(visit.say("地址", "Address"), &html! { (row.address) }))
            (fact(title, &html! { b.fig #code { code { (secret.expose()) } } }))
            (fact(visit.say("怎么验", "How it is checked"), &html! { (visit.say(
                "按 Standard Webhooks：对“webhook-id.webhook-timestamp.正文”做 HMAC-SHA256，与 webhook-signature 中 v1 之后的值相同即可信。",
                "By Standard Webhooks: HMAC-SHA256 over “webhook-id.webhook-timestamp.body” equals what stands behind v1 in webhook-signature.",
            )) }))
        } }
        p.mt.row {
            (print::button(visit))
            a.btn.go href={ "/admin/webhooks/" (row.id) } { (visit.say("已抄好，完成", "Copied: done")) }
        }
    };
    let shown = Page { place: Some(Place::Webhooks), way: way(visit), ..Page::new(title, body) };
    Ok(page(visit, &around, shown))
}

/// The page of a webhook, said to have had something done.
fn place_of(id: WebhookId, what: &str) -> String {
    at(&format!("/admin/webhooks/{id}"), [("done", what)])
}

/// A ledger on which a form is done once, where its sender goes, and what the form read.
fn once<V: 'static>(
    state: &AppState,
    form: &Form,
    (id, what): (i64, &str),
) -> (Ledger, String, (WebhookId, i64)) {
    let place = place_of(WebhookId(id), what);
    let led = place.clone();
    let named = (WebhookId(id), form.number("version").unwrap_or_default());
    (form.once(&state.ledger, move |_: &V| led.clone()), place, named)
}

/// Where a form led, or the page of the webhook with what was wrong.
async fn led<V>(
    state: &AppState,
    (visit, form): (&Visit, &Form),
    id: i64,
    (done, place): (Result<V>, String),
) -> Result<Response, Fault> {
    let Err(error) = done else { return Ok(Redirect::to(&place).into_response()) };
    let fault = match unless_mended(visit, form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let shown = drawn(state, visit, WebhookId(id), Some(mistakes(visit, &fault))).await?;
    Ok((fault.status, shown).into_response())
}

async fn amend(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (ledger, place, named) = once::<Model>(&state, &form, (id, "amended"));
    let reach = state.settings.reach();
    let done = app::amend(&ledger, &visit.actor, named, &draft(&form), &reach).await;
    led(&state, (&visit, &form), id, (done, place)).await
}

async fn pause(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (ledger, place, named) = once::<Model>(&state, &form, (id, "paused"));
    let done = app::pause(&ledger, &visit.actor, named).await;
    led(&state, (&visit, &form), id, (done, place)).await
}

async fn resume(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (ledger, place, named) = once::<Model>(&state, &form, (id, "resumed"));
    let done = app::resume(&ledger, &visit.actor, named).await;
    led(&state, (&visit, &form), id, (done, place)).await
}

async fn end(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (ledger, place, named) = once::<Model>(&state, &form, (id, "ended"));
    let done = app::end(&ledger, &visit.actor, named).await;
    led(&state, (&visit, &form), id, (done, place)).await
}

async fn rotate(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (ledger, place, named) = once::<(Model, Secret)>(&state, &form, (id, "secret"));
    match app::rotate(&ledger, &visit.actor, named).await {
        Ok((row, secret)) => slip(&state, &visit, &row, &secret).await,
        Err(error) => led(&state, (&visit, &form), id, (Err::<(), _>(error), place)).await,
    }
}

async fn replay(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (ledger, place, named) = once::<Model>(&state, &form, (id, "replayed"));
    let done = if let Some(from) = form.number("sequence") {
        app::replay(&ledger, &visit.actor, named, from).await
    } else {
        let label = Label::new("起点序号", "position to begin at");
        Err(Mistakes(vec![Mistake::missing("sequence", label)]).into())
    };
    led(&state, (&visit, &form), id, (done, place)).await
}
