//! What somebody's role is to see to: what waits for them, what falls due, how their town stands beside
//! its county, what an auditor doubts (ux.md §3.2; domain.md §11). Each number leads to its list.

use entity::{account::Role, area::Level, finding::Rule};
use maud::{Markup, html};

use super::{UPKEEP, findings};
use crate::{
    app::{
        asset_total::Figures,
        desk::{self, Desk, Pile},
        report::Outline,
    },
    error::Result,
    http::AppState,
    limits,
    web::{
        frame::Around,
        parts::{bar, grouped, percent},
        task,
        visit::{Visit, at},
    },
};

/// What is told of a role beside what everybody is told.
pub(super) struct Told {
    desk: Desk,
    county: Option<Figures>,
}

impl Told {
    pub(super) async fn of(state: &AppState, visit: &Visit) -> Result<Told> {
        let (ledger, actor) = (&state.ledger, &visit.actor);
        let desk = desk::of(ledger, actor).await?;
        let is_beside = visit.role() == Role::TownshipClerk && visit.area().level() == Level::Town;
        let county = if is_beside { Some(desk::county(ledger, actor).await?) } else { None };
        Ok(Told { desk, county })
    }
}

/// A number up to a limit.
fn up_to(n: u64) -> String {
    let more = if n >= limits::TASKS_COUNTED { "+" } else { "" };
    format!("{}{more}", grouped(i64::try_from(n).unwrap_or(i64::MAX)))
}

fn tile(path: &str, name: &str, n: u64) -> Markup {
    html! { a.btn href=(path) { (name) " " b { (up_to(n)) } } }
}

/// Where a pile is listed.
fn list_of(pile: Pile) -> String {
    match pile {
        Pile::ToMend => at("/work-orders", [("state", "waiting,dispatched,underway,done")]),
        Pile::AllAtOnce => at("/inspections", [("at_once", "yes")]),
        Pile::RepairsDismissed => at("/work-orders", [("state", "dismissed")]),
        Pile::ReportsDismissed => at("/fault-reports", [("state", "dismissed")]),
    }
}

/// What waits for the visitor and what falls due.
pub(super) fn block(visit: &Visit, around: &Around, told: &Told) -> Markup {
    let waiting = || around.tasks.iter().filter(|(_, n)| *n > 0);
    let is_empty =
        waiting().next().is_none() && told.desk.falling.is_empty() && told.desk.piles.is_empty();
    html! {
        section.card.mt.desk {
            header {
                h2 { (visit.say("我要办的", "For me to see to")) }
                a href="/tasks" { (visit.say("打开待办", "All tasks")) }
            }
            div.pad.row {
                @if is_empty { span.mut { (visit.say("没有。", "Nothing.")) } }
                @for (kind, n) in waiting() { (tile(&task::list_of(visit, *kind), visit.text(kind.label()), *n)) }
                @for one in &told.desk.falling { (tile(one.due.path(), visit.text(one.due.label()), one.n)) }
                @for (pile, n) in &told.desk.piles { (tile(&list_of(*pile), visit.text(pile.label()), *n)) }
                @if visit.role() == Role::Inspector {
                    a.btn href="/inspections/round" { (visit.say("本机待上传", "Waiting on this device to be sent")) }
                }
            }
        }
    }
}

/// What an auditor looks at beside what the rules find.
pub(super) fn doubts(visit: &Visit, told: &Told) -> Markup {
    html! { @for (pile, n) in &told.desk.piles { (tile(&list_of(*pile), visit.text(pile.label()), *n)) } }
}

/// The five shares by which a town is compared: what lacks, and what it is called.
fn shares(visit: &Visit) -> [(&'static str, &'static [Rule]); 5] {
    [
        (visit.say("确权率", "Titled"), &[Rule::TitleUnconfirmed]),
        (visit.say("移交率", "Handed over"), &[Rule::NotHandedOver]),
        (visit.say("管护落实率", "Maintained"), &UPKEEP),
        (visit.say("经费落实率", "Upkeep funded"), &[Rule::Unfunded]),
        (visit.say("按期巡查率", "Inspected in time"), &[Rule::InspectionOverdue]),
    ]
}

/// How a town stands beside its county.
pub(super) fn beside(visit: &Visit, told: &Outline, more: &Told) -> Markup {
    let Some(county) = more.county.as_ref().filter(|_| told.area == visit.area()) else {
        return html! {};
    };
    let own = |rules: &[Rule]| rules.iter().map(|rule| told.found(*rule).n).sum::<i64>();
    let all = |rules: &[Rule]| rules.iter().map(|rule| county.n_found(*rule)).sum::<i64>();
    let kept = |n: i64, lacking: i64| (n - lacking).max(0);
    html! {
        section.card.mt {
            header { h2 { (visit.say("五项指标：本镇与全县", "Five shares: this town and its county")) } }
            div.wrap tabindex="0" role="region" aria-label=(visit.say("五项指标", "Five shares")) {
                table {
                    thead { tr {
                        th scope="col" { (visit.say("指标", "Share")) }
                        th.num scope="col" { (told.name) }
                        th scope="col" { span.sr { (visit.say("占比", "Share")) } }
                        th.num scope="col" { (visit.say("全县", "County")) }
                        th.num scope="col" { (visit.say("还差（项）", "Lacking")) }
                    } }
                    tbody { @for (name, rules) in shares(visit) {
                        @let lacking = own(rules);
                        @let (n, m) = (told.all.n, county.n_assets());
                        @let (here, there) = (kept(n, lacking), kept(m, all(rules)));
                        // compared as whole numbers
                        @let is_behind = i128::from(here) * i128::from(m) < i128::from(there) * i128::from(n);
                        tr {
                            th scope="row" { (name) }
                            td.num { span class=[is_behind.then_some("t-bad")] { @if is_behind { "▾ " } (percent(here, n)) "%" } }
                            td { (bar(here, n, is_behind)) }
                            td.num { (percent(there, m)) "%" }
                            td.num {
                                @for (place, rule) in rules.iter().enumerate() {
                                    @if place > 0 { " + " }
                                    a href=(findings(told.area, *rule)) { (grouped(told.found(*rule).n)) }
                                }
                            }
                        }
                    } }
                }
            }
        }
    }
}
