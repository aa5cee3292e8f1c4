//! How discrepancies are listed: by place.

use entity::{
    discrepancy::{Column, Entity, Kind, State},
    language::Label,
};

use super::{Filter, Listed, Sort, Takes, coded, number};

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "asset",
            Label::new("资产 id", "id of the asset"),
            Takes::Any(Column::AssetId, number),
        ),
        Filter::new(
            "kind",
            Label::new("差异", "discrepancy"),
            Takes::Any(Column::Kind, coded::<Kind>),
        ),
        Filter::new(
            "state",
            Label::new("处理情况", "what became of it"),
            Takes::Any(Column::State, coded::<State>),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_discrepancies() {
        plan::is_by_index::<Entity>(&[("kind", "missing,changed"), ("state", "open")]).await;
        plan::is_by_index::<Entity>(&[("asset", "7")]).await;
    }
}
