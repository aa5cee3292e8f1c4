//! What people do with the ledger: one function an action, the same for every way in. Each loads
//! rows through the write door, asks a rule of `domain`, and saves what it answers; `project` is
//! the shortest example.

pub mod account;
pub mod area;
pub mod asset;
pub mod asset_column;
pub mod asset_total;
pub mod assignment;
pub mod attachment;
pub mod backup;
pub mod card;
pub mod column;
pub mod confirmation;
pub mod demo;
pub mod draft;
pub mod dump;
pub mod duty;
pub mod export;
pub mod health;
pub mod history;
pub mod import;
pub mod inspection;
pub mod job;
pub mod kind;
pub mod listing;
pub mod named;
pub mod nightly;
pub mod organization;
pub mod output;
pub mod party;
pub mod person;
pub mod place;
pub mod project;
pub mod proof;
pub mod rectification;
mod reference;
pub mod report;
pub mod saved_view;
pub mod search;
pub mod setting;
pub mod sheet;
pub mod sign_in;
pub mod task;
pub mod title;
pub mod verification;
pub mod waiver;
pub mod work_order;
