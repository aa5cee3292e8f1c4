//! One work order: what is to be mended, how it looked before and after, what may be done now.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    asset,
    attachment::{self, Kind as Paper, Subject},
    id::{BudgetId, WorkOrderId},
    inspection::Condition,
    work_order::{Entity, Model},
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    fields::{Sheet, Typed},
    form::{Form, Sent, replayed},
    frame::{Around, Page, Place, page},
    inspection::condition_badge,
    parts::{Tone, done, fact, instant, mistakes, note, titled},
    photo::pictures,
    visit::{Visit, at},
    work_order::{Told, amount, due, state_badge, what},
    work_order_form::{self as forms, Offer},
};
use crate::{
    app,
    domain::{
        permission::Action,
        work_order::{FIELDS, Terms},
    },
    error::Result,
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/work-orders/{id}", get(show))
        .route("/work-orders/{id}/estimate", post(estimate))
        .route("/work-orders/{id}/approve", post(approve))
        .route("/work-orders/{id}/dispatch", post(dispatch))
        .route("/work-orders/{id}/begin", post(begin))
        .route("/work-orders/{id}/report", post(report))
        .route("/work-orders/{id}/accept", post(accept))
        .route("/work-orders/{id}/dismiss", post(dismiss))
}

/// What may be done with a work order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Estimate,
    Approve,
    Dispatch,
    Begin,
    Report,
    Accept,
    Dismiss,
}

impl Act {
    /// The last part of its address.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Act::Estimate => "estimate",
            Act::Approve => "approve",
            Act::Dispatch => "dispatch",
            Act::Begin => "begin",
            Act::Report => "report",
            Act::Accept => "accept",
            Act::Dismiss => "dismiss",
        }
    }
}

/// What was done, by the word that the form led here with.
fn said(visit: &Visit) -> Option<&'static str> {
    let (_, word) = visit.query.iter().find(|(word, _)| word == "done")?;
    Some(match word.as_str() {
        "open" => visit.say("已开单", "The work order is open"),
        "estimate" => visit.say("已估价", "Estimated"),
        "approve" => visit.say("已批准", "Approved"),
        "dispatch" => visit.say("已派单", "Dispatched"),
        "begin" => visit.say("已开工", "The work has begun"),
        "report" => visit.say("已报完工，等别人验收", "Reported done; somebody else accepts it"),
        "accept" => visit.say("已验收", "Looked at"),
        "dismiss" => visit.say("已定为不予维修", "Dismissed"),
        "attached" => visit.say("文件已上传", "The files are attached"),
        _ => return None,
    })
}

