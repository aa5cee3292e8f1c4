//! Money for upkeep of the sample county: funds of this year and of the one before, budgets for assets
//! and for what villages have of a kind, what was spent and what is asked for beyond it. What lacks
//! money by the register of the county goes on lacking it: nothing here covers such an asset.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use entity::{
    area::{AreaCode, Level},
    asset::{Class, Subclass},
    duty,
    finding::Rule,
    id::{AssetId, UpkeepFundId},
    money::Money,
    overspend, upkeep_fund,
};

use crate::{
    app::{
        budget::{NewBudget, set_within},
        spending::{commit_within, pay_within},
    },
    domain::{
        deficiency::{Thresholds, explain, running},
        overspend as overspends,
        permission::Action,
        sample::{self, Sample},
        spending::{Payment, Request},
        upkeep_fund::blank,
    },
    error::Result,
    store::{Actor, Dossier, Ledger, Write},
};

/// Assets that have a budget of their own.
const ASSETS: usize = 36;
/// Villages that have one for a kind.
const VILLAGES: usize = 12;

/// An asset that has money, and how much of it a year.
struct Funded {
    id: AssetId,
    area: AreaCode,
    kind: Subclass,
    yearly: Money,
}

/// What money is set aside for.
struct Needs {
    assets: Vec<Funded>,
    /// Villages and kinds of which no asset lacks money, with one asset of each.
    villages: BTreeMap<(AreaCode, Subclass), AssetId>,
}

/// Registers the funds, sets the budgets and spends; all of it in one action, and once.
pub(super) async fn set_aside(ledger: &Ledger, actor: &Actor, sample: &Sample) -> Result<()> {
    let keys = sample.entries.iter().filter_map(|entry| entry.asset.source_key.clone());
    let keys: Vec<String> = keys.collect();
    let found = super::assets(ledger, actor, &keys).await?;
    let mut ids: Vec<AssetId> = found.values().map(|asset| asset.id).collect();
    ids.sort_unstable();
    let dossiers = ledger.read(actor).dossiers(&ids).await?;
    let needs = needs(&dossiers, ledger.today());
    ledger
        .write(actor, Action::SetBudget, async |write| {
            let year = write.today().year();
            if !write.budgets_of_year(sample::county(), year).await?.is_empty() {
                return Ok(());
            }
            for (of, share) in [(year - 1, 8), (year, 10)] {
                of_year(write, &needs, of, share).await?;
            }
            Ok(())
        })
        .await
}

/// What has money already, and which villages lack none for a kind.
fn needs(dossiers: &[Dossier], day: NaiveDate) -> Needs {
    let (mut assets, mut villages, mut lacking) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
    for dossier in dossiers {
        let (asset, facts) = (&dossier.asset, dossier.facts());
        let Some(kind) = asset.subclass.filter(|_| asset.class == Class::Public) else { continue };
        let place = (asset.area_code, kind);
        if explain(Rule::Unfunded, &facts, &Thresholds::default(), day).is_some() {
            lacking.insert(place);
            continue;
        }
        let duty = running(&facts, duty::Kind::Maintainer, day);
        let yearly = duty.and_then(|duty| duty.annual_budget).filter(|one| *one > Money::ZERO);
        let Some(yearly) = yearly.filter(|_| asset.is_standing()) else { continue };
        if asset.area_code.level() == Level::Village {
            villages.entry(place).or_insert(asset.id);
        }
        assets.push(Funded { id: asset.id, area: asset.area_code, kind, yearly });
    }
    villages.retain(|place, _| !lacking.contains(place));
    // those of a village's budget have none of their own
    let shared: BTreeSet<_> = villages.keys().take(VILLAGES).copied().collect();
    villages.retain(|place, _| shared.contains(place));
    assets.retain(|one| !shared.contains(&(one.area, one.kind)));
    assets.truncate(ASSETS);
    Needs { assets, villages }
}

/// So many yuan.
const fn yuan(yuan: i64) -> Money {
    Money::from_fen(yuan * 100)
}

async fn fund(
    write: &mut Write,
    (source, year): (upkeep_fund::Source, i32),
    (number, received): (&str, Money),
) -> Result<UpkeepFundId> {
    let row = upkeep_fund::Model {
        source,
        document_no: Some(format!("青财农〔{year}〕{number}号")),
        received,
        ..blank(sample::county(), year)
    };
    Ok(write.insert::<upkeep_fund::Entity>(row).await?.id)
}

/// The money of one year: so many tenths of what each needs.
async fn of_year(write: &mut Write, needs: &Needs, year: i32, tenths: i64) -> Result<()> {
    use upkeep_fund::Source;
    let county = fund(write, (Source::County, year), ("17", yuan(600_000))).await?;
    let award = fund(write, (Source::Award, year), ("42", yuan(150_000))).await?;
    for (place, one) in needs.assets.iter().enumerate() {
        let amount = Money::from_fen(one.yearly.fen() / 10 * tenths);
        let new = NewBudget {
            fund: if place % 4 == 3 { award } else { county },
            year,
            area: None,
            asset: Some(one.id),
            subclass: None,
            amount,
        };
        spend(write, &new, one.id, place).await?;
    }
    for (place, ((area, kind), asset)) in needs.villages.iter().enumerate() {
        let new = NewBudget {
            fund: county,
            year,
            area: Some(*area),
            asset: None,
            subclass: Some(*kind),
            amount: yuan(800 * tenths),
        };
        spend(write, &new, *asset, place).await?;
    }
    Ok(())
}

/// Sets a budget and spends of it: most of the last year's, less of this year's, of some nothing.
async fn spend(write: &mut Write, new: &NewBudget, asset: AssetId, place: usize) -> Result<()> {
    let budget = set_within(write, new).await?;
    let today = write.today();
    let is_past = new.year < today.year();
    if place % 5 == 4 || budget.set_aside.fen() < 1_000 {
        return Ok(());
    }
    let part = |hundredths: i64| Money::from_fen(budget.set_aside.fen() / 100 * hundredths);
    let request =
        |amount, purpose: &str| Request { amount, purpose: purpose.to_owned(), organization: None };
    let day = NaiveDate::from_ymd_opt(new.year, 3, 15).unwrap_or(today).min(today);
    let number = |n: usize| format!("记{}-{:03}", new.year % 100, n);
    let first = Payment { voucher_no: number(place * 2 + 1), paid_on: day };
    let paid = request(part(if is_past { 60 } else { 35 }), "清淤除草、日常保洁");
    pay_within(write, (budget.id, asset), (&paid, &first)).await?;
    match (is_past, place % 3) {
        (true, _) => {
            let rest = request(part(35), "管护员报酬");
            let day = NaiveDate::from_ymd_opt(new.year, 11, 20).unwrap_or(today);
            let second = Payment { voucher_no: number(place * 2 + 2), paid_on: day };
            pay_within(write, (budget.id, asset), (&rest, &second)).await?;
        }
        (false, 0) => {
            let next = request(part(20), "更换护栏、修补路面");
            commit_within(write, (budget.id, asset), &next).await?;
        }
        (false, _) => {}
    }
    if !is_past && place == 1 {
        let more = overspends::ask(&budget, yuan(1_200), "汛期水毁，须立即抢修", None)?;
        write.insert::<overspend::Entity>(more).await?;
    }
    Ok(())
}
