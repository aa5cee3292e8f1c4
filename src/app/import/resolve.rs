//! Finding what a row names: its area, its organizations, its project, its keeper. Names match
//! only inside their parent, or where they are those of one area of the sender's alone; an ambiguous
//! name is a mistake that names the candidates; nothing is made that the map did not ask for.

use std::collections::{HashMap, HashSet};

use entity::{
    area::{AreaCode, Level},
    id::{OrganizationId, PersonId, ProjectId},
    language::Sentence,
    organization,
};

use super::{
    layout::Record,
    map::{Map, Missing},
};
use crate::{
    app,
    domain::{
        area_name::{AreaText, Fit},
        masking::Contact,
        mistake::{Mistake, Mistakes},
        nearness, organization as organizations, reading,
        sheet::read_organization,
    },
    error::Result,
    limits,
    store::Write,
};

/// An organization or a project found before: where it stands, and its id.
type Candidates<T> = Vec<(AreaCode, T)>;

/// What has been found so far in one import.
#[derive(Default)]
pub(super) struct Resolver {
    codes: HashMap<AreaCode, Option<AreaCode>>,
    /// Area below another, or below the top, by name: every area of that name.
    names: HashMap<(Option<AreaCode>, String), Vec<AreaCode>>,
    organizations: HashMap<String, Candidates<OrganizationId>>,
    projects: HashMap<String, Candidates<ProjectId>>,
    persons: HashMap<(AreaCode, String, String), PersonId>,
    /// Areas by a text that is no path: a name, or some of the names on the way to it.
    alone: HashMap<String, Vec<AreaCode>>,
    /// The sender's areas, once they were looked through.
    reach: Option<Vec<(AreaCode, String)>>,
    /// The names below an area, where a name was not found among them.
    below: HashMap<Option<AreaCode>, Vec<String>>,
    pub(super) organizations_created: u64,
}

/// The fields of an asset row that name an organization.
pub(super) const ASSET_ORGANIZATIONS: [&str; 10] = [
    "implementing_unit",
    "debtor",
    "owner",
    "user",
    "operator",
    "income_holder",
    "disposer",
    "supervisor",
    "maintainer",
    "organization",
];

/// One party of a cell such as `甲村=1/3；乙村=2/3`: its name and its share.
pub(super) fn parties(cell: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    cell.split(['；', ';']).map(str::trim).filter(|part| !part.is_empty()).map(|part| {
        match part.rsplit_once('=') {
            Some((name, share)) => (name.trim(), Some(share.trim())),
            None => (part, None),
        }
    })
}

impl Resolver {
    /// Looks up everything a batch of rows names, a few queries a batch.
    pub(super) async fn look_ahead(
        &mut self,
        write: &Write,
        records: &[Record],
        map: &Map,
    ) -> Result<()> {
        self.look_up_codes(write, records).await?;
        self.look_up_paths(write, records, map).await?;
        self.look_up_alone(write, records, map).await?;
        let named = records.iter().flat_map(|record| {
            let cells = ASSET_ORGANIZATIONS.iter().filter_map(|field| record.text(field));
            cells.flat_map(parties).map(|(name, _)| read_organization(name).0.to_owned())
        });
        let unknown: HashSet<String> =
            named.filter(|name| !self.organizations.contains_key(name)).collect();
        let unknown: Vec<String> = unknown.into_iter().collect();
        for (name, area, id) in write.organizations_by_name(&unknown).await? {
            self.organizations.entry(name).or_default().push((area, id));
        }
        for name in unknown {
            self.organizations.entry(name).or_default();
        }
        let named = records.iter().flat_map(|record| {
            ["project_no", "project_name"].into_iter().filter_map(|field| record.text(field))
        });
        let unknown: HashSet<String> =
            named.filter(|name| !self.projects.contains_key(*name)).map(str::to_owned).collect();
        let unknown: Vec<String> = unknown.into_iter().collect();
        for (name, area, id) in write.projects_by_name(&unknown).await? {
            self.projects.entry(name).or_default().push((area, id));
        }
        for name in unknown {
            self.projects.entry(name).or_default();
        }
        Ok(())
    }

