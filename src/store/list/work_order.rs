//! How work orders are listed: by place, and by the day by which they are due.

use entity::{
    inspection::Condition,
    language::Label,
    work_order::{Column, Entity, Kind, State},
};

use super::{Filter, Listed, Sort, Takes, coded, number};

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] =
        &[Sort::PLACE, Sort::by("due_on", Label::new("维修期限", "due on"), Column::DueOn)];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "asset",
            Label::new("资产 id", "id of the asset"),
            Takes::Any(Column::AssetId, number),
        ),
        Filter::new(
            "state",
            Label::new("工单状态", "state of the work order"),
            Takes::Any(Column::State, coded::<State>),
        ),
        Filter::new(
            "condition",
            Label::new("缺陷程度", "how bad"),
            Takes::Any(Column::Condition, coded::<Condition>),
        ),
        Filter::new(
            "kind",
            Label::new("工程性质", "kind of work"),
            Takes::Any(Column::Kind, coded::<Kind>),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_work_orders() {
        let filters =
            [("asset", "7"), ("state", "waiting"), ("condition", "danger"), ("kind", "repair")];
        plan::is_by_index::<Entity>(&filters).await;
    }
}
