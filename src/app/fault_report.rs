//! 报修: filing a report without an account, following it up, and what those do who handle it. Other
//! nouns take a report over and say that it is mended by `taken_over_within` and `mended_within`.

use std::net::IpAddr;

use entity::{
    asset,
    attachment::{Kind as FileKind, Subject},
    fault_report::{Entity, Model},
    id::{AssetId, FaultReportId},
};

use super::{
    attachment::{Looked, attach_within},
    named::Named,
    person::note_reveal,
};
use crate::{
    domain::{
        fault_report::{self as rules, Filing, Told},
        permission::Action,
        refusal::Refusal,
    },
    error::{Error, Result},
    store::{Actor, Counted, Ledger, Subject as _, Write},
};

/// What a picture that comes with a report is called: the name it was sent under may say somebody's.
const PICTURE: &str = "报修照片.jpg";

/// Counts a report that is about to be filed, by where it comes from, by its asset, and with all
/// others; or says how long to wait.
pub async fn admit(ledger: &Ledger, from: IpAddr, id: AssetId) -> Result<()> {
    let counted = [Counted::ReportsFrom(from), Counted::ReportsOf(id), Counted::Reports];
    ledger.admit_attempt(&counted).await
}

/// Files a report of an asset; the one that is kept already, where its form comes again.
pub async fn file(
    ledger: &Ledger,
    actor: &Actor,
    (id, filing): (AssetId, &Filing),
    picture: Option<&Looked>,
) -> Result<Model> {
    let work = async |write: &mut Write| file_within(write, (id, filing), picture).await;
    ledger.write(actor, Action::FileFaultReport, work).await
}

/// The same within an action that files several.
pub(super) async fn file_within(
    write: &mut Write,
    (id, filing): (AssetId, &Filing),
    picture: Option<&Looked>,
) -> Result<Model> {
    write.actor().require_before(id)?;
    let asset = write.get::<asset::Entity>(id).await?;
    let sum = write.follow_up_sum(&filing.key)?;
    // first: a form that comes again is answered again, whatever became of the asset since
    if let Some(kept) = write.fault_report_under(&sum).await? {
        return Ok(kept);
    }
    if !rules::is_open_to_all(&asset) {
        return Err(Error::NotFound(asset::Entity::NOUN));
    }
    let since = rules::same_since(write.now());
    let (said, told) = ((id, filing.kind), &filing.told);
    if write.is_reported_since(said, &told.words, since).await? {
        return Err(Refusal::fault_report_there().into());
    }
    let vault_id = match told.sealed() {
        Some(contact) => Some(write.seal_contact(asset.area_code, &contact).await?),
        None => None,
    };
    let row = write.insert::<Entity>(rules::filed(&asset, filing, (vault_id, sum))).await?;
    if let Some(picture) = picture {
        keep_picture(write, &asset, &row, picture).await?;
    }
    Ok(row)
}

/// Keeps the picture of a report. Those of people without an account have their share of the room.
async fn keep_picture(
    write: &mut Write,
    asset: &asset::Model,
    row: &Model,
    picture: &Looked,
) -> Result<()> {
    rules::has_room(write.report_bytes(asset.area_code).await?, picture.file.size)?;
    let place = (Subject::FaultReport, row.id.0);
    attach_within(write, asset, place, (picture, Some(FileKind::Photo))).await.map(drop)
}

/// A picture under a name that says nothing.
pub fn unnamed(picture: Looked) -> Looked {
    picture.named(PICTURE)
}

/// Takes a report up.
pub async fn accept(
    ledger: &Ledger,
    actor: &Actor,
    report: impl Into<Named<FaultReportId>>,
) -> Result<Model> {
    let named = report.into();
    change(ledger, actor, (Action::AcceptFaultReport, named), |row, _| rules::accept(row)).await
}

/// Says why there is nothing to mend.
pub async fn dismiss(
    ledger: &Ledger,
    actor: &Actor,
    report: impl Into<Named<FaultReportId>>,
    reason: &str,
) -> Result<Model> {
    let named = report.into();
    change(ledger, actor, (Action::DismissFaultReport, named), |row, today| {
        rules::dismiss(row, reason, today)
    })
    .await
}

/// Says that it is mended.
pub async fn mend(
    ledger: &Ledger,
    actor: &Actor,
    report: impl Into<Named<FaultReportId>>,
    what: &str,
) -> Result<Model> {
    let named = report.into();
    change(ledger, actor, (Action::MendFaultReport, named), |row, today| {
        rules::mend(row, what, today)
    })
    .await
}

async fn change(
    ledger: &Ledger,
    actor: &Actor,
    (action, named): (Action, Named<FaultReportId>),
    rule: impl FnOnce(&Model, chrono::NaiveDate) -> Result<Model, Refusal>,
) -> Result<Model> {
    ledger
        .write(actor, action, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            named.check(before.version)?;
            let after = rule(&before, write.today())?;
            write.update::<Entity>(&before, after).await
        })
        .await
}

/// Hands a report over to what mends it, within the action that opens that.
pub async fn taken_over_within(write: &mut Write, id: FaultReportId) -> Result<Model> {
    let before = write.get::<Entity>(id).await?;
    let after = rules::take_over(&before)?;
    write.update::<Entity>(&before, after).await
}

/// Says why a report is not mended after all, within the action that gives that up.
pub async fn given_up_within(write: &mut Write, id: FaultReportId, why: &str) -> Result<Model> {
    let before = write.get::<Entity>(id).await?;
    let after = rules::give_up(&before, why, write.today())?;
    write.update::<Entity>(&before, after).await
}

/// Says that a report is mended, and what was done, within the action that found so.
pub async fn mended_within(write: &mut Write, id: FaultReportId, what: &str) -> Result<Model> {
    let before = write.get::<Entity>(id).await?;
    let after = rules::mend(&before, what, write.today())?;
    write.update::<Entity>(&before, after).await
}

/// Shows what was said and the number to call back, for a reason that stays in the log; what is shown
/// does not.
pub async fn reveal(
    ledger: &Ledger,
    actor: &Actor,
    id: FaultReportId,
    reason: &str,
) -> Result<Told> {
    ledger
        .write(actor, Action::RevealPerson, async |write| {
            let row = write.get::<Entity>(id).await?;
            note_reveal(write, ("fault_report", id.0), reason).await?;
            write.leave_entry(row.area_code).await?;
            match row.vault_id {
                Some(vault) => Ok(Told::opened(write.contact(vault).await?)),
                None => Ok(Told::default()),
            }
        })
        .await
}
