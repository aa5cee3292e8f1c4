//! 巡查任务: what is to be looked at, the most urgent first; and the packet of it that is taken along to
//! where there is no network (ux.md §3.10).

use std::collections::HashMap;

use axum::{
    Router,
    extract::State,
    http::{HeaderName, HeaderValue},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use chrono::{Days, NaiveDate};
use entity::{
    area::AreaCode,
    id::{AssetId, InspectionRouteId},
    inspection::CheckItem,
    inspection_route,
    language::{Language, Sentence},
};
use maud::{Markup, html};
use serde_json::json;

use super::{
    frame::{Around, Page, Place as Menu, page, taken_along},
    inspection::last_found,
    inspection_form::{asked, waiting},
    parts::{Field, Tone, badge, field, instant, nothing, scrolled},
    stylesheet::FIELD,
    visit::{Visit, at},
};
use crate::{
    app::{self, inspection::Due, place::Places},
    domain::{
        inspection::points,
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
    store::inspection_due::Place,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/inspections/round", get(round))
        .route("/inspections/packet", get(packet))
        .route("/inspections/sender", get(sender))
}

/// What the address asks for.
pub(super) struct Asked<'a> {
    area: Option<AreaCode>,
    days: u64,
    after: Option<Place>,
    route: Option<InspectionRouteId>,
    code: &'a str,
}

impl<'a> Asked<'a> {
    pub(super) fn read(words: &'a [(String, String)]) -> Result<Asked<'a>> {
        let days_usual = limits::DUE_DAYS_USUAL;
        let mut asked = Asked { area: None, days: days_usual, after: None, route: None, code: "" };
        let mut mistakes = Mistakes::default();
        for (word, value) in words.iter().filter(|(_, value)| !value.trim().is_empty()) {
            let value = value.trim();
            let taken = match word.as_str() {
                "area" => value.parse().map(|area| asked.area = Some(area)).map_err(|_| {
                    Sentence::new("应为十二位区划代码", "an area code of twelve digits")
                }),
                "due" => days(value).map(|days| asked.days = days),
                "after" => place(value)
                    .map(|place| asked.after = Some(place))
                    .ok_or_else(|| Sentence::new("应取自上一页", "what the page before led to")),
                "route" => value
                    .parse()
                    .map(|id| asked.route = Some(InspectionRouteId(id)))
                    .map_err(|_| Sentence::new("应为路线 id", "the id of a route")),
                "code" => {
                    asked.code = value;
                    Ok(())
                }
                _ => Err(Sentence::new(
                    "没有这个查询条件；可用：area、due、after、route、code",
                    "no such parameter; there are: area, due, after, route, code",
                )),
            };
            if let Err(expected) = taken {
                mistakes.push(Mistake::new(word.clone(), value, expected));
            }
        }
        mistakes.into_result()?;
        Ok(asked)
    }

    /// The last day of what is shown.
    fn until(&self, today: NaiveDate) -> NaiveDate {
        today.checked_add_days(Days::new(self.days)).unwrap_or(NaiveDate::MAX)
    }
}

fn days(text: &str) -> Result<u64, Sentence> {
    let most = limits::DUE_DAYS;
    text.parse().ok().filter(|days| *days <= most).ok_or_else(|| {
        Sentence::new(
            format!("天数应为 0 到 {most} 的整数"),
            format!("whole days from 0 to {most}"),
        )
    })
}

/// A place as addresses name it.
fn place(text: &str) -> Option<Place> {
    let (first, asset) = text.split_once('_')?;
    let asset = AssetId(asset.parse().ok()?);
    let day = || first.parse().ok().map(|day| Place::Day(day, asset));
    first.parse().ok().map(|area| Place::Area(area, asset)).or_else(day)
}

fn cursor(place: Place) -> String {
    match place {
        Place::Day(day, asset) => format!("{day}_{asset}"),
        Place::Area(area, asset) => format!("{area}_{asset}"),
    }
}

/// What is due, and where it lies.
pub(super) struct Told {
    pub(super) due: Vec<Due>,
    next: Option<Place>,
    pub(super) places: Places,
    /// The route along which it lies, where one is asked for.
    pub(super) route: Option<inspection_route::Model>,
}

/// What is due as an address asks.
pub(super) async fn told(state: &AppState, visit: &Visit, asked: &Asked<'_>) -> Result<Told> {
    let read = state.ledger.read(&visit.actor);
    let until = asked.until(visit.today);
    let (route, (due, next)) = if let Some(id) = asked.route {
        let route = read.get::<inspection_route::Entity>(id).await?;
        let due = app::inspection_route::due(&read, &route, until).await?;
        (Some(route), (due, None))
    } else {
        let within = (read.area_within(asked.area).await?, until);
        let most = limits::ROUND_ASSETS;
        (None, app::inspection::due(&read, within, asked.after, most).await?)
    };
    let mut places = Places::new(visit.today);
    places.learn(&read, due.iter().map(|one| one.asset.area_code)).await?;
    Ok(Told { due, next, places, route })
}

async fn round(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = Asked::read(&visit.query)?;
    let may = visit.may(Action::RecordInspection);
    if may && !asked.code.is_empty() {
        return named(&state, &visit, asked.code).await;
    }
    let told = told(&state, &visit, &asked).await?;
    let own = state.ledger.read(&visit.actor).own_routes().await?;
    let around = Around::of(&state, &visit).await?;
    let body = html! {
        (waiting(&visit))
        (own_routes(&visit, &own))
        @if may { (along(&visit)) }
        section.card.mt aria-label=(visit.say("待巡查", "To be inspected")) {
            @if told.due.is_empty() { (none(&visit, &asked)) }
            @else {
                p.pad { button.btn data-part="near" hidden { (visit.say("按距离排", "Nearest first")) } }
                (scrolled(visit.say("待巡查，可滚动", "To be inspected; scrolls"), &table(&visit, &told, may)))
            }
            @if let Some(next) = told.next {
                nav.row.pad.noprint aria-label=(visit.say("翻页", "Pages")) {
                    a.btn href=(visit.with(&[("after", &cursor(next))])) { (visit.say("下一页", "On")) }
                }
            }
        }
        section.card.mt aria-label=(visit.say("查找", "Find")) { (filters(&visit, &asked, may)) }
        @if may { (first_time(&visit)) }
    };
    let shown = Page {
        place: Some(Menu::Round),
        way: vec![("/inspections".to_owned(), visit.say("巡查", "Inspections").to_owned())],
        script: Some(&FIELD),
        beside: beside(&visit, &asked, may),
        below: told.route.map_or_else(String::new, |route| route.name),
        ..Page::new(visit.say("待巡查", "To be inspected"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// The ways to what is due along the routes that the visitor goes.
fn own_routes(visit: &Visit, routes: &[inspection_route::Model]) -> Markup {
    let way = |route: &inspection_route::Model| {
        at("/inspections/round", [("route", route.id.to_string().as_str())])
    };
    html! {
        @if !routes.is_empty() {
            nav.card.pad.row aria-label=(visit.say("我的路线", "My routes")) {
                span { (visit.say("我的路线：", "My routes:")) }
                @for route in routes { a href=(way(route)) { (route.name) } " " }
                a href="/inspections/round" { (visit.say("全部待巡查", "All that is due")) }
            }
        }
    }
}

/// The ways to the plan, and to the same on paper.
fn beside(visit: &Visit, asked: &Asked<'_>, may: bool) -> Markup {
    let (area, route) =
        (asked.area.map(|area| area.to_string()), asked.route.map(|id| id.to_string()));
    let of_area = area.as_deref().map(|area| ("area", area));
    let of_route = route.as_deref().map(|route| ("route", route));
    let days = asked.days.to_string();
    let sheet = of_area.into_iter().chain(of_route).chain([("due", days.as_str())]);
    html! {
        a.btn href=(at("/inspections/plan", of_area)) { (visit.say("巡查计划", "Plan")) }
        a.btn href="/inspections/routes" { (visit.say("巡查路线", "Routes")) }
        @if may { a.btn href=(at("/inspections/sheet", sheet)) { (visit.say("纸质巡查单", "On paper")) } }
    }
}

/// The way to the form of the asset whose code was typed.
async fn named(state: &AppState, visit: &Visit, code: &str) -> Result<Response, Fault> {
    let found = state.ledger.read(&visit.actor).asset(&code.to_uppercase()).await;
    match found {
        Ok(asset) => Ok(Redirect::to(&format!("/assets/{}/inspect", asset.code)).into_response()),
        Err(Error::NotFound(_)) => {
            let expected = Sentence::new(
                "辖区里没有这个编号的资产，请核对标牌",
                "no asset of this code in your area: look at its plate again",
            );
            Err(Error::from(Mistakes(vec![Mistake::new("code", code, expected)])).into())
        }
        Err(error) => Err(error.into()),
    }
}

fn none(visit: &Visit, asked: &Asked<'_>) -> Markup {
    let days = asked.days;
    let words = match visit.language {
        Language::Chinese => {
            format!("没有逾期的，{days} 天内也没有到期的。巡查周期由管护协议和县级规则定。")
        }
        Language::English => format!(
            "Nothing is overdue or falls due within {days} days. Agreements and local rules say how often assets are inspected."
        ),
    };
    nothing(&words, Some(("/assets", visit.say("资产台账", "Assets"))))
}

fn filters(visit: &Visit, asked: &Asked<'_>, may: bool) -> Markup {
    let field = |name: &'static str, label: &str, control: &Markup| {
        field(&Field { name, label, hint: "", mistake: None, is_required: false }, control)
    };
    html! {
        form.filters action="/inspections/round" {
            @if let Some(area) = asked.area { input type="hidden" name="area" value=(area); }
            @if let Some(route) = asked.route { input type="hidden" name="route" value=(route); }
            (field("due", visit.say("几天内到期", "Due within days"), &html! {
                input #f-due name="due" type="number" min="0" max=(limits::DUE_DAYS) value=(asked.days);
            }))
            div.row { button.btn { (visit.say("查询", "Show")) } }
        }
        @if may { (by_code(visit)) }
    }
}

/// Where there is no camera: the code on the plate.
fn by_code(visit: &Visit) -> Markup {
    html! {
        form.filters action="/inspections/round" {
            div.field {
                label for="f-code" { (visit.say("资产编号（标牌上有）", "Code of the asset, as on its plate")) }
                input #f-code name="code" maxlength=(limits::CODE_LENGTH) autocapitalize="characters" autocomplete="off" required;
            }
            div.row { button.btn.go { (visit.say("去巡查", "Inspect")) } }
        }
    }
}

/// Taking the round along: shown by a script, where there is anything to keep it in.
fn along(visit: &Visit) -> Markup {
    html! {
        div.card.pad.row.mt data-part="along" hidden {
            button.btn data-part="take" { (visit.say("带走任务包", "Take the round along")) }
            span.sm data-part="taken" role="status" { (visit.say("还没有带走；带走后没有网络也能巡查。", "Not taken yet; with it, inspecting needs no network.")) }
        }
    }
}

/// How to keep the page on a phone.
fn first_time(visit: &Visit) -> Markup {
    html! {
        details.mt {
            summary { (visit.say("第一次在手机上用", "On a phone for the first time")) }
            p { (visit.say(
                "在微信里打开的，点右上角“…”，选“在浏览器打开”，再“添加到桌面”。以后从桌面打开；记录存在手机里，有网自动上传。",
                "Where it was opened in WeChat: press “…” at the top right, choose “open in browser”, then “add to the home screen”. Open it from there: records stay on the phone and are sent when there is a network.",
            )) }
        }
    }
}

/// Where an asset lies, for the device to tell how far that is.
fn lies(due: &Due) -> String {
    let place = due.asset.longitude.zip(due.asset.latitude);
    place.map_or_else(String::new, |(east, north)| format!("{east},{north}"))
}

pub(super) fn urgency(visit: &Visit, due_on: NaiveDate) -> Markup {
    let days = (due_on - visit.today).num_days();
    let (tone, words) = match (days, visit.language) {
        (i64::MIN..0, Language::Chinese) => (Tone::Bad, format!("逾期 {} 天", -days)),
        (i64::MIN..0, Language::English) => (Tone::Bad, format!("{} days overdue", -days)),
        (0, Language::Chinese) => (Tone::Warning, "今天到期".to_owned()),
        (0, Language::English) => (Tone::Warning, "due today".to_owned()),
        (_, Language::Chinese) => (Tone::Idle, format!("还有 {days} 天")),
        (_, Language::English) => (Tone::Idle, format!("in {days} days")),
    };
    badge(tone, &words)
}

fn table(visit: &Visit, told: &Told, may: bool) -> Markup {
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (visit.say("到期", "Due")) }
                th scope="col" { (visit.say("上次巡查", "Last inspected")) }
                th scope="col" { (visit.say("距离", "Distance")) }
            } }
            tbody { @for due in &told.due { tr data-at=(lies(due)) {
                th scope="row" {
                    a.b href=(way(due, may)) { (due.asset.name) }
                    small { (told.places.path_below(due.asset.area_code, Some(visit.area()))) " " (due.asset.code) }
                }
                td data-l=(visit.say("到期", "Due")) { (urgency(visit, due.due_on)) small { (due.due_on) } }
                td data-l=(visit.say("上次巡查", "Last inspected")) { (last_found(visit, due.upkeep.as_ref())) }
                td data-l=(visit.say("距离", "Distance")) { span data-far { "—" } }
            } } }
        }
    }
}

