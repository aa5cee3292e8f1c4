//! Organizations and people: found by name, and the duties and rights they bear.

use entity::{area::AreaCode, duty, holding, organization};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};

use super::{Subject, Write};
use crate::{
    domain::title::Party,
    error::{Error, Result},
    limits,
};

impl Write {
    /// Organizations of a name that stand in an area or above it: a village may name its
    /// county's bureau. They are not hidden by the scope: an office above is everybody's.
    pub async fn organizations_named(
        &self,
        name: &str,
        area: AreaCode,
    ) -> Result<Vec<organization::Model>> {
        use sea_orm::EntityTrait;
        let areas = std::iter::once(area).chain(area.above());
        Ok(organization::Entity::find()
            .filter(organization::Column::Name.eq(name))
            .filter(organization::Column::AreaCode.is_in(areas))
            .order_by_desc(organization::Column::AreaCode)
            .order_by_asc(organization::Column::Id)
            .limit(u64::try_from(limits::CANDIDATES_SHOWN).unwrap_or(5) + 1)
            .all(&self.txn)
            .await?)
    }

    /// An organization or a person by id. An office above the scope may bear duties inside it.
    pub async fn get_party<E: Subject>(&self, id: E::Id) -> Result<E::Model> {
        let row = E::find().filter(E::ID.eq(id)).one(&self.txn).await?;
        let visible = row.filter(|row| {
            let (own, scope) = (E::area(row), self.actor.area());
            scope.covers(&own) || own.covers(&scope)
        });
        visible.ok_or(Error::NotFound(E::NOUN))
    }

    /// Duties of a party that have no end, or end after a day.
    pub async fn duties_borne(
        &self,
        party: Party,
        after: chrono::NaiveDate,
    ) -> Result<Vec<duty::Model>> {
        let (organization, person) = party.columns();
        let mut query = self.find::<duty::Entity>().filter(
            Condition::any()
                .add(duty::Column::UntilOn.is_null())
                .add(duty::Column::UntilOn.gt(after)),
        );
        query = match (organization, person) {
            (Some(id), _) => query.filter(duty::Column::OrganizationId.eq(id)),
            (None, id) => query.filter(duty::Column::PersonId.eq(id)),
        };
        Ok(query.order_by_asc(duty::Column::Id).all(&self.txn).await?)
    }

    /// Rights of a party that still run after a day.
    pub async fn rights_held(
        &self,
        party: Party,
        after: chrono::NaiveDate,
    ) -> Result<Vec<holding::Model>> {
        let (organization, person) = party.columns();
        let mut query = self.find::<holding::Entity>().filter(
            Condition::any()
                .add(holding::Column::UntilOn.is_null())
                .add(holding::Column::UntilOn.gt(after)),
        );
        query = match (organization, person) {
            (Some(id), _) => query.filter(holding::Column::OrganizationId.eq(id)),
            (None, id) => query.filter(holding::Column::PersonId.eq(id)),
        };
        Ok(query.order_by_asc(holding::Column::Id).all(&self.txn).await?)
    }
}
