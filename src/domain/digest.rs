//! 摘要: the text that tells an account what is due, late and new (ux.md §3.9). Names of assets and
//! numbers; nothing of people.

use chrono::{Datelike, Days, NaiveDate};
use entity::language::{Label, Language};

/// How often digests are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Every day.
    Day,
    /// Every week.
    Week,
}

impl Period {
    /// The first day of the period that a day lies in: weeks begin on Monday.
    pub fn first_of(self, day: NaiveDate) -> NaiveDate {
        match self {
            Period::Day => day,
            Period::Week => {
                let since = u64::from(day.weekday().num_days_from_monday());
                day.checked_sub_days(Days::new(since)).unwrap_or(day)
            }
        }
    }
}

impl std::str::FromStr for Period {
    type Err = String;

    fn from_str(word: &str) -> Result<Period, String> {
        match word {
            "day" => Ok(Period::Day),
            "week" => Ok(Period::Week),
            _ => Err(format!("“{word}”：应为 day 或 week / expected day or week")),
        }
    }
}

/// One line: what it is, and where it is seen to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is called.
    pub label: Label,
    /// What it is about, where that has a name.
    pub name: Option<String>,
    /// How many; counted up to a limit.
    pub n: u64,
    /// Since when, where it happened on a day.
    pub on: Option<NaiveDate>,
    /// The path of the page.
    pub path: String,
}

/// What an account is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What is due or late.
    pub due: Vec<Item>,
    /// What happened since the digest before.
    pub news: Vec<Item>,
    /// Whether more happened than is told.
    pub is_more: bool,
    /// What waits.
    pub tasks: Vec<Item>,
}

impl Told {
    /// Whether there is nothing to tell.
    pub const fn is_empty(&self) -> bool {
        self.due.is_empty() && self.news.is_empty() && self.tasks.is_empty()
    }
}

/// What stands around the text.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The name of the account's area.
    pub area: &'a str,
    /// The name of the ledger.
    pub ledger: Label,
    /// The day.
    pub day: NaiveDate,
    /// Where the pages lie: without a path.
    pub base: &'a str,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// The letter that tells it, in a language.
pub fn letter(told: &Told, frame: &Frame<'_>, language: Language) -> Letter {
    let say = |zh: &str, en: &str| match language {
        Language::Chinese => zh.to_owned(),
        Language::English => en.to_owned(),
    };
    let n: u64 = told.due.iter().chain(&told.news).map(|item| item.n).sum();
    let (area, ledger, day) = (frame.area, frame.ledger.text(language), frame.day);
    let subject = match language {
        Language::Chinese => format!("{area}{ledger}：{day} 有 {n} 件到期、超期或新动态"),
        Language::English => format!("{area} {ledger}: {n} due, late or new on {day}"),
    };
    let mut text = format!("{subject}\n");
    let parts = [
        (say("到期与超期", "Due and late"), &told.due),
        (say("新动态", "What happened"), &told.news),
        (say("等您办的", "What waits for you"), &told.tasks),
    ];
    for (heading, items) in parts.into_iter().filter(|(_, items)| !items.is_empty()) {
        text.extend(["\n", heading.as_str(), "\n"]);
        for item in items {
            text.push_str(&line(item, frame.base, language));
        }
    }
    if told.is_more {
        let more = say("更早的见网页。", "Earlier ones are on the page.");
        text.extend([more.as_str(), "\n"]);
    }
    let all = say("全部提醒", "All reminders");
    let stop = say("改邮箱或不再接收", "To change the address or to stop this");
    let text = text + &format!("\n{all}: {0}/reminders\n{stop}: {0}/me\n", frame.base);
    Letter { subject, text }
}

fn line(item: &Item, base: &str, language: Language) -> String {
    let on = item.on.map(|day| format!("{day} ")).unwrap_or_default();
    let label = item.label.text(language);
    let name = match (&item.name, language) {
        (Some(name), Language::Chinese) => format!("：{name}"),
        (Some(name), Language::English) => format!(": {name}"),
        (None, _) => String::new(),
    };
    let n = match language {
        Language::Chinese if item.n > 1 || item.name.is_none() => format!(" {} 件", item.n),
        Language::English if item.n > 1 || item.name.is_none() => format!(" ({})", item.n),
        _ => String::new(),
    };
    format!("- {on}{label}{name}{n}\n  {base}{}\n", item.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn item(name: Option<&str>, n: u64) -> Item {
        Item {
            label: Label::new("交办整改", "asked to mend a finding"),
            name: name.map(str::to_owned),
            n,
            on: name.map(|_| day("2026-06-01")),
            path: "/findings/A-1/G01".to_owned(),
        }
    }

    fn frame() -> Frame<'static> {
        let ledger = Label::new("台账", "ledger");
        Frame { area: "上河村", ledger, day: day("2026-06-02"), base: "https://l.example" }
    }

    #[test]
    fn a_letter_tells_in_the_language_of_its_reader() {
        let told = Told {
            due: vec![item(None, 3)],
            news: vec![item(Some("石拱桥"), 1)],
            is_more: true,
            tasks: Vec::new(),
        };
        let zh = letter(&told, &frame(), Language::Chinese);
        assert_eq!(zh.subject, "上河村台账：2026-06-02 有 4 件到期、超期或新动态");
        let expected = "- 2026-06-01 交办整改：石拱桥\n  https://l.example/findings/A-1/G01\n";
        assert!(zh.text.contains(expected) && zh.text.contains("交办整改 3 件"), "{}", zh.text);
        assert!(!zh.text.contains("等您办的") && zh.text.contains("更早的见网页"), "{}", zh.text);
        let en = letter(&told, &frame(), Language::English);
        assert!(en.text.contains("asked to mend a finding (3)"), "{}", en.text);
        assert!(en.text.contains("https://l.example/me"), "{}", en.text);
    }

    #[test]
    fn what_is_empty_is_said_to_be() {
        assert!(Told::default().is_empty());
        assert!(!Told { tasks: vec![item(None, 1)], ..Told::default() }.is_empty());
    }

    #[test]
    fn weeks_begin_on_monday() {
        for (on, first) in [
            ("2026-06-01", "2026-06-01"),
            ("2026-06-07", "2026-06-01"),
            ("2026-06-08", "2026-06-08"),
        ] {
            assert_eq!(Period::Week.first_of(day(on)), day(first));
            assert_eq!(Period::Day.first_of(day(on)), day(on));
        }
        assert!("month".parse::<Period>().is_err());
    }
}
