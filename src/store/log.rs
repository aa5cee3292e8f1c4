//! Reading the log: its entries page by page for those who may, and the entries that touched the
//! rows of one asset for whoever may see the asset.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    area::County,
    attachment, budget, duty, fault_report,
    finding::Rule,
    funding, holding,
    id::AssetId,
    inspection,
    language::Label,
    log::{self, change},
    post_asset, rectification, revival, spending, title, upkeep, waiver, work_order,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Read, Subject};
use crate::{
    domain::permission::Action,
    error::{Error, Result},
    limits,
};

const NOUN: Label = Label::new("留痕", "log entry");

/// What a list of entries is narrowed by.
#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    /// Whose actions.
    pub actor: Option<String>,
    /// Which action.
    pub action: Option<Action>,
    /// Entries that changed this row: noun and id.
    pub subject: Option<(String, i64)>,
    /// Entries that touched this asset or what belongs to it.
    pub asset: Option<AssetId>,
    /// Not before this instant.
    pub from: Option<DateTime<Utc>>,
    /// Not after this instant.
    pub to: Option<DateTime<Utc>>,
}

/// An entry without its body.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct EntryLine {
    /// Its position.
    pub seq: i64,
    /// Milliseconds since 1970, UTC.
    pub at: i64,
    /// Who acted.
    pub actor: String,
    /// The code of the action.
    pub action: String,
    /// SHA-256(0x00 ‖ body).
    pub leaf: Vec<u8>,
}

