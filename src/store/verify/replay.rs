//! Replaying the log: what each row should be by now, in some twenty bytes a row.

use std::collections::{BTreeMap, BTreeSet};

use entity::area::County;

use super::{
    body::Change,
    edition::{Amendment, Editions},
    fingerprint::Fingerprints,
    noun,
    row::{Accused, Kept},
};
use crate::{
    domain::verification::{Fault, Kind, Place},
    store::subject::NOUNS,
};

/// Rows of one page of states.
const PAGE: usize = 256;
/// The same number, as ids count.
const PAGE_IDS: i64 = 256;
/// Accused rows of one county that are looked at one by one.
const ACCUSED: usize = 64;
/// The area table's place among the nouns.
pub(super) const AREA: usize = 0;

/// What the log says of one row.
#[derive(Clone, Copy, Default)]
struct State {
    fingerprint: u64,
    /// Milliseconds of the entry that made the last version.
    at: i64,
    /// The last version; 0 when no entry speaks of the row.
    version: u32,
    /// The row was found in its table.
    is_found: bool,
    /// It went to a county whose log is not walked.
    is_beyond: bool,
    /// It came from a county whose log is not walked: only part of its changes are known.
    is_partial: bool,
}

/// The states of one noun's rows, by id, in pages: ids are dense.
#[derive(Default)]
struct States(BTreeMap<i64, Box<[State]>>);

impl States {
    fn at(&mut self, id: i64) -> &mut State {
        let page = self.0.entry(id.div_euclid(PAGE_IDS));
        let page = page.or_insert_with(|| vec![State::default(); PAGE].into_boxed_slice());
        &mut page[usize::try_from(id.rem_euclid(PAGE_IDS)).unwrap_or(0)]
    }

    fn known(&mut self, id: i64) -> Option<&mut State> {
        let page = self.0.get_mut(&id.div_euclid(PAGE_IDS))?;
        let state = page.get_mut(usize::try_from(id.rem_euclid(PAGE_IDS)).ok()?)?;
        (state.version > 0).then_some(state)
    }

    fn not_found(&self) -> impl Iterator<Item = i64> {
        self.0.iter().flat_map(|(page, states)| {
            let missing = |state: &State| state.version > 0 && !state.is_found && !state.is_beyond;
            let places = states.iter().zip(0_i64..).filter(move |(state, _)| missing(state));
            places.map(move |(_, place)| page * PAGE_IDS + place)
        })
    }
}

/// What the logs walked so far say of every row, and which rows disagree.
pub(super) struct Replay {
    prints: Fingerprints,
    states: Vec<States>,
    pub(super) editions: Editions,
    /// The counties whose logs are walked.
    walked: BTreeSet<County>,
    /// Whether these are all there are.
    is_all: bool,
    accused: Vec<Accused>,
    n_accused: BTreeMap<County, usize>,
    /// The first row of each county whose derived columns are not what they are derived from.
    pub(super) underived: BTreeMap<County, Fault>,
    pub(super) rows: u64,
}

impl Replay {
    pub(super) fn new(walked: BTreeSet<County>, is_all: bool) -> Replay {
        Replay {
            prints: Fingerprints::default(),
            states: NOUNS.iter().map(|_| States::default()).collect(),
            editions: Editions::default(),
            walked,
            is_all,
            accused: Vec::new(),
            n_accused: BTreeMap::new(),
            underived: BTreeMap::new(),
            rows: 0,
        }
    }

    /// Takes a change from the log of a county.
    pub(super) fn apply(&mut self, county: County, seq: u64, at: i64, change: &Change<'_>) {
        let row = (change.noun, change.id);
        let state = self.states[change.noun].at(change.id);
        if change.noun == AREA && change.before.is_some() && state.version == 0 {
            return self.editions.amend(change.id, Amendment::of(county, seq, at, change));
        }
        let version = u32::try_from(change.version).unwrap_or(u32::MAX);
        let moves = change.moves();
        if version >= state.version {
            state.version = version;
            state.at = at;
            state.is_beyond = moves.is_some_and(|(_, to)| !self.walked.contains(&to));
        }
        let mut sum = 0_u64;
        if let Some((from, to)) = moves {
            // the copy in the log that it came to cancels the one in the log that it left
            let copy = self.prints.of((row, change.version, at, &change.after, &change.before));
            sum = if county == to { sum.wrapping_sub(copy) } else { sum.wrapping_add(copy) };
            if county == to {
                state.is_partial |= !self.walked.contains(&from);
                state.fingerprint = state.fingerprint.wrapping_add(sum);
                return;
            }
        }
        sum = sum.wrapping_add(self.prints.fields(row, change.after.held()));
        sum = sum.wrapping_add(self.prints.number(row, "version", change.version));
        match &change.before {
            Some(before) => {
                sum = sum.wrapping_sub(self.prints.fields(row, before.held()));
                sum = sum.wrapping_sub(self.prints.number(row, "version", change.version - 1));
            }
            None => sum = sum.wrapping_add(self.prints.number(row, "created_at", at)),
        }
        state.fingerprint = state.fingerprint.wrapping_add(sum);
    }

    /// Compares a stored row with what the log says of it.
    pub(super) fn compare(&mut self, kept: Kept) {
        self.rows += 1;
        self.check_derived(&kept);
        let row = (kept.noun, kept.id);
        let Some(state) = self.states[kept.noun].known(kept.id) else {
            let is_claimed = kept.noun == AREA && self.editions.claims(&kept);
            let is_elsewhere = kept.noun == AREA && !self.is_all;
            if !is_claimed && !is_elsewhere && self.walked.contains(&kept.county()) {
                self.accuse(kept.county(), Accused::of(kept));
            }
            return;
        };
        state.is_found = true;
        if state.is_partial {
            self.accused.push(Accused::of(kept));
            return;
        }
        let sum = self
            .prints
            .fields(row, kept.fields.held())
            .wrapping_add(self.prints.number(row, "version", kept.version))
            .wrapping_add(self.prints.number(row, "created_at", kept.created_at));
        let agrees = state.fingerprint == sum
            && i64::from(state.version) == kept.version
            && state.at == kept.updated_at;
        if !agrees {
            self.accuse(kept.county(), Accused::of(kept));
        }
    }

    fn check_derived(&mut self, kept: &Kept) {
        if !kept.is_derived && self.walked.contains(&kept.county()) {
            let place = Place::row(kept.county(), noun(kept.noun), kept.id).part("initials");
            let fault = || Fault::new(Kind::RowChanged, place);
            self.underived.entry(kept.county()).or_insert_with(fault);
        }
    }

    /// A row that could not even be read: it is known of, and looked at by itself.
    pub(super) fn unreadable(&mut self, noun: usize, id: i64) {
        self.rows += 1;
        if let Some(state) = self.states[noun].known(id) {
            state.is_found = true;
        }
        self.accused.push(Accused { noun, id, kept: None, is_unreadable: true });
    }

    fn accuse(&mut self, county: County, accused: Accused) {
        let n = self.n_accused.entry(county).or_default();
        *n += 1;
        if *n <= ACCUSED {
            self.accused.push(accused);
        }
    }

    /// Rows that disagree, with those that are gone, in the order of nouns and ids.
    pub(super) fn accused(&mut self) -> Vec<Accused> {
        let mut accused = std::mem::take(&mut self.accused);
        for (noun, states) in self.states.iter().enumerate() {
            let gone = states.not_found().take(ACCUSED * 16);
            accused.extend(gone.map(|id| Accused { noun, id, kept: None, is_unreadable: false }));
        }
        accused.sort_by_key(|one| (one.noun, one.id));
        accused
    }
}
