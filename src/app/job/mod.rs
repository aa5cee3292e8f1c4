//! Imports that are carried out while their sender does something else: taken, watched, ended. The
//! effect of each is that of [`carry_out`], in a write of its own.

mod told;
mod tried;
mod upload;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use entity::{
    id::{AccountId, JobId},
    job::{Model, State},
};
use tokio::{
    runtime::Handle,
    sync::{Notify, OnceCell, OwnedSemaphorePermit, Semaphore},
};

use self::tried::Tried;
pub use self::{
    told::{Told, ToldFault, ToldSource},
    upload::{Incoming, Upload},
};
use super::import::{
    Failure, Request,
    answer::{Answers, Columns},
    carry_out,
    outcome::{Outcome, Seeing},
    returned::Returned,
};
use crate::{
    domain::{permission::Action, refusal::Refusal},
    error::{Error, Result},
    limits,
    store::{
        Actor, Answer, Ledger, RequestKey,
        job::{Asking, Ending, Runner},
    },
};

/// The jobs of one running program.
#[derive(Clone)]
pub struct Jobs(Arc<Shared>);

struct Shared {
    runner: OnceCell<Runner>,
    /// Those that wait or run.
    watched: Mutex<HashMap<JobId, Arc<Watch>>>,
    /// How many places each account holds.
    places: Mutex<HashMap<AccountId, usize>>,
    /// Sheets that were tried and found good.
    tried: Mutex<Tried>,
    slots: Arc<Semaphore>,
    is_ending: AtomicBool,
}

/// What is known of a job while it waits or runs.
#[derive(Default)]
struct Watch {
    n_rows: AtomicU64,
    /// The rows of its sheet, where they were counted before.
    total: Option<u64>,
    /// Whether it is to end early, and whether its sender wished so.
    stop: AtomicBool,
    is_cancelled: AtomicBool,
    told_to_stop: Notify,
}

impl Watch {
    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.told_to_stop.notify_one();
    }

    fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
        self.stop();
    }
}

