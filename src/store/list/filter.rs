//! Filters: what a list may be narrowed by, and how the words of one are read.

use chrono::NaiveDate;
use entity::{
    language::{Label, Sentence},
    money::Money,
};
use sea_orm::{
    ColumnTrait, ColumnType, Condition, EntityTrait, Value,
    sea_query::{Expr, ExprTrait, Func},
};

use crate::{
    domain::{
        field::{FieldValue, Reading},
        mistake::Mistake,
    },
    limits,
};

/// One filter of a noun.
pub struct Filter<E: EntityTrait> {
    /// What the caller calls it.
    pub name: &'static str,
    /// What people call it.
    pub label: Label,
    /// What it takes.
    pub takes: Takes<E>,
}

/// How one value of a filter is read.
pub type Reader = fn(&str) -> Result<Value, Sentence>;

/// The condition of rows that other tables know by some values, on a day.
pub type BeyondCondition = fn(&[Value], NaiveDate) -> Condition;

/// What a filter takes.
pub enum Takes<E: EntityTrait> {
    /// Values of a column, with commas between: any of them.
    Any(E::Column, Reader),
    /// The least value of a column.
    From(E::Column, Reader),
    /// The greatest value of a column.
    To(E::Column, Reader),
    /// A year or a span of years, `2018` or `2016-2020`, of a column of days or of years.
    Years(E::Column),
    /// The least and the greatest value of a column with a hyphen between; either may be left out.
    Range(E::Column, Reader),
    /// Values that other tables know of, with commas between: any of them.
    Beyond(Reader, BeyondCondition),
    /// A year or a span of years that other tables know of: the condition is given both ends.
    YearsBeyond(BeyondCondition),
}

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub enum Narrowing<E: EntityTrait> {
    /// Rows with any of some values.
    Any(E::Column, Vec<Value>),
    /// Rows whose value lies between two, both included.
    Between(E::Column, Option<Value>, Option<Value>),
    /// Rows of which other tables know: the filter's name, the values, the condition.
    Beyond(&'static str, Vec<Value>, BeyondCondition),
}

impl<E: EntityTrait> Filter<E> {
    /// A filter.
    pub const fn new(name: &'static str, label: Label, takes: Takes<E>) -> Filter<E> {
        Filter { name, label, takes }
    }

    /// Reads what a caller asks for.
    pub(super) fn read(&self, text: &str) -> Result<Narrowing<E>, Mistake> {
        let wrong = |expected| Mistake::new(self.name, text, expected);
        match self.takes {
            Takes::Any(column, read) => {
                Ok(Narrowing::Any(column, values(text, read).map_err(wrong)?))
            }
            Takes::From(column, read) => {
                Ok(Narrowing::Between(column, Some(read(text).map_err(wrong)?), None))
            }
            Takes::To(column, read) => {
                Ok(Narrowing::Between(column, None, Some(read(text).map_err(wrong)?)))
            }
            Takes::Range(column, read) => {
                let (first, last) = range(text, read).map_err(wrong)?;
                Ok(Narrowing::Between(column, first, last))
            }
            Takes::YearsBeyond(condition) => {
                let (first, last) = span(text).ok_or_else(|| wrong(not_years()))?;
                let ends = vec![first.into(), last.into()];
                Ok(Narrowing::Beyond(self.name, ends, condition))
            }
            Takes::Years(column) => {
                let (first, last) = years(&column, text).ok_or_else(|| wrong(not_years()))?;
                Ok(Narrowing::Between(column, Some(first), Some(last)))
            }
            Takes::Beyond(read, condition) => {
                Ok(Narrowing::Beyond(self.name, values(text, read).map_err(wrong)?, condition))
            }
        }
    }

    /// What it takes, for the document.
    pub fn form(&self) -> Label {
        match self.takes {
            Takes::Any(..) | Takes::Beyond(..) => {
                Label::new("可用逗号并列", "several with commas between: any of them")
            }
            Takes::From(..) => Label::new("不小于", "at least"),
            Takes::To(..) => Label::new("不大于", "at most"),
            Takes::Range(..) => Label::new(
                "如 10000-500000，可只写一端",
                "such as 10000-500000; either end may be left out",
            ),
            Takes::Years(_) | Takes::YearsBeyond(_) => {
                Label::new("如 2018 或 2016-2020", "such as 2018 or 2016-2020")
            }
        }
    }
}

impl<E: EntityTrait> Narrowing<E> {
    /// The condition of a query on a day.
    pub(super) fn condition(&self, today: NaiveDate) -> Condition {
        match self {
            Narrowing::Any(column, values) => {
                Condition::all().add(column.is_in(values.iter().cloned()))
            }
            Narrowing::Between(column, first, last) => {
                // as an expression, so that it is not read by an index of another order and sorted
                let value = || {
                    let column = || Expr::col((E::default(), *column));
                    Expr::expr(Func::coalesce([column(), column()]))
                };
                Condition::all()
                    .add_option(first.clone().map(|first| value().gte(first)))
                    .add_option(last.clone().map(|last| value().lte(last)))
            }
            Narrowing::Beyond(_, values, condition) => condition(values, today),
        }
    }
}

fn values(text: &str, read: Reader) -> Result<Vec<Value>, Sentence> {
    let texts: Vec<&str> = text.split([',', '，']).map(str::trim).collect();
    if texts.len() > limits::FILTER_VALUES {
        let most = limits::FILTER_VALUES;
        let words = (format!("最多 {most} 个值"), format!("at most {most} values"));
        return Err(Sentence::new(words.0, words.1));
    }
    texts.into_iter().map(read).collect()
}

fn not_years() -> Sentence {
    Sentence::new("应如 2018 或 2016-2020", "such as 2018 or 2016-2020")
}

/// Reads a year or a span of years.
fn span(text: &str) -> Option<(i32, i32)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last): (i32, i32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let is_year = |year| (1..=9999).contains(&year);
    (is_year(first) && is_year(last) && first <= last).then_some((first, last))
}

