//! What is asked over HTTP, of the program as it is run and of its twin: processor time of the
//! server for each request, requests a second of eight clients, memory.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1::{SendRequest, handshake},
};
use hyper_util::rt::TokioIo;
use serde_json::{Value as Json, json};
use tokio::net::TcpStream;

use crate::{
    Outcome, TWIN,
    kept::Ledger,
    machine::{cpu_of, memory},
    pages, sheets,
    table::{Figure, Row},
    tell,
};

const MILLION: u64 = 1_000_000;
/// Clients that ask at once.
pub(crate) const CLIENTS: usize = 8;
/// As many connections as one address may hold.
const CROWD: usize = 64;
/// Requests of each kind: enough for a second of processor time or so.
const REQUESTS: usize = 2_400;
/// Whoever asks; the county is said behind it.
pub(crate) const NAME: &str = "bench-clerk";
pub(crate) const PASSWORD: &str = "green hills, white clouds, clear wind";

/// A server in a process of its own, until it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) at: String,
    /// From its start to its first answer.
    start: Duration,
}

impl Server {
    async fn start(command: &mut Command) -> Outcome<Server> {
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let told = child.stderr.take().ok_or("no words")?;
        let mut lines = BufReader::new(told).lines();
        let at = loop {
            let line = lines.next().ok_or("it ended")??;
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.trim_end_matches('/').to_owned();
            }
        };
        // nobody reads its log, and it must not wait for that
        std::thread::spawn(move || lines.for_each(drop));
        let mut server = Server { child, at, start: Duration::ZERO };
        Client::of(&server.at).await?.ask(&Asked::get("/livez".to_owned())).await?;
        server.start = begun.elapsed();
        Ok(server)
    }

    fn id(&self) -> String {
        self.child.id().to_string()
    }

    fn memory(&self, line: &str) -> u64 {
        memory(&self.id(), line).unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// One request.
#[derive(Clone)]
pub(crate) struct Asked {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Body>,
}

/// What a request brings.
#[derive(Clone)]
enum Body {
    Json(Json),
    Form(String),
}

impl Body {
    fn text(&self) -> String {
        match self {
            Body::Json(json) => json.to_string(),
            Body::Form(text) => text.clone(),
        }
    }
}

impl Asked {
    pub(crate) fn get(path: String) -> Asked {
        Asked { method: Method::GET, path, headers: Vec::new(), body: None }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Asked {
        self.headers.push((name, value.into()));
        self
    }

    fn json(method: Method, path: String, body: Json) -> Asked {
        Asked { method, path, headers: Vec::new(), body: Some(Body::Json(body)) }
            .with("content-type", "application/json")
    }

    /// A form, as a page of the program sends it.
    pub(crate) fn form(path: &str, fields: &[(&str, &str)]) -> Asked {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Asked {
            method: Method::POST,
            path: path.to_owned(),
            headers: Vec::new(),
            body: Some(Body::Form(body)),
        }
        .with("content-type", "application/x-www-form-urlencoded")
        .with("sec-fetch-site", "same-origin")
    }
}

/// One connection.
pub(crate) struct Client(SendRequest<Full<Bytes>>);

impl Client {
    pub(crate) async fn of(at: &str) -> Outcome<Client> {
        let stream = TcpStream::connect(at).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Client(sender))
    }

    /// The answer, whatever it is.
    pub(crate) async fn send(&mut self, asked: &Asked) -> Outcome<Response<Incoming>> {
        let mut request =
            Request::builder().method(&asked.method).uri(&asked.path).header("host", "bench");
        for (name, value) in &asked.headers {
            request = request.header(*name, value);
        }
        let body = asked.body.as_ref().map(Body::text).unwrap_or_default();
        self.0.ready().await?;
        Ok(self.0.send_request(request.body(Full::from(body))?).await?)
    }

    /// The answer, which must be a good one.
    async fn ask(&mut self, asked: &Asked) -> Outcome<(StatusCode, Bytes)> {
        let answer = self.send(asked).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if status.is_success() {
            return Ok((status, body));
        }
        Err(format!("{} {}: {status} {}", asked.method, asked.path, String::from_utf8_lossy(&body))
            .into())
    }

    async fn json(&mut self, asked: &Asked) -> Outcome<Json> {
        let (_, body) = self.ask(asked).await?;
        Ok(if body.is_empty() { Json::Null } else { serde_json::from_slice(&body)? })
    }
}

/// What a kind of request came to.
pub(crate) struct Came {
    pub(crate) cpu: Duration,
    pub(crate) rate: u64,
}

/// Carries out requests, dealt out among so many clients.
pub(crate) async fn carry_out(
    server: &Server,
    requests: Vec<Asked>,
    clients: usize,
) -> Outcome<Came> {
    let n = requests.len();
    let mut hands: Vec<Vec<Asked>> = vec![Vec::new(); clients];
    for (place, asked) in requests.into_iter().enumerate() {
        hands[place % clients].push(asked);
    }
    let mut connected = Vec::new();
    for hand in hands {
        connected.push((Client::of(&server.at).await?, hand));
    }
    let (cpu, begun) = (cpu_of(&server.id())?, Instant::now());
    let tasks: Vec<_> = connected
        .into_iter()
        .map(|(mut client, hand)| {
            tokio::spawn(async move {
                for asked in &hand {
                    client.ask(asked).await.map_err(|error| error.to_string())?;
                }
                Ok::<(), String>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let micros = u64::try_from(begun.elapsed().as_micros())?.max(1);
    let cpu = cpu_of(&server.id())?.saturating_sub(cpu) / u32::try_from(n)?;
    Ok(Came { cpu, rate: n as u64 * 1_000_000 / micros })
}

/// Measures one kind of request beside its twin, and prints it.
async fn row(
    (name, n, goal): (&str, u64, Option<u64>),
    (server, ours): (&Server, Vec<Asked>),
    (twin, theirs): (&Server, Vec<Asked>),
) -> Outcome<()> {
    tell(n, name);
    let few = |all: &[Asked]| all.iter().take(40).cloned().collect::<Vec<_>>();
    let is_reading = ours.iter().all(|asked| asked.method == Method::GET);
    if is_reading {
        carry_out(server, few(&ours), 1).await?;
        carry_out(twin, few(&theirs), 1).await?;
    }
    let came = carry_out(server, ours, CLIENTS).await?;
    let raw = carry_out(twin, theirs, CLIENTS).await?;
    let mut row = Row::new(&format!("HTTP: {name}"), n, Figure::Time(came.cpu))
        .cpu(came.cpu)
        .twin(Figure::Time(raw.cpu))
        .note(format!("CPU a request; {} /s at 8 clients, twin {} /s", came.rate, raw.rate));
    if let Some(micros) = goal {
        row = row.goal(n, Figure::Time(Duration::from_micros(micros)));
    }
    row.print();
    Ok(())
}

/// The program, serving a ledger.
pub(crate) async fn program(kept: &Ledger) -> Outcome<Server> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command.arg("--database").arg(format!("sqlite:{}", kept.file.display()));
    Server::start(command.args(["--lang", "en", "serve", "--listen", "127.0.0.1:0"])).await
}

/// Signs a clerk of a county in: what its requests carry.
pub(crate) async fn sign_in(kept: &Ledger, server: &Server, county: &str) -> Outcome<String> {
    let name = format!("{NAME}-{county}");
    let area = format!("{county}000000");
    let account = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
        command.arg("--database").arg(format!("sqlite:{}", kept.file.display()));
        command.args(["--json", "account"]).args(arguments).output()
    };
    let added = account(&["add", &name, "--role", "finance_clerk", "--area", &area])?;
    let added = if added.status.success() { added } else { account(&["reset", &name])? };
    let added: Json = serde_json::from_slice(&added.stdout)?;
    let mut client = Client::of(&server.at).await?;
    let link = json!({ "code": added["code"], "password": PASSWORD });
    client.ask(&Asked::json(Method::POST, "/api/v1/links".to_owned(), link)).await?;
    let who = json!({ "name": name, "password": PASSWORD });
    let opened =
        client.json(&Asked::json(Method::POST, "/api/v1/sessions".to_owned(), who)).await?;
    Ok(format!("Bearer {}", opened["access_token"].as_str().ok_or("no token")?))
}

/// Some assets of the county as they stand: ids and versions.
async fn assets(server: &Server, bearer: &str, n: usize) -> Outcome<Vec<(i64, i64)>> {
    let (mut found, mut after) = (Vec::new(), String::new());
    let mut client = Client::of(&server.at).await?;
    while found.len() < n {
        let path = format!("/api/v1/assets?limit=200{after}");
        let page = client.json(&Asked::get(path).with("authorization", bearer)).await?;
        let items = page["items"].as_array().ok_or("no rows")?;
        found.extend(
            items.iter().filter_map(|row| Some((row["id"].as_i64()?, row["version"].as_i64()?))),
        );
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    found.truncate(n);
    Ok(found)
}

/// Codes of some assets of the county.
pub(crate) async fn codes(server: &Server, bearer: &str) -> Outcome<Vec<String>> {
    let asked = Asked::get("/api/v1/assets?limit=200".to_owned()).with("authorization", bearer);
    let page = Client::of(&server.at).await?.json(&asked).await?;
    let items = page["items"].as_array().ok_or("no rows")?;
    Ok(items.iter().filter_map(|row| Some(row["code"].as_str()?.to_owned())).collect())
}

pub(crate) async fn measure(kept: &Ledger) -> Outcome<()> {
    let n = kept.n;
    tell(n, "served");
    let server = program(kept).await?;
    let mut command = Command::new(std::env::current_exe()?);
    let twin_file = kept.beside(&format!("twin-{n}.db"));
    let twin = Server::start(command.arg(TWIN).arg(&kept.file).arg(twin_file)).await?;
    Row::new("HTTP: start", n, Figure::Time(server.start))
        .twin(Figure::Time(twin.start))
        .goal(MILLION, Figure::Time(Duration::from_millis(200)))
        .note("from the start of the process to its first answer")
        .print();
    let county = sheets::county(sheets::counties(n) / 2);
    let bearer = sign_in(kept, &server, &county).await?;
    idle(kept).await?;
    readings(n, (&server, &bearer), &twin, &county).await?;
    pages::measure(n, &server, &format!("{NAME}-{county}"), &codes(&server, &bearer).await?)
        .await?;
    writings(n, (&server, &bearer), &twin).await?;
    crowd(n, &server, &bearer).await
}

/// The memory of a server that has answered a little.
async fn idle(kept: &Ledger) -> Outcome<()> {
    let server = program(kept).await?;
    Client::of(&server.at).await?.ask(&Asked::get("/readyz".to_owned())).await?;
    Row::new("HTTP: memory idle", kept.n, Figure::Memory(server.memory("VmRSS")))
        .goal(MILLION, Figure::Memory(40 * 1_024))
        .print();
    Ok(())
}

async fn readings(
    n: u64,
    (server, bearer): (&Server, &str),
    twin: &Server,
    county: &str,
) -> Outcome<()> {
    let within = format!("first={county}000000&last={county}999999");
    let many = |path: &str, n: usize| vec![Asked::get(path.to_owned()); n];
    let ours = |path: &str, n: usize| {
        vec![Asked::get(format!("/api/v1{path}")).with("authorization", bearer); n]
    };
    let theirs = many(&format!("/list?{within}"), REQUESTS);
    row(("list of 50", n, Some(800)), (server, ours("/assets", REQUESTS)), (twin, theirs)).await?;
    let found = assets(server, bearer, 400).await?;
    let ids = || found.iter().cycle().take(REQUESTS).map(|(id, _)| *id);
    let cards =
        ids().map(|id| Asked::get(format!("/api/v1/assets/{id}")).with("authorization", bearer));
    let theirs = ids().map(|id| Asked::get(format!("/card/{id}")));
    row(("card", n, None), (server, cards.collect()), (twin, theirs.collect())).await?;
    let by_town = ours("/reports/no-maintainer?by=town", REQUESTS / 2);
    let theirs = many(&format!("/report?{within}"), REQUESTS / 2);
    row(("no maintainer, a county by town", n, None), (server, by_town), (twin, theirs)).await?;
    let search = "%E6%B0%B4%E6%B1%A0"; // 水池
    let searched = ours(&format!("/assets?q={search}"), REQUESTS / 2);
    let theirs = many(&format!("/list?{within}&q={search}"), REQUESTS / 2);
    row(("search in a county", n, Some(3_000)), (server, searched), (twin, theirs)).await
}

async fn writings(n: u64, (server, bearer): (&Server, &str), twin: &Server) -> Outcome<()> {
    let found = assets(server, bearer, 800).await?;
    let text = format!("{:?}", Instant::now());
    let ours = found.iter().map(|(id, version)| {
        let path = format!("/api/v1/assets/{id}");
        Asked::json(Method::PATCH, path, json!({ "remark": text }))
            .with("authorization", bearer)
            .with("if-match", format!("\"{version}\""))
    });
    let theirs = found
        .iter()
        .map(|(id, _)| Asked { method: Method::POST, ..Asked::get(format!("/write/{id}")) });
    row(("one write", n, Some(1_200)), (server, ours.collect()), (twin, theirs.collect())).await
}

/// The memory of a server of which 64 clients ask at once.
async fn crowd(n: u64, server: &Server, bearer: &str) -> Outcome<()> {
    let list = Asked::get("/api/v1/assets?limit=200".to_owned()).with("authorization", bearer);
    let came = carry_out(server, vec![list; CROWD * 20], CROWD - 2).await?;
    Row::new("HTTP: memory, 64 clients", n, Figure::Memory(server.memory("VmHWM")))
        .goal(MILLION, Figure::Memory(150 * 1_024))
        .note(format!("at its most; lists of 200, {} /s", came.rate))
        .print();
    Ok(())
}
