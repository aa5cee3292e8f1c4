//! One entry of the log: in words, as it was hashed, and with the proof that it is there. What is
//! needed to check it elsewhere: the bytes, the proof, the checkpoint, the public key.

use axum::{
    Router,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use entity::{
    area::County,
    language::Label,
    log::{self, Action},
};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    parts::{Tone, fact, grouped, instant, note},
    visit::{Visit, at},
};
use crate::{
    app::{
        history::{self, HistoryEntry, RowChange},
        place::Places,
        proof,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/log/{county}/{seq}", get(show))
        .route("/log/{county}/{seq}/entry", get(bytes))
        .route("/log/{county}/{seq}/proof", get(inclusion))
        .route("/log/{county}/checkpoint", get(checkpoint))
        .route("/log/public-key", get(public_key))
}

const NOUN: Label = Label::new("留痕", "log entry");

/// When an entry was made.
pub(super) fn instant_of(entry: &log::Model) -> String {
    instant(chrono::DateTime::from_timestamp_millis(entry.at).unwrap_or_default())
}

/// What an entry did, in words.
pub(super) fn action_name<'a>(visit: &Visit, entry: &'a log::Model) -> &'a str {
    let known = Action::ALL.iter().find(|action| action.code() == entry.action);
    known.map_or(entry.action.as_str(), |action| visit.text(action.label()))
}

/// A row that was changed: what it is, and its fields before and after.
pub(super) fn change(visit: &Visit, change: &RowChange) -> Markup {
    html! {
        p.sm { b { (visit.text(change.label)) } " " (subject(change)) }
        @if !change.fields.is_empty() {
            ul.sm { @for field in &change.fields {
                li {
                    (field.label) (visit.say("：", ": "))
                    @if let Some(before) = &field.before { del { (before) } " → " }
                    @match &field.after { Some(after) => ins { (after) }, None => { (visit.say("（清空）", "(cleared)")) } }
                }
            } }
        }
    }
}

/// What a changed row is called, with the way to its page where it has one.
fn subject(change: &RowChange) -> Markup {
    html! {
        @match (&change.asset, &change.name, change.noun) {
            (Some((code, name)), ..) => { a href={ "/assets/" (code) } { (name) } " " span.mut { (code) } }
            (None, Some(name), "account") => { a href={ "/admin/accounts/" (change.id) } { (name) } }
            (None, Some(name), _) => { (name) }
            (None, None, _) => { (change.id) }
        }
    }
}

/// The county of an address.
fn county(text: &str) -> Result<County> {
    text.parse().map_err(|_| Error::NotFound(NOUN))
}

async fn show(
    State(state): State<AppState>,
    Path((of, seq)): Path<(String, i64)>,
    visit: Visit,
) -> Result<Response, Fault> {
    let county = county(&of)?;
    let read = state.ledger.read(&visit.actor);
    let told = history::of_entry(&read, county, seq, visit.language).await?;
    let signed = state.ledger.last_checkpoint(county).await?;
    let signed = signed.filter(|checkpoint| seq < checkpoint.size);
    let around = Around::of(&state, &visit).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, [county.area()]).await?;
    let entry = &told.entry;
    let body = html! {
        div.grid.g21 {
            div.grid {
                section.card { (facts(&visit, &told)) }
                section.card {
                    header { h2 { (visit.say("改了什么", "What changed")) } span.mut.sm { (told.n_changes) (visit.say(" 行", " rows")) } }
                    div.pad {
                        @for one in &told.changes { (change(&visit, one)) }
                        @if told.n_bulk > 0 { p { (grouped(i64::try_from(told.n_bulk).unwrap_or(i64::MAX))) (visit.say(" 行成批登记，留痕中是它们的摘要。", " rows brought in as a whole; the entry holds their digest.")) } }
                        @if told.n_changes == 0 && told.n_bulk == 0 { p.mut { (visit.say("没有改动台账的行。", "No row of the ledger.")) } }
                    }
                }
                section.card {
                    header { h2 { (visit.say("原文", "As it was hashed")) } a download href={ "/log/" (county) "/" (seq) "/entry" } { (visit.say("下载原文", "Download")) } }
                    (raw(&visit, &entry.body))
                }
            }
            aside.grid { (proven(&visit, entry, signed.as_ref())) (steps(&visit, entry)) }
        }
    };
    let shown = Page {
        place: Some(Place::Log),
        way: vec![(
            at("/log", [("area", county.area().to_string().as_str())]),
            visit.say("变更留痕", "The log").to_owned(),
        )],
        below: format!("{} · {} · {}", places.name(county.area()), instant_of(entry), entry.actor),
        ..Page::new(format!("{} · {county} #{seq}", action_name(&visit, entry)), body)
    };
    Ok(page(&visit, &around, shown))
}

