//! Local rules (县级规则): what each decides, what it may be, and what holds where nobody has said
//! anything (domain.md §11). `in_force` says which value holds in an area on a day.

mod in_force;
mod of_each;
mod proposal;
mod rows;

use chrono::NaiveDate;
use entity::{
    language::{Label, Sentence},
    money::Money,
    setting::{AssetFamily, Key, Model},
};

pub use in_force::LocalRules;
pub use proposal::{Proposal, blank, set, withdraw};

use self::rows::{ROWS, Row, row_of};
use super::{
    field::{truth_label, unlisted},
    reading::{self, MoneyUnit},
};
use crate::fields;

fields! {
    /// The fields that are typed whatever the rule; what the value may be, its rule says.
    pub FIELDS of Model {
        basis_title: String = "依据文件" "basis document" Fixed;
        basis_no: Option<String> = "文号" "document number" Fixed;
        from_on: NaiveDate = "生效日期" "effective from" Fixed;
    }
}

/// What kind of value a rule takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole days.
    Days,
    /// Whole years.
    Years,
    /// A percentage, kept in hundredths of a percent.
    Percent,
    /// An amount in yuan.
    Money,
    /// Yes or no.
    Truth,
    /// One of a list: code and name.
    Word(&'static [(&'static str, Label)]),
}

impl Kind {
    /// What the API calls it.
    pub const fn code(self) -> &'static str {
        match self {
            Kind::Days => "days",
            Kind::Years => "years",
            Kind::Percent => "percent",
            Kind::Money => "yuan",
            Kind::Truth => "yes_no",
            Kind::Word(_) => "word",
        }
    }

    /// What stands behind the value.
    pub const fn unit(self) -> Label {
        match self {
            Kind::Days => Label::new("天", "days"),
            Kind::Years => Label::new("年", "years"),
            Kind::Percent => Label::new("%", "%"),
            Kind::Money => Label::new("元", "yuan"),
            Kind::Truth | Kind::Word(_) => Label::new("", ""),
        }
    }
}

/// A value of a local rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Whole days.
    Days(i64),
    /// Whole years.
    Years(i64),
    /// Hundredths of a percent.
    BasisPoints(i64),
    /// An amount in yuan.
    Money(Money),
    /// Yes or no.
    Truth(bool),
    /// A code and its name.
    Word(&'static str, Label),
}

impl Value {
    /// The value as it is kept.
    pub fn kept(self) -> String {
        match self {
            Value::Days(number) | Value::Years(number) | Value::BasisPoints(number) => {
                number.to_string()
            }
            Value::Money(amount) => amount.to_string(),
            Value::Truth(truth) => if truth { "yes" } else { "no" }.to_owned(),
            Value::Word(code, _) => code.to_owned(),
        }
    }

    /// The value as it is typed: a percentage with a point, an amount in yuan.
    pub fn typed(self) -> String {
        match self {
            Value::BasisPoints(points) => {
                let text = format!("{}.{:02}", points / 100, points % 100);
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
            Value::Money(amount) => amount.to_string(),
            _ => self.kept(),
        }
    }

    /// The value with its unit, or its name.
    pub fn told(self) -> Sentence {
        match self {
            Value::Days(days) => Sentence::new(format!("{days} 天"), format!("{days} days")),
            Value::Years(years) => Sentence::new(format!("{years} 年"), format!("{years} years")),
            Value::BasisPoints(_) => {
                let text = format!("{}%", self.typed());
                Sentence::new(text.clone(), text)
            }
            Value::Money(amount) => {
                let text = amount.grouped();
                Sentence::new(format!("{text} 元"), format!("{text} yuan"))
            }
            Value::Truth(truth) => truth_label(truth).into(),
            Value::Word(_, label) => label.into(),
        }
    }
}

/// What rules stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// When something becomes a finding.
    Threshold,
    /// How often assets are looked at.
    Inspection,
    /// By when things are mended, and who approves it.
    Repair,
    /// When what is late is raised up the line.
    Escalation,
    /// What upkeep is to cost.
    Standard,
    /// What is looked for at all.
    Check,
    /// What is aimed at.
    Target,
    /// What is told ahead.
    Notice,
    /// What things are called.
    Term,
}

impl Group {
    /// Every group, in the order in which they are shown.
    pub const ALL: [Group; 9] = [
        Group::Threshold,
        Group::Inspection,
        Group::Repair,
        Group::Escalation,
        Group::Standard,
        Group::Target,
        Group::Notice,
        Group::Check,
        Group::Term,
    ];

