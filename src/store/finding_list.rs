//! Findings as they are listed: narrowed by what became of them, a page at a time, in the order of
//! place or of age. Each page is read from an index; where several values are asked for, from the
//! index once a value.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entity::{
    area::{AreaCode, Level},
    finding::{self, Column, Rule},
    id::{AccountId, AssetId},
    money::Money,
    organization,
    rectification::{Rung, State},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func},
};

use super::{
    Read,
    report::{Extent, Sum},
    scope,
};
use crate::{
    domain::{
        rectification::{Bearer, units_of},
        refusal::Refusal,
    },
    error::{Error, Result},
};

/// Units of one account that are looked at.
const UNITS: u64 = 10;

/// In what order findings are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By area, asset and rule.
    #[default]
    Place,
    /// What has lasted longest first; of one county.
    Age,
}

/// How far what is listed has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nobody was asked.
    Unasked,
    /// This far.
    In(State),
}

/// For whom it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// For the reader, or their unit, to do it.
    ToMend,
    /// For the reader to check it: somebody else reported it.
    ToCheck,
    /// For whoever sits at a rung, to whom it was escalated.
    At(Rung),
}

/// What a list of findings is narrowed by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// The rule; every rule when empty.
    pub rule: Option<Rule>,
    /// How far it has come.
    pub progress: Option<Progress>,
    /// Days it has lasted at least.
    pub days: Option<u64>,
    /// Only what is late.
    pub is_overdue: bool,
    /// For whom it waits.
    pub waiting: Option<Waiting>,
}

impl Narrowed {
    /// Findings of a rule.
    pub fn of(rule: Rule) -> Narrowed {
        Narrowed { rule: Some(rule), ..Narrowed::default() }
    }

    /// Whether what became of findings narrows it, so that a list of every rule is short.
    pub const fn is_in_hand(&self) -> bool {
        self.is_overdue || self.waiting.is_some() || matches!(self.progress, Some(Progress::In(_)))
    }

    /// Whether nothing narrows it but the rule.
    pub const fn is_plain(&self) -> bool {
        self.progress.is_none() && self.days.is_none() && !self.is_in_hand()
    }
}

/// Where a finding stands in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Since when it has been so.
    pub since: NaiveDate,
    /// The area.
    pub area: AreaCode,
    /// The asset.
    pub asset: AssetId,
    /// The rule.
    pub rule: Rule,
}

impl Place {
    fn of(row: &finding::Model) -> Place {
        Place { since: row.since_on, area: row.area_code, asset: row.asset_id, rule: row.rule }
    }

    /// What orders it.
    fn key(&self, order: Order) -> (Option<NaiveDate>, Option<AreaCode>, AssetId, &'static str) {
        match order {
            Order::Place => (None, Some(self.area), self.asset, self.rule.code()),
            Order::Age => (Some(self.since), None, self.asset, self.rule.code()),
        }
    }
}

/// Who asks, as rows know them.
struct Own {
    account: Option<AccountId>,
    keys: Vec<String>,
}

/// A list that is being read.
struct List<'a> {
    narrowed: &'a Narrowed,
    extent: &'a Extent,
    order: Order,
    own: &'a Own,
    today: NaiveDate,
}

