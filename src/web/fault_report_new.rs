//! Reporting a fault without an account, and following the report up. The form carries a key and a
//! mark that are made here: however often it comes it is kept once, and whoever sends it again is
//! shown the same follow-up code again.

use std::sync::{Mutex, PoisonError};

use axum::{
    Router,
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use entity::{
    fault_report::{Kind, Model, State as Stage},
    language::Sentence,
};
use maud::{Markup, html};

use super::{
    fields::{Sheet, Typed},
    form::SentByAnybody,
    frame,
    parts::{Field, Tone, badge, fact, field, mistake_of, note},
    public::{date, found},
    visit::{Carried, Manner, kept},
};
use crate::{
    app,
    clock::day_of,
    domain::{
        fault_report::Filing,
        masking::mask_numbers,
        mistake::{Mistake, Mistakes},
        public::PublicAsset,
        short_code::{ShortCode, Wrong},
    },
    error::{Error, Result},
    http::{AppState, attachment::looked, fault::Fault, file_form, sheet_form::Texts},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/q/{short}/report", get(show).post(send))
        .route("/q/reports", get(show_follow_up).post(follow_up))
}

/// What the form carries besides a picture, which comes last.
const OWN: &[&str] = &["key", "mark", "said", "words", "phone"];

async fn show(
    State(state): State<AppState>,
    Path(short): Path<String>,
    manner: Manner,
    carried: Carried,
) -> Result<Response, Fault> {
    let manner = manner.at_large();
    let (code, shown) = match found(&state, (&manner, &carried), &short).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    let typed = fresh(&state, code, Typed::default())?;
    Ok(kept(&manner, drawn(&manner, (code, &shown), &typed, None)))
}

/// What stands in a form, with a key and a mark of its own.
fn fresh(state: &AppState, code: ShortCode, mut typed: Typed) -> Result<Typed> {
    let (key, mark) = state.ledger.report_form(code)?;
    typed.put("key", key);
    typed.put("mark", mark);
    Ok(typed)
}

fn drawn(
    manner: &Manner,
    (code, shown): (ShortCode, &PublicAsset),
    typed: &Typed,
    fault: Option<&Fault>,
) -> Markup {
    let sheet = Sheet { manner, typed, fault, meanwhile: None };
    let here = format!("/q/{}", code.plain());
    let body = html! {
        p { b { (shown.name) } " " span.mut { (shown.place) } }
        form.card.pad.stacked method="post" action={ (here) "/report" } enctype="multipart/form-data" {
            input type="hidden" name="key" value=(typed.text("key"));
            input type="hidden" name="mark" value=(typed.text("mark"));
            (kinds(manner, &sheet))
            (sheet.around(("words", manner.say("写一句哪里不对", "A line on what is wrong"), manner.say("不用写姓名和证件号", "no names and no identity numbers")), &html! {
                input #f-words name="words" value=(typed.text("words")) maxlength=(limits::FAULT_WORDS_LENGTH) autocomplete="off";
            }))
            (sheet.around(("phone", manner.say("电话（可不填）", "Telephone, if you want to be called"), manner.say("只用来给您回电话，别人看不到", "only to call you back; nobody else sees it")), &html! {
                input #f-phone name="phone" type="tel" value=(typed.text("phone")) maxlength="20" autocomplete="tel";
            }))
            (sheet.around(("file", manner.say("照片（可不传）", "A photo, if you have one"), manner.say("别拍到人脸", "without faces")), &html! {
                input #f-file name="file" type="file" accept="image/jpeg,image/png,image/webp";
            }))
            button.btn.go { (manner.say("交上去", "Send it")) }
        }
        p { a href=(here) { (manner.say("不报了", "Leave it")) } }
    };
    frame::plain_form(manner, manner.say("报修", "Report a fault"), fault, &body)
}

fn kinds(manner: &Manner, sheet: &Sheet<'_>) -> Markup {
    let mistake = sheet.mistake("kind");
    html! {
        fieldset #f-kind tabindex="-1" {
            legend { (manner.say("怎么了？选一样", "What is wrong? Choose one")) }
            @if let Some(mistake) = mistake { p.t-bad.sm { (manner.tell(mistake)) } }
            @for kind in Kind::ALL {
                label.pick-one {
                    input type="radio" name="said" value=(kind.code()) checked[sheet.typed.text("said") == kind.code()];
                    (manner.text(kind.label()))
                }
            }
        }
    }
}

