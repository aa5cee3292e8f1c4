//! Attached files: their rows pass the doors; their content is sealed, kept once for each digest,
//! and opened only for whoever has found a row that knows the digest.

use std::collections::HashMap;

use anyhow::{Context as _, anyhow};
use entity::{
    area::AreaCode,
    attachment::{self, Model, content},
    id::{AccountId, AssetId, AttachmentId, InspectionId},
    inspection,
    log::{self, change},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select, Statement,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};
use sha2::{Digest as _, Sha256};

use super::{Read, Subject, Write, key::Keys};
use crate::{error::Result, limits};

/// Bytes of the files between two areas.
const HELD: &str = "SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM attachment \
     WHERE area_code BETWEEN $1 AND $2";

/// What a content is sealed for: it opens under its own digest alone.
fn purpose(digest: &str) -> Vec<u8> {
    format!("attachment {digest}").into_bytes()
}

/// SHA-256, hexadecimal.
fn digest_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a content is, as far as its digest tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// What was kept, of so many bytes.
    Whole(usize),
    /// It does not open, or is something else.
    Broken,
    /// It is gone.
    Missing,
}

/// Looks at a content.
pub(super) async fn standing(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    digest: &str,
) -> Result<Standing> {
    let Some(row) = content::Entity::find_by_id(digest).one(connection).await? else {
        return Ok(Standing::Missing);
    };
    Ok(match keys.open_bytes(&row.sealed, &purpose(digest)) {
        Ok(bytes) if digest_of(&bytes) == digest => Standing::Whole(bytes.len()),
        _ => Standing::Broken,
    })
}

/// Photos that were taken of the asset of an inspection in those before it, the latest first.
fn before(
    files: Select<attachment::Entity>,
    row: &inspection::Model,
) -> Select<attachment::Entity> {
    files
        .filter(attachment::Column::AssetId.eq(row.asset_id))
        .filter(attachment::Column::Subject.eq(attachment::Subject::Inspection))
        .filter(attachment::Column::SubjectId.lt(row.id.0))
        .filter(attachment::Column::Likeness.is_not_null())
        .order_by_desc(attachment::Column::Id)
        .limit(limits::LIKENESS_COMPARED)
}

/// The latest inspections that an account made before one.
fn by_account(
    rows: Select<inspection::Entity>,
    account: AccountId,
    id: InspectionId,
) -> Select<inspection::Entity> {
    rows.select_only()
        .column(inspection::Column::Id)
        .filter(Expr::cust("abs(account_id)").eq(account.0))
        .filter(inspection::Column::Id.lt(id))
        .order_by_desc(inspection::Column::Id)
        .limit(limits::LIKENESS_COMPARED)
}

/// The photos of some inspections.
fn of_inspections(files: Select<attachment::Entity>, ids: &[i64]) -> Select<attachment::Entity> {
    files
        .filter(attachment::Column::Subject.eq(attachment::Subject::Inspection))
        .filter(attachment::Column::SubjectId.is_in(ids.iter().copied()))
        .filter(attachment::Column::Likeness.is_not_null())
}

impl Write {
    /// Every file of an asset, of its title and of its duties.
    pub async fn attachments_of(&self, asset: AssetId) -> Result<Vec<Model>> {
        let query = self.find::<attachment::Entity>();
        let query = query.filter(attachment::Column::AssetId.eq(asset));
        Ok(query.order_by_asc(attachment::Column::Id).all(&self.txn).await?)
    }

    /// Bytes of the files of the county of an area.
    pub async fn file_bytes(&self, area: AreaCode) -> Result<u64> {
        self.held_bytes(HELD, area).await
    }

    /// Bytes of the files of that county that came with reports of faults.
    pub async fn report_bytes(&self, area: AreaCode) -> Result<u64> {
        self.held_bytes(&format!("{HELD} AND subject = 'fault_report'"), area).await
    }

