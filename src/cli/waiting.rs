//! Waiting for what takes long: lines of progress on standard error, and Ctrl-C.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use entity::language::Language;
use tokio::task::JoinHandle;

use super::{Context, narrate};
use crate::store::{verify::Progress, watch::Watch};

/// The least time between two lines of one step.
const PAUSE: Duration = Duration::from_secs(2);

/// Somebody at the keyboard who waits.
pub(super) struct Waiting {
    said: Mutex<Option<(&'static str, Instant)>>,
    language: Language,
    stop: Arc<AtomicBool>,
    listener: JoinHandle<()>,
}

impl Waiting {
    /// Begins to listen for Ctrl-C, which ends the work before anything is kept.
    pub(super) fn begin(context: &Context) -> Waiting {
        let stop = Arc::new(AtomicBool::new(false));
        let raised = Arc::clone(&stop);
        let listener = tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                raised.store(true, Ordering::Relaxed);
            }
        });
        Waiting { said: Mutex::new(None), language: context.language(), stop, listener }
    }

    /// Says how far the work has come: when a step begins, and now and then.
    pub(super) fn tell(&self, progress: Progress) {
        let Ok(mut said) = self.said.lock() else { return };
        let Progress { step, done, total } = progress;
        if said.is_some_and(|(last, at)| last == step.en && at.elapsed() < PAUSE) {
            return;
        }
        *said = Some((step.en, Instant::now()));
        let step = step.text(self.language);
        narrate(&match (done, total) {
            (0, _) => format!("{step} …"),
            (done, Some(total)) => format!("{step} {done} / {total}"),
            (done, None) => format!("{step} {done}"),
        });
    }

    /// What the work is given.
    pub(super) fn watch<'a>(&'a self, tell: &'a (dyn Fn(Progress) + Send + Sync)) -> Watch<'a> {
        Watch::new(tell, &self.stop)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.listener.abort();
    }
}