/// The words by which entries note what they did.
const NOTES: &[(&str, Label)] = &[
    ("account", Label::new("账号编号", "account")),
    ("area", Label::new("区划", "area")),
    ("class", Label::new("类别", "class")),
    ("entries", Label::new("核验条数", "entries verified")),
    ("format", Label::new("格式", "format")),
    ("id", Label::new("编号", "number")),
    ("narrowed_by", Label::new("筛选条件", "narrowed by")),
    ("noun", Label::new("对象", "about")),
    ("rows", Label::new("行数", "rows")),
    ("session", Label::new("会话编号", "session")),
    ("verdict", Label::new("核验结果", "verdict")),
    ("with_gone", Label::new("含已退出", "with those gone")),
];

/// What the log calls a note of an entry, for people.
fn named(visit: &Visit, name: &str) -> String {
    let known = NOTES.iter().find(|(word, _)| *word == name);
    known.map_or_else(|| name.to_owned(), |(_, label)| visit.text(*label).to_owned())
}

/// What an entry notes that changed no row.
pub(super) fn notes(visit: &Visit, told: &HistoryEntry) -> Markup {
    html! {
        @if told.notes.is_empty() { span.mut { "—" } }
        ul.sm { @for (name, value) in &told.notes {
            li { (named(visit, name)) (visit.say("：", ": ")) (value) }
        } }
    }
}

fn facts(visit: &Visit, told: &HistoryEntry) -> Markup {
    let entry = &told.entry;
    html! {
        dl.desc {
            (fact(visit.say("办了什么", "What was done"), &html! { b { (action_name(visit, entry)) } " " span.mut { (entry.action) } }))
            (fact(visit.say("谁", "Who"), &html! { a href=(at("/log", [("actor", entry.actor.as_str()), ("area", entry.county.area().to_string().as_str())])) { (entry.actor) } }))
            (fact(visit.say("时间", "When"), &html! { (instant_of(entry)) }))
            (fact(visit.say("位置", "Position"), &html! { (entry.county) " #" (entry.seq) }))
            @if let Some(reason) = &told.reason { (fact(visit.say("理由", "Reason"), &html! { (reason) })) }
            @for (name, value) in &told.notes { (fact(&named(visit, name), &html! { (value) })) }
        }
    }
}

/// Bytes of an entry that its page shows; the file has them all.
const SHOWN: usize = 4_000;

