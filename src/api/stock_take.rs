//! Stock-takes over the API: opened, counted, signed; their lines; what was not on the ledger.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    area::AreaCode,
    id::{AssetId, StockFindId, StockLineId, StockTakeId},
    language::Sentence,
    stock_find, stock_line,
    stock_take::{Entity, Model},
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
    record,
};
use crate::{
    app::stock_take::{self as acts, Settling, Told, Which},
    domain::{
        field::Field,
        mistake::{Mistake, Mistakes},
        refusal::Refusal,
        short_code::ShortCode,
        stock_take::{FIELDS, Said, finds, lines},
    },
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
};

/// A stock-take: id, version, area, and every field by its name.
pub struct StockTakeView;

impl PartialSchema for StockTakeView {
    fn schema() -> RefOr<Schema> {
        let beside =
            [("id", Type::Integer), ("version", Type::Integer), ("area_code", Type::String)];
        let perhaps = [("opened_by", Type::Integer), ("signed_by", Type::Integer)];
        record::schema(FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for StockTakeView {}

fn view(row: &Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("opened_by", row.opened_by.map(|id| id.0).into()),
        ("signed_by", row.signed_by.map(|id| id.0).into()),
    ];
    record::with(FIELDS, row, beside)
}

/// A line of a stock-take: one asset that it expects, and how it was found.
pub struct StockLineView;

impl PartialSchema for StockLineView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("stock_take", Type::Integer),
            ("asset", Type::Integer),
        ];
        let perhaps = [("counted_by", Type::Integer), ("counted_at", Type::String)];
        record::schema(lines::FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for StockLineView {}

fn line_view(row: &stock_line::Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("stock_take", row.stock_take_id.0.into()),
        ("asset", row.asset_id.0.into()),
        ("counted_by", row.counted_by.map(|id| id.0).into()),
        ("counted_at", row.counted_at.map(|at| at.to_rfc3339()).into()),
    ];
    record::with(lines::FIELDS, row, beside)
}

/// Something that a stock-take found and that was not on the ledger.
pub struct StockFindView;

impl PartialSchema for StockFindView {
    fn schema() -> RefOr<Schema> {
        let beside = [
            ("id", Type::Integer),
            ("version", Type::Integer),
            ("area_code", Type::String),
            ("stock_take", Type::Integer),
        ];
        let perhaps =
            [("asset", Type::Integer), ("found_by", Type::Integer), ("settled_by", Type::Integer)];
        record::schema(finds::FIELDS, &beside, &perhaps)
    }
}

impl ToSchema for StockFindView {}

fn find_view(row: &stock_find::Model) -> Json {
    let beside = [
        ("id", row.id.0.into()),
        ("version", row.version.into()),
        ("area_code", row.area_code.to_string().into()),
        ("stock_take", row.stock_take_id.0.into()),
        ("asset", row.asset_id.map(|id| id.0).into()),
        ("found_by", row.found_by.map(|id| id.0).into()),
        ("settled_by", row.settled_by.map(|id| id.0).into()),
    ];
    record::with(finds::FIELDS, row, beside)
}

/// List stock-takes.
#[utoipa::path(get, path = "/stock-takes", tag = "stock-takes", params(AskedList<Entity>),
    responses((status = 200, body = Page<StockTakeView>)))]
pub async fn list_stock_takes(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| view(&row))))
}

/// Get a stock-take.
#[utoipa::path(get, path = "/stock-takes/{id}", tag = "stock-takes", params(("id" = i64, Path)),
    responses((status = 200, body = StockTakeView)))]
pub async fn get_stock_take(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let row = state.ledger.read(&caller.actor).get::<Entity>(StockTakeId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, view(&row)))
}

/// A place that is to be counted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStockTake {
    /// The village, or the town for what it holds itself.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// Last year, or this one.
    year: i32,
}

/// Open a stock-take: what stands on the ledger in the place today is what it expects.
#[utoipa::path(post, path = "/stock-takes", tag = "stock-takes", request_body = NewStockTake,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = StockTakeView)))]
pub async fn open_stock_take(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewStockTake>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let opened = acts::open(&ledger, &caller.actor, new.area_code, new.year).await;
    told(StatusCode::CREATED, opened, |row| (row.version, view(row)))
}

/// List lines of stock-takes.
#[utoipa::path(get, path = "/stock-lines", tag = "stock-takes",
    params(AskedList<stock_line::Entity>),
    responses((status = 200, body = Page<StockLineView>)))]
pub async fn list_stock_lines(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<stock_line::Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| line_view(&row))))
}

/// How one line was found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedLine {
    /// The id of the line; else the short code of its plate.
    line: Option<i64>,
    /// The version of the line that was read; of a line that is named by its id.
    version: Option<i64>,
    /// In place of an id: the short code. It counts a line that nobody has counted otherwise.
    short_code: Option<String>,
    /// found, missing or changed.
    outcome: String,
    /// The state in which it was seen, where it is another than the ledger says.
    seen_state: Option<String>,
    /// What there is to say of it; it stays in the log.
    note: Option<String>,
}

/// Lines of one stock-take, at most 100: all of them are counted or none.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedLines {
    /// The lines.
    lines: Vec<CountedLine>,
}

