//! Room on the disk of the database. While there is little, nothing is written but what people need
//! to sign in: the rest of it is theirs, so that reading goes on until somebody makes room.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use super::{Ledger, connect::Place, health::Room};
use crate::{
    error::{Error, Result},
    limits,
};

/// The disk that a ledger lies on.
#[derive(Debug)]
pub(super) struct Disk {
    /// The folder of the file; none where a server keeps the database, whose disk cannot be seen.
    folder: Option<PathBuf>,
    seen: Mutex<Seen>,
}

/// What was last seen of it.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    looked_at: Option<Instant>,
    is_low: bool,
    /// When the database last said that it had no room.
    failed_at: Option<Instant>,
}

impl Disk {
    /// The disk of a place.
    pub(super) fn of(place: &Place) -> Disk {
        let file = place.file().map(PathBuf::from);
        let folder = file
            .and_then(|file| file.parent().map(PathBuf::from))
            .map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder });
        Disk { folder, seen: Mutex::default() }
    }

    fn seen(&self) -> Seen {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = seen.looked_at.is_none_or(|at| at.elapsed() >= limits::DISK_LOOK);
        if let Some(folder) = self.folder.as_ref().filter(|_| is_old) {
            seen.looked_at = Some(Instant::now());
            // a disk that cannot be looked at is not taken to be full
            seen.is_low = rustix::fs::statvfs(folder).is_ok_and(|disk| {
                let block = disk.f_frsize;
                is_low(disk.f_bavail.saturating_mul(block), disk.f_blocks.saturating_mul(block))
            });
        }
        *seen
    }

    /// Its room; none where it cannot be seen.
    pub(super) fn room(&self) -> Option<Room> {
        let disk = rustix::fs::statvfs(self.folder.as_ref()?).ok()?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        Some(Room { free: bytes(disk.f_bavail), all: bytes(disk.f_blocks) })
    }

    /// Refuses while there is little room.
    pub(super) fn require_room(&self) -> Result<()> {
        if self.seen().is_low { Err(Error::DiskFull) } else { Ok(()) }
    }

    /// Remembers that a write found no room, and has the next one look anew; or that it found some.
    pub(super) fn note<T>(&self, done: &Result<T>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match done {
            Ok(_) => seen.failed_at = None,
            Err(Error::DiskFull) => {
                *seen = Seen { failed_at: Some(Instant::now()), looked_at: None, ..*seen };
            }
            Err(_) => {}
        }
    }

    /// Whether there is room as far as anybody can see.
    fn has_room(&self) -> bool {
        let seen = self.seen();
        let failed = seen.failed_at.is_some_and(|at| at.elapsed() < limits::DISK_FULL_TOLD);
        !seen.is_low && !failed
    }
}

/// Whether so few free bytes of so many are too few.
const fn is_low(free: u64, all: u64) -> bool {
    free < limits::DISK_FREE_BYTES && free < all / 100 * limits::DISK_FREE_PERCENT
}

impl Ledger {
    /// Whether there is room to write.
    pub fn has_room(&self) -> bool {
        self.disk().has_room()
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Arc};

    use entity::area;
    use sea_orm::ConnectionTrait;

    use super::*;
    use crate::{
        clock::SystemClock,
        domain::{area::blank, permission::Action},
        store::{Actor, connect::scalar},
    };

    #[test]
    fn a_disk_is_low_below_a_gigabyte_and_below_a_twentieth() {
        const LEAST: u64 = limits::DISK_FREE_BYTES;
        let large = LEAST * 100;
        assert!(is_low(LEAST - 1, large) && !is_low(LEAST, large));
        let small = 1_000_000;
        assert!(is_low(49_999, small) && !is_low(50_000, small));
        assert!(!is_low(LEAST - 1, LEAST * 20 - 100), "a twentieth of a small disk is enough");
    }

    #[test]
    fn only_a_file_has_a_disk_that_can_be_seen() {
        let folder = |url: &str| Disk::of(&Place::new(url)).folder;
        assert_eq!(folder("sqlite:a/b.db").as_deref(), Some(Path::new("a")));
        assert_eq!(folder("sqlite:b.db").as_deref(), Some(Path::new(".")));
        assert_eq!(folder("postgres://postgres@127.0.0.1/test"), None);
    }

    async fn add_areas(ledger: &Ledger, first: u64) -> Result<()> {
        let rows: Vec<area::Model> = (first..first + 500)
            .map(|n| blank(format!("{n}").parse().expect("a code"), &"长".repeat(90)))
            .collect();
        let add = async |write: &mut super::super::Write| write.insert_areas(rows).await;
        ledger.write(&Actor::operator(), Action::ImportAreas, add).await
    }

    async fn count(ledger: &Ledger) -> i64 {
        scalar(ledger.reader(), "SELECT count(*) FROM area").await.expect("a number")
    }

    #[tokio::test]
    async fn what_finds_no_room_leaves_nothing_and_later_writes_are_kept() {
        let home = tempfile::tempdir().expect("a folder");
        let place = Place::new(format!("sqlite:{}", home.path().join("ledger.db").display()));
        let keys = home.path().join("keys");
        let ledger = Ledger::open(&place, &keys, Arc::new(SystemClock)).await.expect("a ledger");
        add_areas(&ledger, 510_000_000_000).await.expect("room");
        let pages: i64 = scalar(ledger.writer(), "PRAGMA page_count").await.expect("pages");
        let bounded = format!("PRAGMA max_page_count = {}", pages + 8);
        ledger.writer().execute_unprepared(&bounded).await.expect("bounded");
        for _ in 0..3 {
            let full = add_areas(&ledger, 520_000_000_000).await;
            assert!(matches!(full, Err(Error::DiskFull)), "{full:?}");
        }
        assert!(!ledger.has_room(), "it is told for a while");
        assert_eq!(count(&ledger).await, 500, "reading goes on");
        let free = "PRAGMA max_page_count = 1073741823";
        ledger.writer().execute_unprepared(free).await.expect("free");
        add_areas(&ledger, 520_000_000_000).await.expect("room again");
        assert_eq!(count(&ledger).await, 1_000);
        assert!(ledger.has_room());
        ledger.close().await.expect("closed");
        let ledger = Ledger::open(&place, &keys, Arc::new(SystemClock)).await.expect("a ledger");
        assert_eq!(count(&ledger).await, 1_000, "what was acknowledged is kept");
        ledger.close().await.expect("closed");
    }
}
