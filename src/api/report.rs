//! Reports over the API: the same tables as everywhere else, as JSON, CSV or a workbook.

use axum::{extract::State, http::HeaderMap, response::Response};
use entity::{area::AreaCode, asset::Class, finding::Rule, language::Sentence};
use serde::Deserialize;

use super::{
    body::Asked,
    caller::Caller,
    download::{download, target},
};
use crate::{
    app::{
        output::Format,
        report::{self, AsOf, ReportRequest},
    },
    domain::mistake::{Mistake, Mistakes},
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
    store::report::Grouping,
};

/// What a report is asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ReportQuery {
    /// An area code of twelve digits; the caller's own area when nothing is said.
    #[param(value_type = Option<String>)]
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
    if rule.is_some() {
        let expected = Sentence::new("此表不按规则筛选", "this report has a rule of its own");
        return Err(Error::Invalid(Mistakes(vec![Mistake::new("rule", "", expected)])).into());
    }
    let (target, file) = target(&state, &headers, format)?;
    report::no_maintainer(&state.ledger, &caller.actor, &request, target).await?;
    Ok(download(file, format, "no-maintainer"))
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
