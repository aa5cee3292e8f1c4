//! How many rows a list has and what they come to, as far as that is cheap to say.

use entity::area::AreaCode;
use sea_orm::{
    ConnectionTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Query},
};

use super::{List, Listed, inside};
use crate::{error::Result, store::Read};

/// The rows of a list: their number and the sum of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// How many rows.
    pub n: u64,
    /// The sum, as the column holds it.
    pub sum: i64,
}

/// What a column of a counted row is called.
const COUNTED: &str = "counted";

/// A column of the rows of a list, of so many at most.
pub(super) fn counted<E: Listed>(
    narrowed: Select<E>,
    within: AreaCode,
    column: E::Column,
    most: u64,
) -> Select<E> {
    narrowed
        .filter(inside::<E>(within, "scope of a count of a list"))
        .select_only()
        .column_as(column, COUNTED)
        .limit(most)
}

impl Read<'_> {
    /// How many rows a list has on all its pages, and the sum of a column of theirs; nothing
    /// where there are more than `most`.
    pub async fn list_total<E: Listed>(
        &self,
        list: &List<E>,
        column: E::Column,
        most: u64,
    ) -> Result<Option<Total>> {
        let within = self.area_within(list.area).await?;
        list.check_extent(within)?;
        let narrowed = list.narrowed(self.connection(), within, self.today()).await?;
        let rows = counted::<E>(narrowed, within, column, most + 1).into_query();
        let query = Query::select()
            .expr_as(Expr::cust("count(*)"), "n")
            .expr_as(Expr::cust(format!("CAST(coalesce(sum({COUNTED}), 0) AS bigint)")), "sum")
            .from_subquery(rows, "rows_counted")
            .to_owned();
        let row = self.connection().query_one(&query).await?;
        let (n, sum) = match row {
            Some(row) => (row.try_get::<i64>("", "n")?, row.try_get::<i64>("", "sum")?),
            None => (0, 0),
        };
        let n = u64::try_from(n).unwrap_or_default();
        Ok((n <= most).then_some(Total { n, sum }))
    }
}
