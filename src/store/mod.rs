//! The only floor that speaks SQL. Two doors: nothing is read without a scope, and nothing is
//! written but through [`Ledger::write`], which checks permission and scope, versions rows, keeps
//! findings and sums, and records the change in the log of its county, in one transaction.

mod account;
mod actor;
pub mod area;
pub mod asset;
pub mod attachment;
mod attempt;
pub mod backup;
pub mod connect;
mod credential;
mod disk;
pub mod dump;
pub mod export;
mod fault;
pub mod finding;
pub mod history;
mod import;
mod insert;
pub mod job;
pub mod key;
mod lane;
mod ledger;
mod link;
pub mod list;
pub mod log;
pub mod organization;
mod overview;
mod password;
mod read;
pub mod report;
mod request_key;
mod scope;
mod session;
mod setting;
mod subject;
mod tally;
mod token;
pub mod trail;
pub mod vault;
pub mod verify;
pub mod watch;
mod write;

pub use actor::Actor;
pub use area::Edition;
pub use attempt::Counted;
pub use credential::{Candidate, NewFactor};
pub use finding::Dossier;
pub use import::ImportedRow;
pub use ledger::Ledger;
pub use password::Verified;
pub use read::Read;
pub use request_key::{Answer, RequestKey};
pub use session::{Bearer, Opening};
pub use subject::Subject;
pub use write::Write;
