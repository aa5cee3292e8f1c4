//! One row of a list of findings: which asset, why, since when, and who has to act.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level},
    asset::{Class, Subclass},
    finding::Rule,
    id::{AccountId, AssetId},
    language::{Label, Language, Sentence},
    money::Money,
    rectification,
};

use super::{Report, list::Case};
use crate::{
    app::{
        column::text,
        output::{Column, ColumnKind, Value},
        place::Places,
    },
    domain::{
        deficiency::{self, Accountable, Thresholds, days_between},
        rectification::{Bearer, UNASKED, current, is_overdue},
        title::Party,
    },
    error::{Error, Result},
    store::vault::Named,
};

/// What decides which columns a list has.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Whether it is drawn for the eye: codes and the long sentence are left out.
    pub(super) is_table: bool,
    /// Whether waived findings are in it.
    pub(super) with_waived: bool,
}

/// One finding with its asset, why and since when, and who has to act.
#[derive(Clone, Debug)]
pub struct Line {
    /// The asset's code.
    pub code: String,
    /// The asset's name.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// Its subclass.
    pub subclass: Option<Subclass>,
    /// Where it lies.
    pub area_code: AreaCode,
    /// The names of where it lies, below what is reported on.
    pub area: String,
    /// Its original value.
    pub value: Option<Money>,
    /// The rule.
    pub rule: Rule,
    /// A short reason, the same for every asset it applies to.
    pub reason: Label,
    /// The sentence that explains it for this asset.
    pub why: Sentence,
    /// Since when.
    pub since: NaiveDate,
    /// Days it has lasted.
    pub days: i64,
    /// Whether a waiver stands.
    pub is_waived: bool,
    /// In what capacity somebody has to act.
    pub capacity: Label,
    /// Who has to act.
    pub accountable: Named,
    /// The asset.
    pub asset: AssetId,
    /// Its round of rectification.
    pub round: Option<rectification::Model>,
    /// Whether it is late.
    pub is_overdue: bool,
    /// Who was asked, and their telephone.
    pub charged: Named,
    /// The day it cleared.
    pub closed: Option<NaiveDate>,
}

impl Line {
    /// How far its rectification has come.
    pub fn progress(&self) -> Label {
        self.round.as_ref().map_or(UNASKED, |round| round.state.label())
    }

    /// The version of the round that runs; 0 while none does.
    pub fn version(&self) -> i64 {
        let live = self.round.as_ref().filter(|round| round.state.is_live());
        live.map_or(0, |round| round.version)
    }

    /// A sum with the value of this asset added.
    pub(super) fn worth(&self, sum: Money) -> Result<Money> {
        let sum = sum.checked_add(self.value.unwrap_or(Money::ZERO));
        sum.ok_or_else(|| Error::Internal(anyhow::anyhow!("a sum is beyond ten trillion yuan")))
    }
}

/// A column and what it shows of a row.
struct Part {
    column: Column,
    is_in: fn(Shape) -> bool,
    value: fn(&Line, Language) -> Value,
}