fn way(due: &Due, may: bool) -> String {
    let part = if may { "inspect" } else { "inspections" };
    format!("/assets/{}/{part}", due.asset.code)
}

/// How many assets a packet has and when it was made: what the device tells of it.
const PACKET: HeaderName = HeaderName::from_static("taizhang-packet");

/// The packet: the points of every kind once, and of each asset what tells it from others.
async fn packet(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::RecordInspection)?;
    let asked = Asked::read(&visit.query)?;
    let told = told(&state, &visit, &asked).await?;
    let (body, n) = packed(&visit, &told);
    let now = instant(state.ledger.clock().now());
    let words = match visit.language {
        Language::Chinese => format!("已带走 {n} 项，数据截至 {now}"),
        Language::English => format!("{n} assets taken along, as of {now}"),
    };
    let title = visit.say("任务包", "Task packet");
    let page = html! { p.mut { (words) } (by_code(&visit)) (waiting(&visit)) (body) };
    let mut response = taken_along(&visit, title, &FIELD, &page);
    let words: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let words = HeaderValue::from_str(&words.replace('+', "%20")).map_err(|_| Fault::broken())?;
    response.headers_mut().insert(PACKET, words);
    Ok(response)
}

/// The forms of a packet, as many as it has room for, and how many these are.
fn packed(visit: &Visit, told: &Told) -> (Markup, usize) {
    let mut kinds: HashMap<Vec<CheckItem>, usize> = HashMap::new();
    let (mut rows, mut templates) = (Vec::new(), Vec::new());
    let mut room = limits::PACKET_BYTES - FRAME_BYTES;
    for due in &told.due {
        let items = points(&due.asset);
        let n = kinds.len();
        let kind = *kinds.get(&items).unwrap_or(&n);
        let template = (kind == n).then(|| template(visit, kind, &items));
        let row = opened(visit, told, due, kind);
        let bytes = row.0.len() + template.as_ref().map_or(0, |one| one.0.len());
        let Some(left) = room.checked_sub(bytes) else { break };
        room = left;
        kinds.insert(items, kind);
        rows.push(row);
        templates.extend(template);
    }
    let n = rows.len();
    let body = html! {
        @if rows.is_empty() { p { (visit.say("没有要巡查的资产。", "Nothing is to be inspected.")) } }
        p.mt { button.btn data-part="near" hidden { (visit.say("按距离排", "Nearest first")) } }
        div.mt { @for row in rows { (row) } }
        @for template in templates { (template) }
    };
    (body, n)
}

