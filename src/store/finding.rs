//! Findings kept up to date: whatever a write touched is evaluated before it ends.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    area::{self, AreaCode},
    asset, duty,
    finding::{self, Rule},
    funding, holding,
    id::{AssetId, FundingId},
    money::Money,
    rectification, title, waiver,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, StreamTrait,
    sea_query::{Expr, OnConflict},
};

use super::{
    Read, Subject, Write, insert::insert_rows, read::streamed, scope, setting::next_places,
    subject::Fact, tally,
};
use crate::{
    domain::{
        deficiency::{self, AssetFacts, Standing},
        rectification as rounds,
    },
    error::{Error, Result},
};

/// Assets evaluated together.
const BATCH: usize = 1_000;
/// Assets whose rows are few enough to be waited for together.
const SHORT: usize = 8;
/// Finding rows of one statement.
const ROWS: usize = 2_000;

/// Everything the rules look at for one asset, owned.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The card.
    pub asset: asset::Model,
    /// Its title.
    pub title: Option<title::Model>,
    /// Holders of rights.
    pub holdings: Vec<holding::Model>,
    /// Duties.
    pub duties: Vec<duty::Model>,
    /// Sources of money.
    pub funding: Vec<funding::Model>,
    /// Waivers.
    pub waivers: Vec<waiver::Model>,
    /// Rounds of rectification.
    pub rectifications: Vec<rectification::Model>,
}

impl Dossier {
    /// A dossier that holds the card alone.
    pub fn new(asset: asset::Model) -> Dossier {
        Dossier {
            asset,
            title: None,
            holdings: Vec::new(),
            duties: Vec::new(),
            funding: Vec::new(),
            waivers: Vec::new(),
            rectifications: Vec::new(),
        }
    }

    /// What the rules take.
    pub fn facts(&self) -> AssetFacts<'_> {
        AssetFacts {
            asset: &self.asset,
            title: self.title.as_ref(),
            holdings: &self.holdings,
            duties: &self.duties,
            funding: &self.funding,
            waivers: &self.waivers,
        }
    }

    /// Puts in a row, in the place of its former version.
    pub(super) fn put(&mut self, fact: Fact) {
        fn put<T>(rows: &mut Vec<T>, row: T, same: impl Fn(&T, &T) -> bool) {
            match rows.iter_mut().find(|existing| same(existing, &row)) {
                Some(existing) => *existing = row,
                None => rows.push(row),
            }
        }
        match fact {
            Fact::Asset(asset) => self.asset = *asset,
            Fact::Title(title) => self.title = Some(title),
            Fact::Holding(row) => put(&mut self.holdings, row, |a, b| a.id == b.id),
            Fact::Duty(row) => put(&mut self.duties, row, |a, b| a.id == b.id),
            Fact::Funding(row) => put(&mut self.funding, row, |a, b| a.id == b.id),
            Fact::Waiver(row) => put(&mut self.waivers, row, |a, b| a.id == b.id),
            Fact::Rectification(row) => put(&mut self.rectifications, row, |a, b| a.id == b.id),
        }
    }
}

/// The asset a row belongs to.
pub(super) const fn asset_of(fact: &Fact) -> AssetId {
    match fact {
        Fact::Asset(asset) => asset.id,
        Fact::Title(row) => row.asset_id,
        Fact::Holding(row) => row.asset_id,
        Fact::Duty(row) => row.asset_id,
        Fact::Funding(row) => row.asset_id,
        Fact::Waiver(row) => row.asset_id,
        Fact::Rectification(row) => row.asset_id,
    }
}

/// What a write has touched. An asset that it made is known whole and is not read again; of one
/// that it changed, the card is.
#[derive(Default)]
pub(crate) struct Findings {
    made: HashMap<AssetId, Dossier>,
    touched: BTreeMap<AssetId, Option<asset::Model>>,
    former: HashMap<AssetId, Former>,
}

/// What an asset's funds were counted by before it was touched.
#[derive(Default)]
struct Former {
    asset: Option<asset::Model>,
    /// Rows of funding as they were; none where there was none.
    funding: BTreeMap<FundingId, Option<funding::Model>>,
}

impl Former {
    /// The asset and its funding before what touched them; none where they are counted as before.
    fn of(self, dossier: &Dossier) -> Option<(asset::Model, Vec<funding::Model>)> {
        let asset = self.asset.unwrap_or_else(|| dossier.asset.clone());
        if self.funding.is_empty() && tally::at(&asset) == tally::at(&dossier.asset) {
            return None;
        }
        let kept = dossier.funding.iter().filter(|row| !self.funding.contains_key(&row.id));
        let rows: Vec<funding::Model> = kept.cloned().collect();
        Some((asset, rows.into_iter().chain(self.funding.into_values().flatten()).collect()))
    }
}

