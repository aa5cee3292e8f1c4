//! The list of assets: narrowed by what the address says, each with who looks after it.

use std::borrow::Cow;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{
    area::AreaCode,
    asset::{self, Class},
    finding::Rule,
    log::Action,
    saved_view::Model as Kept,
};
use maud::{Markup, html};

use super::{
    asset_column, asset_filter, export,
    frame::{Around, Page, Place, assets, page},
    icon::{Icon, icon},
    pager::{self, Pager},
    parts::{grouped, ten_thousands},
    saved_view as views, selection,
    visit::{Visit, at},
};
use crate::{
    app::{
        asset_column::{self as column, Shown},
        asset_total::{self, Figures, Total},
        listing::{self, Sight},
        saved_view,
    },
    domain::{mistake::Mistakes, refusal::Refusal},
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
    store::list::List,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets", get(list))
}

/// What an empty word of the address means on the page: assets that have gone are left out.
const USUAL: (&str, &str) = ("standing", "yes");
/// Words of the address that say how the list is shown, and not what is in it.
pub(super) const OF_PAGE: [&str; 4] = [column::WORD, "before", "at", "view"];

/// What an address that says nothing of the state of assets means beside what it says.
pub(super) fn usual(words: &[(String, String)]) -> Option<(&'static str, &'static str)> {
    let mut said = words.iter().filter(|(_, value)| !value.trim().is_empty());
    let has_state = said.any(|(word, _)| ["standing", "state"].contains(&word.as_str()));
    (!has_state).then_some(USUAL)
}

/// The columns that an address asks for, by one word or by several of the name.
pub(super) fn columns(words: &[(String, String)]) -> Result<Vec<&'static Shown>> {
    let asked = words.iter().filter(|(word, _)| word == column::WORD);
    let asked: Vec<&str> = asked.map(|(_, names)| names.as_str()).collect();
    column::read(Some(&asked.join(",")))
}

/// What the address asks for, and what it says.
pub(super) struct Asked<'a> {
    /// What it says of the list.
    pub(super) words: Vec<(&'a str, &'a str)>,
    /// The columns that are shown.
    pub(super) columns: Vec<&'static Shown>,
    /// Whether the address itself says which.
    pub(super) is_with_columns: bool,
    /// The area that the list is of.
    pub(super) area: AreaCode,
    /// The list.
    pub(super) list: List<asset::Entity>,
    /// The number of the first row, where it is known.
    pub(super) at: Option<u64>,
}

impl<'a> Asked<'a> {
    /// Reads the address of a page.
    pub(super) fn read(visit: &'a Visit) -> Result<Asked<'a>> {
        let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
        let mut words: Vec<(&str, &str)> =
            said.filter(|(_, value)| !value.trim().is_empty()).collect();
        let of_page =
            |name: &str| words.iter().find(|(word, _)| *word == name).map(|(_, value)| *value);
        let (before, at) = (of_page("before"), of_page("at"));
        let is_with_columns = of_page(column::WORD).is_some();
        let columns = columns(&visit.query)?;
        words.retain(|(word, _)| !OF_PAGE.contains(word));
        let mut list = List::read(words.iter().copied().chain(usual(&visit.query)))?;
        if let Some(place) = before {
            list.go_back(place).map_err(|mistake| Mistakes(vec![mistake]))?;
        }
        let is_first = before.is_none() && !words.iter().any(|(word, _)| *word == "after");
        let at =
            if is_first { Some(1) } else { at.and_then(|at| at.parse().ok()).filter(|at| *at > 0) };
        if !words.iter().any(|(word, _)| *word == "limit") {
            list.limit = visit.rows;
        }
        let area = list.area.unwrap_or(visit.area());
        Ok(Asked { words, columns, is_with_columns, area, list, at })
    }

    /// What the address says by a word.
    pub(super) fn word(&self, name: &str) -> &'a str {
        self.words.iter().find(|(word, _)| *word == name).map_or("", |(_, value)| value)
    }

    /// The columns, as an address asks for them.
    pub(super) fn told(&self) -> String {
        column::told(&self.columns)
    }

