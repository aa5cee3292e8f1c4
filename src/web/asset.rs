//! The list of assets: narrowed by what the address says, each with who looks after it.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{
    area::AreaCode,
    asset::{self, Class, Subclass, UseState},
    finding::Rule,
    language::Label,
    log::Action,
    title,
};
use maud::{Markup, html};

use super::{
    export,
    frame::{Around, Page, Place, assets, page},
    icon::{Icon, icon},
    parts::{Tone, badge, choice, coded, grouped, nothing},
    print, selection,
    visit::{ROWS, Visit, at},
};
use crate::{
    app::{
        listing::{self, Sight},
        report::{self, Outline},
    },
    domain::setting::table_name,
    error::Result,
    http::{AppState, fault::Fault},
    store::list::{List, Listed},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets", get(list))
}

/// What an empty word of the address means on the page: assets that have gone are left out.
const USUAL: (&str, &str) = ("standing", "yes");

/// What an address that says nothing of the state of assets means beside what it says.
pub(super) fn usual(words: &[(String, String)]) -> Option<(&'static str, &'static str)> {
    let mut said = words.iter().filter(|(_, value)| !value.trim().is_empty());
    let has_state = said.any(|(word, _)| ["standing", "state"].contains(&word.as_str()));
    (!has_state).then_some(USUAL)
}

/// Words that are no filter of their own.
const NOT_CHIPS: [&str; 7] = ["q", "area", "after", "limit", "count", "sort", "standing"];

/// What the address asks for, and what it says.
struct Asked<'a> {
    words: Vec<(&'a str, &'a str)>,
    list: List<asset::Entity>,
}

