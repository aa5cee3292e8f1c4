//! The forms of campaigns: beginning one, drawing its sample, closing it out.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::Months;
use entity::{
    area::AreaCode,
    campaign::{Model, State as Progressed},
    finding::Rule,
    language::{Label, Sentence},
};
use maud::{Markup, html};

use super::{
    act::led,
    asset_edit::is_for_the_sender,
    campaign::{drawn, found, way},
    fields::{Sheet, Typed},
    finding_form::day,
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    offered::Areas,
    parts::{choice, coded, mistakes, titled},
    visit::{Visit, at},
};
use crate::{
    app,
    domain::{
        campaign::{Counted, Opening},
        field::{FieldValue, Reading},
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/campaigns/new", get(show_new).post(send_new))
        .route("/campaigns/{id}/draw", post(send_draw))
        .route("/campaigns/{id}/close", post(send_close))
}

/// Where the sender of a form about a campaign goes.
fn place_of(row: &Model, done: &str) -> String {
    at(&format!("/campaigns/{}", row.id), [("done", done)])
}

/// A field of several lines.
pub(super) fn text_area(sheet: &Sheet<'_>, name: &str) -> Markup {
    html! {
        textarea id={ "f-" (name) } name=(name) rows="2" maxlength=(limits::REASON_LENGTH) { (sheet.typed.text(name)) }
    }
}

async fn show_new(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::OpenCampaign)?;
    let mut typed = Typed::default();
    typed.put("area", visit.area().to_string());
    let due = visit.today.checked_add_months(Months::new(1)).unwrap_or(visit.today);
    typed.put("due_on", due.to_string());
    Ok(drawn_new(&state, &visit, &typed, None).await?)
}

