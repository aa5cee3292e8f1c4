//! How assets are listed.

use entity::{
    asset::{Class, Column, Entity, Form, State, Subclass, UseState},
    language::Label,
};

use super::{Filter, Listed, Sort, Takes, coded, money, number};

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "class",
            Label::new("类别", "class"),
            Takes::Any(Column::Class, coded::<Class>),
        ),
        Filter::new(
            "subclass",
            Label::new("子类", "subclass"),
            Takes::Any(Column::Subclass, coded::<Subclass>),
        ),
        Filter::new("form", Label::new("形态", "form"), Takes::Any(Column::Form, coded::<Form>)),
        Filter::new(
            "state",
            Label::new("在册状态", "state on the books"),
            Takes::Any(Column::State, coded::<State>),
        ),
        Filter::new(
            "use_state",
            Label::new("使用状态", "use"),
            Takes::Any(Column::UseState, coded::<UseState>),
        ),
        Filter::new(
            "acquired_year",
            Label::new("购建年份", "year of acquisition"),
            Takes::Years(Column::AcquiredOn),
        ),
        Filter::new(
            "value_from",
            Label::new("原值（元）", "original value in yuan"),
            Takes::From(Column::OriginalValue, money),
        ),
        Filter::new(
            "value_to",
            Label::new("原值（元）", "original value in yuan"),
            Takes::To(Column::OriginalValue, money),
        ),
        Filter::new(
            "project",
            Label::new("项目 id", "id of the project"),
            Takes::Any(Column::ProjectId, number),
        ),
    ];
    const SEARCHED: &'static [Column] = &[Column::Name, Column::Code];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_assets() {
        let filters = [("class", "public"), ("q", "渠"), ("acquired_year", "2016-2020")];
        plan::is_by_index::<Entity>(&filters).await;
    }
}