    async fn held_bytes(&self, sql: &str, area: AreaCode) -> Result<u64> {
        let county = area.county();
        let statement = Statement::from_sql_and_values(
            self.txn.get_database_backend(),
            sql,
            [format!("{county}000000").into(), format!("{county}999999").into()],
        );
        let row = self.txn.query_one_raw(statement).await?.context("a sum")?;
        let bytes: i64 = row.try_get_by_index(0)?;
        Ok(u64::try_from(bytes).unwrap_or(0))
    }

    /// Keeps a content, sealed, unless it is there already.
    pub async fn keep_content(&mut self, digest: &str, bytes: &[u8]) -> Result<()> {
        if digest_of(bytes) != digest {
            return Err(anyhow!("a content is not what was looked into").into());
        }
        let known = content::Entity::find_by_id(digest)
            .select_only()
            .column(content::Column::Digest)
            .into_tuple::<String>();
        if known.one(&self.txn).await?.is_some() {
            return Ok(());
        }
        let sealed = self.keys.seal_bytes(bytes, &purpose(digest))?;
        let row = content::Model { digest: digest.to_owned(), sealed };
        let same = OnConflict::column(content::Column::Digest).do_nothing().to_owned();
        content::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(same)
            .exec_without_returning(&self.txn)
            .await?;
        Ok(())
    }
}

