//! How assets are listed: their orders and filters, and where a search finds them.

use chrono::NaiveDate;
use entity::{
    area::{self, AreaCode},
    asset::{self, Class, Column, Entity, Form, State, Subclass, UseState},
    duty,
    finding::{self, Rule},
    five_have::{self, Have},
    funding::{self, Fund, Tier},
    holding::{self, Right},
    id::PersonId,
    import,
    initials::Initials,
    language::{Label, Sentence},
    title,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Value,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

use super::{
    Filter, List, Listed, Narrowing, Sort, Takes, coded, money, number,
    pattern::{beginning, containing, in_columns},
};
use crate::{
    domain::field::{self, FieldValue, Reading},
    error::Result,
    limits,
    store::Subject,
};

const fn filter(name: &'static str, label: Label, takes: Takes<Entity>) -> Filter<Entity> {
    Filter::new(name, label, takes)
}

impl Listed for Entity {
    const SORTS: &'static [Sort<Self>] = &[
        Sort::PLACE,
        Sort::by("name", Label::new("名称", "name"), Column::Initials),
        Sort::by("value", Label::new("原值", "original value"), Column::OriginalValue),
        Sort::by("acquired_on", Label::new("购建时间", "acquired on"), Column::AcquiredOn),
        Sort::by("updated_at", Label::new("更新时间", "last change"), Column::UpdatedAt),
    ];
    const FILTERS: &'static [Filter<Self>] = &[
        filter("class", Label::new("类别", "class"), Takes::Any(Column::Class, coded::<Class>)),
        filter(
            "subclass",
            Label::new("子类", "subclass"),
            Takes::Any(Column::Subclass, coded::<Subclass>),
        ),
        filter(
            "standing",
            Label::new("是否在册且未灭失", "whether it is on the books and still there"),
            Takes::Beyond(truth, standing),
        ),
        filter("form", Label::new("形态", "form"), Takes::Any(Column::Form, coded::<Form>)),
        filter(
            "state",
            Label::new("在册状态", "state on the books"),
            Takes::Any(Column::State, coded::<State>),
        ),
        filter(
            "use_state",
            Label::new("使用状态", "use"),
            Takes::Any(Column::UseState, coded::<UseState>),
        ),
        filter(
            "needed_on",
            Label::new(
                "闲置或低效，且不晚于这一天开始",
                "idle or low-yield, and so since this day or before",
            ),
            Takes::Beyond(coded::<NaiveDate>, in_need),
        ),
        filter(
            "has",
            Label::new(
                "五有中已有的一项；asked 为应有五有的，all 为五有齐全的",
                "one of the five haves that it has; asked: they are asked of it; all: it has all",
            ),
            Takes::Beyond(have, having),
        ),
        filter(
            "has_not",
            Label::new(
                "五有中缺的一项；all 为五有不齐的",
                "one of the five haves that it lacks; all: it lacks one of them",
            ),
            Takes::Beyond(have, lacking_have),
        ),
        filter(
            "title",
            Label::new("确权状态", "state of the title"),
            Takes::Beyond(coded::<title::State>, titled),
        ),
        filter(
            "maintainer",
            Label::new("现管护主体的单位 id", "id of the organization that maintains it now"),
            Takes::Beyond(number, maintained_by),
        ),
        filter(
            "lacks",
            Label::new("未销号、未豁免的问题代码", "code of an open finding that is not waived"),
            Takes::Beyond(rule, lacking),
        ),
        filter(
            "acquired_year",
            Label::new("购建年份", "year of acquisition"),
            Takes::Years(Column::AcquiredOn),
        ),
        filter(
            "value_from",
            Label::new("原值（元）", "original value in yuan"),
            Takes::From(Column::OriginalValue, money),
        ),
        filter(
            "value_to",
            Label::new("原值（元）", "original value in yuan"),
            Takes::To(Column::OriginalValue, money),
        ),
        filter(
            "value",
            Label::new("原值（元）", "original value in yuan"),
            Takes::Range(Column::OriginalValue, money),
        ),
        filter(
            "fund",
            Label::new("资金来源", "source of the money"),
            Takes::Beyond(coded::<Fund>, |values, _| funded(funding::Column::Fund, values)),
        ),
        filter(
            "tier",
            Label::new("资金层级", "tier of the money"),
            Takes::Beyond(coded::<Tier>, |values, _| funded(funding::Column::Tier, values)),
        ),
        filter(
            "fund_year",
            Label::new("资金年度", "year of the money"),
            Takes::YearsBeyond(funded_between),
        ),
        filter(
            "owner",
            Label::new("所有权人的单位 id", "id of the organization that owns it now"),
            Takes::Beyond(number, owned_by),
        ),
        filter(
            "import",
            Label::new("导入批次号", "number of an import that made or changed it"),
            Takes::Beyond(number, imported),
        ),
        filter(
            "project",
            Label::new("项目 id", "id of the project"),
            Takes::Any(Column::ProjectId, number),
        ),
    ];
    const SEARCHED: &'static [Column] = &[Column::Name, Column::Code, Column::Initials];
    const HAS_PAST: bool = true;

    /// Assets whose name, code or initials contain the text, and all in the areas of that name.
    async fn found(
        connection: &impl ConnectionTrait,
        within: AreaCode,
        text: &str,
    ) -> Result<Condition> {
        let areas = areas_named(connection, within, text).await?;
        let any = in_columns::<Entity>(text);
        Ok(areas.into_iter().fold(any, |any, area| {
            let (first, last) = area.range();
            any.add(Column::AreaCode.between(first, last))
        }))
    }
}

