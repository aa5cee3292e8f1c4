//! 超支审批: whoever needs more than is left asks for it, and somebody else decides. What is approved
//! raises what may be spent by exactly that much.

use chrono::{DateTime, NaiveDate};
use entity::{
    budget,
    id::{AccountId, OverspendId},
    language::Sentence,
    money::Money,
    overspend::{Model, State},
};

use super::{
    asset::reasoned,
    budget as budgets,
    mistake::{Mistake, Mistakes},
    refusal::Refusal,
};
use crate::{fields, limits};

fields! {
    /// The fields of a request; its own actions change them.
    pub FIELDS of Model {
        state: State = "审批状态" "state of the request" Fixed;
        amount: Money = "超支金额" "amount" Fixed;
        reason: String = "超支理由" "why it is needed" Fixed;
        document_no: Option<String> = "批准文号" "document number" Fixed;
        returned: Option<String> = "未批准理由" "why it was declined" Fixed;
        decided_on: Option<NaiveDate> = "审批日期" "decided on" Fixed;
    }
}

/// Asks to spend so much more than is left.
pub fn ask(
    budget: &budget::Model,
    amount: Money,
    reason: &str,
    asked_by: Option<AccountId>,
) -> Result<Model, Refusal> {
    reasoned(reason)?;
    raised(budget, amount)?;
    Ok(Model {
        id: OverspendId(0),
        area_code: budget.area_code,
        budget_id: budget.id,
        state: State::Asked,
        amount,
        reason: reason.trim().to_owned(),
        asked_by,
        document_no: None,
        returned: None,
        decided_by: None,
        decided_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    })
}

/// What is wrong with a request.
pub fn check(amount: Money) -> Mistakes {
    budgets::amount_above_zero("amount", amount)
}

/// A budget that may be overspent by so much more.
fn raised(budget: &budget::Model, amount: Money) -> Result<budget::Model, Refusal> {
    let allowed = budget.allowed_over.checked_add(amount);
    let allowed_over = allowed.ok_or_else(|| Refusal::overspend_too_large(budget.allowed_over))?;
    Ok(budget::Model { allowed_over, ..budget.clone() })
}

/// What somebody who decides says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// It is approved, by a document.
    Approved(&'a str),
    /// It is not, and why.
    Declined(&'a str),
}

impl Verdict<'_> {
    /// What is wrong with it.
    pub fn check(&self) -> Mistakes {
        let mut mistakes = Mistakes::default();
        if let Verdict::Approved(document) = self {
            let most = limits::VOUCHER_LENGTH;
            let length = document.trim().chars().count();
            if length == 0 || length > most || document.contains(char::is_control) {
                let expected = Sentence::new(
                    format!("批准文号，1 至 {most} 字"),
                    format!("the number of the document, 1 to {most} characters"),
                );
                mistakes.push(Mistake::new("document_no", document, expected));
            }
        }
        mistakes
    }
}

/// Decides on a request; never on one's own. The budget is another one where it was approved.
pub fn decide(
    budget: &budget::Model,
    request: &Model,
    verdict: Verdict<'_>,
    (decided_by, today): (Option<AccountId>, NaiveDate),
) -> Result<(Option<budget::Model>, Model), Refusal> {
    if request.state != State::Asked {
        let label = request.state.label();
        return Err(Refusal::overspend_decided(label.zh, label.en));
    }
    if request.asked_by == decided_by {
        return Err(Refusal::own_overspend());
    }
    let decided = Model { decided_by, decided_on: Some(today), ..request.clone() };
    match verdict {
        Verdict::Approved(document) => {
            let document_no = Some(document.trim().to_owned());
            let approved = Model { state: State::Approved, document_no, ..decided };
            Ok((Some(raised(budget, request.amount)?), approved))
        }
        Verdict::Declined(reason) => {
            reasoned(reason)?;
            let returned = Some(reason.trim().to_owned());
            Ok((None, Model { state: State::Declined, returned, ..decided }))
        }
    }
}
