//! Work that takes long: who is told how far it has come, and who may say stop.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use entity::language::Label;

use super::verify::{OnProgress, Progress};
use crate::error::{Error, Result};

/// How often a step that cannot be asked in between looks whether it should stop.
const LOOK: Duration = Duration::from_millis(50);

/// Somebody who waits for the work.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    progress: OnProgress<'a>,
    stop: &'a AtomicBool,
}

impl<'a> Watch<'a> {
    /// Somebody who is told of every step, and raises `stop` to end it.
    pub const fn new(progress: OnProgress<'a>, stop: &'a AtomicBool) -> Watch<'a> {
        Watch { progress, stop }
    }

    /// Who is told.
    pub(crate) const fn progress(&self) -> OnProgress<'a> {
        self.progress
    }

    /// Tells how far a step has come; ends the work if it should stop.
    pub(crate) fn at(&self, step: Label, done: u64, total: Option<u64>) -> Result<()> {
        (self.progress)(Progress { step, done, total });
        self.go_on()
    }

    /// Ends the work if it should stop.
    pub(crate) fn go_on(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// Carries out a step that commits nothing, and leaves it where it is when it should stop.
    pub(crate) async fn unless_stopped<T>(
        &self,
        step: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let stopped = async {
            while self.go_on().is_ok() {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::select! {
            done = step => done,
            () = stopped => Err(Error::Interrupted),
        }
    }
}