    /// The lists without one of the conditions, the last one first; only so many are tried.
    fn tried(&self) -> Result<Vec<(String, List<asset::Entity>)>> {
        let aside = ["area", "sort", "limit", "after"];
        let conditions = self.words.iter().map(|(word, _)| *word).rev();
        let conditions = conditions.filter(|word| !aside.contains(word));
        let without = |word: &str| {
            let others: Vec<(String, String)> = self
                .words
                .iter()
                .filter(|(other, _)| *other != word && *other != "after")
                .map(|(other, value)| ((*other).to_owned(), (*value).to_owned()))
                .collect();
            let said = others.iter().map(|(word, value)| (word.as_str(), value.as_str()));
            Ok((word.to_owned(), List::read(said.chain(usual(&others)))?))
        };
        conditions.take(limits::CONDITIONS_TRIED).map(without).collect()
    }

    /// Another page about this list.
    pub(super) fn address(&self, path: &str) -> String {
        let told = self.told();
        let kept = self.words.iter().copied().filter(|(word, _)| *word != "after");
        let columns = (!told.is_empty()).then_some((column::WORD, told.as_str()));
        at(path, kept.chain(columns))
    }
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let (ledger, actor) = (&state.ledger, &visit.actor);
    let read = ledger.read(actor);
    if let Some(words) = asset_filter::by_ids(&read, &visit.query).await? {
        let words = words.iter().map(|(word, value)| (word.as_str(), value.as_str()));
        return Ok(Redirect::to(&at(&visit.path, words)).into_response());
    }
    let kept = saved_view::views(ledger, actor).await?;
    let begun =
        kept.iter().find(|view| view.is_default && Some(view.account_id) == actor.account());
    if visit.query.is_empty()
        && let Some(view) = begun.filter(|view| !view.words.is_empty())
    {
        return Ok(Redirect::to(&views::address(view)).into_response());
    }
    let mut asked = Asked::read(&visit)?;
    if let Some(view) = begun.filter(|_| !asked.is_with_columns) {
        asked.columns = columns(&saved_view::words(view))?;
    }
    asked.area = read.area_within(asked.list.area).await?;
    let around = Around::of(&state, &visit).await?;
    if asked.list.as_of.is_some() {
        return Err(Error::from(Refusal::past_by_place()).into());
    }
    let figures = around.figures_of(&state, &visit, asked.area).await?;
    let listing = listing::assets(ledger, actor, &asked.list).await?;
    if listing.previous.is_none() {
        asked.at = Some(1);
    }
    let total = asset_total::total(ledger, actor, &asked.list, &figures).await?;
    let named = asset_filter::Named::of(&read, &visit, &asked).await?;
    let rows = listing::sights(ledger, actor, listing.rows).await?;
    let told = Told { named, figures, total, next: listing.next, previous: listing.previous };
    let around_rows = if rows.is_empty() {
        let found = asset_total::without(ledger, actor, asked.tried()?, &told.figures).await?;
        asset_filter::nothing(&visit, &asked, &told.named, &found)
    } else {
        shown(&visit, &asked, &rows, &told)
    };
    let body = html! {
        section.card aria-label=(visit.say("资产列表", "Assets")) {
            (tabs(&visit, &asked, &told.figures, &kept)?)
            (asset_filter::form(&visit, &asked, &told.named))
            (asset_filter::chips(&visit, &asked, &told.named, total))
            (around_rows)
        }
    };
    Ok(page(&visit, &around, framed(&visit, &asked, &told, body)))
}

/// What is told beside the rows of a page.
struct Told<'a> {
    named: asset_filter::Named,
    figures: Cow<'a, Figures>,
    total: Total,
    next: Option<String>,
    previous: Option<String>,
}

/// The rows of a page.
fn shown(visit: &Visit, asked: &Asked<'_>, rows: &[Sight], told: &Told<'_>) -> Markup {
    let pager = Pager {
        limit: asked.list.limit,
        at: asked.at,
        shown: rows.len(),
        total: told.total,
        next: told.next.as_deref(),
        previous: told.previous.as_deref(),
    };
    let of = asked.address("");
    // what is not counted cannot be chosen as a whole
    let all =
        told.total.n().and_then(|n| Some((of.trim_start_matches('?'), u64::try_from(n).ok()?)));
    html! {
        (selection::bar(visit, selection::EVERY, rows.iter().map(|row| row.asset.code.as_str()), all))
        (table(visit, asked, rows, told.total, selection::may(visit, selection::EVERY)))
        (pager.draw(visit))
    }
}

