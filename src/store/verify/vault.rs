//! Sealed contacts: each that a row refers to is there, opens, and is what it was sealed as.

use std::collections::BTreeMap;

use entity::{area::AreaCode, fault_report, id::VaultId, organization, person, vault};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PrimaryKeyTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::noun_of;
use crate::{
    domain::verification::{Fault, Kind, Place},
    error::Result,
    limits,
    store::{Subject, key::Keys},
};

/// The first fault among the contacts of each county.
pub(super) async fn faults(txn: &DatabaseTransaction, keys: &Keys) -> Result<Vec<Fault>> {
    let mut faults = of::<person::Entity>(txn, keys, person::Column::VaultId).await?;
    faults.extend(of::<organization::Entity>(txn, keys, organization::Column::ContactId).await?);
    let told = fault_report::Column::VaultId;
    faults.extend(of::<fault_report::Entity>(txn, keys, told).await?);
    Ok(faults)
}

async fn of<E: Subject>(
    txn: &DatabaseTransaction,
    keys: &Keys,
    contact: E::Column,
) -> Result<Vec<Fault>>
where
    E::PrimaryKey: PrimaryKeyTrait,
{
    let mut faults = BTreeMap::new();
    let mut after = i64::MIN;
    loop {
        let rows: Vec<(i64, AreaCode, VaultId)> = E::find()
            .select_only()
            .column(E::ID)
            .column(E::AREA)
            .column(contact)
            .filter(E::ID.gt(after))
            .filter(contact.is_not_null())
            .order_by_asc(E::ID)
            .limit(limits::READ_BATCH)
            .into_tuple()
            .all(txn)
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        let records = vault::Entity::find()
            .filter(vault::Column::Id.is_in(rows.iter().map(|(_, _, contact)| *contact)))
            .all(txn)
            .await?;
        let records: BTreeMap<VaultId, vault::Model> =
            records.into_iter().map(|record| (record.id, record)).collect();
        for (id, area, contact) in rows {
            let kind = match records.get(&contact) {
                None => Kind::VaultMissing,
                Some(record) if !keys.is_whole(record) => Kind::VaultBroken,
                Some(_) => continue,
            };
            let place = Place::row(area.county(), noun_of::<E>(), id);
            let place = place.part(format!("vault {contact}"));
            faults.entry(area.county()).or_insert_with(|| Fault::new(kind, place));
        }
    }
    Ok(faults.into_values().collect())
}
