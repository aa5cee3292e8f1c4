//! How revival plans are listed: by place, by the day by which an asset is to be back in use, and by that
//! of their end.

use chrono::NaiveDate;
use entity::{
    asset::UseState,
    language::Label,
    revival::{Batch, Column, Entity, Mode, State},
};

use super::{Filter, Listed, Sort, Takes, coded, number};

const fn filter(name: &'static str, label: Label, takes: Takes<Entity>) -> Filter<Entity> {
    Filter::new(name, label, takes)
}

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] = &[
        Sort::PLACE,
        Sort::by("target_on", Label::new("盘活目标日期", "to be back in use by"), Column::TargetOn),
        Sort::by("ended_on", Label::new("办结日期", "came to its end on"), Column::EndedOn),
    ];
    const FILTERS: &'static [Filter<Self>] = &[
        filter(
            "asset",
            Label::new("资产 id", "id of the asset"),
            Takes::Any(Column::AssetId, number),
        ),
        filter(
            "state",
            Label::new("方案状态", "state of the plan"),
            Takes::Any(Column::State, coded::<State>),
        ),
        filter(
            "batch",
            Label::new("四个一批", "part of the four batches"),
            Takes::Any(Column::Batch, coded::<Batch>),
        ),
        filter("mode", Label::new("盘活方式", "how"), Takes::Any(Column::Mode, coded::<Mode>)),
        filter(
            "use_state",
            Label::new("提出时的使用状态", "use when it was proposed"),
            Takes::Any(Column::UseState, coded::<UseState>),
        ),
        filter(
            "organization",
            Label::new("责任单位 id", "id of the responsible organization"),
            Takes::Any(Column::OrganizationId, number),
        ),
        filter(
            "target_to",
            Label::new("盘活目标日期", "to be back in use by"),
            Takes::To(Column::TargetOn, coded::<NaiveDate>),
        ),
        filter(
            "ended_year",
            Label::new("办结年度", "year in which it came to its end"),
            Takes::Years(Column::EndedOn),
        ),
        filter(
            "ended_from",
            Label::new("办结日期", "came to its end on"),
            Takes::From(Column::EndedOn, coded::<NaiveDate>),
        ),
        filter(
            "needed_to",
            Label::new("需盘活起始日", "needed since"),
            Takes::To(Column::NeededSince, coded::<NaiveDate>),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_plans() {
        let filters = [
            ("asset", "7"),
            ("state", "approved"),
            ("batch", "revive"),
            ("mode", "lease"),
            ("use_state", "idle"),
            ("organization", "7"),
            ("target_to", "2026-06-01"),
            ("ended_year", "2026"),
            ("ended_from", "2026-06-01"),
            ("needed_to", "2026-06-01"),
        ];
        plan::is_by_index::<Entity>(&filters).await;
    }
}
