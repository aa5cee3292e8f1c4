//! How money for upkeep is listed: funds, budgets, spendings, requests to overspend.

use entity::{
    asset::Subclass,
    budget,
    language::{Label, Sentence},
    overspend, spending, upkeep_fund,
};
use sea_orm::{
    ColumnTrait, Condition, Value,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{Filter, Listed, Sort, Takes, coded, number};
use crate::domain::field::{FieldValue, Reading};

const YEAR: Label = Label::new("年度", "year");
const BUDGET: Label = Label::new("预算 id", "id of the budget");
const ASSET: Label = Label::new("资产 id", "id of the asset");

/// Reads yes or no.
fn truth(text: &str) -> Result<Value, Sentence> {
    bool::read(Some(text), Reading::default()).map(Into::into)
}

/// Rows with one of some values in a column: as an expression, so that they are not read by an index of
/// another order and sorted.
fn any_of(column: impl Fn() -> Expr, values: &[Value]) -> Condition {
    let value = || Expr::expr(Func::coalesce([column(), column()]));
    values.iter().fold(Condition::any(), |any, one| any.add(value().eq(one.clone())))
}

impl Listed for upkeep_fund::Entity {
    const SORTS: &'static [Sort<Self>] = &[
        Sort::PLACE,
        Sort::by("year", YEAR, upkeep_fund::Column::Year),
        Sort::by(
            "received",
            Label::new("到账金额", "amount received"),
            upkeep_fund::Column::Received,
        ),
    ];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new("year", YEAR, Takes::Years(upkeep_fund::Column::Year)),
        Filter::new(
            "source",
            Label::new("资金来源", "source"),
            Takes::Any(upkeep_fund::Column::Source, coded::<upkeep_fund::Source>),
        ),
    ];
}

impl Listed for budget::Entity {
    const SORTS: &'static [Sort<Self>] = &[
        Sort::PLACE,
        Sort::by("year", YEAR, budget::Column::Year),
        Sort::by("set_aside", Label::new("预算金额", "set aside"), budget::Column::SetAside),
        Sort::by("remaining", Label::new("余额", "left"), budget::Column::Remaining),
    ];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new("year", YEAR, Takes::Years(budget::Column::Year)),
        Filter::new(
            "source",
            Label::new("资金来源", "source"),
            Takes::Any(budget::Column::Source, coded::<upkeep_fund::Source>),
        ),
        Filter::new(
            "fund",
            Label::new("管护资金 id", "id of the fund"),
            Takes::Beyond(number, |values, _| {
                any_of(|| Expr::col((budget::Entity, budget::Column::FundId)), values)
            }),
        ),
        Filter::new(
            "asset",
            ASSET,
            Takes::Beyond(number, |values, _| {
                any_of(|| Expr::col((budget::Entity, budget::Column::AssetId)), values)
            }),
        ),
        Filter::new(
            "kind",
            Label::new("资产类型", "kind of asset"),
            Takes::Any(budget::Column::Subclass, coded::<Subclass>),
        ),
        Filter::new("spent", Label::new("是否有支出", "whether any is spent"), {
            Takes::Beyond(truth, |values, _| {
                values.iter().fold(Condition::any(), |any, value| {
                    let none = budget::Column::Spent.eq(0_i64);
                    let some = budget::Column::Spent.gt(0_i64);
                    any.add(if *value == Value::from(true) { some } else { none })
                })
            })
        }),
    ];
}

impl Listed for spending::Entity {
    const SORTS: &'static [Sort<Self>] = &[
        Sort::PLACE,
        Sort::by("paid_on", Label::new("支付日期", "paid on"), spending::Column::PaidOn),
    ];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new("year", YEAR, Takes::Years(spending::Column::Year)),
        Filter::new(
            "budget",
            BUDGET,
            Takes::Beyond(number, |values, _| {
                any_of(|| Expr::col((spending::Entity, spending::Column::BudgetId)), values)
            }),
        ),
        Filter::new(
            "asset",
            ASSET,
            Takes::Beyond(number, |values, _| {
                any_of(|| Expr::col((spending::Entity, spending::Column::AssetId)), values)
            }),
        ),
        Filter::new(
            "state",
            Label::new("支出状态", "state"),
            Takes::Any(spending::Column::State, coded::<spending::State>),
        ),
    ];
}

impl Listed for overspend::Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new("budget", BUDGET, Takes::Any(overspend::Column::BudgetId, number)),
        Filter::new(
            "state",
            Label::new("审批状态", "state"),
            Takes::Any(overspend::Column::State, coded::<overspend::State>),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_money_for_upkeep() {
        let year = ("year", "2026");
        plan::is_by_index::<upkeep_fund::Entity>(&[year, ("source", "county")]).await;
        let of_budgets = [
            year,
            ("source", "county"),
            ("fund", "7"),
            ("asset", "7"),
            ("kind", "road"),
            ("spent", "no"),
        ];
        plan::is_by_index::<budget::Entity>(&of_budgets).await;
        let of_spendings = [year, ("budget", "7"), ("asset", "7"), ("state", "paid")];
        plan::is_by_index::<spending::Entity>(&of_spendings).await;
        plan::is_by_index::<overspend::Entity>(&[("budget", "7"), ("state", "asked")]).await;
    }
}
