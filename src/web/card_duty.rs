//! The duties of an asset on its card: the strip that shows when somebody bore them and when nobody
//! did, and each with its terms.

use entity::{
    attachment::{self, Subject},
    duty,
    log::Action,
};
use maud::{Markup, html};

use super::{
    attachment::beside,
    card::{named, span},
    chart::{self, Fill},
    parts::{Tone, badge, grouped, nothing, scrolled},
    visit::Visit,
};
use crate::{
    app::card::Card,
    domain::{
        deficiency::exists_since,
        duty::{Stretch, continuity},
    },
};

/// Every duty there ever was.
pub(super) fn duties(visit: &Visit, card: &Card, files: &[attachment::Model]) -> Markup {
    html! {
        @if card.dossier.duties.is_empty() {
            (nothing(visit.say("从未登记管护责任。", "No duty was ever recorded."), None))
        } @else {
            (chart::hatch())
            @for kind in duty::Kind::ALL { (strip(visit, card, *kind)) }
            (scrolled(visit.say("管护责任", "Duties"), &html! { table.cards {
                thead { tr {
                    th scope="col" { (visit.say("责任", "Duty")) }
                    th scope="col" { (visit.say("由谁承担", "Borne by")) }
                    th scope="col" { (visit.say("起止", "From — until")) }
                    th.num scope="col" { (visit.say("年度经费（元）", "A year (yuan)")) }
                    th scope="col" { (visit.say("状态", "State")) }
                    @if visit.may(Action::EndDuty) { th scope="col" { (visit.say("办理", "Act")) } }
                } }
                tbody { @for row in &card.dossier.duties { (duty_row(visit, card, row, files)) } }
            } }))
        }
    }
}

fn duty_row(visit: &Visit, card: &Card, row: &duty::Model, files: &[attachment::Model]) -> Markup {
    let party = card.party(row.organization_id, row.person_id);
    html! {
        tr {
            th scope="row" {
                (visit.text(row.kind.label()))
                @if let Some(task) = &row.task { small { (task) } }
                (beside(visit, files, (Subject::Duty, row.id.0), "sm"))
            }
            td data-l=(visit.say("由谁承担", "Borne by")) { (named(visit, party.as_ref().map(|(_, named)| named))) }
            td data-l=(visit.say("起止", "From — until")) { (span(visit, row.from_on, row.until_on)) }
            td.num data-l=(visit.say("年度经费（元）", "A year (yuan)")) {
                @if let Some(budget) = row.annual_budget { (budget.grouped()) } @else { span.mut { "—" } }
            }
            td data-l=(visit.say("状态", "State")) {
                @if let Some(days) = card.days_left(row) {
                    (badge(Tone::Warning, visit.say("将到期", "ends soon")))
                    small { (visit.say("还有 ", "in ")) (days) (visit.say(" 天", " days")) }
                }
                @else if row.runs_on(card.day) { (badge(Tone::Good, visit.say("在任", "running"))) }
                @else if let Some(reason) = row.end_reason { (badge(Tone::Idle, visit.text(reason.label()))) }
                @else { (badge(Tone::Idle, visit.say("不在期内", "not running"))) }
            }
            @if visit.may(Action::EndDuty) {
                td data-l=(visit.say("办理", "Act")) {
                    @if row.end_reason.is_none() && row.until_on.is_none_or(|until| until >= card.day) {
                        a href={ "/duties/" (row.id) "/end" } { (visit.say("终止", "End")) }
                    }
                }
            }
        }
    }
}

/// When a duty was borne and when nobody bore it, from the first day that is known to this one.
fn strip(visit: &Visit, card: &Card, kind: duty::Kind) -> Markup {
    let duties = &card.dossier.duties;
    let begun = duties.iter().filter(|duty| duty.kind == kind).filter_map(|duty| duty.from_on);
    let since = begun.fold(exists_since(&card.dossier.asset), std::cmp::min);
    let told = continuity(duties, kind, (since, card.day));
    let Some(first) = told.iter().position(|one| one.duty.is_some()) else { return html! {} };
    let fill = |(at, one): (usize, &Stretch<'_>)| {
        let fill = match one.duty {
            Some(_) => Fill::Solid,
            None if at < first => Fill::Blank,
            None => Fill::Hatched,
        };
        (one.days(), fill)
    };
    let spans: Vec<_> = told.iter().enumerate().map(fill).collect();
    let words = conclusion(visit, kind, &spans);
    html! {
        div.pad {
            p.sm { (words) }
            (chart::strip(&words, &spans))
            p.sm.mut.row { span { (since) } span.sp { (card.day) } }
        }
    }
}

/// What the strip shows, in a sentence.
fn conclusion(visit: &Visit, kind: duty::Kind, spans: &[(i64, Fill)]) -> String {
    let days = |fill| {
        let same = spans.iter().filter(|(_, one)| *one == fill);
        (same.clone().count(), grouped(same.map(|(days, _)| days).sum()))
    };
    let name = visit.text(kind.label());
    let ((_, borne), (n_vacant, vacant)) = (days(Fill::Solid), days(Fill::Hatched));
    let (n_before, before) = days(Fill::Blank);
    let words = match n_vacant {
        0 => format!(
            "{name}{}{borne}{}",
            visit.say("：在任 ", ": borne for "),
            visit.say(" 天，没有空缺", " days, never vacant")
        ),
        n => format!(
            "{name}{}{borne}{}{n}{}{vacant}{}",
            visit.say("：在任 ", ": borne for "),
            visit.say(" 天，空缺 ", " days, vacant "),
            visit.say(" 次共 ", if n == 1 { " time for " } else { " times for " }),
            visit.say(" 天", " days"),
        ),
    };
    if n_before == 0 {
        return words;
    }
    let (zh, en) = ("，此前 ", "; nothing recorded of the ");
    format!("{words}{}{before}{}", visit.say(zh, en), visit.say(" 天没有记录", " days before"))
}
