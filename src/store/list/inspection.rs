//! How inspections are listed: by place, and by the time at which they were made.

use entity::{
    inspection::{Column, Condition, Entity},
    language::Label,
};

use super::{Filter, Listed, Sort, Takes, coded, number};

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
            Takes::Any(Column::Condition, coded::<Condition>),
        ),
        Filter::new(
            "account",
            Label::new("巡查账号 id", "id of the account that inspected"),
            Takes::Any(Column::AccountId, number),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_inspections() {
        let filters = [("asset", "7"), ("condition", "danger"), ("account", "7")];
        plan::is_by_index::<Entity>(&filters).await;
    }
}
