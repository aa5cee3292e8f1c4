//! 资产盘点: what a village is expected to have, how each of it was found, what stood there beside it,
//! and who signs the result (农经发〔2017〕11号, domain.md §4 and §6: at least once at the end of a year, the
//! result by 31 March). What is expected is fixed on opening; what is signed is fixed on signing.

pub mod result;

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::{
    area::{AreaCode, Level},
    asset::{self, Subclass, UseState},
    id::{AccountId, StockFindId, StockLineId, StockTakeId},
    stock_find,
    stock_line::{self, Outcome},
    stock_take::{Model, State},
};

use super::{asset::reasoned, mistake::Mistakes, refusal::Refusal};
use crate::{fields, limits};

fields! {
    /// The fields of a stock-take.
    pub FIELDS of Model {
        year: i32 = "盘点年度" "year" Fixed;
        state: State = "状态" "state" Fixed;
        opened_on: NaiveDate = "开始日期" "opened on" Fixed;
        n_expected: i32 = "应有（项）" "expected" Fixed;
        n_found: i32 = "账实相符（项）" "found" Fixed;
        n_missing: i32 = "盘亏（项）" "missing" Fixed;
        n_changed: i32 = "状态不符（项）" "in another state" Fixed;
        n_unexpected: i32 = "盘盈（项）" "not on the ledger" Fixed;
        signed_on: Option<NaiveDate> = "签认日期" "signed on" Fixed;
        digest: Option<String> = "结果摘要（SHA-256）" "digest of the result (SHA-256)" Fixed;
    }
}

/// The fields of a line.
pub mod lines {
    use super::{Outcome, UseState, stock_line::Model};
    use crate::fields;

    fields! {
        /// The fields of a line.
        pub FIELDS of Model {
            place: i32 = "序号" "place" Fixed;
            code: String = "资产编号" "asset code" Fixed;
            name: String = "资产名称" "asset" Fixed;
            recorded_state: Option<UseState> = "账面使用状态" "state on the ledger" Fixed;
            outcome: Option<Outcome> = "盘点结果" "result" Amend;
            seen_state: Option<UseState> = "实际使用状态" "state as seen" Amend;
            note: Option<String> = "说明" "note" Amend;
        }
    }
}

/// The fields of a find.
pub mod finds {
    use super::{NaiveDate, Subclass, stock_find::Model, stock_find::State};
    use crate::fields;

    fields! {
        /// The fields of a find.
        pub FIELDS of Model {
            name: String = "名称" "name" Fixed;
            subclass: Option<Subclass> = "资产子类" "kind" Fixed;
            location: Option<String> = "坐落" "place" Fixed;
            note: Option<String> = "说明" "note" Fixed;
            found_on: NaiveDate = "发现日期" "found on" Fixed;
            state: State = "处理情况" "what became of it" Fixed;
            reason: Option<String> = "不予登记的理由" "why it is not registered" Fixed;
            settled_on: Option<NaiveDate> = "处理日期" "settled on" Fixed;
        }
    }
}

/// The last day on which the result for a year is reported in time. A county says it as the day of an
/// ordinary year: 90 is 31 March, in a leap year as well.
pub fn due_on(year: i32, day_of_year: i64) -> NaiveDate {
    // 2001 had 365 days
    let ordinal = u32::try_from(day_of_year).unwrap_or(1).clamp(1, 365);
    let shape = NaiveDate::from_yo_opt(2001, ordinal).unwrap_or(NaiveDate::MIN);
    let day = NaiveDate::from_ymd_opt(year + 1, shape.month(), shape.day());
    day.unwrap_or(NaiveDate::MAX)
}

/// The year whose result is waited for on a day: the one before.
pub fn year_due(today: NaiveDate) -> i32 {
    today.year() - 1
}

/// Years for which a stock-take may be opened on a day: the last one and this one.
pub fn years(today: NaiveDate) -> [i32; 2] {
    [today.year() - 1, today.year()]
}

