//! What contracts ask to be paid, worked out again from each contract.

use std::collections::{BTreeSet, HashMap};

use entity::{
    area::County,
    contract::{Column, Entity, Model},
    contract_due::{self, Model as Due},
    id::ContractId,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{finding::bounds, noun_of};
use crate::{
    domain::{
        contract::schedule::schedule,
        verification::{Fault, Kind, Place},
    },
    error::Result,
};

/// Contracts whose dues are read together.
const BATCH: u64 = 100;

/// The first fault among the dues of each county that is sound so far.
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
        let rows = Entity::find()
            .filter(Column::AreaCode.between(&*first, &*last))
            .filter(Column::Id.gt(after))
            .order_by_asc(Column::Id)
            .limit(BATCH)
            .all(txn)
            .await?;
        let Some(end) = rows.last() else { return Ok(None) };
        after = end.id.0;
        let mut kept = dues(txn, &rows).await?;
        for row in &rows {
            let (expected, found) = (schedule(row), kept.remove(&row.id).unwrap_or_default());
            if expected != found {
                let place = Place::row(county, noun_of::<Entity>(), row.id.0).part("dues");
                let fault = Fault::new(Kind::Dues, place);
                return Ok(Some(fault.expected(told(&expected)).found(told(&found))));
            }
        }
    }
}

/// The dues of some contracts, each in order.
async fn dues(txn: &DatabaseTransaction, rows: &[Model]) -> Result<HashMap<ContractId, Vec<Due>>> {
    let query = contract_due::Entity::find()
        .filter(contract_due::Column::ContractId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(contract_due::Column::ContractId)
        .order_by_asc(contract_due::Column::Number);
    let mut dues: HashMap<ContractId, Vec<Due>> = HashMap::new();
    for due in query.all(txn).await? {
        dues.entry(due.contract_id).or_default().push(due);
    }
    Ok(dues)
}

/// How many there are and what they come to.
fn told(dues: &[Due]) -> String {
    let sum = entity::money::Money::total(dues.iter().map(|due| due.amount));
    format!("{} / {}", dues.len(), sum.map_or_else(String::new, |sum| sum.to_string()))
}
