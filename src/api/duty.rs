//! Duties over the API: assigning one to assets that are named, or to all that a filter has.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode, response::Response};
use entity::{
    area::AreaCode,
    asset,
    duty::{Kind, Model},
    id::AssetId,
    language::Label,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{
    body::{Posted, answer, replayed},
    caller::Caller,
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

/// What a duty asks: the fields by their names, but its kind.
pub struct TermsView;

impl PartialSchema for TermsView {
    fn schema() -> RefOr<Schema> {
        record::schema(FIELDS, &[])
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
