//! Sheets to import, made from a seed: areas, organizations and assets of a nation whose counties
//! are all of one size, so that more assets mean more counties.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use rust_xlsxwriter::Workbook;

use crate::Outcome;

/// Assets of a county.
pub(crate) const COUNTY: u64 = 2_500;
const TOWNS: u64 = 8;
const VILLAGES: u64 = 10;

/// The sheets of one size.
pub(crate) struct Sheets {
    pub(crate) areas: PathBuf,
    pub(crate) organizations: PathBuf,
    pub(crate) assets: PathBuf,
    /// The same assets as a workbook; a workbook has room for a million rows at most.
    pub(crate) workbook: Option<PathBuf>,
}

const HEADERS: [&str; 25] = [
    "code",
    "name",
    "area_code",
    "class",
    "subclass",
    "use_state",
    "condition",
    "location",
    "quantity",
    "unit",
    "specification",
    "project_year",
    "budget",
    "final_account",
    "original_value",
    "valuation",
    "completed_on",
    "accepted_on",
    "acquired_on",
    "booked_on",
    "beneficiary_households",
    "funding",
    "owner",
    "maintainer",
    "maintained_from",
];

/// Subclass, class, name, unit.
const KINDS: [(&str, &str, &str, &str); 10] = [
    ("road", "public", "通组公路", "km"),
    ("irrigation", "public", "灌溉水渠", "m"),
    ("water_supply", "public", "饮水蓄水池", "site"),
    ("sanitation", "public", "公厕", "site"),
    ("power", "public", "太阳能路灯", "lamp"),
    ("culture", "public", "文化广场", "m2"),
    ("solar", "operating", "光伏电站", "kw"),
    ("cold_storage", "operating", "冷库", "site"),
    ("workshop", "operating", "帮扶车间", "building"),
    ("livestock", "household", "能繁母牛", "head"),
];

/// Steele, Vigna: `SplitMix64`.
struct Random(u64);

impl Random {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    const fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// How many counties a size has.
pub(crate) const fn counties(n: u64) -> u64 {
    n.div_ceil(COUNTY)
}

/// The code of a county, six digits.
pub(crate) fn county(place: u64) -> String {
    format!("{}{:02}{:02}", 51 + place / 100, 1 + place / 10 % 10, 21 + place % 10)
}

fn village(county: &str, town: u64, village: u64) -> String {
    format!("{county}{:03}{:03}", 100 + town, 200 + village)
}

/// Makes the sheets of a size, or finds them made.
pub(crate) fn make(folder: &Path, n: u64) -> Outcome<Sheets> {
    let at = |name: &str| folder.join(format!("{name}-{n}.csv"));
    let assets = at("assets");
    let workbook = (n <= 100_000).then(|| folder.join(format!("assets-{n}.xlsx")));
    let sheets =
        Sheets { areas: at("areas"), organizations: at("organizations"), assets, workbook };
    fs::create_dir_all(folder)?;
    once(&sheets.areas, |file| write_areas(file, n))?;
    once(&sheets.organizations, |file| write_organizations(file, n))?;
    once(&sheets.assets, |file| write_assets(file, n))?;
    if let Some(path) = sheets.workbook.as_ref().filter(|path| !path.exists()) {
        write_workbook(path, n)?;
    }
    Ok(sheets)
}

/// Writes a file that takes its name when it is whole.
fn once(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Outcome<()>) -> Outcome<()> {
    if path.exists() {
        return Ok(());
    }
    let unfinished = path.with_extension("part");
    let mut file = BufWriter::new(File::create(&unfinished)?);
    write(&mut file)?;
    file.flush()?;
    fs::rename(unfinished, path)?;
    Ok(())
}

fn write_areas(file: &mut BufWriter<File>, n: u64) -> Outcome<()> {
    writeln!(file, "area_code,name,parent_code")?;
    for place in 0..counties(n) {
        let county = county(place);
        let (province, prefecture) =
            (format!("{}0000000000", &county[..2]), format!("{}00000000", &county[..4]));
        if place % 100 == 0 {
            writeln!(file, "{province},{}省,", &county[..2])?;
        }
        if place % 10 == 0 {
            writeln!(file, "{prefecture},{}市,{province}", &county[..4])?;
        }
        writeln!(file, "{county}000000,{county}县,{prefecture}")?;
        for town in 0..TOWNS {
            let code = format!("{county}{:03}000", 100 + town);
            writeln!(file, "{code},第{town}镇,{county}000000")?;
            for place in 0..VILLAGES {
                writeln!(file, "{},第{town}-{place}村,{code}", village(&county, town, place))?;
            }
        }
    }
    Ok(())
}

fn write_organizations(file: &mut BufWriter<File>, n: u64) -> Outcome<()> {
    writeln!(file, "area_code,name,kind")?;
    for place in 0..counties(n) {
        let county = county(place);
        for town in 0..TOWNS {
            for place in 0..VILLAGES {
                let code = village(&county, town, place);
                writeln!(file, "{code},{},collective", owner(&code))?;
                writeln!(file, "{code},{},village_committee", maintainer(&code))?;
            }
        }
    }
    Ok(())
}

fn owner(village: &str) -> String {
    format!("{village}村股份经济合作社")
}

fn maintainer(village: &str) -> String {
    format!("{village}村村民委员会")
}

fn write_assets(file: &mut BufWriter<File>, n: u64) -> Outcome<()> {
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(HEADERS)?;
    let mut random = Random(20_261_123);
    for place in 0..n {
        writer.write_record(asset(place, &mut random))?;
    }
    writer.flush()?;
    Ok(())
}

fn write_workbook(path: &Path, n: u64) -> Outcome<()> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    for (column, header) in (0..).zip(HEADERS) {
        sheet.write_string(0, column, header)?;
    }
    let mut random = Random(20_261_123);
    for place in 0..n {
        let row = u32::try_from(place + 1)?;
        for (column, cell) in (0..).zip(asset(place, &mut random)) {
            if !cell.is_empty() {
                sheet.write_string(row, column, cell)?;
            }
        }
    }
    workbook.save(path)?;
    Ok(())
}

