//! The forms of welfare posts: giving one, amending it, ending it, recording a month, approving its pay.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::{NaiveDate, TimeDelta};
use entity::{
    area::AreaCode,
    asset, attendance,
    id::{AssetId, AttendanceId, PersonId},
    language::{Label, Sentence},
    welfare_post::{EndReason, Model},
};
use maud::{Markup, html};

use super::{
    act::led,
    asset_edit::is_for_the_sender,
    duty_assign::keeper,
    fields::{Sheet, Typed, set},
    finding_form::day,
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    offered::{Areas, People},
    parts::{choice, coded, mistakes, titled},
    visit::Visit,
    welfare_post::{drawn, found, place_of},
};
use crate::{
    app::{self, duty::Assignee},
    domain::{
        field::{Field, FieldValue, Reading, field},
        mistake::{Mistake, Mistakes},
        permission::Action,
        welfare_post::{FIELDS, Month, blank, first_of},
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/welfare-posts/new", get(show_new).post(send_new))
        .route("/welfare-posts/{id}/amend", get(show_amend).post(send_amend))
        .route("/welfare-posts/{id}/end", post(send_end))
        .route("/welfare-posts/{id}/months", post(send_month))
        .route("/attendance/{id}/approve", post(send_approval))
}

/// What a form asks of a post, in order.
const TERMS: [&str; 9] = [
    "kind",
    "from_on",
    "until_on",
    "monthly_pay",
    "days_due",
    "length_km",
    "n_places",
    "agreement_no",
    "scope",
];
/// What is no longer asked of one that is held.
const SETTLED: [&str; 2] = ["kind", "from_on"];

fn terms(sheet: &Sheet<'_>, is_new: bool) -> Markup {
    let names = TERMS.iter().filter(|name| is_new || !SETTLED.contains(name));
    let required = ["kind", "from_on", "until_on", "monthly_pay", "days_due"];
    html! {
        div.sheet { @for field in names.filter_map(|name| field(FIELDS, name)) {
            (sheet.draw(field, required.contains(&field.name)))
        } }
    }
}

fn codes(visit: &Visit, sheet: &Sheet<'_>) -> Markup {
    let hint = visit.say("每行一个资产编号，最多 200 项", "a code a line, at most 200");
    sheet.around(
        ("assets", visit.say("管护哪些资产", "Assets that belong to it"), hint),
        &html! {
            textarea #f-assets name="assets" rows="4" { (sheet.typed.text("assets")) }
        },
    )
}

/// The assets that a form names by their codes.
async fn assets(state: &AppState, visit: &Visit, form: &Form) -> Result<Vec<AssetId>> {
    let read = state.ledger.read(&visit.actor);
    let text = form.text("assets");
    let codes: Vec<&str> =
        text.split(|one: char| one.is_whitespace() || ",，;；".contains(one)).collect();
    let codes: Vec<String> =
        codes.into_iter().filter(|code| !code.is_empty()).map(str::to_owned).collect();
    let wrong = |found: &str, zh: &str, en: &str| {
        Mistakes(vec![Mistake::new("assets", found, Sentence::new(zh, en))])
    };
    if codes.len() > limits::POST_ASSETS {
        let n = codes.len().to_string();
        return Err(
            wrong(&n, "一个岗位最多管护 200 项资产", "a post has at most 200 assets").into()
        );
    }
    let found: Vec<asset::Model> = read.assets_coded(&codes).await?;
    let unknown = codes.iter().find(|code| found.iter().all(|asset| asset.code != **code));
    if let Some(code) = unknown {
        return Err(wrong(code, "没有这个编号的资产", "no asset has this code").into());
    }
    Ok(found.into_iter().map(|asset| asset.id).collect())
}

async fn show_new(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::OpenPost)?;
    let mut typed = Typed::recorded(FIELDS, &blank(visit.area(), PersonId(0), visit.today));
    typed.put("monthly_pay", "");
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
    let people = People::of(state, visit, visit.area()).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let name = |name: &str, mode: &str| {
        html! { input id={ "f-" (name) } name=(name) type=(mode) value=(typed.text(name)) maxlength=(limits::NAME_LENGTH) autocomplete="off"; }
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        form.card.pad method="post" action="/welfare-posts/new" novalidate {
            (hidden(&visit.mark))
            div.sheet {
                (sheet.around(("area", visit.say("哪个村或乡镇的岗位*", "Whose post *"), ""), &areas.draw_or_type(&sheet)))
                (sheet.around(("keeper", visit.say("在岗人", "Held by"), visit.say("从名单里选，或在后面填姓名电话", "from the list, or a name and a telephone")), &people.draw(&visit.manner, "keeper", typed.text("keeper"))))
                (sheet.around(("keeper_name", visit.say("姓名（新登记）", "Name (somebody new)"), ""), &name("keeper_name", "text")))
                (sheet.around(("keeper_phone", visit.say("电话", "Telephone"), ""), &name("keeper_phone", "tel")))
            }
            (terms(&sheet, true))
            (codes(visit, &sheet))
            div.dock {
                button.btn.go { (visit.say("聘任", "Give the post")) }
                a.btn href="/welfare-posts" { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Posts),
        way: vec![("/welfare-posts".to_owned(), visit.say("公益岗位", "Welfare posts").to_owned())],
        ..Page::new(titled(visit, visit.say("公益岗位聘任", "Give a welfare post"), fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// A post with what a form says of it.
fn said(form: &Form, mut row: Model, is_new: bool) -> (Model, Mistakes) {
    let may = |field: &Field<Model>| {
        TERMS.contains(&field.name) && (is_new || !SETTLED.contains(&field.name))
    };
    let mistakes = set(FIELDS, &mut row, form, may);
    (row, mistakes)
}

async fn send_new(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::OpenPost)?;
    let done = async {
        let area = form.one("area").parse::<AreaCode>().ok();
        let row = blank(area.unwrap_or(visit.area()), PersonId(0), visit.today);
        let (row, mut mistakes) = said(&form, row, true);
        if area.is_none() {
            mistakes.push(Mistake::missing("area", Label::new("区划", "area")));
        }
        let holder = holder(&form, &mut mistakes);
        mistakes.into_result()?;
        let assets = assets(&state, &visit, &form).await?;
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row.id, "open"));
        let holder = holder.ok_or(Error::Conflict)?;
        let opened = app::welfare_post::open(&ledger, &visit.actor, (row, &holder), &assets);
        Ok(place_of(opened.await?.id, "open"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => Ok(drawn_new(&state, &visit, &Typed::sent(&form), Some(&fault)).await?),
    }
}

/// Who a form says is to hold it.
fn holder(form: &Form, mistakes: &mut Mistakes) -> Option<Assignee> {
    match keeper(form) {
        Ok(Some(found)) => Some(found),
        Ok(None) => {
            mistakes.push(Mistake::missing("keeper_name", Label::new("在岗人", "who holds it")));
            None
        }
        Err(wrong) => {
            mistakes.0.extend(wrong.0);
            None
        }
    }
}

async fn show_amend(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::AmendPost)?;
    let row = found(&state, &visit, &id).await?;
    let read = state.ledger.read(&visit.actor);
    let links = read.assets_of_post(row.id).await?;
    let standing = links.iter().filter(|link| link.until_on.is_none());
    let ids: Vec<AssetId> = standing.map(|link| link.asset_id).collect();
    let known = read.some::<asset::Entity>(&ids).await?;
    let codes: Vec<&str> = known.iter().map(|asset| asset.code.as_str()).collect();
    let mut typed = Typed::recorded(FIELDS, &row);
    typed.put("assets", codes.join("\n"));
    Ok(drawn_amend(&state, &visit, &row, &typed, None).await?)
}

async fn drawn_amend(
    state: &AppState,
    visit: &Visit,
    row: &Model,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let back = format!("/welfare-posts/{}", row.id);
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        form.card.pad method="post" action={ (back) "/amend" } novalidate {
            (hidden(&visit.mark))
            input type="hidden" name="version" value=(row.version);
            (terms(&sheet, false))
            (codes(visit, &sheet))
            div.dock {
                button.btn.go { (visit.say("保存变更", "Save")) }
                a.btn href=(back) { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Posts),
        way: vec![
            ("/welfare-posts".to_owned(), visit.say("公益岗位", "Welfare posts").to_owned()),
            (back.clone(), visit.text(row.kind.label()).to_owned()),
        ],
        ..Page::new(titled(visit, visit.say("变更公益岗位", "Amend a welfare post"), fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

async fn send_amend(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::AmendPost)?;
    let row = found(&state, &visit, &id).await?;
    let done = async {
        let (after, mistakes) = said(&form, row.clone(), false);
        mistakes.into_result()?;
        let assets = assets(&state, &visit, &form).await?;
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row.id, "amend"));
        let named = (row.id, form.number("version").unwrap_or_default());
        let change = |_| Ok(after.clone());
        app::welfare_post::amend(&ledger, &visit.actor, named, Some(&assets), change).await?;
        Ok(place_of(row.id, "amend"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => {
            let typed = Typed::sent(&form);
            Ok(drawn_amend(&state, &visit, &row, &typed, Some(&fault)).await?)
        }
    }
}

/// The forms beside a post: a month of it, and its end.
pub(super) fn beside(
    visit: &Visit,
    row: &Model,
    months: &[attendance::Model],
    sheet: &Sheet<'_>,
) -> Markup {
    let typed = sheet.typed;
    let may_record = visit.may(Action::RecordAttendance);
    let may_end =
        visit.may(Action::EndPost) && row.end_reason.is_none() && row.until_on >= visit.today;
    // the month before this one, or the last one of the post
    let last = first_of(visit.today) - TimeDelta::days(1);
    let month = first_of(last.min(row.until_on).max(row.from_on));
    let month = if typed.has("month") {
        typed.text("month").to_owned()
    } else {
        month.format("%Y-%m").to_string()
    };
    let input = |name: &str, usual: &str| {
        let value = if typed.has(name) { typed.text(name) } else { usual };
        html! { input id={ "f-" (name) } name=(name) inputmode="numeric" maxlength="3" value=(value); }
    };
    html! {
        @if may_record {
            section.card {
                header { h2 { (visit.say("登记考勤考核", "Record a month")) } }
                form.pad.stacked method="post" action={ "/welfare-posts/" (row.id) "/months" } novalidate {
                    (hidden(&visit.mark))
                    (sheet.around(("month", visit.say("月份", "Month"), visit.say("如 2026-05", "such as 2026-05")), &html! { input #f-month name="month" value=(month) maxlength="7"; }))
                    (sheet.around(("days_attended", visit.say("出勤天数", "Days attended"), ""), &input("days_attended", "")))
                    (sheet.around(("percent", visit.say("考核系数（%）", "Assessment (%)"), visit.say("不足 100 的写明情况", "below 100: say why")), &input("percent", "100")))
                    (sheet.around(("note", visit.say("考核情况（留在变更记录里）", "What the assessment says (it stays in the history)"), ""), &html! {
                        textarea #f-note name="note" rows="2" maxlength=(limits::REASON_LENGTH) { (typed.text("note")) }
                    }))
                    @if months.iter().any(|row| row.approved_on.is_none()) {
                        p.mut.sm { (visit.say("未核定的月份再登记一次，即为改正。", "A month that is not approved is corrected by recording it again.")) }
                    }
                    div { button.btn.go { (visit.say("登记", "Record it")) } }
                }
            }
        }
        @if may_end {
            section.card {
                details open[sheet.mistake("on").is_some()] {
                    summary.pad { (visit.say("退岗", "End the post")) }
                    form.pad.stacked method="post" action={ "/welfare-posts/" (row.id) "/end" } novalidate {
                        (hidden(&visit.mark))
                        input type="hidden" name="version" value=(row.version);
                        (sheet.around(("on", visit.say("最后一日", "Last day"), ""), &html! { input #f-on name="on" type="date" value=(if typed.has("on") { typed.text("on").to_owned() } else { visit.today.to_string() }); }))
                        (sheet.around(("why", visit.say("原因", "Why"), ""), &choice("why", None, coded(&visit.manner, EndReason::CHOICES), typed.text("why"))))
                        div { button.btn { (visit.say("退岗", "End it")) } }
                    }
                }
            }
        }
    }
}

/// The press that approves a month; that it waits, for whoever may not.
pub(super) fn approve(visit: &Visit, row: &attendance::Model) -> Markup {
    let is_own = row.recorded_by == visit.actor.account();
    if is_own || !visit.may(Action::ApproveAttendance) {
        return html! { span.mut { (visit.say("待核定", "waits")) } };
    }
    html! {
        form.noprint method="post" action={ "/attendance/" (row.id) "/approve" } {
            (hidden(&visit.mark))
            input type="hidden" name="version" value=(row.version);
            button.btn { (visit.say("核定", "Approve")) }
        }
    }
}

/// The page of a post again, with what was wrong.
async fn again(
    state: &AppState,
    visit: &Visit,
    (row, form): (&Model, &Form),
    fault: Fault,
) -> Result<Response, Fault> {
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    Ok(drawn(state, visit, row, &Typed::sent(form), Some(&fault)).await?)
}

async fn send_end(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::EndPost)?;
    let row = found(&state, &visit, &id).await?;
    let done = async {
        let on = day(&form, "on", ("最后一日", "last day"))?;
        let reason = EndReason::read(Some(form.one("why")), Reading::default());
        let reason = reason
            .map_err(|expected| Mistakes(vec![Mistake::new("why", form.one("why"), expected)]))?;
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row.id, "end"));
        let named = (row.id, form.number("version").unwrap_or_default());
        app::welfare_post::end(&ledger, &visit.actor, named, (on, reason)).await?;
        Ok(place_of(row.id, "end"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => again(&state, &visit, (&row, &form), fault).await,
    }
}

/// The month that a form tells.
fn month(form: &Form) -> Result<Month> {
    let mut mistakes = Mistakes::default();
    let text = form.one("month");
    let month_on = format!("{text}-01").parse::<NaiveDate>().ok();
    if month_on.is_none() {
        let expected = Sentence::new("月份：应为年-月，例如 2026-05", "month: such as 2026-05");
        mistakes.push(Mistake::new("month", text, expected));
    }
    let mut number = |name: &'static str, zh: &str, en: &str| {
        let number = form.one(name).parse::<i32>().ok();
        if number.is_none() {
            let expected =
                Sentence::new(format!("{zh}：应为整数"), format!("{en}: a whole number"));
            mistakes.push(Mistake::new(name, form.one(name), expected));
        }
        number.unwrap_or_default()
    };
    let days_attended = number("days_attended", "出勤天数", "days attended");
    let percent = number("percent", "考核系数", "assessment");
    mistakes.into_result()?;
    let note = Some(form.one("note").to_owned()).filter(|note| !note.is_empty());
    Ok(Month { month_on: month_on.unwrap_or_default(), days_attended, percent, note })
}

async fn send_month(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::RecordAttendance)?;
    let row = found(&state, &visit, &id).await?;
    let done = async {
        let month = month(&form)?;
        let ledger =
            form.once(&state.ledger, |month: &attendance::Model| place_of(month.post_id, "month"));
        app::welfare_post::record_month(&ledger, &visit.actor, (row.id, None), &month).await?;
        Ok(place_of(row.id, "month"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => again(&state, &visit, (&row, &form), fault).await,
    }
}

async fn send_approval(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::ApproveAttendance)?;
    let id = AttendanceId(id.parse().unwrap_or(0));
    let read = state.ledger.read(&visit.actor);
    let month = read.get::<attendance::Entity>(id).await?;
    let row = found(&state, &visit, &month.post_id.to_string()).await?;
    let ledger =
        form.once(&state.ledger, |month: &attendance::Model| place_of(month.post_id, "approve"));
    let named = (id, form.number("version").unwrap_or_default());
    let done = app::welfare_post::approve_month(&ledger, &visit.actor, named).await;
    match led(done.map(|month| place_of(month.post_id, "approve")))? {
        Ok(response) => Ok(response),
        Err(fault) => again(&state, &visit, (&row, &form), fault).await,
    }
}