    /// What people call it.
    pub const fn label(self) -> Label {
        match self {
            Group::Threshold => Label::new("认定期限", "When it becomes a finding"),
            Group::Inspection => Label::new("巡查周期", "How often assets are inspected"),
            Group::Repair => Label::new("维修", "Repairs"),
            Group::Escalation => Label::new("逾期督办", "When what is late is escalated"),
            Group::Standard => Label::new("管护经费标准", "What upkeep is to cost"),
            Group::Check => Label::new("核查项目", "What is checked"),
            Group::Target => Label::new("目标", "Targets"),
            Group::Notice => Label::new("提醒", "Reminders"),
            Group::Term => Label::new("术语", "Terms"),
        }
    }
}

/// What the table says of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Which rule.
    pub key: Key,
    /// What it stands with.
    pub group: Group,
    /// What people call it.
    pub label: Sentence,
    /// What it does, in a sentence.
    pub purpose: Sentence,
    /// What it takes.
    pub kind: Kind,
    /// What holds where nobody has said anything.
    pub default: Value,
    /// The least it may be, as it is kept; of no meaning where it is no number.
    pub least: i64,
    /// The most it may be.
    pub most: i64,
    /// Where the default comes from.
    pub source: Label,
}

/// The days a rule that counts days may be set to: ten years.
const MOST_DAYS: i64 = 3_650;
/// The years a rule that counts years may be set to.
const MOST_YEARS: i64 = 70;
/// The days of an ordinary year.
const DAYS_OF_YEAR: i64 = 365;
/// The whole, in hundredths of a percent.
const WHOLE: i64 = 10_000;
/// Where most defaults come from.
const OWN: Label = Label::new("本系统默认", "default of this ledger");

/// What holds where nobody has said anything. A rule that has no row is an interval of one kind, which
/// asks for nothing of its own, a standard of one kind, or a switch, which is on.
pub fn default_of(key: Key) -> Value {
    match (key, row_of(key)) {
        (_, Some(row)) => row.4,
        (Key::InspectionDaysOf(_), None) => Value::Days(0),
        (Key::UpkeepStandardOf(kind), None) => Value::Money(of_each::standard(kind)),
        (_, None) => Value::Truth(true),
    }
}

impl Definition {
    /// What the table says of a rule.
    pub fn of(key: Key) -> Definition {
        match (key, row_of(key)) {
            (Key::Check(rule), _) => Definition::of_check(rule),
            (Key::InspectionDaysOf(kind), _) => Definition::of_kind(kind),
            (Key::UpkeepStandardOf(kind), _) => Definition::of_standard(kind),
            (_, row) => Definition::of_row(row.unwrap_or(&ROWS[0])),
        }
    }

    fn of_row(row: &Row) -> Definition {
        let Row(key, group, label, purpose, default) = *row;
        let (kind, least, most) = match default {
            Value::Days(_)
                if matches!(group, Group::Inspection | Group::Repair | Group::Escalation) =>
            {
                (Kind::Days, 0, MOST_DAYS)
            }
            Value::Days(_) if key == Key::StockTakeDay => (Kind::Days, 1, DAYS_OF_YEAR),
            Value::Days(_) => (Kind::Days, 1, MOST_DAYS),
            Value::Years(_) => (Kind::Years, 1, MOST_YEARS),
            Value::BasisPoints(_) => (Kind::Percent, 0, WHOLE),
            Value::Money(_) => (Kind::Money, 0, of_each::MOST_STANDARD.fen()),
            Value::Truth(_) => (Kind::Truth, 0, 1),
            Value::Word(..) => (Kind::Word(AssetFamily::CHOICES), 0, 0),
        };
        let source = match key {
            Key::DutyNotice => {
                Label::new("合同到期前两个月预警的做法", "the habit of warning two months ahead")
            }
            Key::StockTakeDay => Label::new(
                "农经发〔2017〕11号：年末清查，次年 3 月 31 日前上报",
                "Ministry of Agriculture, 2017, no. 11: counted at the end of a year, reported by 31 March",
            ),
            Key::ContractYears => Label::new(
                "民法典第七百零五条：租赁期限不得超过二十年",
                "Civil Code, art. 705: a lease is for no longer than twenty years",
            ),
            _ => OWN,
        };
        let (label, purpose) = (label.into(), purpose.into());
        Definition { key, group, label, purpose, kind, default, least, most, source }
    }

