//! Tables as files that are sent: reports and exports.

use std::{fs::File, io::Read as _};

use axum::{
    body::{Body, Bytes},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use entity::language::Language;
use futures_util::stream;

use crate::{
    app::output::{Format, Options, Target},
    error::Result as OurResult,
    http::{AppState, fault::Fault},
};

/// Bytes sent at a time.
const CHUNK: usize = 64 * 1024;

/// A table goes into a file without a name first: an error in the middle is an error, and no half
/// of a table; and however long it is, it takes no memory.
pub fn target(state: &AppState, language: Language, format: Format) -> OurResult<(Target, File)> {
    let file = tempfile::tempfile()?;
    let sink = Box::new(std::io::BufWriter::new(file.try_clone()?));
    let options = Options::new(language, state.ledger.clock().now());
    Ok((Target { format, options, sink }, file))
}

/// The file of a table, sent a chunk at a time.
pub fn download(mut file: File, format: Format, name: &str) -> Response {
    use std::io::Seek as _;
    if file.rewind().is_err() {
        return Fault::broken().into_response();
    }
    let kind = match format {
        Format::Json => "application/json",
        Format::Csv => "text/csv; charset=utf-8",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Format::Table => "text/plain; charset=utf-8",
    };
    let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, kind)]).into_response();
    if format != Format::Json {
        let named = format!("attachment; filename=\"{name}.{}\"", format.extension());
        if let Ok(named) = named.parse() {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, named);
        }
    }
    *response.body_mut() = chunks(file);
    response
}

/// What a file holds from where it stands, a chunk at a time.
pub(super) fn chunks(file: File) -> Body {
    Body::from_stream(stream::unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK];
            let n = file.read(&mut chunk)?;
            chunk.truncate(n);
            Ok::<_, std::io::Error>((Bytes::from(chunk), file))
        });
        match read.await {
            Ok(Ok((chunk, _))) if chunk.is_empty() => None,
            Ok(Ok((chunk, file))) => Some((Ok(chunk), file)),
            Ok(Err(error)) => {
                tracing::error!(event = "download", %error, "a file could not be sent");
                None
            }
            Err(_) => None,
        }
        .map(|(chunk, file)| (chunk as std::io::Result<Bytes>, file))
    }))
}
