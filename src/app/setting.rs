//! Local rules: told, tried out, set, withdrawn; and the assets of their area checked by them.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    finding::Rule,
    id::{AssetId, SettingId},
    language::Sentence,
    setting::{Entity, Key, Model},
};

use super::named::Named;
use crate::{
    domain::{
        deficiency,
        permission::Action,
        setting::{self as rules, Definition, LocalRules, Proposal, Value},
    },
    error::{Error, Result},
    limits,
    store::{Actor, Dossier, Ledger, Write},
};

/// One local rule as it stands in an area.
#[derive(Clone, Debug)]
pub struct Standing {
    /// What the table says of it.
    pub definition: Definition,
    /// The value that holds today.
    pub value: Value,
    /// The row that holds; none where the default does.
    pub row: Option<Model>,
    /// Every row of the area and of those above it, the latest first.
    pub history: Vec<Model>,
}

/// The local rules of an area.
#[derive(Clone, Debug)]
pub struct Told {
    /// The area.
    pub area: AreaCode,
    /// Its name.
    pub name: String,
    /// The day.
    pub day: NaiveDate,
    /// Every rule, in the order of the table.
    pub rules: Vec<Standing>,
    /// The rules themselves.
    pub local: LocalRules,
    /// Who set each row.
    pub who: HashMap<SettingId, String>,
    /// The names of the area and of those above it.
    pub names: HashMap<AreaCode, String>,
}

/// Tells every rule of an area: of one in the reader's own line.
pub async fn told(ledger: &Ledger, actor: &Actor, area: Option<AreaCode>) -> Result<Told> {
    let read = ledger.read(actor);
    let (area, day) = (read.area_in_line(area).await?, read.today());
    let rows = read.rule_rows(area).await?;
    let who = read.who_set(&rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    // rows lie in the area or above it
    let codes: Vec<AreaCode> = area.above().chain([area]).collect();
    let names = read.area_names_on(&codes, day).await?;
    let local = LocalRules::new(rows.clone());
    let standing = |key| {
        let mut history: Vec<Model> = rows.iter().filter(|row| row.key == key).cloned().collect();
        history.sort_by_key(|row| std::cmp::Reverse((row.from_on, row.id)));
        Standing {
            definition: Definition::of(key),
            value: local.value(key, area, day),
            row: local.row(key, area, day).cloned(),
            history,
        }
    };
    let told = Key::all().map(standing).collect();
    let name = names.get(&area).cloned().unwrap_or_else(|| area.to_string());
    Ok(Told { area, name, day, rules: told, local, who, names })
}

/// What checking assets by a rule came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Applied {
    /// Assets that were checked.
    pub assets: usize,
    /// Findings that opened.
    pub opened: usize,
    /// Findings that cleared.
    pub closed: usize,
    /// Whether all assets of the area were; the others wait for the nightly round.
    pub is_complete: bool,
}

impl Applied {
    /// What it came to, in words.
    pub fn told(&self) -> Sentence {
        let Applied { assets, opened, closed, is_complete } = *self;
        let rest = if is_complete {
            ("。", ".")
        } else {
            ("；其余资产由夜间核查完成。", "; the other assets wait for the nightly round.")
        };
        Sentence::new(
            format!("已复核资产 {assets} 项，新增问题 {opened} 条，销号 {closed} 条{}", rest.0),
            format!("{assets} assets checked: {opened} findings opened, {closed} closed{}", rest.1),
        )
    }
}

/// Sets a rule. One that begins today is then put into effect; what that came to, where it was
/// needed.
pub async fn set(
    ledger: &Ledger,
    actor: &Actor,
    proposal: &Proposal,
) -> Result<(Model, Option<Applied>)> {
    let row = ledger
        .write(actor, Action::SetRule, async |write| {
            let row = proposal.row()?;
            known(write, row.area_code).await?;
            let own = write.values_of(row.key, row.area_code).await?;
            rules::set(&row, &own, write.today())?;
            write.insert::<Entity>(row).await
        })
        .await?;
    let is_due = row.from_on <= ledger.today() && Definition::of(row.key).decides_findings();
    if !is_due {
        return Ok((row, None));
    }
    let applied = apply(ledger, actor, row.area_code, limits::RULE_ASSETS).await;
    Ok((row, Some(applied)))
}

/// An area of the ledger that is valid now; the nation stands in no table.
async fn known(write: &mut Write, area: AreaCode) -> Result<()> {
    if area != AreaCode::NATION || write.actor().area() != AreaCode::NATION {
        write.area(area).await?;
    }
    Ok(())
}

/// Checks the assets of an area by the rules that hold now, a batch a transaction, and no more of
/// them than so many. The rule stands, whatever becomes of this: what was not checked is left to the
/// nightly round.
pub async fn apply(ledger: &Ledger, actor: &Actor, area: AreaCode, at_most: usize) -> Applied {
    let mut applied = Applied::default();
    let mut after = None;
    loop {
        let batch = batch(applied.assets, at_most);
        if batch == 0 {
            applied.is_complete = is_end(ledger, actor, area, after).await;
            return applied;
        }
        let evaluate = async |write: &mut Write| write.evaluate_after(area, after, batch).await;
        match ledger.write(actor, Action::ApplyRule, evaluate).await {
            Ok(evaluated) => {
                applied.assets += evaluated.assets;
                applied.opened += evaluated.opened;
                applied.closed += evaluated.closed;
                if evaluated.last.is_none() {
                    applied.is_complete = true;
                    return applied;
                }
                after = evaluated.last;
            }
            Err(error) => {
                tracing::warn!(%error, %area, "a local rule is left to the nightly round");
                return applied;
            }
        }
    }
}

