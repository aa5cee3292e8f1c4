//! The log itself is altered.

use std::{collections::BTreeSet, sync::Arc};

use entity::log::checkpoint;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Expr};
use taizhang::{
    domain::{
        trail::{
            key::Signer,
            merkle::{Frontier, leaf_hash},
        },
        verification::{Kind, Place},
    },
    store::{Ledger, key::Keys, verify::VerifyOptions},
};

use super::kit::{Kit, code, county, on_each};

/// The entry that is altered: some entries stand before it and after it.
const ALTERED: usize = 3;

fn entry(seq: usize) -> Place {
    Place::entry(county(), u64::try_from(seq).expect("a number"))
}

#[tokio::test]
async fn an_untouched_ledger_verifies() {
    on_each(async |kit: Kit| {
        kit.amend().await;
        let verification = kit.expect_sound().await;
        let log = verification.logs.iter().find(|log| log.county == county()).expect("the log");
        assert_eq!(log.size, u64::try_from(kit.entries().await.len()).expect("a number"));
        assert_eq!(log.n_checkpoints, 1);
        let rows = verification.rows.expect("rows");
        assert_eq!((rows.assets, rows.stale), (3, 0));
        // nine areas and one of them renamed, a committee, three assets, two duties, a waiver
        assert_eq!(rows.rows, 17);
        let own = kit.note().await;
        assert_eq!(kit.verify(&[own]).await.verdict().exit_code(), 0);
    })
    .await;
}

