//! Clients hang up at any moment of a request.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinSet,
    time::sleep,
};

use super::{
    Chance, Found, Server, Site,
    client::{Ask, Client, Person, address, connect},
    site::VILLAGES,
    writer::{self, card, listed},
};

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) requests: usize,
    pub(crate) clients: usize,
    /// The most memory, in MB.
    pub(crate) memory: u64,
}

/// The gauge of requests that are being carried out.
const IN_FLIGHT: &str = "taizhang_requests_in_flight ";

/// When a client hangs up.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// In the middle of the headers.
    Headers,
    /// When the headers are sent.
    BeforeBody,
    /// In the middle of the body.
    Body,
    /// When the body is sent.
    AfterBody,
    /// A while later.
    Waiting,
    /// In the middle of the answer.
    Answer,
    /// A while after the body, with what the kernel calls a reset.
    Reset,
}

const MOMENTS: [Moment; 7] = [
    Moment::Headers,
    Moment::BeforeBody,
    Moment::Body,
    Moment::AfterBody,
    Moment::Waiting,
    Moment::Answer,
    Moment::Reset,
];

impl Moment {
    /// Whether the request must have been carried out; nothing where it may or may not.
    fn is_done(self) -> Option<bool> {
        match self {
            Moment::Headers | Moment::BeforeBody | Moment::Body => Some(false),
            // what arrived whole runs to its end
            Moment::AfterBody | Moment::Waiting | Moment::Answer => Some(true),
            Moment::Reset => None,
        }
    }
}

/// Hangs up on requests that register assets: each is done wholly or not at all, and nothing of
/// them is left in the program.
pub(crate) async fn run(ground: &Site, size: Size) -> Found {
    let (mut found, chance) = (Found::default(), Chance::from_the_clock());
    found.figure("seed", chance.0);
    ground.make();
    let server = Server::start(ground);
    let mut client = Client::from(server.at(), 1_000);
    let person = Arc::new(ground.clerk(&mut client, "clerk").await);
    let before = ground.verified(&mut found);
    let begun = Instant::now();
    let (next, mut all) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
    for one in 0..size.clients {
        let (next, person, at) = (Arc::clone(&next), Arc::clone(&person), server.at());
        let chance = chance.of(one);
        all.spawn(hang_up_often(at, one, person, chance, next, size.requests));
    }
    for faults in all.join_all().await {
        found.faults_of(faults);
    }
    found.figure("requests", size.requests);
    found.figure("seconds", begun.elapsed().as_secs());
    client.hang_up();
    settle(&mut found, &server).await;
    let done = judge(&mut found, ground, &person, &mut client, size, before).await;
    let again = ask_again(&mut found, &person, &mut client, size, &done).await;
    found.equal("done when asked again", again, size.requests as u64);
    let all = listed(&mut client, &person).await.unwrap_or_default();
    found.equal("assets in the end", all.len() as u64, size.requests as u64);
    found.at_most("peak memory", server.peak_memory(), size.memory, "MB");
    client.hang_up();
    settle(&mut found, &server).await;
    found.faults_of(server.end());
    let grown = ground.verified(&mut found) - before;
    writer::check_entries(&mut found, &all, grown);
    found
}

fn name(n: usize) -> String {
    format!("H-{n}")
}

fn ask(n: usize) -> Ask {
    Ask::post("/assets", &card(&name(n), VILLAGES[n % 3])).key(&name(n))
}

async fn hang_up_often(
    at: SocketAddr,
    one: usize,
    person: Arc<Person>,
    mut chance: Chance,
    next: Arc<AtomicUsize>,
    requests: usize,
) -> Vec<String> {
    // an address of its own: what it hung up on goes on and counts there
    let one = one * 50;
    let (mut client, mut faults) = (Client::from(at, one), Vec::new());
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= requests {
            return faults;
        }
        if n.is_multiple_of(5) {
            wait_for_room(&mut client).await;
        }
        let done = match person.token(&mut client).await {
            Ok(token) => {
                let ask = ask(n).by(&token);
                let done = hang_up(at, address(one), &ask, MOMENTS[n % 7], &mut chance).await;
                done.map_err(|error| error.to_string())
            }
            Err(fault) => Err(fault),
        };
        faults.extend(done.err());
    }
}

