//! What is asked after the check of a sheet: whether a column is in the other unit, and what becomes
//! of rows that the ledger most likely holds already.

use entity::language::Label;
use maud::{Markup, html};

use super::{
    import_result::{Looked, SHOWN, head, number},
    parts::{Tone, choice, note},
};
use crate::app::import::{
    answer::CHOICES,
    likeness::Duplicate,
    mend::{ALIKE, UNIT},
    outcome::Outcome,
};

impl Looked<'_> {
    /// Columns that most likely are in the other unit, each to be taken so with one press.
    pub(super) fn units(&self, outcome: &Outcome) -> Markup {
        let visit = self.visit;
        html! {
            @for doubt in &outcome.units {
                @let name = format!("{UNIT}{}", doubt.field);
                @let is_meant = self.typed.is_some_and(|(form, _)| form.has(&name));
                div.mt { (note(Tone::Warning, &html! {
                    p { b { (doubt.column) " " (doubt.header) }
                        (visit.say("：整列与台账同类相差一万倍左右，请核对单位。", ": all of it is some ten thousand times off what the ledger holds. Look at the unit.")) }
                    label.pick-one {
                        input type="checkbox" name=(name) value="yes" checked[is_meant];
                        (visit.say("整列按“", "Take the column in “")) (visit.text(doubt.likely.label())) (visit.say("”计", "”"))
                    }
                })) }
            }
        }
    }

    /// Rows that the ledger most likely holds already, and what becomes of each.
    pub(super) fn duplicates(&self, outcome: &Outcome) -> Markup {
        if outcome.n_duplicates == 0 {
            return html! {};
        }
        let visit = self.visit;
        let title = visit.say("台账里可能已有", "Likely in the ledger already");
        html! {
            section.card.mt {
                h2.pad { (title) " " b { (number(outcome.n_duplicates)) } }
                p.pad { (visit.say("同村已有同名资产。没有选定的行不导入。", "An asset of the same name stands in the same village. Rows that nothing is said of are left out.")) }
                div.pad.row {
                    label for={ "f-" (ALIKE) } { (visit.say("没有逐条选的，一律", "All that nothing else is said of")) }
                    (self.verdict(ALIKE, visit.say("先不定", "not decided yet")))
                }
                div.wrap tabindex="0" role="region" aria-label=(title) {
                    table.cards {
                        (head(visit, &NAMES))
                        tbody { @for one in outcome.duplicates.iter().take(SHOWN) { (self.duplicate(one)) } }
                    }
                }
                (self.beginning(outcome.n_duplicates))
            }
        }
    }

    fn duplicate(&self, one: &Duplicate) -> Markup {
        let visit = self.visit;
        let name = format!("{ALIKE}.{}", one.row);
        html! { tr {
            th scope="row" { (visit.say("第 ", "row ")) (one.row) (visit.say(" 行", "")) }
            td data-l=(visit.text(NAMES[1])) { (one.name) }
            td data-l=(visit.text(NAMES[2])) { @for (n, code) in one.codes.iter().enumerate() {
                @if n > 0 { "、" } a href={ "/assets/" (code) } { (code) }
            } }
            td data-l=(visit.text(NAMES[3])) {
                label.sr for={ "f-" (name) } { (visit.text(NAMES[3])) " " (one.row) }
                (self.verdict(&name, visit.say("按上面统一的", "as said above")))
            }
        } }
    }

    /// What becomes of such rows, as it is chosen.
    fn verdict(&self, name: &str, nothing: &str) -> Markup {
        let chosen = self.typed.map_or("", |(form, _)| form.one(name));
        let choices =
            CHOICES.map(|(_, code, words)| (code.to_owned(), self.visit.text(words).to_owned()));
        choice(name, Some(nothing), choices, chosen)
    }
}

const NAMES: [Label; 4] = [
    Label::new("行", "Row"),
    Label::new("表里的名称", "Name in the sheet"),
    Label::new("台账里的", "In the ledger"),
    Label::new("怎么办", "What to do"),
];
