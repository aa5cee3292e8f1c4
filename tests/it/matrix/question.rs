//! Questions made up at random: what may stand in a query, and chances that come out the same
//! every time.

use super::{calls::encoded, country::PLACES};

/// Chances that follow from a seed.
pub(crate) struct Chance(u64);

impl Chance {
    /// The chances of a seed.
    pub(crate) const fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// A number below another (splitmix64).
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).expect("below")
    }

    /// One of several.
    pub(crate) fn one_of<'t, T>(&mut self, several: &'t [T]) -> &'t T {
        &several[self.below(several.len())]
    }

    /// One time in so many.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// Before the village is merged, after it, before anything was, and no day at all.
pub(crate) const INSTANTS: [&str; 4] =
    ["2026-06-01T12:00:00+08:00", "2026-06-01", "2020-01-01", "yesterday"];

/// What stands in a query under a name: a few values that fit, and some that do not.
const WORDS: &[(&str, &[&str])] = &[
    ("class", &["public", "operating", "household", "red"]),
    ("subclass", &["road", "shop", "red"]),
    (
        "state",
        &[
            "active", "locked", "held", "replaced", "void", "open", "done", "waiting", "received",
            "paid", "asked", "counting", "signed",
        ],
    ),
    ("asset", &["1", "7", "x"]),
    ("account", &["1", "7", "x"]),
    ("use_state", &["in_use", "idle", "red"]),
    ("by", &["county", "town", "village", "class", "subclass", "colour"]),
    ("county", &["520381", "520382", "520300", "x"]),
    ("rule", &["H01", "G01", "G02", "G04", "Q01", "X01"]),
    ("as_of", &INSTANTS),
    ("gone", &["true", "false"]),
    ("waived", &["true", "false"]),
    ("format", &["json", "csv", "xlsx", "pdf"]),
    ("form", &["tangible", "equity", "red"]),
    ("acquired_year", &["2020", "2016-2020", "2030-2031", "x"]),
    ("has", &["team", "money,rule", "asked", "x"]),
    ("has_not", &["oversight", "all", "x"]),
    ("needed_to", &["2026-06-01", "x"]),
    ("target_to", &["2026-12-31", "x"]),
    ("ended_from", &["2026-01-01", "x"]),
    ("ended_year", &["2026", "2025-2026", "x"]),
    ("month", &["2026-05", "x"]),
    ("campaign", &["1", "7", "x"]),
    ("answered", &["yes", "no", "x"]),
    ("drawn", &["yes", "no", "x"]),
    ("at_once", &["yes", "no", "x"]),
    ("sheet", &["XC-20260601-1", "x"]),
    ("batch", &["revive", "improve", "x"]),
    ("mode", &["lease", "x"]),
    ("before", &["1", "2026-06-01", "x"]),
    ("needed_on", &["2026-06-01", "x"]),
    ("value_from", &["1", "3.50", "x"]),
    ("value_to", &["1", "1000000"]),
    ("project", &["1", "2,3", "999"]),
    ("import", &["1", "2,3", "999"]),
    ("title", &["confirmed", "unconfirmed", "x"]),
    ("maintainer", &["1", "7", "40", "x"]),
    ("value", &["1-1000", "2-", "x"]),
    ("fund", &["bond", "central", "1", "7", "x"]),
    ("budget", &["1", "7", "x"]),
    ("source", &["county", "fees", "x"]),
    ("spent", &["yes", "no", "x"]),
    ("fund_year", &["2020", "2016-2020", "x"]),
    ("tier", &["county", "central", "x"]),
    ("owner", &["1", "7", "40", "x"]),
    ("ending", &["30", "3661", "x"]),
    ("running", &["yes", "no", "x"]),
    ("lacks", &["G01", "Q01,G02", "x"]),
    ("standing", &["yes", "no", "yes,no", "x"]),
    ("actor", &["operator", "leader"]),
    ("action", &["asset.correct", "area.import", "x"]),
    ("noun", &["asset", "organization", "x"]),
    ("id", &["1", "7", "40"]),
    ("from", &["2026-06-01T04:00:00Z", "x"]),
    ("to", &["2026-06-01T04:00:01Z", "x"]),
    ("count", &["true", "false"]),
    ("asset", &["1", "7", "40", "x"]),
    ("condition", &["good", "danger", "x"]),
    ("account", &["1", "7", "40", "x"]),
    ("parent", &["520381100000", "520382000000", "x"]),
    ("level", &["town", "village", "x"]),
    ("former", &["yes", "no", "any", "x"]),
    ("kind", &["company", "collective", "repair", "road", "lease", "x"]),
    ("person", &["1", "7", "40", "x"]),
    ("stock_take", &["1", "7", "x"]),
    ("unregistered", &["yes", "no", "x"]),
    ("outcome", &["found", "missing", "x"]),
    ("post", &["1", "7", "40", "broken", "road", "x"]),
    ("ended", &["yes", "no", "x"]),
    ("organization", &["1", "7", "40"]),
    ("year", &["2020", "2016-2020", "2026"]),
    ("line_department", &["water", "x"]),
    ("role", &["leader,auditor", "inspector", "x"]),
    (
        "sort",
        &[
            "place",
            "-place",
            "name",
            "-name",
            "value",
            "-value",
            "acquired_on",
            "-acquired_on",
            "-inspected_at",
            "due_on",
            "-due_on",
            "until_on",
            "-until_on",
            "month_on",
            "-month_on",
            "-reported_at",
            "-year",
            "year",
            "starts_on",
            "-last_on",
            "yearly_rent",
            "remaining",
            "-set_aside",
            "paid_on",
            "received",
            "colour",
        ],
    ),
    ("limit", &["1", "2", "50", "200", "201"]),
];

/// Names whose values are made up otherwise.
const MADE_UP: [&str; 3] = ["area", "q", "after"];

/// All that is said under a name.
pub(crate) fn said(name: &str) -> &'static [&'static str] {
    let known = WORDS.iter().find(|(known, _)| *known == name);
    known.unwrap_or_else(|| panic!("no words for “{name}”")).1
}

/// Something that may stand in a query under a name.
pub(crate) fn words(name: &str, cursors: &[String], chance: &mut Chance) -> String {
    let value = match name {
        "area" => chance.one_of(&PLACES).area.to_owned(),
        // without its beginning a canary is no canary: who asks for one has not been told it
        "q" => match chance.below(3) {
            0 => format!("canary{:02}", chance.below(PLACES.len())),
            1 => (*chance.one_of(&["asset", "thing", "sheet", "q", "17755", "_", "桥"])).to_owned(),
            _ => chance.one_of(&PLACES).area.to_owned(),
        },
        "after" if cursors.is_empty() => format!("{}-1", chance.one_of(&PLACES).area),
        "after" => chance.one_of(cursors).clone(),
        _ => (*chance.one_of(said(name))).to_owned(),
    };
    format!("{name}={}", encoded(&value))
}

/// What is asked for by a name that nothing is made up for would never be asked.
#[test]
fn every_query_has_words() {
    for (id, operation) in super::calls::document() {
        for name in operation.query {
            let is_known =
                MADE_UP.contains(&&*name) || WORDS.iter().any(|(known, _)| *known == name);
            assert!(is_known, "{id}: nothing is asked under “{name}”");
        }
    }
}
