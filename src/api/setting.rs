//! Local rules over the API: what holds in an area and why, trying a value out, setting it,
//! withdrawing one that has not begun.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    area::AreaCode,
    finding::Rule,
    id::SettingId,
    language::Sentence,
    setting::{Key, Model},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Asked, Body, Posted, answer, replayed},
    caller::Caller,
    etag::{IfMatch, told, versioned},
};
use crate::{
    app::{
        self,
        setting::{Applied, Forecast, Standing, Told},
    },
    domain::{
        mistake::{Mistake, Mistakes},
        setting::{Kind, Proposal, value_of},
    },
    error::Result as OurResult,
    http::{AppState, fault::Fault},
    limits,
};

/// A text in both languages.
#[derive(Serialize, ToSchema)]
pub struct BothView {
    /// Chinese.
    zh: String,
    /// English.
    en: String,
}

impl From<Sentence> for BothView {
    fn from(Sentence { zh, en }: Sentence) -> BothView {
        BothView { zh, en }
    }
}

/// A value that a local rule was given.
#[derive(Serialize, ToSchema)]
pub struct SettingView {
    /// Its id.
    id: i64,
    /// Its version.
    version: i64,
    /// The rule, such as `idle_days`.
    key: String,
    /// The area; it holds for all in it, unless an area below has a value of its own.
    area_code: String,
    /// The value: days, percent, yes or no, or a code.
    value: String,
    /// The document that says so.
    basis_title: String,
    /// Its number.
    basis_no: Option<String>,
    /// The first day.
    from_on: NaiveDate,
    /// The day on which it was withdrawn, before it began.
    withdrawn_on: Option<NaiveDate>,
    /// When it was set.
    set_at: DateTime<Utc>,
    /// By whom.
    set_by: Option<String>,
    /// What checking the assets of the area came to, where the value began at once; a repeated request
    /// is not told again.
    applied: Option<AppliedView>,
}

/// What checking assets by a rule came to.
#[derive(Serialize, ToSchema)]
pub struct AppliedView {
    /// Assets that were checked.
    assets: usize,
    /// Findings that opened.
    opened: usize,
    /// Findings that closed.
    closed: usize,
    /// Whether all assets of the area were; the others wait for the nightly round.
    is_complete: bool,
}

impl From<Applied> for AppliedView {
    fn from(Applied { assets, opened, closed, is_complete }: Applied) -> AppliedView {
        AppliedView { assets, opened, closed, is_complete }
    }
}

fn view(row: &Model) -> SettingView {
    SettingView {
        id: row.id.0,
        version: row.version,
        key: row.key.to_string(),
        area_code: row.area_code.to_string(),
        value: value_of(row).typed(),
        basis_title: row.basis_title.clone(),
        basis_no: row.basis_no.clone(),
        from_on: row.from_on,
        withdrawn_on: row.withdrawn_on,
        set_at: row.created_at,
        set_by: None,
        applied: None,
    }
}

/// A local rule as it stands in an area.
#[derive(Serialize, ToSchema)]
pub struct RuleView {
    /// Which rule.
    key: String,
    /// What people call it.
    label: BothView,
    /// What it does.
    purpose: BothView,
    /// What it takes: days, percent, `yes_no` or word.
    kind: &'static str,
    /// The codes it may be, where it takes a word.
    choices: Vec<&'static str>,
    /// The least it may be, where it takes a number.
    least: Option<i64>,
    /// The most it may be, where it takes a number.
    most: Option<i64>,
    /// The value that holds today.
    value: String,
    /// What holds where nobody has said anything.
    default: String,
    /// The row that holds; none where the default does.
    in_force: Option<i64>,
    /// Every value of the area and of those above it, the latest first.
    history: Vec<SettingView>,
}

/// The local rules of an area.
#[derive(Serialize, ToSchema)]
pub struct RulesView {
    /// The area.
    area_code: String,
    /// The day on which they hold.
    day: NaiveDate,
    /// Every rule.
    rules: Vec<RuleView>,
}

fn rule(told: &Told, standing: &Standing) -> RuleView {
    let definition = &standing.definition;
    // shares are kept in hundredths of a percent and told in percent, amounts in fen and in yuan
    let bound = |number: i64| match definition.kind {
        Kind::Days | Kind::Years => Some(number),
        Kind::Percent | Kind::Money => Some(number / 100),
        Kind::Truth | Kind::Word(_) => None,
    };
    let of = |row: &Model| SettingView { set_by: told.who.get(&row.id).cloned(), ..view(row) };
    RuleView {
        key: definition.key.to_string(),
        label: definition.label.clone().into(),
        purpose: definition.purpose.clone().into(),
        kind: definition.kind.code(),
        choices: match definition.kind {
            Kind::Word(choices) => choices.iter().map(|(code, _)| *code).collect(),
            Kind::Truth => vec!["yes", "no"],
            Kind::Days | Kind::Years | Kind::Percent | Kind::Money => Vec::new(),
        },
        least: bound(definition.least),
        most: bound(definition.most),
        value: standing.value.typed(),
        default: definition.default.typed(),
        in_force: standing.row.as_ref().map(|row| row.id.0),
        history: standing.history.iter().map(of).collect(),
    }
}

