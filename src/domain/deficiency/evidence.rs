//! What a rule looked at: the fields of the asset that made it say what it says.

use chrono::NaiveDate;
use entity::{duty::Kind, finding::Rule, language::Label, money::Money};

use super::{
    AssetFacts, exists_since,
    rules::{budget_of, running},
};
use crate::domain::{
    asset as cards, contract as contracts, discrepancy as discrepancies, duty as duties,
    field::{Field, Value, field},
    revival as revivals, title as titles,
};

/// One field, and what it says.
pub type Fact = (Label, Value);

/// The fields of the card that a rule looks at.
const fn of_card(rule: Rule) -> &'static [&'static str] {
    match rule {
        Rule::NoMaintainer | Rule::MaintainerUnknown => &["form", "maintainer_answer"],
        Rule::NoKeeper | Rule::DutyExpired | Rule::NoStandard => &["class", "form"],
        Rule::Unfunded => &["class", "subclass"],
        Rule::TitleUnconfirmed
        | Rule::NoCertificate
        | Rule::TitleDisputed
        | Rule::NoContract
        | Rule::ContractEnded
        | Rule::TermTooLong => &["use_state"],
        Rule::NotHandedOver => &["form", "use_state", "accepted_on", "handed_over_on"],
        Rule::FundingGap => &["original_value", "valuation"],
        Rule::NoFinalAccount => &["accepted_on", "final_account"],
        Rule::Idle | Rule::LowYield => &["use_state", "idle_since"],
        Rule::IdleAtOnce => {
            &["use_state", "idle_since", "accepted_on", "completed_on", "acquired_on"]
        }
        Rule::Differs => &["use_state", "condition"],
        Rule::Unbooked => &["booked_on", "voucher_no"],
        Rule::Duplicate => &["class", "subclass", "original_value", "location"],
        Rule::InspectionOverdue => &["subclass", "condition", "use_state"],
        Rule::Damaged => &["condition"],
    }
}

/// The fields of the maintainer's duty that a rule looks at.
const fn of_duty(rule: Rule) -> &'static [&'static str] {
    match rule {
        Rule::NoKeeper => &["from_on"],
        Rule::Unfunded => &["annual_budget", "is_funded"],
        Rule::NoStandard => &["standard"],
        Rule::InspectionOverdue => &["from_on", "interval_days"],
        _ => &[],
    }
}

/// The fields of the title that a rule looks at.
const fn of_title(rule: Rule) -> &'static [&'static str] {
    match rule {
        Rule::TitleUnconfirmed | Rule::TitleDisputed => &["state"],
        Rule::NoCertificate => &["state", "confirmed_on", "certificate_no"],
        Rule::Unbooked => &["state", "tier", "confirmed_on"],
        _ => &[],
    }
}

fn told<R>(table: &'static [Field<R>], names: &[&str], row: &R) -> Vec<Fact> {
    let known = names.iter().filter_map(|name| field(table, name));
    known.map(|field| (field.label, (field.get)(row))).collect()
}