impl Findings {
    fn is_settled(&self) -> bool {
        self.made.is_empty() && self.touched.is_empty()
    }

    /// Takes note of a changed row; `before` is what it was, where it says how it is counted.
    pub(super) fn touch(&mut self, fact: Fact, before: Option<Fact>, is_new: bool) {
        let id = asset_of(&fact);
        if let Some(dossier) = self.made.get_mut(&id) {
            return dossier.put(fact);
        }
        match (&fact, before) {
            (_, Some(Fact::Asset(before))) => {
                self.former.entry(id).or_default().asset.get_or_insert(*before);
            }
            (Fact::Funding(row), before) => {
                let before = before.and_then(|fact| match fact {
                    Fact::Funding(row) => Some(row),
                    _ => None,
                });
                self.former.entry(id).or_default().funding.entry(row.id).or_insert(before);
            }
            _ => {}
        }
        match fact {
            Fact::Asset(asset) if is_new => drop(self.made.insert(id, Dossier::new(*asset))),
            Fact::Asset(asset) => drop(self.touched.insert(id, Some(*asset))),
            _ => drop(self.touched.entry(id).or_default()),
        }
    }
}

/// What evaluating a batch of assets came to.
#[derive(Clone, Copy, Debug)]
pub struct Evaluated {
    /// The place of the last asset of the batch; none when there was none.
    pub last: Option<(AreaCode, AssetId)>,
    /// How many were evaluated.
    pub assets: usize,
    /// Findings that opened.
    pub opened: usize,
    /// Findings that cleared.
    pub closed: usize,
}

impl Write {
    /// Evaluates every asset that was touched and stores what changed. What clears closes out its
    /// rectification, which touches the asset once more.
    pub(super) async fn settle_findings(&mut self) -> Result<()> {
        while !self.findings.is_settled() {
            let touched = std::mem::take(&mut self.findings);
            self.settle_touched(touched).await?;
        }
        Ok(())
    }

    async fn settle_touched(&mut self, findings: Findings) -> Result<()> {
        let Findings { made, touched, mut former } = findings;
        let today = self.today();
        let mut opened = Vec::new();
        let local = self.local_rules(made.values().map(|one| one.asset.area_code)).await?;
        for dossier in made.into_values() {
            self.tally.count_funds(&dossier.asset, &dossier.funding, 1);
            let thresholds = local.thresholds(dossier.asset.area_code, today);
            let standing = deficiency::evaluate(&dossier.facts(), &thresholds, today);
            opened.extend(standing.iter().map(|one| row(&dossier, one, today)));
        }
        opened.sort_by_key(|row| (row.asset_id, row.rule));
        self.store_findings(&[], opened).await?;
        let mut touched = touched.into_iter().peekable();
        while touched.peek().is_some() {
            let (mut cards, mut unknown) = (Vec::new(), Vec::new());
            for (id, card) in touched.by_ref().take(BATCH) {
                match card {
                    Some(card) => cards.push(card),
                    None => unknown.push(id),
                }
            }
            let mut found = with_facts(&self.txn, cards).await?;
            found.extend(dossiers(&self.txn, &unknown).await?);
            for dossier in &found {
                let before = former.remove(&dossier.asset.id).and_then(|one| one.of(dossier));
                if let Some((asset, funding)) = before {
                    self.tally.count_funds(&asset, &funding, -1);
                    self.tally.count_funds(&dossier.asset, &dossier.funding, 1);
                }
            }
            self.settle(&found, today).await?;
        }
        Ok(())
    }

    /// The finding of a rule on an asset, open or closed.
    pub async fn finding_of(&self, asset: AssetId, rule: Rule) -> Result<Option<finding::Model>> {
        Ok(finding::Entity::find_by_id((asset, rule)).one(&self.txn).await?)
    }

    /// The waivers of an asset, past and present.
    pub async fn waivers_of(&self, asset: AssetId) -> Result<Vec<waiver::Model>> {
        let query = self.find::<waiver::Entity>().filter(waiver::Column::AssetId.eq(asset));
        Ok(query.order_by_asc(waiver::Column::Id).all(&self.txn).await?)
    }

    /// Evaluates the next assets of an area after a place, as the day and the rules of their places
    /// demand.
    pub async fn evaluate_after(
        &mut self,
        within: AreaCode,
        after: Option<(AreaCode, AssetId)>,
        limit: u64,
    ) -> Result<Evaluated> {
        if !self.actor.area().covers(&within) {
            return Err(Error::NotFound(area::Entity::NOUN));
        }
        let next = next_places(&self.txn, within, after, limit).await?;
        // what is read before its county's turn may be old by the time it is judged
        for county in next.iter().map(|(area, _)| area.county()).collect::<BTreeSet<_>>() {
            self.take_turn(county).await?;
        }
        let ids: Vec<AssetId> = next.iter().map(|(_, id)| *id).collect();
        let found = dossiers(&self.txn, &ids).await?;
        let today = self.today();
        let (opened, closed) = self.settle(&found, today).await?;
        Ok(Evaluated { last: next.last().copied(), assets: ids.len(), opened, closed })
    }