/// A row that belongs to an asset, by noun and id.
pub type Row = (&'static str, i64);

/// Where the rows of an asset were changed: county and position of the entry, and in it the rows.
pub type Touched = BTreeMap<(County, i64), Vec<Row>>;

impl Read<'_> {
    fn of_county(&self, county: County) -> Result<Select<log::Entity>> {
        self.require(Action::ReadLog)?;
        if !self.actor().area().covers(&county.area()) {
            return Err(Error::NotFound(NOUN));
        }
        Ok(log::Entity::find().filter(log::Column::County.eq(county)))
    }

    /// One entry of a county's log.
    pub async fn entry(&self, county: County, seq: i64) -> Result<log::Model> {
        let query = self.of_county(county)?.filter(log::Column::Seq.eq(seq));
        query.one(self.connection()).await?.ok_or(Error::NotFound(NOUN))
    }

    /// Entries of a county's log after a position, in their order.
    pub async fn entry_lines(
        &self,
        county: County,
        filter: &EntryFilter,
        after: Option<i64>,
        limit: u64,
    ) -> Result<Vec<EntryLine>> {
        let query = self.of_county(county)?;
        let Some((first, end)) = self.around(county, filter).await? else { return Ok(Vec::new()) };
        let first = after.map_or(first, |after| Ord::max(first, after.saturating_add(1)));
        let query = narrowed(query, county, filter, first, end).limit(limit);
        let query = query.order_by_asc(log::Column::Seq);
        Ok(lines(query).into_model().all(self.connection()).await?)
    }

    /// Entries of a county's log before a position, the newest first, as they are stored.
    pub async fn entries_before(
        &self,
        county: County,
        filter: &EntryFilter,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<log::Model>> {
        let mut query = self.of_county(county)?;
        if let Some(id) = filter.asset {
            let touched = self.entries_of_asset(id).await?.into_keys();
            let places = touched.filter(|(of, _)| *of == county).map(|(_, seq)| seq);
            query = query.filter(log::Column::Seq.is_in(places));
        }
        let Some((first, end)) = self.around(county, filter).await? else { return Ok(Vec::new()) };
        let end = before.map(|before| end.map_or(before, |end| Ord::min(end, before))).or(end);
        let query = narrowed(query, county, filter, first, end).limit(limit);
        let query = query.order_by_desc(log::Column::Seq);
        Ok(query.all(self.connection()).await?)
    }

    /// Whether a county's log lies within what the reader may read of it.
    pub fn require_log(&self, county: County) -> Result<()> {
        self.of_county(county).map(drop)
    }

    /// The positions between which every entry of the instants of a filter lies. An action takes
    /// its instant before its entry takes its position, but not long before.
    async fn around(
        &self,
        county: County,
        filter: &EntryFilter,
    ) -> Result<Option<(i64, Option<i64>)>> {
        let mut first = 0;
        if let Some(from) = filter.from {
            let early = from.timestamp_millis().saturating_sub(limits::ENTRY_MILLISECONDS);
            let last = before(county, early).into_tuple::<i64>().one(self.connection()).await?;
            first = last.map_or(0, |last| last + 1);
        }
        let mut end = None;
        if let Some(to) = filter.to {
            let late = to.timestamp_millis().saturating_add(limits::ENTRY_MILLISECONDS);
            end = behind(county, late).into_tuple::<i64>().one(self.connection()).await?;
        }
        Ok(end.is_none_or(|end| end > first).then_some((first, end)))
    }

    /// The entries that touched an asset, its titles, duties, sources of money, waivers,
    /// rectifications, files, inspections, work orders, reports of faults, budgets of its own and
    /// spendings. Only whoever may see the asset is told.
    pub async fn entries_of_asset(&self, id: AssetId) -> Result<Touched> {
        self.get::<entity::asset::Entity>(id).await?;
        let db = self.connection();
        let mut touched = Touched::new();
        note::<entity::asset::Entity>(db, vec![id.0], &mut touched).await?;
        macro_rules! parts {
            ($($noun:ident),+) => {$(
                let ids: Vec<i64> = $noun::Entity::find()
                    .select_only()
                    .column($noun::Column::Id)
                    .filter($noun::Column::AssetId.eq(id))
                    .into_tuple()
                    .all(db)
                    .await?;
                note::<$noun::Entity>(db, ids, &mut touched).await?;
            )+};
        }
        parts!(
            title,
            holding,
            duty,
            funding,
            waiver,
            rectification,
            attachment,
            inspection,
            upkeep,
            work_order,
            revival,
            post_asset,
            fault_report,
            budget,
            spending
        );
        Ok(touched)
    }

    /// The entries that asked somebody about a finding, or set it aside. Only whoever may see the
    /// asset is told.
    pub async fn entries_of_finding(&self, id: AssetId, rule: Rule) -> Result<Touched> {
        self.get::<entity::asset::Entity>(id).await?;
        let db = self.connection();
        let mut touched = Touched::new();
        macro_rules! parts {
            ($($noun:ident),+) => {$(
                let ids: Vec<i64> = $noun::Entity::find()
                    .select_only()
                    .column($noun::Column::Id)
                    .filter($noun::Column::AssetId.eq(id))
                    .filter($noun::Column::Rule.eq(rule))
                    .into_tuple()
                    .all(db)
                    .await?;
                note::<$noun::Entity>(db, ids, &mut touched).await?;
            )+};
        }
        parts!(waiver, rectification);
        Ok(touched)
    }

    /// The entries that made the versions of an asset behind one up to another, the newest first.
    /// Only whoever may see the asset is told.
    pub async fn entries_of_versions(
        &self,
        id: AssetId,
        (behind, last): (i64, i64),
        limit: u64,
    ) -> Result<Vec<(County, i64)>> {
        self.get::<entity::asset::Entity>(id).await?;
        let query = versions(id, (behind, last)).limit(limit);
        Ok(query.into_tuple().all(self.connection()).await?)
    }

    /// Entries by their places, for whoever may see an asset that they touched.
    pub async fn entries_at(&self, places: &[(County, i64)]) -> Result<Vec<log::Model>> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let one = |(county, seq): &(County, i64)| {
            log::Column::County.eq(*county).and(log::Column::Seq.eq(*seq))
        };
        let any = places.iter().map(one).fold(Condition::any(), Condition::add);
        Ok(log::Entity::find().filter(any).all(self.connection()).await?)
    }
}

async fn note<E: Subject>(
    db: &impl ConnectionTrait,
    ids: Vec<i64>,
    touched: &mut Touched,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let rows = change::Entity::find()
        .filter(change::Column::Noun.eq(E::TABLE))
        .filter(change::Column::SubjectId.is_in(ids))
        .order_by_desc(change::Column::Seq)
        .limit(limits::HISTORY_CHANGES)
        .all(db)
        .await?;
    for row in rows {
        let rows = touched.entry((row.county, row.seq)).or_default();
        if !rows.contains(&(E::TABLE, row.subject_id)) {
            rows.push((E::TABLE, row.subject_id));
        }
    }
    Ok(())
}

