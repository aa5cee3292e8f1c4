//! 合同: those there are, and one of them with what it asks to be paid, period by period.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    asset,
    contract::{Entity, Kind, Model},
    contract_due,
    id::{AssetId, ContractId},
    money::Money,
};
use maud::{Markup, html};

use super::{
    budget::{told_yuan, ways_of, word, yuan},
    contract_form::ending,
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{Field, Tone, badge, choice, coded, done, fact, field, nothing, scrolled},
    party,
    visit::{Visit, at},
};
use crate::{
    app::{card::Card, place::Places},
    domain::{
        contract::{FIELDS, payer, running},
        field::Value,
        mistake::Mistakes,
        permission::Action,
        title::Party,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    store::{Read, list::List, vault::Named},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/contracts", get(list)).route("/contracts/{id}", get(one))
}

/// The way to what is told here.
pub(super) fn way(visit: &Visit) -> Vec<(String, String)> {
    vec![("/contracts".to_owned(), visit.say("合同", "Contracts").to_owned())]
}

/// The page of a contract; where something was just done to it, said so.
pub(super) fn place_of(id: ContractId, done: &str) -> String {
    let done = Some(("done", done)).filter(|(_, done)| !done.is_empty());
    at(&format!("/contracts/{id}"), done)
}

/// A contract that an address names.
pub(super) async fn found(state: &AppState, visit: &Visit, id: &str) -> Result<Model> {
    let id = ContractId(id.parse().unwrap_or(0));
    state.ledger.read(&visit.actor).get::<Entity>(id).await
}

/// What is told beside contracts: of which assets they are, where, and who pays.
struct Told {
    assets: HashMap<AssetId, asset::Model>,
    payers: HashMap<Party, Named>,
    places: Places,
}

impl Told {
    /// The same few queries, however many rows there are.
    async fn of(read: &Read<'_>, visit: &Visit, rows: &[Model]) -> Result<Told> {
        let ids: Vec<AssetId> = rows.iter().map(|row| row.asset_id).collect();
        let assets = read.some::<asset::Entity>(&ids).await?;
        let parties: Vec<Party> = rows.iter().filter_map(payer).collect();
        let mut places = Places::new(visit.today);
        places.learn(read, rows.iter().map(|row| row.area_code)).await?;
        Ok(Told {
            assets: assets.into_iter().map(|asset| (asset.id, asset)).collect(),
            payers: read.parties_masked(&parties).await?,
            places,
        })
    }

    /// Who pays; a person is masked.
    fn payer(&self, row: &Model) -> Markup {
        let Some(party) = payer(row) else { return html! { "—" } };
        let name = self.payers.get(&party).map_or("—", |named| named.name.as_str());
        html! { a href=(party::address(party)) { (name) } }
    }
}

/// Whether a contract runs today.
fn standing(visit: &Visit, row: &Model) -> Markup {
    if row.runs_on(visit.today) {
        return badge(Tone::Good, visit.say("履行中", "runs"));
    }
    if visit.today < row.starts_on {
        return badge(Tone::Idle, visit.say("未开始", "not begun"));
    }
    match row.end_reason {
        Some(_) => badge(Tone::Idle, visit.say("已终止", "ended early")),
        None => badge(Tone::Idle, visit.say("已到期", "over")),
    }
}

fn asked(visit: &Visit) -> Result<List<Entity>> {
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said =
        said.filter(|(word, value)| !["before", "done"].contains(word) && !value.trim().is_empty());
    let mut list = List::read(said)?;
    if !word(visit, "before").is_empty() {
        let back = list.go_back(word(visit, "before"));
        back.map_err(|mistake| Error::from(Mistakes(vec![mistake])))?;
    }
    Ok(list)
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let list = asked(&visit)?;
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let listing = read.list(&list).await?;
    let told = Told::of(&read, &visit, &listing.rows).await?;
    let name = visit.say("合同", "Contracts");
    let body = html! {
        section.card aria-label=(name) {
            (filters(&visit))
            @if listing.rows.is_empty() { (none(&visit)) }
            @else {
                (scrolled(visit.say("合同，可滚动", "Contracts; scrolls"), &table(&visit, &listing.rows, &told)))
                (ways_of(&visit, &listing))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Contracts),
        beside: html! { @if visit.may(Action::ConcludeContract) {
            a.btn.go href="/contracts/new" { (icon(Icon::Add)) (visit.say("登记合同", "Conclude a contract")) }
        } },
        ..Page::new(name, body)
    };
    Ok(page(&visit, &around, shown))
}

fn none(visit: &Visit) -> Markup {
    if visit.query.iter().any(|(_, value)| !value.is_empty()) {
        let way = ("/contracts", visit.say("看全部合同", "All contracts"));
        return nothing(visit.say("没有符合条件的合同。", "No contract is like that."), Some(way));
    }
    let way = visit
        .may(Action::ConcludeContract)
        .then(|| ("/contracts/new", visit.say("登记第一份", "Conclude the first one")));
    nothing(visit.say("还没有登记合同。", "There is no contract yet."), way)
}

fn filters(visit: &Visit) -> Markup {
    let shape = |name, label| Field { name, label, hint: "", mistake: None, is_required: false };
    let all = Some(visit.say("全部", "all"));
    let truths = [("yes", ("履行中", "those that run")), ("no", ("其他", "others"))];
    let truths = truths.map(|(code, (zh, en))| (code.to_owned(), visit.say(zh, en).to_owned()));
    html! {
        form.filters action="/contracts" {
            @for name in ["area", "asset", "organization", "person"] {
                @if !word(visit, name).is_empty() { input type="hidden" name=(name) value=(word(visit, name)); }
            }
            (field(&shape("kind", visit.say("经营方式", "Way of operating")), &choice("kind", all, coded(&visit.manner, Kind::CHOICES), word(visit, "kind"))))
            (field(&shape("running", visit.say("状态", "State")), &choice("running", all, truths, word(visit, "running"))))
            (field(&shape("ending", visit.say("几天内到期", "Ends within days")), &html! {
                input #f-ending name="ending" type="number" min="0" max="3660" value=(word(visit, "ending"));
            }))
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/contracts" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

/// A table of contracts.
fn table(visit: &Visit, rows: &[Model], told: &Told) -> Markup {
    let heads = [
        visit.say("资产 / 所在地", "Asset / place"),
        visit.say("经营方式", "Way of operating"),
        visit.say("付款方", "Payer"),
        visit.say("起止", "Term"),
        visit.say("状态", "State"),
        visit.say("年租金或本金（元）", "Yearly rent or principal (yuan)"),
    ];
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("合同编号", "Number")) }
                @for head in &heads[..5] { th scope="col" { (head) } }
                th.num scope="col" { (heads[5]) }
            } }
            tbody { @for row in rows { tr {
                th scope="row" { a.b href=(place_of(row.id, "")) { (row.contract_no) } }
                td data-l=(heads[0]) {
                    div { (asset_of(told, row)) small { (told.places.path_below(row.area_code, Some(visit.area()))) } }
                }
                td data-l=(heads[1]) { (visit.text(row.kind.label())) }
                td data-l=(heads[2]) { (told.payer(row)) }
                td data-l=(heads[3]) { div { span.nw { (row.starts_on) } " — " span.nw { (row.last_on) } } }
                td data-l=(heads[4]) { (standing(visit, row)) }
                td.num data-l=(heads[5]) { (yuan(if row.kind.is_claim() { row.principal } else { row.yearly_rent })) }
            } } }
        }
    }
}

