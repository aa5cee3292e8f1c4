//! The sample county, built through the same actions that people use.
//!
//! The areas are one action, the register with its parties and projects another, then one action
//! for each thing that happened since, then a few photos and papers, and last the accounts. Each step first looks whether it was
//! done, so that a build which was broken off is completed by the next one and nothing is doubled.
//! All of it has its day in the past (`calendar`), so that the county has a history to look at.

mod budget;
mod calendar;
mod campaign;
mod contract;
mod fault_report;
mod history;
mod inspection;
mod inspection_route;
mod invitation;
mod papers;
mod rectification;
mod repair;
mod revival;
mod stock_take;
mod welfare_post;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    account::Role,
    area::AreaCode,
    asset, duty,
    id::{OrganizationId, PersonId, ProjectId},
    project,
};

use self::calendar::Calendar;
pub use self::invitation::{Invitation, invite, show};
pub use crate::domain::sample::{ABOUT, COUNTY};
use crate::{
    app::{self, nightly},
    domain::{
        asset::Completeness,
        duty::Terms,
        permission::Action,
        project as projects,
        sample::{self, Entry, Event, Sample, TOWN, VILLAGE},
        title::{Holder, Party},
    },
    error::{Error, Result},
    store::{Actor, Ledger, Write},
};

/// The seed: every sample county is the same.
const SEED: u64 = 20_260_630;
/// Assets put in together.
const BATCH: usize = 250;

/// The accounts: one for each role that can be given, over the county, a town or a village.
pub const ACCOUNTS: [(&str, Role, &str); 12] = [
    ("qinghe-administrator", Role::Administrator, COUNTY),
    ("qinghe-security", Role::SecurityAdministrator, COUNTY),
    ("qinghe-log", Role::AuditAdministrator, COUNTY),
    ("qinghe-clerk", Role::FinanceClerk, COUNTY),
    ("qinghe-approver", Role::FinanceApprover, COUNTY),
    ("qinghe-rural", Role::RuralOfficer, COUNTY),
    ("qinghe-department", Role::DepartmentOfficer, COUNTY),
    ("qinghe-town", Role::TownshipClerk, TOWN),
    ("qinghe-village", Role::VillageOfficer, VILLAGE),
    ("qinghe-inspector", Role::Inspector, COUNTY),
    ("qinghe-leader", Role::Leader, COUNTY),
    ("qinghe-auditor", Role::Auditor, COUNTY),
];

/// What is there after a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Built {
    /// Whether this build made it, or at least completed it; else nothing was changed.
    pub is_new: bool,
    /// The county.
    pub county: AreaCode,
    /// Areas: the county, its towns and its villages.
    pub areas: usize,
    /// Organizations, households among them.
    pub organizations: usize,
    /// People who keep assets.
    pub people: usize,
    /// Projects.
    pub projects: usize,
    /// Assets as first registered.
    pub assets: usize,
    /// Changes that followed.
    pub events: usize,
    /// Accounts.
    pub accounts: usize,
}

/// Builds the sample county. Where it is there already, it does nothing and says so.
pub async fn build(ledger: &Ledger) -> Result<Built> {
    let actor = Actor::operator();
    let sample = Sample::new(SEED, sample::day_for(ledger.today()));
    let mut built = Built {
        is_new: false,
        county: sample::county(),
        areas: sample.areas.len(),
        organizations: sample.bodies.len(),
        people: sample.keepers.len(),
        projects: sample.projects.len(),
        assets: sample.entries.len(),
        events: sample.history.len(),
        accounts: ACCOUNTS.len(),
    };
    if missing_accounts(ledger, &actor).await?.is_empty() {
        return Ok(built);
    }
    built.is_new = true;
    let calendar = Calendar::of(ledger);
    draw_up(&ledger.at(calendar.begin()), &actor, &sample).await?;
    for step in steps(&sample, calendar) {
        take(ledger, &actor, step).await?;
    }
    papers::attach(ledger, &actor, &sample).await?;
    rectification::begin_with(ledger, &actor).await?;
    campaign::begin_with(ledger, &actor).await?;
    repair::begin_with(ledger, &actor).await?;
    welfare_post::open_all(ledger, &actor, &sample).await?;
    revival::begin_with(ledger, &actor).await?;
    contract::conclude_all(ledger, &actor).await?;
    fault_report::file_all(ledger, &actor, &sample).await?;
    stock_take::begin_with(ledger, &actor).await?;
    budget::set_aside(&ledger.at(calendar.end()), &actor, &sample).await?;
    // the last step: once they are all there, the county is
    let missing = missing_accounts(ledger, &actor).await?;
    for (at, (name, role, area)) in (1..).zip(&missing) {
        if at == missing.len() {
            // the inspector is there by now
            inspection_route::begin_with(ledger, &actor).await?;
        }
        app::account::add(ledger, &actor, name, *role, code(area)).await?;
    }
    Ok(built)
}

