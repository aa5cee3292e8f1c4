//! What is read for whoever has no account: through the read door, as somebody who stands before one
//! asset.

use std::collections::HashMap;

use entity::{id::OrganizationId, organization, vault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Read;
use crate::{domain::public::is_office_line, error::Result};

impl Read<'_> {
    /// Organizations by their ids, wherever they are: what bears a duty or a right of an asset.
    pub async fn bodies(
        &self,
        ids: &[OrganizationId],
    ) -> Result<HashMap<OrganizationId, organization::Model>> {
        let query = organization::Entity::find();
        let rows = query.filter(organization::Column::Id.is_in(ids.iter().copied()));
        let rows = rows.all(self.connection()).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// The telephone of an organization where it is the line of a public office, which everybody may
    /// call; nothing else of whoever answers there.
    pub async fn office_line(&self, body: &organization::Model) -> Result<Option<String>> {
        let Some(contact) = body.contact_id else { return Ok(None) };
        let record = vault::Entity::find_by_id(contact).one(self.connection()).await?;
        let Some(record) = record else { return Ok(None) };
        let phone = self.keys.open(&record)?.phone;
        Ok(Some(phone).filter(|phone| is_office_line(body.kind, phone)))
    }
}
