//! A value that somebody proposes: what must be said of it, when it may begin, when it may still be
//! withdrawn.

use chrono::{DateTime, NaiveDate};
use entity::{
    area::AreaCode,
    id::SettingId,
    setting::{Key, Model},
};

use super::{Definition, MOST_DAYS, Value};
use crate::{
    domain::{
        mistake::{Mistake, Mistakes},
        refusal::Refusal,
    },
    limits,
};

/// A value of a rule about which nothing is said yet.
pub fn blank(key: Key, area_code: AreaCode, from_on: NaiveDate) -> Model {
    Model {
        id: SettingId(0),
        area_code,
        key,
        value: String::new(),
        basis_title: String::new(),
        basis_no: None,
        from_on,
        withdrawn_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// A value as somebody gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Which rule.
    pub key: Key,
    /// For which area, and all in it.
    pub area: AreaCode,
    /// The value as it was typed.
    pub value: String,
    /// The document that says so.
    pub basis_title: String,
    /// Its number.
    pub basis_no: Option<String>,
    /// The first day.
    pub from_on: NaiveDate,
}

impl Proposal {
    /// The row it would be.
    pub fn row(&self) -> Result<Model, Mistakes> {
        let mut mistakes = Mistakes::default();
        let value = Definition::of(self.key).read(&self.value);
        let value = value.map_err(|why| mistakes.push(Mistake::new("value", &self.value, why)));
        let title = self.basis_title.trim();
        let is_short = title.chars().count() <= limits::ORGANIZATION_NAME_LENGTH;
        let (zh, en) = (
            "须写明依据文件，不超过 200 字",
            "the document that says so, in at most 200 characters",
        );
        mistakes.require(!title.is_empty() && is_short, "basis_title", || title.to_owned(), zh, en);
        let number = self.basis_no.as_deref().map(str::trim).filter(|text| !text.is_empty());
        mistakes.require(
            number.is_none_or(|text| text.chars().count() <= limits::CODE_LENGTH),
            "basis_no",
            || number.unwrap_or_default().to_owned(),
            "文号不超过 32 字",
            "a document number of at most 32 characters",
        );
        let value = value.map(Value::kept).unwrap_or_default();
        let (basis_title, basis_no) = (title.to_owned(), number.map(ToOwned::to_owned));
        mistakes.into_result()?;
        let blank = blank(self.key, self.area, self.from_on);
        Ok(Model { value, basis_title, basis_no, ..blank })
    }
}

/// Sets a rule: `own` are the rows of the same rule and the same area. What has begun is never
/// overwritten, and what is to come is withdrawn before something else comes.
pub fn set(row: &Model, own: &[Model], today: NaiveDate) -> Result<(), Refusal> {
    if row.from_on < today {
        return Err(Refusal::day_passed(row.from_on));
    }
    if (row.from_on - today).num_days() > MOST_DAYS {
        return Err(Refusal::rule_too_far(MOST_DAYS));
    }
    let standing = || own.iter().filter(|other| other.withdrawn_on.is_none());
    if let Some(later) = standing().map(|other| other.from_on).filter(|on| *on >= row.from_on).max()
    {
        return Err(Refusal::rule_later_there(later));
    }
    let before = standing().max_by_key(|other| other.from_on);
    if before.is_some_and(|before| before.value == row.value) {
        return Err(Refusal::nothing_changed());
    }
    if own.len() >= limits::RULE_VALUES {
        return Err(Refusal::rule_values_full(limits::RULE_VALUES));
    }
    Ok(())
}

/// Withdraws a value that has not begun.
pub fn withdraw(row: &Model, today: NaiveDate) -> Result<Model, Refusal> {
    if let Some(on) = row.withdrawn_on {
        return Err(Refusal::rule_withdrawn(on));
    }
    if row.from_on <= today {
        return Err(Refusal::rule_in_force(row.from_on));
    }
    Ok(Model { withdrawn_on: Some(today), ..row.clone() })
}
