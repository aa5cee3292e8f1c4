//! Exports take turns, and so do files: an account has one at a time.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::StatusCode;
use entity::id::AccountId;

use super::{AppState, fault::Fault};
use crate::{limits, store::Actor};

/// The one export of an account, or its one file, until it is dropped.
pub struct Turn {
    taken: Arc<Mutex<BTreeSet<AccountId>>>,
    account: AccountId,
}

impl Turn {
    /// A turn to export for an account that has none; whoever has one is told to come again.
    pub fn take(
        exporting: &Arc<Mutex<BTreeSet<AccountId>>>,
        caller: &Actor,
    ) -> Result<Turn, Fault> {
        let (zh, en) = ("您的上一次导出尚未完成", "Your last export is still being written");
        Turn::begin(exporting, caller).ok_or_else(|| busy("export_under_way", zh, en))
    }

    /// A turn to bring a file or to be handed one.
    pub fn with_files(state: &AppState, caller: &Actor) -> Result<Turn, Fault> {
        let (zh, en) = ("您的上一个文件还在传送", "Your last file is still on its way");
        Turn::begin(&state.filing, caller).ok_or_else(|| busy("file_under_way", zh, en))
    }

    fn begin(taken: &Arc<Mutex<BTreeSet<AccountId>>>, caller: &Actor) -> Option<Turn> {
        let account = caller.account().unwrap_or(AccountId(0));
        let taken = Arc::clone(taken);
        let is_free = taken.lock().unwrap_or_else(PoisonError::into_inner).insert(account);
        is_free.then_some(Turn { taken, account })
    }
}

fn busy(code: &'static str, zh: &str, en: &str) -> Fault {
    let fault = Fault::new(StatusCode::TOO_MANY_REQUESTS, code, zh, en);
    Fault { retry_after: Some(limits::RETRY_AFTER), ..fault }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_one_export_at_a_time() {
        let (exporting, actor) = (Arc::default(), Actor::operator());
        let turn = Turn::take(&exporting, &actor).expect("a turn");
        let refused = Turn::take(&exporting, &actor).err().expect("no second turn");
        let told = (refused.status, refused.code, refused.retry_after);
        let (busy, code) = (StatusCode::TOO_MANY_REQUESTS, "export_under_way");
        assert_eq!(told, (busy, code, Some(limits::RETRY_AFTER)));
        drop(turn);
        assert!(Turn::take(&exporting, &actor).is_ok());
    }
}
