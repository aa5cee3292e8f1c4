//! The form that brings a sheet: read as it comes, the file straight into a file.

use std::{collections::BTreeMap, path::PathBuf};

use axum::{
    extract::Request,
    http::{StatusCode, header::CONTENT_TYPE},
};
use entity::{import::Kind, language::Sentence};
use multer::{Constraints, Field, Multipart, SizeLimit};
use sha2::{Digest as _, Sha256};

use super::{
    body,
    fault::Fault,
    upload::{TooSlow, paced},
};
use crate::{
    app::{
        import::{
            self,
            answer::{Alike, AllAlike, Answers},
            map::Map,
        },
        job::{Incoming, Upload},
        sheet::{ReadOptions, SheetLimits},
    },
    domain::mistake::{Mistake, Mistakes},
    error::{Error, Result as OurResult},
    limits,
    store::RequestKey,
};

/// Bytes of a field of the form other than the file and the map.
const FIELD_BYTES: u64 = 1024;
/// Bytes of what stands between the fields.
const FRAME_BYTES: u64 = 64 * 1024;
/// The fields of the form.
const FIELDS: [&str; 10] = [
    "file",
    "kind",
    "map",
    "dry_run",
    "accept_valid",
    "duplicates",
    "encoding",
    "delimiter",
    "sheet",
    "header_row",
];

/// The texts of a form by the names of their fields.
pub type Texts = BTreeMap<&'static str, String>;

/// What came in a form.
pub struct Received {
    /// The key that its sender made, with what tells this form from others.
    pub key: RequestKey,
    /// The sheet; none where none was chosen.
    pub upload: Option<Upload>,
    /// Everything else.
    pub texts: Texts,
}

/// Reads a form to its end. `own` are fields of the sender's beside those of the form; `admit`
/// answers its key as soon as the file is about to come, or refuses the file.
pub async fn receive(
    request: Request,
    own: &[&'static str],
    admit: impl Fn(&Texts) -> Result<String, Fault>,
) -> Result<Received, Fault> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = multer::parse_boundary(kind.unwrap_or_default()).map_err(|_| {
        let (zh, en) = ("请求内容应为 multipart/form-data", "The body must be multipart/form-data");
        Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_form", zh, en)
    })?;
    let limit = SizeLimit::new()
        .whole_stream(limits::UPLOAD_BYTES + limits::MAP_FILE_BYTES + FRAME_BYTES)
        .per_field(FIELD_BYTES)
        .for_field("file", limits::UPLOAD_BYTES)
        .for_field("map", limits::MAP_FILE_BYTES);
    let constraints = Constraints::new().size_limit(limit);
    let mut form = Multipart::with_constraints(paced(body), boundary, constraints);
    let mut upload = None;
    let mut texts = Texts::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = known(&field, own)?;
        if (name == "file" && upload.is_some()) || texts.contains_key(name) {
            return Err(wrong(name, "", ("出现两次", "there twice")).into());
        }
        if name != "file" {
            texts.insert(name, field.text().await.map_err(broken)?);
            continue;
        }
        admit(&texts)?;
        // a page sends a file without a name where none was chosen
        let is_chosen = field.file_name().is_none_or(|name| !name.is_empty());
        upload = Some(file(field).await?).filter(|_| is_chosen);
    }
    let route = format!("{} {}", parts.method, parts.uri.path());
    let body_digest = digest(upload.as_ref(), &texts);
    let key = RequestKey { key: admit(&texts)?, route, body_digest };
    Ok(Received { key, upload, texts })
}

impl Received {
    /// What is to be imported, and its file; every mistake is told. `reader` opens workbooks.
    pub fn asked(
        self,
        reader: Option<PathBuf>,
    ) -> OurResult<(RequestKey, Upload, import::Request)> {
        let missing = || wrong("file", "", ("缺少文件", "the file is missing"));
        let upload = self.upload.ok_or_else(missing)?;
        let request = asked(&self.texts, &upload, reader)?;
        Ok((self.key, upload, request))
    }
}

fn known(field: &Field<'_>, own: &[&'static str]) -> OurResult<&'static str> {
    let name = field.name().unwrap_or_default();
    let known = FIELDS.iter().chain(own).copied().find(|known| *known == name);
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
fn digest(upload: Option<&Upload>, texts: &Texts) -> [u8; 32] {
    let mut digest = Sha256::new();
    if let Some(upload) = upload {
        digest.update(upload.digest);
        digest.update(upload.file.file_name().unwrap_or_default().as_encoded_bytes());
    }
    for (name, text) in texts {
        // no name and no length holds a zero byte
        digest.update(format!("\0{name}\0{}\0", text.len()));
        digest.update(text);
    }
    digest.finalize().into()
}

pub(super) fn broken(error: multer::Error) -> Fault {
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

pub(super) fn wrong(field: &'static str, found: &str, (zh, en): (&str, &str)) -> Error {
    Error::Invalid(Mistakes(vec![Mistake::new(field, found, Sentence::new(zh, en))]))
}

/// The fields of a form as they are read; every mistake is told.
struct Asked<'a> {
    texts: &'a Texts,
    mistakes: Mistakes,
}

impl Asked<'_> {
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
        let Some(text) = self.texts.get("map").filter(|text| !text.is_empty()) else {
            return Map::default();
        };
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

fn asked(texts: &Texts, upload: &Upload, reader: Option<PathBuf>) -> OurResult<import::Request> {
    let mut texts = Asked { texts, mistakes: Mistakes::default() };
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
    let duplicates = "new, update, skip";
    let others = texts.read("duplicates", (duplicates, duplicates)).unwrap_or(Alike::New);
    texts.mistakes.into_result()?;
    let kind = kind.unwrap_or(Kind::Assets);
    Ok(import::Request {
        kind,
        file: upload.file.clone(),
        map,
        is_trial,
        accept_valid,
        options,
        answers: Answers {
            alike: AllAlike { others, ..AllAlike::default() },
            ..Answers::default()
        },
    })
}