impl List<'_> {
    /// Conditions one of which every row meets: each is the beginning of an index. None where
    /// nothing can meet them.
    fn branches(&self) -> Vec<Expr> {
        let in_states = |states: &[State]| -> Vec<Expr> {
            states.iter().map(|state| Column::Progress.eq(*state)).collect()
        };
        let asked = match self.narrowed.progress {
            Some(Progress::In(state)) => Some([state].to_vec()),
            _ => None,
        };
        match self.narrowed.waiting {
            Some(Waiting::ToMend) => {
                self.own.keys.iter().map(|key| Column::Bearer.eq(key.as_str())).collect()
            }
            Some(Waiting::ToCheck) => in_states(&[State::Done]),
            Some(Waiting::At(_)) => in_states(&asked.unwrap_or(TO_DO.to_vec())),
            None if self.narrowed.is_overdue => in_states(&asked.unwrap_or(TO_DO.to_vec())),
            None => {
                if let Some(states) = asked {
                    in_states(&states)
                } else {
                    let every = || Rule::ALL.iter().copied();
                    let rules =
                        every().filter(|rule| self.narrowed.rule.is_none_or(|one| one == *rule));
                    rules.map(|rule| Column::Rule.eq(rule)).collect()
                }
            }
        }
    }

    /// What every row meets beside.
    fn all(&self) -> Condition {
        let Narrowed { rule, progress, days, is_overdue, waiting } = *self.narrowed;
        let mut all = Condition::all().add(self.extent_of());
        if progress != Some(Progress::In(State::ClosedOut)) {
            all = all.add(Column::ClosedOn.is_null());
        }
        if let Some(rule) = rule {
            // where a state leads, the rule must not: few are in hand, many break a rule
            let is_led = self.narrowed.is_in_hand();
            let column = if is_led {
                unindexed(Column::Rule)
            } else {
                Expr::col((finding::Entity, Column::Rule))
            };
            all = all.add(column.eq(rule));
        }
        match progress {
            Some(Progress::Unasked) => all = all.add(Column::Progress.is_null()),
            Some(Progress::In(state)) => all = all.add(Column::Progress.eq(state)),
            None if waiting == Some(Waiting::ToMend) => {
                all = all.add(Column::Progress.is_in(TO_DO));
            }
            None => {}
        }
        if let Some(days) = days {
            let last = self.today.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
            all = all.add(Column::SinceOn.lte(last));
        }
        if is_overdue {
            all = all.add(Column::DueOn.lt(self.today)).add(Column::Progress.is_in(TO_DO));
        }
        match waiting {
            Some(Waiting::ToCheck) => {
                // whoever works at the machine has no account, and checks what accounts report
                all.add(match self.own.account {
                    Some(own) => Column::Reporter.is_null().or(Column::Reporter.ne(own)),
                    None => Column::Reporter.is_not_null(),
                })
            }
            Some(Waiting::At(rung)) => all.add(Column::EscalatedTo.eq(rung)),
            Some(Waiting::ToMend) | None => all,
        }
    }

    /// The area, the class, and what is left out unless it is asked for.
    fn extent_of(&self) -> Condition {
        let Extent { area, class, with_gone, with_waived } = *self.extent;
        let (first, last) = scope::range(area, "scope of findings listed");
        let within = match self.order {
            Order::Place => Condition::all().add(Column::AreaCode.between(first, last)),
            Order::Age => {
                // so that it is not read by an index of another order and sorted
                let code = || unindexed(Column::AreaCode);
                let county = Expr::cust("substr(area_code, 1, 6)").eq(area.county().as_str());
                Condition::all().add(county).add(code().gte(first)).add(code().lte(last))
            }
        };
        let standing = (!with_gone).then(|| Column::IsStanding.eq(true));
        let waived = (!with_waived).then(|| Column::IsWaived.eq(false));
        let class = class.map(|class| Column::Class.eq(class));
        within.add_option(class).add_option(standing).add_option(waived)
    }

    /// The next rows of one branch.
    fn next(&self, branch: Expr, after: Option<&Place>, limit: u64) -> Select<finding::Entity> {
        let columns = match self.order {
            Order::Place => [Column::AreaCode, Column::AssetId, Column::Rule],
            Order::Age => [Column::SinceOn, Column::AssetId, Column::Rule],
        };
        let mut query = finding::Entity::find().filter(branch).filter(self.all());
        if let Some(after) = after {
            let first: sea_orm::Value = match self.order {
                Order::Place => after.area.into(),
                Order::Age => after.since.into(),
            };
            let row = Expr::tuple(columns.map(|column| Expr::col((finding::Entity, column))));
            let place = [first.clone(), after.asset.into(), after.rule.code().into()];
            // the plain bound is what the index can use
            query = query
                .filter(columns[0].gte(first))
                .filter(row.gt(Expr::tuple(place.map(Expr::val))));
        }
        columns.into_iter().fold(query, QueryOrder::order_by_asc).limit(limit)
    }

    /// How many there are of each rule, and what they are worth.
    fn counted(&self) -> Option<Select<finding::Entity>> {
        let branches = self.branches();
        if branches.is_empty() {
            return None;
        }
        let any = branches.into_iter().fold(Condition::any(), Condition::add);
        Some(
            finding::Entity::find()
                .select_only()
                .column(Column::Rule)
                .expr_as(Expr::cust("count(*)"), "counted")
                .expr_as(Expr::cust("CAST(SUM(finding.value) AS bigint)"), "valued")
                .filter(any)
                .filter(self.all())
                .group_by(Column::Rule),
        )
    }
}

