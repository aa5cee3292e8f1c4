//! Findings evaluated again, with the days by which assets are to be inspected, and the kept sums
//! counted again, county by county.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::{
    area::{AreaCode, County},
    asset,
    finding::{self, Rule, tally},
    five_have::{self, Have},
    id::AssetId,
    inspection_due,
    language::Label,
    money::Money,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use super::worker::Worker;
use crate::{
    clock::day_of,
    domain::{
        deficiency::{self, Standing},
        rectification as rounds,
        setting::LocalRules,
        verification::{Fault, Kind, Noun, Place},
    },
    error::Result,
    store::{
        Dossier,
        dossier::{among, dossiers},
        five_have::haves,
        inspection_due::due,
        read::streamed,
        setting::local_rules_of_county,
        tally::{Key, Tally},
    },
};

/// Assets evaluated together.
const BATCH: usize = 1_000;
/// The tables that hold no nouns.
const FINDING: Noun = Noun { table: "finding", label: Label::new("问题", "finding") };
const DUE: Noun = Noun {
    table: "inspection_due",
    label: Label::new("应巡查日期", "day of the next inspection"),
};
const HAVES: Noun = Noun { table: "five_have", label: Label::new("五有", "the five haves") };
const TALLY: Noun = Noun { table: "tally", label: Label::new("汇总数", "kept sum") };

/// What evaluating a county again came to.
#[derive(Default)]
pub(super) struct Recount {
    county: Option<County>,
    today: NaiveDate,
    local: LocalRules,
    tally: Tally,
    pub(super) assets: u64,
    pub(super) stale: u64,
    /// Rows of kept sums that were compared.
    pub(super) sums: u64,
    pub(super) fault: Option<Fault>,
}

/// Evaluates the assets of a county again and compares findings and sums.
pub(super) async fn recount(
    txn: &DatabaseTransaction,
    county: County,
    today: NaiveDate,
) -> Result<Recount> {
    let (first, last) = bounds(county);
    let mut ids: Vec<AssetId> = asset::Entity::find()
        .select_only()
        .column(asset::Column::Id)
        .filter(asset::Column::AreaCode.between(&*first, &*last))
        .into_tuple()
        .all(txn)
        .await?;
    ids.sort_unstable();
    let local = local_rules_of_county(txn, county, (&first, &last)).await?;
    let empty = Recount { county: Some(county), today, local, ..Recount::default() };
    let worker = Worker::start(empty);
    for ids in ids.chunks(BATCH) {
        let Ok(loaded) = load(txn, ids).await else {
            let fault = unreadable(txn, county, ids).await?;
            worker.give(move |recount| recount.blame(fault)).await?;
            break;
        };
        worker.give(move |recount| recount.take(loaded)).await?;
    }
    let mut recount = worker.finish().await?;
    if recount.fault.is_none() {
        recount.compare_sums(txn, county).await?;
    }
    Ok(recount)
}

/// Some assets, and what is kept of each because of the rules.
struct Loaded {
    dossiers: Vec<Dossier>,
    findings: Vec<finding::Model>,
    days: Vec<inspection_due::Model>,
    haves: Vec<five_have::Model>,
}

async fn load(txn: &DatabaseTransaction, ids: &[AssetId]) -> Result<Loaded> {
    let query = finding::Entity::find()
        .filter(among(finding::Column::AssetId, ids))
        .order_by_asc(finding::Column::AssetId)
        .order_by_asc(finding::Column::Rule);
    let findings = streamed(query, txn).await?;
    let days = inspection_due::Entity::find().filter(among(inspection_due::Column::AssetId, ids));
    let days = streamed(days, txn).await?;
    let haves = five_have::Entity::find().filter(among(five_have::Column::AssetId, ids));
    let haves = streamed(haves, txn).await?;
    Ok(Loaded { dossiers: dossiers(txn, ids).await?, findings, days, haves })
}

/// Whether a day is kept as it is found; what else is kept beside it, only where it was judged since.
fn is_same_day(
    expected: Option<&inspection_due::Model>,
    kept: Option<&inspection_due::Model>,
) -> bool {
    let plain = |row: &inspection_due::Model| (row.asset_id, row.area_code, row.due_on);
    match kept {
        Some(row) if row.interval_days == 0 => expected.map(plain) == Some(plain(row)),
        _ => expected == kept,
    }
}

/// Names the asset whose findings cannot be read.
async fn unreadable(txn: &DatabaseTransaction, county: County, ids: &[AssetId]) -> Result<Fault> {
    for id in ids {
        if load(txn, &[*id]).await.is_err() {
            // whether the database answers at all
            finding::Entity::find().filter(finding::Column::AssetId.eq(*id)).count(txn).await?;
            return Ok(Fault::new(Kind::RowUnreadable, Place::row(county, FINDING, id.0)));
        }
    }
    Ok(Fault::new(Kind::RowUnreadable, Place { noun: Some(FINDING), ..Place::default() }))
}

