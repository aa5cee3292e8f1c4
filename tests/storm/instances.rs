//! Three programs serve one ledger on PostgreSQL; one of them is killed.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tokio::time::sleep;

use super::{
    Chance, Found, Server, Site,
    client::{Ask, Client, Person},
    writer::{self, Pace, Writer},
};

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) clients: usize,
    pub(crate) writes: u32,
}

/// How long it may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// Clients write in several counties through all three; nothing is lost when one is killed, and a
/// session holds and ends everywhere at once.
pub(crate) async fn run(ground: &Site, size: Size) -> Found {
    let (mut found, chance) = (Found::default(), Chance::from_the_clock());
    found.figure("seed", chance.0);
    ground.make();
    let mut servers: Vec<Server> = (0..3).map(|_| Server::start(ground)).collect();
    let at: Vec<SocketAddr> = servers.iter().map(Server::at).collect();
    let mut client = Client::from(at[0], 1_000);
    let person = Arc::new(ground.clerk(&mut client, "clerk").await);
    let leaver = ground.clerk(&mut client, "leaver").await;
    if let Err(fault) = sessions(&mut found, &at, &leaver).await {
        found.fault(fault);
    }
    let before = ground.verified(&mut found);
    let writers = (0..size.clients)
        .map(|one| Writer::new(one, Client::among(&at, one), Arc::clone(&person), chance.of(one)));
    let (pace, begun) = (Arc::new(Pace::default()), Instant::now());
    let all = writer::set_to_work(writers.collect(), &pace);
    wait_for(&pace, size.writes / 2, begun).await;
    servers[1].kill();
    wait_for(&pace, size.writes, begun).await;
    let written = writer::come_home(all, &pace).await;
    found.figure("writes acknowledged", pace.acknowledged.load(Ordering::Relaxed));
    found.figure("answered a second time", written.replayed);
    found.figure("seconds", begun.elapsed().as_secs());
    found.faults_of(written.faults);
    match writer::listed(&mut Client::from(at[2], 1_000), &person).await {
        Ok(listed) => writer::compare(&mut found, &written.made, &listed),
        Err(fault) => found.fault(fault),
    }
    let killed = servers.remove(1);
    found.faults_of(killed.errors());
    found.faults_of(servers.into_iter().flat_map(Server::end));
    let grown = ground.verified(&mut found) - before;
    writer::check_entries(&mut found, &written.made, grown);
    found
}

async fn wait_for(pace: &Pace, writes: u32, begun: Instant) {
    while pace.acknowledged.load(Ordering::Relaxed) < writes && begun.elapsed() < PATIENCE {
        sleep(Duration::from_millis(1)).await;
    }
}

/// A token that one program gave is good at the others; ended at one, it is worth nothing at all.
async fn sessions(found: &mut Found, at: &[SocketAddr], person: &Person) -> Result<(), String> {
    for (one, giver) in at.iter().enumerate() {
        let token = person.sign_in(&mut Client::from(*giver, 1_000)).await?;
        let mut statuses = Vec::new();
        for place in at {
            let ask = Ask::get("/assets?limit=1").by(&token);
            statuses.push(Client::from(*place, 1_000).insist(&ask).await?.status);
        }
        let ender = at[(one + 1) % at.len()];
        let end = Ask::delete("/sessions/current").by(&token);
        statuses.push(Client::from(ender, 1_000).insist(&end).await?.status);
        for place in at {
            let ask = Ask::get("/assets?limit=1").by(&token);
            statuses.push(Client::from(*place, 1_000).insist(&ask).await?.status);
        }
        if statuses != [200, 200, 200, 204, 401, 401, 401] {
            found.fault(format!("a session of program {one}: {statuses:?}"));
        }
    }
    found.figure("sessions seen and ended everywhere", at.len());
    Ok(())
}