    async fn look_up_codes(&mut self, write: &Write, records: &[Record]) -> Result<()> {
        let codes = records.iter().filter_map(|record| record.text("area_code")?.parse().ok());
        let unknown: HashSet<AreaCode> =
            codes.filter(|code| !self.codes.contains_key(code)).collect();
        let unknown: Vec<AreaCode> = unknown.into_iter().collect();
        let found = write.areas_by_code(&unknown).await?;
        for code in unknown {
            let valid =
                if found.contains_key(&code) { Some(code) } else { write.successor(code).await? };
            self.codes.insert(code, valid);
        }
        Ok(())
    }

    /// Walks the paths of a batch together, one level of names a query.
    async fn look_up_paths(&mut self, write: &Write, records: &[Record], map: &Map) -> Result<()> {
        let paths: HashSet<Vec<&str>> = records
            .iter()
            .filter_map(|record| record.text("area_path"))
            .map(|path| split(path, map))
            .collect();
        let mut front: Vec<(Option<AreaCode>, Vec<&str>)> =
            paths.into_iter().map(|path| (map.area.root, path)).collect();
        while !front.is_empty() {
            let unknown: HashSet<(Option<AreaCode>, String)> = front
                .iter()
                .filter_map(|(parent, path)| Some((*parent, (*path.first()?).to_owned())))
                .filter(|key| !self.names.contains_key(key))
                .collect();
            let unknown: Vec<_> = unknown.into_iter().collect();
            for (parent, name, code) in write.areas_by_name(&unknown).await? {
                self.names.entry((parent, name)).or_default().push(code);
            }
            for key in unknown {
                self.names.entry(key).or_default();
            }
            front =
                front.into_iter().filter_map(|(parent, path)| self.step(parent, &path)).collect();
        }
        Ok(())
    }

    /// What is no path from the top is looked for by its names alone among the sender's areas:
    /// sheets of a county say 新桥村 or 石桥镇新桥村.
    async fn look_up_alone(&mut self, write: &Write, records: &[Record], map: &Map) -> Result<()> {
        let paths = records.iter().filter_map(|record| record.text("area_path"));
        let unknown: HashSet<String> = paths
            .filter(|path| !self.alone.contains_key(*path))
            .filter(|path| self.area_on_path(path, map).is_err())
            .map(str::to_owned)
            .collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let reach = match self.reach.take() {
            Some(reach) => reach,
            None => write.areas_looked_through().await?,
        };
        let names: HashMap<AreaCode, &str> =
            reach.iter().map(|(code, name)| (*code, name.as_str())).collect();
        for path in unknown {
            let text = AreaText::of(&path);
            let is_meant = |code: AreaCode| {
                let way = std::iter::once(code).chain(code.above());
                let mut way: Vec<&str> = way.filter_map(|one| names.get(&one).copied()).collect();
                way.reverse();
                text.fit(code, &way) == Some(Fit::Whole)
            };
            let meant = reach.iter().map(|(code, _)| *code).filter(|code| is_meant(*code));
            let meant: Vec<AreaCode> = meant.collect();
            self.alone.insert(path, meant);
        }
        self.reach = Some(reach);
        Ok(())
    }

    /// One step down a path, where it is clear.
    fn step<'a>(
        &self,
        parent: Option<AreaCode>,
        path: &[&'a str],
    ) -> Option<(Option<AreaCode>, Vec<&'a str>)> {
        let (name, rest) = path.split_first()?;
        match self.names.get(&(parent, (*name).to_owned()))?.as_slice() {
            [code] if !rest.is_empty() => Some((Some(*code), rest.to_vec())),
            _ => None,
        }
    }

    /// The area of a row.
    pub(super) fn area(
        &self,
        record: &Record,
        map: &Map,
        mistakes: &mut Mistakes,
    ) -> Option<AreaCode> {
        if let Some(text) = record.text("area_code") {
            return self.area_by_code(text, mistakes);
        }
        let Some(path) = record.text("area_path") else {
            let (zh, en) = ("须有区划代码或所在地", "an area code or a path of names is needed");
            mistakes.push(Mistake::new("area_code", "", Sentence::new(zh, en)));
            return None;
        };
        match self.area_by_path(path, map) {
            Ok(code) => Some(code),
            Err(expected) => {
                mistakes.push(Mistake::new("area_path", path, expected));
                None
            }
        }
    }

