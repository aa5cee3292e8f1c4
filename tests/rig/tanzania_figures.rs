//! The known figures of the water points, computed anew from what the program exports and reports.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// An exported row.
struct Row<'a>(&'a Value);

impl<'a> Row<'a> {
    fn text(&self, field: &str) -> &'a str {
        self.0[field].as_str().unwrap_or_default()
    }

    fn number(&self, field: &str) -> Option<i64> {
        self.0[field].as_i64()
    }

    fn people(&self) -> i64 {
        self.number("beneficiary_people").unwrap_or(0)
    }

    fn lacks_maintainer(&self) -> bool {
        self.text("maintainer").is_empty()
    }

    fn condition(&self) -> &'static str {
        match (self.text("use_state"), self.text("condition")) {
            ("in use", "good") => "functional",
            ("in use", "needs repair") => "functional needs repair",
            ("out of use", "") => "non functional",
            _ => "something else",
        }
    }

    fn is_broken(&self) -> bool {
        self.condition() == "non functional"
    }

    fn region(&self) -> &'a str {
        self.text("area_path").split('/').next().unwrap_or_default()
    }

    fn district(&self) -> String {
        self.text("area_path").split('/').take(2).collect::<Vec<_>>().join("/")
    }

    /// The name of the only source of funds.
    fn funder(&self) -> &'a str {
        self.text("funding").split('|').nth(4).unwrap_or_default()
    }
}

fn tally<K: Into<String>>(keys: impl Iterator<Item = K>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key.into()).or_default() += 1;
    }
    counts
}

