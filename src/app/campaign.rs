//! 专项排查、回头看: what is open is gone through, answered, checked again in part, and closed out by
//! somebody else (domain.md §4).

use std::collections::BTreeSet;

use anyhow::anyhow;
use entity::{
    campaign::{Entity, Model},
    campaign_line::{self, Recheck},
    id::{CampaignId, CampaignLineId},
};

use super::{named::Named, reference};
use crate::{
    domain::{
        campaign::{self as rules, Answer, Opening},
        permission::Action,
        refusal::Refusal,
        title::Party,
    },
    error::{Error, Result},
    limits,
    store::{Actor, Ledger, Subject},
};

/// Begins a campaign: what is open in the area now becomes its lines, numbered in the order of
/// place.
pub async fn open(ledger: &Ledger, actor: &Actor, opening: &Opening) -> Result<Model> {
    ledger
        .write(actor, Action::OpenCampaign, async |write| {
            write.area(opening.area).await?;
            let who = (write.actor().account(), write.today());
            rules::check(opening, who.1).into_result()?;
            rules::check_extent(opening.area)?;
            let found = write.findings_standing(opening.area, opening.rule).await?;
            let row = rules::open(opening, found.len(), who)?;
            let campaign = write.insert::<Entity>(row).await?;
            let numbered = (1..).zip(&found).map(|(no, row)| rules::line(&campaign, no, row));
            let lines: Vec<campaign_line::Model> = numbered.collect();
            for batch in lines.chunks(limits::IMPORT_BATCH) {
                write.insert_all::<campaign_line::Entity>(batch.to_vec()).await?;
                write.unburden().await?;
            }
            Ok(campaign)
        })
        .await
}

/// Answers lines of a campaign alike, each as it was read. All of them or none.
pub async fn answer(
    ledger: &Ledger,
    actor: &Actor,
    (campaign, lines): (CampaignId, &[(CampaignLineId, i64)]),
    answer: &Answer,
) -> Result<Vec<campaign_line::Model>> {
    let named: BTreeSet<CampaignLineId> = lines.iter().map(|(id, _)| *id).collect();
    if lines.is_empty() || named.len() != lines.len() {
        return Err(Refusal::campaign_lines_twice().into());
    }
    if lines.len() > limits::ASSETS_PER_ACTION {
        return Err(Refusal::too_many(limits::ASSETS_PER_ACTION).into());
    }
    ledger
        .write(actor, Action::AnswerCampaign, async |write| {
            // a line elsewhere and one that is nowhere are told alike, whatever campaign is named
            let campaign = write.campaign(campaign).await.map_err(|error| match error {
                Error::NotFound(_) => no_line(),
                other => other,
            })?;
            if let Some(id) = answer.organization {
                reference::check_party(write, Party::Organization(id), answer.due_on).await?;
            }
            let who = (write.actor().account(), write.today());
            let mut answered = Vec::with_capacity(lines.len());
            for (id, version) in lines {
                let before = write.get::<campaign_line::Entity>(*id).await?;
                belongs(&campaign, &before)?;
                if before.version != *version {
                    return Err(Error::Conflict);
                }
                let after = rules::answer(&campaign, &before, answer, who)?;
                answered.push(write.update::<campaign_line::Entity>(&before, after).await?);
            }
            Ok(answered)
        })
        .await
}

/// A line of another campaign is not there.
fn belongs(campaign: &Model, line: &campaign_line::Model) -> Result<()> {
    if line.campaign_id == campaign.id { Ok(()) } else { Err(no_line()) }
}

fn no_line() -> Error {
    Error::NotFound(campaign_line::Entity::NOUN)
}

/// Draws the sample that is checked again, by a seed that the ledger makes and publishes.
pub async fn draw(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<CampaignId>>,
    size: i32,
) -> Result<Model> {
    let named = named.into();
    let seed = seed()?;
    ledger
        .write(actor, Action::DrawCampaign, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let counted = write.campaign_counted(&before).await?;
            let after = rules::draw(&before, counted.answered, (&seed, size), write.today())?;
            let numbers = rules::drawn(&seed, before.n_lines, size);
            for line in write.lines_numbered(&before, &numbers).await? {
                let drawn = campaign_line::Model { is_drawn: true, ..line.clone() };
                write.update::<campaign_line::Entity>(&line, drawn).await?;
            }
            write.update::<Entity>(&before, after).await
        })
        .await
}

/// Sixteen random bytes as text: nobody knows the sample before it is drawn, nor chooses it.
fn seed() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no randomness: {error}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Records what the re-check of a drawn line saw.
pub async fn recheck(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<CampaignLineId>>,
    (result, note): (Recheck, &str),
) -> Result<campaign_line::Model> {
    let named = named.into();
    ledger
        .write(actor, Action::RecheckCampaign, async |write| {
            let before = write.get::<campaign_line::Entity>(named.id).await?;
            named.check(before.version)?;
            let campaign = write.campaign(before.campaign_id).await?;
            let who = (write.actor().account(), write.today());
            let after = rules::recheck(&campaign, &before, (result, note), who)?;
            write.update::<campaign_line::Entity>(&before, after).await
        })
        .await
}

/// Closes a campaign out, when everything is answered and the sample was checked again.
pub async fn close(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<CampaignId>>,
    conclusion: &str,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::CloseCampaign, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let counted = write.campaign_counted(&before).await?;
            let who = (write.actor().account(), write.today());
            let counts = (counted.answered, counted.rechecked);
            let after = rules::close(&before, counts, conclusion, who)?;
            write.update::<Entity>(&before, after).await
        })
        .await
}
