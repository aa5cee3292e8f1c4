//! Welfare posts over the API: who holds them, what belongs to them, what each month is paid.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    attendance,
    id::{AssetId, AttendanceId, PersonId, WelfarePostId},
    welfare_post::{EndReason, Entity, Model},
};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Posted, answer},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    party::NewContact,
    record,
};
use crate::{
    app::{self, duty::Assignee},
    domain::{
        field::Field,
        mistake::Mistakes,
        refusal::Refusal,
        title::Party,
        welfare_post::{FIELDS, Month, blank, months},
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// A welfare post: id, version, area, who holds it, and every field by its name.
pub struct WelfarePostView;

impl PartialSchema for WelfarePostView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("person", Type::Integer),
        ];
        record::schema(FIELDS, &beside, &[])
    }
}

impl ToSchema for WelfarePostView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("person", row.person_id.0.into()),
    ];
    record::with(FIELDS, row, beside)
}

/// A month of a welfare post.
pub struct AttendanceView;

impl PartialSchema for AttendanceView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("post", Type::Integer),
        ];
        let perhaps = [("recorded_by", Type::Integer), ("approved_by", Type::Integer)];
        record::schema(months::FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for AttendanceView {}

fn month_view(row: &attendance::Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("post", row.post_id.0.into()),
        ("recorded_by", row.recorded_by.map(|id| id.0).into()),
        ("approved_by", row.approved_by.map(|id| id.0).into()),
    ];
    record::with(months::FIELDS, row, beside)
}

/// List welfare posts.
#[utoipa::path(get, path = "/welfare-posts", tag = "welfare posts", params(AskedList<Entity>),
    responses((status = 200, body = Page<WelfarePostView>)))]
pub async fn list_welfare_posts(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a welfare post.
#[utoipa::path(get, path = "/welfare-posts/{id}", tag = "welfare posts", params(("id" = i64, Path)),
    responses((status = 200, body = WelfarePostView)))]
pub async fn get_welfare_post(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(WelfarePostId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// Get the ids of the assets that a welfare post looks after now.
#[utoipa::path(get, path = "/welfare-posts/{id}/assets", tag = "welfare posts",
    params(("id" = i64, Path)), responses((status = 200, body = Vec<i64>)))]
pub async fn get_welfare_post_assets(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let links = state.ledger.read(&caller.actor).assets_of_post(WelfarePostId(id)).await?;
    let standing = links.iter().filter(|link| link.until_on.is_none());
    let ids: Vec<i64> = standing.map(|link| link.asset_id.0).collect();
    Ok(answer(StatusCode::OK, ids))
}

/// What a post asks and pays: the fields by their names.
pub struct PostTerms;

impl PartialSchema for PostTerms {
    fn schema() -> RefOr<Schema> {
        record::schema(FIELDS, &[], &[])
    }
}

impl ToSchema for PostTerms {}

/// A post that somebody is to hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWelfarePost {
    /// The village, or the town, whose post it is.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// Who holds it.
    person: Option<i64>,
    /// In place of an id: a name and a telephone, sealed.
    new_person: Option<NewContact>,
    /// What it asks and pays.
    #[schema(value_type = PostTerms)]
    terms: Map<String, Json>,
    /// The assets that belong to it: at most 200.
    #[serde(default)]
    assets: Vec<i64>,
}

/// What the ledger itself says of a post.
const OF_THE_LEDGER: [&str; 1] = ["end_reason"];

fn terms(mut row: Model, terms: &Map<String, Json>) -> OurResult<Model> {
    let may = |field: &Field<Model>| !OF_THE_LEDGER.contains(&field.name);
    record::set(FIELDS, &mut row, terms, may).into_result()?;
    Ok(row)
}

fn ids(assets: &[i64]) -> Vec<AssetId> {
    assets.iter().copied().map(AssetId).collect()
}

impl NewWelfarePost {
    fn holder(&self) -> OurResult<Assignee> {
        match (self.person, &self.new_person) {
            (Some(id), None) => Ok(Party::Person(PersonId(id)).into()),
            (None, Some(new)) => Ok(Assignee::Person(new.contact()?, new.area_code)),
            _ => Err(Refusal::one_party().into()),
        }
    }
}

