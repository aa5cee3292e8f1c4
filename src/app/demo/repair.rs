//! What became of what the inspections of the sample county found: of four work orders one waits, one
//! was given to whoever maintains the asset, one waits to be accepted, and one is at its end.

use chrono::Days;
use entity::{
    duty::Kind as Duty,
    id::AssetId,
    money::Money,
    work_order::{Entity, Kind, Model, State},
};

use crate::{
    app::work_order,
    domain::{
        deficiency::running,
        sample,
        title::Party,
        work_order::{Origin, Outcome},
    },
    error::Result,
    limits,
    store::{Actor, Ledger, list::List},
};

/// What mending costs, from one work order to the next.
const COSTS: [i64; 5] = [85_000, 120_000, 185_000, 640_000, 2_350_000];

/// Takes the work orders that nobody has looked at as far as they come.
pub(super) async fn begin_with(ledger: &Ledger, actor: &Actor) -> Result<()> {
    let mut list = List::<Entity>::read([("state", State::Waiting.code())])?;
    list.area = Some(sample::county());
    list.limit = limits::PAGE_ROWS;
    let rows = ledger.read(actor).list(&list).await?.rows;
    for (place, row) in rows.iter().enumerate().filter(|(_, row)| row.estimate.is_none()) {
        let Some(party) = maintainer(ledger, actor, row.asset_id).await? else { continue };
        take(ledger, actor, (place, row), party).await?;
    }
    Ok(())
}

/// Whoever maintains an asset today.
async fn maintainer(ledger: &Ledger, actor: &Actor, id: AssetId) -> Result<Option<Party>> {
    let dossiers = ledger.read(actor).dossiers(&[id]).await?;
    let duty = dossiers.first().and_then(|one| {
        let facts = one.facts();
        let duty = running(&facts, Duty::Maintainer, ledger.today())?;
        Party::of(duty.organization_id, duty.person_id)
    });
    Ok(duty)
}

async fn take(
    ledger: &Ledger,
    actor: &Actor,
    (place, row): (usize, &Model),
    party: Party,
) -> Result<()> {
    if place % 4 == 0 {
        return Ok(());
    }
    let cost = Money::from_fen(COSTS[place % COSTS.len()]);
    work_order::estimate(ledger, actor, row.id, (Kind::Repair, cost)).await?;
    work_order::approve(ledger, actor, row.id, None).await?;
    let due_on = ledger.today() + Days::new(20);
    work_order::dispatch(ledger, actor, row.id, (party, due_on)).await?;
    if place % 4 == 1 {
        return Ok(());
    }
    work_order::begin(ledger, actor, row.id).await?;
    let outcome = Outcome {
        what: "已修复，现场试用正常".to_owned(),
        cost,
        voucher_no: Some(format!("维修记-{:03}", place + 1)),
    };
    work_order::report(ledger, actor, row.id, &outcome).await?;
    if place % 4 == 3 {
        work_order::accept(ledger, actor, row.id, &Origin::default()).await?;
    }
    Ok(())
}
