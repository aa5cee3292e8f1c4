//! Deadlines, on a clock that runs ahead whenever everybody waits.

use axum::{
    body::{Body, Bytes},
    response::IntoResponse,
    routing::{get, post},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    sync::Semaphore,
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::*;
use crate::http;

/// Bytes on their way at once between the two ends of a connection.
const ON_THE_WAY: usize = 1_024;

const SECOND: Duration = Duration::from_secs(1);
const HEADER_TIME_ALMOST: Duration = limits::HEADER_TIME.saturating_sub(SECOND);
const BODY_TIME_ALMOST: Duration = limits::BODY_TIME.saturating_sub(SECOND);

fn routes() -> Router {
    let take = async |body: Body| match http::body::bytes(body, 1_000, &Semaphore::new(1_000)).await
    {
        Ok(bytes) => bytes.len().to_string().into_response(),
        Err(fault) => fault.status.into_response(),
    };
    let long = async || Bytes::from(vec![b'x'; 1_000 * ON_THE_WAY]);
    Router::new().route("/take", post(take)).route("/long", get(long)).route("/", get("well"))
}

/// A connection, and what carries it.
fn connected() -> (DuplexStream, JoinHandle<()>) {
    let (near, far) = duplex(ON_THE_WAY);
    let peer = SocketAddr::from(([127, 0, 0, 1], 1));
    let carried = async move {
        // what ends them all is not under test here
        let graceful = GracefulShutdown::new();
        carry(far, peer, routes(), graceful.watcher()).await;
    };
    (near, tokio::spawn(carried))
}

/// Whole seconds until the far end closes a connection.
async fn life(carried: JoinHandle<()>) -> u64 {
    let begun = Instant::now();
    carried.await.expect("no panic");
    begun.elapsed().as_secs()
}

async fn answer(near: &mut DuplexStream) -> String {
    let mut answer = Vec::new();
    near.read_to_end(&mut answer).await.expect("read");
    String::from_utf8(answer).expect("text")
}

#[tokio::test(start_paused = true)]
async fn whoever_says_nothing_is_cut_off() {
    let (_near, carried) = connected();
    assert_eq!(life(carried).await, limits::HEADER_TIME.as_secs());
}

#[tokio::test(start_paused = true)]
async fn headers_in_time_are_answered_and_later_ones_are_not() {
    for (pause, is_answered) in [(HEADER_TIME_ALMOST, true), (limits::HEADER_TIME + SECOND, false)]
    {
        let (mut near, carried) = connected();
        let said = tokio::spawn(async move {
            near.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await.expect("sent");
            sleep(pause).await;
            // what was cut off takes nothing
            drop(near.write_all(b"connection: close\r\n\r\n").await);
            answer(&mut near).await
        });
        let lived = life(carried).await;
        assert_eq!(lived, pause.min(limits::HEADER_TIME).as_secs());
        assert_eq!(said.await.expect("no panic").contains("200 OK"), is_answered);
    }
}

#[tokio::test(start_paused = true)]
async fn headers_a_byte_a_second_are_cut_off() {
    let (mut near, carried) = connected();
    let slow = tokio::spawn(async move {
        near.write_all(b"GET / HTTP/1.1\r\nx-slow: ").await.expect("sent");
        while near.write_all(b"1").await.is_ok() {
            sleep(SECOND).await;
        }
    });
    assert_eq!(life(carried).await, limits::HEADER_TIME.as_secs());
    slow.await.expect("no panic");
}

#[tokio::test(start_paused = true)]
async fn a_connection_between_two_requests_is_kept_so_long() {
    let (mut near, carried) = connected();
    let request = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    let pause = HEADER_TIME_ALMOST;
    let said = tokio::spawn(async move {
        near.write_all(request).await.expect("sent");
        sleep(pause).await;
        near.write_all(request).await.expect("sent");
        answer(&mut near).await
    });
    assert_eq!(life(carried).await, (pause + limits::HEADER_TIME).as_secs());
    assert_eq!(said.await.expect("no panic").matches("200 OK").count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_body_in_time_is_taken_and_a_later_one_is_not() {
    for (pause, status) in [(BODY_TIME_ALMOST, "200"), (limits::BODY_TIME + SECOND, "408")] {
        let (mut near, carried) = connected();
        let said = tokio::spawn(async move {
            let head = b"POST /take HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n1";
            near.write_all(head).await.expect("sent");
            sleep(pause).await;
            drop(near.write_all(b"2").await);
            answer(&mut near).await
        });
        carried.await.expect("no panic");
        let said = said.await.expect("no panic");
        assert!(said.starts_with(&format!("HTTP/1.1 {status}")), "{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_is_as_long_as_it_may_be_and_not_a_byte_longer() {
    for (length, status) in [(1_000, "200"), (1_001, "413")] {
        let (mut near, carried) = connected();
        let body = "1".repeat(length);
        let head = format!(
            "POST /take HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        drop(near.write_all((head + &body).as_bytes()).await);
        let said = answer(&mut near).await;
        assert!(said.starts_with(&format!("HTTP/1.1 {status}")), "{said}");
        carried.await.expect("no panic");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_does_not_read_the_answer_is_cut_off() {
    let (mut near, carried) = connected();
    near.write_all(b"GET /long HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
    assert_eq!(life(carried).await, limits::WRITE_TIME.as_secs());
    // whoever reads, if slowly, is not
    let (mut near, carried) = connected();
    near.write_all(b"GET /long HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .expect("sent");
    let reader = tokio::spawn(async move {
        let (mut piece, mut n) = (vec![0; 100 * ON_THE_WAY], 0);
        loop {
            sleep(limits::WRITE_TIME / 100).await;
            match near.read(&mut piece).await.expect("read") {
                0 => return n,
                more => n += more,
            }
        }
    });
    carried.await.expect("no panic");
    assert!(reader.await.expect("no panic") > 1_000 * ON_THE_WAY);
}

#[tokio::test(start_paused = true)]
async fn the_headers_are_as_long_as_they_may_be_and_not_a_byte_longer() {
    let head = |length: usize| {
        let (begin, end) =
            ("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-long: ", "\r\n\r\n");
        format!("{begin}{}{end}", "1".repeat(length - begin.len() - end.len()))
    };
    for (length, status) in [(limits::HEADER_BYTES, "200"), (limits::HEADER_BYTES + 1, "431")] {
        let (mut near, carried) = connected();
        drop(near.write_all(head(length).as_bytes()).await);
        let said = answer(&mut near).await;
        assert!(said.starts_with(&format!("HTTP/1.1 {status}")), "{length}: {said}");
        carried.await.expect("no panic");
    }
}
