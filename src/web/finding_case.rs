//! One finding: how it came about, who was asked when, how it is mended, and what can be done now.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use chrono::NaiveDate;
use entity::{
    finding::Rule,
    id::RectificationId,
    language::Label,
    log::Action,
    rectification::{Model, Rung, State as Progressed},
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    fields::{Sheet, Typed},
    finding::{due, progress, who},
    finding_form::{self, Asking},
    form::{Form, Sent, replayed},
    frame::{Around, Page, Place, page},
    import::minute,
    parts::{done, fact, grouped, mistakes, scrolled},
    visit::{Visit, at},
};
use crate::{
    app::{
        self,
        history::{self, HistoryEntry},
        rectification::Finding,
        report::{self, Case},
    },
    domain::rectification::{self as rules, Patience, Verdict},
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/findings/{code}/{rule}", get(show))
        .route("/findings/{code}/{rule}/assign", post(assign))
        .route("/findings/{code}/{rule}/escalate", post(escalate))
        .route("/findings/{code}/{rule}/begin", post(begin))
        .route("/findings/{code}/{rule}/report", post(send_report))
        .route("/findings/{code}/{rule}/check", post(check))
        .route("/findings/{code}/{rule}/waive", post(waive))
}

/// What the address names.
fn named(rule: &str) -> Result<Rule> {
    let known = Rule::ALL.iter().copied().find(|one| one.code() == rule);
    known.ok_or(Error::NotFound(Label::new("问题", "finding")))
}

fn path(case: &Case) -> String {
    format!("/findings/{}/{}", case.asset.code, case.line.rule.code())
}

