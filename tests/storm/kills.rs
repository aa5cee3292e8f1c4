//! Clients write while the program is killed and started again.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tokio::{task::block_in_place, time::sleep};

use super::{
    Chance, Found, Server, Site,
    client::Client,
    writer::{self, Pace, Writer},
};

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) clients: usize,
    pub(crate) kills: u32,
    /// Writes that are acknowledged, at least.
    pub(crate) writes: u32,
}

/// How long nothing may be acknowledged.
const PATIENCE: Duration = Duration::from_secs(30);

/// Kills the program again and again: nothing acknowledged is lost, and nothing is done twice
/// however often it is asked for.
pub(crate) async fn run(ground: &Site, size: Size) -> Found {
    let (mut found, chance) = (Found::default(), Chance::from_the_clock());
    found.figure("seed", chance.0);
    ground.make();
    let mut server = Server::start(ground);
    let mut client = Client::from(server.at(), 1_000);
    let person = Arc::new(ground.clerk(&mut client, "clerk").await);
    let before = ground.verified(&mut found);
    let writers = (0..size.clients).map(|one| {
        Writer::new(one, Client::from(server.at(), one), Arc::clone(&person), chance.of(one))
    });
    let (pace, begun) = (Arc::new(Pace::default()), Instant::now());
    let all = writer::set_to_work(writers.collect(), &pace);
    let mut own = chance.of(size.clients);
    for kill in 0..size.kills {
        let so_far = pace.acknowledged.load(Ordering::Relaxed);
        let left = size.writes.saturating_sub(so_far) / (size.kills - kill);
        let more = own.below(2 * usize::try_from(left).expect("not that many") + 1);
        wait_for(&pace, so_far + u32::try_from(more).expect("not that many")).await;
        sleep(own.part_of(Duration::from_millis(20))).await;
        server.kill();
        found.faults_of(server.errors());
        server = block_in_place(|| Server::start_at(ground, server.at()));
    }
    wait_for(&pace, size.writes).await;
    let written = writer::come_home(all, &pace).await;
    found.figure("kills", size.kills);
    found.figure("writes acknowledged", pace.acknowledged.load(Ordering::Relaxed));
    found.figure("answered a second time", written.replayed);
    found.figure("seconds", begun.elapsed().as_secs());
    found.faults_of(written.faults);
    match writer::listed(&mut client, &person).await {
        Ok(listed) => writer::compare(&mut found, &written.made, &listed),
        Err(fault) => found.fault(fault),
    }
    found.faults_of(server.end());
    let grown = ground.verified(&mut found) - before;
    writer::check_entries(&mut found, &written.made, grown);
    found
}

/// Waits until so many writes were acknowledged, as long as there are any at all.
async fn wait_for(pace: &Pace, writes: u32) {
    let (mut last, mut since) = (0, Instant::now());
    loop {
        let now = pace.acknowledged.load(Ordering::Relaxed);
        if now >= writes || since.elapsed() > PATIENCE {
            return;
        }
        if now != last {
            (last, since) = (now, Instant::now());
        }
        sleep(Duration::from_millis(1)).await;
    }
}
