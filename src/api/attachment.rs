//! Attached files over the API: brought, listed, handed out, looked at again, withdrawn.

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Utc};
use entity::{
    attachment::Model,
    id::{AssetId, AttachmentId, DutyId, InspectionId, RevivalId, SpendingId, WorkOrderId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{Posted, answer, request_key},
    caller::Caller,
    etag::{IfMatch, told},
};
use crate::{
    app::{
        self,
        attachment::{Attached, Thing},
    },
    domain::attachment::media_type,
    error::{Error, Result as OurResult},
    http::{
        AppState, attachment,
        fault::Fault,
        file_form::{self, Shape},
        turn::Turn,
    },
    store::Answer,
};

/// A file and what it is.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "it is the schema of a form that is read as it comes")]
pub struct FileForm {
    /// PDF, OFD, DOCX, XLSX, DOC or XLS of at most 20 MB; JPEG, PNG or WebP of at most 10 MB. What
    /// it is, is told by its content. Pictures are written anew without what a camera put into
    /// them.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// photo, approval, acceptance, contract, certificate, agreement, minutes, voucher or other;
    /// when nothing is said, photo for a picture and other for a document.
    kind: Option<String>,
}

/// A file that is attached.
#[derive(Serialize, ToSchema)]
pub struct AttachmentView {
    /// Its id.
    id: i64,
    /// Its version.
    version: i64,
    /// The asset that it is about.
    asset: i64,
    /// What it is attached to: asset, title, duty, inspection, `work_order`, `fault_report`,
    /// spending or revival.
    subject: &'static str,
    /// The id of that.
    subject_id: i64,
    /// What kind of document it is.
    kind: &'static str,
    /// The name it was brought under.
    file_name: String,
    /// How it is written, such as application/pdf.
    media_type: &'static str,
    /// Bytes of what is kept.
    size: i64,
    /// SHA-256 of what is kept, hexadecimal.
    digest: String,
    /// SHA-256 of what was brought: of a picture, which is written anew, another one.
    brought_digest: String,
    /// When the camera says that a photo from the field was taken.
    taken_at: Option<DateTime<Utc>>,
    /// Where it says so: degrees of longitude.
    taken_longitude: Option<String>,
    /// Where it says so: degrees of latitude.
    taken_latitude: Option<String>,
    /// Whether there is a small picture of it.
    has_preview: bool,
    /// Whether it was withdrawn; then it is no longer handed out.
    is_withdrawn: bool,
    /// Who attached it.
    attached_by: String,
    /// When.
    attached_at: DateTime<Utc>,
}

impl AttachmentView {
    fn of(row: &Model, actor: &str) -> AttachmentView {
        AttachmentView {
            id: row.id.0,
            version: row.version,
            asset: row.asset_id.0,
            subject: row.subject.code(),
            subject_id: row.subject_id,
            kind: row.kind.code(),
            file_name: row.file_name.clone(),
            media_type: media_type(row.media),
            size: row.size,
            digest: row.digest.clone(),
            brought_digest: row.brought_digest.clone(),
            taken_at: row.taken_at,
            taken_longitude: row.taken_longitude.map(|east| east.to_string()),
            taken_latitude: row.taken_latitude.map(|north| north.to_string()),
            has_preview: row.preview_digest.is_some(),
            is_withdrawn: row.is_withdrawn,
            attached_by: actor.to_owned(),
            attached_at: row.created_at,
        }
    }
}

/// List the files of an asset, of its title, its duties, inspections, work orders and spendings, the
/// newest first; those that were withdrawn too.
#[utoipa::path(get, path = "/assets/{id}/attachments", tag = "attachments",
    params(("id" = i64, Path)), responses((status = 200, body = Vec<AttachmentView>)))]
pub async fn list_attachments(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&caller.actor);
    let files = app::attachment::of_asset(&read, AssetId(id)).await?;
    let view = |Attached { row, actor }: &Attached| AttachmentView::of(row, actor);
    Ok(answer(StatusCode::OK, files.iter().map(view).collect::<Vec<_>>()))
}

