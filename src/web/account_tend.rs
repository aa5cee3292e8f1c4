//! What is done to an account: locking it after a look at what depends on it, unlocking, codes,
//! the second factor, sessions.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    account::{self, Model},
    id::{AccountId, SessionId},
    job,
    language::Label,
    log::Action,
    one_time_link::Purpose,
};
use maud::{Markup, html};

use super::{
    account::{drawn, way},
    account_new::slip,
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::{Tone, fact, mistakes, note},
    proof::{Came, unless_mended},
    visit::{Visit, at},
};
use crate::{
    app::{
        self,
        account::{Holder, holder},
        sign_in,
    },
    domain::{account as rules, secret::Secret},
    error::{Error, Result},
    http::{AppState, fault::Fault},
    store::Ledger,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/accounts/{id}/lock", get(show_lock).post(lock))
        .route("/admin/accounts/{id}/unlock", post(unlock))
        .route("/admin/accounts/{id}/invite", post(invite))
        .route("/admin/accounts/{id}/reset", post(reset))
        .route("/admin/accounts/{id}/drop-second-factor", post(drop_factor))
        .route("/admin/accounts/{id}/sessions/{session}/end", post(end_session))
}

/// Something that can be done at once, by a button.
struct Offer {
    action: Action,
    path: &'static str,
    label: Label,
    /// What comes of it.
    effect: Label,
    /// Whether it makes sense now.
    is_due: fn(&Holder) -> bool,
}

const OFFERS: [Offer; 4] = [
    Offer {
        action: Action::UnlockAccount,
        path: "unlock",
        label: Label::new("启用账号", "Unlock the account"),
        effect: Label::new("本人可以重新登录。", "Its owner may sign in anew."),
        is_due: |told| told.account.state == account::State::Locked,
    },
    Offer {
        action: Action::InviteAccount,
        path: "invite",
        label: Label::new("重新发放首次登录码", "Issue another first code"),
        effect: Label::new(
            "发一个新的一次性登录码，以前发的作废。",
            "A new one-time code is made; those before it are void.",
        ),
        is_due: |told| {
            !told.usage.has_password
                && told.usage.last_at.is_none()
                && told.account.state == account::State::Active
        },
    },
    Offer {
        action: Action::ResetAccount,
        path: "reset",
        label: Label::new("重置密码", "Reset the password"),
        effect: Label::new(
            "原密码立即失效，登录全部结束，发一个一次性登录码，由本人设置新密码。",
            "The password is void at once, every session ends, and a one-time code lets its owner set another.",
        ),
        is_due: |told| {
            (told.usage.has_password || told.usage.last_at.is_some())
                && told.account.state == account::State::Active
        },
    },
    Offer {
        action: Action::DropSecondFactor,
        path: "drop-second-factor",
        label: Label::new("解除动态验证", "Remove the second factor"),
        effect: Label::new(
            "手机丢失时办理：登录全部结束，下次登录须改密码并重新启用。",
            "For whoever lost the phone: every session ends; with the next sign-in the password is changed and another is enrolled.",
        ),
        is_due: |told| told.usage.has_second_factor,
    },
];

