//! 附件: files attached to an asset, its title, a duty on it, an inspection or a work order of it or a spending for it;
//! withdrawn, and looked at again.
//!
//! A file is looked into before anything is written (`look`), by a process that limits itself
//! (`child`): what it is (`format`), pictures written anew (`picture`), documents without programs
//! (`office`, `pdf`).

mod child;
mod exif;
mod format;
mod look;
mod office;
mod pdf;
mod picture;
mod wire;

use entity::{
    asset,
    attachment::{self, Kind, Model, Subject},
    duty,
    id::{AssetId, AttachmentId, DutyId, InspectionId, RevivalId, SpendingId, WorkOrderId},
    inspection, revival, spending, title, work_order,
};

pub use self::{
    child::{SUBCOMMAND, run},
    look::{Looked, look, made_here},
};
use crate::{
    domain::{attachment as rules, permission::Action, refusal::Refusal},
    error::{Error, Result},
    limits,
    store::{Actor, Ledger, Read, Subject as _, Write},
};

/// What files are attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// An asset.
    Asset(AssetId),
    /// The title of an asset.
    Title(AssetId),
    /// A duty.
    Duty(DutyId),
    /// An inspection.
    Inspection(InspectionId),
    /// A work order.
    WorkOrder(WorkOrderId),
    /// A spending.
    Spending(SpendingId),
    /// A revival plan.
    Revival(RevivalId),
}

impl Thing {
    /// What kind of thing it is.
    pub const fn subject(self) -> Subject {
        match self {
            Thing::Asset(_) => Subject::Asset,
            Thing::Title(_) => Subject::Title,
            Thing::Duty(_) => Subject::Duty,
            Thing::Inspection(_) => Subject::Inspection,
            Thing::WorkOrder(_) => Subject::WorkOrder,
            Thing::Spending(_) => Subject::Spending,
            Thing::Revival(_) => Subject::Revival,
        }
    }

    /// Refuses whoever may not attach files to it, before any file is taken.
    pub async fn admit(self, read: &Read<'_>) -> Result<()> {
        read.require(rules::amended_by(self.subject()))?;
        read.require(rules::attached_by(self.subject()))?;
        match self {
            Thing::Asset(id) | Thing::Title(id) => read.get::<asset::Entity>(id).await.map(drop),
            Thing::Duty(id) => read.get::<duty::Entity>(id).await.map(drop),
            Thing::Inspection(id) => read.get::<inspection::Entity>(id).await.map(drop),
            Thing::WorkOrder(id) => read.get::<work_order::Entity>(id).await.map(drop),
            Thing::Spending(id) => read.get::<spending::Entity>(id).await.map(drop),
            Thing::Revival(id) => read.get::<revival::Entity>(id).await.map(drop),
        }
    }

    /// The asset that it is about, and its own id.
    async fn found(self, write: &mut Write) -> Result<(asset::Model, i64)> {
        match self {
            Thing::Asset(id) => Ok((write.get::<asset::Entity>(id).await?, id.0)),
            Thing::Title(id) => {
                let asset = write.get::<asset::Entity>(id).await?;
                let title = write.title_of(id).await?;
                let title = title.ok_or(Error::NotFound(title::Entity::NOUN))?;
                Ok((asset, title.id.0))
            }
            Thing::Duty(id) => {
                let duty = write.get::<duty::Entity>(id).await?;
                Ok((write.get::<asset::Entity>(duty.asset_id).await?, id.0))
            }
            Thing::Inspection(id) => {
                let made = write.get::<inspection::Entity>(id).await?;
                Ok((write.get::<asset::Entity>(made.asset_id).await?, id.0))
            }
            Thing::WorkOrder(id) => {
                let row = write.get::<work_order::Entity>(id).await?;
                Ok((write.get::<asset::Entity>(row.asset_id).await?, id.0))
            }
            Thing::Spending(id) => {
                let spent = write.get::<spending::Entity>(id).await?;
                Ok((write.get::<asset::Entity>(spent.asset_id).await?, id.0))
            }
            Thing::Revival(id) => {
                let plan = write.get::<revival::Entity>(id).await?;
                Ok((write.get::<asset::Entity>(plan.asset_id).await?, id.0))
            }
        }
    }
}

/// Attaches files to a thing: all of them or none.
pub async fn attach(
    ledger: &Ledger,
    actor: &Actor,
    thing: Thing,
    files: &[Looked],
    kind: Option<Kind>,
) -> Result<Vec<Model>> {
    if files.is_empty() || files.len() > limits::FILES_PER_FORM {
        return Err(Refusal::too_many_files(limits::FILES_PER_FORM).into());
    }
    actor.require(rules::amended_by(thing.subject()))?;
    ledger
        .write(actor, rules::attached_by(thing.subject()), async |write| {
            let (asset, subject_id) = thing.found(write).await?;
            let place = (thing.subject(), subject_id);
            let mut attached = Vec::with_capacity(files.len());
            for looked in files {
                attached.push(attach_within(write, &asset, place, (looked, kind)).await?);
            }
            Ok(attached)
        })
        .await
}

