//! Looking for assets, organizations, projects and areas at once, by what they are called.

use entity::{
    area::{self, AreaCode, Level},
    asset,
    language::Label,
    organization, project,
};

use super::{
    listing::{self, Sight},
    place::Places,
};
use crate::{
    error::{Error, Result},
    limits,
    store::{
        Actor, Ledger, Read,
        list::{List, Listed},
    },
};

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum In {
    /// Assets.
    Assets,
    /// Organizations that have not ended.
    Organizations,
    /// Projects.
    Projects,
    /// Areas that are valid now.
    Areas,
}

impl In {
    /// Everything, in the order in which it is shown.
    pub const ALL: [(&'static str, In, Label); 4] = [
        ("assets", In::Assets, Label::new("资产", "Assets")),
        ("organizations", In::Organizations, Label::new("单位", "Organizations")),
        ("projects", In::Projects, Label::new("项目", "Projects")),
        ("areas", In::Areas, Label::new("区划", "Areas")),
    ];

    /// What an address calls it.
    pub fn code(self) -> &'static str {
        In::ALL.iter().find(|(_, of, _)| *of == self).map_or("", |(code, ..)| code)
    }

    /// What people call it.
    pub fn label(self) -> Label {
        let found = In::ALL.iter().find(|(_, of, _)| *of == self);
        found.map_or(Label::new("", ""), |(.., label)| *label)
    }

    /// The kind of a code.
    pub fn of(code: &str) -> Option<In> {
        In::ALL.iter().find(|(known, ..)| *known == code).map(|(_, of, _)| *of)
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub of: In,
    /// The code of an asset or an area, the id of anything else.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The code that people know it by; empty where there is none.
    pub code: String,
    /// Where it lies.
    pub place: String,
    /// What kind of its kind it is.
    pub kind: Option<Label>,
    area: AreaCode,
}

/// How many were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// So many.
    Exactly(u64),
    /// More than are counted.
    MoreThan(u64),
}

/// What was found of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Of which kind.
    pub kind: In,
    /// The first of them, or a page.
    pub hits: Vec<Hit>,
    /// How many there are.
    pub total: Found,
    /// Whether there are more than are told.
    pub is_cut: bool,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// The code of the asset that a text is the code of.
pub async fn exact(ledger: &Ledger, actor: &Actor, text: &str) -> Result<Option<String>> {
    if text.is_empty() || text.chars().count() > limits::CODE_LENGTH {
        return Ok(None);
    }
    match ledger.read(actor).asset(text).await {
        Ok(asset) => Ok(Some(asset.code)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A few of everything that bears a text.
pub async fn look(ledger: &Ledger, actor: &Actor, text: &str, few: u64) -> Result<Vec<Group>> {
    let mut groups = Vec::new();
    if text.is_empty() {
        return Ok(groups);
    }
    for (_, kind, _) in In::ALL {
        groups.push(group(ledger, actor, kind, text, few).await?);
    }
    Ok(groups)
}

/// A few of a kind that bear a text.
pub async fn group(
    ledger: &Ledger,
    actor: &Actor,
    kind: In,
    text: &str,
    few: u64,
) -> Result<Group> {
    told(ledger, actor, kind, (text, few, None)).await
}

/// A page of a kind that bears a text.
pub async fn page(
    ledger: &Ledger,
    actor: &Actor,
    kind: In,
    text: &str,
    after: Option<&str>,
) -> Result<Group> {
    told(ledger, actor, kind, (text, limits::PAGE_ROWS_USUAL, after)).await
}

/// What is asked: a text, how many, from where on.
type Asked<'a> = (&'a str, u64, Option<&'a str>);

async fn told(ledger: &Ledger, actor: &Actor, kind: In, asked: Asked<'_>) -> Result<Group> {
    let read = ledger.read(actor);
    let read = &read;
    let mut group = match kind {
        In::Assets => {
            let list = list::<asset::Entity>(asked, &[("standing", "yes")])?;
            found(read, kind, list, asset::Column::Id, |row| {
                hit(
                    kind,
                    (row.code.clone(), row.name, row.code, row.area_code),
                    row.subclass.map(asset::Subclass::label),
                )
            })
            .await?
        }
        In::Organizations => {
            let list = list::<organization::Entity>(asked, &[("ended", "no")])?;
            found(read, kind, list, organization::Column::Id, |row| {
                hit(
                    kind,
                    (
                        row.id.to_string(),
                        row.name,
                        row.credit_code.unwrap_or_default(),
                        row.area_code,
                    ),
                    Some(row.kind.label()),
                )
            })
            .await?
        }
        In::Projects => {
            let list = list::<project::Entity>(asked, &[])?;
            found(read, kind, list, project::Column::Id, |row| {
                hit(
                    kind,
                    (
                        row.id.to_string(),
                        row.name,
                        row.project_no.unwrap_or_default(),
                        row.area_code,
                    ),
                    None,
                )
            })
            .await?
        }
        In::Areas => {
            let list = list::<area::Entity>(asked, &[])?.of_present();
            found(read, kind, list, area::Column::Id, |row| {
                hit(
                    kind,
                    (row.area_code.to_string(), row.name, String::new(), row.area_code),
                    Some(row.level.label()),
                )
            })
            .await?
        }
    };
    let mut places = Places::new(read.today());
    places.learn(read, group.hits.iter().map(|hit| hit.area)).await?;
    for hit in &mut group.hits {
        let area = if kind == In::Areas { hit.area.above().next() } else { Some(hit.area) };
        hit.place = area.map_or(String::new(), |area| places.path_below(area, Some(actor.area())));
    }
    Ok(group)
}

fn hit(
    of: In,
    (id, name, code, area): (String, String, String, AreaCode),
    kind: Option<Label>,
) -> Hit {
    Hit { of, id, name, code, place: String::new(), kind, area }
}

fn list<E: Listed>((text, limit, after): Asked<'_>, words: &[(&str, &str)]) -> Result<List<E>> {
    let after = after.map(|after| ("after", after));
    let mut list = List::<E>::read(words.iter().copied().chain([("q", text)]).chain(after))?;
    list.limit = limit;
    Ok(list)
}

async fn found<E: Listed>(
    read: &Read<'_>,
    kind: In,
    list: List<E>,
    id: E::Column,
    hit: impl Fn(E::Model) -> Hit,
) -> Result<Group> {
    // a search is of one county: above it, nothing is found until an area is chosen
    if read.actor().area().level() < Level::County {
        let total = Found::Exactly(0);
        return Ok(Group { kind, hits: Vec::new(), total, is_cut: false, next: None });
    }
    let page = read.list(&list).await?;
    let is_cut = page.next.is_some();
    let total = if is_cut || page.previous.is_some() {
        let most = limits::SEARCH_COUNTED;
        let counted = read.list_total(&list, id, most).await?;
        counted.map_or(Found::MoreThan(most), |total| Found::Exactly(total.n))
    } else {
        Found::Exactly(page.rows.len() as u64)
    };
    let hits = page.rows.into_iter().map(hit).collect();
    Ok(Group { kind, hits, total, is_cut, next: page.next })
}

/// The assets that people of a whole name keep, the first page of them.
pub async fn kept_by(ledger: &Ledger, actor: &Actor, name: &str) -> Result<Vec<Sight>> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let rows = listing::kept_by_name(ledger, actor, name).await?;
    listing::sights(ledger, actor, rows).await
}
