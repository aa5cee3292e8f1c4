//! The numbers of stock-takes, counted again from their lines and finds, and what was signed, summed up
//! again: one stock-take at a time.

use std::collections::BTreeSet;

use entity::{
    area::County,
    stock_find, stock_line,
    stock_take::{Column, Entity},
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{finding::bounds, noun_of};
use crate::{
    domain::{
        stock_take::result::differing,
        verification::{Fault, Kind, Place},
    },
    error::Result,
    limits,
};

/// The first fault among the stock-takes of each county that is sound so far.
pub(super) async fn faults(
    txn: &DatabaseTransaction,
    counties: &BTreeSet<County>,
) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    for county in counties {
        faults.extend(first_of(txn, *county).await?);
    }
    Ok(faults)
}

async fn first_of(txn: &DatabaseTransaction, county: County) -> Result<Option<Fault>> {
    let (first, last) = bounds(county);
    let mut after = i64::MIN;
    loop {
        let takes = Entity::find()
            .filter(Column::AreaCode.between(&*first, &*last))
            .filter(Column::Id.gt(after))
            .order_by_asc(Column::Id)
            .limit(limits::READ_BATCH)
            .all(txn)
            .await?;
        let Some(end) = takes.last() else { return Ok(None) };
        after = end.id.0;
        for take in takes {
            let lines = stock_line::Entity::find()
                .filter(stock_line::Column::StockTakeId.eq(take.id))
                .order_by_asc(stock_line::Column::Place)
                .all(txn)
                .await?;
            let finds = stock_find::Entity::find()
                .filter(stock_find::Column::StockTakeId.eq(take.id))
                .order_by_asc(stock_find::Column::Id)
                .all(txn)
                .await?;
            if let Some((part, expected, found)) = differing(&take, &lines, &finds) {
                let place = Place::row(county, noun_of::<Entity>(), take.id.0).part(part);
                let fault = Fault::new(Kind::StockTake, place);
                return Ok(Some(fault.expected(expected).found(found)));
            }
        }
    }
}
