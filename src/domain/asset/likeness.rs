//! Whether two names may be names of one asset: what is on the books is found again, however its
//! name was written the other time.

use crate::domain::reading;

/// Hundredths of their pairs of characters that two names share which are alike.
pub const ALIKE: usize = 50;
/// Hundredths of names that are the same.
pub const SAME: usize = 100;
/// What stands before the first character of a name and behind its last: where names begin and end
/// says more of them than their middle.
const EDGE: char = '\0';
/// The numerals of Chinese, by what they stand for.
const NUMERALS: &str = "〇一二三四五六七八九";

/// A name as it is compared: without width, case, spaces and signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// Its pairs of neighbouring characters, in order.
    pairs: Vec<(char, char)>,
    /// The numbers in it: what is numbered otherwise is another thing.
    numbers: Vec<String>,
}

impl Likeness {
    /// That of a name.
    pub fn of(name: &str) -> Likeness {
        let name = reading::half_width(name).to_lowercase();
        let folded: Vec<char> =
            name.chars().filter(|sign| sign.is_alphanumeric()).map(numeral).collect();
        let behind = folded.iter().copied().chain([EDGE]);
        let mut pairs: Vec<(char, char)> =
            [EDGE].into_iter().chain(folded.iter().copied()).zip(behind).collect();
        pairs.sort_unstable();
        let numbers = folded.split(|sign| !is_counting(*sign)).filter(|run| !run.is_empty());
        let numbers = numbers.map(|run| run.iter().collect()).collect();
        Likeness { pairs, numbers }
    }

    /// How much of two names is shared, in hundredths, where they may be names of one asset.
    pub fn shared_with(&self, other: &Likeness) -> Option<usize> {
        let is_numbered = !self.numbers.is_empty() && !other.numbers.is_empty();
        let is_blank = self.pairs.len() == 1 || other.pairs.len() == 1;
        if is_blank || (is_numbered && self.numbers != other.numbers) {
            return None;
        }
        let shared = 2 * SAME * self.n_shared(other) / (self.pairs.len() + other.pairs.len());
        (shared >= ALIKE).then_some(shared)
    }

    /// How many pairs stand in both, each as often as it stands in either.
    fn n_shared(&self, other: &Likeness) -> usize {
        let (mut one, mut two) = (self.pairs.iter().peekable(), other.pairs.iter().peekable());
        let mut n = 0;
        while let (Some(left), Some(right)) = (one.peek(), two.peek()) {
            let order = left.cmp(right);
            n += usize::from(order.is_eq());
            if order.is_le() {
                one.next();
            }
            if order.is_ge() {
                two.next();
            }
        }
        n
    }
}

/// A numeral as a digit.
fn numeral(sign: char) -> char {
    let known = NUMERALS.chars().zip('0'..='9').find(|(numeral, _)| *numeral == sign);
    known.map_or(sign, |(_, digit)| digit)
}

fn is_counting(sign: char) -> bool {
    sign.is_ascii_digit() || ['十', '百'].contains(&sign)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shared(one: &str, other: &str) -> Option<usize> {
        Likeness::of(one).shared_with(&Likeness::of(other))
    }

    #[test]
    fn names_that_may_be_of_one_asset_are_alike() {
        for (one, other) in [
            ("上河村便民桥", "上河村人行桥"),
            ("上河村便民桥", "便民桥"),
            ("上河村便民桥", "上河村（便民）桥"),
            ("光伏电站 A1", "光伏电站ａ１"),
            ("蓄水池", "村蓄水池"),
            ("三孔石拱桥", "石拱桥"),
            ("三孔石拱桥", "3孔石拱桥"),
            ("上河村1号蓄水池", "上河村蓄水池"),
        ] {
            assert!(shared(one, other).is_some(), "{one} {other}");
        }
    }

    #[test]
    fn other_things_are_not_alike() {
        for (one, other) in [
            ("上河村便民桥", "上河村光伏电站"),
            ("上河村1号蓄水池", "上河村2号蓄水池"),
            ("一组路灯", "二组路灯"),
            ("十号路灯", "十一号路灯"),
            ("1组2号路灯", "1组路灯"),
            ("便民桥", "人行桥"),
            ("桥", "路"),
            ("", ""),
            ("——", "——"),
            ("", "便民桥"),
        ] {
            assert_eq!(shared(one, other), None, "{one} {other}");
        }
    }

    #[test]
    fn half_of_the_pairs_is_enough_and_less_is_not() {
        // of eight pairs four, of nine four
        assert_eq!(shared("甲乙丙", "甲乙丁"), Some(50));
        assert_eq!(shared("甲乙丙", "甲乙丁戊"), None);
    }

    proptest! {
        #[test]
        fn likeness_is_mutual_and_of_oneself_whole(one in "[甲乙丙丁0-9 a-c]{0,12}", other in "[甲乙丙丁0-9 a-c]{0,12}") {
            prop_assert_eq!(shared(&one, &other), shared(&other, &one));
            let is_blank = one.trim().is_empty();
            prop_assert_eq!(shared(&one, &one), (!is_blank).then_some(SAME));
            prop_assert!(shared(&one, &other).is_none_or(|shared| (ALIKE..=SAME).contains(&shared)));
        }
    }
}
