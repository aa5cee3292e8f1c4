//! What is wrong with an asset: one pure function a rule (domain.md §4). Each says why in both
//! languages and since when; the table names every rule once.

mod books;
mod computed;
mod contracts;
mod days;
pub mod evidence;
mod rules;

use std::sync::Arc;

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    asset::{self, State, Subclass},
    budget, contract, discrepancy, duty,
    finding::Rule,
    funding, holding,
    language::{Label, Sentence},
    revival,
    setting::Key,
    title, upkeep, waiver, work_order,
};

pub use computed::{computed, concerns};
pub use days::{touched_on, turning_days};

use super::{
    setting::LocalRules,
    title::{Party, owner_on},
    waiver::runs_on,
};
use crate::clock::day_of;

/// What the rules go by: a local rule may change it (domain.md §11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Days after which an untitled asset becomes a finding.
    pub title_days: i64,
    /// Days after which an asset that was not handed over becomes a finding.
    pub handover_days: i64,
    /// Days after confirmation within which a certificate is issued.
    pub certificate_days: i64,
    /// Days of lying idle that become a finding.
    pub idle_days: i64,
    /// Days of yielding little that become a finding.
    pub low_yield_days: i64,
    /// Days after it was built within which an asset that falls idle was so from the start.
    pub idle_at_once_days: i64,
    /// Days after confirmation within which a village enters an asset in its books.
    pub book_days: i64,
    /// Years of the longest term of a contract that is no finding.
    pub contract_years: i64,
    /// How often assets are looked at.
    pub inspection: Intervals,
    /// Which rules are left out, in the order of the list.
    pub(in crate::domain) left_out: [bool; Rule::ALL.len()],
}

impl Default for Thresholds {
    /// What holds where no local rule says otherwise.
    fn default() -> Thresholds {
        let days = |key| LocalRules::default().number(key, AreaCode::NATION, NaiveDate::MIN);
        Thresholds {
            title_days: days(Key::TitleDays),
            handover_days: days(Key::HandoverDays),
            certificate_days: days(Key::CertificateDays),
            idle_days: days(Key::IdleDays),
            low_yield_days: days(Key::LowYieldDays),
            idle_at_once_days: days(Key::IdleAtOnceDays),
            book_days: days(Key::BookDays),
            contract_years: days(Key::ContractYears),
            inspection: Intervals::of(days),
            left_out: [false; Rule::ALL.len()],
        }
    }
}

impl Thresholds {
    /// Leaves a rule out: it finds nothing.
    pub const fn leave_out(&mut self, rule: Rule) {
        self.left_out[rule as usize] = true;
    }

    /// Whether a rule is looked for.
    pub const fn checks(&self, rule: Rule) -> bool {
        !self.left_out[rule as usize]
    }
}

/// Days between two inspections of an asset; 0 asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intervals {
    /// Of any asset.
    pub usual: i64,
    /// Of one that was found dangerous, or is badly damaged.
    pub risk: i64,
    /// Of each kind.
    of_kind: [i64; Subclass::ALL.len()],
}

impl Intervals {
    /// The intervals that local rules say.
    pub fn of(days: impl Fn(Key) -> i64) -> Intervals {
        let mut of_kind = [0; Subclass::ALL.len()];
        for (kind, interval) in Subclass::ALL.iter().zip(&mut of_kind) {
            *interval = days(Key::InspectionDaysOf(*kind));
        }
        Intervals { usual: days(Key::InspectionDays), risk: days(Key::RiskInspectionDays), of_kind }
    }

    /// The days that assets of a kind may go without an inspection; none where nothing is asked.
    fn days(&self, kind: Option<Subclass>) -> Option<i64> {
        let own = kind.map_or(0, |kind| self.of_kind[kind as usize]);
        [own, self.usual].into_iter().find(|days| *days > 0)
    }
}

