//! Sums as a table: by area, class or subclass, or by rule.

use std::collections::BTreeMap;

use entity::{
    area::{AreaCode, Level},
    asset::{Class, Subclass},
    finding::{Rule, tally},
    language::{Label, Language, Sentence},
};
use rust_decimal::Decimal;

use super::{Report, count};
use crate::{
    app::{
        column::{column, text},
        output::{Column, ColumnKind, Target, Total, Value},
        place::Places,
    },
    error::Result,
    store::report::{Grouping, Sum, Sums},
};

/// The sums of one group.
#[derive(Clone, Copy, Default)]
struct Group {
    /// What the report is about.
    found: Sum,
    /// Those of which it is not known.
    unknown: Sum,
    /// All assets.
    all: Sum,
}

impl Group {
    fn plus(self, other: Group) -> Result<Group> {
        Ok(Group {
            found: self.found.plus(other.found)?,
            unknown: self.unknown.plus(other.unknown)?,
            all: self.all.plus(other.all)?,
        })
    }

    /// The values after the group's name.
    fn values(self, with_unknown: bool, is_by_asset: bool) -> Vec<Value> {
        let mut values = vec![Value::Integer(self.found.n)];
        if is_by_asset {
            values.push(Value::Money(self.found.value));
        }
        if with_unknown {
            values.push(Value::Integer(self.unknown.n));
            values.push(Value::Money(self.unknown.value));
        }
        values.push(Value::Integer(self.all.n));
        values.push(Value::Money(self.all.value));
        if is_by_asset {
            values.push(share(self.found.n, self.all.n));
        }
        values
    }
}

/// Percent to one decimal, half away from zero.
fn share(part: i64, whole: i64) -> Value {
    if whole == 0 {
        return Value::Empty;
    }
    Value::Decimal(Decimal::new((part * 2_000 + whole) / (2 * whole), 1))
}

/// The columns after the group's name. A finding of any rule is no asset: an asset with two of
/// them would count twice in value and share.
fn columns_of_sums(with_unknown: bool, is_by_asset: bool) -> Vec<Column> {
    let integer = |field, zh, en| Column::new(field, Label::new(zh, en), ColumnKind::Integer, 8);
    let money = |field, zh, en| column(field, Label::new(zh, en), ColumnKind::Money);
    let mut columns = vec![integer("count", "问题项数", "findings")];
    if is_by_asset {
        columns.push(money("value", "问题资产原值（元）", "their value (yuan)"));
    }
    if with_unknown {
        columns.push(integer("unknown", "不清楚项数", "not known"));
        columns.push(money("unknown_value", "不清楚资产原值（元）", "value not known of (yuan)"));
    }
    columns.push(integer("assets", "资产总数", "all assets"));
    columns.push(money("asset_value", "资产总原值（元）", "value of all (yuan)"));
    if is_by_asset {
        let label = Label::new("占比（%）", "share (%)");
        columns.push(column("share", label, ColumnKind::Decimal));
    }
    columns
}

/// Writes sums by area, class or subclass.
pub(super) async fn by_group(
    report: &mut Report<'_>,
    grouping: Grouping,
    target: Target,
) -> Result<()> {
    let language = target.language();
    let with_unknown = report.rule == Some(Rule::NoMaintainer);
    let is_by_asset = report.rule.is_some();
    let mut rules = report.rules();
    if with_unknown {
        rules.push(Rule::MaintainerUnknown);
    }
    let sums = report.sums(&rules, Some(grouping)).await?;
    let groups = groups(&sums, report.rule)?;
    let mut columns = columns_of_groups(grouping);
    columns.extend(columns_of_sums(with_unknown, is_by_asset));
    let heading = report.heading(Vec::new()).await?;
    let mut output = target.begin(heading, columns)?;
    report.tell(&mut output).await?;
    let mut places = Places::new(report.day);
    places.learn(&report.read, groups.keys().filter_map(|group| group.parse().ok())).await?;
    let mut total = Group::default();
    let rows = ordered(&groups, grouping);
    for (group, sum) in &rows {
        let mut row = named(group, grouping, &places, report.extent.area, language);
        row.extend(sum.values(with_unknown, is_by_asset));
        output.row(&row)?;
        total = total.plus(*sum)?;
    }
    let label =
        Sentence::new(format!("合计 {} 项", total.found.n), format!("Total: {}", total.found.n));
    let mut values = vec![Value::Empty; columns_of_groups(grouping).len()];
    values.extend(total.values(with_unknown, is_by_asset));
    output.total(Total { label: &label, count: count(total.found.n)?, values: &values })?;
    Ok(output.finish()?)
}

