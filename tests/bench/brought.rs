//! What is brought in and taken out: imports, exports, the check of the log.

use std::time::Duration;

use crate::{
    Outcome,
    kept::{Ledger, delete, shown},
    machine::Cost,
    sheets::Sheets,
    table::{Figure, Row},
    tell, twin,
};

const HUNDRED_THOUSAND: u64 = 100_000;
const MILLION: u64 = 1_000_000;

const fn seconds(tenths: u64) -> Figure {
    Figure::Time(Duration::from_millis(tenths * 100))
}

fn row(name: &str, n: u64, cost: Cost) -> Row {
    Row::new(name, n, Figure::Time(cost.wall)).cpu(cost.cpu)
}

pub(crate) async fn measure(ledger: &Ledger, sheets: &Sheets) -> Outcome<()> {
    imports(ledger, sheets).await?;
    exports(ledger).await?;
    verify(ledger).await
}

async fn imports(ledger: &Ledger, sheets: &Sheets) -> Outcome<()> {
    let n = ledger.n;
    tell(n, "import of CSV");
    let fresh = ledger.fresh(sheets)?;
    let as_csv = fresh.run(&["import", "assets", &shown(&sheets.assets)])?;
    fresh.keep_as(ledger)?;
    tell(n, "its twins");
    let (kept, every) = (ledger.beside(&format!("twin-{n}.db")), ledger.beside("every.db"));
    delete(&kept)?;
    delete(&every)?;
    let parsed = twin::parse(&sheets.assets)?.wall;
    let logged = twin::insert(&ledger.file, &kept, twin::Extent::AssetsAndLog).await?;
    let copied = twin::insert(&ledger.file, &every, twin::Extent::EveryRow).await?;
    delete(&every)?;
    row("import CSV", n, as_csv)
        .twin(Figure::Time(logged.wall + parsed))
        .goal(HUNDRED_THOUSAND, seconds(40))
        .goal(MILLION, seconds(450))
        .note("twin: parse, insert assets, a hashed log row each")
        .print();
    row("import CSV, beside every row stored", n, as_csv)
        .twin(Figure::Time(copied.wall + parsed))
        .note("twin: parse, insert the rows of all tables")
        .print();
    Row::new("memory while importing CSV", n, Figure::Memory(as_csv.peak))
        .goal(MILLION, Figure::Memory(250 * 1_024))
        .print();
    let Some(workbook) = &sheets.workbook else { return Ok(()) };
    tell(n, "import of XLSX");
    let fresh = ledger.fresh(sheets)?;
    let as_workbook = fresh.run(&["import", "assets", &shown(workbook)])?;
    fresh.delete()?;
    row("import XLSX", n, as_workbook)
        .twin(Figure::Time(logged.wall))
        .goal(HUNDRED_THOUSAND, seconds(80))
        .note("twin: insert assets, a hashed log row each; nothing read")
        .print();
    Ok(())
}

async fn exports(ledger: &Ledger) -> Outcome<()> {
    let n = ledger.n;
    tell(n, "export");
    let (ours, theirs) = (ledger.beside("export.csv"), ledger.beside("twin.csv"));
    let cost = ledger.run(&["export", "assets", "--out", &shown(&ours)])?;
    let raw = twin::csv(&ledger.file, &theirs).await?;
    row("export CSV", n, cost)
        .twin(Figure::Time(raw.wall))
        .goal(HUNDRED_THOUSAND, seconds(8))
        .note(format!(
            "{} KB; twin: the asset table alone",
            std::fs::metadata(&ours)?.len() / 1_024
        ))
        .print();
    if n > HUNDRED_THOUSAND {
        return Ok(());
    }
    let (ours, theirs) = (ledger.beside("export.xlsx"), ledger.beside("twin.xlsx"));
    let cost = ledger.run(&["export", "assets", "--out", &shown(&ours)])?;
    let raw = twin::xlsx(&ledger.file, &theirs).await?;
    row("export XLSX", n, cost)
        .twin(Figure::Time(raw.wall))
        .goal(HUNDRED_THOUSAND, seconds(30))
        .note("twin: the asset table alone")
        .print();
    Ok(())
}

async fn verify(ledger: &Ledger) -> Outcome<()> {
    let n = ledger.n;
    tell(n, "verify --rows");
    let cost = ledger.run(&["verify", "--rows"])?;
    let raw = twin::verify(&ledger.file).await?;
    let mut source = twin::open(&ledger.file, true).await?;
    let entries = twin::number(&mut source, "SELECT count(*) FROM log_entry").await?;
    let changes = twin::number(&mut source, "SELECT count(*) FROM log_change").await?;
    row("verify with rows", n, cost)
        .twin(Figure::Time(raw.wall))
        .goal(MILLION, seconds(200))
        .note(format!("{entries} entries of {changes} changes; {} MB", cost.peak / 1_024))
        .print();
    Ok(())
}
