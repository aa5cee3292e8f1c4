//! Splitting one asset into parts, and merging several that were chosen, or named by their codes.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use entity::{asset::Model, draft::Form as Which, id::AssetId, measure::Quantity, money::Money};
use maud::{Markup, html};

use super::{
    act::{Act, about_reason, card_of, is_stale, led, reason, sheet},
    draft::{self, Keeping, Of},
    fields::{Sheet, Typed},
    form::{Form, Sent, hidden},
    frame::{Around, Page, Place, page},
    parts::{Tone, mistakes, note, scrolled},
    selection::Choice,
    stylesheet::KEEP,
    visit::{Visit, at},
};
use crate::{
    app,
    domain::{
        asset::division::Part,
        field::{FieldValue, Reading},
        mistake::{Mistake, Mistakes},
        permission::Action,
        refusal::Refusal,
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/assets/{code}/split", get(show_split).post(split))
        .route("/assets/merge", get(show_merger).post(merge))
}

/// The form of a merger, of which drafts are kept.
const MERGE: Of<'static> = Of(Which::Merge, "");
/// Rows with which the form of a split begins.
const PARTS: usize = 3;

fn n_parts(typed: &Typed) -> usize {
    let n = typed.text("parts").trim().parse().ok();
    n.unwrap_or(PARTS).clamp(PARTS, limits::SPLIT_PARTS)
}

async fn show_split(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    visit.actor.require(Action::SplitAsset)?;
    let asset = state.ledger.read(&visit.actor).asset(&code).await?;
    let (keeping, kept) = Keeping::opened(&state, &visit, Of(Which::Split, &asset.code)).await?;
    let begun = || {
        let mut typed = Typed::default();
        for n in 0..2 {
            typed.put(&format!("p{n}-name"), format!("{}（{}）", asset.name, n + 1));
        }
        typed
    };
    let typed = kept.map_or_else(begun, |fields| Typed::of(&fields));
    let version = typed.text("version").parse().unwrap_or(asset.version);
    let typed = (&typed, n_parts(&typed));
    Ok(split_form(&state, &visit, (&asset, version, &keeping), typed, None).await?)
}

async fn split_form(
    state: &AppState,
    visit: &Visit,
    (asset, version, keeping): (&Model, i64, &Keeping),
    (typed, n): (&Typed, usize),
    fault: Option<&Fault>,
) -> Result<Response> {
    let act = Act {
        asset,
        path: "split",
        title: visit.say("拆分资产", "Split the asset"),
        does: visit.say(
            "原资产退出台账，几个部分各得新编号。各部分原值之和必须等于原资产原值，一分不差；资金来源、决算等按原值比例分；权属和在任的管护责任随各部分继续。",
            "The asset leaves the books and each part gets a code of its own. The values of the parts must come to its value to the fen; sources and other amounts are divided by them; title and running duties go on for every part.",
        ),
        button: visit.say("拆分", "Split"),
        version,
        fault,
        keeping: Some(keeping),
    };
    let sheet = sheet(visit, typed, fault, None);
    let whole = asset.original_value.map(Money::grouped);
    let fields = html! {
        input type="hidden" name="parts" value=(n);
        p { (visit.say("原资产原值：", "Value of the whole: ")) @match &whole {
            Some(value) => { b { (value) } (visit.say(" 元", " yuan")) }
            None => { span.t-bad { (visit.say("没有登记，不能拆分", "not recorded: it cannot be split")) } }
        } }
        @for n in 0..n { (part(visit, &sheet, n)) }
        p { button.btn name="then" value="more" { (visit.say("再加一部分", "One more part")) } }
        div.sheet { (reason(visit, &sheet)) }
    };
    act.drawn(state, visit, &fields).await
}

fn part(visit: &Visit, sheet: &Sheet<'_>, n: usize) -> Markup {
    let input = |name: &str, mode: Option<&str>, most: usize| {
        html! {
            input id={ "f-" (name) } name=(name) inputmode=[mode] value=(sheet.typed.text(name)) maxlength=(most);
        }
    };
    let [name, value, size] =
        ["name", "original_value", "quantity"].map(|field| format!("p{n}-{field}"));
    html! {
        div.sheet role="group" aria-label={ (visit.say("部分 ", "Part ")) (n + 1) } {
            (sheet.around((&name, visit.say("名称", "Name"), ""), &input(&name, None, limits::NAME_LENGTH)))
            (sheet.around((&value, visit.say("原值（元）", "Value (yuan)"), ""), &input(&value, Some("decimal"), 30)))
            (sheet.around((&size, visit.say("数量", "Quantity"), ""), &input(&size, Some("decimal"), 30)))
        }
    }
}

/// The parts that a form names; empty rows are none.
fn parts(form: &Form, n: usize) -> Result<Vec<Part>> {
    let mut mistakes = Mistakes::default();
    let mut parts = Vec::new();
    for n in 0..n {
        let names = ["name", "original_value", "quantity"].map(|field| format!("p{n}-{field}"));
        let [name, value, size] = names.each_ref().map(|name| form.one(name));
        if value.is_empty() && size.is_empty() {
            continue;
        }
        if name.is_empty() || name.chars().count() > limits::NAME_LENGTH {
            let (zh, en) = ("名称应为 1 至 100 字", "a name of 1 to 100 characters");
            let expected = entity::language::Sentence::new(zh, en);
            mistakes.push(Mistake::new(names[0].clone(), name, expected));
        }
        let how = Reading::default();
        let original_value = Money::read(Some(value).filter(|text| !text.is_empty()), how)
            .unwrap_or_else(|expected| {
                mistakes.push(Mistake::new(names[1].clone(), value, expected));
                Money::ZERO
            });
        let quantity = Option::<Quantity>::read(Some(size).filter(|text| !text.is_empty()), how)
            .unwrap_or_else(|expected| {
                mistakes.push(Mistake::new(names[2].clone(), size, expected));
                None
            });
        parts.push(Part { name: name.to_owned(), original_value, quantity });
    }
    mistakes.into_result()?;
    Ok(parts)
}

async fn split(
    State(state): State<AppState>,
    Path(code): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::SplitAsset)?;
    let asset = state.ledger.read(&visit.actor).asset(&code).await?;
    let typed = Typed::sent(&form);
    let n = n_parts(&typed);
    let read = form.number("version").unwrap_or_default();
    let keeping = Keeping::sent(&form, Of(Which::Split, &asset.code));
    if form.one("then") == "more" {
        let n = (n + 1).min(limits::SPLIT_PARTS);
        let named = (&asset, read, &keeping);
        return Ok(split_form(&state, &visit, named, (&typed, n), None).await?);
    }
    // the parts are what was changed last there
    let area = asset.area_code.to_string();
    let place = at("/assets", [("area", area.as_str()), ("sort", "-updated_at")]);
    let done = async {
        let parts = parts(&form, n)?;
        let led = place.clone();
        let ledger = form.once(&state.ledger, move |_: &Vec<Model>| led.clone());
        let reason = form.one("reason");
        let split = app::asset::split(&ledger, &visit.actor, (asset.id, read), &parts, reason);
        split.await.map_err(about_reason)?;
        Ok(place)
    };
    let fault = match led(done.await)? {
        Ok(response) => {
            draft::forget(&state, &visit, &form).await;
            return Ok(response);
        }
        Err(fault) => fault,
    };
    let version = if is_stale(&fault) { asset.version } else { read };
    let named = (&asset, version, &keeping);
    Ok(split_form(&state, &visit, named, (&typed, n), Some(&fault)).await?)
}

