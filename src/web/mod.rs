//! The pages: what people in an office see. Chinese by default, English at a click; every journey
//! works without scripts.
//!
//! ```text
//! visit    whose cookie it is, in what language and size      form    what a form brings
//! frame    what stands around every page                      parts   what pages are put together of
//! ```
//!
//! A page is a function from values to markup; a handler reads by the read door or does one action,
//! and answers a page or where to go next. Addresses are plural nouns with codes people know; the
//! query is the state of the page.

mod asset;
mod asset_edit;
mod asset_new;
mod attachment;
mod card;
mod dashboard;
mod export;
mod fields;
mod finding;
mod form;
mod frame;
mod icon;
mod import;
mod import_job;
mod import_new;
mod kind;
mod me;
mod offered;
mod oops;
mod parts;
mod print;
mod setting;
mod setting_form;
mod sign_in;
mod stylesheet;
mod visit;

use axum::{Router, middleware};

pub use oops::page as oops;
pub use sign_in::LINK;

use crate::http::{AppState, guard};

/// Every page.
pub fn routes() -> Router<AppState> {
    Router::new()
        .merge(stylesheet::routes())
        .merge(sign_in::routes())
        .merge(me::routes())
        .merge(dashboard::routes())
        .merge(asset::routes())
        .merge(asset_edit::routes())
        .merge(asset_new::routes())
        .merge(card::routes())
        .merge(attachment::routes())
        .merge(finding::routes())
        .merge(export::routes())
        .merge(setting::routes())
        .merge(setting_form::routes())
        .merge(kind::routes())
        .merge(import::routes())
        .merge(import_new::routes())
        .merge(import_job::routes())
        .layer(middleware::from_fn(guard::same_origin))
}
