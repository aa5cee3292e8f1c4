//! Jobs: imports that are carried out while their sender does something else. They stand beside
//! the log, as sessions do: what they do to the ledger is the action of an import.
//!
//! Whether the program that carries out a job still lives is told by its heartbeat. A SQLite ledger
//! has one writer, which the import itself holds, so nobody could write a heartbeat; there a file
//! beside the database stays locked as long as the program lives.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::PathBuf,
};

use chrono::TimeDelta;
use entity::{
    id::JobId,
    import::Kind,
    job::{self, Model, State},
    language::Label,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    Actor, Answer, Ledger, Read, RequestKey,
    connect::{Place, is_postgres, scalar},
    request_key::{claim, is_answered, keep_answer},
    token::{digest, fresh},
};
use crate::{
    error::{Error, Result},
    limits,
};

const NOUN: Label = Label::new("导入任务", "import job");

/// A running program as the jobs that it carries out know it.
pub struct Runner {
    name: String,
    /// Locked until the program ends, however it ends.
    lock: Option<(File, PathBuf)>,
}

impl Runner {
    /// The program that is running, for the jobs of a ledger.
    pub fn begin(ledger: &Ledger) -> Result<Runner> {
        let name = digest(fresh()?.expose());
        let Some(path) = lock_path(ledger.place(), &name) else {
            return Ok(Runner { name, lock: None });
        };
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        file.lock()?;
        Ok(Runner { name, lock: Some((file, path)) })
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        if let Some((_, path)) = &self.lock {
            // what stays is found unlocked
            drop(std::fs::remove_file(path));
        }
    }
}

fn lock_path(place: &Place, runner: &str) -> Option<PathBuf> {
    Some(PathBuf::from(format!("{}-job-{}", place.file()?, runner.get(..16)?)))
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// What the rows are.
    pub kind: Kind,
    /// Only tried, and nothing kept.
    pub is_trial: bool,
}

/// What a job came to; both texts are sealed.
#[derive(Clone, Debug)]
pub struct Ending {
    /// How it ended.
    pub state: State,
    /// Rows done.
    pub n_rows: u64,
    /// What it came to.
    pub outcome: Vec<u8>,
    /// The rejected rows, where there are any.
    pub returned: Option<Vec<u8>>,
}

fn purpose(id: JobId, what: &str) -> Vec<u8> {
    format!("job {id} {what}").into_bytes()
}

/// The key under which the import of a job is kept together with what it changed: where it is
/// answered, the import was carried out, whatever became of its runner afterwards.
fn effect(job: &Model) -> RequestKey {
    let key = digest(&format!("job {} {}", job.id, job.runner));
    RequestKey { key, route: "job".to_owned(), body_digest: [0; 32] }
}

impl Ledger {
    /// Takes note of a job, once for a key; `answer` makes what its sender is told.
    pub async fn open_job(
        &self,
        actor: &Actor,
        runner: &Runner,
        asking: Asking,
        key: &RequestKey,
        answer: impl Fn(&Model) -> Result<Answer>,
    ) -> Result<Model> {
        self.disk().require_room()?;
        let _flight = self.in_flight.fly(key, actor)?;
        let now = self.clock().now();
        let account_id = actor.account().ok_or(Error::Forbidden)?;
        let txn = self.begin().await?;
        if let Some(answer) = claim(&txn, self.keys(), actor, now, key).await? {
            txn.rollback().await?;
            return Err(Error::Replayed(answer.status, answer.body));
        }
        let sql = if is_postgres(&txn) {
            "SELECT nextval('job_id_next')"
        } else {
            "SELECT coalesce(max(id), 0) + 1 FROM job"
        };
        let row = Model {
            id: JobId(scalar(&txn, sql).await?),
            account_id,
            runner: runner.name.clone(),
            kind: asking.kind,
            is_trial: asking.is_trial,
            state: State::Waiting,
            n_rows: 0,
            is_cancelled: false,
            asked_at: now,
            seen_at: now,
            ended_at: None,
            outcome: None,
            returned: None,
        };
        let active = row.clone().into_active_model().reset_all();
        job::Entity::insert(active).exec_without_returning(&txn).await?;
        keep_answer(&txn, actor, key, answer(&row)?).await?;
        txn.commit().await?;
        Ok(row)
    }

    /// The same ledger, on which the next action is the import of a job: kept together with the
    /// note that it was carried out.
    pub fn of_job(&self, job: &Model) -> Ledger {
        self.once(effect(job), |(): &()| Ok(Answer { status: 200, body: None }))
    }

