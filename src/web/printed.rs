//! A whole list on paper: the rows of the filter, whatever page of them is looked at, as the official
//! table.

use axum::{Router, extract::State, response::Response, routing::get};
use maud::html;

use super::{
    asset::{Asked, table},
    asset_filter, finding,
    finding_asked::Asked as AskedFindings,
    frame::{Around, Page, Place, page},
    print,
    visit::{Visit, at},
};
use crate::{
    app::{asset_total::Total, listing, report},
    domain::{refusal::Refusal, setting::table_name},
    error::Error,
    http::{AppState, fault::Fault},
    limits,
    store::report::Sum,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/print", get(assets)).route("/findings/print", get(findings))
}

/// A list that is too long for paper.
fn too_long() -> Error {
    Refusal::too_long_to_print(limits::PRINTED_ROWS).into()
}

async fn assets(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let mut asked = Asked::read(&visit)?;
    if asked.list.as_of.is_some() {
        return Err(Error::from(Refusal::past_by_place()).into());
    }
    let read = state.ledger.read(&visit.actor);
    asked.area = read.area_within(asked.list.area).await?;
    asked.at = Some(1);
    let (ledger, actor) = (&state.ledger, &visit.actor);
    let rows = listing::all_assets(ledger, actor, &mut asked.list, limits::PRINTED_ROWS).await?;
    let rows = listing::sights(ledger, actor, rows.ok_or_else(too_long)?).await?;
    let named = asset_filter::Named::of(&read, &visit, &asked).await?;
    let around = Around::of(&state, &visit).await?;
    let value = rows.iter().filter_map(|row| row.asset.original_value);
    let value = entity::money::Money::total(value).unwrap_or_default();
    let total = Total::Exactly(Sum { n: i64::try_from(rows.len()).unwrap_or(i64::MAX), value });
    let title = visit.text(table_name(around.family));
    let unit = visit.say("金额单位：万元", "Amounts in 10,000 yuan");
    let body = html! {
        section.card {
            (print::above(&visit, title, &named.area, unit))
            (table(&visit, &asked, &rows, total, false))
            (print::below(&visit))
        }
    };
    let shown = Page {
        place: Some(Place::Assets),
        way: vec![(asked.address("/assets"), visit.say("资产台账", "Assets").to_owned())],
        below: named.area.clone(),
        beside: print::at_once(&visit),
        ..Page::new(title, body)
    };
    Ok(page(&visit, &around, shown))
}

async fn findings(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = AskedFindings::read(&visit.query)?;
    let (ledger, actor) = (&state.ledger, &visit.actor);
    let outline = report::outline(ledger, actor, asked.area).await?;
    let kinds = report::findings_counted(ledger, actor, &asked.sought(None)).await?;
    let rule = asked.rule(&kinds);
    let sought = asked.sought(rule);
    let lines = report::all_findings(ledger, actor, &sought, limits::PRINTED_ROWS).await?;
    let lines = lines.ok_or_else(too_long)?;
    let around = Around::of(&state, &visit).await?;
    let title = rule.map_or_else(
        || visit.say("问题清单", "Findings").to_owned(),
        |rule| visit.text(rule.label()).to_owned(),
    );
    let words = asked.words(rule);
    let words = words.iter().map(|(word, value)| (*word, value.as_str()));
    let body = html! {
        section.card {
            (print::above(&visit, &title, &outline.name, visit.say("金额单位：元", "Amounts in yuan")))
            (finding::listed(&visit, &lines, rule, false))
            (print::below(&visit))
        }
    };
    let shown = Page {
        place: Some(Place::Findings),
        way: vec![(at("/findings", words), visit.say("问题清单", "Findings").to_owned())],
        below: outline.name.clone(),
        beside: print::at_once(&visit),
        ..Page::new(title, body)
    };
    Ok(page(&visit, &around, shown))
}
