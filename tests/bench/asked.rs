//! What is asked of a ledger that is open: reports, cards, writes; and what it costs to open it.

use std::{io, path::Path, process::Command, sync::Arc, time::Duration};

use entity::{area::Level, asset, id::AssetId, language::Language};
use taizhang::{
    app::{
        asset::amend,
        output::{Format, Options, Target},
        report::{ReportRequest, no_maintainer},
    },
    clock::SystemClock,
    store::{Actor, Ledger as Opened, connect::Place, report::Grouping},
};

use crate::{
    IDLE, Outcome,
    kept::Ledger,
    machine::{Cost, Watch, memory, run},
    sheets,
    table::{Figure, Row, ratio},
    tell, twin,
};

const MILLION: u64 = 1_000_000;
/// How often a reading is repeated.
const READS: u32 = 400;
/// How often a write is.
const WRITES: u32 = 400;
/// Clients that write at once.
const CLIENTS: usize = 8;

/// What must not grow with the ledger.
#[derive(Clone, Copy)]
pub(crate) struct Grown {
    card: Figure,
    report: Figure,
    write: Figure,
}

impl Grown {
    /// Prints how much each grew since the smallest ledger.
    pub(crate) fn beside(self, first: Grown, n: u64) {
        for (name, ours, before) in [
            ("growth of a card", self.card, first.card),
            ("growth of a county's report", self.report, first.report),
            ("growth of a write", self.write, first.write),
        ] {
            if let Some(growth) = ratio(ours, before) {
                Row::new(name, n, growth).goal(n, Figure::Ratio(150)).note("CPU").print();
            }
        }
    }
}

const fn micros(n: u64) -> Figure {
    Figure::Time(Duration::from_micros(n))
}

async fn open(file: &Path, keys: &Path) -> Outcome<Opened> {
    let place = Place::new(format!("sqlite:{}", file.display()));
    Ok(Opened::open(&place, keys, Arc::new(SystemClock)).await?)
}

pub(crate) async fn measure(kept: &Ledger) -> Outcome<Grown> {
    starts(kept).await?;
    let ledger = open(&kept.file, &kept.keys()).await?;
    let report = reports(kept, &ledger).await?;
    let card = cards(kept, &ledger).await?;
    let write = writes(kept, &ledger).await?;
    ledger.close().await?;
    Ok(Grown { card, report, write })
}

async fn starts(kept: &Ledger) -> Outcome<()> {
    tell(kept.n, "start");
    let mut cost = Cost::default();
    for _ in 0..10 {
        cost += kept.run(&["import", "list"])?;
    }
    let watch = Watch::start();
    for _ in 0..10 {
        let mut source = twin::open(&kept.file, true).await?;
        twin::number(&mut source, "SELECT count(*) FROM import").await?;
    }
    let raw = watch.stop() / 10;
    let cost = cost / 10;
    Row::new("start", kept.n, Figure::Time(cost.wall))
        .cpu(cost.cpu)
        .twin(Figure::Time(raw.wall))
        .goal(MILLION, Figure::Time(Duration::from_millis(200)))
        .note("a process that lists the imports; twin: in this process")
        .print();
    let idle = run(Command::new(std::env::current_exe()?).arg(IDLE).arg(&kept.file))?;
    Row::new("memory idle", kept.n, Figure::Memory(idle.peak))
        .goal(MILLION, Figure::Memory(40 * 1_024))
        .note("a ledger open that made the nation's report")
        .print();
    Ok(())
}

/// Opens a ledger, makes a report, and waits to be measured.
pub(crate) async fn idle(file: &Path) -> Outcome<()> {
    let keys = format!("{}.keys", file.display());
    let ledger = open(file, keys.as_ref()).await?;
    report(&ledger, &request(None, Level::County)).await?;
    tell(memory("self", "VmRSS").unwrap_or(0), "KB");
    tokio::time::sleep(Duration::from_millis(300)).await;
    ledger.close().await?;
    Ok(())
}

fn request(county: Option<&str>, level: Level) -> ReportRequest {
    ReportRequest {
        area: county.and_then(|county| format!("{county}000000").parse().ok()),
        by: Some(Grouping::Area(level)),
        ..ReportRequest::default()
    }
}

async fn report(ledger: &Opened, request: &ReportRequest) -> Outcome<()> {
    let options = Options::new(Language::Chinese, ledger.clock().now());
    let target = Target { format: Format::Json, options, sink: Box::new(io::sink()) };
    Ok(no_maintainer(ledger, &Actor::operator(), request, target).await?)
}

async fn reports(kept: &Ledger, ledger: &Opened) -> Outcome<Figure> {
    tell(kept.n, "reports");
    let mut source = twin::open(&kept.file, true).await?;
    let county = sheets::county(sheets::counties(kept.n) / 2);
    let bounds = (format!("{county}000000"), format!("{county}999999"));
    let request_of_county = request(Some(&county), Level::Town);
    let county_report = repeated(READS, async || report(ledger, &request_of_county).await).await?;
    let raw = repeated(READS, async || {
        let sql = "SELECT substr(area_code, 1, 9), count(*), sum(value) FROM finding WHERE \
                   rule = 'G01' AND closed_on IS NULL AND is_standing AND NOT is_waived AND \
                   area_code BETWEEN ? AND ? GROUP BY 1";
        twin::fetch(&mut source, sql, &[&bounds.0, &bounds.1]).await.map(drop)
    });
    let raw = raw.await?;
    Row::new("no maintainer, a county by town", kept.n, Figure::Time(county_report.cpu))
        .cpu(county_report.cpu)
        .twin(Figure::Time(raw.cpu))
        .goal(kept.n, micros(500))
        .note(format!(
            "CPU; wall {} µs; twin: GROUP BY on the partial index",
            county_report.wall.as_micros()
        ))
        .print();
    let of_nation = request(None, Level::County);
    let nation = repeated(READS / 4, async || report(ledger, &of_nation).await).await?;
    let raw = repeated(10, async || {
        let sql = "SELECT substr(area_code, 1, 6), count(*), sum(value) FROM finding WHERE \
                   rule = 'G01' AND closed_on IS NULL AND is_standing AND NOT is_waived GROUP BY 1";
        twin::fetch(&mut source, sql, &[]).await.map(drop)
    });
    let raw = raw.await?;
    Row::new("no maintainer, the nation by county", kept.n, Figure::Time(nation.cpu))
        .cpu(nation.cpu)
        .twin(Figure::Time(raw.cpu))
        .goal(MILLION, micros(5_000))
        .note(format!(
            "CPU; {} counties; wall {} µs",
            sheets::counties(kept.n),
            nation.wall.as_micros()
        ))
        .print();
    Ok(Figure::Time(county_report.cpu))
}

