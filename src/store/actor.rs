//! `Actor`: who is acting, in what role, over which area. Only this file makes one.

use entity::{
    account::{self, Role, State},
    area::AreaCode,
    id::AccountId,
    language::Label,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::Ledger;
use crate::{
    domain::permission::{Action, permits},
    error::{Error, Result},
};

/// Who is acting.
#[derive(Clone, Debug)]
pub struct Actor {
    id: Option<AccountId>,
    name: String,
    role: Role,
    area: AreaCode,
}

impl Actor {
    /// Whoever works at the command line of the machine that holds the ledger: sees everything,
    /// and is named as such in every entry.
    pub fn operator() -> Actor {
        Actor {
            id: None,
            name: "operator".to_owned(),
            role: Role::Operator,
            area: AreaCode::NATION,
        }
    }

    /// Whoever an account belongs to.
    pub(super) fn of(account: account::Model) -> Actor {
        Actor {
            id: Some(account.id),
            name: account.name,
            role: account.role,
            area: account.area_code,
        }
    }

    /// The account; none for whoever works at the machine itself.
    pub const fn account(&self) -> Option<AccountId> {
        self.id
    }

    /// The name that the log keeps.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The area.
    pub const fn area(&self) -> AreaCode {
        self.area
    }

    /// Refuses unless the role may do the action.
    pub fn require(&self, action: Action) -> Result<()> {
        if permits(self.role, action) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Reads the account again and refuses when it may no longer act as it did.
    pub(super) async fn reload(&self, connection: &impl ConnectionTrait) -> Result<()> {
        let Some(id) = self.id else { return Ok(()) };
        let account = account::Entity::find_by_id(id).one(connection).await?;
        let unchanged = account.is_some_and(|account| {
            account.state == State::Active
                && (account.role, account.area_code) == (self.role, self.area)
        });
        if unchanged { Ok(()) } else { Err(Error::Forbidden) }
    }
}

impl Ledger {
    /// The actor of an account that may act.
    pub async fn actor(&self, name: &str) -> Result<Actor> {
        let account = account::Entity::find()
            .filter(account::Column::Name.eq(name))
            .filter(account::Column::State.eq(State::Active))
            .one(self.reader())
            .await?;
        let account = account.ok_or(Error::NotFound(Label::new("账号", "account")))?;
        Ok(Actor::of(account))
    }
}