    /// Evaluates assets whose facts were read. Answers how many findings opened and closed.
    pub(super) async fn settle(
        &mut self,
        dossiers: &[Dossier],
        today: NaiveDate,
    ) -> Result<(usize, usize)> {
        let ids: Vec<AssetId> = dossiers.iter().map(|dossier| dossier.asset.id).collect();
        let stored = finding::Entity::find()
            .filter(finding::Column::AssetId.is_in(ids))
            .all(&self.txn)
            .await?;
        let mut stored_by: BTreeMap<(AssetId, Rule), finding::Model> =
            stored.into_iter().map(|row| ((row.asset_id, row.rule), row)).collect();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let (mut n_opened, mut n_closed) = (0, 0);
        let local = self.local_rules(dossiers.iter().map(|one| one.asset.area_code)).await?;
        for dossier in dossiers {
            let thresholds = local.thresholds(dossier.asset.area_code, today);
            for standing in deficiency::evaluate(&dossier.facts(), &thresholds, today) {
                let mut next = row(dossier, &standing, today);
                if let Some(old) = stored_by.remove(&(next.asset_id, next.rule)) {
                    if old.closed_on.is_none() {
                        next.opened_on = old.opened_on;
                    } else {
                        n_opened += 1;
                    }
                    if old == next {
                        continue;
                    }
                    before.push(old);
                } else {
                    n_opened += 1;
                }
                after.push(next);
            }
        }
        let mut ended = Vec::new();
        for dossier in dossiers {
            let of_asset = (dossier.asset.id, Rule::ALL[0])..;
            let rows = stored_by.range(of_asset).take_while(|(key, _)| key.0 == dossier.asset.id);
            for (_, old) in rows {
                // what is over goes with its asset, so that a county counts what its assets had
                let area_code = dossier.asset.area_code;
                let closed_on = old.closed_on.or(Some(today));
                if (old.area_code, old.closed_on) == (area_code, closed_on) {
                    continue;
                }
                let is_closing = old.closed_on.is_none();
                n_closed += usize::from(is_closing);
                let closed = finding::Model { area_code, closed_on, ..old.clone() };
                let mut known = dossier.rectifications.clone();
                let rounds_of = |round: &&mut rectification::Model| round.rule == old.rule;
                for round in known.iter_mut().filter(rounds_of).filter(|_| is_closing) {
                    if let Some(cleared) = rounds::clear(round, today) {
                        ended.push((std::mem::replace(round, cleared.clone()), cleared));
                    }
                }
                after.push(rounds::repeated(&closed, &known));
                before.push(old.clone());
            }
        }
        self.store_findings(&before, after).await?;
        for (before, after) in ended {
            self.change::<rectification::Entity>(&before, after).await?;
        }
        Ok((n_opened, n_closed))
    }

    /// The rounds of rectification on an asset, past and present.
    pub async fn rectifications_of(&self, asset: AssetId) -> Result<Vec<rectification::Model>> {
        let query = self.find::<rectification::Entity>();
        let query = query.filter(rectification::Column::AssetId.eq(asset));
        Ok(query.order_by_asc(rectification::Column::Id).all(&self.txn).await?)
    }

    async fn store_findings(
        &mut self,
        before: &[finding::Model],
        after: Vec<finding::Model>,
    ) -> Result<()> {
        for row in before {
            self.tally.count_finding(row, -1);
        }
        for row in &after {
            self.pending.mark(row.area_code.county());
            self.tally.count_finding(row, 1);
        }
        if before.is_empty() {
            insert_rows::<finding::Entity>(&self.txn, &after).await?;
            return Ok(());
        }
        for batch in after.chunks(ROWS) {
            let rows = batch.iter().cloned().map(|row| row.into_active_model().reset_all());
            let key = OnConflict::columns([finding::Column::AssetId, finding::Column::Rule])
                .update_columns([
                    finding::Column::AreaCode,
                    finding::Column::Class,
                    finding::Column::IsStanding,
                    finding::Column::IsWaived,
                    finding::Column::SinceOn,
                    finding::Column::Value,
                    finding::Column::OpenedOn,
                    finding::Column::ClosedOn,
                    finding::Column::Progress,
                    finding::Column::DueOn,
                    finding::Column::Bearer,
                    finding::Column::Reporter,
                    finding::Column::EscalatedTo,
                ])
                .to_owned();
            finding::Entity::insert_many(rows)
                .on_conflict(key)
                .exec_without_returning(&self.txn)
                .await?;
        }
        Ok(())
    }
}

