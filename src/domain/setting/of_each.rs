//! What the table says of rules of which there is one for each kind of asset or each rule of
//! deficiency.

use entity::{
    asset::Subclass,
    finding::Rule,
    language::{Label, Sentence},
    money::Money,
    setting::Key,
};

use super::{Definition, Group, Kind, MOST_DAYS, OWN, Value};
use crate::domain::budget::cost::usual_unit;

/// The most that the upkeep of a unit may be set to.
pub(super) const MOST_STANDARD: Money = Money::from_fen(1_000_000_000);

/// What the upkeep of a unit of a kind costs in a year where nobody has said anything; nothing where
/// there is no such figure.
pub(super) const fn standard(kind: Subclass) -> Money {
    match kind {
        Subclass::Road => Money::from_fen(300_000),
        _ => Money::ZERO,
    }
}

/// What to say of an amount beyond the most.
pub(super) fn beyond() -> Sentence {
    let most = MOST_STANDARD.grouped();
    Sentence::new(format!("应为 0 至 {most} 元"), format!("from 0 to {most} yuan"))
}

impl Definition {
    pub(super) fn of_kind(kind: Subclass) -> Definition {
        let label = kind.label();
        Definition {
            key: Key::InspectionDaysOf(kind),
            group: Group::Inspection,
            label: Sentence::new(
                format!("巡查周期：{}", label.zh),
                format!("days between two inspections: {}", label.en),
            ),
            purpose: Sentence::new(
                format!("{}最多隔多少天巡查一次；0 为按总的巡查周期", label.zh),
                format!(
                    "assets of the kind “{}” are inspected at least every so many days; 0 goes by \
                     the general interval",
                    label.en
                ),
            ),
            kind: Kind::Days,
            default: Value::Days(0),
            least: 0,
            most: MOST_DAYS,
            source: OWN,
        }
    }

    pub(super) fn of_standard(kind: Subclass) -> Definition {
        let (label, unit) = (kind.label(), usual_unit(kind).label());
        let source = match kind {
            Subclass::Road => Label::new(
                "村道日常养护（国办发〔2019〕45号）",
                "daily upkeep of village roads (State Council Office, 2019, no. 45)",
            ),
            _ => OWN,
        };
        Definition {
            key: Key::UpkeepStandardOf(kind),
            group: Group::Standard,
            label: Sentence::new(
                format!("管护经费标准：{}", label.zh),
                format!("cost of upkeep: {}", label.en),
            ),
            purpose: Sentence::new(
                format!(
                    "{}每{}每年的管护经费标准（元），用来测算需求和比较单位成本；0 为没有标准",
                    label.zh, unit.zh
                ),
                format!(
                    "what the upkeep of each {} of “{}” is to cost in a year, in yuan: what is \
                     needed is reckoned by it, and costs are compared with it; 0 is no standard",
                    unit.en, label.en
                ),
            ),
            kind: Kind::Money,
            default: Value::Money(standard(kind)),
            least: 0,
            most: MOST_STANDARD.fen(),
            source,
        }
    }

    pub(super) fn of_check(rule: Rule) -> Definition {
        let (label, code) = (rule.label(), rule.code());
        Definition {
            key: Key::Check(rule),
            group: Group::Check,
            label: Sentence::new(format!("核查{}", label.zh), format!("check: {}", label.en)),
            purpose: Sentence::new(
                format!("是否核查“{}”（{code}）；不核查时，已有的这类问题销号", label.zh),
                format!(
                    "whether “{}” ({code}) is looked for; where it is not, such findings close",
                    label.en
                ),
            ),
            kind: Kind::Truth,
            default: Value::Truth(true),
            least: 0,
            most: 1,
            source: OWN,
        }
    }
}
