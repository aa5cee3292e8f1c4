//! Clients read an asset and store what they made of it, all at once.

use std::{sync::Arc, time::Instant};

use serde_json::json;
use tokio::task::JoinSet;

use super::{
    Found, Server, Site,
    client::{Ask, Client, Person},
    site::VILLAGES,
    writer::card,
};

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) clients: usize,
    pub(crate) rounds: usize,
}

/// Everybody counts on from the number they read: none that was stored is lost.
pub(crate) async fn run(ground: &Site, size: Size) -> Found {
    let mut found = Found::default();
    ground.make();
    let server = Server::start(ground);
    let mut client = Client::from(server.at(), 1_000);
    let person = Arc::new(ground.clerk(&mut client, "clerk").await);
    let token = person.token(&mut client).await.expect("a token");
    let mut new = card("the-one", VILLAGES[0]);
    new["fields"]["remark"] = json!("0");
    let new = Ask::post("/assets", &new).key("the-one").by(&token);
    let id = client.ask(&new).await.expect("an answer").json()["id"].as_u64().expect("an id");
    let before = ground.verified(&mut found);
    let (mut all, begun) = (JoinSet::new(), Instant::now());
    for one in 0..size.clients {
        let (client, person) = (Client::from(server.at(), one), Arc::clone(&person));
        all.spawn(edit(client, person, id, size.rounds));
    }
    let (mut stored, mut refused) = (0, 0);
    for edited in all.join_all().await {
        stored += edited.stored;
        refused += edited.refused;
        found.faults_of(edited.fault);
    }
    found.figure("stored", stored);
    found.figure("refused as changed meanwhile", refused);
    found.figure("seconds", begun.elapsed().as_secs());
    let rounds = (size.clients * size.rounds) as u64;
    found.equal("rounds", stored + refused, rounds);
    let token = person.token(&mut client).await.expect("a token");
    let read = Ask::get(&format!("/assets/{id}")).by(&token);
    let card = client.ask(&read).await.expect("an answer").json();
    let counted = card["remark"].as_str().and_then(|remark| remark.parse().ok());
    found.equal("the number counted to", counted.unwrap_or_default(), stored);
    found.equal("the version", card["version"].as_u64().unwrap_or_default(), stored + 1);
    found.faults_of(server.end());
    let grown = ground.verified(&mut found) - before;
    found.equal("entries in the log", grown, stored);
    found
}

#[derive(Default)]
struct Edited {
    stored: u64,
    refused: u64,
    fault: Option<String>,
}

async fn edit(mut client: Client, person: Arc<Person>, id: u64, rounds: usize) -> Edited {
    let mut edited = Edited::default();
    for _ in 0..rounds {
        match count_on(&mut client, &person, id).await {
            Ok(true) => edited.stored += 1,
            Ok(false) => edited.refused += 1,
            Err(fault) => edited.fault = Some(fault),
        }
    }
    edited
}

/// Reads the number and stores the next one; whether it was taken.
async fn count_on(client: &mut Client, person: &Person, id: u64) -> Result<bool, String> {
    let token = person.token(client).await?;
    let path = format!("/assets/{id}");
    let read = client.ask(&Ask::get(&path).by(&token)).await?;
    let card = read.json();
    let number = card["remark"].as_str().and_then(|remark| remark.parse::<u64>().ok());
    let (Some(number), Some(version)) = (number, card["version"].as_u64()) else {
        return Err(read.text());
    };
    let next = json!({ "remark": (number + 1).to_string() });
    let reply = client.ask(&Ask::patch(&path, &next).by(&token).version(version)).await?;
    match reply.status {
        200 => Ok(true),
        412 => Ok(false),
        _ => Err(reply.text()),
    }
}
