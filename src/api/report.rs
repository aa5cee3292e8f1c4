//! Reports over the API: the same tables as everywhere else, as JSON, CSV or a workbook.

use std::{fs::File, io::Read as _};

use axum::{
    body::{Body as Bytestream, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use entity::{area::AreaCode, asset::Class, finding::Rule, language::Sentence};
use futures_util::stream;
use serde::Deserialize;

use super::{
    body::{Asked, Body},
    caller::Caller,
};
use crate::{
    app::{
        output::{Format, Options, Target},
        report::{self, AsOf, ReportRequest},
    },
    domain::mistake::{Mistake, Mistakes},
    error::{Error, Result as OurResult},
    http::{
        AppState,
        fault::{Fault, language_of},
    },
    store::report::Grouping,
};

/// Bytes sent at a time.
const CHUNK: usize = 64 * 1024;

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
            class: parsed::<Class>("class", self.class.as_ref(), &mut mistakes),
            by: parsed::<Grouping>("by", self.by.as_ref(), &mut mistakes),
            as_of: parsed::<AsOf>("as_of", self.as_of.as_ref(), &mut mistakes),
            with_gone: self.gone,
            with_waived: self.waived,
        };
        let rule = parsed::<Rule>("rule", self.rule.as_ref(), &mut mistakes);
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
fn parsed<T: std::str::FromStr>(
    field: &'static str,
    text: Option<&String>,
    mistakes: &mut Mistakes,
) -> Option<T> {
    let text = text?;
    let value = text.parse().ok();
    if value.is_none() {
        let expected = Sentence::new("认不出这个值", "not a value of this parameter");
        mistakes.push(Mistake::new(field, text, expected));
    }
    value
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
    let (target, file) = target(&state, &headers, format)?;
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
    let (target, file) = target(&state, &headers, format)?;
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
    let (target, file) = target(&state, &headers, format)?;
    report::findings(&state.ledger, &caller.actor, rule, &request, target).await?;
    Ok(download(file, format, "findings"))
}

/// A table goes into a file without a name first: an error in the middle is an error, and no half
/// of a table; and however long it is, it takes no memory.
fn target(state: &AppState, headers: &HeaderMap, format: Format) -> OurResult<(Target, File)> {
    let file = tempfile::tempfile()?;
    let sink = Box::new(std::io::BufWriter::new(file.try_clone()?));
    let options = Options::new(language_of(headers), state.ledger.clock().now());
    Ok((Target { format, options, sink }, file))
}

fn download(mut file: File, format: Format, name: &str) -> Response {
    use std::io::Seek as _;
    if file.rewind().is_err() {
        return Fault::broken().into_response();
    }
    let kind = match format {
        Format::Json => "application/json",
        Format::Csv => "text/csv; charset=utf-8",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format::Table => "text/plain; charset=utf-8",
    };
    let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, kind)]).into_response();
    if format != Format::Json {
        let named = format!("attachment; filename=\"{name}.{}\"", format.extension());
        if let Ok(named) = named.parse() {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
        }
    }
    *response.body_mut() = Bytestream::from_stream(stream::unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK];
            let n = file.read(&mut chunk)?;
            chunk.truncate(n);
            Ok::<_, std::io::Error>((Bytes::from(chunk), file))
        });
        match read.await {
            Ok(Ok((chunk, _))) if chunk.is_empty() => None,
            Ok(Ok((chunk, file))) => Some((Ok(chunk), file)),
            Ok(Err(error)) => {
                tracing::error!(event = "download", %error, "a table could not be sent");
                None
            }
            Err(_) => None,
        }
        .map(|(chunk, file)| (chunk as std::io::Result<Bytes>, file))
    }));
    response
}
