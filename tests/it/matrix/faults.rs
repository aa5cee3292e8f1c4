//! Each scope filter of the store is left out once, and whoever looks answers through must notice.

/// What is left out, one at a time: a filter, and where it serves several nouns, of which.
pub(crate) const FAULTS: &[&str] = &[
    "scope of a read: asset",
    "scope of a read: organization",
    "scope of a read: person",
    "scope of a read: project",
    "scope of a read: account",
    "scope of a read: area",
    "scope of a read: attachment",
    "scope of a read: rectification",
    "scope of a read: upkeep_fund",
    "scope of a read: budget",
    "scope of a read: spending",
    "scope of a read: overspend",
    "scope of a list: asset",
    "scope of a list: organization",
    "scope of a list: person",
    "scope of a list: project",
    "scope of a list: account",
    "scope of a list: area",
    "scope of a list: rectification",
    "scope of a list: upkeep_fund",
    "scope of a list: budget",
    "scope of a list: spending",
    "scope of a list: overspend",
    "scope of a count of a list: asset",
    "scope of a list by key: asset",
    "scope of a list of rows without a key: asset",
    "scope of an area asked for",
    "scope of kept sums",
    "scope of findings counted",
    "scope of assets counted",
    "scope of a row to change: asset",
    "scope of a row to change: organization",
    "scope of a row to change: person",
    "scope of a row to change: project",
    "scope of a row to change: account",
    "scope of a row to change: area",
    "scope of a row to change: attachment",
    "scope of a row to change: rectification",
    "scope of a row to change: upkeep_fund",
    "scope of a row to change: budget",
    "scope of a row to change: spending",
    "scope of a row to change: overspend",
    "scope of parties",
    "scope of a log",
    "scope of log heads",
    "scope of request keys",
    "scope of sessions",
];

/// Filters that no operation of the service depends on alone, and why.
const NOT_ALONE: &[(&str, &str)] = &[
    ("scope of dossiers", "whoever asks for them has read the asset before"),
    ("scope of what a party bears", "duties and rights are changed within the scope only"),
    ("scope of organizations named", "of imports, which are tested at their own door"),
    ("scope of rows exported", "of exports, which are tested at their own door"),
    ("scope of organizations exported", "of exports, which are tested at their own door"),
    ("scope of usual values", "a sheet is compared with them, and nobody is told them"),
    ("scope of local rules", "the area whose rules are told is looked for within the line before"),
    ("scope of assets tried out", "whoever tries a rule out is held to their own area before"),
    ("scope of longest findings", "the assets of findings are read within the scope again"),
    ("scope of findings listed", "the assets of findings are read within the scope again"),
    ("scope of a finding", "its asset is read within the scope before"),
    ("scope of findings named", "the assets of findings are read within the scope again"),
    ("scope of what falls due", "of pages, which are tested at their own door"),
    ("scope of duties that end", "of pages, which are tested at their own door"),
    ("scope of what is late", "the nightly round alone asks, and its area is looked at before"),
    ("scope of a campaign", "the campaign of a lower area is told by its number alone"),
    ("scope of the lines of a campaign", "the campaign is looked for within the line before"),
    ("scope of what a brief counts", "the area is looked for within the scope before"),
    ("scope of alerts", "the area is looked for within the scope before"),
    ("scope of inspections due", "of pages, which are tested at their own door"),
    ("scope of accounts that wait", "of pages, which are tested at their own door"),
    ("scope of former states", "a report of the past is narrowed to its area again"),
    ("scope of parties asked for", "of pages, which are tested at their own door"),
    ("scope of titles counted", "the area is looked for within the scope before"),
    ("scope of organizations called", "of pages, which are tested at their own door"),
    ("scope of what a party holds", "duties and rights are changed within the scope only"),
    ("scope of people looked for", "the assets that are found are narrowed to the scope"),
    ("scope of budgets of a year", "the area is looked for within the scope before"),
    ("scope of sums of budgets", "the area is looked for within the scope before"),
    ("scope of assets without a budget", "the area is looked for within the scope before"),
    ("scope of stock-takes of a year", "the area is looked for within the scope before"),
    ("scope of places to count", "the area is looked for within the scope before"),
    ("scope of open finds", "its finds are read within the scope again"),
    ("scope of what stands", "the areas are those of rows that were read, or looked for before"),
    ("scope of what was spent", "the area is looked for within the scope before"),
    ("scope of days due", "of a route, whose assets are read within the scope before"),
    ("scope of inspections planned", "the area is looked for within the scope before"),
    ("scope of the five haves", "the asset is read within the scope before"),
    ("scope of what lies idle", "the area is looked for within the scope before"),
    ("scope of plans counted", "the area is looked for within the scope before"),
    ("scope of rows changed together", "each row is read again by its id"),
];

/// Every filter that the sources name is one of these, and the other way round.
#[test]
fn every_scope_filter_is_on_the_list() {
    let mut named = Vec::new();
    for source in crate::tidy::sources(&["src/store", "src/api", "src/app", "src/web"]) {
        for rest in source.text.split("\"scope of ").skip(1) {
            let name = rest.split('"').next().expect("the end of a text");
            named.push(format!("scope of {name}"));
        }
    }
    named.sort();
    named.dedup();
    let listed = FAULTS.iter().map(|fault| fault.split(": ").next().expect("a filter"));
    let mut known: Vec<_> =
        listed.chain(NOT_ALONE.iter().map(|(name, _)| *name)).map(ToOwned::to_owned).collect();
    known.sort();
    known.dedup();
    assert_eq!(named, known);
    assert!(FAULTS.len() >= 20);
}

/// The scan, once for each fault, in a program of its own; and once without any.
#[cfg(feature = "broken")]
#[test]
fn every_filter_left_out_is_noticed() {
    let scan = "matrix::scan::nobody_is_shown_what_is_not_theirs::sqlite";
    let program = std::env::current_exe().expect("this program");
    let passes = |fault: &str| {
        let mut run = std::process::Command::new(&program);
        let done = run.args(["--exact", scan]).env("TAIZHANG_BROKEN", fault).output();
        let done = done.expect("the scan");
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(said.contains("1 passed") || said.contains("1 failed"), "{fault}: {said}");
        super::cells::tell(&format!("{fault}: {}", last_words(&said)));
        done.status.success()
    };
    let missed: Vec<_> = FAULTS.iter().filter(|fault| passes(fault)).collect();
    super::cells::tell(&format!("{} of {} noticed", FAULTS.len() - missed.len(), FAULTS.len()));
    assert!(missed.is_empty(), "not noticed: {missed:?}");
    assert!(passes("none"), "the scan fails without a fault");
}

/// What a test that failed said of the reason, shortly.
#[cfg(feature = "broken")]
fn last_words(said: &str) -> String {
    let line = said.lines().skip_while(|line| !line.contains("panicked at")).nth(1);
    line.unwrap_or("passed").chars().take(160).collect()
}
