//! The projects of the sample county, and the assets that are to come of each.

use std::collections::HashMap;

use chrono::Datelike;
use entity::{
    asset::{self, Class, Subclass},
    money::Money,
    project,
};

use super::{
    COUNTY_NAME, Maker,
    kinds::{KINDS, Kind, Variant},
};
use crate::domain::project::blank;

/// How much was built in each of the twelve years before the sample's.
const YEARS: [u64; 12] = [3, 5, 9, 13, 15, 14, 12, 9, 8, 6, 4, 4];
/// What an asset of a class costs on average, in yuan (domain.md §9).
const MEANS: [(Class, i64); 3] =
    [(Class::Public, 519_000), (Class::Operating, 902_000), (Class::Household, 207_000)];
/// Costs have a long tail: the deciles, in thousandths of the subclass's usual cost.
const WIDE: [i64; 11] = [120, 220, 320, 420, 540, 680, 850, 1_080, 1_450, 2_200, 5_200];
/// Houses cost much the same.
const NARROW: [i64; 11] = [800, 850, 890, 920, 960, 1_000, 1_040, 1_080, 1_110, 1_150, 1_200];

/// Who an asset belongs to; places in the lists of towns and villages.
pub(super) enum Level {
    County,
    Town(usize),
    Village(usize),
    /// Several villages together; it stands in the first.
    Joint(Vec<usize>),
    /// Households of a village.
    Household(usize),
}

/// An asset that is to be.
pub(super) struct Draft {
    pub(super) kind: &'static Kind,
    pub(super) variant: Variant,
    /// The place of its project.
    pub(super) project: usize,
    pub(super) year: i32,
    pub(super) level: Level,
    pub(super) value: Money,
}

impl Maker {
    /// Every project, and every asset that is to come of one.
    pub(super) fn plan(&mut self) -> (Vec<project::Model>, Vec<Draft>) {
        let (mut works, mut drafts) = (Vec::new(), Vec::new());
        for kind in KINDS {
            let mut left = kind.n;
            while left > 0 {
                let n = (2 + self.random.place(5)).min(left);
                left -= n;
                let town = self.random.place(self.places.towns.len());
                let work = self.work(kind, town, works.len());
                let year = work.year.unwrap_or_default();
                for _ in 0..n {
                    let draft = self.draft(kind, works.len(), (year, town));
                    drafts.push(draft);
                }
                works.push(work);
            }
        }
        let names = works.iter_mut().map(|work: &mut project::Model| &mut work.name);
        number_repeated(names, "标段");
        bring_to_means(&mut drafts);
        for draft in &mut drafts {
            draft.value = self.settled(draft);
        }
        (works, drafts)
    }

    fn work(&mut self, kind: &Kind, town: usize, place: usize) -> project::Model {
        let behind = i32::try_from(self.random.weighted(&YEARS)).unwrap_or(0);
        let year = self.day.year() - 12 + behind;
        let town_name = self.places.towns[town].name;
        let body = if year <= 2020 { "扶贫" } else { "振兴" };
        let number = self.random.between(3, 98);
        let unit = if self.random.chance(2_500) {
            self.parties.governments[town]
        } else {
            self.parties.bureau(kind.department)
        };
        let name = format!("{year}年{COUNTY_NAME}{town_name}{}项目", kind.theme);
        project::Model {
            project_no: Some(format!("QH{year}-{:04}", place + 1)),
            year: Some(year),
            approval_no: Some(format!("青禾{body}发〔{year}〕{number}号")),
            implementing_unit_id: Some(unit),
            line_department: Some(kind.department),
            ..blank(self.places.towns[town].code, &name)
        }
    }

    fn draft(&mut self, kind: &'static Kind, project: usize, (year, town): (i32, usize)) -> Draft {
        let variant = self.random.pick(kind.variants);
        let level = self.level(kind.subclass, town);
        let deciles = if kind.subclass == Subclass::RelocationHousing { &NARROW } else { &WIDE };
        let decile = self.random.place(10);
        let factor = self.random.between(deciles[decile], deciles[decile + 1]);
        let value = Money::from_fen(kind.yuan * factor / 10);
        Draft { kind, variant, project, year, level, value }
    }

