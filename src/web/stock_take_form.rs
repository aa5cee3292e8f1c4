//! The forms of stock-takes: opening one, counting its lines, signing it.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use entity::{
    area::AreaCode,
    asset::UseState,
    id::StockLineId,
    language::{Label, Sentence},
    stock_line::{self, Outcome},
    stock_take::{Model, State as Stage},
};
use maud::{Markup, html};

use super::{
    act::led,
    fields::{Sheet, Typed},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    offered::Areas,
    parts::{Tone, choice, coded, done, fact, grouped, mistakes, note, scrolled, titled},
    stock_take::{first_area, found, named, of, recorded, turned, way, word},
    visit::{Visit, at},
};
use crate::{
    app::{
        self,
        place::Places,
        stock_take::{Told, Which},
    },
    domain::{
        field::{FieldValue, Reading},
        mistake::{Mistake, Mistakes},
        permission::Action,
        short_code::ShortCode,
        stock_take::{Said, years},
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/stock-takes/new", get(show_new).post(send_new))
        .route("/stock-takes/{id}/count", get(show_count).post(send_count))
        .route("/stock-takes/{id}/sign", get(show_sign).post(send_sign))
}

fn place_of(row: &Model, done: &str) -> String {
    at(&format!("/stock-takes/{}", row.id), [("done", done)])
}

async fn show_new(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::OpenStockTake)?;
    let mut typed = Typed::default();
    typed.put("area", first_area(&visit).to_string());
    let year = word(&visit, "year");
    typed
        .put("year", if year.is_empty() { years(visit.today)[0].to_string() } else { year.into() });
    Ok(drawn_new(&state, &visit, &typed, None).await?)
}

