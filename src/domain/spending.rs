//! 支出: committing, paying, releasing, reversing. Nothing is deleted, and nothing goes beyond what is
//! left in the budget and what was approved beyond it (domain.md §10.3).
//!
//! ```text
//!          commit              pay
//!   ──────────────▶ 已预占 ──────────▶ 已支付 ──────▶ 已冲销
//!                     └──▶ 已释放        ▲      reverse
//!   ────────────── pay at once ──────────┘
//! ```

use chrono::{DateTime, Datelike, NaiveDate};
use entity::{
    asset, budget,
    id::{OrganizationId, SpendingId},
    language::Sentence,
    money::Money,
    spending::{Model, State},
};

use super::{
    asset::{held, reasoned},
    budget as budgets,
    mistake::{Mistake, Mistakes},
    refusal::Refusal,
};
use crate::{fields, limits};

fields! {
    /// The fields of a spending; its own actions change them.
    pub FIELDS of Model {
        year: i32 = "年度" "year" Fixed;
        state: State = "支出状态" "state of the spending" Fixed;
        amount: Money = "金额" "amount" Fixed;
        purpose: String = "用途" "purpose" Fixed;
        voucher_no: Option<String> = "凭证号" "voucher number" Fixed;
        paid_on: Option<NaiveDate> = "支付日期" "paid on" Fixed;
        end_reason: Option<String> = "释放或冲销理由" "why it was released or reversed" Fixed;
        ended_on: Option<NaiveDate> = "释放或冲销日期" "released or reversed on" Fixed;
    }
}

/// What money is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How much.
    pub amount: Money,
    /// What for, in a line.
    pub purpose: String,
    /// Who is to be paid.
    pub organization: Option<OrganizationId>,
}

/// How it was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The number of the voucher.
    pub voucher_no: String,
    /// The day.
    pub paid_on: NaiveDate,
}

/// What is wrong with a request.
pub fn check(request: &Request) -> Mistakes {
    let mut mistakes = budgets::amount_above_zero("amount", request.amount);
    line("purpose", &request.purpose, limits::PURPOSE_LENGTH, &mut mistakes);
    mistakes
}

/// What is wrong with a payment out of a budget of a year.
pub fn check_payment(payment: &Payment, year: i32, today: NaiveDate) -> Mistakes {
    let mut mistakes = Mistakes::default();
    line("voucher_no", &payment.voucher_no, limits::VOUCHER_LENGTH, &mut mistakes);
    let fits = payment.paid_on <= today && payment.paid_on.year() >= year;
    if !fits {
        let expected = Sentence::new(
            format!("支付日期应在 {year} 年年初至今天之间"),
            format!("a day from the beginning of {year} to today"),
        );
        mistakes.push(Mistake::new("paid_on", &payment.paid_on.to_string(), expected));
    }
    mistakes
}

/// A text that has to be there: one line, of so many characters at most.
fn line(field: &'static str, text: &str, most: usize, mistakes: &mut Mistakes) {
    let length = text.trim().chars().count();
    if length == 0 || length > most || text.contains(char::is_control) {
        let expected = Sentence::new(
            format!("写成一行，1 至 {most} 字"),
            format!("one line of 1 to {most} characters"),
        );
        mistakes.push(Mistake::new(field, text, expected));
    }
}

/// Refuses an asset that the budget is not for, or that has left the books.
fn meant(budget: &budget::Model, asset: &asset::Model) -> Result<(), Refusal> {
    held(asset)?;
    if budgets::is_for(budget, asset) { Ok(()) } else { Err(Refusal::budget_of_another()) }
}

