//! The only floor that speaks SQL. Two doors: nothing is read without a scope, and nothing is
//! written but through [`Ledger::write`], which checks permission and scope, versions rows, keeps
//! findings and sums, and records the change in the log of its county, in one transaction.

mod account;
mod actor;
pub mod area;
pub mod asset;
pub mod backup;
pub mod connect;
pub mod dump;
pub mod export;
mod fault;
pub mod finding;
pub mod history;
mod import;
mod insert;
pub mod key;
mod lane;
mod ledger;
pub mod organization;
mod read;
pub mod report;
mod subject;
mod tally;
pub mod trail;
pub mod vault;
pub mod verify;
pub mod watch;
mod write;

pub use actor::Actor;
pub use area::Edition;
pub use finding::Dossier;
pub use import::ImportedRow;
pub use ledger::Ledger;
pub use read::Read;
pub use subject::Subject;
pub use write::Write;
