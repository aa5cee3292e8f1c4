//! 管护资金: what was received for upkeep and what of it is set aside (domain.md §2.6). What is not set
//! aside is the balance, and the balance never goes below zero.

use chrono::{DateTime, Datelike, NaiveDate};
use entity::{
    area::{AreaCode, Level},
    id::UpkeepFundId,
    money::Money,
    upkeep_fund::{Model, Source},
};

use super::{
    budget::is_year,
    field::Change,
    mistake::{Mistake, Mistakes},
    refusal::Refusal,
};
use crate::{fields, limits};

fields! {
    /// The fields of a fund.
    pub FIELDS of Model {
        source: Source = "资金来源" "source" Amend;
        year: i32 = "年度" "year" Fixed;
        document_no: Option<String> = "资金文号" "document number" Amend;
        received: Money = "到账金额" "amount received" Amend;
        set_aside: Money = "已安排" "set aside" Fixed;
        note: Option<String> = "说明" "note" Amend;
    }
}

/// A fund of which nothing is known but who holds it and the year.
pub fn blank(area_code: AreaCode, year: i32) -> Model {
    Model {
        id: UpkeepFundId(0),
        area_code,
        source: Source::County,
        year,
        document_no: None,
        note: None,
        received: Money::ZERO,
        set_aside: Money::ZERO,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// What is wrong with a fund.
pub fn check(fund: &Model, today: NaiveDate) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let is_held = fund.area_code.level() >= Level::County;
    mistakes.require(
        is_held,
        "area_code",
        || fund.area_code.to_string(),
        "资金由县、乡镇或村持有",
        "a county, a town or a village holds a fund",
    );
    if !is_year(fund.year, today) {
        mistakes.push(year_mistake("year", fund.year, today));
    }
    let is_some = fund.received > Money::ZERO;
    mistakes.require(
        is_some,
        "received",
        || fund.received.to_string(),
        "到账金额应大于零",
        "an amount above zero",
    );
    for (field, text) in [("document_no", &fund.document_no), ("note", &fund.note)] {
        let most = limits::FUND_TEXT_LENGTH;
        let is_long = text.as_ref().is_some_and(|text| text.chars().count() > most);
        mistakes.require(
            !is_long,
            field,
            || text.clone().unwrap_or_default(),
            "不能超过 200 字",
            "at most 200 characters",
        );
    }
    mistakes
}

/// What to say of a year that no fund and no budget has.
pub fn year_mistake(field: &'static str, found: i32, today: NaiveDate) -> Mistake {
    let (first, last) = (limits::FIRST_BUDGET_YEAR, today.year() + 1);
    let expected = entity::language::Sentence::new(
        format!("年度应为 {first} 至 {last}"),
        format!("a year from {first} to {last}"),
    );
    Mistake::new(field, &found.to_string(), expected)
}

/// Refuses an amendment that changes nothing or what is fixed, and one below what is set aside.
pub fn amend(before: &Model, after: &Model) -> Result<(), Refusal> {
    if before == after {
        return Err(Refusal::nothing_changed());
    }
    let fixed = FIELDS
        .iter()
        .find(|field| field.change == Change::Fixed && (field.get)(before) != (field.get)(after));
    if let Some(field) = fixed {
        return Err(Refusal::field_fixed(field.label.zh, field.label.en));
    }
    // budgets repeat where their money comes from
    if after.source != before.source && before.set_aside > Money::ZERO {
        return Err(Refusal::field_fixed("资金来源", "source"));
    }
    if after.received < before.set_aside {
        return Err(Refusal::fund_below_set_aside(after.received, before.set_aside));
    }
    Ok(())
}

/// Sets money aside, or gives some back where the amount is below zero.
pub fn draw(fund: &Model, amount: Money) -> Result<Model, Refusal> {
    let short = || Refusal::fund_short(amount, fund.balance());
    let set_aside = fund.set_aside.checked_add(amount).ok_or_else(short)?;
    if set_aside > fund.received || set_aside.is_negative() {
        return Err(short());
    }
    Ok(Model { set_aside, ..fund.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day")
    }

    fn fund(received: i64, set_aside: i64) -> Model {
        Model {
            received: Money::from_fen(received),
            set_aside: Money::from_fen(set_aside),
            ..blank("520381000000".parse().expect("a code"), 2026)
        }
    }

    #[test]
    fn the_balance_never_goes_below_zero() {
        let drawn = |fund: &Model, fen| draw(fund, Money::from_fen(fen));
        let fund = fund(100, 60);
        assert_eq!(drawn(&fund, 40).map(|fund| fund.balance()), Ok(Money::ZERO));
        let refused = drawn(&fund, 41).expect_err("a fen too much");
        assert_eq!(refused.code, "fund.short");
        assert!(refused.sentence.zh.contains("0.40"), "{}", refused.sentence.zh);
        assert_eq!(drawn(&fund, -60).map(|fund| fund.set_aside), Ok(Money::ZERO));
        assert!(drawn(&fund, -61).is_err());
        assert!(draw(&fund, Money::MAX).is_err());
    }

    #[test]
    fn what_was_received_is_amended_down_to_what_is_set_aside_and_no_further() {
        let before = fund(100, 60);
        let to = |fen| Model { received: Money::from_fen(fen), ..before.clone() };
        assert_eq!(amend(&before, &to(60)), Ok(()));
        assert_eq!(amend(&before, &to(59)).map_err(|one| one.code), Err("fund.below_set_aside"));
        assert_eq!(amend(&before, &before).map_err(|one| one.code), Err("row.nothing_changed"));
        let other = Model { source: Source::Fees, ..before.clone() };
        assert_eq!(amend(&before, &other).map_err(|one| one.code), Err("asset.field_fixed"));
        assert_eq!(amend(&fund(100, 0), &Model { source: Source::Fees, ..fund(100, 0) }), Ok(()));
        let later = Model { year: 2027, ..before.clone() };
        assert_eq!(amend(&before, &later).map_err(|one| one.code), Err("asset.field_fixed"));
    }

    #[test]
    fn a_fund_has_a_holder_a_year_and_an_amount() {
        let wrong = |fund: &Model| -> Vec<String> {
            check(fund, day()).0.into_iter().map(|one| one.field.into_owned()).collect()
        };
        assert!(wrong(&fund(1, 0)).is_empty());
        assert_eq!(wrong(&fund(0, 0)), ["received"]);
        let first = limits::FIRST_BUDGET_YEAR;
        for (year, fits) in [(first, true), (first - 1, false), (2027, true), (2028, false)] {
            assert_eq!(wrong(&Model { year, ..fund(1, 0) }).is_empty(), fits, "{year}");
        }
        let prefecture = "520300000000".parse().expect("a code");
        assert_eq!(wrong(&Model { area_code: prefecture, ..fund(1, 0) }), ["area_code"]);
        let most = limits::FUND_TEXT_LENGTH;
        let noted = |n| Model { note: Some("注".repeat(n)), ..fund(1, 0) };
        assert!(wrong(&noted(most)).is_empty());
        assert_eq!(wrong(&noted(most + 1)), ["note"]);
    }
}
