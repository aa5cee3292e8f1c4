//! An asset's card with everything recorded beside it, now or at an earlier time.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    asset, duty, holding,
    id::{AssetId, OrganizationId, PersonId},
    language::Sentence,
};

use super::place::Places;
use crate::{
    clock::day_of,
    domain::{
        as_of::AsOf,
        deficiency::{self, Standing},
        title::Party,
    },
    error::{Error, Result},
    store::{Actor, Dossier, Ledger, Read, Subject, vault::Named},
};

/// By what an asset is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// Its id.
    Id(AssetId),
    /// Its code.
    Code(&'a str),
}

/// Everything about an asset.
pub struct Card {
    /// What is recorded.
    pub dossier: Dossier,
    /// What the rules find, each with its reason.
    pub findings: Vec<(Standing, Sentence)>,
    /// The names of areas, from the top down to where it lies.
    pub place: String,
    /// The day it is about.
    pub day: NaiveDate,
    parties: HashMap<Party, Named>,
}

impl Card {
    /// Whoever two columns name, and how they are called: people are masked.
    pub fn party(
        &self,
        organization: Option<OrganizationId>,
        person: Option<PersonId>,
    ) -> Option<(Party, Named)> {
        let party = Party::of(organization, person)?;
        Some((party, self.parties.get(&party).cloned().unwrap_or_default()))
    }
}

/// Everything about an asset, as it stands or as it was recorded at an earlier time.
pub async fn card(
    ledger: &Ledger,
    actor: &Actor,
    key: Key<'_>,
    as_of: Option<AsOf>,
) -> Result<Card> {
    let read = ledger.read(actor);
    let asset = match key {
        Key::Id(id) => read.get::<asset::Entity>(id).await?,
        Key::Code(code) => read.asset(code).await?,
    };
    let (dossiers, day) = match as_of {
        None => (read.dossiers(&[asset.id]).await?, read.today()),
        Some(as_of) => {
            let at = as_of.instant(ledger.clock().now())?;
            (read.dossiers_then(&[asset.id], at).await?, day_of(at))
        }
    };
    let dossier = dossiers.into_iter().next().ok_or(Error::NotFound(asset::Entity::NOUN))?;
    put_together(&read, dossier, day).await
}

async fn put_together(read: &Read<'_>, dossier: Dossier, day: NaiveDate) -> Result<Card> {
    let of_holding = |row: &holding::Model| Party::of(row.organization_id, row.person_id);
    let of_duty = |row: &duty::Model| Party::of(row.organization_id, row.person_id);
    let holders = dossier.holdings.iter().filter_map(of_holding);
    let parties: Vec<Party> = holders.chain(dossier.duties.iter().filter_map(of_duty)).collect();
    let parties = read.parties_masked(&parties).await?;
    let mut places = Places::new(day);
    places.learn(read, [dossier.asset.area_code]).await?;
    let place = places.path(dossier.asset.area_code);
    let facts = dossier.facts();
    let findings = deficiency::evaluate(&facts, day).into_iter().filter_map(|standing| {
        let found = deficiency::explain(standing.rule, &facts, day)?;
        Some((standing, found.sentence))
    });
    let findings = findings.collect();
    Ok(Card { dossier, findings, place, day, parties })
}
