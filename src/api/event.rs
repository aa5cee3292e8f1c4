//! Events over the API: what happened in a county, in the order of its log, for programs that follow
//! it by the position that they have come to.

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use entity::{
    area::County,
    language::{Label, Sentence},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Asked, answer},
    caller::Caller,
    page::Limit,
};
use crate::{
    app::webhook::wanted,
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
    store::event::{Event, EventRow, Wanted},
};

/// Which events are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventQuery {
    /// The county, six digits: one in the caller's area, or the one the caller is in.
    county: Option<String>,
    /// The `next` of the answer before: the position behind which events are told. All of them when
    /// it is left out.
    after: Option<i64>,
    /// Of which nouns, such as asset, with commas between; of every one when it is left out.
    noun: Option<String>,
    /// Of which actions, such as asset.amend, with commas between; of every one when it is left out.
    action: Option<String>,
    /// Events of the answer: 1 to 200.
    #[param(value_type = Option<u64>)]
    limit: Option<Limit>,
}

impl EventQuery {
    fn county(&self) -> OurResult<Option<County>> {
        let noun = Label::new("留痕", "log entry");
        let read = |text: &String| text.parse().map_err(|_| Error::NotFound(noun));
        self.county.as_ref().map(read).transpose()
    }

    fn wanted(&self) -> OurResult<Wanted> {
        let listed = |text: &Option<String>| -> Vec<String> {
            let text = text.as_deref().unwrap_or_default();
            text.split(',').map(str::trim).filter(|one| !one.is_empty()).map(Into::into).collect()
        };
        let checked = wanted(listed(&self.noun), listed(&self.action), ("noun", "action"))?;
        Ok(checked)
    }
}

/// What happened: one action, and the rows that it changed and the caller may see. What a row says is
/// asked for by its own address.
#[derive(Serialize, ToSchema)]
pub struct EventView {
    /// Its position in the log of the county.
    sequence: i64,
    /// When.
    at: DateTime<Utc>,
    /// The code of the action.
    action: String,
    /// The rows.
    rows: Vec<EventRowView>,
}

/// A row that was changed.
#[derive(Serialize, ToSchema)]
pub struct EventRowView {
    /// What kind of row, such as asset.
    noun: &'static str,
    /// Its id.
    id: i64,
    /// The version that came of it.
    version: i64,
    /// Where it lies by now.
    area_code: String,
}

impl From<EventRow> for EventRowView {
    fn from(row: EventRow) -> EventRowView {
        let EventRow { noun, id, version, area } = row;
        EventRowView { noun, id, version, area_code: area.to_string() }
    }
}

impl From<Event> for EventView {
    fn from(event: Event) -> EventView {
        let rows = event.rows.into_iter().map(EventRowView::from).collect();
        EventView { sequence: event.seq, at: event.at, action: event.action, rows }
    }
}

/// Events behind a position.
#[derive(Serialize, ToSchema)]
pub struct EventsView {
    /// Whose log.
    county: String,
    /// The events, the oldest first; there may be none although there is more.
    items: Vec<EventView>,
    /// What to ask for by `after` next; the same as was asked for where nothing is new.
    next: i64,
    /// Whether more stands behind it already.
    is_more: bool,
    /// The last position of the log: whoever wants only what comes from now on begins behind it.
    end: i64,
}

/// List what happened in a county behind a position, in its order; nothing is ever left out in
/// between, however many write at once.
#[utoipa::path(get, path = "/events", tag = "events", params(EventQuery),
    responses((status = 200, body = EventsView)))]
pub async fn list_events(
    State(state): State<AppState>,
    caller: Caller,
    Asked(query): Asked<EventQuery>,
) -> Result<Response, Fault> {
    let limit = Limit::checked(query.limit)?;
    let (read, wanted) = (state.ledger.read(&caller.actor), query.wanted()?);
    let county = read.county_of_events(query.county()?)?;
    let after = query.after.unwrap_or(-1);
    if after < -1 {
        let expected = Sentence::new("应取自上一次的 next", "the next of the answer before");
        return Err(super::page::mistaken("after", expected));
    }
    let told = read.events(county, after, &wanted, limit).await?;
    let view = EventsView {
        county: county.as_str().to_owned(),
        items: told.events.into_iter().map(EventView::from).collect(),
        next: told.upto,
        is_more: told.is_more,
        end: read.end_of_events(county).await?,
    };
    Ok(answer(StatusCode::OK, view))
}
