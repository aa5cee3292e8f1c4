//! Areas: renaming and merging. History stays; what lies in a merged area follows.

use chrono::NaiveDate;
use entity::{
    account,
    area::{self, AreaCode},
    asset, attachment, duty, funding, holding, import, organization, person, project,
    rectification, title, waiver,
};

use super::named::Named;
use crate::{
    domain::{area as rules, permission::Action, refusal::Refusal},
    error::Result,
    store::{Actor, Ledger},
};

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
            write.move_all::<asset::Entity>(code, into).await?;
            write.move_all::<funding::Entity>(code, into).await?;
            write.move_all::<title::Entity>(code, into).await?;
            write.move_all::<holding::Entity>(code, into).await?;
            write.move_all::<duty::Entity>(code, into).await?;
            write.move_all::<waiver::Entity>(code, into).await?;
            write.move_all::<rectification::Entity>(code, into).await?;
            write.move_all::<import::Entity>(code, into).await?;
            write.move_all::<attachment::Entity>(code, into).await?;
            Ok(closed)
        })
        .await
}
