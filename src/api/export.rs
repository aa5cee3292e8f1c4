//! Whole registers over the API, as files that can be imported again.

use axum::{extract::State, http::HeaderMap, response::Response};
use entity::{area::AreaCode, asset::Class, import::Kind, language::Sentence};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{body::Body, caller::Caller};
use crate::{
    app::{
        export::{self, ExportRequest},
        output::Format,
    },
    domain::mistake::{Mistake, Mistakes},
    error::Result as OurResult,
    http::{
        AppState,
        download::{download, target},
        fault::{Fault, language_of},
        turn::Turn,
    },
    limits,
};

/// What is to be exported.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    /// assets, duties, organizations, projects or areas.
    kind: String,
    /// An area code of twelve digits; the caller's own area when nothing is said.
    #[schema(value_type = Option<String>)]
    area: Option<AreaCode>,
    /// Of assets and duties: public, operating or household.
    class: Option<String>,
    /// Of assets and duties: whether those off the books are taken too.
    #[serde(default)]
    gone: bool,
    /// csv, xlsx or json; csv when nothing is said.
    format: Option<String>,
}

impl NewExport {
    fn request(&self) -> OurResult<(ExportRequest, Format)> {
        let mut mistakes = Mistakes::default();
        let mut wrong = |field, found: &str, words: &str| {
            mistakes.push(Mistake::new(field, found, Sentence::new(words, words)));
        };
        let kind: Option<Kind> = self.kind.parse().ok();
        if kind.is_none() {
            wrong("kind", &self.kind, "assets, duties, budgets, organizations, projects, areas");
        }
        let class = self.class.as_deref().map(str::parse::<Class>);
        if let (Some(Err(())), Some(found)) = (class, &self.class) {
            wrong("class", found, "public, operating, household");
        }
        let format = self.format.as_deref().unwrap_or("csv");
        let known = format.parse().ok().filter(|format| *format != Format::Table);
        if known.is_none() {
            wrong("format", format, "csv, xlsx, json");
        }
        let format = known.unwrap_or(Format::Csv);
        mistakes.into_result()?;
        let request = ExportRequest {
            kind: kind.unwrap_or(Kind::Assets),
            area: self.area,
            class: class.and_then(Result::ok),
            with_gone: self.gone,
            most: Some(limits::EXPORT_ROWS),
        };
        Ok((request, format))
    }
}

/// Export a register as a sheet that can be imported again: at most a hundred thousand rows, and
/// one export of an account at a time. It leaves an entry in the log and changes nothing else: a
/// repetition is another export, so no `Idempotency-Key` is asked for.
#[utoipa::path(post, path = "/exports", tag = "exports", request_body = NewExport,
    responses((status = 200, description = "A file in the form that was asked for")))]
pub async fn export_register(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Body(asked): Body<NewExport>,
) -> Result<Response, Fault> {
    let (request, format) = asked.request()?;
    let _turn = Turn::take(&state.exporting, &caller.actor)?;
    let (target, file) = target(&state, language_of(&headers), format)?;
    export::export(&state.ledger, &caller.actor, &request, target).await?;
    Ok(download(file, format, request.kind.code()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_read_strictly() {
        let read = |json: &str| serde_json::from_str::<NewExport>(json).expect("read").request();
        let (request, format) = read(r#"{"kind":"duties","gone":true}"#).expect("read");
        assert_eq!((request.kind, request.with_gone, format), (Kind::Duties, true, Format::Csv));
        assert_eq!(request.most, Some(limits::EXPORT_ROWS));
        let wrong = read(r#"{"kind":"people","class":"odd","format":"table"}"#);
        let Err(crate::error::Error::Invalid(mistakes)) = wrong else { panic!("not refused") };
        let fields: Vec<_> = mistakes.0.iter().map(|mistake| &*mistake.field).collect();
        assert_eq!(fields, ["kind", "class", "format"]);
    }
}
