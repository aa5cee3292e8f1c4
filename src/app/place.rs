//! Names of areas, learnt once and put together to paths; and the areas that a text names.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::area::{self, AreaCode};

use crate::{
    domain::area_name::{AreaText, Fit, code_in},
    error::Result,
    limits,
    store::{Read, list::List},
};

/// Names of areas as they were on a day.
pub struct Places {
    day: NaiveDate,
    names: HashMap<AreaCode, Option<String>>,
}

impl Places {
    /// No names yet.
    pub fn new(day: NaiveDate) -> Places {
        Places { day, names: HashMap::new() }
    }

    /// Learns the names of areas and of all above them.
    pub async fn learn(
        &mut self,
        read: &Read<'_>,
        codes: impl IntoIterator<Item = AreaCode>,
    ) -> Result<()> {
        let wanted = codes.into_iter().collect::<BTreeSet<_>>().into_iter();
        let wanted: BTreeSet<AreaCode> = wanted
            .flat_map(|code| std::iter::once(code).chain(code.above()))
            .filter(|code| !self.names.contains_key(code))
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let codes: Vec<AreaCode> = wanted.iter().copied().collect();
        let mut found = read.area_names_on(&codes, self.day).await?;
        self.names.extend(wanted.into_iter().map(|code| (code, found.remove(&code))));
        Ok(())
    }

    /// The name of an area; its code when it has none.
    pub fn name(&self, code: AreaCode) -> String {
        self.names.get(&code).cloned().flatten().unwrap_or_else(|| code.to_string())
    }

    /// The names from the top of the tree to an area, joined by `/`.
    pub fn path(&self, code: AreaCode) -> String {
        self.path_below(code, None)
    }

    /// The names from below an area to one inside it, joined by `/`; of the area itself, its name.
    pub fn path_below(&self, code: AreaCode, top: Option<AreaCode>) -> String {
        let way: BTreeSet<AreaCode> = std::iter::once(code)
            .chain(code.above())
            .filter(|step| *step == code || top.is_none_or(|top| top != *step && top.covers(step)))
            .collect();
        let names = way.iter().filter_map(|step| self.names.get(step)?.as_deref());
        let path = names.collect::<Vec<_>>().join("/");
        if path.is_empty() { code.to_string() } else { path }
    }
}

/// An area that a text may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// How well the text fits it.
    pub fit: Fit,
    /// Its code.
    pub code: AreaCode,
    /// The names from below the reader's own area down to its own.
    pub names: String,
}

/// The valid areas within the reader's that a text may mean, the best first. To a reader of more
/// areas than are looked through only a code means one: none is passed over unseen.
pub async fn meant(read: &Read<'_>, text: &str) -> Result<Vec<Meant>> {
    let top = read.actor().area();
    if let Some(code) = code_in(text) {
        let way: Vec<AreaCode> = std::iter::once(code).chain(code.above()).collect();
        let way = read.areas_current(&way).await?;
        let is_own = |row: &&area::Model| row.area_code == code && top.covers(&code);
        return Ok(fitting(&way, top, |row, _| is_own(&row).then_some(Fit::Whole)));
    }
    let mut list = List::<area::Entity>::default().of_present();
    list.limit = limits::AREAS_OFFERED;
    let found = read.list(&list).await?;
    if found.next.is_some() {
        return Ok(Vec::new());
    }
    let text = AreaText::of(text);
    Ok(fitting(&found.rows, top, |row, names| text.fit(row.area_code, names)))
}

/// Those of some areas that fit, with their names from below an area down.
fn fitting(
    rows: &[area::Model],
    top: AreaCode,
    fit: impl Fn(&area::Model, &[&str]) -> Option<Fit>,
) -> Vec<Meant> {
    let names: HashMap<AreaCode, &str> =
        rows.iter().map(|row| (row.area_code, row.name.as_str())).collect();
    let meant = |row: &area::Model| {
        let below = row.area_code.above().filter(|one| top.covers(one) && *one != top);
        let way = std::iter::once(row.area_code).chain(below);
        let mut way: Vec<&str> = way.filter_map(|one| names.get(&one).copied()).collect();
        way.reverse();
        let fit = fit(row, &way)?;
        Some(Meant { fit, code: row.area_code, names: way.concat() })
    };
    let mut all: Vec<Meant> = rows.iter().filter_map(meant).collect();
    all.sort_by_key(|one| (one.fit, one.code));
    all
}

impl Meant {
    /// As a field holds it that somebody may type over: its names and its code.
    pub fn told(&self) -> String {
        format!("{} {}", self.names, self.code)
    }
}