/// Reads two ends, of which one may be left out.
fn range(text: &str, read: Reader) -> Result<(Option<Value>, Option<Value>), Sentence> {
    let expected = || {
        Sentence::new(
            "应如 10000-500000、10000- 或 -500000",
            "such as 10000-500000, 10000- or -500000",
        )
    };
    let (first, last) = text.split_once('-').ok_or_else(expected)?;
    let end = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(read).transpose();
    match (end(first)?, end(last)?) {
        (None, None) => Err(expected()),
        ends => Ok(ends),
    }
}

/// Reads a span of years, as a column holds them.
fn years(column: &impl ColumnTrait, text: &str) -> Option<(Value, Value)> {
    let (first, last) = span(text)?;
    if !matches!(column.def().get_column_type(), ColumnType::Date) {
        return Some((first.into(), last.into()));
    }
    let (from, to) =
        (NaiveDate::from_ymd_opt(first, 1, 1)?, NaiveDate::from_ymd_opt(last, 12, 31)?);
    Some((from.into(), to.into()))
}

/// Reads a coded value.
pub fn coded<T: FieldValue + Into<Value>>(text: &str) -> Result<Value, Sentence> {
    T::read(Some(text), Reading::default()).map(Into::into)
}

/// Reads an amount in yuan.
pub fn money(text: &str) -> Result<Value, Sentence> {
    Money::read(Some(text), Reading::default()).map(Into::into)
}

/// Reads the id of a row.
pub fn number(text: &str) -> Result<Value, Sentence> {
    let wrong = |_| Sentence::new("应为整数编号", "a whole number, the id of a row");
    text.parse::<i64>().map(Value::from).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use entity::asset::{Class, Column, Entity};

    use super::*;

    const CLASS: Filter<Entity> = Filter::new(
        "class",
        Label::new("类别", "class"),
        Takes::Any(Column::Class, coded::<Class>),
    );
    const YEAR: Filter<Entity> =
        Filter::new("year", Label::new("年度", "year"), Takes::Years(Column::AcquiredOn));

    #[test]
    fn commas_mean_or_and_every_value_must_be_one() {
        let read = |text: &str| match CLASS.read(text) {
            Ok(Narrowing::Any(_, values)) => values.len(),
            _ => 0,
        };
        assert_eq!(
            (read("public"), read("public, operating"), read("公益性资产，operating")),
            (1, 2, 2)
        );
        assert_eq!((read("public,"), read("red"), read("public,red")), (0, 0, 0));
        let many = |n: usize| vec!["public"; n].join(",");
        assert_eq!(read(&many(limits::FILTER_VALUES)), limits::FILTER_VALUES);
        assert_eq!(read(&many(limits::FILTER_VALUES + 1)), 0);
    }

    #[test]
    fn a_range_has_two_ends_or_one() {
        let value: Filter<Entity> = Filter::new(
            "value",
            Label::new("原值", "value"),
            Takes::Range(Column::OriginalValue, money),
        );
        let ends = |text: &str| match value.read(text) {
            Ok(Narrowing::Between(_, first, last)) => Some((first, last)),
            _ => None,
        };
        let fen = |fen: i64| Some(Value::from(Money::from_fen(fen)));
        assert_eq!(ends("100-500.50"), Some((fen(10_000), fen(50_050))));
        assert_eq!(ends("100-"), Some((fen(10_000), None)));
        assert_eq!(ends(" - 5"), Some((None, fen(500))));
        for bad in ["", "-", "100", "a-b", "1-2-3"] {
            assert_eq!(ends(bad), None, "{bad}");
        }
    }

    #[test]
    fn years_are_one_or_a_span() {
        let span = |text: &str| match YEAR.read(text) {
            Ok(Narrowing::Between(_, Some(first), Some(last))) => {
                format!("{first}..{last}").replace('\'', "")
            }
            _ => String::new(),
        };
        assert_eq!(span("2018"), "2018-01-01..2018-12-31");
        assert_eq!(span("2016 - 2020"), "2016-01-01..2020-12-31");
        for bad in ["", "2020-2016", "year", "2016-2020-2021", "0", "10000"] {
            assert_eq!(span(bad), "", "{bad}");
        }
    }
}
