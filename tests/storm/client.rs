//! Somebody who calls the program over the network.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use serde_json::{Value as Json, json};
use tokio::{
    net::{TcpSocket, TcpStream},
    sync::Mutex,
    time::{sleep, timeout},
};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "quiet river, stone bridge 42";
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How old a token may grow: less than it lives.
const TOKEN_AGE: Duration = Duration::from_mins(7);

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Ask {
    /// Something of the program itself.
    pub(crate) fn at(path: &str) -> Ask {
        Ask { method: Method::GET, path: path.to_owned(), headers: Vec::new(), body: String::new() }
    }

    /// Something of the interface.
    pub(crate) fn get(path: &str) -> Ask {
        Ask::at(&format!("/api/v1{path}"))
    }

    /// Something to be done.
    pub(crate) fn post(path: &str, body: &Json) -> Ask {
        let ask = Ask { method: Method::POST, body: body.to_string(), ..Ask::get(path) };
        ask.header("content-type", "application/json")
    }

    /// A change of some fields.
    pub(crate) fn patch(path: &str, body: &Json) -> Ask {
        Ask { method: Method::PATCH, ..Ask::post(path, body) }
    }

    /// The end of something.
    pub(crate) fn delete(path: &str) -> Ask {
        Ask { method: Method::DELETE, ..Ask::get(path) }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Ask {
        self.headers.push((name, value.into()));
        self
    }

    /// With an `Idempotency-Key`.
    pub(crate) fn key(self, key: &str) -> Ask {
        self.header("idempotency-key", key)
    }

    /// With the version that was read.
    pub(crate) fn version(self, version: u64) -> Ask {
        self.header("if-match", format!("\"{version}\""))
    }

    /// By somebody who has a token.
    pub(crate) fn by(self, token: &str) -> Ask {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// The bytes of its head and of its body.
    pub(crate) fn bytes(&self) -> (Vec<u8>, Vec<u8>) {
        let mut head = format!("{} {} HTTP/1.1\r\nhost: x\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head = head + name + ": " + value + "\r\n";
        }
        let length = self.body.len().to_string();
        head = head + "content-length: " + &length + "\r\n\r\n";
        (head.into_bytes(), self.body.clone().into_bytes())
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether it is the answer of an earlier time.
    pub(crate) fn is_replayed(&self) -> bool {
        self.headers.contains_key("idempotency-replayed")
    }

    /// Whether the same may be asked again as it is: too busy, or the first one is under way.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.status, 412 | 429 | 503)
    }
}

/// One connection, made anew when it was lost: to the next of the programs that may be called.
pub(crate) struct Client {
    at: Vec<SocketAddr>,
    turn: usize,
    from: Ipv4Addr,
    open: Option<SendRequest<Full<Bytes>>>,
}

/// Connects from one of the addresses of this machine.
pub(crate) async fn connect(at: SocketAddr, from: Ipv4Addr) -> Result<TcpStream, std::io::Error> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    socket.connect(at).await
}

/// The address of one of many: as many to each as it may well have.
pub(crate) fn address(one: usize) -> Ipv4Addr {
    let (high, low) = (one / 50 / 250, one / 50 % 250);
    let octet = |n: usize| u8::try_from(n).expect("not that many");
    Ipv4Addr::new(127, 0, octet(high + 1), octet(low + 1))
}

impl Client {
    /// One of many, who calls one program.
    pub(crate) fn from(at: SocketAddr, one: usize) -> Client {
        Client::among(&[at], one)
    }

    /// One of many, who calls one of several programs.
    pub(crate) fn among(at: &[SocketAddr], one: usize) -> Client {
        Client { at: at.to_vec(), turn: one, from: address(one), open: None }
    }

    /// Asks; an answer, or how the connection failed.
    pub(crate) async fn ask(&mut self, ask: &Ask) -> Result<Reply, String> {
        let done = timeout(PATIENCE, self.ask_patiently(ask)).await;
        let done = done.unwrap_or_else(|_| Err("no answer came".to_owned()));
        if done.is_err() {
            self.open = None;
            self.turn += 1;
        }
        done
    }

    async fn ask_patiently(&mut self, ask: &Ask) -> Result<Reply, String> {
        let mut request = Request::builder().method(&ask.method).uri(&ask.path);
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let request = request.header("host", "x").body(Full::from(ask.body.clone()));
        let open = self.open().await?;
        let response = open.send_request(request.expect("a request")).await;
        let (parts, body) = response.map_err(|error| error.to_string())?.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
        Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// The connection, which may have been let go since it was last used.
    async fn open(&mut self) -> Result<&mut SendRequest<Full<Bytes>>, String> {
        let is_ready = match &mut self.open {
            Some(open) => open.ready().await.is_ok(),
            None => false,
        };
        if !is_ready {
            let at = self.at[self.turn % self.at.len()];
            let stream = connect(at, self.from).await.map_err(|error| error.to_string())?;
            drop(stream.set_nodelay(true));
            let made = handshake(TokioIo::new(stream)).await;
            let (open, carried) = made.map_err(|error| error.to_string())?;
            tokio::spawn(carried);
            self.open = Some(open);
        }
        self.open.as_mut().ok_or_else(|| "no connection".to_owned())
    }

    /// A gauge of the program's metrics. Whoever asks is counted in it. No end of it where the
    /// program does not say.
    pub(crate) async fn gauge(&mut self, name: &str) -> u64 {
        let told = self.ask(&Ask::at("/metrics")).await.map(|reply| reply.text());
        let line =
            told.iter().flat_map(|told| told.lines()).find_map(|line| line.strip_prefix(name));
        let value = line.and_then(|value| value.trim().parse().ok());
        value.unwrap_or(u64::MAX)
    }

    /// Lets its connection go.
    pub(crate) fn hang_up(&mut self) {
        self.open = None;
    }

    /// Asks until there is an answer that lasts: what may be asked again is asked again.
    pub(crate) async fn insist(&mut self, ask: &Ask) -> Result<Reply, String> {
        let begun = Instant::now();
        loop {
            match self.ask(ask).await {
                Ok(reply) if !reply.is_passing() => return Ok(reply),
                told if begun.elapsed() > PATIENCE => {
                    return Err(format!("{} {}: in vain: {told:?}", ask.method, ask.path));
                }
                _ => sleep(Duration::from_millis(10)).await,
            }
        }
    }
}

/// Somebody with an account, whose token is made anew before it ends.
pub(crate) struct Person {
    name: String,
    token: Mutex<Option<(String, Instant)>>,
}

impl Person {
    pub(crate) fn named(name: &str) -> Person {
        Person { name: name.to_owned(), token: Mutex::default() }
    }

    /// A token that is good for a while.
    pub(crate) async fn token(&self, client: &mut Client) -> Result<String, String> {
        let mut held = self.token.lock().await;
        if let Some((token, since)) = held.as_ref()
            && since.elapsed() < TOKEN_AGE
        {
            return Ok(token.clone());
        }
        let token = self.sign_in(client).await?;
        *held = Some((token.clone(), Instant::now()));
        Ok(token)
    }

    /// Signs in: a session more.
    pub(crate) async fn sign_in(&self, client: &mut Client) -> Result<String, String> {
        let who = json!({ "name": self.name, "password": PASSWORD });
        let reply = client.insist(&Ask::post("/sessions", &who)).await?;
        let token = reply.json()["access_token"].as_str().map(str::to_owned);
        token.ok_or_else(|| format!("no token: {} {}", reply.status, reply.text()))
    }
}
