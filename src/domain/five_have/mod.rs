//! 五有: 有制度、有标准、有队伍、有经费、有监督, the target of the upkeep of public facilities (发改农经〔2019〕1645号, domain.md §4
//! K4), as far as the ledger knows. It is asked of what a household does not own, that stands and is
//! built; a claim has no upkeep.

use chrono::{Days, NaiveDate};
use entity::{
    asset::{Class, UseState},
    duty::{self, Kind},
    five_have::{Have, Model},
    language::Label,
    money::Money,
};

use super::deficiency::{AssetFacts, Thresholds, budget_of, inspection_day, running};

/// Days within which an inspection counts where no local rule says how often assets are looked at.
pub const USUAL_DAYS: u64 = 365;

/// Which of the five an asset has on a day; none where they are not asked of it.
pub fn five_haves(
    facts: &AssetFacts<'_>,
    thresholds: &Thresholds,
    today: NaiveDate,
) -> Option<Model> {
    let asset = facts.asset;
    let is_asked = asset.is_standing()
        && asset.class != Class::Household
        && !asset.form.is_claim()
        && asset.use_state != Some(UseState::UnderConstruction);
    if !is_asked {
        return None;
    }
    let duty = running(facts, Kind::Maintainer, today);
    let keeper = running(facts, Kind::Keeper, today);
    let is_written = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    Some(Model {
        asset_id: asset.id,
        area_code: asset.area_code,
        class: asset.class,
        has_rule: duty.is_some_and(|duty| is_written(&duty.agreement_no)),
        has_standard: duty.is_some_and(|duty| is_written(&duty.standard)),
        has_team: duty.is_some() && keeper.is_some_and(|keeper| keeper.person_id.is_some()),
        has_money: budget_of(facts, today).is_some() || duty.is_some_and(is_funded),
        has_oversight: is_overseen(facts, thresholds, today),
    })
}

/// Whether a duty has money of its own, and it is there as far as anybody said.
fn is_funded(duty: &duty::Model) -> bool {
    duty.annual_budget.is_some_and(|amount| amount > Money::ZERO) && duty.is_funded != Some(false)
}

/// Whether somebody has looked at it within its interval; where none is asked, within a year.
fn is_overseen(facts: &AssetFacts<'_>, thresholds: &Thresholds, today: NaiveDate) -> bool {
    let Some(upkeep) = facts.upkeep else { return false };
    let usual = || upkeep.inspected_on.checked_add_days(Days::new(USUAL_DAYS));
    inspection_day(facts, thresholds, today).or_else(usual).is_some_and(|last| today <= last)
}

/// What is lacking, and what mends it.
pub const fn lacking(have: Have) -> Label {
    match have {
        Have::Rule => Label::new(
            "没有在任的管护主体，或没有管护协议（责任书）编号",
            "nobody maintains it on a written agreement",
        ),
        Have::Standard => Label::new("没有写明管护标准", "no standard is laid down"),
        Have::Team => Label::new(
            "没有在任的管护主体和具体的管护责任人",
            "no maintainer together with a keeper, who is a person",
        ),
        Have::Money => Label::new("本年没有管护预算", "no money is set aside for this year"),
        Have::Oversight => {
            Label::new("没有在周期内巡查", "nobody has looked at it within its interval")
        }
    }
}

#[cfg(test)]
mod tests;
