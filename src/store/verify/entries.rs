//! Walking one county's log: every entry, the tree over them, and every checkpoint of it.

use std::collections::VecDeque;

use entity::{
    area::County,
    log::{self, head},
};
use serde_json::Value as Json;

use super::{body::Fields, index::Index, replay::Replay};
use crate::domain::{
    trail::{
        check::is_canonical,
        merkle::{Frontier, Hash, TreeHead, leaf_hash},
    },
    verification::{Fault, Kind, LogReport, Place},
};

/// A checkpoint whose signature holds.
#[derive(Clone)]
pub(super) struct Signed {
    pub(super) head: TreeHead,
    pub(super) note: String,
    /// Someone brought it; it does not lie in the ledger.
    pub(super) is_brought: bool,
}

/// One county's log while it is walked.
pub(super) struct Walk {
    county: County,
    frontier: Frontier,
    head: Option<head::Model>,
    /// Checkpoints not reached yet, by size.
    awaited: VecDeque<Signed>,
    /// The size of the last checkpoint that agreed.
    agreed: u64,
    n_agreed: u64,
    /// A brought checkpoint that contradicts the log. Whether the ledger signed both histories
    /// shows only when one of its own checkpoints is reached.
    contradiction: Option<Signed>,
    fault: Option<Fault>,
    /// An entry was wrong: nothing after it is looked at.
    is_broken: bool,
}

impl Walk {
    /// Begins at the first entry. `fault` is what was wrong before any entry was read.
    pub(super) fn new(
        county: County,
        head: Option<head::Model>,
        mut signed: Vec<Signed>,
        fault: Option<Fault>,
    ) -> Walk {
        signed.sort_by_key(|one| (one.head.size, one.is_brought));
        let mut walk = Walk {
            county,
            frontier: Frontier::new(),
            head,
            awaited: signed.into(),
            agreed: 0,
            n_agreed: 0,
            contradiction: None,
            fault,
            is_broken: false,
        };
        walk.reach();
        walk
    }

    fn size(&self) -> u64 {
        self.frontier.size()
    }

