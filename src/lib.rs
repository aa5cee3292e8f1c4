//! Taizhang (台账): the ledger.

pub mod app;
pub mod cli;
pub mod clock;
pub mod domain;
pub mod error;
pub mod limits;
pub mod store;