async fn send(
    State(state): State<AppState>,
    Path(short): Path<String>,
    manner: Manner,
    carried: Carried,
    request: Request,
) -> Result<Response, Fault> {
    let manner = manner.at_large();
    let (code, shown) = match found(&state, (&manner, &carried), &short).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    let told = Mutex::new(Texts::new());
    let fault = match taken(&state, (code, &carried), request, &told).await {
        Ok(follow_up) => return Ok(kept(&manner, received(&manner, &shown, &follow_up))),
        Err(fault) => fault,
    };
    if !fault.status.is_client_error()
        || fault.status == StatusCode::FORBIDDEN && fault.code != EXPIRED
    {
        return Err(fault);
    }
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    let fields: Vec<_> = told.iter().map(|(name, text)| (name.to_string(), text.clone())).collect();
    let mut typed = Typed::of(&fields);
    if fault.code == EXPIRED || typed.text("key").is_empty() {
        typed = fresh(&state, code, typed)?;
    }
    let shown = drawn(&manner, (code, &shown), &typed, Some(&fault));
    Ok((fault.status, kept(&manner, shown)).into_response())
}

/// A form that was not made here, or too long ago.
const EXPIRED: &str = "form_expired";

fn expired() -> Fault {
    let (zh, en) = ("这张表放得太久了，请再交一次", "This form is too old: send it once more");
    Fault::new(StatusCode::FORBIDDEN, EXPIRED, zh, en)
}

/// Files what a form brings; answers the code by which it is followed up. What was typed is noted as
/// it comes, so that it is not lost with a picture that is too large.
async fn taken(
    state: &AppState,
    (code, carried): (ShortCode, &Carried),
    request: Request,
    told: &Mutex<Texts>,
) -> Result<String, Fault> {
    let ledger = &state.ledger;
    let admit = |texts: &Texts| {
        told.lock().unwrap_or_else(PoisonError::into_inner).clone_from(texts);
        let said = |name: &str| texts.get(name).map_or("", String::as_str);
        let sent = (said("key"), said("mark"));
        if ledger.knows_report_form(code, sent)? { Ok(sent.0.to_owned()) } else { Err(expired()) }
    };
    let shape = file_form::Shape {
        files: &["file"],
        most: 1,
        bytes: limits::REPORT_PICTURE_BYTES,
        texts: OWN,
    };
    let form = file_form::receive(request, &shape, admit).await?;
    let said = |name: &str| form.texts.get(name).map_or("", String::as_str);
    let (key, id) = (said("key"), ledger.asset_of(code));
    let filing =
        Filing::read(key, said("said"), said("words"), said("phone")).map_err(Error::from)?;
    let (follow_up, is_there) = ledger.follow_up_of(key).await?;
    if is_there {
        return Ok(follow_up);
    }
    let here = ledger.passer_by(id).await?.ok_or_else(Fault::no_such_address)?;
    app::fault_report::admit(ledger, carried.address, id).await?;
    let picture = looked(state, form.files).await?.pop().map(app::fault_report::unnamed);
    app::fault_report::file(ledger, &here, (id, &filing), picture.as_ref()).await?;
    Ok(follow_up)
}

/// What whoever reported a fault is told: the code is shown here alone.
fn received(manner: &Manner, shown: &PublicAsset, code: &str) -> Markup {
    let body = html! {
        (note(Tone::Good, &html! { p { b { (manner.say("收到了，谢谢您！", "Received: thank you!")) } } p { (shown.name) } }))
        section.card.pad {
            p { (manner.say("您的查询码：", "Your follow-up code:")) }
            p.fig #follow-up { (code) }
            p { (manner.say("请记下来，或者截个图。", "Write it down, or keep a picture of it.")) }
            p { (manner.say("只显示这一次。凭它看修到哪一步。", "It is shown this once. With it you see how far it is.")) }
        }
        p.noprint { a href="/q/reports" { (manner.say("看修到哪一步", "How far is it?")) } }
    };
    frame::plain(manner, manner.say("报修已收到", "The report is received"), &body)
}

async fn show_follow_up(manner: Manner) -> Response {
    let manner = manner.at_large();
    kept(&manner, asked(&manner, "", None))
}