    fn blame(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// Takes the next entry.
    pub(super) fn entry(
        &mut self,
        entry: &log::Model,
        index: &mut Index,
        replay: Option<&mut Replay>,
    ) {
        if self.is_broken {
            return;
        }
        if let Err(fault) = self.check(entry, index, replay) {
            self.is_broken = true;
            self.blame(*fault);
        }
    }

    /// An entry that could not be read from the database.
    pub(super) fn unreadable(&mut self, seq: Option<i64>) {
        let seq = seq.and_then(|seq| u64::try_from(seq).ok()).unwrap_or_else(|| self.size());
        self.is_broken = true;
        self.blame(Fault::new(Kind::EntryUnreadable, Place::entry(self.county, seq)));
    }

    fn check(
        &mut self,
        entry: &log::Model,
        index: &mut Index,
        replay: Option<&mut Replay>,
    ) -> Result<(), Box<Fault>> {
        let seq = self.size();
        let fault = |kind| Box::new(Fault::new(kind, Place::entry(self.county, seq)));
        if u64::try_from(entry.seq) != Ok(seq) {
            return Err(Box::new(fault(Kind::EntryMissing).expected(seq).found(entry.seq)));
        }
        let leaf = leaf_hash(entry.body.as_bytes());
        let stored = Hash::try_from(entry.leaf.as_slice());
        if stored.as_ref() != Ok(&leaf) {
            let stored = stored.map_or_else(|bad| bad.to_string(), |hash| hash.to_string());
            return Err(Box::new(fault(Kind::EntryDigest).expected(stored).found(leaf)));
        }
        if !is_canonical(&entry.body) {
            return Err(fault(Kind::EntryForm));
        }
        let body = Fields::read(&entry.body).unwrap_or_default();
        let columns = [
            ("county", Json::from(entry.county.as_str())),
            ("seq", entry.seq.into()),
            ("at", entry.at.into()),
            ("actor", entry.actor.as_str().into()),
            ("action", entry.action.as_str().into()),
            ("v", 1.into()),
        ];
        for (name, column) in columns {
            let (said, column) = (body.get(name), column.to_string());
            if said != Some(&*column) {
                let place = Place::entry(self.county, seq).part(name);
                let said = said.unwrap_or("—");
                let fault = Fault::new(Kind::EntryColumn, place);
                return Err(Box::new(fault.expected(said).found(column)));
            }
        }
        if !self.changes(&body, entry, index, replay) {
            return Err(fault(Kind::EntryForm));
        }
        self.frontier.append(leaf);
        self.reach();
        Ok(())
    }

    /// Takes the changes of an entry; false when they are not of the form that the door makes.
    fn changes(
        &self,
        body: &Fields<'_>,
        entry: &log::Model,
        index: &mut Index,
        mut replay: Option<&mut Replay>,
    ) -> bool {
        let (county, seq) = (self.county, self.size());
        if let (Some(bulk), Some(replay)) = (body.get("bulk"), replay.as_deref_mut())
            && !replay.editions.take(county, seq, entry.at, bulk)
        {
            return false;
        }
        let Some(changes) = body.changes() else { return false };
        for change in &changes {
            let is_elsewhere = change.birthplace().is_some_and(|place| place != county);
            let moves = change.moves();
            if is_elsewhere || moves.is_some_and(|(from, to)| county != from && county != to) {
                return false;
            }
            index.expect(county, seq, change);
            if let Some(replay) = replay.as_deref_mut() {
                replay.apply(county, seq, entry.at, change);
            }
        }
        true
    }

    /// Compares the checkpoints of the size that is reached.
    fn reach(&mut self) {
        let size = self.size();
        while let Some(signed) = self.awaited.pop_front_if(|one| one.head.size == size) {
            if signed.head.root == self.frontier.root() {
                self.agreed = size;
                self.n_agreed += 1;
                if let Some(brought) = self.contradiction.take_if(|_| !signed.is_brought) {
                    let notes = vec![brought.note, signed.note];
                    let place = Place::entry(self.county, brought.head.size);
                    self.blame(Fault::new(Kind::Fork, place).notes(notes));
                }
            } else if signed.is_brought {
                self.contradiction.get_or_insert(signed);
            } else {
                let fault = self.other_root(&signed);
                self.blame(fault);
            }
        }
    }

    /// The first entry that can be wrong is the one after the last checkpoint that agreed.
    fn other_root(&self, signed: &Signed) -> Fault {
        let part = format!("{}–{}", self.agreed, signed.head.size.saturating_sub(1));
        let place = Place::entry(self.county, self.agreed).part(part);
        let fault = Fault::new(Kind::CheckpointRoot, place).notes(vec![signed.note.clone()]);
        fault.expected(signed.head.root).found(self.frontier.root())
    }

    /// Ends the walk after the last entry.
    pub(super) fn finish(mut self) -> LogReport {
        let size = self.size();
        if let Some(signed) = self.contradiction.take() {
            let part = format!("0–{}", signed.head.size.saturating_sub(1));
            let place = Place::entry(self.county, self.agreed.min(signed.head.size)).part(part);
            let fault = Fault::new(Kind::CheckpointRoot, place).expected(signed.head.root);
            self.blame(fault.notes(vec![signed.note]));
        }
        if let Some(signed) = self.awaited.pop_front() {
            let place = Place::entry(self.county, size);
            let fault = Fault::new(Kind::CheckpointBeyond, place).notes(vec![signed.note]);
            self.blame(fault.expected(signed.head.size).found(size));
        }
        let place = Place::entry(self.county, size);
        let recorded = self.head.take();
        let agrees = recorded.as_ref().is_some_and(|head| {
            u64::try_from(head.size) == Ok(size) && head.frontier == self.frontier.encode()
        });
        if !agrees {
            let recorded = recorded.map_or_else(|| "—".to_owned(), |head| head.size.to_string());
            self.blame(Fault::new(Kind::Head, place).expected(recorded).found(size));
        }
        let n_checkpoints = self.n_agreed;
        let root = self.frontier.root();
        LogReport { county: self.county, size, root, n_checkpoints, fault: self.fault }
    }
}