/// The first and the last area code of a county's log: its six digits and no others.
pub(super) fn bounds(county: County) -> (String, String) {
    (format!("{county}000000"), format!("{county}999999"))
}

impl Recount {
    fn blame(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    fn place(&self, id: AssetId, part: String) -> Place {
        let place =
            Place { noun: Some(FINDING), id: Some(id.0), part: Some(part), ..Place::default() };
        Place { county: self.county, ..place }
    }

    /// Takes some assets and what is kept of each.
    fn take(&mut self, Loaded { dossiers, findings, days, haves }: Loaded) {
        let mut by_asset: BTreeMap<AssetId, Vec<finding::Model>> = BTreeMap::new();
        for row in findings {
            by_asset.entry(row.asset_id).or_default().push(row);
        }
        let mut days: HashMap<_, _> = days.into_iter().map(|row| (row.asset_id, row)).collect();
        let mut haves: HashMap<_, _> = haves.into_iter().map(|row| (row.asset_id, row)).collect();
        for dossier in &dossiers {
            self.assets += 1;
            let findings = by_asset.remove(&dossier.asset.id).unwrap_or_default();
            let day = days.remove(&dossier.asset.id);
            let have = haves.remove(&dossier.asset.id);
            if let Some(row) = &have {
                self.tally.count_haves(row, 1);
            }
            let judged = self.judge(dossier, &findings, day.as_ref());
            let judged = judged
                .and_then(|is_stale| Ok(self.judge_haves(dossier, have.as_ref())? || is_stale));
            match judged {
                Err(fault) => self.blame(*fault),
                Ok(is_stale) => {
                    self.stale += u64::from(is_stale);
                    self.tally.count_asset(&dossier.asset, 1);
                    self.tally.count_funds(&dossier.asset, &dossier.funding, 1);
                    for row in &findings {
                        self.tally.count_finding(row, 1);
                    }
                }
            }
        }
    }

    /// Whether the findings on an asset are those of an earlier day than today, or of an hour before a
    /// local rule was set; or what is wrong.
    fn judge(
        &self,
        dossier: &Dossier,
        findings: &[finding::Model],
        due_day: Option<&inspection_due::Model>,
    ) -> Result<bool, Box<Fault>> {
        let facts = dossier.facts();
        let touched = deficiency::touched_on(&facts);
        let today = self.today.max(touched);
        for row in findings {
            let differs = differing(&dossier.asset, row, today);
            if let Some((part, expected, found)) = differs.or_else(|| repeating(dossier, row)) {
                let place = self.place(row.asset_id, format!("{} {part}", row.rule.code()));
                let fault = Fault::new(Kind::Finding, place);
                return Err(Box::new(fault.expected(expected).found(found)));
            }
        }
        let is_open = |rule| findings.iter().any(|row| row.rule == rule && row.closed_on.is_none());
        let live = dossier.rectifications.iter().filter(|round| round.cleared_on.is_none());
        if let Some(stray) = live.map(|round| round.rule).find(|rule| !is_open(*rule)) {
            let place = self.place(dossier.asset.id, format!("{} rectification", stray.code()));
            return Err(Box::new(
                Fault::new(Kind::FindingMissing, place).expected(stray.label().en),
            ));
        }
        let stored: BTreeSet<_> =
            findings.iter().filter(|row| row.closed_on.is_none()).map(standing).collect();
        let area = dossier.asset.area_code;
        // both are kept at once: by the same rules, of the same day
        let by = |local: &LocalRules, day| -> (BTreeSet<_>, Option<inspection_due::Model>) {
            let thresholds = local.thresholds(area, day);
            let found = deficiency::evaluate(&facts, &thresholds, day);
            (found.iter().map(key).collect(), due(dossier, local, day))
        };
        let is_kept = |(found, due): &(BTreeSet<Key3>, Option<inspection_due::Model>)| {
            *found == stored && is_same_day(due.as_ref(), due_day)
        };
        let now = by(&self.local, today);
        if is_kept(&now) {
            return Ok(false);
        }
        let days = deficiency::turning_days(&facts, &self.local, touched, today);
        let days = days.into_iter().flat_map(|day| {
            let known = self.local.in_the_course_of(day).into_iter();
            known.map(move |local| (local, day))
        });
        let days: Vec<_> = days.map(|(local, day)| by(&local, day)).collect();
        if days.iter().any(is_kept) {
            return Ok(true);
        }
        if let Some((_, expected)) = days.iter().chain([&now]).rfind(|(found, _)| *found == stored)
        {
            return Err(Box::new(self.wrong_day(dossier, expected.as_ref(), due_day)));
        }
        let days: Vec<_> = days.into_iter().map(|(found, _)| found).collect();
        Err(Box::new(self.explain(dossier.asset.id, &stored, &days)))
    }

    /// Whether what is kept of the five haves of an asset is of an earlier day than today, or of no day
    /// yet; or what is wrong. That a row is lost is told by the sums, in which it is counted.
    fn judge_haves(
        &self,
        dossier: &Dossier,
        found: Option<&five_have::Model>,
    ) -> Result<bool, Box<Fault>> {
        let facts = dossier.facts();
        let touched = deficiency::touched_on(&facts);
        let today = self.today.max(touched);
        let now = haves(dossier, &self.local, today);
        if now.as_ref() == found {
            return Ok(false);
        }
        let Some(row) = found else { return Ok(true) };
        let days = deficiency::turning_days(&facts, &self.local, touched, today);
        let mut then = days.into_iter().flat_map(|day| {
            let known = self.local.in_the_course_of(day).into_iter();
            known.map(move |local| haves(dossier, &local, day))
        });
        if then.any(|then| then.as_ref() == found) {
            return Ok(true);
        }
        let told = |row: Option<&five_have::Model>| {
            let Some(row) = row else { return "—".to_owned() };
            let has = Have::ALL.iter().filter(|have| row.has(**have)).map(|have| have.code());
            format!("{} {} {}", row.area_code, row.class.code(), has.collect::<Vec<_>>().join(" "))
        };
        let place = Place { noun: Some(HAVES), ..self.place(dossier.asset.id, "has".to_owned()) };
        let fault = Fault::new(Kind::Haves, place).expected(told(now.as_ref()));
        Err(Box::new(fault.found(told(Some(row)))))
    }

    /// An asset that is to be inspected by another day than is kept, or of another place.
    fn wrong_day(
        &self,
        dossier: &Dossier,
        expected: Option<&inspection_due::Model>,
        found: Option<&inspection_due::Model>,
    ) -> Fault {
        let told = |row: Option<&inspection_due::Model>| {
            row.map_or_else(|| "—".to_owned(), |row| format!("{} {}", row.due_on, row.area_code))
        };
        let place = Place { noun: Some(DUE), ..self.place(dossier.asset.id, "due_on".to_owned()) };
        Fault::new(Kind::DueDay, place).expected(told(expected)).found(told(found))
    }

    /// Which finding cannot be, on any day since the asset was last touched.
    fn explain(&self, id: AssetId, stored: &BTreeSet<Key3>, days: &[BTreeSet<Key3>]) -> Fault {
        let never = stored.iter().find(|one| days.iter().all(|day| !day.contains(*one)));
        if let Some((rule, since, is_waived)) = never {
            let place = self.place(id, rule.code().to_owned());
            let found = format!("{since}{}", if *is_waived { ", waived" } else { "" });
            let same = days.iter().flatten().find(|(other, ..)| other == rule);
            return match same {
                None => Fault::new(Kind::FindingUnfounded, place).found(found),
                Some((_, since, is_waived)) => {
                    let expected = format!("{since}{}", if *is_waived { ", waived" } else { "" });
                    Fault::new(Kind::Finding, place).expected(expected).found(found)
                }
            };
        }
        let rules: BTreeSet<Rule> = stored.iter().map(|(rule, ..)| *rule).collect();
        let missing = days.iter().flatten().find(|(rule, ..)| !rules.contains(rule));
        match missing {
            Some((rule, since, _)) => {
                let place = self.place(id, rule.code().to_owned());
                Fault::new(Kind::FindingMissing, place).expected(since)
            }
            None => Fault::new(Kind::Finding, self.place(id, String::from("—"))),
        }
    }

    /// Compares the kept sums of a county with what was counted.
    async fn compare_sums(&mut self, txn: &DatabaseTransaction, county: County) -> Result<()> {
        let (first, last) = bounds(county);
        let stored = tally::Entity::find()
            .filter(tally::Column::AreaCode.between(&*first, &*last))
            .order_by_asc(tally::Column::Digits)
            .all(txn)
            .await;
        let Ok(stored) = stored else {
            let place = Place { county: Some(county), noun: Some(TALLY), ..Place::default() };
            self.blame(Fault::new(Kind::RowUnreadable, place));
            return Ok(());
        };
        self.sums = u64::try_from(stored.len()).unwrap_or(0);
        let mut counted = std::mem::take(&mut self.tally).into_sums();
        for row in stored {
            let key = (row.digits, row.subject, row.area_code, row.class, row.is_standing);
            let expected = counted.remove(&key).unwrap_or_default();
            let found = (row.n, row.value.fen());
            if expected != found {
                self.blame(sum_fault(Some(county), &key, expected, found));
                return Ok(());
            }
        }
        if let Some((key, expected)) = counted.into_iter().find(|(_, sum)| *sum != (0, 0)) {
            self.blame(sum_fault(Some(county), &key, expected, (0, 0)));
        }
        Ok(())
    }
}

/// Rule, since when, waived.
type Key3 = (Rule, NaiveDate, bool);

fn standing(row: &finding::Model) -> Key3 {
    (row.rule, row.since_on, row.is_waived)
}

fn key(standing: &Standing) -> Key3 {
    (standing.rule, standing.since, standing.is_waived)
}

/// The first column of a finding that the card contradicts: column, expected, found. What a closed
/// finding repeats of the card is that of the day it closed.
fn differing(
    asset: &asset::Model,
    row: &finding::Model,
    today: NaiveDate,
) -> Option<(&'static str, String, String)> {
    let value = asset.original_value.unwrap_or(Money::ZERO);
    let texts = [
        ("area_code", asset.area_code.to_string(), row.area_code.to_string()),
        ("class", asset.class.code().to_owned(), row.class.code().to_owned()),
        ("is_standing", asset.is_standing().to_string(), row.is_standing.to_string()),
        ("value", value.to_string(), row.value.to_string()),
    ];
    if row.closed_on.is_none()
        && let Some(differing) = texts.into_iter().find(|(_, expected, found)| expected != found)
    {
        return Some(differing);
    }
    let recorded = day_of(asset.created_at);
    if !(recorded..=today).contains(&row.opened_on) {
        return Some(("opened_on", format!("{recorded}–{today}"), row.opened_on.to_string()));
    }
    let closed = row.closed_on.filter(|closed| !(row.opened_on..=today).contains(closed))?;
    Some(("closed_on", format!("{}–{today}", row.opened_on), closed.to_string()))
}

/// The first column of a finding that its round of rectification contradicts: column, expected,
/// found.
fn repeating(dossier: &Dossier, row: &finding::Model) -> Option<(&'static str, String, String)> {
    let told = |row: &finding::Model| {
        [
            ("progress", row.progress.map(|state| state.code().to_owned())),
            ("due_on", row.due_on.map(|day| day.to_string())),
            ("bearer", row.bearer.clone()),
            ("reporter", row.reporter.map(|id| id.to_string())),
            ("escalated_to", row.escalated_to.map(|rung| rung.code().to_owned())),
        ]
    };
    let expected = told(&rounds::repeated(row, &dossier.rectifications));
    let pairs = expected.into_iter().zip(told(row));
    let mut differing = pairs.filter(|((_, expected), (_, found))| expected != found);
    differing.next().map(|((column, expected), (_, found))| {
        (column, expected.unwrap_or_default(), found.unwrap_or_default())
    })
}

fn sum_fault(county: Option<County>, key: &Key, expected: (i64, i64), found: (i64, i64)) -> Fault {
    let (_, subject, area, class, is_standing) = key;
    let standing = if *is_standing { "" } else { ", not standing" };
    let part = format!("{area} {subject} {}{standing}", class.code());
    let place = Place { county, noun: Some(TALLY), part: Some(part), ..Place::default() };
    let shown = |(n, fen): (i64, i64)| {
        let value = Money::try_from_fen(fen);
        format!("{n} / {}", value.map_or_else(|| format!("{fen} fen"), |value| value.to_string()))
    };
    Fault::new(Kind::Tally, place).expected(shown(expected)).found(shown(found))
}

/// A finding on an asset that does not exist, or a kept sum of a county that has no log.
pub(super) async fn strays(
    txn: &DatabaseTransaction,
    counties: &BTreeSet<County>,
    sums: u64,
) -> Result<Option<Fault>> {
    let stray: Option<(i64, AreaCode)> = finding::Entity::find()
        .select_only()
        .column(finding::Column::AssetId)
        .column(finding::Column::AreaCode)
        .filter(finding::Column::AssetId.not_in_subquery(
            asset::Entity::find().select_only().column(asset::Column::Id).into_query(),
        ))
        .order_by_asc(finding::Column::AssetId)
        .limit(1)
        .into_tuple()
        .one(txn)
        .await?;
    if let Some((id, area)) = stray {
        return Ok(Some(Fault::new(
            Kind::FindingUnfounded,
            Place::row(area.county(), FINDING, id),
        )));
    }
    if tally::Entity::find().count(txn).await? == sums {
        return Ok(None);
    }
    let areas: Vec<AreaCode> = tally::Entity::find()
        .select_only()
        .column(tally::Column::AreaCode)
        .distinct()
        .into_tuple()
        .all(txn)
        .await?;
    let stray = areas.into_iter().find(|area| !counties.contains(&area.county()));
    Ok(stray.map(|area| {
        let place = Place { noun: Some(TALLY), part: Some(area.to_string()), ..Place::default() };
        Fault::new(Kind::Tally, Place { county: Some(area.county()), ..place })
    }))
}
