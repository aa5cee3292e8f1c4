//! `fields!`: one table gives a noun's fields to the import, the export, the forms, the log and
//! the messages: code, label, kind, and how the value is read from and shown as text.

use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level},
    finding::Rule,
    language::{Label, Language, Sentence},
    measure::{Coordinate, Quantity},
    money::Money,
};
use rust_decimal::Decimal;

use super::reading::{self, DateOrder, MoneyUnit, Unreadable};
use crate::limits;

/// How the texts of one sheet or form are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The unit of amounts that name none.
    pub unit: MoneyUnit,
    /// The order of day, month and year.
    pub dates: DateOrder,
}

/// A value as shown: in a sheet, on a page, in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing recorded.
    Empty,
    /// Text.
    Text(String),
    /// A name with its code, shown in the reader's language.
    Coded(Label),
    /// A whole number.
    Integer(i64),
    /// An amount.
    Money(Money),
    /// A decimal number.
    Decimal(Decimal),
    /// A day.
    Date(NaiveDate),
    /// Yes or no.
    Truth(bool),
}

impl Value {
    /// The value as text in a language; empty when there is none.
    pub fn text(&self, language: Language) -> String {
        match self {
            Value::Empty => String::new(),
            Value::Text(text) => text.clone(),
            Value::Coded(label) => label.text(language).to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Money(money) => money.to_string(),
            Value::Decimal(decimal) => decimal.normalize().to_string(),
            Value::Date(day) => day.to_string(),
            Value::Truth(truth) => truth_label(*truth).text(language).to_owned(),
        }
    }
}

/// Yes and no.
pub const fn truth_label(truth: bool) -> Label {
    if truth { Label::new("是", "yes") } else { Label::new("否", "no") }
}

/// What kind of value a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// An amount.
    Money,
    /// A decimal number.
    Decimal,
    /// A day.
    Date,
    /// Yes or no.
    Truth,
    /// One of a list: code and name.
    Choice(&'static [(&'static str, Label)]),
}

/// By which action a field may change once it is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// By an ordinary amendment.
    Amend,
    /// By a correction with a reason.
    Correct,
    /// Only by an action of its own.
    Fixed,
}

/// One field of a noun.
pub struct Field<R: 'static> {
    /// Its code: column of the table, key in JSON.
    pub name: &'static str,
    /// What people call it.
    pub label: Label,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether it may not be empty.
    pub required: bool,
    /// By which action it changes.
    pub change: Change,
    /// Reads it from text; empty text clears it.
    pub set: fn(&mut R, Option<&str>, Reading) -> Result<(), Sentence>,
    /// Shows it.
    pub get: fn(&R) -> Value,
}

/// A type that a field can hold.
pub trait FieldValue: Sized {
    /// What it takes.
    const KIND: FieldKind;
    /// Whether it may not be empty.
    const REQUIRED: bool = true;
    /// Reads it.
    fn read(text: Option<&str>, reading: Reading) -> Result<Self, Sentence>;
    /// Shows it.
    fn show(&self) -> Value;
}

impl<T: FieldValue> FieldValue for Option<T> {
    const KIND: FieldKind = T::KIND;
    const REQUIRED: bool = false;

    fn read(text: Option<&str>, reading: Reading) -> Result<Self, Sentence> {
        text.map(|text| T::read(Some(text), reading)).transpose()
    }

    fn show(&self) -> Value {
        self.as_ref().map_or(Value::Empty, T::show)
    }
}

/// What to say of a field that may not be empty.
pub fn missing() -> Sentence {
    Sentence::new("不能为空", "may not be empty")
}

/// Reads by a function of `reading`, which takes text that is there.
fn by<T>(
    text: Option<&str>,
    read: impl FnOnce(&str) -> Result<T, Unreadable>,
) -> Result<T, Sentence> {
    read(text.ok_or_else(missing)?).map_err(|unreadable| unreadable.expected)
}

/// Implements [`FieldValue`] for types read by a function of `reading`.
macro_rules! readable {
    ($($type:ty, $kind:expr, $read:expr, $show:expr;)+) => {$(
        impl FieldValue for $type {
            const KIND: FieldKind = $kind;

            fn read(text: Option<&str>, reading: Reading) -> Result<Self, Sentence> {
                by(text, |text| ($read)(text, reading))
            }

            fn show(&self) -> Value {
                ($show)(self)
            }
        }
    )+};
}

readable! {
    String, FieldKind::Text,
        |text, _| reading::name(text, limits::TEXT_LENGTH),
        |text: &String| Value::Text(text.clone());
    Money, FieldKind::Money,
        |text, how: Reading| reading::money(text, how.unit),
        |money: &Money| Value::Money(*money);
    NaiveDate, FieldKind::Date,
        |text, how: Reading| reading::date(text, how.dates),
        |day: &NaiveDate| Value::Date(*day);
    bool, FieldKind::Truth, |text, _| reading::truth(text), |truth: &bool| Value::Truth(*truth);
    i32, FieldKind::Integer, |text, _| small_integer(text), |number: &i32| Value::Integer(i64::from(*number));
    Quantity, FieldKind::Decimal, |text, _| reading::quantity(text), |quantity: &Quantity| Value::Decimal(quantity.decimal());
    Coordinate, FieldKind::Decimal,
        |text, _| Coordinate::longitude(&reading::half_width(text)).map_err(|expected| Unreadable { expected: expected.0.into() }),
        |coordinate: &Coordinate| Value::Decimal(coordinate.decimal());
    AreaCode, FieldKind::Text, |text, _| area_code(text), |code: &AreaCode| Value::Text(code.to_string());
}

