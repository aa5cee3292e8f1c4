//! Campaigns over the API: begun, answered line by line, drawn from, checked again, closed out.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    campaign::{Entity, Model},
    campaign_line::{self, Recheck},
    finding::Rule,
    id::{CampaignId, CampaignLineId, OrganizationId},
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Posted, answer, replayed},
    caller::Caller,
    etag::{IfMatch, told, versioned},
    page::{AskedList, Page},
    record,
};
use crate::{
    app,
    domain::{
        campaign::{Answer, Counted, FIELDS, Opening, Standing, lines},
        mistake::Mistakes,
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// A campaign: id, version, area, who began it and who closed it out, and every field by its name.
pub struct CampaignView;

impl PartialSchema for CampaignView {
    fn schema() -> RefOr<Schema> {
        let beside =
            [("id", Type::Integer), ("version", Type::Integer), ("area_code", Type::String)];
        let perhaps = [("opened_by", Type::Integer), ("closed_by", Type::Integer)];
        record::schema(FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for CampaignView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("opened_by", row.opened_by.map(|id| id.0).into()),
        ("closed_by", row.closed_by.map(|id| id.0).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// A line of a campaign: which finding it is, what was answered, what a re-check saw.
pub struct CampaignLineView;

impl PartialSchema for CampaignLineView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("campaign", Type::Integer),
            ("asset", Type::Integer),
        ];
        let perhaps = [
            ("organization", Type::Integer),
            ("answered_by", Type::Integer),
            ("rechecked_by", Type::Integer),
        ];
        record::schema(lines::FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for CampaignLineView {}

fn line_view(row: &campaign_line::Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("campaign", row.campaign_id.0.into()),
        ("asset", row.asset_id.0.into()),
        ("organization", row.organization_id.map(|id| id.0).into()),
        ("answered_by", row.answered_by.map(|id| id.0).into()),
        ("rechecked_by", row.rechecked_by.map(|id| id.0).into()),
    ];
    record::with(lines::FIELDS, row, beside)
}

#[expect(clippy::ptr_arg, reason = "the answer of an action is made of what the action gives")]
fn views(rows: &Vec<campaign_line::Model>) -> Vec<Json> {
    rows.iter().map(line_view).collect()
}

/// List campaigns that lie in one's own area.
#[utoipa::path(get, path = "/campaigns", tag = "campaigns", params(AskedList<Entity>),
    responses((status = 200, body = Page<CampaignView>)))]
pub async fn list_campaigns(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// List campaigns of the areas above one's own, in which it takes part, the newest first.
#[utoipa::path(get, path = "/campaigns/above", tag = "campaigns",
    responses((status = 200, body = Vec<CampaignView>)))]
pub async fn list_campaigns_above(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Response, Fault> {
    let rows = state.ledger.read(&caller.actor).campaigns_above().await?;
    Ok(answer(StatusCode::OK, rows.iter().map(view).collect::<Vec<_>>()))
}

/// Get a campaign: of one's own area, of one in it, or of one above it.
#[utoipa::path(get, path = "/campaigns/{id}", tag = "campaigns", params(("id" = i64, Path)),
    responses((status = 200, body = CampaignView)))]
pub async fn get_campaign(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).campaign(CampaignId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// How far the lines of one place have come.
#[derive(Serialize, ToSchema)]
pub struct CampaignProgress {
    /// The place.
    area_code: String,
    /// All its lines.
    total: i64,
    /// Those answered.
    answered: i64,
    /// Nobody was asked to mend them.
    open: i64,
    /// Somebody was.
    in_hand: i64,
    /// Reported done.
    done: i64,
    /// Cleared, or closed out.
    closed: i64,
    /// Cleared, and found again.
    back: i64,
    /// Those drawn to be checked again.
    drawn: i64,
    /// Those checked again.
    rechecked: i64,
    /// Those that were not as answered.
    differing: i64,
}

impl CampaignProgress {
    fn of((area, counted): (&AreaCode, &Counted)) -> CampaignProgress {
        CampaignProgress {
            area_code: area.to_string(),
            total: counted.total,
            answered: counted.answered,
            open: counted.of(Standing::Open),
            in_hand: counted.of(Standing::InHand),
            done: counted.of(Standing::Done),
            closed: counted.of(Standing::Closed),
            back: counted.of(Standing::Back),
            drawn: counted.drawn,
            rechecked: counted.rechecked,
            differing: counted.differing,
        }
    }
}

/// Get how far a campaign has come, town by town; of a town, village by village.
#[utoipa::path(get, path = "/campaigns/{id}/progress", tag = "campaigns",
    params(("id" = i64, Path)), responses((status = 200, body = Vec<CampaignProgress>)))]
pub async fn get_campaign_progress(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let row = read.campaign(CampaignId(id)).await?;
    let places = read.campaign_progress(&row, read.extent_of_campaign(&row)).await?;
    Ok(answer(StatusCode::OK, places.iter().map(CampaignProgress::of).collect::<Vec<_>>()))
}

/// List lines of campaigns.
#[utoipa::path(get, path = "/campaign-lines", tag = "campaigns",
    params(AskedList<campaign_line::Entity>),
    responses((status = 200, body = Page<CampaignLineView>)))]
pub async fn list_campaign_lines(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<campaign_line::Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| line_view(&row))))
}

