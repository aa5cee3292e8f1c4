//! Who looks after the assets of the sample county, with what money, and where nobody does
//! (domain.md §2.6, §4).

use chrono::{Datelike, Days, NaiveDate};
use entity::{
    asset::{self, Answer, Class, Subclass},
    duty::{BudgetSource, Kind, Mode, Tier},
    id::{InspectionId, OrganizationId, PersonId, UpkeepId},
    inspection::Condition,
    money::Money,
    upkeep, work_order,
};

use super::{
    Entry, Look, Maker,
    card::Life,
    kinds,
    work::{Draft, Level},
};
use crate::domain::{duty::Terms, setting::LocalRules, title::Party, work_order as work_orders};

/// Duties, and what was answered where there is no maintainer.
pub(super) type Upkeep = (Vec<(Kind, Party, Terms)>, Option<Answer>);

/// How the question “who maintains it?” was answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Maintained,
    TermOver,
    Never,
    Nobody,
    Unknown,
}

impl Maker {
    /// The duties on an asset.
    pub(super) fn upkeep(
        &mut self,
        draft: &Draft,
        asset: &asset::Model,
        life: &Life,
        operator: Option<OrganizationId>,
    ) -> Upkeep {
        if asset.form.is_claim() || asset.class == Class::Household {
            return (Vec::new(), None);
        }
        let answers =
            [Found::Maintained, Found::TermOver, Found::Never, Found::Nobody, Found::Unknown];
        let found = answers[self.random.weighted(&[9_695, 75, 120, 60, 50])];
        let answer = match found {
            Found::Nobody => Some(Answer::Nobody),
            Found::Unknown => Some(Answer::Unknown),
            Found::Maintained | Found::TermOver | Found::Never => None,
        };
        if matches!(found, Found::Never | Found::Nobody | Found::Unknown) {
            return (Vec::new(), answer);
        }
        let from = life.in_hands().and_then(|day| day.checked_add_days(Days::new(1)));
        let from = from.filter(|day| *day <= self.day).or(life.started);
        let (maintainer, mode) = self.maintainer(draft, operator);
        let terms = self.terms(draft, asset, (from, mode));
        let terms = if found == Found::TermOver { self.over(terms) } else { terms };
        let mut duties = vec![(Kind::Maintainer, Party::Organization(maintainer), terms)];
        duties.extend(self.keeper(draft, from));
        (duties, answer)
    }

    fn maintainer(
        &mut self,
        draft: &Draft,
        operator: Option<OrganizationId>,
    ) -> (OrganizationId, Mode) {
        if let Some(operator) = operator {
            return (operator, Mode::Body);
        }
        let subclass = draft.kind.subclass;
        if subclass == Subclass::Sanitation && self.random.chance(2_800) {
            return (self.random.pick(&self.parties.property), Mode::PropertyService);
        }
        if subclass == Subclass::WaterSupply && self.random.chance(2_500) {
            return (self.parties.water_works(), Mode::Body);
        }
        match &draft.level {
            Level::County if subclass == Subclass::Road => (self.parties.road_centre(), Mode::Body),
            Level::County => (self.parties.bureau(draft.kind.department), Mode::Body),
            Level::Town(town) => (self.parties.governments[*town], Mode::Body),
            Level::Village(village) | Level::Household(village) => {
                let body = if self.random.chance(7_000) {
                    self.parties.committees[*village]
                } else {
                    self.parties.collectives[*village]
                };
                (body, Mode::NoBody)
            }
            Level::Joint(villages) => (self.parties.collectives[villages[0]], Mode::Body),
        }
    }

    fn terms(
        &mut self,
        draft: &Draft,
        asset: &asset::Model,
        (from_on, mode): (Option<NaiveDate>, Mode),
    ) -> Terms {
        let (tier, interval) = tier(draft);
        let (task, standard) = kinds::upkeep(draft.kind.department);
        let until_on = if self.random.chance(4_500) { self.year_end_ahead() } else { None };
        let number = self.random.between(1, 380);
        let agreement = from_on.zip(until_on);
        let has_budget = asset.class == Class::Operating || !self.random.chance(420);
        let is_funded = !self.random.chance(450);
        let has_standard = !self.random.chance(700);
        let source = self.budget_source(draft);
        Terms {
            tier: Some(tier),
            mode: Some(mode),
            task: Some(task.to_owned()),
            standard: has_standard.then(|| standard.to_owned()),
            interval_days: interval,
            agreement_no: agreement
                .map(|(from, _)| format!("管护协议〔{}〕{number:03}号", from.year())),
            from_on,
            until_on,
            annual_budget: has_budget.then(|| yearly_cost(draft, asset)),
            budget_source: has_budget.then_some(source),
            is_funded: has_budget.then_some(is_funded),
        }
    }

    fn year_end_ahead(&mut self) -> Option<NaiveDate> {
        let years = i32::try_from(self.random.between(1, 4)).unwrap_or(1);
        NaiveDate::from_ymd_opt(self.day.year() + years, 12, 31)
    }

