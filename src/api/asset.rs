//! Assets over the API: lists, cards, and what people do with them.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{NaiveDate, SecondsFormat};
use entity::{
    area::AreaCode,
    asset::{self, Class, Model, Subclass, UseState},
    id::AssetId,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::{Asked, Body, Posted, answer, replayed},
    caller::Caller,
    card::CardView,
    etag::{IfMatch, etag},
    page::{AskedList, ListBody, Page},
    record,
};
use crate::{
    app::{self, asset::Registration, card::Key, listing},
    domain::{
        as_of::AsOf,
        asset::{Completeness, FIELDS, blank},
        field::Change,
        funding::{FIELDS as SOURCE_FIELDS, Source},
        mistake::{Mistake, Mistakes},
    },
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
    store::list::as_of,
};

/// Reads a coded value.
fn coded<T: crate::domain::field::FieldValue>(
    field: &'static str,
    text: Option<&String>,
    mistakes: &mut Mistakes,
) -> Option<T> {
    match T::read(Some(text?), crate::domain::field::Reading::default()) {
        Ok(value) => Some(value),
        Err(expected) => {
            mistakes.push(Mistake::new(field, text?, expected));
            None
        }
    }
}

/// An asset as a list shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetRow {
    /// Its id.
    id: i64,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// Where it lies.
    area_code: String,
    /// public, operating or household.
    class: &'static str,
    /// Its subclass.
    subclass: Option<&'static str>,
    /// Its state on the books.
    state: &'static str,
    /// Its use.
    use_state: Option<&'static str>,
    /// Its original value in yuan.
    original_value: Option<String>,
    /// When it was acquired.
    acquired_on: Option<NaiveDate>,
    /// Its version.
    version: i64,
}

impl From<Model> for AssetRow {
    fn from(asset: Model) -> AssetRow {
        AssetRow {
            id: asset.id.0,
            code: asset.code,
            name: asset.name,
            area_code: asset.area_code.to_string(),
            class: asset.class.code(),
            subclass: asset.subclass.map(Subclass::code),
            state: asset.state.code(),
            use_state: asset.use_state.map(UseState::code),
            original_value: asset.original_value.map(|money| money.to_string()),
            acquired_on: asset.acquired_on,
            version: asset.version,
        }
    }
}

/// An asset's card: id, version, and every field by its name.
pub struct AssetView;

impl PartialSchema for AssetView {
    fn schema() -> RefOr<Schema> {
        record::schema(
            FIELDS,
            &[
                ("id", Type::Integer),
                ("version", Type::Integer),
                ("area_code", Type::String),
                ("updated_at", Type::String),
            ],
            &[("project_id", Type::Integer), ("implementing_unit_id", Type::Integer)],
        )
    }
}

impl ToSchema for AssetView {}

/// One source of an asset's money.
pub struct SourceView;

impl PartialSchema for SourceView {
    fn schema() -> RefOr<Schema> {
        record::schema(SOURCE_FIELDS, &[], &[])
    }
}

impl ToSchema for SourceView {}

/// The fields of a card, by name, with its id, version and references.
pub(super) fn fields_of(asset: &Model) -> Map<String, Json> {
    let mut fields = record::shown(FIELDS, asset);
    let beside: [(&str, Json); 6] = [
        ("id", asset.id.0.into()),
        ("version", asset.version.into()),
        ("area_code", asset.area_code.to_string().into()),
        ("project_id", asset.project_id.map(|id| id.0).into()),
        ("implementing_unit_id", asset.implementing_unit_id.map(|id| id.0).into()),
        ("updated_at", asset.updated_at.to_rfc3339_opts(SecondsFormat::Millis, true).into()),
    ];
    fields.extend(beside.map(|(name, value)| (name.to_owned(), value)));
    fields
}

/// A card as JSON.
fn view(asset: &Model) -> Json {
    Json::Object(fields_of(asset))
}

/// An answer with the card and its version.
fn card(status: StatusCode, asset: &Model) -> Response {
    (etag(asset.version), answer(status, view(asset))).into_response()
}

