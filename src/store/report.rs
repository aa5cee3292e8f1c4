//! Sums of findings, from what is kept or by recount, and the rows behind them.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::{
    area::{self, AreaCode, Level},
    asset::{self, Class, Condition, State},
    finding::{self, Rule, tally},
    id::OrganizationId,
    language::Label,
    money::Money,
    organization,
};
use sea_orm::{
    ColumnTrait, Condition as Any, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef, Select, sea_query::Expr,
};

use super::{Read, Subject, scope};
use crate::error::{Error, Result};

/// Areas of one look-up.
const CODES: usize = 1_000;

/// What sums are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Areas of a level.
    Area(Level),
    /// Asset classes.
    Class,
    /// Asset subclasses.
    Subclass,
}

impl Grouping {
    /// Every grouping and its name on the command line.
    pub const ALL: [(&'static str, Grouping); 7] = [
        ("province", Grouping::Area(Level::Province)),
        ("prefecture", Grouping::Area(Level::Prefecture)),
        ("county", Grouping::Area(Level::County)),
        ("town", Grouping::Area(Level::Town)),
        ("village", Grouping::Area(Level::Village)),
        ("class", Grouping::Class),
        ("subclass", Grouping::Subclass),
    ];

    /// What people call it.
    pub const fn label(self) -> Label {
        match self {
            Grouping::Area(level) => level.label(),
            Grouping::Class => Label::new("资产类别", "asset class"),
            Grouping::Subclass => Label::new("资产子类", "asset subclass"),
        }
    }

    /// The group an asset falls into: its area's code, its class or its subclass.
    pub fn of(self, asset: &asset::Model) -> String {
        match self {
            Grouping::Area(level) => asset.area_code.at(level).to_string(),
            Grouping::Class => asset.class.code().to_owned(),
            Grouping::Subclass => {
                asset.subclass.map(asset::Subclass::code).unwrap_or_default().to_owned()
            }
        }
    }
}

impl std::str::FromStr for Grouping {
    type Err = String;

    fn from_str(name: &str) -> Result<Grouping, String> {
        let found = Grouping::ALL.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, grouping)| grouping).ok_or_else(|| {
            let names = Grouping::ALL.map(|(name, _)| name);
            let (zh, en) = (names.join("、"), names.join(", "));
            format!("应为其中之一：{zh} / expected one of: {en}")
        })
    }
}

/// Which assets a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Where.
    pub area: AreaCode,
    /// Of which class; empty for all.
    pub class: Option<Class>,
    /// Whether assets that are disposed of, void or no longer standing count too.
    pub with_gone: bool,
    /// Whether waived findings count too.
    pub with_waived: bool,
}

impl Extent {
    /// Whether it is about an asset.
    pub fn holds(&self, asset: &asset::Model) -> bool {
        asset.state != State::Replaced
            && self.area.covers(&asset.area_code)
            && self.class.is_none_or(|class| class == asset.class)
            && (self.with_gone || asset.is_standing())
    }
}

/// How many, and what they are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many assets.
    pub n: i64,
    /// Their original value.
    pub value: Money,
}

impl Sum {
    /// The sum of both.
    pub fn plus(self, other: Sum) -> Result<Sum> {
        let value = self.value.checked_add(other.value).ok_or_else(too_large)?;
        Ok(Sum { n: self.n + other.n, value })
    }

    fn read(n: i64, fen: i64) -> Result<Sum> {
        Ok(Sum { n, value: Money::try_from_fen(fen).ok_or_else(too_large)? })
    }
}

fn too_large() -> Error {
    Error::Internal(anyhow::anyhow!("a sum is beyond ten trillion yuan"))
}

/// Sums by group and by what was counted: a rule's code, or [`tally::ALL`].
pub type Sums = BTreeMap<(String, String), Sum>;

/// What a row of sums reads as: group, subject, count, fen.
type SumRow = (String, String, i64, i64);

fn sums(rows: Vec<SumRow>, grouping: Option<Grouping>) -> Result<Sums> {
    let mut sums = Sums::new();
    for (group, subject, n, fen) in rows {
        let group = match grouping {
            Some(Grouping::Area(_)) => format!("{group:0<12}"),
            _ => group,
        };
        let sum = sums.entry((group, subject)).or_default();
        *sum = sum.plus(Sum::read(n, fen)?)?;
    }
    sums.retain(|_, sum| *sum != Sum::default());
    Ok(sums)
}