/// A place for one more job of an account, until it is dropped.
pub struct Place {
    account: AccountId,
    jobs: Jobs,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = locked(&self.jobs.0.places);
        if let Some(n) = places.get_mut(&self.account) {
            *n -= 1;
            if *n == 0 {
                places.remove(&self.account);
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A sheet to be carried out.
pub struct NewJob {
    /// Who asks.
    pub actor: Actor,
    /// What is to be imported.
    pub request: Request,
    /// The file, for as long as it is needed.
    pub upload: Arc<Upload>,
    /// The place of the job.
    pub place: Place,
    /// The rows of the sheet, where they were counted before.
    pub total: Option<u64>,
}

/// What is done with a sheet that was kept after its check.
pub enum Next {
    /// It is checked once more, with what its sender answered.
    Check(Box<Answers>),
    /// It is carried out; rows with mistakes are left out where its sender says so.
    CarryOut {
        /// Whether they are left out.
        accept_valid: bool,
    },
}

impl Next {
    /// What is asked of the sheet now.
    fn asked(self, request: Request) -> Request {
        match self {
            Next::Check(answers) => Request { is_trial: true, answers: *answers, ..request },
            Next::CarryOut { accept_valid } => Request { is_trial: false, accept_valid, ..request },
        }
    }
}

impl Jobs {
    /// No jobs yet.
    pub fn new(ledger: &Ledger) -> Jobs {
        // an import holds the writer of a SQLite ledger: a second one would wait for nothing
        let at_once = if ledger.place().file().is_some() { 1 } else { limits::IMPORTS_AT_ONCE };
        Jobs(Arc::new(Shared {
            runner: OnceCell::new(),
            watched: Mutex::default(),
            places: Mutex::default(),
            tried: Mutex::default(),
            slots: Arc::new(Semaphore::new(at_once)),
            is_ending: AtomicBool::new(false),
        }))
    }

    /// A place for one more job of an actor; busy when there is none.
    pub fn place(&self, actor: &Actor) -> Result<Place> {
        let account = actor.account().ok_or(Error::Forbidden)?;
        // whether it may be this sheet is known when the form is read
        actor.require(Action::ImportSheet).or_else(|_| actor.require(Action::ImportAreas))?;
        let mut places = locked(&self.0.places);
        let (all, own) = (places.values().sum::<usize>(), places.get(&account).copied());
        let is_full = all >= limits::JOBS || own.unwrap_or(0) >= limits::JOBS_PER_ACCOUNT;
        if is_full || self.0.is_ending.load(Ordering::Relaxed) {
            return Err(Error::Busy);
        }
        *places.entry(account).or_default() += 1;
        Ok(Place { account, jobs: self.clone() })
    }

    /// Takes a job, once for a key; it is carried out whether or not its sender stays. `answer`
    /// makes what the sender is told.
    pub async fn take(
        &self,
        ledger: &Ledger,
        new: NewJob,
        key: &RequestKey,
        answer: impl Fn(&Model) -> Result<Answer>,
    ) -> Result<Model> {
        new.actor.require(super::import::action(new.request.kind))?;
        let runner = self.0.runner.get_or_try_init(async || Runner::begin(ledger)).await?;
        let asking = Asking { kind: new.request.kind, is_trial: new.request.is_trial };
        let job = ledger.open_job(&new.actor, runner, asking, key, answer).await?;
        let watch = Arc::new(Watch { total: new.total, ..Watch::default() });
        locked(&self.0.watched).insert(job.id, Arc::clone(&watch));
        let work =
            Work { jobs: self.clone(), ledger: ledger.clone(), job: job.clone(), watch, new };
        tokio::spawn(work.carry_out());
        Ok(job)
    }

    fn watch(&self, id: JobId) -> Option<Arc<Watch>> {
        locked(&self.0.watched).get(&id).cloned()
    }

    /// A job of an actor's own as it stands now.
    pub async fn job(&self, ledger: &Ledger, actor: &Actor, id: JobId) -> Result<Model> {
        let watch = self.watch(id);
        let job = ledger.standing_job(ledger.read(actor).job(id).await?).await?;
        let Some(watch) = watch.filter(|_| !job.state.is_over()) else { return Ok(job) };
        let n_rows = i64::try_from(watch.n_rows.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        Ok(Model { n_rows, is_cancelled: watch.is_cancelled.load(Ordering::Relaxed), ..job })
    }

    /// The rows of the sheet of a job that is under way, where they were counted before.
    pub fn total(&self, job: &Model) -> Option<u64> {
        self.watch(job.id)?.total
    }

    /// Ends a job of an actor's own before its time: within a batch of rows. One that is over
    /// stays as it is.
    pub async fn cancel(&self, ledger: &Ledger, actor: &Actor, id: JobId) -> Result<Model> {
        let job = self.job(ledger, actor, id).await?;
        if job.state.is_over() {
            return Ok(job);
        }
        match self.watch(id) {
            Some(watch) => watch.cancel(),
            None => ledger.cancel_job(id).await?,
        }
        Ok(Model { is_cancelled: true, ..job })
    }

    /// Jobs of an actor's own, the newest first.
    pub async fn own(&self, ledger: &Ledger, actor: &Actor, limit: u64) -> Result<Vec<Model>> {
        let mut standing = Vec::new();
        for job in ledger.read(actor).jobs(limit).await? {
            standing.push(ledger.standing_job(job).await?);
        }
        Ok(standing)
    }

    /// Those of an actor's own latest jobs that wait for the actor, the newest first.
    pub async fn waiting(&self, ledger: &Ledger, actor: &Actor) -> Result<Vec<Model>> {
        let latest = u64::try_from(limits::JOBS_PER_ACCOUNT).unwrap_or(1);
        let jobs = self.own(ledger, actor, latest).await?;
        let last = jobs.first().map(|job| job.id);
        let waits = |job: &Model| is_waiting(job, self.is_held(job), Some(job.id) == last);
        Ok(jobs.into_iter().filter(waits).collect())
    }

    /// Whether the sheet of a trial is still there to be checked once more or carried out.
    pub fn is_held(&self, job: &Model) -> bool {
        locked(&self.0.tried).has(job)
    }

    /// What its sender has answered so far about the sheet of a trial that is still there.
    pub fn answers(&self, job: &Model) -> Result<Answers> {
        let answers = locked(&self.0.tried).answers(job);
        answers.ok_or_else(|| Refusal::trial_gone().into())
    }

    /// Goes on with the sheet of a trial of an actor's own, once for a key.
    pub async fn take_tried(
        &self,
        ledger: &Ledger,
        actor: &Actor,
        (id, next): (JobId, Next),
        key: &RequestKey,
        answer: impl Fn(&Model) -> Result<Answer>,
    ) -> Result<Model> {
        let job = ledger.read(actor).job(id).await?;
        let place = self.place(actor)?;
        let is_carried_out = matches!(next, Next::CarryOut { .. });
        // what could not be read is checked once more or brought again
        let is_ready = !is_carried_out || job.state == State::Done;
        let held = locked(&self.0.tried).of(&job, &key.key).filter(|_| is_ready);
        let (request, upload) = held.ok_or(Refusal::trial_gone())?;
        let request = next.asked(request);
        let total = u64::try_from(job.n_rows).ok().filter(|_| job.state == State::Done);
        let new = NewJob { actor: actor.clone(), request, upload, place, total };
        let taken = self.take(ledger, new, key, answer).await?;
        if is_carried_out {
            locked(&self.0.tried).take(&job, &key.key);
        }
        Ok(taken)
    }

    /// What a job came to; none while it is under way, and when its runner was lost.
    pub fn told(&self, ledger: &Ledger, actor: &Actor, job: &Model) -> Result<Option<Told>> {
        let bytes = ledger.read(actor).job_outcome(job)?;
        let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes).map_err(anyhow::Error::new);
        Ok(bytes.map(read).transpose()?)
    }

    /// The rejected rows of a job; none when there are none.
    pub fn returned(
        &self,
        ledger: &Ledger,
        actor: &Actor,
        job: &Model,
    ) -> Result<Option<Returned>> {
        let bytes = ledger.read(actor).job_returned(job)?;
        let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes).map_err(anyhow::Error::new);
        Ok(bytes.map(read).transpose()?)
    }

    /// Takes no more jobs and stops those there are: each leaves the ledger as it was.
    pub fn stop(&self) {
        self.0.is_ending.store(true, Ordering::Relaxed);
        locked(&self.0.watched).values().for_each(|watch| watch.stop());
    }

    /// Waits until every job has come to its end.
    pub async fn ended(&self) {
        while !locked(&self.0.watched).is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// One job on its way.
struct Work {
    jobs: Jobs,
    ledger: Ledger,
    job: Model,
    watch: Arc<Watch>,
    new: NewJob,
}

impl Work {
    async fn carry_out(self) {
        let slot = self.attended(self.slot()).await;
        let ending = match slot {
            Some(_) => self.import().await,
            None => self.stopped(),
        };
        if let Err(error) = self.note(Some(&ending)).await {
            tracing::error!(event = "job", cause = format!("{error:#}"), "an end was not noted");
        }
        locked(&self.jobs.0.watched).remove(&self.job.id);
    }

    /// Takes note of the start of the job, or of its end, however busy the database is.
    async fn note(&self, ending: Option<&Ending>) -> Result<()> {
        let mut tries = 0;
        loop {
            tries += 1;
            let noted = match ending {
                None => self.ledger.start_job(self.job.id).await,
                Some(ending) => self.ledger.end_job(self.job.id, ending).await,
            };
            match noted {
                Err(Error::Busy) if tries < limits::JOB_TRIES => {
                    tokio::time::sleep(limits::RETRY_AFTER).await;
                }
                noted => return noted,
            }
        }
    }

    /// The turn of this job; none when it is told to stop before.
    async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        tokio::select! {
            slot = Arc::clone(&self.jobs.0.slots).acquire_owned() => slot.ok(),
            () = self.watch.told_to_stop.notified() => None,
        }
    }

    /// Says again and again that the job lives, until some work is done.
    async fn attended<T>(&self, work: impl Future<Output = T>) -> T {
        let mut beat = tokio::time::interval(limits::JOB_BEAT);
        beat.tick().await;
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = beat.tick() => self.beat().await,
            }
        }
    }

    async fn beat(&self) {
        let n = self.watch.n_rows.load(Ordering::Relaxed);
        match self.ledger.beat_job(self.job.id, n).await {
            Ok(true) => self.watch.cancel(),
            Ok(false) => {}
            // the next beat may come through
            Err(error) => tracing::warn!(event = "job", %error, "a heartbeat was missed"),
        }
    }

    /// Imports the sheet on a thread of its own, so that nobody who waits for an answer waits for
    /// rows to be read.
    async fn import(&self) -> Ending {
        if let Err(error) = self.note(None).await {
            return self.failed(&Failure::Ledger(error).into());
        }
        let ledger = self.ledger.of_job(&self.job);
        let (actor, request) = (self.new.actor.clone(), self.new.request.clone());
        let (watch, runtime) = (Arc::clone(&self.watch), Handle::current());
        let work = tokio::task::spawn_blocking(move || {
            let progress = |n| watch.n_rows.store(n, Ordering::Relaxed);
            runtime.block_on(carry_out(&ledger, &actor, &request, &progress, &watch.stop))
        });
        match self.attended(work).await {
            Ok(Ok(outcome)) => self.done(outcome),
            Ok(Err(Failure::Ledger(Error::Interrupted))) => self.stopped(),
            Ok(Err(failure)) => self.failed(&failure.into()),
            Err(panic) => {
                tracing::error!(event = "panic", is_panic = panic.is_panic(), "an import failed");
                self.failed(&Told { faults: vec![ToldFault::broken()], ..Told::default() })
            }
        }
    }

    fn ending(&self, state: State, told: &Told, returned: Option<&Returned>) -> Ending {
        // texts and numbers: there is nothing that could not be written
        let json = |value: &dyn Fn() -> serde_json::Result<Vec<u8>>| value().unwrap_or_default();
        Ending {
            state,
            n_rows: self.watch.n_rows.load(Ordering::Relaxed),
            outcome: json(&|| serde_json::to_vec(told)),
            returned: returned.map(|returned| json(&|| serde_json::to_vec(returned))),
        }
    }

    /// Keeps the sheet of a trial, with what its sender answered and the columns as they were
    /// taken.
    fn hold(&self, seen: &Seeing) {
        let mut request = self.new.request.clone();
        if seen.is_remembered {
            let chosen = seen.columns.iter().map(|column| column.chosen.clone());
            request.answers.columns = Columns::Chosen(chosen.collect());
        }
        let upload = Arc::clone(&self.new.upload);
        locked(&self.jobs.0.tried).hold(&self.job, request, upload);
    }

    fn done(&self, outcome: Outcome) -> Ending {
        let n_left = outcome.rejected + outcome.n_duplicates;
        let is_of_use = outcome.created + outcome.changed + n_left > 0;
        if self.new.request.is_trial && is_of_use {
            self.hold(&outcome.seen);
        }
        let returned = Returned::of(&outcome, limits::RETURNED_BYTES);
        let told = Told {
            source: outcome.source.as_ref().map(ToldSource::from),
            n_returned: returned.len(),
            seen: outcome.seen.clone(),
            n_corrections: self.new.request.answers.corrections.len(),
            outcome: Some(outcome),
            faults: Vec::new(),
        };
        self.ending(State::Done, &told, Some(&returned).filter(|returned| !returned.is_empty()))
    }

    /// A sheet whose columns were seen is kept, so that its sender can say what they are.
    fn failed(&self, told: &Told) -> Ending {
        if self.new.request.is_trial && !told.seen.columns.is_empty() {
            self.hold(&told.seen);
        }
        self.ending(State::Failed, told, None)
    }

    fn stopped(&self) -> Ending {
        let is_cancelled = self.watch.is_cancelled.load(Ordering::Relaxed);
        let state = if is_cancelled { State::Cancelled } else { State::Interrupted };
        self.ending(state, &Told::default(), None)
    }
}

/// Whether a job waits for whoever asked for it: a good trial that was not carried out, or the last
/// one where it failed.
const fn is_waiting(job: &Model, is_held: bool, is_last: bool) -> bool {
    let is_tried = job.is_trial && matches!(job.state, State::Done) && is_held;
    is_tried || (is_last && matches!(job.state, State::Failed | State::Interrupted))
}
