//! What holds of every change over the API, whatever it is about.

use axum::http::Method;
use entity::account::Role;
use serde_json::Value as Json;

use super::{Client, Reply};
use crate::harness::Town;

/// A change that is about to be made.
pub(crate) struct Change<'a> {
    pub(crate) path: String,
    pub(crate) body: Json,
    /// The version that was read; empty for what is new or is no row's change.
    pub(crate) version: Option<i64>,
    /// The status of success.
    pub(crate) status: u16,
    /// Whoever may make it, and does.
    pub(crate) by: &'a Client,
    /// Somebody of the same role in the other county.
    pub(crate) there: &'a Client,
}

impl Change<'_> {
    async fn send(&self, client: &Client, key: Option<&str>, version: Option<i64>) -> Reply {
        let call = client.call(Method::POST, &self.path);
        let call = if let Some(key) = key { call.key(key) } else { call };
        let call = if let Some(version) = version { call.version(version) } else { call };
        call.json(&self.body).send().await
    }

    /// Makes it, once: after everybody who may not make it, or not so, was refused and the ledger
    /// was left as it was. What was answered, the first time and to a repetition.
    pub(crate) async fn make(self, town: &Town) -> (Reply, Reply) {
        let key = format!("c-{}", town.next_number());
        let lacking = town.caller(Role::Leader).await;
        let before = (town.everything().await, town.n_entries().await);
        self.send(&lacking, Some(&key), self.version).await.problem(403, "forbidden");
        self.send(self.there, Some(&key), self.version).await.problem(404, "not_found");
        self.send(self.by, None, self.version).await.problem(400, "idempotency_key_missing");
        if let Some(version) = self.version {
            self.send(self.by, Some(&key), None).await.problem(428, "if_match_missing");
            let stale = self.send(self.by, Some(&key), Some(version + 7)).await;
            stale.problem(412, "changed_meanwhile");
        }
        let after = (town.everything().await, town.n_entries().await);
        assert!(after == before, "{}: a refusal left something", self.path);
        let first = self.send(self.by, Some(&key), self.version).await.is(self.status);
        assert_eq!(town.n_entries().await, before.1 + 1, "{}", self.path);
        let again = self.send(self.by, Some(&key), self.version).await.is(self.status);
        assert_eq!(again.header("idempotency-replayed"), "true", "{}", self.path);
        assert_eq!(town.n_entries().await, before.1 + 1, "{}", self.path);
        (first, again)
    }
}

/// The names of the fields of a problem.
pub(crate) fn fields(problem: &Json) -> Vec<String> {
    let errors = problem["errors"].as_array().expect("errors").iter();
    errors.map(|error| error["field"].as_str().unwrap_or_default().to_owned()).collect()
}
