//! Webhooks: added with a secret that is shown once, changed, paused, ended, sent again. Who is sent
//! what and how, `deliver.rs`; how it is carried, `post.rs`; where to, `address.rs`.

pub mod address;
pub mod deliver;
pub mod post;

use entity::{
    area::AreaCode,
    id::WebhookId,
    webhook::{Entity, Model},
};

use self::address::{Address, Reach};
use super::named::Named;
use crate::{
    domain::{
        permission::Action,
        secret::Secret,
        webhook::{self as rules, Draft},
    },
    error::Result,
    store::{
        Actor, Ledger,
        event::{self, Wanted},
        webhook::Progress,
    },
};

/// A webhook and how far it has come.
pub struct Told {
    /// The webhook.
    pub row: Model,
    /// How far it has come.
    pub progress: Progress,
    /// The last position of its county's log.
    pub end: i64,
}

/// Webhooks of the reader's area, behind one of them.
pub async fn list(
    ledger: &Ledger,
    actor: &Actor,
    after: Option<(AreaCode, WebhookId)>,
    limit: u64,
) -> Result<Vec<Told>> {
    let read = ledger.read(actor);
    read.require(Action::ReadWebhooks)?;
    let rows = read.webhooks(after, limit).await?;
    let mut progress = read.webhook_progress(&rows).await?;
    let ends = read.ends_of_events(rows.iter().map(|row| row.area_code.county())).await?;
    let told = rows.into_iter().filter_map(|row| {
        let end = ends.get(&row.area_code.county()).copied().unwrap_or(-1);
        Some(Told { progress: progress.remove(&row.id)?, end, row })
    });
    Ok(told.collect())
}

/// One webhook and how far it has come.
pub async fn told(ledger: &Ledger, actor: &Actor, id: WebhookId) -> Result<Told> {
    let read = ledger.read(actor);
    read.require(Action::ReadWebhooks)?;
    let row = read.get::<Entity>(id).await?;
    let end = read.end_of_events(row.area_code.county()).await?;
    let progress = read.webhook_progress(std::slice::from_ref(&row)).await?.remove(&id);
    let lost = || anyhow::anyhow!("webhook {id} has no deliveries");
    Ok(Told { progress: progress.ok_or_else(lost)?, end, row })
}

/// Which events somebody asks for, where nothing is wrong with it; the two fields are what the asker
/// calls nouns and actions.
pub fn wanted(
    nouns: Vec<String>,
    actions: Vec<String>,
    (noun, action): (&'static str, &'static str),
) -> Result<Wanted> {
    let known: Vec<&str> = event::told().map(|(noun, _)| noun).collect();
    let draft = Draft { address: String::new(), nouns, actions };
    let mut mistakes = rules::check(&draft, &known);
    for mistake in &mut mistakes.0 {
        mistake.field = if mistake.field == "nouns" { noun } else { action }.into();
    }
    mistakes.into_result()?;
    Ok(Wanted { nouns: draft.nouns, actions: draft.actions })
}

/// What a webhook is to be told of, where nothing is wrong with it.
fn checked(draft: &Draft, reach: &Reach) -> Result<Draft> {
    let known: Vec<&str> = event::told().map(|(noun, _)| noun).collect();
    let mut mistakes = rules::check(draft, &known);
    let address = match Address::read(&draft.address, reach) {
        Ok(address) => address.to_string(),
        Err(wrong) => {
            mistakes.0.extend(wrong.0);
            String::new()
        }
    };
    mistakes.into_result()?;
    Ok(Draft { address, ..draft.clone() })
}

/// Adds a webhook of an area. What is signed with is answered this once.
pub async fn add(
    ledger: &Ledger,
    actor: &Actor,
    (area, draft): (AreaCode, &Draft),
    reach: &Reach,
) -> Result<(Model, Secret)> {
    actor.require(Action::AddWebhook)?;
    let draft = checked(draft, reach)?;
    ledger
        .write(actor, Action::AddWebhook, async |write| {
            write.area(area).await?;
            let n = write.n_webhooks(area.county()).await?;
            let row = rules::add(area, &draft, n, write.now())?;
            let row = write.insert::<Entity>(row).await?;
            let secret = write.begin_delivery(&row).await?;
            Ok((row, secret))
        })
        .await
}

/// Has a webhook sent elsewhere, or told of something else.
pub async fn amend(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WebhookId>>,
    draft: &Draft,
    reach: &Reach,
) -> Result<Model> {
    let named = named.into();
    actor.require(Action::AmendWebhook)?;
    let draft = checked(draft, reach)?;
    ledger
        .write(actor, Action::AmendWebhook, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = rules::amend(&before, &draft)?;
            write.update::<Entity>(&before, after).await
        })
        .await
}

/// Sends nothing until it is resumed.
pub async fn pause(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WebhookId>>,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::PauseWebhook, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = write.update::<Entity>(&before, rules::pause(&before)?).await?;
            write.stop_delivery(after.id).await?;
            Ok(after)
        })
        .await
}

/// Goes on where it stopped, by itself or because it was paused.
pub async fn resume(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WebhookId>>,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::ResumeWebhook, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let is_failing = write.is_webhook_failing(before.id).await?;
            let after = rules::resume(&before, is_failing)?;
            let after = write.update::<Entity>(&before, after).await?;
            write.resume_delivery(after.id).await?;
            Ok(after)
        })
        .await
}

/// Sends nothing ever again.
pub async fn end(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WebhookId>>,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::EndWebhook, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = write.update::<Entity>(&before, rules::end(&before)?).await?;
            write.stop_delivery(after.id).await?;
            Ok(after)
        })
        .await
}

/// Gives a webhook another secret, which is answered this once.
pub async fn rotate(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WebhookId>>,
) -> Result<(Model, Secret)> {
    let named = named.into();
    ledger
        .write(actor, Action::RotateWebhook, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = write.update::<Entity>(&before, rules::rotate(&before)?).await?;
            let secret = write.rotate_secret(after.id).await?;
            Ok((after, secret))
        })
        .await
}

/// Sends what stands from a position of the log on once more, under the same ids.
pub async fn replay(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WebhookId>>,
    from: i64,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::ReplayWebhook, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let end = write.end_of_log(before.area_code.county()).await?;
            let after = rules::replay(&before, from, end)?;
            let after = write.update::<Entity>(&before, after).await?;
            write.replay_delivery(after.id, from).await?;
            Ok(after)
        })
        .await
}
