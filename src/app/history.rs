//! What happened to one asset: the entries that touched it, field by field, for whoever may see it.

use std::collections::{BTreeMap, HashMap};

use anyhow::anyhow;
use entity::{
    area::County,
    asset, attachment, duty,
    finding::Rule,
    funding, holding,
    id::{
        AccountId, AssetId, AttachmentId, DutyId, FundingId, HoldingId, OrganizationId,
        RectificationId, TitleId, WaiverId,
    },
    language::{Label, Language},
    log, rectification, title, waiver,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value as Json};

use crate::{
    domain::{
        asset as cards, duty as duties,
        field::{Field, field},
        funding::{self as sources, Source},
        rectification as rounds, title as titles,
    },
    error::Result,
    store::{
        Read, Subject,
        log::{Row, Touched},
    },
};

/// An entry that touched an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The entry, as it is stored.
    pub entry: log::Model,
    /// Why it was done, where a reason was given.
    pub reason: Option<String>,
    /// The rows of the asset that it changed.
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

#[derive(Deserialize)]
struct Body {
    changes: Vec<Changed>,
    #[serde(default)]
    note: Map<String, Json>,
}

#[derive(Deserialize)]
struct Changed {
    id: i64,
    noun: String,
    version: i64,
    after: Map<String, Json>,
    #[serde(default)]
    before: Map<String, Json>,
}

/// The entries that touched an asset before a place, the newest of a county first.
pub async fn of_asset(
    read: &Read<'_>,
    id: AssetId,
    before: Option<(County, i64)>,
    limit: usize,
    language: Language,
) -> Result<HistoryPage> {
    told(read, read.entries_of_asset(id).await?, before, limit, language).await
}

/// The entries that asked somebody about a finding, or set it aside, the newest of a county first.
pub async fn of_finding(
    read: &Read<'_>,
    (id, rule): (AssetId, Rule),
    limit: usize,
    language: Language,
) -> Result<Vec<HistoryEntry>> {
    let touched = read.entries_of_finding(id, rule).await?;
    let (mut entries, _) = told(read, touched, None, limit, language).await?;
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

async fn told(
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
    let mut teller = Teller { read, language, rows: HashMap::new() };
    let mut told = Vec::new();
    for (place, rows) in page {
        let entry = entries.remove(place).ok_or_else(|| anyhow!("a log has lost an entry"))?;
        told.push(teller.entry(entry, rows).await?);
    }
    Ok((told, places.last().copied().filter(|_| is_more)))
}

/// Tells changes in the reader's language.
struct Teller<'a> {
    read: &'a Read<'a>,
    language: Language,
    /// Rows as they stand now, which say what a field of a change is not about.
    rows: HashMap<Row, Json>,
}

/// Columns that are no field of a card.
const COLUMNS: [(&str, Label); 26] = [
    ("account_id", Label::new("交办账号", "account that was asked")),
    ("area_code", Label::new("区划代码", "area code")),
    ("asset_id", Label::new("资产", "asset")),
    ("brought_digest", Label::new("所传文件的 SHA-256", "SHA-256 of what was brought")),
    ("certificate_issuer", Label::new("发证机关", "issuer of the certificate")),
    ("denominator", Label::new("份额分母", "denominator of the share")),
    ("digest", Label::new("SHA-256", "SHA-256")),
    ("end_reason", Label::new("终止原因", "why it ended")),
    ("file_name", Label::new("文件名", "file name")),
    ("from_on", Label::new("起始日", "from")),
    ("is_withdrawn", Label::new("已撤回", "withdrawn")),
    ("kind", Label::new("种类", "kind")),
    ("media", Label::new("格式", "format")),
    ("numerator", Label::new("份额分子", "numerator of the share")),
    ("organization_id", Label::new("单位编号", "number of the organization")),
    ("person_id", Label::new("人员编号", "number of the person")),
    ("preview_digest", Label::new("缩略图的 SHA-256", "SHA-256 of the small picture")),
    ("project_id", Label::new("项目", "project")),
    ("reason", Label::new("理由", "reason")),
    ("reported_by", Label::new("报告人", "reported by")),
    ("right", Label::new("权利", "right")),
    ("rule", Label::new("问题规则", "rule")),
    ("size", Label::new("字节数", "bytes")),
    ("state", Label::new("状态", "state")),
    ("subject", Label::new("附于", "attached to")),
    ("until_on", Label::new("截止日", "until")),
];

