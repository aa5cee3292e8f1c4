//! What the days of inspections come to: by kind and interval, and by whoever bears them.

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    asset::Subclass,
    id::{OrganizationId, PersonId},
    inspection_due::{Column, Entity},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Read, scope};
use crate::{domain::title::Party, error::Result};

/// How many assets have one interval, and how many of them are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Days between two inspections; 0 where it is not known yet.
    pub interval_days: i32,
    /// How many assets.
    pub n: i64,
    /// Due between two days.
    pub due: i64,
    /// Due before the first of them.
    pub overdue: i64,
}

/// The days of an area, counted by interval and by some columns.
fn planned(
    area: AreaCode,
    (today, soon): (NaiveDate, NaiveDate),
    columns: &[Column],
) -> Select<Entity> {
    let (first, last) = scope::range(area, "scope of inspections planned");
    let counted = |condition: Expr| {
        ExprTrait::sum(Expr::expr(Expr::case(condition, 1).finally(0))).cast_as("bigint")
    };
    let mut query = Entity::find().filter(Column::AreaCode.between(first, last)).select_only();
    for column in columns {
        query = query.column(*column).group_by(*column).order_by_asc(*column);
    }
    query
        .column(Column::IntervalDays)
        .group_by(Column::IntervalDays)
        .order_by_asc(Column::IntervalDays)
        .expr_as(Expr::cust("count(*)"), "n")
        .expr_as(counted(Column::DueOn.between(today, soon)), "due")
        .expr_as(counted(Column::DueOn.lt(today)), "overdue")
}

impl Read<'_> {
    /// What is to be inspected in an area, by kind and interval; `days` are today and the last day of
    /// what is due soon.
    pub async fn inspections_by_kind(
        &self,
        area: AreaCode,
        days: (NaiveDate, NaiveDate),
    ) -> Result<Vec<(Option<Subclass>, Planned)>> {
        let area = self.area_within(Some(area)).await?;
        let query = planned(area, days, &[Column::Subclass]);
        let rows = query.into_tuple::<(Option<Subclass>, i32, i64, i64, i64)>();
        let rows = rows.all(self.connection()).await?.into_iter();
        let told = rows.map(|(kind, interval_days, n, due, overdue)| {
            (kind, Planned { interval_days, n, due, overdue })
        });
        Ok(told.collect())
    }

    /// The same by the organization that maintains and the person who keeps.
    pub async fn inspections_by_bearer(
        &self,
        area: AreaCode,
        days: (NaiveDate, NaiveDate),
    ) -> Result<Vec<(Option<Party>, Option<Party>, Planned)>> {
        type Row = (Option<OrganizationId>, Option<PersonId>, i32, i64, i64, i64);
        let area = self.area_within(Some(area)).await?;
        let query = planned(area, days, &[Column::OrganizationId, Column::PersonId]);
        let rows = query.into_tuple::<Row>().all(self.connection()).await?.into_iter();
        let told = rows.map(|(body, person, interval_days, n, due, overdue)| {
            let row = Planned { interval_days, n, due, overdue };
            (body.map(Party::Organization), person.map(Party::Person), row)
        });
        Ok(told.collect())
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable};

    use super::*;

    #[tokio::test]
    async fn plans_are_counted_from_an_index_that_covers_them() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let area: AreaCode = "520381000000".parse().expect("a code");
        let day: NaiveDate = "2026-06-01".parse().expect("a day");
        for (columns, index) in [
            (&[Column::Subclass][..], "inspection_due_planned"),
            (&[Column::OrganizationId, Column::PersonId], "inspection_due_borne"),
        ] {
            let statement = planned(area, (day, day), columns).build(DbBackend::Sqlite);
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let values = statement.values.map(|values| values.0).unwrap_or_default();
            let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            let rows = connection.query_all_raw(explain).await.expect("a plan");
            let steps = rows.iter().map(|row| String::try_get(row, "", "detail").expect("text"));
            let plan = steps.collect::<Vec<_>>().join("\n");
            assert!(plan.contains(&format!("COVERING INDEX {index} (area_code>?")), "{plan}");
        }
    }
}
