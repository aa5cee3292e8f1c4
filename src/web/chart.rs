//! Charts, drawn by the server: each is one picture with one sentence that says what it shows, its
//! figures beside what they measure, and a table of the same figures on the page. The second series
//! is hatched, so that none is told by its colour alone.

use maud::{Markup, html};

use super::{parts::grouped, visit::Manner};

/// One bar: what it is, what it measures, and the figure in words.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) size: i64,
    pub(super) figure: String,
}

/// The pattern of every second series, once a page.
pub(super) fn hatch() -> Markup {
    html! {
        svg.sr aria-hidden="true" height="0" {
            pattern #hatch stroke="none" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                rect.k2 width="6" height="6" {}
                rect width="2" height="6" fill="#fff" fill-opacity=".5" {}
            }
        }
    }
}

/// Thousandths of the whole, as percent with one decimal.
fn percent(part: i64, whole: i64) -> String {
    let tenths = if whole > 0 { i128::from(part.max(0)) * 1_000 / i128::from(whole) } else { 0 };
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// Tenths as a length in the size of the text.
fn tall(tenths: i64) -> String {
    format!("{}.{}em", tenths / 10, tenths % 10)
}

/// Horizontal bars, one below the other, each with its name and its figure above it.
pub(super) fn bars(conclusion: &str, bars: &[Bar]) -> Markup {
    const PITCH: i64 = 26;
    let most = bars.iter().map(|bar| bar.size).max().unwrap_or_default();
    let rows = bars.iter().zip((0..).map(|row| row * PITCH));
    let height = i64::try_from(bars.len()).unwrap_or_default() * PITCH;
    html! {
        svg.chart role="img" aria-label=(conclusion) height=(tall(height)) {
            @for (bar, top) in rows {
                text x="0" y=(tall(top + 12)) { (bar.name) }
                text x="100%" y=(tall(top + 12)) text-anchor="end" { (bar.figure) }
                rect x="0" y=(tall(top + 16)) width="100%" height=".5em" class="ground" {}
                rect x="0" y=(tall(top + 16)) width=(percent(bar.size, most)) height=".5em" {}
            }
        }
    }
}

/// How a span of time is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// As it should be.
    Solid,
    /// As it should not be.
    Hatched,
    /// Nothing is known of it.
    Blank,
}

/// Spans of time side by side, each as wide as its days; a thin line of paper parts them.
pub(super) fn strip(conclusion: &str, spans: &[(i64, Fill)]) -> Markup {
    let whole: i64 = spans.iter().map(|(days, _)| days).sum();
    let mut begin = 0;
    let drawn: Vec<_> = spans
        .iter()
        .map(|(days, fill)| {
            begin += days;
            (begin - days, *days, *fill)
        })
        .collect();
    html! {
        svg.stack role="img" aria-label=(conclusion) {
            @for (begin, days, fill) in drawn {
                @let (x, width) = (percent(begin, whole), percent(days, whole));
                @match fill {
                    Fill::Solid => rect.k1 x=(x) width=(width) height="100%" stroke="#fff" {},
                    Fill::Hatched => rect x=(x) width=(width) height="100%" fill="url(#hatch)" {},
                    Fill::Blank => {},
                }
            }
        }
    }
}

/// A pair of columns: what it is of, and what each measures.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) sizes: [i64; 2],
}

/// The least of 1, 2 and 5 times a power of ten that is not below a number.
fn round_above(n: i64) -> i64 {
    let mut step = 1_i64;
    loop {
        for factor in [1, 2, 5] {
            if factor * step >= n {
                return factor * step;
            }
        }
        step = step.saturating_mul(10);
    }
}

/// Paired columns side by side, with three lines to measure them by and their figures above them.
pub(super) fn columns(conclusion: &str, pairs: &[Pair]) -> Markup {
    const FLOOR: i64 = 105;
    const HIGHEST: i64 = 90;
    let most = pairs.iter().flat_map(|pair| pair.sizes).max().unwrap_or_default();
    let most = round_above(most.max(2));
    let tall_of =
        |n: i64| i64::try_from(i128::from(n) * i128::from(HIGHEST) / i128::from(most)).unwrap_or(0);
    let n = i64::try_from(pairs.len()).unwrap_or(1).max(1);
    // thousandths of the width, behind the numbers of the lines
    let place = |at: i64| format!("{}.{}%", at / 10, at % 10);
    let (left, wide) = (90, 900 / n);
    let drawn = pairs.iter().zip((0..).map(|group| left + group * wide));
    html! {
        svg.chart role="img" aria-label=(conclusion) height="12.5em" {
            @for line in [0, most / 2, most] {
                line x1=(place(left)) x2="100%" y1=(tall(FLOOR - tall_of(line))) y2=(tall(FLOOR - tall_of(line))) {}
                text x=(place(left - 8)) y=(tall(FLOOR - tall_of(line) + 4)) text-anchor="end" { (grouped(line)) }
            }
            @for (pair, x) in drawn {
                @for (side, size) in pair.sizes.iter().enumerate() {
                    @let at = x + if side == 0 { wide / 8 } else { wide / 2 };
                    rect x=(place(at)) width=(place(wide * 3 / 8)) y=(tall(FLOOR - tall_of(*size)))
                        height=(tall(tall_of(*size))) fill=[(side == 1).then_some("url(#hatch)")] {}
                    @if *size > 0 {
                        text.lb x=(place(at + wide * 3 / 16)) y=(tall(FLOOR - tall_of(*size) - 4)) text-anchor="middle" { (grouped(*size)) }
                    }
                }
                text x=(place(x + wide / 2)) y=(tall(FLOOR + 14)) text-anchor="middle" { (pair.name) }
            }
        }
    }
}

/// What the two series of columns are.
pub(super) fn legend(names: [&str; 2]) -> Markup {
    html! {
        p.sm.row {
            svg.key viewBox="0 0 12 12" aria-hidden="true" { rect.k1 width="12" height="12" {} } (names[0]) " "
            svg.key viewBox="0 0 12 12" aria-hidden="true" { rect width="12" height="12" fill="url(#hatch)" {} } (names[1])
        }
    }
}

/// The same figures as a table, behind a word.
pub(super) fn twin(manner: &Manner, table: &Markup) -> Markup {
    html! { details.twin { summary { (manner.say("看数据表", "The figures")) } div.wrap tabindex="0" role="region" aria-label=(manner.say("数据表", "The figures")) { (table) } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_at_round_numbers() {
        for (n, above) in [(0, 1), (1, 1), (3, 5), (7, 10), (10, 10), (11, 20), (310, 500)] {
            assert_eq!(round_above(n), above, "{n}");
        }
    }

    #[test]
    fn the_longest_bar_is_as_wide_as_the_chart() {
        let bar = |size| Bar { name: "a".to_owned(), size, figure: "b".to_owned() };
        let drawn = bars("a is most", &[bar(40), bar(10), bar(0)]).into_string();
        assert!(drawn.contains("aria-label=\"a is most\""), "{drawn}");
        for width in ["\"100.0%\"", "\"25.0%\"", "\"0.0%\""] {
            assert!(drawn.contains(&format!("width={width}")), "{width}: {drawn}");
        }
    }

    #[test]
    fn the_second_series_is_hatched() {
        let pair = Pair { name: "1".to_owned(), sizes: [4, 2] };
        let drawn = columns("four, two", &[pair]).into_string();
        assert_eq!(drawn.matches("url(#hatch)").count(), 1, "{drawn}");
    }
}