/// Waits until the program is not so busy that it would turn somebody away.
async fn wait_for_room(client: &mut Client) {
    let begun = Instant::now();
    let is_full = async |client: &mut Client| client.gauge(IN_FLIGHT).await > 32;
    while is_full(client).await && begun.elapsed() < Duration::from_secs(10) {
        sleep(Duration::from_millis(20)).await;
    }
}

/// Makes a request and hangs up at a moment of it.
async fn hang_up(
    at: SocketAddr,
    from: Ipv4Addr,
    ask: &Ask,
    moment: Moment,
    chance: &mut Chance,
) -> std::io::Result<()> {
    let (head, body) = ask.bytes();
    let mut stream = connect(at, from).await?;
    stream.set_nodelay(true)?;
    let pause = chance.part_of(Duration::from_millis(60));
    match moment {
        Moment::Headers => return stream.write_all(&head[..chance.below(head.len())]).await,
        Moment::BeforeBody => return stream.write_all(&head).await,
        Moment::Body => {
            stream.write_all(&head).await?;
            stream.write_all(&body[..chance.below(body.len())]).await?;
            sleep(pause).await;
            return Ok(());
        }
        _ => {}
    }
    if chance.below(2) == 0 {
        stream.write_all(&[head, body].concat()).await?;
    } else {
        stream.write_all(&head).await?;
        sleep(pause / 10).await;
        stream.write_all(&body).await?;
    }
    match moment {
        Moment::Waiting => sleep(pause).await,
        Moment::Answer => drop(stream.read(&mut [0; 10]).await?),
        Moment::Reset => {
            sleep(pause).await;
            stream.set_zero_linger()?;
        }
        _ => {}
    }
    Ok(())
}

/// Waits until nothing is under way but the question itself, which must be soon.
async fn settle(found: &mut Found, server: &Server) {
    let begun = Instant::now();
    let state = loop {
        let connections = server.gauge("taizhang_connections ").await;
        let requests = server.gauge(IN_FLIGHT).await;
        let is_still = (connections, requests) == (1, 1);
        if is_still || begun.elapsed() > Duration::from_secs(30) {
            break (connections, requests);
        }
        sleep(Duration::from_millis(50)).await;
    };
    found.equal("connections left", state.0 - 1, 0);
    found.equal("requests left", state.1 - 1, 0);
}

/// What was done and what was not, by the list and by the log; which were done.
async fn judge(
    found: &mut Found,
    ground: &Site,
    person: &Person,
    client: &mut Client,
    size: Size,
    before: u64,
) -> BTreeSet<usize> {
    let there = listed(client, person).await.unwrap_or_default();
    let done: Vec<usize> =
        there.iter().filter_map(|made| made.name.strip_prefix("H-")?.parse().ok()).collect();
    found.figure("done", done.len());
    let grown = ground.verified(found) - before;
    found.equal("entries in the logs before", grown, done.len() as u64);
    let set: BTreeSet<usize> = done.iter().copied().collect();
    found.equal("done twice", (done.len() - set.len()) as u64, 0);
    let mut wrong = 0;
    for n in 0..size.requests {
        let moment = MOMENTS[n % 7];
        if moment.is_done().is_some_and(|is_done| is_done != set.contains(&n)) {
            wrong += 1;
            let is_done = set.contains(&n);
            found.fault(format!("{} hung up at {moment:?}: done is {is_done}", name(n)));
        }
    }
    found.equal("whole and not done, or not whole and done", wrong, 0);
    set
}

/// Asks for everything again, with the same keys; how many are as they must be.
async fn ask_again(
    found: &mut Found,
    person: &Person,
    client: &mut Client,
    size: Size,
    done: &BTreeSet<usize>,
) -> u64 {
    let mut right = 0;
    for n in 0..size.requests {
        let asked = match person.token(client).await {
            Ok(token) => client.insist(&ask(n).by(&token)).await,
            Err(fault) => Err(fault),
        };
        match asked {
            Ok(reply) if reply.status == 201 && reply.is_replayed() == done.contains(&n) => {
                right += 1;
            }
            Ok(reply) => found.fault(format!("{} again: {}", name(n), reply.text())),
            // a program that is stuck is not asked for the rest
            Err(fault) => {
                found.fault(fault);
                break;
            }
        }
    }
    right
}
