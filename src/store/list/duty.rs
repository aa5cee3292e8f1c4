//! How duties are listed: by place, and by the day on which they end.

use chrono::{Days, NaiveDate};
use entity::{
    duty::{Column, Entity, Kind},
    language::{Label, Sentence},
};
use sea_orm::{
    ColumnTrait, Condition, Value,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{Filter, Listed, Sort, Takes, coded, number};

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] =
        &[Sort::PLACE, Sort::by("until_on", Label::new("截止日", "last day"), Column::UntilOn)];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "kind",
            Label::new("责任类型", "kind of duty"),
            Takes::Any(Column::Kind, coded::<Kind>),
        ),
        Filter::new(
            "organization",
            Label::new("承担单位 id", "id of the organization that bears it"),
            Takes::Any(Column::OrganizationId, number),
        ),
        Filter::new(
            "ending",
            Label::new("多少天内到期", "in how many days it ends"),
            Takes::Beyond(days, ending),
        ),
        Filter::new(
            "running",
            Label::new("是否在任", "whether it runs"),
            Takes::Beyond(super::asset::truth, running),
        ),
    ];
}

/// Reads a number of days.
pub(super) fn days(text: &str) -> Result<Value, Sentence> {
    let days = text.parse::<i64>().ok().filter(|days| (0..=3_660).contains(days));
    let wrong = || Sentence::new("应为 0 至 3660 的天数", "a number of days from 0 to 3,660");
    days.map(Value::from).ok_or_else(wrong)
}

/// A column as an expression, so that it is not read by an index of another order and sorted.
fn of(column: Column) -> Expr {
    let column = || Expr::col((Entity, column));
    Expr::expr(Func::coalesce([column(), column()]))
}

/// Duties that run on a day.
fn runs(today: NaiveDate) -> Condition {
    let begun = Condition::any().add(Column::FromOn.is_null()).add(Column::FromOn.lte(today));
    let lasts = Condition::any().add(Column::UntilOn.is_null()).add(of(Column::UntilOn).gte(today));
    Condition::all().add(begun).add(lasts)
}

fn running(values: &[Value], today: NaiveDate) -> Condition {
    values.iter().fold(Condition::any(), |any, value| {
        any.add(if *value == Value::from(true) { runs(today) } else { runs(today).not() })
    })
}

/// Duties that run, and end in some days at the latest.
fn ending(values: &[Value], today: NaiveDate) -> Condition {
    values.iter().fold(Condition::any(), |any, value| {
        let Value::BigInt(Some(days)) = value else { return any };
        let last = today.checked_add_days(Days::new(days.unsigned_abs())).unwrap_or(today);
        any.add(runs(today).add(of(Column::UntilOn).lte(last)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_duties() {
        let filters =
            [("kind", "keeper"), ("organization", "7"), ("ending", "90"), ("running", "yes")];
        plan::is_by_index::<Entity>(&filters).await;
    }
}