async fn drawn_new(
    state: &AppState,
    visit: &Visit,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let areas = Areas::of(state, visit, None).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let choices = years(visit.today).map(|year| (year.to_string(), year.to_string()));
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        form.card.pad method="post" action="/stock-takes/new" novalidate {
            (hidden(&visit.mark))
            p { (visit.say(
                "按今天的台账列出这个村在册的全部资产，作为盘点范围；以后登记、移交的资产不改变本次范围。",
                "Every asset that stands on the ledger there today is what the stock-take expects; whatever is registered or moved later changes nothing of it.",
            )) }
            div.sheet {
                (sheet.around(("area", visit.say("哪个村（或乡镇本级）*", "Which village, or what a town holds itself *"), ""), &areas.draw_or_type(&sheet)))
                (sheet.around(("year", visit.say("盘点年度*", "Year *"), ""), &choice("year", None, choices, typed.text("year"))))
            }
            div.dock {
                button.btn.go { (visit.say("开始盘点", "Open it")) }
                a.btn href="/stock-takes" { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    let shown = Page {
        place: Some(Place::StockTakes),
        way: way(visit),
        ..Page::new(titled(visit, visit.say("开始盘点", "Open a stock-take"), fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

async fn send_new(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::OpenStockTake)?;
    let done = async {
        let mut mistakes = Mistakes::default();
        let area = form.one("area").parse::<AreaCode>().ok();
        if area.is_none() {
            mistakes.push(Mistake::missing("area", Label::new("村", "place")));
        }
        let year = form.one("year").parse::<i32>().ok();
        if year.is_none() {
            mistakes.push(Mistake::missing("year", Label::new("盘点年度", "year")));
        }
        mistakes.into_result()?;
        let ledger = form.once(&state.ledger, |row: &Model| place_of(row, "open"));
        let (area, year) = (area.unwrap_or(visit.area()), year.unwrap_or_default());
        let opened = app::stock_take::open(&ledger, &visit.actor, area, year).await?;
        Ok(place_of(&opened, "open"))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => Ok(drawn_new(&state, &visit, &Typed::sent(&form), Some(&fault)).await?),
    }
}

async fn show_count(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::CountStock)?;
    let row = found(&state, &visit, &id).await?;
    let after = word(&visit, "after").parse().unwrap_or(0);
    Ok(drawn_count(&state, &visit, (&row, after), &Typed::default(), None).await?)
}

async fn drawn_count(
    state: &AppState,
    visit: &Visit,
    (row, after): (&Model, i32),
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let lines = read.stock_lines(row.id, after, limits::STOCK_LINES_SHOWN).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, [row.area_code]).await?;
    let path = format!("/stock-takes/{}", row.id);
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let hint = visit.say(
        "照标牌输入，空格或换行隔开；都登记为账实相符",
        "as the plates say, with spaces between; all of them are found",
    );
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if word(visit, "done") == "count" && fault.is_none() { (done(visit.say("已登记", "Counted"))) }
        @if row.state != Stage::Counting {
            (note(Tone::Idle, &html! { (visit.say("这次盘点已经签认，不能再改。", "This stock-take is signed and stands.")) }))
        } @else {
            form.card method="post" action={ (path) "/count" } novalidate {
                (hidden(&visit.mark))
                input type="hidden" name="after" value=(after);
                div.pad {
                    (sheet.around(("codes", visit.say("标牌短码", "Short codes of plates"), hint), &html! {
                        textarea #f-codes name="codes" rows="2" autocapitalize="characters" autocomplete="off" { (typed.text("codes")) }
                    }))
                }
                (scrolled(visit.say("盘点明细，可滚动", "Line by line; scrolls"), &asked_lines(state, visit, &lines, typed)))
                div.dock {
                    button.btn.go { (visit.say("保存这一页", "Save this page")) }
                    a.btn href={ (path) "/unexpected" } { (visit.say("账上没有的", "Not on the ledger")) }
                    a.btn href=(path) { (visit.say("先不填了", "Leave it")) }
                }
            }
            (turned(visit, &format!("{path}/count"), (after, &lines), row.n_expected))
        }
    };
    let title = visit.say("登记盘点", "Count");
    let mut way = way(visit);
    way.push((path, named(visit, row, &places)));
    let counted = row.n_expected - row.n_left();
    let shown = Page {
        place: Some(Place::StockTakes),
        way,
        below: format!("{} {counted} / {}", visit.say("已盘", "counted"), row.n_expected),
        ..Page::new(titled(visit, title, fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// The name of what a form asks of a line.
fn asks(what: &str, line: StockLineId) -> String {
    format!("{what}-{line}")
}

/// What stands in a field of a line: what was typed, else what is recorded.
fn standing(typed: &Typed, name: &str, recorded: impl Into<String>) -> String {
    if typed.has(name) { typed.text(name).to_owned() } else { recorded.into() }
}

fn asked_lines(
    state: &AppState,
    visit: &Visit,
    lines: &[stock_line::Model],
    typed: &Typed,
) -> Markup {
    let select = |name: &str, label: String, nothing: &str, choices, chosen: &str| {
        html! {
            select name=(name) aria-label=(label) {
                option value="" { (nothing) }
                @for (code, words) in coded(&visit.manner, choices) {
                    option value=(code) selected[code == chosen] { (words) }
                }
            }
        }
    };
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (visit.say("账面状态", "On the ledger")) }
                th scope="col" { (visit.say("盘点结果", "Result")) }
                th scope="col" { (visit.say("实际状态（不符时选）", "As seen, where it differs")) }
                th scope="col" { (visit.say("说明", "Note")) }
            } }
            tbody { @for line in lines {
                @let names = ["o", "s", "n", "v"].map(|what| asks(what, line.id));
                @let outcome = standing(typed, &names[0], line.outcome.map_or("", Outcome::code));
                @let seen = standing(typed, &names[1], line.seen_state.map_or("", UseState::code));
                @let said = standing(typed, &names[2], line.note.clone().unwrap_or_default());
                tr {
                    th scope="row" {
                        (line.place) ". " (line.name)
                        @if let Some(code) = state.ledger.short_code(line.asset_id) { " " span.mut.sm { (code) } }
                        input type="hidden" name=(names[3]) value=(line.version);
                    }
                    td data-l=(visit.say("账面状态", "On the ledger")) { (recorded(visit, line)) }
                    td data-l=(visit.say("盘点结果", "Result")) {
                        (select(&names[0], format!("{} {}", visit.say("盘点结果", "Result"), line.name), visit.say("未盘", "not counted"), Outcome::CHOICES, &outcome))
                    }
                    td data-l=(visit.say("实际状态", "As seen")) {
                        (select(&names[1], format!("{} {}", visit.say("实际状态", "As seen"), line.name), "—", UseState::CHOICES, &seen))
                    }
                    td data-l=(visit.say("说明", "Note")) {
                        input name=(names[2]) value=(said) maxlength=(limits::REASON_LENGTH) autocomplete="off"
                            aria-label={ (visit.say("说明", "Note")) " " (line.name) };
                    }
                }
            } }
        }
    }
}

/// What a form says of the lines on it: of each that is to be another than it is.
async fn said_lines(state: &AppState, visit: &Visit, form: &Form) -> Result<Vec<Told>> {
    let mut mistakes = Mistakes::default();
    let versions = form.all().filter_map(|(name, version)| {
        let id = name.strip_prefix("v-")?.parse().ok().map(StockLineId)?;
        Some((id, version.parse::<i64>().ok()?))
    });
    let versions: Vec<(StockLineId, i64)> = versions.collect();
    let ids: Vec<StockLineId> = versions.iter().map(|(id, _)| *id).collect();
    let lines = state.ledger.read(&visit.actor).some::<stock_line::Entity>(&ids).await?;
    let mut told = Vec::new();
    for (id, version) in versions {
        let text = |what: &str| form.one(&asks(what, id)).to_owned();
        let (outcome, seen, said) = (text("o"), text("s"), text("n"));
        if outcome.is_empty() {
            if !seen.is_empty() || !said.is_empty() {
                let expected = Sentence::new(
                    "填了状态或说明的，须选盘点结果",
                    "choose a result where a state or a note is given",
                );
                mistakes.push(Mistake::new("", &said, expected));
            }
            continue;
        }
        let outcome = Outcome::read(Some(&outcome), Reading::default());
        let seen_state = Option::<UseState>::read(
            Some(&*seen).filter(|text| !text.is_empty()),
            Reading::default(),
        );
        let (outcome, seen_state) = match (outcome, seen_state) {
            (Ok(outcome), Ok(seen)) => (outcome, seen),
            (Err(expected), _) | (_, Err(expected)) => {
                mistakes.push(Mistake::new("", &text("o"), expected));
                continue;
            }
        };
        let said = Said { outcome, seen_state, note: Some(said).filter(|text| !text.is_empty()) };
        let stands = lines.iter().any(|line| {
            let now = (line.outcome, line.seen_state, &line.note);
            line.id == id && now == (Some(said.outcome), said.seen_state, &said.note)
        });
        if !stands {
            told.push(Told { which: Which::Line(id, version), named: id.to_string(), said });
        }
    }
    told.extend(said_codes(state, form, &mut mistakes));
    mistakes.into_result()?;
    Ok(told)
}

/// The lines that a form names by the short codes of their plates.
fn said_codes(state: &AppState, form: &Form, mistakes: &mut Mistakes) -> Vec<Told> {
    let text = form.text("codes");
    let codes = text.split(|one: char| one.is_whitespace() || ",，;；、".contains(one));
    let mut told: Vec<Told> = Vec::new();
    for code in codes.filter(|code| !code.is_empty()) {
        let Ok(known) = ShortCode::read(code) else {
            let expected = Sentence::new(
                "标牌短码：应为六位，如 7K3-M2Q；请对照标牌再看",
                "a short code has six signs, such as 7K3-M2Q: look at the plate again",
            );
            mistakes.push(Mistake::new("codes", code, expected));
            continue;
        };
        let which = Which::Asset(state.ledger.asset_of(known));
        // a code that was typed twice says nothing more
        if told.iter().all(|one| one.which != which) {
            told.push(Told { which, named: code.to_owned(), said: Said::FOUND });
        }
    }
    told
}

async fn send_count(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::CountStock)?;
    let row = found(&state, &visit, &id).await?;
    let after = form.one("after").parse::<i32>().unwrap_or(0);
    let shown = i32::try_from(limits::STOCK_LINES_SHOWN).unwrap_or(i32::MAX);
    let next = move |row: &Model| {
        if row.n_left() == 0 {
            return place_of(row, "count");
        }
        let last = after.saturating_add(shown);
        let place = if last < row.n_expected { last } else { 0 };
        let words = [("after", &*place.to_string()), ("done", "count")];
        at(&format!("/stock-takes/{}/count", row.id), words)
    };
    let done = async {
        let told = said_lines(&state, &visit, &form).await?;
        if told.is_empty()
            && form.all().any(|(name, value)| name.starts_with("o-") && !value.is_empty())
        {
            // all of it stands already
            return Ok(next(&row));
        }
        let ledger = form.once(&state.ledger, next);
        let counted = app::stock_take::count(&ledger, &visit.actor, row.id, &told).await?;
        Ok(next(&counted))
    };
    match led(done.await)? {
        Ok(response) => Ok(response),
        Err(fault) => {
            let typed = Typed::sent(&form);
            Ok(drawn_count(&state, &visit, (&row, after), &typed, Some(&fault)).await?)
        }
    }
}

async fn show_sign(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::SignStockTake)?;
    let row = found(&state, &visit, &id).await?;
    Ok(drawn_sign(&state, &visit, &row, None).await?)
}

