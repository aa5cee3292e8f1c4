//! 资产盘点: opened, counted line by line, signed by somebody else; what was not on the ledger, and what
//! became of it; and which places have no signed result for a year.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{
    area::{AreaCode, Level},
    asset,
    id::{AssetId, StockFindId, StockLineId, StockTakeId},
    setting::Key,
    stock_find, stock_line,
    stock_take::{Entity, Model, State},
};

use super::named::Named;
use crate::{
    domain::{
        permission::Action,
        refusal::Refusal,
        stock_take::{self as rules, Said, Settlement},
    },
    error::Result,
    limits,
    store::{Actor, Ledger, Read, Write},
};

/// Opens a stock-take of a place for a year: what stands on the ledger there today is what it expects.
pub async fn open(ledger: &Ledger, actor: &Actor, area: AreaCode, year: i32) -> Result<Model> {
    ledger
        .write(actor, Action::OpenStockTake, async |write| {
            write.area(area).await?;
            let (assets, others) =
                (write.standing_at(area).await?, write.stock_takes_at(area).await?);
            let who = (write.actor().account(), write.today());
            let (take, lines) = rules::open(area, year, assets, &others, who)?;
            let take = write.insert::<Entity>(take).await?;
            let of_take = |line| stock_line::Model { stock_take_id: take.id, ..line };
            write
                .insert_all::<stock_line::Entity>(lines.into_iter().map(of_take).collect())
                .await?;
            Ok(take)
        })
        .await
}

/// Which line somebody speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// By its id, and the version that was read.
    Line(StockLineId, i64),
    /// By its asset, as a short code tells it: only while nobody has said otherwise.
    Asset(AssetId),
}

/// What somebody says of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Which line.
    pub which: Which,
    /// What it was called by whoever says so.
    pub named: String,
    /// How it was found.
    pub said: Said,
}

/// Counts lines of a stock-take, all or none. What stands there already is not said again, so that
/// whoever sends the same twice changes nothing.
pub async fn count(
    ledger: &Ledger,
    actor: &Actor,
    id: StockTakeId,
    told: &[Told],
) -> Result<Model> {
    ledger
        .write(actor, Action::CountStock, async |write| {
            let take = write.get::<Entity>(id).await?;
            rules::counting(&take)?;
            let pairs = changed(write, &take, told).await?;
            if pairs.is_empty() {
                return Ok(take);
            }
            for (before, after) in &pairs {
                write.update::<stock_line::Entity>(before, after.clone()).await?;
            }
            let next = rules::counted(&take, pairs.iter().map(|(before, after)| (before, after)));
            // its version moves with its lines: whoever signs has seen them all
            write.update::<Entity>(&take, next).await
        })
        .await
}

/// The lines that somebody speaks of, each as it is and as it is to be.
async fn changed(
    write: &Write,
    take: &Model,
    told: &[Told],
) -> Result<Vec<(stock_line::Model, stock_line::Model)>> {
    if told.is_empty() {
        return Err(Refusal::nothing_said().into());
    }
    if told.len() > limits::STOCK_LINES_COUNTED {
        return Err(Refusal::too_many_lines(limits::STOCK_LINES_COUNTED).into());
    }
    let (mut ids, mut assets) = (Vec::new(), Vec::new());
    for one in told {
        match one.which {
            Which::Line(id, _) => ids.push(id),
            Which::Asset(id) => assets.push(id),
        }
    }
    let lines = write.stock_lines_named(take.id, ids, assets).await?;
    let who = (write.actor().account(), write.now());
    let mut pairs: Vec<(stock_line::Model, stock_line::Model)> = Vec::new();
    let mut seen = Vec::new();
    for one in told {
        let is_meant = |line: &&stock_line::Model| match one.which {
            Which::Line(id, _) => line.id == id,
            Which::Asset(id) => line.asset_id == id,
        };
        let found = lines.iter().find(is_meant);
        let line = found.ok_or_else(|| Refusal::no_such_line(&one.named))?;
        if seen.contains(&line.id) {
            return Err(Refusal::line_named_twice(line.place).into());
        }
        seen.push(line.id);
        let Some(next) = rules::count(line, &one.said, who)? else { continue };
        let is_fresh = match one.which {
            Which::Line(_, version) => line.version == version,
            Which::Asset(_) => line.outcome.is_none(),
        };
        if !is_fresh {
            return Err(Refusal::line_counted_meanwhile(line.place).into());
        }
        pairs.push((line.clone(), next));
    }
    Ok(pairs)
}

