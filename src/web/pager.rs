//! The end of a list of assets: which rows of how many, how many a page, on and back.

use maud::{Markup, html};

use super::{
    parts::grouped,
    visit::{ROWS, Visit},
};
use crate::app::asset_total::Total;

/// A page among the pages of its list.
pub(super) struct Pager<'a> {
    /// Rows that a page has at most.
    pub(super) limit: u64,
    /// The number of the first row, where it is known.
    pub(super) at: Option<u64>,
    /// The rows of this page.
    pub(super) shown: usize,
    /// All rows.
    pub(super) total: Total,
    /// The way on.
    pub(super) next: Option<&'a str>,
    /// The way back.
    pub(super) previous: Option<&'a str>,
}

/// How many there are, in words.
pub(super) fn told(visit: &Visit, total: Total) -> String {
    match total {
        Total::Exactly(sum) => grouped(sum.n),
        Total::MoreThan(n) => {
            format!(
                "{} {}",
                visit.say("超过", "more than"),
                grouped(i64::try_from(n).unwrap_or(i64::MAX))
            )
        }
        Total::Unknown => visit.say("若干", "some").to_owned(),
    }
}

impl Pager<'_> {
    fn place(&self, visit: &Visit) -> String {
        let shown = u64::try_from(self.shown).unwrap_or(u64::MAX);
        let total = told(visit, self.total);
        let number = |n: u64| grouped(i64::try_from(n).unwrap_or(i64::MAX));
        match self.at {
            Some(at) => {
                let (first, last) = (number(at), number((at + shown).saturating_sub(1)));
                match visit.language {
                    entity::language::Language::Chinese => {
                        format!("第 {first}–{last} 项，共 {total} 项")
                    }
                    entity::language::Language::English => format!("{first}–{last} of {total}"),
                }
            }
            None => match visit.language {
                entity::language::Language::Chinese => format!("本页 {shown} 项，共 {total} 项"),
                entity::language::Language::English => format!("{shown} of {total}"),
            },
        }
    }

    /// The end of the list.
    pub(super) fn draw(&self, visit: &Visit) -> Markup {
        let shown = u64::try_from(self.shown).unwrap_or(u64::MAX);
        let on = self.at.map_or(String::new(), |at| (at + shown).to_string());
        let back =
            self.at.map_or(String::new(), |at| at.saturating_sub(self.limit).max(1).to_string());
        let first = [("after", ""), ("before", ""), ("at", "")];
        html! {
            nav.pager aria-label=(visit.say("翻页", "Pages")) {
                span { (self.place(visit)) }
                span {
                    (visit.say("每页 ", "Rows: "))
                    @for n in ROWS {
                        @let size = n.to_string();
                        @let is_here = self.limit == n;
                        a href=(visit.with(&[&first[..], &[("limit", &size)]].concat())) aria-current=[is_here.then_some("true")] { (n) }
                    }
                }
                ul {
                    @if self.previous.is_some() || self.at != Some(1) {
                        li { a href=(visit.with(&first)) { (visit.say("第一页", "First page")) } }
                    }
                    @if let Some(previous) = self.previous {
                        li { a rel="prev" href=(visit.with(&[("after", ""), ("before", previous), ("at", &back)])) { (visit.say("上一页", "Previous page")) } }
                    }
                    @if let Some(next) = self.next {
                        li { a rel="next" href=(visit.with(&[("before", ""), ("after", next), ("at", &on)])) { (visit.say("下一页", "Next page")) } }
                    }
                }
            }
        }
    }
}
