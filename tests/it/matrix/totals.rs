//! What lists and reports count up to is what was put into the places that the caller may see:
//! a row too many is noticed even where nothing of it is shown.

use entity::{
    account::Role,
    area::{AreaCode, County, Level},
};
use serde_json::Value as Json;

use super::{
    calls::{Asked, ROWS, Row},
    country::{Country, PLACES, Who},
    scan::Scan,
};

/// Who counts.
const ROLES: [Role; 2] = [Role::FinanceClerk, Role::Leader];

/// Counts everything for everybody of a few roles.
pub(crate) async fn agree(scan: &mut Scan<'_>) {
    for place in (0..PLACES.len()).filter(|place| PLACES[*place].code() == PLACES[*place].now()) {
        for role in ROLES {
            let who = Who { place, role: Some(role) };
            lists(scan, who).await;
            reports(scan, who).await;
        }
        logs(scan, Who { place, role: Some(Role::Auditor) }).await;
    }
}

fn row(operation: &str) -> &'static Row {
    ROWS.iter().copied().find(|row| row.operation == operation).expect("a row")
}

async fn json(scan: &mut Scan<'_>, who: Who, operation: &str, query: &str) -> Json {
    let asked = Asked { query: query.to_owned(), ..Asked::default() };
    scan.ask(who, row(operation), &asked).await.is(200).json()
}

/// All pages of a list.
async fn listed(scan: &mut Scan<'_>, who: Who, operation: &str, query: &str) -> usize {
    let (mut n, mut after) = (0, String::new());
    loop {
        let page = json(scan, who, operation, &format!("{query}{after}")).await;
        n += page["items"].as_array().expect("items").len();
        let Some(next) = page["next"].as_str() else { return n };
        after = format!("&after={}", super::calls::encoded(next));
    }
}

async fn lists(scan: &mut Scan<'_>, who: Who) {
    let own = PLACES[who.place].code();
    let n = scan.country.n_assets(own);
    assert_eq!(listed(scan, who, "list_assets", "limit=50").await, n, "{who:?}: assets");
    let page = json(scan, who, "list_assets", "limit=1&count=true").await;
    assert_eq!(number(&page["total"]), n, "{who:?}: counted");
    // a search is of one county at most
    if own.level() >= Level::County {
        let found = listed(scan, who, "list_assets", "limit=50&q=canary").await;
        assert_eq!(found, n, "{who:?}: found");
    }
}

/// Of logs, only those of the own counties are told.
async fn logs(scan: &mut Scan<'_>, who: Who) {
    let own = PLACES[who.place].code();
    let heads = json(scan, who, "list_log_heads", "").await;
    for head in heads.as_array().expect("heads") {
        let county: County =
            head["county"].as_str().and_then(|text| text.parse().ok()).expect("a county");
        assert!(own.covers(&county.area()), "{who:?}: told of {county:?}");
    }
}

async fn reports(scan: &mut Scan<'_>, who: Who) {
    let own = PLACES[who.place].code();
    let (bare, assets) = (scan.country.n_bare(own), scan.country.n_assets(own));
    for query in ["", "by=county", "by=village", "by=class", "by=subclass", "waived=true&by=town"] {
        let report = json(scan, who, "report_no_maintainer", query).await;
        assert_eq!(number(&report["total"]["count"]), bare, "{who:?} {query}: {report}");
        if query.is_empty() {
            continue;
        }
        let rows = report["rows"].as_array().expect("rows").iter();
        let told: usize = rows.map(|row| number(&row["assets"])).sum();
        assert_eq!(told, assets, "{who:?} {query}: {report}");
    }
    let report = json(scan, who, "report_findings", "").await;
    assert_eq!(number(&report["assets"]["count"]), assets, "{who:?}: {report}");
    let rows = report["rows"].as_array().expect("rows");
    let lacking = rows.iter().find(|row| row["rule"] == "G01");
    assert_eq!(lacking.map_or(0, |row| number(&row["count"])), bare, "{who:?}: {report}");
    past(scan, who, own).await;
}

/// As it was before the village was merged: then it belonged to the town it lay in.
async fn past(scan: &mut Scan<'_>, who: Who, own: AreaCode) {
    let query = format!("as_of={}", super::calls::encoded(super::question::INSTANTS[0]));
    let report = json(scan, who, "report_no_maintainer", &query).await;
    let planned = Country::planned(&scan.country.bare(), |place| own.covers(&place.code()));
    assert_eq!(number(&report["total"]["count"]), planned, "{who:?} {query}: {report}");
}

fn number(json: &Json) -> usize {
    let number = json.as_u64().unwrap_or_else(|| panic!("{json} is no number"));
    usize::try_from(number).expect("a small number")
}
