//! What the check of a sheet came to: counts, what is to be put right and where it is typed, what
//! changes, and what can be done next.

use entity::{import::Kind, job::Model, language::Label};
use maud::{Markup, html};

use super::{
    form::{Form, hidden},
    parts::{Tone, fact, grouped, note},
    visit::Visit,
};
use crate::{
    app::{
        import::{
            mend::{self, TAKEN, TYPED},
            outcome::{Outcome, Remark},
        },
        job::Told,
    },
    domain::{field::FieldKind, mistake::Mistakes, sheet::column_of},
    limits,
};

/// Rows of each table of the result; all mistakes come with the rejected rows.
pub(super) const SHOWN: usize = 100;
/// Rows named for one mistake.
const ROWS_NAMED: usize = 5;

/// A job that has come to its end, as somebody looks at it.
pub(super) struct Looked<'a> {
    /// Who looks.
    pub(super) visit: &'a Visit,
    /// The job.
    pub(super) job: &'a Model,
    /// What it came to.
    pub(super) told: &'a Told,
    /// Whether its sheet is there to go on with.
    pub(super) is_held: bool,
    /// What was typed beside its mistakes, and what is wrong with that.
    pub(super) typed: Option<(&'a Form, &'a Mistakes)>,
}

pub(super) fn number(n: u64) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}

