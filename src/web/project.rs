//! Projects: what was granted and spent for each, and the assets that came of it.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use entity::{
    asset,
    id::ProjectId,
    money::Money,
    project::{Entity, LineDepartment, Model},
};
use maud::{Markup, html};

use super::{
    asset_column::state_badge,
    frame::{Around, Page, Place, page},
    pager::told,
    parts::{Field, choice, coded, fact, field, grouped, nothing, scrolled, ten_thousands},
    visit::{Visit, at},
};
use crate::{
    app::{
        asset_total,
        listing::{self, Sight},
        place::Places,
        project,
    },
    domain::mistake::Mistakes,
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::list::{List, Listing},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/projects", get(list)).route("/projects/{id}", get(card))
}

/// The list that the address asks for.
fn asked(visit: &Visit) -> Result<List<Entity>> {
    let words = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let mut list = List::read(words.clone().filter(|(word, _)| *word != "before"))?;
    if let Some((_, place)) =
        words.clone().find(|(word, place)| *word == "before" && !place.is_empty())
    {
        list.go_back(place).map_err(|mistake| Mistakes(vec![mistake]))?;
    }
    Ok(list)
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let list = asked(&visit)?;
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let listing = read.list(&list).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, listing.rows.iter().map(|row| row.area_code)).await?;
    let place = |row: &Model| places.path_below(row.area_code, Some(visit.area()));
    let is_narrowed = visit.query.iter().any(|(word, value)| {
        ["q", "year", "line_department", "unregistered", "area"].contains(&word.as_str())
            && !value.is_empty()
    });
    let body = html! {
        section.card aria-label=(visit.say("项目列表", "Projects")) {
            (filters(&visit))
            @if listing.rows.is_empty() {
                @if is_narrowed {
                    (nothing(visit.say("没有符合条件的项目。", "No project is like that."), Some(("/projects", visit.say("看全部项目", "All projects")))))
                } @else {
                    (nothing(visit.say("还没有登记项目。项目可以从表格导入。", "No project is on record. Projects can be imported from a sheet."), Some(("/imports", visit.say("导入", "Imports")))))
                }
            } @else {
                (scrolled(visit.say("项目表格，可滚动", "Projects; scrolls"), &table(&visit, &listing.rows, place)))
                (ways(&visit, &listing))
            }
        }
    };
    let shown =
        Page { place: Some(Place::Projects), ..Page::new(visit.say("项目", "Projects"), body) };
    Ok(page(&visit, &around, shown))
}

fn filters(visit: &Visit) -> Markup {
    let word = |name: &str| {
        let found = visit.query.iter().find(|(word, _)| word == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let labelled = |name: &'static str, label: &str, control: &Markup| {
        field(&Field { name, label, hint: "", mistake: None, is_required: false }, control)
    };
    html! {
        form.filters action="/projects" {
            (labelled("q", visit.say("名称、项目编号或拼音首字母", "Name, number, initials"), &html! {
                input #f-q name="q" type="search" maxlength=(limits::SEARCH_LENGTH) value=(word("q"));
            }))
            (labelled("year", visit.say("项目年度", "Year"), &html! {
                input #f-year name="year" maxlength="9" placeholder="2016-2020" value=(word("year"));
            }))
            (labelled("line_department", visit.say("行业主管部门", "Line department"), &choice(
                "line_department",
                Some(visit.say("全部", "all")),
                coded(&visit.manner, LineDepartment::CHOICES),
                word("line_department"),
            )))
            (labelled("unregistered", visit.say("形成的资产", "Its assets"), &choice(
                "unregistered",
                Some(visit.say("全部", "all")),
                [("yes".to_owned(), visit.say("已验收、没有登记资产（Z01）", "accepted, none registered (Z01)").to_owned())],
                word("unregistered"),
            )))
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/projects" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

/// An amount, where there is one.
fn amount(money: Option<Money>) -> Markup {
    html! { @match money { Some(money) => { (ten_thousands(money)) } None => { span.mut { "—" } } } }
}

fn table(visit: &Visit, rows: &[Model], place: impl Fn(&Model) -> String) -> Markup {
    let budget = visit.say("批复（万元）", "Granted (10,000 yuan)");
    let spent = visit.say("决算（万元）", "Spent (10,000 yuan)");
    let department = visit.say("行业主管部门", "Line department");
    let year = visit.say("年度", "Year");
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("项目名称 / 编号", "Name / number")) }
                th scope="col" { (year) }
                th scope="col" { (department) }
                th.num scope="col" { (budget) }
                th.num scope="col" { (spent) }
            } }
            tbody { @for row in rows {
                tr {
                    th scope="row" {
                        a.b href={ "/projects/" (row.id) } { (row.name) }
                        small { (place(row)) @if let Some(no) = &row.project_no { span.s {} (no) } }
                    }
                    td data-l=(year) { @if let Some(year) = row.year { (year) } @else { span.mut { "—" } } }
                    td data-l=(department) { (row.line_department.map_or("—", |one| visit.text(one.label()))) }
                    td.num data-l=(budget) { (amount(row.budget)) }
                    td.num data-l=(spent) { (amount(row.final_account)) }
                }
            } }
        }
    }
}

