//! Organizations and people: found by name, and the duties and rights they bear.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    area::AreaCode, duty, holding, id::OrganizationId, organization, person, welfare_post,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, sea_query::Expr,
};

use super::{Read, Subject, Write, scope};
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

    /// An organization, a person or a project by id. An office above the scope may bear duties
    /// inside it. The row is held as it is until the end: on PostgreSQL it may belong to a county
    /// whose turn is another writer's.
    pub async fn get_party<E: Subject>(&self, id: E::Id) -> Result<E::Model> {
        let row = E::find().filter(E::ID.eq(id)).lock_shared().one(&self.txn).await?;
        let visible = row.filter(|row| {
            let (own, reach) = (E::area(row), self.actor.area());
            scope::covers(reach, &own, "scope of parties") || own.covers(&reach)
        });
        visible.ok_or(Error::NotFound(E::NOUN))
    }

    /// Duties of a party that have no end, or end after a day.
    pub async fn duties_borne(&self, party: Party, after: NaiveDate) -> Result<Vec<duty::Model>> {
        let query = duties_after(party, after).filter(self.within(duty::Column::AreaCode));
        Ok(query.order_by_asc(duty::Column::Id).all(&self.txn).await?)
    }

    /// Rights of a party that still run after a day.
    pub async fn rights_held(&self, party: Party, after: NaiveDate) -> Result<Vec<holding::Model>> {
        let query = rights_after(party, after).filter(self.within(holding::Column::AreaCode));
        Ok(query.order_by_asc(holding::Column::Id).all(&self.txn).await?)
    }

    /// Whether a party bears duties, holds rights or has a post outside the scope after a day.
    pub async fn bears_outside(&self, party: Party, after: NaiveDate) -> Result<bool> {
        let duties = duties_after(party, after).filter(self.within(duty::Column::AreaCode).not());
        let rights =
            rights_after(party, after).filter(self.within(holding::Column::AreaCode).not());
        let posts =
            posts_after(party, after).filter(self.within(welfare_post::Column::AreaCode).not());
        Ok(duties.count(&self.txn).await? > 0
            || rights.count(&self.txn).await? > 0
            || posts.count(&self.txn).await? > 0)
    }

    fn within(&self, area: impl ColumnTrait) -> Condition {
        let (first, last) = scope::range(self.actor.area(), "scope of what a party bears");
        Condition::all().add(area.between(first, last))
    }
}