/// What a rule looks at of an asset on a day, whatever it says of it.
pub fn of(rule: Rule, facts: &AssetFacts<'_>, today: NaiveDate) -> Vec<Fact> {
    let card = facts.asset;
    let mut told_of = told(cards::FIELDS, of_card(rule), card);
    let since = Label::new("可知最早存在日", "known to be there since");
    told_of.push((since, Value::Date(exists_since(card))));
    match facts.title {
        Some(title) => told_of.extend(told(titles::FIELDS, of_title(rule), title)),
        None if of_title(rule).is_empty() => {}
        None => told_of.push((Label::new("确权登记", "title on record"), Value::Truth(false))),
    }
    match running(facts, Kind::Maintainer, today) {
        Some(duty) => told_of.extend(told(duties::FIELDS, of_duty(rule), duty)),
        None if of_duty(rule).is_empty() => {}
        None => {
            let label = Label::new("有管护主体", "somebody maintains it");
            told_of.push((label, Value::Truth(false)));
        }
    }
    if let Rule::NoMaintainer | Rule::NoKeeper | Rule::DutyExpired = rule {
        for kind in [Kind::Maintainer, Kind::Keeper] {
            let n = facts.duties.iter().filter(|duty| duty.kind == kind).count();
            let label = match kind {
                Kind::Maintainer => Label::new("管护主体登记次数", "maintainers recorded so far"),
                Kind::Keeper => Label::new("管护责任人登记次数", "keepers recorded so far"),
            };
            told_of.push((label, Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))));
        }
    }
    if rule == Rule::InspectionOverdue {
        let last = facts.upkeep.map_or(Value::Empty, |row| Value::Date(row.inspected_on));
        told_of.push((Label::new("上次巡查", "last inspected"), last));
    }
    if rule == Rule::Damaged {
        let live = facts.work_orders.iter().filter(|row| row.state.is_live());
        let due = live.clone().filter_map(|row| row.due_on).min();
        let n = i64::try_from(live.count()).unwrap_or(i64::MAX);
        told_of.push((Label::new("未办结工单", "open work orders"), Value::Integer(n)));
        let label = Label::new("最早的维修期限", "the earliest of their days");
        told_of.push((label, due.map_or(Value::Empty, Value::Date)));
    }
    if let Rule::Idle | Rule::LowYield | Rule::IdleAtOnce = rule {
        told_of.extend(of_revival(facts, today));
    }
    if let Rule::Differs | Rule::Duplicate = rule {
        told_of.extend(of_discrepancies(rule, facts));
    }
    if let Rule::NoContract | Rule::ContractEnded | Rule::TermTooLong = rule {
        told_of.extend(of_contracts(facts));
    }
    if rule == Rule::Unfunded {
        told_of.extend(of_budget(facts, today));
    }
    if rule == Rule::FundingGap {
        let sources = facts.funding.iter().filter(|row| !row.is_withdrawn);
        let sum = Money::total(sources.filter_map(|row| row.amount));
        let label = Label::new("资金来源合计（元）", "sources come to (yuan)");
        told_of.push((label, sum.map_or(Value::Empty, Value::Money)));
    }
    told_of
}

/// The plan that runs to bring the asset back into use: how, how far, by when, and whether it is late.
fn of_revival(facts: &AssetFacts<'_>, today: NaiveDate) -> Vec<Fact> {
    let which = Label::new("在办盘活方案", "a revival plan runs");
    let Some(plan) = facts.revivals.iter().find(|plan| plan.state.is_running()) else {
        return vec![(which, Value::Truth(false))];
    };
    let mut told_of = vec![(which, Value::Integer(plan.id.0))];
    told_of.extend(told(revivals::FIELDS, &["mode", "batch", "state", "target_on"], plan));
    let late = Label::new("方案已逾期", "the plan is late");
    told_of.push((late, Value::Truth(revivals::is_overdue(plan, today))));
    told_of
}

/// How many contracts there are, and the one that ends last.
fn of_contracts(facts: &AssetFacts<'_>) -> Vec<Fact> {
    let n = i64::try_from(facts.contracts.len()).unwrap_or(i64::MAX);
    let mut told_of = vec![(Label::new("登记的合同", "contracts on record"), Value::Integer(n))];
    if let Some(last) = facts.contracts.iter().max_by_key(|one| (one.last_on, one.id)) {
        let names = ["contract_no", "kind", "starts_on", "last_on"];
        told_of.extend(told(contracts::FIELDS, &names, last));
    }
    told_of
}

/// What speaks against the ledger, as it is on record.
fn of_discrepancies(rule: Rule, facts: &AssetFacts<'_>) -> Vec<Fact> {
    let open = facts.discrepancies.iter().filter(|row| discrepancies::is_of(row, rule));
    open.flat_map(|row| told(discrepancies::FIELDS, &["kind", "seen_state", "found_on"], row))
        .filter(|(_, value)| *value != Value::Empty)
        .collect()
}

/// The budget of the year out of which the asset is looked after: which one, from what, how much.
fn of_budget(facts: &AssetFacts<'_>, today: NaiveDate) -> Vec<Fact> {
    let which = Label::new("本年管护预算", "this year's budget for upkeep");
    let Some(budget) = budget_of(facts, today) else {
        return vec![(which, Value::Truth(false))];
    };
    let told = match (budget.asset_id, budget.subclass) {
        (Some(_), _) => Label::new("本资产的预算", "one of its own"),
        (None, Some(_)) => Label::new("所在村镇同类资产的预算", "one for its kind in its place"),
        (None, None) => Label::new("所在村镇的预算", "one of its place"),
    };
    vec![
        (which, Value::Coded(told)),
        (Label::new("预算编号", "number of the budget"), Value::Integer(budget.id.0)),
        (Label::new("预算资金来源", "source of the budget"), Value::Coded(budget.source.label())),
        (Label::new("预算金额（元）", "set aside (yuan)"), Value::Money(budget.set_aside)),
    ]
}
