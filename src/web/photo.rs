//! Photos: of an asset beside every part of its card, of what was seen beside an inspection; and the
//! vouchers of a spending.

use entity::{
    attachment::{Kind, Model, Subject},
    id::{InspectionId, SpendingId},
};
use maud::{Markup, html};

use super::{
    attachment::{INSPECTION, SPENDING},
    form::hidden,
    icon::{Icon, icon},
    parts,
    visit::Visit,
};
use crate::limits;

/// The form that brings photos of what was seen in an inspection.
pub(super) fn photo_form(visit: &Visit, code: &str, id: InspectionId) -> Markup {
    html! {
        form.pad.stacked.noprint method="post" action={ "/assets/" (code) "/files" } enctype="multipart/form-data" {
            (hidden(&visit.mark))
            input type="hidden" name="to" value={ (INSPECTION) ":" (id) };
            (parts::field(&parts::Field {
                name: "file",
                label: visit.say("照片（一次最多 5 张）", "Photos (at most 5 at a time)"),
                hint: visit.say("只保留画面，拍摄地点等信息会去掉。", "The image alone is kept, not where it was taken."),
                mistake: None,
                is_required: false,
            }, &html! {
                input #f-file name="file" type="file" multiple accept="image/jpeg,image/png,image/webp" required;
            }))
            div { button.btn.go { (icon(Icon::Add)) (visit.say("上传照片", "Attach the photos")) } }
        }
    }
}

/// The form that brings vouchers and receipts of a spending.
pub(super) fn voucher_form(visit: &Visit, code: &str, id: SpendingId) -> Markup {
    html! {
        form.pad.stacked.noprint method="post" action={ "/assets/" (code) "/files" } enctype="multipart/form-data" {
            (hidden(&visit.mark))
            input type="hidden" name="to" value={ (SPENDING) ":" (id) };
            input type="hidden" name="kind" value="voucher";
            (parts::field(&parts::Field {
                name: "file",
                label: visit.say("凭证或票据（一次最多 5 个）", "Vouchers or receipts (at most 5 at a time)"),
                hint: visit.say("图片、PDF、OFD 或 Office 文件。", "Pictures, PDF, OFD or office files."),
                mistake: None,
                is_required: false,
            }, &html! { input #f-file name="file" type="file" multiple required; }))
            div { button.btn { (icon(Icon::Add)) (visit.say("上传凭证", "Attach")) } }
        }
    }
}

/// Small pictures, each a way to the whole one.
pub(super) fn pictures<'a>(rows: impl Iterator<Item = &'a Model>) -> Markup {
    html! {
        div.pad.pics { @for row in rows {
            a href={ "/files/" (row.id) "/content" } download {
                img src={ "/files/" (row.id) "/preview" } alt=(row.file_name) loading="lazy" width="160" height="120";
            }
        } }
    }
}

/// Photos of an asset, the newest first.
pub(super) fn photos(visit: &Visit, code: &str, files: &[Model]) -> Markup {
    let is_photo = |row: &&Model| {
        row.kind == Kind::Photo && row.subject == Subject::Asset && !row.is_withdrawn
    };
    let photos: Vec<&Model> = files.iter().filter(is_photo).collect();
    html! {
        @if !photos.is_empty() {
            section.card {
                header {
                    h2 { (visit.say("照片", "Photos")) }
                    a href={ "/assets/" (code) "/files" } { (visit.say("全部 ", "All ")) (photos.len()) }
                }
                (pictures(photos.into_iter().take(limits::PHOTOS_SHOWN)))
            }
        }
    }
}