#[tokio::test]
async fn one_county_verifies_by_itself() {
    on_each(async |kit: Kit| {
        let only = |counties: &[&str]| VerifyOptions {
            rows: true,
            counties: Some(counties.iter().map(|one| one.parse().expect("a county")).collect()),
            checkpoints: Vec::new(),
        };
        let verification = kit.verify_with(&only(&["520381"])).await;
        assert_eq!(verification.first(), None);
        assert_eq!(verification.logs.len(), 1);
        let verification = kit.verify_with(&only(&["110101"])).await;
        assert_eq!(verification.first().expect("a fault").kind, Kind::LogAbsent);
        assert_eq!(verification.verdict().exit_code(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_flipped_byte_of_a_body_is_found() {
    on_each(async |kit: Kit| {
        kit.break_in().await;
        let mut altered = kit.entries().await[ALTERED].clone();
        altered.body = altered.body.replacen("\"operator\"", "\"operatos\"", 1);
        kit.put(&altered).await;
        assert_eq!(kit.expect(Kind::EntryDigest, 1).await.place, entry(ALTERED));
    })
    .await;
}

#[tokio::test]
async fn a_flipped_byte_of_a_leaf_is_found() {
    on_each(async |kit: Kit| {
        kit.break_in().await;
        let mut altered = kit.entries().await[ALTERED].clone();
        altered.leaf[7] ^= 1;
        kit.put(&altered).await;
        assert_eq!(kit.expect(Kind::EntryDigest, 1).await.place, entry(ALTERED));
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_no_text_is_found() {
    on_each(async |kit: Kit| {
        if kit.place.file().is_none() {
            return; // PostgreSQL keeps nothing but texts in a text column
        }
        kit.break_in().await;
        kit.sql(
            "UPDATE log_entry SET body = CAST(X'7BFF7D' AS TEXT) \
             WHERE county = '520381' AND seq = 3",
        )
        .await;
        assert_eq!(kit.expect(Kind::EntryUnreadable, 1).await.place, entry(ALTERED));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_entry_is_found() {
    on_each(async |kit: Kit| {
        kit.break_in().await;
        kit.sql("DELETE FROM log_entry WHERE county = '520381' AND seq = 3").await;
        assert_eq!(kit.expect(Kind::EntryMissing, 1).await.place, entry(ALTERED));
        // and when those after it move up
        let mut entries = kit.entries().await;
        for entry in entries.iter_mut().skip(ALTERED) {
            kit.sql(&format!(
                "DELETE FROM log_entry WHERE county = '520381' AND seq = {}",
                entry.seq
            ))
            .await;
            entry.seq -= 1;
            kit.put(entry).await;
        }
        let place = entry(ALTERED).part("seq");
        assert_eq!(kit.expect(Kind::EntryColumn, 1).await.place, place);
    })
    .await;
}

#[tokio::test]
async fn two_swapped_entries_are_found() {
    on_each(async |kit: Kit| {
        kit.break_in().await;
        let entries = kit.entries().await;
        let (mut one, mut other) = (entries[ALTERED].clone(), entries[ALTERED + 1].clone());
        std::mem::swap(&mut one.seq, &mut other.seq);
        kit.put(&one).await;
        kit.put(&other).await;
        let place = entry(ALTERED).part("seq");
        assert_eq!(kit.expect(Kind::EntryColumn, 1).await.place, place);
    })
    .await;
}

#[tokio::test]
async fn a_forged_entry_is_found() {
    on_each(async |kit: Kit| {
        kit.break_in().await;
        let mut entries = kit.entries().await;
        let size = entries.len();
        let mut forged = entries[ALTERED].clone();
        forged.seq = i64::try_from(size).expect("a number");
        forged.body =
            forged.body.replace(&format!("\"seq\":{ALTERED}"), &format!("\"seq\":{size}"));
        forged.leaf = leaf_hash(forged.body.as_bytes()).as_bytes().to_vec();
        kit.put(&forged).await;
        assert_eq!(kit.expect(Kind::Head, 1).await.place, entry(size + 1));
        // in the middle, with every number and every hash made to fit
        entries.insert(ALTERED, forged);
        kit.rewrite(entries).await;
        let fault = kit.expect(Kind::CheckpointRoot, 1).await;
        assert_eq!(fault.place, entry(0).part(format!("0–{}", size - 1)));
        // and after the last checkpoint: it speaks of a version that another entry made
        let mut entries = kit.entries().await;
        let forged = entries.remove(ALTERED);
        entries.push(forged);
        kit.rewrite(entries).await;
        let fault = kit.expect(Kind::ChangeMissing, 1).await;
        assert_eq!(fault.place.seq, Some(u64::try_from(size).expect("a number")));
    })
    .await;
}

#[tokio::test]
async fn a_search_column_that_disagrees_is_found() {
    on_each(async |kit: Kit| {
        kit.break_in().await;
        kit.sql("UPDATE log_entry SET actor = 'zhang' WHERE county = '520381' AND seq = 3").await;
        let fault = kit.expect(Kind::EntryColumn, 1).await;
        assert_eq!(fault.place, entry(ALTERED).part("actor"));
        assert_eq!(fault.found.expect("what is there").en, "\"zhang\"");
    })
    .await;
}

#[tokio::test]
async fn the_index_of_changes_is_checked() {
    on_each(async |kit: Kit| {
        kit.break_in().await;
        let id = kit.assets[1].id;
        let sql = format!("DELETE FROM log_change WHERE noun = 'asset' AND subject_id = {id}");
        kit.sql(&format!("{sql} AND version = 2")).await;
        let fault = kit.expect(Kind::ChangeMissing, 1).await;
        assert_eq!((fault.place.id, fault.place.part.as_deref()), (Some(id.0), Some("version 2")));
        let row = format!("'asset', {id}, 2, '520381', {}", fault.place.seq.expect("an entry"));
        let sql = "INSERT INTO log_change (noun, subject_id, version, county, seq) VALUES";
        kit.sql(&format!("{sql} ({row})")).await;
        kit.expect_sound().await;
        kit.sql(&format!("{sql} ('asset', {id}, 9, '520381', 3)")).await;
        let fault = kit.expect(Kind::ChangeExtra, 1).await;
        assert_eq!((fault.place.seq, fault.place.id), (Some(3), Some(id.0)));
    })
    .await;
}

#[tokio::test]
async fn a_tail_cut_off_after_a_checkpoint_is_found() {
    on_each(async |kit: Kit| {
        let note = kit.note().await;
        kit.break_in().await;
        let mut entries = kit.entries().await;
        let size = entries.len();
        entries.pop();
        kit.rewrite(entries).await;
        let fault = kit.expect(Kind::CheckpointBeyond, 1).await;
        assert_eq!(fault.place, entry(size - 1));
        assert_eq!(fault.notes, std::slice::from_ref(&note));
        // with the checkpoint gone too, only those who kept it know
        kit.sql("DELETE FROM checkpoint WHERE county = '520381'").await;
        let fault = kit.expect_with(&[note], Kind::CheckpointBeyond, 1).await;
        assert_eq!(fault.place, entry(size - 1));
    })
    .await;
}

#[tokio::test]
async fn the_recorded_end_is_checked() {
    on_each(async |kit: Kit| {
        let size = kit.entries().await.len();
        kit.set_head(3, &Frontier::new()).await;
        assert_eq!(kit.expect(Kind::Head, 1).await.place, entry(size));
        kit.sql("DELETE FROM log_head WHERE county = '520381'").await;
        assert_eq!(kit.expect(Kind::Head, 1).await.place, entry(size));
    })
    .await;
}

async fn set_note(kit: &Kit, note: String) {
    checkpoint::Entity::update_many()
        .col_expr(checkpoint::Column::Note, Expr::value(note))
        .filter(checkpoint::Column::County.eq(county()))
        .exec(&kit.db)
        .await
        .expect("a checkpoint");
}

#[tokio::test]
async fn a_checkpoint_of_another_key_is_a_bad_signature() {
    on_each(async |kit: Kit| {
        kit.break_in().await;
        let frontier: Frontier =
            kit.entries().await.iter().map(|entry| leaf_hash(entry.body.as_bytes())).collect();
        let origin = kit.ledger.origin(county()).expect("an origin");
        let note = Signer::new(origin, &[7; 32]).sign(&frontier.head()).as_str().to_owned();
        set_note(&kit, note.clone()).await;
        let fault = kit.expect(Kind::CheckpointSignature, 2).await;
        assert_eq!(fault.place, Place::entry(county(), frontier.size()));
        let altered = kit.note().await.replacen("\n\n", "x\n\n", 1);
        set_note(&kit, altered).await;
        kit.expect(Kind::CheckpointSignature, 2).await;
    })
    .await;
}

#[tokio::test]
async fn another_public_key_in_the_ledger_is_a_bad_signature() {
    on_each(async |kit: Kit| {
        kit.sql("UPDATE ledger SET verifier = replace(verifier, 'taizhang', 'other')").await;
        kit.expect(Kind::LedgerKey, 2).await;
    })
    .await;
}

/// Rewrites an entry and everything after it, as whoever holds the database can.
async fn rewrite_history(kit: &Kit) {
    let mut entries = kit.entries().await;
    let altered = &mut entries[ALTERED];
    let mut body: serde_json::Value = serde_json::from_str(&altered.body).expect("json");
    altered.at += 1;
    body["at"] = altered.at.into();
    altered.body = body.to_string();
    kit.rewrite(entries).await;
}

#[tokio::test]
async fn a_rewritten_history_contradicts_the_old_checkpoint() {
    on_each(async |kit: Kit| {
        let note = kit.note().await;
        kit.break_in().await;
        rewrite_history(&kit).await;
        let fault = kit.expect(Kind::CheckpointRoot, 1).await;
        assert_eq!(fault.place.seq, Some(0));
        assert_eq!(fault.notes, std::slice::from_ref(&note));
        assert!(kit.ledger.sign_checkpoints().await.is_ok(), "there is nothing new to sign");
        kit.sql("DELETE FROM checkpoint WHERE county = '520381'").await;
        let fault = kit.expect_with(&[note], Kind::CheckpointRoot, 1).await;
        assert_eq!(fault.place.county, Some(county()));
    })
    .await;
}

#[tokio::test]
async fn two_signed_histories_are_a_fork() {
    on_each(async |kit: Kit| {
        let note = kit.note().await;
        kit.break_in().await;
        rewrite_history(&kit).await;
        kit.sql("DELETE FROM checkpoint WHERE county = '520381'").await;
        // the operator lets the altered history be signed: same size, other root
        kit.ledger.sign_checkpoints().await.expect("signed");
        let other = kit.note().await;
        let notes = std::slice::from_ref(&note);
        let fault = kit.expect_with(notes, Kind::Fork, 3).await;
        let mut shown = fault.notes;
        shown.sort();
        let mut both = vec![note.clone(), other.clone()];
        both.sort();
        assert_eq!(shown, both);
        // and when the altered history is signed at a larger size only
        kit.sql("DELETE FROM checkpoint WHERE county = '520381'").await;
        kit.amend().await;
        kit.ledger.sign_checkpoints().await.expect("signed");
        let fault = kit.expect_with(notes, Kind::Fork, 3).await;
        assert_eq!(fault.notes, [note.clone(), kit.note().await]);
        // two notes brought from outside are evidence enough
        let fault = kit.expect_with(&[note, other], Kind::Fork, 3).await;
        assert_eq!(fault.notes.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_checkpoint_of_this_ledger_is_incomplete_input() {
    on_each(async |kit: Kit| {
        kit.expect_with(&["nothing\n".into()], Kind::NoteMalformed, 4).await;
        let foreign = kit.note().await.replace("taizhang/", "elsewhere/");
        kit.expect_with(&[foreign], Kind::NoteForeign, 4).await;
        let forged = kit.note().await.replacen("520381\n", "520382\n", 1);
        kit.expect_with(&[forged], Kind::CheckpointSignature, 2).await;
    })
    .await;
}

#[tokio::test]
async fn an_altered_log_is_not_signed() {
    on_each(async |kit: Kit| {
        kit.amend().await;
        kit.break_in().await;
        let entries = kit.entries().await;
        let signed = entries.len() - 1;
        for altered in [ALTERED, signed] {
            let mut entry = entries[altered].clone();
            entry.body = entry.body.replacen("\"operator\"", "\"operatos\"", 1);
            entry.leaf = leaf_hash(entry.body.as_bytes()).as_bytes().to_vec();
            kit.put(&entry).await;
            assert!(kit.ledger.sign_checkpoints().await.is_err(), "entry {altered}");
            kit.put(&entries[altered]).await;
        }
        kit.ledger.sign_checkpoints().await.expect("the log is as it was");
        let verification = kit.expect_sound().await;
        let log = verification.logs.iter().find(|log| log.county == county()).expect("the log");
        assert_eq!(log.n_checkpoints, 2);
    })
    .await;
}

#[tokio::test]
async fn another_key_file_verifies_nothing() {
    on_each(async |kit: Kit| {
        let other = kit.keys.with_extension("other");
        Keys::generate().expect("keys").write(&other).expect("a file");
        let clock = Arc::new(kit.hands.clone());
        let ledger = Ledger::open(&kit.place, &other, clock).await.expect("a ledger");
        let options = VerifyOptions {
            counties: Some(BTreeSet::from([code("520381000000").county()])),
            ..VerifyOptions::default()
        };
        let verification = ledger.verify(&options, &|_| ()).await.expect("a verification");
        assert_eq!(verification.verdict().exit_code(), 2);
        assert_eq!(verification.faults().count(), 2);
    })
    .await;
}
