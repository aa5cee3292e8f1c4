//! One revival plan: what is to be done, what was done, what may be done now.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    asset,
    attachment::{self, Subject},
    id::RevivalId,
    revival::{Entity, Model},
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    fields::{Sheet, Typed},
    form::{Form, Sent, replayed},
    frame::{Around, Page, Place, page},
    parts::{done, fact, mistakes, titled},
    photo::pictures,
    revival::{Told, state_badge, target},
    revival_form as forms,
    visit::{Visit, at},
};
use crate::{
    app,
    domain::{attachment::is_picture, permission::Action, revival::FIELDS},
    error::Result,
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/revivals/{id}", get(show))
        .route("/revivals/{id}/amend", post(amend))
        .route("/revivals/{id}/approve", post(approve))
        .route("/revivals/{id}/report", post(report))
        .route("/revivals/{id}/verify", post(verify))
        .route("/revivals/{id}/end", post(end))
}

/// What may be done with a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Amend,
    Approve,
    Report,
    Verify,
    End,
}

impl Act {
    /// The last part of its address.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Act::Amend => "amend",
            Act::Approve => "approve",
            Act::Report => "report",
            Act::Verify => "verify",
            Act::End => "end",
        }
    }
}

/// What was done, by the word that the form led here with.
fn said(visit: &Visit) -> Option<&'static str> {
    let (_, word) = visit.query.iter().find(|(word, _)| word == "done")?;
    Some(match word.as_str() {
        "propose" => visit.say("已提出，等别人批准", "Proposed; somebody else approves it"),
        "amend" => visit.say("已调整，重新等批准", "Amended; it is approved anew"),
        "approve" => visit.say("已批准", "Approved"),
        "report" => visit.say("已报完成，等别人核验", "Reported; somebody else verifies it"),
        "verify" => visit.say("已核验", "Looked at"),
        "end" => visit.say("方案已终止", "The plan is ended"),
        "attached" => visit.say("文件已上传", "The files are attached"),
        _ => return None,
    })
}

async fn found(state: &AppState, visit: &Visit, id: &str) -> Result<(Model, asset::Model)> {
    let read = state.ledger.read(&visit.actor);
    // what is no number names no plan
    let row = read.get::<Entity>(RevivalId(id.parse().unwrap_or(0))).await?;
    let asset = read.get::<asset::Entity>(row.asset_id).await?;
    Ok((row, asset))
}

