//! The storms at length, on SQLite and on PostgreSQL; and in short against faults that were put in
//! on purpose.

use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::{
    Order, Part,
    board::{Board, Cost},
    kill::Database,
    storm::{Found, Site, editors, hang_ups, instances, kills, racers, slow},
};

/// The part that must find faults.
pub(crate) const BROKEN: &str = "broken";

/// Every part.
pub(crate) const ALL: &[Part] = &[
    ("http-kill", |order, board| on_both(order, board, &http_kill(order.count))),
    ("racers", |order, board| on_both(order, board, &race(order.count))),
    ("editors", |order, board| on_both(order, board, &edit(order.count))),
    ("hang-ups", |order, board| on_both(order, board, &hang_up(order.count))),
    ("slow", |order, board| on_both(order, board, &slow_down(order.count))),
    ("instances", |order, board| on_postgres(order, board, &serve_thrice(order.count))),
    (BROKEN, broken),
];

/// A storm with its size.
#[derive(Clone, Copy, Debug)]
enum Storm {
    Kills(kills::Size),
    Racers(racers::Size),
    Editors(editors::Size),
    HangUps(hang_ups::Size),
    Slow(slow::Size),
    Instances(instances::Size),
}

fn many(count: Option<u32>, usual: u32) -> usize {
    usize::try_from(count.unwrap_or(usual)).unwrap()
}

fn http_kill(count: Option<u32>) -> Storm {
    let kills = count.unwrap_or(500);
    Storm::Kills(kills::Size { clients: 64, kills, writes: 40 * kills })
}

fn race(count: Option<u32>) -> Storm {
    Storm::Racers(racers::Size { clients: 64, rounds: many(count, 500) })
}

fn edit(count: Option<u32>) -> Storm {
    Storm::Editors(editors::Size { clients: 16, rounds: many(count, 1_000) })
}

fn hang_up(count: Option<u32>) -> Storm {
    Storm::HangUps(hang_ups::Size { requests: many(count, 5_000), clients: 16, memory: 300 })
}

fn slow_down(count: Option<u32>) -> Storm {
    Storm::Slow(slow::Size {
        headers: 1_000,
        bodies: 200,
        readers: 100,
        assets: 5_000,
        time: Duration::from_secs(count.unwrap_or(60).into()),
        memory: 400,
        millis: 500,
    })
}

fn serve_thrice(count: Option<u32>) -> Storm {
    Storm::Instances(instances::Size { clients: 48, writes: count.unwrap_or(10_000) })
}

impl Storm {
    fn over(self, ground: &Site) -> Found {
        Runtime::new().unwrap().block_on(async {
            match self {
                Storm::Kills(size) => kills::run(ground, size).await,
                Storm::Racers(size) => racers::run(ground, size).await,
                Storm::Editors(size) => editors::run(ground, size).await,
                Storm::HangUps(size) => hang_ups::run(ground, size).await,
                Storm::Slow(size) => slow::run(ground, size).await,
                Storm::Instances(size) => instances::run(ground, size).await,
            }
        })
    }
}

fn on_both(order: &Order, board: &mut Board, storm: &Storm) {
    tell("sqlite", *storm, &Site::in_file(), board);
    on_postgres(order, board, storm);
}

fn on_postgres(order: &Order, board: &mut Board, storm: &Storm) {
    let database = Database::create(&order.postgres);
    tell("postgresql", *storm, &Site::at(database.url()), board);
}

fn tell(name: &str, storm: Storm, ground: &Site, board: &mut Board) {
    let begun = Instant::now();
    let found = storm.over(ground);
    for (figure, value) in found.figures {
        board.note(&format!("{name}: {figure}"), value, Cost::default());
    }
    let cost = Cost { time: begun.elapsed(), memory: 0 };
    let said =
        if found.faults.is_empty() { "no fault".to_owned() } else { found.faults.join("; ") };
    board.hold(&format!("{name}: as it must be"), found.faults.is_empty(), said, cost);
}

const KILLS: Storm = Storm::Kills(kills::Size { clients: 16, kills: 10, writes: 400 });
const RACERS: Storm = Storm::Racers(racers::Size { clients: 16, rounds: 5 });
const EDITORS: Storm = Storm::Editors(editors::Size { clients: 8, rounds: 20 });
const HANG_UPS: Storm = Storm::HangUps(hang_ups::Size { requests: 210, clients: 16, memory: 300 });
const SLOW: Storm = Storm::Slow(slow::Size {
    headers: 130,
    bodies: 5,
    readers: 0,
    assets: 60,
    time: Duration::from_secs(17),
    memory: 400,
    millis: 60_000,
});
const INSTANCES: Storm = Storm::Instances(instances::Size { clients: 12, writes: 300 });

/// Faults, and the storms that must find them.
const FAULTS: &[(&str, Storm)] = &[
    ("an answer before the commit", KILLS),
    ("a request key is kept after the commit", KILLS),
    ("a request key is not kept", RACERS),
    ("the version is not compared", RACERS),
    ("the version is not compared", EDITORS),
    ("a request ends with its connection", HANG_UPS),
    ("a place is not given back", HANG_UPS),
    ("no deadline for headers", SLOW),
    ("no cap on an address", SLOW),
    ("a revoked session goes on", INSTANCES),
    ("turns are not taken", INSTANCES),
];

/// Each fault is found; and nothing where there is none.
fn broken(order: &Order, board: &mut Board) {
    if !cfg!(feature = "broken") {
        board.hold("the build", false, "needs --features broken", Cost::default());
        return;
    }
    let first = many(order.count, 0);
    for storm in [KILLS, RACERS, EDITORS, HANG_UPS, SLOW, INSTANCES].into_iter().skip(first) {
        let database = Database::create(&order.postgres);
        tell("without a fault", storm, &Site::at(database.url()), board);
    }
    for (fault, storm) in FAULTS.iter().skip(first) {
        let database = Database::create(&order.postgres);
        caught("postgresql", fault, *storm, Site::at(database.url()), board);
        if !matches!(storm, Storm::Instances(_)) {
            caught("sqlite", fault, *storm, Site::in_file(), board);
        }
    }
}

fn caught(name: &str, fault: &'static str, storm: Storm, mut ground: Site, board: &mut Board) {
    let begun = Instant::now();
    ground.fault = Some(fault);
    let found = storm.over(&ground);
    let cost = Cost { time: begun.elapsed(), memory: 0 };
    let said = found.faults.first().cloned().unwrap_or_else(|| "nothing was found".to_owned());
    board.hold(&format!("{name}: {fault}"), !found.faults.is_empty(), said, cost);
}