fn ways(visit: &Visit, listing: &Listing<Model>) -> Markup {
    html! {
        nav.pager aria-label=(visit.say("翻页", "Pages")) {
            span { (visit.say("本页 ", "This page: ")) (listing.rows.len()) (visit.say(" 项", "")) }
            ul {
                @if let Some(previous) = listing.previous.as_deref() {
                    li { a rel="prev" href=(visit.with(&[("after", ""), ("before", previous)])) { (visit.say("上一页", "Previous page")) } }
                }
                @if let Some(next) = listing.next.as_deref() {
                    li { a rel="next" href=(visit.with(&[("before", ""), ("after", next)])) { (visit.say("下一页", "Next page")) } }
                }
            }
        }
    }
}

async fn card(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    visit: Visit,
) -> Result<Response, Fault> {
    let (ledger, actor) = (&state.ledger, &visit.actor);
    let shown = project::card(ledger, actor, ProjectId(id)).await?;
    let around = Around::of(&state, &visit).await?;
    let id = id.to_string();
    let mut list = List::<asset::Entity>::read([("project", id.as_str()), ("standing", "yes")])?;
    list.limit = limits::PAGE_ROWS_USUAL;
    let figures = around.figures_of(&state, &visit, actor.area()).await?;
    let total = asset_total::total(ledger, actor, &list, &figures).await?;
    let page_of = listing::assets(ledger, actor, &list).await?;
    let rows = listing::sights(ledger, actor, page_of.rows).await?;
    let whole = at("/assets", [("project", id.as_str())]);
    let body = html! {
        section.card { (facts(&visit, &shown)) }
        section.card.mt {
            header {
                h2 { (visit.say("形成的资产", "Its assets")) " " span.mut { (told(&visit, total)) } }
                @if !rows.is_empty() { a href=(whole) { (visit.say("在资产台账中看", "In the list of assets")) } }
            }
            @if rows.is_empty() {
                (nothing(visit.say("这个项目还没有登记形成的资产。", "No asset of this project is on record."), None))
            } @else { (scrolled(visit.say("资产表格，可滚动", "Assets; scrolls"), &assets(&visit, &rows))) }
        }
    };
    let shown = Page {
        place: Some(Place::Projects),
        way: vec![("/projects".to_owned(), visit.say("项目", "Projects").to_owned())],
        below: shown.row.project_no.clone().unwrap_or_default(),
        ..Page::new(shown.row.name.clone(), body)
    };
    Ok(page(&visit, &around, shown))
}

fn facts(visit: &Visit, card: &project::Card) -> Markup {
    let row = &card.row;
    let text = |text: Option<&str>| html! { (text.filter(|text| !text.is_empty()).unwrap_or("—")) };
    let year = row.year.map(|year| year.to_string());
    let department = row.line_department.map(|one| visit.text(one.label()));
    let accepted = row.accepted_on.map(|day| day.to_string());
    html! {
        dl.desc {
            (fact(visit.say("所在地", "Place"), &text(Some(&card.place))))
            (fact(visit.say("项目年度", "Year"), &text(year.as_deref())))
            (fact(visit.say("批复文号", "Approval no."), &text(row.approval_no.as_deref())))
            (fact(visit.say("行业主管部门", "Line department"), &text(department)))
            (fact(visit.say("实施单位", "Carried out by"), &text(card.unit.as_deref())))
            (fact(visit.say("竣工验收日期", "Accepted on"), &text(accepted.as_deref())))
            (fact(visit.say("批复（万元）", "Granted (10,000 yuan)"), &amount(row.budget)))
            (fact(visit.say("合同（万元）", "Contract (10,000 yuan)"), &amount(row.contract_amount)))
            (fact(visit.say("决算（万元）", "Spent (10,000 yuan)"), &amount(row.final_account)))
        }
    }
}

fn assets(visit: &Visit, rows: &[Sight]) -> Markup {
    let value = visit.say("原值（万元）", "Value (10,000 yuan)");
    let n = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let sum = Money::total(rows.iter().filter_map(|row| row.asset.original_value));
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产名称 / 编号", "Name / code")) }
                th.num scope="col" { (value) }
                th scope="col" { (visit.say("状态", "State")) }
            } }
            tbody { @for row in rows {
                tr {
                    th scope="row" {
                        a.b href={ "/assets/" (row.asset.code) } { (row.asset.name) }
                        small { (row.place) span.s {} (row.asset.code) }
                    }
                    td.num data-l=(value) { (amount(row.asset.original_value)) }
                    td data-l=(visit.say("状态", "State")) { (state_badge(visit, row)) }
                }
            } }
            tfoot { tr {
                th scope="row" { (visit.say("本页合计 ", "This page: ")) (grouped(n)) (visit.say(" 项", "")) }
                td.num { (amount(sum)) }
                td {}
            } }
        }
    }
}