async fn drawn_new(
    state: &AppState,
    visit: &Visit,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let areas = Areas::of(state, visit, None).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let rules = choice(
        "rule",
        Some(visit.say("全部问题", "every one")),
        coded(&visit.manner, Rule::CHOICES),
        typed.text("rule"),
    );
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        form.card.pad method="post" action="/campaigns/new" novalidate {
            (hidden(&visit.mark))
            p { (visit.say(
                "启动当天范围内没有销号、没有豁免的问题全部列入名单，以后发现的不再加入。",
                "What is open and not waived in the area today becomes its lines; what is found later does not.",
            )) }
            div.sheet {
                (sheet.around(("name", visit.say("名称*", "Name *"), ""), &html! {
                    input #f-name name="name" maxlength=(limits::CAMPAIGN_NAME_LENGTH) value=(typed.text("name")) autocomplete="off";
                }))
                (sheet.around(("area", visit.say("范围（县、乡镇或村）*", "Area: a county, a town or a village *"), ""), &areas.draw_or_type(&sheet)))
                (sheet.around(("rule", visit.say("只查哪类问题", "Only one kind"), ""), &rules))
                (sheet.around(("due_on", visit.say("完成期限*", "Due on *"), ""), &html! {
                    input #f-due_on name="due_on" type="date" value=(typed.text("due_on")) min=(visit.today);
                }))
                (sheet.around(("purpose", visit.say("要求或依据", "What it is for"), ""), &text_area(&sheet, "purpose")))
            }
            div.dock {
                button.btn.go { (visit.say("启动", "Begin it")) }
                a.btn href="/campaigns" { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    let title = visit.say("启动专项排查", "Begin a campaign");
    let shown = Page {
        place: Some(Place::Campaigns),
        way: vec![way(visit)],
        ..Page::new(titled(visit, title, fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// The campaign that a form describes.
fn opening(form: &Form) -> Result<Opening> {
    let mut mistakes = Mistakes::default();
    let area = form.one("area").parse::<AreaCode>().ok();
    if area.is_none() {
        mistakes.push(Mistake::missing("area", Label::new("范围", "area")));
    }
    let rule = match form.one("rule") {
        "" => None,
        code => match Rule::read(Some(code), Reading::default()) {
            Ok(rule) => Some(rule),
            Err(expected) => {
                mistakes.push(Mistake::new("rule", code, expected));
                None
            }
        },
    };
    let due_on = day(form, "due_on", ("完成期限", "due on"));
    if let Err(Error::Invalid(wrong)) = &due_on {
        mistakes.0.extend(wrong.0.clone());
    }
    mistakes.into_result()?;
    let text = |name: &str| Some(form.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    Ok(Opening {
        area: area.ok_or(Error::Conflict)?,
        name: form.text("name").trim().to_owned(),
        purpose: text("purpose"),
        rule,
        due_on: due_on?,
    })
}

async fn send_new(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::OpenCampaign)?;
    let done = async {
        let opening = opening(&form)?;
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row, "open"));
        let opened = app::campaign::open(&ledger, &visit.actor, &opening).await?;
        Ok(place_of(&opened, "open"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => Ok(drawn_new(&state, &visit, &Typed::sent(&form), Some(&fault)).await?),
    }
}

/// The forms beside a campaign: drawing its sample, closing it out.
pub(super) fn beside(visit: &Visit, row: &Model, total: &Counted, sheet: &Sheet<'_>) -> Markup {
    let is_whole = row.area_code == visit.area() || visit.area().covers(&row.area_code);
    let is_open = row.state == Progressed::Running && is_whole;
    let is_answered = total.answered == i64::from(row.n_lines);
    let most = row.n_lines.min(limits::CAMPAIGN_SAMPLE);
    let size = if sheet.typed.has("size") {
        sheet.typed.text("size").to_owned()
    } else {
        most.min(20).to_string()
    };
    let version = html! { input type="hidden" name="version" value=(row.version); };
    html! {
        @if is_open && row.n_drawn.is_none() && visit.may(Action::DrawCampaign) {
            section.card {
                header { h2 { (visit.say("抽查复核", "Draw a sample")) } }
                @if is_answered {
                    form.pad.stacked method="post" action={ "/campaigns/" (row.id) "/draw" } novalidate {
                        (hidden(&visit.mark)) (version)
                        (sheet.around(("size", visit.say("抽多少条", "How many lines"), visit.say("种子由系统随机产生并公开，只能抽一次", "the ledger makes the seed and publishes it; it is drawn once")), &html! {
                            input #f-size name="size" inputmode="numeric" maxlength="4" value=(size);
                        }))
                        div { button.btn.go { (visit.say("抽取", "Draw")) } }
                    }
                } @else { p.pad.mut { (visit.say("全部答复以后才能抽查。", "It is drawn once all is answered.")) } }
            }
        }
        @if is_open && row.n_drawn.is_some() && visit.may(Action::CloseCampaign) {
            section.card {
                header { h2 { (visit.say("办结", "Close it out")) } }
                @if row.opened_by == visit.actor.account() {
                    p.pad.mut { (visit.say("您启动的排查，要由别人办结。", "You began it: somebody else closes it out.")) }
                } @else {
                    form.pad.stacked method="post" action={ "/campaigns/" (row.id) "/close" } novalidate {
                        (hidden(&visit.mark)) (version)
                        (sheet.around(("conclusion", visit.say("办结意见", "Conclusion"), visit.say("写进报告", "it stands in the report")), &text_area(sheet, "conclusion")))
                        div { button.btn.go { (visit.say("办结", "Close it out")) } }
                    }
                }
            }
        }
    }
}

/// The page of a campaign again, with what was wrong.
async fn again(
    state: &AppState,
    visit: &Visit,
    (row, form): (&Model, &Form),
    fault: Fault,
) -> Result<Response, Fault> {
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    drawn(state, visit, row, &Typed::sent(form), Some(&fault)).await
}

async fn send_draw(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::DrawCampaign)?;
    let row = found(&state, &visit, &id).await?;
    let done = async {
        let size = form.one("size").parse::<i32>().map_err(|_| {
            let expected = Sentence::new("抽查数：应为整数", "how many: a whole number");
            Mistakes(vec![Mistake::new("size", form.one("size"), expected)])
        })?;
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row, "draw"));
        let named = (row.id, form.number("version").unwrap_or_default());
        let drawn = app::campaign::draw(&ledger, &visit.actor, named, size).await?;
        Ok(place_of(&drawn, "draw"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => again(&state, &visit, (&row, &form), fault).await,
    }
}

async fn send_close(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::CloseCampaign)?;
    let row = found(&state, &visit, &id).await?;
    let done = async {
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row, "close"));
        let named = (row.id, form.number("version").unwrap_or_default());
        let conclusion = form.text("conclusion");
        let closed = app::campaign::close(&ledger, &visit.actor, named, conclusion).await?;
        Ok(place_of(&closed, "close"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => again(&state, &visit, (&row, &form), fault).await,
    }
}
