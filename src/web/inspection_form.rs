//! The form of an inspection, as it stands on its own page and in a task packet; and what waits on the
//! device to be sent (ux.md §3.10).

use std::sync::LazyLock;

use entity::inspection::{CheckItem, Condition};
use maud::{Markup, html};

use super::{
    fields::{Sheet, Typed},
    icon::{Icon, icon},
    visit::Visit,
};
use crate::limits;

/// The press that says that all is good.
pub(super) const ALL: &str = "all";
/// The field of photos that are of no point.
const PHOTO: &str = "photo";

/// What the fields of a point are called beside that of its answer.
struct Names {
    item: CheckItem,
    note: String,
    photo: String,
}

static NAMES: LazyLock<Vec<Names>> = LazyLock::new(|| {
    let of = |item: &CheckItem| Names {
        item: *item,
        note: format!("note-{}", item.code()),
        photo: format!("{PHOTO}-{}", item.code()),
    };
    CheckItem::ALL.iter().map(of).collect()
});

/// The field of the note on a point.
pub(super) fn note_of(item: CheckItem) -> &'static str {
    NAMES.iter().find(|names| names.item == item).map_or("", |names| &names.note)
}

/// The fields of a form that bring texts: what it carries, then the answers and the notes.
pub(super) static TEXTS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let own = [
        "mark",
        "account",
        "device_key",
        "inspected_at",
        "is_all_at_once",
        ALL,
        "note",
        "sheet_no",
    ];
    let of_device = ["device", "device_count", "longitude", "latitude", "accuracy_m"];
    let of_points = NAMES.iter().flat_map(|names| [names.item.code(), &names.note]);
    own.into_iter().chain(of_device).chain(of_points).collect()
});

/// The fields of a form that bring photos.
pub(super) static PHOTOS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    std::iter::once(PHOTO).chain(NAMES.iter().map(|names| names.photo.as_str())).collect()
});

/// The point that a field of photos is of.
pub(super) fn photographed(field: &str) -> Option<CheckItem> {
    NAMES.iter().find(|names| names.photo == field).map(|names| names.item)
}

/// What a form asks, below what it carries. `sheet` is what was typed and what is wrong with it; none
/// in a packet, where several forms are made of one text and nothing has an id.
pub(super) fn asked(visit: &Visit, items: &[CheckItem], sheet: Option<&Sheet<'_>>) -> Markup {
    let nothing = Typed::default();
    let typed = sheet.map_or(&nothing, |sheet| sheet.typed);
    html! {
        input type="hidden" name="is_all_at_once" value=(typed.text("is_all_at_once"));
        // what the enter key presses
        button.sr tabindex="-1" aria-hidden="true" { (visit.say("保存巡查", "Save the inspection")) }
        p.mt { button.btn name=(ALL) value="good" formnovalidate { (icon(Icon::Good)) (visit.say("全部完好，一键填好", "All good: fill in at one press")) } }
        @for item in items { (point(visit, *item, typed, sheet)) }
        fieldset.mt id=[sheet.map(|_| "f-photo")] {
            legend { (visit.say("全景照片、其他情况", "The whole of it")) }
            @if let Some(mistake) = sheet.and_then(|sheet| sheet.mistake("note")) { p.t-bad.sm { (visit.tell(mistake)) } }
            div.field { (photo(PHOTO, visit.say("全景照片", "Photos of the whole"))) }
            p.mut.sm { (photo_words(visit)) " " output data-photos=(limits::INSPECTION_PHOTOS) {} }
            div.field { input id=[sheet.map(|_| "f-note")] name="note" value=(typed.text("note")) maxlength=(limits::INSPECTION_NOTE_LENGTH)
                aria-label=(visit.say("其他情况（可不填）", "Anything else"))
                placeholder=(visit.say("其他情况（可不填）", "anything else")); }
            @if let Some(mistake) = sheet.and_then(|sheet| sheet.mistake("sheet_no")) { p.t-bad.sm { (visit.tell(mistake)) } }
            div.field { input id=[sheet.map(|_| "f-sheet_no")] name="sheet_no" value=(typed.text("sheet_no")) maxlength=(limits::CODE_LENGTH) autocomplete="off"
                aria-label=(visit.say("纸质巡查单号（照纸登记的才填）", "Number of the paper sheet, where it is typed from one"))
                placeholder=(visit.say("纸质巡查单号（照纸登记的才填）", "number of the paper sheet")); }
        }
    }
}