fn raw(visit: &Visit, body: &str) -> Markup {
    let short: String = body.chars().take(SHOWN).collect();
    html! {
        p.pad.sm { code { (short) }
            @if short.len() < body.len() { " … " span.mut { (visit.say("（全文请下载，共 ", "(download the whole: ")) (body.len()) (visit.say(" 字节）", " bytes)")) } }
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What vouches for the entry.
fn proven(visit: &Visit, entry: &log::Model, signed: Option<&log::checkpoint::Model>) -> Markup {
    html! {
        section.card {
            header { h2 { (visit.say("留痕校验", "Proof")) } }
            div.pad.stacked {
                div { p.mut.sm { (visit.say("摘要（SHA-256）", "Leaf hash (SHA-256)")) } p.sm { code { @for part in hexadecimal(&entry.leaf).as_bytes().chunks(16) { (String::from_utf8_lossy(part)) " " } } } }
                @match signed {
                    Some(checkpoint) => {
                        p { (visit.say("已包含在签名的检查点中：", "Below a signed checkpoint of ")) (checkpoint.size) (visit.say(" 条，", " entries, ")) (instant(chrono::DateTime::from_timestamp_millis(checkpoint.at).unwrap_or_default())) }
                        p.row {
                            a.btn download href={ "/log/" (entry.county) "/" (entry.seq) "/proof" } { (visit.say("下载存在证明", "Inclusion proof")) }
                            a.btn download href={ "/log/" (entry.county) "/checkpoint" } { (visit.say("检查点", "Checkpoint")) }
                            a.btn download href="/log/public-key" { (visit.say("验证公钥", "Public key")) }
                        }
                    }
                    None => { (note(Tone::Idle, &html! { (visit.say(
                        "还没有签名：下一次夜间核查签署检查点后即可下载证明。",
                        "Not signed yet: the next nightly round signs a checkpoint, and then there is a proof.",
                    )) })) }
                }
            }
        }
    }
}

/// How it is checked elsewhere.
fn steps(visit: &Visit, entry: &log::Model) -> Markup {
    let (county, seq) = (entry.county, entry.seq);
    html! {
        section.card {
            header { h2 { (visit.say("怎样自己核对", "How to check it yourself")) } }
            ol.pad.stacked.sm {
                li { (visit.say(
                    "下载原文、存在证明和验证公钥；公钥应与单位公布或留存的一致。",
                    "Download the entry, its proof and the public key; the key should be the one that was published or kept.",
                )) }
                li { (visit.say("在任何一台电脑上运行（不需要台账）：", "On any computer, without the ledger, run: ")) br;
                    code { "taizhang verify --check proof-" (county) "-" (seq) ".txt --public-key public-key.txt --entry entry-" (county) "-" (seq) ".json" } }
                li { (visit.say(
                    "显示“证明成立”即原文自签署起没有改动过。",
                    "Where it says that the proof holds, the entry is as it was when it was signed.",
                )) }
            }
        }
    }
}

/// A text as a file.
fn file(kind: &'static str, name: &str, text: String) -> Response {
    let named = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, named)], text)
        .into_response()
}

const TEXT: &str = "text/plain; charset=utf-8";

async fn bytes(
    State(state): State<AppState>,
    Path((of, seq)): Path<(String, i64)>,
    visit: Visit,
) -> Result<Response, Fault> {
    let entry = state.ledger.read(&visit.actor).entry(county(&of)?, seq).await?;
    let name = format!("entry-{}-{seq}.json", entry.county);
    Ok(file("application/json", &name, entry.body))
}

async fn inclusion(
    State(state): State<AppState>,
    Path((of, seq)): Path<(String, u64)>,
    visit: Visit,
) -> Result<Response, Fault> {
    let county = county(&of)?;
    state.ledger.read(&visit.actor).require_log(county)?;
    let text = proof::inclusion(&state.ledger, county, seq).await?;
    Ok(file(TEXT, &format!("proof-{county}-{seq}.txt"), text))
}

async fn checkpoint(
    State(state): State<AppState>,
    Path(of): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let county = county(&of)?;
    state.ledger.read(&visit.actor).require_log(county)?;
    let text = proof::head(&state.ledger, county).await?;
    Ok(file(TEXT, &format!("checkpoint-{county}.txt"), text))
}

async fn public_key(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ReadLog)?;
    let key = state.ledger.public_key()?;
    Ok(file(TEXT, "public-key.txt", format!("{key}\n")))
}
