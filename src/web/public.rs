//! What a plate leads to, for anybody: what the thing is, who answers for it, how to report a fault.
//! Whoever is signed in and may see the asset is led to its card.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use chrono::{Datelike, NaiveDate};
use entity::{asset, inspection::Condition, language::Label};
use maud::{Markup, html};

use super::{
    frame::{self, Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{Field, Tone, badge, fact, field, mistakes, note},
    visit::{Carried, Manner, Visit, kept},
};
use crate::{
    app,
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
        public::{Bearer, PublicAsset},
        short_code::{ShortCode, Wrong},
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/q", get(ask)).route("/q/{short}", get(show))
}

/// The telephone of the nation's office of supervision of poverty alleviation.
pub(super) const SUPERVISION: &str = "12317";

async fn ask(State(state): State<AppState>, manner: Manner) -> Response {
    _ = state;
    let manner = manner.at_large();
    let typed = manner.query.iter().find(|(word, _)| word == "code");
    let typed = typed.map_or("", |(_, typed)| typed.trim());
    if typed.is_empty() {
        return kept(&manner, asked(&manner, "", None));
    }
    match ShortCode::read(typed) {
        Ok(code) => Redirect::to(&format!("/q/{}", code.plain())).into_response(),
        Err(wrong) => mistyped(&manner, typed, wrong),
    }
}

/// The page on which a code is typed, with what was wrong the last time.
fn asked(manner: &Manner, typed: &str, wrong: Option<Label>) -> Markup {
    let fault = wrong.map(|wrong| {
        let mistake = Mistake::new("code", typed, wrong.into());
        Fault::from(Error::from(Mistakes(vec![mistake])))
    });
    let shape = Field {
        name: "code",
        label: manner.say("牌子上的短码", "The short code on the plate"),
        hint: manner.say(
            "六个字，如 7K3-M2Q，不分大小写",
            "six signs such as 7K3-M2Q; small letters will do",
        ),
        mistake: wrong.map(|wrong| manner.text(wrong)),
        is_required: true,
    };
    let body = html! {
        @if let Some(fault) = &fault { (mistakes(manner, fault)) }
        form.card.pad.stacked action="/q" {
            (field(&shape, &html! {
                input #f-code name="code" value=(typed) maxlength="32" autocomplete="off" autocapitalize="characters" spellcheck="false" required;
            }))
            button.btn.go { (manner.say("看一看", "Look it up")) }
        }
        p { a href="/q/reports" { (manner.say("报过修，看修到哪一步", "I reported a fault: how far is it?")) } }
        p.mut { (manner.say("也可以用手机扫牌子上的方块码。", "Or scan the square on the plate with a telephone.")) }
    };
    let title = manner.say("看资产牌子", "Look up a plate");
    let title = if wrong.is_some() {
        format!("{}{title}", manner.say("错误：", "Error: "))
    } else {
        title.to_owned()
    };
    frame::plain(manner, &title, &body)
}

/// What is wrong with a code that cannot be one: nothing was looked up, and nothing is told.
fn mistyped(manner: &Manner, typed: &str, wrong: Wrong) -> Response {
    let said = match wrong {
        Wrong::Length => Label::new(
            "字数不对。请照牌子再输一次。",
            "Too short or too long: copy it from the plate again.",
        ),
        Wrong::Mistyped => Label::new(
            "可能抄错了一个字。请照牌子再输一次。",
            "A sign may be copied wrongly: type it again as on the plate.",
        ),
    };
    let shown = asked(manner, typed, Some(said));
    (StatusCode::UNPROCESSABLE_ENTITY, kept(manner, shown)).into_response()
}

/// A code that nobody has, or whose asset is not for everybody: the two are not told apart.
fn unknown(manner: &Manner, code: ShortCode) -> Response {
    let said = Label::new(
        "没有这块牌子，或者它不对外。",
        "There is no such plate, or it is not for everybody.",
    );
    let shown = asked(manner, &code.to_string(), Some(said));
    (StatusCode::NOT_FOUND, kept(manner, shown)).into_response()
}

/// The code that an address names and what everybody may see behind it; or the answer that says that
/// there is nothing. Whoever tries many codes waits.
pub(super) async fn found(
    state: &AppState,
    (manner, carried): (&Manner, &Carried),
    short: &str,
) -> Result<Result<(ShortCode, PublicAsset), Response>, Fault> {
    let code = match ShortCode::read(short) {
        Ok(code) => code,
        Err(wrong) => return Ok(Err(mistyped(manner, short, wrong))),
    };
    let now = || state.ledger.clock().now();
    state.lookups.admit(carried.address, now())?;
    let id = state.ledger.asset_of(code);
    let Some(shown) = app::public::asset(&state.ledger, id).await? else {
        state.lookups.miss(carried.address, now());
        return Ok(Err(unknown(manner, code)));
    };
    Ok(Ok((code, shown)))
}

async fn show(
    State(state): State<AppState>,
    Path(short): Path<String>,
    manner: Manner,
    carried: Carried,
    visit: Result<Visit, Response>,
) -> Result<Response, Fault> {
    if let (Ok(visit), Ok(code)) = (&visit, ShortCode::read(&short)) {
        let read = state.ledger.read(&visit.actor);
        let own = read.some::<asset::Entity>(&[state.ledger.asset_of(code)]).await?.pop();
        if let Some(asset) = own {
            return Ok(ways(&state, visit, (&asset, code)).await?);
        }
    }
    let manner = manner.at_large();
    Ok(match found(&state, (&manner, &carried), &short).await? {
        Ok((code, shown)) => kept(&manner, told(&manner, code, &shown)),
        Err(answer) => answer,
    })
}

/// What anybody is told, in plain words.
fn told(manner: &Manner, code: ShortCode, shown: &PublicAsset) -> Markup {
    let bearer = |bearer: Option<&Bearer>| match bearer {
        Some(Bearer::Organization(name)) => name.clone(),
        Some(Bearer::Household) => manner.say("受益户", "a household").to_owned(),
        None => manner.say("还没有定", "not settled yet").to_owned(),
    };
    let body = html! {
        section.card { dl.desc {
            (fact(manner.say("是什么", "What it is"), &html! { (manner.text(shown.kind)) }))
            (fact(manner.say("在哪里", "Where"), &html! { (shown.place) }))
            @if let Some(year) = shown.year { (fact(manner.say("哪年建的", "Built in"), &html! { (year) (manner.say(" 年", "")) })) }
            (fact(manner.say("归谁", "Owner"), &html! { (bearer(shown.owner.as_ref())) }))
            (fact(manner.say("谁来管", "Looked after by"), &html! { (bearer(shown.maintainer.as_ref())) }))
            (fact(manner.say("上次检查", "Looked at last"), &last(manner, shown.found)))
            (fact(manner.say("没修好的", "Reports open"), &html! { (shown.n_open) (manner.say(" 件", "")) }))
        } }
        p.noprint { a.btn.go href={ "/q/" (code.plain()) "/report" } { (manner.say("坏了，要报修", "Report a fault")) } }
        p.noprint { a href="/q/reports" { (manner.say("报过修，看修到哪一步", "I reported a fault: how far is it?")) } }
        section.card.pad {
            @if let Some(phone) = &shown.office { p { (manner.say("管理单位电话 ", "The office ")) (telephone(manner, phone)) } }
            p { (manner.say("监督电话 ", "Supervision ")) (telephone(manner, SUPERVISION)) }
            p.mut { (manner.say("牌子短码 ", "Short code ")) (code) }
        }
    };
    frame::plain(manner, &shown.name, &body)
}

/// A number that one press calls.
fn telephone(manner: &Manner, phone: &str) -> Markup {
    let says = format!("{}{phone}", manner.say("拨打 ", "Call "));
    html! { a.tel href={ "tel:" (phone) } aria-label=(says) { (icon(Icon::Telephone)) (phone) } }
}

fn last(manner: &Manner, found: Option<(NaiveDate, Condition)>) -> Markup {
    let Some((day, condition)) = found else {
        return html! { (manner.say("还没有检查过", "never")) };
    };
    let (tone, words) = match condition {
        Condition::Good => (Tone::Good, manner.say("完好", "good")),
        Condition::Defect => (Tone::Warning, manner.say("有毛病", "something is wrong")),
        Condition::Danger => (Tone::Bad, manner.say("有危险，别靠近", "dangerous: keep away")),
    };
    html! { (date(manner, day)) " " (badge(tone, words)) }
}

/// A day as villagers say it.
pub(super) fn date(manner: &Manner, day: NaiveDate) -> String {
    match manner.language {
        entity::language::Language::Chinese => {
            format!("{} 年 {} 月 {} 日", day.year(), day.month(), day.day())
        }
        entity::language::Language::English => day.to_string(),
    }
}

/// Where somebody who is signed in goes on from a plate.
async fn ways(
    state: &AppState,
    visit: &Visit,
    (asset, code): (&asset::Model, ShortCode),
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let n = state.ledger.read(&visit.actor).n_open_reports(asset.id).await?;
    let card = format!("/assets/{}", asset.code);
    let may_inspect =
        visit.may(Action::RecordInspection) && asset.is_standing() && !asset.form.is_claim();
    let body = html! {
        @if n > 0 { (note(Tone::Warning, &html! {
            a href={ "/fault-reports?asset=" (asset.id) } { (visit.say("没办结的报修 ", "Reports open: ")) b { (n) } (visit.say(" 件", "")) }
        })) }
        section.card.pad.stacked.mt {
            @if may_inspect { a.btn.go href={ (card) "/inspect" } { (icon(Icon::Inspect)) (visit.say("巡查", "Inspect")) } }
            a.btn href=(card) { (icon(Icon::Book)) (visit.say("看资产卡片", "See the card")) }
            a.btn href={ "/q/" (code.plain()) "/report" } { (visit.say("替村民报修", "Report a fault for a villager")) }
        }
        p.mt { a href="/q" { (visit.say("看另一块牌子", "Look up another plate")) } }
    };
    let shown = Page {
        place: Some(Place::Assets),
        way: vec![("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned())],
        below: format!("{code} · {}", asset.code),
        ..Page::new(asset.name.clone(), body)
    };
    Ok(page(visit, &around, shown))
}
