//! Campaigns: what is open when one begins, how far its lines have come, and who sees it. A campaign
//! of a county is seen by its towns and villages, each with the lines of its own.

use std::collections::BTreeMap;

use entity::{
    area::{self, AreaCode, Level},
    campaign::{self, Entity, Model},
    campaign_line::{self, Column, Recheck},
    finding::{self, Rule},
    id::CampaignId,
    rectification::State,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationDef, Select, sea_query::Expr,
};

use super::{Read, Subject, Write, scope};
use crate::{
    domain::campaign::{Counted, standing},
    error::{Error, Result},
    limits,
};

/// Whether somebody in charge of an area sees a campaign of another: it lies in theirs, or theirs in
/// it.
fn in_line(own: AreaCode, campaign: &Model) -> bool {
    campaign.area_code.covers(&own)
        || scope::covers(own, &campaign.area_code, "scope of a campaign")
}

/// What stands of a rule in an area, in the order of place.
fn standing_findings(within: AreaCode, rule: Rule, limit: u64) -> Select<finding::Entity> {
    use finding::Column;
    let (first, last) = within.range();
    finding::Entity::find()
        .filter(Column::Rule.eq(rule))
        .filter(Column::AreaCode.between(first, last))
        .filter(Column::ClosedOn.is_null())
        .filter(Column::IsStanding.eq(true))
        .filter(Column::IsWaived.eq(false))
        .order_by_asc(Column::AreaCode)
        .order_by_asc(Column::AssetId)
        .limit(limit)
}

/// A line and what the ledger says of its finding today.
fn to_finding() -> RelationDef {
    use campaign_line::Column;
    campaign_line::Entity::belongs_to(finding::Entity)
        .from((Column::AssetId, Column::Rule))
        .to((finding::Column::AssetId, finding::Column::Rule))
        .into()
}

/// The lines of a campaign in an area, grouped by all that is counted of them.
fn grouped(id: CampaignId, within: AreaCode, digits: usize) -> Select<campaign_line::Entity> {
    let (first, last) = scope::range(within, "scope of the lines of a campaign");
    let flag = |condition: &str| Expr::cust(format!("CASE WHEN {condition} THEN 1 ELSE 0 END"));
    let groups: [(&str, Expr); 11] = [
        ("place", Expr::cust(format!("substr(campaign_line.area_code, 1, {digits})"))),
        ("is_cleared", flag("finding.closed_on IS NOT NULL")),
        ("is_again", flag("finding.opened_on > campaign_line.found_on")),
        ("progress", Expr::col((finding::Entity, finding::Column::Progress))),
        ("is_answered", flag("campaign_line.answered_on IS NOT NULL")),
        ("unmanaged", flag("campaign_line.is_unmanaged")),
        ("idle", flag("campaign_line.is_idle")),
        ("unkept", flag("campaign_line.is_unkept")),
        ("to_dispose", flag("campaign_line.is_to_dispose")),
        ("drawn", flag("campaign_line.is_drawn")),
        ("recheck", Expr::col((campaign_line::Entity, Column::Recheck))),
    ];
    let mut query = campaign_line::Entity::find()
        .select_only()
        .join(JoinType::LeftJoin, to_finding())
        .filter(Column::CampaignId.eq(id))
        .filter(Column::AreaCode.between(first, last));
    for (name, expression) in groups {
        query = query.expr_as(expression.clone(), name).group_by(expression);
    }
    query.expr_as(Expr::cust("count(*)"), "counted")
}

/// What a group adds to the lines of its place.
fn counted(group: &Grouped) -> Counted {
    let n = group.counted;
    let of = |flag: i32| if flag == 0 { 0 } else { n };
    let standing = standing(group.is_cleared != 0, group.is_again != 0, group.progress);
    let mut by_standing = [0; 5];
    by_standing[standing as usize] = n;
    Counted {
        by_standing,
        total: n,
        answered: of(group.is_answered),
        said: [of(group.unmanaged), of(group.idle), of(group.unkept), of(group.to_dispose)],
        drawn: of(group.drawn),
        rechecked: if group.recheck.is_some() { n } else { 0 },
        differing: if group.recheck == Some(Recheck::Differs) { n } else { 0 },
    }
}

/// Lines of one place that are alike in all that is counted.
#[derive(FromQueryResult)]
struct Grouped {
    place: String,
    is_cleared: i32,
    is_again: i32,
    progress: Option<State>,
    is_answered: i32,
    unmanaged: i32,
    idle: i32,
    unkept: i32,
    to_dispose: i32,
    drawn: i32,
    recheck: Option<Recheck>,
    counted: i64,
}

