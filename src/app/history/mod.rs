//! What happened: entries of the log, told field by field. Those that touched one asset are told to
//! whoever may see it; all of a county's to whoever may read its log.

mod since;
mod teller;

use std::collections::HashMap;

use anyhow::anyhow;
use entity::{
    area::County,
    finding::Rule,
    id::{AccountId, AssetId, OrganizationId},
    language::{Label, Language},
    log,
};

pub use self::since::{Recorded, Since, since};
use self::teller::{Body, Changed, Teller};
use crate::{
    error::Result,
    store::{
        Read,
        log::{EntryFilter, Row, Touched},
    },
};

/// An entry, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The entry, as it is stored.
    pub entry: log::Model,
    /// Why it was done, where a reason was given.
    pub reason: Option<String>,
    /// What else it says of itself, by the names it uses.
    pub notes: Vec<(String, String)>,
    /// Rows that it changed, which may be more than are told.
    pub n_changes: usize,
    /// Rows that it brought in as a whole, known by their digest alone.
    pub n_bulk: u64,
    /// The rows that it changed, or the first of them.
    pub changes: Vec<RowChange>,
}

/// One row that an entry changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// What kind of row.
    pub noun: &'static str,
    /// What people call it.
    pub label: Label,
    /// Its id.
    pub id: i64,
    /// The version that came of it.
    pub version: i64,
    /// What it is called, where it has a name.
    pub name: Option<String>,
    /// The asset that it is or belongs to: code and name.
    pub asset: Option<(String, String)>,
    /// The fields that differ.
    pub fields: Vec<FieldChange>,
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it said before.
    pub before: Option<String>,
    /// What it says since.
    pub after: Option<String>,
}

/// Entries of a page of an asset's history, and the place of the last when there are more.
pub type HistoryPage = (Vec<HistoryEntry>, Option<(County, i64)>);

/// The entries that touched an asset before a place, the newest of a county first.
pub async fn of_asset(
    read: &Read<'_>,
    id: AssetId,
    before: Option<(County, i64)>,
    limit: usize,
    language: Language,
) -> Result<HistoryPage> {
    of_touched(read, read.entries_of_asset(id).await?, before, limit, language).await
}

/// The entries that asked somebody about a finding, or set it aside, the newest of a county first.
pub async fn of_finding(
    read: &Read<'_>,
    (id, rule): (AssetId, Rule),
    limit: usize,
    language: Language,
) -> Result<Vec<HistoryEntry>> {
    let touched = read.entries_of_finding(id, rule).await?;
    let (mut entries, _) = of_touched(read, touched, None, limit, language).await?;
    name_parties(read, &mut entries, language).await?;
    Ok(entries)
}

/// Puts the names of accounts and organizations in the place of their numbers.
async fn name_parties(
    read: &Read<'_>,
    entries: &mut [HistoryEntry],
    language: Language,
) -> Result<()> {
    let fields = || entries.iter().flat_map(|entry| &entry.changes).flat_map(|row| &row.fields);
    let ids = |is_one: fn(&str) -> bool| -> Vec<i64> {
        let texts = fields().filter(|field| is_one(&field.name));
        let texts = texts.flat_map(|field| [&field.before, &field.after]).flatten();
        texts.filter_map(|text| text.parse().ok()).collect()
    };
    let is_account = |name: &str| ["account_id", "reported_by"].contains(&name);
    let is_body = |name: &str| name == "organization_id";
    let accounts = ids(is_account).into_iter().map(AccountId).collect();
    let accounts = read.account_names(accounts).await?;
    let bodies = ids(is_body).into_iter().map(OrganizationId).collect();
    let bodies = read.organization_names(bodies).await?;
    let rows = entries.iter_mut().flat_map(|entry| &mut entry.changes);
    for field in rows.flat_map(|row| &mut row.fields) {
        if is_body(&field.name) {
            let label = Label::new("交办单位", "organization that was asked");
            label.text(language).clone_into(&mut field.label);
        }
        let name = |text: &mut String| {
            let Ok(id) = text.parse() else { return };
            let found = match field.name.as_str() {
                name if is_account(name) => accounts.get(&AccountId(id)).cloned(),
                name if is_body(name) => {
                    bodies.get(&OrganizationId(id)).map(|body| body.name.clone())
                }
                _ => None,
            };
            if let Some(found) = found {
                *text = found;
            }
        };
        field.before.iter_mut().chain(field.after.iter_mut()).for_each(name);
    }
    Ok(())
}

async fn of_touched(
    read: &Read<'_>,
    touched: Touched,
    before: Option<(County, i64)>,
    limit: usize,
    language: Language,
) -> Result<HistoryPage> {
    let earlier = touched.iter().rev().filter(|(place, _)| before.is_none_or(|at| **place < at));
    let mut page: Vec<_> = earlier.take(limit + 1).collect();
    let is_more = page.len() > limit;
    page.truncate(limit);
    let places: Vec<(County, i64)> = page.iter().map(|(place, _)| **place).collect();
    let entries = read.entries_at(&places).await?;
    let mut entries: HashMap<_, _> =
        entries.into_iter().map(|entry| ((entry.county, entry.seq), entry)).collect();
    let mut bodies = Vec::with_capacity(page.len());
    for (place, rows) in page {
        let entry = entries.remove(place).ok_or_else(|| anyhow!("a log has lost an entry"))?;
        let own = |changed: &Changed| {
            rows.iter().any(|(noun, id): &Row| (*noun, *id) == (&*changed.noun, changed.id))
        };
        bodies.push((entry.clone(), Body::of(&entry)?.keep(own)));
    }
    let told = told(read, bodies, language).await?;
    Ok((told, places.last().copied().filter(|_| is_more)))
}

/// Entries of a county's log before a position, the newest first, each with the first few rows
/// that it changed; and the position before which there are more.
pub async fn of_county(
    read: &Read<'_>,
    county: County,
    filter: &EntryFilter,
    before: Option<i64>,
    (limit, rows): (u64, usize),
    language: Language,
) -> Result<(Vec<HistoryEntry>, Option<i64>)> {
    let mut entries = read.entries_before(county, filter, before, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().map(|entry| entry.seq).filter(|_| is_more);
    let bodies = entries.into_iter().map(|entry| {
        let body = Body::of(&entry)?;
        Ok((entry, body.first(rows)))
    });
    let bodies = bodies.collect::<Result<Vec<_>>>()?;
    Ok((told(read, bodies, language).await?, next))
}

/// One entry of a county's log with every row that it changed.
pub async fn of_entry(
    read: &Read<'_>,
    county: County,
    seq: i64,
    language: Language,
) -> Result<HistoryEntry> {
    let entry = read.entry(county, seq).await?;
    let body = Body::of(&entry)?;
    let mut told = told(read, vec![(entry, body)], language).await?;
    Ok(told.pop().ok_or_else(|| anyhow!("an entry was not told"))?)
}

/// Tells entries in the reader's language; rows are read together, however many there are.
async fn told(
    read: &Read<'_>,
    bodies: Vec<(log::Model, Body)>,
    language: Language,
) -> Result<Vec<HistoryEntry>> {
    let mut teller = Teller::new(read, language);
    teller.learn(bodies.iter().flat_map(|(_, body)| &body.changes)).await?;
    Ok(bodies
        .into_iter()
        .map(|(entry, body)| HistoryEntry {
            reason: body.reason(),
            notes: body.notes(),
            n_changes: body.n_changes,
            n_bulk: body.n_bulk(),
            changes: body.changes.iter().filter_map(|changed| teller.change(changed)).collect(),
            entry,
        })
        .collect())
}
