//! Duties over the API: those that are borne and were, assigning one to assets that are named or to all
//! that a filter has, ending one, and taking back what one assignment began.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    asset,
    duty::{EndReason, Entity, Kind, Model},
    id::{AssetId, DutyId},
    language::Label,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Posted, answer, replayed},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    party::NewContact,
    record,
    title::party,
};
use crate::{
    app::{self, duty::Assignee},
    domain::{
        duty::{FIELDS, Terms, blank},
        mistake::{Mistake, Mistakes},
        refusal::Refusal,
    },
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
    store::list::List,
};

/// A duty: id, version, area, asset, who bears it, why it ended before its term, and every field by
/// its name.
pub struct DutyRecord;

impl PartialSchema for DutyRecord {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("asset", Type::Integer),
        ];
        let perhaps = [
            ("organization", Type::Integer),
            ("person", Type::Integer),
            ("end_reason", Type::String),
        ];
        record::schema(FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for DutyRecord {}

fn record_of(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("asset", row.asset_id.0.into()),
        ("organization", row.organization_id.map(|id| id.0).into()),
        ("person", row.person_id.map(|id| id.0).into()),
        ("end_reason", row.end_reason.map(EndReason::code).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// List duties, past and present.
#[utoipa::path(get, path = "/duties", tag = "duties", params(AskedList<Entity>),
    responses((status = 200, body = Page<DutyRecord>)))]
pub async fn list_duties(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| record_of(&row))))
}

/// Get a duty.
#[utoipa::path(get, path = "/duties/{id}", tag = "duties", params(("id" = i64, Path)),
    responses((status = 200, body = DutyRecord)))]
pub async fn get_duty(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(DutyId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, record_of(&row)))
}

/// What a duty asks: the fields by their names, but its kind.
pub struct TermsView;

impl PartialSchema for TermsView {
    fn schema() -> RefOr<Schema> {
        record::schema(FIELDS, &[], &[])
    }
}

impl ToSchema for TermsView {}

/// A duty that is to be assigned.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDuty {
    /// maintainer (an organization) or keeper (a person).
    kind: String,
    /// The organization that bears it.
    organization: Option<i64>,
    /// The person who bears it.
    person: Option<i64>,
    /// In place of an id: a person by name and telephone. Whoever is on record in the area is
    /// taken, else somebody new is put on record, sealed.
    new_person: Option<NewContact>,
    /// What it asks.
    #[schema(value_type = TermsView)]
    #[serde(default)]
    terms: Map<String, Json>,
}

impl NewDuty {
    fn read(&self) -> OurResult<(Kind, Assignee, Terms)> {
        let mut mistakes = Mistakes::default();
        let kind = record::value_of("kind", Some(&self.kind), &mut mistakes);
        let mut duty = blank(Kind::Maintainer, AssetId(0), AreaCode::NATION);
        let may = |field: &crate::domain::field::Field<Model>| field.name != "kind";
        mistakes.0.extend(record::set(FIELDS, &mut duty, &self.terms, may).0);
        mistakes.into_result()?;
        let kind = kind.ok_or(Error::Conflict)?;
        Ok((kind, self.assignee(kind)?, Terms::of(&duty)))
    }

    fn assignee(&self, kind: Kind) -> OurResult<Assignee> {
        let Some(new) = &self.new_person else {
            return Ok(party(self.organization, self.person)?.into());
        };
        if self.organization.is_some() || self.person.is_some() {
            return Err(Refusal::one_party().into());
        }
        if kind != Kind::Keeper {
            return Err(Refusal::wrong_party(kind.label().zh, kind.label().en).into());
        }
        Ok(Assignee::Person(new.contact()?, new.area_code))
    }
}

/// What was assigned.
#[derive(Serialize, ToSchema)]
pub struct AssignedView {
    /// How many duties began.
    count: usize,
    /// Each of them.
    duties: Vec<AssignedDuty>,
}

/// A duty that began.
#[derive(Serialize, ToSchema)]
pub struct AssignedDuty {
    /// The asset.
    asset: i64,
    /// The duty.
    duty: i64,
}

#[expect(clippy::ptr_arg, reason = "the answer of an action is made of what the action gives")]
fn view(begun: &Vec<Model>) -> AssignedView {
    let duty = |row: &Model| AssignedDuty { asset: row.asset_id.0, duty: row.id.0 };
    AssignedView { count: begun.len(), duties: begun.iter().map(duty).collect() }
}

fn assigned(done: OurResult<Vec<Model>>) -> Result<Response, Fault> {
    match done {
        Ok(begun) => Ok(answer(StatusCode::OK, view(&begun))),
        Err(error) => replayed(error),
    }
}