/// Assets of the next batch.
fn batch(done: usize, at_most: usize) -> u64 {
    u64::try_from(at_most.saturating_sub(done)).unwrap_or(0).min(limits::READ_BATCH)
}

/// Whether an area has no asset after a place.
async fn is_end(
    ledger: &Ledger,
    actor: &Actor,
    area: AreaCode,
    after: Option<(AreaCode, AssetId)>,
) -> bool {
    let next = ledger.read(actor).dossiers_by_place(area, after, 1).await;
    next.is_ok_and(|(_, last)| last.is_none())
}

/// Withdraws a value that has not begun.
pub async fn withdraw(
    ledger: &Ledger,
    actor: &Actor,
    setting: impl Into<Named<SettingId>>,
) -> Result<Model> {
    let named = setting.into();
    ledger
        .write(actor, Action::WithdrawRule, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = rules::withdraw(&before, write.today())?;
            write.update::<Entity>(&before, after).await
        })
        .await
}

/// What a value would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Assets that were looked at.
    pub assets: usize,
    /// Findings that would open.
    pub opened: BTreeMap<Rule, usize>,
    /// Findings that would close.
    pub closed: BTreeMap<Rule, usize>,
    /// Whether all assets of the area were looked at.
    pub is_complete: bool,
}

impl Forecast {
    /// How many findings would open.
    pub fn n_opened(&self) -> usize {
        self.opened.values().sum()
    }

    /// How many would close.
    pub fn n_closed(&self) -> usize {
        self.closed.values().sum()
    }

    /// What would change, in words.
    pub fn told(&self) -> Sentence {
        let (opened, closed, assets) = (self.n_opened(), self.n_closed(), self.assets);
        if assets == 0 {
            return Sentence::new("不影响问题清单。", "It changes no finding.");
        }
        let rest = if self.is_complete {
            ("。", ".")
        } else {
            ("；资产太多，只试算了这些。", "; there are more assets, which were not looked at.")
        };
        Sentence::new(
            format!("在 {assets} 项资产中，将新增问题 {opened} 条，销号 {closed} 条{}", rest.0),
            format!("Of {assets} assets: {opened} findings would open, {closed} close{}", rest.1),
        )
    }
}

/// Tells what a value would change if it held on its first day, without setting it: what the rules
/// find then with it and without it, on so many assets of its area at most.
pub async fn what_if(
    ledger: &Ledger,
    actor: &Actor,
    proposal: &Proposal,
    at_most: usize,
) -> Result<Forecast> {
    actor.require(Action::SetRule)?;
    let row = proposal.row()?;
    let read = ledger.read(actor);
    let area = read.area_in_line(Some(row.area_code)).await?;
    if !actor.area().covers(&area) {
        return Err(Error::NotFound(<entity::area::Entity as crate::store::Subject>::NOUN));
    }
    let own: Vec<Model> = read.rule_rows(area).await?;
    let own: Vec<Model> =
        own.into_iter().filter(|one| (one.key, one.area_code) == (row.key, area)).collect();
    rules::set(&row, &own, read.today())?;
    let mut forecast = Forecast { is_complete: true, ..Forecast::default() };
    if !Definition::of(row.key).decides_findings() {
        return Ok(forecast);
    }
    let mut after = None;
    loop {
        let batch = batch(forecast.assets, at_most);
        let (dossiers, last) = read.dossiers_by_place(area, after, batch.max(1)).await?;
        if last.is_none() {
            return Ok(forecast);
        }
        if batch == 0 {
            forecast.is_complete = false;
            return Ok(forecast);
        }
        let areas = dossiers.iter().map(|one| one.asset.area_code);
        let without = read.local_rules(areas).await?;
        let with = without.clone().with(row.clone());
        for dossier in &dossiers {
            forecast.count(dossier, (&without, &with), row.from_on);
        }
        after = last;
    }
}

impl Forecast {
    fn count(
        &mut self,
        dossier: &Dossier,
        (without, with): (&LocalRules, &LocalRules),
        day: NaiveDate,
    ) {
        self.assets += 1;
        let found = |local: &LocalRules| -> Vec<Rule> {
            let thresholds = local.thresholds(dossier.asset.area_code, day);
            let found = deficiency::evaluate(&dossier.facts(), &thresholds, day).into_iter();
            found.map(|one| one.rule).collect()
        };
        let (before, after) = (found(without), found(with));
        for rule in after.iter().filter(|rule| !before.contains(rule)) {
            *self.opened.entry(*rule).or_default() += 1;
        }
        for rule in before.iter().filter(|rule| !after.contains(rule)) {
            *self.closed.entry(*rule).or_default() += 1;
        }
    }
}
