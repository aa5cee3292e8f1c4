//! The sample of a campaign: the lines whose numbers, hashed with the published seed, come first.
//! Anybody can draw it again with `sha256sum`:
//!
//! ```text
//! for n in $(seq 1 LINES); do echo "$(printf '%s\n%s' SEED $n | sha256sum | cut -c1-64) $n"; done \
//!     | sort | head -n SIZE
//! ```

use sha2::{Digest, Sha256};

/// The numbers that are drawn of lines 1 to `n_lines`, in their order.
pub fn drawn(seed: &str, n_lines: i32, size: i32) -> Vec<i32> {
    let hash = |n: i32| -> [u8; 32] { Sha256::digest(format!("{seed}\n{n}")).into() };
    let mut keyed: Vec<([u8; 32], i32)> = (1..=n_lines).map(|n| (hash(n), n)).collect();
    keyed.sort_unstable();
    let mut numbers: Vec<i32> =
        keyed.into_iter().take(usize::try_from(size).unwrap_or(0)).map(|(_, n)| n).collect();
    numbers.sort_unstable();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Drawn by the command of the first lines of this file, not by this program.
    const VECTORS: [(&str, i32, i32, &[i32]); 3] = [
        ("2026-06-30", 10, 3, &[1, 4, 9]),
        ("9f86d081884c7d659a2feaa0c55ad015", 100, 10, &[3, 14, 23, 25, 29, 49, 59, 61, 65, 85]),
        ("青禾县回头看", 37, 5, &[1, 4, 6, 31, 34]),
    ];

    #[test]
    fn anybody_draws_the_same_with_the_command_that_is_published() {
        for (seed, n_lines, size, expected) in VECTORS {
            assert_eq!(drawn(seed, n_lines, size), expected, "{seed}");
        }
    }

    #[test]
    fn as_many_are_drawn_as_are_asked_for_each_once() {
        for (n_lines, size) in [(1, 1), (7, 7), (7, 3), (300, 299), (5, 9), (5, 0)] {
            let numbers = drawn("青禾县", n_lines, size);
            assert_eq!(numbers.len(), usize::try_from(size.min(n_lines)).expect("a number"));
            assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
            assert!(numbers.iter().all(|n| (1..=n_lines).contains(n)), "{numbers:?}");
        }
    }

    #[test]
    fn another_seed_draws_another_sample() {
        assert_ne!(drawn("a", 1_000, 20), drawn("b", 1_000, 20));
    }
}
