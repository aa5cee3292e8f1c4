//! The form that brings a sheet: read as it comes, the file straight into a file.

use std::{collections::BTreeMap, path::PathBuf};

use axum::{
    extract::Request,
    http::{StatusCode, header::CONTENT_TYPE},
};
use entity::{import::Kind, language::Sentence};
use multer::{Constraints, Field, Multipart, SizeLimit};
use sha2::{Digest as _, Sha256};

use super::body::request_key;
use crate::{
    app::{
        import::{self, map::Map},
        job::{Incoming, Upload},
        sheet::{ReadOptions, SheetLimits},
    },
    domain::mistake::{Mistake, Mistakes},
    error::{Error, Result as OurResult},
    http::{
        body,
        fault::Fault,
        upload::{TooSlow, paced},
    },
    limits,
    store::RequestKey,
};

/// Bytes of a field of the form other than the file and the map.
const FIELD_BYTES: u64 = 1024;
/// Bytes of what stands between the fields.
const FRAME_BYTES: u64 = 64 * 1024;
/// The fields of the form.
const FIELDS: [&str; 9] = [
    "file",
    "kind",
    "map",
    "dry_run",
    "accept_valid",
    "encoding",
    "delimiter",
    "sheet",
    "header_row",
];

/// A sheet and how to read it.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "it is the schema of a form that is read as it comes")]
pub struct SheetForm {
    /// A CSV, XLSX or XLS file of at most 50 MB.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// areas, organizations, projects, assets or duties.
    kind: String,
    /// A map file (TOML): which column feeds which field, which words mean what.
    map: Option<String>,
    /// Check only, keep nothing.
    dry_run: Option<bool>,
    /// Keep the good rows when others are rejected.
    accept_valid: Option<bool>,
    /// utf-8, gb18030, utf-16le or utf-16be, when the detected one is wrong.
    encoding: Option<String>,
    /// One of , ; | or tab, when the detected one is wrong.
    delimiter: Option<String>,
    /// The sheet of a workbook.
    sheet: Option<String>,
    /// The row of the headers.
    header_row: Option<u64>,
}

/// What came in a form.
pub(super) struct Sent {
    pub(super) key: RequestKey,
    pub(super) upload: Upload,
    pub(super) request: import::Request,
}

/// Reads a form to its end. `reader` opens workbooks.
pub(super) async fn read(request: Request, reader: Option<PathBuf>) -> Result<Sent, Fault> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = multer::parse_boundary(kind.unwrap_or_default()).map_err(|_| {
        let (zh, en) = ("请求内容应为 multipart/form-data", "The body must be multipart/form-data");
        Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_form", zh, en)
    })?;
    // a request without a key is refused before its file comes
    request_key(&parts, [0; 32])?;
    let limit = SizeLimit::new()
        .whole_stream(limits::UPLOAD_BYTES + limits::MAP_FILE_BYTES + FRAME_BYTES)
        .per_field(FIELD_BYTES)
        .for_field("file", limits::UPLOAD_BYTES)
        .for_field("map", limits::MAP_FILE_BYTES);
    let constraints = Constraints::new().size_limit(limit);
    let mut form = Multipart::with_constraints(paced(body), boundary, constraints);
    let mut upload = None;
    let mut texts = BTreeMap::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = known(&field)?;
        if (name == "file" && upload.is_some()) || texts.contains_key(name) {
            return Err(wrong(name, "", ("出现两次", "there twice")).into());
        }
        if name == "file" {
            upload = Some(file(field).await?);
        } else {
            texts.insert(name, field.text().await.map_err(broken)?);
        }
    }
    let missing = || wrong("file", "", ("缺少文件", "the file is missing"));
    let upload = upload.ok_or_else(missing)?;
    let key = request_key(&parts, digest(&upload, &texts))?;
    let request = asked(&texts, &upload, reader)?;
    Ok(Sent { key, upload, request })
}

fn known(field: &Field<'_>) -> OurResult<&'static str> {
    let name = field.name().unwrap_or_default();
    let known = FIELDS.into_iter().find(|known| *known == name);
    known.ok_or_else(|| {
        let (zh, en) = ("没有这个字段", "no such field");
        Mistakes(vec![Mistake::new("", name, Sentence::new(zh, en))]).into()
    })
}

async fn file(mut field: Field<'_>) -> Result<Upload, Fault> {
    let incoming = Incoming::begin(field.file_name().unwrap_or_default())?;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        incoming.push(chunk.to_vec()).await?;
    }
    Ok(incoming.finish().await?)
}

