//! Operations as the document has them, and how they are asked.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::api::{Client, Reply};

/// What is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// What stands in the path, in order.
    pub(crate) path: Vec<String>,
    /// What stands behind the question mark.
    pub(crate) query: String,
    /// The version that was read.
    pub(crate) version: Option<i64>,
    /// The body.
    pub(crate) body: Option<Json>,
    /// A file, by its name, in the place of a body.
    pub(crate) file: Option<(String, Vec<u8>)>,
}

impl Asked {
    /// Puts something into the query.
    pub(crate) fn add(&mut self, words: &str) {
        let join = if self.query.is_empty() { "" } else { "&" };
        self.query = format!("{}{join}{words}", self.query);
    }

    /// Puts something into the query in the place of what stands there under its name.
    pub(crate) fn set(&mut self, name: &str, words: &str) {
        let other = |part: &&str| part.split('=').next() != Some(name) && !part.is_empty();
        let kept: Vec<String> =
            self.query.split('&').filter(other).map(ToOwned::to_owned).collect();
        self.query = kept.join("&");
        self.add(words);
    }
}

/// An operation as the document has it.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// GET, POST and so on.
    pub(crate) method: String,
    /// The path below the prefix, with names in braces.
    pub(crate) path: String,
    /// The names of what may stand in the query.
    pub(crate) query: Vec<String>,
}

impl Operation {
    /// The path of what is asked, query and all.
    pub(crate) fn address(&self, asked: &Asked) -> String {
        let mut parts = asked.path.iter();
        let fill = |part: &str| {
            if !part.starts_with('{') {
                return part.to_owned();
            }
            encoded(parts.next().expect("as many parts as the path has"))
        };
        let path = self.path.split('/').map(fill).collect::<Vec<_>>().join("/");
        if asked.query.is_empty() { path } else { format!("{path}?{}", asked.query) }
    }
}

impl Operation {
    /// Asks it.
    pub(crate) async fn call(&self, client: &Client, asked: &Asked, key: &str) -> Reply {
        let method = self.method.parse().expect("a method");
        let mut call = client.call(method, &self.address(asked)).key(key);
        if let Some(version) = asked.version {
            call = call.version(version);
        }
        if let Some(body) = &asked.body {
            call = call.json(body);
        }
        if let Some((name, bytes)) = &asked.file {
            call = call.form(&[], &[(name, bytes)]);
        }
        call.send().await
    }
}

/// A text as it stands in an address.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Every operation of the document by its id.
pub(crate) fn document() -> BTreeMap<String, Operation> {
    let document = serde_json::to_value(taizhang::api::document()).expect("JSON");
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let path = path.strip_prefix(taizhang::api::PREFIX).expect("below the prefix");
        for (method, operation) in item.as_object().expect("methods") {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.filter(|one| one["in"] == "query");
            let query = query.filter_map(|one| Some(one["name"].as_str()?.to_owned())).collect();
            let (method, path) = (method.to_uppercase(), path.to_owned());
            operations.insert(id.to_owned(), Operation { method, path, query });
        }
    }
    operations
}
