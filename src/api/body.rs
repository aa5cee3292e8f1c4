//! Bodies and queries, read strictly: what is unknown is refused by its name.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header::CONTENT_TYPE, request::Parts},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::{json, misread};
use crate::{
    error::{Error, Result as OurResult},
    http::{AppState, body, fault::Fault},
    limits,
    store::{Answer, Ledger, RequestKey},
};

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &AppState) -> Result<Body<T>, Fault> {
        let (_, bytes) = read(request, state).await?;
        Ok(Body(parse(&bytes)?))
    }
}

/// A JSON body that came with an `Idempotency-Key`: however often it comes, it is done once.
pub struct Posted<T> {
    /// The body.
    pub body: T,
    key: RequestKey,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Posted<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &AppState) -> Result<Posted<T>, Fault> {
        let (parts, bytes) = read(request, state).await?;
        let key = request_key(&parts, Sha256::digest(&bytes).into())?;
        Ok(Posted { body: parse(&bytes)?, key })
    }
}

/// What tells a request from every other one of its sender.
pub(super) fn request_key(parts: &Parts, body_digest: [u8; 32]) -> Result<RequestKey, Fault> {
    let key = parts.headers.get("idempotency-key").ok_or_else(|| {
        let (zh, en) = ("缺少 Idempotency-Key 请求头", "The header Idempotency-Key is missing");
        Fault::new(StatusCode::BAD_REQUEST, "idempotency_key_missing", zh, en)
    })?;
    let key = key.to_str().unwrap_or_default().to_owned();
    let route = format!("{} {}", parts.method, parts.uri.path());
    Ok(RequestKey { key, route, body_digest })
}

impl<T> Posted<T> {
    /// A ledger on which the next action is done once, and the body. `view` makes the answer of
    /// what the action comes to.
    pub fn once<V: 'static, W: serde::Serialize>(
        self,
        ledger: &Ledger,
        status: StatusCode,
        view: impl Fn(&V) -> W + Send + Sync + 'static,
    ) -> (Ledger, T) {
        let answer = move |value: &V| -> OurResult<Answer> {
            let body = serde_json::to_vec(&view(value)).map_err(anyhow::Error::new)?;
            Ok(Answer { status: status.as_u16(), body: Some(body) })
        };
        (ledger.once(self.key, answer), self.body)
    }
}

/// The answer to a request that was carried out before, or what went wrong.
pub fn replayed(error: Error) -> Result<Response, Fault> {
    let Error::Replayed(status, body) = error else { return Err(error.into()) };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let replayed = [("idempotency-replayed", "true"), ("content-type", "application/json")];
    Ok((status, replayed, body.unwrap_or_default()).into_response())
}

/// An answer with a status.
pub fn answer(status: StatusCode, view: impl serde::Serialize) -> Response {
    (status, json(view)).into_response()
}

async fn read(request: Request, state: &AppState) -> Result<(Parts, Vec<u8>), Fault> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let (zh, en) = ("请求内容应为 application/json", "The body must be application/json");
        return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", zh, en));
    }
    body::read(request, state).await
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    if depth(bytes) > limits::BODY_DEPTH {
        let (zh, en) = ("请求内容嵌套过深", "The body is nested too deeply");
        return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "too_deep", zh, en));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let place = error.path().to_string();
        unreadable(&place, error.inner())
    })?;
    reader.end().map_err(|error| unreadable(".", &error))?;
    Ok(value)
}

fn unreadable(place: &str, error: &serde_json::Error) -> Fault {
    if error.is_syntax() || error.is_eof() {
        let (line, column) = (error.line(), error.column());
        let (zh, en) = (
            format!("请求内容不是完整的 JSON：第 {line} 行第 {column} 列"),
            format!("The body is not whole JSON: line {line}, column {column}"),
        );
        return Fault::new(StatusCode::BAD_REQUEST, "not_json", &zh, &en);
    }
    // what the reader says ends with the place in the text
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    Fault::unreadable(misread::of(place, said))
}

/// How deep arrays and objects are nested.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut is_text, mut is_escaped) = (0_usize, 0, false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// A query, whose unknown words are refused.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Asked<T>, Fault> {
        let query = axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map_err(|rejection| Fault::unreadable(misread::of_query(&rejection.body_text())))?;
        Ok(Asked(query.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_what_is_open_at_once_and_not_what_stands_in_texts() {
        for (json, expected) in [
            ("1", 0),
            ("{}", 1),
            (r#"{"a":[1,{"b":[]}]}"#, 4),
            (r#"["[[[[", "\"[[["]"#, 1),
            ("[[],[],[]]", 2),
        ] {
            assert_eq!(depth(json.as_bytes()), expected, "{json}");
        }
    }
}
