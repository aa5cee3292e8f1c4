//! Findings kept up to date: whatever a write touched is evaluated before it ends.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::{
    area::{self, AreaCode},
    asset,
    finding::{self, Rule},
    funding,
    id::{AssetId, FundingId},
    money::Money,
    rectification, waiver,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};

use super::{
    Read, Subject, Write,
    dossier::{Dossier, PlaceBudgets, asset_of, dossiers, with_facts},
    insert::insert_rows,
    scope,
    setting::next_places,
    subject::Fact,
    tally,
};
use crate::{
    domain::{
        deficiency::{self, Standing},
        rectification as rounds,
    },
    error::{Error, Result},
};

/// Assets evaluated together.
const BATCH: usize = 1_000;
/// Finding rows of one statement.
const ROWS: usize = 2_000;

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
        // a budget of a place touches none: whoever changes one has its assets evaluated
        let Some(id) = asset_of(&fact) else { return };
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
        let areas = || made.values().map(|one| one.asset.area_code);
        let local = self.local_rules(areas()).await?;
        let shared = PlaceBudgets::of(&self.txn, areas()).await?;
        let mut made: Vec<Dossier> = made.into_values().collect();
        for dossier in &mut made {
            shared.share(dossier);
            self.tally.count_funds(&dossier.asset, &dossier.funding, 1);
            let thresholds = local.thresholds(dossier.asset.area_code, today);
            let standing = deficiency::evaluate(&dossier.facts(), &thresholds, today);
            opened.extend(standing.iter().map(|one| row(dossier, one, today)));
        }
        opened.sort_by_key(|row| (row.asset_id, row.rule));
        self.store_findings(&[], opened).await?;
        self.begin_due(&made, &local).await?;
        self.begin_haves(&made, &local).await?;
        self.compare(made.into_iter().map(|one| one.asset).collect(), true).await?;
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
            self.clear_answered(&found).await?;
            let mut changed = Vec::new();
            for dossier in &found {
                let one = former.remove(&dossier.asset.id).unwrap_or_default();
                changed.extend(one.asset.is_some().then(|| dossier.asset.clone()));
                if let Some((asset, funding)) = one.of(dossier) {
                    self.tally.count_funds(&asset, &funding, -1);
                    self.tally.count_funds(&dossier.asset, &dossier.funding, 1);
                }
            }
            self.settle(&found, today).await?;
            self.compare(changed, false).await?;
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
        self.compare(found.into_iter().map(|one| one.asset).collect(), false).await?;
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
        self.keep_due(dossiers, &local).await?;
        self.keep_haves(dossiers, &local).await?;
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
