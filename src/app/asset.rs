//! What people do with assets: register, amend, correct, re-class, split, merge, hand over
//! (国办函〔2021〕51号 三; domain.md §2).

use chrono::NaiveDate;
use entity::{
    asset::{self, Class, Model, Subclass},
    attachment, contract, discrepancy,
    duty::{self, EndReason, Kind},
    funding, holding,
    id::AssetId,
    post_asset, rectification, revival, title, upkeep, waiver, work_order,
};

use super::{
    listing::alike,
    named::{Changed, Named},
    reference,
};
use crate::{
    domain::{
        asset::{self as rules, Completeness, division, division::Part},
        duty as duties,
        duty::Terms,
        funding::Source,
        mistake::Mistakes,
        permission::Action,
        refusal::Refusal,
        title::{self as titles, Holder, Party},
    },
    error::{Error, Result},
    limits,
    store::{Actor, Ledger, Write},
};

/// A new asset with everything that is known of it.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The card; its code is made when it has none.
    pub asset: Model,
    /// Where the money came from.
    pub sources: Vec<Source>,
    /// The title, where anything is known of it; ids are filled in.
    pub title: Option<title::Model>,
    /// Who holds which right.
    pub holders: Vec<Holder>,
    /// Who looks after it.
    pub duties: Vec<(Kind, Party, Terms)>,
}

impl Registration {
    /// A card without anything beside it.
    pub const fn of(asset: Model) -> Registration {
        Registration {
            asset,
            sources: Vec::new(),
            title: None,
            holders: Vec::new(),
            duties: Vec::new(),
        }
    }

    /// What is wrong with it.
    pub fn check(&self, completeness: Completeness, today: NaiveDate) -> Mistakes {
        let mut mistakes = rules::check(&self.asset, completeness, today);
        mistakes.0.extend(crate::domain::funding::check(&self.sources).0);
        mistakes.0.extend(self.duties.iter().flat_map(|(_, _, terms)| duties::check(terms).0));
        if completeness == Completeness::Whole && self.sources.is_empty() {
            let label = entity::language::Label::new("资金来源", "funding source");
            mistakes.push(crate::domain::mistake::Mistake::missing("funding", label));
        }
        mistakes
    }
}

/// Registers one asset.
pub async fn register(
    ledger: &Ledger,
    actor: &Actor,
    registration: Registration,
    completeness: Completeness,
) -> Result<Model> {
    ledger
        .write(actor, Action::RegisterAsset, async |write| {
            register_within(write, registration, completeness).await
        })
        .await
}

/// Registers one asset, unless its place has another of a like name on the books.
pub async fn register_unlike(
    ledger: &Ledger,
    actor: &Actor,
    registration: Registration,
    completeness: Completeness,
) -> Result<Model> {
    ledger
        .write(actor, Action::RegisterAsset, async |write| {
            let asset = &registration.asset;
            let known = write.names_compared(asset.area_code, &asset.name).await?;
            if !alike(&asset.name, known).is_empty() {
                return Err(Refusal::namesake_there().into());
            }
            register_within(write, registration, completeness).await
        })
        .await
}

async fn register_within(
    write: &mut Write,
    registration: Registration,
    completeness: Completeness,
) -> Result<Model> {
    reference::check_card(write, None, &registration.asset).await?;
    reference::check_holders(write, &registration.holders).await?;
    for (_, party, terms) in &registration.duties {
        reference::check_party(write, *party, terms.until_on).await?;
    }
    let mut assets = put_in(write, vec![registration], completeness).await?;
    assets.pop().ok_or(Error::Conflict)
}

/// Puts new assets into the ledger with everything beside them, in the order given.
pub async fn put_in(
    write: &mut Write,
    mut registrations: Vec<Registration>,
    completeness: Completeness,
) -> Result<Vec<Model>> {
    let today = write.today();
    for registration in &registrations {
        registration.check(completeness, today).into_result()?;
        titles::check_holders(&registration.holders)?;
    }
    let mut assets: Vec<Model> = registrations
        .iter_mut()
        .map(|registration| std::mem::replace(&mut registration.asset, blank_card()))
        .collect();
    write.give_codes(&mut assets).await?;
    let assets = write.insert_all::<asset::Entity>(assets).await?;
    let (mut funding, mut titled, mut holdings, mut borne) = (vec![], vec![], vec![], vec![]);
    for (asset, registration) in assets.iter().zip(registrations) {
        let place = (asset.id, asset.area_code);
        funding.extend(registration.sources.into_iter().map(|source| source.row(place.0, place.1)));
        titled.extend(registration.title.map(|title| title::Model {
            asset_id: asset.id,
            area_code: asset.area_code,
            ..title
        }));
        let from = asset.acquired_on;
        holdings
            .extend(registration.holders.iter().map(|holder| holder.row(place.0, place.1, from)));
        let mut begun: Vec<duty::Model> = Vec::new();
        for (kind, party, terms) in registration.duties {
            let assignment = duties::assign(asset, kind, party, &terms, &begun)?;
            if let Some((before, closed)) = assignment.succeeded {
                begun.retain(|duty| *duty != before);
                begun.push(closed);
            }
            begun.push(assignment.begun);
        }
        borne.extend(begun);
    }
    write.insert_all::<funding::Entity>(funding).await?;
    write.insert_all::<title::Entity>(titled).await?;
    write.insert_all::<holding::Entity>(holdings).await?;
    write.insert_all::<duty::Entity>(borne).await?;
    Ok(assets)
}