/// Everything the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct AssetFacts<'a> {
    /// The card.
    pub asset: &'a asset::Model,
    /// Its title, if one was ever opened.
    pub title: Option<&'a title::Model>,
    /// Who holds or held which right.
    pub holdings: &'a [holding::Model],
    /// Every duty there was.
    pub duties: &'a [duty::Model],
    /// Every source of money.
    pub funding: &'a [funding::Model],
    /// Every waiver there was.
    pub waivers: &'a [waiver::Model],
    /// How it was found last, if anybody has looked.
    pub upkeep: Option<&'a upkeep::Model>,
    /// Every work order there was.
    pub work_orders: &'a [work_order::Model],
    /// Every plan there was to bring it back into use.
    pub revivals: &'a [revival::Model],
    /// Budgets for it, and for all or some of what its village and its town have, of every year.
    pub budgets: &'a [Arc<budget::Model>],
    /// Everything that ever spoke against what the ledger says of it.
    pub discrepancies: &'a [discrepancy::Model],
    /// Every contract there was about its operation.
    pub contracts: &'a [contract::Model],
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The day since which it has been so, as far as the ledger knows.
    pub since: NaiveDate,
    /// A short reason, the same for every asset it applies to.
    pub reason: Label,
    /// The sentence that explains it for this asset.
    pub sentence: Sentence,
}

/// A finding as it should stand in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which rule.
    pub rule: Rule,
    /// Since when.
    pub since: NaiveDate,
    /// Whether a waiver stands.
    pub is_waived: bool,
}

