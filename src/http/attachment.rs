//! Attached files on their way out: never shown by the browser as pages of this service, one at a
//! time for an account, and in a file while they are sent, so that they take no memory.

use std::{
    fmt::Write as _,
    fs::File,
    io::{Seek as _, Write as _},
};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use entity::{attachment::Model, id::AttachmentId};

use super::{AppState, download::chunks, fault::Fault, file_form::Brought, turn::Turn};
use crate::{
    app::{self, attachment::Looked},
    domain::attachment::{media_type, sent_name},
    error::Error,
    limits,
    store::Actor,
};

/// Whoever opens a file in a browser all the same opens it apart from everything else.
const APART: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");

/// Looks into the files of a form, one after another.
pub async fn looked(state: &AppState, files: Vec<Brought>) -> Result<Vec<Looked>, Error> {
    let mut looked = Vec::with_capacity(files.len());
    for Brought { upload, name, .. } in files {
        let reader = state.settings.reader.clone();
        looked.push(app::attachment::look(upload, &name, reader).await?);
    }
    Ok(looked)
}

/// The answer that holds a file.
pub async fn content(state: &AppState, actor: &Actor, id: AttachmentId) -> Result<Response, Fault> {
    let (row, file) = opened(state, actor, id).await?;
    let named = format!("attachment; {}", named(&sent_name(&row)));
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static(media_type(row.media));
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(row.size));
    headers.insert(header::CONTENT_SECURITY_POLICY, APART);
    if let Ok(named) = named.parse() {
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    *response.body_mut() = chunks(file);
    Ok(response)
}

/// A file, opened and put where it can be sent from.
async fn opened(state: &AppState, actor: &Actor, id: AttachmentId) -> Result<(Model, File), Fault> {
    let _turn = Turn::with_files(state, actor)?;
    let _room = state.contents.acquire().await.map_err(|_| Fault::broken())?;
    let read = state.ledger.read(actor);
    let (row, bytes) = app::attachment::content(&read, id).await?;
    let file = tokio::task::spawn_blocking(move || {
        let mut file = tempfile::tempfile()?;
        file.write_all(&bytes)?;
        file.rewind()?;
        Ok::<_, std::io::Error>(file)
    });
    let file = file.await.map_err(|_| Fault::broken())?.map_err(Error::from)?;
    Ok((row, file))
}

/// The answer that holds the small picture of a file.
pub async fn preview(state: &AppState, actor: &Actor, id: AttachmentId) -> Result<Response, Fault> {
    let bytes = app::attachment::preview(&state.ledger.read(actor), id).await?;
    let kept = format!("private, max-age={}", limits::PREVIEW_KEPT.as_secs());
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    headers.insert(header::CONTENT_SECURITY_POLICY, APART);
    headers.insert(header::CACHE_CONTROL, kept.parse().map_err(|_| Fault::broken())?);
    Ok(response)
}

/// Whether a file is what was kept; each look takes its size in memory.
pub async fn check(
    state: &AppState,
    actor: &Actor,
    id: AttachmentId,
) -> Result<(Model, bool), Fault> {
    let _turn = Turn::with_files(state, actor)?;
    let _room = state.contents.acquire().await.map_err(|_| Fault::broken())?;
    Ok(app::attachment::check(&state.ledger.read(actor), id).await?)
}

/// A name as a header carries it (RFC 6266): in plain letters, and whole.
fn named(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|one| if one.is_ascii_alphanumeric() || "._-".contains(one) { one } else { '_' })
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            // writing to a String cannot fail
            _ = write!(whole, "%{byte:02X}");
        }
    }
    format!("filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_no_header() {
        assert_eq!(named("a-1.pdf"), "filename=\"a-1.pdf\"; filename*=UTF-8''a-1.pdf");
        assert_eq!(
            named("批 \"\r\n.pdf"),
            "filename=\"_____.pdf\"; filename*=UTF-8''%E6%89%B9%20%22%0D%0A.pdf"
        );
    }
}
