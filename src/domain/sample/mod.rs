//! The sample county: an invented county with an invented register, the same for the same seed.
//! Its mix of classes, values and shortcomings follows real registers (domain.md §9, §10).
//!
//! Reading order: `places`, `parties`, `kinds` (what is built), `work` (projects), `card`,
//! `money`, `rights`, `upkeep`, and `history`: what happens to the register afterwards.

mod card;
mod history;
mod kinds;
mod money;
mod parties;
mod places;
mod random;
mod rights;
mod upkeep;
mod work;

use chrono::{Datelike, NaiveDate};
use entity::{
    area::{self, AreaCode},
    asset,
    duty::Kind,
    finding::Rule,
    id::OrganizationId,
    inspection::Condition,
    language::Label,
    organization, project, title,
};

pub use history::{Amendment, Event, Named};
use parties::Parties;
use places::Places;
use random::Random;

use super::{
    deficiency::{AssetFacts, Thresholds, evaluate},
    duty,
    duty::Terms,
    funding::Source,
    masking::Contact,
    title::{Holder, Party},
};

/// The area code of the county. No real county has it: prefecture 99 does not exist.
pub const COUNTY: &str = "529901000000";
/// What the county is called.
pub const COUNTY_NAME: &str = "青禾县";
/// A town and a village of it, for accounts.
pub const TOWN: &str = "529901100000";
/// A village of that town.
pub const VILLAGE: &str = "529901100201";
/// What begins the keys by which the sample's assets are known.
pub const KEY: &str = "示例-";
/// What the sample is.
pub const ABOUT: Label = Label::new(
    "示例县“青禾县”：1 县、8 乡镇、96 村，约 1250 项资产，含各类待整改问题。地名、单位、人名、电话和金额全部虚构，仅供演示。",
    "The sample county Qinghe (青禾县): 1 county, 8 towns, 96 villages and about 1,250 assets with \
     shortcomings of every kind. All places, bodies, people, telephone numbers and amounts are \
     invented, for demonstration only.",
);

/// An organization of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its row.
    pub organization: organization::Model,
    /// How to reach it.
    pub contact: Option<Contact>,
}

/// A person who keeps assets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeper {
    /// Where.
    pub area: AreaCode,
    /// For whom the person works.
    pub organization: OrganizationId,
    /// The invented name and telephone.
    pub contact: Contact,
}

/// That somebody looked at an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How many days before the last day of the sample.
    pub days_ago: i64,
    /// Whether nobody has looked since, although somebody should have.
    pub is_late: bool,
    /// The worst that was found.
    pub condition: Condition,
}

/// An asset of the sample with everything beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The card.
    pub asset: asset::Model,
    /// Where the money came from.
    pub sources: Vec<Source>,
    /// Its title, where one was opened.
    pub title: Option<title::Model>,
    /// Who holds which right.
    pub holders: Vec<Holder>,
    /// Who looks after it.
    pub duties: Vec<(Kind, Party, Terms)>,
    /// When it was looked at last, where somebody has to look.
    pub look: Option<Look>,
}

/// The sample. Ids of organizations, people and projects are places in its lists, from 0, until a
/// ledger gives them real ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The areas, each after the one above it.
    pub areas: Vec<area::Model>,
    /// The organizations.
    pub bodies: Vec<Body>,
    /// The people.
    pub keepers: Vec<Keeper>,
    /// The projects.
    pub projects: Vec<project::Model>,
    /// The assets.
    pub entries: Vec<Entry>,
    /// What happens afterwards, in this order.
    pub history: Vec<Event>,
}

impl Sample {
    /// Makes up the county as of a day: nothing in it is later.
    pub fn new(seed: u64, day: NaiveDate) -> Sample {
        let mut random = Random::new(seed);
        let places = Places::new(&mut random);
        let parties = Parties::new(&places, &mut random);
        let mut maker = Maker { random, day, places, parties };
        let (mut works, drafts) = maker.plan();
        let entries = maker.entries(&drafts);
        for entry in &entries {
            work::count_in(&mut works, &entry.asset);
        }
        let history = history::plan(&maker, &entries);
        let areas = maker.places.rows();
        let Parties { bodies, keepers, .. } = maker.parties;
        Sample { areas, bodies, keepers, projects: works, entries, history }
    }
}

/// The day of the sample in a ledger whose clock shows a day: 30 June 2026, or an earlier 30 June.
pub fn day_for(today: NaiveDate) -> NaiveDate {
    let year = today.year().min(2026);
    let june = |year| NaiveDate::from_ymd_opt(year, 6, 30).unwrap_or(today);
    if june(year) <= today { june(year) } else { june(year - 1) }
}

/// The area code of the county.
pub fn county() -> AreaCode {
    COUNTY.parse().unwrap_or(AreaCode::NATION)
}

/// What makes the sample up, one thing after the other.
struct Maker {
    random: Random,
    day: NaiveDate,
    places: Places,
    parties: Parties,
}

/// What the rules find wrong with an entry on a day on which the ledger first knows it.
fn findings(entry: &Entry, day: NaiveDate) -> Vec<Rule> {
    let created_at = day.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc();
    let asset = asset::Model { created_at, ..entry.asset.clone() };
    let title = entry.title.clone().map(|title| title::Model { updated_at: created_at, ..title });
    let place = (asset.id, asset.area_code);
    let holders = entry.holders.iter();
    let holdings: Vec<_> =
        holders.map(|holder| holder.row(place.0, place.1, asset.acquired_on)).collect();
    let duties = entry.duties.iter();
    let duties: Vec<_> =
        duties.map(|(kind, party, terms)| duty::with(*kind, &asset, *party, terms)).collect();
    let sources = entry.sources.iter().cloned();
    let funding: Vec<_> = sources.map(|source| source.row(place.0, place.1)).collect();
    let upkeep = entry.look.map(|look| upkeep::row(&asset, look, day));
    let order = entry.look.and_then(|look| upkeep::order(&asset, look, day));
    let facts = AssetFacts {
        asset: &asset,
        title: title.as_ref(),
        holdings: &holdings,
        duties: &duties,
        funding: &funding,
        waivers: &[],
        upkeep: upkeep.as_ref(),
        work_orders: order.as_slice(),
        revivals: &[],
        budgets: &[],
        discrepancies: &[],
        contracts: &[],
    };
    evaluate(&facts, &Thresholds::default(), day)
        .into_iter()
        .map(|standing| standing.rule)
        .collect()
}

#[cfg(test)]
mod tests;
