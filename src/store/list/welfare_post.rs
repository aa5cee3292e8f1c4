//! How welfare posts are listed: by place, and by the last day of their agreements; and their months.

use entity::{
    attendance,
    language::Label,
    welfare_post::{Column, Entity, Kind},
};

use super::{Filter, Listed, Sort, Takes, coded, number};

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] =
        &[Sort::PLACE, Sort::by("until_on", Label::new("协议截止日", "until"), Column::UntilOn)];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "person",
            Label::new("人员 id", "id of the person"),
            Takes::Any(Column::PersonId, number),
        ),
        Filter::new(
            "kind",
            Label::new("岗位类型", "kind of post"),
            Takes::Any(Column::Kind, coded::<Kind>),
        ),
    ];
}

impl Listed for attendance::Entity {
    const SORTS: &'static [Sort<Self>] = &[
        Sort::PLACE,
        Sort::by("month_on", Label::new("月份", "month"), attendance::Column::MonthOn),
    ];
    const FILTERS: &'static [Filter<Self>] = &[Filter::new(
        "post",
        Label::new("公益岗位 id", "id of the welfare post"),
        Takes::Any(attendance::Column::PostId, number),
    )];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_posts_and_their_months() {
        plan::is_by_index::<Entity>(&[("person", "7"), ("kind", "road")]).await;
        plan::is_by_index::<attendance::Entity>(&[("post", "7")]).await;
    }
}