/// Attach a file to an asset. The same content is attached to a thing once.
#[utoipa::path(post, path = "/assets/{id}/attachments", tag = "attachments",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = AttachmentView)))]
pub async fn attach_file(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, Fault> {
    attached(&state, &caller, Thing::Asset(AssetId(id)), request).await
}

/// Attach a file to the title of an asset, where one was opened: a certificate, a survey.
#[utoipa::path(post, path = "/assets/{id}/title/attachments", tag = "attachments",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = AttachmentView)))]
pub async fn attach_title_file(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, Fault> {
    attached(&state, &caller, Thing::Title(AssetId(id)), request).await
}

/// Attach a file to a duty: the agreement by which it is borne.
#[utoipa::path(post, path = "/duties/{id}/attachments", tag = "attachments",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = AttachmentView)))]
pub async fn attach_duty_file(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, Fault> {
    attached(&state, &caller, Thing::Duty(DutyId(id)), request).await
}

/// Attach a file to an inspection: a photo of what was seen.
#[utoipa::path(post, path = "/inspections/{id}/attachments", tag = "attachments",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = AttachmentView)))]
pub async fn attach_inspection_file(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, Fault> {
    attached(&state, &caller, Thing::Inspection(InspectionId(id)), request).await
}

/// Attach a file to a work order: a photo before or after the repair, or the voucher.
#[utoipa::path(post, path = "/work-orders/{id}/attachments", tag = "attachments",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = AttachmentView)))]
pub async fn attach_work_order_file(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, Fault> {
    attached(&state, &caller, Thing::WorkOrder(WorkOrderId(id)), request).await
}

/// Attach a file to a spending: a voucher or a receipt.
#[utoipa::path(post, path = "/spendings/{id}/attachments", tag = "attachments",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = AttachmentView)))]
pub async fn attach_spending_file(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, Fault> {
    attached(&state, &caller, Thing::Spending(SpendingId(id)), request).await
}

/// Attach a file to a revival plan: what shows that the asset is back in use.
#[utoipa::path(post, path = "/revivals/{id}/attachments", tag = "attachments",
    request_body(content = FileForm, content_type = "multipart/form-data"),
    params(("id" = i64, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = AttachmentView)))]
pub async fn attach_revival_file(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, Fault> {
    attached(&state, &caller, Thing::Revival(RevivalId(id)), request).await
}

async fn attached(
    state: &AppState,
    Caller { actor, .. }: &Caller,
    thing: Thing,
    request: Request,
) -> Result<Response, Fault> {
    // whoever may not attach it, and a request without a key, is refused before the file comes
    thing.admit(&state.ledger.read(actor)).await?;
    let (parts, body) = request.into_parts();
    let key = request_key(&parts, [0; 32])?.key;
    let _turn = Turn::with_files(state, actor)?;
    let request = Request::from_parts(parts, body);
    let received =
        file_form::receive(request, &Shape::documents(1, &[]), |_| Ok(key.clone())).await?;
    received.require_files()?;
    let (kind, key) = (received.kind()?, received.key.clone());
    let files = attachment::looked(state, received.files).await?;
    let name = actor.name().to_owned();
    let view = move |row: &Model| AttachmentView::of(row, &name);
    let shown = view.clone();
    let ledger = state.ledger.once(key, move |rows: &Vec<Model>| -> OurResult<Answer> {
        let view = rows.first().map(&shown);
        let body = serde_json::to_vec(&view).map_err(anyhow::Error::new)?;
        Ok(Answer { status: StatusCode::CREATED.as_u16(), body: Some(body) })
    });
    let done = app::attachment::attach(&ledger, actor, thing, &files, kind).await;
    let done = done.and_then(|mut rows| rows.pop().ok_or(Error::Conflict));
    told(StatusCode::CREATED, done, |row| (row.version, view(row)))
}

/// Get a file. One at a time of an account; one that was withdrawn is no longer handed out.
#[utoipa::path(get, path = "/attachments/{id}/content", tag = "attachments",
    params(("id" = i64, Path)),
    responses((status = 200, description = "The file, in the form it is kept in")))]
pub async fn get_attachment_content(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    attachment::content(&state, &caller.actor, AttachmentId(id)).await
}

/// Get the small picture that stands for a picture.
#[utoipa::path(get, path = "/attachments/{id}/preview", tag = "attachments",
    params(("id" = i64, Path)),
    responses((status = 200, description = "A picture of at most 480 pixels", content_type = "image/jpeg")))]
pub async fn get_attachment_preview(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    attachment::preview(&state, &caller.actor, AttachmentId(id)).await
}

/// What a look at a file came to.
#[derive(Serialize, ToSchema)]
pub struct AttachmentCheck {
    /// Whether what is kept has the digest and the size that are recorded.
    is_whole: bool,
    /// The SHA-256 that is recorded, hexadecimal.
    digest: String,
}

/// Check now that a file is what was kept: its digest is computed again. Also of one that was
/// withdrawn.
#[utoipa::path(get, path = "/attachments/{id}/check", tag = "attachments",
    params(("id" = i64, Path)), responses((status = 200, body = AttachmentCheck)))]
pub async fn check_attachment(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<Response, Fault> {
    let (row, is_whole) = attachment::check(&state, &caller.actor, AttachmentId(id)).await?;
    Ok(answer(StatusCode::OK, AttachmentCheck { is_whole, digest: row.digest }))
}

/// Why a file is withdrawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Why; it stays in the log.
    reason: String,
}

/// Withdraw a file: it stays in the ledger and is no longer handed out.
#[utoipa::path(post, path = "/attachments/{id}/withdraw", tag = "attachments",
    request_body = Withdrawal,
    params(("id" = i64, Path), ("If-Match" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = AttachmentView)))]
pub async fn withdraw_attachment(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    posted: Posted<Withdrawal>,
) -> Result<Response, Fault> {
    let id = AttachmentId(id);
    let by = state.ledger.read(&caller.actor).attached_by(&[id]).await?.remove(&id);
    let by = by.unwrap_or_default();
    let view = move |row: &Model| AttachmentView::of(row, &by);
    let (ledger, body) = posted.once(&state.ledger, StatusCode::OK, view.clone());
    let done = app::attachment::withdraw(&ledger, &caller.actor, (id, version), &body.reason).await;
    told(StatusCode::OK, done, |row| (row.version, view(row)))
}