    /// Takes note that a job is being carried out.
    pub async fn start_job(&self, id: JobId) -> Result<()> {
        job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(State::Running.code()))
            .col_expr(job::Column::SeenAt, Expr::value(self.clock().now()))
            .filter(job::Column::Id.eq(id))
            .exec(self.writer())
            .await?;
        Ok(())
    }

    /// Says that the runner of a job lives and how far it is. Answers whether the sender asked to
    /// end it, perhaps through another program.
    pub async fn beat_job(&self, id: JobId, n_rows: u64) -> Result<bool> {
        if is_postgres(self.writer()) {
            job::Entity::update_many()
                .col_expr(job::Column::SeenAt, Expr::value(self.clock().now()))
                .col_expr(job::Column::NRows, Expr::value(count(n_rows)))
                .filter(job::Column::Id.eq(id))
                .exec(self.writer())
                .await?;
        }
        let asked: Option<bool> = job::Entity::find_by_id(id)
            .select_only()
            .column(job::Column::IsCancelled)
            .into_tuple()
            .one(self.reader())
            .await?;
        Ok(asked.unwrap_or(false))
    }

    /// Takes note of what a job came to.
    pub async fn end_job(&self, id: JobId, ending: &Ending) -> Result<()> {
        let seal = |bytes: &[u8], what| self.keys().seal_bytes(bytes, &purpose(id, what));
        let outcome = seal(&ending.outcome, "outcome")?;
        let returned = ending.returned.as_ref().map(|bytes| seal(bytes, "returned")).transpose()?;
        let now = self.clock().now();
        job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(ending.state.code()))
            .col_expr(job::Column::NRows, Expr::value(count(ending.n_rows)))
            .col_expr(job::Column::SeenAt, Expr::value(now))
            .col_expr(job::Column::EndedAt, Expr::value(now))
            .col_expr(job::Column::Outcome, Expr::value(outcome))
            .col_expr(job::Column::Returned, Expr::value(returned))
            .filter(job::Column::Id.eq(id))
            .exec(self.writer())
            .await?;
        Ok(())
    }

    /// Asks the runner of a job to end it.
    pub async fn cancel_job(&self, id: JobId) -> Result<()> {
        job::Entity::update_many()
            .col_expr(job::Column::IsCancelled, Expr::value(true))
            .filter(job::Column::Id.eq(id))
            .exec(self.writer())
            .await?;
        Ok(())
    }

    /// Forgets the jobs that are old enough, with what they came to.
    pub async fn forget_jobs(&self) -> Result<()> {
        let old = self.clock().now() - TimeDelta::days(limits::JOB_DAYS);
        job::Entity::delete_many()
            .filter(job::Column::AskedAt.lte(old))
            .exec(self.writer())
            .await?;
        Ok(())
    }

    /// Whether the runner of a job still lives.
    fn is_alive(&self, job: &Model) -> bool {
        let Some(path) = lock_path(self.place(), &job.runner) else {
            let silence = TimeDelta::seconds(limits::JOB_SILENCE_SECONDS);
            return job.seen_at + silence > self.clock().now();
        };
        let Ok(file) = File::open(&path) else { return false };
        if matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)) {
            return true;
        }
        drop(std::fs::remove_file(path));
        false
    }

    /// A job as it stands now. One whose runner is gone was interrupted and left nothing, unless
    /// its import was kept just before.
    pub async fn standing_job(&self, job: Model) -> Result<Model> {
        if job.state.is_over() || self.is_alive(&job) {
            return Ok(job);
        }
        // it may have ended between the two looks
        let again = job::Entity::find_by_id(job.id).one(self.reader()).await?;
        let job = again.ok_or(Error::NotFound(NOUN))?;
        if job.state.is_over() {
            return Ok(job);
        }
        let is_kept = is_answered(self.reader(), job.account_id, &effect(&job).key).await?;
        let state = if is_kept { State::Done } else { State::Interrupted };
        Ok(Model { state, ..job })
    }
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl Read<'_> {
    /// A job of the reader's own.
    pub async fn job(&self, id: JobId) -> Result<Model> {
        let row = job::Entity::find_by_id(id).one(self.connection()).await?;
        let own = row.filter(|row| Some(row.account_id) == self.actor().account());
        own.ok_or(Error::NotFound(NOUN))
    }

    /// The reader's own jobs, the newest first, without what they came to.
    pub async fn jobs(&self, limit: u64) -> Result<Vec<Model>> {
        let Some(account) = self.actor().account() else { return Ok(Vec::new()) };
        let sealed = [job::Column::Outcome, job::Column::Returned];
        let told = job::Column::iter()
            .filter(|column| !sealed.iter().any(|one| one.as_str() == column.as_str()));
        let mut query = job::Entity::find().select_only().columns(told);
        for column in sealed {
            query = query.column_as(Expr::cust("CAST(NULL AS bytea)"), column.as_str());
        }
        let own = query.filter(job::Column::AccountId.eq(account));
        Ok(own.order_by_desc(job::Column::Id).limit(limit).all(self.connection()).await?)
    }

    /// What a job came to.
    pub fn job_outcome(&self, job: &Model) -> Result<Option<Vec<u8>>> {
        self.opened(job.id, job.outcome.as_ref(), "outcome")
    }

    /// The rejected rows of a job.
    pub fn job_returned(&self, job: &Model) -> Result<Option<Vec<u8>>> {
        self.opened(job.id, job.returned.as_ref(), "returned")
    }

    fn opened(&self, id: JobId, sealed: Option<&Vec<u8>>, what: &str) -> Result<Option<Vec<u8>>> {
        sealed.map(|sealed| self.keys.open_bytes(sealed, &purpose(id, what))).transpose()
    }
}
