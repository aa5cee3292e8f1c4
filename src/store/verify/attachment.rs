//! What attached files hold: each content that a row knows is there, opens, and has the digest and
//! the size that the row tells. One content at a time, each once however many rows know it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    area::{AreaCode, County},
    attachment,
    language::Label,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{OnProgress, Progress, noun_of};
use crate::{
    domain::verification::{Fault, Kind, Place},
    error::Result,
    limits,
    store::{
        attachment::{Standing, standing},
        key::Keys,
    },
};

const STEP: Label = Label::new("核对附件内容", "checking attached files");

/// A row, as far as it tells of its content.
type Told = (i64, AreaCode, String, Option<String>, i64);

/// The first fault among the files of each county, or of those that are walked.
pub(super) async fn faults(
    txn: &DatabaseTransaction,
    keys: &Keys,
    scope: Option<&BTreeSet<County>>,
    progress: OnProgress<'_>,
) -> Result<Vec<Fault>> {
    let mut faults: BTreeMap<County, Fault> = BTreeMap::new();
    let mut known: HashMap<[u8; 32], Standing> = HashMap::new();
    let (mut after, mut done) = (i64::MIN, 0);
    loop {
        let rows: Vec<Told> = attachment::Entity::find()
            .select_only()
            .columns([
                attachment::Column::Id,
                attachment::Column::AreaCode,
                attachment::Column::Digest,
                attachment::Column::PreviewDigest,
                attachment::Column::Size,
            ])
            .filter(attachment::Column::Id.gt(after))
            .order_by_asc(attachment::Column::Id)
            .limit(limits::READ_BATCH)
            .into_tuple()
            .all(txn)
            .await?;
        let Some(last) = rows.last() else { return Ok(faults.into_values().collect()) };
        after = last.0;
        for (id, area, digest, preview, size) in rows {
            let county = area.county();
            if scope.is_some_and(|walked| !walked.contains(&county)) {
                continue;
            }
            let size = usize::try_from(size).ok();
            let contents = [Some((digest, size)), preview.map(|digest| (digest, None))];
            for (part, (digest, size)) in ["content", "preview"]
                .into_iter()
                .zip(contents)
                .filter_map(|(part, content)| Some((part, content?)))
            {
                let found = look(txn, keys, &digest, &mut known).await?;
                let kind = match found {
                    Standing::Whole(bytes) if size.is_none_or(|size| size == bytes) => continue,
                    Standing::Missing => Kind::FileMissing,
                    _ => Kind::FileBroken,
                };
                let place = Place::row(county, noun_of::<attachment::Entity>(), id).part(part);
                faults.entry(county).or_insert_with(|| Fault::new(kind, place));
            }
            done += 1;
            progress(Progress { step: STEP, done, total: None });
        }
    }
}

/// Looks at a content, once.
async fn look(
    txn: &DatabaseTransaction,
    keys: &Keys,
    digest: &str,
    known: &mut HashMap<[u8; 32], Standing>,
) -> Result<Standing> {
    let Some(key) = bytes_of(digest) else { return Ok(Standing::Missing) };
    if let Some(standing) = known.get(&key) {
        return Ok(*standing);
    }
    let found = standing(txn, keys, digest).await?;
    known.insert(key, found);
    Ok(found)
}

/// The bytes of a digest.
fn bytes_of(digest: &str) -> Option<[u8; 32]> {
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digest.as_bytes().chunks(2).map(pair).collect();
    bytes?.try_into().ok()
}
