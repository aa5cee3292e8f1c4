//! 合同: who operates an asset, for how much, and what that asks to be paid (domain.md §2.7).

pub mod rent;
pub mod schedule;

use chrono::{DateTime, Days, Months, NaiveDate};
use entity::{
    asset,
    contract::{Kind, Model, Rhythm, Steps, Timing},
    id::ContractId,
    language::Sentence,
    money::Money,
};

use super::{
    asset::{held, reasoned},
    field::{Change, Field},
    mistake::{Mistake, Mistakes},
    refusal::Refusal,
    title::Party,
};
use crate::{fields, limits};

fields! {
    /// The fields of a contract.
    pub FIELDS of Model {
        kind: Kind = "经营方式" "way of operating" Fixed;
        contract_no: String = "合同编号" "contract number" Amend;
        signed_on: NaiveDate = "签订日期" "signed on" Amend;
        starts_on: NaiveDate = "合同起始日" "first day" Amend;
        ends_on: NaiveDate = "合同截止日" "last day agreed" Amend;
        platform: Option<String> = "交易平台" "trading platform" Amend;
        decision: Option<String> = "决策依据" "decision" Amend;
        decided_on: Option<NaiveDate> = "决策日期" "decided on" Amend;
        deposit: Money = "押金" "deposit" Amend;
        rhythm: Rhythm = "付款方式" "how often is paid" Amend;
        timing: Timing = "先付或后付" "in advance or in arrears" Amend;
        due_days: i32 = "付款宽限（天）" "days to pay" Amend;
        yearly_rent: Money = "年租金" "yearly rent" Amend;
        steps: Steps = "递增规则" "steps of the rent" Amend;
        free_months: i32 = "免租期（月）" "months without rent" Amend;
        share_bp: i32 = "收入分成（万分之）" "share of revenue (basis points)" Amend;
        principal: Money = "本金" "principal" Amend;
        rate_bp: i32 = "年利率（万分之）" "yearly rate (basis points)" Amend;
        last_on: NaiveDate = "最后一日" "last day" Fixed;
        end_reason: Option<String> = "提前终止理由" "why it was ended early" Fixed;
    }
}

/// What nobody concludes a contract without saying.
pub const NEEDED: [&str; 5] = ["kind", "contract_no", "signed_on", "starts_on", "ends_on"];

