//! What somebody begins with: what waits to be recorded, and what an auditor doubts.

use entity::{finding::Rule, log::Action};
use maud::{Markup, html};

use super::lacking;
use crate::{
    app::report::Outline,
    web::{
        icon::{Icon, icon},
        parts::grouped,
        visit::Visit,
    },
};

/// What is mended by recording something.
const WAITING: [Rule; 4] =
    [Rule::NoMaintainer, Rule::NoKeeper, Rule::TitleUnconfirmed, Rule::FundingGap];
/// What a figure may hide behind.
const DOUBTS: [Rule; 4] = [Rule::FundingGap, Rule::NoFinalAccount, Rule::TitleDisputed, Rule::Idle];

fn tiles(visit: &Visit, told: &Outline, rules: &[Rule]) -> Markup {
    let waiting = || rules.iter().filter(|rule| told.found(**rule).n > 0);
    html! { @if waiting().next().is_none() { span.mut { (visit.say("没有。", "Nothing.")) } }
    @for rule in waiting() {
        a.btn href=(lacking(told, *rule)) { (visit.text(rule.label())) " " b { (grouped(told.found(*rule).n)) } }
    } }
}

/// What waits, one's drafts, and the ways to begin.
pub(super) fn block(visit: &Visit, told: &Outline, drafts: u64) -> Markup {
    html! {
        section.card.mt.desk {
            header { h2 { (visit.say("待补登记", "Waits to be recorded")) } }
            div.pad.row {
                (tiles(visit, told, &WAITING))
                @if drafts > 0 { a.btn href="/assets/new" { (visit.say("我的草稿", "My drafts")) " " b { (drafts) } } }
                @if visit.may(Action::ImportSheet) { a.btn.sp href="/imports/new" { (icon(Icon::Sheet)) (visit.say("导入", "Import")) } }
                @if visit.may(Action::RegisterAsset) { a.btn.go href="/assets/new" { (icon(Icon::Add)) (visit.say("登记资产", "Register an asset")) kbd { "N" } } }
            }
        }
    }
}

/// What an auditor looks at first.
pub(super) fn doubts(visit: &Visit, told: &Outline, more: &Markup) -> Markup {
    html! {
        section.card.mt.desk {
            header { h2 { (visit.say("疑点", "Doubts")) } span.mut.sm { (visit.say("点数字看明细", "follow a number to its rows")) } }
            div.pad.row { (tiles(visit, told, &DOUBTS)) (more) }
        }
    }
}