async fn show(
    State(state): State<AppState>,
    Path((code, rule)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Fault> {
    let case = report::of_asset(&state.ledger, &visit.actor, &code, named(&rule)?).await?;
    drawn(&state, &visit, &case, &Typed::default(), None).await
}

/// What was done, by the word that the form led here with.
fn said(visit: &Visit) -> Option<&'static str> {
    let (_, what) = visit.query.iter().find(|(word, _)| word == "done")?;
    Some(match what.as_str() {
        "assign" => visit.say("已交办", "Somebody was asked"),
        "escalate" => visit.say("已督办到上一级", "The level above was asked"),
        "begin" => visit.say("已开始整改", "The rectification has begun"),
        "report" => visit.say("已报完成，等别人核查", "Reported done; somebody else checks it"),
        "check" => visit.say("已核查", "Checked"),
        "waive" => visit.say("已豁免", "The finding is waived"),
        _ => return None,
    })
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    case: &Case,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let about = (case.asset.id, case.line.rule);
    let entries =
        history::of_finding(&read, about, limits::HISTORY_ENTRIES, visit.language).await?;
    let asking = Asking::of(state, visit, case.asset.area_code, typed).await?;
    let is_proof_due = state.ledger.is_proof_due(&visit.actor, Action::WaiveFinding);
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let said = said(visit);
    let next = next_raise(state, visit, case).await?;
    let to = match (&case.line.round, said) {
        (Some(round), Some(_)) => finding_form::office(state, visit, round).await?,
        _ => None,
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if let Some(said) = said {
            (done(&to.map_or_else(|| said.to_owned(), |to| format!("{said}：{to}"))))
        }
        div.grid.g21 {
            div.grid {
                (cause(visit, case, next))
                (asked(visit, &entries))
            }
            div.grid {
                (mending(visit, case))
                @if case.is_open { (forms(visit, case, &asking, (&sheet, is_proof_due))) }
            }
        }
    };
    let label = visit.text(case.line.rule.label());
    let title = if fault.is_some() {
        format!("{}{label}", visit.say("错误：", "Error: "))
    } else {
        label.to_owned()
    };
    let shown = Page {
        place: Some(Place::Findings),
        way: vec![(
            at("/findings", [("rule", case.line.rule.code())]),
            visit.say("问题清单", "Findings").to_owned(),
        )],
        below: format!("{} · {}", case.asset.name, case.asset.code),
        ..Page::new(title, body)
    };
    Ok(page(visit, &around, shown))
}

/// When the night escalates it, and to whom, where nothing happens before.
async fn next_raise(
    state: &AppState,
    visit: &Visit,
    case: &Case,
) -> Result<Option<(NaiveDate, Rung)>> {
    let Some(round) = case.line.round.as_ref().filter(|_| case.is_open) else { return Ok(None) };
    let area = round.area_code;
    let local = state.ledger.read(&visit.actor).local_rules([area]).await?;
    Ok(rules::next_raise(round, Patience::of(&local, area, visit.today)))
}

/// To whom it was escalated, by whom, and to whom it will be.
fn escalated(visit: &Visit, round: &Model, next: Option<(NaiveDate, Rung)>) -> Markup {
    html! {
        @if let Some(rung) = round.escalated_to {
            (fact(visit.say("现由谁督办", "Seen to by"), &html! {
                (visit.text(rung.label()))
                @if round.escalation.is_none() { " " span.mut { (visit.say("逾期自动督办", "escalated at night, being late")) } }
            }))
        }
        @if let Some((day, rung)) = next {
            (fact(visit.say("仍未办时", "Unless it is done"), &html! {
                (day) " " (visit.say("起督办到", "it is escalated to the ")) (visit.text(rung.label()))
            }))
        }
    }
}

/// What the rule says, and what it looked at.
fn cause(visit: &Visit, case: &Case, next: Option<(NaiveDate, Rung)>) -> Markup {
    let line = &case.line;
    let round = line.round.as_ref();
    let text = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
    html! {
        section.card {
            header { h2 { (visit.say("问题怎么来的", "How it came about")) } (progress(visit, line)) }
            dl.desc {
                (fact(visit.say("资产", "Asset"), &html! { a href={ "/assets/" (line.code) } { (line.name) } }))
                (fact(visit.say("所在地", "Place"), &html! { (line.area) }))
                (fact(visit.say("规则", "Rule"), &html! { (line.rule.code()) " " (visit.text(line.rule.label())) }))
                (fact(visit.say("原因", "Why"), &html! { span.t-bad { (visit.tell(&line.why)) } }))
                (fact(visit.say("起始", "Since"), &html! { (line.since) " " span.mut { (grouped(line.days)) (visit.say(" 天", " days")) } }))
                @if let Some(closed) = line.closed {
                    (fact(visit.say("问题消除", "Cleared on"), &html! { (closed) }))
                }
                (fact(visit.say("该谁办", "Who has to act"), &who(visit, line)))
                (fact(visit.say("期限", "Due"), &due(visit, line)))
                @if let Some(round) = round {
                    @for (name, value) in [
                        (visit.say("交办要求", "What is asked"), text(&round.note)),
                        (visit.say("整改情况", "What was done"), text(&round.report)),
                        (visit.say("退回理由", "Sent back because"), text(&round.returned)),
                        (visit.say("督办意见", "On escalating"), text(&round.escalation)),
                    ] {
                        @if let Some(value) = value { (fact(name, &html! { (value) })) }
                    }
                    (escalated(visit, round, next))
                }
                @for (label, value) in &case.evidence {
                    @let value = value.text(visit.language);
                    (fact(visit.text(*label), &html! { @if value.is_empty() { span.mut { (visit.say("未填", "empty")) } } @else { (value) } }))
                }
            }
        }
    }
}

/// Who was asked when, from the log.
fn asked(visit: &Visit, entries: &[HistoryEntry]) -> Markup {
    let table = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("时间", "When")) }
                th scope="col" { (visit.say("谁办的", "Who")) }
                th scope="col" { (visit.say("办了什么", "What")) }
                th scope="col" { (visit.say("变化", "Changes")) }
            } }
            tbody { @for entry in entries { (entry_row(visit, entry)) } }
        }
    };
    html! {
        section.card {
            header { h2 { (visit.say("谁在什么时候被催过", "Who was asked when")) } }
            @if entries.is_empty() {
                p.pad { (visit.say("还没有交办、督办或豁免过。", "Nobody was asked yet, and nothing was set aside.")) }
            } @else {
                (scrolled(visit.say("交办与核查记录", "What was asked and checked"), &table))
            }
        }
    }
}

fn entry_row(visit: &Visit, entry: &HistoryEntry) -> Markup {
    let at = chrono::DateTime::from_timestamp_millis(entry.entry.at).unwrap_or_default();
    let action = Action::ALL.iter().find(|action| action.code() == entry.entry.action);
    let fields = entry.changes.iter().flat_map(|change| &change.fields);
    let fields = fields.filter(|field| {
        let is_new = field.before.is_none();
        let is_idle = is_new && ["round", "n_escalated"].contains(&&*field.name);
        !is_idle && !["asset_id", "rule", "area_code"].contains(&&*field.name)
    });
    html! {
        tr {
            th.nw scope="row" { (minute(at)) }
            td data-l=(visit.say("谁办的", "Who")) { (entry.entry.actor) }
            td data-l=(visit.say("办了什么", "What")) {
                (action.map_or(entry.entry.action.as_str(), |action| visit.text(action.label())))
            }
            td data-l=(visit.say("变化", "Changes")) {
                @for field in fields {
                    @if field.before.is_some() || field.after.is_some() {
                        div { span.mut { (field.label) (visit.say("：", ": ")) }
                            @if let Some(before) = &field.before { del { (before) } " → " }
                            ins { (field.after.as_deref().unwrap_or("—")) }
                        }
                    }
                }
            }
        }
    }
}

