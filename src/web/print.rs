//! A list as the official table: what stands above and below it on paper, and nowhere else.

use maud::{Markup, html};

use super::{
    icon::{Icon, icon},
    visit::Visit,
};

/// The title, who filled it in, when, and the unit of amounts.
pub(super) fn above(visit: &Visit, title: &str, area: &str, unit: &str) -> Markup {
    html! {
        div.ponly {
            p.ptitle { (area) (title) }
            p.pmeta {
                span { (visit.say("填报单位（盖章）：", "Reporting unit (seal): ")) (area) }
                span { (visit.say("填报日期：", "Date: ")) (day(visit)) }
                span { (unit) }
            }
        }
    }
}

/// The day, as papers write it.
fn day(visit: &Visit) -> String {
    visit.today.format(visit.say("%Y 年 %-m 月 %-d 日", "%Y-%m-%d")).to_string()
}

/// Who answers for it.
pub(super) fn below(visit: &Visit) -> Markup {
    let names = [
        (visit.say("单位负责人：", "Head of the unit: "), ""),
        (visit.say("审核人：", "Checked by: "), ""),
        (visit.say("填表人：", "Filled in by: "), visit.actor.name()),
        (visit.say("联系电话：", "Telephone: "), ""),
    ];
    html! {
        div.ponly { p.psign { @for (name, value) in names { span { (name) (value) } } } }
    }
}

/// A button that only scripts can bring to life; without them the browser's own menu prints.
pub(super) fn button(visit: &Visit) -> Markup {
    button_named(visit.say("打印", "Print"))
}

/// The button of a page that is made for paper: where scripts run the page prints itself.
pub(super) fn at_once(visit: &Visit) -> Markup {
    html! { button.btn type="button" data-print="now" hidden { (icon(Icon::Print)) (visit.say("打印", "Print")) } }
}

/// The same under another name.
pub(super) fn button_named(name: &str) -> Markup {
    html! { button.btn type="button" data-print hidden { (icon(Icon::Print)) (name) } }
}
