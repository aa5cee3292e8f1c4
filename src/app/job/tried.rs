//! Sheets that were tried: one an account, kept for a while with what its sender answered, so that
//! nobody has to bring the file again to have it put right and carried out.

use std::{collections::HashMap, sync::Arc, time::Instant};

use entity::{
    id::{AccountId, JobId},
    job::Model,
};

use super::Upload;
use crate::{
    app::import::{Request, answer::Answers},
    limits,
};

/// One of them.
struct Sheet {
    job: JobId,
    request: Request,
    upload: Arc<Upload>,
    since: Instant,
    /// The key of the form that had it carried out.
    taken: Option<String>,
}

/// All of them.
#[derive(Default)]
pub(super) struct Tried(HashMap<AccountId, Sheet>);

impl Tried {
    /// Keeps the sheet of a trial in the place of the one that its account had.
    pub(super) fn hold(&mut self, job: &Model, request: Request, upload: Arc<Upload>) {
        self.forget();
        self.0.remove(&job.account_id);
        if self.0.len() >= limits::JOBS {
            let oldest = self.0.iter().min_by_key(|(_, sheet)| sheet.since);
            if let Some(account) = oldest.map(|(account, _)| *account) {
                self.0.remove(&account);
            }
        }
        let sheet = Sheet { job: job.id, request, upload, since: Instant::now(), taken: None };
        self.0.insert(job.account_id, sheet);
    }

    fn forget(&mut self) {
        self.0.retain(|_, sheet| sheet.since.elapsed() < limits::TRIED_TIME);
    }

    /// Whether the sheet of a trial is there.
    pub(super) fn has(&mut self, job: &Model) -> bool {
        self.forget();
        let sheet = self.0.get(&job.account_id).filter(|sheet| sheet.job == job.id);
        sheet.is_some_and(|sheet| sheet.taken.is_none())
    }

    /// What its sender has answered about the sheet of a trial.
    pub(super) fn answers(&mut self, job: &Model) -> Option<Answers> {
        self.forget();
        let sheet = self.0.get(&job.account_id).filter(|sheet| sheet.job == job.id)?;
        sheet.taken.is_none().then(|| sheet.request.answers.clone())
    }

    /// The sheet of a trial, for one form and its repetitions.
    pub(super) fn of(&mut self, job: &Model, key: &str) -> Option<(Request, Arc<Upload>)> {
        self.forget();
        let sheet = self.0.get(&job.account_id).filter(|sheet| sheet.job == job.id)?;
        let is_free = sheet.taken.as_deref().is_none_or(|taken| taken == key);
        is_free.then(|| (sheet.request.clone(), Arc::clone(&sheet.upload)))
    }

    /// Takes note that a form had the sheet of a trial carried out.
    pub(super) fn take(&mut self, job: &Model, key: &str) {
        if let Some(sheet) = self.0.get_mut(&job.account_id).filter(|sheet| sheet.job == job.id) {
            sheet.taken = Some(key.to_owned());
        }
    }
}
