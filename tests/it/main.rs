//! The ledger tested through its doors, on SQLite and on PostgreSQL: one binary.

#[macro_use]
mod harness;

mod api;
mod app;
mod browser;
mod cli;
mod demo;
mod derived;
mod disk;
mod doors;
mod export;
mod findings;
mod golden;
mod matrix;
mod moving;
mod report;
mod report_town;
mod setting;

mod sheet;
mod sheet_child;
mod sign_in;
#[path = "../storm/mod.rs"]
mod storm;
mod storms;
mod tidy;
mod trail;
mod trail_proofs;
mod trail_vectors;
mod verify;
mod web;
