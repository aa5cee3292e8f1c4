//! Names of areas, learnt once and put together to paths.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::area::AreaCode;

use crate::{error::Result, store::Read};

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