fn asset_of(told: &Told, row: &Model) -> Markup {
    html! {
        @match told.assets.get(&row.asset_id) {
            Some(asset) => { a href={ "/assets/" (asset.code) "/contracts" } { (asset.name) } " " }
            None => { "— " }
        }
    }
}

/// The contracts of an asset on its card, the one that ends last first.
pub(super) async fn of_asset(state: &AppState, visit: &Visit, card: &Card) -> Result<Markup> {
    let asset = &card.dossier.asset;
    let mut rows = card.dossier.contracts.clone();
    rows.sort_by_key(|row| std::cmp::Reverse((row.last_on, row.id)));
    let told = Told::of(&state.ledger.read(&visit.actor), visit, &rows).await?;
    let new = at("/contracts/new", [("asset", asset.code.as_str())]);
    Ok(html! {
        @if visit.may(Action::ConcludeContract) && asset.is_standing() {
            p.pad { a.btn.go href=(new) { (visit.say("登记合同", "Conclude a contract")) } }
        }
        @if rows.is_empty() { (nothing(visit.say("没有登记合同。", "No contract is on record."), None)) }
        @else { (scrolled(visit.say("合同，可滚动", "Contracts; scrolls"), &table(visit, &rows, &told))) }
    })
}

async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let row = found(&state, &visit, &id).await?;
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let told = Told::of(&read, &visit, std::slice::from_ref(&row)).await?;
    let dues = read.dues_of(row.id).await?;
    let runs = running(&row, visit.today).is_ok();
    let body = html! {
        @if !word(&visit, "done").is_empty() { (done(visit.say("已保存，并记入变更记录", "Saved, and kept in the history"))) }
        section.card { (facts(&visit, &row, &told)) }
        (owed(&visit, &dues))
        @if runs && visit.may(Action::EndContract) { (ending(&visit, &row)) }
    };
    let shown = Page {
        place: Some(Place::Contracts),
        way: way(&visit),
        below: told.places.path(row.area_code),
        beside: html! {
            (standing(&visit, &row))
            @if runs && visit.may(Action::AmendContract) {
                a.btn href={ (place_of(row.id, "")) "/amend" } { (icon(Icon::Edit)) (visit.say("变更", "Amend")) }
            }
        },
        ..Page::new(row.contract_no.clone(), body)
    };
    Ok(page(&visit, &around, shown))
}

