//! 公益岗位: given to somebody, with the assets that belong to it; ended; and what each month is paid.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::{
    asset, attendance,
    id::{AssetId, AttendanceId, PersonId, WelfarePostId},
    person, post_asset,
    welfare_post::{EndReason, Entity, Model},
};

use super::{duty::Assignee, named::Named, person as people, reference};
use crate::{
    domain::{
        permission::Action,
        refusal::Refusal,
        title::Party,
        welfare_post::{self as rules, Month},
    },
    error::{Error, Result},
    limits,
    store::{Actor, Ledger, Write},
};

/// Gives a post to somebody, with the assets that belong to it.
pub async fn open(
    ledger: &Ledger,
    actor: &Actor,
    (post, holder): (Model, &Assignee),
    assets: &[AssetId],
) -> Result<Model> {
    ledger
        .write(actor, Action::OpenPost, async |write| {
            write.area(post.area_code).await?;
            rules::check(&post).into_result()?;
            let person_id = held_by(write, &post, holder).await?;
            let post = Model { person_id, ..post };
            reference::check_party(write, Party::Person(person_id), Some(post.until_on)).await?;
            rules::open(&post, &write.posts_of_person(person_id).await?)?;
            let stored = write.insert::<Entity>(post).await?;
            set_assets(write, &stored, assets).await?;
            Ok(stored)
        })
        .await
}

async fn held_by(write: &mut Write, post: &Model, holder: &Assignee) -> Result<PersonId> {
    match holder {
        Assignee::Known(Party::Person(id)) => Ok(write.get_party::<person::Entity>(*id).await?.id),
        Assignee::Known(Party::Organization(_)) => {
            Err(Refusal::wrong_party("公益岗位", "welfare post").into())
        }
        Assignee::Person(contact, area) => {
            let area = area.unwrap_or(post.area_code);
            Ok(people::find_or_put_in(write, area, contact, None).await?.id)
        }
    }
}

/// Changes what a post asks and pays, and which assets belong to it.
pub async fn amend(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WelfarePostId>>,
    assets: Option<&[AssetId]>,
    change: impl Fn(Model) -> Result<Model>,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::AmendPost, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = change(before.clone())?;
            rules::check(&after).into_result()?;
            let others = write.posts_of_person(before.person_id).await?;
            let is_moved = match assets {
                Some(assets) => set_assets(write, &before, assets).await?,
                None => false,
            };
            match rules::amend(&before, &after, &others) {
                Ok(next) => write.update::<Entity>(&before, next).await,
                // another asset is a change as well
                Err(refusal) if is_moved && refusal.code == "row.nothing_changed" => Ok(before),
                Err(refusal) => Err(refusal.into()),
            }
        })
        .await
}

/// Has these assets belong to a post, and no others; whether anything changed.
async fn set_assets(write: &mut Write, post: &Model, assets: &[AssetId]) -> Result<bool> {
    let wanted: BTreeSet<AssetId> = assets.iter().copied().collect();
    if wanted.len() > limits::POST_ASSETS {
        return Err(Refusal::post_assets_full(limits::POST_ASSETS).into());
    }
    let standing = write.assets_of_post(post.id).await?;
    let today = write.today();
    let mut is_changed = false;
    for link in standing.iter().filter(|link| !wanted.contains(&link.asset_id)) {
        let last = today.pred_opt().unwrap_or(today);
        write.update::<post_asset::Entity>(link, rules::give_up(link, last)).await?;
        is_changed = true;
    }
    let known: BTreeSet<AssetId> = standing.iter().map(|link| link.asset_id).collect();
    for id in wanted.difference(&known) {
        let asset = write.get::<asset::Entity>(*id).await?;
        write.insert::<post_asset::Entity>(rules::take_on(post, &asset, today)?).await?;
        is_changed = true;
    }
    Ok(is_changed)
}

/// Ends a post before its term; its assets fall vacant with it.
pub async fn end(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<WelfarePostId>>,
    (on, reason): (NaiveDate, EndReason),
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::EndPost, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = rules::end(&before, (on, reason), write.today())?;
            vacate(write, before.id, after.until_on).await?;
            write.update::<Entity>(&before, after).await
        })
        .await
}

async fn vacate(write: &mut Write, id: WelfarePostId, on: NaiveDate) -> Result<()> {
    for link in write.assets_of_post(id).await? {
        write.update::<post_asset::Entity>(&link, rules::give_up(&link, on)).await?;
    }
    Ok(())
}

/// Ends the posts of a person who left on a day, within the same action.
pub(super) async fn end_all(write: &mut Write, id: PersonId, on: NaiveDate) -> Result<()> {
    for post in write.posts_of_person(id).await? {
        if post.until_on <= on || post.end_reason.is_some() {
            continue;
        }
        let after = rules::ended(&post, on, EndReason::Left);
        vacate(write, post.id, after.until_on).await?;
        write.update::<Entity>(&post, after).await?;
    }
    Ok(())
}

/// Takes an asset that goes off the books from its posts, within the same action.
pub(super) async fn drop_asset(write: &mut Write, id: AssetId) -> Result<()> {
    let today = write.today();
    let links = write.post_assets_of(id).await?;
    for link in links.iter().filter(|link| link.until_on.is_none()) {
        write.update::<post_asset::Entity>(link, rules::give_up(link, today)).await?;
    }
    Ok(())
}

/// Records a month of a post, or amends what was recorded of it; `version` is that which was read, 0
/// where there was none.
pub async fn record_month(
    ledger: &Ledger,
    actor: &Actor,
    (id, version): (WelfarePostId, Option<i64>),
    month: &Month,
) -> Result<attendance::Model> {
    ledger
        .write(actor, Action::RecordAttendance, async |write| {
            let post = write.get::<Entity>(id).await?;
            let first = rules::first_of(month.month_on);
            let before = write.month_of_post(id, first).await?;
            let known = before.as_ref().map_or(0, |row| row.version);
            if version.is_some_and(|read| read != known) {
                return Err(Error::Conflict);
            }
            let who = (write.actor().account(), write.today());
            let row = rules::record(&post, before.as_ref(), month, who)?;
            match &before {
                Some(before) => write.update::<attendance::Entity>(before, row).await,
                None => write.insert::<attendance::Entity>(row).await,
            }
        })
        .await
}

/// Approves the pay of a month.
pub async fn approve_month(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<AttendanceId>>,
) -> Result<attendance::Model> {
    let named = named.into();
    ledger
        .write(actor, Action::ApproveAttendance, async |write| {
            let before = write.get::<attendance::Entity>(named.id).await?;
            named.check(before.version)?;
            let who = (write.actor().account(), write.today());
            let after = rules::approve(&before, who)?;
            write.update::<attendance::Entity>(&before, after).await
        })
        .await
}
