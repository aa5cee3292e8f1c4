//! In what order to go to places: from the first to the nearest of the others, and then without
//! crossing one's own way. No shortest way is promised: one that nobody would call a detour.

use crate::domain::distance::{Place, metres};

/// How far each place is from each.
struct Far(Vec<Vec<i64>>);

impl Far {
    fn of(places: &[Place]) -> Far {
        let from = |one: &Place| places.iter().map(|other| metres(*one, *other)).collect();
        Far(places.iter().map(from).collect())
    }

    fn between(&self, one: usize, other: usize) -> i64 {
        self.0[one][other]
    }
}

/// The order in which to go to places, as their numbers: the first stays the first; what lies nobody
/// knows where comes last, in the order in which it was given.
pub fn short(places: &[Option<Place>]) -> Vec<usize> {
    let numbered = || places.iter().enumerate();
    let (known, lying): (Vec<usize>, Vec<Place>) =
        numbered().filter_map(|(number, place)| Some((number, (*place)?))).unzip();
    let far = Far::of(&lying);
    let mut way = nearest(lying.len(), &far);
    untangle(&mut way, &far);
    let unknown = numbered().filter(|(_, place)| place.is_none()).map(|(number, _)| number);
    way.into_iter().map(|one| known[one]).chain(unknown).collect()
}

/// From the first on, always to the nearest.
fn nearest(n: usize, far: &Far) -> Vec<usize> {
    let mut left: Vec<usize> = (0..n).collect();
    let mut way: Vec<usize> = Vec::with_capacity(n);
    while !left.is_empty() {
        let step = |number: usize| way.last().map_or(0, |here| far.between(*here, number));
        let next = (0..left.len()).min_by_key(|at| (step(left[*at]), left[*at])).unwrap_or(0);
        way.push(left.remove(next));
    }
    way
}

/// Turns parts of the way round for as long as that makes it shorter.
fn untangle(way: &mut [usize], far: &Far) {
    while let Some((from, to)) = (1..way.len()).find_map(|from| {
        let to = (from + 1..way.len()).find(|to| saved(way, far, (from, *to)) > 0)?;
        Some((from, to))
    }) {
        way[from..=to].reverse();
    }
}

/// How much shorter the way becomes if a part of it is turned round.
fn saved(way: &[usize], far: &Far, (from, to): (usize, usize)) -> i64 {
    let (before, first, last) = (way[from - 1], way[from], way[to]);
    let onward = |end: usize| way.get(to + 1).map_or(0, |after| far.between(end, *after));
    far.between(before, first) + onward(last) - far.between(before, last) - onward(first)
}

/// Metres of a way as the crow flies; what lies nobody knows where is passed over.
pub fn length(places: &[Option<Place>]) -> i64 {
    let known: Vec<Place> = places.iter().copied().flatten().collect();
    known.windows(2).map(|pair| metres(pair[0], pair[1])).sum()
}

#[cfg(test)]
mod tests {
    use entity::measure::Coordinate;
    use proptest::{collection::vec, option, prelude::*};

    use super::*;

    fn place(east: i64, north: i64) -> Place {
        let of = |degrees: i64, thousandths: i64| format!("{degrees}.{thousandths:03}");
        (
            Coordinate::longitude(&of(106, east)).expect("east"),
            Coordinate::latitude(&of(26, north)).expect("north"),
        )
    }

    fn along(places: &[Option<Place>], order: &[usize]) -> Vec<Option<Place>> {
        order.iter().map(|one| places[*one]).collect()
    }

    #[test]
    fn along_a_road_nobody_turns_back() {
        let places = [0, 40, 10, 30, 20].map(|east| Some(place(east, 0)));
        assert_eq!(short(&places), [0, 2, 4, 3, 1]);
        assert_eq!(short(&[]), [0; 0]);
        assert_eq!(short(&[None, Some(place(1, 1)), None]), [1, 0, 2]);
    }

    #[test]
    fn a_way_that_crosses_itself_is_untangled() {
        // to the nearest each time: 0, 1, 2, then far back to 3
        let places = [(0, 0), (10, 0), (21, 0), (0, 12), (21, 13)].map(|(e, n)| Some(place(e, n)));
        let nearest = length(&along(&places, &[0, 1, 2, 4, 3]));
        assert!(length(&along(&places, &short(&places))) <= nearest);
    }

    proptest! {
        #[test]
        fn every_place_is_gone_to_once_from_the_first_on_and_never_further_than_to_the_nearest(
            places in vec(option::weighted(0.9, (0..999_i64, 0..999_i64)), 0..40)
        ) {
            let places: Vec<Option<Place>> =
                places.into_iter().map(|one| one.map(|(east, north)| place(east, north))).collect();
            let order = short(&places);
            let mut all = order.clone();
            all.sort_unstable();
            prop_assert_eq!(all, (0..places.len()).collect::<Vec<_>>());
            let first = places.iter().position(Option::is_some).or((!places.is_empty()).then_some(0));
            prop_assert_eq!(order.first().copied(), first);
            let known: Vec<Place> = places.iter().copied().flatten().collect();
            let greedy: Vec<Option<Place>> =
                nearest(known.len(), &Far::of(&known)).into_iter().map(|one| Some(known[one])).collect();
            prop_assert!(length(&along(&places, &order)) <= length(&greedy));
        }
    }
}
