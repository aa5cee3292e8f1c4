//! Verifying the ledger by one click: the whole log and every row of the visitor's area are computed
//! anew while one does something else; the result is told in full and can be printed and sealed.

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use chrono::{DateTime, Utc};
use entity::{area::County, log::Action};
use maud::{Markup, html};

use super::{
    form::{Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, fact, grouped, instant, mistakes, note, scrolled},
    print,
    visit::Visit,
};
use crate::{
    app::{
        place::Places,
        verification::{Run, Standing},
    },
    domain::verification::{Fault as Found, Verdict, Verification},
    error::{Error, Result},
    http::{AppState, fault::Fault},
    store::verify::Progress,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/log/verify", get(show).post(begin))
}

/// Seconds between two looks at a verification that is under way.
const LOOK: HeaderValue = HeaderValue::from_static("2");

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::VerifyLog)?;
    drawn(&state, &visit, None).await
}

async fn begin(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, .. } = sent;
    match state.verifications.begin(&state.ledger, &visit.actor).await {
        Ok(()) => Ok(Redirect::to("/log/verify").into_response()),
        Err(Error::Busy) => {
            let (zh, en) = (
                "别人的核验还在进行，请稍后再试",
                "Others are having it verified; try again in a while",
            );
            let fault =
                Fault::new(StatusCode::SERVICE_UNAVAILABLE, "verifications_under_way", zh, en);
            let shown = drawn(&state, &visit, Some(&fault)).await?;
            Ok((fault.status, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn drawn(state: &AppState, visit: &Visit, fault: Option<&Fault>) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let run = state.verifications.of(&visit.actor);
    let is_under_way =
        run.as_ref().is_some_and(|run| matches!(run.standing, Standing::UnderWay(_)));
    let told = match &run {
        Some(run) => Some(told(state, visit, run, &around.area).await?),
        None => None,
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if !is_under_way { (button(visit, run.is_some())) }
        @if let Some(told) = told { (told) }
    };
    let title = visit.say("核验台账", "Verify the ledger");
    let shown = Page {
        place: Some(Place::Verification),
        way: vec![("/log".to_owned(), visit.say("变更留痕", "The log").to_owned())],
        below: around.area.clone(),
        beside: html! { @if run.is_some() && !is_under_way { (print::button(visit)) } },
        ..Page::new(title, body)
    };
    let mut response = page(visit, &around, shown);
    if is_under_way {
        response.headers_mut().insert(header::REFRESH, LOOK);
    }
    Ok(response)
}

fn button(visit: &Visit, is_again: bool) -> Markup {
    html! {
        form.dock method="post" action="/log/verify" {
            (hidden(&visit.mark))
            span { (visit.say(
                "从第一条起重算全部留痕和签名，再逐行核对台账数据、问题和合计。不改动任何数据；用时随留痕多少而定，可以离开本页。",
                "Every entry and signature is computed anew from the first on, then every row, finding and sum compared. Nothing changes; it takes as long as the log is, and you may leave this page.",
            )) }
            button.btn.go { (if is_again { visit.say("再核验一次", "Verify once more") } else { visit.say("开始核验", "Verify now") }) }
        }
    }
}

async fn told(state: &AppState, visit: &Visit, run: &Run, area: &str) -> Result<Markup> {
    Ok(match &run.standing {
        Standing::UnderWay(progress) => under_way(visit, run, *progress),
        Standing::Failed => note(
            Tone::Bad,
            &html! { (visit.say(
                "核验没有做完，台账没有改动。请再试一次；仍然不行，请运维人员在服务器上运行 taizhang verify --rows。",
                "It did not come to its end; the ledger is as it was. Try again, or have the operator run taizhang verify --rows at the machine.",
            )) },
        ),
        Standing::Over(at, verification) => {
            over(state, visit, (run, *at, area), verification).await?
        }
    })
}

fn under_way(visit: &Visit, run: &Run, progress: Progress) -> Markup {
    let (done, total) = (progress.done, progress.total.filter(|total| *total > 0));
    let step = visit.text(progress.step);
    let number = |n: u64| grouped(i64::try_from(n).unwrap_or(i64::MAX));
    html! {
        section.card.pad {
            p role="status" {
                b { (step) } " "
                progress aria-label=(step) max=[total] value=[total.map(|total| done.min(total))] {} " "
                (number(done)) @if let Some(total) = total { " / " (number(total)) }
            }
            p.mut.sm { (visit.say("开始于 ", "Begun at ")) (instant(run.begun_at)) (visit.say("；本页每两秒刷新一次，可以离开，稍后再来看。", "; this page reloads every two seconds. You may leave and come back.")) }
        }
    }
}

/// What it came to: the slip.
async fn over(
    state: &AppState,
    visit: &Visit,
    (run, at, area): (&Run, DateTime<Utc>, &str),
    verification: &Verification,
) -> Result<Markup> {
    let read = state.ledger.read(&visit.actor);
    let mut places = Places::new(visit.today);
    places.learn(&read, verification.logs.iter().map(|log| log.county.area())).await?;
    let ends = read.log_ends(None, u64::from(u32::MAX)).await?;
    let signed = |county: County| {
        let end = ends.iter().find(|end| end.county == county);
        end.and_then(|end| end.signed).map(|(_, at)| at)
    };
    let verdict = verification.verdict();
    let is_sound = verdict == Verdict::Sound;
    let number = |n: u64| grouped(i64::try_from(n).unwrap_or(i64::MAX));
    Ok(html! {
        (print::above(visit, visit.say("台账留痕核验单", "Verification of the ledger"), area))
        div.mt { (note(if is_sound { Tone::Good } else { Tone::Bad }, &html! {
            b { (visit.text(verdict.label())) } " "
            @if is_sound { (visit.say("每一条留痕、每一个签名、每一行数据都与当初登记的一致。", "Every entry, every signature and every row is as it was recorded.")) }
            @else { (visit.say("下面是对不上的地方。请保护现场，不要改动数据库，立即报告。", "What does not fit stands below. Leave the database as it is and report it at once.")) }
        })) }
        @if !is_sound { (faults(visit, verification)) }
        section.card.mt {
            dl.desc {
                (fact(visit.say("范围", "Area"), &html! { (area) }))
                (fact(visit.say("结果", "Verdict"), &html! { b { (visit.text(verdict.label())) } }))
                (fact(visit.say("留痕", "Entries"), &html! { (number(verification.entries())) (visit.say(" 条", "")) }))
                @if let Some(rows) = verification.rows {
                    (fact(visit.say("数据行", "Rows"), &html! { (number(rows.rows)) (visit.say(" 行", "")) }))
                    (fact(visit.say("复核资产", "Assets evaluated"), &html! { (number(rows.assets)) (visit.say(" 项", "")) }))
                    @if rows.stale > 0 { (fact(visit.say("待夜间核查", "For the nightly round"), &html! { (number(rows.stale)) (visit.say(" 项资产的问题随时间变化", " assets whose findings time has changed")) })) }
                }
                (fact(visit.say("起止", "From and to"), &html! { (instant(run.begun_at)) " – " (instant(at)) }))
                (fact(visit.say("核验人", "By"), &html! { (visit.actor.name()) }))
                (fact(visit.say("验证公钥", "Public key"), &html! { code { (state.ledger.public_key()?) } }))
            }
        }
        section.card.mt { (logs(visit, verification, &places, signed)) }
        (print::below(visit))
    })
}

fn logs(
    visit: &Visit,
    verification: &Verification,
    places: &Places,
    signed: impl Fn(County) -> Option<DateTime<Utc>>,
) -> Markup {
    let heads = [
        visit.say("县", "County"),
        visit.say("留痕条数", "Entries"),
        visit.say("根摘要", "Root"),
        visit.say("检查点", "Checkpoints"),
        visit.say("结果", "Result"),
    ];
    scrolled(
        visit.say("各县留痕", "Logs"),
        &html! {
            table.cards {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for log in &verification.logs { tr {
                    th scope="row" { (places.name(log.county.area())) small { (log.county) } }
                    td data-l=(heads[1]) { (grouped(i64::try_from(log.size).unwrap_or(i64::MAX))) }
                    td.sm data-l=(heads[2]) { code { @for part in log.root.to_string().as_bytes().chunks(16) { (String::from_utf8_lossy(part)) " " } } }
                    td data-l=(heads[3]) { (log.n_checkpoints) @if let Some(at) = signed(log.county) { small { (visit.say("最近签署 ", "last signed ")) (instant(at)) } } }
                    td data-l=(heads[4]) { @match &log.fault {
                        None => (badge(Tone::Good, visit.say("一致", "sound"))),
                        Some(fault) => (badge(Tone::Bad, visit.text(fault.kind.label()))),
                    } }
                } } }
            }
        },
    )
}

/// Exactly what does not fit, and where.
fn faults(visit: &Visit, verification: &Verification) -> Markup {
    let one = |fault: &Found| {
        html! {
            li { b { (visit.tell(&fault.sentence())) }
                @if let (Some(county), Some(seq)) = (fault.place.county, fault.place.seq) {
                    " " a href={ "/log/" (county) "/" (seq) } { (visit.say("看这一条", "see the entry")) }
                }
                @for text in &fault.notes { p.sm { code { (text) } } }
            }
        }
    };
    html! {
        section.card.mt {
            header { h2 { (visit.say("对不上的地方", "What does not fit")) } }
            ol.tl { @for fault in verification.faults() { (one(fault)) } }
        }
    }
}