impl Read<'_> {
    /// Refuses parties that a form names and nobody of the reader's area could choose: what is
    /// neither within it nor above it is not found, masked or not.
    pub async fn check_reach(&self, parties: &[Party]) -> Result<()> {
        let mut bodies = Vec::new();
        let mut people = Vec::new();
        for party in parties {
            match party {
                Party::Organization(id) => bodies.push(*id),
                Party::Person(id) => people.push(*id),
            }
        }
        self.check_reach_of::<organization::Entity>(bodies).await?;
        self.check_reach_of::<person::Entity>(people).await
    }

    async fn check_reach_of<E: Subject>(&self, mut ids: Vec<E::Id>) -> Result<()>
    where
        E::Id: Ord,
    {
        ids.sort_unstable();
        ids.dedup();
        let n = ids.len();
        let rows = E::find().filter(E::ID.is_in(ids)).all(self.connection()).await?;
        let reach = self.actor().area();
        let is_near = |row: &E::Model| {
            let own = E::area(row);
            scope::covers(reach, &own, "scope of parties asked for") || own.covers(&reach)
        };
        let all = rows.len() == n && rows.iter().all(is_near);
        if all { Ok(()) } else { Err(Error::NotFound(E::NOUN)) }
    }

    /// Organizations that have not ended, by their whole name or their credit code: within the
    /// reader's area, or above a place. An office above is everybody's.
    pub async fn organizations_called(
        &self,
        text: &str,
        place: AreaCode,
    ) -> Result<Vec<organization::Model>> {
        use organization::Column;
        let called = Condition::any()
            .add(Column::Name.eq(text))
            .add(Column::CreditCode.eq(text.to_uppercase()));
        let (first, last) = scope::range(self.actor().area(), "scope of organizations called");
        let near = Condition::any()
            .add(Column::AreaCode.between(first, last))
            .add(Column::AreaCode.is_in(place.above()));
        Ok(organization::Entity::find()
            .filter(called)
            .filter(near)
            .filter(Column::EndedOn.is_null())
            .order_by_desc(Column::AreaCode)
            .order_by_asc(Column::Id)
            .limit(limits::CANDIDATES_SHOWN as u64 + 1)
            .all(self.connection())
            .await?)
    }

    /// The collectives of places that have not ended.
    pub async fn collectives(
        &self,
        places: &[AreaCode],
    ) -> Result<HashMap<AreaCode, Vec<OrganizationId>>> {
        use organization::Column;
        let mut found: HashMap<AreaCode, Vec<OrganizationId>> = HashMap::new();
        for batch in places.chunks(PLACES) {
            let rows = self
                .find::<organization::Entity>()
                .filter(Column::AreaCode.is_in(batch.iter().copied()))
                .filter(Column::Kind.eq(organization::Kind::Collective))
                .filter(Column::EndedOn.is_null())
                .order_by_asc(Column::Id)
                .all(self.connection())
                .await?;
            for row in rows {
                found.entry(row.area_code).or_default().push(row.id);
            }
        }
        Ok(found)
    }

    /// Duties that a party bears on a day or later, within the reader's area.
    pub async fn duties_of(
        &self,
        party: Party,
        day: NaiveDate,
        limit: u64,
    ) -> Result<Vec<duty::Model>> {
        let (first, last) = scope::range(self.actor().area(), "scope of what a party bears");
        let query = duties_after(party, day.pred_opt().unwrap_or(day))
            .filter(duty::Column::AreaCode.between(first, last))
            .order_by_asc(duty::Column::Id);
        Ok(query.limit(limit).all(self.connection()).await?)
    }

    /// Rights that a party holds on a day or later, within the reader's area.
    pub async fn rights_of(
        &self,
        party: Party,
        day: NaiveDate,
        limit: u64,
    ) -> Result<Vec<holding::Model>> {
        let (first, last) = scope::range(self.actor().area(), "scope of what a party holds");
        let query = rights_after(party, day.pred_opt().unwrap_or(day))
            .filter(holding::Column::AreaCode.between(first, last))
            .order_by_asc(holding::Column::Id);
        Ok(query.limit(limit).all(self.connection()).await?)
    }
}

/// Places of one look-up.
const PLACES: usize = 500;

fn duties_after(party: Party, after: NaiveDate) -> Select<duty::Entity> {
    let running =
        Condition::any().add(duty::Column::UntilOn.is_null()).add(duty::Column::UntilOn.gt(after));
    let query = duty::Entity::find().filter(running);
    match party {
        Party::Organization(id) => query.filter(duty::Column::OrganizationId.eq(id)),
        Party::Person(id) => query.filter(duty::Column::PersonId.eq(id)),
    }
}

fn posts_after(party: Party, after: NaiveDate) -> Select<welfare_post::Entity> {
    let query = welfare_post::Entity::find().filter(welfare_post::Column::UntilOn.gt(after));
    match party {
        // an organization holds no post
        Party::Organization(_) => query.filter(Expr::val(false)),
        Party::Person(id) => query.filter(welfare_post::Column::PersonId.eq(id)),
    }
}

fn rights_after(party: Party, after: NaiveDate) -> Select<holding::Entity> {
    let running = Condition::any()
        .add(holding::Column::UntilOn.is_null())
        .add(holding::Column::UntilOn.gt(after));
    let query = holding::Entity::find().filter(running);
    match party {
        Party::Organization(id) => query.filter(holding::Column::OrganizationId.eq(id)),
        Party::Person(id) => query.filter(holding::Column::PersonId.eq(id)),
    }
}
