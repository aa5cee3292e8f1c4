//! Views of the list of assets that are kept under a name, and the columns that one's list shows.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use entity::{
    id::{AccountId, SavedViewId},
    saved_view::{Model, Seen},
};
use maud::{Markup, html};

use super::{
    asset,
    asset_column::name,
    asset_edit::is_for_the_sender,
    form::{Form, Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    parts::{Field, choice, coded, done, field, mistake_of, mistakes},
    visit::{Visit, at},
};
use crate::{
    app::{
        asset_column::{self, COLUMNS},
        saved_view::{self, Draft},
    },
    domain::permission::Action,
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
    store::Ledger,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/views", get(show).post(send_save))
        .route("/views/{id}", post(send_amend))
        .route("/views/{id}/begin", post(send_begin))
        .route("/views/{id}/withdraw", post(send_withdraw))
        .route("/assets/columns", get(columns).post(send_columns))
}

/// Where a view leads.
pub(super) fn address(view: &Model) -> String {
    let words = saved_view::words(view);
    let id = view.id.to_string();
    let words = words.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    at("/assets", words.chain([("view", id.as_str())]))
}

/// The words of a list that a page was asked with.
fn asked(visit: &Visit) -> Vec<(String, String)> {
    visit.query.iter().filter(|(word, _)| word != "done").cloned().collect()
}

/// Words as an address writes them.
fn written(words: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(words).finish()
}

fn read(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    drawn(&state, &visit, &written(&asked(&visit)), "", None).await
}

async fn drawn(
    state: &AppState,
    visit: &Visit,
    words: &str,
    typed: &str,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let views = saved_view::views(&state.ledger, &visit.actor).await?;
    let owners: Vec<AccountId> = views.iter().map(|view| view.account_id).collect();
    let owners = state.ledger.read(&visit.actor).account_names(owners).await?;
    let (own, shared): (Vec<_>, Vec<_>) =
        views.iter().partition(|view| Some(view.account_id) == visit.actor.account());
    let said = visit.query.iter().find(|(word, _)| word == "done").map_or("", |(_, said)| said);
    let body = html! {
        @match said {
            "saved" => { (done(visit.say("已保存。", "Saved."))) }
            "withdrawn" => { (done(visit.say("已撤下；留痕仍在。", "Taken away; the log keeps it."))) }
            _ => {}
        }
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        (saving(visit, words, typed, fault))
        section.card.mt {
            header { h2 { (visit.say("我的视图", "My views")) } }
            @if own.is_empty() { p.pad { (visit.say("还没有保存过视图。", "No view is saved yet.")) } }
            @for view in own { (owned(visit, view)) }
        }
        @if !shared.is_empty() {
            section.card.mt {
                header { h2 { (visit.say("别人共享的视图", "Views that others share")) } }
                @for view in shared {
                    div.pad.row {
                        a.b href=(address(view)) { (view.name) }
                        span.mut { (owners.get(&view.account_id).map_or("", String::as_str)) }
                        (button(visit, view, "begin", visit.say("作为我的默认", "Begin my list with it")))
                    }
                }
            }
        }
    };
    let title = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Assets),
        way: vec![("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned())],
        ..Page::new(format!("{title}{}", visit.say("视图", "Views")), body)
    };
    Ok(page(visit, &around, shown))
}

/// Who may be shown a view of the visitor's.
fn seen_choice(visit: &Visit, id: &str, chosen: Seen) -> Markup {
    let may = visit.may(Action::ShareView);
    let choices = coded(&visit.manner, Seen::CHOICES);
    let choices = choices.filter(|(code, _)| may || code == chosen.code());
    let control = choice("seen_by", None, choices, chosen.code());
    html! {
        div.field { label for=(id) { (visit.say("谁能看到", "Who is shown it")) } (control) }
    }
}

/// The form that keeps the list that one comes from.
fn saving(visit: &Visit, words: &str, typed: &str, fault: Option<&Fault>) -> Markup {
    let mistake = mistake_of(visit, fault, "name");
    let name = html! {
        input #f-name name="name" value=(typed) maxlength=(limits::VIEW_NAME_LENGTH) aria-required="true";
    };
    let label = visit.say("名称", "Name");
    let hint = visit.say(
        "保存所选条件、排序和列。查找词可能是人名，不保存；别人打开时只看到自己管辖范围内的资产。",
        "Conditions, order and columns are kept. What was searched for may be a name and is not; whoever opens it sees the assets of their own area alone.",
    );
    html! {
        section.card {
            header { h2 { (visit.say("保存当前列表", "Save this list")) } a href=(format!("/assets?{words}")) { (visit.say("返回列表", "Back to the list")) } }
            form.pad.stacked method="post" action="/views" {
                (hidden(&visit.mark))
                input type="hidden" name="words" value=(words);
                p.mut.sm { (hint) }
                (field(&Field { name: "name", label, hint: "", mistake, is_required: true }, &name))
                (seen_choice(visit, "f-seen_by", Seen::Private))
                label { input type="checkbox" name="is_default" value="yes"; " " (visit.say("打开资产台账时先看它", "Begin my list with it")) }
                button.btn.go { (visit.say("保存视图", "Save the view")) }
            }
        }
    }
}

fn button(visit: &Visit, view: &Model, what: &str, words: &str) -> Markup {
    html! {
        form method="post" action={ "/views/" (view.id) "/" (what) } {
            (hidden(&visit.mark))
            button.btn.sm { (words) }
        }
    }
}

fn owned(visit: &Visit, view: &Model) -> Markup {
    let id = format!("n-{}", view.id);
    html! {
        div.pad {
            p.row {
                a.b href=(address(view)) { (view.name) }
                span.mut { (visit.text(view.seen_by.label())) }
                @if view.is_default { span.st.info { (visit.say("默认", "begun with")) } }
            }
            div.row {
                form.row method="post" action={ "/views/" (view.id) } {
                    (hidden(&visit.mark))
                    input type="hidden" name="version" value=(view.version);
                    label.sr for=(id) { (visit.say("名称", "Name")) }
                    input id=(id) name="name" value=(view.name) maxlength=(limits::VIEW_NAME_LENGTH);
                    select name="seen_by" aria-label=(visit.say("谁能看到", "Who is shown it")) {
                        @for (code, words) in coded(&visit.manner, Seen::CHOICES) {
                            @if visit.may(Action::ShareView) || code == view.seen_by.code() {
                                option value=(code) selected[code == view.seen_by.code()] { (words) }
                            }
                        }
                    }
                    button.btn.sm { (visit.say("改名或共享", "Rename or share")) }
                }
                @if !view.is_default { (button(visit, view, "begin", visit.say("作为默认", "Begin with it"))) }
                (button(visit, view, "withdraw", visit.say("撤下", "Take away")))
            }
        }
    }
}

/// Where one goes after an action, or the page again with what was wrong.
async fn answered(
    state: &AppState,
    visit: &Visit,
    form: &Form,
    place: &str,
    made: Result<Model>,
) -> Result<Response, Fault> {
    let error = match made {
        Ok(_) => return Ok(Redirect::to(place).into_response()),
        Err(error @ Error::Replayed(..)) => match replayed(error) {
            Ok(place) => return Ok(Redirect::to(&place).into_response()),
            Err(error) => error,
        },
        Err(error) => error,
    };
    let fault = Fault::from(error);
    if !is_for_the_sender(&fault) {
        return Err(fault);
    }
    let shown = drawn(state, visit, form.text("words"), form.text("name"), Some(&fault)).await?;
    Ok((fault.status, shown).into_response())
}

fn once(state: &AppState, form: &Form, place: &str) -> Ledger {
    let led = place.to_owned();
    form.once(&state.ledger, move |_: &Model| led.clone())
}

/// What a form says of a view.
fn draft(form: &Form) -> Result<Draft> {
    let seen_by = form.one("seen_by");
    Ok(Draft {
        name: Some(form.one("name").to_owned()),
        seen_by: (!seen_by.is_empty()).then(|| saved_view::seen_by(seen_by)).transpose()?,
        ..Draft::default()
    })
}

async fn send_save(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let words = read(form.text("words"));
    let place = at(
        "/views",
        words
            .iter()
            .map(|(word, value)| (word.as_str(), value.as_str()))
            .chain([("done", "saved")]),
    );
    let draft = draft(&form)?;
    let is_default = Some(form.has("is_default"));
    let draft = Draft { words: Some(words), is_default, ..draft };
    let made = saved_view::save(&once(&state, &form, &place), &visit.actor, draft).await;
    answered(&state, &visit, &form, &place, made).await
}

async fn send_amend(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let place = at("/views", [("done", "saved")]);
    let named = (SavedViewId(id), form.number("version").unwrap_or_default());
    let made =
        saved_view::amend(&once(&state, &form, &place), &visit.actor, named, draft(&form)?).await;
    answered(&state, &visit, &form, &place, made).await
}

async fn send_begin(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let place = at("/views", [("done", "saved")]);
    let ledger = once(&state, &form, &place);
    let made = saved_view::begin_with(&ledger, &visit.actor, SavedViewId(id)).await;
    answered(&state, &visit, &form, &place, made).await
}

async fn send_withdraw(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let place = at("/views", [("done", "withdrawn")]);
    let ledger = once(&state, &form, &place);
    let made = saved_view::withdraw(&ledger, &visit.actor, SavedViewId(id)).await;
    answered(&state, &visit, &form, &place, made).await
}

/// The columns to choose from: those that are shown first, each with its place.
async fn columns(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let shown = asset::columns(&visit.query)?;
    let words: Vec<_> =
        asked(&visit).into_iter().filter(|(word, _)| word != asset_column::WORD).collect();
    let around = Around::of(&state, &visit).await?;
    let others = COLUMNS.iter().filter(|one| shown.iter().all(|known| known.name != one.name));
    let all = shown.iter().copied().map(|one| (one, true)).chain(others.map(|one| (one, false)));
    let body = html! {
        form.card method="post" action="/assets/columns" {
            (hidden(&visit.mark))
            input type="hidden" name="words" value=(written(&words));
            p.pad.mut.sm { (visit.say(
                "勾选要看的列，按“次序”从小到大排列；最多 20 列。选好后，这个账号的列表、导出和打印都用这些列。页面上金额为万元，导出为元。",
                "Tick the columns to be shown, in the order of their numbers; 20 at most. From then on the list, its files and its print of this account have these columns. Amounts are in 10,000 yuan on pages and in yuan in files.",
            )) }
            div.sheet.pad {
                @for (n, (column, is_shown)) in all.enumerate().skip(1) {
                    @let id = format!("c-{}", column.name);
                    div.row {
                        input id=(id) type="checkbox" name="col" value=(column.name) checked[is_shown];
                        label for=(id) { (name(&visit, column)) }
                        input name={ "n-" (column.name) } value=(n) inputmode="numeric" size="2" maxlength="3"
                            aria-label={ (visit.say("次序：", "Place of ")) (name(&visit, column)) };
                    }
                }
            }
            div.pad.row {
                button.btn.go { (visit.say("按这些列显示", "Show these columns")) }
                button.btn name="usual" value="yes" { (visit.say("恢复常用列", "The usual columns")) }
            }
        }
    };
    let framed = Page {
        place: Some(Place::Assets),
        way: vec![("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned())],
        ..Page::new(visit.say("选择列", "Columns"), body)
    };
    Ok(page(&visit, &around, framed))
}

/// The columns that a form ticks, in the order of their numbers.
fn ticked(form: &Form) -> String {
    if form.has("usual") {
        return String::new();
    }
    let ticked = form.all().filter(|(name, _)| *name == "col").map(|(_, column)| column);
    let mut numbered: Vec<(i64, &str)> = ticked
        .map(|column| (form.number(&format!("n-{column}")).unwrap_or(i64::MAX), column))
        .collect();
    numbered.sort_by_key(|(n, _)| *n);
    std::iter::once("name")
        .chain(numbered.iter().map(|(_, column)| *column))
        .collect::<Vec<_>>()
        .join(",")
}

async fn send_columns(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let columns = ticked(&form);
    let words = read(form.text("words"));
    let words = words.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said = (!columns.is_empty()).then_some((asset_column::WORD, columns.as_str()));
    let place = at("/assets", words.chain(said));
    let ledger = once(&state, &form, &place);
    let name = visit.say("我的列表", "My list");
    match saved_view::keep_columns(&ledger, &visit.actor, &columns, name).await {
        Err(error) => Ok(Redirect::to(&replayed(error)?).into_response()),
        Ok(_) => Ok(Redirect::to(&place).into_response()),
    }
}