/// Records something that stands there and is not on the ledger.
pub async fn record_find(
    ledger: &Ledger,
    actor: &Actor,
    id: StockTakeId,
    describe: impl Fn(stock_find::Model) -> Result<stock_find::Model>,
) -> Result<stock_find::Model> {
    ledger
        .write(actor, Action::RecordStockFind, async |write| {
            let take = write.get::<Entity>(id).await?;
            let next = rules::find(&take)?;
            let who = (write.actor().account(), write.today());
            let row = describe(rules::blank_find(&take, who))?;
            rules::check_find(&row).into_result()?;
            write.update::<Entity>(&take, next).await?;
            write.insert::<stock_find::Entity>(row).await
        })
        .await
}

/// What becomes of a find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling<'a> {
    /// This asset was registered for it.
    Registered(AssetId),
    /// It is none of the ledger's, and why.
    Dismissed(&'a str),
}

/// Settles a find: ties it to the asset that was registered for it, or dismisses it with a reason.
pub async fn settle_find(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<StockFindId>>,
    settling: Settling<'_>,
) -> Result<stock_find::Model> {
    let named = named.into();
    ledger
        .write(actor, Action::SettleStockFind, async |write| {
            let before = write.get::<stock_find::Entity>(named.id).await?;
            named.check(before.version)?;
            let who = (write.actor().account(), write.today());
            let after = match settling {
                Settling::Dismissed(reason) => {
                    rules::settle(&before, Settlement::Dismissed(reason), false, who)?
                }
                Settling::Registered(id) => {
                    let asset = write.get::<asset::Entity>(id).await?;
                    let of_asset = vec![asset.id];
                    let lines =
                        write.stock_lines_named(before.stock_take_id, vec![], of_asset).await?;
                    let settlement = Settlement::Registered(&asset);
                    rules::settle(&before, settlement, !lines.is_empty(), who)?
                }
            };
            write.update::<stock_find::Entity>(&before, after).await
        })
        .await
}

/// Signs a stock-take: what it says against the ledger is kept beside the assets. One of the same place and year that was signed before is superseded by it.
pub async fn sign(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<StockTakeId>>,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::SignStockTake, async |write| {
            let before = write.get::<Entity>(named.id).await?;
            rules::counting(&before)?;
            named.check(before.version)?;
            let lines = write.stock_lines(before.id).await?;
            let finds = write.stock_finds(before.id).await?;
            let who = (write.actor().account(), write.today());
            let after = rules::sign(&before, &lines, &finds, who)?;
            for other in write.stock_takes_at(before.area_code).await? {
                if other.year == before.year && other.state == State::Signed {
                    write.update::<Entity>(&other, rules::supersede(&other)).await?;
                }
            }
            let signed = write.update::<Entity>(&before, after).await?;
            super::discrepancy::keep_within(write, &signed, &lines).await?;
            Ok(signed)
        })
        .await
}

/// As many lines as there may be.
pub fn whole() -> u64 {
    u64::try_from(limits::STOCK_LINES).unwrap_or(u64::MAX)
}

/// Whether a stock-take is, line by line, what was signed; nothing of one that is not signed.
pub async fn is_as_signed(read: &Read<'_>, take: &Model) -> Result<Option<bool>> {
    if take.digest.is_none() {
        return Ok(None);
    }
    let lines = read.stock_lines(take.id, 0, whole()).await?;
    let finds = read.stock_finds(take.id).await?;
    Ok(Some(rules::result::differing(take, &lines, &finds).is_none()))
}