/// A list whose rows are counted by the sums that are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The rule that the rows break, where they are narrowed to one.
    pub rule: Option<Rule>,
    /// The classes they are narrowed to; none means all.
    pub classes: Vec<Class>,
}

impl List<Entity> {
    /// What the kept sums say of this list's rows, where they say it: assets that stand, of some
    /// classes, that break one rule at most.
    pub fn kept(&self) -> Option<Kept> {
        let mut kept = Kept { rule: None, classes: Vec::new() };
        let mut is_standing = false;
        if self.search.is_some() || self.found_too.is_some() || self.as_of.is_some() {
            return None;
        }
        for filter in &self.filters {
            match filter {
                Narrowing::Any(Column::Class, values) => {
                    let classes = Class::ALL.iter().copied();
                    kept.classes = classes.filter(|one| values.contains(&(*one).into())).collect();
                }
                Narrowing::Beyond("standing", values, _) if *values == [Value::from(true)] => {
                    is_standing = true;
                }
                Narrowing::Beyond("lacks", values, _) if values.len() == 1 => {
                    let rules = Rule::ALL.iter().copied();
                    kept.rule = rules.into_iter().find(|one| values.contains(&(*one).into()));
                }
                _ => return None,
            }
        }
        is_standing.then_some(kept)
    }
}

/// The areas within one whose name contains a text, or whose initials begin with it; of an area
/// and those inside it, the first alone. A text that so many names hold names no place.
pub(super) async fn areas_named(
    connection: &impl ConnectionTrait,
    within: AreaCode,
    text: &str,
) -> Result<Vec<AreaCode>> {
    let (first, last) = within.range();
    let mut named = Condition::any().add(Expr::col(area::Column::Name).like(containing(text)));
    // one letter is the first of too many names
    let letters = Initials::of(text);
    if text.chars().count() > 1 && text.chars().all(|one| one.is_ascii_alphanumeric()) {
        named = named.add(Expr::col(area::Column::Initials).like(beginning(letters.as_str())));
    }
    let codes: Vec<AreaCode> = area::Entity::find()
        .select_only()
        .column(area::Column::AreaCode)
        .filter(area::Column::AreaCode.between(first, last))
        .filter(named)
        .order_by_asc(area::Column::AreaCode)
        .order_by_asc(area::Column::Id)
        .limit(limits::AREAS_FOUND + 1)
        .into_tuple()
        .all(connection)
        .await?;
    if codes.len() as u64 > limits::AREAS_FOUND {
        return Ok(Vec::new());
    }
    Ok(codes.into_iter().fold(Vec::new(), |mut apart: Vec<AreaCode>, code| {
        if apart.last().is_none_or(|last| !last.covers(&code)) {
            apart.push(code);
        }
        apart
    }))
}

/// Assets that some people keep on a day.
pub fn kept_by(people: &[PersonId], today: NaiveDate) -> Condition {
    let people = people.iter().map(|id| Value::from(id.0));
    let kept = running(duty::Kind::Keeper, today)
        .and_where(Expr::col((duty::Entity, duty::Column::PersonId)).is_in(people))
        .to_owned();
    Condition::all().add(Expr::exists(kept))
}

pub(super) fn truth(text: &str) -> Result<Value, Sentence> {
    bool::read(Some(text), Reading::default()).map(Value::from)
}

