//! How inspections are listed: by place, and by the time at which they were made.

use entity::{
    inspection::{Column, Condition as Found, Entity},
    language::{Label, Sentence},
};
use sea_orm::{ColumnTrait, Condition, Value};

use super::{Filter, Listed, Sort, Takes, asset::truth, coded, number};
use crate::limits;

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] = &[
        Sort::PLACE,
        Sort::by(
            "inspected_at",
            Label::new("巡查时间", "time of the inspection"),
            Column::InspectedAt,
        ),
    ];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "asset",
            Label::new("资产 id", "id of the asset"),
            Takes::Any(Column::AssetId, number),
        ),
        Filter::new(
            "condition",
            Label::new("巡查结论", "result"),
            Takes::Any(Column::Condition, coded::<Found>),
        ),
        Filter::new(
            "account",
            Label::new("巡查账号 id", "id of the account that inspected"),
            Takes::Any(Column::AccountId, number),
        ),
        Filter::new(
            "at_once",
            Label::new("是否一键全部完好", "whether it was all good by one press"),
            Takes::Beyond(truth, |values, _| {
                let one = |value: &Value| Column::IsAllAtOnce.eq(value.clone());
                values.iter().map(one).fold(Condition::any(), Condition::add)
            }),
        ),
        Filter::new(
            "sheet",
            Label::new("纸质巡查单号", "paper sheet no."),
            Takes::Any(Column::SheetNo, sheet),
        ),
    ];
}

/// The number of a sheet, as it is kept.
fn sheet(text: &str) -> Result<Value, Sentence> {
    let fits = |one: char| one.is_ascii_alphanumeric() || one == '-';
    let wrong = || Sentence::new("应为巡查单号", "the number of a sheet");
    let is_number = text.len() <= limits::CODE_LENGTH && text.chars().all(fits);
    if is_number { Ok(Value::from(text.to_uppercase())) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_inspections() {
        let filters = [
            ("asset", "7"),
            ("condition", "danger"),
            ("account", "7"),
            ("at_once", "yes"),
            ("sheet", "XC20260601-3F9A2C"),
        ];
        plan::is_by_index::<Entity>(&filters).await;
    }
}