/// Fields that say nothing where they are nought: of rent, of interest, of an early end.
const PERHAPS: [&str; 8] = [
    "deposit",
    "due_days",
    "yearly_rent",
    "free_months",
    "share_bp",
    "principal",
    "rate_bp",
    "last_on",
];

fn facts(visit: &Visit, row: &Model, told: &Told) -> Markup {
    let is_said = |name: &str, value: &Value| match (name, value) {
        (_, Value::Empty | Value::Integer(0) | Value::Money(Money::ZERO)) => {
            !PERHAPS.contains(&name) && *value != Value::Empty
        }
        ("last_on", _) => row.end_reason.is_some(),
        _ => true,
    };
    let values = FIELDS.iter().map(|field| (field, (field.get)(row)));
    let said = values.filter(|(field, value)| is_said(field.name, value));
    html! {
        dl.desc {
            (fact(visit.say("资产", "Asset"), &asset_of(told, row)))
            (fact(visit.say("付款方", "Payer"), &told.payer(row)))
            @for (field, value) in said {
                (fact(visit.text(field.label), &match value {
                    Value::Money(amount) => told_yuan(visit, amount),
                    value => html! { (value.text(visit.language)) },
                }))
            }
        }
    }
}

/// What the contract asks to be paid.
fn owed(visit: &Visit, dues: &[contract_due::Model]) -> Markup {
    let heads = [
        visit.say("款项", "What"),
        visit.say("起止", "For"),
        visit.say("应付日", "Due on"),
        visit.say("应收（元）", "Amount (yuan)"),
    ];
    let total = Money::total(dues.iter().map(|due| due.amount));
    let table = html! {
        table.cards {
            thead { tr {
                th.num scope="col" { (visit.say("期次", "No.")) }
                @for head in &heads[..3] { th scope="col" { (head) } }
                th.num scope="col" { (heads[3]) }
            } }
            tbody { @for due in dues { tr {
                th.num scope="row" { (due.number) }
                td data-l=(heads[0]) { (visit.text(due.kind.label())) }
                td data-l=(heads[1]) { div { span.nw { (due.from_on) } " — " span.nw { (due.to_on) } } }
                td data-l=(heads[2]) { (due.due_on) }
                td.num data-l=(heads[3]) { (yuan(due.amount)) }
            } } }
        }
    };
    html! {
        section.card.mt {
            header {
                h2 { (visit.say("应收", "What is to be paid")) }
                @if let Some(total) = total { span.mut { (visit.say("合计 ", "in all: ")) (total.grouped()) (visit.say(" 元", " yuan")) } }
            }
            @if dues.is_empty() { p.pad.mut { (visit.say("这份合同没有固定的应收款。", "Nothing is to be paid at fixed days.")) } }
            @else { (scrolled(visit.say("应收，可滚动", "What is to be paid; scrolls"), &table)) }
        }
    }
}