/// One row. Most assets have a maintainer and no keeper, the others no maintainer: a gap each.
fn asset(place: u64, random: &mut Random) -> [String; 25] {
    let code = village(&county(place / COUNTY), random.below(TOWNS), random.below(VILLAGES));
    let (subclass, class, name, unit) = KINDS[usize::try_from(random.below(10)).unwrap_or(0)];
    let year = 2016 + random.below(9);
    let day = |random: &mut Random| {
        format!("{year}-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28))
    };
    let fen = 1_000_000 + random.below(300_000_000);
    let yuan = |fen: u64| format!("{}.{:02}", fen / 100, fen % 100);
    let completed = day(random);
    let maintained = random.below(100) < 85;
    [
        String::new(),
        format!("{}{name}{}期", &code[6..], 1 + random.below(9)),
        code.clone(),
        class.to_owned(),
        subclass.to_owned(),
        if random.below(20) == 0 { "idle" } else { "in_use" }.to_owned(),
        ["good", "fair", "good", "needs_repair"][usize::try_from(random.below(4)).unwrap_or(0)]
            .to_owned(),
        format!("第{}组", 1 + random.below(12)),
        format!("{}.{}", 1 + random.below(500), random.below(10)),
        unit.to_owned(),
        format!("宽 {}.5 米，厚 {} 厘米", 2 + random.below(4), 15 + random.below(10)),
        year.to_string(),
        yuan(fen + random.below(1_000_000)),
        yuan(fen),
        yuan(fen),
        "historical_cost".to_owned(),
        completed.clone(),
        completed.clone(),
        completed.clone(),
        completed.clone(),
        random.below(300).to_string(),
        format!(
            "中央|衔接推进乡村振兴补助资金|{year}|财农〔{year}〕{}号||{}",
            random.below(90),
            yuan(fen)
        ),
        owner(&code),
        if maintained { maintainer(&code) } else { String::new() },
        if maintained { completed } else { String::new() },
    ]
}
