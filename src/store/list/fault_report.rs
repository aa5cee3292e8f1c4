//! How reports of faults are listed: by place, and by the time at which they came.

use entity::{
    fault_report::{Column, Entity, Kind, State},
    language::Label,
};

use super::{Filter, Listed, Sort, Takes, coded, number};

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] = &[
        Sort::PLACE,
        Sort::by("reported_at", Label::new("报修时间", "time of the report"), Column::CreatedAt),
    ];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "asset",
            Label::new("资产 id", "id of the asset"),
            Takes::Any(Column::AssetId, number),
        ),
        Filter::new(
            "state",
            Label::new("报修状态", "state of the report"),
            Takes::Any(Column::State, coded::<State>),
        ),
        Filter::new(
            "kind",
            Label::new("报修事项", "what is wrong"),
            Takes::Any(Column::Kind, coded::<Kind>),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_reports() {
        let filters = [("asset", "7"), ("state", "received,accepted"), ("kind", "danger")];
        plan::is_by_index::<Entity>(&filters).await;
    }
}
