//! A line of a campaign: what is asked of it, and what a re-check saw.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use entity::{
    campaign::State as Progressed,
    campaign_line::{self, Entity as Lines, Recheck},
    id::{CampaignLineId, OrganizationId},
};
use maud::{Markup, html};

use super::{
    act::led,
    asset_edit::is_for_the_sender,
    campaign::{Told, answered, lines, recheck_badge, way},
    campaign_form::text_area,
    fields::{Sheet, Typed},
    finding_form::day,
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    offered::Bodies,
    parts::{choice, coded, done, fact, mistakes, scrolled, titled},
    visit::{Visit, at},
};
use crate::{
    app,
    domain::{
        campaign::{Answer, QUESTIONS},
        field::{FieldValue, Reading},
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    store::Subject,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/campaign-lines/{id}", get(show_line))
        .route("/campaign-lines/{id}/answer", post(send_answer))
        .route("/campaign-lines/{id}/recheck", post(send_recheck))
}

/// Where the sender of a form about a line goes.
fn place_of_line(id: CampaignLineId, done: &str) -> String {
    at(&format!("/campaign-lines/{id}"), [("done", done)])
}

/// The line of an address.
async fn line_of(state: &AppState, visit: &Visit, id: &str) -> Result<campaign_line::Model> {
    let id = id.parse().map(CampaignLineId).map_err(|_| Error::NotFound(Lines::NOUN))?;
    state.ledger.read(&visit.actor).get::<Lines>(id).await
}

async fn show_line(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let line = line_of(&state, &visit, &id).await?;
    drawn_line(&state, &visit, &line, &recorded(&line), None).await
}

/// What was answered, as the form shows it.
fn recorded(line: &campaign_line::Model) -> Typed {
    let mut typed = Typed::default();
    let said = [line.is_unmanaged, line.is_idle, line.is_unkept, line.is_to_dispose];
    for ((name, _), said) in QUESTIONS.iter().zip(said) {
        if let Some(said) = said {
            typed.put(name, if said { "yes" } else { "no" });
        }
    }
    if let Some(due) = line.due_on {
        typed.put("due_on", due.to_string());
    }
    if let Some(id) = line.organization_id {
        typed.put("organization", id.to_string());
    }
    typed.put("measure", line.measure.clone().unwrap_or_default());
    typed
}

async fn drawn_line(
    state: &AppState,
    visit: &Visit,
    line: &campaign_line::Model,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let campaign = read.campaign(line.campaign_id).await?;
    let beside = read.lines_beside(line).await?;
    let told = Told::of(&read, &beside).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let is_open = campaign.state == Progressed::Running;
    let answering = if is_open && visit.may(Action::AnswerCampaign) {
        let near = told.asset(line).map_or(line.area_code, |asset| asset.area_code);
        let bodies = Bodies::of(state, visit, near, ("", typed.text("organization"))).await?;
        answer_form(visit, line, (&beside, &bodies), &sheet)
    } else {
        html! {}
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if visit.query.iter().any(|(word, _)| word == "done") { (done(visit.say("已登记", "Recorded"))) }
        div.grid.g21 {
            div.grid {
                section.card {
                    header { h2 { (visit.say("这项资产在名单里的问题", "What is on the list of this asset")) } }
                    (scrolled(visit.say("这项资产在名单里的问题，可滚动", "What is on the list of this asset; scrolls"), &lines(visit, &beside, &told)))
                }
                (line_facts(visit, line))
            }
            div.grid {
                (answering)
                @if is_open && line.is_drawn && visit.may(Action::RecheckCampaign) { (recheck_form(visit, line, &sheet)) }
            }
        }
    };
    let name = told.asset(line).map_or_else(|| "—".to_owned(), |asset| asset.name.clone());
    let title =
        format!("{}{}{} · {name}", visit.say("第 ", "Line "), line.no, visit.say(" 条", ""));
    let shown = Page {
        place: Some(Place::Campaigns),
        way: vec![way(visit), (format!("/campaigns/{}", campaign.id), campaign.name.clone())],
        ..Page::new(titled(visit, &title, fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

fn line_facts(visit: &Visit, line: &campaign_line::Model) -> Markup {
    html! {
        section.card {
            header { h2 { (visit.say("答复与复核", "Answer and re-check")) } }
            dl.desc {
                (fact(visit.say("答复", "Answer"), &answered(visit, line)))
                @if let Some(measure) = &line.measure { (fact(visit.say("措施", "What is done"), &html! { (measure) })) }
                @if let Some(on) = line.answered_on { (fact(visit.say("答复日", "Answered on"), &html! { (on) })) }
                (fact(visit.say("复核", "Re-check"), &recheck_badge(visit, line)))
                @if let Some(note) = &line.recheck_note { (fact(visit.say("复核情况", "What it saw"), &html! { (note) })) }
                @if let Some(on) = line.rechecked_on { (fact(visit.say("复核日", "Checked again on"), &html! { (on) })) }
            }
        }
    }
}

fn answer_form(
    visit: &Visit,
    line: &campaign_line::Model,
    (beside, bodies): (&[campaign_line::Model], &Bodies),
    sheet: &Sheet<'_>,
) -> Markup {
    let asked = [("yes", visit.say("是", "yes")), ("no", visit.say("否", "no"))];
    html! {
        section.card {
            header { h2 { (visit.say("答复（四问）", "Answer the four questions")) } }
            form.pad.stacked method="post" action={ "/campaign-lines/" (line.id) "/answer" } novalidate {
                (hidden(&visit.mark))
                @for one in beside { input type="hidden" name="line" value={ (one.id) "." (one.version) }; }
                @for (name, label) in QUESTIONS {
                    (sheet.around((name, visit.text(label), ""), &choice(name, Some(visit.say("请选择", "choose")), asked.map(|(code, words)| (code.to_owned(), words.to_owned())), sheet.typed.text(name))))
                }
                (sheet.around(("organization", visit.say("责任单位", "Unit"), visit.say("有一项为“是”时必填", "asked for where any is so")), &bodies.draw(sheet, "organization")))
                (sheet.around(("due_on", visit.say("整改期限", "Due on"), ""), &html! {
                    input #f-due_on name="due_on" type="date" value=(sheet.typed.text("due_on")) min=(visit.today);
                }))
                (sheet.around(("measure", visit.say("措施", "What is done"), ""), &text_area(sheet, "measure")))
                @if beside.len() > 1 { p.mut.sm { (visit.say("名单里这项资产的各条问题一并答复。", "All lines of this asset are answered alike.")) } }
                div { button.btn.go { (visit.say("答复", "Answer")) } }
            }
        }
    }
}

fn recheck_form(visit: &Visit, line: &campaign_line::Model, sheet: &Sheet<'_>) -> Markup {
    html! {
        section.card {
            header { h2 { (visit.say("抽查复核", "Check it again")) } }
            @if line.answered_by == visit.actor.account() {
                p.pad.mut { (visit.say("这是您答复的，要由别人复核。", "You answered it: somebody else checks it again.")) }
            } @else {
                form.pad.stacked method="post" action={ "/campaign-lines/" (line.id) "/recheck" } novalidate {
                    (hidden(&visit.mark))
                    input type="hidden" name="version" value=(line.version);
                    (sheet.around(("result", visit.say("复核结果", "Result"), ""), &choice("result", Some(visit.say("请选择", "choose")), coded(&visit.manner, Recheck::CHOICES), sheet.typed.text("result"))))
                    (sheet.around(("note", visit.say("复核情况", "What was seen"), visit.say("与答复不符的写明", "asked for where it differs")), &text_area(sheet, "note")))
                    div { button.btn.go { (visit.say("登记复核", "Record it")) } }
                }
            }
        }
    }
}

/// The lines that a form names, each as it was read.
fn lines_read(form: &Form) -> Result<Vec<(CampaignLineId, i64)>> {
    let named = form.all().filter(|(name, _)| *name == "line").map(|(_, value)| value);
    let read = named.map(|one| {
        let (id, version) = one.split_once('.')?;
        Some((CampaignLineId(id.parse().ok()?), version.parse().ok()?))
    });
    read.collect::<Option<Vec<_>>>().ok_or(Error::Conflict)
}

/// What a form answers.
fn answer_of(form: &Form) -> Result<Answer> {
    let mut mistakes = Mistakes::default();
    let said = QUESTIONS.map(|(name, label)| match form.one(name) {
        "yes" => true,
        "no" => false,
        _ => {
            mistakes.push(Mistake::missing(name, label));
            false
        }
    });
    let due_on = match form.one("due_on") {
        "" => None,
        _ => match day(form, "due_on", ("整改期限", "due on")) {
            Ok(day) => Some(day),
            Err(Error::Invalid(wrong)) => {
                mistakes.0.extend(wrong.0);
                None
            }
            Err(error) => return Err(error),
        },
    };
    mistakes.into_result()?;
    let measure = Some(form.text("measure").to_owned()).filter(|text| !text.trim().is_empty());
    let organization = form.number("organization").map(OrganizationId);
    Ok(Answer { said, due_on, organization, measure })
}

/// The page of a line again, with what was wrong.
async fn line_again(
    state: &AppState,
    visit: &Visit,
    (line, form): (&campaign_line::Model, &Form),
    fault: Fault,
) -> Result<Response, Fault> {
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    drawn_line(state, visit, line, &Typed::sent(form), Some(&fault)).await
}

async fn send_answer(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::AnswerCampaign)?;
    let line = line_of(&state, &visit, &id).await?;
    let own = line.id;
    let done = async {
        let (read, answer) = (lines_read(&form)?, answer_of(&form)?);
        let ledger = form
            .once(&state.ledger, move |_: &Vec<campaign_line::Model>| place_of_line(own, "answer"));
        let about = (line.campaign_id, read.as_slice());
        app::campaign::answer(&ledger, &visit.actor, about, &answer).await?;
        Ok(place_of_line(own, "answer"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => line_again(&state, &visit, (&line, &form), fault).await,
    }
}

async fn send_recheck(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::RecheckCampaign)?;
    let line = line_of(&state, &visit, &id).await?;
    let done = async {
        let result = Recheck::read(Some(form.one("result")), Reading::default());
        let result = result.map_err(|expected| {
            Mistakes(vec![Mistake::new("result", form.one("result"), expected)])
        })?;
        let ledger = form
            .once(&state.ledger, |line: &campaign_line::Model| place_of_line(line.id, "recheck"));
        let named = (line.id, form.number("version").unwrap_or_default());
        let seen = (result, form.text("note"));
        app::campaign::recheck(&ledger, &visit.actor, named, seen).await?;
        Ok(place_of_line(line.id, "recheck"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => line_again(&state, &visit, (&line, &form), fault).await,
    }
}
