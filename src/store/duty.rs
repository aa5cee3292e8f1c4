//! Duties: those that one assignment began.

use entity::{
    duty::{Column, Entity, Model},
    id::DutyId,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::{Read, Write};
use crate::{
    domain::title::Party,
    error::{Error, Result},
    limits,
};

/// Duties that one assignment may have begun: a maintainer and a keeper for each asset.
const MOST: u64 = 2 * limits::ASSETS_PER_ACTION as u64;
/// How far apart their ids may lie: writers of other counties may take some between.
const SPAN: i64 = 16 * limits::ASSETS_PER_ACTION as i64;

/// Those that began at the instant of the first of them.
fn together(query: Select<Entity>, head: &Model, last: DutyId) -> Select<Entity> {
    let last = last.0.min(head.id.0.saturating_add(SPAN));
    query
        .filter(Column::Id.between(head.id.0, last))
        .filter(Column::CreatedAt.eq(head.created_at))
        .order_by_asc(Column::Id)
        .limit(MOST)
}

/// Of duties that began at one instant those of one assignment: each kind has one bearer.
fn of_one(found: Vec<Model>) -> Vec<Model> {
    let bearer = |row: &Model| Party::of(row.organization_id, row.person_id);
    let firsts: Vec<Model> = entity::duty::Kind::ALL
        .iter()
        .filter_map(|kind| found.iter().find(|row| row.kind == *kind).cloned())
        .collect();
    let is_of = |row: &Model| {
        firsts.iter().any(|first| first.kind == row.kind && bearer(first) == bearer(row))
    };
    found.into_iter().filter(is_of).collect()
}

impl Read<'_> {
    /// The duties that one assignment began, by the first and the last of them.
    pub async fn duties_begun(&self, first: DutyId, last: DutyId) -> Result<Vec<Model>> {
        let head = self.get::<Entity>(first).await?;
        let found = together(self.find::<Entity>(), &head, last).all(self.connection()).await?;
        Ok(of_one(found))
    }
}

impl Write {
    /// The same, with the turn of their county taken.
    pub async fn duties_begun(&mut self, first: DutyId, last: DutyId) -> Result<Vec<Model>> {
        let head = self.get::<Entity>(first).await?;
        let found = together(self.find::<Entity>(), &head, last).all(&self.txn).await?;
        let found = of_one(found);
        for row in &found {
            self.take_turn(row.area_code.county()).await?;
        }
        if found.is_empty() { Err(Error::Conflict) } else { Ok(found) }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, EntityTrait, QueryTrait};

    use super::*;

    #[test]
    fn the_ids_of_one_assignment_lie_within_a_span() {
        let head = Model {
            id: DutyId(7),
            ..crate::domain::duty::blank(
                entity::duty::Kind::Keeper,
                entity::id::AssetId(1),
                entity::area::AreaCode::NATION,
            )
        };
        let sql = |last| {
            together(Entity::find(), &head, DutyId(last)).build(DbBackend::Sqlite).to_string()
        };
        assert!(sql(8).contains("BETWEEN 7 AND 8"), "{}", sql(8));
        assert!(sql(7 + SPAN).contains(&format!("AND {}", 7 + SPAN)));
        assert!(sql(8 + SPAN).contains(&format!("AND {}", 7 + SPAN)));
    }
}
