//! Copying the budgets of the year before: what would be made is shown first, and then made as it was
//! seen.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use chrono::Datelike;
use entity::{asset, budget::Model, language::Sentence, money::Money};
use maud::{Markup, html};

use super::{
    area_pick::PickedArea,
    budget::{told_yuan, word, yuan},
    budget_form::{framed, fund_field, fund_of, year_field, year_of},
    fields::{Sheet, Typed},
    form::{Form, Sent, hidden},
    parts::{Tone, note, scrolled},
    proof::{Came, unless_mended},
    visit::{Visit, at},
};
use crate::{
    app::{self, budget::CopyOrder, place::Places},
    domain::{
        budget::copy::{Line, Plan},
        mistake::{Mistake, Mistakes},
        permission::Action,
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/budgets/copy", get(show_copy).post(send_copy))
}

async fn show_copy(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::SetBudget)?;
    let mut typed = Typed::default();
    let (year, this) = (word(&visit, "year"), visit.today.year().to_string());
    typed.put("year", if year.is_empty() { &this } else { year });
    typed.put("percent", "0");
    for name in
        ["fund", "percent", "area"].into_iter().filter(|name| !word(&visit, name).is_empty())
    {
        typed.put(name, word(&visit, name));
    }
    Ok(drawn_copy(&state, &visit, (&typed, None)).await?)
}

async fn drawn_copy(
    state: &AppState,
    visit: &Visit,
    (typed, fault): (&Typed, Option<&Fault>),
) -> Result<Response> {
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let fund = fund_field(state, visit, &sheet).await?;
    let area = sheet.around(
        (
            "area",
            visit.say("范围（不填为全部管辖范围）", "Area (your whole one where left out)"),
            visit.say("名称、拼音首字母或代码", "name, initials or code"),
        ),
        &html! { input #f-area name="area" maxlength=(limits::NAME_LENGTH) value=(typed.text("area")) data-suggest="areas" autocomplete="off"; },
    );
    let body = html! {
        (note(Tone::Idle, &html! { (visit.say(
            "把上一年的预算按比例复制到这一年，只复制这一年还没有预算的；先看结果，再办理。总额先按比例算好，再分到每一笔，一分不差。",
            "The budgets of the year before are made anew, more or less by a rate; what has a budget of this year already is left out. What would be made is shown first. The total is reckoned once and divided, to the fen.",
        )) }))
        form.card.pad.mt method="post" action="/budgets/copy" novalidate {
            (hidden(&visit.mark))
            input type="hidden" name="step" value="check";
            div.sheet {
                (year_field(visit, &sheet))
                (fund)
                (sheet.around(("percent", visit.say("增减比例（%）", "More or less (%)"), visit.say("如 5 或 -3.5；最多两位小数，±50 以内", "such as 5 or -3.5; two decimals at most, within 50")), &html! {
                    input #f-percent name="percent" inputmode="decimal" maxlength="7" value=(typed.text("percent"));
                }))
                (area)
            }
            div.dock {
                button.btn.go { (visit.say("看看会怎样", "See what it would make")) }
                a.btn href="/budgets" { (visit.say("不办了", "Leave it")) }
            }
        }
    };
    framed(state, visit, (visit.say("复制上年预算", "Copy last year's budgets"), fault), body).await
}

/// Hundredths of a percent of a text such as `5` or `-3.5`.
fn rate(text: &str) -> Option<i32> {
    let text = text.trim().trim_end_matches('%').trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 3
        || part.len() > 2
        || !is_number(whole)
        || !is_number(part)
    {
        return None;
    }
    let part: i32 = format!("{part:0<2}").parse().ok()?;
    Some(sign * (whole.parse::<i32>().ok()? * 100 + part))
}

/// What a form asks to be copied.
async fn order(state: &AppState, visit: &Visit, form: &Form) -> Result<CopyOrder> {
    let mut wrong = Mistakes::default();
    let (fund, year) = (fund_of(form, &mut wrong), year_of(form, &mut wrong));
    let rate_bp = rate(form.one("percent"));
    if rate_bp.is_none() {
        let expected = Sentence::new(
            "增减比例应如 5 或 -3.5，最多两位小数",
            "a rate such as 5 or -3.5, with two decimals at most",
        );
        wrong.push(Mistake::new("percent", form.one("percent"), expected));
    }
    let area = match form.one("area") {
        "" => Some(visit.area()),
        text => {
            let picked = PickedArea::of(state, visit, text).await?;
            picked.code().map_err(|mistake| wrong.push(mistake)).ok()
        }
    };
    wrong.into_result()?;
    let area = area.unwrap_or(visit.area());
    Ok(CopyOrder { area, year, fund, rate_bp: rate_bp.unwrap_or_default() })
}

async fn send_copy(State(state): State<AppState>, sent: Sent) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    visit.actor.require(Action::SetBudget)?;
    let done = match form.one("step") {
        "copy" => copied(&state, &visit, &form).await,
        _ => checked(&state, &visit, &form).await,
    };
    let error = match done {
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    match unless_mended(&visit, &form, error) {
        Came::Wrong(fault) => {
            Ok(drawn_copy(&state, &visit, (&Typed::sent(&form), Some(&fault))).await?)
        }
        Came::Answered(answer) => answer,
    }
}

/// What copying would make, and the form that carries it out.
async fn checked(state: &AppState, visit: &Visit, form: &Form) -> Result<Response> {
    let order = order(state, visit, form).await?;
    let (fund, plan) = app::budget::look_at_copy(&state.ledger, &visit.actor, &order).await?;
    let read = state.ledger.read(&visit.actor);
    let ids: Vec<_> = plan.lines.iter().filter_map(|line| line.target.asset).collect();
    let assets = read.some::<asset::Entity>(&ids).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, plan.lines.iter().map(|line| line.target.area)).await?;
    let name = |line: &Line| {
        let place = places.path_below(line.target.area, Some(visit.area()));
        let asset = line.target.asset.and_then(|id| assets.iter().find(|row| row.id == id));
        match (asset, line.target.subclass) {
            (Some(asset), _) => format!("{} · {place}", asset.name),
            (None, Some(kind)) => format!("{place} · {}", visit.text(kind.label())),
            (None, None) => place,
        }
    };
    let body = html! {
        (note(Tone::Idle, &html! {
            (visit.say("将新增 ", "To be made: ")) b { (plan.lines.len()) } (visit.say(" 笔预算，合计 ", " budgets of ")) (told_yuan(visit, plan.after))
            (visit.say("（上年 ", " (last year ")) (yuan(plan.before)) (visit.say("）；资金结余 ", "); balance of the fund ")) (told_yuan(visit, fund.balance()))
            @if plan.n_there > 0 { (visit.say("；已有预算、不复制 ", "; left out, for they have theirs: ")) (plan.n_there) (visit.say(" 个", "")) }
        }))
        section.card.mt { (scrolled(visit.say("将新增的预算", "Budgets to be made"), &plan_table(visit, &plan, name))) }
        form.mt method="post" action="/budgets/copy" {
            (hidden(&visit.mark))
            input type="hidden" name="step" value="copy";
            @for name in ["year", "fund", "percent", "area"] { input type="hidden" name=(name) value=(form.one(name)); }
            input type="hidden" name="count" value=(plan.lines.len());
            input type="hidden" name="total" value=(plan.after);
            div.row {
                button.btn.go { (visit.say("照此复制", "Make them")) }
                a.btn href=(at("/budgets/copy", ["year", "fund", "percent", "area"].map(|name| (name, form.one(name))))) { (visit.say("返回修改", "Back to the form")) }
            }
        }
    };
    framed(state, visit, (visit.say("核对要复制的预算", "Is this right?"), None), body).await
}