/// What stands in a registration after its card was taken out.
fn blank_card() -> Model {
    rules::blank(entity::area::AreaCode::NATION, Class::Public, "")
}

/// Amends ordinary fields of an asset. `change` gets the row as it is; `version` is the one the
/// caller read.
pub async fn amend<C: Changed<Model>>(
    ledger: &Ledger,
    actor: &Actor,
    (id, version): (AssetId, i64),
    change: impl FnOnce(Model) -> C,
) -> Result<Model> {
    ledger
        .write(actor, Action::AmendAsset, async |write| {
            let before = at_version(write, id, version).await?;
            let after = rules::amend(&before, change(before.clone()).row()?, write.today())?;
            store(write, &before, after).await
        })
        .await
}

/// Corrects what was recorded wrongly; the reason stays in the log.
pub async fn correct<C: Changed<Model>>(
    ledger: &Ledger,
    actor: &Actor,
    (id, version): (AssetId, i64),
    reason: &str,
    change: impl FnOnce(Model) -> C,
) -> Result<Model> {
    ledger
        .write(actor, Action::CorrectAsset, async |write| {
            write.note("reason", reason);
            let before = at_version(write, id, version).await?;
            let after =
                rules::correct(&before, change(before.clone()).row()?, reason, write.today())?;
            store(write, &before, after).await
        })
        .await
}

/// Stores a changed card; what belongs to it follows it into another village.
async fn store(write: &mut Write, before: &Model, after: Model) -> Result<Model> {
    reference::check_card(write, Some(before), &after).await?;
    let stored = write.update::<asset::Entity>(before, after).await?;
    if stored.area_code != before.area_code {
        move_belongings(write, &stored).await?;
    }
    Ok(stored)
}

/// Takes everything that belongs to an asset along to where it now lies.
pub async fn move_belongings(write: &mut Write, asset: &Model) -> Result<()> {
    let area_code = asset.area_code;
    macro_rules! take_along {
        ($($noun:ident $rows:expr),+) => {$(
            for row in $rows {
                let moved = $noun::Model { area_code, ..row.clone() };
                write.update::<$noun::Entity>(&row, moved).await?;
            }
        )+};
    }
    take_along!(
        funding write.funding_of(asset.id).await?,
        title write.title_of(asset.id).await?.into_iter(),
        holding write.holdings_of(asset.id).await?,
        duty write.duties_of(asset.id).await?,
        waiver write.waivers_of(asset.id).await?,
        rectification write.rectifications_of(asset.id).await?,
        attachment write.attachments_of(asset.id).await?,
        upkeep write.upkeep_of(asset.id).await?.into_iter(),
        work_order write.work_orders_of(asset.id).await?,
        revival write.revivals_of(asset.id).await?,
        discrepancy write.discrepancies_of(asset.id).await?,
        contract write.contracts_of(asset.id).await?,
        post_asset write.post_assets_of(asset.id).await?
    );
    Ok(())
}

/// Puts an asset into another class or subclass. What becomes a claim is no longer maintained.
pub async fn reclass(
    ledger: &Ledger,
    actor: &Actor,
    (id, version): (AssetId, i64),
    (class, subclass): (Class, Option<Subclass>),
    reason: &str,
) -> Result<Model> {
    ledger
        .write(actor, Action::ReclassAsset, async |write| {
            write.note("reason", reason);
            let before = at_version(write, id, version).await?;
            let after = rules::reclass(&before, class, subclass, reason)?;
            if after.form.is_claim() {
                end_duties(write, id, EndReason::Revoked).await?;
            }
            write.update::<asset::Entity>(&before, after).await
        })
        .await
}