pub(super) fn head(visit: &Visit, names: &[Label]) -> Markup {
    html! { thead { tr { @for name in names { th scope="col" { (visit.text(*name)) } } } } }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

impl Looked<'_> {
    /// The whole result.
    pub(super) fn result(&self, outcome: &Outcome) -> Markup {
        let (visit, told) = (self.visit, self.told);
        let counted = |label: Label, n: u64| fact(visit.text(label), &html! { b { (number(n)) } });
        html! {
            @if told.n_corrections > 0 {
                (note(Tone::Good, &html! { p {
                    (visit.say("已按您在这里改的 ", "Checked with the ")) b { (number(count(told.n_corrections))) }
                    (visit.say(" 格检查；您的文件没有改动。", " cells you put right here; your file is as it was."))
                } }))
            }
            section.card.pad.mt {
                dl.desc {
                    (counted(Label::new("新建", "Made"), outcome.created))
                    (counted(Label::new("变更", "Changed"), outcome.changed))
                    (counted(Label::new("无变化", "Unchanged"), outcome.same))
                    (counted(Label::new("退回", "Rejected"), outcome.rejected))
                    @if outcome.n_duplicates > 0 { (counted(Label::new("疑似重复，待定", "Likely there already, to be decided"), outcome.n_duplicates)) }
                    @if outcome.skipped > 0 { (counted(Label::new("跳过", "Skipped"), outcome.skipped)) }
                    @if let Some(source) = &told.source {
                        (fact(visit.say("读取方式", "Read as"), &html! {
                            (visit.tell(&source.format))
                            @if let Some(encoding) = &source.encoding { " · " (visit.tell(encoding)) }
                            @if let Some(sheet) = &source.sheet { " · " (sheet) }
                        }))
                    }
                    (fact(visit.say("认出的列", "Columns found"), &self.columns()))
                }
                @if let Some(import) = outcome.import.filter(|_| outcome.is_kept) {
                    p { a.btn.go href={ "/imports/" (import) } { (visit.say("看这次导入（可撤销）", "See this import; it can be undone there")) }
                        @if self.job.kind == Kind::Assets { " " (seen(visit, import)) } }
                }
                @if self.job.is_trial { (self.next(outcome)) }
            }
            (self.to_answer(outcome))
            @if outcome.n_changes > 0 { (self.changes(outcome)) }
        }
    }

    /// How many columns were recognised, and the way to say what the others are.
    pub(super) fn columns(&self) -> Markup {
        let columns = &self.told.seen.columns;
        let n = columns.iter().filter(|column| column.chosen.field.is_some()).count();
        let visit = self.visit;
        html! {
            b { (n) } " / " (columns.len())
            @if self.told.seen.is_remembered { " · " (visit.say("按您上次的对应", "as you chose before")) }
            @if self.is_held { " " a href={ "/imports/jobs/" (self.job.id) "/columns" } { (visit.say("看对应、改对应", "see and change")) } }
        }
    }

    /// What can be done after a check.
    fn next(&self, outcome: &Outcome) -> Markup {
        let (visit, n) = (self.visit, outcome.created + outcome.changed);
        let is_all = outcome.rejected + outcome.n_duplicates == 0;
        html! {
            @if self.is_held && n > 0 {
                form method="post" action={ "/imports/jobs/" (self.job.id) "/carry-out" } {
                    (hidden(&visit.mark))
                    @if is_all {
                        button.btn.go { (visit.say("正式导入 ", "Import these ")) (number(n)) (visit.say(" 行", " rows")) }
                    } @else {
                        input type="hidden" name="accept_valid" value="true";
                        button.btn {
                            (visit.say("只导入 ", "Import the ")) (number(n)) (visit.say(" 行，退回 ", " good rows, reject "))
                            (number(outcome.rejected)) (visit.say(" 行", ""))
                            @if outcome.n_duplicates > 0 {
                                (visit.say("，跳过疑似重复 ", ", skip ")) (number(outcome.n_duplicates)) (visit.say(" 行", " that are likely there"))
                            }
                        }
                    }
                }
            } @else if self.is_held {
                p { (visit.say("没有可导入的行：请在下面改正，或看看各列的对应。", "No row can be imported yet: put them right below, or look at the columns.")) }
            } @else if n == 0 && is_all {
                p { (visit.say("表里的内容台账都有了，不用导入。", "The ledger says all of it already; there is nothing to import.")) }
            } @else {
                p { (visit.say("这份文件已导入，或保留的时间已过；要导入请再传一次。", "This sheet was imported, or was kept long enough; bring it again to import it.")) }
            }
        }
    }

    /// What is to be put right and what is asked, in one form where the sheet is there.
    fn to_answer(&self, outcome: &Outcome) -> Markup {
        let visit = self.visit;
        let told = html! {
            @if self.is_held {
                (self.units(outcome))
                (self.duplicates(outcome))
            }
            (self.mistakes(outcome))
            (self.warnings(outcome))
        };
        let is_asked = !outcome.units.is_empty()
            || !outcome.duplicates.is_empty()
            || mend::told(&outcome.mistakes).iter().take(SHOWN).any(|one| one.column.is_some())
            || outcome.warnings.iter().take(SHOWN).any(|one| one.offered.is_some());
        if !(self.is_held && is_asked) {
            return told;
        }
        html! {
            form method="post" action={ "/imports/jobs/" (self.job.id) "/check" } novalidate {
                (hidden(&visit.mark))
                (told)
                div.dock.mt {
                    button.btn.go { (visit.say("改好了，再检查一次", "Check again with this")) }
                    span.mut.sm { (visit.say("不用改文件、不用再传；这里改的只用于这次导入。", "No new file is needed; what is said here counts for this import.")) }
                }
            }
        }
    }

    /// What is to be corrected, each with the field where it is put right.
    fn mistakes(&self, outcome: &Outcome) -> Markup {
        if outcome.n_mistakes == 0 {
            return html! {};
        }
        let title = self.visit.say("要改的地方", "To be corrected");
        let told = mend::told(&outcome.mistakes);
        html! {
            section.card.mt {
                h2.pad { (title) " " b { (number(outcome.n_mistakes)) } }
                (self.table(title, &told, |one| self.control(one)))
                @if self.told.n_returned > 0 {
                    p.pad { a.btn download href={ "/imports/jobs/" (self.job.id) "/rejected.xlsx" } {
                        (self.visit.say("下载退回的行（附原因）", "Download the rejected rows and why")) " Excel · " (self.told.n_returned)
                    } " " a.btn download href={ "/imports/jobs/" (self.job.id) "/rejected" } { "CSV" } }
                }
            }
        }
    }

    fn warnings(&self, outcome: &Outcome) -> Markup {
        if outcome.n_warnings == 0 {
            return html! {};
        }
        let title = self.visit.say("请留意", "To be looked at");
        let told = mend::told(&outcome.warnings);
        html! {
            section.card.mt {
                h2.pad { (title) " " b { (number(outcome.n_warnings)) } }
                (self.table(title, &told, |one| self.offer(one)))
            }
        }
    }

    /// What is told of a sheet, each with what can be answered.
    fn table(
        &self,
        title: &str,
        told: &[mend::Told<'_>],
        answered: impl Fn(&mend::Told<'_>) -> Markup,
    ) -> Markup {
        let visit = self.visit;
        html! {
            div.wrap tabindex="0" role="region" aria-label=(title) {
                table.cards {
                    (head(visit, &NAMES[..if self.is_held { 5 } else { 4 }]))
                    tbody { @for one in told.iter().take(SHOWN) { tr {
                        th scope="row" { (self.rows(one)) }
                        (cells(visit, one.remark))
                        @if self.is_held { td data-l=(visit.text(NAMES[4])) { (answered(one)) } }
                    } } }
                }
            }
            (self.beginning(count(told.len())))
        }
    }

    /// Which rows have a mistake.
    fn rows(&self, told: &mend::Told<'_>) -> Markup {
        let visit = self.visit;
        let named: Vec<String> =
            told.rows.iter().take(ROWS_NAMED).map(ToString::to_string).collect();
        html! {
            @if let Some(sheet) = &told.remark.sheet { (sheet) " · " }
            (visit.say("第 ", "row ")) (named.join(visit.say("、", ", ")))
            @if told.rows.len() > ROWS_NAMED {
                (visit.say(" … 共 ", " … in all ")) (told.rows.len())
            }
            (visit.say(" 行", ""))
        }
    }

    /// Where the new text of a cell is typed or chosen, and the offer to be taken.
    fn control(&self, told: &mend::Told<'_>) -> Markup {
        if told.column.is_none() {
            return html! {};
        }
        let (visit, remark) = (self.visit, told.remark);
        let name = format!("{TYPED}{}", told.cell());
        let typed = self.typed.filter(|(form, _)| form.has(&name));
        let text = typed.map_or(remark.found.as_str(), |(form, _)| form.text(&name));
        let wrong = self.typed.and_then(|(_, wrong)| wrong.0.iter().find(|one| one.field == name));
        let kind = column_of(self.job.kind, &remark.field).map(|column| column.kind);
        let label =
            format!("{} {} {}", visit.say("改为", "New value of"), remark.header, remark.row);
        html! {
            @if let Some(wrong) = wrong { p.t-bad.sm { (visit.tell(&wrong.expected)) } }
            @if let Some(FieldKind::Choice(choices)) = kind {
                select id={ "f-" (name) } name=(name) aria-label=(label) {
                    option value=(remark.found) { (visit.say("（请选择）", "(choose)")) }
                    @for (_, choice) in choices {
                        option value=(visit.text(*choice)) selected[text == visit.text(*choice)] { (visit.text(*choice)) }
                    }
                }
            } @else {
                input id={ "f-" (name) } name=(name) value=(text) maxlength=(limits::TEXT_LENGTH) aria-label=(label)
                    aria-invalid=[wrong.map(|_| "true")];
            }
            (self.offer(told))
        }
    }

    /// What was most likely meant, to be taken with one press.
    fn offer(&self, told: &mend::Told<'_>) -> Markup {
        let Some(offered) = told.remark.offered.as_ref().filter(|_| told.column.is_some()) else {
            return html! {};
        };
        let take = format!("{TAKEN}{}", told.cell());
        let is_taken = self.typed.is_some_and(|(form, _)| form.has(&take));
        html! {
            label.pick-one {
                input type="checkbox" name=(take) value="yes" checked[is_taken];
                (self.visit.say("是“", "It is “")) (offered) (self.visit.say("”，用这个", "”: take it"))
            }
        }
    }

    /// How many of all are shown, where not all are.
    pub(super) fn beginning(&self, all: u64) -> Markup {
        let visit = self.visit;
        html! {
            @if all > count(SHOWN) {
                p.pad.mut { (visit.say("只列前 ", "The first ")) (SHOWN) (visit.say(" 处，共 ", " of ")) (number(all)) (visit.say(" 处", "")) }
            }
        }
    }

    fn changes(&self, outcome: &Outcome) -> Markup {
        const NAMES: [Label; 4] = [
            Label::new("行", "Row"),
            Label::new("字段", "Field"),
            Label::new("台账原来", "The ledger said"),
            Label::new("改为", "The sheet says"),
        ];
        let visit = self.visit;
        let title = visit.say("将变更的内容", "What changes");
        html! {
            section.card.mt {
                h2.pad { (title) " " b { (number(outcome.n_changes)) } }
                div.wrap tabindex="0" role="region" aria-label=(title) {
                    table.cards {
                        (head(visit, &NAMES))
                        tbody { @for one in outcome.changes.iter().take(SHOWN) { tr {
                            th scope="row" { (one.row) }
                            td data-l=(visit.text(NAMES[1])) { (header_of(outcome, &one.field)) }
                            td data-l=(visit.text(NAMES[2])) { del { (one.before) } }
                            td data-l=(visit.text(NAMES[3])) { ins { (one.after) } }
                        } } }
                    }
                }
                (self.beginning(outcome.n_changes))
            }
        }
    }
}

const NAMES: [Label; 5] = [
    Label::new("行", "Row"),
    Label::new("列", "Column"),
    Label::new("表里写的", "Found"),
    Label::new("应为", "Expected"),
    Label::new("改为", "New value"),
];

/// Where something is said, what was found, what was expected.
fn cells(visit: &Visit, one: &Remark) -> Markup {
    html! {
        td data-l=(visit.text(NAMES[1])) { (one.column) " " (one.header) }
        td data-l=(visit.text(NAMES[2])) { (one.found) }
        td data-l=(visit.text(NAMES[3])) { (visit.tell(&one.expected)) }
    }
}

/// The header of a field in the sheet.
fn header_of<'a>(outcome: &'a Outcome, field: &'a str) -> &'a str {
    let found = outcome.columns.iter().find(|(known, _)| known == field);
    found.map_or(field, |(_, header)| header)
}

/// The way to the assets that an import made or changed.
pub(super) fn seen(visit: &Visit, import: i64) -> Markup {
    html! {
        a.btn href={ "/assets?import=" (import) "&standing=yes" } { (visit.say("看这些资产", "See these assets")) }
    }
}
