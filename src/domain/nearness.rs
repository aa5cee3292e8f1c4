//! Which of some names a text most likely means: what is offered to somebody who mistyped a name.
//! Nothing is ever taken by itself.

use super::reading::half_width;

/// Characters of a name for each that may be wrong: one in up to five, two in up to eight.
const CHARACTERS_PER_SLIP: usize = 3;
/// Characters of a text that are looked at; nothing is near to a longer one.
const LONGEST: usize = 60;

/// The one name that is nearest to a text, where one is near and no other is as near.
pub fn nearest<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text: Vec<char> = half_width(text).chars().collect();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    let mut is_tied = false;
    for name in names {
        let Some(distance) = distance_to(&text, name) else { continue };
        match best {
            Some((least, known)) if distance == least => is_tied |= known != name,
            Some((least, _)) if distance > least => {}
            _ => (best, is_tied) = (Some((distance, name)), false),
        }
    }
    best.filter(|_| !is_tied).map(|(_, name)| name)
}

/// How far a name is from a text; none where it is not near.
fn distance_to(text: &[char], name: &str) -> Option<usize> {
    let name: Vec<char> = name.chars().collect();
    let (short, long) = if text.len() < name.len() { (text, &name[..]) } else { (&name[..], text) };
    if short.len() > 1 && long.windows(short.len()).any(|part| part == short) {
        return Some(1);
    }
    let most = (long.len() / CHARACTERS_PER_SLIP).max(1);
    // nothing of a name of one character would be left
    let is_near = long.len() > 1 && long.len() - short.len() <= most;
    is_near.then(|| edits(short, long)).filter(|edits| *edits <= most)
}

/// Characters to be put in, left out or exchanged to make one text the other.
fn edits(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (n, left) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = n + 1;
        for (place, right) in other.iter().enumerate() {
            let exchanged = diagonal + usize::from(left != right);
            diagonal = row[place + 1];
            row[place + 1] = exchanged.min(row[place] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_another_name_is_not() {
        let villages = ["上河村", "大坪村", "新建社区"];
        for (text, expected) in [
            ("上和村", Some("上河村")),
            ("上河", Some("上河村")),
            ("新建设社区", Some("新建社区")),
            ("河上", None),
            ("", None),
            ("石桥镇", None),
        ] {
            assert_eq!(nearest(text, villages), expected, "{text}");
        }
        assert_eq!(nearest("公益", ["公益性资产", "经营性资产"]), Some("公益性资产"));
        let long = "村".repeat(LONGEST);
        assert_eq!(nearest(&long, [long.as_str()]), Some(long.as_str()));
        assert_eq!(nearest(&format!("{long}村"), [long.as_str()]), None);
    }

    #[test]
    fn of_two_that_are_as_near_none_is_offered() {
        assert_eq!(nearest("上村", ["上河村", "上坪村"]), None);
        assert_eq!(nearest("下河村", ["上河村", "大河村"]), None);
        assert_eq!(nearest("上河村", ["上河村", "上河村"]), Some("上河村"));
    }
}
