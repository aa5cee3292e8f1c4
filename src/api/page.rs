//! Lists a page at a time: `?after=` takes the `next` of the page before.

use std::fmt::Display;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{http::fault::Fault, limits};

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// What `after` takes for the next page; nothing when this is the last.
    pub next: Option<String>,
}

/// How many rows a page has: 1 to 200, 50 when nothing is said.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub struct Limit(u64);

impl Limit {
    /// The number, where it is one a page may have.
    pub fn checked(limit: Option<Limit>) -> Result<u64, Fault> {
        let n = limit.map_or(limits::PAGE_ROWS_USUAL, |limit| limit.0);
        if (1..=limits::PAGE_ROWS).contains(&n) {
            return Ok(n);
        }
        let most = limits::PAGE_ROWS;
        let (zh, en) = (format!("limit 应为 1 至 {most}"), format!("limit must be 1 to {most}"));
        Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "limit_out_of_range", &zh, &en))
    }
}

/// A place in a list, as text: its parts, with a hyphen between.
pub fn cursor(area: impl Display, id: i64) -> String {
    format!("{area}-{id}")
}

/// Reads a place in a list.
pub fn place<A: std::str::FromStr>(after: Option<&str>) -> Result<Option<(A, i64)>, Fault> {
    let Some(after) = after else { return Ok(None) };
    let parts = after.split_once('-');
    let read = parts.and_then(|(area, id)| Some((area.parse().ok()?, id.parse().ok()?)));
    read.map(Some).ok_or_else(|| {
        let (zh, en) = ("after 应取自上一页的 next", "after must be the next of the page before");
        Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "after_malformed", zh, en)
    })
}
