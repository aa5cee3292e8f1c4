//! What the assets are, where their money came from, when they were acquired, and how many findings
//! opened and cleared: a picture each, and the same as a table.

use entity::{finding::tally::FIRST_YEAR, money::Money};
use maud::{Markup, html};

use super::of_area;
use crate::{
    app::report::{Outline, Overview},
    web::{
        chart::{self, Bar, Pair},
        parts::{grouped, percent, ten_thousands, ten_thousands_text},
        visit::Visit,
    },
};

/// Class, fund and year.
pub(super) fn block(visit: &Visit, overview: &Overview) -> Markup {
    html! {
        div.grid.g2.mt.noprint {
            div.grid { (classes(visit, &overview.outline)) (years(visit, overview)) }
            (funds(visit, overview))
        }
    }
}

/// What the assets are, by their value: a bar, and the same as a table.
fn classes(visit: &Visit, told: &Outline) -> Markup {
    let whole = told.all.value.fen();
    let permille = |fen: i64| {
        let share = i128::from(fen) * 1_000 / i128::from(whole.max(1));
        i64::try_from(share).unwrap_or_default()
    };
    let mut place = 0;
    let drawn: Vec<(i64, i64)> = told
        .classes
        .iter()
        .map(|(_, sum)| {
            let width = permille(sum.value.fen());
            let at = place;
            place += width;
            (at, width)
        })
        .collect();
    let keys = [(Some("k1"), None), (None, Some("url(#hatch)")), (Some("k3"), None)];
    let most = told.classes.iter().max_by_key(|(_, sum)| sum.value);
    let conclusion = most.map_or(String::new(), |(class, sum)| {
        let (name, share) = (visit.text(class.label()), percent(sum.value.fen(), whole));
        format!(
            "{}{name}{}{share}%",
            visit.say("按原值，", "By value, "),
            visit.say("最多，占 ", " are most: ")
        )
    });
    html! {
        section.card {
            header { h2 { (visit.say("资产构成", "What the assets are")) } span.mut.sm { (visit.say("按原值，万元", "by value, ×10,000 yuan")) } }
            div.pad {
                svg.stack role="img" aria-label=(conclusion) viewBox="0 0 1000 28" preserveAspectRatio="none" {
                    @for ((x, width), (class, fill)) in drawn.iter().zip(keys) {
                        rect x=(x) width=((width - 2).max(0)) height="28" class=[class] fill=[fill] {}
                    }
                }
                div.wrap tabindex="0" role="region" aria-label=(visit.say("资产构成", "What the assets are")) { table {
                    thead.sr { tr {
                        th scope="col" { (visit.say("类别", "Class")) }
                        th scope="col" { (visit.say("项数", "Assets")) }
                        th scope="col" { (visit.say("原值（万元）", "Value (×10,000 yuan)")) }
                        th scope="col" { (visit.say("占比", "Share")) }
                    } }
                    tbody { @for ((class, sum), (key, fill)) in told.classes.iter().zip(keys) {
                        @let path = of_area(&told.area.to_string(), &[("class", class.code())]);
                        tr {
                            th scope="row" {
                                svg.key viewBox="0 0 12 12" aria-hidden="true" { rect width="12" height="12" class=[key] fill=[fill] {} }
                                (visit.text(class.label()))
                            }
                            td.num { a href=(path) { (grouped(sum.n)) } }
                            td.num { b { (ten_thousands(sum.value)) } }
                            td.num { (percent(sum.value.fen(), whole)) "%" }
                        }
                    } }
                } }
            }
        }
    }
}

/// One row of a picture and of its table.
struct Row {
    name: String,
    path: Option<String>,
    n: i64,
    value: Money,
}

/// Bars of value, and the same rows as a table with the number of assets.
fn charted(visit: &Visit, (title, first): (&str, &str), conclusion: &str, rows: &[Row]) -> Markup {
    let bars: Vec<Bar> = rows
        .iter()
        .map(|row| Bar {
            name: row.name.clone(),
            size: row.value.fen(),
            figure: ten_thousands_text(row.value),
        })
        .collect();
    let table = html! { table {
        thead { tr {
            th scope="col" { (first) }
            th.num scope="col" { (visit.say("资产（项）", "Assets")) }
            th.num scope="col" { (visit.say("万元", "×10,000 yuan")) }
        } }
        tbody { @for row in rows { tr {
            th scope="row" { (row.name) }
            td.num { @if let Some(path) = &row.path { a href=(path) { (grouped(row.n)) } } @else { (grouped(row.n)) } }
            td.num { (ten_thousands(row.value)) }
        } } }
    } };
    html! {
        section.card {
            header { h2 { (title) } span.mut.sm { (visit.say("万元", "×10,000 yuan")) } }
            div.pad {
                @if rows.is_empty() { p { (visit.say("还没有登记。", "Nothing is recorded yet.")) } }
                @else { p.sm { (conclusion) } (chart::bars(conclusion, &bars)) (chart::twin(visit, &table)) }
            }
        }
    }
}

