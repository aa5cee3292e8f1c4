//! `Actor`: who is acting, in what role, over which area. Only this file makes one.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    account::{self, Role, State},
    area::AreaCode,
    asset,
    id::{AccountId, AssetId},
    language::Label,
    session,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{Ledger, Subject};
use crate::{
    domain::{
        fault_report::is_open_to_all,
        permission::{Action, needs_step_up, permits},
        refusal::Refusal,
        session::is_fresh,
    },
    error::{Error, Result},
    limits,
};

/// Who is acting.
#[derive(Clone, Debug)]
pub struct Actor {
    id: Option<AccountId>,
    name: String,
    role: Role,
    area: AreaCode,
    /// When whoever acts in a session last proved who it is; empty outside of one.
    proven_at: Option<DateTime<Utc>>,
    /// The one asset that whoever has no account stands before.
    before: Option<AssetId>,
}

/// What the log calls whoever has no account; no account is called so.
const PASSER_BY: &str = "村民/villager";

impl Actor {
    /// Whoever works at the command line of the machine that holds the ledger: sees everything,
    /// and is named as such in every entry.
    pub fn operator() -> Actor {
        Actor {
            id: None,
            name: "operator".to_owned(),
            role: Role::Operator,
            area: AreaCode::NATION,
            proven_at: None,
            before: None,
        }
    }

    /// The same over a part of its area alone.
    pub fn within(self, area: AreaCode) -> Actor {
        if self.area.covers(&area) { Actor { area, ..self } } else { self }
    }

    /// Whoever an account belongs to.
    pub(super) fn of(account: account::Model) -> Actor {
        Actor {
            id: Some(account.id),
            name: account.name,
            role: account.role,
            area: account.area_code,
            proven_at: None,
            before: None,
        }
    }

    /// Whoever stands before an asset and has no account: may report its faults, and nothing else.
    fn passer_by(asset: &asset::Model) -> Actor {
        Actor {
            id: None,
            name: PASSER_BY.to_owned(),
            role: Role::Villager,
            area: asset.area_code,
            proven_at: None,
            before: Some(asset.id),
        }
    }

    /// Whoever acts in a session of an account.
    pub(super) fn of_session(account: account::Model, session: &session::Model) -> Actor {
        Actor { proven_at: Some(session.stepped_up_at), ..Actor::of(account) }
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
        if permits(self.role, action) { Ok(()) } else { Err(Error::NotPermitted(action)) }
    }

    /// Refuses whoever has no account what is not about the asset they stand before; to them there is
    /// no other.
    pub fn require_before(&self, id: AssetId) -> Result<()> {
        let is_there = self.role != Role::Villager || self.before == Some(id);
        if is_there { Ok(()) } else { Err(Error::NotFound(<asset::Entity as Subject>::NOUN)) }
    }

    /// Refuses what asks for a fresh proof while the last one of the session is old. Whoever does
    /// not act in a session stands at the machine itself.
    pub(super) fn require_proof(&self, action: Action, now: DateTime<Utc>) -> Result<()> {
        let within = TimeDelta::seconds(limits::STEP_UP_SECONDS);
        let is_old = self.proven_at.is_some_and(|at| !is_fresh(at, within, now));
        if is_old && needs_step_up(action) && !crate::broken::is("step-up at the write door") {
            return Err(Refusal::step_up_due().into());
        }
        Ok(())
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
    /// Whoever stands before an asset and has no account; nobody where it is not open to all.
    pub async fn passer_by(&self, id: AssetId) -> Result<Option<Actor>> {
        let asset = asset::Entity::find_by_id(id).one(self.reader()).await?;
        Ok(asset.filter(is_open_to_all).map(|asset| Actor::passer_by(&asset)))
    }

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
