//! Files attached to assets and to what belongs to them: under which name, how many, of which kind.

use chrono::DateTime;
use entity::{
    asset,
    attachment::{Kind, Media, Model, Subject},
    id::AttachmentId,
};

use super::{
    asset::{held, reasoned},
    likeness::Likeness,
    masking::mask_numbers,
    permission::Action,
    refusal::Refusal,
    shot::Shot,
};
use crate::limits;

/// A file as it was brought and looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What kind of document it is said to be.
    pub kind: Option<Kind>,
    /// The name, made fit by [`clean_name`].
    pub name: String,
    /// How it is written.
    pub media: Media,
    /// Bytes of what is kept.
    pub size: u64,
    /// SHA-256 of what is kept, hexadecimal.
    pub digest: String,
    /// SHA-256 of what was brought.
    pub brought_digest: String,
    /// SHA-256 of the small picture that stands for it.
    pub preview_digest: Option<String>,
    /// What it looks like, where that can be told.
    pub likeness: Option<Likeness>,
    /// What the camera says of it.
    pub shot: Shot,
}

/// The action that changes a thing: whoever may do it may attach files to the thing.
pub const fn amended_by(subject: Subject) -> Action {
    match subject {
        Subject::Asset => Action::AmendAsset,
        Subject::Title => Action::SettleTitle,
        Subject::Duty => Action::AssignDuty,
        Subject::Inspection => Action::RecordInspection,
        Subject::WorkOrder => Action::ReportWorkOrder,
        Subject::FaultReport => Action::FileFaultReport,
        Subject::Spending => Action::PaySpending,
        Subject::Revival => Action::ReportRevival,
    }
}

/// What attaching a file to a thing is: photos of what was seen are a part of the
/// inspection, and of
/// the report, vouchers of the payment.
pub const fn attached_by(subject: Subject) -> Action {
    match subject {
        Subject::Asset | Subject::Title | Subject::Duty => Action::AttachFile,
        Subject::Inspection => Action::RecordInspection,
        Subject::WorkOrder => Action::ReportWorkOrder,
        Subject::FaultReport => Action::FileFaultReport,
        Subject::Spending => Action::PaySpending,
        Subject::Revival => Action::ReportRevival,
    }
}

/// Attaches a file to a thing of an asset, which has these files already; `held_bytes` is what its
/// county holds.
pub fn attach(
    asset: &asset::Model,
    (subject, subject_id): (Subject, i64),
    standing: &[Model],
    held_bytes: u64,
    file: &File,
) -> Result<Model, Refusal> {
    held(asset)?;
    if standing.iter().any(|row| is_same(row, file)) {
        return Err(Refusal::attached_already(&file.name));
    }
    if standing.len() >= limits::FILES_PER_THING {
        return Err(Refusal::files_full(limits::FILES_PER_THING));
    }
    if held_bytes.saturating_add(file.size) > limits::FILE_BYTES_PER_COUNTY {
        return Err(Refusal::files_quota(limits::FILE_BYTES_PER_COUNTY >> 30));
    }
    let shot = file.shot.kept_of(subject);
    Ok(Model {
        id: AttachmentId(0),
        area_code: asset.area_code,
        asset_id: asset.id,
        subject,
        subject_id,
        kind: kind(file)?,
        file_name: file.name.clone(),
        media: file.media,
        size: i64::try_from(file.size).unwrap_or(i64::MAX),
        digest: file.digest.clone(),
        brought_digest: file.brought_digest.clone(),
        preview_digest: file.preview_digest.clone(),
        likeness: file.likeness.map(|likeness| likeness.to_string()),
        taken_at: shot.at,
        taken_longitude: shot.place.map(|(east, _)| east),
        taken_latitude: shot.place.map(|(_, north)| north),
        is_withdrawn: false,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    })
}

/// Whether a row has the content of a file, as it was brought or as it is kept: whoever brings back
/// what was downloaded brings the same.
pub fn is_same(row: &Model, file: &File) -> bool {
    row.brought_digest == file.brought_digest
        || row.digest == file.digest
        || row.digest == file.brought_digest
}

fn kind(file: &File) -> Result<Kind, Refusal> {
    let is_picture = is_picture(file.media);
    match file.kind {
        Some(Kind::Photo | Kind::Before | Kind::After) if !is_picture => {
            Err(Refusal::photo_no_picture(&file.name))
        }
        Some(kind) => Ok(kind),
        None if is_picture => Ok(Kind::Photo),
        None => Ok(Kind::Other),
    }
}