/// What one of many costs.
async fn repeated(n: u32, mut work: impl AsyncFnMut() -> Outcome<()>) -> Outcome<Cost> {
    work().await?;
    let watch = Watch::start();
    for _ in 0..n {
        work().await?;
    }
    Ok(watch.stop() / n)
}

/// Ids spread over the ledger, another one for every place.
fn id(place: u32, n: u64) -> AssetId {
    let place = (u64::from(place) * 7_919) % n + 1;
    AssetId(i64::try_from(place).unwrap_or(1))
}

async fn cards(kept: &Ledger, ledger: &Opened) -> Outcome<Figure> {
    tell(kept.n, "cards");
    let operator = Actor::operator();
    let read = ledger.read(&operator);
    let mut codes = Vec::new();
    for place in 0..=READS {
        codes.push(read.get::<asset::Entity>(id(place, kept.n)).await?.code);
    }
    let mut next = codes.iter().cycle();
    let card = repeated(READS, async || {
        let code = next.next().map(String::as_str).unwrap_or_default();
        let asset = read.asset(code).await?;
        let dossiers = read.dossiers(&[asset.id]).await?;
        if dossiers.len() == 1 { Ok(()) } else { Err("no card".into()) }
    })
    .await?;
    let mut source = twin::open(&kept.file, true).await?;
    let mut next = codes.iter().cycle();
    let raw = repeated(READS, async || {
        let code = next.next().map(String::as_str).unwrap_or_default();
        twin::card(&mut source, code).await.map(drop)
    })
    .await?;
    Row::new("card", kept.n, Figure::Time(card.cpu))
        .cpu(card.cpu)
        .twin(Figure::Time(raw.cpu))
        .note("CPU")
        .print();
    Ok(Figure::Time(card.cpu))
}

/// Changes the remark of one asset.
async fn change(ledger: &Opened, asset: &asset::Model, text: &str) -> Outcome<()> {
    let named = (asset.id, asset.version);
    let remark = Some(text.to_owned());
    amend(ledger, &Actor::operator(), named, |row| asset::Model { remark, ..row }).await?;
    Ok(())
}

async fn writes(kept: &Ledger, ledger: &Opened) -> Outcome<Figure> {
    tell(kept.n, "writes");
    let operator = Actor::operator();
    let read = ledger.read(&operator);
    let text = format!("{}", ledger.clock().now());
    let mut assets = Vec::new();
    for place in 0..WRITES * 2 {
        assets.push(read.get::<asset::Entity>(id(place, kept.n)).await?);
    }
    let (alone, together) = assets.split_at(WRITES as usize);
    let (mut walls, watch) = (Vec::new(), Watch::start());
    for asset in alone {
        let one = Watch::start();
        change(ledger, asset, &text).await?;
        walls.push(one.stop().wall);
    }
    let cost = watch.stop() / WRITES;
    let (mut raw_walls, mut target) =
        (Vec::new(), twin::open(&kept.beside(&format!("twin-{}.db", kept.n)), false).await?);
    let watch = Watch::start();
    for place in 0..WRITES {
        let one = Watch::start();
        twin::write(&mut target, id(place, kept.n).0, i64::from(place)).await?;
        raw_walls.push(one.stop().wall);
    }
    let raw = watch.stop() / WRITES;
    let together = writes_at_once(ledger, together, &text).await?;
    Row::new("one write", kept.n, Figure::Time(cost.cpu))
        .cpu(cost.cpu)
        .twin(Figure::Time(raw.cpu))
        .goal(kept.n, micros(1_200))
        .note("CPU")
        .print();
    Row::new("one write, p50", kept.n, Figure::Time(median(walls)))
        .twin(Figure::Time(median(raw_walls)))
        .note("wall")
        .print();
    Row::new("writes, 8 at once", kept.n, Figure::Rate(together))
        .goal(kept.n, Figure::Rate(700))
        .print();
    Ok(Figure::Time(cost.cpu))
}

/// Writes of several clients: so many a second.
async fn writes_at_once(ledger: &Opened, assets: &[asset::Model], text: &str) -> Outcome<u64> {
    let watch = Watch::start();
    let share = assets.len() / CLIENTS;
    let clients: Vec<_> = assets
        .chunks(share)
        .map(|assets| {
            let (ledger, assets, text) = (ledger.clone(), assets.to_vec(), text.to_owned());
            tokio::spawn(async move {
                for asset in &assets {
                    change(&ledger, asset, &text).await.map_err(|error| error.to_string())?;
                }
                Ok::<(), String>(())
            })
        })
        .collect();
    for client in clients {
        client.await??;
    }
    let micros = u64::try_from(watch.stop().wall.as_micros())?.max(1);
    Ok(assets.len() as u64 * 1_000_000 / micros)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
