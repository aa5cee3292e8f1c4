//! What the address of a list of findings asks for; the list and its files read it alike.

use entity::{
    area::AreaCode,
    asset::Class,
    finding::Rule,
    id::AssetId,
    language::Sentence,
    rectification::{Rung, State},
};

use crate::{
    app::report::{ReportRequest, Sought},
    domain::{
        field,
        mistake::{Mistake, Mistakes},
    },
    error::Result,
    store::{
        finding_list::{Narrowed, Order, Place, Progress, Waiting},
        report::Sum,
    },
};

/// The words there are.
const WORDS: &str =
    "rule, area, class, state, days, overdue, mine, check, escalated, waived, sort, after";

/// What `rule` takes for every kind.
pub(super) const EVERY: &str = "all";

/// What a list of findings is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// The kind.
    pub(super) rule: Option<Rule>,
    /// Whether every kind is asked for.
    pub(super) is_every: bool,
    /// Where.
    pub(super) area: Option<AreaCode>,
    /// Of which class.
    pub(super) class: Option<Class>,
    /// How far it has come.
    pub(super) progress: Option<Progress>,
    /// Days it has lasted at least.
    pub(super) days: Option<u64>,
    /// Only what is late.
    pub(super) is_overdue: bool,
    /// For whom it waits.
    pub(super) waiting: Option<Waiting>,
    /// Waived ones too.
    pub(super) with_waived: bool,
    /// In what order.
    pub(super) order: Order,
    /// The finding that the page goes on from.
    pub(super) after: Option<Place>,
    /// How many were just dealt with together.
    pub(super) done: Option<u64>,
}

fn truth(text: &str) -> Result<bool, Sentence> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Sentence::new("应为 yes 或 no", "yes or no")),
    }
}

fn progress(text: &str) -> Result<Progress, Sentence> {
    if text == "none" {
        return Ok(Progress::Unasked);
    }
    let state = State::ALL.iter().find(|state| state.code() == text);
    state.map(|state| Progress::In(*state)).ok_or_else(|| {
        let (zh, en) = (
            "应为 none、open、underway、done 或 closed_out",
            "none, open, underway, done or closed_out",
        );
        Sentence::new(zh, en)
    })
}

/// Days at least: a number with a hyphen behind it.
fn days(text: &str) -> Result<u64, Sentence> {
    let number = text.strip_suffix('-').and_then(|number| number.parse::<u16>().ok());
    number
        .map(u64::from)
        .ok_or_else(|| Sentence::new("应如 30-，即 30 天以上", "such as 30-: thirty days or more"))
}

fn rung(text: &str) -> Result<Rung, Sentence> {
    let known = Rung::ALL.iter().copied().find(|rung| rung.code() == text);
    known.ok_or_else(|| Sentence::new("应为 town、county 或 leader", "town, county or leader"))
}

/// A place in the list: day, area, asset and rule, with lines between.
pub(super) fn place(text: &str) -> Option<Place> {
    let parts: Vec<&str> = text.split('_').collect();
    let [since, area, asset, rule] = parts[..] else { return None };
    Some(Place {
        since: since.parse().ok()?,
        area: area.parse().ok()?,
        asset: AssetId(asset.parse().ok()?),
        rule: Rule::ALL.iter().copied().find(|one| one.code() == rule)?,
    })
}

impl Asked {
    /// Reads the words of an address.
    pub(super) fn read(words: &[(String, String)]) -> Result<Asked> {
        let mut asked = Asked::default();
        let mut mistakes = Mistakes::default();
        for (word, value) in words.iter().filter(|(_, value)| !value.is_empty()) {
            if let Err(expected) = asked.take(word, value) {
                mistakes.push(Mistake::new(word.clone(), value, expected));
            }
        }
        mistakes.into_result()?;
        Ok(asked)
    }

    fn take(&mut self, word: &str, value: &str) -> Result<(), Sentence> {
        let waits = |is_so: bool, waiting| is_so.then_some(waiting);
        match word {
            "rule" if value == EVERY => self.is_every = true,
            "rule" => self.rule = Some(field::rule(value).map_err(|why| why.expected)?),
            "area" => {
                let expected =
                    |_| Sentence::new("应为十二位区划代码", "an area code of twelve digits");
                self.area = Some(value.parse().map_err(expected)?);
            }
            "class" => {
                let expected = |()| field::unlisted(Class::CHOICES).expected;
                self.class = Some(value.parse().map_err(expected)?);
            }
            "state" => self.progress = Some(progress(value)?),
            "days" => self.days = Some(days(value)?),
            "overdue" => self.is_overdue = truth(value)?,
            "mine" => self.waiting = waits(truth(value)?, Waiting::ToMend),
            "check" => self.waiting = waits(truth(value)?, Waiting::ToCheck),
            "escalated" => self.waiting = Some(Waiting::At(rung(value)?)),
            "waived" => self.with_waived = truth(value)?,
            "sort" => {
                self.order = match value {
                    "age" => Order::Age,
                    "place" => Order::Place,
                    _ => return Err(Sentence::new("应为 place 或 age", "place or age")),
                }
            }
            "after" => {
                let expected = || Sentence::new("应取自上一页", "what the page before led to");
                self.after = Some(place(value).ok_or_else(expected)?);
            }
            "done" => self.done = value.parse().ok(),
            _ => {
                return Err(Sentence::new(
                    format!("没有这个查询条件；可用：{}", WORDS.replace(", ", "、")),
                    format!("no such parameter; there are: {WORDS}"),
                ));
            }
        }
        Ok(())
    }