/// A column as an expression, which no index is chosen for.
fn unindexed(column: Column) -> Expr {
    let column = || Expr::col((finding::Entity, column));
    Expr::expr(Func::coalesce([column(), column()]))
}

/// What is not done yet.
pub(super) const TO_DO: [State; 2] = [State::Open, State::Underway];

impl Read<'_> {
    /// The next findings of a list after a place.
    pub async fn findings_listed(
        &self,
        (narrowed, extent): (&Narrowed, &Extent),
        order: Order,
        after: Option<&Place>,
        limit: u64,
    ) -> Result<Vec<finding::Model>> {
        let extent = self.limited(extent)?;
        if order == Order::Age && extent.area.level() < Level::County {
            return Err(Refusal::sort_too_wide("天数", "days").into());
        }
        let own = self.own(narrowed).await?;
        let list = List { narrowed, extent: &extent, order, own: &own, today: self.today() };
        let mut rows = Vec::new();
        for branch in list.branches() {
            rows.extend(list.next(branch, after, limit).all(self.connection()).await?);
        }
        rows.sort_by_cached_key(|row| Place::of(row).key(order));
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(rows)
    }

    /// How many findings a list has of each rule, and what they are worth; what none has is left
    /// out.
    pub async fn findings_counted(
        &self,
        narrowed: &Narrowed,
        extent: &Extent,
    ) -> Result<HashMap<Rule, Sum>> {
        let extent = self.limited(extent)?;
        let own = self.own(narrowed).await?;
        let (order, today) = (Order::Place, self.today());
        let list = List { narrowed, extent: &extent, order, own: &own, today };
        let Some(counted) = list.counted() else { return Ok(HashMap::new()) };
        let rows = counted.into_tuple::<(Rule, i64, i64)>().all(self.connection()).await?;
        let sum = |(rule, n, fen)| {
            let value = Money::try_from_fen(fen);
            let value = value.ok_or_else(|| {
                Error::Internal(anyhow::anyhow!("a sum is beyond ten trillion yuan"))
            })?;
            Ok((rule, Sum { n, value }))
        };
        rows.into_iter().map(sum).collect()
    }

    /// Under which keys the reader, and the units it acts for, are asked to do something.
    pub(super) async fn bearer_keys(&self) -> Result<Vec<String>> {
        let narrowed = Narrowed { waiting: Some(Waiting::ToMend), ..Narrowed::default() };
        Ok(self.own(&narrowed).await?.keys)
    }

    /// Whose rows are the reader's own: those of the account, and of the units it acts for. Nobody
    /// knows for which of several departments of a county somebody acts.
    async fn own(&self, narrowed: &Narrowed) -> Result<Own> {
        let account = self.actor().account();
        let mut keys: Vec<String> =
            account.map(|id| Bearer::Account(id).key()).into_iter().collect();
        let kinds = units_of(self.actor().role());
        if narrowed.waiting == Some(Waiting::ToMend) && !kinds.is_empty() {
            let units = organization::Entity::find()
                .filter(organization::Column::AreaCode.eq(self.actor().area()))
                .filter(organization::Column::Kind.is_in(kinds.iter().copied()))
                .filter(organization::Column::EndedOn.is_null())
                .order_by_asc(organization::Column::Id)
                .limit(UNITS)
                .all(self.connection())
                .await?;
            let departments =
                units.iter().filter(|unit| unit.kind == organization::Kind::Department).count();
            let own = units
                .iter()
                .filter(|unit| unit.kind != organization::Kind::Department || departments == 1);
            keys.extend(own.map(|unit| Bearer::Organization(unit.id).key()));
        }
        Ok(Own { account, keys })
    }
}

