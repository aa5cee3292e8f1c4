//! The rules: pure functions of rows and days. No SQL, no clock, no HTTP, nothing asynchronous.
//!
//! Reading order: `refusal` (every no), `field` (what a noun's fields are), `permission`, then the
//! nouns: `area`, `organization`, `project`, `asset`, `funding`, `title`, `duty`; `deficiency`
//! finds what is wrong; `trail` says what is hashed; `manifest` what a backup says of itself.

pub mod account;
pub mod alert;
pub mod allocation;
pub mod area;
pub mod area_name;
pub mod as_of;
pub mod asset;
pub mod attachment;
pub mod brief;
pub mod budget;
pub mod campaign;
pub mod capital_numerals;
pub mod contest;
pub mod credit_code;
pub mod deficiency;
pub mod digest;
pub mod distance;
pub mod duty;
pub mod fault_report;
pub mod field;
pub mod funding;
pub mod identity_number;
pub mod inspection;
pub mod likeness;
pub mod magnitude;
pub mod mail_address;
pub mod manifest;
pub mod masking;
pub mod mistake;
pub mod nearness;
pub mod organization;
pub mod overspend;
pub mod password;
pub mod permission;
pub mod project;
pub mod public;
pub mod reading;
pub mod rectification;
pub mod refusal;
pub mod reminder;
pub mod request_key;
pub mod revival;
pub mod sample;
pub mod saved_view;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod setting;
pub mod sheet;
pub mod short_code;
pub mod spending;
pub mod stock_take;
pub mod throttle;
pub mod title;
pub mod token;
pub mod trail;
pub mod upkeep_fund;
pub mod valuation;
pub mod verification;
pub mod waiver;
pub mod welfare_post;
pub mod work_order;
