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

/// What a form may bring.
#[derive(Clone, Copy)]
pub struct Shape<'a> {
    /// The fields of files.
    pub files: &'a [&'static str],
    /// How many files there may be altogether.
    pub most: usize,
    /// Bytes of each.
    pub bytes: u64,
    /// Fields beside them.
    pub texts: &'a [&'static str],
}

impl<'a> Shape<'a> {
    /// Documents of any kind, in one field.
    pub const fn documents(most: usize, texts: &'a [&'static str]) -> Shape<'a> {
        Shape { files: &[FILE], most, bytes: limits::DOCUMENT_BYTES, texts }
    }

    /// The field of a name, and whether it is one of files.
    fn field(&self, name: &str) -> OurResult<(&'static str, bool)> {
        let of = |known: &[&'static str]| known.iter().copied().find(|known| *known == name);
        if let Some(field) = of(self.files) {
            return Ok((field, true));
        }
        let known = of(self.texts).or_else(|| of(&[KIND]).filter(|_| self.files == [FILE]));
        known.map(|field| (field, false)).ok_or_else(|| {
            let (zh, en) = ("没有这个字段", "no such field");
            Mistakes(vec![Mistake::new("", name, Sentence::new(zh, en))]).into()
        })
    }
}

/// A file that came.
pub struct Brought {
    /// The file.
    pub upload: Upload,
    /// The name it was sent under.
    pub name: String,
    /// The field in which it came.
    pub field: &'static str,
}

/// What came in a form.
pub struct Received {
    /// The key that its sender made, with what tells this form from others.
    pub key: RequestKey,
    /// The files.
    pub files: Vec<Brought>,
    /// Everything else.
    pub texts: Texts,
}

/// Reads a form of some shape to its end; `admit` answers its key as soon as a file is about to come,
/// or refuses the file. While they are on the way their request has no place among those that are
/// carried out.
pub async fn receive(
    request: Request,
    shape: &Shape<'_>,
    admit: impl Fn(&Texts) -> Result<String, Fault>,
) -> Result<Received, Fault> {
    let (parts, body) = request.into_parts();
    let place = parts.extensions.get::<Place>();
    if let Some(place) = place {
        place.give_back();
    }
    let received = read(&parts, body, shape, admit).await?;
    if let Some(place) = place {
        place.take()?;
    }
    Ok(received)
}

async fn read(
    parts: &Parts,
    body: Body,
    shape: &Shape<'_>,
    admit: impl Fn(&Texts) -> Result<String, Fault>,
) -> Result<Received, Fault> {
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = multer::parse_boundary(kind.unwrap_or_default()).map_err(|_| {
        let (zh, en) = ("请求内容应为 multipart/form-data", "The body must be multipart/form-data");
        Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_form", zh, en)
    })?;
    let limit = SizeLimit::new()
        .whole_stream(shape.most as u64 * shape.bytes + FRAME_BYTES)
        .per_field(FIELD_BYTES);
    let limit = shape.files.iter().fold(limit, |limit, field| limit.for_field(*field, shape.bytes));
    let constraints = Constraints::new().size_limit(limit);
    let mut form = Multipart::with_constraints(paced(body), boundary, constraints);
    let (mut files, mut texts) = (Vec::new(), Texts::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let (name, is_file) = shape.field(field.name().unwrap_or_default())?;
        if is_file {
            admit(&texts)?;
            // a page sends a file without a name where none was chosen
            let is_chosen = field.file_name().is_none_or(|name| !name.is_empty());
            if is_chosen && files.len() == shape.most {
                return Err(crate::error::Error::from(Refusal::too_many_files(shape.most)).into());
            }
            let file = file(field, name).await?;
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

async fn file(mut field: Field<'_>, of: &'static str) -> Result<Brought, Fault> {
    let name = field.file_name().unwrap_or_default().to_owned();
    // what it is called is no part of any path
    let incoming = Incoming::begin("brought")?;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        incoming.push(chunk.to_vec()).await?;
    }
    Ok(Brought { upload: incoming.finish().await?, name, field: of })
}

/// A digest of what was sent, however it was framed.
fn digest(files: &[Brought], texts: &Texts) -> [u8; 32] {
    let mut digest = Sha256::new();
    for Brought { upload, name, .. } in files {
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