/// A whole number that counts something.
fn small_integer(text: &str) -> Result<i32, Unreadable> {
    let number = reading::integer(text, 0..=i64::from(i32::MAX))?;
    i32::try_from(number).map_err(|_| {
        Unreadable::new("应为 0 至 2147483647 的整数", "a whole number from 0 to 2,147,483,647")
    })
}

fn area_code(text: &str) -> Result<AreaCode, Unreadable> {
    reading::half_width(text)
        .parse()
        .map_err(|_| Unreadable::new("应为十二位区划代码", "an area code of twelve digits"))
}

/// A level by its name, or by the number that statistical editions use.
pub fn level(text: &str) -> Result<Level, Unreadable> {
    let text = reading::half_width(text);
    let by_number = text.parse().ok().and_then(Level::from_number);
    by_number.or_else(|| text.parse().ok()).ok_or_else(|| unlisted(Level::CHOICES))
}

/// A rule by its code.
pub fn rule(text: &str) -> Result<Rule, Unreadable> {
    text.parse().map_err(|()| {
        let codes: Vec<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        let codes = codes.join(", ");
        Unreadable::new(format!("应为其中之一：{codes}"), format!("one of: {codes}"))
    })
}

/// What to say when a text is none of a list.
pub fn unlisted(choices: &[(&'static str, Label)]) -> Unreadable {
    let zh: Vec<_> = choices.iter().map(|(_, label)| label.zh).collect();
    let en: Vec<_> = choices.iter().map(|(_, label)| label.en).collect();
    Unreadable::new(
        format!("应为其中之一：{}", zh.join("、")),
        format!("one of: {}", en.join(", ")),
    )
}

/// Implements [`FieldValue`] for coded enumerations.
macro_rules! choices {
    ($($type:ty),+ $(,)?) => {$(
        impl FieldValue for $type {
            const KIND: FieldKind = FieldKind::Choice(<$type>::CHOICES);

            fn read(text: Option<&str>, _: Reading) -> Result<Self, Sentence> {
                by(text, |text| {
                    reading::half_width(text).parse().map_err(|()| unlisted(<$type>::CHOICES))
                })
            }

            fn show(&self) -> Value {
                Value::Coded(self.label())
            }
        }
    )+};
}

choices! {
    entity::asset::Class, entity::asset::Subclass, entity::asset::Form, entity::asset::State,
    entity::asset::UseState, entity::asset::Condition, entity::asset::Unit,
    entity::asset::Structure, entity::asset::Valuation, entity::asset::Depreciation,
    entity::asset::IdleReason, entity::asset::Answer, entity::project::LineDepartment,
    entity::organization::Kind, entity::duty::Kind, entity::duty::Tier, entity::duty::Mode,
    entity::duty::BudgetSource, entity::duty::EndReason, entity::fault_report::Kind,
    entity::fault_report::State, entity::title::State, entity::title::Tier,
    entity::title::Register, entity::funding::Tier, entity::funding::Fund,
    entity::account::Role, entity::account::State, entity::holding::Right,
    entity::rectification::State, entity::rectification::Closing, entity::rectification::Rung, entity::campaign::State, entity::campaign_line::Recheck, entity::saved_view::Seen, entity::inspection::Condition,
    entity::inspection::CheckItem, entity::work_order::State, entity::welfare_post::Kind,
    entity::welfare_post::EndReason, entity::work_order::Kind, entity::upkeep_fund::Source, entity::spending::State,
    entity::overspend::State, entity::revival::Mode, entity::revival::Batch, entity::revival::State,
    entity::stock_take::State, entity::stock_line::Outcome,
    entity::stock_find::State, entity::discrepancy::Kind, entity::discrepancy::State, entity::contract::Kind, entity::contract::Rhythm, entity::contract::Timing,
    entity::contract_due::Kind, Rule,
}

impl FieldValue for Level {
    const KIND: FieldKind = FieldKind::Choice(Level::CHOICES);

    fn read(text: Option<&str>, _: Reading) -> Result<Self, Sentence> {
        by(text, level)
    }

    fn show(&self) -> Value {
        Value::Coded(self.label())
    }
}

/// Declares the fields of a noun: column, type, label, and the action that changes it.
#[macro_export]
macro_rules! fields {
    ($(#[$meta:meta])* pub $table:ident of $row:ty {
        $($name:ident: $type:ty = $zh:literal $en:literal $change:ident;)+
    }) => {
        $(#[$meta])*
        pub static $table: &[$crate::domain::field::Field<$row>] = &[$($crate::domain::field::Field {
            name: stringify!($name),
            label: entity::language::Label::new($zh, $en),
            kind: <$type as $crate::domain::field::FieldValue>::KIND,
            required: <$type as $crate::domain::field::FieldValue>::REQUIRED,
            change: $crate::domain::field::Change::$change,
            set: |row, text, reading| {
                row.$name = <$type as $crate::domain::field::FieldValue>::read(text, reading)?;
                Ok(())
            },
            get: |row| $crate::domain::field::FieldValue::show(&row.$name),
        }),+];
    };
}

/// The field of a name.
pub fn field<R>(table: &'static [Field<R>], name: &str) -> Option<&'static Field<R>> {
    table.iter().find(|field| field.name == name)
}
