//! 应收: what a contract asks to be paid, period by period, to the fen.
//!
//! Periods are counted from the first day, so that days do not drift: a contract that begins on the 31st
//! has periods that begin on the last day of shorter months and on the 31st again of longer ones. The rent
//! of each year of the contract is divided among its periods. A month weighs as much as any other; a last
//! period that is short weighs by its days of those that the whole one would have.

use chrono::{Months, NaiveDate};
use entity::{
    contract::{Kind, Model, Timing},
    contract_due::{self, Model as Due},
    money::Money,
};

use super::{days_after, n_days, rent};
use crate::{domain::allocation::by_weight, limits};

/// Months of a year.
const YEAR: u32 = 12;

/// One period of a contract.
struct Period {
    /// Months of the contract that lie before it.
    months_before: u32,
    from: NaiveDate,
    to: NaiveDate,
    /// Its last day, were it whole.
    whole_to: NaiveDate,
}

/// Everything that a contract asks to be paid, in order; of one that was ended, up to its last day.
pub fn schedule(contract: &Model) -> Vec<Due> {
    let periods = periods(contract);
    let amounts = amounts(contract, &periods);
    if amounts.iter().all(|amount| *amount == Money::ZERO) {
        return principal(contract, 1).into_iter().collect();
    }
    let mut dues: Vec<Due> = Vec::new();
    for (period, amount) in periods.iter().zip(amounts) {
        let Some((to_on, amount)) = cut(period, amount, contract.last_on) else { break };
        dues.push(due(contract, number(dues.len()), (period.from, to_on), amount));
    }
    let last = principal(contract, number(dues.len()));
    dues.into_iter().chain(last).collect()
}

/// The number of what comes after so many.
fn number(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX).saturating_add(1)
}

fn due(
    contract: &Model,
    number: i32,
    (from_on, to_on): (NaiveDate, NaiveDate),
    amount: Money,
) -> Due {
    let is_claim = contract.kind.is_claim();
    let kind = if is_claim { contract_due::Kind::Interest } else { contract_due::Kind::Rent };
    let day = match contract.timing {
        Timing::Advance => from_on,
        Timing::Arrears => to_on,
    };
    let due_on = days_after(day, contract.due_days);
    Due { contract_id: contract.id, number, kind, from_on, to_on, due_on, amount }
}

/// What was lent is given back on the last day.
fn principal(contract: &Model, number: i32) -> Option<Due> {
    (contract.kind == Kind::Debt && contract.principal > Money::ZERO).then_some(Due {
        contract_id: contract.id,
        number,
        kind: contract_due::Kind::Principal,
        from_on: contract.starts_on,
        to_on: contract.last_on,
        due_on: contract.last_on,
        amount: contract.principal,
    })
}

fn periods(contract: &Model) -> Vec<Period> {
    let step = contract.rhythm.months();
    let begins = |months: u32| contract.starts_on.checked_add_months(Months::new(months));
    let period = |place: u32| {
        let months_before = place * step;
        let from = begins(months_before)?;
        let whole_to = begins(months_before + step)?.pred_opt()?;
        let to = whole_to.min(contract.ends_on);
        (from <= contract.ends_on).then_some(Period { months_before, from, to, whole_to })
    };
    (0..limits::CONTRACT_YEARS * YEAR / step).map_while(period).collect()
}

/// What each period comes to: every year of the contract is divided by itself.
fn amounts(contract: &Model, periods: &[Period]) -> Vec<Money> {
    let step = contract.rhythm.months();
    let n_of_year = usize::try_from(YEAR / step).unwrap_or(1);
    let mut amounts = Vec::with_capacity(periods.len());
    for (year, periods) in (1..).zip(periods.chunks(n_of_year)) {
        let whole = rent::of_year(contract, year).unwrap_or(Money::ZERO);
        let weights = weights(contract, periods);
        let parts = by_weight(whole, &weights).unwrap_or_default();
        let nothing = std::iter::repeat(Money::ZERO);
        amounts.extend(parts.into_iter().chain(nothing).take(periods.len()));
    }
    amounts
}

/// How much each period of a year weighs, and at the end all of the year for which nothing is paid.
fn weights(contract: &Model, periods: &[Period]) -> Vec<u64> {
    // only the last may be short: a month weighs as many as it would have days
    let scale = periods.last().map_or(1, |period| n_days(period.from, period.whole_to));
    let mut weights: Vec<u64> =
        periods.iter().map(|period| weight(contract, period, scale)).collect();
    let rest = (u64::from(YEAR) * scale).saturating_sub(weights.iter().sum());
    weights.push(rest);
    weights
}

fn weight(contract: &Model, period: &Period, scale: u64) -> u64 {
    let step = contract.rhythm.months();
    let free = u32::try_from(contract.free_months).unwrap_or(0);
    if period.to == period.whole_to {
        let free_here = free.saturating_sub(period.months_before).min(step);
        return u64::from(step - free_here) * scale;
    }
    let free_until = contract.starts_on.checked_add_months(Months::new(free));
    let paid_from = free_until.map_or(period.from, |day| day.max(period.from));
    // as many days as are paid, of those that it would have, for each of its months
    u64::from(step) * n_days(paid_from, period.to)
}

/// How far a period goes and what it comes to by the last day of its contract; none behind that day.
fn cut(period: &Period, amount: Money, last_on: NaiveDate) -> Option<(NaiveDate, Money)> {
    if last_on < period.from {
        return None;
    }
    if period.to <= last_on {
        return Some((period.to, amount));
    }
    let kept = n_days(period.from, last_on);
    let dropped = n_days(period.from, period.to) - kept;
    let parts = by_weight(amount, &[kept, dropped]).unwrap_or_default();
    Some((last_on, parts.first().copied().unwrap_or(Money::ZERO)))
}