/// Where the money came from.
fn funds(visit: &Visit, overview: &Overview) -> Markup {
    let area = overview.outline.area.to_string();
    let row = |(fund, sum): &(entity::funding::Fund, crate::store::report::Sum)| Row {
        name: visit.text(fund.label()).to_owned(),
        path: Some(of_area(&area, &[("fund", fund.code())])),
        n: sum.n,
        value: sum.value,
    };
    let rows: Vec<Row> = overview.funds.iter().map(row).collect();
    let all: i64 = rows.iter().map(|row| row.value.fen()).sum();
    let conclusion = rows.first().map_or(String::new(), |most| {
        let share = percent(most.value.fen(), all);
        format!(
            "{}{}{share}%",
            most.name,
            visit.say("最多，占全部资金的 ", " is most of the money: ")
        )
    });
    let words = (visit.say("资金来源", "Where the money came from"), visit.say("资金类型", "Fund"));
    charted(visit, words, &conclusion, &rows)
}

/// When the assets were acquired.
fn years(visit: &Visit, overview: &Overview) -> Markup {
    let area = overview.outline.area.to_string();
    let row = |(year, sum): &(Option<i32>, crate::store::report::Sum)| {
        let before = FIRST_YEAR - 1;
        let (name, asked) = match *year {
            None => (visit.say("没有登记", "not recorded").to_owned(), None),
            Some(year) if year <= before => (
                format!("{before}{}", visit.say(" 年及以前", " and before")),
                Some(format!("1-{before}")),
            ),
            Some(year) => (format!("{year}{}", visit.say(" 年", "")), Some(year.to_string())),
        };
        let path = asked.map(|asked| of_area(&area, &[("acquired_year", asked.as_str())]));
        Row { name, path, n: sum.n, value: sum.value }
    };
    let rows: Vec<Row> = overview.years.iter().map(row).collect();
    let most = rows.iter().max_by_key(|row| row.value);
    let conclusion = most.map_or(String::new(), |most| {
        let value = ten_thousands_text(most.value);
        let words = (
            visit.say("购建的最多，", ": most was acquired, "),
            visit.say(" 万元", " ×10,000 yuan"),
        );
        format!("{}{}{value}{}", most.name, words.0, words.1)
    });
    let words = (visit.say("购建年份", "When they were acquired"), visit.say("年份", "Year"));
    charted(visit, words, &conclusion, &rows)
}

/// Findings that opened and cleared, month by month.
pub(super) fn trend(visit: &Visit, overview: &Overview) -> Markup {
    let all = overview
        .months
        .iter()
        .fold((0, 0), |all, (_, flow)| (all.0 + flow.opened, all.1 + flow.cleared));
    let conclusion = format!(
        "{}{}{}{}{}",
        visit.say("近 12 个月新发现 ", "In the last 12 months "),
        grouped(all.0),
        visit.say(" 条，消除 ", " findings opened and "),
        grouped(all.1),
        visit.say(" 条", " cleared"),
    );
    let pairs: Vec<Pair> = overview
        .months
        .iter()
        .map(|(month, flow)| {
            let month = month.to_string();
            let name = month.get(5..).unwrap_or_default().trim_start_matches('0');
            let name = format!("{name}{}", visit.say("月", ""));
            Pair { name, sizes: [flow.opened, flow.cleared] }
        })
        .collect();
    let names = [visit.say("新发现", "opened"), visit.say("消除", "cleared")];
    let table = html! { table {
        thead { tr {
            th scope="col" { (visit.say("月份", "Month")) }
            @for name in names { th.num scope="col" { (name) } }
        } }
        tbody { @for (month, flow) in &overview.months { tr {
            th scope="row" { (month) }
            td.num { (grouped(flow.opened)) }
            td.num { (grouped(flow.cleared)) }
        } } }
    } };
    html! {
        section.card.mt.noprint {
            header { h2 { (visit.say("问题走势", "How findings change")) } span.mut.sm { (conclusion) } }
            div.pad { (chart::columns(&conclusion, &pairs)) (chart::legend(names)) (chart::twin(visit, &table)) }
        }
    }
}
