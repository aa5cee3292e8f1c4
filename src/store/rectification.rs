//! Rectifications as the night looks at them: those that are late, with what runs of them.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::{
    area::{self, AreaCode},
    finding::{self, Column, Rule},
    id::AssetId,
    rectification::{self, Rung, State},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Subject, Write, scope};
use crate::error::{Error, Result};

/// Where something late stands: its area, asset and rule.
pub type LatePlace = (AreaCode, AssetId, Rule);

/// The next findings of an area after a place that are late, this far, and not at the top already.
fn late(
    (within, state): (AreaCode, State),
    after: Option<LatePlace>,
    today: NaiveDate,
) -> Select<finding::Entity> {
    let (first, last) = scope::range(within, "scope of what is late");
    let columns = [Column::AreaCode, Column::AssetId, Column::Rule];
    let below_the_top = Column::EscalatedTo.is_null().or(Column::EscalatedTo.ne(Rung::Leader));
    let mut query = finding::Entity::find()
        .filter(Column::Progress.eq(state))
        .filter(Column::AreaCode.between(first, last))
        .filter(Column::DueOn.lt(today))
        .filter(Column::ClosedOn.is_null())
        .filter(Column::IsStanding.eq(true))
        .filter(Column::IsWaived.eq(false))
        .filter(below_the_top);
    if let Some((area, asset, rule)) = after {
        let row = Expr::tuple(columns.map(|column| Expr::col((finding::Entity, column))));
        let place: [sea_orm::Value; 3] = [area.into(), asset.into(), rule.code().into()];
        // the plain bound is what the index can use
        query = query
            .filter(Column::AreaCode.gte(area))
            .filter(row.gt(Expr::tuple(place.map(Expr::val))));
    }
    columns.into_iter().fold(query, QueryOrder::order_by_asc)
}

impl Write {
    /// The rounds of the next findings of an area after a place that are late and this far, with the
    /// turn of their counties taken; and the place of the last, where there was any.
    pub async fn late_rounds(
        &mut self,
        (within, state): (AreaCode, State),
        after: Option<LatePlace>,
        limit: u64,
    ) -> Result<(Vec<rectification::Model>, Option<LatePlace>)> {
        if !self.actor.area().covers(&within) {
            return Err(Error::NotFound(area::Entity::NOUN));
        }
        let next = late((within, state), after, self.today()).limit(limit).all(&self.txn).await?;
        let Some(last) = next.last().map(|row| (row.area_code, row.asset_id, row.rule)) else {
            return Ok((Vec::new(), None));
        };
        // what is read before its county's turn may be old by the time it is judged
        for county in next.iter().map(|row| row.area_code.county()).collect::<BTreeSet<_>>() {
            self.take_turn(county).await?;
        }
        let assets: BTreeSet<AssetId> = next.iter().map(|row| row.asset_id).collect();
        let still = late((within, state), None, self.today());
        let still = still.filter(Column::AssetId.is_in(assets.iter().copied()));
        let still: BTreeSet<(AssetId, Rule)> =
            still.all(&self.txn).await?.iter().map(|row| (row.asset_id, row.rule)).collect();
        let live = self
            .find::<rectification::Entity>()
            .filter(rectification::Column::AssetId.is_in(assets))
            .filter(rectification::Column::State.eq(state))
            .all(&self.txn)
            .await?;
        let mut rounds: HashMap<(AssetId, Rule), rectification::Model> =
            live.into_iter().map(|round| ((round.asset_id, round.rule), round)).collect();
        let keys = next.iter().map(|row| (row.asset_id, row.rule));
        let rounds = keys.filter(|key| still.contains(key)).filter_map(|key| rounds.remove(&key));
        Ok((rounds.collect(), Some(last)))
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{
        ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable, Values,
    };

    use super::*;

    #[tokio::test]
    async fn what_is_late_is_read_from_an_index_in_its_order() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let today: NaiveDate = "2026-06-01".parse().expect("a day");
        let village: AreaCode = "520381100201".parse().expect("a code");
        for within in [AreaCode::NATION, village] {
            for after in [None, Some((village, AssetId(7), Rule::NoMaintainer))] {
                let query = late((within, State::Open), after, today).limit(20);
                let statement = query.build(DbBackend::Sqlite);
                let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
                let values = statement.values.unwrap_or(Values(Vec::new()));
                let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
                let rows = connection.query_all_raw(explain).await.expect("a plan");
                let steps: Vec<String> = rows
                    .iter()
                    .map(|row| String::try_get(row, "", "detail").expect("text"))
                    .collect();
                let plan = steps.join("\n");
                assert!(plan.contains("finding_in_hand ("), "{plan}");
                assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{plan}");
            }
        }
    }
}