    /// Offers the name that a path most likely means, where one of its names was not found.
    pub(super) async fn offer_area(
        &mut self,
        write: &Write,
        map: &Map,
        mistakes: &mut Mistakes,
    ) -> Result<()> {
        let wrong = mistakes.0.iter_mut().find(|mistake| mistake.field == "area_path");
        let Some(wrong) = wrong else { return Ok(()) };
        if wrong.found.ends_with('…') {
            // it was shortened
            return Ok(());
        }
        let names = split(&wrong.found, map);
        let mut parent = map.area.root;
        for (place, name) in names.iter().enumerate() {
            if let [code] =
                self.names.get(&(parent, (*name).to_owned())).map_or(&[][..], Vec::as_slice)
            {
                parent = Some(*code);
                continue;
            }
            if !self.below.contains_key(&parent) && self.below.len() < limits::MISTAKES_SHOWN {
                self.below.insert(parent, write.area_names_below(parent).await?);
            }
            let below = self.below.get(&parent).into_iter().flatten();
            if let Some(near) = nearness::nearest(name, below.map(String::as_str)) {
                let mut path = names.clone();
                path[place] = near;
                wrong.offered = Some(path.join(&map.area.separator));
            }
            break;
        }
        Ok(())
    }

    fn area_by_code(&self, text: &str, mistakes: &mut Mistakes) -> Option<AreaCode> {
        let code = reading::half_width(text).parse().ok();
        let known = code.and_then(|code| *self.codes.get(&code)?);
        if known.is_none() {
            let (zh, en) = match code {
                Some(_) => {
                    ("台账中没有这个区划，请先导入区划", "no such area; import the areas first")
                }
                None => ("应为十二位区划代码", "an area code of twelve digits"),
            };
            mistakes.push(Mistake::new("area_code", text, Sentence::new(zh, en)));
        }
        known
    }

    fn area_by_path(&self, path: &str, map: &Map) -> std::result::Result<AreaCode, Sentence> {
        match self.alone.get(path).map(Vec::as_slice) {
            Some([code]) => Ok(*code),
            Some([]) | None => self.area_on_path(path, map),
            Some(several) => Err(ambiguous(path, several)),
        }
    }

    fn area_on_path(&self, path: &str, map: &Map) -> std::result::Result<AreaCode, Sentence> {
        let mut parent = map.area.root;
        for name in split(path, map) {
            let found = self.names.get(&(parent, name.to_owned())).map(Vec::as_slice);
            match found.unwrap_or_default() {
                [code] => parent = Some(*code),
                [] => {
                    let Some(above) = parent else {
                        return Err(Sentence::new(
                            format!("台账中没有叫“{name}”的区划"),
                            format!("the ledger has no area called “{name}”"),
                        ));
                    };
                    return Err(Sentence::new(
                        format!("{above} 下没有“{name}”"),
                        format!("there is no “{name}” below {above}"),
                    ));
                }
                several => return Err(ambiguous(name, several)),
            }
        }
        let missing = Sentence::new("须写明所在地", "a place is needed");
        parent.ok_or(missing)
    }

    /// The organization of a name as seen from an area: its own, or one of an area above, the
    /// nearest first.
    pub(super) async fn organization(
        &mut self,
        write: &mut Write,
        name: &str,
        area: AreaCode,
        map: &Map,
    ) -> Result<std::result::Result<OrganizationId, Sentence>> {
        let (name, stands_at) = read_organization(name);
        let candidates = self.organizations.get(name).map(Vec::as_slice).unwrap_or_default();
        match nearest(candidates, stands_at.unwrap_or(area)) {
            Nearest::One(id) => return Ok(Ok(id)),
            Nearest::Several(n) => {
                return Ok(Err(Sentence::new(
                    format!("有 {n} 个单位叫“{name}”，请用全称区分"),
                    format!(
                        "{n} organizations are called “{name}”; tell them apart by their full names"
                    ),
                )));
            }
            Nearest::None
                if map.organizations.missing == Missing::Refuse || stands_at.is_some() =>
            {
                return Ok(Err(Sentence::new(
                    format!(
                        "没有登记单位“{name}”，请先导入单位，或在对照文件中设 [organizations] missing = \"create\""
                    ),
                    format!(
                        "the organization “{name}” is not registered; import organizations first, or set [organizations] missing = \"create\" in the map"
                    ),
                )));
            }
            Nearest::None => {}
        }
        let home = area.at(map.organizations.level.unwrap_or(Level::County));
        let row = organizations::blank(home, name);
        let mistakes = organizations::check(&row);
        if let Some(mistake) = mistakes.0.into_iter().next() {
            return Ok(Err(mistake.expected));
        }
        let row = app::organization::put_in(write, row, None).await?;
        self.organizations.entry(name.to_owned()).or_default().push((home, row.id));
        self.organizations_created += 1;
        Ok(Ok(row.id))
    }

