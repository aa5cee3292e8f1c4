//! SQLite: a file per test, copied from a template that has every table already.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use taizhang::store::{Ledger, connect::Place};

use super::town::TestClock;

/// The ledger of a directory.
pub(crate) fn place(home: &Path) -> Place {
    Place::new(format!("sqlite:{}", home.join("ledger.db").display()))
}

/// Puts a migrated ledger and its keys into a directory.
pub(crate) async fn copy_template(home: &Path) {
    let template = template().await;
    for name in ["ledger.db", "ledger.key"] {
        fs::copy(template.join(name), home.join(name)).expect("the template is copied");
    }
}

/// The template of this build, made once by whichever process of the suite comes first.
async fn template() -> PathBuf {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(base).expect("a directory for the template");
    let template = base.join(format!("template-{}", build()));
    let lock = fs::File::create(base.join("template.lock")).expect("a lock file");
    lock.lock().expect("the lock");
    if !template.exists() {
        remove_old(base);
        let fresh = tempfile::tempdir_in(base).expect("a directory");
        let key = fresh.path().join("ledger.key");
        let clock = Arc::new(TestClock::start());
        let ledger = Ledger::open(&place(fresh.path()), &key, clock).await.expect("a new ledger");
        ledger.close().await.expect("closed");
        fs::rename(fresh.keep(), &template).expect("the template is in its place");
    }
    template
}

/// What tells one build of the suite from another: when the binary was made.
pub(super) fn build() -> u128 {
    let binary = std::env::current_exe().expect("this binary");
    let made = fs::metadata(binary).and_then(|file| file.modified()).expect("when it was made");
    made.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_nanos()
}

fn remove_old(base: &Path) {
    let entries = fs::read_dir(base).expect("the directory").flatten();
    for entry in
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("template-"))
    {
        // another process may be at it: what stays is removed next time
        drop(fs::remove_dir_all(entry.path()));
    }
}
