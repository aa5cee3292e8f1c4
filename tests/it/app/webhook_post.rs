//! How an event is carried: to whom a certificate was given that somebody is believed to have signed,
//! and no more of an answer is read than its head.

use std::{path::Path, time::Duration};

use taizhang::{
    app::webhook::{
        address::{Address, Reach},
        post::{Letter, NotTaken, Post},
    },
    limits, server,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

fn letter() -> Letter {
    let (id, body) = ("evt_520381_7_00000000".to_owned(), "{}".to_owned());
    Letter { id, timestamp: 7, body, signatures: "v1,AA==".to_owned() }
}

fn post(authorities: Option<&Path>) -> Post {
    let reach = Reach::read("127.0.0.0/8,::1,localhost").expect("a reach");
    Post::new(reach, authorities).expect("a post").patient(Duration::from_secs(5))
}

/// Reads the head of a request and answers it. What was asked.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, text: &str) -> String {
    let mut asked = Vec::new();
    let mut part = [0; 1_024];
    while !asked.ends_with(b"{}") {
        let n = stream.read(&mut part).await.unwrap_or(0);
        if n == 0 {
            break;
        }
        asked.extend_from_slice(&part[..n]);
    }
    drop(stream.write_all(text.as_bytes()).await);
    drop(stream.shutdown().await);
    String::from_utf8(asked).expect("text")
}

/// Somebody who answers one request.
async fn answering(tls: Option<TlsAcceptor>, text: String) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let task = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("somebody");
        match tls {
            None => answer(stream, &text).await,
            Some(tls) => match tls.accept(stream).await {
                Ok(stream) => answer(stream, &text).await,
                Err(_) => String::new(),
            },
        }
    });
    (port, task)
}

const TAKEN: &str = "HTTP/1.1 204 No Content\r\n\r\n";

#[tokio::test]
async fn a_certificate_is_believed_where_the_operator_names_its_authority() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    std::fs::write(&chain, made.cert.pem()).expect("written");
    std::fs::write(&key, made.signing_key.serialize_pem()).expect("written");
    let tls = || server::tls(&chain, &key).expect("files that fit");
    let (port, asked) = answering(Some(tls()), TAKEN.to_owned()).await;
    let address = |port| Address::parsed(&format!("https://localhost:{port}/a")).expect("one");
    assert_eq!(post(Some(&chain)).send(&address(port), &letter()).await, Ok(204));
    let asked = asked.await.expect("asked");
    assert!(asked.starts_with("POST /a HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains(&format!("host: localhost:{port}\r\n")), "{asked}");
    assert!(asked.contains("webhook-id: evt_520381_7_00000000\r\n"), "{asked}");
    assert!(asked.contains("webhook-timestamp: 7\r\n"), "{asked}");
    assert!(asked.contains("webhook-signature: v1,AA==\r\n"), "{asked}");
    let (port, _) = answering(Some(tls()), TAKEN.to_owned()).await;
    let refused = post(None).send(&address(port), &letter()).await;
    assert_eq!(refused, Err(NotTaken::Failed("certificate")));
    // a file that is none is told of
    assert!(Post::new(Reach::default(), Some(Path::new("/nowhere.pem"))).is_err());
}

#[tokio::test]
async fn the_head_of_an_answer_has_its_limit_and_its_body_is_not_read() {
    let head = |n: usize| format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "a".repeat(n));
    let most = limits::WEBHOOK_ANSWER_BYTES;
    let frame = head(0).len();
    for (text, expected) in [
        (head(most - frame - 1), Ok(200)),
        (head(most + 1), Err(NotTaken::Failed("answer"))),
        ("HTTP/1.1 200 OK\r\ncontent-length: 9000000000\r\n\r\nabc".to_owned(), Ok(200)),
        ("220 mail.example ready\r\n".to_owned(), Err(NotTaken::Failed("answer"))),
        (String::new(), Err(NotTaken::Failed("answer"))),
    ] {
        let (port, _) = answering(None, text.clone()).await;
        let address = Address::parsed(&format!("http://127.0.0.1:{port}/")).expect("one");
        let told = post(None).send(&address, &letter()).await;
        assert_eq!(told, expected, "{}…", &text[..text.len().min(40)]);
    }
    // nobody is there
    let address = Address::parsed("http://127.0.0.1:1/").expect("an address");
    let told = post(None).send(&address, &letter()).await;
    assert_eq!(told, Err(NotTaken::Failed("connection")));
    let address = Address::parsed("https://nobody.invalid/").expect("an address");
    let told = post(None).send(&address, &letter()).await;
    // without a network, a name may be looked up for longer than anybody waits
    assert!(matches!(told, Err(NotTaken::Failed("name" | "timeout"))), "{told:?}");
}
