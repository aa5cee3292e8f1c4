//! The forms by which something becomes of findings: who is asked, what was done, what is said.

use chrono::NaiveDate;
use entity::{
    account,
    area::{AreaCode, Level},
    log::Action,
    rectification::{Model, Rung},
};
use maud::{Markup, html};

use super::{
    fields::{Sheet, Typed},
    form::{Form, hidden},
    offered::Bodies,
    parts::choice,
    visit::{Visit, at},
};
use crate::{
    domain::{
        field::{FieldValue, Reading},
        mistake::{Mistake, Mistakes},
        permission::permits,
        rectification::{Bearer, Charge},
        title::Party,
    },
    error::Result,
    http::AppState,
    limits,
};
use entity::language::{Label, Sentence};

/// Whom a form offers to ask.
pub(super) struct Asking {
    accounts: Vec<account::Model>,
    bodies: Option<Bodies>,
}

impl Asking {
    /// Accounts in charge of a place and organizations near it, for whoever may ask them.
    pub(super) async fn of(
        state: &AppState,
        visit: &Visit,
        near: AreaCode,
        typed: &Typed,
    ) -> Result<Asking> {
        if !visit.may(Action::AssignRectification) {
            return Ok(Asking { accounts: Vec::new(), bodies: None });
        }
        let mut accounts = state.ledger.read(&visit.actor).accounts_over(near).await?;
        accounts.retain(|account| permits(account.role, Action::ReportRectification));
        let chosen = (typed.text("find"), typed.text("body"));
        let bodies = if near.level() >= Level::County {
            Some(Bodies::of(state, visit, near, chosen).await?)
        } else {
            None
        };
        Ok(Asking { accounts, bodies })
    }

    /// The fields that say whom, by when and what.
    pub(super) fn fields(&self, visit: &Visit, sheet: &Sheet<'_>) -> Markup {
        let typed = sheet.typed;
        let accounts = self.accounts.iter().map(|account| {
            let role = visit.text(account.role.label());
            (account.id.to_string(), format!("{}（{role}）", account.name))
        });
        html! {
            (sheet.around(("account", visit.say("交给哪个账号", "Which account"), visit.say("或在下面选单位，二选一", "or an organization below, one of both")), &choice("account", Some(visit.say("不选账号", "no account")), accounts, typed.text("account"))))
            @if let Some(bodies) = &self.bodies {
                (sheet.around(("body", visit.say("交给哪个单位", "Which organization"), ""), &bodies.draw(sheet, "body")))
            }
            (sheet.around(("due", visit.say("整改期限", "Due on"), ""), &html! {
                input #f-due name="due" type="date" value=(typed.text("due")) min=(visit.today) required;
            }))
            (sheet.around(("note", visit.say("要求", "What is asked"), ""), &text_area("note", typed.text("note"), false)))
        }
    }
}

fn text_area(name: &str, text: &str, is_required: bool) -> Markup {
    html! {
        textarea id={ "f-" (name) } name=(name) rows="2" maxlength=(limits::REASON_LENGTH) required[is_required] { (text) }
    }
}

/// Reads a day of a form.
pub(super) fn day(
    form: &Form,
    name: &'static str,
    (zh, en): (&'static str, &'static str),
) -> Result<NaiveDate> {
    let text = Some(form.one(name)).filter(|text| !text.is_empty());
    let read = NaiveDate::read(text, Reading::default());
    Ok(read.map_err(|expected| {
        let expected =
            Sentence::new(format!("{zh}：{}", expected.zh), format!("{en}: {}", expected.en));
        Mistakes(vec![Mistake::new(name, text.unwrap_or_default(), expected)])
    })?)
}

/// Reads who is asked, by when, and what.
pub(super) fn charge(form: &Form) -> Result<Charge> {
    let bearer = match (form.one("account"), form.one("body")) {
        ("", "") => {
            let label = Label::new("交办对象", "account or organization");
            return Err(Mistakes(vec![Mistake::missing("account", label)]).into());
        }
        (account, "") => Bearer::read(&format!("account:{account}")),
        ("", body) => Bearer::read(&format!("organization:{body}")),
        _ => None,
    };
    let bearer = bearer.ok_or_else(crate::domain::refusal::Refusal::one_bearer)?;
    let due_on = day(form, "due", ("整改期限", "due on"))?;
    let note = Some(form.one("note").to_owned()).filter(|note| !note.is_empty());
    Ok(Charge { bearer, due_on, note })
}

/// The form that asks somebody.
pub(super) fn assign(
    visit: &Visit,
    action: &str,
    (round, version): (Option<&Model>, i64),
    asking: &Asking,
    sheet: &Sheet<'_>,
) -> Markup {
    let mut typed = sheet.typed.clone();
    if let Some(round) = round.filter(|_| typed.text("due").is_empty()) {
        typed.put("due", round.due_on.map(|due| due.to_string()).unwrap_or_default());
        typed.put("note", round.note.clone().unwrap_or_default());
        typed.put("account", round.account_id.map(|id| id.to_string()).unwrap_or_default());
        typed.put("body", round.organization_id.map(|id| id.to_string()).unwrap_or_default());
    }
    let words = if round.is_some() {
        visit.say("重新交办", "Ask anew")
    } else {
        visit.say("交办", "Ask somebody")
    };
    html! {
        section.card {
            header { h2 { (words) } }
            form.pad.stacked method="post" action=(action) {
                (hidden(&visit.mark))
                input type="hidden" name="version" value=(version);
                (asking.fields(visit, &Sheet { typed: &typed, ..*sheet }))
                button class=(if round.is_none() { "btn go" } else { "btn" }) { (words) }
            }
        }
    }
}