/// Where a finding of a rule is mended.
fn mending(visit: &Visit, case: &Case) -> Markup {
    let asset = format!("/assets/{}", case.asset.code);
    let part = |part: &str| format!("{asset}/{part}");
    let (path, words) = match case.line.rule {
        Rule::NoMaintainer | Rule::MaintainerUnknown => {
            (part("duty"), visit.say("指派管护主体", "Assign a maintainer"))
        }
        Rule::NoKeeper => (part("duty"), visit.say("落实管护责任人", "Name a keeper")),
        Rule::DutyExpired => {
            (part("duty"), visit.say("续签或另行指派", "Renew the duty or assign another"))
        }
        Rule::Unfunded => {
            (part("funding"), visit.say("安排管护预算", "Set money aside for upkeep"))
        }
        Rule::NoStandard => (part("duty"), visit.say("写明管护标准", "Lay down a standard")),
        Rule::InspectionOverdue => (part("inspect"), visit.say("去巡查一次", "Inspect it")),
        Rule::Damaged => (part("repairs"), visit.say("去看维修工单", "See to its work orders")),
        Rule::TitleUnconfirmed | Rule::TitleDisputed => {
            (part("title"), visit.say("办理确权", "Settle the title"))
        }
        Rule::NoCertificate => (part("title"), visit.say("登记权证", "Record the certificate")),
        Rule::NotHandedOver => (asset.clone(), visit.say("办理移交", "Hand it over")),
        Rule::FundingGap => {
            (part("funding"), visit.say("核对资金来源", "Compare the sources of money"))
        }
        Rule::NoFinalAccount => {
            (part("edit"), visit.say("补登竣工决算", "Record the final account"))
        }
        Rule::Idle | Rule::LowYield | Rule::IdleAtOnce => {
            (part("revival"), visit.say("提出或跟进盘活方案", "See to a plan of its revival"))
        }
        Rule::NoContract | Rule::ContractEnded | Rule::TermTooLong => {
            (part("contracts"), visit.say("登记或核对合同", "See to its contracts"))
        }
        Rule::Differs => (
            part("discrepancies"),
            visit.say("更正台账，或说明账面无误", "Correct the ledger, or say why it is right"),
        ),
        Rule::Duplicate => {
            (part("discrepancies"), visit.say("核实是否重复登记", "See whether it is there twice"))
        }
        Rule::Unbooked => (part("edit"), visit.say("补登入账日期", "Add the day of entry")),
    };
    html! {
        section.card {
            header { h2 { (visit.say("建议怎么办", "How to mend it")) } }
            div.pad {
                p { a href=(path) { (words) } }
                p.mut.sm { (visit.say(
                    "台账改好的当时，问题自动消除，整改随之销号。",
                    "Once the ledger is put right the finding clears, and its rectification is closed out with it.",
                )) }
            }
        }
    }
}

