//! Opening a work order by hand, where no inspection found what is to be mended.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    asset,
    id::FaultReportId,
    inspection::{CheckItem, Condition},
    language::Sentence,
    work_order::Model,
};
use maud::{Markup, html};

use super::{
    act::{Act, led, sheet},
    fields::{Sheet, Typed},
    form::{Form, Sent},
    parts::choice,
    visit::{Visit, at},
};
use crate::{
    app,
    domain::{
        inspection::points,
        mistake::{Mistake, Mistakes},
        permission::Action,
        work_order::Defect,
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/{code}/mend", get(show).post(send))
}

async fn found(state: &AppState, visit: &Visit, code: &str) -> Result<asset::Model> {
    visit.actor.require(Action::OpenWorkOrder)?;
    state.ledger.read(&visit.actor).asset(code).await
}

async fn show(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let asset = found(&state, &visit, &code).await?;
    let mut typed = Typed::default();
    let report = visit.query.iter().find(|(word, _)| word == "report");
    typed.put("report", report.map_or("", |(_, id)| id.as_str()));
    Ok(drawn(&state, &visit, &asset, &typed, None).await?)
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    asset: &asset::Model,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let act = Act {
        asset,
        path: "mend",
        title: visit.say("开维修工单", "Open a work order"),
        does: visit.say(
            "不是巡查发现的（村民反映、电话报修等），在这里开单；巡查发现的会自动开单。",
            "For what no inspection found, such as what villagers tell; what an inspection finds opens one by itself.",
        ),
        button: visit.say("开单", "Open it"),
        version: asset.version,
        fault,
        keeping: None,
    };
    act.drawn(state, visit, &fields(visit, asset, &sheet(visit, typed, fault, None))).await
}

fn fields(visit: &Visit, asset: &asset::Model, sheet: &Sheet<'_>) -> Markup {
    let typed = sheet.typed;
    let items = points(asset).into_iter();
    let items = items.map(|item| (item.code().to_owned(), visit.text(item.label()).to_owned()));
    let bad = [Condition::Defect, Condition::Danger];
    html! {
        input type="hidden" name="report" value=(typed.text("report"));
        div.sheet {
            (sheet.around(("item", visit.say("哪一部分", "Which part"), ""), &choice("item", Some(visit.say("其他部分", "another part")), items, typed.text("item"))))
        }
        fieldset.mt #f-condition tabindex="-1" {
            legend { (visit.say("程度*", "How bad *")) }
            @if let Some(mistake) = sheet.mistake("condition") { p.t-bad.sm { (visit.tell(mistake)) } }
            div.pics { @for condition in bad {
                label.btn {
                    input type="radio" name="condition" value=(condition.code()) checked[typed.text("condition") == condition.code()];
                    (visit.text(condition.label()))
                }
            } }
        }
        div.sheet.mt {
            (sheet.around(("what", visit.say("要修什么（留在变更记录里，不写人名电话）*", "What is to be mended (it stays in the history: no names, no telephones) *"), ""), &html! {
                textarea #f-what name="what" rows="2" maxlength=(limits::REASON_LENGTH) aria-required="true" { (typed.text("what")) }
            }))
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
    let done = async {
        let defect = defect(&form)?;
        let ledger = form.once(&state.ledger, |row: &Model| done(row));
        let opened = match form.number("report").map(FaultReportId) {
            Some(report) => {
                app::work_order::open_for_report(&ledger, &visit.actor, report, &defect).await?
            }
            None => app::work_order::open(&ledger, &visit.actor, asset.id, &defect).await?,
        };
        Ok(done(&opened))
    };
    let fault = match led(done.await)? {
        Ok(response) => return Ok(response),
        Err(fault) => fault,
    };
    Ok(drawn(&state, &visit, &asset, &Typed::sent(&form), Some(&fault)).await?)
}

/// Where the sender goes from a work order.
fn done(row: &Model) -> String {
    at(&format!("/work-orders/{}", row.id), [("done", "open")])
}

fn defect(form: &Form) -> Result<Defect> {
    let mut mistakes = Mistakes::default();
    let item = match form.one("item") {
        "" => None,
        code => {
            let known = code.parse::<CheckItem>().ok();
            if known.is_none() {
                let expected = Sentence::new("请从列表里选", "choose one of the list");
                mistakes.push(Mistake::new("item", code, expected));
            }
            known
        }
    };
    let condition = form.one("condition").parse::<Condition>().ok();
    if condition.is_none() {
        let expected = Sentence::new("请选有缺陷或危险", "choose defect or danger");
        mistakes.push(Mistake::new("condition", form.one("condition"), expected));
    }
    let what = form.one("what").to_owned();
    if what.is_empty() {
        let label = entity::language::Label::new("要修什么", "what is to be mended");
        mistakes.push(Mistake::missing("what", label));
    }
    mistakes.into_result()?;
    Ok(Defect { item, condition: condition.unwrap_or(Condition::Defect), what })
}