/// What the visitor may do with an account, each with what comes of it.
pub(super) fn actions(visit: &Visit, told: &Holder) -> Markup {
    let account = &told.account;
    let offers: Vec<&Offer> =
        OFFERS.iter().filter(|one| visit.may(one.action) && (one.is_due)(told)).collect();
    let may_lock = visit.may(Action::LockAccount) && account.state == account::State::Active;
    if offers.is_empty() && !may_lock {
        return html! {};
    }
    if rules::tendable(visit.role(), account.role).is_err() {
        return note(
            Tone::Idle,
            &html! { (visit.say(
                "三类管理员的账号由运维人员在服务器上办理，管理员之间不能互相停用或重置。",
                "Accounts of administrators are tended by the operator at the machine; one administrator does not tend another.",
            )) },
        );
    }
    html! {
        section.card.mt {
            header { h2 { (visit.say("办理", "What can be done")) } }
            ul.ppl {
                @if may_lock {
                    li { b { (visit.say("停用账号", "Lock the account")) }
                        span.mut.sm { (visit.say("先看清有哪些事要移交，再停用。", "First see what depends on it.")) }
                        a.tel.btn href={ "/admin/accounts/" (account.id) "/lock" } { (visit.say("停用…", "Lock…")) }
                    }
                }
                @for one in offers {
                    li { b { (visit.text(one.label)) } span.mut.sm { (visit.text(one.effect)) }
                        form.tel method="post" action={ "/admin/accounts/" (account.id) "/" (one.path) } {
                            (hidden(&visit.mark))
                            input type="hidden" name="version" value=(account.version);
                            button.btn { (visit.text(one.label)) }
                        }
                    }
                }
            }
        }
    }
}

async fn show_lock(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    lock_page(&state, &visit, AccountId(id), None).await
}

/// What ends and what moves when an account is locked.
async fn lock_page(
    state: &AppState,
    visit: &Visit,
    id: AccountId,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    visit.actor.require(Action::LockAccount)?;
    let told = holder(&state.ledger, &visit.actor, id).await?;
    rules::tendable(visit.role(), told.account.role).map_err(Error::from)?;
    let around = Around::of(state, visit).await?;
    let account = &told.account;
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        section.card {
            header { h2 { (visit.say("停用后会怎样", "What comes of it")) } }
            dl.desc { (effects(visit, &told)) }
        }
        form.dock.mt method="post" action={ "/admin/accounts/" (account.id) "/lock" } {
            (hidden(&visit.mark))
            input type="hidden" name="version" value=(account.version);
            button.btn.go { (visit.say("停用账号 ", "Lock the account ")) (account.name) }
            a.btn href={ "/admin/accounts/" (account.id) } { (visit.say("不停用", "Leave it")) }
        }
    };
    let mut way = way(visit);
    way.push((format!("/admin/accounts/{}", account.id), account.name.clone()));
    let title = visit.say("停用账号", "Lock the account");
    let error = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Accounts),
        way,
        below: format!("{} · {}", account.name, visit.text(account.role.label())),
        ..Page::new(format!("{error}{title}"), body)
    };
    Ok(page(visit, &around, shown))
}

fn effects(visit: &Visit, told: &Holder) -> Markup {
    let jobs = |state: job::State| told.jobs.iter().filter(|job| job.state == state).count();
    let line = |name: &str, words: Markup| fact(name, &words);
    html! {
        (line(visit.say("登录", "Sessions"), html! {
            (told.sessions.len()) (visit.say(" 个登录中的设备立即退出：", " open, which end at once: "))
            @if told.sessions.is_empty() { (visit.say("没有", "none")) }
            @for (n, one) in told.sessions.iter().enumerate() { @if n > 0 { (visit.say("、", ", ")) } (one.device) }
        }))
        (line(visit.say("登录码", "Codes"), html! { (told.n_links) (visit.say(" 个未用的一次性登录码作废。", " unused one-time codes become void.")) }))
        (line(visit.say("导入", "Imports"), html! {
            (jobs(job::State::Waiting)) (visit.say(" 个排队的导入不再进行；", " that wait are not carried out; "))
            (jobs(job::State::Running)) (visit.say(" 个正在写入的会做完，之后可由他人撤销。", " under way come to their end; others can undo them."))
        }))
        (line(visit.say("台账", "The ledger"), html! { (visit.say(
            "管护责任、权属和项目记在单位和人员名下，不随账号变动；办过的事都留痕。",
            "Duties, titles and projects belong to organizations and people, and stay; what was done stays in the log.",
        )) }))
        (line(visit.say("谁接着办", "Who goes on"), html! {
            @if told.peers.is_empty() {
                span.t-warn { (visit.say("这里没有其他人担任这个角色，停用后无人办理；请系统管理员另开账号。", "Nobody else has this role here: nobody goes on with it. Have the system administrator add somebody.")) }
            } @else {
                (visit.say("同一角色、管得到这里的还有：", "Of the same role here: "))
                @for (n, one) in told.peers.iter().enumerate() {
                    @if n > 0 { (visit.say("、", ", ")) }
                    a href={ "/admin/accounts/" (one.id) } { (one.name) }
                }
            }
        }))
    }
}