/// Withdraws a file: it is no longer handed out, and stays.
pub fn withdraw(row: &Model, reason: &str) -> Result<Model, Refusal> {
    reasoned(reason)?;
    if row.is_withdrawn {
        return Err(Refusal::file_withdrawn());
    }
    Ok(Model { is_withdrawn: true, ..row.clone() })
}

/// Refuses what was withdrawn.
pub fn shown(row: &Model) -> Result<(), Refusal> {
    if row.is_withdrawn { Err(Refusal::file_withdrawn()) } else { Ok(()) }
}

/// Whether it is a picture.
pub const fn is_picture(media: Media) -> bool {
    matches!(media, Media::Jpeg | Media::Png)
}

/// Bytes that a file of some kind may have as it is brought.
pub const fn most_bytes(media: Media) -> u64 {
    if is_picture(media) { limits::PICTURE_BYTES } else { limits::DOCUMENT_BYTES }
}

/// What programs call the way it is written.
pub const fn media_type(media: Media) -> &'static str {
    match media {
        Media::Pdf => "application/pdf",
        Media::Jpeg => "image/jpeg",
        Media::Png => "image/png",
        Media::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Media::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Media::Doc => "application/msword",
        Media::Xls => "application/vnd.ms-excel",
        Media::Ofd => "application/ofd",
    }
}

/// The ends of names; the first is the one it is sent under.
const fn extensions(media: Media) -> &'static [&'static str] {
    match media {
        Media::Pdf => &["pdf"],
        Media::Jpeg => &["jpg", "jpeg", "jpe"],
        Media::Png => &["png"],
        Media::Docx => &["docx"],
        Media::Xlsx => &["xlsx"],
        Media::Doc => &["doc"],
        Media::Xls => &["xls"],
        Media::Ofd => &["ofd"],
    }
}

/// The name a file is sent under: it ends in what the file is, whatever it was called.
pub fn sent_name(row: &Model) -> String {
    let known = extensions(row.media);
    let end = row.file_name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    if end.is_some_and(|end| known.contains(&end.as_str())) {
        return row.file_name.clone();
    }
    format!("{}.{}", row.file_name, known[0])
}

/// Characters that change how a name is read and show nothing themselves: directions and joints.
const fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// The name of a file as far as it is a name: no folders, nothing unseen, no telephone and no number
/// of an identity card, since it stays in the log, and not too long; its end stays.
pub fn clean_name(brought: &str) -> String {
    let last = brought.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = last.chars().filter(|one| !one.is_control() && !is_unseen(*one));
    let seen: String = seen.map(|one| if one.is_whitespace() { ' ' } else { one }).collect();
    let masked = mask_numbers(&seen);
    let name = masked.trim_matches([' ', '.']);
    if name.is_empty() {
        return "附件".to_owned();
    }
    let length = name.chars().count();
    if length <= limits::FILE_NAME_LENGTH {
        return name.to_owned();
    }
    let end = name.rsplit_once('.').map(|(_, end)| format!(".{end}"));
    let end = end.filter(|end| end.chars().count() <= 6).unwrap_or_default();
    let kept = limits::FILE_NAME_LENGTH - end.chars().count();
    let stem: String = name.chars().take(kept).collect();
    format!("{}{end}", stem.trim_end_matches([' ', '.']))
}

#[cfg(test)]
mod tests {
    use entity::asset::{Class, State};

    use super::*;

    fn file(n: u8) -> File {
        let digest = format!("{n:064}");
        File {
            kind: None,
            name: format!("{n}.pdf"),
            media: Media::Pdf,
            size: 10,
            brought_digest: digest.clone(),
            digest,
            preview_digest: None,
            likeness: None,
            shot: Shot::default(),
        }
    }

    fn bridge() -> asset::Model {
        let village = "520381100201".parse().expect("a code");
        super::super::asset::blank(village, Class::Public, "桥")
    }

    fn attached(standing: &[Model], held: u64, file: &File) -> Result<Model, &'static str> {
        let done = attach(&bridge(), (Subject::Asset, 7), standing, held, file);
        done.map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_thing_has_so_many_files_and_no_more() {
        let mut standing = Vec::new();
        for n in 0..limits::FILES_PER_THING {
            let n = u8::try_from(n).expect("a small number");
            standing.push(attached(&standing, 0, &file(n)).expect("room"));
        }
        assert_eq!(attached(&standing, 0, &file(200)), Err("attachment.full"));
        standing.pop();
        assert!(attached(&standing, 0, &file(200)).is_ok());
    }

