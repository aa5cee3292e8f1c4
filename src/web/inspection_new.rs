//! Looking at an asset: every point is answered, nothing is answered beforehand; one press says that
//! all is good (ux.md §3.10).

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, Utc};
use entity::{
    asset,
    inspection::{CheckItem, Checked, Checks, Condition, Model},
    language::Sentence,
};
use maud::{Markup, html};

use super::{
    act::led,
    fields::{Sheet, Typed},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    inspection::last_found,
    parts::{mistakes, titled},
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
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/{code}/inspect", get(show).post(send))
}

/// How the names of the notes begin.
const NOTE: &str = "note-";
/// The press that says that all is good.
const ALL: &str = "all";

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
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        form.card.pad.prose method="post" action={ (card) "/inspect" } novalidate {
            (hidden(&visit.mark))
            input type="hidden" name="device_key" value=(typed.text("device_key"));
            input type="hidden" name="is_all_at_once" value=(typed.text("is_all_at_once"));
            // what the enter key presses
            button.sr tabindex="-1" aria-hidden="true" { (visit.say("保存巡查", "Save the inspection")) }
            p.mut { (last_found(visit, upkeep.as_ref())) }
            p.mt { button.btn name=(ALL) value="good" { (icon(Icon::Good)) (visit.say("全部完好，一键填好", "All good: fill in at one press")) } }
            @for item in points(asset) { (point(visit, &sheet, item)) }
            div.sheet.mt { (sheet.around(("note", visit.say("其他情况（可不填）", "Anything else"), ""), &html! {
                input #f-note name="note" value=(typed.text("note")) maxlength=(limits::INSPECTION_NOTE_LENGTH);
            })) }
            div.dock {
                button.btn.go { (visit.say("保存巡查", "Save the inspection")) kbd { "Ctrl+S" } }
                a.btn href=(card) { (visit.say("不查了", "Leave it")) }
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
        ..Page::new(titled(visit, visit.say("现场巡查", "Inspect"), fault), body)
    };
    let status = fault.map_or(axum::http::StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// One point: three answers, none of them given beforehand, and what was seen.
fn point(visit: &Visit, sheet: &Sheet<'_>, item: CheckItem) -> Markup {
    let (name, label) = (item.code(), visit.text(item.label()));
    let mistake = sheet.mistake(name);
    let note = format!("{NOTE}{name}");
    html! {
        fieldset.mt id={ "f-" (name) } tabindex="-1" {
            legend { (label) }
            @if let Some(mistake) = mistake { p.t-bad.sm { (visit.tell(mistake)) } }
            div.pics {
                @for condition in Condition::ALL {
                    label.btn {
                        input type="radio" name=(name) value=(condition.code()) checked[sheet.typed.text(name) == condition.code()];
                        (visit.text(condition.label()))
                    }
                }
            }
            div.field.mt { input name=(note) value=(sheet.typed.text(&note)) maxlength=(limits::INSPECTION_NOTE_LENGTH)
                aria-label=(format!("{label}{}", visit.say("：说明", ": what was seen")))
                placeholder=(visit.say("有缺陷或危险的，写一句看到了什么", "a line on what was seen, where it is not good")); }
        }
    }
}

async fn send(
    State(state): State<AppState>,
    Path(code): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let asset = found(&state, &visit, &code).await?;
    let mut typed = Typed::sent(&form);
    if !form.one(ALL).is_empty() {
        // filled in and shown again: whoever was there still saves it
        for item in points(&asset) {
            typed.put(item.code(), Condition::Good.code());
        }
        typed.put("is_all_at_once", "yes");
        return Ok(drawn(&state, &visit, &asset, &typed, None).await?);
    }
    let done = async {
        let now = state.ledger.clock().now();
        let record = record(&form, &points(&asset), now)?;
        let ledger = form.once(&state.ledger, |row: &Model| done(row));
        let kept = app::inspection::record(&ledger, &visit.actor, asset.id, &record).await?;
        Ok(done(&kept))
    };
    let fault = match led(done.await)? {
        Ok(response) => return Ok(response),
        Err(fault) => fault,
    };
    Ok(drawn(&state, &visit, &asset, &typed, Some(&fault)).await?)
}

/// Where the sender goes from a record.
fn done(row: &Model) -> String {
    at(&format!("/inspections/{}", row.id), [("done", "recorded")])
}

/// What a form says; `now` is when it came, which counts where no device tells another time.
fn record(form: &Form, points: &[CheckItem], now: DateTime<Utc>) -> Result<Record> {
    let mut mistakes = Mistakes::default();
    let text = |name: &str| Some(form.one(name).to_owned()).filter(|text| !text.is_empty());
    let mut checks = Vec::with_capacity(points.len());
    for item in points {
        let answer = form.one(item.code());
        if let Ok(condition) = answer.parse::<Condition>() {
            let note = text(&format!("{NOTE}{}", item.code()));
            checks.push(Checked { item: *item, condition, note });
        }
    }
    let inspected_at = match form.one("inspected_at") {
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
    let place = (Some(form.one("longitude")), Some(form.one("latitude")));
    let place = app::inspection::place(place, &mut mistakes);
    let is_all_at_once = bool::read(Some(form.one("is_all_at_once")), Reading::default());
    mistakes.into_result()?;
    let checks = Checks(checks);
    Ok(Record {
        device_key: form.one("device_key").to_owned(),
        inspected_at,
        // whoever changed one of them afterwards did not say so of all
        is_all_at_once: is_all_at_once.unwrap_or(false) && checks.worst() == Some(Condition::Good),
        checks,
        note: text("note"),
        place,
        accuracy_m: form.number("accuracy_m").and_then(|metres| i32::try_from(metres).ok()),
        device: text("device"),
        device_count: form.number("device_count"),
    })
}