async fn found(state: &AppState, visit: &Visit, id: &str) -> Result<(Model, asset::Model)> {
    let read = state.ledger.read(&visit.actor);
    // what is no number names no work order
    let row = read.get::<Entity>(WorkOrderId(id.parse().unwrap_or(0))).await?;
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
    Ok(drawn(&state, &visit, (&row, &asset), &typed, None).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    (row, asset): (&Model, &asset::Model),
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let told = Told::of(&read, visit, std::slice::from_ref(row)).await?;
    let mut files = read.attachments_of(asset.id).await?;
    files.retain(|file| is_of(row, file) && !file.is_withdrawn);
    let local = read.local_rules([asset.area_code]).await?;
    let terms = Terms::of(&local, asset, visit.today);
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let offer = Offer::of(state, visit, (row, asset), terms).await?;
    let is_dangerous = row.state.is_live() && row.condition == Condition::Danger;
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if let Some(said) = said(visit) { (done(said)) }
        @if is_dangerous {
            (note(Tone::Bad, &html! { b { (visit.say("先设警示，再打电话通知管护责任人。", "First put up a warning, then call whoever looks after it.")) } " " a href={ "/assets/" (asset.code) } { (visit.say("看找谁负责", "Whom to call")) } }))
        }
        div.grid.g21 {
            div.grid {
                (facts(visit, (row, asset), &told, &terms))
                (photos(visit, (row, asset), &files))
            }
            div.grid { (offer.forms(visit, row, &sheet)) }
        }
    };
    let shown = Page {
        place: Some(Place::WorkOrders),
        way: vec![
            ("/work-orders".to_owned(), visit.say("维修工单", "Work orders").to_owned()),
            (format!("/assets/{}/repairs", asset.code), asset.name.clone()),
        ],
        below: format!("{} · {}", asset.name, asset.code),
        beside: state_badge(visit, row),
        ..Page::new(titled(visit, &what(visit, row), fault), body)
    };
    let status = fault.map_or(axum::http::StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

fn facts(
    visit: &Visit,
    (row, asset): (&Model, &asset::Model),
    told: &Told,
    terms: &Terms,
) -> Markup {
    let approver = row.estimate.map(|estimate| terms.approver(estimate));
    let text = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
    html! {
        section.card {
            header { h2 { (visit.say("工单", "The work order")) } span.mut { "WO-" (row.id) } }
            dl.desc {
                (fact(visit.say("资产", "Asset"), &html! { a href={ "/assets/" (asset.code) } { (asset.name) } }))
                (fact(visit.say("要修什么", "What is to be mended"), &html! { (what(visit, row)) " " (condition_badge(visit, row.condition)) }))
                (fact(visit.say("发现时间", "Found at"), &html! {
                    (instant(row.found_at))
                    @if let Some(id) = row.fault_report_id { " " a href={ "/fault-reports/" (id) } { (visit.say("看报修", "the report")) } }
                    @if let Some(id) = row.inspection_id { " " a href={ "/inspections/" (id) } { (visit.say("看巡查记录", "the inspection")) } }
                }))
                (fact(visit.say("维修期限", "Due"), &due(visit, row)))
                (fact(visit.say("工程性质", "Kind of work"), &html! { (visit.text(row.kind.label())) }))
                (fact(visit.say("估价", "Estimate"), &html! {
                    (amount(row.estimate))
                    @if let Some(level) = approver { " " span.mut.sm { (visit.say("由", "approved at the level of the ")) (visit.text(level.label())) (visit.say("一级批准", "")) } }
                }))
                (fact(visit.say("批准", "Approved up to"), &html! { (amount(row.approved)) @if let Some(on) = row.approved_on { " " span.mut { (on) } } }))
                @if let Some(named) = told.mender(row) {
                    (fact(visit.say("承修", "Mended by"), &html! { (named.name) " " (named.phone) }))
                }
                (fact(visit.say("实付", "Cost"), &html! { (amount(row.cost)) @if let Some(no) = &row.voucher_no { " " span.mut { (visit.say("凭证 ", "voucher ")) (no) } } }))
                @for (name, value) in [
                    (visit.say("完工情况", "What was done"), text(&row.report)),
                    (visit.say("返工理由", "Sent back because"), text(&row.returned)),
                    (visit.say("不予维修的理由", "Dismissed because"), text(&row.dismissed)),
                ] {
                    @if let Some(value) = value { (fact(name, &html! { (value) })) }
                }
                @if let Some(at) = row.ended_at { (fact(visit.say("办结时间", "Came to its end at"), &html! { (instant(at)) })) }
            }
            p.pad.mut.sm { a href={ "/assets/" (asset.code) "/history" } { (visit.say("谁在什么时候办的，见变更记录", "Who did what when: the history")) } }
        }
    }
}

/// Whether a file belongs to a work order: its own, and the photos of the inspection that found it.
fn is_of(row: &Model, file: &attachment::Model) -> bool {
    let found = row.inspection_id.map(|id| (Subject::Inspection, id.0));
    let place = (file.subject, file.subject_id);
    place == (Subject::WorkOrder, row.id.0) || Some(place) == found
}

/// Before and after, side by side; and the papers.
fn photos(
    visit: &Visit,
    (row, asset): (&Model, &asset::Model),
    files: &[attachment::Model],
) -> Markup {
    let is_before = |file: &&attachment::Model| {
        file.kind == Paper::Before || file.subject == Subject::Inspection
    };
    let is_after = |file: &&attachment::Model| file.kind == Paper::After;
    let others: Vec<_> = files.iter().filter(|file| !is_before(file) && !is_after(file)).collect();
    let may = visit.may(Action::ReportWorkOrder) && asset.is_standing();
    let side = |name: &str, is: &dyn Fn(&&attachment::Model) -> bool| {
        let shown: Vec<_> = files.iter().filter(|file| is(file)).collect();
        html! {
            section {
                h3.pad { (name) }
                @if shown.is_empty() { p.pad.mut { (visit.say("还没有照片。", "No photo yet.")) } } @else { (pictures(shown.into_iter())) }
            }
        }
    };
    html! {
        section.card {
            header { h2 { (visit.say("照片与票据", "Photos and papers")) } }
            div.grid.g2 {
                (side(visit.say("维修前", "Before"), &is_before))
                (side(visit.say("维修后", "After"), &is_after))
            }
            @if !others.is_empty() {
                ul.ways.pad { @for file in others { li {
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

taken!(
    estimate Estimate,
    approve Approve,
    dispatch Dispatch,
    begin Begin,
    report Report,
    accept Accept,
    dismiss Dismiss
);

async fn take(state: &AppState, id: &str, sent: Sent, act: Act) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (row, asset) = found(state, &visit, id).await?;
    let place = at(&format!("/work-orders/{}", row.id), [("done", act.word())]);
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
    Ok(drawn(state, &visit, (&row, &asset), &typed, Some(&fault)).await?)
}

async fn carried_out(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    ((row, asset), act): ((&Model, &asset::Model), Act),
) -> Result<Model> {
    let place = at(&format!("/work-orders/{}", row.id), [("done", act.word())]);
    let ledger = form.once(&state.ledger, move |_: &Model| place.clone());
    let (actor, named) = (&visit.actor, (row.id, form.number("version").unwrap_or_default()));
    match act {
        Act::Estimate => {
            let said = forms::estimated(form, row)?;
            app::work_order::estimate(&ledger, actor, named, said).await
        }
        Act::Approve => {
            let budget = form.number("budget").map(BudgetId);
            app::work_order::approve(&ledger, actor, named, budget).await
        }
        Act::Dispatch => {
            let whom = forms::dispatched(state, visit, form, asset).await?;
            app::work_order::dispatch(&ledger, actor, named, whom).await
        }
        Act::Begin => app::work_order::begin(&ledger, actor, named).await,
        Act::Report => {
            let outcome = forms::reported(form, row)?;
            app::work_order::report(&ledger, actor, named, &outcome).await
        }
        Act::Accept if form.one("verdict") == "return" => {
            app::work_order::send_back(&ledger, actor, named, form.one("returned")).await
        }
        Act::Accept => {
            let origin = forms::origin(form)?;
            app::work_order::accept(&ledger, actor, named, &origin).await
        }
        Act::Dismiss => {
            app::work_order::dismiss(&ledger, actor, named, form.one("dismissed")).await
        }
    }
}
