//! What the JSON service and the pages share: how a connection is taken, what every request passes,
//! and how it ends.
//!
//! ```text
//! accept → request id, one log line → limits → headers of the answer → detached → api | web
//! ```

pub mod accept;
pub mod attachment;
pub mod body;
pub mod cookie;
pub mod detach;
pub mod download;
pub mod fault;
pub mod file_form;
pub mod guard;
pub mod health;
pub mod lookup;
pub mod metrics;
pub mod place;
pub(crate) mod seat;
pub mod sheet_form;
pub mod trace;
pub mod turn;
pub mod upload;

use std::{
    collections::BTreeSet,
    net::IpAddr,
    path::PathBuf,
    sync::{Arc, Mutex, atomic::AtomicBool},
};

use axum::{Router, middleware};
use entity::id::AccountId;
use tokio::sync::Semaphore;

use crate::{
    app::{
        job::Jobs,
        verification::Verifications,
        webhook::{address::Reach, post::Post},
    },
    limits,
    store::Ledger,
};

/// What every handler may name.
#[derive(Clone)]
pub struct AppState {
    /// The ledger.
    pub ledger: Ledger,
    /// What the operator settled.
    pub settings: Arc<Settings>,
    /// Counts of what happened.
    pub metrics: Arc<metrics::Metrics>,
    /// Connections that are open.
    pub(crate) seats: Arc<seat::Seats>,
    /// Imports that are carried out while their senders do something else.
    pub jobs: Jobs,
    /// Verifications that are carried out while whoever asked does something else.
    pub verifications: Verifications,
    /// Accounts for which an export is being written.
    pub(crate) exporting: Arc<Mutex<BTreeSet<AccountId>>>,
    /// Accounts that bring a file or are handed one.
    pub(crate) filing: Arc<Mutex<BTreeSet<AccountId>>>,
    /// Codes that were looked up without an account.
    pub lookups: Arc<lookup::Lookups>,
    /// Contents of files that may be opened at once.
    pub(crate) contents: Arc<Semaphore>,
    /// Requests that may be carried out at once.
    pub(crate) places: Arc<Semaphore>,
    /// Bytes of bodies that may be on the way at once.
    pub(crate) bodies: Arc<Semaphore>,
    /// Whether the service takes no new work.
    pub(crate) is_ending: Arc<AtomicBool>,
}

/// What the operator settled about the service.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Proxies whose word about the caller is believed.
    pub proxies: Vec<IpAddr>,
    /// Whether the connection is encrypted here.
    pub is_encrypted: bool,
    /// The program that opens workbooks; by default the one that is running.
    pub reader: Option<PathBuf>,
    /// Where the service is reached from outside, such as `https://ledger.example.gov.cn`; plates
    /// carry it. None where it is reached as whoever prints them came to it.
    pub public_address: Option<String>,
    /// The key file, of which is told whether others can read it.
    pub keys: Option<PathBuf>,
    /// What carries the events of webhooks; none where this program sends none.
    pub post: Option<Arc<Post>>,
}

impl Settings {
    /// How far webhooks may reach.
    pub fn reach(&self) -> Reach {
        self.post.as_ref().map(|post| post.reach().clone()).unwrap_or_default()
    }
}

impl AppState {
    /// The state of a service over a ledger.
    pub fn new(ledger: Ledger, settings: Settings) -> AppState {
        AppState {
            jobs: Jobs::new(&ledger),
            verifications: Verifications::default(),
            exporting: Arc::default(),
            filing: Arc::default(),
            lookups: Arc::default(),
            contents: Arc::new(Semaphore::new(limits::CONTENTS_AT_ONCE)),
            ledger,
            settings: Arc::new(settings),
            metrics: Arc::default(),
            seats: Arc::default(),
            places: Arc::new(Semaphore::new(limits::REQUESTS_AT_ONCE)),
            bodies: Arc::new(Semaphore::new(limits::BODY_BYTES_AT_ONCE)),
            is_ending: Arc::default(),
        }
    }
}

/// Routes behind everything a request passes.
pub fn guarded(routes: Router<AppState>, state: &AppState, paper: fault::Paper) -> Router {
    let with = || state.clone();
    routes
        .layer(middleware::from_fn(detach::detach))
        .layer(middleware::from_fn_with_state(with(), place::place))
        .layer(middleware::from_fn_with_state(paper, fault::speak))
        .layer(middleware::from_fn_with_state(with(), guard::encrypted))
        .layer(middleware::from_fn_with_state(with(), guard::headers))
        .layer(middleware::from_fn_with_state(with(), trace::traced))
        .with_state(with())
}
