//! 确权: whom the ledger suggests as the owners of assets, and confirming what it suggests for many
//! at once.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    asset, holding,
    id::HoldingId,
    title::{self, State},
};
use sha2::{Digest, Sha256};

use super::{place::Places, title::settle_within};
use crate::{
    domain::{
        permission::Action,
        refusal::Refusal,
        title::{self as rules, Basis, Holder, Party},
    },
    error::{Error, Result},
    limits,
    store::{Actor, Ledger, vault::Named},
};

/// An asset, how far its title is settled, and whom the ledger suggests.
pub struct Proposal {
    /// The asset.
    pub asset: asset::Model,
    /// Where it lies.
    pub place: String,
    /// Its title, where one was opened.
    pub title: Option<title::Model>,
    /// Everybody who holds or held a right.
    pub holdings: Vec<holding::Model>,
    /// The owners that are suggested, and how they are called; people masked.
    pub owners: Vec<(Holder, Named)>,
    /// On what grounds; nothing where the ledger cannot tell.
    pub basis: Option<Basis>,
}

impl Proposal {
    /// How far the title is settled.
    pub fn state(&self) -> State {
        self.title.as_ref().map_or(State::Unconfirmed, |title| title.state)
    }

    /// Whether it may be confirmed with others: somebody is suggested and nobody disputes it.
    pub fn is_ready(&self) -> bool {
        self.basis.is_some()
            && matches!(self.state(), State::Unconfirmed | State::InProgress)
            && self.asset.state == asset::State::Held
    }

    fn version(&self) -> i64 {
        self.title.as_ref().map_or(0, |title| title.version)
    }
}

/// What the ledger suggests for assets, in the order of their ids: in a few queries, however many
/// there are.
pub async fn proposals(
    ledger: &Ledger,
    actor: &Actor,
    assets: &[asset::Model],
) -> Result<Vec<Proposal>> {
    let read = ledger.read(actor);
    let ids: Vec<_> = assets.iter().map(|asset| asset.id).collect();
    let dossiers = read.dossiers(&ids).await?;
    let areas: BTreeSet<AreaCode> = dossiers.iter().map(|one| one.asset.area_code).collect();
    let collectives = read.collectives(&areas.iter().copied().collect::<Vec<_>>()).await?;
    let mut places = Places::new(read.today());
    places.learn(&read, areas).await?;
    let suggested: Vec<_> = dossiers
        .iter()
        .map(|one| {
            let there = collectives.get(&one.asset.area_code).map_or(&[][..], Vec::as_slice);
            rules::suggest(&one.asset, &one.holdings, there)
        })
        .collect();
    let owners = suggested.iter().flatten().flat_map(|(owners, _)| owners);
    let parties: BTreeSet<Party> = owners.map(|owner| owner.party).collect();
    let named = read.parties_masked(&parties.into_iter().collect::<Vec<_>>()).await?;
    let name = |owner: Holder| {
        let named = named.get(&owner.party).cloned().unwrap_or_default();
        (owner, named)
    };
    Ok(dossiers
        .into_iter()
        .zip(suggested)
        .map(|(one, suggested)| {
            let (owners, basis) = suggested.map_or((Vec::new(), None), |(owners, basis)| {
                (owners.into_iter().map(name).collect(), Some(basis))
            });
            Proposal {
                place: places.path_below(one.asset.area_code, Some(actor.area())),
                asset: one.asset,
                title: one.title,
                holdings: one.holdings,
                owners,
                basis,
            }
        })
        .collect())
}

/// Holdings by their ids, each with its version.
fn versions(holdings: &[holding::Model]) -> BTreeSet<(HoldingId, i64)> {
    holdings.iter().map(|row| (row.id, row.version)).collect()
}

/// A digest of what is suggested, and of the titles as they are.
pub fn mark(proposals: &[Proposal]) -> String {
    let mut digest = Sha256::new();
    for one in proposals {
        digest.update(format!("{}:{}:{};", one.asset.id, one.asset.version, one.version()));
        for (owner, _) in &one.owners {
            digest.update(format!("{:?}:{},", owner.party, owner.share));
        }
    }
    digest.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Confirms what is suggested for every asset that is ready; nothing where a title has moved on, or
/// where what is suggested now is not what was `seen`. Answers how many were confirmed.
pub async fn confirm(
    ledger: &Ledger,
    actor: &Actor,
    seen: Option<&[Proposal]>,
    confirmed_on: NaiveDate,
) -> Result<usize> {
    ledger
        .write(actor, Action::SettleTitle, async |write| {
            // within the action, so that a form that comes again is answered as before
            let proposals = seen.ok_or(Error::Conflict)?;
            if proposals.len() > limits::ASSETS_PER_ACTION {
                return Err(Refusal::too_many(limits::ASSETS_PER_ACTION).into());
            }
            let ready: Vec<&Proposal> = proposals.iter().filter(|one| one.is_ready()).collect();
            if ready.is_empty() {
                return Err(Refusal::owner_missing().into());
            }
            for one in &ready {
                let id = one.asset.id;
                let asset = write.get::<asset::Entity>(id).await?;
                let stored = write.title_of(id).await?;
                let before = stored.unwrap_or_else(|| rules::blank(id, asset.area_code));
                // an import names holders and leaves the title as it is
                let standing = write.holdings_of(id).await?;
                let is_as_seen = (before.version, asset.version)
                    == (one.version(), one.asset.version)
                    && versions(&standing) == versions(&one.holdings);
                if !is_as_seen {
                    return Err(Error::Conflict);
                }
                let owners: Vec<Holder> =
                    one.owners.iter().map(|(owner, _)| owner.clone()).collect();
                let holders = rules::needed(&asset, &one.holdings, &owners);
                let next = title::Model {
                    state: State::Confirmed,
                    confirmed_on: Some(confirmed_on),
                    ..before
                };
                settle_within(write, id, next, &holders).await?;
            }
            Ok(ready.len())
        })
        .await
}