/// List assets, as they stand or as they were recorded at an earlier time.
#[utoipa::path(get, path = "/assets", tag = "assets", params(AskedList<asset::Entity>),
    responses((status = 200, body = Page<AssetRow>)))]
pub async fn list_assets(
    State(state): State<AppState>,
    caller: Caller,
    AskedList(list): AskedList<asset::Entity>,
) -> Result<Response, Fault> {
    let listing = listing::assets(&state.ledger, &caller.actor, &list).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, AssetRow::from)))
}

/// What assets are looked for by.
type AssetSearch = ListBody<asset::Entity>;

/// Look for assets by words that belong in no address: `q` may be the full name of a keeper, for
/// roles that may know people. It changes nothing, so no Idempotency-Key is asked for.
#[utoipa::path(post, path = "/assets/search", tag = "assets",
    request_body = AssetSearch, responses((status = 200, body = Page<AssetRow>)))]
pub async fn search_assets(
    State(state): State<AppState>,
    caller: Caller,
    Body(body): Body<AssetSearch>,
) -> Result<Response, Fault> {
    let listing = listing::search_assets(&state.ledger, &caller.actor, body.list()?).await?;
    Ok(answer(StatusCode::OK, Page::of(listing, AssetRow::from)))
}

/// As recorded when.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PastQuery {
    /// As recorded at the end of a day, or at an instant.
    as_of: Option<String>,
}

impl PastQuery {
    fn as_of(&self) -> OurResult<Option<AsOf>> {
        let mut mistakes = Mistakes::default();
        let as_of = self.as_of.as_deref().map(as_of).transpose();
        let as_of = as_of.unwrap_or_else(|mistake| {
            mistakes.push(mistake);
            None
        });
        mistakes.into_result()?;
        Ok(as_of)
    }
}

/// The card with everything beside it; the version that can be changed is that of the present.
async fn whole_card(
    state: &AppState,
    caller: &Caller,
    key: Key<'_>,
    query: &PastQuery,
) -> Result<Response, Fault> {
    let card = app::card::card(&state.ledger, &caller.actor, key, query.as_of()?).await?;
    let version = card.dossier.asset.version;
    let view = answer(StatusCode::OK, CardView::from(card));
    Ok(if query.as_of.is_some() { view } else { (etag(version), view).into_response() })
}

/// Get an asset's card, as it stands or as it was recorded at an earlier time.
#[utoipa::path(get, path = "/assets/{id}", tag = "assets", params(("id" = i64, Path), PastQuery),
    responses((status = 200, body = CardView)))]
pub async fn get_asset(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    Asked(query): Asked<PastQuery>,
) -> Result<Response, Fault> {
    whole_card(&state, &caller, Key::Id(AssetId(id)), &query).await
}

/// Get an asset's card by the asset's code.
#[utoipa::path(get, path = "/assets/by-code/{code}", tag = "assets",
    params(("code" = String, Path), PastQuery), responses((status = 200, body = CardView)))]
pub async fn get_asset_by_code(
    State(state): State<AppState>,
    caller: Caller,
    Path(code): Path<String>,
    Asked(query): Asked<PastQuery>,
) -> Result<Response, Fault> {
    whole_card(&state, &caller, Key::Code(&code), &query).await
}

/// A new asset.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAsset {
    /// Where it lies.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// Where the money came from.
    #[schema(value_type = Vec<SourceView>)]
    #[serde(default)]
    funding: Vec<Map<String, Json>>,
    /// The fields of the card.
    #[schema(value_type = AssetView)]
    fields: Map<String, Json>,
}

impl NewAsset {
    fn registration(self) -> OurResult<Registration> {
        let mut asset = blank(self.area_code, Class::Public, "");
        let mut mistakes = record::set(FIELDS, &mut asset, &self.fields, |_| true);
        for needed in ["name", "class"] {
            let field = crate::domain::field::field(FIELDS, needed);
            if let Some(field) = field.filter(|_| !self.fields.contains_key(needed)) {
                mistakes.push(Mistake::missing(field.name, field.label));
            }
        }
        let mut sources = Vec::new();
        for fields in &self.funding {
            let mut source = Source::default();
            mistakes.0.extend(record::set(SOURCE_FIELDS, &mut source, fields, |_| true).0);
            sources.push(source);
        }
        mistakes.into_result()?;
        Ok(Registration { sources, ..Registration::of(asset) })
    }
}

