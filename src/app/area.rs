//! Areas: renaming and merging. History stays; what lies in a merged area follows.

use chrono::NaiveDate;
use entity::{
    account,
    area::{self, AreaCode},
    asset, attachment, attendance, budget, campaign, campaign_line, contract, discrepancy, duty,
    fault_report, funding, holding, import, inspection, inspection_route, organization, overspend,
    person, post_asset, project, rectification, revival, saved_view, spending, stock_find,
    stock_line, stock_take, title, upkeep, upkeep_fund, waiver, welfare_post, work_order,
};

use super::named::Named;
use crate::{
    domain::{area as rules, permission::Action, refusal::Refusal},
    error::{Error, Result},
    store::{Actor, Ledger, Read},
};

/// How much of each noun lies in an area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Areas directly below it.
    pub areas: u64,
    /// Assets.
    pub assets: u64,
    /// Duties.
    pub duties: u64,
    /// Organizations.
    pub organizations: u64,
    /// People.
    pub people: u64,
    /// Projects.
    pub projects: u64,
    /// Accounts.
    pub accounts: u64,
}

async fn contents(read: &Read<'_>, code: AreaCode) -> Result<Contents> {
    Ok(Contents {
        areas: read.n_areas_below(code).await?,
        assets: read.n_within::<asset::Entity>(code).await?,
        duties: read.n_within::<duty::Entity>(code).await?,
        organizations: read.n_within::<organization::Entity>(code).await?,
        people: read.n_within::<person::Entity>(code).await?,
        projects: read.n_within::<project::Entity>(code).await?,
        accounts: read.n_within::<account::Entity>(code).await?,
    })
}

/// The row of an area that is valid now, or was the last.
async fn last(read: &Read<'_>, code: AreaCode) -> Result<area::Model> {
    read.area_history(code).await?.pop().ok_or(Error::Conflict)
}

/// What a merger would do on a day: the two areas, and all that moves from the one to the other.
/// Refused as the merger itself would be.
pub async fn look_at_merger(
    ledger: &Ledger,
    actor: &Actor,
    code: AreaCode,
    into: AreaCode,
    on: NaiveDate,
) -> Result<(area::Model, area::Model, Contents)> {
    actor.require(Action::MergeArea)?;
    let read = ledger.read(actor);
    begun_by(on, read.today())?;
    let (before, successor) = (last(&read, code).await?, last(&read, into).await?);
    rules::merge(&before, &successor, on)?;
    let contents = contents(&read, code).await?;
    if contents.areas > 0 {
        return Err(Refusal::area_has_parts().into());
    }
    Ok((before, successor, contents))
}

/// What a new name would do on a day: the area as it is, and as it would be. Refused as the renaming
/// itself would be.
pub async fn look_at_renaming(
    ledger: &Ledger,
    actor: &Actor,
    code: AreaCode,
    name: &str,
    on: NaiveDate,
) -> Result<(area::Model, area::Model)> {
    actor.require(Action::RenameArea)?;
    let read = ledger.read(actor);
    begun_by(on, read.today())?;
    let before = last(&read, code).await?;
    let (_, opened) = rules::rename(&before, name, on)?;
    rules::check(&opened).into_result()?;
    Ok((before, opened))
}

/// Gives an area a new name from a day on.
pub async fn rename(
    ledger: &Ledger,
    actor: &Actor,
    area: impl Into<Named<AreaCode>>,
    name: &str,
    on: NaiveDate,
) -> Result<area::Model> {
    let named = area.into();
    ledger
        .write(actor, Action::RenameArea, async |write| {
            begun_by(on, write.today())?;
            let before = write.area(named.id).await?;
            named.check(before.version)?;
            let (closed, opened) = rules::rename(&before, name, on)?;
            rules::check(&opened).into_result()?;
            write.update::<area::Entity>(&before, closed).await?;
            write.insert::<area::Entity>(opened).await
        })
        .await
}

/// A change of areas is recorded once it is in force: the rows say what is so now.
fn begun_by(on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if on > today { Err(Refusal::day_in_future(on)) } else { Ok(()) }
}

/// Merges an area into another of its level: everything in it moves, each row with its trail.
pub async fn merge(
    ledger: &Ledger,
    actor: &Actor,
    area: impl Into<Named<AreaCode>>,
    into: AreaCode,
    on: NaiveDate,
) -> Result<area::Model> {
    let named = area.into();
    let code = named.id;
    ledger
        .write(actor, Action::MergeArea, async |write| {
            begun_by(on, write.today())?;
            let before = write.area(code).await?;
            named.check(before.version)?;
            let successor = write.area(into).await?;
            let closed = rules::merge(&before, &successor, on)?;
            if write.n_below(code).await? > 0 {
                return Err(Refusal::area_has_parts().into());
            }
            let closed = write.update::<area::Entity>(&before, closed).await?;
            write.move_all::<organization::Entity>(code, into).await?;
            write.move_all::<person::Entity>(code, into).await?;
            write.move_vault(code, into).await?;
            write.move_all::<account::Entity>(code, into).await?;
            write.move_all::<project::Entity>(code, into).await?;
            write.move_all::<upkeep_fund::Entity>(code, into).await?;
            // before the assets, which are evaluated by the budgets of their place
            let n_budgets = write.move_all::<budget::Entity>(code, into).await?;
            write.move_all::<asset::Entity>(code, into).await?;
            write.move_all::<funding::Entity>(code, into).await?;
            write.move_all::<title::Entity>(code, into).await?;
            write.move_all::<holding::Entity>(code, into).await?;
            write.move_all::<duty::Entity>(code, into).await?;
            write.move_all::<waiver::Entity>(code, into).await?;
            write.move_all::<rectification::Entity>(code, into).await?;
            write.move_all::<import::Entity>(code, into).await?;
            write.move_all::<attachment::Entity>(code, into).await?;
            write.move_all::<inspection::Entity>(code, into).await?;
            write.move_all::<inspection_route::Entity>(code, into).await?;
            write.move_all::<upkeep::Entity>(code, into).await?;
            write.move_all::<work_order::Entity>(code, into).await?;
            write.move_all::<revival::Entity>(code, into).await?;
            write.move_all::<welfare_post::Entity>(code, into).await?;
            write.move_all::<post_asset::Entity>(code, into).await?;
            write.move_all::<attendance::Entity>(code, into).await?;
            write.move_all::<campaign::Entity>(code, into).await?;
            write.move_all::<campaign_line::Entity>(code, into).await?;
            write.move_all::<fault_report::Entity>(code, into).await?;
            write.move_all::<stock_take::Entity>(code, into).await?;
            write.move_all::<stock_line::Entity>(code, into).await?;
            write.move_all::<stock_find::Entity>(code, into).await?;
            write.move_all::<discrepancy::Entity>(code, into).await?;
            write.move_all::<contract::Entity>(code, into).await?;
            write.move_all::<spending::Entity>(code, into).await?;
            write.move_all::<overspend::Entity>(code, into).await?;
            write.move_all::<saved_view::Entity>(code, into).await?;
            if n_budgets > 0 {
                // what lay there before has them now as well
                super::budget::look_again(write, into).await?;
            }
            Ok(closed)
        })
        .await
}
