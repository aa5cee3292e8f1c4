//! Registering, amending, correcting, re-classing and handing over an asset
//! (国办函〔2021〕51号; domain.md §1.1, §2).

mod card;
pub mod code;
pub mod division;
pub mod filled;
pub mod likeness;

pub use card::{FIELDS, blank};

use chrono::{Datelike, NaiveDate};
use entity::{
    asset::{Class, Form, Model, State, Subclass, UseState, Valuation},
    language::Sentence,
    money::Money,
};

use super::{
    field::{Change, Value},
    mistake::{Mistake, Mistakes},
    refusal::Refusal,
};
use crate::limits;

/// One yuan: what an asset of nominal value stands at (domain.md §6).
pub const NOMINAL: Money = Money::from_fen(100);

/// How much of a card must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// A new asset registered by hand: everything its class needs.
    Whole,
    /// A row of an old sheet: a name, a class and an area; what is missing becomes a finding.
    TakeOn,
}

/// A field that a complete card needs, and the cards that need it.
struct Needed {
    field: &'static str,
    by: fn(&Model) -> bool,
}

/// What a complete card needs (domain.md §2; ux.md §3.5).
const NEEDED: &[Needed] = &[
    Needed { field: "subclass", by: |_| true },
    Needed { field: "original_value", by: |_| true },
    Needed { field: "acquired_on", by: |_| true },
    Needed { field: "location", by: |asset| !asset.form.is_claim() },
    Needed { field: "quantity", by: |asset| !asset.form.is_claim() },
    Needed { field: "unit", by: |asset| !asset.form.is_claim() },
    Needed { field: "rate_bp", by: |asset| asset.form.is_claim() },
    Needed { field: "ends_on", by: |asset| matches!(asset.form, Form::Debt | Form::Fund) },
];

