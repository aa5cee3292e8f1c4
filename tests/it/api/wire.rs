//! The service on a socket: who may come, and how it ends.

use std::net::SocketAddr;

use taizhang::{
    http::{AppState, Settings, accept},
    limits, server,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::harness::Town;

on_both!(
    it_answers_and_ends_when_told,
    an_address_holds_so_many_connections,
    a_proxy_stands_for_many_callers,
    headers_have_their_limit,
    a_request_has_no_place_while_its_body_is_on_the_way,
);

pub(super) struct Served {
    pub(super) at: SocketAddr,
    end: oneshot::Sender<()>,
    task: JoinHandle<taizhang::error::Result<()>>,
}

impl Served {
    /// Ends it, and waits until it has.
    pub(super) async fn end(self) {
        self.end.send(()).expect("it serves");
        self.task.await.expect("no panic").expect("ended well");
    }
}

fn served(town: &Town) -> Served {
    served_with(town, Settings::default(), None)
}

pub(super) fn served_with(town: &Town, settings: Settings, tls: Option<TlsAcceptor>) -> Served {
    let listener = accept::listen(([127, 0, 0, 1], 0).into()).expect("a port");
    let at = listener.local_addr().expect("an address");
    let state = AppState::new(town.ledger.clone(), settings);
    let (end, ended) = oneshot::channel();
    let ending = async { drop(ended.await) };
    let task = tokio::spawn(server::serve(listener, state, tls, ending));
    Served { at, end, task }
}

async fn said(at: SocketAddr, words: &str) -> String {
    let mut stream = TcpStream::connect(at).await.expect("connected");
    stream.write_all(words.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    // a connection that is cut off has said what it had to say
    drop(stream.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
}

async fn it_answers_and_ends_when_told(town: &Town) {
    let Served { at, end, task } = served(town);
    assert!(said(at, &get("/livez")).await.starts_with("HTTP/1.1 200"));
    assert!(said(at, &get("/readyz")).await.contains("ready"));
    assert!(said(at, &get("/api/v1/assets")).await.starts_with("HTTP/1.1 401"));
    let counts = said(at, &get("/metrics")).await;
    assert!(counts.contains("route=\"/api/v1/assets\",status=\"401\"} 1"), "{counts}");
    end.send(()).expect("it serves");
    task.await.expect("no panic").expect("ended well");
    assert!(TcpStream::connect(at).await.is_err(), "nobody is let in any more");
}

async fn an_address_holds_so_many_connections(town: &Town) {
    let Served { at, end, task } = served(town);
    let mut held = Vec::new();
    for _ in 0..limits::CONNECTIONS_PER_ADDRESS {
        held.push(TcpStream::connect(at).await.expect("connected"));
    }
    assert_eq!(said(at, &get("/livez")).await, "", "one too many is let go at once");
    drop(held.pop());
    let mut answer = String::new();
    for _ in 0..50 {
        answer = said(at, &get("/livez")).await;
        if !answer.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(held);
    end.send(()).expect("it serves");
    task.await.expect("no panic").expect("ended well");
}

async fn a_proxy_stands_for_many_callers(town: &Town) {
    let near = [127, 0, 0, 1].into();
    let settings = Settings { proxies: vec![near], ..Settings::default() };
    let served = served_with(town, settings, None);
    let mut held = Vec::new();
    for _ in 0..=limits::CONNECTIONS_PER_ADDRESS {
        held.push(TcpStream::connect(served.at).await.expect("connected"));
    }
    let by_proxy = "GET /livez HTTP/1.1\r\nhost: x\r\nx-forwarded-proto: https\r\n\
                    connection: close\r\n\r\n";
    assert!(said(served.at, by_proxy).await.starts_with("HTTP/1.1 200"));
    drop(held);
    served.end().await;
}

async fn headers_have_their_limit(town: &Town) {
    let Served { at, end, task } = served(town);
    let with = |n: usize| {
        let more: String = (0..n).map(|n| format!("x-{n}: 1\r\n")).collect();
        format!("GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n")
    };
    let own = 2;
    assert!(said(at, &with(limits::HEADERS - own)).await.starts_with("HTTP/1.1 200"));
    assert!(said(at, &with(limits::HEADERS - own + 1)).await.starts_with("HTTP/1.1 431"));
    end.send(()).expect("it serves");
    task.await.expect("no panic").expect("ended well");
}

#[test]
fn a_taken_address_is_named() {
    let home = tempfile::tempdir().expect("a directory");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = taken.local_addr().expect("an address").to_string();
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(home.path())
        .args(["--lang", "en", "serve", "--listen", &at])
        .output()
        .expect("it ran");
    assert_eq!(done.status.code(), Some(2));
    let words = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(words.contains(&format!("another program listens on {at}")), "{words}");
}

#[test]
fn a_program_that_is_told_to_end_ends_well() {
    use std::io::{BufRead, BufReader};
    let home = tempfile::tempdir().expect("a directory");
    let mut serving = std::process::Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(home.path())
        .args(["--lang", "en", "serve", "--listen", "127.0.0.1:0"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut lines = BufReader::new(serving.stderr.take().expect("its words")).lines();
    let first = lines.next().expect("a line").expect("words");
    assert!(first.starts_with("listening on http://127.0.0.1:"), "{first}");
    let id = rustix::process::Pid::from_child(&serving);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("told");
    assert_eq!(serving.wait().expect("ended").code(), Some(0));
}

/// Serves with few file descriptors to begin with: there is one for every connection all the same.
#[test]
fn connections_do_not_run_out_of_file_descriptors() {
    use std::{
        io::{BufRead, BufReader, Read, Write},
        net::TcpStream,
        process::{Command, Stdio},
    };
    let home = tempfile::tempdir().expect("a directory");
    let words = "ulimit -Sn 100 && exec \"$0\" --lang en serve --listen 127.0.0.1:0";
    let mut serving = Command::new("sh")
        .args(["-c", words, env!("CARGO_BIN_EXE_taizhang")])
        .current_dir(home.path())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut lines = BufReader::new(serving.stderr.take().expect("its words")).lines();
    let first = lines.next().expect("a line").expect("words");
    let at = first.trim_start_matches("listening on http://").trim_end_matches('/');
    // more than a hundred, from the several addresses of this machine
    let mut held = Vec::new();
    for n in 0..150_u8 {
        let socket = rustix::net::socket(
            rustix::net::AddressFamily::INET,
            rustix::net::SocketType::STREAM,
            None,
        )
        .expect("a socket");
        let from = std::net::SocketAddrV4::new([127, 0, 1, n / 50 + 1].into(), 0);
        rustix::net::bind(&socket, &from).expect("an address");
        let to: std::net::SocketAddrV4 = at.parse().expect("an address");
        rustix::net::connect(&socket, &to).expect("connected");
        held.push(TcpStream::from(socket));
    }
    let last = held.last_mut().expect("the last");
    last.write_all(get("/livez").as_bytes()).expect("sent");
    let mut answer = String::new();
    last.read_to_string(&mut answer).expect("read");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    serving.kill().expect("killed");
    serving.wait().expect("ended");
}

async fn a_request_has_no_place_while_its_body_is_on_the_way(town: &Town) {
    let served = served(town);
    let at_work = async || {
        let counts = said(served.at, &get("/metrics")).await;
        let line = counts.lines().find(|line| line.starts_with("taizhang_requests_in_flight "));
        line.and_then(|line| line.rsplit(' ').next()).expect("a count").to_owned()
    };
    let head = "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 2\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n";
    let mut stream = TcpStream::connect(served.at).await.expect("connected");
    stream.write_all(head.as_bytes()).await.expect("sent");
    // whoever is told to go on is waited for
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.expect("told to go on");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(at_work().await, "1", "only the one that asks");
    stream.write_all(b"{}").await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("answered");
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    served.end().await;
}
