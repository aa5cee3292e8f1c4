//! Reports over the API: the same tables as everywhere else, as JSON, CSV or a workbook.

use std::str::FromStr;

use axum::{extract::State, http::HeaderMap, response::Response};
use entity::{area::AreaCode, asset::Class, finding::Rule, language::Sentence};
use serde::Deserialize;

use super::{
    body::{Asked, Body},
    caller::Caller,
};
use crate::{
    app::{
        output::Format,
        report::{self, AsOf, ReportRequest},
    },
    domain::{
        field,
        mistake::{Mistake, Mistakes},
    },
    error::{Error, Result as OurResult},
    http::{
        AppState,
        download::{download, target},
        fault::{Fault, language_of},
    },
    store::report::Grouping,
};

/// What a report is asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams, utoipa::ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ReportQuery {
    /// An area code of twelve digits; the caller's own area when nothing is said.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// public, operating or household.
    class: Option<String>,
    /// Sums by province, prefecture, county, town, village, class or subclass.
    by: Option<String>,
    /// Of findings: the code of a rule, such as G02.
    rule: Option<String>,
    /// As recorded at the end of a day, or at an instant.
    as_of: Option<String>,
    /// Whether disposed, void and no longer standing assets count too.
    gone: bool,
    /// Whether waived findings count too.
    waived: bool,
    /// json, csv or xlsx.
    format: Option<String>,
}

impl ReportQuery {
    fn request(&self) -> OurResult<(ReportRequest, Option<Rule>, Format)> {
        let mut mistakes = Mistakes::default();
        let request = ReportRequest {
            area: self.area,
            class: parsed("class", self.class.as_ref(), class, &mut mistakes),
            by: parsed("by", self.by.as_ref(), in_both::<Grouping>, &mut mistakes),
            as_of: parsed("as_of", self.as_of.as_ref(), in_both::<AsOf>, &mut mistakes),
            with_gone: self.gone,
            with_waived: self.waived,
        };
        let rule = parsed("rule", self.rule.as_ref(), rule, &mut mistakes);
        let format = match self.format.as_deref() {
            None | Some("json") => Format::Json,
            Some("csv") => Format::Csv,
            Some("xlsx") => Format::Xlsx,
            Some(other) => {
                let expected = Sentence::new("应为 json、csv 或 xlsx", "json, csv or xlsx");
                mistakes.push(Mistake::new("format", other, expected));
                Format::Json
            }
        };
        mistakes.into_result()?;
        Ok((request, rule, format))
    }
}

/// Reads one word of a query.
fn parsed<T>(
    field: &'static str,
    text: Option<&String>,
    read: fn(&str) -> Result<T, Sentence>,
    mistakes: &mut Mistakes,
) -> Option<T> {
    let text = text?;
    read(text).map_err(|expected| mistakes.push(Mistake::new(field, text, expected))).ok()
}

fn class(text: &str) -> Result<Class, Sentence> {
    text.parse().map_err(|()| field::unlisted(Class::CHOICES).expected)
}

fn rule(text: &str) -> Result<Rule, Sentence> {
    field::rule(text).map_err(|why| why.expected)
}

/// Reads what says in both languages how it is written.
fn in_both<T: FromStr<Err = String>>(text: &str) -> Result<T, Sentence> {
    text.parse().map_err(|said: String| Sentence::of_both(&said))
}

/// Report the assets that nobody maintains; those of which it is not known are told apart.
#[utoipa::path(get, path = "/reports/no-maintainer", tag = "reports", params(ReportQuery),
    responses((status = 200, description = "`total.count` and `rows`")))]
pub async fn report_no_maintainer(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Asked(query): Asked<ReportQuery>,
) -> Result<Response, Fault> {
    let (request, rule, format) = query.request()?;
    refuse_named("rule", rule.is_some())?;
    let (target, file) = target(&state, language_of(&headers), format)?;
    report::no_maintainer(&state.ledger, &caller.actor, &request, target).await?;
    Ok(download(file, format, "no-maintainer"))
}

/// Why those who have to act are revealed, and in which report.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealedReport {
    /// Why; it stays in the log. 1 to 500 characters.
    reason: String,
    /// The report, in the words of the query of `GET /reports/no-maintainer`.
    #[serde(default)]
    report: ReportQuery,
}

/// Report the assets that nobody maintains, with those who have to act shown whole. Each time
/// leaves an entry in the log, with the reason and without what was shown; a repetition is another
/// look, so it takes no Idempotency-Key.
#[utoipa::path(post, path = "/reports/no-maintainer/reveal", tag = "reports",
    request_body = RevealedReport,
    responses((status = 200, description = "`total.count` and `rows`")))]
pub async fn reveal_no_maintainer(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Body(asked): Body<RevealedReport>,
) -> Result<Response, Fault> {
    let (request, rule, format) = asked.report.request()?;
    refuse_named("rule", rule.is_some())?;
    refuse_named("by", request.by.is_some())?;
    let (target, file) = target(&state, language_of(&headers), format)?;
    let (ledger, actor, reason) = (&state.ledger, &caller.actor, &asked.reason);
    report::reveal_no_maintainer(ledger, actor, &request, reason, target).await?;
    Ok(download(file, format, "no-maintainer"))
}

/// Refuses a word that this report has no use for.
fn refuse_named(field: &'static str, is_named: bool) -> OurResult<()> {
    let expected = Sentence::new("此表不用这个条件", "this report has no use for it");
    let mistakes = is_named.then(|| Mistakes(vec![Mistake::new(field, "", expected)]));
    mistakes.map_or(Ok(()), |mistakes| Err(Error::Invalid(mistakes)))
}

/// Report the findings of a rule, or how many there are of each when none is named.
#[utoipa::path(get, path = "/reports/findings", tag = "reports", params(ReportQuery),
    responses((status = 200, description = "`total.count` and `rows`")))]
pub async fn report_findings(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Asked(query): Asked<ReportQuery>,
) -> Result<Response, Fault> {
    let (request, rule, format) = query.request()?;
    let (target, file) = target(&state, language_of(&headers), format)?;
    report::findings(&state.ledger, &caller.actor, rule, &request, target).await?;
    Ok(download(file, format, "findings"))
}
