//! The plan of inspections over the API.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use axum::{extract::State, http::StatusCode, response::Response};
use entity::area::AreaCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    body::{Asked, answer},
    caller::Caller,
};
use crate::{
    app::{
        self,
        inspection_plan::{Line, Load, Share},
    },
    domain::title::Party,
    http::{AppState, fault::Fault},
};

/// Of which area the plan is told.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AskedPlan {
    /// An area within the caller's; the caller's own where none is named.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
}

/// What intervals ask for.
#[derive(Serialize, ToSchema)]
pub struct PlanLoad {
    /// How many assets.
    assets: i64,
    /// How many inspections a year, rounded up.
    a_year: i64,
    /// How many assets are due within 7 days.
    due: i64,
    /// How many are overdue.
    overdue: i64,
}

fn load(load: Load) -> PlanLoad {
    PlanLoad { assets: load.n, a_year: load.a_year, due: load.due, overdue: load.overdue }
}

/// The assets of a kind that have one interval.
#[derive(Serialize, ToSchema)]
pub struct PlanLine {
    /// The subclass, such as `road`; null where it is not recorded.
    kind: Option<&'static str>,
    /// Days between two inspections; 0 where the nightly round has yet to tell.
    interval_days: i32,
    /// What that asks for.
    load: PlanLoad,
}

fn line(line: &Line) -> PlanLine {
    let kind = line.kind.map(entity::asset::Subclass::code);
    PlanLine { kind, interval_days: line.interval_days, load: load(line.load) }
}

/// What falls to somebody.
#[derive(Serialize, ToSchema)]
pub struct PlanShare {
    /// Id of the organization; null where it is a person or nobody.
    organization: Option<i64>,
    /// Id of the person; null where it is an organization or nobody.
    person: Option<i64>,
    /// What it asks for.
    load: PlanLoad,
}

fn share(share: &Share) -> PlanShare {
    let (organization, person) = match share.bearer {
        Some(Party::Organization(id)) => (Some(id.0), None),
        Some(Party::Person(id)) => (None, Some(id.0)),
        None => (None, None),
    };
    PlanShare { organization, person, load: load(share.load) }
}

/// The plan of inspections of an area.
#[derive(Serialize, ToSchema)]
pub struct InspectionPlanView {
    /// Which area.
    area_code: String,
    /// The whole.
    whole: PlanLoad,
    /// By kind and interval.
    kinds: Vec<PlanLine>,
    /// By organization that maintains, the largest first.
    organizations: Vec<PlanShare>,
    /// By person who keeps, the largest first.
    persons: Vec<PlanShare>,
    /// Whether there are more of either than are told.
    is_cut: bool,
}

/// Get the plan of inspections of an area: how often, how many a year, how many due, and whose they are.
#[utoipa::path(get, path = "/inspections/plan", tag = "inspections", params(AskedPlan),
    responses((status = 200, body = InspectionPlanView)))]
pub async fn get_inspection_plan(
    State(state): State<AppState>,
    caller: Caller,
    Asked(asked): Asked<AskedPlan>,
) -> Result<Response, Fault> {
    let plan = app::inspection_plan::plan(&state.ledger, &caller.actor, asked.area).await?;
    let view = InspectionPlanView {
        area_code: plan.area.to_string(),
        whole: load(plan.whole),
        kinds: plan.lines.iter().map(line).collect(),
        organizations: plan.bodies.iter().map(share).collect(),
        persons: plan.people.iter().map(share).collect(),
        is_cut: plan.is_cut,
    };
    Ok(answer(StatusCode::OK, view))
}