/// A contract of an asset of which nothing is known: a lease of a year.
pub fn blank(asset: &asset::Model, today: NaiveDate) -> Model {
    let year = today.checked_add_months(Months::new(12));
    let ends_on = year.and_then(|day| day.pred_opt()).unwrap_or(today);
    Model {
        id: ContractId(0),
        area_code: asset.area_code,
        asset_id: asset.id,
        kind: Kind::Lease,
        contract_no: String::new(),
        organization_id: None,
        person_id: None,
        signed_on: today,
        starts_on: today,
        ends_on,
        platform: None,
        decision: None,
        decided_on: None,
        deposit: Money::ZERO,
        rhythm: Rhythm::Yearly,
        timing: Timing::Advance,
        due_days: 0,
        yearly_rent: Money::ZERO,
        steps: Steps::default(),
        free_months: 0,
        share_bp: 0,
        principal: Money::ZERO,
        rate_bp: 0,
        last_on: ends_on,
        end_reason: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// Who pays.
pub fn payer(contract: &Model) -> Option<Party> {
    Party::of(contract.organization_id, contract.person_id)
}

/// The contract with whoever pays.
pub fn paid_by(contract: Model, payer: Option<Party>) -> Model {
    let (organization_id, person_id) = payer.map_or((None, None), Party::columns);
    Model { organization_id, person_id, ..contract }
}

/// What is wrong with the terms of a contract.
pub fn check(contract: &Model) -> Mistakes {
    let mut mistakes = Mistakes::default();
    check_texts(contract, &mut mistakes);
    check_term(contract, &mut mistakes);
    check_payer(contract, &mut mistakes);
    rent::check(contract, &mut mistakes);
    mistakes
}

fn check_texts(contract: &Model, mistakes: &mut Mistakes) {
    let most = limits::CONTRACT_NO_LENGTH;
    mistakes.require(
        (1..=most).contains(&contract.contract_no.trim().chars().count()),
        "contract_no",
        || contract.contract_no.clone(),
        &format!("合同编号应为 1 至 {most} 字"),
        &format!("a contract number of 1 to {most} characters"),
    );
    let most = limits::CONTRACT_TEXT_LENGTH;
    for (field, text) in [("platform", &contract.platform), ("decision", &contract.decision)] {
        let length = text.as_deref().unwrap_or_default().chars().count();
        mistakes.require(
            length <= most,
            field,
            || text.clone().unwrap_or_default(),
            &format!("不能超过 {most} 字"),
            &format!("at most {most} characters"),
        );
    }
}

fn check_term(contract: &Model, mistakes: &mut Mistakes) {
    if contract.ends_on < contract.starts_on {
        let expected = Sentence::new("不早于合同起始日", "not before the first day");
        mistakes.push(Mistake::new("ends_on", &contract.ends_on.to_string(), expected));
        return;
    }
    let years = limits::CONTRACT_YEARS;
    let full = contract.starts_on.checked_add_months(Months::new(years * 12));
    mistakes.require(
        full.is_some_and(|full| contract.ends_on < full),
        "ends_on",
        || contract.ends_on.to_string(),
        &format!("合同期限不能超过 {years} 年"),
        &format!("a term of at most {years} years"),
    );
}

/// Somebody pays, unless the owner operates the asset.
fn check_payer(contract: &Model, mistakes: &mut Mistakes) {
    let is_own = contract.kind == Kind::Own;
    let (zh, en) = if is_own {
        ("自营没有付款方", "nobody pays where the owner operates it")
    } else {
        ("应写明谁付款：单位或个人", "who pays: an organization or a person")
    };
    mistakes.require(payer(contract).is_none() == is_own, "payer", String::new, zh, en);
}

/// Refuses a contract of an asset that has left the books, a number that another contract of it has,
/// and one contract more than it may have.
pub fn conclude(asset: &asset::Model, contract: &Model, others: &[Model]) -> Result<(), Refusal> {
    held(asset)?;
    if others.len() >= limits::CONTRACTS_PER_ASSET {
        return Err(Refusal::contracts_full(limits::CONTRACTS_PER_ASSET));
    }
    numbered_once(contract, others)
}

fn numbered_once(contract: &Model, others: &[Model]) -> Result<(), Refusal> {
    let is_taken =
        |other: &Model| other.id != contract.id && other.contract_no == contract.contract_no;
    if others.iter().any(is_taken) { Err(Refusal::contract_number_taken()) } else { Ok(()) }
}

/// A contract that is not over, nor was ended.
pub fn running(contract: &Model, today: NaiveDate) -> Result<(), Refusal> {
    if contract.end_reason.is_some() || contract.last_on < today {
        return Err(Refusal::contract_over(contract.last_on));
    }
    Ok(())
}

/// The contract with what is derived from its terms; to be stored.
pub fn settled(contract: Model) -> Model {
    let last_on = if contract.end_reason.is_some() { contract.last_on } else { contract.ends_on };
    Model { last_on, contract_no: contract.contract_no.trim().to_owned(), ..contract }
}

/// The contract amended: what is over stays as it is, and so does who pays for what kind of contract.
pub fn amend(
    before: &Model,
    after: Model,
    others: &[Model],
    today: NaiveDate,
) -> Result<Model, Refusal> {
    running(before, today)?;
    let is_touched = |field: &&Field<Model>| (field.get)(before) != (field.get)(&after);
    let fixed = FIELDS.iter().filter(|field| field.change == Change::Fixed).find(is_touched);
    if let Some(field) = fixed {
        return Err(Refusal::field_fixed(field.label.zh, field.label.en));
    }
    if payer(before) != payer(&after) {
        return Err(Refusal::field_fixed("付款方", "payer"));
    }
    let next = settled(after);
    if *before == next {
        return Err(Refusal::nothing_changed());
    }
    numbered_once(&next, others)?;
    Ok(next)
}

/// The contract ended on a day within its term, for a reason.
pub fn end(
    contract: &Model,
    on: NaiveDate,
    reason: &str,
    today: NaiveDate,
) -> Result<Model, Refusal> {
    running(contract, today)?;
    reasoned(reason)?;
    if on < contract.starts_on || contract.ends_on < on {
        return Err(Refusal::contract_end_outside(contract.starts_on, contract.ends_on));
    }
    Ok(Model { last_on: on, end_reason: Some(reason.trim().to_owned()), ..contract.clone() })
}

/// Days of a span, its first and its last one included.
fn n_days(from: NaiveDate, to: NaiveDate) -> u64 {
    u64::try_from((to - from).num_days() + 1).unwrap_or(0)
}

/// The day so many days after another.
fn days_after(day: NaiveDate, days: i32) -> NaiveDate {
    let days = Days::new(u64::try_from(days).unwrap_or(0));
    day.checked_add_days(days).unwrap_or(day)
}

#[cfg(test)]
mod tests;
