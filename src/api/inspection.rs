//! Inspections over the API: recording what was found of an asset, and reading what was recorded.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Utc};
use entity::{
    asset,
    id::{AssetId, InspectionId},
    inspection::{CheckItem, Checked, Checks, Condition, Entity, Model},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Posted, answer},
    caller::Caller,
    etag::{told, versioned},
    page::{AskedList, Page},
    record,
};
use crate::{
    app,
    domain::{
        inspection::{Record, points},
        mistake::Mistakes,
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// One point of an inspection.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// What was looked at, such as `surface`; `GET /assets/{id}/points` tells what an asset has.
    item: String,
    /// What it was found to be: good, defect or danger.
    condition: String,
    /// What was seen, in a line.
    note: Option<String>,
}

impl From<&Checked> for Point {
    fn from(one: &Checked) -> Point {
        Point {
            item: one.item.code().to_owned(),
            condition: one.condition.code().to_owned(),
            note: one.note.clone(),
        }
    }
}

/// An inspection.
#[derive(Serialize, ToSchema)]
pub struct InspectionView {
    /// Its id.
    id: i64,
    /// Its version.
    version: i64,
    /// Where the asset lay.
    area_code: String,
    /// The asset.
    asset: i64,
    /// The UUID that the device gave it.
    device_key: String,
    /// When it was made, as the device tells.
    inspected_at: DateTime<Utc>,
    /// When it came.
    received_at: DateTime<Utc>,
    /// The worst of its points: good, defect or danger.
    condition: &'static str,
    /// Its points.
    checks: Vec<Point>,
    /// Whether all were said to be good by one press.
    is_all_at_once: bool,
    /// What else was seen.
    note: Option<String>,
    /// Where the inspector stood, in degrees as text.
    longitude: Option<String>,
    /// The same.
    latitude: Option<String>,
    /// How far off that may be, in metres.
    accuracy_m: Option<i32>,
    /// The device, by the name it gave itself.
    device: Option<String>,
    /// The how many-th record of the device it is.
    device_count: Option<i64>,
    /// The number of the paper sheet that it was typed from.
    sheet_no: Option<String>,
    /// The account of whoever inspected; null where it was recorded at the machine itself.
    account: Option<i64>,
}

fn view(row: &Model) -> InspectionView {
    InspectionView {
        id: row.id.0,
        version: row.version,
        area_code: row.area_code.to_string(),
        asset: row.asset_id.0,
        device_key: row.device_key.clone(),
        inspected_at: row.inspected_at,
        received_at: row.created_at,
        condition: row.condition.code(),
        checks: row.checks.0.iter().map(Point::from).collect(),
        is_all_at_once: row.is_all_at_once,
        note: row.note.clone(),
        longitude: row.longitude.map(|place| place.to_string()),
        latitude: row.latitude.map(|place| place.to_string()),
        accuracy_m: row.accuracy_m,
        device: row.device.clone(),
        device_count: row.device_count,
        sheet_no: row.sheet_no.clone(),
        account: row.account_id.map(|id| id.0),
    }
}

/// List inspections.
#[utoipa::path(get, path = "/inspections", tag = "inspections", params(AskedList<Entity>),
    responses((status = 200, body = Page<InspectionView>)))]
pub async fn list_inspections(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get an inspection.
#[utoipa::path(get, path = "/inspections/{id}", tag = "inspections", params(("id" = i64, Path)),
    responses((status = 200, body = InspectionView)))]
pub async fn get_inspection(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(InspectionId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// A point that an asset has.
#[derive(Serialize, ToSchema)]
pub struct PointView {
    /// Its code, such as `surface`.
    item: &'static str,
    /// What people call it, in Chinese.
    zh: &'static str,
    /// The same in English.
    en: &'static str,
}

/// Get the points that are looked at of an asset, in their order.
#[utoipa::path(get, path = "/assets/{id}/points", tag = "inspections", params(("id" = i64, Path)),
    responses((status = 200, body = Vec<PointView>)))]
pub async fn get_asset_points(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let asset = state.ledger.read(&caller.actor).get::<asset::Entity>(AssetId(id)).await?;
    let point = |item: CheckItem| {
        let label = item.label();
        PointView { item: item.code(), zh: label.zh, en: label.en }
    };
    let points: Vec<PointView> = points(&asset).into_iter().map(point).collect();
    Ok(answer(StatusCode::OK, points))
}

/// A new inspection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInspection {
    /// The asset.
    asset: i64,
    /// A UUID that the device makes: a record that comes again is kept once and answered again.
    device_key: String,
    /// When it was made, as the device tells.
    inspected_at: DateTime<Utc>,
    /// Every point of the asset once.
    checks: Vec<Point>,
    /// Whether all were said to be good by one press.
    #[serde(default)]
    is_all_at_once: bool,
    /// What else was seen, in a line.
    note: Option<String>,
    /// Where the inspector stood, in degrees as text, such as "106.70722".
    longitude: Option<String>,
    /// The same, such as "26.59820".
    latitude: Option<String>,
    /// How far off that may be, in metres.
    accuracy_m: Option<i32>,
    /// A UUID by which the device calls itself.
    device: Option<String>,
    /// The how many-th record of the device it is, from 1.
    device_count: Option<i64>,
    /// The number of the paper sheet that it was typed from.
    sheet_no: Option<String>,
}

impl NewInspection {
    fn read(&self) -> OurResult<Record> {
        let mut mistakes = Mistakes::default();
        let mut checks = Vec::with_capacity(self.checks.len());
        for point in &self.checks {
            let item = record::value_of::<CheckItem>("checks", Some(&point.item), &mut mistakes);
            let condition =
                record::value_of::<Condition>("checks", Some(&point.condition), &mut mistakes);
            if let (Some(item), Some(condition)) = (item, condition) {
                checks.push(Checked { item, condition, note: point.note.clone() });
            }
        }
        let place = (self.longitude.as_deref(), self.latitude.as_deref());
        let place = app::inspection::place(place, &mut mistakes);
        mistakes.into_result()?;
        Ok(Record {
            device_key: self.device_key.clone(),
            inspected_at: self.inspected_at,
            checks: Checks(checks),
            is_all_at_once: self.is_all_at_once,
            note: self.note.clone(),
            place,
            accuracy_m: self.accuracy_m,
            device: self.device.clone(),
            device_count: self.device_count,
            sheet_no: self.sheet_no.clone(),
        })
    }
}

/// Record an inspection.
#[utoipa::path(post, path = "/inspections", tag = "inspections", request_body = NewInspection,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = InspectionView)))]
pub async fn record_inspection(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewInspection>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let sent = new.read()?;
    let kept = app::inspection::record(&ledger, &caller.actor, AssetId(new.asset), &sent).await;
    told(StatusCode::CREATED, kept, |row| (row.version, view(row)))
}
