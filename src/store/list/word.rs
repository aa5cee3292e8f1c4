//! The words of every list, and how what stands behind them is read.

use entity::language::{Label, Sentence};

use super::{Listed, Sort};
use crate::{
    domain::{
        as_of::AsOf,
        mistake::{Mistake, shortened},
    },
    limits,
};

/// The words that every list knows, and what they say.
pub const WORDS: [(&str, Label); 5] = [
    ("area", Label::new("十二位区划代码", "an area code of twelve digits")),
    ("after", Label::new("上一页的 next", "the `next` of the page before")),
    ("limit", Label::new("每页行数，1 至 200", "rows of the page: 1 to 200")),
    ("count", Label::new("true：同时统计总数", "true: count all rows too")),
    ("sort", Label::new("排序", "the order")),
];

/// The word of an earlier time.
pub const PAST: (&str, Label) = (
    "as_of",
    Label::new(
        "按某日终了或某一时刻所登记的内容",
        "as recorded at the end of a day or at an instant",
    ),
);

/// The word of a search.
pub const SEARCH: (&str, Label) = ("q", Label::new("查找", "what to look for"));

pub(super) fn limit(text: &str) -> Result<u64, Mistake> {
    let most = limits::PAGE_ROWS;
    let n = text.parse().ok().filter(|n| (1..=most).contains(n));
    n.ok_or_else(|| {
        let words = (format!("应为 1 至 {most} 的整数"), format!("a whole number, 1 to {most}"));
        Mistake::new("limit", text, Sentence::new(words.0, words.1))
    })
}

/// Reads the time of which a caller asks what was recorded.
pub fn as_of(text: &str) -> Result<AsOf, Mistake> {
    text.parse().map_err(|_| {
        let (zh, en) = (
            "应如 2026-11-23 或 2026-11-23T18:00:00+08:00",
            "such as 2026-11-23 or 2026-11-23T18:00:00+08:00",
        );
        Mistake::new("as_of", text, Sentence::new(zh, en))
    })
}

pub(super) fn search(text: &str) -> Result<String, Mistake> {
    let most = limits::SEARCH_LENGTH;
    if text.chars().count() <= most {
        return Ok(text.to_owned());
    }
    // what was looked for may be somebody's name, and is not repeated
    let words = (format!("不超过 {most} 字"), format!("at most {most} characters"));
    Err(Mistake::new("q", "", Sentence::new(words.0, words.1)))
}

pub(super) fn sort<E: Listed>(text: &str) -> Result<(&'static Sort<E>, bool), Mistake> {
    let (name, is_descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let sort = E::SORTS.iter().find(|sort| sort.name == name);
    sort.map(|sort| (sort, is_descending)).ok_or_else(|| {
        let names: Vec<&str> = E::SORTS.iter().map(|sort| sort.name).collect();
        let expected = Sentence::new(
            format!("可按 {} 排序；前加连字符为倒序", names.join("、")),
            format!("one of: {}; a hyphen before it turns it round", names.join(", ")),
        );
        Mistake::new("sort", text, expected)
    })
}

pub(super) fn unknown<E: Listed>(word: &str) -> Mistake {
    let common = WORDS.iter().map(|(word, _)| *word);
    let search = (!E::SEARCHED.is_empty()).then_some(SEARCH.0);
    let filters = E::FILTERS.iter().map(|filter| filter.name);
    let past = E::HAS_PAST.then_some(PAST.0);
    let known: Vec<&str> = filters.chain(search).chain(past).chain(common).collect();
    let expected = Sentence::new(
        format!("没有这个查询条件；可用：{}", known.join("、")),
        format!("no such parameter; there are: {}", known.join(", ")),
    );
    let word = shortened(word);
    Mistake::new(word.clone(), &word, expected)
}
