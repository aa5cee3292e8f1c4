//! What a ledger costs in which assets were inspected a million times, beside the same in which each was
//! inspected once: nothing that people open may notice.

use std::time::Duration;

use sea_orm::sqlx::{
    Connection as _, Executor as _, query,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};

use crate::{
    Outcome,
    kept::Ledger,
    pages::cookie,
    served::{Asked, CLIENTS, NAME, carry_out, codes, program, sign_in},
    sheets,
    table::{Figure, Row, ratio},
    tell,
};

/// Inspections in the full ledger.
const MILLION: u64 = 1_000_000;
/// Pages of each kind.
const REQUESTS: usize = 400;

/// Has every asset inspected once more, some days after the last time. The log does not tell of it: what
/// is measured is what people open.
const ROUND: &str =
    "INSERT INTO inspection (id, area_code, version, created_at, updated_at, asset_id,
        device_key, inspected_at, condition, checks, is_all_at_once)
    SELECT (SELECT coalesce(max(id), 0) FROM inspection) + row_number() OVER (ORDER BY id),
        area_code, 1, at, at, id, printf('%08x-0000-4000-8000-%012x', ?1, id), at,
        CASE id % 50 WHEN 0 THEN 'defect' ELSE 'good' END, '', 1
    FROM (SELECT id, area_code, strftime('%Y-%m-%dT%H:%M:%f+00:00', '2020-01-01',
        printf('+%d minutes', ?1 * 1440 + id % 1440)) AS at FROM asset)";

/// How each asset was found last.
const LAST: [&str; 2] = [
    "DELETE FROM upkeep",
    "INSERT INTO upkeep (id, area_code, version, created_at, updated_at, asset_id, inspection_id,
        inspected_on, inspected_at, condition)
    SELECT asset_id, area_code, 1, inspected_at, inspected_at, asset_id, id,
        substr(inspected_at, 1, 10), inspected_at, condition
    FROM inspection WHERE id IN (SELECT max(id) FROM inspection GROUP BY asset_id)",
];

pub(crate) async fn measure(kept: &Ledger) -> Outcome<()> {
    let rounds = MILLION / kept.n;
    if rounds < 2 {
        return Ok(());
    }
    let copy = kept.copy("inspected.db")?;
    inspect(&copy, 0..1).await?;
    let once = opened(&copy).await?;
    inspect(&copy, 1..rounds).await?;
    let often = opened(&copy).await?;
    for ((kind, cpu), (_, before)) in often.iter().zip(&once) {
        let name = format!("a million inspections: {kind}");
        Row::new(&name, kept.n, Figure::Time(*cpu)).cpu(*cpu).note("CPU a page").print();
        if let Some(growth) = ratio(Figure::Time(*cpu), Figure::Time(*before)) {
            let note = "beside one inspection of each asset";
            Row::new("growth", kept.n, growth).goal(kept.n, Figure::Ratio(150)).note(note).print();
        }
    }
    copy.delete()
}

async fn inspect(ledger: &Ledger, rounds: std::ops::Range<u64>) -> Outcome<()> {
    tell(ledger.n, &format!("{} rounds of inspections", rounds.end - rounds.start));
    let options = SqliteConnectOptions::new().filename(&ledger.file);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    for round in rounds {
        connection.execute(query(ROUND).bind(i64::try_from(round)?)).await?;
    }
    for statement in LAST {
        connection.execute(statement).await?;
    }
    Ok(connection.close().await?)
}

/// Processor time of the server for each kind of page.
async fn opened(ledger: &Ledger) -> Outcome<Vec<(&'static str, Duration)>> {
    let server = program(ledger).await?;
    let county = sheets::county(sheets::counties(ledger.n) / 2);
    let bearer = sign_in(ledger, &server, &county).await?;
    let cards = codes(&server, &bearer).await?;
    let cards = cards.iter().map(|code| format!("/assets/{code}")).collect();
    let cookie = cookie(&server, &format!("{NAME}-{county}")).await?;
    let one = |path: &str| vec![path.to_owned()];
    let kinds: [(&str, Vec<String>); 6] = [
        ("inspections", one("/inspections")),
        ("inspections due", one("/inspections/round")),
        ("assets", one("/assets")),
        ("findings", one("/findings")),
        ("overview", one("/dashboard")),
        ("card", cards),
    ];
    let mut told = Vec::new();
    for (kind, paths) in kinds {
        tell(ledger.n, &format!("page: {kind}"));
        let asked = paths.iter().cycle().take(REQUESTS);
        let asked = asked.map(|path| Asked::get(path.clone()).with("cookie", cookie.as_str()));
        let asked: Vec<Asked> = asked.collect();
        carry_out(&server, asked.iter().take(40).cloned().collect(), 1).await?;
        told.push((kind, carry_out(&server, asked, CLIENTS).await?.cpu));
    }
    Ok(told)
}
