//! How campaigns are listed: by place, and by the day by which they are due; and their lines.

use entity::{
    campaign::{Column, Entity, State},
    campaign_line,
    finding::Rule,
    language::Label,
};
use sea_orm::{ColumnTrait, Condition};

use super::{Filter, Listed, Sort, Takes, coded, number};

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] =
        &[Sort::PLACE, Sort::by("due_on", Label::new("完成期限", "due on"), Column::DueOn)];
    const FILTERS: &'static [Filter<Self>] = &[Filter::new(
        "state",
        Label::new("进展", "state of the campaign"),
        Takes::Any(Column::State, coded::<State>),
    )];
}

impl Listed for campaign_line::Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(
            "campaign",
            Label::new("专项排查 id", "id of the campaign"),
            Takes::Any(campaign_line::Column::CampaignId, number),
        ),
        Filter::new(
            "rule",
            Label::new("问题代码", "rule"),
            Takes::Any(campaign_line::Column::Rule, coded::<Rule>),
        ),
        Filter::new(
            "answered",
            Label::new("是否已答复", "whether it is answered"),
            Takes::Beyond(super::asset::truth, |values, _| {
                let column = campaign_line::Column::AnsweredOn;
                let wanted = |value: &sea_orm::Value| {
                    let is_answered = *value == sea_orm::Value::from(true);
                    if is_answered { column.is_not_null() } else { column.is_null() }
                };
                values.iter().map(wanted).fold(Condition::any(), Condition::add)
            }),
        ),
        Filter::new(
            "drawn",
            Label::new("是否抽中", "whether it was drawn"),
            Takes::Any(campaign_line::Column::IsDrawn, super::asset::truth),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_campaigns_and_their_lines() {
        plan::is_by_index::<Entity>(&[("state", "running")]).await;
        let filters = [("campaign", "7"), ("rule", "G01"), ("answered", "no"), ("drawn", "yes")];
        plan::is_by_index::<campaign_line::Entity>(&filters).await;
    }
}
