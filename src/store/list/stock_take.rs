//! How stock-takes are listed: by place and by year; their lines; what was not on the ledger.

use entity::{
    language::Label,
    stock_find,
    stock_line::{self, Outcome},
    stock_take::{Column, Entity, State},
};

use super::{Filter, Listed, Sort, Takes, coded, number};

/// The stock-take that lines and finds belong to.
const TAKE: (&str, Label) = ("stock_take", Label::new("盘点 id", "id of the stock-take"));

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] =
        &[Sort::PLACE, Sort::by("year", Label::new("盘点年度", "year"), Column::Year)];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new("year", Label::new("盘点年度", "year"), Takes::Any(Column::Year, number)),
        Filter::new(
            "state",
            Label::new("状态", "state"),
            Takes::Any(Column::State, coded::<State>),
        ),
    ];
}

impl Listed for stock_line::Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(TAKE.0, TAKE.1, Takes::Any(stock_line::Column::StockTakeId, number)),
        Filter::new(
            "outcome",
            Label::new("盘点结果", "result"),
            Takes::Any(stock_line::Column::Outcome, coded::<Outcome>),
        ),
    ];
}

impl Listed for stock_find::Entity {
    const SORTS: &'static [Sort<Self>] = &[Sort::PLACE];
    const FILTERS: &'static [Filter<Self>] = &[
        Filter::new(TAKE.0, TAKE.1, Takes::Any(stock_find::Column::StockTakeId, number)),
        Filter::new(
            "state",
            Label::new("处理情况", "what became of it"),
            Takes::Any(stock_find::Column::State, coded::<stock_find::State>),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_stock_takes_and_what_belongs_to_them() {
        plan::is_by_index::<Entity>(&[("year", "2025"), ("state", "counting")]).await;
        let of_take = ("stock_take", "7");
        plan::is_by_index::<stock_line::Entity>(&[of_take, ("outcome", "missing")]).await;
        plan::is_by_index::<stock_find::Entity>(&[of_take, ("state", "open")]).await;
    }
}
