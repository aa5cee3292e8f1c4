//! Clients race for what only one of them may have.

use std::{sync::Arc, time::Instant};

use serde_json::json;
use tokio::{sync::Barrier, task::JoinSet};

use super::{
    Found, Server, Site,
    client::{Ask, Client, Person, Reply},
    site::VILLAGES,
    writer::{self, card},
};

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) clients: usize,
    pub(crate) rounds: usize,
}

/// What is raced for in a round.
#[derive(Clone, Copy, Debug)]
enum Prize {
    /// Everybody sends the same request with the same key.
    Key,
    /// Everybody changes the same version of an asset.
    Version,
    /// Everybody registers an asset of the same code, with a key of their own.
    Code,
}

const PRIZES: [Prize; 3] = [Prize::Key, Prize::Version, Prize::Code];

impl Prize {
    /// What one of the clients asks for in a round.
    fn ask(self, round: usize, one: usize, asset: u64) -> Ask {
        let name = format!("{self:?}-{round}");
        match self {
            Prize::Key => Ask::post("/assets", &card(&name, VILLAGES[round % 3])).key(&name),
            Prize::Version => {
                let remark = json!({ "remark": format!("{round}-{one}") });
                let version = u64::try_from(round).expect("a small number") + 1;
                Ask::patch(&format!("/assets/{asset}"), &remark).version(version)
            }
            Prize::Code => {
                let mut new = card(&name, VILLAGES[one % 3]);
                new["fields"]["code"] = json!(format!("R{round:05}"));
                Ask::post("/assets", &new).key(&format!("{name}-{one}"))
            }
        }
    }

    /// Whether an answer says: somebody else has.
    fn is_lost(self, reply: &Reply) -> bool {
        match self {
            Prize::Key => reply.is_replayed() || reply.status == 412,
            Prize::Version => reply.status == 412,
            Prize::Code => reply.status == 409,
        }
    }
}

/// Whether an answer says: you have won.
fn is_won(reply: &Reply) -> bool {
    matches!(reply.status, 200 | 201) && !reply.is_replayed()
}

/// Lets clients race round after round: exactly one wins each.
pub(crate) async fn run(ground: &Site, size: Size) -> Found {
    let mut found = Found::default();
    ground.make();
    let server = Server::start(ground);
    let mut client = Client::from(server.at(), 1_000);
    let person = Arc::new(ground.clerk(&mut client, "clerk").await);
    let token = person.token(&mut client).await.expect("a token");
    let new = Ask::post("/assets", &card("the-one", VILLAGES[0])).key("the-one").by(&token);
    let asset = client.ask(&new).await.expect("an answer").json()["id"].as_u64().expect("an id");
    let before = ground.verified(&mut found);
    let (start, begun) = (Arc::new(Barrier::new(size.clients)), Instant::now());
    let mut all = JoinSet::new();
    for one in 0..size.clients {
        let (client, person) = (Client::from(server.at(), one), Arc::clone(&person));
        all.spawn(race(one, client, person, asset, size.rounds, Arc::clone(&start)));
    }
    let mut wins = vec![[0_u64; PRIZES.len()]; size.rounds];
    for raced in all.join_all().await {
        for (wins, won) in wins.iter_mut().zip(raced.won) {
            wins.iter_mut().zip(won).for_each(|(wins, won)| *wins += u64::from(won));
        }
        found.faults_of(raced.faults);
    }
    let races = (size.rounds * PRIZES.len()) as u64;
    found.figure("racers", size.clients);
    found.figure("races", races);
    found.figure("seconds", begun.elapsed().as_secs());
    for (round, wins) in wins.iter().enumerate() {
        for (prize, n) in PRIZES.iter().zip(wins).filter(|(_, n)| **n != 1) {
            found.fault(format!("round {round}: {n} won the {prize:?}"));
        }
    }
    found.equal("winners", wins.iter().flatten().sum(), races);
    let listed = writer::listed(&mut client, &person).await.expect("a list");
    found.equal("assets", listed.len() as u64, 2 * size.rounds as u64 + 1);
    found.faults_of(server.end());
    let grown = ground.verified(&mut found) - before;
    found.equal("entries in the logs", grown, races);
    found
}

#[derive(Default)]
struct Raced {
    won: Vec<[bool; PRIZES.len()]>,
    faults: Vec<String>,
}

async fn race(
    one: usize,
    mut client: Client,
    person: Arc<Person>,
    asset: u64,
    rounds: usize,
    start: Arc<Barrier>,
) -> Raced {
    let mut raced = Raced::default();
    for round in 0..rounds {
        let mut won = [false; PRIZES.len()];
        for (prize, won) in PRIZES.iter().zip(&mut won) {
            let token = person.token(&mut client).await;
            start.wait().await;
            let asked = match token {
                Ok(token) => client.ask(&prize.ask(round, one, asset).by(&token)).await,
                Err(fault) => Err(fault),
            };
            match asked {
                Ok(reply) if is_won(&reply) => *won = true,
                Ok(reply) if prize.is_lost(&reply) => {}
                Ok(reply) => raced.faults.push(format!("{prize:?}: {}", reply.text())),
                Err(fault) => raced.faults.push(format!("{prize:?}: {fault}")),
            }
        }
        raced.won.push(won);
    }
    raced
}
