//! Which area a text means: its code, its name, the names of what lies above it and its own, or the
//! first letters of any of these as people type them.

use entity::{area::AreaCode, initials::Initials};

use super::reading;

/// How well a text fits an area, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is its code, its name, its names or their letters as a whole.
    Whole,
    /// One of these begins with it.
    Begins,
    /// It stands somewhere in its names.
    Holds,
    /// Its signs stand in its names in their order, with others between: `sqs` is 石桥镇上河村.
    Skips,
}

/// A text that is to name an area: without width, case, spaces and signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaText(String);

impl AreaText {
    /// As somebody typed it.
    pub fn of(text: &str) -> AreaText {
        AreaText(folded(text))
    }

    /// How well it fits an area, by its code and its names from the largest down to its own; none
    /// where it does not.
    pub fn fit(&self, code: AreaCode, names: &[&str]) -> Option<Fit> {
        let text = self.0.as_str();
        if text.is_empty() {
            return None;
        }
        if text.bytes().all(|sign| sign.is_ascii_digit()) {
            let is_whole = text == code.as_str() || text == code.stem();
            let begins = code.as_str().starts_with(text).then_some(Fit::Begins);
            return if is_whole { Some(Fit::Whole) } else { begins };
        }
        let ways = (0..names.len()).map(|from| folded(&names[from..].concat()));
        if text.is_ascii() {
            let letters = ways.map(|way| Initials::of(&way).as_str().to_owned());
            return among(text, &letters.collect::<Vec<_>>());
        }
        among(text, &ways.collect::<Vec<_>>())
    }
}

/// How well a text fits names: all of them, then each time without the largest, down to its own.
fn among(text: &str, ways: &[String]) -> Option<Fit> {
    let all = ways.first()?;
    if ways.iter().any(|way| way == text) {
        return Some(Fit::Whole);
    }
    if ways.iter().any(|way| way.starts_with(text)) {
        return Some(Fit::Begins);
    }
    if all.contains(text) {
        return Some(Fit::Holds);
    }
    let mut signs = all.chars();
    let is_in_order = text.chars().all(|sign| signs.any(|one| one == sign));
    let is_begun = all.chars().next() == text.chars().next();
    (is_in_order && is_begun).then_some(Fit::Skips)
}

fn folded(text: &str) -> String {
    let text = reading::half_width(text).to_lowercase();
    text.chars().filter(|sign| sign.is_alphanumeric()).collect()
}

/// The code that stands in a text, alone or behind the names of its area.
pub fn code_in(text: &str) -> Option<AreaCode> {
    let text = reading::half_width(text);
    text.rsplit(|sign: char| !sign.is_ascii_digit()).find_map(|part| part.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: [(&str, &[&str]); 5] = [
        ("520381101000", &["石桥镇"]),
        ("520381101201", &["石桥镇", "上河村"]),
        ("520381101202", &["石桥镇", "下河村"]),
        ("520381102201", &["大坪乡", "上河村"]),
        ("520381102202", &["大坪乡", "小上河村"]),
    ];

    fn fits(text: &str) -> Vec<(&'static str, Fit)> {
        let text = AreaText::of(text);
        let fit = |(code, names): &(&'static str, &[&str])| {
            Some((*code, text.fit(code.parse().expect("a code"), names)?))
        };
        PLACES.iter().filter_map(fit).collect()
    }

    #[test]
    fn a_place_is_meant_by_code_name_or_letters() {
        let town = "520381101000";
        let [_, upper, lower, other, small] = PLACES.map(|(code, _)| code);
        for (text, expected) in [
            ("520381101201", vec![(upper, Fit::Whole)]),
            ("５２０３８１１０１２０１", vec![(upper, Fit::Whole)]),
            ("520381102", vec![(other, Fit::Begins), (small, Fit::Begins)]),
            ("上河村", vec![(upper, Fit::Whole), (other, Fit::Whole), (small, Fit::Holds)]),
            ("石桥镇上河村", vec![(upper, Fit::Whole)]),
            ("石桥镇 / 上河村", vec![(upper, Fit::Whole)]),
            ("石桥上河", vec![(upper, Fit::Skips)]),
            ("下河", vec![(lower, Fit::Begins)]),
            ("sqzshc", vec![(upper, Fit::Whole)]),
            ("SQS", vec![(upper, Fit::Skips)]),
            ("xshc", vec![(other, Fit::Holds), (small, Fit::Whole)]),
            ("sqz", vec![(town, Fit::Whole), (upper, Fit::Begins), (lower, Fit::Begins)]),
            ("外县", vec![]),
            ("999", vec![]),
            ("", vec![]),
            ("——", vec![]),
        ] {
            assert_eq!(fits(text), expected, "{text}");
        }
    }

    #[test]
    fn a_code_is_found_behind_the_names() {
        for (text, expected) in [
            ("520381101201", Some("520381101201")),
            ("石桥镇上河村 520381101201", Some("520381101201")),
            ("石桥镇上河村（５２０３８１１０１２０１）", Some("520381101201")),
            ("上河村", None),
            ("2组 5203811", None),
            ("", None),
        ] {
            let found = code_in(text).map(|code| code.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
