//! Attempts to sign in, and to have people shown whole, counted before they are looked at. Only
//! keyed hashes are kept.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{AccountId, AssetId, SessionId},
    sign_in_attempt::{self, Model},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};

use super::{
    Ledger, Write,
    key::Keys,
    token::{digest, hexadecimal},
    vault::{keyed, random},
};
use crate::{
    domain::{
        secret::Secret,
        throttle::{Attempts, Pace, admit, network},
    },
    error::{Error, Result},
    limits,
};

/// What attempts are counted of.
#[derive(Clone, Copy, Debug)]
pub enum Counted<'a> {
    /// A sign-in name, whether somebody has it or not.
    Name(&'a str),
    /// A device that the account signed in from before, and so is not slowed down by strangers.
    Device(&'a str),
    /// A network address.
    Address(IpAddr),
    /// A session in which a password or a code is asked for again.
    Session(SessionId),
    /// An account that has people shown whole.
    Reveals(AccountId),
    /// Reports of faults from a network address.
    ReportsFrom(IpAddr),
    /// Reports of faults of an asset.
    ReportsOf(AssetId),
    /// Reports of faults to the whole service.
    Reports,
}

impl Counted<'_> {
    const fn pace(self) -> Pace {
        match self {
            Counted::Address(_) => Pace::PerMinute,
            Counted::Reveals(_) => Pace::PerDay,
            Counted::ReportsFrom(_) => Pace::Within(1, limits::REPORTS_PER_ADDRESS),
            Counted::ReportsOf(_) => Pace::Within(24, limits::REPORTS_PER_ASSET),
            Counted::Reports => Pace::Within(1, limits::REPORTS_IN_ALL),
            Counted::Name(_) | Counted::Device(_) | Counted::Session(_) => Pace::Doubling,
        }
    }

    fn words(self) -> String {
        match self {
            Counted::Name(name) => format!("name {name}"),
            Counted::Device(mark) => format!("device {mark}"),
            Counted::Address(address) => format!("address {}", network(address)),
            Counted::Session(session) => format!("session {session}"),
            Counted::Reveals(account) => format!("reveals {account}"),
            Counted::ReportsFrom(address) => format!("reports from {}", network(address)),
            Counted::ReportsOf(asset) => format!("reports of {asset}"),
            Counted::Reports => "reports".to_owned(),
        }
    }

    fn key(self, keys: &Keys) -> Result<String> {
        keyed(&keys.derived("attempt"), self.words().as_bytes())
    }
}

impl Ledger {
    /// Counts one attempt of each kind, or says how long to wait; then none is counted.
    pub async fn admit_attempt(&self, counted: &[Counted<'_>]) -> Result<()> {
        let mut rows = Vec::with_capacity(counted.len());
        for one in counted {
            rows.push((one.key(self.keys())?, one.pace()));
        }
        // everybody takes the rows in one order, so that nobody waits for each other
        rows.sort_by(|one, other| one.0.cmp(&other.0));
        let now = self.clock().now();
        let txn = self.begin().await?;
        let mut admitted = Vec::with_capacity(rows.len());
        let mut waiting = None;
        for (digest, pace) in rows {
            let so_far = attempts(&txn, &digest, now).await?;
            match admit(pace, so_far, now) {
                Ok(next) => admitted.push((digest, next)),
                Err(seconds) => waiting = waiting.max(Some(seconds)),
            }
        }
        if let Some(seconds) = waiting {
            txn.rollback().await?;
            return Err(Error::Throttled(seconds));
        }
        for (digest, next) in admitted {
            keep(&txn, digest, next).await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// Forgets the attempts of what succeeded.
    pub async fn forget_attempts(&self, counted: Counted<'_>) -> Result<()> {
        let digest = counted.key(self.keys())?;
        let old = self.clock().now() - TimeDelta::hours(limits::ATTEMPTS_KEPT_HOURS);
        let forgotten = Condition::any()
            .add(sign_in_attempt::Column::Digest.eq(digest))
            .add(sign_in_attempt::Column::SinceAt.lt(old));
        sign_in_attempt::Entity::delete_many().filter(forgotten).exec(self.writer()).await?;
        Ok(())
    }

    /// A mark for a device that an account signed in from: it names nobody.
    pub fn device_mark(&self, account: AccountId) -> Result<Secret> {
        let number = hexadecimal(&random::<16>()?);
        let sum = self.device_sum(account, &number)?;
        Ok(Secret::new(format!("{number}.{sum}")))
    }

    /// What the forms of a session carry, so that no other page can send them.
    pub fn form_mark(&self, session: SessionId) -> Result<String> {
        keyed(&self.keys().derived("form"), session.to_string().as_bytes())
    }

    /// Whether a mark was given to a device of this account.
    pub fn knows_device(&self, account: AccountId, mark: &str) -> Result<bool> {
        let Some((number, sum)) = mark.split_once('.').filter(|_| mark.len() == 97) else {
            return Ok(false);
        };
        // digests of both are compared, so that the time it takes tells nothing of the sum
        Ok(digest(&self.device_sum(account, number)?) == digest(sum))
    }

    fn device_sum(&self, account: AccountId, number: &str) -> Result<String> {
        let key = self.keys().derived("device");
        keyed(&key, format!("{account} {number}").as_bytes())
    }
}

impl Write {
    /// Counts that the actor has somebody shown whole, as often in a day as an account may. Whoever
    /// stands at the machine is not counted.
    pub async fn count_reveal(&mut self) -> Result<()> {
        let Some(account) = self.actor().account() else { return Ok(()) };
        let counted = Counted::Reveals(account);
        let (digest, now) = (counted.key(&self.keys)?, self.now());
        let so_far = attempts(&self.txn, &digest, now).await?;
        let next = admit(counted.pace(), so_far, now).map_err(Error::Throttled)?;
        keep(&self.txn, digest, next).await
    }
}

async fn keep(txn: &impl ConnectionTrait, digest: String, next: Attempts) -> Result<()> {
    let row = Model { digest, n: next.n, since_at: next.since, until_at: next.until };
    row.into_active_model().reset_all().update(txn).await?;
    Ok(())
}

/// The attempts so far, whose row nobody else changes until the end.
async fn attempts(
    txn: &impl ConnectionTrait,
    digest: &str,
    now: DateTime<Utc>,
) -> Result<Attempts> {
    let none = Model { digest: digest.to_owned(), n: 0, since_at: now, until_at: now };
    sign_in_attempt::Entity::insert(none.into_active_model().reset_all())
        .on_conflict_do_nothing()
        .exec_without_returning(txn)
        .await?;
    let row =
        sign_in_attempt::Entity::find_by_id(digest.to_owned()).lock_exclusive().one(txn).await?;
    Ok(row.map_or(Attempts::none(now), |row| Attempts {
        n: row.n,
        since: row.since_at,
        until: row.until_at,
    }))
}
