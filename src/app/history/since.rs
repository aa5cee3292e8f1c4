//! What became of a card since somebody read it: how it stood then, and who recorded which field
//! anew.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{asset, log};
use serde_json::Value as Json;

use super::teller::{Body, Changed, json};
use crate::{
    error::Result,
    limits,
    store::{Read, Subject},
};

/// A card then, and what has been recorded of it since.
#[derive(Clone, Debug)]
pub struct Since {
    /// The card as it stood; none where more was recorded since than is undone.
    pub before: Option<asset::Model>,
    /// By the names of fields, who recorded each of them last.
    pub by: BTreeMap<String, Recorded>,
}

/// Who recorded something, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recorded {
    /// When.
    pub at: DateTime<Utc>,
    /// The account, as the log names it.
    pub actor: String,
}

impl Recorded {
    fn by(entry: &log::Model) -> Recorded {
        let at = DateTime::from_timestamp_millis(entry.at).unwrap_or_default();
        Recorded { at, actor: entry.actor.clone() }
    }
}

/// What has become of a card since a version of it.
pub async fn since(read: &Read<'_>, now: &asset::Model, version: i64) -> Result<Since> {
    if version == now.version {
        return Ok(Since { before: Some(now.clone()), by: BTreeMap::new() });
    }
    let most = limits::VERSIONS_COMPARED;
    let versions = (version, now.version);
    let mut places = read.entries_of_versions(now.id, versions, most as u64 + 1).await?;
    let is_whole = places.len() <= most;
    places.truncate(most);
    let mut changes: Vec<(Changed, Recorded)> = Vec::new();
    for entry in read.entries_at(&places).await? {
        let own = |one: &Changed| (&*one.noun, one.id) == (asset::Entity::TABLE, now.id.0);
        let own = Body::of(&entry)?.keep(own).changes.into_iter();
        changes.extend(own.map(|change| (change, Recorded::by(&entry))));
    }
    changes.sort_by_key(|(change, _)| std::cmp::Reverse(change.version));
    let mut by = BTreeMap::new();
    let mut row = json(now)?;
    for (change, recorded) in changes {
        for name in change.after.keys() {
            by.entry(name.clone()).or_insert_with(|| recorded.clone());
        }
        if let Json::Object(row) = &mut row {
            row.extend(change.before);
        }
    }
    let before = is_whole.then(|| serde_json::from_value(row)).transpose();
    Ok(Since { before: before.map_err(anyhow::Error::new)?, by })
}
