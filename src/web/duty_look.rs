//! What an assignment would do, asset by asset: what is so now, and what would be.

use chrono::NaiveDate;
use entity::duty::Kind;
use maud::{Markup, html};

use super::{
    duty_assign::day,
    parts::{Tone, badge, scrolled},
    visit::Visit,
};
use crate::app::assignment::{Look, Plan};

/// A plan, and how those are called who are to bear it.
pub(super) struct Looked<'a> {
    /// What would be done.
    pub(super) plan: &'a Plan,
    /// Who is to bear which duty.
    pub(super) names: &'a [(Kind, String)],
    /// From when on.
    pub(super) from: NaiveDate,
}

/// How many duties would begin, would take over from another, cannot be assigned.
pub(super) struct Number {
    /// Nobody bears them.
    pub(super) free: usize,
    /// Somebody bears them already.
    pub(super) borne: usize,
    /// They cannot be assigned.
    pub(super) refused: usize,
}

impl Looked<'_> {
    /// How many there are of each.
    pub(super) fn n(&self) -> Number {
        let mut n = Number { free: 0, borne: 0, refused: 0 };
        for (_, step) in self.plan.looks.iter().flat_map(|look| &look.steps) {
            match step {
                Ok(assignment) if assignment.succeeded.is_some() => n.borne += 1,
                Ok(_) => n.free += 1,
                Err(_) => n.refused += 1,
            }
        }
        n
    }

    fn name(&self, kind: Kind) -> &str {
        self.names.iter().find(|(known, _)| *known == kind).map_or("", |(_, name)| name)
    }
}

/// The table, with what comes of it above.
pub(super) fn look(visit: &Visit, looked: &Looked<'_>) -> Markup {
    let n = looked.n();
    html! {
        p.pad {
            (visit.say("新增 ", "New: ")) b { (n.free) } (visit.say(" 项责任", ""))
            @if n.borne > 0 { (visit.say("，已有人承担 ", "; borne by somebody already: ")) b { (n.borne) } (visit.say(" 项", "")) }
            @if n.refused > 0 { (visit.say("，不能指派、不作改动 ", "; cannot be assigned and stay as they are: ")) b.t-bad { (n.refused) } (visit.say(" 项", "")) }
        }
        (scrolled(visit.say("指派前后对照", "Before and after"), &html! { table.cards {
            thead { tr {
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (visit.say("责任", "Duty")) }
                th scope="col" { (visit.say("现在", "Now")) }
                th scope="col" { (visit.say("指派后", "Then")) }
            } }
            tbody { @for one in &looked.plan.looks { @for place in 0..one.steps.len() { (row(visit, looked, one, place)) } } }
        } }))
    }
}

fn row(visit: &Visit, looked: &Looked<'_>, one: &Look, place: usize) -> Markup {
    let (kind, step) = &one.steps[place];
    let next = html! { (looked.name(*kind)) " " span.mut { (visit.say("自 ", "from ")) (looked.from) (visit.say(" 起", "")) } };
    html! {
        tr {
            th scope="row" { a.b href={ "/assets/" (one.asset.code) } { (one.asset.name) } small { (one.place) " " (one.asset.code) } }
            td data-l=(visit.say("责任", "Duty")) { (visit.text(kind.label())) }
            @match step {
                Ok(assignment) => {
                    @match &assignment.succeeded {
                        Some((before, closed)) => {
                            td data-l=(visit.say("现在", "Now")) {
                                (looked.plan.bearer(before).name)
                                small { (visit.say("自 ", "from ")) (day(before.from_on)) @if before.until_on.is_some() { (visit.say(" 至 ", " until ")) (day(before.until_on)) } }
                            }
                            td data-l=(visit.say("指派后", "Then")) {
                                (badge(Tone::Warning, visit.say("已有人承担", "borne already")))
                                small { (visit.say("跳过：不变", "left: no change")) }
                                small { (visit.say("接替：原责任到 ", "taken over: the former ends on ")) (day(closed.until_on)) (visit.say(" 止，", "; ")) (next) }
                            }
                        }
                        None => {
                            td data-l=(visit.say("现在", "Now")) { span.t-bad { (visit.say("空缺", "nobody")) } }
                            td data-l=(visit.say("指派后", "Then")) { (next) }
                        }
                    }
                }
                Err(refusal) => {
                    td data-l=(visit.say("现在", "Now")) { span.mut { "—" } }
                    td data-l=(visit.say("指派后", "Then")) { (badge(Tone::Bad, visit.say("不能指派", "cannot be"))) small { (visit.tell(&refusal.sentence)) } }
                }
            }
        }
    }
}
