//! Clients that are slow on purpose: in the headers, in the body, in reading the answer.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    Found, Server, Site,
    client::{Ask, Client, Person, address, connect},
    site::VILLAGES,
    writer::card,
};

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) headers: usize,
    pub(crate) bodies: usize,
    pub(crate) readers: usize,
    /// Assets of the answer that is read slowly.
    pub(crate) assets: usize,
    pub(crate) time: Duration,
    /// The most memory, in MB.
    pub(crate) memory: u64,
    /// The slowest of a hundred ordinary answers, in milliseconds.
    pub(crate) millis: u64,
}

/// The deadlines of the program.
const HEADER_TIME: Duration = taizhang::limits::HEADER_TIME;
const BODY_TIME: Duration = taizhang::limits::BODY_TIME;
const WRITE_TIME: Duration = taizhang::limits::WRITE_TIME;
/// How much later than its deadline a connection may be cut off on a busy machine.
const LATE: Duration = Duration::from_secs(5);
/// Connections that one address has at most.
const CROWD: u64 = taizhang::limits::CONNECTIONS_PER_ADDRESS as u64;
/// Ordinary clients.
const ORDINARY: usize = 8;

/// How long connections of a kind lasted until they were cut off.
#[derive(Debug, Default)]
struct Lives {
    cut: u64,
    longest: Duration,
    /// Those that were cut off at once.
    refused: u64,
}

impl Lives {
    fn add(&mut self, life: Duration) {
        self.cut += 1;
        self.longest = self.longest.max(life);
        self.refused += u64::from(life < Duration::from_secs(1));
    }

    fn tell(&self, found: &mut Found, name: &'static str, deadline: Duration) {
        found.figure(name, format!("{} cut off, within {:.1?}", self.cut, self.longest));
        if self.longest > deadline + LATE {
            found.fault(format!("{name}: {:?} instead of {deadline:?}", self.longest));
        }
        if self.refused > 0 {
            found.fault(format!("{name}: {} cut off at once", self.refused));
        }
    }
}

#[derive(Clone)]
struct Storm {
    at: SocketAddr,
    is_over: Arc<AtomicBool>,
    person: Arc<Person>,
    newcomer: Arc<Person>,
}

/// Holds slow connections while ordinary clients work: these are answered in time, the slow ones
/// are cut off by their deadlines, and the program stays small.
pub(crate) async fn run(ground: &Site, size: Size) -> Found {
    let mut found = Found::default();
    ground.make();
    ground.fill(size.assets);
    let server = Server::start(ground);
    let mut client = Client::from(server.at(), 10_000);
    let person = Arc::new(ground.clerk(&mut client, "clerk").await);
    let newcomer = Arc::new(ground.clerk(&mut client, "newcomer").await);
    client.hang_up();
    let storm = Storm { at: server.at(), is_over: Arc::default(), person, newcomer };
    let (mut headers, mut bodies, mut readers) = (JoinSet::new(), JoinSet::new(), JoinSet::new());
    for one in 0..size.headers {
        headers.spawn(storm.clone().slow_headers(one));
    }
    for one in 0..size.bodies {
        bodies.spawn(storm.clone().slow_body(size.headers + one));
    }
    let (first, pause) = (size.headers + size.bodies, size.time / 2);
    for one in 0..size.readers {
        let wait = pause * u32::try_from(one).expect("small")
            / u32::try_from(size.readers).expect("small");
        readers.spawn(storm.clone().slow_reader(first + one, wait));
    }
    let mut ordinary = JoinSet::new();
    for one in 0..ORDINARY {
        ordinary.spawn(storm.clone().work(one));
    }
    ordinary.spawn(storm.clone().come_and_go());
    let crowd = storm.crowd().await;
    found.equal("connections one address has", crowd.len() as u64, CROWD);
    sleep(size.time).await;
    storm.is_over.store(true, Ordering::Relaxed);
    judge_slow(&mut found, "slow in the headers", headers, size.time > HEADER_TIME, HEADER_TIME)
        .await;
    judge_slow(&mut found, "slow in the body", bodies, size.time > BODY_TIME, BODY_TIME).await;
    judge_ordinary(&mut found, ordinary, size.millis).await;
    if size.readers > 0 {
        judge_readers(&mut found, &server, readers).await;
    }
    found.at_most("peak memory", server.peak_memory(), size.memory, "MB");
    found.faults_of(server.end());
    let _ = ground.verified(&mut found);
    found
}

async fn judge_slow(
    found: &mut Found,
    name: &'static str,
    all: JoinSet<Lives>,
    is_long: bool,
    deadline: Duration,
) {
    let n = all.len() as u64;
    let mut sum = Lives::default();
    for lives in all.join_all().await {
        sum.cut += lives.cut;
        sum.refused += lives.refused;
        sum.longest = sum.longest.max(lives.longest);
    }
    sum.tell(found, name, deadline);
    if is_long && sum.cut < n {
        found.fault(format!("{name}: {} of {n} were cut off", sum.cut));
    }
}

async fn judge_ordinary(
    found: &mut Found,
    all: JoinSet<(Vec<Duration>, Vec<String>)>,
    millis: u64,
) {
    let mut times = Vec::new();
    for (more, faults) in all.join_all().await {
        times.extend(more);
        found.faults_of(faults);
    }
    times.sort_unstable();
    found.figure("ordinary answers", times.len());
    let slowest = times.get(times.len() * 99 / 100).copied().unwrap_or(Duration::MAX);
    let slowest = u64::try_from(slowest.as_millis()).unwrap_or(u64::MAX);
    found.at_most("slowest of a hundred", slowest, millis, "ms");
}

