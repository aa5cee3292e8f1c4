//! 公益岗位: who holds a post, what belongs to it, and what a month of it is paid (domain.md §2.6, §3.4
//! formula 1, §4). A person holds one post at a time. What is recorded of a month is approved by
//! another person, and stands then.

use chrono::{DateTime, Datelike, Months, NaiveDate};
use entity::{
    area::AreaCode,
    asset, attendance,
    id::{AccountId, AttendanceId, PersonId, PostAssetId, WelfarePostId},
    measure::Quantity,
    money::Money,
    post_asset,
    welfare_post::{EndReason, Kind, Model},
};

use super::{
    asset::{held, reasoned},
    mistake::Mistakes,
    refusal::Refusal,
};
use crate::{fields, limits};

fields! {
    /// The fields of a post.
    pub FIELDS of Model {
        kind: Kind = "岗位类型" "kind of post" Fixed;
        scope: Option<String> = "管护范围" "what belongs to it" Amend;
        length_km: Option<Quantity> = "管护长度（公里）" "length (km)" Amend;
        n_places: Option<i32> = "管护处数" "places" Amend;
        agreement_no: Option<String> = "协议编号" "agreement no." Amend;
        monthly_pay: Money = "月报酬（元）" "monthly pay (yuan)" Amend;
        days_due: i32 = "每月应出勤天数" "days due a month" Amend;
        from_on: NaiveDate = "协议起始日" "from" Fixed;
        until_on: NaiveDate = "协议截止日" "until" Amend;
        end_reason: Option<EndReason> = "退岗原因" "why it ended" Fixed;
    }
}

/// The fields of a month of a post.
pub mod months {
    use super::attendance::Model;
    use crate::fields;
    use chrono::NaiveDate;
    use entity::money::Money;

    fields! {
        /// The fields of a month.
        pub FIELDS of Model {
            month_on: NaiveDate = "月份" "month" Fixed;
            days_attended: i32 = "出勤天数" "days attended" Amend;
            percent: i32 = "考核系数（%）" "assessment (%)" Amend;
            note: Option<String> = "考核情况" "what the assessment says" Amend;
            pay: Money = "应发报酬（元）" "pay (yuan)" Fixed;
            approved_on: Option<NaiveDate> = "核定日期" "approved on" Fixed;
        }
    }
}

