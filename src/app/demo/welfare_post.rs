//! Welfare posts of the sample county: some people paid to look after what their village has, and the
//! months they worked, of which the last waits to be approved.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use entity::{
    area::{AreaCode, Level},
    asset::{Class, Subclass},
    id::{AssetId, PersonId},
    money::Money,
    welfare_post::{Entity, Kind, Model},
};

use crate::{
    app::{duty::Assignee, welfare_post},
    domain::{
        masking::Contact,
        sample::{self, Sample},
        welfare_post::{Month, blank, first_of},
    },
    error::Result,
    limits,
    store::{Actor, Ledger, list::List},
};

/// Who holds a post: names nobody bears, and telephones.
const HOLDERS: [(&str, &str); 4] = [
    ("罗甲一", "19900090201"),
    ("田乙二", "19900090202"),
    ("冉丙三", "19900090203"),
    ("安丁四", "19900090204"),
];
/// Assets of a post, at most.
const ASSETS: usize = 3;
/// How the last months went, the earliest first: days of work, what the assessment leaves of the pay and
/// what it says.
const MONTHS: [(i32, i32, Option<&str>); 3] =
    [(22, 100, None), (20, 90, Some("排水沟两处未清")), (22, 100, None)];

/// Opens the posts and records their months; what is there already stays.
pub(super) async fn open_all(ledger: &Ledger, actor: &Actor, sample: &Sample) -> Result<()> {
    let mut list = List::<Entity>::read([])?;
    list.area = Some(sample::county());
    list.limit = limits::PAGE_ROWS;
    let mut posts = ledger.read(actor).list(&list).await?.rows;
    posts.sort_by_key(|post| post.id);
    let villages = villages(ledger, actor, sample).await?;
    for (place, (area, roads)) in villages.into_iter().take(HOLDERS.len()).enumerate() {
        let post = match posts.get(place) {
            Some(post) => post.clone(),
            None => open(ledger, actor, (area, &roads), HOLDERS[place]).await?,
        };
        record_months(ledger, actor, &post).await?;
    }
    Ok(())
}

/// Some roads of each village, as they stand.
async fn villages(
    ledger: &Ledger,
    actor: &Actor,
    sample: &Sample,
) -> Result<BTreeMap<AreaCode, Vec<AssetId>>> {
    let keys = sample.entries.iter().filter_map(|entry| entry.asset.source_key.clone());
    let keys: Vec<String> = keys.collect();
    let found = super::assets(ledger, actor, &keys).await?;
    let mut villages: BTreeMap<AreaCode, Vec<AssetId>> = BTreeMap::new();
    for road in found.into_values() {
        let is_road = road.class == Class::Public && road.subclass == Some(Subclass::Road);
        if is_road && road.is_standing() && road.area_code.level() == Level::Village {
            villages.entry(road.area_code).or_default().push(road.id);
        }
    }
    for roads in villages.values_mut() {
        roads.sort_unstable();
        roads.truncate(ASSETS);
    }
    Ok(villages)
}

async fn open(
    ledger: &Ledger,
    actor: &Actor,
    (area, roads): (AreaCode, &[AssetId]),
    (name, phone): (&str, &str),
) -> Result<Model> {
    let today = ledger.today();
    let post = Model {
        kind: Kind::Road,
        scope: Some("本村通村通组道路保洁、清沟、排障".to_owned()),
        agreement_no: Some(format!("青公岗〔{}〕{}", today.year(), &phone[phone.len() - 2..])),
        monthly_pay: Money::from_fen(80_000),
        from_on: earlier(today, MONTHS.len()),
        ..blank(area, PersonId(0), today)
    };
    let contact = Contact { name: name.to_owned(), phone: phone.to_owned() };
    let holder = Assignee::Person(contact, Some(area));
    welfare_post::open(ledger, actor, (post, &holder), roads).await
}

/// The first day of the month so many months before that of a day.
fn earlier(day: NaiveDate, months: usize) -> NaiveDate {
    let back = Months::new(u32::try_from(months).unwrap_or(0));
    let first = first_of(day);
    first.checked_sub_months(back).unwrap_or(first)
}

async fn record_months(ledger: &Ledger, actor: &Actor, post: &Model) -> Result<()> {
    let known = ledger.read(actor).months_of_post(post.id).await?;
    for (place, (days_attended, percent, note)) in MONTHS.into_iter().enumerate() {
        let month_on = earlier(ledger.today(), MONTHS.len() - place);
        if known.iter().any(|month| month.month_on == month_on) {
            continue;
        }
        let note = note.map(ToOwned::to_owned);
        let month = Month { month_on, days_attended, percent, note };
        let row = welfare_post::record_month(ledger, actor, (post.id, None), &month).await?;
        if place + 1 < MONTHS.len() {
            welfare_post::approve_month(ledger, actor, row.id).await?;
        }
    }
    Ok(())
}