impl<'a> Asked<'a> {
    fn read(visit: &'a Visit) -> Result<Asked<'a>> {
        let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
        let words: Vec<(&str, &str)> = said.filter(|(_, value)| !value.trim().is_empty()).collect();
        let mut list = List::read(words.iter().copied().chain(usual(&visit.query)))?;
        list.is_counted = true;
        if !words.iter().any(|(word, _)| *word == "limit") {
            list.limit = visit.rows;
        }
        Ok(Asked { words, list })
    }

    fn word(&self, name: &str) -> &'a str {
        self.words.iter().find(|(word, _)| *word == name).map_or("", |(_, value)| value)
    }
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = Asked::read(&visit)?;
    let around = Around::of(&state, &visit).await?;
    let told = report::outline(&state.ledger, &visit.actor, asked.list.area).await?;
    let listing = listing::assets(&state.ledger, &visit.actor, &asked.list).await?;
    let (next, total) = (listing.next, listing.total.unwrap_or_default());
    let rows = listing::sights(&state.ledger, &visit.actor, listing.rows).await?;
    let body = html! {
        section.card aria-label=(visit.say("资产列表", "Assets")) {
            (views(&visit, &asked, &told))
            (filters(&visit, &asked, &told))
            (chips(&visit, &asked, total))
            @if rows.is_empty() {
                (nothing(
                    visit.say("没有符合条件的资产。", "No asset is like that."),
                    Some(("/assets", visit.say("看全部资产", "All assets"))),
                ))
            } @else {
                (print::above(&visit, visit.text(table_name(around.family)), &told.name))
                @let of = at("", asked.words.iter().copied().filter(|(word, _)| !["after", "limit"].contains(word)));
                (selection::bar(&visit, selection::EVERY, rows.iter().map(|row| row.asset.code.as_str()), Some((of.trim_start_matches('?'), total))))
                (table(&visit, &asked, &rows, &told))
                (print::below(&visit))
                (pager(&visit, &asked, rows.len(), total, next.as_deref()))
            }
        }
    };
    let n = i64::try_from(total).unwrap_or(i64::MAX);
    let shown = Page {
        place: Some(Place::Assets),
        below: format!("{} · {} {}", told.name, grouped(n), visit.say("项", "assets")),
        beside: html! {
            (export::ways(&visit, "/assets", &asked.words))
            @if visit.may(Action::RegisterAsset) {
                a.btn.go href="/assets/new" { (icon(Icon::Add)) (visit.say("登记资产", "Register an asset")) kbd { "N" } }
            }
        },
        ..Page::new(visit.say("资产台账", "Assets"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// A view of the list: its words, what it is called, how many it has.
type View = (Vec<(&'static str, &'static str)>, &'static str, i64);

fn views(visit: &Visit, asked: &Asked<'_>, told: &Outline) -> Markup {
    let area = told.area.to_string();
    let of_class = |class: Class| {
        let sum = told.classes.iter().find(|(known, _)| *known == class);
        sum.map_or(0, |(_, sum)| sum.n)
    };
    let lacking =
        |rule: Rule| (vec![("lacks", rule.code())], visit.text(rule.label()), told.found(rule).n);
    let mut views: Vec<View> = vec![(Vec::new(), visit.say("全部", "All"), told.all.n)];
    views.extend(
        Class::ALL.iter().map(|class| {
            (vec![("class", class.code())], visit.text(class.label()), of_class(*class))
        }),
    );
    views.extend(
        [Rule::NoMaintainer, Rule::NoKeeper, Rule::TitleUnconfirmed, Rule::Idle].map(lacking),
    );
    let narrowed: Vec<(&str, &str)> = asked
        .words
        .iter()
        .copied()
        .filter(|(word, _)| !["area", "sort", "after", "limit"].contains(word))
        .collect();
    html! {
        nav.tabs aria-label=(visit.say("常用视图", "Views")) {
            @for (words, name, n) in views {
                @let is_here = narrowed == words;
                a href=(assets([("area", area.as_str())].into_iter().chain(words)))
                    aria-current=[is_here.then_some("page")] { (name) " " b { (grouped(n)) } }
            }
        }
    }
}

fn filters(visit: &Visit, asked: &Asked<'_>, told: &Outline) -> Markup {
    let labelled = |name: &str, label: &str, control: Markup| {
        html! {
            div.field { label for={ "f-" (name) } { (label) } (control) }
        }
    };
    let areas = std::iter::once((told.area, told.name.clone()))
        .chain(told.parts.iter().map(|part| (part.area, part.name.clone())))
        .map(|(code, name): (AreaCode, String)| (code.to_string(), name));
    let select = |name: &str, nothing: &str, choices: &'static [(&'static str, Label)]| {
        choice(name, Some(nothing), coded(&visit.manner, choices), asked.word(name))
    };
    html! {
        form.filters action="/assets" {
            (labelled("q", visit.say("名称、编号、村或拼音首字母", "Name, code, place, initials"), html! {
                input #f-q name="q" type="search" maxlength="64" value=(asked.word("q"));
            }))
            (labelled("area", visit.say("区划", "Area"), choice("area", None, areas, &told.area.to_string())))
            (labelled("class", visit.say("类别", "Class"), select("class", visit.say("全部类别", "all"), Class::CHOICES)))
            (labelled("subclass", visit.say("子类", "Subclass"), select("subclass", visit.say("全部子类", "all"), Subclass::CHOICES)))
            (labelled("acquired_year", visit.say("购建年份", "Acquired"), html! {
                input #f-acquired_year name="acquired_year" value=(asked.word("acquired_year")) maxlength="9" placeholder="2016-2020";
            }))
            (labelled("title", visit.say("权属", "Title"), select("title", visit.say("全部", "all"), title::State::CHOICES)))
            @for word in ["lacks", "use_state", "state", "sort"] {
                @if !asked.word(word).is_empty() { input type="hidden" name=(word) value=(asked.word(word)); }
            }
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/assets" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

/// What the list is narrowed by; each can be taken out.
fn chips(visit: &Visit, asked: &Asked<'_>, total: u64) -> Markup {
    let chips: Vec<_> = asked
        .words
        .iter()
        .filter_map(|(word, value)| {
            let filter = <asset::Entity as Listed>::FILTERS.iter().find(|one| one.name == *word)?;
            Some((*word, format!("{}：{}", visit.text(filter.label), meaning(visit, word, value))))
        })
        .filter(|(word, _)| !NOT_CHIPS.contains(word))
        .collect();
    let searched = asked.word("q");
    html! {
        @if !chips.is_empty() || !searched.is_empty() {
            p.chips {
                span.mut { (visit.say("已筛选 ", "Found ")) (grouped(i64::try_from(total).unwrap_or(i64::MAX))) (visit.say(" 项：", ":")) }
                @if !searched.is_empty() { (chip(visit, "q", searched)) }
                @for (word, text) in &chips { (chip(visit, word, text)) }
            }
        }
    }
}

fn chip(visit: &Visit, word: &str, text: &str) -> Markup {
    html! {
        a.chip href=(visit.with(&[(word, ""), ("after", "")])) {
            (text) (icon(Icon::Close)) span.sr { (visit.say("移除", "remove")) }
        }
    }
}

/// The values of a filter as people call them.
fn meaning(visit: &Visit, word: &str, value: &str) -> String {
    let choices: &[(&str, Label)] = match word {
        "class" => Class::CHOICES,
        "subclass" => Subclass::CHOICES,
        "use_state" => UseState::CHOICES,
        "state" => asset::State::CHOICES,
        "title" => title::State::CHOICES,
        "lacks" => Rule::CHOICES,
        _ => return value.to_owned(),
    };
    let named = value.split([',', '，']).map(|code| {
        let known = choices.iter().find(|(known, _)| *known == code.trim());
        known.map_or(code, |(_, label)| visit.text(*label))
    });
    named.collect::<Vec<_>>().join(visit.say("、", ", "))
}

/// A column head that orders the list.
fn ordered(visit: &Visit, asked: &Asked<'_>, sort: &str, name: &str, class: &str) -> Markup {
    let now = asked.word("sort");
    let down = format!("-{sort}");
    let (next, said) = match now {
        _ if now == sort => (down.as_str(), Some("ascending")),
        _ if now == down => ("", Some("descending")),
        _ => (sort, None),
    };
    html! {
        th class=(class) scope="col" aria-sort=[said] {
            a href=(visit.with(&[("sort", next), ("after", "")])) {
                (name) @match said { Some("ascending") => " ▴", Some(_) => " ▾", None => "" }
            }
        }
    }
}

fn table(visit: &Visit, asked: &Asked<'_>, rows: &[Sight], told: &Outline) -> Markup {
    let value = rows.iter().filter_map(|row| row.asset.original_value);
    let value = entity::money::Money::total(value);
    // orders other than that of place are of one county
    let is_ordered = told.area.level() >= entity::area::Level::County;
    let head = |sort: &str, name: &str, class: &str| {
        if is_ordered {
            ordered(visit, asked, sort, name, class)
        } else {
            html! { th class=(class) scope="col" { (name) } }
        }
    };
    let is_chosen_from = selection::may(visit, selection::EVERY);
    html! {
        div.wrap tabindex="0" role="region" aria-label=(visit.say("资产表格，可滚动", "Assets; scrolls")) {
            table.cards {
                thead { tr {
                    @if is_chosen_from { (selection::head(visit)) }
                    (head("name", visit.say("资产名称 / 编号", "Name / code"), ""))
                    th scope="col" { (visit.say("类型", "Kind")) }
                    (head("value", visit.say("原值（元）", "Value (yuan)"), "num"))
                    (head("acquired_on", visit.say("购建", "Acquired"), ""))
                    th scope="col" { (visit.say("权属", "Title")) }
                    th scope="col" { (visit.say("管护主体 / 责任人", "Maintainer / keeper")) }
                    th scope="col" { (visit.say("状态", "State")) }
                } }
                tbody { @for row in rows { (line(visit, row)) } }
                tfoot { tr {
                    th scope="row" colspan=(2 + usize::from(is_chosen_from)) { (visit.say("本页合计 ", "This page: ")) (rows.len()) (visit.say(" 项", "")) }
                    td.num { @if let Some(value) = value { (value.grouped()) } }
                    td colspan="4" {}
                } }
            }
        }
    }
}

fn line(visit: &Visit, row: &Sight) -> Markup {
    let asset = &row.asset;
    html! {
        tr {
            @if selection::may(visit, selection::EVERY) { (selection::cell(visit, &asset.code, &asset.name)) }
            th scope="row" {
                a.b href={ "/assets/" (asset.code) } { (asset.name) }
                small { (row.place) " " (asset.code) }
            }
            td data-l=(visit.say("类型", "Kind")) {
                (asset.subclass.map_or("—", |subclass| visit.text(subclass.label())))
                small { (visit.text(asset.class.label())) }
            }
            td.num data-l=(visit.say("原值（元）", "Value (yuan)")) {
                @if let Some(value) = asset.original_value { (value.grouped()) } @else { span.mut { "—" } }
            }
            td.nw data-l=(visit.say("购建", "Acquired")) {
                @if let Some(day) = asset.acquired_on { (day) } @else { span.mut { "—" } }
            }
            td data-l=(visit.say("权属", "Title")) { (title_badge(visit, row.title)) }
            td data-l=(visit.say("管护主体 / 责任人", "Maintainer / keeper")) {
                @match &row.maintainer {
                    Some(named) => { (named.name) }
                    // a claim is nothing to look after
                    None if row.findings.contains(&Rule::NoMaintainer) => { span.t-bad { (visit.say("无管护主体", "no maintainer")) } }
                    None => { span.mut { "—" } }
                }
                @if let Some(named) = &row.keeper { small { (named.name) " " (named.phone) } }
            }
            td data-l=(visit.say("状态", "State")) { (state_badge(visit, row)) }
        }
    }
}

/// The state of a title.
pub(super) fn title_badge(visit: &Visit, state: Option<title::State>) -> Markup {
    let state = state.unwrap_or(title::State::Unconfirmed);
    let tone = match state {
        title::State::Confirmed => Tone::Good,
        title::State::Disputed => Tone::Bad,
        title::State::Unconfirmed | title::State::InProgress => Tone::Warning,
    };
    badge(tone, visit.text(state.label()))
}

/// How an asset is: what is wrong first.
fn state_badge(visit: &Visit, row: &Sight) -> Markup {
    let asset = &row.asset;
    if asset.state != asset::State::Held {
        return badge(Tone::Idle, visit.text(asset.state.label()));
    }
    let serious = [Rule::NoMaintainer, Rule::DutyExpired, Rule::TitleDisputed];
    if let Some(rule) = serious.iter().find(|rule| row.findings.contains(rule)) {
        return badge(Tone::Bad, visit.text(rule.label()));
    }
    if let Some(rule) = row.findings.first() {
        let more = row.findings.len() - 1;
        let word = visit.text(rule.label());
        return badge(
            Tone::Warning,
            &if more > 0 { format!("{word} +{more}") } else { word.to_owned() },
        );
    }
    match asset.use_state {
        Some(state) => badge(Tone::Good, visit.text(state.label())),
        None => badge(Tone::Good, visit.say("在册", "on the books")),
    }
}

fn pager(visit: &Visit, asked: &Asked<'_>, shown: usize, total: u64, next: Option<&str>) -> Markup {
    html! {
        nav.pager aria-label=(visit.say("翻页", "Pages")) {
            span { (visit.say("本页 ", "This page: ")) (shown) (visit.say(" 项，共 ", " of ")) (grouped(i64::try_from(total).unwrap_or(i64::MAX))) (visit.say(" 项", "")) }
            span {
                (visit.say("每页 ", "Rows: "))
                @for n in ROWS {
                    @let is_here = asked.list.limit == n;
                    a href=(visit.with(&[("limit", n.to_string().as_str()), ("after", "")])) aria-current=[is_here.then_some("true")] { (n) }
                }
            }
            ul {
                @if visit.query.iter().any(|(word, _)| word == "after") {
                    li { a href=(visit.with(&[("after", "")])) { (visit.say("第一页", "First page")) } }
                }
                @if let Some(next) = next {
                    li { a rel="next" href=(visit.with(&[("after", next)])) { (visit.say("下一页", "Next page")) } }
                }
            }
        }
    }
}
