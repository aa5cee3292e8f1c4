//! A whole list on paper: the rows of the filter, whatever page of them is looked at, as the official
//! table.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::asset;
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
    app::{
        asset_total::Total,
        listing::{self, Sight},
        report::{self, Line, Sought},
    },
    domain::{mistake::Mistakes, refusal::Refusal, setting::table_name},
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
    store::{finding_list, list::List, report::Sum},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/print", get(assets)).route("/findings/print", get(findings))
}

/// Refuses a list that is too long for paper.
fn fits(n: usize) -> Result<()> {
    if n > limits::PRINTED_ROWS {
        return Err(Refusal::too_long_to_print(limits::PRINTED_ROWS).into());
    }
    Ok(())
}

/// Every asset of a list, in its order.
async fn every_asset(
    state: &AppState,
    visit: &Visit,
    list: &mut List<asset::Entity>,
) -> Result<Vec<Sight>> {
    list.limit = limits::PAGE_ROWS;
    let mut rows = Vec::new();
    let mut next = None;
    loop {
        list.go_on(next.as_deref()).map_err(|mistake| Mistakes(vec![mistake]))?;
        let found = listing::assets(&state.ledger, &visit.actor, list).await?;
        fits(rows.len() + found.rows.len())?;
        rows.extend(listing::sights(&state.ledger, &visit.actor, found.rows).await?);
        next = found.next;
        if next.is_none() {
            return Ok(rows);
        }
    }
}

async fn assets(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let mut asked = Asked::read(&visit)?;
    if asked.list.as_of.is_some() {
        return Err(Error::from(Refusal::past_by_place()).into());
    }
    let read = state.ledger.read(&visit.actor);
    asked.area = read.area_within(asked.list.area).await?;
    asked.at = Some(1);
    let rows = every_asset(&state, &visit, &mut asked.list).await?;
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

/// Every finding of a list, in its order.
async fn every_finding(state: &AppState, visit: &Visit, sought: &Sought) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let mut after: Option<finding_list::Place> = None;
    loop {
        let (page, next) = report::findings_page(
            &state.ledger,
            &visit.actor,
            sought,
            after.as_ref(),
            limits::PAGE_ROWS,
        )
        .await?;
        fits(lines.len() + page.len())?;
        lines.extend(page);
        after = next;
        if after.is_none() {
            return Ok(lines);
        }
    }
}

async fn findings(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = AskedFindings::read(&visit.query)?;
    let (ledger, actor) = (&state.ledger, &visit.actor);
    let outline = report::outline(ledger, actor, asked.area).await?;
    let kinds = report::findings_counted(ledger, actor, &asked.sought(None)).await?;
    let rule = asked.rule(&kinds);
    let lines = every_finding(&state, &visit, &asked.sought(rule)).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_on_paper_has_its_limit() {
        assert!(fits(limits::PRINTED_ROWS).is_ok());
        assert!(fits(limits::PRINTED_ROWS + 1).is_err());
    }
}
