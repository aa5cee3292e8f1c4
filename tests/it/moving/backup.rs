//! Backups taken while others write are whole ledgers; damaged ones are refused; the newest stay.

use std::{
    fs,
    num::NonZeroUsize,
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use sea_orm::ConnectionTrait;
use taizhang::{
    app::backup::{MANIFEST, Request, Taken, restore::restore, take},
    domain::manifest::Manifest,
    error::{Error, Result},
    store::{Actor, verify::Progress, watch::Watch},
};
use tempfile::TempDir;

use super::{Elsewhere, dumped, expect_sound, fill, ignore, watch};
use crate::harness::{
    Town,
    expect::{forbidden, refused},
    town::VILLAGE_A1,
};

on_both!(
    backups_taken_while_others_write_are_whole,
    a_damaged_backup_is_refused,
    a_ledger_is_never_restored_over_another,
    the_newest_backups_stay,
    what_does_not_agree_with_its_log_is_not_kept,
    a_backup_that_is_stopped_leaves_nothing,
);

fn request(folder: &Path) -> Request {
    Request { folder: folder.to_owned(), rows: true, keep: None }
}

async fn taken(town: &Town, folder: &Path) -> Taken {
    // two backups never have one name
    town.clock.advance(1);
    let done = take(&town.ledger, &Actor::operator(), &request(folder), watch()).await;
    done.expect("a backup")
}

async fn restored(town: &Town, backup: &Path, elsewhere: &Elsewhere) -> Result<Manifest> {
    let clock = town.clock.clone();
    restore(backup, &elsewhere.place, &town.keys(), clock, watch()).await
}

async fn backups_taken_while_others_write_are_whole(town: &Town) {
    fill(town).await;
    let folder = TempDir::new().expect("a folder");
    let (is_over, written) = (AtomicBool::new(false), AtomicU64::new(0));
    let write = async {
        while !is_over.load(Ordering::Relaxed) {
            town.asset(VILLAGE_A1, "桥", "10.00").await;
            written.fetch_add(1, Ordering::Relaxed);
        }
    };
    let back_up = async {
        let mut all = Vec::new();
        for _ in 0..4 {
            let before = written.load(Ordering::Relaxed);
            while written.load(Ordering::Relaxed) == before {
                tokio::task::yield_now().await;
            }
            all.push(taken(town, folder.path()).await);
        }
        is_over.store(true, Ordering::Relaxed);
        all
    };
    let ((), all) = tokio::join!(write, back_up);
    assert!(written.load(Ordering::Relaxed) >= 4);
    for Taken { path, manifest, .. } in &all {
        let elsewhere = Elsewhere::of_the_same_kind(town).await;
        assert_eq!(&restored(town, path, &elsewhere).await.expect("restored"), manifest);
        let ledger = elsewhere.open(town).await;
        let verification = expect_sound(&ledger).await;
        let ends: Vec<_> = verification.logs.iter().map(taizhang::app::backup::log_end).collect();
        assert_eq!(ends, manifest.logs);
        assert_eq!(ledger.public_key().expect("a key"), town.ledger.public_key().expect("a key"));
        let assets = dumped(&ledger).await.matches("\"table\":\"asset\"}").count();
        assert_eq!(manifest.rows["asset"], u64::try_from(assets).expect("a number"));
        ledger.close().await.expect("closed");
    }
    let sizes = |taken: &Taken| taken.manifest.logs.iter().map(|log| log.size).sum::<u64>();
    assert!(all.windows(2).all(|pair| sizes(&pair[0]) < sizes(&pair[1])), "others wrote on");
}

async fn a_damaged_backup_is_refused(town: &Town) {
    fill(town).await;
    let folder = TempDir::new().expect("a folder");
    let Taken { path, manifest, .. } = taken(town, folder.path()).await;
    let elsewhere = Elsewhere::of_the_same_kind(town).await;
    let file = manifest.file.form.file_name();
    for (name, code) in [(file, "backup.altered"), (MANIFEST, "backup.manifest")] {
        let whole = fs::read(path.join(name)).expect("the file");
        for place in (0..8).map(|n| n * whole.len() / 8).chain([whole.len() - 1]) {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            fs::write(path.join(name), bytes).expect("written");
            refused(restored(town, &path, &elsewhere).await, code);
            elsewhere.assert_empty().await;
        }
        fs::write(path.join(name), &whole[..whole.len() - 1]).expect("written");
        refused(restored(town, &path, &elsewhere).await, code);
        fs::remove_file(path.join(name)).expect("removed");
        assert!(restored(town, &path, &elsewhere).await.is_err());
        elsewhere.assert_empty().await;
        fs::write(path.join(name), &whole).expect("written");
    }
    let keys = folder.path().join("other.keys");
    taizhang::store::key::Keys::generate().expect("keys").write(&keys).expect("written");
    let foreign = restore(&path, &elsewhere.place, &keys, town.clock.clone(), watch()).await;
    refused(foreign, "backup.manifest");
    elsewhere.assert_empty().await;
    restored(town, &path, &elsewhere).await.expect("restored");
}

async fn a_ledger_is_never_restored_over_another(town: &Town) {
    let folder = TempDir::new().expect("a folder");
    let Taken { path, .. } = taken(town, folder.path()).await;
    town.asset(VILLAGE_A1, "桥", "10.00").await;
    let before = dumped(&town.ledger).await;
    let over = restore(&path, town.ledger.place(), &town.keys(), town.clock.clone(), watch()).await;
    refused(over, "place.occupied");
    assert_eq!(dumped(&town.ledger).await, before);
    let elsewhere = Elsewhere::of_the_same_kind(town).await;
    let none = folder.path().join("none.keys");
    let without = restore(&path, &elsewhere.place, &none, town.clock.clone(), watch()).await;
    refused(without, "keys.missing");
    if let Some(other) = Elsewhere::of_the_other_kind(town).await {
        let moved = restored(town, &path, &other).await;
        if town.is_postgres() {
            moved.expect("a dump goes anywhere");
        } else {
            refused(moved, "backup.of_sqlite");
        }
    }
}

async fn the_newest_backups_stay(town: &Town) {
    let folder = TempDir::new().expect("a folder");
    let foreign = folder.path().join("taizhang-20000101T000000000Z");
    fs::create_dir(&foreign).expect("a folder");
    fs::write(foreign.join(MANIFEST), "of somebody else").expect("written");
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(taken(town, folder.path()).await.path);
    }
    town.clock.advance(1);
    let keep = NonZeroUsize::new(2);
    let request = Request { keep, ..request(folder.path()) };
    let done = take(&town.ledger, &Actor::operator(), &request, watch()).await.expect("a backup");
    assert_eq!(done.removed, all[..2]);
    assert!(!all[0].exists() && !all[1].exists() && all[2].exists() && done.path.exists());
    assert!(foreign.join(MANIFEST).exists(), "what is not ours stays");
    let again = take(&town.ledger, &Actor::operator(), &request, watch()).await;
    refused(again, "file.exists");
    assert!(all[2].exists(), "nothing is removed unless the new one is whole");
    let names = fs::read_dir(folder.path()).expect("the folder").flatten();
    assert_eq!(names.count(), 3);
    forbidden(take(&town.ledger, &town.clerk().await, &request, watch()).await);
}

