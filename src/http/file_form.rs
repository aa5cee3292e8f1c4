//! The form that brings files to be attached: read as it comes, each file straight into a file.

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, header::CONTENT_TYPE, request::Parts},
};
use entity::{attachment::Kind, language::Sentence};
use multer::{Constraints, Field, Multipart, SizeLimit};
use sha2::{Digest as _, Sha256};

use super::{
    fault::Fault,
    place::Place,
    sheet_form::{Texts, broken, wrong},
    upload::paced,
};
use crate::{
    app::job::{Incoming, Upload},
    domain::{
        mistake::{Mistake, Mistakes},
        refusal::Refusal,
    },
    error::Result as OurResult,
    limits,
    store::RequestKey,
};

/// Bytes of a field other than a file.
const FIELD_BYTES: u64 = 1024;
/// Bytes of what stands between the fields.
const FRAME_BYTES: u64 = 64 * 1024;
/// The field of a file, and that of its kind.
const FILE: &str = "file";
const KIND: &str = "kind";

/// What came in a form.
pub struct Received {
    /// The key that its sender made, with what tells this form from others.
    pub key: RequestKey,
    /// The files, each with the name it was sent under.
    pub files: Vec<(Upload, String)>,
    /// Everything else.
    pub texts: Texts,
}

/// What a form may bring.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// Files.
    pub files: usize,
    /// Bytes of each of them.
    pub bytes: u64,
}

impl Most {
    /// So many files of the kinds that are attached to things.
    pub const fn of(files: usize) -> Most {
        Most { files, bytes: limits::DOCUMENT_BYTES }
    }
}

/// Reads a form of at most so many files to its end. `own` are fields of the sender's beside those
/// of the form; `admit` answers its key as soon as a file is about to come, or refuses the file.
/// While they are on the way their request has no place among those that are carried out.
pub async fn receive(
    request: Request,
    most: Most,
    own: &[&'static str],
    admit: impl Fn(&Texts) -> Result<String, Fault>,
) -> Result<Received, Fault> {
    let (parts, body) = request.into_parts();
    let place = parts.extensions.get::<Place>();
    if let Some(place) = place {
        place.give_back();
    }
    let received = read(&parts, body, (most, own), admit).await?;
    if let Some(place) = place {
        place.take()?;
    }
    Ok(received)
}

async fn read(
    parts: &Parts,
    body: Body,
    (most, own): (Most, &[&'static str]),
    admit: impl Fn(&Texts) -> Result<String, Fault>,
) -> Result<Received, Fault> {
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = multer::parse_boundary(kind.unwrap_or_default()).map_err(|_| {
        let (zh, en) = ("请求内容应为 multipart/form-data", "The body must be multipart/form-data");
        Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_form", zh, en)
    })?;
    let limit = SizeLimit::new()
        .whole_stream(most.files as u64 * most.bytes + FRAME_BYTES)
        .per_field(FIELD_BYTES)
        .for_field(FILE, most.bytes);
    let constraints = Constraints::new().size_limit(limit);
    let mut form = Multipart::with_constraints(paced(body), boundary, constraints);
    let (mut files, mut texts) = (Vec::new(), Texts::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = known(&field, own)?;
        if name == FILE {
            admit(&texts)?;
            if files.len() == most.files {
                return Err(crate::error::Error::from(Refusal::too_many_files(most.files)).into());
            }
            // a page sends a file without a name where none was chosen
            let is_chosen = field.file_name().is_none_or(|name| !name.is_empty());
            let file = file(field).await?;
            files.extend(is_chosen.then_some(file));
            continue;
        }
        if texts.contains_key(name) {
            return Err(wrong(name, "", ("出现两次", "there twice")).into());
        }
        texts.insert(name, field.text().await.map_err(broken)?);
    }
    let route = format!("{} {}", parts.method, parts.uri.path());
    let key = RequestKey { key: admit(&texts)?, route, body_digest: digest(&files, &texts) };
    Ok(Received { key, files, texts })
}

impl Received {
    /// The kind of document that is said; none where the file tells it.
    pub fn kind(&self) -> OurResult<Option<Kind>> {
        let Some(text) = self.texts.get(KIND).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        let expected = Sentence::new(kinds.join("、"), kinds.join(", "));
        let kind = text.parse().map(Some);
        kind.map_err(|()| Mistakes(vec![Mistake::new(KIND, text, expected)]).into())
    }

    /// Refuses a form without any file.
    pub fn require_files(&self) -> OurResult<()> {
        if self.files.is_empty() {
            return Err(wrong(FILE, "", ("请选择文件", "choose a file")));
        }
        Ok(())
    }
}

fn known(field: &Field<'_>, own: &[&'static str]) -> OurResult<&'static str> {
    let name = field.name().unwrap_or_default();
    let known = [FILE, KIND].iter().chain(own).copied().find(|known| *known == name);
    known.ok_or_else(|| {
        let (zh, en) = ("没有这个字段", "no such field");
        Mistakes(vec![Mistake::new("", name, Sentence::new(zh, en))]).into()
    })
}

async fn file(mut field: Field<'_>) -> Result<(Upload, String), Fault> {
    let name = field.file_name().unwrap_or_default().to_owned();
    // what it is called is no part of any path
    let incoming = Incoming::begin("brought")?;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        incoming.push(chunk.to_vec()).await?;
    }
    Ok((incoming.finish().await?, name))
}

/// A digest of what was sent, however it was framed.
fn digest(files: &[(Upload, String)], texts: &Texts) -> [u8; 32] {
    let mut digest = Sha256::new();
    for (upload, name) in files {
        digest.update(upload.digest);
        digest.update(format!("{}\0{name}", name.len()));
    }
    for (name, text) in texts {
        // no name and no length holds a zero byte
        digest.update(format!("\0{name}\0{}\0", text.len()));
        digest.update(text);
    }
    digest.finalize().into()
}
