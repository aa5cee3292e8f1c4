//! The forms by which a work order goes on: what it will cost, who mends it, what was done, whether it
//! is accepted.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use entity::{
    asset,
    attachment::Kind as Paper,
    budget,
    funding::{Fund, Tier},
    id::PersonId,
    money::Money,
    work_order::{Kind, Model, State as Progress},
};
use maud::{Markup, html};

use super::{
    fields::{Sheet, set},
    finding_form::day,
    form::{Form, hidden},
    icon::{Icon, icon},
    offered::{Bodies, People, body_called},
    parts::{self, choice, coded, fact},
    visit::Visit,
    work_order_case::Act,
};
use crate::{
    domain::{
        field::{Field, FieldValue, Reading, field},
        mistake::{Mistake, Mistakes},
        permission::Action,
        refusal::Refusal,
        title::Party,
        work_order::{FIELDS, Origin, Outcome, Terms},
    },
    error::Result,
    http::AppState,
    limits,
};

/// What the forms of a work order offer.
pub(super) struct Offer {
    bodies: Option<Bodies>,
    people: Option<People>,
    budgets: Vec<Arc<budget::Model>>,
    terms: Terms,
}

impl Offer {
    /// Whom it may be given to, for whoever may give it to somebody.
    pub(super) async fn of(
        state: &AppState,
        visit: &Visit,
        (row, asset): (&Model, &asset::Model),
        terms: Terms,
    ) -> Result<Offer> {
        let budgets = budgets(state, visit, asset).await?;
        let is_given =
            matches!(row.state, Progress::Waiting | Progress::Dispatched | Progress::Underway);
        if !visit.may(Action::DispatchWorkOrder) || !is_given {
            return Ok(Offer { bodies: None, people: None, budgets, terms });
        }
        let bodies = Bodies::of(state, visit, asset.area_code, ("", "")).await?;
        let people = People::of(state, visit, asset.area_code).await?;
        Ok(Offer { bodies: Some(bodies), people: Some(people), budgets, terms })
    }

    /// What can be done now, by whoever may.
    pub(super) fn forms(&self, visit: &Visit, row: &Model, sheet: &Sheet<'_>) -> Markup {
        if !row.state.is_live() {
            return html! {};
        }
        let is_given = matches!(row.state, Progress::Dispatched | Progress::Underway);
        let is_dropped = matches!(row.state, Progress::Waiting | Progress::Dispatched);
        html! {
            @if row.state == Progress::Done && visit.may(Action::AcceptWorkOrder) { (accept(visit, row, sheet)) }
            @if visit.may(Action::ApproveWorkOrder) { (self.approve(visit, row)) }
            @if is_given && visit.may(Action::ReportWorkOrder) { (report(visit, row, sheet)) }
            @if let (Some(bodies), Some(people)) = (&self.bodies, &self.people) {
                (dispatch(visit, row, (bodies, people), sheet))
            }
            @if visit.may(Action::EstimateWorkOrder) { (estimate(visit, row, sheet)) }
            @if is_dropped && visit.may(Action::DismissWorkOrder) { (dismiss(visit, row, sheet)) }
        }
    }

    /// Out of which budget it is to be paid, with what each has left.
    fn budget_field(&self, visit: &Visit) -> Markup {
        let left = |row: &Arc<budget::Model>| {
            let source = visit.text(row.source.label());
            let left = visit.say("余", "left");
            (
                row.id.to_string(),
                format!("{source} {} {left} {}", row.year, row.remaining.grouped()),
            )
        };
        let label = visit.say("从哪项管护预算列支", "Out of which budget");
        let shape =
            parts::Field { name: "budget", label, hint: "", mistake: None, is_required: false };
        html! {
            @if !self.budgets.is_empty() {
                (parts::field(&shape, &choice("budget", Some(visit.say("不列支", "none")), self.budgets.iter().map(left), "")))
            }
        }
    }