impl CountedLine {
    fn told(&self, state: &AppState, mistakes: &mut Mistakes) -> Option<Told> {
        let outcome = record::value_of("outcome", Some(&self.outcome), mistakes);
        let seen = self.seen_state.as_deref();
        let seen_state = seen.and_then(|text| record::value_of("seen_state", Some(text), mistakes));
        let (which, named) = match (self.line, self.version, &self.short_code) {
            (Some(id), Some(version), None) => {
                (Which::Line(StockLineId(id), version), id.to_string())
            }
            (None, None, Some(code)) => {
                let known = ShortCode::read(code).map(|known| state.ledger.asset_of(known));
                // what is no code names no line
                (Which::Asset(known.unwrap_or(AssetId(0))), code.clone())
            }
            _ => {
                let expected = Sentence::new(
                    "须写 line 和 version，或只写 short_code",
                    "either line and version, or short_code alone",
                );
                mistakes.push(Mistake::new("line", "", expected));
                return None;
            }
        };
        let said = Said { outcome: outcome?, seen_state, note: self.note.clone() };
        Some(Told { which, named, said })
    }
}

/// Count lines of a stock-take. What a line says already is not said again: the same may be sent twice.
#[utoipa::path(post, path = "/stock-takes/{id}/lines", tag = "stock-takes",
    request_body = CountedLines,
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = StockTakeView)))]
pub async fn count_stock(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    posted: Posted<CountedLines>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, view);
    let mut mistakes = Mistakes::default();
    let lines = said.lines.iter().filter_map(|line| line.told(&state, &mut mistakes));
    let lines: Vec<Told> = lines.collect();
    mistakes.into_result().map_err(Error::from)?;
    let counted = acts::count(&ledger, &caller.actor, StockTakeId(id), &lines).await;
    told(StatusCode::OK, counted, |row| (row.version, view(row)))
}

/// There is nothing to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockTakeSigning {}

/// Sign a stock-take: not whoever counted, and only when every line is counted.
#[utoipa::path(post, path = "/stock-takes/{id}/sign", tag = "stock-takes",
    request_body = StockTakeSigning,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = StockTakeView)))]
pub async fn sign_stock_take(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<StockTakeSigning>,
) -> Result<Response, Fault> {
    let (ledger, _) = posted.once(&state.ledger, StatusCode::OK, view);
    let signed = acts::sign(&ledger, &caller.actor, (StockTakeId(id), version)).await;
    told(StatusCode::OK, signed, |row| (row.version, view(row)))
}

/// List what stock-takes found and was not on the ledger.
#[utoipa::path(get, path = "/stock-finds", tag = "stock-takes",
    params(AskedList<stock_find::Entity>),
    responses((status = 200, body = Page<StockFindView>)))]
pub async fn list_stock_finds(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<stock_find::Entity>,
) -> Result<Response, Fault> {
    let listing = state.ledger.read(&caller.actor).list(&list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, |row| find_view(&row))))
}

/// Get a find of a stock-take.
#[utoipa::path(get, path = "/stock-finds/{id}", tag = "stock-takes", params(("id" = i64, Path)),
    responses((status = 200, body = StockFindView)))]
pub async fn get_stock_find(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let row = read.get::<stock_find::Entity>(StockFindId(id)).await?;
    Ok(versioned(StatusCode::OK, row.version, find_view(&row)))
}

/// What stands there: the fields by their names.
pub struct FindFields;

/// What the ledger itself says of a find.
const OF_THE_LEDGER: [&str; 4] = ["found_on", "state", "reason", "settled_on"];

impl PartialSchema for FindFields {
    fn schema() -> RefOr<Schema> {
        record::schema(finds::FIELDS, &[], &[])
    }
}

impl ToSchema for FindFields {}

/// Something that stands there and is not on the ledger.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStockFind {
    /// Its name, its kind, its place, a note.
    #[schema(value_type = FindFields)]
    fields: Map<String, Json>,
}

/// Record something that a stock-take found and that is not on the ledger.
#[utoipa::path(post, path = "/stock-takes/{id}/finds", tag = "stock-takes",
    request_body = NewStockFind,
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = StockFindView)))]
pub async fn record_stock_find(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    posted: Posted<NewStockFind>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, find_view);
    let describe = |mut row: stock_find::Model| {
        let may = |field: &Field<stock_find::Model>| !OF_THE_LEDGER.contains(&field.name);
        record::set(finds::FIELDS, &mut row, &new.fields, may).into_result()?;
        Ok(row)
    };
    let recorded = acts::record_find(&ledger, &caller.actor, StockTakeId(id), describe).await;
    told(StatusCode::CREATED, recorded, |row| (row.version, find_view(row)))
}

/// What becomes of a find: the asset that was registered for it, or why it is none of the ledger's.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindSettlement {
    /// The id of the asset.
    asset: Option<i64>,
    /// The reason; it stays in the log.
    reason: Option<String>,
}

impl FindSettlement {
    fn read(&self) -> OurResult<Settling<'_>> {
        match (self.asset, &self.reason) {
            (Some(id), None) => Ok(Settling::Registered(AssetId(id))),
            (None, Some(reason)) => Ok(Settling::Dismissed(reason)),
            _ => Err(Refusal::one_settlement().into()),
        }
    }
}

/// Settle a find of a stock-take.
#[utoipa::path(post, path = "/stock-finds/{id}/settle", tag = "stock-takes",
    request_body = FindSettlement,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = StockFindView)))]
pub async fn settle_stock_find(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<FindSettlement>,
) -> Result<Response, Fault> {
    let (ledger, said) = posted.once(&state.ledger, StatusCode::OK, find_view);
    let named = (StockFindId(id), version);
    let settled = acts::settle_find(&ledger, &caller.actor, named, said.read()?).await;
    told(StatusCode::OK, settled, |row| (row.version, find_view(row)))
}
