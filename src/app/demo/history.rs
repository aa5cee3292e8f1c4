//! What happened in the sample county since its register was drawn up. Every step is left out
//! when the rows show that it was taken.

use chrono::{Days, NaiveDate};
use entity::{
    area::AreaCode,
    asset::{self, State, Subclass},
    duty::{BudgetSource, Kind, Tier},
    finding::Rule,
    id::{OrganizationId, PersonId},
    money::Money,
    title,
};

use crate::{
    app,
    domain::{
        asset::division::Part,
        duty::Terms,
        masking::Contact,
        permission::Action,
        sample::{Event, Named},
        title::Party,
    },
    error::{Error, Result},
    store::{Actor, Dossier, Ledger, Write},
};

/// What a maintainer who was found costs a year.
const FOUND_BUDGET: Money = Money::from_fen(360_000);

/// Carries out one event, unless it was before.
pub(super) async fn carry_out(ledger: &Ledger, actor: &Actor, event: &Event) -> Result<()> {
    match event {
        Event::OrganizationEnded(named, on) => end_organization(ledger, actor, named, *on).await,
        Event::PersonLeft(area, contact, on) => {
            end_person(ledger, actor, (*area, contact), *on).await
        }
        Event::AreaRenamed(area, name, on) => rename(ledger, actor, (*area, name), *on).await,
        Event::AreaMerged(area, into, on) => merge_area(ledger, actor, (*area, *into), *on).await,
        Event::TitleConfirmed(key, title) => confirm(ledger, actor, key, title).await,
        Event::MaintainerFound(key, named, from) => {
            find_maintainer(ledger, actor, key, (named, *from)).await
        }
        Event::Waived(key, rule, reason, days) => {
            waive(ledger, actor, key, (*rule, reason, *days)).await
        }
        Event::Merged(keys, name, reason) => merge(ledger, actor, keys, (name, reason)).await,
        Event::Amended(..)
        | Event::Corrected(..)
        | Event::Reclassed(..)
        | Event::HandedOver(..)
        | Event::Split(..) => change_card(ledger, actor, event).await,
    }
}

/// The changes of one card: each is the first that the card sees.
async fn change_card(ledger: &Ledger, actor: &Actor, event: &Event) -> Result<()> {
    let (Event::Amended(key, ..)
    | Event::Corrected(key, ..)
    | Event::Reclassed(key, ..)
    | Event::HandedOver(key, ..)
    | Event::Split(key, ..)) = event
    else {
        return Ok(());
    };
    let Some(card) = untouched(ledger, actor, key).await? else { return Ok(()) };
    let at = (card.id, card.version);
    match event {
        Event::Amended(_, change) => {
            app::asset::amend(ledger, actor, at, |card| change.apply(card)).await?;
        }
        Event::Corrected(_, change, reason) => {
            app::asset::correct(ledger, actor, at, reason, |card| change.apply(card)).await?;
        }
        Event::Reclassed(_, subclass, reason) => {
            reclass(ledger, actor, at, (*subclass, reason)).await?;
        }
        Event::HandedOver(_, on, no) => {
            app::asset::hand_over(ledger, actor, at, *on, Some(no.clone())).await?;
        }
        Event::Split(_, parts, reason) => {
            split(ledger, actor, at, (parts, reason)).await?;
        }
        _ => {}
    }
    Ok(())
}

async fn reclass(
    ledger: &Ledger,
    actor: &Actor,
    at: (entity::id::AssetId, i64),
    (subclass, reason): (Subclass, &str),
) -> Result<asset::Model> {
    let kind = (subclass.class(), Some(subclass));
    app::asset::reclass(ledger, actor, at, kind, reason).await
}

async fn split(
    ledger: &Ledger,
    actor: &Actor,
    at: (entity::id::AssetId, i64),
    (parts, reason): (&[Part], &str),
) -> Result<Vec<asset::Model>> {
    app::asset::split(ledger, actor, at, parts, reason).await
}

/// An asset that nobody has changed since it was registered.
async fn untouched(ledger: &Ledger, actor: &Actor, key: &str) -> Result<Option<asset::Model>> {
    let keys = [key.to_owned()];
    let found = super::assets(ledger, actor, &keys).await?.remove(key);
    Ok(found.filter(|card| card.version == 1 && card.state == State::Held))
}

/// Everything recorded of such an asset.
async fn dossier(ledger: &Ledger, actor: &Actor, key: &str) -> Result<Option<Dossier>> {
    let Some(card) = untouched(ledger, actor, key).await? else { return Ok(None) };
    Ok(ledger.read(actor).dossiers(&[card.id]).await?.pop())
}