impl Teller<'_> {
    async fn entry(&mut self, entry: log::Model, rows: &[Row]) -> Result<HistoryEntry> {
        let body: Body = serde_json::from_str(&entry.body).map_err(anyhow::Error::new)?;
        let mut changes = Vec::new();
        for changed in body.changes {
            let own = |(noun, id): &&Row| (*noun, *id) == (changed.noun.as_str(), changed.id);
            if let Some((noun, _)) = rows.iter().find(own) {
                changes.push(self.change(noun, changed).await?);
            }
        }
        let reason = body.note.get("reason").and_then(Json::as_str).map(str::to_owned);
        Ok(HistoryEntry { entry, reason, changes })
    }

    async fn change(&mut self, noun: &'static str, changed: Changed) -> Result<RowChange> {
        let (label, fields) = match noun {
            "asset" => (
                asset::Entity::NOUN,
                self.row::<asset::Entity, _>(
                    AssetId(changed.id),
                    &changed,
                    cards::FIELDS,
                    Clone::clone,
                )
                .await?,
            ),
            "title" => (
                title::Entity::NOUN,
                self.row::<title::Entity, _>(
                    TitleId(changed.id),
                    &changed,
                    titles::FIELDS,
                    Clone::clone,
                )
                .await?,
            ),
            "duty" => (
                duty::Entity::NOUN,
                self.row::<duty::Entity, _>(
                    DutyId(changed.id),
                    &changed,
                    duties::FIELDS,
                    Clone::clone,
                )
                .await?,
            ),
            "funding" => (
                funding::Entity::NOUN,
                self.row::<funding::Entity, _>(
                    FundingId(changed.id),
                    &changed,
                    sources::FIELDS,
                    Source::of,
                )
                .await?,
            ),
            "holding" => (
                holding::Entity::NOUN,
                self.row::<holding::Entity, _>(
                    HoldingId(changed.id),
                    &changed,
                    NO_FIELDS,
                    Clone::clone,
                )
                .await?,
            ),
            "rectification" => (
                rectification::Entity::NOUN,
                self.row::<rectification::Entity, _>(
                    RectificationId(changed.id),
                    &changed,
                    rounds::FIELDS,
                    Clone::clone,
                )
                .await?,
            ),
            "attachment" => (
                attachment::Entity::NOUN,
                self.row::<attachment::Entity, _>(
                    AttachmentId(changed.id),
                    &changed,
                    NO_FIELDS_OF_FILES,
                    Clone::clone,
                )
                .await?,
            ),
            _ => (
                waiver::Entity::NOUN,
                self.row::<waiver::Entity, _>(
                    WaiverId(changed.id),
                    &changed,
                    NO_FIELDS_OF_WAIVERS,
                    Clone::clone,
                )
                .await?,
            ),
        };
        Ok(RowChange { noun, label, id: changed.id, version: changed.version, fields })
    }

    /// The fields of a change of one row, which reads as an `R`.
    async fn row<E: Subject<Model: DeserializeOwned>, R>(
        &mut self,
        id: E::Id,
        changed: &Changed,
        fields: &'static [Field<R>],
        of: fn(&E::Model) -> R,
    ) -> Result<Vec<FieldChange>> {
        let key = (E::TABLE, changed.id);
        if !self.rows.contains_key(&key) {
            let row = self.read.get::<E>(id).await?;
            self.rows.insert(key, json(&row)?);
        }
        let now = self.rows.get(&key).cloned().unwrap_or_default();
        let told = |part: &Map<String, Json>| -> Result<BTreeMap<String, Option<String>>> {
            let mut whole = now.clone();
            if let Json::Object(whole) = &mut whole {
                whole.extend(part.clone());
            }
            let row: E::Model = serde_json::from_value(whole).map_err(anyhow::Error::new)?;
            let row = of(&row);
            let text = |(name, value): (&String, &Json)| {
                let text = match field(fields, name) {
                    Some(field) => (field.get)(&row).text(self.language),
                    None => plain(value),
                };
                (name.clone(), Some(text).filter(|text| !text.is_empty()))
            };
            Ok(part.iter().map(text).collect())
        };
        let (mut before, after) = (told(&changed.before)?, told(&changed.after)?);
        let change = |(name, after): (String, Option<String>)| {
            let label = field(fields, &name).map(|field| field.label);
            let known = || COLUMNS.iter().find(|(column, _)| *column == name).map(|one| one.1);
            let label = label.or_else(known).map_or(name.as_str(), |one| one.text(self.language));
            let (label, before) = (label.to_owned(), before.remove(&name).flatten());
            FieldChange { name, label, before, after }
        };
        Ok(after.into_iter().map(change).collect())
    }
}

/// Rights are told by their columns.
const NO_FIELDS: &[Field<holding::Model>] = &[];
/// So are files.
const NO_FIELDS_OF_FILES: &[Field<attachment::Model>] = &[];
/// And waivers.
const NO_FIELDS_OF_WAIVERS: &[Field<waiver::Model>] = &[];

fn json(row: &impl Serialize) -> Result<Json> {
    Ok(serde_json::to_value(row).map_err(anyhow::Error::new)?)
}

/// A value that no field shows.
fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
