//! The forms of routes: making one from what an area has to inspect, amending it, ending it.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::Days;
use entity::{
    account, area::AreaCode, asset, id::AccountId, inspection_route::Model, language::Label,
};
use maud::{Markup, html};

use super::{
    act::{about_reason, led},
    area_pick::PickedArea,
    budget::{of_version, word},
    fields::{self, Sheet, Typed},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    inspection_route::{found, place_of, way},
    parts::{choice, mistakes, titled},
    visit::{Visit, at},
};
use crate::{
    app::{self, inspection_route::Order},
    domain::{
        field::{Change, field},
        inspection_route::{FIELDS, blank, may_go},
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
    store::list::List,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/inspections/routes/new", get(show_new).post(send_new))
        .route("/inspections/routes/{id}/edit", get(show_edit).post(send_edit))
        .route("/inspections/routes/{id}/end", post(send_end))
}

/// What a form is about.
#[derive(Clone, Copy)]
enum About<'a> {
    /// A new route through an area.
    New(AreaCode),
    /// One that there is.
    Kept(&'a Model),
}

impl About<'_> {
    fn area(self) -> AreaCode {
        match self {
            About::New(area) => area,
            About::Kept(row) => row.area_code,
        }
    }
}

async fn show_new(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::MakeRoute)?;
    let picked = PickedArea::of(&state, &visit, word(&visit, "area")).await?;
    let Ok(area) = picked.code() else { return Ok(ask_area(&state, &visit, &picked).await?) };
    let mut typed = Typed::default();
    typed.put("stops", to_inspect(&state, &visit, area).await?);
    typed.put("short", "yes");
    Ok(drawn(&state, &visit, About::New(area), (&typed, None)).await?)
}

