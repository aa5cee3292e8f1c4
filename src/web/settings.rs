//! How pages are shown to somebody: text size, colours, language, keys, rows of a page. The browser
//! keeps it, so it counts on this device alone, before the sign-in too.

use axum::{
    Router,
    extract::State,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
    routing::get,
};
use entity::language::Language;
use maud::{Markup, html};

use super::{
    form::{Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::done,
    visit::{Colours, ROWS, Size, Visit, cookies},
};
use crate::http::{AppState, cookie::Kept, fault::Fault};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/me/settings", get(show).post(keep))
}

/// One question, each answer with its code; the one that counts now is chosen.
fn question(
    name: &str,
    legend: &str,
    answers: impl IntoIterator<Item = (String, String)>,
    now: &str,
) -> Markup {
    html! {
        fieldset {
            legend { (legend) }
            div.row { @for (code, words) in answers {
                label.pick-one { input type="radio" name=(name) value=(code) checked[code == now]; " " (words) }
            } }
        }
    }
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let around = Around::of(&state, &visit).await?;
    let is_kept = visit.query.iter().any(|(word, what)| word == "done" && what == "kept");
    let pair = |code: &str, words: &str| (code.to_owned(), words.to_owned());
    let sizes =
        [visit.say("标准", "usual"), visit.say("大字", "large"), visit.say("特大字", "largest")];
    let sizes = Size::ALL.iter().zip(sizes).map(|((_, code, _), words)| pair(code, words));
    let colours = Colours::ALL.iter().map(|(_, code, label)| pair(code, visit.text(*label)));
    let language = match visit.language {
        Language::Chinese => "zh",
        Language::English => "en",
    };
    let keys = [pair("on", visit.say("开", "on")), pair("off", visit.say("关", "off"))];
    let rows = ROWS.map(|rows| pair(&rows.to_string(), &rows.to_string()));
    let body = html! {
        @if is_kept { (done(visit.say("设置已保存", "The settings are kept"))) }
        form.card.pad.mt method="post" action="/me/settings" {
            (hidden(&visit.mark))
            (question("size", visit.say("字号", "Text size"), sizes, visit.size.code()))
            (question("colours", visit.say("配色", "Colours"), colours, visit.colours.code()))
            (question("lang", visit.say("语言 Language", "Language 语言"), [pair("zh", "中文"), pair("en", "English")], language))
            (question("keys", visit.say("单键快捷键", "Single letters as keys"), keys, if visit.has_keys { "on" } else { "off" }))
            (question("rows", visit.say("列表每页条数", "Rows of a page"), rows, &visit.rows.to_string()))
            div.dock {
                button.btn.go { (visit.say("保存", "Save")) }
                a.btn href="/help/shortcuts" { (visit.say("有哪些快捷键", "Which keys there are")) }
            }
        }
        p.mut.mt { (visit.say(
            "设置由这个浏览器保存，只影响在这台设备上的显示。",
            "The browser keeps the settings: they count on this device.",
        )) }
    };
    let shown = Page {
        place: Some(Place::Settings),
        ..Page::new(visit.say("个人设置", "Settings"), body)
    };
    Ok(page(&visit, &around, shown))
}

async fn keep(sent: Sent) -> Response {
    let Sent { visit, form } = sent;
    let is_encrypted = visit.is_encrypted;
    let keep =
        |kept: Kept, value: Option<&str>| value.and_then(|value| kept.keep(value, is_encrypted));
    let rows = form.number("rows").and_then(|rows| u64::try_from(rows).ok());
    let rows = rows.filter(|rows| ROWS.contains(rows)).map(|rows| rows.to_string());
    let word =
        |name: &str, known: [&'static str; 2]| known.into_iter().find(|one| *one == form.one(name));
    let set = [
        keep(Kept::Size, Size::of(form.one("size")).map(Size::code)),
        keep(Kept::Colours, Colours::of(form.one("colours")).map(Colours::code)),
        keep(Kept::Language, word("lang", ["zh", "en"])),
        keep(Kept::Keys, word("keys", ["on", "off"])),
        keep(Kept::Rows, rows.as_deref()),
    ];
    (AppendHeaders(cookies(set)), Redirect::to("/me/settings?done=kept")).into_response()
}