fn plan_table(visit: &Visit, plan: &Plan, name: impl Fn(&Line) -> String) -> Markup {
    let heads = [
        visit.say("上年（元）", "Last year (yuan)"),
        visit.say("这一年（元）", "This year (yuan)"),
    ];
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("村 / 资产", "Place / asset")) }
                @for head in heads { th.num scope="col" { (head) } }
            } }
            tbody { @for line in &plan.lines { tr {
                th scope="row" { (name(line)) }
                td.num data-l=(heads[0]) { (yuan(line.before)) }
                td.num data-l=(heads[1]) { (yuan(line.after)) }
            } } }
            tfoot { tr {
                th scope="row" { (visit.say("合计", "Total")) }
                td.num { (yuan(plan.before)) }
                td.num { (yuan(plan.after)) }
            } }
        }
    }
}

async fn copied(state: &AppState, visit: &Visit, form: &Form) -> Result<Response> {
    let order = order(state, visit, form).await?;
    let seen = (
        form.one("count").parse().unwrap_or_default(),
        form.one("total").parse().unwrap_or(Money::ZERO),
    );
    let year = order.year.to_string();
    let place = at("/budgets", [("year", year.as_str()), ("done", "copied")]);
    let answer = place.clone();
    let ledger = form.once(&state.ledger, move |_: &Vec<Model>| answer.clone());
    app::budget::copy(&ledger, &visit.actor, &order, seen).await?;
    Ok(Redirect::to(&place).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_hundredths_of_a_percent() {
        for (text, expected) in [
            ("5", Some(500)),
            ("+5%", Some(500)),
            ("-3.5", Some(-350)),
            ("0.05", Some(5)),
            ("0", Some(0)),
            ("", None),
            ("5.001", None),
            ("1e3", None),
            ("--5", None),
        ] {
            assert_eq!(rate(text), expected, "{text}");
        }
    }
}