/// Digits of an area code down to a level.
pub(super) const fn digits_of(level: Level) -> usize {
    match level {
        Level::Nation => 0,
        Level::Province => 2,
        Level::Prefecture => 4,
        Level::County => 6,
        Level::Town => 9,
        Level::Village => 12,
    }
}

/// The group as an expression over a table's columns.
fn key(table: &str, grouping: Option<Grouping>) -> Expr {
    match grouping {
        Some(Grouping::Area(level)) => {
            Expr::cust(format!("substr({table}.area_code, 1, {})", digits_of(level)))
        }
        Some(Grouping::Class) => Expr::cust(format!("{table}.class")),
        Some(Grouping::Subclass) => Expr::cust("coalesce(asset.subclass, '')"),
        None => Expr::cust(format!("substr({table}.area_code, 1, 0)")),
    }
}

/// The coarsest kept sums that still tell the groups and the edges of the area apart.
fn kept_digits(area: AreaCode, grouping: Option<Grouping>) -> i32 {
    let wanted = match grouping {
        Some(Grouping::Area(level)) => digits_of(level).max(area.stem().len()),
        _ => area.stem().len(),
    };
    let kept = tally::DIGITS.into_iter().find(|digits| *digits >= wanted);
    kept.and_then(|digits| i32::try_from(digits).ok()).unwrap_or(12)
}

/// The sums kept of subjects, as a query.
fn kept(subjects: &[&str], extent: &Extent, grouping: Option<Grouping>) -> Select<tally::Entity> {
    let (first, last) = scope::range(extent.area, "scope of kept sums");
    let mut query = tally::Entity::find()
        .select_only()
        .expr_as(key("tally", grouping), "grouped")
        .column(tally::Column::Subject)
        .expr_as(Expr::cust("CAST(SUM(tally.n) AS bigint)"), "counted")
        .expr_as(Expr::cust("CAST(SUM(tally.value) AS bigint)"), "valued")
        .filter(tally::Column::Digits.eq(kept_digits(extent.area, grouping)))
        .filter(tally::Column::Subject.is_in(subjects.iter().copied()))
        .filter(tally::Column::AreaCode.between(first, last));
    if let Some(class) = extent.class {
        query = query.filter(tally::Column::Class.eq(class));
    }
    if !extent.with_gone {
        query = query.filter(tally::Column::IsStanding.eq(true));
    }
    query.group_by(key("tally", grouping)).group_by(tally::Column::Subject)
}

/// Open findings of rules within an extent.
pub(super) fn open(rules: &[Rule], extent: &Extent, name: &str) -> Select<finding::Entity> {
    let (first, last) = scope::range(extent.area, name);
    let mut query = finding::Entity::find()
        .filter(finding::Column::ClosedOn.is_null())
        .filter(finding::Column::Rule.is_in(rules.iter().copied()))
        .filter(finding::Column::AreaCode.between(first, last));
    if let Some(class) = extent.class {
        query = query.filter(finding::Column::Class.eq(class));
    }
    if !extent.with_gone {
        query = query.filter(finding::Column::IsStanding.eq(true));
    }
    if !extent.with_waived {
        query = query.filter(finding::Column::IsWaived.eq(false));
    }
    query
}

/// Open findings of rules, counted one by one.
fn counted(rules: &[Rule], extent: &Extent, grouping: Option<Grouping>) -> Select<finding::Entity> {
    let mut query = open(rules, extent, "scope of findings counted");
    if grouping == Some(Grouping::Subclass) {
        query = query.join(JoinType::InnerJoin, to_asset());
    }
    query
        .select_only()
        .expr_as(key("finding", grouping), "grouped")
        .column(finding::Column::Rule)
        .expr_as(Expr::cust("count(*)"), "counted")
        .expr_as(Expr::cust("CAST(SUM(finding.value) AS bigint)"), "valued")
        .group_by(key("finding", grouping))
        .group_by(finding::Column::Rule)
}

