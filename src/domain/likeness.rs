//! How much two pictures look alike, told by a difference hash: of a picture in eight rows of nine
//! greys, whether each grey is lighter than the one to its right. Writing a picture anew, making it
//! smaller or a little lighter changes few of the 64 answers; another view changes about half of
//! them (reliability.md §3.1: a photo that was used before).

use std::{fmt, str::FromStr};

use crate::limits;

/// Greys in a row.
pub const COLUMNS: usize = 9;
/// Rows of greys.
pub const ROWS: usize = 8;
/// Columns and rows as pictures count them.
pub const SIZE: (u32, u32) = (9, 8);

/// What a picture looks like, in 64 bits; as text, sixteen digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness(u64);

impl Likeness {
    /// Of a picture in rows of greys. None where all of it is about one grey: a wall, a sky or a lens
    /// that was covered looks like every other.
    pub fn of(greys: &[[u8; COLUMNS]; ROWS]) -> Option<Likeness> {
        let all = || greys.iter().flatten().copied();
        let span = all().max()?.abs_diff(all().min()?);
        if span < limits::LIKENESS_GREYS {
            return None;
        }
        let pairs = greys.iter().flat_map(|row| row.windows(2));
        Some(Likeness(pairs.fold(0, |bits, pair| bits << 1 | u64::from(pair[0] > pair[1]))))
    }

    /// In how many of the 64 answers two pictures differ.
    pub const fn distance(self, other: Likeness) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// Whether two pictures look like one.
    pub const fn is_like(self, other: Likeness) -> bool {
        self.distance(other) <= limits::LIKENESS_BITS
    }
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The text tells of no picture.
#[derive(Debug, PartialEq, Eq)]
pub struct BadLikeness;

impl FromStr for Likeness {
    type Err = BadLikeness;

    fn from_str(text: &str) -> Result<Likeness, BadLikeness> {
        let is_one = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = is_one.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        bits.map(Likeness).ok_or(BadLikeness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Greys that a rule of arithmetic says.
    fn greys(grey: impl Fn(usize, usize) -> u8) -> [[u8; COLUMNS]; ROWS] {
        let mut all = [[0; COLUMNS]; ROWS];
        for (y, row) in all.iter_mut().enumerate() {
            for (x, one) in row.iter_mut().enumerate() {
                *one = grey(x, y);
            }
        }
        all
    }

    fn of(grey: impl Fn(usize, usize) -> u8) -> Likeness {
        Likeness::of(&greys(grey)).expect("a picture")
    }

    fn light(x: usize) -> u8 {
        u8::try_from(x * 20).expect("a grey")
    }

    #[test]
    fn pictures_are_made_as_small_as_they_are_compared() {
        let counted = (u32::try_from(COLUMNS), u32::try_from(ROWS));
        assert_eq!(counted, (Ok(SIZE.0), Ok(SIZE.1)));
    }

    #[test]
    fn each_bit_says_whether_a_grey_is_lighter_than_the_next() {
        assert_eq!(of(|x, _| light(x)).to_string(), "0000000000000000");
        assert_eq!(of(|x, _| light(8 - x)).to_string(), "ffffffffffffffff");
        // the first row comes first, and in it the greys on the left
        let first = |x, y| if (x, y) == (0, 0) { 200 } else { 100 };
        assert_eq!(of(first).to_string(), "8000000000000000");
        let last = |x, y| if (x, y) == (8, 7) { 100 } else { 200 };
        assert_eq!(of(last).to_string(), "0000000000000001");
    }

    #[test]
    fn a_picture_is_like_itself_whatever_its_light() {
        let dark = of(|x, y| u8::try_from((x * 37 + y * 61) % 97).expect("a grey"));
        let lit = of(|x, y| u8::try_from((x * 37 + y * 61) % 97 + 90).expect("a grey"));
        assert_eq!((dark, dark.distance(lit)), (lit, 0));
        let other = of(|x, y| u8::try_from((x * 53 + y * 29 + 11) % 101).expect("a grey"));
        assert!(!dark.is_like(other), "{}", dark.distance(other));
    }

    #[test]
    fn so_many_bits_apart_are_alike_and_one_more_is_another() {
        let none = Likeness(0);
        let apart = |n: u32| Likeness((1 << n) - 1);
        assert_eq!(none.distance(apart(limits::LIKENESS_BITS)), limits::LIKENESS_BITS);
        assert!(none.is_like(apart(limits::LIKENESS_BITS)));
        assert!(!none.is_like(apart(limits::LIKENESS_BITS + 1)));
    }

    #[test]
    fn what_is_of_one_grey_tells_nothing() {
        let span = |span: u8| Likeness::of(&greys(|x, _| if x == 4 { 50 + span } else { 50 }));
        assert_eq!(span(0), None);
        assert_eq!(span(limits::LIKENESS_GREYS - 1), None);
        assert!(span(limits::LIKENESS_GREYS).is_some());
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        for bits in [0, 1, u64::MAX, 0x8F3C_0000_0000_00A1] {
            let text = Likeness(bits).to_string();
            assert_eq!(text.parse(), Ok(Likeness(bits)), "{text}");
        }
        for text in ["", "0", "00000000000000000", "000000000000000g", "+00000000000000f"] {
            assert_eq!(text.parse::<Likeness>(), Err(BadLikeness), "{text}");
        }
    }
}