async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let (row, asset) = found(&state, &visit, &id).await?;
    let typed = Typed::recorded(FIELDS, &row);
    Ok(drawn(&state, &visit, (&row, &asset), typed, None).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    (row, asset): (&Model, &asset::Model),
    mut typed: Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let told = Told::of(&read, visit, std::slice::from_ref(row)).await?;
    if !typed.has("body") {
        typed.put("body", told.body(row));
    }
    let mut files = read.attachments_of(asset.id).await?;
    files.retain(|file| {
        file.subject == Subject::Revival && file.subject_id == row.id.0 && !file.is_withdrawn
    });
    let sheet = Sheet { manner: &visit.manner, typed: &typed, fault, meanwhile: None };
    let offer = forms::Offer::of(state, visit, (row, asset)).await?;
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if let Some(said) = said(visit) { (done(said)) }
        div.grid.g21 {
            div.grid {
                (facts(visit, (row, asset), &told))
                (evidence(visit, (row, asset), &files))
            }
            div.grid { (offer.forms(visit, row, &sheet)) }
        }
    };
    let shown = Page {
        place: Some(Place::Revivals),
        way: vec![
            ("/revivals".to_owned(), visit.say("资产盘活", "Revivals").to_owned()),
            (format!("/assets/{}/revival", asset.code), asset.name.clone()),
        ],
        below: format!("{} · {}", asset.name, asset.code),
        beside: state_badge(visit, row),
        ..Page::new(titled(visit, visit.say("盘活方案", "Revival plan"), fault), body)
    };
    let status = fault.map_or(axum::http::StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

fn facts(visit: &Visit, (row, asset): (&Model, &asset::Model), told: &Told) -> Markup {
    let day =
        |on: Option<chrono::NaiveDate>| on.map_or_else(|| "—".to_owned(), |on| on.to_string());
    let texts = [
        (visit.say("完成情况", "What was done"), &row.report),
        (visit.say("核验依据", "What was seen of it"), &row.evidence),
        (visit.say("退回理由", "Sent back because"), &row.returned),
        (visit.say("终止理由", "Ended because"), &row.ended_why),
    ];
    html! {
        section.card {
            header { h2 { (visit.say("方案", "The plan")) } }
            dl.desc {
                (fact(visit.say("资产", "Asset"), &html! { a href={ "/assets/" (asset.code) } { (asset.name) } }))
                (fact(visit.say("闲置低效原因", "Why it lies idle"), &html! { (visit.text(row.use_state.label())) " · " (visit.text(row.reason.label())) }))
                (fact(visit.say("需盘活起始日", "Needed since"), &html! { (row.needed_since) }))
                (fact(visit.say("盘活方式", "How"), &html! { (visit.text(row.mode.label())) }))
                (fact(visit.say("四个一批", "Part of the four batches"), &html! { (visit.text(row.batch.label())) }))
                (fact(visit.say("盘活措施", "Measures"), &html! { (row.measures) }))
                (fact(visit.say("责任单位", "Seen to by"), &html! { (told.body(row)) }))
                (fact(visit.say("目标日期", "Target"), &target(visit, row)))
                (fact(visit.say("资产原值（元）", "Original value (yuan)"), &html! { (row.value.grouped()) }))
                (fact(visit.say("提出、批准", "Proposed, approved"), &html! { (row.proposed_on) " / " (day(row.approved_on)) }))
                @if let Some(outcome) = row.outcome { (fact(visit.say("盘活后的使用状态", "How it is used since"), &html! { (visit.text(outcome.label())) })) }
                @for (name, text) in texts { @if let Some(text) = text { (fact(name, &html! { (text) })) } }
                @if row.ended_on.is_some() { (fact(visit.say("办结日期", "Came to its end on"), &html! { (day(row.ended_on)) })) }
            }
            p.pad.mut.sm { a href={ "/assets/" (asset.code) "/history" } { (visit.say("谁在什么时候办的，见变更记录", "Who did what when: the history")) } }
        }
    }
}

/// What shows that the asset is back in use: photos, contracts.
fn evidence(
    visit: &Visit,
    (row, asset): (&Model, &asset::Model),
    files: &[attachment::Model],
) -> Markup {
    let (photos, papers): (Vec<_>, Vec<_>) = files.iter().partition(|file| is_picture(file.media));
    let may = visit.may(Action::ReportRevival) && asset.is_standing();
    html! {
        section.card {
            header { h2 { (visit.say("佐证材料", "What shows it")) } }
            @if files.is_empty() { p.pad.mut { (visit.say("还没有照片或合同。", "No photo and no contract yet.")) } }
            @if !photos.is_empty() { (pictures(photos.into_iter())) }
            @if !papers.is_empty() {
                ul.ways.pad { @for file in papers { li {
                    a href={ "/files/" (file.id) "/content" } download { (file.file_name) }
                    " " span.mut { (visit.text(file.kind.label())) }
                } } }
            }
            @if may { (forms::files(visit, &asset.code, row)) }
        }
    }
}

/// What takes the form of each act.
macro_rules! taken {
    ($($handler:ident $act:ident),+) => {$(
        async fn $handler(
            State(state): State<AppState>,
            Path(id): Path<String>,
            sent: Sent,
        ) -> Result<Response, Fault> {
            take(&state, &id, sent, Act::$act).await
        }
    )+};
}

taken!(amend Amend, approve Approve, report Report, verify Verify, end End);

async fn take(state: &AppState, id: &str, sent: Sent, act: Act) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (row, asset) = found(state, &visit, id).await?;
    let place = place_of(&row, act);
    let Err(error) = carried_out(state, &visit, &form, ((&row, &asset), act)).await else {
        return Ok(Redirect::to(&place).into_response());
    };
    let error = match replayed(error) {
        Ok(place) => return Ok(Redirect::to(&place).into_response()),
        Err(error) => error,
    };
    let fault = Fault::from(error);
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    let typed = Typed::recorded(FIELDS, &row).over(Typed::sent(&form));
    Ok(drawn(state, &visit, (&row, &asset), typed, Some(&fault)).await?)
}

fn place_of(row: &Model, act: Act) -> String {
    at(&format!("/revivals/{}", row.id), [("done", act.word())])
}

async fn carried_out(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    ((row, asset), act): ((&Model, &asset::Model), Act),
) -> Result<Model> {
    let place = place_of(row, act);
    let ledger = form.once(&state.ledger, move |_: &Model| place.clone());
    let (actor, named) = (&visit.actor, (row.id, form.number("version").unwrap_or_default()));
    match act {
        Act::Amend => {
            let plan = forms::plan(state, visit, form, asset).await?;
            app::revival::amend(&ledger, actor, named, &plan).await
        }
        Act::Approve => app::revival::approve(&ledger, actor, named).await,
        Act::Report => {
            let said = (form.one("report"), forms::outcome(form)?);
            app::revival::report(&ledger, actor, named, said).await
        }
        Act::Verify if form.one("verdict") == "return" => {
            app::revival::send_back(&ledger, actor, named, form.one("returned")).await
        }
        Act::Verify => app::revival::verify(&ledger, actor, named, form.one("evidence")).await,
        Act::End => app::revival::end(&ledger, actor, named, form.one("ended_why")).await,
    }
}