async fn organization(
    ledger: &Ledger,
    actor: &Actor,
    named: &Named,
) -> Result<entity::organization::Model> {
    // nothing is written: only the write door finds organizations by name
    let find = async |write: &mut Write| write.organizations_named(&named.name, named.area).await;
    let found = ledger.write(actor, Action::RegisterOrganization, find).await?;
    let noun = entity::language::Label::new("单位", "organization");
    found.into_iter().find(|row| row.area_code == named.area).ok_or(Error::NotFound(noun))
}

async fn end_organization(
    ledger: &Ledger,
    actor: &Actor,
    named: &Named,
    on: NaiveDate,
) -> Result<()> {
    let row = organization(ledger, actor, named).await?;
    if row.ended_on.is_none() {
        app::organization::end(ledger, actor, row.id, on).await?;
    }
    Ok(())
}

async fn end_person(
    ledger: &Ledger,
    actor: &Actor,
    (area, contact): (AreaCode, &Contact),
    on: NaiveDate,
) -> Result<()> {
    let find = async |write: &mut Write| write.find_person(area, contact).await;
    let found = ledger.write(actor, Action::EndPerson, find).await?;
    if let Some(PersonId(id)) = found.map(|row| row.id) {
        app::person::end(ledger, actor, PersonId(id), on).await?;
    }
    Ok(())
}

async fn rename(
    ledger: &Ledger,
    actor: &Actor,
    (area, name): (AreaCode, &str),
    on: NaiveDate,
) -> Result<()> {
    let names = ledger.read(actor).area_names(&[area]).await?;
    if names.get(&area).is_some_and(|known| known != name) {
        app::area::rename(ledger, actor, area, name, on).await?;
    }
    Ok(())
}

async fn merge_area(
    ledger: &Ledger,
    actor: &Actor,
    (area, into): (AreaCode, AreaCode),
    on: NaiveDate,
) -> Result<()> {
    if ledger.read(actor).area_names(&[area]).await?.contains_key(&area) {
        app::area::merge(ledger, actor, area, into, on).await?;
    }
    Ok(())
}

async fn confirm(ledger: &Ledger, actor: &Actor, key: &str, title: &title::Model) -> Result<()> {
    let Some(dossier) = dossier(ledger, actor, key).await? else { return Ok(()) };
    let is_open = dossier.title.is_none_or(|title| title.state != title::State::Confirmed);
    if is_open {
        app::title::settle(ledger, actor, dossier.asset.id, title.clone(), &[]).await?;
    }
    Ok(())
}

async fn find_maintainer(
    ledger: &Ledger,
    actor: &Actor,
    key: &str,
    (named, from): (&Named, NaiveDate),
) -> Result<()> {
    let found = dossier(ledger, actor, key).await?;
    let Some(dossier) = found.filter(|dossier| dossier.duties.is_empty()) else { return Ok(()) };
    let OrganizationId(body) = organization(ledger, actor, named).await?.id;
    let terms = Terms {
        tier: Some(Tier::Township),
        standard: Some("乡镇兜底管护制度".to_owned()),
        from_on: Some(from),
        annual_budget: Some(FOUND_BUDGET),
        budget_source: Some(BudgetSource::Township),
        is_funded: Some(true),
        ..Terms::default()
    };
    let duty = (Kind::Maintainer, Party::Organization(OrganizationId(body)));
    app::duty::assign(ledger, actor, &[dossier.asset.id], duty, &terms).await?;
    Ok(())
}

async fn waive(
    ledger: &Ledger,
    actor: &Actor,
    key: &str,
    (rule, reason, days): (Rule, &str, u64),
) -> Result<()> {
    let found = dossier(ledger, actor, key).await?;
    let Some(dossier) = found.filter(|dossier| dossier.waivers.is_empty()) else { return Ok(()) };
    let today = ledger.today();
    let until = today.checked_add_days(Days::new(days)).unwrap_or(today);
    app::waiver::grant(ledger, actor, dossier.asset.id, rule, reason, until).await?;
    Ok(())
}

async fn merge(
    ledger: &Ledger,
    actor: &Actor,
    keys: &[String; 2],
    (name, reason): (&str, &str),
) -> Result<()> {
    let mut ids = Vec::with_capacity(keys.len());
    for key in keys {
        let Some(card) = untouched(ledger, actor, key).await? else { return Ok(()) };
        ids.push(card.id);
    }
    app::asset::merge(ledger, actor, &ids, name, reason).await?;
    Ok(())
}