/// The first step: through which area.
async fn ask_area(state: &AppState, visit: &Visit, picked: &PickedArea) -> Result<Response> {
    let typed = Typed::default();
    let wrong = picked.code().err().filter(|_| !word(visit, "area").is_empty());
    let fault = wrong.map(|mistake| Fault::from(Error::from(Mistakes(vec![mistake]))));
    let sheet =
        Sheet { manner: &visit.manner, typed: &typed, fault: fault.as_ref(), meanwhile: None };
    let label = visit.say("哪个村或乡镇 *", "Which village or town *");
    let hint = visit.say("名称、拼音首字母或代码", "name, initials or code");
    let body = html! {
        @if let Some(fault) = &fault { (mistakes(visit, fault)) }
        form.card.pad action="/inspections/routes/new" {
            p { (visit.say("先选区划，把那里要巡查的资产带进来；下一步可增减、排序。", "Choose an area: what is to be inspected there is filled in, and you take out, add and sort.")) }
            div.sheet { (sheet.around(("area", label, hint), &picked.draw(&sheet))) }
            div.dock {
                button.btn.go { (visit.say("下一步", "Go on")) }
                a.btn href="/inspections/routes" { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    let around = Around::of(state, visit).await?;
    let title = titled(visit, visit.say("制定路线", "Make a route"), fault.as_ref());
    let shown = Page { place: Some(Place::Inspections), way: way(visit), ..Page::new(title, body) };
    let status = fault.as_ref().map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// The codes of what is to be inspected in an area, the most urgent first; where nothing asks for that,
/// of what stands there: as many as a route has.
async fn to_inspect(state: &AppState, visit: &Visit, area: AreaCode) -> Result<String> {
    let read = state.ledger.read(&visit.actor);
    let most = limits::ROUTE_STOPS as u64;
    let until = visit.today + Days::new(limits::DUE_DAYS);
    let due = read.inspections_due(area, until, None, most).await?;
    if due.is_empty() {
        let mut list = List::<asset::Entity>::read([("standing", "yes")])?;
        (list.area, list.limit) = (Some(area), most);
        let rows = read.list(&list).await?.rows.into_iter();
        return Ok(rows.map(|asset| asset.code).collect::<Vec<_>>().join("\n"));
    }
    let ids: Vec<_> = due.iter().map(|one| one.asset_id).collect();
    let assets = read.some::<asset::Entity>(&ids).await?;
    let code = |id| Some(assets.iter().find(|asset| asset.id == id)?.code.clone());
    Ok(ids.into_iter().filter_map(code).collect::<Vec<_>>().join("\n"))
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    about: About<'_>,
    (typed, fault): (&Typed, Option<&Fault>),
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let offered = inspectors(state, visit, about).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let area = about.area().to_string();
    let (address, back, title) = match about {
        About::New(_) => (
            at("/inspections/routes/new", [("area", area.as_str())]),
            "/inspections/routes".to_owned(),
            visit.say("制定路线", "Make a route"),
        ),
        About::Kept(row) => (
            format!("{}/edit", place_of(row.id, "")),
            place_of(row.id, ""),
            visit.say("变更路线", "Amend the route"),
        ),
    };
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        form.card.pad method="post" action=(address) novalidate {
            @match about { About::Kept(row) => { (of_version(visit, row.version)) } About::New(_) => { (hidden(&visit.mark)) } }
            // what the enter key presses
            button.sr tabindex="-1" aria-hidden="true" { (visit.say("保存", "Save")) }
            div.sheet {
                @if let Some(name) = field(FIELDS, "name") { (sheet.draw(name, true)) }
                (inspector(visit, &sheet, offered))
                (stops(visit, &sheet))
            }
            div.dock {
                button.btn.go { (visit.say("保存", "Save")) kbd { "Ctrl+S" } }
                a.btn href=(back) { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Inspections),
        way: way(visit),
        ..Page::new(titled(visit, title, fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// Who may go a route, and what each is called. Whoever goes it stays to be chosen, though out of the
/// reader's reach: the route's page names them too.
async fn inspectors(
    state: &AppState,
    visit: &Visit,
    about: About<'_>,
) -> Result<Vec<(String, String)>> {
    let read = state.ledger.read(&visit.actor);
    let mut accounts = read.accounts_over(about.area()).await?;
    accounts.retain(|account| may_go(account, about.area()));
    let named = |account: &account::Model| {
        let role = visit.text(account.role.label());
        (account.id.to_string(), format!("{}（{role}）", account.name))
    };
    let mut offered: Vec<_> = accounts.iter().map(named).collect();
    if let About::Kept(row) = about
        && !accounts.iter().any(|account| account.id == row.account_id)
    {
        let kept = read.account_names(vec![row.account_id]).await?;
        offered.extend(kept.into_iter().map(|(id, name)| (id.to_string(), name)));
    }
    Ok(offered)
}

fn inspector(visit: &Visit, sheet: &Sheet<'_>, offered: Vec<(String, String)>) -> Markup {
    let control = choice(
        "account",
        Some(visit.say("请选择", "choose")),
        offered,
        sheet.typed.text("account"),
    );
    let hint =
        visit.say("管辖这里、可登记巡查的账号", "accounts in charge here that record inspections");
    sheet.around(("account", visit.say("巡查员 *", "Inspector *"), hint), &control)
}

fn stops(visit: &Visit, sheet: &Sheet<'_>) -> Markup {
    let most = limits::ROUTE_STOPS.to_string();
    let hint = [
        visit.say(
            "每行一个，从出发到结束；最多 ",
            "a line each, from the first to the last; at most ",
        ),
        &most,
        visit.say(" 项", ""),
    ]
    .concat();
    let label = visit.say("依次巡查的资产编号 *", "Codes of assets, in their order *");
    let control = html! {
        textarea #f-stops name="stops" rows="10" { (sheet.typed.text("stops")) }
        label.mt { input type="checkbox" name="short" value="yes" checked[!sheet.typed.text("short").is_empty()]; " " (visit.say("从第一项起，按就近排好次序", "Put them in a short order, from the first one on")) }
    };
    sheet.around(("stops", label, &hint), &control)
}

/// What a form says of a route.
fn said(row: &Model, form: &Form) -> Result<Model> {
    let mut row = row.clone();
    let mut wrong = fields::set(FIELDS, &mut row, form, |field| field.change == Change::Amend);
    match form.number("account") {
        Some(id) => row.account_id = AccountId(id),
        None => wrong.push(Mistake::missing("account", Label::new("巡查员", "inspector"))),
    }
    wrong.into_result()?;
    Ok(row)
}

fn order(form: &Form) -> Order {
    if form.has("short") { Order::Short } else { Order::Given }
}

async fn send_new(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::MakeRoute)?;
    let done = async {
        let row = said(&blank(AccountId(0)), &form)?;
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row.id, "saved"));
        let made = app::inspection_route::make(&ledger, &visit.actor, row, order(&form)).await?;
        Ok(place_of(made.id, "saved"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => {
            let area = word(&visit, "area").parse().unwrap_or(visit.area());
            let typed = Typed::sent(&form);
            Ok(drawn(&state, &visit, About::New(area), (&typed, Some(&fault))).await?)
        }
    }
}

async fn show_edit(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::AmendRoute)?;
    let row = found(&state, &visit, &id).await?;
    let mut typed = Typed::recorded(FIELDS, &row);
    typed.put("account", row.account_id.to_string());
    Ok(drawn(&state, &visit, About::Kept(&row), (&typed, None)).await?)
}

async fn send_edit(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::AmendRoute)?;
    let row = found(&state, &visit, &id).await?;
    let done = async {
        let named = (row.id, form.number("version").unwrap_or_default());
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row.id, "saved"));
        let change = |row: Model| said(&row, &form);
        app::inspection_route::amend(&ledger, &visit.actor, named, order(&form), change).await?;
        Ok(place_of(row.id, "saved"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => {
            let typed = Typed::sent(&form);
            Ok(drawn(&state, &visit, About::Kept(&row), (&typed, Some(&fault))).await?)
        }
    }
}

async fn send_end(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::EndRoute)?;
    let row = found(&state, &visit, &id).await?;
    let named = (row.id, form.number("version").unwrap_or_default());
    let ledger = form.once(&state.ledger, |row: &Model| place_of(row.id, "saved"));
    let done = app::inspection_route::end(&ledger, &visit.actor, named, form.one("reason")).await;
    let done = done.map(|row| place_of(row.id, "saved")).map_err(about_reason);
    led(done)?
}
