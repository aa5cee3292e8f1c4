//! Titles: what is to be settled, whom the ledger suggests and why, and the register to be signed.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{
    area::AreaCode,
    asset,
    holding::Right,
    language::{Label, Sentence},
    title::State as Settled,
};
use maud::{Markup, html};

use super::{
    asset_column::title_badge,
    frame::{Around, Page, Place, page},
    parts::{done, grouped, nothing, scrolled},
    print, selection,
    selection::Choice,
    visit::{Visit, at},
};
use crate::{
    app::{
        confirmation::{self, Proposal},
        listing, report,
    },
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
        setting::register_name,
        title::Party,
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::list::List,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/titles", get(list)).route("/titles/register", get(register))
}

/// The states that are to be settled, and the last of all.
const VIEWS: [Settled; 4] =
    [Settled::Unconfirmed, Settled::InProgress, Settled::Disputed, Settled::Confirmed];

/// What the address asks for.
struct Asked<'a> {
    state: Settled,
    area: Option<AreaCode>,
    after: Option<&'a str>,
    done: Option<&'a str>,
}

impl<'a> Asked<'a> {
    fn read(words: &'a [(String, String)]) -> Result<Asked<'a>> {
        let mut asked = Asked { state: Settled::Unconfirmed, area: None, after: None, done: None };
        let mut mistakes = Mistakes::default();
        for (word, value) in words.iter().filter(|(_, value)| !value.is_empty()) {
            let taken = match word.as_str() {
                "status" => value
                    .parse()
                    .map(|state| asked.state = state)
                    .map_err(|()| crate::domain::field::unlisted(Settled::CHOICES).expected),
                "area" => value.parse().map(|area| asked.area = Some(area)).map_err(|_| {
                    Sentence::new("应为十二位区划代码", "an area code of twelve digits")
                }),
                "after" => {
                    asked.after = Some(value);
                    Ok(())
                }
                "done" => {
                    asked.done = Some(value);
                    Ok(())
                }
                _ => Err(Sentence::new(
                    "没有这个查询条件；可用：status、area、after",
                    "no such parameter; there are: status, area, after",
                )),
            };
            if let Err(expected) = taken {
                mistakes.push(Mistake::new(word.clone(), value, expected));
            }
        }
        mistakes.into_result()?;
        Ok(asked)
    }
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = Asked::read(&visit.query)?;
    let told = report::outline(&state.ledger, &visit.actor, asked.area).await?;
    let area = told.area.to_string();
    let counts = state.ledger.read(&visit.actor).titles_counted(asked.area).await?;
    let n = |state: Settled| counts.get(&state).copied().unwrap_or(0);
    let place = asked.after.map(|after| ("after", after));
    let words = [("title", asked.state.code()), ("standing", "yes"), ("area", area.as_str())];
    let mut list = List::<asset::Entity>::read(words.into_iter().chain(place))?;
    list.limit = visit.rows;
    let found = listing::assets(&state.ledger, &visit.actor, &list).await?;
    let order: Vec<_> = found.rows.iter().map(|asset| asset.id).collect();
    let mut rows = confirmation::proposals(&state.ledger, &visit.actor, &found.rows).await?;
    rows.sort_by_key(|row| order.iter().position(|id| *id == row.asset.id));
    let of = at("", words).trim_start_matches('?').to_owned();
    let total = u64::try_from(n(asked.state)).unwrap_or(0);
    let body = html! {
        @if let Some(text) = asked.done {
            (done(&match visit.language {
                entity::language::Language::Chinese => format!("已确权 {} 项，并记入变更记录。", text.parse().unwrap_or(1_u32)),
                entity::language::Language::English => format!("{} titles are confirmed, and kept in the history.", text.parse().unwrap_or(1_u32)),
            }))
        }
        section.card {
            nav.tabs aria-label=(visit.say("确权状态", "States of titles")) {
                @for state in VIEWS {
                    a href=(at("/titles", [("status", state.code()), ("area", area.as_str())])) aria-current=[(state == asked.state).then_some("page")] {
                        (visit.text(state.label())) " " b { (grouped(n(state))) }
                    }
                }
            }
            @if rows.is_empty() {
                (nothing(
                    visit.say("这里没有这样的资产。", "No asset here is like that."),
                    Some(("/assets", visit.say("看全部资产", "All assets"))),
                ))
            } @else {
                (selection::bar(&visit, deeds(asked.state), rows.iter().map(|row| row.asset.code.as_str()), Some((&of, total))))
                (table(&visit, &rows, asked.state))
                (pager(&visit, rows.len(), n(asked.state), (asked.state, &area, found.next.as_deref())))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Titles),
        below: format!(
            "{} · {} {}",
            told.name,
            grouped(n(asked.state)),
            visit.text(asked.state.label())
        ),
        ..Page::new(visit.say("权属确认", "Titles"), body)
    };
    Ok(page(&visit, &Around::of(&state, &visit).await?, shown))
}

/// What may be done with titles of a state.
const fn deeds(state: Settled) -> &'static [&'static str] {
    match state {
        Settled::Unconfirmed | Settled::InProgress => &["/titles/confirm", "/titles/register"],
        Settled::Disputed | Settled::Confirmed => &["/titles/register"],
    }
}

/// Whom the ledger suggests, and why.
pub(super) fn suggested(visit: &Visit, row: &Proposal) -> Markup {
    html! {
        @match row.basis {
            Some(basis) => {
                @for (owner, named) in &row.owners {
                    div { (named.name) @if row.owners.len() > 1 { " " (owner.share) } }
                }
                small { (visit.text(basis.label())) }
            }
            None => {
                span.mut { (visit.say("台账里看不出来", "the ledger cannot tell")) }
                small { (visit.say("请按批复、移交单等材料逐项确权", "settle it by its papers")) }
            }
        }
    }
}

fn table(visit: &Visit, rows: &[Proposal], state: Settled) -> Markup {
    let is_chosen_from = selection::may(visit, deeds(state));
    let may = visit.may(Action::SettleTitle);
    let owner = if state == Settled::Confirmed {
        visit.say("所有权人", "Owner")
    } else {
        visit.say("建议所有权人 / 依据", "Suggested owner / why")
    };
    scrolled(
        visit.say("待确权资产", "Titles to settle"),
        &html! { table.cards {
            thead { tr {
                @if is_chosen_from { (selection::head(visit)) }
                th scope="col" { (visit.say("资产 / 编号", "Asset / code")) }
                th scope="col" { (visit.say("类型", "Kind")) }
                th.num scope="col" { (visit.say("原值（元）", "Value (yuan)")) }
                th scope="col" { (visit.say("权属", "Title")) }
                th scope="col" { (owner) }
                @if may { th scope="col" { (visit.say("办理", "Act")) } }
            } }
            tbody { @for row in rows { tr {
                @if is_chosen_from { (selection::cell(visit, &row.asset.code, &row.asset.name)) }
                th scope="row" { a.b href={ "/assets/" (row.asset.code) "/title" } { (row.asset.name) } small { (row.place) " " (row.asset.code) } }
                td data-l=(visit.say("类型", "Kind")) { (row.asset.subclass.map_or("—", |one| visit.text(one.label()))) small { (visit.text(row.asset.class.label())) } }
                td.num data-l=(visit.say("原值（元）", "Value (yuan)")) { @if let Some(value) = row.asset.original_value { (value.grouped()) } @else { span.mut { "—" } } }
                td data-l=(visit.say("权属", "Title")) { (title_badge(visit, Some(row.state()))) }
                td data-l=(owner) {
                    @if state == Settled::Confirmed { @for (owner, named) in &row.owners { div { (named.name) @if row.owners.len() > 1 { " " (owner.share) } } } }
                    @else { (suggested(visit, row)) }
                }
                @if may {
                    td.ways data-l=(visit.say("办理", "Act")) {
                        @if row.is_ready() { a href=(at("/titles/confirm", [("asset", row.asset.code.as_str())])) { (visit.say("确认", "Confirm")) } " " }
                        a href={ "/assets/" (row.asset.code) "/settle" } { (visit.say("逐项办理", "Settle")) }
                    }
                }
            } } }
        } },
    )
}

fn pager(
    visit: &Visit,
    shown: usize,
    n: i64,
    (state, area, next): (Settled, &str, Option<&str>),
) -> Markup {
    let said = || [("status", state.code()), ("area", area)].into_iter();
    html! {
        nav.pager aria-label=(visit.say("翻页", "Pages")) {
            span { (visit.say("本页 ", "This page: ")) (shown) (visit.say(" 项，共 ", " of ")) (grouped(n)) (visit.say(" 项", "")) }
            ul {
                @if visit.query.iter().any(|(word, _)| word == "after") {
                    li { a href=(at("/titles", said())) { (visit.say("第一页", "First page")) } }
                }
                @if let Some(next) = next {
                    li { a rel="next" href=(at("/titles", said().chain([("after", next)]))) { (visit.say("下一页", "Next page")) } }
                }
            }
        }
    }
}

/// 确权登记表: the register of what was chosen, to be sealed.
async fn register(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ExportRows)?;
    let words = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let chosen = Choice::read(words).assets(&state, &visit, limits::REGISTER_ROWS).await?;
    let read = state.ledger.read(&visit.actor);
    let rows = confirmation::proposals(&state.ledger, &visit.actor, &chosen.assets).await?;
    let holdings = rows.iter().flat_map(|row| &row.holdings);
    let parties: Vec<Party> =
        holdings.filter_map(|row| Party::of(row.organization_id, row.person_id)).collect();
    let named = read.parties_masked(&parties).await?;
    let owners = |row: &Proposal| -> Vec<(String, String)> {
        let own =
            row.holdings.iter().filter(|one| one.right == Right::Own && one.holds_on(visit.today));
        own.filter_map(|one| {
            let party = Party::of(one.organization_id, one.person_id)?;
            let share = one.share().map(|share| share.to_string()).unwrap_or_default();
            Some((named.get(&party).cloned().unwrap_or_default().name, share))
        })
        .collect()
    };
    let around = Around::of(&state, &visit).await?;
    let body = html! {
        div.chips { (chosen.told(&visit)) }
        section.card {
            (print::above(&visit, visit.text(register_name(around.family)), &around.area, visit.say("金额单位：元", "Amounts in yuan")))
            (scrolled(visit.say("确权登记表", "Register of titles"), &html! { table {
                thead { tr {
                    th.sel scope="col" { span.sr { (visit.say("序号", "No.")) } }
                    @for label in HEADS { th scope="col" { (visit.text(label)) } }
                } }
                tbody { @for row in &rows { (entry(&visit, row, &owners(row))) } }
            } }))
            (print::below(&visit))
        }
    };
    let shown = Page {
        place: Some(Place::Titles),
        way: vec![("/titles".to_owned(), visit.say("权属确认", "Titles").to_owned())],
        beside: print::button(&visit),
        ..Page::new(visit.say("确权登记表", "Register of titles"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// The columns of the register.
const HEADS: [Label; 8] = [
    Label::new("资产名称 / 编号", "Asset / code"),
    Label::new("所在地", "Place"),
    Label::new("类别", "Class"),
    Label::new("原值（元）", "Value (yuan)"),
    Label::new("所有权人（份额）", "Owner (share)"),
    Label::new("确权状态 / 日期", "State / day"),
    Label::new("证号", "Certificate"),
    Label::new("所有权人签章", "Seal of the owner"),
];

fn entry(visit: &Visit, row: &Proposal, owners: &[(String, String)]) -> Markup {
    let title = row.title.as_ref();
    html! {
        tr {
            td.sel {}
            th scope="row" { (row.asset.name) small { (row.asset.code) } }
            td { (row.place) }
            td { (visit.text(row.asset.class.label())) }
            td.num { (row.asset.original_value.map(entity::money::Money::grouped).unwrap_or_default()) }
            td { @for (name, share) in owners { div { (name) @if owners.len() > 1 { " " (share) } } } }
            td { (visit.text(row.state().label())) small { (super::duty_assign::day(title.and_then(|title| title.confirmed_on))) } }
            td { (title.and_then(|title| title.certificate_no.clone()).unwrap_or_default()) }
            td {}
        }
    }
}