/// Register an asset.
#[utoipa::path(post, path = "/assets", tag = "assets", request_body = NewAsset,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = AssetView)))]
pub async fn register_asset(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewAsset>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    let registration = new.registration()?;
    let whole = Completeness::Whole;
    match app::asset::register(&ledger, &caller.actor, registration, whole).await {
        Ok(asset) => Ok(card(StatusCode::CREATED, &asset)),
        Err(error) => replayed(error),
    }
}

/// A card with some fields set.
fn changed(
    mut card: Model,
    fields: &Map<String, Json>,
    may: impl Fn(Change) -> bool,
) -> OurResult<Model> {
    record::set(FIELDS, &mut card, fields, |field| may(field.change)).into_result()?;
    Ok(card)
}

/// Amend ordinary fields of an asset.
#[utoipa::path(patch, path = "/assets/{id}", tag = "assets", request_body = AssetView,
    params(("id" = i64, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = AssetView)))]
pub async fn amend_asset(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    Body(fields): Body<Map<String, Json>>,
) -> Result<Response, Fault> {
    let change = |card| changed(card, &fields, |change| change == Change::Amend);
    let named = (AssetId(id), version);
    let done = app::asset::amend(&state.ledger, &caller.actor, named, change).await?;
    Ok(card(StatusCode::OK, &done))
}

/// A correction.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Why; it stays in the log.
    reason: String,
    /// The fields as they ought to be.
    #[schema(value_type = AssetView)]
    fields: Map<String, Json>,
}

/// Correct what was recorded wrongly.
#[utoipa::path(post, path = "/assets/{id}/correct", tag = "assets", request_body = Correction,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AssetView)))]
pub async fn correct_asset(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Correction>,
) -> Result<Response, Fault> {
    let (ledger, Correction { reason, fields }) = posted.once(&state.ledger, StatusCode::OK, view);
    let change = |card| changed(card, &fields, |change| change != Change::Fixed);
    let named = (AssetId(id), version);
    finished(app::asset::correct(&ledger, &caller.actor, named, &reason, change).await)
}

/// The card after an action, or the answer to a request that came before.
fn finished(done: OurResult<Model>) -> Result<Response, Fault> {
    match done {
        Ok(asset) => Ok(card(StatusCode::OK, &asset)),
        Err(error) => replayed(error),
    }
}

/// Another class.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reclassing {
    /// Why; it stays in the log.
    reason: String,
    /// public, operating or household.
    class: String,
    /// The subclass.
    subclass: Option<String>,
}

/// Put an asset into another class.
#[utoipa::path(post, path = "/assets/{id}/reclass", tag = "assets", request_body = Reclassing,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AssetView)))]
pub async fn reclass_asset(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Reclassing>,
) -> Result<Response, Fault> {
    let (ledger, asked) = posted.once(&state.ledger, StatusCode::OK, view);
    let mut mistakes = Mistakes::default();
    let class = coded("class", Some(&asked.class), &mut mistakes);
    let subclass = coded("subclass", asked.subclass.as_ref(), &mut mistakes);
    mistakes.into_result().map_err(Error::from)?;
    let class = class.unwrap_or(Class::Public);
    let named = (AssetId(id), version);
    let kind = (class, subclass);
    finished(app::asset::reclass(&ledger, &caller.actor, named, kind, &asked.reason).await)
}

/// A handover.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// The day.
    on: NaiveDate,
    /// The number of the document.
    document_no: Option<String>,
}

/// Hand an asset over.
#[utoipa::path(post, path = "/assets/{id}/hand-over", tag = "assets", request_body = Handover,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AssetView)))]
pub async fn hand_over_asset(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Handover>,
) -> Result<Response, Fault> {
    let (ledger, Handover { on, document_no }) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (AssetId(id), version);
    finished(app::asset::hand_over(&ledger, &caller.actor, named, on, document_no).await)
}
