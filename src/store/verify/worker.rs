//! A thread that computes while the database answers.

use anyhow::anyhow;
use tokio::{sync::mpsc, task::JoinHandle};

use crate::error::{Error, Result};

/// Jobs that may wait.
const WAITING: usize = 4;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// A thread that owns some state and carries out jobs on it, one after another.
pub(super) struct Worker<S> {
    jobs: mpsc::Sender<Job<S>>,
    done: JoinHandle<S>,
}

impl<S: Send + 'static> Worker<S> {
    /// Starts with a state.
    pub(super) fn start(mut state: S) -> Worker<S> {
        let (jobs, mut waiting) = mpsc::channel::<Job<S>>(WAITING);
        let done = tokio::task::spawn_blocking(move || {
            while let Some(job) = waiting.blocking_recv() {
                job(&mut state);
            }
            state
        });
        Worker { jobs, done }
    }

    /// Gives it a job; waits while too many do.
    pub(super) async fn give(&self, job: impl FnOnce(&mut S) + Send + 'static) -> Result<()> {
        let stopped = || Error::Internal(anyhow!("the checking thread stopped"));
        self.jobs.send(Box::new(job)).await.map_err(|_| stopped())
    }

    /// Waits until every job is done and takes the state back.
    pub(super) async fn finish(self) -> Result<S> {
        drop(self.jobs);
        self.done.await.map_err(|error| Error::Internal(error.into()))
    }
}
