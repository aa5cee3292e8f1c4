//! The parts of an area beside one another.

use entity::{finding::Rule, setting::Key};
use maud::{Markup, html};

use super::{Targets, UPKEEP, every_finding, findings, kinds, lacking, of_area};
use crate::{
    app::report::{Outline, Part},
    web::{
        parts::{bar, grouped, percent, ten_thousands},
        visit::{Visit, at},
    },
};

/// One part of the area. What lies in no part of it, but in the area itself, has no list of its own.
fn compared_part(visit: &Visit, told: &Outline, part: &Part, targets: &Targets) -> Markup {
    let share = |key, found: i64, all: i64| {
        let kept = (all - found).max(0);
        let is_low = targets.is_missed(key, part.area, (kept, all));
        html! {
            td.num {
                span class=[is_low.then_some("t-bad")] { @if is_low { "▾ " } (percent(kept, all)) "%" }
                (bar(kept, all, is_low))
            }
        }
    };
    let unkept: i64 = UPKEEP.iter().map(|rule| part.found(*rule).n).sum();
    let is_own = part.area == told.area;
    let area = part.area.to_string();
    let counted = |path: String, n: i64| {
        html! { td.num { @if is_own { (grouped(n)) } @else { a href=(path) { (grouped(n)) } } } }
    };
    html! {
        tr {
            th scope="row" {
                @if is_own { (part.name) (visit.say("本级", ", itself")) }
                @else { a href=(at("/dashboard", [("area", area.as_str())])) { (part.name) } }
            }
            (counted(of_area(&area, &[]), part.all.n))
            td.num { (ten_thousands(part.all.value)) }
            (share(Key::TitleTarget, part.found(Rule::TitleUnconfirmed).n, part.all.n))
            (share(Key::UpkeepTarget, unkept, part.all.n))
            (counted(findings(part.area, Rule::NoMaintainer), part.found(Rule::NoMaintainer).n))
            (counted(every_finding(part.area), part.n_found()))
        }
    }
}

/// The parts of the area beside one another.
pub(super) fn block(visit: &Visit, told: &Outline, targets: &Targets) -> Markup {
    let label = told.level.map_or("", |level| visit.text(level.label()));
    html! {
        section.card.mt {
            header {
                h2 { @if let Some(level) = told.level { (kinds(visit, level)) (visit.say("对比", " compared")) } }
                span.mut.sm { (targets.aim(visit, told.area)) }
            }
            div.wrap tabindex="0" role="region" aria-label=(visit.say("对比", "Compared")) {
                table {
                    thead { tr {
                        th scope="col" { (label) }
                        th.num scope="col" { (visit.say("资产（项）", "Assets")) }
                        th.num scope="col" { (visit.say("原值（万元）", "Value (×10,000 yuan)")) }
                        th.num scope="col" { (visit.say("确权率", "Titled")) }
                        th.num scope="col" { (visit.say("管护落实率", "Maintained")) }
                        th.num scope="col" { (visit.say("缺管护主体", "No maintainer")) }
                        th.num scope="col" { (visit.say("问题", "Findings")) }
                    } }
                    tbody { @for part in &told.parts { (compared_part(visit, told, part, targets)) } }
                    tfoot { tr {
                        @let unkept: i64 = UPKEEP.iter().map(|rule| told.found(*rule).n).sum();
                        th scope="row" { (told.name) }
                        td.num { a href=(of_area(&told.area.to_string(), &[])) { (grouped(told.all.n)) } }
                        td.num { (ten_thousands(told.all.value)) }
                        td.num { (percent((told.all.n - told.found(Rule::TitleUnconfirmed).n).max(0), told.all.n)) "%" }
                        td.num { (percent((told.all.n - unkept).max(0), told.all.n)) "%" }
                        td.num { a href=(lacking(told, Rule::NoMaintainer)) { (grouped(told.found(Rule::NoMaintainer).n)) } }
                        td.num { a href=(every_finding(told.area)) { (grouped(told.n_found())) } }
                    } }
                }
            }
        }
    }
}