/// Assets that count: on the books, and still there.
pub fn standing_assets() -> Condition {
    let there = Condition::any()
        .add(Column::Condition.is_null())
        .add(Column::Condition.ne(asset::Condition::Gone));
    Condition::all().add(Column::State.eq(State::Held)).add(there)
}

/// Assets that count, or those that have gone; one that was split or merged is neither.
fn standing(values: &[Value], _: NaiveDate) -> Condition {
    let gone = || {
        let not_there = Condition::any()
            .add(Column::State.is_in([State::Disposed, State::Void]))
            .add(Column::Condition.eq(asset::Condition::Gone));
        Condition::all().add(Column::State.ne(State::Replaced)).add(not_there)
    };
    values.iter().fold(Condition::any(), |any, value| {
        any.add(if *value == Value::from(true) { standing_assets() } else { gone() })
    })
}

/// Assets that lie idle or yield little, and have done so since a day or before; one of which that is
/// not recorded is one on every day.
fn in_need(values: &[Value], _: NaiveDate) -> Condition {
    let since = |day: &Value| {
        Condition::any().add(Column::IdleSince.is_null()).add(Column::IdleSince.lte(day.clone()))
    };
    let since = values.iter().map(since).fold(Condition::any(), Condition::add);
    Condition::all().add(Column::UseState.is_in([UseState::Idle, UseState::LowYield])).add(since)
}

/// One of the five haves, `all` or `asked`.
fn have(text: &str) -> Result<Value, Sentence> {
    let is_known = ["all", "asked"].contains(&text) || text.parse::<Have>().is_ok();
    let wrong = || {
        Sentence::new(
            "应为 rule、standard、team、money、oversight、all、asked 之一",
            "one of rule, standard, team, money, oversight, all, asked",
        )
    };
    if is_known { Ok(Value::from(text)) } else { Err(wrong()) }
}

/// Assets of which the five haves are asked, and of which one of some words is so, or is not.
fn by_haves(values: &[Value], is: bool) -> Condition {
    use five_have::Column;
    const HAVES: [(Have, Column); 5] = [
        (Have::Rule, Column::HasRule),
        (Have::Standard, Column::HasStandard),
        (Have::Team, Column::HasTeam),
        (Have::Money, Column::HasMoney),
        (Have::Oversight, Column::HasOversight),
    ];
    let one = |value: &Value| {
        let (all, any) = (Condition::all(), Condition::any());
        let known = HAVES.iter().find(|(have, _)| *value == Value::from(have.code()));
        match known {
            Some((_, column)) => all.add(column.eq(is)),
            None if *value == Value::from("asked") && is => all,
            // nothing of which they are asked is not asked
            None if *value == Value::from("asked") => all.add(Expr::val(1).eq(0)),
            None if is => HAVES.iter().fold(all, |all, (_, column)| all.add(column.eq(true))),
            None => HAVES.iter().fold(any, |any, (_, column)| any.add(column.eq(false))),
        }
    };
    let any = values.iter().map(one).fold(Condition::any(), Condition::add);
    let rows = about(five_have::Entity, Column::AssetId).cond_where(any).to_owned();
    Condition::all().add(Expr::exists(rows))
}

fn having(values: &[Value], _: NaiveDate) -> Condition {
    by_haves(values, true)
}

fn lacking_have(values: &[Value], _: NaiveDate) -> Condition {
    by_haves(values, false)
}

fn rule(text: &str) -> Result<Value, Sentence> {
    field::rule(text).map(Value::from).map_err(|why| why.expected)
}

/// Rows of a table about the asset at hand.
fn about(table: impl EntityTrait, asset: impl ColumnTrait) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(table)
        .and_where(Expr::col((table, asset)).equals((Entity, Column::Id)))
        .to_owned()
}

/// Duties of a kind that run on a day, of the asset at hand.
fn running(kind: duty::Kind, today: NaiveDate) -> SelectStatement {
    use duty::Column;
    let begun = Condition::any().add(Column::FromOn.is_null()).add(Column::FromOn.lte(today));
    let lasts = Condition::any().add(Column::UntilOn.is_null()).add(Column::UntilOn.gte(today));
    about(duty::Entity, Column::AssetId)
        .and_where(Column::Kind.eq(kind))
        .cond_where(begun)
        .cond_where(lasts)
        .to_owned()
}

fn maintained_by(values: &[Value], today: NaiveDate) -> Condition {
    let duties = running(duty::Kind::Maintainer, today)
        .and_where(duty::Column::OrganizationId.is_in(values.iter().cloned()))
        .to_owned();
    Condition::all().add(Expr::exists(duties))
}