/// Days that follow one another (domain.md §2.4): field, label, day.
fn days_in_order(
    asset: &Model,
) -> [(&'static str, &'static str, &'static str, Option<NaiveDate>); 4] {
    [
        ("started_on", "开工日期", "day work started", asset.started_on),
        ("completed_on", "完工日期", "day of completion", asset.completed_on),
        ("accepted_on", "竣工验收日期", "day of acceptance", asset.accepted_on),
        ("handed_over_on", "移交日期", "day of handover", asset.handed_over_on),
    ]
}

/// The form a subclass implies, for cards that do not say.
pub fn implied_form(subclass: Option<Subclass>) -> Form {
    match subclass {
        Some(Subclass::Equity) => Form::Equity,
        Some(Subclass::Debt) => Form::Debt,
        Some(Subclass::InvestmentFund) => Form::Fund,
        Some(Subclass::Livestock) => Form::Biological,
        _ => Form::Fixed,
    }
}

/// What is wrong with a card, whoever brings it.
pub fn check(asset: &Model, completeness: Completeness, today: NaiveDate) -> Mistakes {
    let mut mistakes = Mistakes::default();
    check_identity(asset, &mut mistakes);
    check_money(asset, &mut mistakes);
    check_days(asset, today, &mut mistakes);
    check_form(asset, &mut mistakes);
    if completeness == Completeness::Whole {
        check_needed(asset, &mut mistakes);
    }
    mistakes
}

fn check_identity(asset: &Model, mistakes: &mut Mistakes) {
    let length = asset.name.chars().count();
    let fits = (1..=limits::NAME_LENGTH).contains(&length);
    mistakes.require(
        fits,
        "name",
        || asset.name.clone(),
        "名称应为 1 至 100 字",
        "a name of 1 to 100 characters",
    );
    let acceptable = asset.code.is_empty() || code::is_acceptable(&asset.code);
    mistakes.require(
        acceptable,
        "code",
        || asset.code.clone(),
        "编号应为 1 至 32 位字母、数字或 -_./，校验位须正确；留空则自动编号",
        "1 to 32 letters, digits or -_./ with a right check digit; leave it empty to have one made",
    );
    if let Some(subclass) = asset.subclass.filter(|subclass| subclass.class() != asset.class) {
        let refusal =
            Refusal::subclass_of_other_class(asset.class.label().zh, asset.class.label().en);
        mistakes.push(Mistake::new("subclass", subclass.label().zh, refusal.sentence));
    }
    let in_range = asset.latitude.is_none_or(entity::measure::Coordinate::is_latitude);
    mistakes.require(
        in_range,
        "latitude",
        String::new,
        "纬度应在 -90 至 90 之间",
        "a latitude from -90 to 90",
    );
}

fn check_money(asset: &Model, mistakes: &mut Mistakes) {
    let amounts = [
        ("budget", asset.budget),
        ("contract_amount", asset.contract_amount),
        ("final_account", asset.final_account),
        ("audit_cut", asset.audit_cut),
        ("original_value", asset.original_value),
    ];
    for (field, amount) in amounts {
        let fits = amount.is_none_or(|amount| amount >= Money::ZERO);
        mistakes.require(
            fits,
            field,
            || show(amount),
            "金额不能为负",
            "an amount may not be negative",
        );
    }
    let nominal = asset.valuation != Some(Valuation::Nominal)
        || asset.original_value.is_none_or(|value| value == NOMINAL);
    mistakes.require(
        nominal,
        "original_value",
        || show(asset.original_value),
        "名义金额计价的资产原值为 1 元",
        "an asset at nominal value stands at 1 yuan",
    );
    let residual = asset.residual_bp.is_none_or(|residual| (0..=10_000).contains(&residual));
    mistakes.require(
        residual,
        "residual_bp",
        String::new,
        "残值率应为 0 至 10000",
        "0 to 10,000 basis points",
    );
}

fn show(amount: Option<Money>) -> String {
    amount.map(|amount| amount.to_string()).unwrap_or_default()
}

fn check_days(asset: &Model, today: NaiveDate, mistakes: &mut Mistakes) {
    let mut last: Option<(&str, &str, NaiveDate)> = None;
    for (field, zh, en, day) in days_in_order(asset) {
        let Some(day) = day else { continue };
        if let Some((zh, en, before)) = last.filter(|(_, _, before)| day < *before) {
            let refusal = Refusal::day_before(zh, en, before);
            mistakes.push(Mistake::new(field, &day.to_string(), refusal.sentence));
        }
        if day > today {
            mistakes.push(Mistake::new(
                field,
                &day.to_string(),
                Refusal::day_in_future(day).sentence,
            ));
        }
        last = Some((zh, en, day));
    }
    for (field, year) in [("built_year", asset.built_year), ("project_year", asset.project_year)] {
        let fits = year.is_none_or(|year| (1900..=today.year()).contains(&year));
        mistakes.require(
            fits,
            field,
            || year.map(|year| year.to_string()).unwrap_or_default(),
            "年份应在 1900 年至今年之间",
            "a year from 1900 to this year",
        );
    }
}

/// Equity and debt have a debtor, a rate and an end; other assets have none of them.
fn check_form(asset: &Model, mistakes: &mut Mistakes) {
    let implied = implied_form(asset.subclass);
    let agrees = asset.subclass.is_none() || implied.is_claim() == asset.form.is_claim();
    mistakes.require(
        agrees,
        "form",
        || asset.form.label().zh.to_owned(),
        "资产形态与子类不符",
        "the form does not fit the subclass",
    );
    let only_claims = asset.form.is_claim()
        || (asset.debtor_id.is_none() && asset.rate_bp.is_none() && asset.ends_on.is_none());
    mistakes.require(
        only_claims,
        "rate_bp",
        String::new,
        "只有股权、债权和基金才有债务人、收益率和到期日",
        "only equity, debt and fund shares have a debtor, a rate and an end",
    );
    let idle = asset.idle_since.is_none()
        || matches!(
            asset.use_state,
            Some(UseState::Idle | UseState::LowYield | UseState::OutOfUse)
        );
    mistakes.require(
        idle,
        "idle_since",
        || asset.idle_since.map(|day| day.to_string()).unwrap_or_default(),
        "使用状态为闲置、低效或停用时才填闲置起始日",
        "only an asset that is idle, low-yield or out of use has a day since which it is so",
    );
}

fn check_needed(asset: &Model, mistakes: &mut Mistakes) {
    for needed in NEEDED.iter().filter(|needed| (needed.by)(asset)) {
        let Some(field) = super::field::field(FIELDS, needed.field) else { continue };
        if (field.get)(asset) == Value::Empty {
            mistakes.push(Mistake::missing(field.name, field.label));
        }
    }
    if asset.form.is_claim() && asset.debtor_id.is_none() {
        mistakes.push(Mistake::missing("debtor", entity::language::Label::new("债务人", "debtor")));
    }
}

/// What looks wrong without being impossible; it never blocks.
pub fn warnings(asset: &Model) -> Vec<(&'static str, Sentence)> {
    let mut warnings = Vec::new();
    if let (Some(value), Some(account)) = (asset.original_value, asset.final_account)
        && value > account
    {
        let (zh, en) = ("资产原值大于竣工决算金额", "the original value exceeds the final account");
        warnings.push(("original_value", Sentence::new(zh, en)));
    }
    if let Some(value) = asset.original_value.filter(|value| is_suspicious(*value, asset.valuation))
    {
        warnings.push((
            "original_value",
            Sentence::new(
                format!("原值 {value} 元，请核对单位是元还是万元"),
                format!("an original value of {value} yuan: is the unit yuan or 10,000 yuan?"),
            ),
        ));
    }
    if let (Some(year), Some(recorded)) = (asset.built_year, asset.recorded_on)
        && recorded.year() < year
    {
        let (zh, en) = ("登记日期早于建成年份", "recorded before the year it was built");
        warnings.push(("recorded_on", Sentence::new(zh, en)));
    }
    warnings
}

/// Below 100 yuan or above a thousand million: more often a wrong unit than an asset.
fn is_suspicious(value: Money, valuation: Option<Valuation>) -> bool {
    let nominal = valuation == Some(Valuation::Nominal);
    (value < Money::from_fen(10_000) && !nominal) || value > Money::from_fen(100_000_000_000)
}

/// The year that goes into the code of an asset.
pub fn code_year(asset: &Model, today: NaiveDate) -> i32 {
    asset
        .project_year
        .or(asset.acquired_on.map(|day| day.year()))
        .or(asset.built_year)
        .unwrap_or_else(|| today.year())
}

/// An amendment: the next row, with ordinary fields changed.
pub fn amend(before: &Model, after: Model, today: NaiveDate) -> Result<Model, AmendError> {
    held(before)?;
    changed_by(before, &after, &[Change::Amend])?;
    checked(before, after, today)
}

/// A correction of what was recorded wrongly; a reason is kept in the log.
pub fn correct(
    before: &Model,
    after: Model,
    reason: &str,
    today: NaiveDate,
) -> Result<Model, AmendError> {
    held(before)?;
    reasoned(reason)?;
    changed_by(before, &after, &[Change::Amend, Change::Correct])?;
    checked(before, after, today)
}

/// Why an amendment is not taken.
#[derive(Debug)]
pub enum AmendError {
    /// A rule says no.
    Refused(Refusal),
    /// The new values cannot be taken.
    Invalid(Mistakes),
}

impl From<Refusal> for AmendError {
    fn from(refusal: Refusal) -> AmendError {
        AmendError::Refused(refusal)
    }
}

impl From<AmendError> for crate::error::Error {
    fn from(error: AmendError) -> Self {
        match error {
            AmendError::Refused(refusal) => refusal.into(),
            AmendError::Invalid(mistakes) => mistakes.into(),
        }
    }
}

/// Refuses unless the asset is on the books.
pub fn held(asset: &Model) -> Result<(), Refusal> {
    match asset.state {
        State::Held => Ok(()),
        State::Replaced | State::Disposed | State::Void => {
            Err(Refusal::asset_not_held(asset.state))
        }
    }
}

/// Refuses a reason that is missing or too long.
pub fn reasoned(reason: &str) -> Result<(), Refusal> {
    match reason.trim().chars().count() {
        0 => Err(Refusal::reason_missing()),
        length if length > limits::REASON_LENGTH => {
            Err(Refusal::reason_too_long(limits::REASON_LENGTH))
        }
        _ => Ok(()),
    }
}

fn changed_by(before: &Model, after: &Model, allowed: &[Change]) -> Result<(), Refusal> {
    if before == after {
        return Err(Refusal::nothing_changed());
    }
    for field in FIELDS {
        if (field.get)(before) == (field.get)(after) || allowed.contains(&field.change) {
            continue;
        }
        let (zh, en) = (field.label.zh, field.label.en);
        return Err(match field.change {
            Change::Correct => Refusal::field_needs_correction(zh, en),
            Change::Amend | Change::Fixed => Refusal::field_fixed(zh, en),
        });
    }
    let moved = before.area_code.county() != after.area_code.county();
    let identity = (before.id, before.parent_id) != (after.id, after.parent_id);
    if moved || identity {
        return Err(Refusal::field_fixed("所在区划", "area"));
    }
    Ok(())
}

fn checked(before: &Model, after: Model, today: NaiveDate) -> Result<Model, AmendError> {
    let mistakes = check(&after, Completeness::TakeOn, today);
    if !mistakes.is_empty() {
        return Err(AmendError::Invalid(mistakes));
    }
    Ok(Model { version: before.version, ..after })
}

/// Puts an asset into another class or subclass, with a reason (重分类, domain.md §2.9).
pub fn reclass(
    asset: &Model,
    class: Class,
    subclass: Option<Subclass>,
    reason: &str,
) -> Result<Model, Refusal> {
    held(asset)?;
    reasoned(reason)?;
    if (asset.class, asset.subclass) == (class, subclass) {
        return Err(Refusal::nothing_changed());
    }
    if subclass.is_some_and(|subclass| subclass.class() != class) {
        return Err(Refusal::subclass_of_other_class(class.label().zh, class.label().en));
    }
    let form = if implied_form(subclass).is_claim() == asset.form.is_claim() {
        asset.form
    } else {
        implied_form(subclass)
    };
    let (debtor_id, rate_bp, ends_on) = if form.is_claim() {
        (asset.debtor_id, asset.rate_bp, asset.ends_on)
    } else {
        (None, None, None)
    };
    Ok(Model { class, subclass, form, debtor_id, rate_bp, ends_on, ..asset.clone() })
}

/// Hands an asset over to its owner, by a document and on a day (移交, domain.md §2.4).
pub fn hand_over(
    asset: &Model,
    on: NaiveDate,
    document_no: Option<String>,
    today: NaiveDate,
) -> Result<Model, Refusal> {
    held(asset)?;
    if let Some(on) = asset.handed_over_on {
        return Err(Refusal::handed_over_already(on));
    }
    if on > today {
        return Err(Refusal::day_in_future(on));
    }
    let before = [
        ("竣工验收日期", "day of acceptance", asset.accepted_on),
        ("完工日期", "day of completion", asset.completed_on),
        ("开工日期", "day work started", asset.started_on),
    ];
    for (zh, en, day) in before {
        if let Some(day) = day.filter(|day| on < *day) {
            return Err(Refusal::day_before(zh, en, day));
        }
    }
    let handover_no = document_no.or_else(|| asset.handover_no.clone());
    Ok(Model { handed_over_on: Some(on), handover_no, ..asset.clone() })
}

#[cfg(test)]
mod tests;
