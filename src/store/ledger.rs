//! `Ledger`: one opened ledger, and its two doors.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use entity::log::ledger;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveModelTrait, DatabaseConnection, EntityTrait, IntoActiveModel, Set};

use super::{
    Actor, Read, Write,
    connect::{self, Connections, Place},
    disk::Disk,
    key::Keys,
    request_key::{InFlight, KEPT_LATE, Request},
    vault::index_names,
};
use crate::{
    clock::{Clock, FixedClock, day_of},
    domain::{
        password::Profile,
        permission::Action,
        trail::key::{Origin, Signer},
    },
    error::{Error, Result},
};

/// One opened ledger.
#[derive(Clone)]
pub struct Ledger {
    connections: Connections,
    clock: Arc<dyn Clock>,
    keys: Arc<Keys>,
    name: Arc<str>,
    place: Place,
    profile: Profile,
    pub(super) in_flight: InFlight,
    disk: Arc<Disk>,
    pub(super) request: Option<Arc<Request>>,
}

impl Ledger {
    /// Opens a ledger, makes it when it is new, and brings its tables up to date.
    pub async fn open(place: &Place, keys: &Path, clock: Arc<dyn Clock>) -> Result<Ledger> {
        let connections = connect::open(place).await?;
        Migrator::up(&connections.writer, None).await?;
        let row = ledger::Entity::find_by_id(1).one(&connections.writer).await?;
        let (keys, name) = match row {
            Some(row) => (Keys::read(keys)?, row.name),
            None => found(&connections.writer, keys).await?,
        };
        index_names(&connections.writer, &keys).await?;
        Ok(Ledger::of(connections, place, keys, &name, clock))
    }

    /// Opens a copy of this ledger as it stands: nothing in it is made, changed or brought up to
    /// date.
    pub async fn copy(&self, file: &Path) -> Result<Ledger> {
        let reader = connect::open_to_look(file).await?;
        let connections = Connections { writer: reader.clone(), reader };
        let place = Place::new(format!("sqlite:{}", file.display()));
        Ok(Ledger { connections, place, ..self.clone() })
    }

    /// A ledger of its parts.
    pub(super) fn of(
        connections: Connections,
        place: &Place,
        keys: Keys,
        name: &str,
        clock: Arc<dyn Clock>,
    ) -> Ledger {
        let disk = Arc::new(Disk::of(place));
        let (keys, place) = (Arc::new(keys), place.clone());
        Ledger {
            connections,
            clock,
            keys,
            name: name.into(),
            place,
            profile: Profile::default(),
            in_flight: InFlight::default(),
            disk,
            request: None,
        }
    }

    /// The same ledger at another time: for what is made up and has a past.
    pub fn at(&self, now: DateTime<Utc>) -> Ledger {
        Ledger { clock: Arc::new(FixedClock(now)), ..self.clone() }
    }

    /// The same ledger with other rules for passwords.
    pub fn with_profile(self, profile: Profile) -> Ledger {
        Ledger { profile, ..self }
    }

    /// The rules for passwords.
    pub const fn profile(&self) -> Profile {
        self.profile
    }

    /// The door to read: limited to what the actor may see.
    pub fn read<'a>(&'a self, actor: &'a Actor) -> Read<'a> {
        Read::new(&self.connections.reader, actor, &self.keys, self.today())
    }

    /// The door to read, with people shown whole: at once for whoever stands at the machine, for
    /// others only to reveal them, which the caller of this puts into the log.
    pub fn reveal<'a>(&'a self, actor: &'a Actor) -> Result<Read<'a>> {
        actor.require(Action::RevealPerson)?;
        actor.require_proof(Action::RevealPerson, self.clock.now())?;
        Ok(self.read(actor).unmasked())
    }

    /// Whether whoever acts must prove anew who they are before an action.
    pub fn is_proof_due(&self, actor: &Actor, action: Action) -> bool {
        actor.require_proof(action, self.clock.now()).is_err()
    }

    /// The door to write: carries out one action in one transaction, all of it with its log entry
    /// and its findings, or nothing. An action that changed nothing leaves no entry.
    pub async fn write<T: 'static, F>(&self, actor: &Actor, action: Action, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Write) -> Result<T>,
    {
        actor.require(action)?;
        actor.require_proof(action, self.clock.now())?;
        self.disk.require_room()?;
        let done = self.write_in_turn(actor, action, work).await;
        self.disk.note(&done);
        done
    }

    async fn write_in_turn<T: 'static, F>(
        &self,
        actor: &Actor,
        action: Action,
        work: F,
    ) -> Result<T>
    where
        F: AsyncFnOnce(&mut Write) -> Result<T>,
    {
        let request = self.take_request();
        let flight = request.as_ref().map(|request| request.fly(&self.in_flight, actor));
        let _flight = flight.transpose()?;
        let mut write = Write::begin(self, actor, action).await?;
        let done = match &request {
            None => work(&mut write).await,
            Some(request) => request.carry_out(&mut write, work).await,
        };
        match done {
            Ok(value) if crate::broken::is("an answer before the commit") => {
                tokio::spawn(write.seal());
                Ok(value)
            }
            Ok(value) => {
                write.seal().await?;
                if crate::broken::is(KEPT_LATE) {
                    self.keep_late(request, actor, &value).await?;
                }
                Ok(value)
            }
            Err(error) => {
                // a database without room may have taken the transaction back itself
                match (write.abandon().await, &error) {
                    (Err(_), Error::DiskFull) | (Ok(()), _) => Err(error),
                    (Err(fault), _) => Err(fault),
                }
            }
        }
    }

    /// The same ledger, whose next action answers a request.
    pub(super) fn answering(&self, request: Request) -> Ledger {
        Ledger { request: Some(Arc::new(request)), ..self.clone() }
    }

    /// Whether the database answers.
    pub async fn probe(&self) -> Result<()> {
        connect::scalar::<i32>(self.reader(), "SELECT 1").await?;
        Ok(())
    }

    /// The day it is, in China.
    pub fn today(&self) -> NaiveDate {
        day_of(self.clock.now())
    }

    /// The name that checkpoints carry.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is kept.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    pub(super) fn writer(&self) -> &DatabaseConnection {
        &self.connections.writer
    }

    pub(super) fn reader(&self) -> &DatabaseConnection {
        &self.connections.reader
    }

    pub(super) fn disk(&self) -> &Disk {
        &self.disk
    }

    pub(super) fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }

    /// Closes the connections; on SQLite the write-ahead log is folded in.
    pub async fn close(self) -> Result<()> {
        self.connections.reader.close().await?;
        self.connections.writer.close().await?;
        Ok(())
    }
}

/// Founds a new ledger: makes its keys, or takes those that lie ready, and gives it a name.
async fn found(writer: &DatabaseConnection, path: &Path) -> Result<(Keys, String)> {
    let keys = if path.exists() {
        Keys::read(path)?
    } else {
        let keys = Keys::generate()?;
        keys.write(path)?;
        keys
    };
    let name = "taizhang".to_owned();
    let origin = Origin::new(&name).map_err(anyhow::Error::new)?;
    let signer = Signer::new(origin, &keys.signing);
    let row = ledger::Model { id: 1, name: name.clone(), verifier: signer.verifier().to_string() };
    let mut active = row.into_active_model().reset_all();
    active.id = Set(1);
    ledger::Entity::insert(active).exec_without_returning(writer).await?;
    Ok((keys, name))
}