fn owned_by(values: &[Value], today: NaiveDate) -> Condition {
    use holding::Column;
    let begun = Condition::any().add(Column::FromOn.is_null()).add(Column::FromOn.lte(today));
    let lasts = Condition::any().add(Column::UntilOn.is_null()).add(Column::UntilOn.gte(today));
    let held = about(holding::Entity, Column::AssetId)
        .and_where(Column::Right.eq(Right::Own))
        .and_where(Column::OrganizationId.is_in(values.iter().cloned()))
        .cond_where(begun)
        .cond_where(lasts)
        .to_owned();
    Condition::all().add(Expr::exists(held))
}

/// Assets that some imports made or changed.
fn imported(values: &[Value], _: NaiveDate) -> Condition {
    let rows = about(import::row::Entity, import::row::Column::SubjectId)
        .and_where(import::row::Column::Noun.eq(Entity::TABLE))
        .and_where(import::row::Column::ImportId.is_in(values.iter().cloned()))
        .to_owned();
    Condition::all().add(Expr::exists(rows))
}

/// Sources of the asset at hand that count.
fn sources() -> SelectStatement {
    about(funding::Entity, funding::Column::AssetId)
        .and_where(funding::Column::IsWithdrawn.eq(false))
        .to_owned()
}

fn funded(column: funding::Column, values: &[Value]) -> Condition {
    let sources = sources().and_where(column.is_in(values.iter().cloned())).to_owned();
    Condition::all().add(Expr::exists(sources))
}

fn funded_between(ends: &[Value], _: NaiveDate) -> Condition {
    let (first, last) = (ends.first().cloned(), ends.last().cloned());
    let years = Condition::all()
        .add_option(first.map(|first| funding::Column::Year.gte(first)))
        .add_option(last.map(|last| funding::Column::Year.lte(last)));
    Condition::all().add(Expr::exists(sources().cond_where(years).to_owned()))
}

fn lacking(values: &[Value], _: NaiveDate) -> Condition {
    let findings = about(finding::Entity, finding::Column::AssetId)
        .and_where(finding::Column::Rule.is_in(values.iter().cloned()))
        .and_where(finding::Column::ClosedOn.is_null())
        .and_where(finding::Column::IsWaived.eq(false))
        .to_owned();
    Condition::all().add(Expr::exists(findings))
}

fn titled(values: &[Value], _: NaiveDate) -> Condition {
    let titles = || about(title::Entity, title::Column::AssetId);
    let such = titles().and_where(title::Column::State.is_in(values.iter().cloned())).to_owned();
    let any = Condition::any().add(Expr::exists(such));
    // an asset whose title was never opened is not confirmed
    let unconfirmed = Value::from(title::State::Unconfirmed);
    if values.contains(&unconfirmed) { any.add(Expr::exists(titles()).not()) } else { any }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::list::plan;

    #[tokio::test]
    async fn no_page_scans_or_sorts_the_assets() {
        let filters = [
            ("class", "public"),
            ("q", "渠"),
            ("acquired_year", "2016-2020"),
            ("lacks", "G01,G02"),
            ("maintainer", "7"),
            ("fund", "transition"),
            ("title", "unconfirmed"),
            ("value", "100-500"),
            ("fund", "bond"),
            ("fund_year", "2016-2020"),
            ("owner", "7"),
            ("import", "7"),
        ];
        plan::is_by_index::<Entity>(&filters).await;
    }

    #[test]
    fn only_what_is_kept_is_told_by_the_kept_sums() {
        let kept = |words: &[(&'static str, &'static str)]| {
            List::<Entity>::read(words.iter().copied()).expect("a list").kept()
        };
        let all = Kept { rule: None, classes: Vec::new() };
        assert_eq!(kept(&[("standing", "yes")]), Some(all.clone()));
        let public = Kept { classes: vec![Class::Public], ..all.clone() };
        assert_eq!(kept(&[("standing", "yes"), ("class", "public")]), Some(public));
        let bare = Kept { rule: Some(Rule::NoMaintainer), ..all };
        assert_eq!(kept(&[("standing", "yes"), ("lacks", "G01")]), Some(bare));
        for words in [
            &[][..],
            &[("standing", "no")],
            &[("standing", "yes,no")],
            &[("standing", "yes"), ("lacks", "G01,G02")],
            &[("standing", "yes"), ("q", "桥")],
            &[("standing", "yes"), ("as_of", "2026-01-01")],
            &[("standing", "yes"), ("fund", "bond")],
        ] {
            assert_eq!(kept(words), None, "{words:?}");
        }
    }
}
