//! Titles over the API: how far the title of an asset is settled, and who holds which right.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::NaiveDate;
use entity::{
    holding,
    id::{AssetId, OrganizationId, PersonId},
    share::Share,
    title::Model,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema, schema::Type},
};

use super::{
    body::Posted,
    caller::Caller,
    etag::{IfMatch, told, versioned},
    record,
};
use crate::{
    app,
    domain::{
        mistake::Mistakes,
        refusal::Refusal,
        title::{FIELDS, Holder, Party, blank},
    },
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
    limits,
};

/// A title: the asset, the version (0 where none was opened), and every field by its name.
pub struct TitleView;

impl PartialSchema for TitleView {
    fn schema() -> RefOr<Schema> {
        record::schema(FIELDS, &[("asset", Type::Integer), ("version", Type::Integer)], &[])
    }
}

impl ToSchema for TitleView {}

fn view(row: &Model) -> Json {
    record::with(FIELDS, row, [("asset", row.asset_id.0.into()), ("version", row.version.into())])
}

/// A title with everybody who holds or held a right.
#[derive(Serialize, ToSchema)]
pub struct TitleCard {
    /// The title.
    #[schema(value_type = TitleView)]
    title: Json,
    /// Past and present holders.
    holders: Vec<HolderView>,
}

/// A holder of a right.
#[derive(Serialize, ToSchema)]
pub struct HolderView {
    /// own, use, operate, income, dispose or supervise.
    right: &'static str,
    /// The organization, where it is one.
    organization: Option<i64>,
    /// The person, where it is one.
    person: Option<i64>,
    /// The name: of a person, masked.
    name: String,
    /// The share, such as 1/3.
    share: Option<String>,
    /// The first day.
    from_on: Option<NaiveDate>,
    /// The last day; empty while it holds.
    until_on: Option<NaiveDate>,
}

impl HolderView {
    fn of(row: &holding::Model, name: String) -> HolderView {
        HolderView {
            right: row.right.code(),
            organization: row.organization_id.map(|id| id.0),
            person: row.person_id.map(|id| id.0),
            name,
            share: row.share().map(|share| share.to_string()),
            from_on: row.from_on,
            until_on: row.until_on,
        }
    }
}

/// Get the title of an asset. Its version is what settling it takes as If-Match: "0" where none was
/// opened.
#[utoipa::path(get, path = "/assets/{id}/title", tag = "titles", params(("id" = i64, Path)),
    responses((status = 200, body = TitleCard)))]
pub async fn get_title(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let asset = read.get::<entity::asset::Entity>(AssetId(id)).await?;
    let dossier = read.dossiers(&[asset.id]).await?.pop().ok_or(Error::Conflict)?;
    let title = dossier.title.unwrap_or_else(|| blank(asset.id, asset.area_code));
    let party = |row: &holding::Model| Party::of(row.organization_id, row.person_id);
    let parties: Vec<Party> = dossier.holdings.iter().filter_map(party).collect();
    let named = read.parties(&parties).await?;
    let name = |row| party(row).and_then(|party| named.get(&party)).cloned().unwrap_or_default();
    let holders = dossier.holdings.iter().map(|row| HolderView::of(row, name(row).name)).collect();
    Ok(versioned(StatusCode::OK, title.version, TitleCard { title: view(&title), holders }))
}

/// How a title is to be settled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// The fields that change; the others stay.
    #[schema(value_type = TitleView)]
    fields: Map<String, Json>,
    /// Who holds which right from today on. Rights that are not named stay as they are.
    #[serde(default)]
    holders: Vec<NewHolder>,
}

/// A holder of a right: one organization or one person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHolder {
    /// own, use, operate, income, dispose or supervise.
    right: String,
    /// The organization, where it is one.
    organization: Option<i64>,
    /// The person, where it is one.
    person: Option<i64>,
    /// The share, such as 1/3; all of it when nothing is said.
    #[schema(value_type = Option<String>)]
    share: Option<Share>,
}

/// One organization or one person.
pub(super) fn party(organization: Option<i64>, person: Option<i64>) -> OurResult<Party> {
    match (organization, person) {
        (Some(id), None) => Ok(Party::Organization(OrganizationId(id))),
        (None, Some(id)) => Ok(Party::Person(PersonId(id))),
        _ => Err(Refusal::one_party().into()),
    }
}

impl Settlement {
    fn holders(&self) -> OurResult<Vec<Holder>> {
        if self.holders.len() > limits::HOLDERS * holding::Right::ALL.len() {
            return Err(Refusal::too_many(limits::HOLDERS).into());
        }
        let mut mistakes = Mistakes::default();
        let mut holders = Vec::with_capacity(self.holders.len());
        for holder in &self.holders {
            let right = record::value_of("right", Some(&holder.right), &mut mistakes);
            let Some(right) = right else { continue };
            let party = party(holder.organization, holder.person)?;
            holders.push(Holder { right, party, share: holder.share.unwrap_or(Share::WHOLE) });
        }
        mistakes.into_result()?;
        Ok(holders)
    }
}

/// Settle the title of an asset. If-Match is the version of the title, not of the asset: "0" where
/// none was opened.
#[utoipa::path(post, path = "/assets/{id}/title/settle", tag = "titles", request_body = Settlement,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = TitleView)))]
pub async fn settle_title(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Settlement>,
) -> Result<Response, Fault> {
    let (ledger, asked) = posted.once(&state.ledger, StatusCode::OK, view);
    let holders = asked.holders()?;
    let change = |mut title: Model| -> OurResult<Model> {
        record::set(FIELDS, &mut title, &asked.fields, |_| true).into_result()?;
        Ok(title)
    };
    let at = (AssetId(id), version);
    let done = app::title::settle_at(&ledger, &caller.actor, at, change, &holders).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}
