//! The nouns the ledger stores: one file per table, and the value types its columns hold.
//! Nothing here queries; a row is a plain value.

#[macro_use]
mod coded;

pub mod decimal_text;
pub mod id;
pub mod initials;
pub mod language;
pub mod measure;
pub mod money;
pub mod share;

pub mod account;
pub mod area;
pub mod asset;
pub mod attachment;
pub mod attendance;
pub mod budget;
pub mod campaign;
pub mod campaign_line;
pub mod column_choice;
pub mod contract;
pub mod contract_due;
pub mod credential;
pub mod digest;
pub mod discrepancy;
pub mod draft;
pub mod duty;
pub mod fault_report;
pub mod finding;
pub mod five_have;
pub mod funding;
pub mod holding;
pub mod import;
pub mod inspection;
pub mod inspection_due;
pub mod inspection_route;
pub mod job;
pub mod log;
pub mod mail_address;
pub mod one_time_link;
pub mod organization;
pub mod overspend;
pub mod person;
pub mod post_asset;
pub mod project;
pub mod rectification;
pub mod reminder;
pub mod request_key;
pub mod revival;
pub mod saved_view;
pub mod session;
pub mod setting;
pub mod sign_in_attempt;
pub mod spending;
pub mod stock_find;
pub mod stock_line;
pub mod stock_take;
pub mod title;
pub mod upkeep;
pub mod upkeep_fund;
pub mod vault;
pub mod waiver;
pub mod webhook;
pub mod welfare_post;
pub mod work_order;
