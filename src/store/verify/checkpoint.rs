//! The signed checkpoints of a county: those the ledger keeps and those brought from outside.

use std::collections::BTreeMap;

use entity::{
    area::County,
    log::checkpoint::{self, Model},
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::entries::Signed;
use crate::{
    domain::{
        trail::{
            checkpoint::{Note, open},
            key::Verifier,
        },
        verification::{Fault, Kind, Place},
    },
    error::Result,
};

/// Notes brought from outside, by the county they claim to be of.
pub(super) type Brought = BTreeMap<County, Vec<String>>;

/// Sorts notes brought from outside by county; what is no note of this ledger is a fault.
pub(super) fn sort(ledger: &str, notes: &[String]) -> (Brought, Vec<Fault>) {
    let (mut brought, mut faults) = (Brought::new(), Vec::new());
    for text in notes {
        let note = match Note::parse(text) {
            Ok(note) => note,
            Err(bad) => {
                let fault = Fault::new(Kind::NoteMalformed, Place::default());
                faults.push(fault.because(bad.sentence()));
                continue;
            }
        };
        let origin = note.claimed_origin().as_str();
        let county = origin.strip_prefix(ledger).and_then(|rest| rest.strip_prefix('/'));
        if let Some(county) = county.and_then(|county| county.parse().ok()) {
            brought.entry(county).or_default().push(text.clone());
        } else {
            let fault = Fault::new(Kind::NoteForeign, Place::default());
            faults.push(fault.expected(format!("{ledger}/…")).found(origin));
        }
    }
    (brought, faults)
}

/// Opens every checkpoint of a county. Answers those that are signed, and the first fault.
pub(super) async fn open_all(
    txn: &DatabaseTransaction,
    county: County,
    verifier: &Verifier,
    brought: Vec<String>,
) -> Result<(Vec<Signed>, Option<Fault>)> {
    let rows = checkpoint::Entity::find()
        .filter(checkpoint::Column::County.eq(county))
        .order_by_asc(checkpoint::Column::Size)
        .all(txn)
        .await?;
    let (mut signed, mut fault) = (Vec::new(), None);
    for row in rows {
        match own(county, verifier, row) {
            Ok(one) => signed.push(one),
            Err(bad) => drop(fault.get_or_insert(*bad)),
        }
    }
    for note in brought {
        match open(&note, verifier) {
            Ok(opened) => signed.push(Signed { head: opened.head(), note, is_brought: true }),
            Err(bad) => {
                let place = Place { county: Some(county), ..Place::default() };
                let bad = Fault::new(Kind::CheckpointSignature, place).because(bad.sentence());
                fault.get_or_insert(bad.notes(vec![note]));
            }
        }
    }
    Ok((signed.clone(), forked(county, &signed).or(fault)))
}

fn own(county: County, verifier: &Verifier, row: Model) -> Result<Signed, Box<Fault>> {
    let size = u64::try_from(row.size).unwrap_or(0);
    let place = Place::entry(county, size);
    match open(&row.note, verifier) {
        Ok(opened) if opened.size == size => {
            Ok(Signed { head: opened.head(), note: row.note, is_brought: false })
        }
        Ok(opened) => {
            let fault = Fault::new(Kind::CheckpointColumn, place.part("size"));
            Err(Box::new(fault.expected(opened.size).found(row.size).notes(vec![row.note])))
        }
        Err(bad) => {
            let fault = Fault::new(Kind::CheckpointSignature, place).because(bad.sentence());
            Err(Box::new(fault.notes(vec![row.note])))
        }
    }
}

/// Two signed roots for one size.
fn forked(county: County, signed: &[Signed]) -> Option<Fault> {
    let mut by_size: BTreeMap<u64, &Signed> = BTreeMap::new();
    for one in signed {
        let other = *by_size.entry(one.head.size).or_insert(one);
        if other.head.root != one.head.root {
            let place = Place::entry(county, one.head.size);
            let fault =
                Fault::new(Kind::Fork, place).notes(vec![one.note.clone(), other.note.clone()]);
            return Some(fault.expected(other.head.root).found(one.head.root));
        }
    }
    None
}
