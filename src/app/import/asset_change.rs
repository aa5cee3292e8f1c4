//! An asset on record and a row that says otherwise: what differs, and carrying it out.

use chrono::NaiveDate;
use entity::{
    asset,
    duty::{self, EndReason, Kind},
    funding, holding, title,
};

use super::{asset::cells_changed, layout::Record, outcome::CellChange};
use crate::{
    app,
    domain::{
        asset as rules,
        duty::{self as duties, Terms},
        funding::Source,
        refusal::Refusal,
        title::{Holder, Party},
    },
    error::Result,
    store::{Dossier, Write},
};

/// A changed asset.
pub(super) struct Change {
    before: Dossier,
    asset: asset::Model,
    sources: Option<Vec<Source>>,
    title: Option<title::Model>,
    holders: Option<Vec<Holder>>,
    maintainer: Option<DutyChange>,
    keeper: Option<DutyChange>,
    pub(super) cells: Vec<CellChange>,
}

/// A changed duty: who bears it, on what terms; or the running one with its new terms.
type DutyChange = (Option<Party>, Terms, Option<duty::Model>);

/// What the sheet says of an asset on record.
pub(super) struct Said {
    pub(super) asset: asset::Model,
    pub(super) sources: Option<Vec<Source>>,
    pub(super) title: Option<title::Model>,
    pub(super) holders: Option<Vec<Holder>>,
    pub(super) duties: [(Option<Party>, Terms); 2],
}

impl Change {
    /// Carries the change out.
    pub(super) async fn carry_out(self, write: &mut Write) -> Result<asset::Model> {
        let before = &self.before.asset;
        let id = before.id;
        let asset = if *before == self.asset {
            write.get::<asset::Entity>(id).await?
        } else {
            write.update::<asset::Entity>(before, self.asset.clone()).await?
        };
        if asset.area_code != before.area_code {
            app::asset::move_belongings(write, &asset).await?;
        }
        if let Some(sources) = self.sources {
            replace_sources(write, &asset, sources).await?;
        }
        if let Some(title) = self.title {
            let title = title::Model { asset_id: id, area_code: asset.area_code, ..title };
            match write.title_of(id).await? {
                Some(stored) => {
                    let title = title::Model { version: stored.version, ..title };
                    write.update::<title::Entity>(&stored, title).await?
                }
                None => write.insert::<title::Entity>(title).await?,
            };
        }
        if let Some(holders) = self.holders {
            let existing = write.holdings_of(id).await?;
            app::title::set_holders(write, &asset, &existing, &holders).await?;
            end_unnamed(write, &existing, &holders).await?;
        }
        for (kind, duty) in [(Kind::Maintainer, self.maintainer), (Kind::Keeper, self.keeper)] {
            if let Some(duty) = duty {
                change_duty(write, &asset, kind, duty).await?;
            }
        }
        Ok(asset)
    }
}

async fn replace_sources(
    write: &mut Write,
    asset: &asset::Model,
    sources: Vec<Source>,
) -> Result<()> {
    let mut wanted = sources;
    for row in write.funding_of(asset.id).await?.into_iter().filter(|row| !row.is_withdrawn) {
        if let Some(place) = wanted.iter().position(|source| *source == Source::of(&row)) {
            drop(wanted.remove(place));
        } else {
            let withdrawn = funding::Model { is_withdrawn: true, ..row.clone() };
            write.update::<funding::Entity>(&row, withdrawn).await?;
        }
    }
    let rows = wanted.into_iter().map(|source| source.row(asset.id, asset.area_code)).collect();
    write.insert_all::<funding::Entity>(rows).await?;
    Ok(())
}

/// Rights for which the sheet names nobody any more come to their end.
async fn end_unnamed(
    write: &mut Write,
    existing: &[holding::Model],
    holders: &[Holder],
) -> Result<()> {
    let yesterday = write.today().pred_opt();
    for row in existing.iter().filter(|row| row.until_on.is_none()) {
        if holders.iter().any(|holder| holder.right == row.right) {
            continue;
        }
        let until_on = yesterday.map(|day| row.from_on.map_or(day, |from| from.max(day)));
        let ended = holding::Model { until_on, ..row.clone() };
        write.update::<holding::Entity>(row, ended).await?;
    }
    Ok(())
}

/// The same party gets the new terms; another one takes over.
async fn change_duty(
    write: &mut Write,
    asset: &asset::Model,
    kind: Kind,
    (party, terms, merged): (Option<Party>, Terms, Option<duty::Model>),
) -> Result<()> {
    let existing = write.duties_of(asset.id).await?;
    if let Some(merged) = merged {
        duties::check_term(&merged)?;
        let stored = existing.iter().find(|duty| duty.id == merged.id);
        if overlaps(&merged, &existing) {
            return Err(Refusal::overlaps(kind, merged.from_on).into());
        }
        if let Some(stored) = stored {
            write.update::<duty::Entity>(stored, merged.clone()).await?;
        }
        return Ok(());
    }
    let today = write.today();
    let Some(party) = party else {
        if let Some(duty) = running(&existing, kind, today) {
            let closed = duties::close(duty, today.pred_opt().unwrap_or(today), EndReason::Revoked);
            write.update::<duty::Entity>(duty, closed).await?;
        }
        return Ok(());
    };
    let stored = running(&existing, kind, today);
    let from_on = terms.from_on.or(stored.map(|_| today));
    let terms = Terms { from_on, ..terms };
    app::duty::assign_within(write, asset.id, (kind, party), &terms).await?;
    Ok(())
}