fn asked(manner: &Manner, typed: &str, fault: Option<&Fault>) -> Markup {
    let shape = Field {
        name: "code",
        label: manner.say("查询码", "Follow-up code"),
        hint: manner.say("报修后给您的十二个字", "the twelve signs you were given"),
        mistake: mistake_of(manner, fault, "code"),
        is_required: true,
    };
    let body = html! {
        form.card.pad.stacked method="post" action="/q/reports" {
            (field(&shape, &html! {
                input #f-code name="code" value=(typed) maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" required;
            }))
            button.btn.go { (manner.say("看一看", "Look it up")) }
        }
        p { a href="/q" { (manner.say("看资产牌子", "Look up a plate")) } }
    };
    frame::plain_form(manner, manner.say("修到哪一步", "How far is it"), fault, &body)
}

async fn follow_up(
    State(state): State<AppState>,
    manner: Manner,
    carried: Carried,
    SentByAnybody(form): SentByAnybody,
) -> Result<Response, Fault> {
    let manner = manner.at_large();
    let now = || state.ledger.clock().now();
    state.lookups.admit(carried.address, now())?;
    let typed = form.one("code");
    let said = match state.ledger.followed(typed).await? {
        Ok(Some((row, name))) => return Ok(kept(&manner, followed(&manner, &row, &name))),
        Ok(None) => {
            state.lookups.miss(carried.address, now());
            Sentence::new("没有这个查询码。请再看一眼。", "There is no such code: look again.")
        }
        Err(Wrong::Length) => {
            Sentence::new("字数不对。查询码是十二个字。", "A follow-up code has twelve signs.")
        }
        Err(Wrong::Mistyped) => Sentence::new(
            "可能抄错了一个字。请再输一次。",
            "A sign may be copied wrongly: type it again.",
        ),
    };
    let fault = Fault::from(Error::from(Mistakes(vec![Mistake::new("code", "", said)])));
    let shown = asked(&manner, typed, Some(&fault));
    Ok((fault.status, kept(&manner, shown)).into_response())
}

/// How far a report has come, in plain words.
fn followed(manner: &Manner, row: &Model, name: &str) -> Markup {
    let answer = row.answer.as_deref().map(mask_numbers);
    let body = html! {
        section.card { dl.desc {
            (fact(manner.say("报的是", "Of"), &html! { (mask_numbers(name)) }))
            (fact(manner.say("怎么了", "What is wrong"), &html! { (manner.text(row.kind.label())) }))
            (fact(manner.say("哪天报的", "Reported on"), &html! { (date(manner, day_of(row.created_at))) }))
            (fact(manner.say("现在", "By now"), &stage(manner, row.state)))
            @if let Some(day) = row.settled_on { (fact(manner.say("哪天办完", "Settled on"), &html! { (date(manner, day)) })) }
            @if let Some(answer) = &answer { (fact(manner.say("答复", "Answer"), &html! { (answer) })) }
        } }
        p { (next(manner, row.state)) }
        p { a href="/q/reports" { (manner.say("看另一件", "Look up another one")) } }
    };
    frame::plain(manner, manner.say("修到哪一步", "How far is it"), &body)
}

/// How far it is, as a badge.
pub(super) fn stage(manner: &Manner, state: Stage) -> Markup {
    let tone = match state {
        Stage::Received => Tone::Warning,
        Stage::Accepted | Stage::InRepair | Stage::Dismissed => Tone::Idle,
        Stage::Mended => Tone::Good,
    };
    badge(tone, manner.text(state.label()))
}

/// What comes next.
fn next(manner: &Manner, state: Stage) -> &'static str {
    match state {
        Stage::Received => manner.say("已经送到管理人员那里。", "Those in charge have it."),
        Stage::Accepted => manner
            .say("管理人员看过了，正在安排。", "Those in charge have seen it and arrange for it."),
        Stage::InRepair => manner.say("已经派人去修了。", "Somebody was sent to mend it."),
        Stage::Dismissed => {
            manner.say("不同意的话，可以打监督电话 12317。", "If you do not agree, call 12317.")
        }
        Stage::Mended => {
            manner.say("还没好的话，请再报一次。", "If it is not mended, report it again.")
        }
    }
}