impl Read<'_> {
    /// A campaign that the reader's area takes part in, or that lies within it.
    pub async fn campaign(&self, id: CampaignId) -> Result<Model> {
        let found = Entity::find_by_id(id).one(self.connection()).await?;
        let own = self.actor().area();
        found.filter(|row| in_line(own, row)).ok_or(Error::NotFound(Entity::NOUN))
    }

    /// Campaigns of the areas above the reader's, the newest first.
    pub async fn campaigns_above(&self) -> Result<Vec<Model>> {
        let above: Vec<AreaCode> = self.actor().area().above().collect();
        let mut rows = Vec::new();
        for area in above {
            let own = Entity::find().filter(campaign::Column::AreaCode.eq(area));
            let own = own.order_by_desc(campaign::Column::Id).limit(limits::CAMPAIGNS_ABOVE);
            rows.extend(own.all(self.connection()).await?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.id));
        Ok(rows)
    }

    /// The part of a campaign that the reader sees: all of it, or what lies in their own area.
    pub fn extent_of_campaign(&self, campaign: &Model) -> AreaCode {
        let own = self.actor().area();
        if campaign.area_code.covers(&own) { own } else { campaign.area_code }
    }

    /// How far the lines of a campaign have come, by the areas right below one.
    pub async fn campaign_progress(
        &self,
        campaign: &Model,
        within: AreaCode,
    ) -> Result<BTreeMap<AreaCode, Counted>> {
        let digits = if within.level() == Level::County { 9 } else { 12 };
        let rows = grouped(campaign.id, within, digits);
        let rows = rows.into_model::<Grouped>().all(self.connection()).await?;
        let mut places: BTreeMap<AreaCode, Counted> = BTreeMap::new();
        for row in rows {
            let area = format!("{:0<12}", row.place).parse().unwrap_or(within);
            *places.entry(area).or_default() += counted(&row);
        }
        Ok(places)
    }

    /// The lines of a campaign on the asset of one of them, in the order of their numbers.
    pub async fn lines_beside(
        &self,
        line: &campaign_line::Model,
    ) -> Result<Vec<campaign_line::Model>> {
        let query = self
            .find::<campaign_line::Entity>()
            .filter(Column::CampaignId.eq(line.campaign_id))
            .filter(Column::AssetId.eq(line.asset_id));
        Ok(query.order_by_asc(Column::No).all(self.connection()).await?)
    }

    /// The lines of a campaign that were drawn, in the order of their numbers; those that the reader
    /// may not see are left out.
    pub async fn lines_drawn(&self, campaign: &Model) -> Result<Vec<campaign_line::Model>> {
        let query = self
            .find::<campaign_line::Entity>()
            .filter(Column::CampaignId.eq(campaign.id))
            .filter(Column::IsDrawn.eq(true));
        Ok(query.order_by_asc(Column::No).all(self.connection()).await?)
    }
}

impl Write {
    /// A campaign that the actor's area takes part in, or that lies within it.
    pub async fn campaign(&mut self, id: CampaignId) -> Result<Model> {
        let found = Entity::find_by_id(id).one(&self.txn).await?;
        let own = self.actor.area();
        let row = found.filter(|row| in_line(own, row)).ok_or(Error::NotFound(Entity::NOUN))?;
        self.take_turn(row.area_code.county()).await?;
        Entity::find_by_id(id).one(&self.txn).await?.ok_or(Error::NotFound(Entity::NOUN))
    }

    /// What is open in an area, of one rule or of every one, in the order of place; no more than one
    /// beyond what a campaign holds.
    pub async fn findings_standing(
        &mut self,
        within: AreaCode,
        rule: Option<Rule>,
    ) -> Result<Vec<finding::Model>> {
        if !self.actor.area().covers(&within) {
            return Err(Error::NotFound(area::Entity::NOUN));
        }
        self.take_turn(within.county()).await?;
        let most = u64::try_from(limits::CAMPAIGN_LINES).unwrap_or(u64::MAX) + 1;
        let mut rows = Vec::new();
        for rule in Rule::ALL.iter().filter(|one| rule.is_none_or(|rule| rule == **one)) {
            rows.extend(standing_findings(within, *rule, most).all(&self.txn).await?);
        }
        rows.sort_unstable_by_key(|row| (row.area_code, row.asset_id, row.rule));
        rows.truncate(limits::CAMPAIGN_LINES + 1);
        Ok(rows)
    }

    /// All the lines of a campaign counted: those answered, those drawn and checked again.
    pub async fn campaign_counted(&self, campaign: &Model) -> Result<Counted> {
        let rows = grouped(campaign.id, campaign.area_code, 6);
        let rows = rows.into_model::<Grouped>().all(&self.txn).await?;
        let mut sum = Counted::default();
        for row in &rows {
            sum += counted(row);
        }
        Ok(sum)
    }

    /// Lines of a campaign by their numbers, in their order.
    pub async fn lines_numbered(
        &self,
        campaign: &Model,
        numbers: &[i32],
    ) -> Result<Vec<campaign_line::Model>> {
        let query = self
            .find::<campaign_line::Entity>()
            .filter(Column::CampaignId.eq(campaign.id))
            .filter(Column::No.is_in(numbers.iter().copied()));
        Ok(query.order_by_asc(Column::No).all(&self.txn).await?)
    }
}

#[cfg(test)]
mod tests {
    use migration::MigratorTrait;
    use sea_orm::{
        ConnectionTrait, Database, DbBackend, QueryTrait, Statement, TryGetable, Values,
    };

    use super::*;

    async fn plan<E: EntityTrait>(connection: &impl ConnectionTrait, query: Select<E>) -> String {
        let statement = query.build(DbBackend::Sqlite);
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let values = statement.values.unwrap_or(Values(Vec::new()));
        let explain = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.0);
        let rows = connection.query_all_raw(explain).await.expect("a plan");
        let steps = rows.iter().map(|row| String::try_get(row, "", "detail").expect("text"));
        steps.collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn a_campaign_is_read_from_the_indexes_of_its_lines() {
        let connection = Database::connect("sqlite::memory:").await.expect("a database");
        migration::Migrator::up(&connection, None).await.expect("tables");
        let county: AreaCode = "520381000000".parse().expect("a code");
        let steps = plan(&connection, grouped(CampaignId(7), county, 9)).await;
        assert!(steps.contains("campaign_line_of"), "{steps}");
        assert!(steps.contains("SEARCH finding") && !steps.contains("SCAN"), "{steps}");
        let query = standing_findings(county, Rule::NoMaintainer, 20);
        let steps = plan(&connection, query).await;
        assert!(steps.contains("finding_open"), "{steps}");
        assert!(!steps.contains("SCAN") && !steps.contains("TEMP B-TREE"), "{steps}");
    }
}