/// The sums by group: of one rule, or of all together.
fn groups(sums: &Sums, rule: Option<Rule>) -> Result<BTreeMap<String, Group>> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for ((name, subject), sum) in sums {
        let group = groups.entry(name.clone()).or_default();
        let is_asked = rule.is_none_or(|rule| rule.code() == subject);
        if subject == tally::ALL {
            group.all = group.all.plus(*sum)?;
        } else if is_asked {
            group.found = group.found.plus(*sum)?;
        } else if subject == Rule::MaintainerUnknown.code() {
            group.unknown = group.unknown.plus(*sum)?;
        }
    }
    Ok(groups)
}

/// Areas in the order of their codes; classes and subclasses in the order of the official list.
fn ordered(groups: &BTreeMap<String, Group>, grouping: Grouping) -> Vec<(&str, Group)> {
    let mut rows: Vec<(&str, Group)> =
        groups.iter().map(|(name, group)| (name.as_str(), *group)).collect();
    rows.sort_by_key(|(name, _)| match grouping {
        Grouping::Area(_) => 0,
        Grouping::Class => Class::ALL.iter().position(|one| one.code() == *name).unwrap_or(99),
        Grouping::Subclass => {
            Subclass::ALL.iter().position(|one| one.code() == *name).unwrap_or(99)
        }
    });
    rows
}

fn columns_of_groups(grouping: Grouping) -> Vec<Column> {
    let text = |field, label| column(field, label, ColumnKind::Text);
    match grouping {
        Grouping::Area(_) => vec![
            Column::new("area_code", Label::new("区划代码", "area code"), ColumnKind::Text, 12),
            text("area", grouping.label()),
        ],
        Grouping::Class => {
            vec![text("code", Label::new("代码", "code")), text("class", grouping.label())]
        }
        Grouping::Subclass => vec![
            text("code", Label::new("代码", "code")),
            text("subclass", grouping.label()),
            text("class", Label::new("资产类别", "asset class")),
        ],
    }
}

/// The values that name a group.
fn named(
    group: &str,
    grouping: Grouping,
    places: &Places,
    top: AreaCode,
    language: Language,
) -> Vec<Value> {
    let words = |label: Label| Value::Text(label.text(language).to_owned());
    let code = text(Some(group.to_owned()));
    let none = || words(Label::new("未填子类", "no subclass recorded"));
    match grouping {
        Grouping::Area(Level::Village) => {
            let name = group.parse().map(|code| places.path_below(code, Some(top)));
            vec![code, text(name.ok())]
        }
        Grouping::Area(_) => {
            vec![code, text(group.parse().map(|code| places.name(code)).ok())]
        }
        Grouping::Class => {
            let class = group.parse::<Class>().map(|class| words(class.label()));
            vec![code, class.unwrap_or(Value::Empty)]
        }
        Grouping::Subclass => match group.parse::<Subclass>() {
            Ok(subclass) => {
                vec![code, words(subclass.label()), words(subclass.class().label())]
            }
            Err(()) => vec![code, none(), Value::Empty],
        },
    }
}

/// Writes how many findings there are of each rule.
pub(super) async fn by_rule(report: &mut Report<'_>, target: Target) -> Result<()> {
    let language = target.language();
    let sums = report.sums(Rule::ALL, None).await?;
    let sum =
        |subject: &str| sums.get(&(String::new(), subject.to_owned())).copied().unwrap_or_default();
    let all = sum(tally::ALL);
    let columns = vec![
        Column::new("rule", Label::new("代码", "rule"), ColumnKind::Text, 6),
        Column::new("finding", Label::new("问题", "finding"), ColumnKind::Text, 32),
        Column::new("count", Label::new("项数", "count"), ColumnKind::Integer, 8),
        column("value", Label::new("资产原值（元）", "value (yuan)"), ColumnKind::Money),
        column("share", Label::new("占比（%）", "share (%)"), ColumnKind::Decimal),
    ];
    let heading = report.heading(vec![Sentence::new(
        format!("资产总数 {} 项，原值 {} 元", all.n, all.value.grouped()),
        format!("{} assets worth {} yuan", all.n, all.value.grouped()),
    )]);
    let mut output = target.begin(heading.await?, columns)?;
    report.tell(&mut output).await?;
    output.fact("assets", &serde_json::json!({ "count": all.n, "value": all.value }))?;
    let mut n = 0;
    for rule in Rule::ALL {
        let found = sum(rule.code());
        n += found.n;
        output.row(&[
            Value::Text(rule.code().to_owned()),
            Value::Text(rule.label().text(language).to_owned()),
            Value::Integer(found.n),
            Value::Money(found.value),
            share(found.n, all.n),
        ])?;
    }
    let label = Sentence::new(format!("合计 {n} 个问题"), format!("{n} findings"));
    // an asset with several findings is worth its value once: no sum of values is told
    let values = [Value::Empty, Value::Empty, Value::Integer(n), Value::Empty, Value::Empty];
    output.total(Total { label: &label, count: count(n)?, values: &values })?;
    Ok(output.finish()?)
}