/// Attaches one file to a thing of an asset, within an action that does more.
pub(super) async fn attach_within(
    write: &mut Write,
    asset: &asset::Model,
    place: (Subject, i64),
    (looked, kind): (&Looked, Option<Kind>),
) -> Result<Model> {
    let file = rules::File { kind, ..looked.file.clone() };
    let mut standing = files_on(write, asset.id, place).await?;
    standing.retain(|row| !row.is_withdrawn);
    let held = write.file_bytes(asset.area_code).await?;
    let row = rules::attach(asset, place, &standing, held, &file)?;
    keep(write, looked).await?;
    write.insert::<attachment::Entity>(row).await
}

/// The files on a thing of an asset, withdrawn ones too.
async fn files_on(write: &mut Write, asset: AssetId, place: (Subject, i64)) -> Result<Vec<Model>> {
    let mut files = write.attachments_of(asset).await?;
    files.retain(|row| (row.subject, row.subject_id) == place);
    Ok(files)
}

/// Keeps the photos that came with a record of an inspection: those that it has already, or had, once.
/// However often they are sent, each is there once.
pub async fn keep_photos(
    ledger: &Ledger,
    actor: &Actor,
    id: InspectionId,
    photos: &[Looked],
) -> Result<()> {
    let work = async |write: &mut Write| {
        let (asset, subject_id) = Thing::Inspection(id).found(write).await?;
        let place = (Subject::Inspection, subject_id);
        for looked in photos {
            let known = files_on(write, asset.id, place).await?;
            if !known.iter().any(|row| rules::is_same(row, &looked.file)) {
                attach_within(write, &asset, place, (looked, Some(Kind::Photo))).await?;
            }
        }
        Ok(())
    };
    ledger.write(actor, Action::RecordInspection, work).await
}

/// Keeps what a file holds, one content at a time.
async fn keep(write: &mut Write, looked: &Looked) -> Result<()> {
    let preview = looked.file.preview_digest.as_ref().zip(looked.preview.as_ref());
    let mut contents = vec![(&looked.file.digest, &looked.kept)];
    contents.extend(preview);
    // whoever keeps the same two meanwhile keeps them in the same order
    contents.sort();
    for (digest, path) in contents {
        let bytes = std::fs::read(path)?;
        write.keep_content(digest, &bytes).await?;
    }
    Ok(())
}

/// Withdraws a file from the version that was read, for a reason.
pub async fn withdraw(
    ledger: &Ledger,
    actor: &Actor,
    (id, version): (AttachmentId, i64),
    reason: &str,
) -> Result<Model> {
    ledger
        .write(actor, Action::WithdrawFile, async |write| {
            write.note("reason", reason.trim());
            let before = write.get::<attachment::Entity>(id).await?;
            write.actor().require(rules::amended_by(before.subject))?;
            if before.version != version {
                return Err(Error::Conflict);
            }
            let after = rules::withdraw(&before, reason)?;
            write.update::<attachment::Entity>(&before, after).await
        })
        .await
}

/// A file with who brought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// The file.
    pub row: Model,
    /// Who attached it, as the log has it.
    pub actor: String,
}

/// The files of an asset, of its title, its duties, inspections, work orders and spendings, the newest
/// first.
pub async fn of_asset(read: &Read<'_>, id: AssetId) -> Result<Vec<Attached>> {
    read.get::<asset::Entity>(id).await?;
    let rows = read.attachments_of(id).await?;
    let ids: Vec<AttachmentId> = rows.iter().map(|row| row.id).collect();
    let mut actors = read.attached_by(&ids).await?;
    let told = rows.into_iter().map(|row| {
        let actor = actors.remove(&row.id).unwrap_or_default();
        Attached { row, actor }
    });
    Ok(told.collect())
}

/// The content of a file that was not withdrawn.
pub async fn content(read: &Read<'_>, id: AttachmentId) -> Result<(Model, Vec<u8>)> {
    let row = read.get::<attachment::Entity>(id).await?;
    rules::shown(&row)?;
    let bytes = read.content(&row).await?;
    Ok((row, bytes))
}

/// The small picture that stands for a file.
pub async fn preview(read: &Read<'_>, id: AttachmentId) -> Result<Vec<u8>> {
    let row = read.get::<attachment::Entity>(id).await?;
    rules::shown(&row)?;
    read.preview(&row).await?.ok_or(Error::NotFound(attachment::Entity::NOUN))
}

/// Whether what is kept of a file, withdrawn or not, has the digests and the size that are recorded.
pub async fn check(read: &Read<'_>, id: AttachmentId) -> Result<(Model, bool)> {
    let row = read.get::<attachment::Entity>(id).await?;
    let is_whole = read.is_content_whole(&row).await?;
    Ok((row, is_whole))
}
