//! Verifications that are carried out while whoever asked does something else: one at a time for an
//! account, a few for the program. What one came to is kept for a while, and noted in the log.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    area::{AreaCode, County},
    id::AccountId,
    language::Label,
};
use tokio::task::AbortHandle;

use crate::{
    domain::{permission::Action, verification::Verification},
    error::{Error, Result},
    limits,
    store::{
        Actor, Ledger,
        verify::{Progress, VerifyOptions},
    },
};

const NOUN: Label = Label::new("留痕", "log");

/// How a verification stands.
#[derive(Clone, Debug)]
pub enum Standing {
    /// So far it has come.
    UnderWay(Progress),
    /// It came to its end then.
    Over(DateTime<Utc>, Arc<Verification>),
    /// It could not be carried out.
    Failed,
}

/// One verification.
#[derive(Clone, Debug)]
pub struct Run {
    /// When it was begun.
    pub begun_at: DateTime<Utc>,
    /// The area whose logs and rows it checks.
    pub area: AreaCode,
    /// How it stands.
    pub standing: Standing,
}

impl Run {
    fn begun(begun_at: DateTime<Utc>, area: AreaCode) -> Run {
        let progress = Progress { step: Label::new("准备", "preparing"), done: 0, total: None };
        Run { begun_at, area, standing: Standing::UnderWay(progress) }
    }
}

struct Kept {
    run: Run,
    task: Option<AbortHandle>,
}

#[derive(Default)]
struct Shared {
    runs: Mutex<HashMap<AccountId, Kept>>,
    is_ending: AtomicBool,
}

impl Shared {
    fn runs(&self) -> MutexGuard<'_, HashMap<AccountId, Kept>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a place for one more run of an account; none while its last one is under way.
    fn open(&self, account: AccountId, run: Run) -> Result<bool> {
        let mut runs = self.runs();
        let is_under_way = |kept: &Kept| matches!(kept.run.standing, Standing::UnderWay(_));
        if runs.get(&account).is_some_and(is_under_way) {
            return Ok(false);
        }
        let n = runs.values().filter(|kept| is_under_way(kept)).count();
        if n >= limits::VERIFICATIONS || self.is_ending.load(Ordering::Relaxed) {
            return Err(Error::Busy);
        }
        let old = run.begun_at - TimeDelta::seconds(limits::BROWSER_SESSION_SECONDS);
        runs.retain(|_, kept| is_under_way(kept) || kept.run.begun_at > old);
        runs.insert(account, Kept { run, task: None });
        Ok(true)
    }

    fn set(&self, account: AccountId, standing: Standing) {
        if let Some(kept) = self.runs().get_mut(&account) {
            kept.run.standing = standing;
        }
    }
}

/// The verifications of one running program.
#[derive(Clone, Default)]
pub struct Verifications(Arc<Shared>);

impl Verifications {
    /// Begins to verify the logs and rows of an actor's area; one that is under way goes on. Busy
    /// when as many run as may.
    pub async fn begin(&self, ledger: &Ledger, actor: &Actor) -> Result<()> {
        actor.require(Action::VerifyLog)?;
        let account = actor.account().ok_or(Error::Forbidden)?;
        let counties = counties(ledger, actor).await?;
        let now = ledger.clock().now();
        if !self.0.open(account, Run::begun(now, actor.area()))? {
            return Ok(());
        }
        let work =
            Work { shared: Arc::clone(&self.0), ledger: ledger.clone(), actor: actor.clone() };
        let task = tokio::spawn(work.carry_out(account, counties)).abort_handle();
        self.0.runs().entry(account).and_modify(|kept| kept.task = Some(task));
        Ok(())
    }

    /// The last verification of an actor: of the area that is the actor's now.
    pub fn of(&self, actor: &Actor) -> Option<Run> {
        let runs = self.0.runs();
        let run = &runs.get(&actor.account()?)?.run;
        (run.area == actor.area()).then(|| run.clone())
    }

    /// Begins no more and gives up those that are under way: they change nothing.
    pub fn stop(&self) {
        self.0.is_ending.store(true, Ordering::Relaxed);
        for kept in self.0.runs().values() {
            if let Some(task) = &kept.task {
                task.abort();
            }
        }
    }
}

/// The counties whose logs an actor may have verified; none are named for the whole ledger.
async fn counties(ledger: &Ledger, actor: &Actor) -> Result<Option<BTreeSet<County>>> {
    if actor.area() == AreaCode::NATION {
        return Ok(None);
    }
    let most = u64::try_from(i64::MAX).unwrap_or(u64::MAX);
    let ends = ledger.read(actor).log_ends(None, most).await?;
    let counties: BTreeSet<County> = ends.into_iter().map(|end| end.county).collect();
    if counties.is_empty() { Err(Error::NotFound(NOUN)) } else { Ok(Some(counties)) }
}

/// One verification on its way.
struct Work {
    shared: Arc<Shared>,
    ledger: Ledger,
    actor: Actor,
}

impl Work {
    async fn carry_out(self, account: AccountId, counties: Option<BTreeSet<County>>) {
        let options = VerifyOptions { rows: true, counties, checkpoints: Vec::new() };
        let shared = Arc::clone(&self.shared);
        let progress = move |now: Progress| shared.set(account, Standing::UnderWay(now));
        let standing = match self.ledger.verify(&options, &progress).await {
            Ok(verification) => {
                if let Err(error) = self.note(&verification).await {
                    tracing::warn!(event = "verification", %error, "its outcome was not noted");
                }
                Standing::Over(self.ledger.clock().now(), Arc::new(verification))
            }
            Err(error) => {
                tracing::error!(event = "verification", %error, "it was not carried out");
                Standing::Failed
            }
        };
        self.shared.set(account, standing);
    }

    /// Leaves in the log who had it verified, and what it came to.
    async fn note(&self, verification: &Verification) -> Result<()> {
        let (actor, rows) = (&self.actor, verification.rows.map(|rows| rows.rows));
        self.ledger
            .write(actor, Action::VerifyLog, async |write| {
                write.note("area", actor.area().to_string());
                write.note("verdict", verification.verdict().code());
                write.note("entries", verification.entries());
                write.note("rows", rows);
                write.leave_entry(actor.area()).await
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_one_at_a_time_and_the_program_a_few() {
        let shared = Shared::default();
        let run = |seconds| {
            Run::begun(DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds), AreaCode::NATION)
        };
        let all: Vec<AccountId> = (1..).map(AccountId).take(limits::VERIFICATIONS + 1).collect();
        let (last, others) = all.split_last().expect("some");
        for account in others {
            assert!(shared.open(*account, run(0)).expect("a place"));
            assert!(!shared.open(*account, run(1)).expect("the one that runs"));
        }
        assert!(matches!(shared.open(*last, run(0)), Err(Error::Busy)));
        shared.set(others[0], Standing::Failed);
        assert!(shared.open(*last, run(1)).expect("a place"));
        // what one came to is forgotten after a day's work
        shared.set(*last, Standing::Failed);
        assert!(
            shared.open(AccountId(99), run(limits::BROWSER_SESSION_SECONDS + 1)).expect("a place")
        );
        assert!(!shared.runs().contains_key(last) && !shared.runs().contains_key(&others[0]));
        shared.is_ending.store(true, Ordering::Relaxed);
        shared.set(AccountId(99), Standing::Failed);
        assert!(matches!(shared.open(AccountId(99), run(0)), Err(Error::Busy)));
    }
}