fn versions(id: AssetId, (behind, last): (i64, i64)) -> Select<change::Entity> {
    change::Entity::find()
        .select_only()
        .columns([change::Column::County, change::Column::Seq])
        .filter(change::Column::Noun.eq(entity::asset::Entity::TABLE))
        .filter(change::Column::SubjectId.eq(id))
        .filter(change::Column::Version.gt(behind))
        .filter(change::Column::Version.lte(last))
        .order_by_desc(change::Column::Version)
}

fn lines(query: Select<log::Entity>) -> Select<log::Entity> {
    use log::Column;
    let columns = [Column::Seq, Column::At, Column::Actor, Column::Action, Column::Leaf];
    query.select_only().columns(columns)
}

/// The last entry before an instant.
fn before(county: County, at: i64) -> Select<log::Entity> {
    position(county)
        .filter(log::Column::At.lt(at))
        .order_by_desc(log::Column::At)
        .order_by_desc(log::Column::Seq)
}

/// The first entry behind an instant.
fn behind(county: County, at: i64) -> Select<log::Entity> {
    position(county)
        .filter(log::Column::At.gt(at))
        .order_by_asc(log::Column::At)
        .order_by_asc(log::Column::Seq)
}

fn position(county: County) -> Select<log::Entity> {
    let query = log::Entity::find().select_only().column(log::Column::Seq);
    query.filter(log::Column::County.eq(county)).limit(1)
}

fn narrowed(
    mut query: Select<log::Entity>,
    county: County,
    filter: &EntryFilter,
    first: i64,
    end: Option<i64>,
) -> Select<log::Entity> {
    query = query.filter(log::Column::Seq.gte(first));
    if let Some(end) = end {
        query = query.filter(log::Column::Seq.lt(end));
    }
    if let Some(actor) = &filter.actor {
        query = query.filter(log::Column::Actor.eq(actor));
    }
    if let Some(action) = filter.action {
        query = query.filter(log::Column::Action.eq(action.code()));
    }
    if let Some((noun, id)) = &filter.subject {
        let seqs = change::Entity::find()
            .select_only()
            .column(change::Column::Seq)
            .filter(change::Column::Noun.eq(noun))
            .filter(change::Column::SubjectId.eq(*id))
            .filter(change::Column::County.eq(county));
        query = query.filter(log::Column::Seq.in_subquery(seqs.into_query()));
    }
    // a sum, so that the order stays that of the positions
    let at = || Expr::col(log::Column::At).add(0);
    if let Some(from) = filter.from {
        query = query.filter(at().gte(from.timestamp_millis()));
    }
    if let Some(to) = filter.to {
        query = query.filter(at().lte(to.timestamp_millis()));
    }
    query
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{Database, DbBackend, Statement, TryGetable};

    use super::*;

    fn statements() -> Vec<Statement> {
        let county: County = "520381".parse().expect("a county");
        let at = DateTime::from_timestamp_millis(1_780_000_000_000);
        let filters = [
            EntryFilter::default(),
            EntryFilter { actor: Some("clerk".into()), ..EntryFilter::default() },
            EntryFilter { action: Some(Action::ExportRows), ..EntryFilter::default() },
            EntryFilter { from: at, to: at, ..EntryFilter::default() },
            EntryFilter { actor: Some("clerk".into()), from: at, ..EntryFilter::default() },
        ];
        let pages = filters.iter().flat_map(|filter| {
            let all = log::Entity::find().filter(log::Column::County.eq(county));
            let page = narrowed(all, county, filter, 7, Some(900)).limit(51);
            let newest = page.clone().order_by_desc(log::Column::Seq);
            [lines(page.order_by_asc(log::Column::Seq)), newest]
        });
        let bounds = [before(county, 7), behind(county, 7)];
        let versions = versions(AssetId(7), (3, 9)).limit(51).build(DbBackend::Sqlite);
        let of_entries = pages.chain(bounds).map(|query| query.build(DbBackend::Sqlite));
        of_entries.chain([versions]).collect()
    }

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_log() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        for statement in statements() {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.map(|values| values.0).unwrap_or_default();
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let plan: Vec<String> =
                rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect();
            let bad = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
            assert!(!plan.iter().any(bad), "{}\n{plan:#?}", statement.sql);
        }
    }
}
