//! What has become of the lines of a campaign since it began, by what the ledger says of their
//! findings today.

use std::ops::AddAssign;

use entity::{language::Label, rectification};

/// What has become of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing yet: nobody was asked.
    Open,
    /// Somebody was asked, or is at it.
    InHand,
    /// Reported done, to be checked.
    Done,
    /// It cleared, or was closed out.
    Closed,
    /// It had cleared, and was found again.
    Back,
}

impl Standing {
    /// Every one, in the order in which they are shown.
    pub const ALL: [Standing; 5] =
        [Standing::Open, Standing::InHand, Standing::Done, Standing::Closed, Standing::Back];

    /// What people call it.
    pub const fn label(self) -> Label {
        match self {
            Standing::Open => Label::new("未办", "open"),
            Standing::InHand => Label::new("在办", "in hand"),
            Standing::Done => Label::new("已办待核", "done, to be checked"),
            Standing::Closed => Label::new("销号", "closed"),
            Standing::Back => Label::new("反弹", "come back"),
        }
    }
}

/// What has become of a line whose finding stands or not, was found again or not, and has come so
/// far.
pub const fn standing(
    is_cleared: bool,
    is_found_again: bool,
    progress: Option<rectification::State>,
) -> Standing {
    use rectification::State;
    match (is_cleared, is_found_again, progress) {
        (true, _, _) => Standing::Closed,
        (_, true, _) => Standing::Back,
        (_, _, Some(State::ClosedOut)) => Standing::Closed,
        (_, _, Some(State::Done)) => Standing::Done,
        (_, _, Some(State::Open | State::Underway)) => Standing::InHand,
        (_, _, None) => Standing::Open,
    }
}

/// How many lines of an area there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// By standing, in the order of [`Standing::ALL`].
    pub by_standing: [i64; 5],
    /// All of them.
    pub total: i64,
    /// Those that were answered.
    pub answered: i64,
    /// Those of which anything is wrong, by the four questions in their order.
    pub said: [i64; 4],
    /// Those that were drawn.
    pub drawn: i64,
    /// Those that were checked again.
    pub rechecked: i64,
    /// Those that were not as answered.
    pub differing: i64,
}

impl Counted {
    /// How many there are of a standing.
    pub const fn of(&self, standing: Standing) -> i64 {
        self.by_standing[standing as usize]
    }
}

impl AddAssign for Counted {
    fn add_assign(&mut self, other: Counted) {
        for (own, more) in self.by_standing.iter_mut().zip(other.by_standing) {
            *own += more;
        }
        for (own, more) in self.said.iter_mut().zip(other.said) {
            *own += more;
        }
        self.total += other.total;
        self.answered += other.answered;
        self.drawn += other.drawn;
        self.rechecked += other.rechecked;
        self.differing += other.differing;
    }
}

#[cfg(test)]
mod tests {
    use entity::rectification::State;

    use super::*;

    #[test]
    fn a_line_is_of_one_kind() {
        for (is_cleared, again, progress, expected) in [
            (false, false, None, Standing::Open),
            (false, false, Some(State::Open), Standing::InHand),
            (false, false, Some(State::Underway), Standing::InHand),
            (false, false, Some(State::Done), Standing::Done),
            (false, false, Some(State::ClosedOut), Standing::Closed),
            (true, false, Some(State::ClosedOut), Standing::Closed),
            (true, true, None, Standing::Closed),
            (false, true, None, Standing::Back),
            (false, true, Some(State::Open), Standing::Back),
        ] {
            assert_eq!(standing(is_cleared, again, progress), expected);
        }
    }

    #[test]
    fn sums_of_areas_add_up() {
        let one = Counted {
            by_standing: [1, 2, 3, 4, 5],
            total: 15,
            answered: 9,
            said: [1, 0, 2, 0],
            drawn: 3,
            rechecked: 2,
            differing: 1,
        };
        let mut sum = one;
        sum += one;
        assert_eq!((sum.total, sum.of(Standing::Back), sum.said), (30, 10, [2, 0, 4, 0]));
        assert_eq!((sum.answered, sum.drawn, sum.rechecked, sum.differing), (18, 6, 4, 2));
    }
}