impl Read<'_> {
    /// Every file of an asset, of its title and of its duties, the newest first.
    pub async fn attachments_of(&self, asset: AssetId) -> Result<Vec<Model>> {
        let query = self.find::<attachment::Entity>();
        let query = query.filter(attachment::Column::AssetId.eq(asset));
        Ok(query.order_by_desc(attachment::Column::Id).all(self.connection()).await?)
    }

    /// Who attached some files, as the log has it.
    pub async fn attached_by(&self, ids: &[AttachmentId]) -> Result<HashMap<AttachmentId, String>> {
        let mut found = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(limits::IMPORT_BATCH) {
            let made = change::Entity::find()
                .filter(change::Column::Noun.eq(<attachment::Entity as Subject>::TABLE))
                .filter(change::Column::SubjectId.is_in(ids.iter().map(|id| id.0)))
                .filter(change::Column::Version.eq(1))
                .all(self.connection())
                .await?;
            let place = |one: &change::Model| {
                log::Column::County.eq(one.county).and(log::Column::Seq.eq(one.seq))
            };
            if made.is_empty() {
                continue;
            }
            let any = made.iter().map(place).fold(Condition::any(), Condition::add);
            let actors: Vec<(entity::area::County, i64, String)> = log::Entity::find()
                .select_only()
                .columns([log::Column::County, log::Column::Seq, log::Column::Actor])
                .filter(any)
                .into_tuple()
                .all(self.connection())
                .await?;
            let actors: HashMap<_, _> =
                actors.into_iter().map(|(county, seq, actor)| ((county, seq), actor)).collect();
            found.extend(made.into_iter().filter_map(|one| {
                let actor = actors.get(&(one.county, one.seq))?.clone();
                Some((AttachmentId(one.subject_id), actor))
            }));
        }
        Ok(found)
    }

    /// The latest photos of inspections that were kept before one: those of its asset, and those of
    /// the latest inspections by the same account, as far as the reader may see them.
    pub async fn photos_before(&self, row: &inspection::Model) -> Result<Vec<Model>> {
        let query = before(self.find::<attachment::Entity>(), row);
        let mut found = query.all(self.connection()).await?;
        let Some(account) = row.account_id else { return Ok(found) };
        let ids = by_account(self.find::<inspection::Entity>(), account, row.id);
        let ids: Vec<i64> = ids.into_tuple().all(self.connection()).await?;
        let query = of_inspections(self.find::<attachment::Entity>(), &ids);
        let others = query.all(self.connection()).await?;
        found.extend(others.into_iter().filter(|file| file.asset_id != row.asset_id));
        Ok(found)
    }

    /// What a file holds, as it was kept.
    pub async fn content(&self, row: &Model) -> Result<Vec<u8>> {
        self.opened_content(&row.digest).await
    }

    /// The small picture that stands for a file; none where it is no picture.
    pub async fn preview(&self, row: &Model) -> Result<Option<Vec<u8>>> {
        match &row.preview_digest {
            Some(digest) => self.opened_content(digest).await.map(Some),
            None => Ok(None),
        }
    }

    async fn opened_content(&self, digest: &str) -> Result<Vec<u8>> {
        let row = content::Entity::find_by_id(digest).one(self.connection()).await?;
        let row = row.ok_or_else(|| anyhow!("the content of a file is missing"))?;
        let bytes = self.keys.open_bytes(&row.sealed, &purpose(digest))?;
        if digest_of(&bytes) != digest {
            return Err(anyhow!("the content of a file is not what was kept").into());
        }
        Ok(bytes)
    }

    /// Whether what is kept of a file has the digests and the size that are recorded.
    pub async fn is_content_whole(&self, row: &Model) -> Result<bool> {
        let kept = standing(self.connection(), self.keys, &row.digest).await?;
        let is_kept = matches!(kept, Standing::Whole(size) if i64::try_from(size) == Ok(row.size));
        let Some(preview) = &row.preview_digest else { return Ok(is_kept) };
        let preview = standing(self.connection(), self.keys, preview).await?;
        Ok(is_kept && matches!(preview, Standing::Whole(_)))
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait as _;
    use sea_orm::{Database, DbBackend, QueryTrait as _, TryGetable as _};

    use super::*;

    fn one() -> inspection::Model {
        let at = chrono::DateTime::UNIX_EPOCH;
        inspection::Model {
            id: InspectionId(9),
            area_code: AreaCode::NATION,
            asset_id: AssetId(7),
            device_key: String::new(),
            inspected_at: at,
            condition: inspection::Condition::Good,
            checks: inspection::Checks::default(),
            is_all_at_once: false,
            note: None,
            longitude: None,
            latitude: None,
            accuracy_m: None,
            device: None,
            device_count: None,
            sheet_no: None,
            account_id: None,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    #[tokio::test]
    async fn no_question_scans_or_sorts_a_table() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let build = DbBackend::Sqlite;
        let of_asset = attachment::Entity::find()
            .filter(attachment::Column::AreaCode.between("520381000000", "520381999999"))
            .filter(attachment::Column::AssetId.eq(7))
            .order_by_desc(attachment::Column::Id)
            .build(build);
        let county = || ("520381000000", "520381999999");
        let files = || {
            let (first, last) = county();
            attachment::Entity::find().filter(attachment::Column::AreaCode.between(first, last))
        };
        let (first, last) = county();
        let made =
            inspection::Entity::find().filter(inspection::Column::AreaCode.between(first, last));
        let made = by_account(made, AccountId(7), InspectionId(9)).build(build);
        let photos = of_inspections(files(), &[7, 8]).build(build);
        let earlier = before(files(), &one()).build(build);
        let held = Statement::from_sql_and_values(build, HELD, ["5".into(), "6".into()]);
        for (statement, index) in [
            (of_asset, "attachment_of_asset"),
            (made, "inspection_of_account"),
            (photos, "attachment_of_thing"),
            (earlier, "attachment_of_asset"),
            (held, "attachment_size"),
        ] {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.unwrap_or(sea_orm::Values(Vec::new())).0;
            let explain = Statement::from_sql_and_values(build, sql, values);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let plan: Vec<String> =
                rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
            let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
            assert!(!plan.iter().any(bad), "{}\n{plan:#?}", statement.sql);
            let used = |step: &String| step.contains(index);
            assert!(plan.iter().any(used), "{index}\n{}\n{plan:#?}", statement.sql);
        }
    }
}