fn to_asset() -> RelationDef {
    finding::Entity::belongs_to(asset::Entity)
        .from(finding::Column::AssetId)
        .to(asset::Column::Id)
        .into()
}

/// Assets counted one by one.
fn counted_assets(extent: &Extent, grouping: Option<Grouping>) -> Select<asset::Entity> {
    let (first, last) = scope::range(extent.area, "scope of assets counted");
    let mut query = asset::Entity::find()
        .select_only()
        .expr_as(key("asset", grouping), "grouped")
        .expr_as(Expr::cust("count(*)"), "counted")
        .expr_as(Expr::cust("CAST(coalesce(SUM(asset.original_value), 0) AS bigint)"), "valued")
        .filter(asset::Column::AreaCode.between(first, last));
    if let Some(class) = extent.class {
        query = query.filter(asset::Column::Class.eq(class));
    }
    query = if extent.with_gone {
        query.filter(asset::Column::State.ne(State::Replaced))
    } else {
        let there = Any::any()
            .add(asset::Column::Condition.is_null())
            .add(asset::Column::Condition.ne(Condition::Gone));
        query.filter(asset::Column::State.eq(State::Held)).filter(there)
    };
    query.group_by(key("asset", grouping))
}

impl Read<'_> {
    /// The part of an area that the reader may see; empty means all of it. An area outside the
    /// reader's, or one that never was, is not found.
    pub async fn area_within(&self, asked: Option<AreaCode>) -> Result<AreaCode> {
        let own = self.actor().area();
        let Some(asked) = asked.filter(|asked| *asked != own) else { return Ok(own) };
        if asked.covers(&own) {
            return Ok(own);
        }
        let known = area::Entity::find().filter(area::Column::AreaCode.eq(asked));
        let known = known.one(self.connection()).await?.is_some();
        if scope::covers(own, &asked, "scope of an area asked for") && known {
            Ok(asked)
        } else {
            Err(Error::NotFound(area::Entity::NOUN))
        }
    }

    /// Sums as they are kept, for rules' codes and [`tally::ALL`]. Subclasses are not kept.
    pub async fn kept_sums(
        &self,
        subjects: &[&str],
        extent: &Extent,
        grouping: Option<Grouping>,
    ) -> Result<Sums> {
        let extent = self.limited(extent)?;
        let rows = kept(subjects, &extent, grouping).into_tuple::<SumRow>();
        sums(rows.all(self.connection()).await?, grouping)
    }

    /// The kept sums of the whole county in which the reader's area lies: a town is shown how it stands
    /// beside its county, and no other place of it (ux.md §3.2).
    pub async fn sums_of_county(
        &self,
        subjects: &[&str],
        grouping: Option<Grouping>,
    ) -> Result<Sums> {
        let area = self.actor().area().county().area();
        let extent = Extent { area, class: None, with_gone: false, with_waived: false };
        let grouping = grouping.filter(|grouping| !matches!(grouping, Grouping::Area(_)));
        let rows = kept(subjects, &extent, grouping).into_tuple::<SumRow>();
        sums(rows.all(self.connection()).await?, grouping)
    }

    /// Open findings counted one by one: what the kept sums must equal.
    pub async fn count_findings(
        &self,
        rules: &[Rule],
        extent: &Extent,
        grouping: Option<Grouping>,
    ) -> Result<Sums> {
        let extent = self.limited(extent)?;
        let rows = counted(rules, &extent, grouping).into_tuple::<SumRow>();
        sums(rows.all(self.connection()).await?, grouping)
    }

    /// Assets counted one by one.
    pub async fn count_assets(&self, extent: &Extent, grouping: Option<Grouping>) -> Result<Sums> {
        let extent = self.limited(extent)?;
        let rows = counted_assets(&extent, grouping).into_tuple::<(String, i64, i64)>();
        let rows = rows.all(self.connection()).await?.into_iter();
        sums(rows.map(|(group, n, fen)| (group, tally::ALL.to_owned(), n, fen)).collect(), grouping)
    }

    pub(super) fn limited(&self, extent: &Extent) -> Result<Extent> {
        if self.actor().area().covers(&extent.area) {
            return Ok(*extent);
        }
        Err(Error::NotFound(area::Entity::NOUN))
    }

    /// The names that areas had on a day, closed ones included.
    pub async fn area_names_on(
        &self,
        codes: &[AreaCode],
        day: NaiveDate,
    ) -> Result<HashMap<AreaCode, String>> {
        let mut names = HashMap::with_capacity(codes.len());
        for batch in codes.chunks(CODES) {
            let mut rows = area::Entity::find()
                .filter(area::Column::AreaCode.is_in(batch.iter().copied()))
                .all(self.connection())
                .await?;
            rows.sort_by_key(|row| {
                let is_valid = row.valid_from.is_none_or(|from| from <= day)
                    && row.valid_until.is_none_or(|until| day <= until);
                (is_valid, row.valid_until.is_none(), row.id)
            });
            names.extend(rows.into_iter().map(|row| (row.area_code, row.name)));
        }
        Ok(names)
    }

    /// The offices that answer for areas: the government of a town; for a county its department,
    /// where it has registered only one.
    pub async fn offices(&self, codes: &[AreaCode]) -> Result<HashMap<AreaCode, OrganizationId>> {
        use organization::{Column, Kind};
        let mut governments = HashMap::new();
        let mut departments: HashMap<AreaCode, Vec<OrganizationId>> = HashMap::new();
        for batch in codes.chunks(CODES) {
            let rows = organization::Entity::find()
                .filter(Column::AreaCode.is_in(batch.iter().copied()))
                .filter(Column::Kind.is_in([Kind::TownGovernment, Kind::Department]))
                .filter(Column::EndedOn.is_null())
                .order_by_asc(Column::Id)
                .all(self.connection())
                .await?;
            for row in rows {
                if row.kind == Kind::TownGovernment {
                    governments.entry(row.area_code).or_insert(row.id);
                } else {
                    departments.entry(row.area_code).or_default().push(row.id);
                }
            }
        }
        for (code, ids) in departments {
            if let [id] = ids[..] {
                governments.entry(code).or_insert(id);
            }
        }
        Ok(governments)
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{
        ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryTrait, Statement, TryGetable,
    };

    use super::*;

    async fn empty() -> DatabaseConnection {
        use migration::MigratorTrait;
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        connection
    }

    async fn plan(connection: &DatabaseConnection, statement: Statement) -> Vec<String> {
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.unwrap_or(sea_orm::Values(Vec::new()));
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        rows.iter().map(|row| String::try_get(row, "", "detail").expect("a detail")).collect()
    }

    fn extent(area: &str) -> Extent {
        let area = area.parse().expect("a code");
        Extent { area, class: None, with_gone: false, with_waived: false }
    }

    #[tokio::test]
    async fn no_report_scans_a_table() {
        let connection = empty().await;
        let county = extent("520381000000");
        let rules = [Rule::NoMaintainer];
        let build = DbBackend::Sqlite;
        let mut statements = Vec::new();
        for grouping in Grouping::ALL.map(|(_, grouping)| Some(grouping)).into_iter().chain([None])
        {
            statements.push(counted(&rules, &county, grouping).build(build));
            statements.push(counted_assets(&county, grouping).build(build));
            if grouping != Some(Grouping::Subclass) {
                statements.push(kept(&["G01", tally::ALL], &county, grouping).build(build));
            }
        }
        for statement in statements {
            let sql = statement.sql.clone();
            let plan = plan(&connection, statement).await;
            assert!(plan.iter().all(|step| !step.starts_with("SCAN")), "{sql}\n{plan:#?}");
        }
    }

    #[test]
    fn the_coarsest_kept_sums_are_read() {
        let digits = |area: &str, grouping| kept_digits(area.parse().expect("a code"), grouping);
        let by = |level| Some(Grouping::Area(level));
        assert_eq!(digits("000000000000", by(Level::Province)), 6);
        assert_eq!(digits("000000000000", by(Level::County)), 6);
        assert_eq!(digits("520300000000", by(Level::Town)), 9);
        assert_eq!(digits("520381100000", by(Level::County)), 9);
        assert_eq!(digits("520381100201", by(Level::County)), 12);
        assert_eq!(digits("520381100201", None), 12);
    }
}