/// Whose rules are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct SettingQuery {
    /// An area code of twelve digits: in the caller's own area, or above it.
    #[param(value_type = Option<String>)]
    area: Option<AreaCode>,
}

/// List the local rules that hold in an area, each with its history.
#[utoipa::path(get, path = "/settings", tag = "settings", params(SettingQuery),
    responses((status = 200, body = RulesView)))]
pub async fn list_settings(
    State(state): State<AppState>,
    caller: Caller,
    Asked(query): Asked<SettingQuery>,
) -> Result<Response, Fault> {
    let told = app::setting::told(&state.ledger, &caller.actor, query.area).await?;
    let rules = told.rules.iter().map(|standing| rule(&told, standing)).collect();
    let view = RulesView { area_code: told.area.to_string(), day: told.day, rules };
    Ok(answer(StatusCode::OK, view))
}

/// A value for a local rule.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSetting {
    /// The rule, such as `idle_days`.
    key: String,
    /// The area, and all in it.
    #[schema(value_type = String)]
    area_code: AreaCode,
    /// The value: days, percent, yes or no, or a code.
    value: String,
    /// The document that says so.
    basis_title: String,
    /// Its number.
    basis_no: Option<String>,
    /// The first day: today, or later.
    from_on: NaiveDate,
}

impl NewSetting {
    fn proposal(self) -> OurResult<Proposal> {
        let key: Key = self.key.parse().map_err(|_| {
            let codes: Vec<String> = Key::all().map(|key| key.to_string()).collect();
            let codes = codes.join(", ");
            let expected =
                Sentence::new(format!("应为其中之一：{codes}"), format!("one of: {codes}"));
            Mistakes(vec![Mistake::new("key", &self.key, expected)])
        })?;
        let NewSetting { area_code: area, value, basis_title, basis_no, from_on, .. } = self;
        Ok(Proposal { key, area, value, basis_title, basis_no, from_on })
    }
}

/// Set a local rule. One that begins today is put into effect at once.
#[utoipa::path(post, path = "/settings", tag = "settings", request_body = NewSetting,
    params(("Idempotency-Key" = String, Header)), responses((status = 201, body = SettingView)))]
pub async fn set_setting(
    State(state): State<AppState>,
    caller: Caller,
    posted: Posted<NewSetting>,
) -> Result<Response, Fault> {
    let (ledger, new) = posted.once(&state.ledger, StatusCode::CREATED, view);
    match app::setting::set(&ledger, &caller.actor, &new.proposal()?).await {
        Ok((row, applied)) => {
            let set_by = Some(caller.actor.name().to_owned());
            let view = SettingView { applied: applied.map(Into::into), set_by, ..view(&row) };
            Ok(versioned(StatusCode::CREATED, row.version, view))
        }
        Err(error) => replayed(error),
    }
}

/// Withdraw a value that has not begun.
#[utoipa::path(post, path = "/settings/{id}/withdraw", tag = "settings",
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    request_body = Withdrawal, responses((status = 200, body = SettingView)))]
pub async fn withdraw_setting(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Withdrawal>,
) -> Result<Response, Fault> {
    let (ledger, Withdrawal {}) = posted.once(&state.ledger, StatusCode::OK, view);
    let named = (SettingId(id), version);
    let withdrawn = app::setting::withdraw(&ledger, &caller.actor, named).await;
    told(StatusCode::OK, withdrawn, |row| (row.version, view(row)))
}

/// Nothing more to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {}

/// What a value would change.
#[derive(Serialize, ToSchema)]
pub struct ForecastView {
    /// Assets that were looked at.
    assets: usize,
    /// Findings that would open on the first day, by rule.
    opened: BTreeMap<&'static str, usize>,
    /// Findings that would close.
    closed: BTreeMap<&'static str, usize>,
    /// Whether all assets of the area were looked at.
    is_complete: bool,
}

impl From<Forecast> for ForecastView {
    fn from(forecast: Forecast) -> ForecastView {
        let by_code = |counted: BTreeMap<Rule, usize>| {
            counted.into_iter().map(|(rule, n)| (rule.code(), n)).collect()
        };
        ForecastView {
            assets: forecast.assets,
            opened: by_code(forecast.opened),
            closed: by_code(forecast.closed),
            is_complete: forecast.is_complete,
        }
    }
}

/// Tell how many findings a value would open and close. Nothing is changed.
#[utoipa::path(post, path = "/settings/what-if", tag = "settings", request_body = NewSetting,
    responses((status = 200, body = ForecastView)))]
pub async fn try_setting(
    State(state): State<AppState>,
    caller: Caller,
    Body(new): Body<NewSetting>,
) -> Result<Response, Fault> {
    let (proposal, at_most) = (new.proposal()?, limits::RULE_ASSETS);
    let forecast = app::setting::what_if(&state.ledger, &caller.actor, &proposal, at_most).await?;
    Ok(answer(StatusCode::OK, ForecastView::from(forecast)))
}