async fn drawn_sign(
    state: &AppState,
    visit: &Visit,
    row: &Model,
    fault: Option<&Fault>,
) -> Result<Response> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let mut places = Places::new(visit.today);
    places.learn(&read, [row.area_code]).await?;
    let path = format!("/stock-takes/{}", row.id);
    let heads = [
        visit.say("应有", "Expected"),
        visit.say("账实相符", "Found"),
        visit.say("盘亏", "Missing"),
        visit.say("状态不符", "In another state"),
        visit.say("盘盈", "Not on the ledger"),
    ];
    let left = row.n_left();
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        section.card {
            dl.desc { @for (head, n) in heads.into_iter().zip(of(row)) { (fact(head, &html! { (grouped(n)) })) } }
        }
        @if row.state != Stage::Counting {
            (note(Tone::Good, &html! { (visit.say("已经签认。", "It is signed.")) }))
        } @else if left > 0 {
            (note(Tone::Warning, &html! { (visit.say("还没有盘点的项数：", "Lines that are not counted yet: ")) b { (left) } }))
        } @else {
            form.card.pad.mt method="post" action={ (path) "/sign" } novalidate {
                (hidden(&visit.mark))
                input type="hidden" name="version" value=(row.version);
                p { (visit.say(
                    "签认后结果固定，不能再改；情况有变的另开始一次盘点，签认后取代本次。参加盘点的人不能签认。",
                    "What is signed stands; where things change, another stock-take takes its place. Nobody signs what they counted.",
                )) }
                div.dock {
                    button.btn.go { (visit.say("签认结果", "Sign the result")) }
                    a.btn href=(path) { (visit.say("再看看", "Look again")) }
                }
            }
        }
    };
    let mut way = way(visit);
    way.push((path, named(visit, row, &places)));
    let shown = Page {
        place: Some(Place::StockTakes),
        way,
        ..Page::new(titled(visit, visit.say("签认盘点", "Sign a stock-take"), fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

async fn send_sign(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::SignStockTake)?;
    let row = found(&state, &visit, &id).await?;
    let ledger = form.once(&state.ledger, |row: &Model| place_of(row, "sign"));
    let named = (row.id, form.number("version").unwrap_or_default());
    let signed = app::stock_take::sign(&ledger, &visit.actor, named).await;
    match led(signed.map(|row| place_of(&row, "sign")))? {
        Ok(response) => Ok(response),
        Err(fault) => Ok(drawn_sign(&state, &visit, &row, Some(&fault)).await?),
    }
}