async fn show_merger(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::MergeAssets)?;
    let (keeping, kept) = Keeping::opened(&state, &visit, MERGE).await?;
    if let Some(fields) = kept {
        let read = read_before(fields.iter().map(|(name, text)| (&**name, &**text)));
        let assets = read_again(&state, &visit, &read).await?;
        let typed = Typed::of(&fields);
        return Ok(merger_form(&state, &visit, (&assets, &keeping), &typed, None).await?);
    }
    let words = || visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let assets = match Choice::read(words()) {
        Choice::Codes(codes) if codes.is_empty() => Vec::new(),
        choice => choice.assets(&state, &visit, limits::SPLIT_PARTS).await?.assets,
    };
    let mut typed = Typed::default();
    typed.put("name", assets.first().map_or("", |asset| asset.name.as_str()));
    Ok(merger_form(&state, &visit, (&assets, &keeping), &typed, None).await?)
}

async fn merger_form(
    state: &AppState,
    visit: &Visit,
    (assets, keeping): (&[Model], &Keeping),
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response> {
    let sheet = sheet(visit, typed, fault, None);
    let name = html! { input #f-name name="name" value=(typed.text("name")) maxlength=(limits::NAME_LENGTH) aria-required="true"; };
    let codes = html! { input #f-codes name="codes" value=(typed.text("codes")) maxlength=(limits::TEXT_LENGTH); };
    let total = Money::total(assets.iter().filter_map(|asset| asset.original_value));
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        (note(Tone::Idle, &html! { (visit.say(
            "几项资产退出台账，合为一项、得一个新编号。只有类别、子类、所在村相同的才能合并；原值和资金来源相加，一分不差；权属相同的保留，不同的转为确权中；共同的管护责任继续。",
            "These assets leave the books and become one with a code of its own. Only assets of one class, subclass and village can be merged; values and sources are added to the fen; a title they share stays, else it is in progress; duties they share go on.",
        )) }))
        (keeping.above(visit))
        form.card.pad.mt method="post" action="/assets/merge" novalidate data-draft {
            (hidden(&visit.mark))
            (keeping.hidden())
            @for asset in assets { input type="hidden" name="read" value={ (asset.id) ":" (asset.version) }; }
            button.sr tabindex="-1" aria-hidden="true" { (visit.say("合并", "Merge")) }
            @if !assets.is_empty() {
                (scrolled(visit.say("要合并的资产", "Assets to merge"), &html! { table.cards {
                    thead { tr { th scope="col" { (visit.say("资产", "Asset")) } th.num scope="col" { (visit.say("原值（元）", "Value (yuan)")) } } }
                    tbody { @for asset in assets { tr {
                        th scope="row" { a.b href={ "/assets/" (asset.code) } { (asset.name) } small { (asset.code) " " (asset.subclass.map_or("", |one| visit.text(one.label()))) } }
                        td.num data-l=(visit.say("原值（元）", "Value (yuan)")) { (asset.original_value.map(Money::grouped).unwrap_or_default()) }
                    } } }
                    tfoot { tr { th scope="row" { (visit.say("合计", "Total")) } td.num { (total.map(Money::grouped).unwrap_or_default()) } } }
                } }))
            }
            div.sheet.mt {
                (sheet.around(("codes", visit.say("再加入的资产编号（多个用逗号隔开）", "Codes of more assets, with commas between"), ""), &codes))
                (sheet.around(("name", visit.say("合并后的名称 *", "Name of the whole *"), ""), &name))
                (reason(visit, &sheet))
            }
            div.dock {
                button.btn.go { (visit.say("合并", "Merge")) }
                button.btn name="then" value="add" { (visit.say("先看看加入的资产", "Show the assets first")) }
                (draft::button(visit))
                a.btn href="/assets" { (visit.say("不合并了", "Leave it")) }
            }
        }
    };
    let wrong = if fault.is_some() { visit.say("错误：", "Error: ") } else { "" };
    let shown = Page {
        place: Some(Place::Assets),
        way: vec![("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned())],
        script: Some(&KEEP),
        ..Page::new(format!("{wrong}{}", visit.say("合并资产", "Merge assets")), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &Around::of(state, visit).await?, shown)).into_response())
}

/// What was read of the assets: id and version.
fn read_before<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(AssetId, i64)> {
    let read = fields.filter(|(name, _)| *name == "read");
    let pairs = read.filter_map(|(_, text)| {
        let (id, version) = text.split_once(':')?;
        Some((AssetId(id.parse().ok()?), version.parse().ok()?))
    });
    pairs.take(limits::SPLIT_PARTS + 1).collect()
}

/// The assets that were read, as they are now.
async fn read_again(
    state: &AppState,
    visit: &Visit,
    read: &[(AssetId, i64)],
) -> Result<Vec<Model>> {
    let ids: Vec<AssetId> = read.iter().map(|(id, _)| *id).collect();
    let found = state.ledger.read(&visit.actor).dossiers(&ids).await?;
    Ok(found.into_iter().map(|one| one.asset).collect())
}

/// Assets that are named by their codes.
async fn coded(state: &AppState, visit: &Visit, text: &str) -> Result<Vec<Model>> {
    let codes = text.split([',', '，', '、', ' ']).map(str::trim).filter(|code| !code.is_empty());
    let mut codes: Vec<String> = codes.map(str::to_owned).collect();
    codes.sort();
    codes.dedup();
    if codes.len() > limits::SPLIT_PARTS {
        return Err(Refusal::too_many(limits::SPLIT_PARTS).into());
    }
    let found = state.ledger.read(&visit.actor).assets_coded(&codes).await?;
    let unknown = codes.iter().find(|code| found.iter().all(|asset| asset.code != **code));
    match unknown {
        Some(code) => {
            let expected = entity::language::Sentence::new(
                format!("没有编号为 {code} 的资产"),
                format!("there is no asset of the code {code}"),
            );
            Err(Mistakes(vec![Mistake::new("codes", code, expected)]).into())
        }
        None => Ok(found),
    }
}

async fn merge(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::MergeAssets)?;
    let read = read_before(form.all());
    let mut assets = read_again(&state, &visit, &read).await?;
    let keeping = Keeping::sent(&form, MERGE);
    let typed = Typed::sent(&form);
    let added = coded(&state, &visit, form.one("codes")).await;
    let is_asked = form.one("then") == "add";
    let done = async {
        let mut named = read.clone();
        for asset in added? {
            if named.iter().all(|(id, _)| *id != asset.id) {
                named.push((asset.id, asset.version));
                assets.push(asset);
            }
        }
        if is_asked {
            return Ok(None);
        }
        if form.one("name").is_empty() {
            let label = entity::language::Label::new("合并后的名称", "name of the whole");
            return Err(Mistakes(vec![Mistake::missing("name", label)]).into());
        }
        let place = |made: &Model| card_of(&made.code, "merged");
        let ledger = form.once(&state.ledger, place);
        let (name, reason) = (form.one("name"), form.one("reason"));
        let merged = app::asset::merge(&ledger, &visit.actor, &named, name, reason).await;
        Ok(Some(place(&merged.map_err(about_reason)?)))
    };
    let place = match done.await {
        Ok(Some(place)) => Ok(place),
        Ok(None) => {
            let mut typed = typed;
            typed.put("codes", "");
            return Ok(merger_form(&state, &visit, (&assets, &keeping), &typed, None).await?);
        }
        Err(error) => Err(error),
    };
    let fault = match led(place)? {
        Ok(response) => {
            draft::forget(&state, &visit, &form).await;
            return Ok(response);
        }
        Err(fault) => fault,
    };
    Ok(merger_form(&state, &visit, (&assets, &keeping), &typed, Some(&fault)).await?)
}
