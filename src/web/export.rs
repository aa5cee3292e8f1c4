//! What a list shows as a file: the same rows, whatever page of them is looked at.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{budget::Entity, import::Kind};
use maud::{Markup, html};

use super::{
    asset,
    finding_asked::Asked,
    icon::{Icon, icon},
    selection::{self, Choice},
    visit::{Visit, at},
};
use crate::{
    app::{
        export::{self, ExportRequest},
        output::Format,
        report,
    },
    domain::permission::Action,
    http::{
        AppState,
        download::{download, target},
        fault::Fault,
        turn::Turn,
    },
    limits,
    store::list::List,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/assets.csv", get(assets))
        .route("/assets.xlsx", get(assets))
        .route("/assets.json", get(assets))
        .route("/assets/chosen.csv", get(chosen))
        .route("/assets/chosen.xlsx", get(chosen))
        .route("/budgets.csv", get(budgets))
        .route("/budgets.xlsx", get(budgets))
        .route("/budgets.json", get(budgets))
        .route("/findings.csv", get(findings))
        .route("/findings.xlsx", get(findings))
        .route("/findings.json", get(findings))
}

/// The forms of a file.
const FORMATS: [(Format, &str); 3] =
    [(Format::Csv, "CSV"), (Format::Xlsx, "Excel"), (Format::Json, "JSON")];

/// Ways to have what a list shows: as files for roles that may, on paper for everybody.
pub(super) fn ways(visit: &Visit, path: &str, words: &[(&str, &str)]) -> Markup {
    let words = || words.iter().copied().filter(|(word, _)| !["after", "limit"].contains(word));
    html! {
        @if visit.may(Action::ExportRows) {
            @for (format, name) in FORMATS {
                a.btn download href=(at(&format!("{path}.{}", format.extension()), words())) {
                    (visit.say("导出 ", "Export ")) (name)
                }
            }
        }
        a.btn href=(at(&format!("{path}/print"), words())) { (icon(Icon::Print)) (visit.say("打印", "Print")) }
    }
}

/// The form that the address ends in.
fn format(visit: &Visit) -> Format {
    let end = visit.path.rsplit('.').next().unwrap_or_default();
    end.parse().unwrap_or(Format::Csv)
}

async fn assets(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ExportRows)?;
    let columns = asset::columns(&visit.query)?;
    let said = visit.query.iter().filter(|(_, value)| !value.trim().is_empty()).cloned();
    let said = said.filter(|(word, _)| !asset::OF_PAGE.contains(&word.as_str()));
    let usual = asset::usual(&visit.query).map(|(word, value)| (word.to_owned(), value.to_owned()));
    let words: Vec<(String, String)> = said.chain(usual).collect();
    let format = format(&visit);
    let _turn = Turn::take(&state.exporting, &visit.actor)?;
    let (target, file) = target(&state, visit.language, format)?;
    export::listed(&state.ledger, &visit.actor, &words, &columns, target).await?;
    Ok(download(file, format, "assets"))
}

/// What was chosen in the list: all of its filter, or some by their codes.
async fn chosen(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ExportRows)?;
    let words = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let choice = Choice::read(words);
    let columns = selection::columns(&visit.query)?;
    let filter = choice.filter();
    let ids = if filter.is_some() {
        Vec::new()
    } else {
        let found = choice.assets(&state, &visit, limits::ASSETS_PER_ACTION).await?.assets;
        found.into_iter().map(|asset| asset.id).collect()
    };
    let format = format(&visit);
    let _turn = Turn::take(&state.exporting, &visit.actor)?;
    let (target, file) = target(&state, visit.language, format)?;
    if let Some(words) = filter {
        export::listed(&state.ledger, &visit.actor, &words, &columns, target).await?;
    } else {
        export::chosen(&state.ledger, &visit.actor, &ids, &columns, target).await?;
    }
    Ok(download(file, format, "assets"))
}

/// All budgets of an area, whatever their year, as a sheet that can be imported again.
async fn budgets(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ExportRows)?;
    let area = visit.query.iter().filter(|(word, _)| word == "area");
    let area = area.map(|(word, code)| (word.as_str(), code.as_str()));
    let area = List::<Entity>::read(area)?.area;
    let format = format(&visit);
    let _turn = Turn::take(&state.exporting, &visit.actor)?;
    let (target, file) = target(&state, visit.language, format)?;
    let request = ExportRequest {
        kind: Kind::Budgets,
        area,
        class: None,
        with_gone: false,
        most: Some(limits::EXPORT_ROWS),
    };
    export::export(&state.ledger, &visit.actor, &request, target).await?;
    Ok(download(file, format, "budgets"))
}

async fn findings(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ExportRows)?;
    let asked = Asked::read(&visit.query)?;
    let kinds = report::findings_counted(&state.ledger, &visit.actor, &asked.sought(None)).await?;
    let sought = asked.sought(asked.rule(&kinds));
    let format = format(&visit);
    let _turn = Turn::take(&state.exporting, &visit.actor)?;
    let (target, file) = target(&state, visit.language, format)?;
    report::findings_listed(&state.ledger, &visit.actor, &sought, target).await?;
    Ok(download(file, format, "findings"))
}