/// Hands an asset over.
pub async fn hand_over(
    ledger: &Ledger,
    actor: &Actor,
    (id, version): (AssetId, i64),
    on: NaiveDate,
    document_no: Option<String>,
) -> Result<Model> {
    ledger
        .write(actor, Action::HandOverAsset, async |write| {
            let before = at_version(write, id, version).await?;
            let after = rules::hand_over(&before, on, document_no, write.today())?;
            write.update::<asset::Entity>(&before, after).await
        })
        .await
}

/// Splits an asset. Title, holders and running duties pass to every part; money is divided so
/// that no fen is lost.
pub async fn split(
    ledger: &Ledger,
    actor: &Actor,
    (id, version): (AssetId, i64),
    parts: &[Part],
    reason: &str,
) -> Result<Vec<Model>> {
    ledger
        .write(actor, Action::SplitAsset, async |write| {
            rules::reasoned(reason)?;
            write.note("reason", reason);
            let before = at_version(write, id, version).await?;
            let division = division::split(&before, parts)?;
            let title = write.title_of(id).await?;
            let holders = holders(&write.holdings_of(id).await?);
            let running = running_duties(write, id).await?;
            let funding = write.funding_of(id).await?;
            retire(write, division.replaced, std::slice::from_ref(&before)).await?;
            let mut registrations: Vec<Registration> = division
                .parts
                .into_iter()
                .map(|asset| Registration {
                    title: title.clone().map(fresh_title),
                    holders: holders.clone(),
                    ..Registration::of(asset)
                })
                .collect();
            divide_funding(&mut registrations, &funding, parts)?;
            divide_duties(&mut registrations, &running, parts, write.today())?;
            put_in(write, registrations, Completeness::TakeOn).await
        })
        .await
}

/// Merges assets of one kind and village into one.
pub async fn merge(
    ledger: &Ledger,
    actor: &Actor,
    assets: &[impl Into<Named<AssetId>> + Copy],
    name: &str,
    reason: &str,
) -> Result<Model> {
    ledger
        .write(actor, Action::MergeAssets, async |write| {
            rules::reasoned(reason)?;
            write.note("reason", reason);
            if assets.len() > limits::SPLIT_PARTS {
                return Err(Refusal::too_many(limits::SPLIT_PARTS).into());
            }
            let named: Vec<Named<AssetId>> = assets.iter().map(|asset| (*asset).into()).collect();
            let ids: Vec<AssetId> = named.iter().map(|asset| asset.id).collect();
            let dossiers = write.dossiers(&ids).await?;
            let before: Vec<Model> = dossiers.iter().map(|dossier| dossier.asset.clone()).collect();
            for asset in &before {
                named
                    .iter()
                    .filter(|one| one.id == asset.id)
                    .try_for_each(|one| one.check(asset.version))?;
            }
            let division = division::merge(&before, name)?;
            let agreed = agreed_title(&dossiers);
            let today = write.today();
            let maintainers: Vec<_> =
                dossiers.iter().map(|one| running(&one.duties, today)).collect();
            let funding = dossiers.iter().flat_map(|one| &one.funding);
            let sources: Vec<Source> =
                funding.filter(|row| !row.is_withdrawn).map(Source::of).collect();
            retire(write, division.replaced, &before).await?;
            let registrations = division.parts.into_iter().map(|asset| {
                let (title, holders) = agreed.clone();
                let duties = agreed_duties(&maintainers, today);
                Registration { asset, sources: sources.clone(), title, holders, duties }
            });
            let mut merged = put_in(write, registrations.collect(), Completeness::TakeOn).await?;
            merged.pop().ok_or(Error::Conflict)
        })
        .await
}

async fn at_version(write: &mut Write, id: AssetId, version: i64) -> Result<Model> {
    let asset = write.get::<asset::Entity>(id).await?;
    let is_read = asset.version == version || crate::broken::is("the version is not compared");
    if is_read { Ok(asset) } else { Err(Error::Conflict) }
}

/// Takes assets off the books: their duties and work orders end, their sources are withdrawn.
async fn retire(write: &mut Write, replaced: Vec<Model>, before: &[Model]) -> Result<()> {
    for (before, after) in before.iter().zip(replaced) {
        end_duties(write, before.id, EndReason::AssetLeft).await?;
        super::work_order::drop_all(write, before.id).await?;
        super::revival::drop_all(write, before.id).await?;
        super::welfare_post::drop_asset(write, before.id).await?;
        for row in write.funding_of(before.id).await?.into_iter().filter(|row| !row.is_withdrawn) {
            let withdrawn = funding::Model { is_withdrawn: true, ..row.clone() };
            write.update::<funding::Entity>(&row, withdrawn).await?;
        }
        write.update::<asset::Entity>(before, after).await?;
    }
    Ok(())
}