/// Compares what the sheet says with what is on record.
pub(super) fn changed(
    before: Dossier,
    said: Said,
    record: &Record,
    today: NaiveDate,
) -> Option<Change> {
    let Said { asset, sources, title, holders, duties } = said;
    let mut cells = cells_changed(record.number, rules::FIELDS, &before.asset, &asset);
    let mut note = |field, is_changed: bool| {
        if is_changed {
            let after = record.text(field).unwrap_or_default().to_owned();
            cells.push(CellChange {
                row: record.number,
                field: field.into(),
                before: String::new(),
                after,
            });
        }
        is_changed
    };
    let references = [
        ("area_code", before.asset.area_code != asset.area_code),
        ("project_no", before.asset.project_id != asset.project_id),
        ("implementing_unit", before.asset.implementing_unit_id != asset.implementing_unit_id),
        ("debtor", before.asset.debtor_id != asset.debtor_id),
    ];
    for (field, is_changed) in references {
        note(field, is_changed);
    }
    let sources = sources.filter(|sources| note("funding", *sources != counted(&before.funding)));
    let title = title.filter(|title| note("title_state", before.title.as_ref() != Some(title)));
    let holders = holders.filter(|holders| note("owner", !same_holders(holders, &before)));
    let kinds = [(Kind::Maintainer, "maintainer"), (Kind::Keeper, "keeper")];
    let [maintainer, keeper] = std::array::from_fn(|place| {
        let (kind, field) = kinds[place];
        let (party, terms) = duties[place].clone();
        let change =
            duty_change((&before, today), kind, party, terms, record).filter(|_| record.has(field));
        note(field, change.is_some());
        change
    });
    if cells.is_empty() {
        return None;
    }
    Some(Change { before, asset, sources, title, holders, maintainer, keeper, cells })
}

fn duty_change(
    (before, today): (&Dossier, NaiveDate),
    kind: Kind,
    party: Option<Party>,
    terms: Terms,
    record: &Record,
) -> Option<DutyChange> {
    let Some(running) = running(&before.duties, kind, today) else {
        return party.map(|party| (Some(party), terms, None));
    };
    if Party::of(running.organization_id, running.person_id) != party {
        return Some((party, terms, None));
    }
    let merged = merged_terms(running, &terms, record);
    (merged != *running).then_some((party, terms, Some(merged)))
}

/// The duty of a kind that runs on a day: the one that an export of that day names.
fn running(duties: &[duty::Model], kind: Kind, today: NaiveDate) -> Option<&duty::Model> {
    duties.iter().find(|duty| duty.kind == kind && duty.runs_on(today))
}

/// The terms of a running duty with what the sheet says of them.
fn merged_terms(running: &duty::Model, terms: &Terms, record: &Record) -> duty::Model {
    let mut merged = running.clone();
    let mut set = |field: &str, apply: fn(&mut duty::Model, &Terms)| {
        // an asset sheet tells the terms of the maintainer alone
        if record.has(field) && running.kind == Kind::Maintainer {
            apply(&mut merged, terms);
        }
    };
    set("standard", |duty, terms| duty.standard.clone_from(&terms.standard));
    set("maintained_from", |duty, terms| duty.from_on = terms.from_on);
    set("maintained_until", |duty, terms| duty.until_on = terms.until_on);
    set("annual_budget", |duty, terms| duty.annual_budget = terms.annual_budget);
    set("budget_source", |duty, terms| duty.budget_source = terms.budget_source);
    set("is_funded", |duty, terms| duty.is_funded = terms.is_funded);
    merged
}

fn counted(funding: &[funding::Model]) -> Vec<Source> {
    funding.iter().filter(|row| !row.is_withdrawn).map(Source::of).collect()
}

fn same_holders(holders: &[Holder], before: &Dossier) -> bool {
    let order = |holder: &Holder| (holder.right, holder.party);
    let mut stored: Vec<Holder> = before
        .holdings
        .iter()
        .filter(|row| row.until_on.is_none())
        .filter_map(Holder::of)
        .collect();
    let mut named = holders.to_vec();
    stored.sort_by_key(order);
    named.sort_by_key(order);
    stored == named
}

/// Whether two duties of one kind and asset would overlap once changed.
fn overlaps(duty: &duty::Model, existing: &[duty::Model]) -> bool {
    existing
        .iter()
        .any(|other| other.id != duty.id && other.kind == duty.kind && duties::overlap(other, duty))
}