/// How far a place is with its stock-take of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The place.
    pub area: AreaCode,
    /// Assets that stand on the ledger there now.
    pub n_assets: i64,
    /// The stock-take that counts: the signed one, else the one under way.
    pub take: Option<Model>,
}

impl Standing {
    /// Whether there is a signed result.
    pub fn is_signed(&self) -> bool {
        self.take.as_ref().is_some_and(|take| take.state == State::Signed)
    }
}

/// What the stock-takes of some places come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Places with assets.
    pub places: i64,
    /// Of these, those with a signed result.
    pub signed: i64,
    /// Those that are being counted.
    pub counting: i64,
    /// Assets expected.
    pub expected: i64,
    /// Found as the ledger says.
    pub found: i64,
    /// Missing.
    pub missing: i64,
    /// In another state.
    pub changed: i64,
    /// Not on the ledger.
    pub unexpected: i64,
}

impl Sums {
    fn add(&mut self, standing: &Standing) {
        self.places += 1;
        let Some(take) = &standing.take else { return };
        match take.state {
            State::Signed => self.signed += 1,
            State::Counting | State::Superseded => self.counting += 1,
        }
        self.expected += i64::from(take.n_expected);
        self.found += i64::from(take.n_found);
        self.missing += i64::from(take.n_missing);
        self.changed += i64::from(take.n_changed);
        self.unexpected += i64::from(take.n_unexpected);
    }
}

/// How far the places of a county, or of a part of it, are with a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The area.
    pub area: AreaCode,
    /// The year.
    pub year: i32,
    /// The last day on which a result is in time.
    pub due_on: NaiveDate,
    /// Every place with assets, in the order of the codes.
    pub places: Vec<Standing>,
    /// What each town comes to.
    pub towns: BTreeMap<AreaCode, Sums>,
    /// What all of it comes to.
    pub all: Sums,
}

impl Progress {
    /// The places without a signed result.
    pub fn lacking(&self) -> impl Iterator<Item = &Standing> {
        self.places.iter().filter(|one| !one.is_signed())
    }

    /// Days for which the result has been late; below nothing, days that are left.
    pub fn lateness(&self, today: NaiveDate) -> i64 {
        rules::lateness(self.due_on, today)
    }
}

/// How far the places of an area are with a year: two queries, whatever there is. Of an area above a
/// county nothing is told: it is looked at county by county.
pub async fn progress(read: &Read<'_>, asked: Option<AreaCode>, year: i32) -> Result<Progress> {
    let area = read.area_within(asked).await?;
    let local = read.local_rules([area]).await?;
    let day = local.number(Key::StockTakeDay, area, read.today());
    let mut progress = Progress {
        area,
        year,
        due_on: rules::due_on(year, day),
        places: Vec::new(),
        towns: BTreeMap::new(),
        all: Sums::default(),
    };
    if area.level() < Level::County {
        return Ok(progress);
    }
    let mut takes: BTreeMap<AreaCode, Model> = BTreeMap::new();
    for take in read.stock_takes_of(area, year).await? {
        let counts = |take: &Model| (take.state == State::Signed, take.id);
        let is_better =
            takes.get(&take.area_code).is_none_or(|known| counts(known) < counts(&take));
        if take.state != State::Superseded && is_better {
            takes.insert(take.area_code, take);
        }
    }
    let mut places = read.places_to_count(area).await?;
    // where all has gone since, what was counted still counts
    for area in takes.keys() {
        places.entry(*area).or_default();
    }
    for (area, n_assets) in places {
        let standing = Standing { area, n_assets, take: takes.remove(&area) };
        progress.towns.entry(area.at(Level::Town)).or_default().add(&standing);
        progress.all.add(&standing);
        progress.places.push(standing);
    }
    Ok(progress)
}