/// Give a welfare post to somebody.
#[utoipa::path(post, path = "/welfare-posts", tag = "welfare posts", request_body = NewWelfarePost,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = WelfarePostView)))]
pub async fn open_welfare_post(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewWelfarePost>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let row = terms(blank(new.area_code, PersonId(0), state.ledger.today()), &new.terms)?;
    let (holder, assets) = (new.holder()?, ids(&new.assets));
    let opened = app::welfare_post::open(&ledger, &caller.actor, (row, &holder), &assets).await;
    told(StatusCode::CREATED, opened, |row| (row.version, view(row)))
}

/// What a post asks and pays from now on, and which assets belong to it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostAmendment {
    /// The fields that are to change.
    #[schema(value_type = PostTerms)]
    #[serde(default)]
    terms: Map<String, Json>,
    /// Every asset that is to belong to it; those on record stay when nothing is said.
    assets: Option<Vec<i64>>,
}

/// Amend a welfare post.
#[utoipa::path(post, path = "/welfare-posts/{id}/amend", tag = "welfare posts",
    request_body = PostAmendment,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WelfarePostView)))]
pub async fn amend_welfare_post(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<PostAmendment>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (WelfarePostId(id), version);
    let assets = said.assets.as_deref().map(ids);
    let change = |row: Model| terms(row, &said.terms);
    let amended =
        app::welfare_post::amend(&ledger, &caller.actor, named, assets.as_deref(), change).await;
    told(StatusCode::OK, amended, |row| (row.version, view(row)))
}

/// The end of a post before its term.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostEnding {
    /// The last day.
    on: NaiveDate,
    /// left, unfit or withdrawn.
    reason: String,
}

/// End a welfare post before its term; its assets fall vacant with it.
#[utoipa::path(post, path = "/welfare-posts/{id}/end", tag = "welfare posts",
    request_body = PostEnding,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = WelfarePostView)))]
pub async fn end_welfare_post(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<PostEnding>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let (named, why) = ((WelfarePostId(id), version), said.read()?);
    let ended = app::welfare_post::end(&ledger, &caller.actor, named, why).await;
    told(StatusCode::OK, ended, |row| (row.version, view(row)))
}

impl PostEnding {
    fn read(&self) -> OurResult<(NaiveDate, EndReason)> {
        let mut mistakes = Mistakes::default();
        let reason = record::value_of("reason", Some(&self.reason), &mut mistakes);
        mistakes.into_result()?;
        Ok((self.on, reason.unwrap_or(EndReason::Left)))
    }
}

/// List months of welfare posts.
#[utoipa::path(get, path = "/attendance", tag = "welfare posts",
    params(AskedList<attendance::Entity>),
    responses((status = 200, body = Page<AttendanceView>)))]
pub async fn list_attendance(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<attendance::Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| month_view(&row))))
}

/// A month of a post, as it was worked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMonth {
    /// Any day of the month.
    month_on: NaiveDate,
    /// Days of work.
    days_attended: i32,
    /// What the assessment leaves of the pay, in percent.
    percent: i32,
    /// What the assessment says; asked for below 100. It stays in the log.
    note: Option<String>,
    /// The version of what was recorded of this month that was read; 0 where there was nothing.
    version: i64,
}

/// Record a month of a welfare post, or amend what was recorded of it. What was approved stands.
#[utoipa::path(post, path = "/welfare-posts/{id}/months", tag = "welfare posts",
    request_body = NewMonth,
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AttendanceView)))]
pub async fn record_attendance(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    posted: Posted<NewMonth>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, month_view);
    let month = Month {
        month_on: said.month_on,
        days_attended: said.days_attended,
        percent: said.percent,
        note: said.note.clone(),
    };
    let named = (WelfarePostId(id), Some(said.version));
    let recorded = app::welfare_post::record_month(&ledger, &caller.actor, named, &month).await;
    told(StatusCode::OK, recorded, |row| (row.version, month_view(row)))
}

/// There is nothing to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PayApproval {}

/// Approve the pay of a month: not whoever recorded it.
#[utoipa::path(post, path = "/attendance/{id}/approve", tag = "welfare posts",
    request_body = PayApproval,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AttendanceView)))]
pub async fn approve_attendance(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<PayApproval>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, month_view);
    let named = (AttendanceId(id), version);
    let approved = app::welfare_post::approve_month(&ledger, &caller.actor, named).await;
    told(StatusCode::OK, approved, |row| (row.version, month_view(row)))
}