    /// The press that approves; where somebody else has to, who.
    fn approve(&self, visit: &Visit, row: &Model) -> Markup {
        let Some(estimate) = row.estimate.filter(|amount| *amount > Money::ZERO) else {
            return html! {};
        };
        if row.approved.is_some_and(|approved| approved >= estimate) {
            return html! {};
        }
        let is_own = row.estimated_by == visit.actor.account();
        let level = self.terms.approver(estimate).label();
        html! {
            section.card {
                header { h2 { (visit.say("批准", "Approve")) } }
                dl.desc {
                    (fact(visit.say("估价（元）", "Estimate (yuan)"), &html! { (estimate.grouped()) }))
                    (fact(visit.say("批准层级", "Approved at the level of the"), &html! { (visit.text(level)) }))
                }
                @if is_own {
                    p.pad { (visit.say("这是您自己的估价，要由别人批准。", "You estimated it yourself: somebody else approves it.")) }
                } @else {
                    (form(visit, row, Act::Approve, &html! { (self.budget_field(visit)) button.btn.go { (visit.say("批准", "Approve ")) (estimate.grouped()) (visit.say(" 元", " yuan")) } }))
                }
            }
        }
    }
}

/// The budgets of this year out of which an asset may be mended, as far as the visitor reaches.
async fn budgets(
    state: &AppState,
    visit: &Visit,
    asset: &asset::Model,
) -> Result<Vec<Arc<budget::Model>>> {
    if !visit.may(Action::ApproveWorkOrder) {
        return Ok(Vec::new());
    }
    let read = state.ledger.read(&visit.actor);
    let dossiers = read.dossiers(&[asset.id]).await?;
    let all = dossiers.into_iter().flat_map(|one| one.budgets);
    let own = |row: &Arc<budget::Model>| {
        row.year == visit.today.year() && visit.area().covers(&row.area_code)
    };
    Ok(all.filter(own).collect())
}

/// A form of one act.
fn form(visit: &Visit, row: &Model, act: Act, fields: &Markup) -> Markup {
    html! {
        form.pad.stacked method="post" action={ "/work-orders/" (row.id) "/" (act.word()) } novalidate {
            (hidden(&visit.mark))
            input type="hidden" name="version" value=(row.version);
            (fields)
        }
    }
}

fn known(name: &str) -> Option<&'static Field<Model>> {
    field(FIELDS, name)
}

/// The fields of a work order by these names.
fn drawn(sheet: &Sheet<'_>, names: &[&str]) -> Markup {
    html! { @for field in names.iter().filter_map(|name| known(name)) { (sheet.draw(field, true)) } }
}

fn text_area(name: &str, text: &str) -> Markup {
    html! { textarea id={ "f-" (name) } name=(name) rows="2" maxlength=(limits::REASON_LENGTH) { (text) } }
}

fn estimate(visit: &Visit, row: &Model, sheet: &Sheet<'_>) -> Markup {
    let is_first = row.estimate.is_none();
    html! {
        section.card {
            details open[is_first || sheet.mistake("estimate").is_some()] {
                summary.pad { (if is_first { visit.say("估价", "Estimate") } else { visit.say("调整估价", "Amend the estimate") }) }
                (form(visit, row, Act::Estimate, &html! {
                    (drawn(sheet, &["kind", "estimate"]))
                    div { button class=(if is_first { "btn go" } else { "btn" }) { (visit.say("保存估价", "Save the estimate")) } }
                }))
            }
        }
    }
}

fn dispatch(
    visit: &Visit,
    row: &Model,
    (bodies, people): (&Bodies, &People),
    sheet: &Sheet<'_>,
) -> Markup {
    let typed = sheet.typed;
    let is_first = row.state == Progress::Waiting;
    let words = if is_first {
        visit.say("派单", "Dispatch")
    } else {
        visit.say("改派", "Dispatch anew")
    };
    html! {
        section.card {
            details open[is_first || sheet.fault.is_some_and(|_| !typed.text("body").is_empty())] {
                summary.pad { (words) }
                (form(visit, row, Act::Dispatch, &html! {
                    (sheet.around(("body", visit.say("承修单位", "Contractor"), visit.say("填名称；由管护员自己修的，在下面选人", "by its name; where a keeper mends it, choose below")), &html! {
                        input #f-body name="body" value=(typed.text("body")) list="menders" maxlength=(limits::SEARCH_LENGTH) autocomplete="off";
                        (bodies.names("menders"))
                    }))
                    (sheet.around(("person", visit.say("承修人", "Or a person"), ""), &people.draw(&visit.manner, "person", typed.text("person"))))
                    (sheet.around(("due", visit.say("维修期限", "To be mended by"), ""), &html! {
                        input #f-due name="due" type="date" value=(if typed.has("due") { typed.text("due") } else { typed.text("due_on") }) min=(visit.today);
                    }))
                    div { button.btn.go { (words) } }
                }))
            }
        }
    }
}