/// The page of an account, said to have had something done.
fn done_to(id: AccountId, what: &str) -> String {
    at(&format!("/admin/accounts/{id}"), [("done", what)])
}

/// A ledger on which a form is done once, and where its sender goes.
fn once<V: 'static>(state: &AppState, form: &Form, id: AccountId, what: &str) -> (Ledger, String) {
    let place = done_to(id, what);
    let led = place.clone();
    (form.once(&state.ledger, move |_: &V| led.clone()), place)
}

fn named(form: &Form, id: i64) -> (AccountId, i64) {
    (AccountId(id), form.number("version").unwrap_or_default())
}

async fn lock(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (ledger, place) = once::<Model>(&state, &form, AccountId(id), "locked");
    let Err(error) = app::account::lock(&ledger, &visit.actor, named(&form, id)).await else {
        return Ok(Redirect::to(&place).into_response());
    };
    let fault = match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let shown = lock_page(&state, &visit, AccountId(id), Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}

/// Where a form led, or the page of the account with what was wrong.
async fn led<V>(
    state: &AppState,
    (visit, form): (&Visit, &Form),
    id: i64,
    (done, place): (Result<V>, String),
) -> Result<Response, Fault> {
    let Err(error) = done else { return Ok(Redirect::to(&place).into_response()) };
    let fault = match unless_mended(visit, form, error) {
        Came::Wrong(fault) => fault,
        Came::Answered(answer) => return answer,
    };
    let shown = drawn(state, visit, AccountId(id), Some(mistakes(visit, &fault))).await?;
    Ok((fault.status, shown).into_response())
}

async fn unlock(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (ledger, place) = once::<Model>(&state, &form, AccountId(id), "unlocked");
    let done = app::account::unlock(&ledger, &visit.actor, named(&form, id)).await;
    led(&state, (&visit, &form), id, (done, place)).await
}

async fn drop_factor(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (ledger, place) = once::<Model>(&state, &form, AccountId(id), "factor");
    let done = sign_in::drop_second_factor(&ledger, &visit.actor, named(&form, id)).await;
    led(&state, (&visit, &form), id, (done, place)).await
}

async fn invite(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    issue(&state, &sent, id, Purpose::FirstSignIn).await
}

async fn reset(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    issue(&state, &sent, id, Purpose::Reset).await
}

/// Issues a code and shows it, this once.
async fn issue(
    state: &AppState,
    sent: &Sent,
    id: i64,
    purpose: Purpose,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let (ledger, place) = once::<(Model, Secret)>(state, form, AccountId(id), "code");
    match sign_in::issue(&ledger, &visit.actor, named(form, id).into(), purpose).await {
        Ok((account, code)) => slip(state, visit, &account, &code).await,
        Err(error) => led(state, (visit, form), id, (Err::<(), _>(error), place)).await,
    }
}

async fn end_session(
    State(state): State<AppState>,
    Path((id, session)): Path<(i64, i64)>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    // whose it is may not be known here: the page that comes of it is asked for first
    let told = holder(&state.ledger, &visit.actor, AccountId(id)).await?;
    if !told.sessions.iter().any(|one| one.id == SessionId(session)) {
        let none = Error::NotFound(Label::new("会话", "session"));
        return Err(none.into());
    }
    let (ledger, place) = once::<()>(&state, &form, AccountId(id), "session");
    let done = sign_in::revoke_session(&ledger, &visit.actor, SessionId(session)).await;
    led(&state, (&visit, &form), id, (done, place)).await
}