async fn what_does_not_agree_with_its_log_is_not_kept(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let folder = TempDir::new().expect("a folder");
    let rename = async |name: &str| {
        let sql = format!("UPDATE asset SET name = '{name}' WHERE id = {}", asset.id);
        town.db.execute_unprepared(&sql).await.expect("renamed");
    };
    rename("坝").await;
    let all = request(folder.path());
    refused(take(&town.ledger, &Actor::operator(), &all, watch()).await, "copy.unsound");
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0);
    let log_alone = Request { rows: false, ..all };
    let done = take(&town.ledger, &Actor::operator(), &log_alone, watch()).await;
    assert!(done.is_ok(), "the log alone agrees");
    rename("桥").await;
}

async fn a_backup_that_is_stopped_leaves_nothing(town: &Town) {
    let folder = TempDir::new().expect("a folder");
    for stopped_at in 1..=3 {
        let (stop, told) = (AtomicBool::new(false), AtomicU64::new(0));
        let tell = |progress: Progress| {
            ignore(progress);
            if told.fetch_add(1, Ordering::Relaxed) + 1 >= stopped_at {
                stop.store(true, Ordering::Relaxed);
            }
        };
        let watch = Watch::new(&tell, &stop);
        let done = take(&town.ledger, &Actor::operator(), &request(folder.path()), watch).await;
        assert!(matches!(done, Err(Error::Interrupted)), "{done:?}");
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0);
    }
}