    #[test]
    fn a_county_holds_so_many_bytes_and_no_more() {
        let most = limits::FILE_BYTES_PER_COUNTY - 10;
        assert!(attached(&[], most, &file(1)).is_ok());
        assert_eq!(attached(&[], most + 1, &file(1)), Err("attachment.quota"));
        assert_eq!(attached(&[], u64::MAX, &file(1)), Err("attachment.quota"));
    }

    #[test]
    fn the_same_content_is_known_as_brought_and_as_kept() {
        let picture = File { digest: "d".repeat(64), media: Media::Png, ..file(1) };
        let row = attached(&[], 0, &picture).expect("attached");
        let there = Err("attachment.there_already");
        assert_eq!(attached(std::slice::from_ref(&row), 0, &picture), there);
        let downloaded = File { brought_digest: picture.digest.clone(), ..file(2) };
        assert_eq!(attached(&[row], 0, &downloaded), there);
    }

    #[test]
    fn a_photo_is_a_picture_and_what_is_not_said_is_told_from_the_file() {
        let kind = |kind, media| {
            let file = File { kind, media, ..file(1) };
            attached(&[], 0, &file).map(|row| row.kind)
        };
        assert_eq!(kind(Some(Kind::Photo), Media::Pdf), Err("attachment.photo_no_picture"));
        assert_eq!(kind(Some(Kind::Photo), Media::Jpeg), Ok(Kind::Photo));
        assert_eq!(kind(Some(Kind::Contract), Media::Png), Ok(Kind::Contract));
        assert_eq!(kind(None, Media::Png), Ok(Kind::Photo));
        assert_eq!(kind(None, Media::Docx), Ok(Kind::Other));
    }

    #[test]
    fn what_has_left_the_books_gets_no_files_and_what_was_withdrawn_stays_so() {
        let gone = asset::Model { state: State::Replaced, ..bridge() };
        let done = attach(&gone, (Subject::Asset, 7), &[], 0, &file(1));
        assert_eq!(done.map_err(|one| one.code), Err("asset.not_held"));
        let row = attached(&[], 0, &file(1)).expect("attached");
        let withdrawn = withdraw(&row, "传错了").expect("withdrawn");
        assert!(withdrawn.is_withdrawn && shown(&row).is_ok() && shown(&withdrawn).is_err());
        let code = |done: Result<Model, Refusal>| done.map_err(|one| one.code);
        assert_eq!(code(withdraw(&withdrawn, "又一次")), Err("attachment.withdrawn"));
        assert_eq!(code(withdraw(&row, " ")), Err("action.reason_missing"));
    }

    #[test]
    fn names_lead_nowhere_hide_nothing_and_have_their_length() {
        let most = limits::FILE_NAME_LENGTH;
        let exact = format!("{}.pdf", "批".repeat(most - 4));
        for (brought, expected) in [
            ("批复.pdf", "批复.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\照片\\a.jpg", "a.jpg"),
            ("..", "附件"),
            ("", "附件"),
            ("a\u{0}\r\nb.pdf", "ab.pdf"),
            ("合同\u{202e}fdp.exe", "合同fdp.exe"),
            ("a\u{200b}\u{feff}.pdf ", "a.pdf"),
            ("a\u{3000}b.pdf", "a b.pdf"),
            (&exact, &exact),
            (&format!("批{exact}"), &exact),
            (&"名".repeat(most + 1), &"名".repeat(most)),
        ] {
            assert_eq!(clean_name(brought), expected, "{brought}");
        }
    }

    #[test]
    fn a_file_is_sent_under_the_end_it_deserves() {
        let row = attached(&[], 0, &file(1)).expect("attached");
        for (name, media, expected) in [
            ("a.pdf", Media::Pdf, "a.pdf"),
            ("a.PDF", Media::Pdf, "a.PDF"),
            ("a.pdf", Media::Png, "a.pdf.png"),
            ("a.exe", Media::Pdf, "a.exe.pdf"),
            ("照片", Media::Jpeg, "照片.jpg"),
            ("照片.jpeg", Media::Jpeg, "照片.jpeg"),
        ] {
            let row = Model { file_name: name.into(), media, ..row.clone() };
            assert_eq!(sent_name(&row), expected);
        }
    }
}