/// A duty on assets that are named.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// 1 to 1000 ids of assets.
    assets: Vec<i64>,
    /// The duty.
    duty: NewDuty,
}

impl Assignment {
    fn assets(&self) -> OurResult<Vec<AssetId>> {
        if self.assets.is_empty() {
            let label = Label::new("资产", "assets");
            return Err(Mistakes(vec![Mistake::missing("assets", label)]).into());
        }
        Ok(self.assets.iter().copied().map(AssetId).collect())
    }
}

/// Assign a duty on assets to one party: on all of them, or on none.
#[utoipa::path(post, path = "/duties/assign", tag = "duties", request_body = Assignment,
    params(("Idempotency-Key" = String, Header)), responses((status = 200, body = AssignedView)))]
pub async fn assign_duty(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<Assignment>,
) -> Result<Response, Fault> {
    let (ledger, asked) = posted.once(&state.ledger, StatusCode::OK, view);
    let (kind, assignee, terms) = asked.duty.read()?;
    let assets = asked.assets()?;
    let to = (kind, assignee);
    assigned(app::duty::assign(&ledger, &caller.actor, &assets, to, &terms).await)
}

/// A duty on all assets of a filter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FilteredAssignment {
    /// The filter, in the words of the query of `GET /assets`, such as `{"class": "public"}`.
    filter: BTreeMap<String, String>,
    /// How many assets the caller was told the filter has, by `count=true`.
    expected_count: u64,
    /// The duty.
    duty: NewDuty,
}

impl FilteredAssignment {
    fn list(&self) -> OurResult<List<asset::Entity>> {
        let words = self.filter.iter().map(|(word, text)| (word.as_str(), text.as_str()));
        List::read(words)
    }
}

/// Assign a duty on all assets of a filter to one party. The filter is looked at within the action:
/// where it has another number of assets than the caller confirmed, 409 tells it and nothing is
/// done. At most 1000 assets.
#[utoipa::path(post, path = "/duties/assign-filtered", tag = "duties",
    request_body = FilteredAssignment, params(("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AssignedView)))]
pub async fn assign_filtered_duty(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<FilteredAssignment>,
) -> Result<Response, Fault> {
    let (ledger, asked) = posted.once(&state.ledger, StatusCode::OK, view);
    let (kind, assignee, terms) = asked.duty.read()?;
    let filter = (asked.list()?, asked.expected_count);
    let to = (kind, assignee);
    assigned(app::duty::assign_listed(&ledger, &caller.actor, filter, to, &terms).await)
}

/// The last day of a duty.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyEnding {
    /// The last day on which it is borne.
    on: NaiveDate,
    /// Why it ends before its term: revoked, or of a keeper `person_left`. Left out where the term is
    /// over.
    reason: Option<String>,
}

/// End a duty. From the day after on nobody bears it, which is a finding until somebody does.
#[utoipa::path(post, path = "/duties/{id}/end", tag = "duties", request_body = DutyEnding,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = DutyRecord)))]
pub async fn end_duty(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<DutyEnding>,
) -> Result<Response, Fault> {
    let (ledger, asked) = posted.once(&state.ledger, StatusCode::OK, record_of);
    let mut mistakes = Mistakes::default();
    let reason = record::value_of("reason", asked.reason.as_deref(), &mut mistakes);
    mistakes.into_result().map_err(Error::from)?;
    let named = (DutyId(id), version).into();
    let ended = app::assignment::end(&ledger, &caller.actor, named, (asked.on, reason)).await;
    told(StatusCode::OK, ended, |row| (row.version, record_of(row)))
}

/// One assignment: the duties that it began.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentSpan {
    /// The first of its duties.
    first: i64,
    /// The last of its duties.
    last: i64,
}

/// What was taken back.
#[derive(Serialize, ToSchema)]
pub struct TakenBackView {
    /// How many duties were revoked.
    count: usize,
}

/// Take back one assignment: its duties are revoked, and those that gave way to them go on.
#[utoipa::path(post, path = "/duties/take-back", tag = "duties", request_body = AssignmentSpan,
    params(("Idempotency-Key" = String, Header)), responses((status = 200, body = TakenBackView)))]
pub async fn take_back_duties(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<AssignmentSpan>,
) -> Result<Response, Fault> {
    let view = |count: &usize| TakenBackView { count: *count };
    let (ledger, asked) = posted.once(&state.ledger, StatusCode::OK, view);
    let span = (DutyId(asked.first), DutyId(asked.last));
    match app::assignment::take_back(&ledger, &caller.actor, span).await {
        Ok(count) => Ok(answer(StatusCode::OK, view(&count))),
        Err(error) => replayed(error),
    }
}