const fn part(
    column: (&'static str, Label, ColumnKind, u16),
    is_in: fn(Shape) -> bool,
    value: fn(&Line, Language) -> Value,
) -> Part {
    let (field, label, kind, width) = column;
    Part { column: Column::new(field, label, kind, width), is_in, value }
}

const fn always(_: Shape) -> bool {
    true
}

const fn in_files(shape: Shape) -> bool {
    !shape.is_table
}

const fn with_waived(shape: Shape) -> bool {
    shape.with_waived
}

fn words(label: Label, language: Language) -> Value {
    Value::Text(label.text(language).to_owned())
}

use ColumnKind::{Date, Integer, Money as Amount, Text, Truth};

/// Every column, in order.
const PARTS: &[Part] = &[
    part(("code", Label::new("资产编号", "asset code"), Text, 24), always, |line, _| {
        Value::Text(line.code.clone())
    }),
    part(("name", Label::new("资产名称", "asset name"), Text, 28), always, |line, _| {
        Value::Text(line.name.clone())
    }),
    part(
        ("class", Label::new("资产类别", "asset class"), Text, 12),
        always,
        |line, language| words(line.class.label(), language),
    ),
    part(
        ("subclass", Label::new("资产子类", "asset subclass"), Text, 14),
        always,
        |line, language| {
            line.subclass.map_or(Value::Empty, |subclass| words(subclass.label(), language))
        },
    ),
    part(("area_code", Label::new("区划代码", "area code"), Text, 12), in_files, |line, _| {
        Value::Text(line.area_code.to_string())
    }),
    part(("area", Label::new("所在地", "area"), Text, 28), always, |line, _| {
        Value::Text(line.area.clone())
    }),
    part(
        ("value", Label::new("资产原值（元）", "value (yuan)"), Amount, 16),
        always,
        |line, _| line.value.map_or(Value::Empty, Value::Money),
    ),
    part(("rule", Label::new("问题代码", "rule"), Text, 6), in_files, |line, _| {
        Value::Text(line.rule.code().to_owned())
    }),
    part(("reason", Label::new("原因", "reason"), Text, 28), always, |line, language| {
        words(line.reason, language)
    }),
    part(
        ("why_zh", Label::new("说明（中文）", "why (Chinese)"), Text, 48),
        in_files,
        |line, _| Value::Text(line.why.zh.clone()),
    ),
    part(
        ("why_en", Label::new("说明（英文）", "why (English)"), Text, 48),
        in_files,
        |line, _| Value::Text(line.why.en.clone()),
    ),
    part(("since", Label::new("起始日", "since"), Date, 10), always, |line, _| {
        Value::Date(line.since)
    }),
    part(("days", Label::new("天数", "days"), Integer, 6), always, |line, _| {
        Value::Integer(line.days)
    }),
    part(("is_waived", Label::new("已豁免", "waived"), Truth, 6), with_waived, |line, _| {
        Value::Truth(line.is_waived)
    }),
    part(
        ("capacity", Label::new("该谁办", "who has to act"), Text, 10),
        always,
        |line, language| words(line.capacity, language),
    ),
    part(("accountable", Label::new("名称", "their name"), Text, 24), always, |line, _| {
        text(Some(line.accountable.name.clone()))
    }),
    part(("phone", Label::new("电话", "phone"), Text, 14), always, |line, _| {
        text(Some(line.accountable.phone.clone()))
    }),
    part(
        ("progress", Label::new("整改状态", "rectification"), Text, 10),
        always,
        |line, language| words(line.progress(), language),
    ),
    part(
        ("charged", Label::new("交办对象", "who was asked"), Text, 24),
        in_files,
        |line, _| text(Some(line.charged.name.clone())),
    ),
    part(("due_on", Label::new("整改期限", "due on"), Date, 10), always, |line, _| {
        let due = line.round.as_ref().and_then(|round| round.due_on);
        due.map_or(Value::Empty, Value::Date)
    }),
    part(("is_overdue", Label::new("已逾期", "overdue"), Truth, 6), in_files, |line, _| {
        Value::Truth(line.is_overdue)
    }),
    part(
        ("n_escalated", Label::new("督办次数", "times escalated"), Integer, 6),
        in_files,
        |line, _| Value::Integer(line.round.as_ref().map_or(0, |round| round.n_escalated.into())),
    ),
    part(
        ("escalated_to", Label::new("督办到", "escalated to"), Text, 8),
        in_files,
        |line, language| {
            let level = line.round.as_ref().and_then(|round| round.escalated_to);
            level.map_or(Value::Empty, |level| words(level.label(), language))
        },
    ),
];

/// The columns of a list.
pub(super) fn columns(shape: Shape) -> Vec<Column> {
    PARTS.iter().filter(|part| (part.is_in)(shape)).map(|part| part.column).collect()
}

/// The values of a row.
pub(super) fn row(line: &Line, shape: Shape, language: Language) -> Vec<Value> {
    let parts = PARTS.iter().filter(|part| (part.is_in)(shape));
    parts.map(|part| (part.value)(line, language)).collect()
}

/// The area whose office has to act, where nobody in the ledger has to.
fn office_of(accountable: Accountable, area: AreaCode) -> Option<AreaCode> {
    match accountable {
        Accountable::Town => Some(area.at(Level::Town)),
        Accountable::County => Some(area.at(Level::County)),
        Accountable::Keeper(_)
        | Accountable::Maintainer(_)
        | Accountable::Owner(_)
        | Accountable::ImplementingUnit(_) => None,
    }
}

/// The rows of cases, with the names of places and parties.
pub(super) async fn lines(
    report: &Report<'_>,
    cases: Vec<Case>,
    places: &mut Places,
) -> Result<Vec<Line>> {
    let read = &report.read;
    let local = read.local_rules(cases.iter().map(|case| case.dossier.asset.area_code)).await?;
    let local = local.known_at(report.at);
    places.learn(read, cases.iter().map(|case| case.dossier.asset.area_code)).await?;
    let accountable: Vec<Accountable> = cases
        .iter()
        .map(|case| deficiency::accountable(&case.dossier.facts(), report.day))
        .collect();
    let offices: BTreeSet<AreaCode> = accountable
        .iter()
        .zip(&cases)
        .filter_map(|(accountable, case)| office_of(*accountable, case.dossier.asset.area_code))
        .collect();
    let offices = read.offices(&offices.into_iter().collect::<Vec<_>>()).await?;
    let parties: BTreeSet<Party> = accountable
        .iter()
        .filter_map(|accountable| accountable.party())
        .chain(offices.values().map(|id| Party::Organization(*id)))
        .chain(
            cases.iter().filter_map(|case| round(case)?.organization_id).map(Party::Organization),
        )
        .collect();
    let accounts = cases.iter().filter_map(|case| round(case)?.account_id).collect();
    let accounts = read.account_names(accounts).await?;
    let named = read.parties(&parties.into_iter().collect::<Vec<_>>()).await?;
    let lines = cases.into_iter().zip(accountable).map(|(case, accountable)| {
        let asset = case.dossier.asset.area_code;
        let office = office_of(accountable, asset);
        let party =
            accountable.party().or_else(|| Some(Party::Organization(*offices.get(&office?)?)));
        let found = party.and_then(|party| named.get(&party)).cloned();
        let who = found.unwrap_or_else(|| Named {
            name: office.map(|office| places.name(office)).unwrap_or_default(),
            ..Named::default()
        });
        let area = places.path_below(asset, Some(report.extent.area));
        let charged = charged(round(&case), &named, &accounts);
        let thresholds = local.thresholds(asset, report.day);
        let line = line(report, &thresholds, case, (accountable.capacity(), who), area);
        Line { charged, ..line }
    });
    Ok(lines.collect())
}

/// The round of rectification that is told of a case.
fn round(case: &Case) -> Option<&rectification::Model> {
    current(&case.dossier.rectifications, case.rule, case.closed.is_none())
}

/// Who was asked.
fn charged(
    round: Option<&rectification::Model>,
    named: &HashMap<Party, Named>,
    accounts: &HashMap<AccountId, String>,
) -> Named {
    match round.and_then(Bearer::of) {
        Some(Bearer::Organization(id)) => {
            named.get(&Party::Organization(id)).cloned().unwrap_or_default()
        }
        Some(Bearer::Account(id)) => {
            let name = accounts.get(&id).cloned().unwrap_or_default();
            Named { name, ..Named::default() }
        }
        None => Named::default(),
    }
}

fn line(
    report: &Report<'_>,
    thresholds: &Thresholds,
    case: Case,
    (capacity, who): (Label, Named),
    area: String,
) -> Line {
    let rule = case.rule;
    let found = deficiency::explain(rule, &case.dossier.facts(), thresholds, report.day);
    let round = round(&case).cloned();
    let late =
        round.as_ref().is_some_and(|round| is_overdue(Some(round.state), round.due_on, report.day));
    let last = case.closed.unwrap_or(report.day);
    // a finding that time has cleared stays until the nightly round: it is told by its rule
    let (reason, why) = match found {
        Some(found) => (found.reason, found.sentence),
        None => (rule.label(), rule.label().into()),
    };
    let asset = case.dossier.asset;
    Line {
        code: asset.code,
        name: asset.name,
        class: asset.class,
        subclass: asset.subclass,
        area_code: asset.area_code,
        area,
        value: asset.original_value,
        rule,
        reason,
        why,
        since: case.since,
        days: days_between(case.since, last),
        is_waived: case.is_waived,
        capacity,
        accountable: who,
        asset: asset.id,
        round,
        is_overdue: late,
        charged: Named::default(),
        closed: case.closed,
    }
}
