//! What the upkeep of a unit of each kind cost in a year, beside the places around and the standard.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{area::AreaCode, money::Money};
use maud::{Markup, html};

use super::{
    budget::{told_yuan, way, year_of, yuan},
    frame::{Around, Page, Place, page},
    parts::{Field, Tone, badge, field, note, nothing, scrolled},
    print,
    setting::{area_named, words},
    visit::Visit,
};
use crate::{
    app::{
        budget::cost::{Cost, Costs, costs},
        place::Places,
    },
    http::{AppState, fault::Fault},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/budgets/costs", get(show))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let word = words(&visit, &["year", "area"])?;
    let (year, area) = (year_of(&visit), area_named(word("area"))?);
    let around = Around::of(&state, &visit).await?;
    let told = costs(&state.ledger, &visit.actor, (area, year)).await?;
    let mut places = Places::new(visit.today);
    places.learn(&state.ledger.read(&visit.actor), [told.area]).await?;
    let below = format!("{} · {year}", places.name(told.area));
    let body = html! {
        (print::above(&visit, visit.say("单位管护成本", "Unit costs of upkeep"), &around.area, visit.say("金额单位：元", "Amounts in yuan")))
        (filters(&visit, year, area))
        @if told.is_comparable { (whole(&visit, &told)) }
        @else { (note(Tone::Idle, &html! { (visit.say("单位成本在一个县内比较，请先选定一个县。", "Costs are compared within one county: choose one.")) })) }
    };
    let shown = Page {
        place: Some(Place::Budgets),
        way: way(&visit),
        below,
        beside: print::button(&visit),
        ..Page::new(visit.say("单位管护成本", "Unit costs of upkeep"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn filters(visit: &Visit, year: i32, area: Option<AreaCode>) -> Markup {
    let label = visit.say("年度", "Year");
    html! {
        form.filters.card action="/budgets/costs" {
            (field(&Field { name: "year", label, hint: "", mistake: None, is_required: false }, &html! {
                input #f-year name="year" inputmode="numeric" maxlength="4" value=(year);
            }))
            @if let Some(area) = area { input type="hidden" name="area" value=(area); }
            div.row { button.btn.go { (visit.say("查询", "Show")) } }
        }
    }
}

fn whole(visit: &Visit, costs: &Costs) -> Markup {
    html! {
        p.mt.mut { (visit.say(
            "单位成本＝当年支出÷在册数量；中位数取本县内您能看到的、当年有支出的各村；标准见县级规则。",
            "What a unit cost is what was paid in the year over what stands. The median is that of the places of this county that you may see and that paid anything; standards are local rules.",
        )) }
        section.card.mt aria-label=(visit.say("单位管护成本", "Unit costs")) {
            @if costs.rows.is_empty() { (nothing(visit.say("当年没有支出，也没有标准。", "Nothing was paid in that year, and there is no standard."), Some(("/budgets", visit.say("管护预算", "Budgets"))))) }
            @else { (scrolled(visit.say("单位管护成本，可滚动", "Unit costs; scrolls"), &table(visit, &costs.rows))) }
        }
        @if costs.uncounted > Money::ZERO {
            p.mt { (visit.say("另有未填类型、数量单位的资产支出 ", "Besides, paid for assets without a kind or a unit: ")) (told_yuan(visit, costs.uncounted)) }
        }
    }
}

/// A table of costs.
pub(super) fn table(visit: &Visit, rows: &[Cost]) -> Markup {
    let heads = [
        visit.say("在册数量", "Stands"),
        visit.say("支出", "Paid"),
        visit.say("单位成本", "A unit cost"),
        visit.say("各村中位数", "Median of places"),
        visit.say("标准", "Standard"),
    ];
    let perhaps = |amount: Option<Money>| {
        html! { @match amount { Some(amount) => { (yuan(amount)) } None => { span.mut { "—" } } } }
    };
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产类型 / 单位", "Kind / unit")) }
                @for head in heads { th.num scope="col" { (head) } }
            } }
            tbody { @for row in rows { tr {
                th scope="row" { (visit.text(row.kind.label())) small { (visit.say("元/", "yuan a ")) (visit.text(row.unit.label())) (visit.say("·年", " and year")) } }
                td.num data-l=(heads[0]) { (row.extent.told()) " " (visit.text(row.unit.label())) }
                td.num data-l=(heads[1]) { (yuan(row.spent)) }
                td.num data-l=(heads[2]) { div { (perhaps(row.per_unit)) " " (judged(visit, row)) } }
                td.num data-l=(heads[3]) { div { (perhaps(row.median)) small { (row.n_places) (visit.say(" 村", " places")) } } }
                td.num data-l=(heads[4]) { (perhaps(row.standard)) }
            } } }
        }
    }
}

/// Whether less than the standard was paid.
fn judged(visit: &Visit, row: &Cost) -> Markup {
    let (Some(cost), Some(standard)) = (row.per_unit, row.standard) else { return html! {} };
    html! {
        @if cost < standard { (badge(Tone::Warning, visit.say("低于标准", "below the standard"))) }
        @else { (badge(Tone::Good, visit.say("达到标准", "as the standard"))) }
    }
}
