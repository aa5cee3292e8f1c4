//! Reports of faults, as villagers send them.

use std::sync::atomic::{AtomicU32, Ordering};

use entity::{
    asset::Model,
    fault_report::{self, Kind},
};
use taizhang::{
    app,
    domain::fault_report::{Filing, Told},
    store::Actor,
};

use super::Town;

/// How many reports were filed for tests: each form has a key of its own.
static REPORTS: AtomicU32 = AtomicU32::new(0);

/// A report of a kind that says something; the `n`-th form there is.
pub(crate) fn filing(n: u32, kind: Kind, words: &str, phone: &str) -> Filing {
    let told = Told { words: words.to_owned(), phone: phone.to_owned() };
    Filing { key: format!("form-{n}"), kind, told }
}

impl Town {
    /// Whoever stands before an asset and has no account.
    pub(crate) async fn passer_by(&self, asset: &Model) -> Actor {
        let there = self.ledger.passer_by(asset.id).await.expect("a query");
        there.expect("an asset that is open to all")
    }

    /// Reports a fault of an asset.
    pub(crate) async fn report(
        &self,
        asset: &Model,
        (words, phone): (&str, &str),
    ) -> fault_report::Model {
        let key = format!("report-{}", REPORTS.fetch_add(1, Ordering::Relaxed));
        let filing = Filing { key, ..filing(0, Kind::Broken, words, phone) };
        let there = self.passer_by(asset).await;
        let filed = app::fault_report::file(&self.ledger, &there, (asset.id, &filing), None).await;
        filed.expect("a report")
    }
}