    fn budget_source(&mut self, draft: &Draft) -> BudgetSource {
        match (draft.kind.subclass.class(), &draft.level) {
            (Class::Operating, _) => BudgetSource::OperatingIncome,
            (_, Level::County) => BudgetSource::CountyFinance,
            (_, Level::Town(_)) => BudgetSource::Township,
            _ if draft.kind.subclass == Subclass::WaterSupply && self.random.chance(6_000) => {
                BudgetSource::WaterFees
            }
            _ => self.random.pick(&[
                BudgetSource::CountyFinance,
                BudgetSource::CountyFinance,
                BudgetSource::CollectiveIncome,
                BudgetSource::Reserve,
            ]),
        }
    }

    /// The person who answers for it: most assets have one; some persons' terms are over.
    fn keeper(&mut self, draft: &Draft, from: Option<NaiveDate>) -> Option<(Kind, Party, Terms)> {
        if self.random.chance(900) {
            return None;
        }
        let person = self.person(draft);
        let (tier, interval) = tier(draft);
        let (task, _) = kinds::upkeep(draft.kind.department);
        let terms = Terms {
            tier: Some(tier),
            task: Some(task.to_owned()),
            interval_days: interval,
            from_on: from,
            ..Terms::default()
        };
        let terms = if self.random.chance(260) { self.over(terms) } else { terms };
        Some((Kind::Keeper, Party::Person(person), terms))
    }

    fn person(&mut self, draft: &Draft) -> PersonId {
        match &draft.level {
            Level::County => self.parties.officer(draft.kind.department),
            Level::Town(town) => self.parties.of_town[*town],
            Level::Village(village) | Level::Household(village) => {
                self.random.pick(&self.parties.of_village[*village])
            }
            Level::Joint(villages) => self.random.pick(&self.parties.of_village[villages[0]]),
        }
    }

    /// The same terms, ended within the last fourteen months.
    fn over(&mut self, terms: Terms) -> Terms {
        let days = self.random.between(10, 420).unsigned_abs();
        let until = self.day.checked_sub_days(Days::new(days));
        Terms { until_on: until.max(terms.from_on), ..terms }
    }
}

/// The tier and the days between two inspections (domain.md §4).
const fn tier(draft: &Draft) -> (Tier, Option<i32>) {
    match draft.level {
        Level::County => (Tier::County, Some(180)),
        Level::Town(_) => (Tier::Township, Some(90)),
        Level::Village(_) | Level::Joint(_) => (Tier::Village, None),
        Level::Household(_) => (Tier::Household, None),
    }
}

/// When an asset was looked at last, where its agreement says how often, and what was found: one in
/// seventeen never, one in twelve too long ago. It is drawn from the place in the list alone.
pub(super) fn looked_at(place: usize, entry: &Entry) -> Option<Look> {
    let of_maintainer = |(kind, _, terms): &&(Kind, Party, Terms)| {
        *kind == Kind::Maintainer && terms.interval_days.is_some()
    };
    let (_, _, terms) = entry.duties.iter().find(of_maintainer)?;
    let interval = i64::from(terms.interval_days?);
    if place % 17 == 16 {
        return None;
    }
    let is_late = place % 12 == 11;
    let share = i64::try_from(place % 10).unwrap_or(0);
    let days_ago = if is_late { interval + 20 + share } else { interval * share / 12 };
    let condition = match place % 23 {
        0 => Condition::Danger,
        1 | 2 => Condition::Defect,
        _ => Condition::Good,
    };
    Some(Look { days_ago, is_late, condition })
}

/// How an asset stands that was looked at so, on a day.
pub(super) fn row(asset: &asset::Model, look: Look, day: NaiveDate) -> upkeep::Model {
    let on = day - Days::new(look.days_ago.unsigned_abs());
    let at = on.and_hms_opt(2, 0, 0).unwrap_or_default().and_utc();
    upkeep::Model {
        id: UpkeepId(0),
        area_code: asset.area_code,
        asset_id: asset.id,
        inspection_id: InspectionId(0),
        inspected_on: on,
        inspected_at: at,
        condition: look.condition,
        version: 1,
        created_at: at,
        updated_at: at,
    }
}

/// Money for a year: roads by the kilometre (国办发〔2019〕45号), water by the post, everything else
/// by its cost; in whole ten yuan.
fn yearly_cost(draft: &Draft, asset: &asset::Model) -> Money {
    let yuan_a_km = match draft.level {
        Level::County => 10_000,
        Level::Town(_) => 5_000,
        Level::Village(_) | Level::Joint(_) | Level::Household(_) => 3_000,
    };
    let kilometres = asset.quantity.filter(|_| asset.unit == Some(asset::Unit::Kilometre));
    let fen = match kilometres {
        Some(length) => length.ten_thousandths() * yuan_a_km / 100,
        None if draft.kind.subclass == Subclass::WaterSupply => 1_200_000,
        None if asset.class == Class::Operating => draft.value.fen() * 15 / 1_000,
        None => draft.value.fen() / 100,
    };
    Money::from_fen((fen / 1_000).max(30) * 1_000)
}

/// What is to be mended of an asset that was looked at so.
pub(super) fn order(asset: &asset::Model, look: Look, day: NaiveDate) -> Option<work_order::Model> {
    let found_at = row(asset, look, day).inspected_at;
    let terms = work_orders::Terms::of(&LocalRules::default(), asset, day);
    let what = "现场发现".to_owned();
    let defect = work_orders::Defect { item: None, condition: look.condition, what };
    work_orders::open(asset, &[], &defect, (&terms, found_at)).ok()
}
