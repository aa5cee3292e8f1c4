//! Areas change their names and merge; their history and their assets stay (domain.md §8).

use chrono::{Days, NaiveDate};
use entity::{
    area::{AreaCode, Level, Model},
    id::AreaId,
    initials::Initials,
};

use super::{mistake::Mistakes, refusal::Refusal};
use crate::{fields, limits};

fields! {
    /// The fields of an area that a sheet may carry.
    pub FIELDS of Model {
        area_code: AreaCode = "区划代码" "code" Fixed;
        name: String = "名称" "name" Amend;
        level: Level = "级别" "level" Amend;
        parent_code: Option<AreaCode> = "上级代码" "parent code" Amend;
        valid_from: Option<NaiveDate> = "启用日期" "valid from" Amend;
        valid_until: Option<NaiveDate> = "停用日期" "valid until" Amend;
        successor_code: Option<AreaCode> = "承接区划" "successor code" Amend;
    }
}

/// An area of which only the code is known.
pub fn blank(code: AreaCode, name: &str) -> Model {
    Model {
        id: AreaId(0),
        area_code: code,
        name: name.to_owned(),
        level: code.level(),
        parent_code: None,
        valid_from: None,
        valid_until: None,
        successor_code: None,
        initials: Initials::default(),
        version: 0,
        created_at: chrono::DateTime::UNIX_EPOCH,
        updated_at: chrono::DateTime::UNIX_EPOCH,
    }
}

/// What is wrong with an area as a sheet gives it.
pub fn check(area: &Model) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let fits = (1..=limits::NAME_LENGTH).contains(&area.name.chars().count());
    mistakes.require(
        fits,
        "name",
        || area.name.clone(),
        "名称应为 1 至 100 字",
        "a name of 1 to 100 characters",
    );
    let inside = area
        .parent_code
        .is_none_or(|parent| parent != area.area_code && parent.covers(&area.area_code));
    mistakes.require(
        inside,
        "parent_code",
        || area.parent_code.map(|code| code.to_string()).unwrap_or_default(),
        "上级代码应是本代码的前几位补零",
        "the code above is the first digits of this one, padded with zeros",
    );
    let in_order = match (area.valid_from, area.valid_until) {
        (Some(from), Some(until)) => from <= until,
        _ => true,
    };
    mistakes.require(
        in_order,
        "valid_until",
        String::new,
        "停用日期早于启用日期",
        "ends before it begins",
    );
    mistakes
}

/// Closes the old name and opens the new one on a day.
pub fn rename(area: &Model, name: &str, on: NaiveDate) -> Result<(Model, Model), Refusal> {
    open(area)?;
    if name.trim() == area.name {
        return Err(Refusal::nothing_changed());
    }
    begun_before(area, on)?;
    let closed = Model { valid_until: on.checked_sub_days(Days::new(1)), ..area.clone() };
    let opened = Model {
        name: name.trim().to_owned(),
        valid_from: Some(on),
        valid_until: None,
        version: 0,
        ..area.clone()
    };
    Ok((closed, opened))
}

/// Closes an area that another of its level takes over on a day.
pub fn merge(area: &Model, into: &Model, on: NaiveDate) -> Result<Model, Refusal> {
    open(area)?;
    open(into)?;
    if area.area_code == into.area_code {
        return Err(Refusal::area_succeeds_itself());
    }
    if area.level != into.level {
        return Err(Refusal::area_levels_differ());
    }
    begun_before(area, on)?;
    Ok(Model {
        valid_until: on.checked_sub_days(Days::new(1)),
        successor_code: Some(into.area_code),
        ..area.clone()
    })
}

/// The day before is the last on which it was as it was; there must have been one.
fn begun_before(area: &Model, on: NaiveDate) -> Result<(), Refusal> {
    match area.valid_from.filter(|from| on <= *from) {
        Some(from) => Err(Refusal::day_before("启用日期", "first day of validity", from)),
        None => Ok(()),
    }
}

fn open(area: &Model) -> Result<(), Refusal> {
    area.valid_until.map_or(Ok(()), |on| Err(Refusal::area_closed(on)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn village(code: &str, name: &str) -> Model {
        blank(code.parse().expect("a code"), name)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_renamed_village_keeps_its_former_name() {
        let before = village("520381100201", "上河村");
        let (closed, opened) = rename(&before, "河口村", day("2024-03-01")).expect("renamed");
        assert_eq!((closed.name.as_str(), closed.valid_until), ("上河村", Some(day("2024-02-29"))));
        assert_eq!((opened.name.as_str(), opened.valid_from), ("河口村", Some(day("2024-03-01"))));
        assert!(rename(&before, "上河村 ", day("2024-03-01")).is_err());
        assert!(rename(&closed, "河口村", day("2025-01-01")).is_err());
    }

    #[test]
    fn only_equals_merge() {
        let village_a = village("520381100201", "上河村");
        let village_b = village("520381100202", "下河村");
        let closed = merge(&village_a, &village_b, day("2024-03-01")).expect("merged");
        assert_eq!(closed.successor_code, Some(village_b.area_code));
        let town = village("520381100000", "石桥镇");
        assert_eq!(merge(&village_a, &town, day("2024-03-01")), Err(Refusal::area_levels_differ()));
        assert_eq!(
            merge(&village_a, &village_a, day("2024-03-01")),
            Err(Refusal::area_succeeds_itself())
        );
    }
}
