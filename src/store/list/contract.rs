//! How contracts are listed: by place, by the first and the last day, and by the rent.

use chrono::{Days, NaiveDate};
use entity::{
    contract::{Column, Entity, Kind},
    language::Label,
};
use sea_orm::{
    Condition, Value,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{Filter, Listed, Sort, Takes, asset::truth, coded, duty::days, number};

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] = &[
        Sort::PLACE,
        Sort::by("starts_on", Label::new("合同起始日", "first day"), Column::StartsOn),
        Sort::by("last_on", Label::new("最后一日", "last day"), Column::LastOn),
        Sort::by("yearly_rent", Label::new("年租金", "yearly rent"), Column::YearlyRent),
    ];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "asset",
            Label::new("资产 id", "id of the asset"),
            Takes::Any(Column::AssetId, number),
        ),
        Filter::new(
            "kind",
            Label::new("经营方式", "way of operating"),
            Takes::Any(Column::Kind, coded::<Kind>),
        ),
        Filter::new(
            "organization",
            Label::new("付款单位 id", "id of the organization that pays"),
            Takes::Any(Column::OrganizationId, number),
        ),
        Filter::new(
            "person",
            Label::new("付款人员 id", "id of the person who pays"),
            Takes::Any(Column::PersonId, number),
        ),
        Filter::new(
            "running",
            Label::new("是否在履行", "whether it runs"),
            Takes::Beyond(truth, running),
        ),
        Filter::new(
            "ending",
            Label::new("多少天内到期", "in how many days it ends"),
            Takes::Beyond(days, ending),
        ),
    ];
    const SEARCHED: &'static [Column] = &[Column::ContractNo];
}

/// A column as an expression, so that it is not read by an index of another order and sorted.
fn of(column: Column) -> Expr {
    let column = || Expr::col((Entity, column));
    Expr::expr(Func::coalesce([column(), column()]))
}

/// Contracts that run on a day.
fn runs(today: NaiveDate) -> Condition {
    Condition::all().add(of(Column::StartsOn).lte(today)).add(of(Column::LastOn).gte(today))
}

fn running(values: &[Value], today: NaiveDate) -> Condition {
    values.iter().fold(Condition::any(), |any, value| {
        any.add(if *value == Value::from(true) { runs(today) } else { runs(today).not() })
    })
}

/// Contracts that run, and end in some days at the latest.
fn ending(values: &[Value], today: NaiveDate) -> Condition {
    values.iter().fold(Condition::any(), |any, value| {
        let Value::BigInt(Some(days)) = value else { return any };
        let last = today.checked_add_days(Days::new(days.unsigned_abs())).unwrap_or(today);
        any.add(runs(today).add(of(Column::LastOn).lte(last)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_contracts() {
        let filters = [
            ("asset", "7"),
            ("kind", "lease"),
            ("organization", "7"),
            ("person", "7"),
            ("running", "yes"),
            ("ending", "90"),
        ];
        plan::is_by_index::<Entity>(&filters).await;
    }
}
