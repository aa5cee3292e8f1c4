//! Contracts of the sample county: what is let has one, but for a few assets that were left without, that
//! are let after theirs ended, or for longer than the law has it.

use chrono::{Days, Months, NaiveDate};
use entity::{
    asset,
    contract::{Model, Rhythm, Timing},
    id::OrganizationId,
    money::Money,
    organization,
};

use crate::{
    app::contract::conclude,
    domain::{allocation, contract::rent::rising, sample, title::Party},
    error::Result,
    limits,
    store::{Actor, Ledger, list::List},
};

/// What a year's rent is of the value of an asset, in hundredths of a percent; and by how much it rises.
const RENT_BP: i32 = 500;
/// Assets of which one has no contract, one has one that ended, one has one for too long.
const TURN: usize = 8;

/// The contracts, as far as they were not there before.
pub(super) async fn conclude_all(ledger: &Ledger, actor: &Actor) -> Result<()> {
    let read = ledger.read(actor);
    let mut leased = List::<asset::Entity>::read([("use_state", "leased")])?;
    leased.limit = limits::PAGE_ROWS;
    leased.area = Some(sample::county());
    let mut bodies = List::<organization::Entity>::read([("ended", "no")])?;
    bodies.area = Some(sample::county());
    let payers = read.list(&bodies).await?.rows;
    let assets = read.list(&leased).await?.rows;
    for (n, asset) in assets.iter().enumerate() {
        let Some(payer) = payers.get(n % payers.len().max(1)) else { return Ok(()) };
        let is_left_out = n % TURN == 0 || !read.contracts_of(asset.id).await?.is_empty();
        if !is_left_out && asset.is_standing() {
            one(ledger, actor, (n, asset), payer.id).await?;
        }
    }
    Ok(())
}

async fn one(
    ledger: &Ledger,
    actor: &Actor,
    (n, asset): (usize, &asset::Model),
    payer: OrganizationId,
) -> Result<()> {
    let today = ledger.today();
    let (starts_on, years) = match n % TURN {
        1 => (before(today, 26), 2),
        2 => (before(today, 14), 25),
        _ => (before(today, 9), 5),
    };
    let ends_on = starts_on.checked_add_months(Months::new(years * 12)).unwrap_or(today);
    let value = asset.original_value.unwrap_or(Money::ZERO);
    let yearly_rent = allocation::at_most(value, RENT_BP).unwrap_or(Money::ZERO);
    let steps = rising(yearly_rent, RENT_BP, 2, i32::try_from(years).unwrap_or(1));
    let rhythms = [Rhythm::Yearly, Rhythm::HalfYearly, Rhythm::Quarterly];
    let terms = |blank| Model {
        contract_no: format!("租字{}号", n + 1),
        signed_on: starts_on.checked_sub_days(Days::new(7)).unwrap_or(starts_on),
        starts_on,
        ends_on: ends_on.pred_opt().unwrap_or(ends_on),
        platform: (n % 3 == 0).then(|| "县农村产权交易中心".to_owned()),
        decision: Some("村民代表会议决议".to_owned()),
        rhythm: rhythms[n % rhythms.len()],
        timing: if n % 2 == 0 { Timing::Advance } else { Timing::Arrears },
        due_days: 15,
        yearly_rent,
        steps: steps.unwrap_or_default(),
        ..blank
    };
    let of = (asset.id, Some(Party::Organization(payer)));
    conclude(ledger, actor, of, terms).await.map(drop)
}

/// The first day of the month so many months before a day.
fn before(today: NaiveDate, months: u32) -> NaiveDate {
    use chrono::Datelike;
    let then = today.checked_sub_months(Months::new(months)).unwrap_or(today);
    then.with_day(1).unwrap_or(then)
}
