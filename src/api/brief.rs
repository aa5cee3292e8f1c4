//! Briefs over the API: what of a month is told of each town.

use axum::{extract::State, http::StatusCode, response::Response};
use entity::area::AreaCode;
use serde::{Deserialize, Serialize};

use super::{
    body::{Asked, answer},
    caller::Caller,
};
use crate::{
    app::brief::{self, Aim, Brief, Briefs},
    domain::{
        brief::Month,
        mistake::{Mistake, Mistakes},
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
    store::Ledger,
};

/// What briefs are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct BriefQuery {
    /// A county or a town; the caller's own area when nothing is said.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// Such as 2026-05: this month or one of the twelve before it; this one when nothing is said.
    month: Option<String>,
}

impl BriefQuery {
    fn month(&self, ledger: &Ledger) -> OurResult<Option<Month>> {
        let Some(text) = &self.month else { return Ok(None) };
        let read = Month::read(text, ledger.today());
        let wrong = |expected| Mistakes(vec![Mistake::new("month", text, expected)]);
        Ok(Some(read.map_err(wrong)?))
    }
}

/// A share that is aimed at.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AimView {
    /// The assets that are as they should be, at the end of the month.
    part: i64,
    /// All assets, today.
    whole: i64,
    /// The part at the end of the month before.
    part_before: i64,
    /// What is aimed at, in hundredths of a percent.
    target_bp: i64,
    /// The place among the towns of the county; told to readers of the whole county.
    place: Option<usize>,
    /// The same a month before.
    place_before: Option<usize>,
}

impl AimView {
    const fn of(aim: &Aim) -> AimView {
        AimView {
            part: aim.share.part,
            whole: aim.share.whole,
            part_before: aim.before.part,
            target_bp: aim.target_bp,
            place: aim.place,
            place_before: aim.place_before,
        }
    }
}

/// How often a rule was broken.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RuleCount {
    /// The code of the rule.
    rule: &'static str,
    /// How many findings.
    n: i64,
}

/// What of a month is told of one town.
#[derive(Serialize, utoipa::ToSchema)]
pub struct BriefView {
    /// The town.
    area_code: String,
    /// Its name.
    name: String,
    /// Its assets, today.
    assets: i64,
    /// Their original value in yuan, today.
    value: String,
    /// Those that somebody maintains.
    maintained: AimView,
    /// Those whose title is confirmed.
    titled: AimView,
    /// Findings that stood at the end of the month.
    findings: i64,
    /// Findings that opened in the month.
    opened: i64,
    /// Findings that cleared in the month.
    cleared: i64,
    /// What stood at its end most often.
    most: Vec<RuleCount>,
    /// Rectifications that are late, today.
    late: i64,
    /// Inspections of the month.
    inspected: i64,
    /// Assets that are, today, due to be inspected by the end of the month.
    inspections_due: i64,
    /// Work orders found in the month.
    orders_found: i64,
    /// Work orders that came to their end in the month.
    orders_ended: i64,
    /// Work orders that are open, today.
    orders_open: i64,
    /// Work orders that are late, today.
    orders_late: i64,
    /// Money set aside for the year in yuan, today.
    set_aside: String,
    /// What of it is spent, today.
    spent: String,
    /// What was paid in the month.
    paid: String,
}

impl BriefView {
    fn of(brief: &Brief) -> BriefView {
        let [orders_found, orders_ended, orders_open, orders_late] = brief.orders;
        let most = brief.most.iter().map(|(rule, n)| RuleCount { rule: rule.code(), n: *n });
        BriefView {
            area_code: brief.area.to_string(),
            name: brief.name.clone(),
            assets: brief.assets.n,
            value: brief.assets.value.to_string(),
            maintained: AimView::of(&brief.maintained),
            titled: AimView::of(&brief.titled),
            findings: brief.stood,
            opened: brief.opened,
            cleared: brief.cleared,
            most: most.collect(),
            late: brief.late,
            inspected: brief.inspected,
            inspections_due: brief.due,
            orders_found,
            orders_ended,
            orders_open,
            orders_late,
            set_aside: brief.set_aside.to_string(),
            spent: brief.spent.to_string(),
            paid: brief.paid.to_string(),
        }
    }
}

/// The briefs of a month.
#[derive(Serialize, utoipa::ToSchema)]
pub struct BriefsView {
    /// The county or the town.
    area_code: String,
    /// The month.
    month: String,
    /// How many towns are compared.
    n_compared: Option<usize>,
    /// One a town.
    towns: Vec<BriefView>,
}

impl BriefsView {
    fn of(briefs: &Briefs) -> BriefsView {
        BriefsView {
            area_code: briefs.area.to_string(),
            month: briefs.month.to_string(),
            n_compared: briefs.n_compared,
            towns: briefs.towns.iter().map(BriefView::of).collect(),
        }
    }
}

/// List the briefs of a month, one a town. What the kept sums know is as of the month's end; what is
/// said to be today's is.
#[utoipa::path(get, path = "/briefs", tag = "reports", params(BriefQuery),
    responses((status = 200, body = BriefsView)))]
pub async fn list_briefs(
    State(state): State<AppState>,
    caller: Caller,
    Asked(query): Asked<BriefQuery>,
) -> Result<Response, Fault> {
    let month = query.month(&state.ledger)?;
    let briefs = brief::briefs(&state.ledger, &caller.actor, query.area, month).await?;
    Ok(answer(StatusCode::OK, BriefsView::of(&briefs)))
}