/// A campaign that is to begin today.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCampaign {
    /// The county, town or village.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// What it is called: 1 to 60 characters.
    name: String,
    /// What it is for.
    purpose: Option<String>,
    /// The code of the only rule that it looks at; every one when left out.
    rule: Option<String>,
    /// By when everything is to be answered.
    due_on: NaiveDate,
}

impl NewCampaign {
    fn read(&self) -> OurResult<Opening> {
        let mut mistakes = Mistakes::default();
        let rule = self
            .rule
            .as_ref()
            .and_then(|rule| record::value_of::<Rule>("rule", Some(rule), &mut mistakes));
        mistakes.into_result()?;
        Ok(Opening {
            area: self.area_code,
            name: self.name.clone(),
            purpose: self.purpose.clone(),
            rule,
            due_on: self.due_on,
        })
    }
}

/// Begin a campaign: what is open in the area now becomes its lines.
#[utoipa::path(post, path = "/campaigns", tag = "campaigns", request_body = NewCampaign,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = CampaignView)))]
pub async fn open_campaign(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewCampaign>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let opening = new.read()?;
    let opened = app::campaign::open(&ledger, &caller.actor, &opening).await;
    told(StatusCode::CREATED, opened, |row| (row.version, view(row)))
}

/// A line as it was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineRead {
    /// Its id.
    id: i64,
    /// Its version.
    version: i64,
}

/// What is answered of some lines alike.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "four questions have four answers")]
pub struct CampaignAnswer {
    /// The lines, each as it was read: at most 1000.
    lines: Vec<LineRead>,
    /// Whether the asset is under no management.
    is_unmanaged: bool,
    /// Whether it lies idle.
    is_idle: bool,
    /// Whether nobody looks after it.
    is_unkept: bool,
    /// Whether it is to be disposed of.
    is_to_dispose: bool,
    /// By when it is put right; asked for where any of the four is so.
    due_on: Option<NaiveDate>,
    /// The unit that sees to it; asked for where any of the four is so.
    organization: Option<i64>,
    /// What is done about it.
    measure: Option<String>,
}

/// Answer lines of a campaign. All of them or none.
#[utoipa::path(post, path = "/campaigns/{id}/answers", tag = "campaigns",
    request_body = CampaignAnswer,
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = Vec<CampaignLineView>)))]
pub async fn answer_campaign(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    posted: Posted<CampaignAnswer>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, views);
    let read: Vec<(CampaignLineId, i64)> =
        said.lines.iter().map(|line| (CampaignLineId(line.id), line.version)).collect();
    let what = Answer {
        said: [said.is_unmanaged, said.is_idle, said.is_unkept, said.is_to_dispose],
        due_on: said.due_on,
        organization: said.organization.map(OrganizationId),
        measure: said.measure.clone(),
    };
    let about = (CampaignId(id), read.as_slice());
    match app::campaign::answer(&ledger, &caller.actor, about, &what).await {
        Ok(rows) => Ok(answer(StatusCode::OK, views(&rows))),
        Err(error) => replayed(error),
    }
}

/// How many lines are to be checked again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleSize {
    /// From 1 to 500, and no more than there are.
    size: i32,
}

/// Draw the sample that is checked again, by a seed that is published with it.
#[utoipa::path(post, path = "/campaigns/{id}/draw", tag = "campaigns", request_body = SampleSize,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = CampaignView)))]
pub async fn draw_campaign(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<SampleSize>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (CampaignId(id), version);
    let drawn = app::campaign::draw(&ledger, &caller.actor, named, said.size).await;
    told(StatusCode::OK, drawn, |row| (row.version, view(row)))
}

/// What a re-check saw.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecheckResult {
    /// confirmed or differs.
    result: String,
    /// What was seen; asked for where it differs.
    #[serde(default)]
    note: String,
}

impl RecheckResult {
    fn read(&self) -> OurResult<Recheck> {
        let mut mistakes = Mistakes::default();
        let result = record::value_of("result", Some(&self.result), &mut mistakes);
        mistakes.into_result()?;
        Ok(result.unwrap_or(Recheck::Differs))
    }
}

/// Record what the re-check of a drawn line saw: not whoever answered it.
#[utoipa::path(post, path = "/campaign-lines/{id}/recheck", tag = "campaigns",
    request_body = RecheckResult,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = CampaignLineView)))]
pub async fn recheck_campaign_line(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<RecheckResult>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, line_view);
    let seen = (said.read()?, said.note.as_str());
    let named = (CampaignLineId(id), version);
    let checked = app::campaign::recheck(&ledger, &caller.actor, named, seen).await;
    told(StatusCode::OK, checked, |row| (row.version, line_view(row)))
}

/// What came of a campaign.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignConclusion {
    /// In words: it stands in the report.
    conclusion: String,
}

/// Close a campaign out: not whoever began it, and not before all of it is answered and the sample
/// was checked again.
#[utoipa::path(post, path = "/campaigns/{id}/close", tag = "campaigns",
    request_body = CampaignConclusion,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = CampaignView)))]
pub async fn close_campaign(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<CampaignConclusion>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (CampaignId(id), version);
    let closed = app::campaign::close(&ledger, &caller.actor, named, &said.conclusion).await;
    told(StatusCode::OK, closed, |row| (row.version, view(row)))
}
