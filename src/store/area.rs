//! Areas: found by code, by name within a parent, and everything that lies in one.

use std::collections::HashMap;

use entity::{
    area::{self, AreaCode, Model},
    id::AreaId,
    vault,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use sha2::{Digest, Sha256};

use super::{Read, Subject, Write, insert::insert_rows, trail};
use crate::{
    domain::trail::record::append_fields,
    error::{Error, Result},
    limits,
};

impl Write {
    /// The area that is valid now under a code.
    pub async fn area(&mut self, code: AreaCode) -> Result<Model> {
        let query = self.find::<area::Entity>().filter(area::Column::AreaCode.eq(code));
        let row = query.filter(area::Column::ValidUntil.is_null()).one(&self.txn).await?;
        let row = row.ok_or(Error::NotFound(area::Entity::NOUN))?;
        self.get::<area::Entity>(row.id).await
    }

    /// Valid areas by their codes.
    pub async fn areas_by_code(&self, codes: &[AreaCode]) -> Result<HashMap<AreaCode, Model>> {
        current_areas(&self.txn, codes).await
    }

    /// Former areas under some codes.
    pub async fn closed_areas(&self, codes: &[AreaCode]) -> Result<Vec<Model>> {
        let mut found = Vec::new();
        for batch in codes.chunks(limits::IMPORT_BATCH) {
            let query = area::Entity::find()
                .filter(area::Column::AreaCode.is_in(batch.iter().copied()))
                .filter(area::Column::ValidUntil.is_not_null());
            found.extend(query.all(&self.txn).await?);
        }
        Ok(found)
    }

    /// Where a code leads that is valid no more: to its last successor.
    pub async fn successor(&self, code: AreaCode) -> Result<Option<AreaCode>> {
        let mut code = code;
        // a chain of mergers; longer ones than this are a ring
        for _ in 0..16 {
            if !current_areas(&self.txn, &[code]).await?.is_empty() {
                return Ok(Some(code));
            }
            let closed = area::Entity::find()
                .filter(area::Column::AreaCode.eq(code))
                .order_by_desc(area::Column::ValidUntil)
                .one(&self.txn)
                .await?;
            match closed.and_then(|area| area.successor_code) {
                Some(successor) => code = successor,
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The valid areas of a name directly below another.
    pub async fn areas_below(&self, parent: Option<AreaCode>, name: &str) -> Result<Vec<Model>> {
        let mut query = area::Entity::find()
            .filter(area::Column::Name.eq(name))
            .filter(area::Column::ValidUntil.is_null());
        query = match parent {
            Some(parent) => query.filter(area::Column::ParentCode.eq(parent)),
            None => query.filter(area::Column::ParentCode.is_null()),
        };
        let limit = u64::try_from(limits::CANDIDATES_SHOWN).unwrap_or(5) + 1;
        Ok(query.order_by_asc(area::Column::AreaCode).limit(limit).all(&self.txn).await?)
    }

    /// How many valid areas lie directly below one.
    pub async fn n_below(&self, code: AreaCode) -> Result<u64> {
        let query = area::Entity::find()
            .filter(area::Column::ParentCode.eq(code))
            .filter(area::Column::ValidUntil.is_null());
        Ok(query.count(&self.txn).await?)
    }

    /// Moves every row of a noun from one area to another, each with its version and its trail.
    pub async fn move_all<E: Subject>(&mut self, from: AreaCode, to: AreaCode) -> Result<u64> {
        let mut n = 0;
        loop {
            let query = self.find::<E>().filter(E::AREA.eq(from));
            let rows = query.order_by_asc(E::ID).limit(limits::READ_BATCH).all(&self.txn).await?;
            if rows.is_empty() {
                return Ok(n);
            }
            for row in rows {
                let mut moved = row.clone();
                E::set_area(&mut moved, to);
                self.update::<E>(&row, moved).await?;
                n += 1;
            }
        }
    }

    /// Moves sealed records, which have no trail of their own, along with the rows they belong to.
    pub async fn move_vault(&mut self, from: AreaCode, to: AreaCode) -> Result<()> {
        vault::Entity::update_many()
            .col_expr(vault::Column::AreaCode, Expr::value(to.to_string()))
            .filter(vault::Column::AreaCode.eq(from))
            .exec(&self.txn)
            .await?;
        Ok(())
    }

    /// Stores new areas of an edition: bulk reference data, kept in the log as one entry with the
    /// number of rows, their ids and the digest of them all (design decision 7). Answers the id
    /// and the code of each.
    pub async fn add_areas(
        &mut self,
        edition: &mut Edition,
        rows: Vec<Model>,
    ) -> Result<Vec<(AreaId, AreaCode)>> {
        let rows = self.stamped::<area::Entity>(rows).await?;
        let mut made = Vec::with_capacity(rows.len());
        for row in &rows {
            edition.add(row)?;
            made.push((row.id, row.area_code));
        }
        insert_rows::<area::Entity>(&self.txn, &rows).await?;
        Ok(made)
    }

    /// Puts the digest of an edition into the log of the smallest area that holds all its rows.
    pub fn close_edition(&mut self, edition: Edition) {
        let county = edition.area.map_or(AreaCode::NATION.county(), |area| area.county());
        if let Some(note) = edition.note() {
            self.pending.push_bulk(county, note);
        }
    }

    /// Stores an edition of areas in one go.
    pub async fn insert_areas(&mut self, rows: Vec<Model>) -> Result<()> {
        let mut edition = Edition::default();
        self.add_areas(&mut edition, rows).await?;
        self.close_edition(edition);
        Ok(())
    }
}

/// The digest of rows that enter the ledger in bulk: SHA-256 over their canonical JSON, a line
/// each, in the order of their ids.
#[derive(Default)]
pub struct Edition {
    digest: Sha256,
    area: Option<AreaCode>,
    first: Option<i64>,
    last: i64,
    n: u64,
    line: String,
}

impl Edition {
    /// Takes the next row.
    pub(super) fn add(&mut self, row: &Model) -> Result<()> {
        self.area = Some(self.area.map_or(row.area_code, |area| area.holding_both(row.area_code)));
        let record = trail::record_of(row)?;
        self.add_fields(row.id.0, record.fields());
        Ok(())
    }

    /// Takes the fields of the next row, as the log knows them, in the order of their names.
    pub(super) fn add_fields<'n, 'v>(
        &mut self,
        id: i64,
        fields: impl Iterator<Item = (&'n str, &'v str)>,
    ) {
        self.line.clear();
        append_fields(fields, &mut self.line);
        self.line.push('\n');
        self.digest.update(self.line.as_bytes());
        self.first.get_or_insert(id);
        self.last = id;
        self.n += 1;
    }

    /// What the log entry says of them.
    pub(super) fn note(self) -> Option<serde_json::Value> {
        let first = self.first?;
        let digest: String =
            self.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Some(serde_json::json!({
            "digest": digest, "first_id": first, "last_id": self.last, "n": self.n, "noun": "area",
        }))
    }
}

pub(super) async fn current_areas(
    connection: &impl ConnectionTrait,
    codes: &[AreaCode],
) -> Result<HashMap<AreaCode, Model>> {
    let mut found = HashMap::with_capacity(codes.len());
    for batch in codes.chunks(limits::IMPORT_BATCH) {
        let rows = area::Entity::find()
            .filter(area::Column::AreaCode.is_in(batch.iter().copied()))
            .filter(area::Column::ValidUntil.is_null())
            .all(connection)
            .await?;
        found.extend(rows.into_iter().map(|row| (row.area_code, row)));
    }
    Ok(found)
}

/// The areas that lie directly below one, by their codes.
fn parts(code: AreaCode) -> sea_orm::Select<area::Entity> {
    let parent = if code == AreaCode::NATION {
        // the highest areas of a ledger may hang below nothing
        area::Column::ParentCode.is_null().or(area::Column::ParentCode.eq(code))
    } else {
        area::Column::ParentCode.eq(code)
    };
    let (first, last) = code.range();
    area::Entity::find()
        .filter(parent)
        .filter(area::Column::AreaCode.between(first, last))
        .filter(area::Column::ValidUntil.is_null())
        .order_by_asc(area::Column::AreaCode)
        .limit(limits::AREAS_OFFERED)
}

impl Read<'_> {
    /// The valid areas that lie directly below one of the reader's, by their codes.
    pub async fn parts_of(&self, code: AreaCode) -> Result<Vec<Model>> {
        if !self.actor().area().covers(&code) {
            return Err(Error::NotFound(area::Entity::NOUN));
        }
        Ok(parts(code).all(self.connection()).await?)
    }

    /// Every row of an area within the scope, from the first name it had to the last.
    pub async fn area_history(&self, code: AreaCode) -> Result<Vec<Model>> {
        let query = self.find::<area::Entity>().filter(area::Column::AreaCode.eq(code));
        let mut rows = query.order_by_asc(area::Column::Id).all(self.connection()).await?;
        // the row that is valid, else the one that was valid longest, stands last
        rows.sort_by_key(|row| (row.valid_until.is_none(), row.valid_until, row.id));
        if rows.is_empty() { Err(Error::NotFound(area::Entity::NOUN)) } else { Ok(rows) }
    }

    /// Areas that were merged into one, within the reader's area, the latest first.
    pub async fn areas_merged_into(&self, code: AreaCode) -> Result<Vec<Model>> {
        let query = self.find::<area::Entity>().filter(area::Column::SuccessorCode.eq(code));
        let query = query.order_by_desc(area::Column::ValidUntil).order_by_asc(area::Column::Id);
        Ok(query.limit(limits::PAGE_ROWS).all(self.connection()).await?)
    }

    /// How many valid areas lie directly below one.
    pub async fn n_areas_below(&self, code: AreaCode) -> Result<u64> {
        let query = self.find::<area::Entity>().filter(area::Column::ParentCode.eq(code));
        Ok(query.filter(area::Column::ValidUntil.is_null()).count(self.connection()).await?)
    }

    /// How many rows of a noun lie in an area, and in what is below it.
    pub async fn n_within<E: Subject>(&self, code: AreaCode) -> Result<u64> {
        let (first, last) = code.range();
        let query = self.find::<E>().filter(E::AREA.between(first, last));
        Ok(query.count(self.connection()).await?)
    }

    /// How many rows of a noun lie in the areas below one whose codes share so many digits, by
    /// the digits.
    pub async fn n_by_digits<E: Subject>(
        &self,
        within: AreaCode,
        digits: usize,
    ) -> Result<HashMap<String, i64>> {
        let (first, last) = within.range();
        let begins = Expr::cust(format!("substr(area_code, 1, {digits})"));
        let query = self
            .find::<E>()
            .select_only()
            .expr_as(begins.clone(), "digits")
            .expr_as(E::ID.count(), "n")
            .filter(E::AREA.between(first, last))
            .group_by(begins);
        let rows = query.into_tuple::<(String, i64)>().all(self.connection()).await?;
        Ok(rows.into_iter().collect())
    }

    /// The names of areas that are valid now.
    pub async fn area_names(&self, codes: &[AreaCode]) -> Result<HashMap<AreaCode, String>> {
        let areas = current_areas(self.connection(), codes).await?;
        Ok(areas.into_iter().map(|(code, area)| (code, area.name)).collect())
    }

    /// The areas that are valid now under some codes.
    pub async fn areas_current(&self, codes: &[AreaCode]) -> Result<Vec<Model>> {
        Ok(current_areas(self.connection(), codes).await?.into_values().collect())
    }
}
