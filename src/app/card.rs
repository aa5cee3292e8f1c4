//! An asset's card with everything recorded beside it, now or at an earlier time.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    area::Level,
    asset, duty, holding,
    id::{AssetId, OrganizationId, PersonId},
    language::Sentence,
    setting,
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
    /// The office of the township it lies in, where there is one.
    pub office: Option<Named>,
    /// The day it is about.
    pub day: NaiveDate,
    notice: i64,
    parties: HashMap<Party, Named>,
}

impl Card {
    /// The days that are left of a running duty, where a local rule has them told by now.
    pub fn days_left(&self, duty: &duty::Model) -> Option<i64> {
        let until = duty.until_on.filter(|_| duty.runs_on(self.day))?;
        let left = (until - self.day).num_days();
        (left <= self.notice).then_some(left)
    }

    /// Whoever two columns name, and how they are called: people are masked.
    pub fn party(
        &self,
        organization: Option<OrganizationId>,
        person: Option<PersonId>,
    ) -> Option<(Party, Named)> {
        let party = Party::of(organization, person)?;
        Some((party, self.named(party)))
    }

    /// How a party is called; masked.
    pub fn named(&self, party: Party) -> Named {
        self.parties.get(&party).cloned().unwrap_or_default()
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
    let now = ledger.clock().now();
    let at = as_of.map_or(Ok(now), |as_of| as_of.instant(now))?;
    let dossiers = match as_of {
        None => read.dossiers_beside(vec![asset]).await?,
        Some(_) => read.dossiers_then(&[asset.id], at).await?,
    };
    let dossier = dossiers.into_iter().next().ok_or(Error::NotFound(asset::Entity::NOUN))?;
    put_together(&read, dossier, at).await
}

async fn put_together(read: &Read<'_>, dossier: Dossier, at: DateTime<Utc>) -> Result<Card> {
    let (day, area) = (day_of(at), dossier.asset.area_code);
    let local = read.local_rules([area]).await?.known_at(at);
    let thresholds = local.thresholds(area, day);
    let of_holding = |row: &holding::Model| Party::of(row.organization_id, row.person_id);
    let of_duty = |row: &duty::Model| Party::of(row.organization_id, row.person_id);
    let holders = dossier.holdings.iter().filter_map(of_holding);
    let town = area.at(Level::Town);
    let office = read.offices(&[town]).await?.remove(&town).map(Party::Organization);
    let borne = holders.chain(dossier.duties.iter().filter_map(of_duty));
    let parties: Vec<Party> = borne.chain(office).collect();
    let parties = read.parties_masked(&parties).await?;
    let office = office.and_then(|party| parties.get(&party)).cloned();
    let mut places = Places::new(day);
    places.learn(read, [dossier.asset.area_code]).await?;
    let place = places.path(dossier.asset.area_code);
    let facts = dossier.facts();
    let found = deficiency::evaluate(&facts, &thresholds, day).into_iter();
    let findings = found.filter_map(|standing| {
        let found = deficiency::explain(standing.rule, &facts, &thresholds, day)?;
        Some((standing, found.sentence))
    });
    let findings = findings.collect();
    let notice = local.number(setting::Key::DutyNotice, area, day);
    Ok(Card { dossier, findings, place, office, day, notice, parties })
}
