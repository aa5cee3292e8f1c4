//! Looking at an asset: every point is answered, nothing is answered beforehand; one press says that
//! all is good (ux.md §3.10). The record is kept first, then its photos, so that nothing is lost with a
//! photo that is not taken; whatever is sent again is there once.

use axum::{
    Router,
    extract::{FromRequestParts as _, Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use chrono::{DateTime, Utc};
use entity::{
    asset,
    id::InspectionId,
    inspection::{CheckItem, Checked, Checks, Condition, Model},
    language::Sentence,
};
use maud::html;

use super::{
    asset_edit::is_for_the_sender,
    fields::{Sheet, Typed},
    form::require_mark,
    frame::{Around, Page, Place, page},
    inspection::{last_found, one_of},
    inspection_form::{ALL, PHOTOS, TEXTS, asked, note_of, photographed, waiting},
    parts::{mistakes, titled},
    stylesheet::FIELD,
    visit::{Visit, at},
};
use crate::{
    app,
    domain::{
        field::{FieldValue, Reading},
        inspection::{Record, points},
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::Result,
    http::{
        AppState,
        attachment::looked,
        fault::Fault,
        file_form::{self, Brought, Received, Shape},
        sheet_form::Texts,
        turn::Turn,
    },
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/{code}/inspect", get(show).post(send))
}

async fn found(state: &AppState, visit: &Visit, code: &str) -> Result<asset::Model> {
    visit.actor.require(Action::RecordInspection)?;
    state.ledger.read(&visit.actor).asset(code).await
}

async fn show(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let asset = found(&state, &visit, &code).await?;
    let mut typed = Typed::default();
    typed.put("device_key", app::inspection::fresh_key()?);
    Ok(drawn(&state, &visit, &asset, &typed, None).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    asset: &asset::Model,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let upkeep = state.ledger.read(&visit.actor).upkeep_of(asset.id).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let card = format!("/assets/{}", asset.code);
    let account = visit.actor.account().map(|account| account.to_string());
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        (waiting(visit))
        div.mt {
            form.card.pad.prose method="post" action={ (card) "/inspect" } enctype="multipart/form-data" novalidate
                data-record data-name=(asset.name) {
                input type="hidden" name="mark" value=(visit.mark);
                input type="hidden" name="account" value=(account.unwrap_or_default());
                input type="hidden" name="device_key" value=(typed.text("device_key"));
                p.mut { (last_found(visit, upkeep.as_ref())) }
                (asked(visit, &points(asset), Some(&sheet)))
                div.dock {
                    button.btn.go { (visit.say("保存巡查", "Save the inspection")) kbd { "Ctrl+S" } }
                    a.btn href=(card) { (visit.say("不查了", "Leave it")) }
                }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Inspections),
        way: vec![
            ("/inspections".to_owned(), visit.say("巡查", "Inspections").to_owned()),
            (card.clone(), asset.name.clone()),
        ],
        below: format!("{} · {}", asset.name, asset.code),
        script: Some(&FIELD),
        ..Page::new(titled(visit, visit.say("现场巡查", "Inspect"), fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

async fn send(
    State(state): State<AppState>,
    Path(code): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &state).await?;
    let request = Request::from_parts(parts, body);
    taken(&state, &visit, &code, request).await.map_err(IntoResponse::into_response)
}

async fn taken(
    state: &AppState,
    visit: &Visit,
    code: &str,
    request: Request,
) -> Result<Response, Fault> {
    let asset = found(state, visit, code).await?;
    let _turn = Turn::with_files(state, &visit.actor)?;
    let shape = Shape {
        files: &PHOTOS,
        most: limits::INSPECTION_PHOTOS,
        bytes: limits::PICTURE_BYTES,
        texts: &TEXTS,
    };
    let admit = |texts: &Texts| {
        require_mark(text(texts, "mark"), &visit.mark)?;
        require_sender(text(texts, "account"), visit)?;
        // the record has a key of its own, for longer than any form has
        Ok(String::new())
    };
    let Received { files, texts, .. } = file_form::receive(request, &shape, admit).await?;
    let typed: Vec<(String, String)> =
        texts.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
    let mut typed = Typed::of(&typed);
    if !text(&texts, ALL).is_empty() {
        // filled in and shown again: whoever was there still saves it
        for item in points(&asset) {
            typed.put(item.code(), Condition::Good.code());
        }
        typed.put("is_all_at_once", "yes");
        return Ok(drawn(state, visit, &asset, &typed, None).await?);
    }
    let kept = match recorded(state, visit, &asset, &texts).await.map_err(Fault::from) {
        Ok(kept) => kept,
        Err(fault) if is_for_the_sender(&fault) => {
            return Ok(drawn(state, visit, &asset, &typed, Some(&fault)).await?);
        }
        Err(fault) => return Err(fault),
    };
    match photographs(state, visit, kept.id, files).await {
        Ok(()) => {
            let place = at(&format!("/inspections/{}", kept.id), [("done", "recorded")]);
            Ok(Redirect::to(&place).into_response())
        }
        // the record stands: what is wrong is told on its page, where photos are brought
        Err(fault) if is_for_the_sender(&fault) => {
            one_of(state, visit, kept.id, Some(&fault)).await
        }
        Err(fault) => Err(fault),
    }
}

fn text<'a>(texts: &'a Texts, name: &str) -> &'a str {
    texts.get(name).map_or("", |text| text.trim())
}

/// Refuses what somebody else recorded on the same device.
fn require_sender(sent: &str, visit: &Visit) -> Result<(), Fault> {
    let own = visit.actor.account().map(|account| account.to_string());
    if sent.is_empty() || own.as_deref() == Some(sent) {
        return Ok(());
    }
    let (zh, en) = (
        "这条记录是另一个账号在这台设备上做的，请用那个账号登录后上传",
        "Another account made this record on this device: sign in as that account to send it",
    );
    Err(Fault::new(StatusCode::FORBIDDEN, "other_account", zh, en))
}

/// Keeps the record of a form. Where no device tells when it was made, that is when it came first.
async fn recorded(
    state: &AppState,
    visit: &Visit,
    asset: &asset::Model,
    texts: &Texts,
) -> Result<Model> {
    let (ledger, actor) = (&state.ledger, &visit.actor);
    let record = record(texts, &points(asset), ledger.clock().now())?;
    if text(texts, "inspected_at").is_empty() {
        return app::inspection::record_as_it_comes(ledger, actor, asset.id, &record).await;
    }
    app::inspection::record(ledger, actor, asset.id, &record).await
}

/// Keeps the photos of a form, each under the name of what it is of.
async fn photographs(
    state: &AppState,
    visit: &Visit,
    id: InspectionId,
    files: Vec<Brought>,
) -> Result<(), Fault> {
    if files.is_empty() {
        return Ok(());
    }
    let named = files.into_iter().map(|file| {
        let of = photographed(file.field).map(|item| format!("{} ", visit.text(item.label())));
        Brought { name: format!("{}{}", of.unwrap_or_default(), file.name), ..file }
    });
    let looked = looked(state, named.collect()).await?;
    app::attachment::keep_photos(&state.ledger, &visit.actor, id, &looked).await?;
    Ok(())
}

/// What a form says; `now` is when it came, which counts where no device tells another time.
fn record(texts: &Texts, points: &[CheckItem], now: DateTime<Utc>) -> Result<Record> {
    let mut mistakes = Mistakes::default();
    let said = |name: &str| Some(text(texts, name).to_owned()).filter(|text| !text.is_empty());
    let number = |name: &str| text(texts, name).parse::<i64>().ok();
    let mut checks = Vec::with_capacity(points.len());
    for item in points {
        if let Ok(condition) = text(texts, item.code()).parse::<Condition>() {
            checks.push(Checked { item: *item, condition, note: said(note_of(*item)) });
        }
    }
    let inspected_at = match text(texts, "inspected_at") {
        "" => now,
        told => DateTime::parse_from_rfc3339(told).map_or_else(
            |_| {
                let expected = Sentence::new(
                    "巡查时间应为 RFC 3339 时刻",
                    "the time of the inspection is an instant as in RFC 3339",
                );
                mistakes.push(Mistake::new("inspected_at", told, expected));
                now
            },
            |at| at.to_utc(),
        ),
    };
    let place = (Some(text(texts, "longitude")), Some(text(texts, "latitude")));
    let place = app::inspection::place(place, &mut mistakes);
    let is_all_at_once = bool::read(Some(text(texts, "is_all_at_once")), Reading::default());
    mistakes.into_result()?;
    let checks = Checks(checks);
    Ok(Record {
        device_key: text(texts, "device_key").to_owned(),
        inspected_at,
        // whoever changed one of them afterwards did not say so of all
        is_all_at_once: is_all_at_once.unwrap_or(false) && checks.worst() == Some(Condition::Good),
        checks,
        note: said("note"),
        place,
        accuracy_m: number("accuracy_m").and_then(|metres| i32::try_from(metres).ok()),
        device: said("device"),
        device_count: number("device_count"),
        sheet_no: said("sheet_no"),
    })
}