/// What can be done now, by whoever may.
fn forms(
    visit: &Visit,
    case: &Case,
    asking: &Asking,
    (sheet, is_proof_due): (&Sheet<'_>, bool),
) -> Markup {
    let round = case.line.round.as_ref().filter(|round| round.state.is_live());
    let place = path(case);
    let version = case.line.version();
    let is_to_do = round.is_some_and(|round| round.state.is_to_do());
    let is_done = round.is_some_and(|round| round.state == Progressed::Done);
    let action = |what: &str| format!("{place}/{what}");
    html! {
        @if let Some(round) = round {
            @if is_done && visit.may(Action::CheckRectification) {
                (finding_form::check(visit, &action("check"), round, sheet))
            }
            @if is_to_do && visit.may(Action::ReportRectification) {
                (finding_form::act(visit, &place, round, sheet))
            }
        }
        @if !is_done && !case.line.is_waived && visit.may(Action::AssignRectification) {
            (finding_form::assign(visit, &action("assign"), (round, version), asking, sheet))
        }
        @if !case.line.is_waived && visit.may(Action::EscalateRectification) {
            (finding_form::escalate(visit, &action("escalate"), version, sheet))
        }
        @if !case.line.is_waived && visit.may(Action::WaiveFinding) {
            (finding_form::waive(visit, &action("waive"), sheet, is_proof_due))
        }
    }
}

/// A form of a finding, sent.
struct Step {
    case: Case,
    visit: Visit,
    form: Form,
}

impl Step {
    async fn read(state: &AppState, (code, rule): &(String, String), sent: Sent) -> Result<Step> {
        let Sent { visit, form } = sent;
        let case = report::of_asset(&state.ledger, &visit.actor, code, named(rule)?).await?;
        Ok(Step { case, visit, form })
    }

    fn done(&self, what: &str) -> String {
        at(&path(&self.case), [("done", what)])
    }

    fn version(&self) -> i64 {
        self.form.number("version").unwrap_or_default()
    }

    fn finding(&self) -> Finding {
        Finding { asset: self.case.asset.id, rule: self.case.line.rule, version: self.version() }
    }

    fn round(&self) -> Result<(RectificationId, i64)> {
        let round = self.case.line.round.as_ref().ok_or(Error::Conflict)?;
        Ok((round.id, self.version()))
    }

    /// On to where the form leads, or the page again, with what was typed.
    async fn answer<T>(
        self,
        state: &AppState,
        what: &str,
        done: Result<T>,
    ) -> Result<Response, Fault> {
        let Err(error) = done else { return Ok(Redirect::to(&self.done(what)).into_response()) };
        let error = match replayed(error) {
            Ok(place) => return Ok(Redirect::to(&place).into_response()),
            Err(error) => error,
        };
        let is_proof_due =
            matches!(&error, Error::Refused(refusal) if refusal.code == "sign_in.step_up_due");
        let fault = Fault::from(error);
        if !is_for_the_sender(&fault) && !is_proof_due {
            return Err(fault);
        }
        let typed = Typed::sent(&self.form);
        // the form says itself that the proof is due, and leads to it
        let told = Some(&fault).filter(|_| !is_proof_due);
        let shown = drawn(state, &self.visit, &self.case, &typed, told).await?;
        Ok((fault.status, shown).into_response())
    }
}

async fn assign(
    State(state): State<AppState>,
    Path(at): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    let step = Step::read(&state, &at, sent).await?;
    let place = step.done("assign");
    let ledger = step.form.once(&state.ledger, move |_: &Vec<Model>| place.clone());
    let done = async {
        let charge = finding_form::charge(&step.form)?;
        app::rectification::assign(&ledger, &step.visit.actor, &[step.finding()], &charge).await
    };
    let done = done.await;
    step.answer(&state, "assign", done).await
}

async fn escalate(
    State(state): State<AppState>,
    Path(at): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    let step = Step::read(&state, &at, sent).await?;
    let place = step.done("escalate");
    let ledger = step.form.once(&state.ledger, move |_: &Vec<Model>| place.clone());
    let (actor, note) = (&step.visit.actor, step.form.one("escalation"));
    let done = app::rectification::escalate(&ledger, actor, &[step.finding()], note).await;
    step.answer(&state, "escalate", done).await
}

async fn begin(
    State(state): State<AppState>,
    Path(at): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    let step = Step::read(&state, &at, sent).await?;
    let place = step.done("begin");
    let ledger = step.form.once(&state.ledger, move |_: &Model| place.clone());
    let done = app::rectification::begin(&ledger, &step.visit.actor, step.round()?).await;
    step.answer(&state, "begin", done).await
}

async fn send_report(
    State(state): State<AppState>,
    Path(at): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    let step = Step::read(&state, &at, sent).await?;
    let place = step.done("report");
    let ledger = step.form.once(&state.ledger, move |_: &Model| place.clone());
    let (actor, what) = (&step.visit.actor, step.form.one("report"));
    let done = app::rectification::report(&ledger, actor, step.round()?, what).await;
    step.answer(&state, "report", done).await
}

async fn check(
    State(state): State<AppState>,
    Path(at): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    let step = Step::read(&state, &at, sent).await?;
    let place = step.done("check");
    let ledger = step.form.once(&state.ledger, move |_: &Model| place.clone());
    let verdict = match step.form.one("verdict") {
        "accept" => Verdict::Accepted,
        _ => Verdict::Returned(step.form.one("returned")),
    };
    let done = app::rectification::check(&ledger, &step.visit.actor, step.round()?, verdict).await;
    step.answer(&state, "check", done).await
}

async fn waive(
    State(state): State<AppState>,
    Path(at): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Fault> {
    let step = Step::read(&state, &at, sent).await?;
    let place = step.done("waive");
    let ledger = step.form.once(&state.ledger, move |_: &entity::waiver::Model| place.clone());
    let done = async {
        let until = finding_form::day(&step.form, "until", ("豁免到", "waived until"))?;
        let (id, rule) = (step.case.asset.id, step.case.line.rule);
        let reason = step.form.one("reason");
        app::waiver::grant(&ledger, &step.visit.actor, id, rule, reason, until).await
    };
    let done = done.await;
    step.answer(&state, "waive", done).await
}