impl From<&finding::Model> for Place {
    fn from(row: &finding::Model) -> Place {
        Place::of(row)
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{
        ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable, Values,
    };

    use super::*;

    const AREA: &str = "520381100201";

    fn lists() -> Vec<(Narrowed, &'static str)> {
        let rule = Narrowed::of(Rule::NoMaintainer);
        let waiting = |waiting| Narrowed { waiting: Some(waiting), ..Narrowed::default() };
        let progress = |progress| Narrowed { progress: Some(progress), ..rule };
        vec![
            (rule, "finding_open|finding_by_age"),
            (Narrowed { days: Some(30), ..rule }, "finding_open|finding_by_age"),
            (progress(Progress::Unasked), "finding_open|finding_by_age"),
            (progress(Progress::In(State::Open)), "finding_in_hand"),
            (progress(Progress::In(State::ClosedOut)), "finding_in_hand"),
            (Narrowed { is_overdue: true, ..rule }, "finding_in_hand"),
            (Narrowed { is_overdue: true, ..Narrowed::default() }, "finding_in_hand"),
            (waiting(Waiting::ToMend), "finding_of_bearer"),
            (Narrowed { is_overdue: true, ..waiting(Waiting::ToMend) }, "finding_of_bearer"),
            (waiting(Waiting::ToCheck), "finding_in_hand"),
            (waiting(Waiting::At(Rung::Town)), "finding_in_hand"),
        ]
    }

    #[tokio::test]
    async fn every_page_is_read_from_an_index_in_its_order() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let own = Own { account: Some(AccountId(1)), keys: vec!["account:1".to_owned()] };
        let today: NaiveDate = "2026-06-01".parse().expect("a day");
        for area in ["520381000000", AREA] {
            let area: AreaCode = area.parse().expect("a code");
            let extent = Extent { area, class: None, with_gone: false, with_waived: false };
            for (narrowed, index) in lists() {
                for order in [Order::Place, Order::Age] {
                    let list =
                        List { narrowed: &narrowed, extent: &extent, order, own: &own, today };
                    let (asset, rule) = (AssetId(7), Rule::NoMaintainer);
                    let place = Place { since: today, area, asset, rule };
                    for after in [None, Some(&place)] {
                        for branch in list.branches() {
                            let query = list.next(branch, after, 20);
                            let statement = query.build(DbBackend::Sqlite);
                            let plan = plan(&connection, &statement).await;
                            let bad = |step: &String| {
                                step.starts_with("SCAN") || step.contains("TEMP B-TREE")
                            };
                            let told =
                                format!("{order:?} {narrowed:?}\n{}\n{plan:#?}", statement.sql);
                            assert!(!plan.iter().any(bad), "{told}");
                            let used =
                                |step: &String| index.split('|').any(|one| step.contains(one));
                            assert!(plan.iter().any(used), "{told}");
                        }
                    }
                }
                let list = List {
                    narrowed: &narrowed,
                    extent: &extent,
                    order: Order::Place,
                    own: &own,
                    today,
                };
                let statement = list.counted().expect("rows").build(DbBackend::Sqlite);
                let plan = plan(&connection, &statement).await;
                assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{plan:#?}");
            }
        }
    }

    async fn plan(connection: &impl ConnectionTrait, statement: &Statement) -> Vec<String> {
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.clone().unwrap_or(Values(Vec::new()));
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        rows.iter().map(|row| String::try_get(row, "", "detail").expect("text")).collect()
    }
}
