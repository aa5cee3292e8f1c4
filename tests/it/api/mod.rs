//! The service over HTTP, called within the process: who gets in, what is refused and in what
//! words, and what is done once however often it is asked for.

mod account;
mod alert;
mod area;
mod asset;
mod asset_division;
mod attachment;
mod brief;
mod budget;
mod card;
mod change;
mod contract;
mod door;
mod duty;
mod export;
mod fault_report;
mod guide;
mod import;
mod import_alike;
mod inspection;
mod list;
mod log;
mod me;
mod organization;
mod person;
mod project;
mod rectification;
mod report;
mod revival;
mod saved_view;
mod setting;
mod step_up;
mod title;
mod tls;
mod waiver;
mod webhook;
mod wire;
mod work_order;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use entity::account::Role;
use serde_json::{Value as Json, json};
use taizhang::{
    domain::secret::Secret,
    http::{AppState, Settings},
    server,
};
use tower::ServiceExt;

use crate::harness::{
    Town,
    signing_in::{PASSWORD, shared_secret},
    town::account_name,
};

/// Somebody who calls the service.
pub(crate) struct Client {
    routes: Router,
    state: AppState,
    token: Option<String>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or(Json::Null)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The reply, which must have a status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Reply {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        assert_eq!(self.status.as_u16(), status, "{text}");
        self
    }

    /// The problem, which must be this one.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Json {
        let reply = self.is(status);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let problem = reply.json();
        assert_eq!(
            (problem["code"].as_str(), problem["status"].as_u64()),
            (Some(code), Some(status.into()))
        );
        assert_eq!(problem["request_id"].as_str(), Some(reply.header("x-request-id")));
        problem
    }
}

/// A request that is being made.
pub(crate) struct Call<'a> {
    client: &'a Client,
    request: axum::http::request::Builder,
    body: Body,
}

impl Call<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    pub(crate) fn version(self, version: i64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    pub(crate) fn json(self, body: &Json) -> Self {
        self.raw("application/json", body.to_string())
    }

    pub(crate) fn raw(self, kind: &str, body: impl Into<Body>) -> Self {
        Call { body: body.into(), ..self.header("content-type", kind) }
    }

    /// A form of texts and files; a name of a file may say its field first, as in `photo=a.jpg`.
    pub(crate) fn form(self, texts: &[(&str, &str)], files: &[(&str, &[u8])]) -> Self {
        const BOUNDARY: &str = "----lantern";
        let mut body = Vec::new();
        for (name, text) in texts {
            let head = format!("content-disposition: form-data; name=\"{name}\"");
            body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n{text}\r\n").bytes());
        }
        for (name, bytes) in files {
            let (field, name) = name.split_once('=').unwrap_or(("file", name));
            let head =
                format!("content-disposition: form-data; name=\"{field}\"; filename=\"{name}\"");
            body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        self.raw(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }

    pub(crate) async fn send(self) -> Reply {
        let mut request = self.request;
        if let Some(token) = &self.client.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(self.body).expect("a request");
        let response = self.client.routes.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }
}

impl Client {
    pub(crate) fn call(&self, method: Method, path: &str) -> Call<'_> {
        self.ask(method, &format!("/api/v1{path}"))
    }

    /// A request to any address.
    pub(crate) fn ask(&self, method: Method, address: &str) -> Call<'_> {
        let request = Request::builder().method(method).uri(address);
        Call { client: self, request, body: Body::empty() }
    }

    /// The same way in for somebody else.
    pub(crate) fn with_token(&self, token: &str) -> Client {
        let (routes, state) = (self.routes.clone(), self.state.clone());
        Client { routes, state, token: Some(token.to_owned()) }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path).send().await
    }

    pub(crate) fn post(&self, path: &str) -> Call<'_> {
        self.call(Method::POST, path)
    }

    pub(crate) fn patch(&self, path: &str) -> Call<'_> {
        self.call(Method::PATCH, path)
    }
}

impl Town {
    /// Somebody without a token.
    pub(crate) fn stranger(&self) -> Client {
        self.stranger_at(Settings::default())
    }

    /// The same at a service that an operator settled otherwise.
    pub(crate) fn stranger_at(&self, settings: Settings) -> Client {
        let reader = Some(env!("CARGO_BIN_EXE_taizhang").into());
        let settings = Settings { reader, ..settings };
        let state = AppState::new(self.ledger.clone(), settings);
        Client { routes: server::routes(&state), state, token: None }
    }

    /// Somebody of a role, signed in over the service itself.
    pub(crate) async fn caller(&self, role: Role) -> Client {
        self.settled(&account_name(role)).await
    }

    /// Somebody of a role in the other county.
    pub(crate) async fn caller_there(&self, role: Role) -> Client {
        self.settled(&format!("{}-2", account_name(role))).await
    }

    /// The finance clerk of the other county.
    pub(crate) async fn clerk_there(&self) -> Client {
        self.caller_there(Role::FinanceClerk).await
    }

    /// Somebody of a role that needs a second factor, which is enrolled over the service.
    pub(crate) async fn caller_with_factor(&self, role: Role) -> Client {
        self.settled_with_factor(&account_name(role)).await
    }

    /// The same in the other county.
    pub(crate) async fn caller_there_with_factor(&self, role: Role) -> Client {
        self.settled_with_factor(&format!("{}-2", account_name(role))).await
    }

    async fn settled_with_factor(&self, name: &str) -> Client {
        let client = self.settled(name).await;
        client.get("/assets").await.problem(403, "sign_in.factor_due");
        let proof = json!({ "password": PASSWORD });
        let offer = client.post("/second-factor").json(&proof).send().await.is(200).json();
        let uri = Secret::new(offer["uri"].as_str().expect("a secret"));
        let code = self.code(&shared_secret(&uri));
        let code = json!({ "code": code.expose() });
        let codes = client.post("/second-factor/confirm").json(&code).send().await.is(200).json();
        assert!(codes["recovery_codes"].as_array().is_some_and(|codes| !codes.is_empty()));
        client.get("/assets").await.is(200);
        client
    }

    async fn settled(&self, name: &str) -> Client {
        self.give_password(name).await;
        self.again(name).await
    }

    /// Somebody who has a password, in a new session.
    pub(crate) async fn again(&self, name: &str) -> Client {
        let token = self.open_token(name).await;
        Client { token: Some(token.expose().to_owned()), ..self.stranger() }
    }
}