impl Read<'_> {
    /// The finding of a rule on an asset, open or closed, where the reader may see the asset.
    pub async fn finding(&self, asset: AssetId, rule: Rule) -> Result<Option<finding::Model>> {
        let found = finding::Entity::find_by_id((asset, rule)).one(self.connection()).await?;
        let own = self.actor().area();
        Ok(found.filter(|row| scope::covers(own, &row.area_code, "scope of a finding")))
    }

    /// Findings by asset and rule, in the order they are named; what the reader may not see is left
    /// out.
    pub async fn findings_of(&self, about: &[(AssetId, Rule)]) -> Result<Vec<finding::Model>> {
        let ids = about.iter().map(|(asset, _)| *asset);
        let found = finding::Entity::find().filter(finding::Column::AssetId.is_in(ids));
        let own = self.actor().area();
        let rows: HashMap<(AssetId, Rule), finding::Model> = found
            .all(self.connection())
            .await?
            .into_iter()
            .filter(|row| scope::covers(own, &row.area_code, "scope of findings named"))
            .map(|row| ((row.asset_id, row.rule), row))
            .collect();
        Ok(about.iter().filter_map(|key| rows.get(key).cloned()).collect())
    }
}

/// The row that a standing finding makes.
fn row(dossier: &Dossier, standing: &Standing, today: NaiveDate) -> finding::Model {
    let asset = &dossier.asset;
    let found = finding::Model {
        asset_id: asset.id,
        rule: standing.rule,
        area_code: asset.area_code,
        class: asset.class,
        is_standing: asset.is_standing(),
        is_waived: standing.is_waived,
        since_on: standing.since,
        value: asset.original_value.unwrap_or(Money::ZERO),
        opened_on: today,
        closed_on: None,
        progress: None,
        due_on: None,
        bearer: None,
        reporter: None,
        escalated_to: None,
    };
    rounds::repeated(&found, &dossier.rectifications)
}

/// Everything the rules look at, for some assets, in seven queries and in the order of their ids.
/// Assets that do not exist are left out; the scope is the caller's to check.
pub(super) async fn dossiers(
    connection: &(impl ConnectionTrait + StreamTrait),
    ids: &[AssetId],
) -> Result<Vec<Dossier>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = asset::Entity::find().filter(among(asset::Column::Id, ids));
    let mut assets = streamed(query.order_by_asc(asset::Column::Id), connection).await?;
    let wanted: HashSet<AssetId> = ids.iter().copied().collect();
    assets.retain(|asset| wanted.contains(&asset.id));
    with_facts(connection, assets).await
}

/// Cards with everything beside them, in the order in which the cards are given.
pub(super) async fn with_facts(
    connection: &(impl ConnectionTrait + StreamTrait),
    assets: Vec<asset::Model>,
) -> Result<Vec<Dossier>> {
    let ids: Vec<AssetId> = assets.iter().map(|asset| asset.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let is_short = ids.len() <= SHORT;
    let places: HashMap<AssetId, usize> = ids.iter().copied().zip(0..).collect();
    let mut dossiers: Vec<Dossier> = assets.into_iter().map(Dossier::new).collect();
    macro_rules! collect {
        ($($noun:ident $fact:path),+) => {$(
            let query = $noun::Entity::find().filter(among($noun::Column::AssetId, &ids));
            let query = query.order_by_asc($noun::Column::Id);
            let rows = if is_short {
                query.all(connection).await?
            } else {
                streamed(query, connection).await?
            };
            for row in rows {
                if let Some(place) = places.get(&row.asset_id) {
                    dossiers[*place].put($fact(row));
                }
            }
        )+};
    }
    collect!(title Fact::Title, holding Fact::Holding, duty Fact::Duty, funding Fact::Funding, waiver Fact::Waiver, rectification Fact::Rectification);
    Ok(dossiers)
}

/// A condition that the rows of some assets meet, and few others: between two ids where they lie
/// close together, which is one statement for all of them; else one of a list.
pub(super) fn among(column: impl ColumnTrait, ids: &[AssetId]) -> Expr {
    match (ids.iter().min(), ids.iter().max()) {
        (Some(first), Some(last)) if is_dense(first.0, last.0, ids.len()) => {
            column.between(*first, *last)
        }
        _ => column.is_in(ids.iter().copied()),
    }
}

/// Whether every other id between two is wanted, or more.
fn is_dense(first: i64, last: i64, n: usize) -> bool {
    last.checked_sub(first)
        .and_then(|span| usize::try_from(span).ok())
        .is_some_and(|span| span < 2 * n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_asked_for_as_a_range_only_where_every_other_one_is_wanted() {
        assert!(is_dense(7, 7, 1) && is_dense(1, 4, 2) && !is_dense(1, 5, 2));
        assert!(!is_dense(i64::MIN, i64::MAX, 2));
    }
}
