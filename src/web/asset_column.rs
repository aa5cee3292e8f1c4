//! The columns of the list of assets on a page: their heads, what stands in them, what they come to.

use entity::{asset, finding::Rule, money::Money, title};
use maud::{Markup, html};

use super::{
    asset::Asked,
    parts::{Tone, badge, grouped, ten_thousands},
    visit::Visit,
};
use crate::app::{
    asset_column::{Shown, standing},
    asset_total::Total,
    listing::Sight,
    output::{ColumnKind, Value},
};

/// What a column is called; one of amounts tells its unit.
pub(super) fn name(visit: &Visit, column: &Shown) -> String {
    let name = visit.text(column.label);
    if column.is_money() {
        format!("{name}{}", visit.say("（万元）", " (10,000 yuan)"))
    } else {
        name.to_owned()
    }
}

/// The heads of the columns; where the list can be ordered by one, a way to do so.
pub(super) fn heads(visit: &Visit, asked: &Asked<'_>) -> Markup {
    // orders other than that of place are of one county
    let is_ordered = asked.area.level() >= entity::area::Level::County;
    html! {
        @for column in &asked.columns {
            @let name = name(visit, column);
            @match column.sort.filter(|_| is_ordered) {
                Some(sort) => { (ordered(visit, asked, sort, &name, column.is_number())) }
                None => { th.num[column.is_number()] scope="col" { (name) } }
            }
        }
    }
}

/// A column head that orders the list.
fn ordered(visit: &Visit, asked: &Asked<'_>, sort: &str, name: &str, is_number: bool) -> Markup {
    let now = asked.word("sort");
    let down = format!("-{sort}");
    let (next, said) = match now {
        _ if now == sort => (down.as_str(), Some("ascending")),
        _ if now == down => ("", Some("descending")),
        _ => (sort, None),
    };
    let words = [("sort", next), ("after", ""), ("before", ""), ("at", "")];
    html! {
        th.num[is_number] scope="col" aria-sort=[said] {
            a href=(visit.with(&words)) {
                (name) @match said { Some("ascending") => " ▴", Some(_) => " ▾", None => "" }
            }
        }
    }
}

/// What stands in the columns of an asset; the first of them names it.
pub(super) fn cells(visit: &Visit, columns: &[&'static Shown], row: &Sight) -> Markup {
    html! {
        @for column in columns {
            @if column.name == "name" {
                th scope="row" {
                    a.b href={ "/assets/" (row.asset.code) } { (row.asset.name) }
                    small { (row.place) span.s {} (row.asset.code) }
                }
            } @else {
                td.num[column.is_number()] data-l=(name(visit, column)) { (cell(visit, column, row)) }
            }
        }
    }
}

fn cell(visit: &Visit, column: &Shown, row: &Sight) -> Markup {
    let asset = &row.asset;
    match column.name {
        "kind" => html! {
            (asset.subclass.map_or("—", |subclass| visit.text(subclass.label())))
            small { (visit.text(asset.class.label())) }
        },
        "source" => source(visit, row),
        "title" => title_badge(visit, row.title),
        "maintainer" => maintainer(visit, row),
        "state" => state_badge(visit, row),
        _ => {
            html! { @for part in &column.parts { (plain(visit, &part.value(row, visit.language), part.column.kind)) } }
        }
    }
}

fn plain(visit: &Visit, value: &Value, kind: ColumnKind) -> Markup {
    match value {
        Value::Empty => html! { span.mut { "—" } },
        Value::Money(money) => ten_thousands(*money),
        Value::Integer(n) if kind != ColumnKind::Ordinal => html! { (grouped(*n)) },
        Value::Integer(n) => html! { (n) },
        Value::Decimal(decimal) => html! { (decimal) },
        Value::Date(day) => html! { span.nw { (day) } },
        Value::Text(text) => html! { (text) },
        Value::Truth(truth) => html! { (visit.text(crate::domain::field::truth_label(*truth))) },
        Value::Instant(at) => html! { (super::import::minute(*at)) },
    }
}

/// The fund that gave most, how many others there were, and the years.
fn source(visit: &Visit, row: &Sight) -> Markup {
    let mut sources: Vec<_> = row.sources.iter().filter(|source| source.fund.is_some()).collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.amount));
    let mut years: Vec<i32> = row.fund_years().collect();
    years.sort_unstable();
    let years = years.first().zip(years.last());
    html! {
        @match sources.first().and_then(|source| source.fund) {
            Some(fund) => {
                span title=(visit.text(fund.label())) { (visit.text(fund.label())) }
                @if sources.len() > 1 { " " span.mut { "+" (sources.len() - 1) } }
            }
            None => { span.mut { "—" } }
        }
        @if let Some((first, last)) = years {
            small { (first) @if first != last { "–" (last) } (visit.say(" 年", "")) }
        }
    }
}