    /// Whether another value may open or close findings.
    pub const fn decides_findings(&self) -> bool {
        matches!(self.group, Group::Threshold | Group::Inspection | Group::Check)
    }

    /// Reads a value as people type it.
    pub fn read(&self, text: &str) -> Result<Value, Sentence> {
        let text = reading::half_width(text);
        let (least, most) = (self.least, self.most);
        match self.kind {
            Kind::Days => {
                let days = reading::integer(&text, least..=most).map_err(|why| why.expected)?;
                Ok(Value::Days(days))
            }
            Kind::Years => {
                let years = reading::integer(&text, least..=most).map_err(|why| why.expected)?;
                Ok(Value::Years(years))
            }
            Kind::Percent => basis_points(text.trim_end_matches('%'))
                .filter(|points| (least..=most).contains(points))
                .map(Value::BasisPoints)
                .ok_or_else(|| {
                    Sentence::new(
                        "应为 0 至 100 的百分数，最多两位小数",
                        "a percentage from 0 to 100 with at most two decimals",
                    )
                }),
            Kind::Money => {
                let read = reading::money(&text, MoneyUnit::Yuan).map_err(|why| why.expected)?;
                let fits = (least..=most).contains(&read.fen());
                if fits { Ok(Value::Money(read)) } else { Err(of_each::beyond()) }
            }
            Kind::Truth => reading::truth(&text).map(Value::Truth).map_err(|why| why.expected),
            Kind::Word(choices) => {
                let of = |(code, label): &&(&'static str, Label)| {
                    *code == text || label.zh == text || label.en.eq_ignore_ascii_case(&text)
                };
                let found = choices.iter().find(of);
                found
                    .map(|(code, label)| Value::Word(code, *label))
                    .ok_or_else(|| unlisted(choices).expected)
            }
        }
    }
}

/// Hundredths of a percent: whole percent with at most two decimals.
fn basis_points(text: &str) -> Option<i64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 3
        || part.len() > 2
        || !is_number(whole)
        || !is_number(part)
    {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 100 + part)
}

/// The value of a row.
pub fn value_of(row: &Model) -> Value {
    let default = default_of(row.key);
    let number = || row.value.parse().ok();
    let value = match default {
        Value::Days(_) => number().map(Value::Days),
        Value::Years(_) => number().map(Value::Years),
        Value::BasisPoints(_) => number().map(Value::BasisPoints),
        Value::Money(_) => row.value.parse().ok().map(Value::Money),
        Value::Truth(_) => Some(Value::Truth(row.value == "yes")),
        Value::Word(..) => {
            let known = AssetFamily::CHOICES.iter().find(|(code, _)| *code == row.value);
            known.map(|(code, label)| Value::Word(code, *label))
        }
    };
    value.unwrap_or(default)
}

/// What the whole is called where a word for its assets is known, and where none is.
pub const fn ledger_name(family: Option<AssetFamily>) -> Label {
    match family {
        Some(AssetFamily::PovertyAlleviation) => {
            Label::new("扶贫项目资产管理台账", "Ledger of poverty-alleviation assets")
        }
        Some(AssetFamily::Assistance) => {
            Label::new("帮扶项目资产管理台账", "Ledger of assistance assets")
        }
        None => Label::new("项目资产管理台账", "Ledger of project assets"),
    }
}

/// What a table of assets is called on paper and in files.
pub const fn table_name(family: AssetFamily) -> Label {
    match family {
        AssetFamily::PovertyAlleviation => {
            Label::new("扶贫项目资产台账", "Ledger of poverty-alleviation assets")
        }
        AssetFamily::Assistance => Label::new("帮扶项目资产台账", "Ledger of assistance assets"),
    }
}

/// What the register of titles is called on paper.
pub const fn register_name(family: AssetFamily) -> Label {
    match family {
        AssetFamily::PovertyAlleviation => {
            Label::new("扶贫项目资产确权登记表", "Register of titles")
        }
        AssetFamily::Assistance => Label::new("帮扶项目资产确权登记表", "Register of titles"),
    }
}

/// What an agreement of upkeep is called on paper.
pub const fn agreement_name(family: AssetFamily) -> Label {
    match family {
        AssetFamily::PovertyAlleviation => {
            Label::new("扶贫项目资产管护责任书", "Agreement of upkeep")
        }
        AssetFamily::Assistance => Label::new("帮扶项目资产管护责任书", "Agreement of upkeep"),
    }
}

#[cfg(test)]
mod tests;
