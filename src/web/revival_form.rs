//! The forms of revival plans: a new one from the card of its asset, and those by which one goes on.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    asset::{self, IdleReason, UseState},
    attachment::Kind as Paper,
    revival::{Batch, Mode, Model, State as Progress},
};
use maud::{Markup, html};

use super::{
    act::{Act as New, led, sheet},
    fields::{Sheet, Typed},
    finding_form::day,
    form::{Form, Sent, hidden},
    icon::{Icon, icon},
    offered::{Bodies, body_called},
    parts::{self, choice, coded},
    revival_case::Act,
    visit::{Visit, at},
};
use crate::{
    app,
    domain::{
        field::{FieldValue, Reading},
        mistake::{Mistake, Mistakes},
        permission::Action,
        revival::{OUTCOMES, Plan},
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/{code}/revive", get(show).post(send))
}

async fn found(state: &AppState, visit: &Visit, code: &str) -> Result<asset::Model> {
    visit.actor.require(Action::ProposeRevival)?;
    state.ledger.read(&visit.actor).asset(code).await
}

async fn show(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let asset = found(&state, &visit, &code).await?;
    let mut typed = Typed::default();
    typed.put("reason", asset.idle_reason.map_or("", IdleReason::code));
    typed.put("batch", Batch::Revive.code());
    Ok(drawn(&state, &visit, &asset, &typed, None).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    asset: &asset::Model,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let bodies = Bodies::of(state, visit, asset.area_code, ("", "")).await?;
    let act = New {
        asset,
        path: "revive",
        title: visit.say("提出盘活方案", "Propose a revival plan"),
        does: visit.say(
            "一资产一方案：写明为什么闲置、怎样盘活、谁负责、哪天前完成；由别人批准后实施。",
            "One plan for one asset: why it lies idle, how it is brought back into use, by whom and by when. Somebody else approves it.",
        ),
        button: visit.say("提出", "Propose it"),
        version: asset.version,
        fault,
        keeping: None,
    };
    let fields =
        html! { div.sheet { (fields(visit, &bodies, &sheet(visit, typed, fault, None))) } };
    act.drawn(state, visit, &fields).await
}

/// The fields of a plan.
fn fields(visit: &Visit, bodies: &Bodies, sheet: &Sheet<'_>) -> Markup {
    let (manner, typed) = (&visit.manner, sheet.typed);
    let choose = Some(visit.say("请选择", "choose"));
    let target = if typed.has("target") { typed.text("target") } else { typed.text("target_on") };
    html! {
        (sheet.around(("reason", visit.say("闲置低效原因*", "Why it lies idle *"), ""), &choice("reason", choose, coded(manner, IdleReason::CHOICES), typed.text("reason"))))
        (sheet.around(("mode", visit.say("盘活方式*", "How *"), ""), &choice("mode", choose, coded(manner, Mode::CHOICES), typed.text("mode"))))
        (sheet.around(("batch", visit.say("四个一批*", "Part of the four batches *"), ""), &choice("batch", choose, coded(manner, Batch::CHOICES), typed.text("batch"))))
        (sheet.around(("measures", visit.say("盘活措施（留在变更记录里，不写人名电话）*", "Measures (they stay in the history: no names, no telephones) *"), ""), &text_area("measures", typed.text("measures"))))
        (sheet.around(("body", visit.say("责任单位*", "Seen to by *"), visit.say("填单位名称", "the name of an organization")), &html! {
            input #f-body name="body" value=(typed.text("body")) list="bodies" maxlength=(limits::SEARCH_LENGTH) autocomplete="off";
            (bodies.names("bodies"))
        }))
        (sheet.around(("target", visit.say("目标日期*", "Target *"), ""), &html! { input #f-target name="target" type="date" value=(target) min=(visit.today); }))
    }
}

fn text_area(name: &str, text: &str) -> Markup {
    html! { textarea id={ "f-" (name) } name=(name) rows="2" maxlength=(limits::REASON_LENGTH) { (text) } }
}

async fn send(
    State(state): State<AppState>,
    Path(code): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let asset = found(&state, &visit, &code).await?;
    let done = async {
        let plan = plan(&state, &visit, &form, &asset).await?;
        let ledger = form.once(&state.ledger, |row: &Model| done(row));
        let row = app::revival::propose(&ledger, &visit.actor, asset.id, &plan).await?;
        Ok(done(&row))
    };
    let fault = match led(done.await)? {
        Ok(response) => return Ok(response),
        Err(fault) => fault,
    };
    Ok(drawn(&state, &visit, &asset, &Typed::sent(&form), Some(&fault)).await?)
}

/// Where the sender goes from a plan.
fn done(row: &Model) -> String {
    at(&format!("/revivals/{}", row.id), [("done", "propose")])
}

fn chosen<T: FieldValue>(form: &Form, field: &'static str, mistakes: &mut Mistakes) -> Option<T> {
    let text = form.one(field);
    let read = T::read(Some(text).filter(|text| !text.is_empty()), Reading::default());
    read.map_err(|expected| mistakes.push(Mistake::new(field, text, expected))).ok()
}

/// The plan that a form tells; every mistake is told.
pub(super) async fn plan(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    asset: &asset::Model,
) -> Result<Plan> {
    let mut mistakes = Mistakes::default();
    let reason = chosen::<IdleReason>(form, "reason", &mut mistakes);
    let mode = chosen::<Mode>(form, "mode", &mut mistakes);
    let batch = chosen::<Batch>(form, "batch", &mut mistakes);
    for (name, zh, en) in [("measures", "盘活措施", "measures"), ("body", "责任单位", "seen to by")]
    {
        if form.one(name).is_empty() {
            mistakes.push(Mistake::missing(name, entity::language::Label::new(zh, en)));
        }
    }
    let target_on = match day(form, "target", ("目标日期", "target")) {
        Ok(on) => on,
        Err(crate::error::Error::Invalid(wrong)) => {
            wrong.0.into_iter().for_each(|mistake| mistakes.push(mistake));
            visit.today
        }
        Err(error) => return Err(error),
    };
    mistakes.into_result()?;
    let body = body_called(state, visit, asset.area_code, ("body", form.one("body"))).await?;
    Ok(Plan {
        reason: reason.unwrap_or(IdleReason::Other),
        mode: mode.unwrap_or(Mode::OwnRun),
        batch: batch.unwrap_or(Batch::Revive),
        measures: form.one("measures").to_owned(),
        target_on,
        organization: body.id,
    })
}

/// How a form says that the asset is used.
pub(super) fn outcome(form: &Form) -> Result<UseState> {
    let mut mistakes = Mistakes::default();
    let outcome = chosen(form, "outcome", &mut mistakes);
    mistakes.into_result()?;
    Ok(outcome.unwrap_or(UseState::InUse))
}

/// What the forms of a plan offer.
pub(super) struct Offer {
    bodies: Option<Bodies>,
}

impl Offer {
    /// Who may see to it, for whoever may amend the plan.
    pub(super) async fn of(
        state: &AppState,
        visit: &Visit,
        (row, asset): (&Model, &asset::Model),
    ) -> Result<Offer> {
        let is_open = matches!(row.state, Progress::Proposed | Progress::Approved);
        if !is_open || !visit.may(Action::AmendRevival) {
            return Ok(Offer { bodies: None });
        }
        let bodies = Bodies::of(state, visit, asset.area_code, ("", "")).await?;
        Ok(Offer { bodies: Some(bodies) })
    }

    /// What can be done now, by whoever may.
    pub(super) fn forms(&self, visit: &Visit, row: &Model, sheet: &Sheet<'_>) -> Markup {
        html! {
            @if row.state == Progress::Done && visit.may(Action::VerifyRevival) { (verify(visit, row, sheet)) }
            @if row.state == Progress::Proposed && visit.may(Action::ApproveRevival) { (approve(visit, row)) }
            @if row.state == Progress::Approved && visit.may(Action::ReportRevival) { (report(visit, row, sheet)) }
            @if let Some(bodies) = &self.bodies { (amend(visit, row, bodies, sheet)) }
            @if row.state.is_running() && visit.may(Action::EndRevival) { (end(visit, row, sheet)) }
        }
    }
}

/// A form of one act.
fn form(visit: &Visit, row: &Model, act: Act, fields: &Markup) -> Markup {
    html! {
        form.pad.stacked method="post" action={ "/revivals/" (row.id) "/" (act.word()) } novalidate {
            (hidden(&visit.mark))
            input type="hidden" name="version" value=(row.version);
            (fields)
        }
    }
}

fn approve(visit: &Visit, row: &Model) -> Markup {
    let is_own = row.proposed_by.is_some() && row.proposed_by == visit.actor.account();
    html! {
        section.card {
            header { h2 { (visit.say("批准", "Approve")) } }
            @if is_own { p.pad { (visit.say("这是您自己提出的，要由别人批准。", "You proposed it yourself: somebody else approves it.")) } }
            @else { (form(visit, row, Act::Approve, &html! { div { button.btn.go { (visit.say("批准方案", "Approve the plan")) } } })) }
        }
    }
}

fn report(visit: &Visit, row: &Model, sheet: &Sheet<'_>) -> Markup {
    let outcomes = OUTCOMES.map(|one| (one.code().to_owned(), visit.text(one.label()).to_owned()));
    let choose = Some(visit.say("请选择", "choose"));
    html! {
        section.card {
            header { h2 { (visit.say("报完成", "Report it done")) } }
            (form(visit, row, Act::Report, &html! {
                (sheet.around(("outcome", visit.say("盘活后的使用状态", "How it is used since"), ""), &choice("outcome", choose, outcomes, sheet.typed.text("outcome"))))
                (sheet.around(("report", visit.say("完成情况", "What was done"), ""), &text_area("report", sheet.typed.text("report"))))
                div { button.btn.go { (visit.say("报完成", "Report it done")) } }
            }))
        }
    }
}

fn verify(visit: &Visit, row: &Model, sheet: &Sheet<'_>) -> Markup {
    let is_own = row.reported_by.is_some() && row.reported_by == visit.actor.account();
    html! {
        section.card {
            header { h2 { (visit.say("核验", "Verify")) } }
            @if is_own {
                p.pad { (visit.say("这是您自己报的，要由别人核验。", "You reported it yourself: somebody else verifies it.")) }
            } @else {
                (form(visit, row, Act::Verify, &html! {
                    (sheet.around(("evidence", visit.say("核验依据", "What you saw of it"), visit.say("看到了什么、合同或凭证编号", "what is there, the number of the contract or voucher")), &text_area("evidence", sheet.typed.text("evidence"))))
                    div { button.btn.go name="verdict" value="verify" { (visit.say("已盘活，办结", "It is back in use")) } }
                    (sheet.around(("returned", visit.say("退回的写明理由", "Where it is sent back: why"), ""), &text_area("returned", "")))
                    div { button.btn name="verdict" value="return" { (visit.say("退回", "Send it back")) } }
                }))
            }
        }
    }
}

fn amend(visit: &Visit, row: &Model, bodies: &Bodies, sheet: &Sheet<'_>) -> Markup {
    let is_tried = sheet.fault.is_some() && sheet.typed.has("target");
    html! {
        section.card {
            details open[is_tried] {
                summary.pad { (visit.say("调整方案（重新批准）", "Amend the plan (it is approved anew)")) }
                (form(visit, row, Act::Amend, &html! { (fields(visit, bodies, sheet)) div { button.btn { (visit.say("保存调整", "Save the plan")) } } }))
            }
        }
    }
}

fn end(visit: &Visit, row: &Model, sheet: &Sheet<'_>) -> Markup {
    html! {
        section.card {
            details open[sheet.mistake("ended_why").is_some()] {
                summary.pad { (visit.say("终止方案", "End the plan")) }
                (form(visit, row, Act::End, &html! {
                    (sheet.around(("ended_why", visit.say("理由（如资产将处置）", "Why: the asset goes, for one"), ""), &text_area("ended_why", sheet.typed.text("ended_why"))))
                    div { button.btn { (visit.say("终止", "End it")) } }
                }))
            }
        }
    }
}

/// The form that brings photos and papers.
pub(super) fn files(visit: &Visit, code: &str, row: &Model) -> Markup {
    let kinds = [Paper::Photo, Paper::Contract, Paper::Minutes, Paper::Voucher, Paper::Other];
    let kinds = kinds.map(|kind| (kind.code().to_owned(), visit.text(kind.label()).to_owned()));
    let shape =
        |name, label| parts::Field { name, label, hint: "", mistake: None, is_required: false };
    html! {
        form.pad.stacked.noprint method="post" action={ "/assets/" (code) "/files" } enctype="multipart/form-data" {
            (hidden(&visit.mark))
            input type="hidden" name="to" value={ "revival:" (row.id) };
            (parts::field(&shape("kind", visit.say("是什么", "What it is")), &choice("kind", None, kinds, Paper::Photo.code())))
            (parts::field(&shape("file", visit.say("文件（一次最多 5 个）", "Files (at most 5 at a time)")), &html! {
                input #f-file name="file" type="file" multiple required;
            }))
            div { button.btn { (icon(Icon::Add)) (visit.say("上传", "Attach")) } }
        }
    }
}