    /// Takes note of an organization registered in this import.
    pub(super) fn registered(&mut self, row: &organization::Model) {
        let candidates = self.organizations.entry(row.name.clone()).or_default();
        candidates.push((row.area_code, row.id));
    }

    /// The project a row names by number or by name, within its county.
    pub(super) fn project(
        &self,
        record: &Record,
        area: AreaCode,
        mistakes: &mut Mistakes,
    ) -> Option<ProjectId> {
        let (field, name) = ["project_no", "project_name"]
            .into_iter()
            .find_map(|field| Some((field, record.text(field)?)))?;
        let candidates = self.projects.get(name).map(Vec::as_slice).unwrap_or_default();
        let county = area.county().area();
        let inside: Vec<_> = candidates
            .iter()
            .filter(|(place, _)| county.covers(place) || place.covers(&county))
            .collect();
        let expected = match inside[..] {
            [(_, id)] => return Some(*id),
            [] => Sentence::new(
                format!("本县没有登记项目“{name}”，请先导入项目"),
                format!("the county has no project “{name}”; import projects first"),
            ),
            _ => Sentence::new(
                format!("本县有 {} 个项目叫“{name}”，请用项目编号", inside.len()),
                format!(
                    "the county has {} projects “{name}”; use the project number",
                    inside.len()
                ),
            ),
        };
        mistakes.push(Mistake::new(field, name, expected));
        None
    }

    /// The person a row names: by ledger number (`P17`), or by name and telephone.
    pub(super) async fn person(
        &mut self,
        write: &mut Write,
        (name, phone): (&str, Option<&str>),
        area: AreaCode,
    ) -> Result<std::result::Result<PersonId, Sentence>> {
        if let Some(number) = name.strip_prefix('P').and_then(|number| number.parse::<i64>().ok()) {
            let known = write.person_in_reach(PersonId(number)).await?;
            let missing = Sentence::new("没有这个人员编号", "no person of this number");
            return Ok(if known { Ok(PersonId(number)) } else { Err(missing) });
        }
        let name = match reading::name(name, limits::NAME_LENGTH) {
            Ok(name) => name,
            Err(unreadable) => return Ok(Err(unreadable.expected)),
        };
        let phone = match phone.map(reading::phone).transpose() {
            Ok(phone) => phone.unwrap_or_default(),
            Err(unreadable) => return Ok(Err(unreadable.expected)),
        };
        let key = (area, name, phone);
        if let Some(id) = self.persons.get(&key) {
            return Ok(Ok(*id));
        }
        let contact = Contact { name: key.1.clone(), phone: key.2.clone() };
        let person = app::person::find_or_put_in(write, area, &contact, None).await?;
        self.persons.insert(key, person.id);
        Ok(Ok(person.id))
    }
}

fn split<'a>(path: &'a str, map: &'a Map) -> Vec<&'a str> {
    path.split(map.area.separator.as_str()).map(str::trim).filter(|name| !name.is_empty()).collect()
}

fn ambiguous(name: &str, codes: &[AreaCode]) -> Sentence {
    let shown: Vec<_> =
        codes.iter().take(limits::CANDIDATES_SHOWN).map(ToString::to_string).collect();
    let shown = shown.join("、");
    Sentence::new(
        format!("有 {} 个“{name}”：{shown}，请用区划代码", codes.len()),
        format!("{} areas are called “{name}”: {shown}; use the area code", codes.len()),
    )
}

enum Nearest<T> {
    None,
    One(T),
    Several(usize),
}

/// The candidate that stands in the area or nearest above it.
fn nearest<T: Copy>(candidates: &[(AreaCode, T)], area: AreaCode) -> Nearest<T> {
    let holding = candidates.iter().filter(|(place, _)| place.covers(&area));
    let Some(depth) = holding.clone().map(|(place, _)| place.stem().len()).max() else {
        return Nearest::None;
    };
    let near: Vec<T> =
        holding.filter(|(place, _)| place.stem().len() == depth).map(|(_, id)| *id).collect();
    match near[..] {
        [one] => Nearest::One(one),
        _ => Nearest::Several(near.len()),
    }
}