/// Bytes of a packet beside its forms.
const FRAME_BYTES: usize = 16 * 1024;

fn template(visit: &Visit, kind: usize, items: &[CheckItem]) -> Markup {
    html! {
        template id={ "points-" (kind) } {
            (asked(visit, items, None))
            div.dock { button.btn.go { (visit.say("保存巡查", "Save the inspection")) } }
        }
    }
}

/// One asset of a packet: its form is filled in from the points of its kind when it is opened. Without
/// a script it is a way to its own page.
fn opened(visit: &Visit, told: &Told, due: &Due, kind: usize) -> Markup {
    let asset = &due.asset;
    let action = format!("/assets/{}/inspect", asset.code);
    html! {
        details.card.pad.mt data-at=(lies(due)) {
            summary { (asset.name) " " (urgency(visit, due.due_on)) " " span.sm data-far {} }
            p.sm.mut {
                (told.places.path_below(asset.area_code, Some(visit.area()))) " "
                a href=(action) { (asset.code) } " "
                (last_found(visit, due.upkeep.as_ref()))
            }
            form method="post" action=(action) enctype="multipart/form-data" novalidate
                data-record data-name=(asset.name) data-of={ "points-" (kind) } {}
        }
    }
}

/// Who would send what waits on a device, and the mark that goes with it.
async fn sender(visit: Visit) -> Response {
    let account = visit.actor.account().map(|account| account.to_string());
    axum::Json(json!({ "account": account.unwrap_or_default(), "mark": visit.mark }))
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let day = Place::Day(NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day"), AssetId(7));
        let area = Place::Area("520381100201".parse().expect("a code"), AssetId(7));
        for one in [day, area] {
            assert_eq!(place(&cursor(one)), Some(one));
        }
        for text in ["", "_", "2026-06-01", "2026-06-01_x", "x_7", "52038110020_7"] {
            assert_eq!(place(text), None, "{text}");
        }
    }

    #[test]
    fn days_have_their_limit() {
        assert_eq!(days("0"), Ok(0));
        assert_eq!(days(&limits::DUE_DAYS.to_string()), Ok(limits::DUE_DAYS));
        for text in [&(limits::DUE_DAYS + 1).to_string(), "-1", "x"] {
            assert!(days(text).is_err(), "{text}");
        }
    }
}