fn report(visit: &Visit, row: &Model, sheet: &Sheet<'_>) -> Markup {
    html! {
        section.card {
            header { h2 { (visit.say("施工", "The work")) } }
            @if row.state == Progress::Dispatched && visit.may(Action::BeginWorkOrder) {
                (form(visit, row, Act::Begin, &html! { div { button.btn { (visit.say("开工", "Begin")) } } }))
            }
            (form(visit, row, Act::Report, &html! {
                (sheet.around(("report", visit.say("做了什么", "What was done"), ""), &text_area("report", sheet.typed.text("report"))))
                (drawn(sheet, &["cost", "voucher_no"]))
                div { button.btn.go { (visit.say("报完工", "Report it done")) } }
            }))
        }
    }
}

fn accept(visit: &Visit, row: &Model, sheet: &Sheet<'_>) -> Markup {
    let typed = sheet.typed;
    let is_own = row.reported_by == visit.actor.account();
    let is_capital = row.kind.is_capital() && row.cost.is_some_and(|cost| cost > Money::ZERO);
    let manner = &visit.manner;
    html! {
        section.card {
            header { h2 { (visit.say("验收", "Accept")) } }
            @if is_own {
                p.pad { (visit.say("这是您自己报的，要由别人验收。", "You reported it yourself: somebody else accepts it.")) }
            } @else {
                (form(visit, row, Act::Accept, &html! {
                    @if is_capital {
                        p { (visit.say("实付金额将计入资产原值；写明钱从哪里来：", "What it cost is added to the value of the asset; say where it came from:")) " " b { (row.cost.map(Money::grouped).unwrap_or_default()) } }
                        (sheet.around(("tier", visit.say("资金层级", "Whose money"), ""), &choice("tier", Some(manner.say("请选择", "choose")), coded(manner, Tier::CHOICES), typed.text("tier"))))
                        (sheet.around(("fund", visit.say("资金类型", "What fund"), ""), &choice("fund", Some(manner.say("请选择", "choose")), coded(manner, Fund::CHOICES), typed.text("fund"))))
                        (sheet.around(("document_no", visit.say("资金文号", "Document number"), ""), &html! { input #f-document_no name="document_no" maxlength=(limits::REASON_LENGTH) value=(typed.text("document_no")); }))
                    }
                    div { button.btn.go name="verdict" value="accept" { (visit.say("合格，办结", "Accept it")) } }
                    (sheet.around(("returned", visit.say("返工的写明理由", "Where it is sent back: why"), ""), &text_area("returned", "")))
                    div { button.btn name="verdict" value="return" { (visit.say("返工", "Send it back")) } }
                }))
            }
        }
    }
}

fn dismiss(visit: &Visit, row: &Model, sheet: &Sheet<'_>) -> Markup {
    html! {
        section.card {
            details open[sheet.fault.is_some() && !sheet.typed.text("dismissed").is_empty()] {
                summary.pad { (visit.say("不予维修", "Dismiss it")) }
                (form(visit, row, Act::Dismiss, &html! {
                    (sheet.around(("dismissed", visit.say("理由（不属实、重复或资产将处置）", "Why: it is not so, it is there twice, the asset goes"), ""), &text_area("dismissed", sheet.typed.text("dismissed"))))
                    div { button.btn { (visit.say("不予维修", "Dismiss it")) } }
                }))
            }
        }
    }
}

/// The form that brings photos and papers.
pub(super) fn files(visit: &Visit, code: &str, row: &Model) -> Markup {
    let kinds = [Paper::Before, Paper::After, Paper::Voucher, Paper::Contract, Paper::Other];
    let kinds = kinds.map(|kind| (kind.code().to_owned(), visit.text(kind.label()).to_owned()));
    let chosen = if row.state == Progress::Waiting { Paper::Before } else { Paper::After };
    let shape =
        |name, label, hint| parts::Field { name, label, hint, mistake: None, is_required: false };
    html! {
        form.pad.stacked.noprint method="post" action={ "/assets/" (code) "/files" } enctype="multipart/form-data" {
            (hidden(&visit.mark))
            input type="hidden" name="to" value={ "work_order:" (row.id) };
            (parts::field(&shape("kind", visit.say("是什么", "What it is"), ""), &choice("kind", None, kinds, chosen.code())))
            (parts::field(&shape("file", visit.say("文件（一次最多 5 个）", "Files (at most 5 at a time)"), ""), &html! {
                input #f-file name="file" type="file" multiple required;
            }))
            div { button.btn { (icon(Icon::Add)) (visit.say("上传", "Attach")) } }
        }
    }
}

/// The row with what some fields of a form say.
fn with(form: &Form, row: &Model, names: &[&'static str]) -> Result<Model> {
    let mut next = row.clone();
    let mut mistakes = set(FIELDS, &mut next, form, |field| names.contains(&field.name));
    for field in names.iter().filter_map(|name| known(name)) {
        let is_money = field.kind == crate::domain::field::FieldKind::Money;
        if is_money && form.one(field.name).is_empty() {
            mistakes.push(Mistake::missing(field.name, field.label));
        }
    }
    mistakes.into_result()?;
    Ok(next)
}

/// What kind of work a form says it is, and what it will cost.
pub(super) fn estimated(form: &Form, row: &Model) -> Result<(Kind, Money)> {
    let next = with(form, row, &["kind", "estimate"])?;
    Ok((next.kind, next.estimate.unwrap_or(Money::ZERO)))
}

/// Whom a form gives it to, and by when.
pub(super) async fn dispatched(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    asset: &asset::Model,
) -> Result<(Party, NaiveDate)> {
    let due_on = day(form, "due", ("维修期限", "to be mended by"))?;
    let party = match (form.one("body"), form.one("person")) {
        (name, "") if !name.is_empty() => {
            let body = body_called(state, visit, asset.area_code, ("body", name)).await?;
            Party::Organization(body.id)
        }
        ("", id) => {
            let id = id.parse().ok().filter(|id| *id > 0).ok_or_else(Refusal::one_mender)?;
            Party::Person(PersonId(id))
        }
        _ => return Err(Refusal::one_mender().into()),
    };
    Ok((party, due_on))
}

/// What a form says was done.
pub(super) fn reported(form: &Form, row: &Model) -> Result<Outcome> {
    let next = with(form, row, &["cost", "voucher_no"])?;
    let (what, cost) = (form.one("report").to_owned(), next.cost.unwrap_or(Money::ZERO));
    Ok(Outcome { what, cost, voucher_no: next.voucher_no })
}

/// Where a form says that the money came from.
pub(super) fn origin(form: &Form) -> Result<Origin> {
    let mut mistakes = Mistakes::default();
    let text = |name: &str| Some(form.one(name)).filter(|text| !text.is_empty());
    let tier = chosen("tier", text("tier"), &mut mistakes);
    let fund = chosen("fund", text("fund"), &mut mistakes);
    mistakes.into_result()?;
    Ok(Origin { tier, fund, document_no: text("document_no").map(str::to_owned) })
}

fn chosen<T: FieldValue>(
    field: &'static str,
    text: Option<&str>,
    mistakes: &mut Mistakes,
) -> Option<T> {
    let read = T::read(Some(text?), Reading::default());
    read.map_err(|expected| mistakes.push(Mistake::new(field, text.unwrap_or_default(), expected)))
        .ok()
}