/// The readers hold on to their connections; the program must have let go of them.
async fn judge_readers(found: &mut Found, server: &Server, readers: JoinSet<Option<TcpStream>>) {
    let held = readers.join_all().await;
    let n = held.iter().flatten().count() as u64;
    found.figure("slow in reading", n);
    if n < held.len() as u64 {
        found.fault(format!("only {n} of {} slow readers were answered", held.len()));
    }
    let begun = Instant::now();
    let mut left = u64::MAX;
    while left > 0 && begun.elapsed() < WRITE_TIME + LATE {
        left = server.gauge("taizhang_connections ").await - 1;
        sleep(Duration::from_millis(200)).await;
    }
    found.equal("connections of slow readers left", left, 0);
    drop(held);
}

impl Storm {
    /// Connections from one address, each of which was answered: as many as it gets.
    async fn crowd(&self) -> Vec<TcpStream> {
        let mut held = Vec::new();
        for _ in 0..CROWD + 10 {
            let stream = connect(self.at, address(30_000)).await;
            let mut stream = stream.expect("a connection, which may be cut off at once");
            drop(stream.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await);
            if matches!(stream.read(&mut [0; 1]).await, Ok(1)) {
                held.push(stream);
            }
        }
        held
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Sends a byte a second until it is cut off or all is over; whether it was cut off.
    async fn drip(&self, stream: &mut TcpStream) -> bool {
        let mut piece = [0; 1_024];
        while !self.is_over() {
            if stream.write_all(b"1").await.is_err() {
                return true;
            }
            let read = timeout(Duration::from_secs(1), stream.read(&mut piece)).await;
            if matches!(read, Ok(Ok(0) | Err(_))) {
                return true;
            }
        }
        false
    }

    async fn slow_headers(self, one: usize) -> Lives {
        let mut lives = Lives::default();
        while !self.is_over() {
            let Ok(mut stream) = connect(self.at, address(one)).await else { continue };
            let begun = Instant::now();
            let head = b"GET /livez HTTP/1.1\r\nhost: x\r\nx-slow: ";
            drop(stream.write_all(head).await);
            if self.drip(&mut stream).await {
                lives.add(begun.elapsed());
            } else if begun.elapsed() > HEADER_TIME + LATE {
                lives.longest = begun.elapsed();
            }
        }
        lives
    }

    async fn slow_body(self, one: usize) -> Lives {
        let mut lives = Lives::default();
        let mut client = Client::from(self.at, one);
        while !self.is_over() {
            let Ok(token) = self.person.token(&mut client).await else { continue };
            client.hang_up();
            let ask = Ask::post("/assets", &card("slow", VILLAGES[0])).key("slow").by(&token);
            let (head, _) = ask.bytes();
            let Ok(mut stream) = connect(self.at, address(one)).await else { continue };
            let begun = Instant::now();
            drop(stream.write_all(&head).await);
            if self.drip(&mut stream).await {
                lives.add(begun.elapsed());
            } else if begun.elapsed() > BODY_TIME + LATE {
                lives.longest = begun.elapsed();
            }
        }
        lives
    }

    /// Asks for a long answer and hardly reads it; the connection, where it was answered.
    async fn slow_reader(self, one: usize, wait: Duration) -> Option<TcpStream> {
        sleep(wait).await;
        let mut client = Client::from(self.at, one);
        let token = self.person.token(&mut client).await.ok()?;
        client.hang_up();
        let ask = Ask::get("/reports/no-maintainer").by(&token);
        let socket = TcpSocket::new_v4().ok()?;
        socket.set_recv_buffer_size(4_096).ok()?;
        socket.bind((address(one), 0).into()).ok()?;
        let mut stream = socket.connect(self.at).await.ok()?;
        stream.write_all(&ask.bytes().0).await.ok()?;
        let mut piece = [0; 1];
        let n = stream.read(&mut piece).await.ok()?;
        while n > 0 && !self.is_over() {
            drop(timeout(Duration::from_secs(1), stream.read(&mut piece)).await);
            sleep(Duration::from_secs(1)).await;
        }
        Some(stream)
    }

    /// Works as people do: reads, opens, writes.
    async fn work(self, one: usize) -> (Vec<Duration>, Vec<String>) {
        let mut client = Client::from(self.at, 20_000);
        let (mut times, mut faults, mut n) = (Vec::new(), Vec::new(), 0);
        while !self.is_over() {
            n += 1;
            let Ok(token) = self.person.token(&mut client).await else { continue };
            let name = format!("ordinary-{one}-{n}");
            let ask = match n % 3 {
                0 => Ask::post("/assets", &card(&name, VILLAGES[1])).key(&name),
                1 => Ask::get("/assets?limit=50"),
                _ => Ask::get("/assets/1"),
            };
            let begun = Instant::now();
            let asked = client.ask(&ask.by(&token)).await;
            times.push(begun.elapsed());
            match asked {
                Ok(reply) if matches!(reply.status, 200 | 201) => {}
                Ok(reply) => faults.push(format!("an ordinary request: {}", reply.text())),
                Err(fault) => faults.push(format!("an ordinary request: {fault}")),
            }
            sleep(Duration::from_millis(20)).await;
        }
        (times, faults)
    }

    /// Comes by a new connection now and then, and signs in.
    async fn come_and_go(self) -> (Vec<Duration>, Vec<String>) {
        let mut faults = Vec::new();
        while !self.is_over() {
            let mut client = Client::from(self.at, 20_100);
            faults.extend(self.newcomer.sign_in(&mut client).await.err());
            sleep(Duration::from_secs(3)).await;
        }
        (Vec::new(), faults)
    }
}