    fn level(&mut self, subclass: Subclass, town: usize) -> Level {
        use Subclass::{
            ColdStorage, Debt, Education, Equity, FarmBase, Health, InvestmentFund, Power,
            Processing, RelocationFacility, Road, Shop, Solar, WaterSupply, Workshop,
        };
        let villages = self.places.towns[town].villages.clone();
        let village = villages.start + self.random.place(villages.len());
        if subclass.class() == Class::Household {
            return Level::Household(village);
        }
        let (county, of_town, joint) = match subclass {
            Road | WaterSupply | Power => (300, 500, 0),
            RelocationFacility => (2_000, 4_000, 0),
            Education | Health => (0, 3_500, 0),
            FarmBase | Processing | Solar | Shop | ColdStorage | Workshop => (0, 600, 3_500),
            Equity | Debt | InvestmentFund => (4_000, 0, 6_000),
            _ => (0, 400, 0),
        };
        match self.random.weighted(&[county, of_town, joint, 10_000 - county - of_town - joint]) {
            0 => Level::County,
            1 => Level::Town(town),
            2 => {
                let mut partners: Vec<usize> = villages.filter(|other| *other != village).collect();
                self.random.shuffle(&mut partners);
                partners.truncate(1 + self.random.place(4));
                Level::Joint(std::iter::once(village).chain(partners).collect())
            }
            _ => Level::Village(village),
        }
    }

    /// The value as it would stand in a final account: mostly to the fen, some in whole yuan or
    /// hundreds; claims are in ten thousands.
    fn settled(&mut self, draft: &Draft) -> Money {
        let is_claim = crate::domain::asset::implied_form(Some(draft.kind.subclass)).is_claim();
        let step = match self.random.weighted(&[72, 16, 12]) {
            _ if is_claim => 1_000_000,
            0 => 1,
            1 => 100,
            _ => 10_000,
        };
        Money::from_fen((draft.value.fen() / step).max(1) * step)
    }
}

/// Numbers names that occur again.
pub(super) fn number_repeated<'a>(names: impl Iterator<Item = &'a mut String>, what: &str) {
    let mut known: HashMap<String, usize> = HashMap::new();
    for name in names {
        let n = known.entry(name.clone()).or_default();
        *n += 1;
        if *n > 1 {
            *name = format!("{name}（{n}{what}）");
        }
    }
}

/// Brings the classes to the average cost they have in a real district.
fn bring_to_means(drafts: &mut [Draft]) {
    for (class, yuan) in MEANS {
        let of_class = |draft: &&mut Draft| draft.kind.subclass.class() == class;
        let values: Vec<i64> =
            drafts.iter_mut().filter(of_class).map(|draft| draft.value.fen()).collect();
        let n = i128::try_from(values.len()).unwrap_or(1);
        let sum: i128 = values.into_iter().map(i128::from).sum();
        let goal = i128::from(yuan) * 100 * n;
        for draft in drafts.iter_mut().filter(of_class) {
            let fen = i128::from(draft.value.fen()) * goal / sum.max(1);
            draft.value = Money::from_fen(i64::try_from(fen).unwrap_or(100));
        }
    }
}

/// Counts an asset into the money and the days of its project. A project is accepted with its
/// last asset.
pub(super) fn count_in(works: &mut [project::Model], asset: &asset::Model) {
    let place = asset.project_id.and_then(|id| usize::try_from(id.0).ok());
    let Some(work) = place.and_then(|place| works.get_mut(place)) else { return };
    let add = |sum: &mut Option<Money>, amount: Option<Money>| {
        *sum = Money::total([*sum, amount].into_iter().flatten());
    };
    add(&mut work.budget, asset.budget);
    add(&mut work.contract_amount, asset.contract_amount);
    if asset.final_account.is_some() {
        add(&mut work.final_account, asset.final_account);
    }
    work.accepted_on = work.accepted_on.max(asset.accepted_on);
}