/// A rule and the function that carries it out.
type Check = (Rule, fn(&AssetFacts<'_>, &Thresholds, NaiveDate) -> Option<Found>);

/// Every rule.
const RULES: &[Check] = &[
    (Rule::NoMaintainer, rules::no_maintainer),
    (Rule::MaintainerUnknown, rules::maintainer_unknown),
    (Rule::NoKeeper, rules::no_keeper),
    (Rule::DutyExpired, rules::duty_expired),
    (Rule::Unfunded, rules::unfunded),
    (Rule::NoStandard, rules::no_standard),
    (Rule::InspectionOverdue, rules::inspection_overdue),
    (Rule::Damaged, rules::damaged),
    (Rule::TitleUnconfirmed, rules::title_unconfirmed),
    (Rule::NotHandedOver, rules::not_handed_over),
    (Rule::NoCertificate, rules::no_certificate),
    (Rule::TitleDisputed, rules::title_disputed),
    (Rule::FundingGap, rules::funding_gap),
    (Rule::NoFinalAccount, rules::no_final_account),
    (Rule::Idle, rules::idle),
    (Rule::LowYield, rules::low_yield),
    (Rule::IdleAtOnce, rules::idle_at_once),
    (Rule::NoContract, contracts::no_contract),
    (Rule::ContractEnded, contracts::contract_ended),
    (Rule::TermTooLong, contracts::term_too_long),
    (Rule::Differs, books::differs),
    (Rule::Unbooked, books::unbooked),
    (Rule::Duplicate, books::duplicate),
];

/// Every finding on an asset on a day, by what holds where it lies. An asset that was split or merged
/// is no asset any more, and one whose registration is void never was.
pub fn evaluate(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Vec<Standing> {
    if matches!(facts.asset.state, State::Replaced | State::Void) {
        return Vec::new();
    }
    let found = RULES.iter().filter(|(rule, _)| is_asked(*rule, facts, thresholds));
    let found = found.filter_map(|(rule, check)| Some((*rule, check(facts, thresholds, today)?)));
    found
        .map(|(rule, found)| Standing {
            rule,
            since: found.since,
            is_waived: facts
                .waivers
                .iter()
                .any(|waiver| waiver.rule == rule && runs_on(waiver, today)),
        })
        .collect()
}

/// Whether a rule is asked about an asset at all.
fn is_asked(rule: Rule, facts: &AssetFacts<'_>, thresholds: &Thresholds) -> bool {
    thresholds.checks(rule) && concerns(rule, facts.asset.class, facts.asset.form)
}

/// The last day on which an asset may be inspected in time, by what holds on a day; none of one that
/// nobody has to look at: because nothing is asked, because it is gone, because that was waived.
pub fn inspection_due(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let rule = Rule::InspectionOverdue;
    let of_rule = |waiver: &&waiver::Model| waiver.rule == rule && runs_on(waiver, today);
    let is_waived = facts.waivers.iter().any(|waiver| of_rule(&waiver));
    if is_waived || !facts.asset.is_standing() || !is_asked(rule, facts, thresholds) {
        return None;
    }
    rules::inspection_due(facts, thresholds, today).map(|due| due.on)
}

/// The days that an asset may go without an inspection; none where nothing is asked.
pub fn inspection_interval(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<i64> {
    rules::interval(facts, thresholds, today)
}

/// What one rule says of an asset on a day.
pub fn explain(
    rule: Rule,
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Found> {
    let (_, check) = RULES.iter().find(|(candidate, _)| *candidate == rule)?;
    check(facts, thresholds, today).filter(|_| is_asked(rule, facts, thresholds))
}

/// Since when the ledger can tell that an asset exists.
pub fn exists_since(asset: &asset::Model) -> NaiveDate {
    let built = asset.built_year.and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31));
    let recorded = day_of(asset.created_at);
    [asset.accepted_on, asset.acquired_on, asset.completed_on, built, asset.recorded_on]
        .into_iter()
        .flatten()
        .find(|day| *day <= recorded)
        .unwrap_or(recorded)
}

/// Who has to act, in the order in which the duty falls (domain.md §4): each in turn, and the
/// next when the one before is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accountable {
    /// The keeper.
    Keeper(Party),
    /// The maintainer.
    Maintainer(Party),
    /// The owner.
    Owner(Party),
    /// The unit that built it.
    ImplementingUnit(Party),
    /// The town government, whoever that is in the table of areas.
    Town,
    /// The county government.
    County,
}

impl Accountable {
    /// In what capacity.
    pub const fn capacity(self) -> Label {
        match self {
            Accountable::Keeper(_) => Label::new("管护责任人", "keeper"),
            Accountable::Maintainer(_) => Label::new("管护主体", "maintainer"),
            Accountable::Owner(_) => Label::new("所有权人", "owner"),
            Accountable::ImplementingUnit(_) => Label::new("实施单位", "implementing unit"),
            Accountable::Town => Label::new("乡镇政府", "township government"),
            Accountable::County => Label::new("县级政府", "county government"),
        }
    }

    /// Who, where it is a party of the ledger.
    pub const fn party(self) -> Option<Party> {
        match self {
            Accountable::Keeper(party)
            | Accountable::Maintainer(party)
            | Accountable::Owner(party)
            | Accountable::ImplementingUnit(party) => Some(party),
            Accountable::Town | Accountable::County => None,
        }
    }
}

/// Who has to act on an asset's findings on a day.
pub fn accountable(facts: &AssetFacts<'_>, today: NaiveDate) -> Accountable {
    let bearer = |kind| {
        let duty = rules::running(facts, kind, today)?;
        Party::of(duty.organization_id, duty.person_id)
    };
    let owner = || owner_on(facts.holdings, today);
    let unit = || facts.asset.implementing_unit_id.map(Party::Organization);
    let has_town = facts.asset.area_code.as_str()[6..9] != *"000";
    None.or_else(|| bearer(duty::Kind::Keeper).map(Accountable::Keeper))
        .or_else(|| bearer(duty::Kind::Maintainer).map(Accountable::Maintainer))
        .or_else(|| owner().map(Accountable::Owner))
        .or_else(|| unit().map(Accountable::ImplementingUnit))
        .unwrap_or(if has_town { Accountable::Town } else { Accountable::County })
}

/// The budget out of which an asset is looked after in the year of a day.
pub(in crate::domain) fn budget_of<'a>(
    facts: &AssetFacts<'a>,
    day: NaiveDate,
) -> Option<&'a budget::Model> {
    rules::budget_of(facts, day)
}

/// The last day on which an asset may be inspected in time, whatever was waived; none where nothing is
/// asked.
pub(in crate::domain) fn inspection_day(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<NaiveDate> {
    rules::inspection_due(facts, thresholds, today).map(|due| due.on)
}

/// The duty of a kind that runs on a day.
pub fn running<'a>(
    facts: &AssetFacts<'a>,
    kind: duty::Kind,
    day: NaiveDate,
) -> Option<&'a duty::Model> {
    rules::running(facts, kind, day)
}

/// Days from one day to another, both counted as lived through: since yesterday is one day.
pub fn days_between(since: NaiveDate, today: NaiveDate) -> i64 {
    (today - since).num_days().max(0)
}

#[cfg(test)]
mod tests;