/// The forms of whoever acts.
pub(super) fn act(visit: &Visit, place: &str, round: &Model, sheet: &Sheet<'_>) -> Markup {
    let is_open = round.state == entity::rectification::State::Open;
    html! {
        section.card {
            header { h2 { (visit.say("我来办", "Doing it")) } }
            @if is_open && visit.may(Action::BeginRectification) {
                form.pad method="post" action={ (place) "/begin" } {
                    (hidden(&visit.mark))
                    input type="hidden" name="version" value=(round.version);
                    button.btn { (visit.say("开始整改", "Begin")) }
                }
            }
            form.pad.stacked method="post" action={ (place) "/report" } {
                (hidden(&visit.mark))
                input type="hidden" name="version" value=(round.version);
                (sheet.around(("report", visit.say("做了什么", "What was done"), ""), &text_area("report", sheet.typed.text("report"), true)))
                button.btn.go { (visit.say("报整改完成", "Report it done")) }
            }
        }
    }
}

/// The form of whoever checks.
pub(super) fn check(visit: &Visit, action: &str, round: &Model, sheet: &Sheet<'_>) -> Markup {
    let is_own = round.reported_by == visit.actor.account();
    html! {
        section.card {
            header { h2 { (visit.say("核查", "Check")) } }
            @if is_own {
                p.pad { (visit.say("这是您自己报的，要由别人核查。", "You reported it yourself: somebody else checks it.")) }
            } @else {
                form.pad.stacked method="post" action=(action) {
                    (hidden(&visit.mark))
                    input type="hidden" name="version" value=(round.version);
                    button.btn.go name="verdict" value="accept" { (visit.say("核查通过，销号", "Accept: close it out")) }
                    (sheet.around(("returned", visit.say("退回的写明理由", "Where it is sent back: why"), ""), &text_area("returned", sheet.typed.text("returned"), false)))
                    button.btn name="verdict" value="return" { (visit.say("退回重办", "Send it back")) }
                }
            }
        }
    }
}

/// The form that asks the level above.
pub(super) fn escalate(visit: &Visit, action: &str, version: i64, sheet: &Sheet<'_>) -> Markup {
    html! {
        section.card {
            details open[!sheet.typed.text("escalation").is_empty() || sheet.mistake("escalation").is_some()] {
                summary.pad { (visit.say("督办到上一级", "Escalate to the level above")) }
                form.pad.stacked method="post" action=(action) {
                    (hidden(&visit.mark))
                    input type="hidden" name="version" value=(version);
                    (escalation(visit, sheet))
                    button.btn { (visit.say("督办", "Escalate")) }
                }
            }
        }
    }
}

/// What is said on escalating.
pub(super) fn escalation(visit: &Visit, sheet: &Sheet<'_>) -> Markup {
    let hint = visit.say(
        "村里的到乡镇，乡镇的到县级主管部门，再到县领导",
        "from the village to the town, the department of the county, its leader",
    );
    let control = text_area("escalation", sheet.typed.text("escalation"), true);
    sheet.around(("escalation", visit.say("督办意见", "What is said"), hint), &control)
}

/// The form that sets a finding aside; who is there is asked for first.
pub(super) fn waive(visit: &Visit, action: &str, sheet: &Sheet<'_>, is_proof_due: bool) -> Markup {
    let typed = sheet.typed;
    let here = visit.path.strip_suffix("/waive").unwrap_or(&visit.path);
    let proof = at("/me/proof", [("next", here)]);
    let is_typed = !typed.text("reason").is_empty();
    html! {
        section.card {
            details open[is_typed || sheet.mistake("until").is_some()] {
                summary.pad { (visit.say("豁免", "Waive")) }
                @if is_proof_due {
                    p.pad {
                        (visit.say("豁免前要再确认一次是本人：", "First show again who you are: "))
                        a href=(proof) target=[is_typed.then_some("_blank")] { (visit.say("现在确认", "do so now")) }
                        @if is_typed { (visit.say("（在新页确认，填好的内容留在这里）", " (on a page of its own; what was typed stays here)")) }
                    }
                }
                @if !is_proof_due || is_typed {
                    form.pad.stacked method="post" action=(action) {
                        (hidden(&visit.mark))
                        (sheet.around(("reason", visit.say("理由", "Reason"), ""), &text_area("reason", typed.text("reason"), true)))
                        (sheet.around(("until", visit.say("豁免到（含当日）", "Until, that day included"), ""), &html! {
                            input #f-until name="until" type="date" value=(typed.text("until")) min=(visit.today) required;
                        }))
                        button.btn { (visit.say("豁免", "Waive")) }
                    }
                }
            }
        }
    }
}

/// To whom a finding was escalated: the office of that level, with its telephone.
pub(super) async fn office(
    state: &AppState,
    visit: &Visit,
    round: &Model,
) -> Result<Option<String>> {
    let Some(rung) = round.escalated_to else { return Ok(None) };
    if rung == Rung::Leader {
        return Ok(Some(visit.text(rung.label()).to_owned()));
    }
    let area = round.area_code.at(rung.level());
    let read = state.ledger.read(&visit.actor);
    let office = read.offices(&[area]).await?.remove(&area);
    let Some(office) = office.map(Party::Organization) else {
        return Ok(read.area_names_on(&[area], visit.today).await?.remove(&area));
    };
    let named = read.parties(&[office]).await?.remove(&office);
    Ok(named.map(|named| format!("{} {}", named.name, named.phone).trim().to_owned()))
}
