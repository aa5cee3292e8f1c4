//! Hashing passwords: Argon2id with a key outside the database, a few at once, a bounded number
//! waiting, the same work for names that nobody has.

use std::sync::LazyLock;

use anyhow::anyhow;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{Ledger, key::Keys, vault::random};
use crate::{
    error::{Error, Result},
    limits,
};

/// Kibibytes, passes and lanes of a hash (reliability.md §3).
const COSTS: (u32, u32, u32) = (65_536, 3, 1);
/// The costs a stored hash may ask for at most: whoever can write into the database must not be
/// able to have the machine's memory taken.
const COSTS_AT_MOST: (u32, u32, u32) = (262_144, 10, 4);
/// Bytes of the salt.
const SALT: usize = 16;

/// Places for those at work and those who wait, and places at work.
struct Queue {
    places: Semaphore,
    at_work: Semaphore,
}

/// The memory is the machine's, so that all ledgers of a program wait in one queue.
static QUEUE: Queue = Queue::new(limits::HASHES_AT_ONCE, limits::HASHES_WAITING);

/// A turn: given back when it is dropped.
struct Turn {
    _place: SemaphorePermit<'static>,
    _work: SemaphorePermit<'static>,
}

impl Queue {
    const fn new(at_once: usize, waiting: usize) -> Queue {
        Queue {
            places: Semaphore::const_new(at_once + waiting),
            at_work: Semaphore::const_new(at_once),
        }
    }

    /// Waits for a turn; busy where too many wait already.
    async fn turn(&'static self) -> Result<Turn> {
        let place = self.places.try_acquire().map_err(|_| Error::Busy)?;
        let work = self.at_work.acquire().await.map_err(|_| Error::Busy)?;
        Ok(Turn { _place: place, _work: work })
    }
}

/// What a hash is checked against when there is none: of today's costs, of no password.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let (memory, passes, lanes) = COSTS;
    let (salt, sum) = ("A".repeat(22), "A".repeat(43));
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${sum}")
});

/// What came of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whether it is the one.
    pub is_right: bool,
    /// Whether its hash was made with other costs than today's.
    pub is_outdated: bool,
}

impl Ledger {
    /// Refuses at once where no more may wait: before anything is counted of whoever asks.
    pub fn require_room(&self) -> Result<()> {
        if QUEUE.places.available_permits() == 0 { Err(Error::Busy) } else { Ok(()) }
    }

    /// The hash of a password, as a PHC string.
    pub async fn hash_password(&self, password: &str) -> Result<String> {
        let (pepper, password) = (pepper(self.keys()), password.to_owned());
        in_turn(move || hash(&pepper, &password)).await
    }

    /// Checks a password against a stored hash. Where there is none it takes as long, and is wrong.
    pub async fn verify_password(&self, password: &str, stored: Option<&str>) -> Result<Verified> {
        let (pepper, password) = (pepper(self.keys()), password.to_owned());
        let is_somebody = stored.is_some();
        let stored = stored.map_or_else(|| NOBODY.clone(), str::to_owned);
        let verified = in_turn(move || verify(&pepper, &password, &stored)).await?;
        Ok(Verified { is_right: verified.is_right && is_somebody, ..verified })
    }
}

/// A key that the database does not have: a stolen copy of it is of no use for guessing.
fn pepper(keys: &Keys) -> [u8; 32] {
    keys.derived("password")
}

/// Works on a thread of its own, when its turn has come.
async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let turn = QUEUE.turn().await?;
    // the turn goes along: whoever stops waiting does not make room for more work than there may be
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    done.await.map_err(|_| anyhow!("hashing a password broke off"))?
}

fn hasher(pepper: &[u8; 32]) -> Result<Argon2<'_>> {
    let (memory, passes, lanes) = COSTS;
    let params = Params::new(memory, passes, lanes, Some(32));
    let params = params.map_err(|error| anyhow!("the costs of a hash: {error}"))?;
    let hasher = Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params);
    Ok(hasher.map_err(|error| anyhow!("the key of a hash: {error}"))?)
}

fn hash(pepper: &[u8; 32], password: &str) -> Result<String> {
    let salt = random::<SALT>()?;
    let hash: argon2::password_hash::Result<PasswordHash> =
        hasher(pepper)?.hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow!("a password was not hashed: {error}"))?.to_string())
}

fn verify(pepper: &[u8; 32], password: &str, stored: &str) -> Result<Verified> {
    let unusable = || Error::Internal(anyhow!("a stored hash is none that this program makes"));
    let hash = PasswordHash::new(stored).map_err(|_| unusable())?;
    let costs = Params::try_from(&hash).map_err(|_| unusable())?;
    let (memory, passes, lanes) = COSTS_AT_MOST;
    let is_bearable =
        costs.m_cost() <= memory && costs.t_cost() <= passes && costs.p_cost() <= lanes;
    if hash.algorithm.as_str() != "argon2id" || !is_bearable {
        return Err(unusable());
    }
    let is_right = hasher(pepper)?.verify_password(password.as_bytes(), &hash).is_ok();
    Ok(Verified {
        is_right,
        is_outdated: (costs.m_cost(), costs.t_cost(), costs.p_cost()) != COSTS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEPPER: [u8; 32] = [3; 32];

    #[test]
    fn a_hash_knows_its_password_and_needs_the_key() {
        let stored = hash(&PEPPER, "山高水长路远天阔").expect("a hash");
        assert!(stored.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{stored}");
        let verify = |pepper: [u8; 32], password: &str| {
            verify(&pepper, password, &stored).expect("an answer").is_right
        };
        assert!(verify(PEPPER, "山高水长路远天阔"));
        assert!(!verify(PEPPER, "山高水长路远天阔 "));
        assert!(!verify([4; 32], "山高水长路远天阔"));
    }

    #[test]
    fn what_is_checked_for_nobody_costs_what_a_real_hash_costs() {
        let verified = verify(&PEPPER, "x", &NOBODY).expect("an answer");
        assert_eq!(verified, Verified { is_right: false, is_outdated: false });
    }

    #[test]
    fn a_planted_hash_does_not_take_the_memory() {
        let planted = [
            "$argon2id$v=19$m=262145,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=8,t=11,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=64,t=1,p=5$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
            "plain",
            "",
        ];
        for stored in planted {
            assert!(verify(&PEPPER, "x", stored).is_err(), "{stored}");
        }
        let weak = "$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA";
        assert!(verify(&PEPPER, "x", weak).expect("an answer").is_outdated);
    }

    #[tokio::test]
    async fn a_full_queue_is_busy() {
        static SMALL: Queue = Queue::new(1, 1);
        let first = SMALL.turn().await.expect("a turn");
        let second = tokio::spawn(SMALL.turn());
        while SMALL.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(SMALL.turn().await, Err(Error::Busy)));
        drop(first);
        let second = second.await.expect("no panic").expect("a turn");
        assert_eq!(SMALL.places.available_permits(), 1);
        drop(second);
        assert!(SMALL.turn().await.is_ok());
        assert_eq!(QUEUE.places.available_permits(), 34);
    }
}