/// Ends today every duty on an asset that still runs or is yet to begin.
async fn end_duties(write: &mut Write, id: AssetId, reason: EndReason) -> Result<()> {
    for duty in running_duties(write, id).await? {
        let closed = duties::close(&duty, write.today(), reason);
        write.update::<duty::Entity>(&duty, closed).await?;
    }
    Ok(())
}

async fn running_duties(write: &Write, asset: AssetId) -> Result<Vec<duty::Model>> {
    let today = write.today();
    let duties = write.duties_of(asset).await?;
    Ok(duties.into_iter().filter(|duty| duty.until_on.is_none_or(|until| until >= today)).collect())
}

fn running(duties: &[duty::Model], today: NaiveDate) -> Vec<duty::Model> {
    duties.iter().filter(|duty| duty.runs_on(today)).cloned().collect()
}

fn holders(holdings: &[holding::Model]) -> Vec<Holder> {
    holdings.iter().filter(|row| row.until_on.is_none()).filter_map(Holder::of).collect()
}

fn fresh_title(title: title::Model) -> title::Model {
    title::Model { version: 0, ..title }
}

/// Divides every source among the parts by their original values, so that each keeps its origin.
fn divide_funding(
    registrations: &mut [Registration],
    funding: &[funding::Model],
    parts: &[Part],
) -> Result<()> {
    for row in funding.iter().filter(|row| !row.is_withdrawn) {
        let amounts = row.amount.map(|amount| division::divide(amount, parts)).transpose()?;
        for (place, registration) in registrations.iter_mut().enumerate() {
            let amount = amounts.as_ref().map(|amounts| amounts[place]);
            registration.sources.push(Source { amount, ..Source::of(row) });
        }
    }
    Ok(())
}

/// Every running duty goes on for every part, its budget divided.
fn divide_duties(
    registrations: &mut [Registration],
    running: &[duty::Model],
    parts: &[Part],
    today: NaiveDate,
) -> Result<()> {
    for duty in running {
        let Some(bearer) = Party::of(duty.organization_id, duty.person_id) else { continue };
        let budgets = duty.annual_budget.map(|money| division::divide(money, parts)).transpose()?;
        for (place, registration) in registrations.iter_mut().enumerate() {
            let annual_budget = budgets.as_ref().map(|budgets| budgets[place]);
            let from_on = duty.from_on.map_or(Some(today), |from| Some(from.max(today)));
            let terms = Terms { from_on, annual_budget, ..Terms::of(duty) };
            registration.duties.push((duty.kind, bearer, terms));
        }
    }
    Ok(())
}

/// The title of a merger: that of its assets where they agree, else a new one in progress.
fn agreed_title(dossiers: &[crate::store::Dossier]) -> (Option<title::Model>, Vec<Holder>) {
    let Some(first) = dossiers.first() else { return (None, Vec::new()) };
    let mut agreed = holders(&first.holdings);
    agreed.sort_by_key(|holder| (holder.right, holder.party));
    let same = dossiers.iter().all(|dossier| {
        let mut others = holders(&dossier.holdings);
        others.sort_by_key(|holder| (holder.right, holder.party));
        let states = (dossier.title.as_ref().map(|title| title.state), others);
        states == (first.title.as_ref().map(|title| title.state), agreed.clone())
    });
    if same {
        return (first.title.clone().map(fresh_title), agreed);
    }
    let area = first.asset.area_code;
    let open =
        title::Model { state: title::State::InProgress, ..titles::blank(first.asset.id, area) };
    (Some(open), Vec::new())
}

/// The duties of a merger: those that all its assets share, with their budgets together.
fn agreed_duties(running: &[Vec<duty::Model>], today: NaiveDate) -> Vec<(Kind, Party, Terms)> {
    let Some((first, others)) = running.split_first() else { return Vec::new() };
    let shared = first.iter().filter_map(|duty| {
        let party = Party::of(duty.organization_id, duty.person_id)?;
        let same: Vec<&duty::Model> = others
            .iter()
            .filter_map(|duties| {
                duties.iter().find(|other| {
                    other.kind == duty.kind
                        && Party::of(other.organization_id, other.person_id) == Some(party)
                })
            })
            .collect();
        if same.len() != others.len() {
            return None;
        }
        let budgets = std::iter::once(duty).chain(same).map(|duty| duty.annual_budget);
        let annual_budget =
            budgets.collect::<Option<Vec<_>>>().and_then(entity::money::Money::total);
        let terms = Terms { from_on: Some(today), annual_budget, ..Terms::of(duty) };
        Some((duty.kind, party, terms))
    });
    shared.collect()
}