/// The page around the list.
fn framed(visit: &Visit, asked: &Asked<'_>, told: &Told<'_>, body: Markup) -> Page {
    let n = pager::told(visit, told.total);
    let value = match told.total {
        Total::Exactly(sum) => {
            html! { (visit.say("，原值 ", ", value ")) (ten_thousands(sum.value)) (visit.say(" 万元", " × 10,000 yuan")) }
        }
        Total::MoreThan(_) | Total::Unknown => html! {},
    };
    let columns = asked.told();
    let words: Vec<(&str, &str)> = asked
        .words
        .iter()
        .copied()
        .chain((!columns.is_empty()).then_some(("cols", columns.as_str())))
        .collect();
    Page {
        place: Some(Place::Assets),
        told: html! { (told.named.area) span.s {} (visit.say("共 ", "")) (n) (visit.say(" 项", " assets")) (value) },
        beside: html! {
            (export::ways(visit, "/assets", &words))
            @if visit.may(Action::RegisterAsset) {
                a.btn.go href="/assets/new" { (icon(Icon::Add)) (visit.say("登记资产", "Register an asset")) kbd { "N" } }
            }
        },
        ..Page::new(visit.say("资产台账", "Assets"), body)
    }
}

/// A view of the list: its words, what it is called, how many it has.
type View = (Vec<(&'static str, &'static str)>, &'static str, i64);

fn tabs(visit: &Visit, asked: &Asked<'_>, figures: &Figures, kept: &[Kept]) -> Result<Markup> {
    let area = asked.area.to_string();
    let mut views: Vec<View> =
        vec![(Vec::new(), visit.say("全部", "All"), figures.of(&[], None)?.n)];
    for class in Class::ALL {
        let n = figures.of(&[*class], None)?.n;
        views.push((vec![("class", class.code())], visit.text(class.label()), n));
    }
    for rule in [Rule::NoMaintainer, Rule::NoKeeper, Rule::TitleUnconfirmed, Rule::Idle] {
        let n = figures.of(&[], Some(rule))?.n;
        views.push((vec![("lacks", rule.code())], visit.text(rule.label()), n));
    }
    let chosen = visit.query.iter().find(|(word, _)| word == "view").map(|(_, id)| id.as_str());
    let narrowed: Vec<(&str, &str)> = asked
        .words
        .iter()
        .copied()
        .filter(|(word, _)| !["area", "sort", "after", "limit"].contains(word))
        .collect();
    Ok(html! {
        nav.tabs aria-label=(visit.say("常用视图", "Views")) {
            @for (words, name, n) in views {
                @let is_here = narrowed == words;
                a href=(assets([("area", area.as_str())].into_iter().chain(words)))
                    aria-current=[(is_here && chosen.is_none()).then_some("page")] { (name) " " b { (grouped(n)) } }
            }
            @for view in kept {
                a href=(views::address(view)) aria-current=[(chosen == Some(view.id.to_string().as_str())).then_some("page")] { (view.name) }
            }
            a.sp href=(asked.address("/assets/columns")) { (visit.say("选择列", "Columns")) }
            a href=(asked.address("/views")) { (visit.say("保存当前视图", "Save this view")) }
        }
    })
}

/// The table of the list; its rows can be chosen, or are numbered.
pub(super) fn table(
    visit: &Visit,
    asked: &Asked<'_>,
    rows: &[Sight],
    total: Total,
    may_choose: bool,
) -> Markup {
    html! {
        div.wrap.tall tabindex="0" role="region" aria-label=(visit.say("资产表格，可滚动", "Assets; scrolls")) {
            table.cards.two {
                thead { tr {
                    @if may_choose { (selection::head(visit)) }
                    @else { th.sel scope="col" { span.sr { (visit.say("序号", "No.")) } } }
                    (asset_column::heads(visit, asked))
                } }
                tbody {
                    @for (n, row) in (0_u64..).zip(rows) { (line(visit, asked, row, asked.at.map(|at| at + n), may_choose)) }
                }
                (asset_column::totals(visit, asked, rows, total))
            }
        }
    }
}

fn line(visit: &Visit, asked: &Asked<'_>, row: &Sight, n: Option<u64>, may_choose: bool) -> Markup {
    html! {
        tr {
            @if may_choose { (selection::cell(visit, &row.asset.code, &row.asset.name)) }
            @else { td.sel data-l=(visit.say("序号", "No.")) { span.mut { @if let Some(n) = n { (n) } } } }
            (asset_column::cells(visit, &asked.columns, row))
        }
    }
}