fn photo_words(visit: &Visit) -> String {
    let most = limits::INSPECTION_PHOTOS;
    if visit.language == entity::language::Language::English {
        format!("At most {most} photos altogether; the images alone are kept.")
    } else {
        format!("一次巡查最多 {most} 张照片；只保留画面。")
    }
}

fn photo(name: &str, label: &str) -> Markup {
    html! { input type="file" name=(name) accept="image/*" capture="environment" multiple aria-label=(label); }
}

/// One point: three answers, none of them given beforehand; what was seen, in words and photos.
fn point(visit: &Visit, item: CheckItem, typed: &Typed, sheet: Option<&Sheet<'_>>) -> Markup {
    let (name, label) = (item.code(), visit.text(item.label()));
    let mistake = sheet.and_then(|sheet| sheet.mistake(name));
    let note = note_of(item);
    let Some(names) = NAMES.iter().find(|names| names.item == item) else { return html! {} };
    let is_good = [Condition::Good.code(), ""].contains(&typed.text(name));
    html! {
        fieldset.mt id=[sheet.map(|_| format!("f-{name}"))] tabindex=[sheet.map(|_| "-1")] {
            legend { (label) }
            @if let Some(mistake) = mistake { p.t-bad.sm { (visit.tell(mistake)) } }
            div.pics {
                @for condition in Condition::ALL {
                    label.btn {
                        input type="radio" name=(name) value=(condition.code()) required checked[typed.text(name) == condition.code()];
                        (visit.text(condition.label()))
                    }
                }
            }
            details open[!is_good || !typed.text(note).is_empty()] {
                summary { (visit.say("说明、照片", "Words and photos")) }
                p.sm { (visit.say("有危险的，先设警示，再打电话。", "Where there is danger, first put up a warning, then call.")) }
                div.field { input name=(note) value=(typed.text(note)) maxlength=(limits::INSPECTION_NOTE_LENGTH)
                    aria-label=(format!("{label}{}", visit.say("：说明", ": what was seen")))
                    placeholder=(visit.say("写一句看到了什么", "a line on what was seen")); }
                div.field.mt { (photo(&names.photo, &format!("{label}{}", visit.say("：照片", ": photos")))) }
            }
        }
    }
}

/// What waits on the device, and the words for it; it is shown by a script, where anything waits.
pub(super) fn waiting(visit: &Visit) -> Markup {
    let account = visit.actor.account().map(|account| account.to_string());
    html! {
        section.card #waiting hidden data-account=(account.unwrap_or_default())
            data-waits=(visit.say("等网络", "waits for the network"))
            data-sent=(visit.say("✓ 已入账", "✓ on record"))
            data-refused=(visit.say("没有收下：", "Not taken: "))
            data-photos=(visit.say("已拍照片：", "Photos: "))
            data-sure=(visit.say("从本机删除这条记录？删除后找不回来。", "Delete this record from the device? It cannot be brought back."))
            data-full=(visit.say("本机存不下了，这条还没有保存：请先上传其他记录，或删掉几张照片。", "There is no room on this device and this record is not kept: send others first, or use fewer photos.")) {
            header {
                h2 { (visit.say("待上传 ", "To be sent: ")) output data-part="n" {} }
                button.btn.sm name="send" { (visit.say("现在上传", "Send now")) }
            }
            p.pad.t-bad.b data-part="late" hidden { (visit.say("有记录等了 3 天以上：请尽快连上网络上传；手机可能会清掉太久没传的记录。", "Something has waited for more than 3 days: send it soon, since the device may clear what lies too long.")) }
            p.pad data-part="ended" hidden {
                (visit.say("登录已过期，或登录的是另一个账号；记录都在本机。", "The sign-in has ended, or it is another account's; the records stay on this device. "))
                a href="/sign-in?next=/inspections/round" { (visit.say("登录后上传", "Sign in to send them")) }
            }
            ul.ppl data-part="list" {}
            template data-part="line" {
                li {
                    a.b {} span.sm {}
                    div.row {
                        button.btn.sm name="again" { (visit.say("再传一次", "Send again")) }
                        button.btn.sm name="drop" { (visit.say("删除", "Delete")) }
                    }
                }
            }
        }
        p.note data-part="kept" role="status" tabindex="-1" hidden {
            (visit.say("已存在本机，没有网络也不会丢，有网自动上传。", "Kept on this device, with a network or without; it is sent by itself once there is one."))
        }
    }
}
