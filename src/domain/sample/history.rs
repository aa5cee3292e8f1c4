//! What happens to the register of the sample county after it was drawn up: the changes that a
//! county's log shows in a year.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};
use entity::{
    area::AreaCode,
    asset::{Condition, Model, Subclass, UseState},
    finding::Rule,
    id::OrganizationId,
    title,
};

use super::{COUNTY_NAME, Entry, Maker, findings};
use crate::domain::{allocation, asset::division::Part, masking::Contact};

/// One thing that happens. Assets are named by the keys of the sample, the others by name and
/// area, so that a ledger can tell what has happened already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An organization ends on a day.
    OrganizationEnded(Named, NaiveDate),
    /// A keeper of an area leaves on a day.
    PersonLeft(AreaCode, Contact, NaiveDate),
    /// A card is amended.
    Amended(String, Amendment),
    /// A card is corrected, for a reason.
    Corrected(String, Amendment, &'static str),
    /// An asset is put into another subclass of its class, for a reason.
    Reclassed(String, Subclass, &'static str),
    /// An asset is handed over on a day by a document.
    HandedOver(String, NaiveDate, String),
    /// A title is confirmed; those who hold the rights go on holding them.
    TitleConfirmed(String, title::Model),
    /// A body takes over the upkeep of an asset that nobody maintained, from a day on.
    MaintainerFound(String, Named, NaiveDate),
    /// An asset is split, for a reason.
    Split(String, Vec<Part>, &'static str),
    /// Two assets become one of a new name, for a reason.
    Merged([String; 2], String, &'static str),
    /// A finding is waived for so many days from the day of the ledger on.
    Waived(String, Rule, &'static str, u64),
    /// An area gets a new name on a day.
    AreaRenamed(AreaCode, &'static str, NaiveDate),
    /// An area is merged into another on a day.
    AreaMerged(AreaCode, AreaCode, NaiveDate),
}

/// An organization by its area and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Where it is registered.
    pub area: AreaCode,
    /// What it is called.
    pub name: String,
}

/// The changes of cards that happen in the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amendment {
    /// A flood has damaged it.
    Flooded,
    /// It was repaired.
    Repaired,
    /// An idle asset is in use again.
    Revived,
    /// Its place was described more closely.
    Located,
    /// The final account was found in the archive.
    AccountFound,
    /// The number of beneficiaries had been typed wrongly.
    Recounted,
}

impl Amendment {
    /// The card after the change.
    pub fn apply(self, card: Model) -> Model {
        let remark = |text: &str| Some(text.to_owned());
        match self {
            Amendment::Flooded => Model {
                condition: Some(Condition::NeedsRepair),
                remark: remark("汛期冲毁护坡12米，已列入维修计划"),
                ..card
            },
            Amendment::Repaired => Model {
                condition: Some(Condition::Good),
                remark: remark("已完成维修并复验"),
                ..card
            },
            Amendment::Revived => Model {
                use_state: Some(UseState::InUse),
                idle_since: None,
                idle_reason: None,
                remark: remark("盘活后恢复使用"),
                ..card
            },
            Amendment::Located => {
                Model { location: card.location.map(|place| place + "（村委会旁）"), ..card }
            }
            Amendment::AccountFound => Model { final_account: card.original_value, ..card },
            Amendment::Recounted => Model {
                beneficiary_people: card.beneficiary_people.map(|people| people + 12),
                ..card
            },
        }
    }
}

/// Chooses assets for what is to happen; each is chosen once.
struct Chooser<'a> {
    entries: Vec<(&'a Entry, Vec<Rule>)>,
    chosen: BTreeSet<usize>,
}

impl<'a> Chooser<'a> {
    /// The next asset on which something may happen, with its key.
    fn choose(&mut self, fits: impl Fn(&Entry, &[Rule]) -> bool) -> Option<(String, &'a Entry)> {
        let mut free =
            self.entries.iter().enumerate().filter(|(place, _)| !self.chosen.contains(place));
        let (place, (entry, _)) = free.find(|(_, (entry, rules))| fits(entry, rules))?;
        self.chosen.insert(place);
        Some((entry.asset.source_key.clone()?, entry))
    }

    /// The next one with a finding and a use state.
    fn with(&mut self, rule: Rule) -> Option<(String, &'a Entry)> {
        self.choose(|entry, rules| {
            rules.contains(&rule) && entry.asset.use_state == Some(UseState::InUse)
        })
    }
}

/// What happens in the county up to its day.
pub(super) fn plan(maker: &Maker, entries: &[Entry]) -> Vec<Event> {
    let moved = merged_village(maker);
    let known = entries.iter().filter(|entry| Some(entry.asset.area_code) != moved);
    let entries = known.map(|entry| (entry, findings(entry, maker.day))).collect();
    let mut chooser = Chooser { entries, chosen: BTreeSet::new() };
    let mut history = departures(maker);
    history.extend(amendments(&mut chooser));
    history.extend(settlements(maker, &mut chooser));
    history.extend(waivers(&mut chooser));
    history.extend(divisions(&mut chooser));
    history.extend(areas(maker));
    history
}

fn ago(maker: &Maker, days: u64) -> NaiveDate {
    maker.day.checked_sub_days(Days::new(days)).unwrap_or(maker.day)
}

fn named(maker: &Maker, id: OrganizationId) -> Named {
    let body = maker.parties.body(id);
    Named { area: body.area_code, name: body.name.clone() }
}

fn departures(maker: &Maker) -> Vec<Event> {
    let parties = &maker.parties;
    let ended = [(parties.cooperatives[0], 126), (parties.property[1], 41)];
    let ended =
        ended.map(|(id, days)| Event::OrganizationEnded(named(maker, id), ago(maker, days)));
    let keepers = parties.of_village.iter().filter_map(|people| people.first()).skip(10).take(2);
    let left = keepers.filter_map(|id| {
        let keeper = parties.keepers.get(usize::try_from(id.0).ok()?)?;
        Some(Event::PersonLeft(keeper.area, keeper.contact.clone(), ago(maker, 68)))
    });
    ended.into_iter().chain(left).collect()
}

fn amendments(chooser: &mut Chooser<'_>) -> Vec<Event> {
    const REASON: [&str; 2] =
        ["档案室补查到竣工决算审核报告，补录决算金额", "原表受益人数录入有误，按公示名单更正"];
    let mut events = Vec::new();
    for amendment in [Amendment::Flooded, Amendment::Located, Amendment::Located] {
        let found = chooser.choose(|entry, _| {
            entry.asset.subclass == Some(Subclass::Road) && entry.asset.remark.is_none()
        });
        events.extend(found.map(|(key, _)| Event::Amended(key, amendment)));
    }
    let worn = |entry: &Entry, _: &[Rule]| {
        entry.asset.condition == Some(Condition::NeedsRepair)
            && entry.asset.use_state == Some(UseState::InUse)
    };
    let idle = |_: &Entry, rules: &[Rule]| rules.contains(&Rule::Idle);
    events.extend(chooser.choose(worn).map(|(key, _)| Event::Amended(key, Amendment::Repaired)));
    events.extend(chooser.choose(idle).map(|(key, _)| Event::Amended(key, Amendment::Revived)));
    for _ in 0..2 {
        let found = chooser.with(Rule::NoFinalAccount);
        let corrected = |key| Event::Corrected(key, Amendment::AccountFound, REASON[0]);
        events.extend(found.map(|(key, _)| corrected(key)));
    }
    let counted = |entry: &Entry, _: &[Rule]| entry.asset.beneficiary_people.is_some();
    let corrected = |(key, _)| Event::Corrected(key, Amendment::Recounted, REASON[1]);
    events.extend(chooser.choose(counted).map(corrected));
    let misplaced =
        |entry: &Entry, _: &[Rule]| entry.asset.subclass == Some(Subclass::CommunityService);
    events.extend(chooser.choose(misplaced).map(|(key, _)| {
        Event::Reclassed(key, Subclass::Culture, "实际用途为文化活动场所，按用途调整子类")
    }));
    events
}

fn settlements(maker: &Maker, chooser: &mut Chooser<'_>) -> Vec<Event> {
    let year = maker.day.year();
    let mut events = Vec::new();
    for (number, days) in [(901, 35), (902, 21)] {
        let found = chooser.with(Rule::NotHandedOver);
        let no = format!("青禾移交〔{year}〕{number}号");
        events.extend(found.map(|(key, _)| Event::HandedOver(key, ago(maker, days), no)));
    }
    let found = chooser.choose(|entry, rules| {
        rules.contains(&Rule::TitleUnconfirmed)
            && entry.title.as_ref().is_some_and(|title| title.state == title::State::InProgress)
            && !entry.holders.is_empty()
    });
    events.extend(found.and_then(|(key, entry)| {
        let before = entry.title.clone()?;
        let title = title::Model {
            state: title::State::Confirmed,
            tier: Some(title::Tier::Village),
            confirmed_on: Some(ago(maker, 12)),
            certificate_no: Some(format!("青禾（示例）确权〔{year}〕9001号")),
            certificate_issuer: Some(format!("{COUNTY_NAME}人民政府")),
            certificate_issued_on: Some(ago(maker, 5)),
            ..before
        };
        Some(Event::TitleConfirmed(key, title))
    }));
    for days in [30, 9] {
        let found = chooser.choose(|entry, rules| {
            rules.contains(&Rule::NoMaintainer)
                && entry.duties.is_empty()
                && entry.asset.use_state == Some(UseState::InUse)
        });
        let body = maker.parties.governments[1];
        events.extend(
            found.map(|(key, _)| Event::MaintainerFound(key, named(maker, body), ago(maker, days))),
        );
    }
    events
}

fn waivers(chooser: &mut Chooser<'_>) -> Vec<Event> {
    let waived = [
        (Rule::NoCertificate, "证书已批准，待统一换发新版", 120),
        (Rule::NotHandedOver, "质保期内，由实施单位负责，期满移交", 180),
        (Rule::NoKeeper, "村两委换届，新责任人选举后确定", 60),
        (Rule::FundingGap, "原始凭证正在向市级档案馆调取", 90),
    ];
    let events = waived.into_iter().filter_map(|(rule, reason, days)| {
        let (key, _) = chooser.with(rule)?;
        Some(Event::Waived(key, rule, reason, days))
    });
    events.collect()
}

fn divisions(chooser: &mut Chooser<'_>) -> Vec<Event> {
    let whole = |entry: &Entry, rules: &[Rule]| {
        entry.asset.subclass == Some(Subclass::Road)
            && entry.asset.use_state == Some(UseState::InUse)
            && !rules.contains(&Rule::NoMaintainer)
            && entry.asset.area_code.as_str()[9..] != *"000"
    };
    let split = chooser.choose(whole).and_then(|(key, entry)| {
        let names = ["（上段）", "（下段）"];
        let values = allocation::by_weight(entry.asset.original_value?, &[3, 2])?;
        let parts = names.into_iter().zip(values).map(|(end, original_value)| Part {
            name: format!("{}{end}", entry.asset.name),
            original_value,
            quantity: None,
        });
        Some(Event::Split(key, parts.collect(), "上段移交邻村管护，按长度拆分"))
    });
    let merged = pair(chooser)
        .map(|(keys, name)| Event::Merged(keys, name, "同一场地分两次登记，经现场核对合并为一项"));
    split.into_iter().chain(merged).collect()
}

/// Two assets of a kind and a village that could be one.
fn pair(chooser: &mut Chooser<'_>) -> Option<([String; 2], String)> {
    let entries: Vec<&Entry> = chooser.entries.iter().map(|(entry, _)| *entry).collect();
    let alike = |left: &Entry, right: &Entry| {
        let kind = |entry: &Entry| (entry.asset.area_code, entry.asset.subclass, entry.asset.unit);
        kind(left) == kind(right) && left.asset.source_key != right.asset.source_key
    };
    let fits = |entry: &Entry| {
        let subclass = entry.asset.subclass;
        matches!(subclass, Some(Subclass::Sports | Subclass::Culture | Subclass::Irrigation))
            && entry.asset.use_state == Some(UseState::InUse)
            && entry.asset.area_code.as_str()[9..] != *"000"
    };
    let free: Vec<(usize, &Entry)> = entries
        .into_iter()
        .enumerate()
        .filter(|(place, entry)| !chooser.chosen.contains(place) && fits(entry))
        .collect();
    let mut pairs = free.iter().flat_map(|left| free.iter().map(move |right| (left, right)));
    let (left, right) = pairs.find(|(left, right)| alike(left.1, right.1))?;
    chooser.chosen.extend([left.0, right.0]);
    let keys = [left.1.asset.source_key.clone()?, right.1.asset.source_key.clone()?];
    Some((keys, format!("{}（合并）", left.1.asset.name)))
}

/// The village that is merged away: the last of the third town.
fn merged_village(maker: &Maker) -> Option<AreaCode> {
    let last = maker.places.towns[2].villages.clone().next_back()?;
    Some(maker.places.villages[last].code)
}

fn areas(maker: &Maker) -> Vec<Event> {
    let year = maker.day.year();
    let on = |year, month| NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(maker.day);
    let villages = &maker.places.towns[2].villages;
    let into = maker.places.villages[villages.start + 1].code;
    let renamed = maker.places.villages[maker.places.towns[5].villages.start + 3].code;
    let merged = merged_village(maker).map(|area| Event::AreaMerged(area, into, on(year, 1)));
    let renamed = Event::AreaRenamed(renamed, "兴禾新村", on(year - 1, 3));
    std::iter::once(renamed).chain(merged).collect()
}