fn blank(budget: &budget::Model, asset: &asset::Model, request: &Request) -> Model {
    Model {
        id: SpendingId(0),
        area_code: asset.area_code,
        budget_id: budget.id,
        asset_id: asset.id,
        year: budget.year,
        state: State::Committed,
        amount: request.amount,
        purpose: request.purpose.trim().to_owned(),
        organization_id: request.organization,
        voucher_no: None,
        paid_on: None,
        end_reason: None,
        ended_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// The budget since, and the spending.
pub type Step = (budget::Model, Model);

/// Commits money for an asset.
pub fn commit(
    budget: &budget::Model,
    asset: &asset::Model,
    request: &Request,
) -> Result<Step, Refusal> {
    meant(budget, asset)?;
    let after = budgets::book(budget, request.amount, Money::ZERO)?;
    Ok((after, blank(budget, asset, request)))
}

/// Pays for an asset at once.
pub fn pay(
    budget: &budget::Model,
    asset: &asset::Model,
    request: &Request,
    payment: &Payment,
) -> Result<Step, Refusal> {
    meant(budget, asset)?;
    let after = budgets::book(budget, Money::ZERO, request.amount)?;
    Ok((after, paid(&blank(budget, asset, request), request.amount, payment)))
}

/// Pays what was committed: that much, less, or more where there is room for it. What is not paid is
/// free again.
pub fn pay_committed(
    budget: &budget::Model,
    spending: &Model,
    amount: Money,
    payment: &Payment,
) -> Result<Step, Refusal> {
    in_state(spending, State::Committed)?;
    let freed = negative(spending.amount);
    let after = budgets::book(budget, freed, amount)?;
    Ok((after, paid(spending, amount, payment)))
}

fn paid(spending: &Model, amount: Money, payment: &Payment) -> Model {
    Model {
        state: State::Paid,
        amount,
        voucher_no: Some(payment.voucher_no.trim().to_owned()),
        paid_on: Some(payment.paid_on),
        ..spending.clone()
    }
}

/// Releases a commitment: its money is free again.
pub fn release(
    budget: &budget::Model,
    spending: &Model,
    reason: &str,
    today: NaiveDate,
) -> Result<Step, Refusal> {
    in_state(spending, State::Committed)?;
    reasoned(reason)?;
    let after = budgets::book(budget, negative(spending.amount), Money::ZERO)?;
    Ok((after, ended(spending, State::Released, reason, today)))
}

/// Reverses a payment: it stays on record, and its money is free again.
pub fn reverse(
    budget: &budget::Model,
    spending: &Model,
    reason: &str,
    today: NaiveDate,
) -> Result<Step, Refusal> {
    in_state(spending, State::Paid)?;
    reasoned(reason)?;
    let after = budgets::book(budget, Money::ZERO, negative(spending.amount))?;
    Ok((after, ended(spending, State::Reversed, reason, today)))
}

fn ended(spending: &Model, state: State, reason: &str, today: NaiveDate) -> Model {
    Model {
        state,
        end_reason: Some(reason.trim().to_owned()),
        ended_on: Some(today),
        ..spending.clone()
    }
}

/// The same amount with the other sign: every amount that is kept has one.
const fn negative(amount: Money) -> Money {
    Money::from_sum(-amount.fen())
}

/// Refuses a spending that is not as an action needs it.
fn in_state(spending: &Model, wanted: State) -> Result<(), Refusal> {
    let label = spending.state.label();
    if spending.state == wanted {
        Ok(())
    } else {
        Err(Refusal::spending_in_state(label.zh, label.en))
    }
}

#[cfg(test)]
mod tests {
    use entity::{
        area::AreaCode,
        asset::{Class, State as AssetState},
        id::AssetId,
        upkeep_fund,
    };

    use super::*;
    use crate::domain::{
        asset as cards,
        overspend::{self, Verdict},
        upkeep_fund as funds,
    };

    fn yuan(text: &str) -> Money {
        text.parse().expect("an amount")
    }

    fn village() -> AreaCode {
        "520381100201".parse().expect("a code")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn asset() -> asset::Model {
        cards::blank(village(), Class::Public, "桥")
    }

    fn budget(amount: &str) -> budget::Model {
        let fund = upkeep_fund::Model { received: Money::MAX, ..funds::blank(village(), 2026) };
        let target = budgets::Target { area: village(), asset: None, subclass: None };
        budgets::set(&fund, target, (2026, yuan(amount)), &[]).expect("a budget").1
    }

    fn request(amount: &str) -> Request {
        Request { amount: yuan(amount), purpose: "更换护栏".to_owned(), organization: None }
    }

    fn payment() -> Payment {
        Payment { voucher_no: "记-17".to_owned(), paid_on: day("2026-05-30") }
    }

    #[test]
    fn money_is_committed_paid_and_given_back() {
        let (budget, held) = commit(&budget("10.00"), &asset(), &request("6.00")).expect("room");
        assert_eq!((budget.committed, budget.remaining), (yuan("6.00"), yuan("4.00")));
        // less than was committed: the rest is free again
        let (less, row) = pay_committed(&budget, &held, yuan("5.00"), &payment()).expect("paid");
        assert_eq!((less.committed, less.spent, less.remaining), {
            (Money::ZERO, yuan("5.00"), yuan("5.00"))
        });
        assert_eq!((row.state, row.amount), (State::Paid, yuan("5.00")));
        // more than was committed, as far as there is room
        assert!(pay_committed(&budget, &held, yuan("10.00"), &payment()).is_ok());
        let refused = pay_committed(&budget, &held, yuan("10.01"), &payment());
        assert_eq!(refused.map_err(|no| no.code), Err("budget.short"));
        let today = day("2026-06-01");
        let (back, gone) = reverse(&less, &row, "重复记账", today).expect("reversed");
        assert_eq!((back.spent, back.remaining), (Money::ZERO, yuan("10.00")));
        assert_eq!((gone.state, gone.amount), (State::Reversed, yuan("5.00")));
        let (free, released) = release(&budget, &held, "不修了", today).expect("released");
        assert_eq!((free.committed, released.state), (Money::ZERO, State::Released));
    }

    #[test]
    fn each_state_takes_what_it_takes() {
        let (of, held) = commit(&budget("10.00"), &asset(), &request("6.00")).expect("room");
        let (since, paid) = pay_committed(&of, &held, yuan("6.00"), &payment()).expect("paid");
        let today = day("2026-06-01");
        let code = |done: Result<Step, Refusal>| done.map(drop).map_err(|no| no.code);
        let wrong = Err("spending.in_state");
        assert_eq!(code(release(&since, &paid, "不修了", today)), wrong);
        assert_eq!(code(pay_committed(&since, &paid, yuan("1.00"), &payment())), wrong);
        assert_eq!(code(reverse(&of, &held, "错了", today)), wrong);
        let (back, gone) = reverse(&since, &paid, "错了", today).expect("reversed");
        assert_eq!(code(reverse(&back, &gone, "错了", today)), wrong);
        assert_eq!(code(reverse(&since, &paid, " ", today)), Err("action.reason_missing"));
    }

    #[test]
    fn a_budget_pays_for_its_own() {
        let code = |asset: &asset::Model, budget: &budget::Model| {
            commit(budget, asset, &request("1.00")).map(drop).map_err(|no| no.code)
        };
        let elsewhere = cards::blank("520381100202".parse().expect("a code"), Class::Public, "桥");
        assert_eq!(code(&elsewhere, &budget("1.00")), Err("budget.of_another"));
        let own = budget::Model { asset_id: Some(AssetId(7)), ..budget("1.00") };
        assert_eq!(code(&asset(), &own), Err("budget.of_another"));
        let gone = asset::Model { state: AssetState::Void, ..asset() };
        assert_eq!(code(&gone, &budget("1.00")), Err("asset.not_held"));
        assert_eq!(code(&asset(), &budget("1.00")), Ok(()));
    }

    #[test]
    fn what_is_said_of_a_payment_has_its_bounds() {
        let purpose = |n| Request { purpose: "用".repeat(n), ..request("1.00") };
        let most = limits::PURPOSE_LENGTH;
        for (n, wrong) in [(0, 1), (1, 0), (most, 0), (most + 1, 1)] {
            assert_eq!(check(&purpose(n)).len(), wrong, "{n}");
        }
        assert_eq!(check(&Request { purpose: "一\n二".to_owned(), ..request("1.00") }).len(), 1);
        assert_eq!(check(&request("0.00")).len(), 1);
        let today = day("2026-06-01");
        let voucher = |n| Payment { voucher_no: "号".repeat(n), ..payment() };
        let most = limits::VOUCHER_LENGTH;
        for (n, wrong) in [(0, 1), (1, 0), (most, 0), (most + 1, 1)] {
            assert_eq!(check_payment(&voucher(n), 2026, today).len(), wrong, "{n}");
        }
        for (on, wrong) in
            [("2026-01-01", 0), ("2025-12-31", 1), ("2026-06-01", 0), ("2026-06-02", 1)]
        {
            let paid = Payment { paid_on: day(on), ..payment() };
            assert_eq!(check_payment(&paid, 2026, today).len(), wrong, "{on}");
        }
    }

    #[test]
    fn what_is_approved_is_spent_and_not_a_fen_more() {
        use entity::id::AccountId;
        let (who, another) = (Some(AccountId(1)), Some(AccountId(2)));
        let budget = budget("10.00");
        let asked = overspend::ask(&budget, yuan("2.50"), "水毁抢修", who).expect("asked");
        let today = day("2026-06-01");
        let decide = |by, verdict| overspend::decide(&budget, &asked, verdict, (by, today));
        let yes = Verdict::Approved("青财〔2026〕9号");
        assert_eq!(decide(who, yes).map(drop).map_err(|no| no.code), Err("overspend.own"));
        let (raised, approved) = decide(another, yes).expect("approved");
        let raised = raised.expect("another budget");
        assert_eq!(raised.set_aside, budget.set_aside);
        assert!(pay(&raised, &asset(), &request("12.50"), &payment()).is_ok());
        let refused = pay(&raised, &asset(), &request("12.51"), &payment());
        assert_eq!(refused.map(drop).map_err(|no| no.code), Err("budget.short"));
        let again = overspend::decide(&raised, &approved, yes, (another, today));
        assert_eq!(again.map(drop).map_err(|no| no.code), Err("overspend.decided"));
        let (none, declined) = decide(another, Verdict::Declined("先调整预算")).expect("declined");
        assert!(none.is_none() && declined.returned.is_some());
        assert!(decide(another, Verdict::Declined(" ")).is_err());
        let most = limits::VOUCHER_LENGTH;
        let number = "号".repeat(most);
        assert_eq!(Verdict::Approved(&number).check().len(), 0);
        assert_eq!(Verdict::Approved(&format!("{number}号")).check().len(), 1);
        assert_eq!(Verdict::Approved(" ").check().len(), 1);
    }
}