/// The areas and the register.
async fn draw_up(ledger: &Ledger, actor: &Actor, sample: &Sample) -> Result<()> {
    put_in_areas(ledger, actor, sample).await?;
    put_in_register(ledger, actor, sample).await
}

/// What is done to a register that was drawn up.
#[derive(Clone, Copy)]
enum Step<'a> {
    /// Something happens.
    Event(&'a Event),
    /// What time caused is found.
    Round,
    /// Assets are looked at, for the how many-th time.
    Looks(&'a Sample, usize),
}

/// What happened since, each at its time, with a round a month and a last one. Waivers run from
/// today, so that they still stand.
fn steps(sample: &Sample, calendar: Calendar) -> Vec<(DateTime<Utc>, Step<'_>)> {
    let is_waiver = |event: &&Event| matches!(event, Event::Waived(..));
    let (waived, dated): (Vec<_>, Vec<_>) = sample.history.iter().partition(is_waiver);
    let n = dated.len();
    let dated = dated.into_iter().enumerate();
    let rounds = calendar.rounds().into_iter().map(|morning| (morning, Step::Round));
    let looks = (0..inspection::ROUNDS).map(|round| {
        (calendar.instant(round * 2, inspection::ROUNDS * 2 - 1), Step::Looks(sample, round))
    });
    let mut steps: Vec<_> = dated
        .map(|(place, event)| (calendar.instant(place, n), Step::Event(event)))
        .chain(rounds)
        .chain(looks)
        .collect();
    steps.sort_by_key(|(at, _)| *at);
    steps.extend(waived.into_iter().map(|event| (calendar.end(), Step::Event(event))));
    steps.push((calendar.end(), Step::Round));
    steps
}

async fn take(ledger: &Ledger, actor: &Actor, (at, step): (DateTime<Utc>, Step<'_>)) -> Result<()> {
    match step {
        Step::Event(event) => history::carry_out(&ledger.at(at), actor, event).await,
        Step::Round => go_round(ledger, at).await,
        Step::Looks(sample, round) => {
            inspection::record(&ledger.at(at), actor, (sample, round)).await
        }
    }
}

/// Finds what time caused in the county until an instant, unless more was recorded since: then it
/// was found before.
async fn go_round(ledger: &Ledger, at: DateTime<Utc>) -> Result<()> {
    let county = sample::county();
    let logs = ledger.logs().await?;
    let size =
        logs.iter().find(|(known, _)| *known == county.county()).map_or(0, |(_, size)| *size);
    let last = ledger.entries(county.county(), size.saturating_sub(1)).await?;
    let is_past = last.first().is_some_and(|entry| entry.at > at.timestamp_millis());
    if !is_past {
        nightly::evaluate(&ledger.at(at), &Actor::operator().within(county)).await?;
    }
    Ok(())
}

/// The accounts that are not there.
async fn missing_accounts(
    ledger: &Ledger,
    actor: &Actor,
) -> Result<Vec<(&'static str, Role, &'static str)>> {
    let known = ledger.read(actor).accounts().await?;
    let is_known = |name: &str| known.iter().any(|account| account.name == name);
    Ok(ACCOUNTS.into_iter().filter(|(name, ..)| !is_known(name)).collect())
}

fn code(text: &str) -> AreaCode {
    text.parse().unwrap_or(AreaCode::NATION)
}

async fn put_in_areas(ledger: &Ledger, actor: &Actor, sample: &Sample) -> Result<()> {
    ledger
        .write(actor, Action::ImportAreas, async |write| {
            if !write.areas_by_code(&[sample::county()]).await?.is_empty() {
                return Ok(());
            }
            write.note("source", COUNTY);
            write.insert_areas(sample.areas.clone()).await
        })
        .await
}

/// The register in one action: parties, projects and assets, all of it or nothing.
async fn put_in_register(ledger: &Ledger, actor: &Actor, sample: &Sample) -> Result<()> {
    ledger
        .write(actor, Action::RegisterAsset, async |write| {
            let first = sample.entries.first().and_then(|entry| entry.asset.source_key.clone());
            let keys: Vec<String> = first.into_iter().collect();
            if !write.assets_by_source_key(&keys).await?.is_empty() {
                return Ok(());
            }
            let ids = put_in_parties(write, sample).await?;
            for batch in sample.entries.chunks(BATCH) {
                let registrations: Vec<_> =
                    batch.iter().map(|entry| ids.registration(entry)).collect::<Result<_>>()?;
                app::asset::put_in(write, registrations, Completeness::Whole).await?;
            }
            Ok(())
        })
        .await
}

async fn put_in_parties(write: &mut Write, sample: &Sample) -> Result<Ids> {
    let mut ids = Ids::default();
    for body in &sample.bodies {
        let organization = body.organization.clone();
        let row = app::organization::put_in(write, organization, body.contact.as_ref()).await?;
        ids.organizations.push(row.id);
    }
    for keeper in &sample.keepers {
        let organization = Some(ids.organization(keeper.organization)?);
        let (area, contact) = (keeper.area, &keeper.contact);
        let row = app::person::find_or_put_in(write, area, contact, organization).await?;
        ids.people.push(row.id);
    }
    let today = write.today();
    let mut rows = Vec::with_capacity(sample.projects.len());
    for work in &sample.projects {
        projects::check(work, today).into_result()?;
        let unit = work.implementing_unit_id;
        let implementing_unit_id = unit.map(|id| ids.organization(id)).transpose()?;
        rows.push(project::Model { implementing_unit_id, ..work.clone() });
    }
    let rows = write.insert_all::<project::Entity>(rows).await?;
    ids.projects = rows.iter().map(|row| row.id).collect();
    Ok(ids)
}

/// The ids that the ledger gave to what the sample knows by its place.
#[derive(Default)]
struct Ids {
    organizations: Vec<OrganizationId>,
    people: Vec<PersonId>,
    projects: Vec<ProjectId>,
}

impl Ids {
    fn organization(&self, place: OrganizationId) -> Result<OrganizationId> {
        at(&self.organizations, place.0)
    }

    fn party(&self, party: Party) -> Result<Party> {
        Ok(match party {
            Party::Organization(place) => Party::Organization(self.organization(place)?),
            Party::Person(place) => Party::Person(at(&self.people, place.0)?),
        })
    }

    fn holder(&self, holder: &Holder) -> Result<Holder> {
        Ok(Holder { party: self.party(holder.party)?, ..holder.clone() })
    }

    fn duty(
        &self,
        (kind, party, terms): &(duty::Kind, Party, Terms),
    ) -> Result<(duty::Kind, Party, Terms)> {
        Ok((*kind, self.party(*party)?, terms.clone()))
    }

    fn registration(&self, entry: &Entry) -> Result<app::asset::Registration> {
        let organization =
            |id: Option<OrganizationId>| id.map(|place| self.organization(place)).transpose();
        let project = entry.asset.project_id.map(|place| at(&self.projects, place.0));
        let asset = asset::Model {
            project_id: project.transpose()?,
            implementing_unit_id: organization(entry.asset.implementing_unit_id)?,
            debtor_id: organization(entry.asset.debtor_id)?,
            ..entry.asset.clone()
        };
        Ok(app::asset::Registration {
            asset,
            sources: entry.sources.clone(),
            title: entry.title.clone(),
            holders: entry.holders.iter().map(|one| self.holder(one)).collect::<Result<_>>()?,
            duties: entry.duties.iter().map(|one| self.duty(one)).collect::<Result<_>>()?,
        })
    }
}

fn at<T: Copy>(ids: &[T], place: i64) -> Result<T> {
    let id = usize::try_from(place).ok().and_then(|place| ids.get(place));
    id.copied().ok_or_else(|| Error::Internal(anyhow::anyhow!("the sample has no place {place}")))
}

/// The assets of some keys, as they stand.
async fn assets(
    ledger: &Ledger,
    actor: &Actor,
    keys: &[String],
) -> Result<HashMap<String, asset::Model>> {
    // nothing is written: only the write door finds assets by the key of their sender
    let find = async |write: &mut Write| write.assets_by_source_key(keys).await;
    ledger.write(actor, Action::RegisterAsset, find).await
}

#[cfg(test)]
mod tests;