/// Those of `some` by key, with 0 where a key of `all` has none.
fn tally_among<'a>(
    rows: &[Row<'a>],
    key: fn(&Row<'a>) -> &'a str,
    some: fn(&Row<'a>) -> bool,
) -> Value {
    let mut counts: BTreeMap<&str, u64> = rows.iter().map(|row| (key(row), 0)).collect();
    for row in rows.iter().filter(|row| some(row)) {
        *counts.entry(key(row)).or_default() += 1;
    }
    json!(counts)
}

/// Every figure the ledger can tell.
pub(crate) fn figures(exported: &Value, reports: &[Value]) -> Map<String, Value> {
    let rows: Vec<Row<'_>> = exported["rows"].as_array().unwrap().iter().map(Row).collect();
    let mut figures = Map::new();
    conditions(&rows, &mut figures);
    years(&rows, &mut figures);
    people(&rows, &mut figures);
    names(&rows, &mut figures);
    reported(reports, &mut figures);
    figures
}

fn count<'a>(rows: &[Row<'a>], some: impl Fn(&Row<'a>) -> bool) -> Value {
    json!(rows.iter().filter(|row| some(row)).count())
}

fn conditions(rows: &[Row<'_>], figures: &mut Map<String, Value>) {
    let lacking = || rows.iter().filter(|row| row.lacks_maintainer());
    let by_condition =
        |rows: &mut dyn Iterator<Item = &Row<'_>>| json!(tally(rows.map(Row::condition)));
    for (name, value) in [
        ("rows", json!(rows.len())),
        ("by_condition", by_condition(&mut rows.iter())),
        ("lacking_maintainer_by_condition", by_condition(&mut lacking())),
        (
            "lacking_maintainer_and_not_functional_by_region",
            tally_among(rows, Row::region, |row| row.lacks_maintainer() && row.is_broken()),
        ),
        ("by_maintainer", json!(tally(rows.iter().map(|row| row.text("maintainer"))))),
        ("lacking_owner", count(rows, |row| row.text("owner").is_empty())),
        (
            "lacking_both_owner_and_maintainer",
            count(rows, |row| row.text("owner").is_empty() && row.lacks_maintainer()),
        ),
        ("by_subtype", json!(tally(rows.iter().map(|row| row.text("specification"))))),
        (
            "coordinates_missing",
            count(rows, |row| row.0["longitude"].is_null() && row.0["latitude"].is_null()),
        ),
    ] {
        figures.insert(name.to_owned(), value);
    }
}

fn years(rows: &[Row<'_>], figures: &mut Map<String, Value>) {
    let built = |row: &Row<'_>| row.number("built_year");
    let years = || rows.iter().filter_map(built);
    let recorded = |row: &Row<'_>| row.text("recorded_on").get(..4)?.parse::<i64>().ok();
    let days = || rows.iter().map(|row| row.text("recorded_on"));
    for (name, value) in [
        ("built_year_missing", count(rows, |row| built(row).is_none())),
        ("built_year_min", json!(years().min())),
        ("built_year_max", json!(years().max())),
        ("by_decade", json!(tally(years().map(|year| (year / 10 * 10).to_string())))),
        (
            "built_before_1990_lacking_maintainer",
            count(rows, |row| row.lacks_maintainer() && built(row).is_some_and(|year| year < 1990)),
        ),
        ("recorded_on_min", json!(days().min())),
        ("recorded_on_max", json!(days().max())),
        (
            "recorded_before_built_year",
            count(rows, |row| built(row).is_some_and(|year| recorded(row) < Some(year))),
        ),
    ] {
        figures.insert(name.to_owned(), value);
    }
}

fn lacks_maintainer(row: &Row<'_>) -> bool {
    row.lacks_maintainer()
}

fn people(rows: &[Row<'_>], figures: &mut Map<String, Value>) {
    let sum = |some: fn(&Row<'_>) -> bool| {
        json!(rows.iter().filter(|row| some(row)).map(Row::people).sum::<i64>())
    };
    for (name, value) in [
        ("population_missing_zero", count(rows, |row| row.number("beneficiary_people").is_none())),
        ("population_exactly_one", count(rows, |row| row.people() == 1)),
        ("population_served_total", sum(|_| true)),
        ("population_served_lacking_maintainer", sum(lacks_maintainer)),
        (
            "population_served_lacking_maintainer_not_functional",
            sum(|row| row.lacks_maintainer() && row.is_broken()),
        ),
    ] {
        figures.insert(name.to_owned(), value);
    }
}

fn names(rows: &[Row<'_>], figures: &mut Map<String, Value>) {
    let funders = rows.iter().filter(|row| row.lacks_maintainer() && !row.funder().is_empty());
    let mut funders: Vec<_> = tally(funders.map(Row::funder)).into_iter().collect();
    funders.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    funders.truncate(10);
    let distinct =
        |field: &str| rows.iter().map(|row| row.text(field)).collect::<BTreeSet<_>>().len();
    let named = |row: &Row<'_>| format!("{}\n{}", row.text("name"), row.text("area_path"));
    let repeated = tally(rows.iter().map(named)).into_values().filter(|n| *n > 1).sum::<u64>();
    for (name, value) in [
        ("funder_missing", count(rows, |row| row.funder().is_empty())),
        ("top10_funders_lacking_maintainer", json!(funders)),
        ("codes_distinct", json!(distinct("code"))),
        ("names_distinct", json!(distinct("name"))),
        ("name_and_place_repeated_rows", json!(repeated)),
    ] {
        figures.insert(name.to_owned(), value);
    }
    let by_district = tally(rows.iter().filter(|row| row.lacks_maintainer()).map(Row::district));
    figures.insert("lacking_maintainer_by_region_lga".to_owned(), json!(by_district));
}

/// What the program itself counts; by district it must say what its rows say.
fn reported(reports: &[Value], figures: &mut Map<String, Value>) {
    let [list, provinces, counties, ..] = reports else { return };
    let rows = |report: &Value| report["rows"].as_array().cloned().unwrap_or_default();
    let by_name = |field: &str| {
        let counts = rows(provinces).into_iter();
        let counts =
            counts.map(|row| (row["area"].as_str().unwrap_or("").to_owned(), row[field].clone()));
        Value::Object(counts.collect())
    };
    let name = |code: &str| {
        let found = rows(provinces).into_iter().find(|row| row["area_code"] == code);
        found.and_then(|row| Some(row["area"].as_str()?.to_owned())).unwrap_or_default()
    };
    let districts = rows(counties).into_iter().filter(|row| row["count"] != 0).map(|row| {
        let code = row["area_code"].as_str().unwrap_or_default();
        let region = name(&format!("{}0000000000", code.get(..2).unwrap_or_default()));
        (format!("{region}/{}", row["area"].as_str().unwrap_or_default()), row["count"].clone())
    });
    let districts = Value::Object(districts.collect());
    let by_rows = figures.insert("lacking_maintainer_by_region_lga".to_owned(), districts.clone());
    if by_rows.as_ref() != Some(&districts) {
        figures.insert("lacking_maintainer_by_region_lga".to_owned(), json!([by_rows, districts]));
    }
    for (figure, value) in [
        ("lacking_maintainer", list["total"]["count"].clone()),
        ("lacking_maintainer_by_region", by_name("count")),
        ("rows_by_region", by_name("assets")),
    ] {
        figures.insert(figure.to_owned(), value);
    }
}