fn maintainer(visit: &Visit, row: &Sight) -> Markup {
    html! {
        @match &row.maintainer {
            Some(named) => { span title=(named.name) { (named.name) } }
            // a claim is nothing to look after
            None if row.findings.contains(&Rule::NoMaintainer) => { span.t-bad { (visit.say("无管护主体", "no maintainer")) } }
            None => { span.mut { "—" } }
        }
        @match &row.keeper {
            Some(named) => { small { (named.name) @if !named.phone.is_empty() { span.s {} (named.phone) } } }
            None if row.findings.contains(&Rule::NoKeeper) => { small { span.t-bad { (visit.say("无管护责任人", "no keeper")) } } }
            None => {}
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

/// How an asset is: what is wrong first. What another column says in red is not said again.
pub(super) fn state_badge(visit: &Visit, row: &Sight) -> Markup {
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
    let word = if asset.use_state.is_some() {
        visit.text(standing(row))
    } else {
        visit.say("在册", "on the books")
    };
    badge(Tone::Good, word)
}

/// What the page and the whole list come to.
pub(super) fn totals(visit: &Visit, asked: &Asked<'_>, rows: &[Sight], total: Total) -> Markup {
    let n = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let of_page = |column: &Shown| {
        let part = column.parts.first().filter(|_| column.is_money())?;
        let amounts = rows.iter().filter_map(|row| match part.value(row, visit.language) {
            Value::Money(money) => Some(money),
            _ => None,
        });
        Money::total(amounts)
    };
    let is_whole = total.n() == Some(n);
    let page = if is_whole {
        visit.say("合计", "Total")
    } else {
        visit.say("本页合计", "This page")
    };
    let whole = match total {
        Total::Exactly(sum) => Some(sum.value),
        Total::MoreThan(_) | Total::Unknown => None,
    };
    html! {
        tfoot {
            (total_row(visit, asked, &format!("{page} {} {}", grouped(n), visit.say("项", "assets")), of_page))
            @if !is_whole && total != Total::Unknown {
                @let words = format!("{} {} {}", visit.say("筛选合计", "All found:"), super::pager::told(visit, total), visit.say("项", "assets"));
                (total_row(visit, asked, &words, |column| whole.filter(|_| column.name == "value")))
            }
        }
    }
}

/// One row of sums: the words as far as no sum stands.
fn total_row(
    visit: &Visit,
    asked: &Asked<'_>,
    words: &str,
    sum: impl Fn(&Shown) -> Option<Money>,
) -> Markup {
    let first = asked.columns.iter().position(|column| column.is_money());
    let span = first.unwrap_or(asked.columns.len()) + 1;
    html! {
        tr {
            th scope="row" colspan=(span) { (words) }
            @for column in asked.columns.iter().skip(span - 1) {
                td.num[column.is_money()] data-l=(name(visit, column)) {
                    @if let Some(sum) = sum(column) { (ten_thousands(sum)) }
                }
            }
        }
    }
}
