//! 月度简报: one page of A4 a town, all towns of a county in one print.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{area::AreaCode, finding::Rule};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    parts::{Field, choice, field, grouped, nothing, percent, scrolled, ten_thousands_text},
    print,
    visit::{Visit, at},
};
use crate::{
    app::brief::{self, Aim, Brief, Briefs},
    domain::{
        brief::Month,
        mistake::{Mistake, Mistakes},
    },
    error::Result,
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/briefs", get(show))
}

fn word<'a>(visit: &'a Visit, name: &str) -> Option<&'a str> {
    let found = visit.query.iter().find(|(word, value)| word == name && !value.is_empty());
    found.map(|(_, value)| value.as_str())
}

/// What an address asks for: where, and of which month.
fn asked(visit: &Visit) -> Result<(Option<AreaCode>, Option<Month>)> {
    let mut mistakes = Mistakes::default();
    let area = word(visit, "area").and_then(|text| {
        let area = text.parse().ok();
        if area.is_none() {
            let (zh, en) = ("应为十二位区划代码", "an area code of twelve digits");
            let expected = entity::language::Sentence::new(zh, en);
            mistakes.push(Mistake::new("area", text, expected));
        }
        area
    });
    let month = word(visit, "month").and_then(|text| match Month::read(text, visit.today) {
        Ok(month) => Some(month),
        Err(expected) => {
            mistakes.push(Mistake::new("month", text, expected));
            None
        }
    });
    mistakes.into_result()?;
    Ok((area, month))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let (area, month) = asked(&visit)?;
    let briefs = brief::briefs(&state.ledger, &visit.actor, area, month).await?;
    let around = Around::of(&state, &visit).await?;
    let body = html! {
        (chooser(&visit, &briefs))
        @if briefs.towns.is_empty() {
            section.card { (nothing(visit.say("简报按县、乡镇出；这个区划没有乡镇的资产。", "Briefs are of a county or a town; no town here has assets."), None)) }
        }
        @for one in &briefs.towns { (drawn(&visit, &briefs, one)) }
    };
    let shown = Page {
        place: Some(Place::Briefs),
        below: format!(
            "{} · {} · {} {}",
            briefs.name,
            briefs.month,
            briefs.towns.len(),
            visit.say("份，A4 纵向，一个乡镇一页", "sheets of A4, one a town")
        ),
        beside: print::button(&visit),
        ..Page::new(visit.say("月度简报", "Monthly briefs"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn chooser(visit: &Visit, briefs: &Briefs) -> Markup {
    let months = Month::told(visit.today).map(|month| (month.to_string(), month.to_string()));
    let shape = Field {
        name: "month",
        label: visit.say("月份", "Month"),
        hint: "",
        mistake: None,
        is_required: false,
    };
    html! {
        form.filters action="/briefs" {
            input type="hidden" name="area" value=(briefs.area);
            (field(&shape, &choice("month", None, months, &briefs.month.to_string())))
            div.row { button.btn.go { (visit.say("查看", "Show")) } }
        }
    }
}

/// One line: what, how much, as of when.
struct Line {
    name: String,
    figure: Markup,
    when: &'static str,
}

/// One town on one sheet.
fn drawn(visit: &Visit, briefs: &Briefs, one: &Brief) -> Markup {
    let title =
        format!("{} {} {}", one.name, briefs.month, visit.say("管护简报", "brief of upkeep"));
    let lines = [
        of_assets(visit, briefs, one),
        of_findings(visit, one),
        of_work(visit, briefs, one),
        of_money(visit, one),
    ];
    let table = html! {
        table {
            thead { tr {
                th scope="col" { (visit.say("事项", "What")) }
                th.num scope="col" { (visit.say("数", "How much")) }
                th scope="col" { (visit.say("口径", "As of")) }
            } }
            tbody { @for line in lines.iter().flatten() { tr {
                th scope="row" { (line.name) }
                td.num { (line.figure) }
                td { (line.when) }
            } } }
        }
    };
    html! {
        section.card.upright {
            header { h2 { (title) } }
            (scrolled(&title, &table))
            p.pad.sm { (visit.say(
                "“月末”按当月最后一天计；销号后又出现的问题，按最近一次计。“今日”为打开本页时的数，台账不留这些数的历史。",
                "“End of month” is its last day; a finding that came back counts from the last time. “Today” is when this page was opened: the ledger keeps no history of those figures.",
            )) }
            (print::below(visit))
        }
    }
}

/// Findings of a rule of a town, as they are listed today.
fn findings(one: &Brief, rule: Option<Rule>) -> String {
    let area = one.area.to_string();
    let rule = rule.map_or("all", Rule::code);
    at("/findings", [("area", area.as_str()), ("rule", rule)])
}

fn of_assets(visit: &Visit, briefs: &Briefs, one: &Brief) -> Vec<Line> {
    let today = visit.say("今日", "today");
    let area = one.area.to_string();
    let mut lines = vec![Line {
        name: visit
            .say("在册资产（项 / 原值万元）", "Assets / their value in 10,000 yuan")
            .to_owned(),
        figure: html! { a href=(at("/assets", [("area", area.as_str())])) { (grouped(one.assets.n)) } " / " (ten_thousands_text(one.assets.value)) },
        when: today,
    }];
    for (name, lacking, rule, aim) in [
        (
            visit.say("管护落实率", "Maintained"),
            visit.say("缺管护主体（项）", "Without a maintainer"),
            Rule::NoMaintainer,
            &one.maintained,
        ),
        (
            visit.say("确权率", "Titled"),
            visit.say("未确权（项）", "Without a title"),
            Rule::TitleUnconfirmed,
            &one.titled,
        ),
    ] {
        lines.push(aimed(visit, briefs, name, aim));
        lines.push(Line {
            name: lacking.to_owned(),
            figure: html! { a href=(findings(one, Some(rule))) { (grouped(aim.share.whole - aim.share.part)) } },
            when: visit.say("月末", "end of month"),
        });
    }
    lines
}

/// A share with its target, the month before, and its place among the towns.
fn aimed(visit: &Visit, briefs: &Briefs, name: &str, aim: &Aim) -> Line {
    let target = crate::domain::setting::Value::BasisPoints(aim.target_bp).typed();
    let met = if aim.share.reaches(aim.target_bp) {
        visit.say("达到目标", "reaches its aim of")
    } else {
        visit.say("低于目标", "is below its aim of")
    };
    let place = |place: Option<usize>| place.map_or_else(|| "—".to_owned(), |n| n.to_string());
    Line {
        name: name.to_owned(),
        figure: html! {
            b { (percent(aim.share.part, aim.share.whole)) "%" } " " (met) " " (target) "%"
            (visit.say("；上月 ", "; before ")) (percent(aim.before.part, aim.before.whole)) "%"
            @if let Some(n) = briefs.n_compared {
                (visit.say("；全县第 ", "; place ")) (place(aim.place)) "/" (n)
                (visit.say("，上月第 ", ", before ")) (place(aim.place_before))
            }
        },
        when: visit.say("月末（资产数为今日）", "end of month (assets of today)"),
    }
}

fn of_findings(visit: &Visit, one: &Brief) -> Vec<Line> {
    let month = visit.say("当月", "the month");
    let end = visit.say("月末", "end of month");
    let area = one.area.to_string();
    let late = at("/findings", [("area", area.as_str()), ("overdue", "yes")]);
    let count = |n: i64| html! { (grouped(n)) };
    let most = one.most.iter().map(|(rule, n)| Line {
        name: format!("· {}", visit.text(rule.label())),
        figure: html! { a href=(findings(one, Some(*rule))) { (grouped(*n)) } },
        when: end,
    });
    let mut lines = vec![
        Line {
            name: visit.say("新增问题（条）", "New findings").to_owned(),
            figure: count(one.opened),
            when: month,
        },
        Line {
            name: visit.say("销号问题（条）", "Closed findings").to_owned(),
            figure: count(one.cleared),
            when: month,
        },
        Line {
            name: visit.say("未销号问题（条）", "Open findings").to_owned(),
            figure: html! { a href=(findings(one, None)) { (grouped(one.stood)) } },
            when: end,
        },
    ];
    lines.extend(most);
    lines.push(Line {
        name: visit.say("整改逾期（条）", "Late rectifications").to_owned(),
        figure: html! { a href=(late) { (grouped(one.late)) } },
        when: visit.say("今日", "today"),
    });
    lines
}

fn of_work(visit: &Visit, briefs: &Briefs, one: &Brief) -> Vec<Line> {
    let (month, today) = (visit.say("当月", "the month"), visit.say("今日", "today"));
    let area = one.area.to_string();
    let of = |path: &str| at(path, [("area", area.as_str())]);
    let [found, ended, open, late] = one.orders;
    let until = briefs.month.last();
    vec![
        Line {
            name: visit.say("完成巡查（次）", "Inspections").to_owned(),
            figure: html! { a href=(of("/inspections")) { (grouped(one.inspected)) } },
            when: month,
        },
        Line {
            name: format!(
                "{} {until}",
                visit.say("应巡查未巡查（项），截止", "To be inspected by")
            ),
            figure: html! { a href=(of("/inspections/round")) { (grouped(one.due)) } },
            when: today,
        },
        Line {
            name: visit.say("新开 / 办结工单（张）", "Work orders found / ended").to_owned(),
            figure: html! { (grouped(found)) " / " (grouped(ended)) },
            when: month,
        },
        Line {
            name: visit.say("未办结 / 逾期工单（张）", "Work orders open / late").to_owned(),
            figure: html! { a href=(of("/work-orders")) { (grouped(open)) } " / " (grouped(late)) },
            when: today,
        },
    ]
}

fn of_money(visit: &Visit, one: &Brief) -> Vec<Line> {
    let (month, today) = (visit.say("当月", "the month"), visit.say("今日", "today"));
    let area = one.area.to_string();
    let budgets = at("/budgets", [("area", area.as_str())]);
    vec![
        Line {
            name: visit
                .say("本年安排 / 已用管护经费（万元）", "Set aside / spent this year, 10,000 yuan")
                .to_owned(),
            figure: html! { a href=(budgets) { (ten_thousands_text(one.set_aside)) } " / " (ten_thousands_text(one.spent)) },
            when: today,
        },
        Line {
            name: visit.say("当月支付（万元）", "Paid, 10,000 yuan").to_owned(),
            figure: html! { (ten_thousands_text(one.paid)) },
            when: month,
        },
    ]
}
