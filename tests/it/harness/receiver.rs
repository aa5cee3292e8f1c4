//! Somebody whom a webhook tells: keeps what comes, and answers as it is told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value as Json;
use sha2::Sha256;
use tokio::{net::TcpListener, task::JoinHandle};

/// What is answered to the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// A status.
    Answered(u16),
    /// Another address.
    Led,
    /// Nothing, for longer than anybody waits.
    Silent,
}

/// A message as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its id.
    pub(crate) id: String,
    timestamp: String,
    signatures: String,
    body: String,
    /// Whether it was taken.
    pub(crate) is_taken: bool,
}

impl Message {
    /// What it says.
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// The position that it tells of.
    pub(crate) fn sequence(&self) -> i64 {
        self.json()["data"]["sequence"].as_i64().expect("a position")
    }

    /// Whether it is signed with a secret, which is checked without a line of the program.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("bytes");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
        mac.update(format!("{}.{}.{}", self.id, self.timestamp, self.body).as_bytes());
        let sum = STANDARD.encode(mac.finalize().into_bytes());
        self.signatures.split(' ').any(|one| one == format!("v1,{sum}"))
    }
}

#[derive(Clone, Default)]
struct Kept {
    fates: Arc<Mutex<VecDeque<Fate>>>,
    messages: Arc<Mutex<Vec<Message>>>,
    led: Arc<Mutex<usize>>,
}

/// The receiver.
pub(crate) struct Receiver {
    /// Its address.
    pub(crate) address: String,
    kept: Kept,
    task: JoinHandle<()>,
}

impl Receiver {
    /// A receiver that takes everything.
    pub(crate) async fn open() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let kept = Kept::default();
        let counted = kept.led.clone();
        let elsewhere = move || async move { *counted.lock().expect("a count") += 1 };
        let routes = Router::new()
            .route("/hook", axum::routing::post(take))
            .route("/elsewhere", axum::routing::any(elsewhere))
            .with_state(kept.clone());
        let task = tokio::spawn(async move {
            axum::serve(listener, routes).await.expect("served");
        });
        Receiver { address, kept, task }
    }

    /// What becomes of the next messages; everything after them is taken.
    pub(crate) fn becomes(&self, fates: impl IntoIterator<Item = Fate>) {
        *self.kept.fates.lock().expect("the fates") = fates.into_iter().collect();
    }

    /// Every message that came, in order.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.kept.messages.lock().expect("the messages").clone()
    }

    /// The positions of the messages that were taken, in order.
    pub(crate) fn taken(&self) -> Vec<i64> {
        let all = self.messages().into_iter().filter(|one| one.is_taken);
        all.map(|one| one.sequence()).collect()
    }

    /// How often somebody followed where they were led.
    pub(crate) fn n_led(&self) -> usize {
        *self.kept.led.lock().expect("a count")
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(State(kept): State<Kept>, headers: HeaderMap, body: Bytes) -> Response {
    let fate = kept.fates.lock().expect("the fates").pop_front();
    let fate = fate.unwrap_or(Fate::Answered(204));
    let of = |name: &str| headers.get(name).expect(name).to_str().expect("text").to_owned();
    kept.messages.lock().expect("the messages").push(Message {
        id: of("webhook-id"),
        timestamp: of("webhook-timestamp"),
        signatures: of("webhook-signature"),
        body: String::from_utf8(body.to_vec()).expect("text"),
        is_taken: matches!(fate, Fate::Answered(200..300)),
    });
    match fate {
        Fate::Answered(status) => StatusCode::from_u16(status).expect("a status").into_response(),
        Fate::Led => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/elsewhere")]).into_response(),
        Fate::Silent => std::future::pending().await,
    }
}