/// What a stock-take of a place expects on a day: every asset there that stands on the ledger, in the
/// order of their codes.
pub fn open(
    area: AreaCode,
    year: i32,
    mut assets: Vec<asset::Model>,
    others: &[Model],
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<(Model, Vec<stock_line::Model>), Refusal> {
    if !matches!(area.level(), Level::Village | Level::Town) {
        return Err(Refusal::stock_take_of_place());
    }
    if !years(today).contains(&year) {
        let [first, last] = years(today);
        return Err(Refusal::stock_take_year(first, last));
    }
    if others.iter().any(|other| other.year == year && other.state == State::Counting) {
        return Err(Refusal::stock_take_there(year));
    }
    assets.retain(asset::Model::is_standing);
    if assets.is_empty() {
        return Err(Refusal::nothing_to_count());
    }
    if assets.len() > limits::STOCK_LINES {
        return Err(Refusal::stock_take_too_large(limits::STOCK_LINES));
    }
    assets.sort_by(|one, other| one.code.cmp(&other.code));
    let take = Model {
        id: StockTakeId(0),
        area_code: area,
        year,
        state: State::Counting,
        opened_on: today,
        opened_by: who,
        n_expected: i32::try_from(assets.len()).unwrap_or(i32::MAX),
        n_found: 0,
        n_missing: 0,
        n_changed: 0,
        n_unexpected: 0,
        signed_by: None,
        signed_on: None,
        digest: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    };
    let lines = assets.iter().zip(1..).map(|(asset, place)| expected(asset, place)).collect();
    Ok((take, lines))
}

fn expected(asset: &asset::Model, place: i32) -> stock_line::Model {
    stock_line::Model {
        id: StockLineId(0),
        area_code: asset.area_code,
        stock_take_id: StockTakeId(0),
        asset_id: asset.id,
        place,
        code: asset.code.clone(),
        name: asset.name.clone(),
        recorded_state: asset.use_state,
        outcome: None,
        seen_state: None,
        note: None,
        counted_by: None,
        counted_at: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// What somebody says of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// How it was found.
    pub outcome: Outcome,
    /// In what state, where it is another than the ledger says.
    pub seen_state: Option<UseState>,
    /// What there is to say of it.
    pub note: Option<String>,
}

impl Said {
    /// It is there, as the ledger says.
    pub const FOUND: Said = Said { outcome: Outcome::Found, seen_state: None, note: None };
}

/// A stock-take that is still being counted.
pub fn counting(take: &Model) -> Result<(), Refusal> {
    match take.state {
        State::Counting => Ok(()),
        State::Signed | State::Superseded => Err(Refusal::stock_take_signed()),
    }
}

/// A line with what somebody says of it; nothing where it says so already.
pub fn count(
    line: &stock_line::Model,
    said: &Said,
    (who, at): (Option<AccountId>, DateTime<Utc>),
) -> Result<Option<stock_line::Model>, Refusal> {
    let note = said.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    note.map_or(Ok(()), reasoned)?;
    match (said.outcome, said.seen_state) {
        (Outcome::Changed, None) => return Err(Refusal::seen_state_missing(line.place)),
        (Outcome::Changed, seen) if seen == line.recorded_state => {
            return Err(Refusal::seen_state_same(line.place));
        }
        (Outcome::Found | Outcome::Missing, Some(_)) => {
            return Err(Refusal::seen_state_idle(line.place));
        }
        _ => {}
    }
    let same = (line.outcome, line.seen_state, line.note.as_deref())
        == (Some(said.outcome), said.seen_state, note);
    if same {
        return Ok(None);
    }
    Ok(Some(stock_line::Model {
        outcome: Some(said.outcome),
        seen_state: said.seen_state,
        note: note.map(str::to_owned),
        counted_by: who,
        counted_at: Some(at),
        ..line.clone()
    }))
}

/// The numbers of a stock-take after lines of it were counted, each as it was and as it is.
pub fn counted<'a>(
    take: &Model,
    lines: impl IntoIterator<Item = (&'a stock_line::Model, &'a stock_line::Model)>,
) -> Model {
    let mut next = take.clone();
    for (before, after) in lines {
        for (line, sign) in [(before, -1), (after, 1)] {
            match line.outcome {
                Some(Outcome::Found) => next.n_found += sign,
                Some(Outcome::Missing) => next.n_missing += sign,
                Some(Outcome::Changed) => next.n_changed += sign,
                None => {}
            }
        }
    }
    next
}

/// A find that nobody has described yet.
pub fn blank_find(take: &Model, (who, today): (Option<AccountId>, NaiveDate)) -> stock_find::Model {
    stock_find::Model {
        id: StockFindId(0),
        area_code: take.area_code,
        stock_take_id: take.id,
        name: String::new(),
        subclass: None,
        location: None,
        note: None,
        found_by: who,
        found_on: today,
        state: stock_find::State::Open,
        asset_id: None,
        reason: None,
        settled_by: None,
        settled_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// What is wrong with what somebody says of a find; every mistake is told.
pub fn check_find(row: &stock_find::Model) -> Mistakes {
    let mut mistakes = Mistakes::default();
    mistakes.require(
        (1..=limits::NAME_LENGTH).contains(&row.name.trim().chars().count()),
        "name",
        || row.name.clone(),
        "名称应为 1 至 100 字",
        "a name of 1 to 100 characters",
    );
    for (name, text) in [("location", &row.location), ("note", &row.note)] {
        let length = text.as_ref().map_or(0, |text| text.chars().count());
        mistakes.require(
            length <= limits::REASON_LENGTH,
            name,
            || text.clone().unwrap_or_default(),
            "不超过 500 字",
            "at most 500 characters",
        );
    }
    mistakes
}

/// The stock-take with one find more.
pub fn find(take: &Model) -> Result<Model, Refusal> {
    counting(take)?;
    let n = take.n_unexpected + 1;
    if usize::try_from(n).unwrap_or(usize::MAX) > limits::STOCK_FINDS {
        return Err(Refusal::stock_finds_full(limits::STOCK_FINDS));
    }
    Ok(Model { n_unexpected: n, ..take.clone() })
}

/// What becomes of a find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement<'a> {
    /// It is on the ledger now, as this asset.
    Registered(&'a asset::Model),
    /// It is none of the ledger's, and why.
    Dismissed(&'a str),
}

/// Settles a find. The asset that was registered for it is on the books, lies in the same place, and is
/// none that the stock-take expected.
pub fn settle(
    row: &stock_find::Model,
    settlement: Settlement<'_>,
    is_expected: bool,
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<stock_find::Model, Refusal> {
    if row.state != stock_find::State::Open {
        return Err(Refusal::stock_find_settled());
    }
    let next = stock_find::Model { settled_by: who, settled_on: Some(today), ..row.clone() };
    match settlement {
        Settlement::Registered(asset) => {
            super::asset::held(asset)?;
            if is_expected || asset.area_code != row.area_code {
                return Err(Refusal::stock_find_other_asset());
            }
            let (state, asset_id) = (stock_find::State::Registered, Some(asset.id));
            Ok(stock_find::Model { state, asset_id, ..next })
        }
        Settlement::Dismissed(reason) => {
            reasoned(reason)?;
            let (state, reason) = (stock_find::State::Dismissed, Some(reason.trim().to_owned()));
            Ok(stock_find::Model { state, reason, ..next })
        }
    }
}

/// Signs a stock-take: every line is counted, and whoever signs has counted none of it.
pub fn sign(
    take: &Model,
    lines: &[stock_line::Model],
    finds: &[stock_find::Model],
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<Model, Refusal> {
    counting(take)?;
    let n_left = lines.iter().filter(|line| line.outcome.is_none()).count();
    if n_left > 0 {
        return Err(Refusal::lines_left(n_left));
    }
    let counters = lines.iter().map(|line| line.counted_by);
    let counters: BTreeSet<_> = counters.chain(finds.iter().map(|find| find.found_by)).collect();
    if who.is_some() && counters.contains(&who) {
        return Err(Refusal::own_count());
    }
    let next =
        Model { state: State::Signed, signed_by: who, signed_on: Some(today), ..take.clone() };
    Ok(Model { digest: Some(result::digest(&next, lines, finds)), ..next })
}

/// A signed stock-take in whose place another one of its year was signed.
pub fn supersede(take: &Model) -> Model {
    Model { state: State::Superseded, ..take.clone() }
}

/// How long a place has had no signed result for a year: days that are left, or days it is late.
pub fn lateness(due: NaiveDate, today: NaiveDate) -> i64 {
    (today - due).num_days()
}

#[cfg(test)]
mod tests;
