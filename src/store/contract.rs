//! Contracts: those of an asset, and what one of them asks to be paid.

use entity::{
    asset,
    contract::{Column, Entity, Model},
    contract_due::{self, Model as Due},
    id::{AssetId, ContractId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Read, Write, insert::insert_rows};
use crate::{domain::contract::schedule::schedule, error::Result, limits};

impl Read<'_> {
    /// The contracts of an asset, the one that ends last first. Only whoever may see the asset is told.
    pub async fn contracts_of(&self, id: AssetId) -> Result<Vec<Model>> {
        self.get::<asset::Entity>(id).await?;
        let query = self.find::<Entity>().filter(Column::AssetId.eq(id));
        let query = query.order_by_desc(Column::LastOn).order_by_desc(Column::Id);
        Ok(query.limit(limits::CONTRACTS_PER_ASSET as u64).all(self.connection()).await?)
    }

    /// What a contract asks to be paid, in order. Only whoever may see the contract is told.
    pub async fn dues_of(&self, id: ContractId) -> Result<Vec<Due>> {
        self.get::<Entity>(id).await?;
        let query = contract_due::Entity::find().filter(contract_due::Column::ContractId.eq(id));
        Ok(query.order_by_asc(contract_due::Column::Number).all(self.connection()).await?)
    }
}

impl Write {
    /// The contracts of an asset, in the order of their ids.
    pub async fn contracts_of(&self, id: AssetId) -> Result<Vec<Model>> {
        let query = self.find::<Entity>().filter(Column::AssetId.eq(id));
        Ok(query.order_by_asc(Column::Id).all(&self.txn).await?)
    }

    /// Writes what a contract asks to be paid, in the place of what it asked before. It follows from the
    /// contract, whose change is in the log: these rows are not recorded there once more.
    pub async fn set_dues(&mut self, contract: &Model) -> Result<()> {
        let of_contract = contract_due::Column::ContractId.eq(contract.id);
        contract_due::Entity::delete_many().filter(of_contract).exec(&self.txn).await?;
        Ok(insert_rows::<contract_due::Entity>(&self.txn, &schedule(contract)).await?)
    }
}
