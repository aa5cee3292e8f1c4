//! How routes of inspectors are listed: by place.

use entity::{
    inspection_route::{Column, Entity},
    language::Label,
};
use sea_orm::{ColumnTrait, Condition};

use super::{Filter, Listed, Sort, Takes, asset::truth, number};

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "account",
            Label::new("巡查员账号 id", "id of the inspector's account"),
            Takes::Any(Column::AccountId, number),
        ),
        Filter::new(
            "running",
            Label::new("是否在用", "whether somebody goes it"),
            Takes::Beyond(truth, |values, _| {
                let wanted = |value: &sea_orm::Value| {
                    let is_running = *value == sea_orm::Value::from(true);
                    if is_running {
                        Column::EndedOn.is_null()
                    } else {
                        Column::EndedOn.is_not_null()
                    }
                };
                values.iter().map(wanted).fold(Condition::any(), Condition::add)
            }),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_routes() {
        plan::is_by_index::<Entity>(&[("account", "7"), ("running", "yes")]).await;
    }
}
