//! The ledger tested through its doors, on SQLite and on PostgreSQL: one binary.

#[macro_use]
mod harness;

mod app;
mod doors;
mod findings;
mod golden;
mod tidy;
mod trail;