/// A post that nobody holds yet.
pub fn blank(area_code: AreaCode, person_id: PersonId, today: NaiveDate) -> Model {
    Model {
        id: WelfarePostId(0),
        area_code,
        person_id,
        kind: Kind::Facility,
        scope: None,
        length_km: None,
        n_places: None,
        agreement_no: None,
        monthly_pay: Money::ZERO,
        days_due: USUAL_DAYS,
        from_on: today,
        until_on: today.checked_add_months(Months::new(12)).unwrap_or(today),
        end_reason: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// Days of work that usually make a whole month.
const USUAL_DAYS: i32 = 22;

/// What is wrong with what somebody says of a post; every mistake is told.
pub fn check(row: &Model) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let most = limits::POST_PAY;
    mistakes.require(
        row.monthly_pay > Money::ZERO && row.monthly_pay <= most,
        "monthly_pay",
        || row.monthly_pay.to_string(),
        "月报酬应大于 0，不超过 10 万元",
        "a monthly pay is above 0 and at most 100,000 yuan",
    );
    mistakes.require(
        (1..=31).contains(&row.days_due),
        "days_due",
        || row.days_due.to_string(),
        "每月应出勤 1 至 31 天",
        "a month has 1 to 31 days due",
    );
    mistakes.require(
        row.n_places.is_none_or(|n| (1..=limits::POST_PLACES).contains(&n)),
        "n_places",
        || row.n_places.map(|n| n.to_string()).unwrap_or_default(),
        "处数应为 1 至 1000",
        "1 to 1000 places",
    );
    let days = (row.until_on - row.from_on).num_days();
    mistakes.require(
        (0..=limits::POST_DAYS).contains(&days),
        "until_on",
        || row.until_on.to_string(),
        "协议截止日不早于起始日，期限最长三年",
        "an agreement ends on or after the day it begins, and within three years",
    );
    for (name, text) in [("scope", &row.scope), ("agreement_no", &row.agreement_no)] {
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

/// Gives a post to somebody; `others` are those that the same person has or had.
pub fn open(row: &Model, others: &[Model]) -> Result<(), Refusal> {
    let overlaps = |other: &&Model| other.from_on <= row.until_on && row.from_on <= other.until_on;
    match others.iter().find(overlaps) {
        Some(other) => Err(Refusal::holds_post(other.from_on, other.until_on)),
        None => Ok(()),
    }
}

/// Changes what a post asks and pays; who holds it and from when stays.
pub fn amend(before: &Model, after: &Model, others: &[Model]) -> Result<Model, Refusal> {
    if before.end_reason.is_some() {
        return Err(Refusal::post_ended(before.until_on));
    }
    let next = Model {
        scope: after.scope.clone(),
        length_km: after.length_km,
        n_places: after.n_places,
        agreement_no: after.agreement_no.clone(),
        monthly_pay: after.monthly_pay,
        days_due: after.days_due,
        until_on: after.until_on,
        ..before.clone()
    };
    if next == *before {
        return Err(Refusal::nothing_changed());
    }
    let rest: Vec<Model> = others.iter().filter(|other| other.id != before.id).cloned().collect();
    open(&next, &rest)?;
    Ok(next)
}

/// Ends a post before its term.
pub fn end(
    row: &Model,
    (on, reason): (NaiveDate, EndReason),
    today: NaiveDate,
) -> Result<Model, Refusal> {
    if row.end_reason.is_some() || row.until_on < today {
        return Err(Refusal::post_ended(row.until_on));
    }
    if on < row.from_on {
        return Err(Refusal::term_reversed());
    }
    if on > row.until_on {
        return Err(Refusal::post_ended(row.until_on));
    }
    Ok(ended(row, on, reason))
}

/// The post as it ended on a day at the latest; it never ends before it began.
pub fn ended(row: &Model, on: NaiveDate, reason: EndReason) -> Model {
    let on = on.min(row.until_on).max(row.from_on);
    Model { until_on: on, end_reason: Some(reason), ..row.clone() }
}

/// One asset that a post takes over.
pub fn take_on(
    post: &Model,
    asset: &asset::Model,
    today: NaiveDate,
) -> Result<post_asset::Model, Refusal> {
    held(asset)?;
    if asset.form.is_claim() {
        return Err(Refusal::claim_has_no_upkeep());
    }
    if post.until_on < today {
        return Err(Refusal::post_ended(post.until_on));
    }
    Ok(post_asset::Model {
        id: PostAssetId(0),
        area_code: asset.area_code,
        post_id: post.id,
        asset_id: asset.id,
        from_on: today.max(post.from_on),
        until_on: None,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    })
}

/// An asset that belongs to a post no more, after a day.
pub fn give_up(row: &post_asset::Model, on: NaiveDate) -> post_asset::Model {
    post_asset::Model { until_on: Some(on.max(row.from_on)), ..row.clone() }
}

/// What somebody records of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Any day of the month.
    pub month_on: NaiveDate,
    /// Days of work.
    pub days_attended: i32,
    /// What the assessment leaves, in percent.
    pub percent: i32,
    /// What the assessment says.
    pub note: Option<String>,
}

/// The first day of the month of a day.
pub fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The last day of the month of a day.
fn last_of(day: NaiveDate) -> NaiveDate {
    let next = first_of(day).checked_add_months(Months::new(1));
    next.and_then(|next| next.pred_opt()).unwrap_or(day)
}

/// What a month is paid: the monthly pay by the days that were worked of those that are due, and by
/// what the assessment leaves of it, down to the fen (domain.md §3.4: `min(cap, rate × attended) × k`).
pub fn pay(monthly: Money, (attended, due): (i32, i32), percent: i32) -> Money {
    let due = i128::from(due.max(1));
    let attended = i128::from(attended.max(0)).min(due);
    let percent = i128::from(percent.clamp(0, 100));
    let fen = i128::from(monthly.fen()) * attended * percent / (due * 100);
    Money::from_fen(i64::try_from(fen).unwrap_or(0))
}

/// Records a month of a post; `before` is what was recorded of it, which is then amended.
pub fn record(
    post: &Model,
    before: Option<&attendance::Model>,
    month: &Month,
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<attendance::Model, Refusal> {
    let (first, last) = (first_of(month.month_on), last_of(month.month_on));
    if first > today {
        return Err(Refusal::day_in_future(first));
    }
    if last < post.from_on || post.until_on < first {
        return Err(Refusal::month_without_post(post.from_on, post.until_on));
    }
    if before.is_some_and(|row| row.approved_on.is_some()) {
        return Err(Refusal::month_approved());
    }
    let (begins, ends) = (first.max(post.from_on), last.min(post.until_on));
    let most = (ends - begins).num_days() + 1;
    if !(0..=most).contains(&i64::from(month.days_attended)) {
        return Err(Refusal::days_beyond_month(most));
    }
    if !(0..=100).contains(&month.percent) {
        return Err(Refusal::assessment_out_of_range());
    }
    let note = month.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    note.map_or(Ok(()), reasoned)?;
    if month.percent < 100 && note.is_none() {
        return Err(Refusal::assessment_unexplained());
    }
    let stamps = before.map_or((AttendanceId(0), 0, DateTime::UNIX_EPOCH), |row| {
        (row.id, row.version, row.created_at)
    });
    let next = attendance::Model {
        id: stamps.0,
        area_code: post.area_code,
        post_id: post.id,
        month_on: first,
        days_attended: month.days_attended,
        percent: month.percent,
        note: note.map(str::to_owned),
        pay: pay(post.monthly_pay, (month.days_attended, post.days_due), month.percent),
        recorded_by: who,
        approved_by: None,
        approved_on: None,
        version: stamps.1,
        created_at: stamps.2,
        updated_at: before.map_or(DateTime::UNIX_EPOCH, |row| row.updated_at),
    };
    let is_same = |row: &attendance::Model| {
        attendance::Model { recorded_by: row.recorded_by, ..next.clone() } == *row
    };
    if before.is_some_and(is_same) { Err(Refusal::nothing_changed()) } else { Ok(next) }
}

/// Approves the pay of a month: not whoever recorded it.
pub fn approve(
    row: &attendance::Model,
    (who, today): (Option<AccountId>, NaiveDate),
) -> Result<attendance::Model, Refusal> {
    if row.approved_on.is_some() {
        return Err(Refusal::month_approved());
    }
    if who.is_some() && who == row.recorded_by {
        return Err(Refusal::own_attendance());
    }
    Ok(attendance::Model { approved_by: who, approved_on: Some(today), ..row.clone() })
}

#[cfg(test)]
mod tests;