/// A digest of what was sent, however it was framed.
fn digest(upload: &Upload, texts: &BTreeMap<&'static str, String>) -> [u8; 32] {
    let mut digest = Sha256::new().chain_update(upload.digest);
    digest.update(upload.file.file_name().unwrap_or_default().as_encoded_bytes());
    for (name, text) in texts {
        // no name and no length holds a zero byte
        digest.update(format!("\0{name}\0{}\0", text.len()));
        digest.update(text);
    }
    digest.finalize().into()
}

fn broken(error: multer::Error) -> Fault {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            body::too_large()
        }
        multer::Error::StreamReadFailed(cause) if cause.is::<TooSlow>() => body::too_slow(),
        multer::Error::StreamReadFailed(_)
        | multer::Error::IncompleteStream
        | multer::Error::IncompleteFieldData { .. }
        | multer::Error::IncompleteHeaders => body::not_whole(),
        _ => {
            let (zh, en) = ("表单无法识别", "The form cannot be read");
            Fault::new(StatusCode::BAD_REQUEST, "form_unreadable", zh, en)
        }
    }
}

fn wrong(field: &'static str, found: &str, (zh, en): (&str, &str)) -> Error {
    Error::Invalid(Mistakes(vec![Mistake::new(field, found, Sentence::new(zh, en))]))
}

/// The fields of a form as they are read; every mistake is told.
struct Texts<'a> {
    texts: &'a BTreeMap<&'static str, String>,
    mistakes: Mistakes,
}

impl Texts<'_> {
    fn read<T: std::str::FromStr>(&mut self, name: &'static str, words: (&str, &str)) -> Option<T> {
        let text = self.texts.get(name).filter(|text| !text.is_empty())?;
        let value = text.parse().ok();
        if value.is_none() {
            let expected = Sentence::new(words.0, words.1);
            self.mistakes.push(Mistake::new(name, text, expected));
        }
        value
    }

    fn map(&mut self, kind: Option<Kind>) -> Map {
        let Some(text) = self.texts.get("map") else { return Map::default() };
        match Map::of(text) {
            Ok(map) if map.kind.is_some() && map.kind != kind => {
                let words = ("对照文件是另一种表的", "the map file is for another kind of sheet");
                self.mistakes.push(Mistake::new("map", "", Sentence::new(words.0, words.1)));
                Map::default()
            }
            Ok(map) => map,
            Err(fault) => {
                self.mistakes.push(Mistake::new("map", "", fault));
                Map::default()
            }
        }
    }
}

fn asked(
    texts: &BTreeMap<&'static str, String>,
    upload: &Upload,
    reader: Option<PathBuf>,
) -> OurResult<import::Request> {
    let mut texts = Texts { texts, mistakes: Mistakes::default() };
    let truth = ("应为 true 或 false", "true or false");
    let kinds = "areas, organizations, projects, assets, duties";
    let kind: Option<Kind> = texts.read("kind", (kinds, kinds));
    if texts.texts.get("kind").is_none_or(String::is_empty) {
        let expected = Sentence::new(format!("须填写：{kinds}"), format!("needed: {kinds}"));
        texts.mistakes.push(Mistake::new("kind", "", expected));
    }
    let encodings = "utf-8, gb18030, utf-16le, utf-16be";
    let options = ReadOptions {
        encoding: texts.read("encoding", (encodings, encodings)),
        delimiter: texts.read("delimiter", (", ; | tab", ", ; | tab")),
        sheet: texts.texts.get("sheet").filter(|name| !name.is_empty()).cloned(),
        header_row: texts.read("header_row", ("应为整数", "a whole number")),
        limits: SheetLimits { upload_bytes: limits::UPLOAD_BYTES, ..SheetLimits::default() },
        reader,
    };
    let map = texts.map(kind);
    let is_trial = texts.read("dry_run", truth).unwrap_or(false);
    let accept_valid = texts.read("accept_valid", truth).unwrap_or(false);
    texts.mistakes.into_result()?;
    let kind = kind.unwrap_or(Kind::Assets);
    Ok(import::Request { kind, file: upload.file.clone(), map, is_trial, accept_valid, options })
}
