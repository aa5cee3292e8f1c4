//! What must hold of every ledger after every test: whole logs without personal data, kept sums
//! that equal a recount, findings that repeat their assets rightly.

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike as _;
use entity::{
    area::AreaCode,
    asset::{self, Class, State},
    finding::{self, tally},
    five_have, funding, log,
};
use sha2::{Digest, Sha256};

use super::{Town, people::PEOPLE};

/// Checks it all.
pub(crate) async fn audit(town: &Town) {
    logs(town).await;
    tallies(town).await;
    duties_apart(town).await;
}

async fn logs(town: &Town) {
    let mut sizes: BTreeMap<_, i64> = BTreeMap::new();
    let mut entries = town.rows::<log::Entity>().await;
    entries.sort_by_key(|entry| (entry.county, entry.seq));
    for entry in &entries {
        let next = sizes.entry(entry.county).or_default();
        assert_eq!(entry.seq, *next, "the log of {} has a gap", entry.county);
        *next += 1;
        let leaf = Sha256::new().chain_update([0]).chain_update(&entry.body).finalize();
        assert_eq!(entry.leaf, leaf.as_slice(), "entry {} of {}", entry.seq, entry.county);
        for (name, phone) in PEOPLE {
            let shows = entry.body.contains(name) || entry.body.contains(phone);
            assert!(!shows, "{name} shows in entry {}: {}", entry.seq, entry.body);
        }
    }
    for head in town.rows::<log::head::Entity>().await {
        assert_eq!(Some(&head.size), sizes.get(&head.county), "the end of {}", head.county);
    }
}

type Key = (i32, String, AreaCode, Class, bool);

/// Counts everything anew, without a line of the store.
#[expect(clippy::too_many_lines, reason = "one table of what is counted")]
async fn tallies(town: &Town) {
    let assets = town.rows::<asset::Entity>().await;
    let funding = town.rows::<funding::Entity>().await;
    let mut recount: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    let mut add = |subject: &str, area: AreaCode, class: Class, standing: bool, value: i64| {
        for digits in [6, 9, 12] {
            let kept: String = format!("{:0<12}", &area.as_str()[..digits]);
            let kept = kept.parse().expect("an area code");
            let digits = i32::try_from(digits).expect("small");
            let sum =
                recount.entry((digits, subject.to_owned(), kept, class, standing)).or_default();
            *sum = (sum.0 + 1, sum.1 + value);
        }
    };
    let value = |asset: &asset::Model| asset.original_value.map_or(0, entity::money::Money::fen);
    for asset in assets.iter().filter(|asset| asset.state != State::Replaced) {
        add("all", asset.area_code, asset.class, asset.is_standing(), value(asset));
        if let Some(subclass) = asset.subclass {
            let subject = format!("subclass {}", subclass.code());
            add(&subject, asset.area_code, asset.class, asset.is_standing(), value(asset));
        }
        let acquired = match asset.acquired_on.map(|day| day.year()) {
            None => "acquired".to_owned(),
            Some(year) => format!("acquired {}", year.max(1999)),
        };
        add(&acquired, asset.area_code, asset.class, asset.is_standing(), value(asset));
        let mut funds: BTreeMap<&str, i64> = BTreeMap::new();
        let rows = funding.iter().filter(|row| row.asset_id == asset.id && !row.is_withdrawn);
        for (fund, amount) in rows.filter_map(|row| Some((row.fund?, row.amount))) {
            let amount = amount.map_or(0, entity::money::Money::fen);
            *funds.entry(fund.code()).or_default() += amount;
        }
        for (fund, amount) in funds {
            let subject = format!("fund {fund}");
            add(&subject, asset.area_code, asset.class, asset.is_standing(), amount);
        }
    }
    for row in town.rows::<five_have::Entity>().await {
        add("haves", row.area_code, row.class, true, 0);
        for have in five_have::Have::ALL.iter().filter(|have| row.has(**have)) {
            add(&format!("has {}", have.code()), row.area_code, row.class, true, 0);
        }
        if row.has_all() {
            add("has all", row.area_code, row.class, true, 0);
        }
    }
    let by_id: HashMap<_, _> = assets.iter().map(|asset| (asset.id, asset)).collect();
    let findings = town.rows::<finding::Entity>().await;
    for finding in findings.iter().filter(|finding| !finding.is_waived) {
        assert_eq!(finding.area_code, by_id[&finding.asset_id].area_code, "{finding:?}");
        for (what, day) in [("opened", Some(finding.opened_on)), ("cleared", finding.closed_on)] {
            let Some(day) = day else { continue };
            let subject = format!("{what} {} {}", day.format("%Y-%m"), finding.rule.code());
            let (area, value) = (finding.area_code, finding.value.fen());
            add(&subject, area, finding.class, finding.is_standing, value);
        }
    }
    for finding in findings.iter().filter(|finding| finding.closed_on.is_none()) {
        let asset = by_id[&finding.asset_id];
        let repeats = (asset.area_code, asset.class, asset.is_standing(), value(asset));
        let kept = (finding.area_code, finding.class, finding.is_standing, finding.value.fen());
        assert_eq!(kept, repeats, "{finding:?}");
        if !finding.is_waived {
            add(finding.rule.code(), kept.0, kept.1, kept.2, kept.3);
        }
    }
    let kept: BTreeMap<Key, (i64, i64)> = town
        .rows::<tally::Entity>()
        .await
        .into_iter()
        .map(|row| {
            let key = (row.digits, row.subject, row.area_code, row.class, row.is_standing);
            (key, (row.n, row.value.fen()))
        })
        .filter(|(_, sum)| *sum != (0, 0))
        .collect();
    assert_eq!(kept, recount, "the kept sums differ from a recount");
}

/// Duties of one kind on one asset never share a day.
async fn duties_apart(town: &Town) {
    let duties = town.rows::<entity::duty::Entity>().await;
    for (place, one) in duties.iter().enumerate() {
        for other in &duties[place + 1..] {
            let same = (one.asset_id, one.kind) == (other.asset_id, other.kind);
            let apart = !same || !taizhang::domain::duty::overlap(one, other);
            assert!(apart, "these overlap: {one:?} {other:?}");
        }
    }
}
