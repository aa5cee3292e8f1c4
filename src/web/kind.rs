//! Classes and subclasses: what there is of each, and which rules ask about it.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{
    area::AreaCode,
    asset::{Class, Form, Subclass},
    finding::Rule,
};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, assets, page},
    parts::{grouped, scrolled, ten_thousands},
    setting::{area_named, of_area, words},
    visit::Visit,
};
use crate::{
    app::kind::{Kind, Kinds, kinds},
    domain::{
        asset::implied_form,
        deficiency::{Thresholds, concerns},
    },
    error::Result,
    http::{AppState, fault::Fault},
    store::report::Sum,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/kinds", get(show))
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let word = words(&visit, &["area"])?;
    let told = kinds(&state.ledger, &visit.actor, area_named(word("area"))?).await?;
    let around = Around::of(&state, &visit).await?;
    let thresholds = told.local.thresholds(told.area, visit.today);
    let body = html! {
        p.mut {
            (visit.say("在册且仍在的资产；核查项目按本地规则。", "Assets on the books and still there; what is checked follows the local rules. "))
            a href=(of_area(told.area)) { (visit.say("县级规则", "Local rules")) }
        }
        @for kind in &told.classes { (class(&visit, &told, kind, &thresholds)) }
    };
    let shown = Page {
        place: Some(Place::Kinds),
        below: format!("{} · {}", told.name, visit.today),
        ..Page::new(visit.say("资产类别", "Asset kinds"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// The rules that ask about a class and a form.
fn rules_of(class: Class, form: Form, thresholds: &Thresholds) -> Vec<Rule> {
    let asks = |rule: &&Rule| thresholds.checks(**rule) && concerns(**rule, class, form);
    Rule::ALL.iter().filter(asks).copied().collect()
}

fn named(visit: &Visit, rules: &[Rule]) -> String {
    let names: Vec<&str> = rules.iter().map(|rule| visit.text(rule.label())).collect();
    names.join(visit.say("、", ", "))
}

fn class(visit: &Visit, told: &Kinds, kind: &Kind, thresholds: &Thresholds) -> Markup {
    let label = visit.text(kind.class.label());
    let common = rules_of(kind.class, Form::Fixed, thresholds);
    html! {
        section.card.mt {
            header {
                h2 { (label) }
                span.mut.sm {
                    (counted(told.area, kind.class, None, kind.all)) (visit.say(" 项，原值 ", " assets worth "))
                    (ten_thousands(kind.all.value)) (visit.say(" 万元", " ×10,000 yuan"))
                }
            }
            p.pad.sm { (visit.say("核查：", "Checked: ")) (named(visit, &common)) }
            (scrolled(label, &html! { table.cards {
                thead { tr {
                    th scope="col" { (visit.say("子类", "Subclass")) }
                    th.num scope="col" { (visit.say("资产（项）", "Assets")) }
                    th.num scope="col" { (visit.say("原值（万元）", "Value (×10,000 yuan)")) }
                    th scope="col" { (visit.say("不核查", "Not checked")) }
                } }
                tbody {
                    @for (subclass, sum) in &kind.subclasses {
                        @let own = rules_of(kind.class, implied_form(Some(*subclass)), thresholds);
                        @let without: Vec<Rule> = common.iter().filter(|rule| !own.contains(rule)).copied().collect();
                        (row(visit, (told.area, kind.class, Some(*subclass)), *sum, &named(visit, &without)))
                    }
                    @if kind.other.n > 0 { (row(visit, (told.area, kind.class, None), kind.other, "")) }
                }
            } }))
        }
    }
}

fn row(
    visit: &Visit,
    (area, class, subclass): (AreaCode, Class, Option<Subclass>),
    sum: Sum,
    without: &str,
) -> Markup {
    html! {
        tr {
            th scope="row" {
                @match subclass {
                    Some(subclass) => { (visit.text(subclass.label())) }
                    None => { span.mut { (visit.say("未填子类", "no subclass")) } }
                }
            }
            td.num data-l=(visit.say("资产（项）", "Assets")) {
                // what lacks a subclass has no list of its own
                @if subclass.is_some() { (counted(area, class, subclass, sum)) } @else { (grouped(sum.n)) }
            }
            td.num data-l=(visit.say("原值（万元）", "Value (×10,000 yuan)")) { (ten_thousands(sum.value)) }
            td data-l=(visit.say("不核查", "Not checked")) { @if without.is_empty() { span.mut { "—" } } @else { (without) } }
        }
    }
}

/// A count that leads to the list it counts.
fn counted(area: AreaCode, class: Class, subclass: Option<Subclass>, sum: Sum) -> Markup {
    let area = area.to_string();
    let subclass = subclass.map(|one| ("subclass", one.code()));
    let words = [("area", area.as_str()), ("class", class.code())].into_iter().chain(subclass);
    html! { a href=(assets(words)) { (grouped(sum.n)) } }
}