    /// The place in the list as the address has it.
    pub(super) fn cursor(place: &Place) -> String {
        format!("{}_{}_{}_{}", place.since, place.area, place.asset, place.rule.code())
    }

    fn narrowed(&self, rule: Option<Rule>) -> Narrowed {
        Narrowed {
            rule,
            progress: self.progress,
            days: self.days,
            is_overdue: self.is_overdue,
            waiting: self.waiting,
        }
    }

    /// Whether what became of findings narrows the list, so that it may show every kind.
    pub(super) fn is_in_hand(&self) -> bool {
        self.narrowed(None).is_in_hand()
    }

    /// Whether anything narrows it but kind and place.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.narrowed(None).is_plain() || self.class.is_some()
    }

    /// The list of a kind, or of every one.
    pub(super) fn sought(&self, rule: Option<Rule>) -> Sought {
        let request = ReportRequest {
            area: self.area,
            class: self.class,
            with_waived: self.with_waived,
            ..ReportRequest::default()
        };
        Sought { request, narrowed: self.narrowed(rule), order: self.order }
    }

    /// The kind that is shown: the one asked for; every one where all are asked for or that list is
    /// short; else the first of those there are.
    pub(super) fn rule(&self, kinds: &[(Rule, Sum)]) -> Option<Rule> {
        if self.rule.is_some() || self.is_every || self.is_in_hand() {
            return self.rule;
        }
        Some(kinds.first().map_or(Rule::NoMaintainer, |(rule, _)| *rule))
    }

    /// The words of its address, of a kind or of every one, without the place of the page.
    pub(super) fn words(&self, rule: Option<Rule>) -> Vec<(&'static str, String)> {
        let yes = |is_so: bool| is_so.then(|| "yes".to_owned());
        let waits = |waiting| yes(self.waiting == Some(waiting));
        let state = self.progress.map(|progress| match progress {
            Progress::Unasked => "none".to_owned(),
            Progress::In(state) => state.code().to_owned(),
        });
        let escalated = match self.waiting {
            Some(Waiting::At(rung)) => Some(rung.code().to_owned()),
            _ => None,
        };
        // what is in hand is of every kind unless one is named
        let every = || (!self.is_in_hand()).then(|| EVERY.to_owned());
        let words = [
            ("area", self.area.map(|area| area.to_string())),
            ("rule", rule.map_or_else(every, |rule| Some(rule.code().to_owned()))),
            ("class", self.class.map(|class| class.code().to_owned())),
            ("state", state),
            ("days", self.days.map(|days| format!("{days}-"))),
            ("overdue", yes(self.is_overdue)),
            ("mine", waits(Waiting::ToMend)),
            ("check", waits(Waiting::ToCheck)),
            ("escalated", escalated),
            ("waived", yes(self.with_waived)),
            ("sort", (self.order == Order::Age).then(|| "age".to_owned())),
        ];
        words.into_iter().filter_map(|(word, value)| Some((word, value?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[(&str, &str)]) -> Result<Asked> {
        let words: Vec<_> =
            words.iter().map(|(word, value)| ((*word).to_owned(), (*value).to_owned())).collect();
        Asked::read(&words)
    }

    #[test]
    fn words_come_back_as_they_were_read() {
        for words in [
            vec![("rule", "G01")],
            vec![("area", "520381000000"), ("rule", "Q01"), ("class", "public"), ("days", "30-")],
            vec![("rule", "all"), ("state", "none"), ("waived", "yes"), ("sort", "age")],
            vec![("state", "closed_out")],
            vec![("overdue", "yes"), ("mine", "yes")],
            vec![("check", "yes")],
            vec![("escalated", "town")],
        ] {
            let asked = read(&words).expect("read");
            let told = asked.words(asked.rule);
            let told: Vec<_> = told.iter().map(|(word, value)| (*word, value.as_str())).collect();
            assert_eq!(told, words);
        }
    }

    #[test]
    fn what_is_no_word_or_no_value_is_told() {
        for (word, value) in [
            ("colour", "red"),
            ("rule", "G99"),
            ("days", "30"),
            ("days", "-30"),
            ("days", "99999999-"),
            ("state", "finished"),
            ("overdue", "1"),
            ("escalated", "village"),
            ("sort", "value"),
            ("after", "520381000000-7"),
            ("after", "2026-06-01_520381000000_7_G99"),
        ] {
            assert!(read(&[(word, value)]).is_err(), "{word}={value}");
        }
        let place = "2026-06-01_520381100201_7_G01";
        let after = read(&[("after", place)]).expect("read").after.expect("a place");
        assert_eq!(Asked::cursor(&after), place);
    }
}
