//! Chance, from a seed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Marsaglia's xorshift.
#[derive(Clone, Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A seed that nobody had before.
    pub(crate) fn from_the_clock() -> Chance {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        Chance(u64::from(now.subsec_nanos()) << 20 | now.as_secs() & 0xF_FFFF | 1)
    }

    /// A chance of its own for one of many.
    pub(crate) fn of(&self, one: usize) -> Chance {
        let one = u64::try_from(one).expect("a small number") + 1;
        let mut own = Chance(self.0 ^ one.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..8 {
            own.next();
        }
        own
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 16
    }

    /// A number below another one.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).expect("a small number");
        usize::try_from(self.next() % end).expect("a small number")
    }

    /// A part of `whole`, in thousandths.
    pub(crate) fn part_of(&mut self, whole: Duration) -> Duration {
        whole * u32::try_from(self.below(1_000)).expect("a small number") / 1_000
    }
}
