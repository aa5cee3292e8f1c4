//! Webhooks: where events are sent, how far each has come, what the last attempt came to. Their forms
//! stand in `webhook_form`.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    area::AreaCode,
    id::WebhookId,
    language::{Label, Sentence},
    log::Action,
    webhook::State as Progressed,
};
use maud::{Markup, html};

use super::{
    account::pages,
    form::hidden,
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{Tone, badge, done, fact, grouped, instant, nothing, scrolled},
    setting::words,
    visit::Visit,
    webhook_form::amend_form,
};
use crate::{
    app::{
        place::Places,
        webhook::{self as app, Told},
    },
    domain::{
        mistake::{Mistake, Mistakes},
        webhook::{codes, standing_label},
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::event,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/webhooks", get(list)).route("/admin/webhooks/{id}", get(show))
}

/// The place of webhooks, in the menu and on the way.
pub(super) fn way(visit: &Visit) -> Vec<(String, String)> {
    vec![("/admin/webhooks".to_owned(), visit.say("推送", "Webhooks").to_owned())]
}

/// Where a page of the list begins.
fn after(text: &str) -> Result<Option<(AreaCode, WebhookId)>> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = text
        .split_once('-')
        .and_then(|(area, id)| Some((area.parse::<AreaCode>().ok()?, WebhookId(id.parse().ok()?))));
    let wrong = || {
        let expected = Sentence::new("应取自上一页", "the page before led to it");
        Mistakes(vec![Mistake::new("after", text, expected)])
    };
    Ok(Some(read.ok_or_else(wrong)?))
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let word = words(&visit, &["after"])?;
    let limit = limits::PAGE_ROWS_USUAL;
    let after = after(word("after"))?;
    let mut rows = app::list(&state.ledger, &visit.actor, after, limit + 1).await?;
    let is_more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = rows.last().filter(|_| is_more);
    let next = last.map(|told| format!("{}-{}", told.row.area_code, told.row.id));
    let around = Around::of(&state, &visit).await?;
    let mut places = Places::new(visit.today);
    let areas = rows.iter().map(|told| told.row.area_code);
    places.learn(&state.ledger.read(&visit.actor), areas).await?;
    let body = html! {
        section.card {
            @if rows.is_empty() {
                (nothing(visit.say("还没有推送地址。", "There is no webhook yet."), None))
            } @else {
                (table(&visit, &rows, &places))
                (pages(&visit, next.as_deref()))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Webhooks),
        below: visit
            .say(
                "台账有变动时告诉其他系统：按次序、带签名，只说哪一行变了，内容由对方凭账号来取",
                "Other systems are told of what changes, in order and signed: which rows, not what they say",
            )
            .to_owned(),
        beside: html! {
            @if visit.may(Action::AddWebhook) {
                a.btn.go href="/admin/webhooks/new" { (icon(Icon::Add)) (visit.say("添加推送地址", "Add a webhook")) kbd { "N" } }
            }
        },
        ..Page::new(visit.say("推送", "Webhooks"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn table(visit: &Visit, rows: &[Told], places: &Places) -> Markup {
    let heads = [
        visit.say("推送地址 / 区划", "Address / area"),
        visit.say("状态", "State"),
        visit.say("最近一次", "Last attempt"),
    ];
    scrolled(
        visit.say("推送地址", "Webhooks"),
        &html! {
            table.cards {
                thead { tr {
                    @for head in heads { th scope="col" { (head) } }
                    th.num scope="col" { (visit.say("待推送", "Waiting")) }
                } }
                tbody { @for told in rows {
                    tr {
                        th scope="row" {
                            a.b href={ "/admin/webhooks/" (told.row.id) } { (told.row.address) }
                            small { (places.path_below(told.row.area_code, Some(visit.area()))) }
                        }
                        td data-l=(heads[1]) { (state_badge(visit, told)) }
                        td data-l=(heads[2]) { (attempt(visit, told)) }
                        td.num data-l=(visit.say("待推送", "Waiting")) { (waiting(told)) }
                    }
                } }
            }
        },
    )
}

fn state_badge(visit: &Visit, told: &Told) -> Markup {
    let word = visit.text(standing_label(told.row.state, told.progress.is_failing));
    let tone = match (told.row.state, told.progress.is_failing) {
        (Progressed::Active, true) => Tone::Bad,
        (Progressed::Active, false) if told.progress.failures > 0 => Tone::Warning,
        (Progressed::Active, false) => Tone::Good,
        (Progressed::Paused | Progressed::Ended, _) => Tone::Idle,
    };
    badge(tone, word)
}

/// Entries that wait to be looked at.
fn waiting(told: &Told) -> String {
    match told.row.state {
        Progressed::Ended => String::new(),
        _ => grouped((told.end - told.progress.behind).max(0)),
    }
}

/// What failed before there was a status, in words.
const FAILED: [(&str, Label); 6] = [
    ("name", Label::new("找不到主机", "the host is not found")),
    ("address", Label::new("内网地址，未获准", "an address that is not allowed")),
    ("connection", Label::new("连接不上", "no connection")),
    ("certificate", Label::new("证书不可信", "the certificate is not believed")),
    ("answer", Label::new("没有像样的回答", "no answer worth the name")),
    ("timeout", Label::new("超时", "no answer in time")),
];

fn attempt(visit: &Visit, told: &Told) -> Markup {
    let progress = &told.progress;
    let (Some(at), Some(outcome)) = (progress.tried_at, &progress.outcome) else {
        return html! { span.mut { (visit.say("还没有", "none yet")) } };
    };
    let known = FAILED.iter().find(|(code, _)| code == outcome);
    html! {
        span.nw { (instant(at)) } " "
        @match known {
            Some((_, label)) => { (visit.text(*label)) },
            None => { (visit.say("回答 ", "answered ")) (outcome) },
        }
    }
}

async fn show(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    drop(words(&visit, &["done", "lang"])?);
    drawn(&state, &visit, WebhookId(id), None).await
}

/// What was done, when the page comes after it.
fn said(visit: &Visit) -> Option<&'static str> {
    let (_, what) = visit.query.iter().find(|(word, _)| word == "done")?;
    Some(match what.as_str() {
        "secret" => visit.say(
            "密钥只显示一次，已经显示过；如已遗失，请更换密钥。",
            "The secret was shown once, and is not shown again; if it was lost, have another made.",
        ),
        "amended" => visit.say("已变更", "It is amended"),
        "paused" => visit.say("已暂停推送", "It is paused"),
        "resumed" => visit.say("已恢复推送，从停下处接着送", "It goes on where it stopped"),
        "ended" => visit.say("已终止推送", "It has ended"),
        _ => visit.say("将从该序号起重新推送", "It sends again from there on"),
    })
}

/// The page of one webhook, with what was wrong with the last thing asked of it.
pub(super) async fn drawn(
    state: &AppState,
    visit: &Visit,
    id: WebhookId,
    above: Option<Markup>,
) -> Result<Response, Fault> {
    let told = app::told(&state.ledger, &visit.actor, id).await?;
    let around = Around::of(state, visit).await?;
    let mut places = Places::new(visit.today);
    places.learn(&state.ledger.read(&visit.actor), [told.row.area_code]).await?;
    let place = places.path(told.row.area_code);
    let is_wrong = above.is_some();
    let body = html! {
        @match above { Some(above) => { (above) }, None => { @if let Some(said) = said(visit) { (done(said)) } } }
        section.card.mt { (facts(visit, &told, &place)) }
        (actions(visit, &told))
        @if visit.may(Action::AmendWebhook) && told.row.state != Progressed::Ended {
            (amend_form(visit, &told.row))
        }
    };
    let error = if is_wrong { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Webhooks),
        way: way(visit),
        below: format!("{place} · {}", told.row.address),
        ..Page::new(format!("{error}{} {}", visit.say("推送地址", "Webhook"), told.row.id), body)
    };
    Ok(page(visit, &around, shown))
}

fn facts(visit: &Visit, told: &Told, place: &str) -> Markup {
    let Told { row, progress, end } = told;
    let labels = |kept: &str, known: &dyn Fn(&str) -> Option<Label>| {
        let named = codes(kept);
        let named = named.iter().map(|code| match known(code) {
            Some(label) => visit.text(label).to_owned(),
            None => code.clone(),
        });
        let named: Vec<String> = named.collect();
        if named.is_empty() {
            visit.say("全部", "all").to_owned()
        } else {
            named.join(visit.say("、", ", "))
        }
    };
    let noun = |code: &str| event::told().find(|(noun, _)| *noun == code).map(|one| one.1);
    let action = |code: &str| {
        let found = Action::ALL.iter().find(|action| action.code() == code);
        found.map(|action| action.label())
    };
    html! {
        dl.desc {
            (fact(visit.say("地址", "Address"), &html! { b { (row.address) } }))
            (fact(visit.say("区划", "Area"), &html! { (place) }))
            (fact(visit.say("状态", "State"), &state_badge(visit, told)))
            (fact(visit.say("推送的对象", "Nouns"), &html! { (labels(&row.nouns, &noun)) }))
            (fact(visit.say("推送的事项", "Actions"), &html! { (labels(&row.actions, &action)) }))
            (fact(visit.say("进度", "Come as far as"), &html! {
                (visit.say("第 ", "")) (progress.behind) " / " (end) (visit.say(" 条", "")) }))
            (fact(visit.say("最近一次", "Last attempt"), &attempt(visit, told)))
            (fact(visit.say("最近送达", "Last taken"), &html! {
                @match progress.taken_at { Some(at) => { (instant(at)) }, None => { span.mut { (visit.say("还没有", "none yet")) } } } }))
            @if progress.failures > 0 {
                (fact(visit.say("连续失败", "Failures in a row"), &html! {
                    (progress.failures) " "
                    @if !progress.is_failing { (visit.say("，下次不早于 ", "; next not before ")) (instant(progress.next_at)) }
                }))
            }
            @if let Some(until) = progress.former_until {
                (fact(visit.say("旧密钥有效至", "Former secret good until"), &html! { (instant(until)) }))
            }
        }
    }
}

/// Something that can be done at once, by a button.
struct Offer {
    action: Action,
    path: &'static str,
    label: Label,
    /// What comes of it.
    effect: Label,
    /// Whether it makes sense now.
    is_due: fn(&Told) -> bool,
}

const OFFERS: [Offer; 4] = [
    Offer {
        action: Action::ResumeWebhook,
        path: "resume",
        label: Label::new("恢复推送", "Resume"),
        effect: Label::new(
            "从停下处接着送，一条不漏。",
            "It goes on where it stopped; nothing is left out.",
        ),
        is_due: |told| told.row.state == Progressed::Paused || told.progress.is_failing,
    },
    Offer {
        action: Action::PauseWebhook,
        path: "pause",
        label: Label::new("暂停推送", "Pause"),
        effect: Label::new(
            "恢复之前什么也不送，变动都留着。",
            "Nothing is sent until it is resumed; what happens waits.",
        ),
        is_due: |told| told.row.state == Progressed::Active,
    },
    Offer {
        action: Action::RotateWebhook,
        path: "rotate",
        label: Label::new("更换密钥", "Make another secret"),
        effect: Label::new(
            "新密钥只显示一次；一天之内新旧密钥都签名，对方有时间更换。",
            "It is shown once; for a day both secrets sign, so that the receiver has time.",
        ),
        is_due: |_| true,
    },
    Offer {
        action: Action::EndWebhook,
        path: "end",
        label: Label::new("终止推送", "End"),
        effect: Label::new(
            "不能再恢复；要再推送，另加一个。",
            "It is never resumed; add another to send again.",
        ),
        is_due: |_| true,
    },
];

/// What the visitor may do with a webhook, each with what comes of it.
fn actions(visit: &Visit, told: &Told) -> Markup {
    let is_standing = told.row.state != Progressed::Ended;
    let offers: Vec<&Offer> =
        OFFERS.iter().filter(|one| visit.may(one.action) && (one.is_due)(told)).collect();
    html! {
        @if is_standing && !offers.is_empty() {
            section.card.mt {
                header { h2 { (visit.say("办理", "What can be done")) } }
                ul.ppl {
                    @for one in offers {
                        li { b { (visit.text(one.label)) } span.mut.sm { (visit.text(one.effect)) }
                            form.tel method="post" action={ "/admin/webhooks/" (told.row.id) "/" (one.path) } {
                                (hidden(&visit.mark))
                                input type="hidden" name="version" value=(told.row.version);
                                button.btn { (visit.text(one.label)) }
                            }
                        }
                    }
                    @if visit.may(Action::ReplayWebhook) { (replay(visit, told)) }
                }
            }
        }
    }
}

fn replay(visit: &Visit, told: &Told) -> Markup {
    let title = visit.say("重新推送", "Send again");
    html! {
        li { b { (title) }
            span.mut.sm { (visit.say(
                "从某一条留痕的序号起再送一遍，编号不变，对方据此认出重复的。",
                "From a position of the log on, under the same ids, by which the receiver knows what it has already.",
            )) }
            form.tel.row method="post" action={ "/admin/webhooks/" (told.row.id) "/replay" } {
                (hidden(&visit.mark))
                input type="hidden" name="version" value=(told.row.version);
                input #f-sequence name="sequence" inputmode="numeric" maxlength="18" size="8" required
                    aria-label=(visit.say("起点序号", "Position to begin at"));
                button.btn { (title) }
            }
        }
    }
}
