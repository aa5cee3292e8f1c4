//! The asset cards of the sample county.

use chrono::{Datelike, Days, NaiveDate};
use entity::{
    area::AreaCode,
    asset::{
        Class, Condition, Depreciation, IdleReason, Model, Structure, Subclass, Unit, UseState,
        Valuation,
    },
    id::ProjectId,
    measure::Quantity,
    money::Money,
};

use super::{
    COUNTY_NAME, Entry, KEY, Maker,
    kinds::Size,
    upkeep::looked_at,
    work::{Draft, Level, number_repeated},
};
use crate::domain::asset::{NOMINAL, blank, implied_form};

const GROUPS: [&str; 8] = ["一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组"];

/// The days of an asset's life, as far as they have come.
#[derive(Clone, Copy, Default)]
pub(super) struct Life {
    pub(super) started: Option<NaiveDate>,
    pub(super) completed: Option<NaiveDate>,
    pub(super) accepted: Option<NaiveDate>,
    pub(super) handed_over: Option<NaiveDate>,
}

impl Life {
    /// The day from which somebody has to look after it.
    pub(super) fn in_hands(&self) -> Option<NaiveDate> {
        self.handed_over.or(self.accepted).or(self.completed).or(self.started)
    }
}

impl Maker {
    /// Every asset with everything beside it.
    pub(super) fn entries(&mut self, drafts: &[Draft]) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(drafts.len());
        for (place, draft) in drafts.iter().enumerate() {
            let mut entry = self.entry(draft);
            entry.asset.source_key = Some(format!("{KEY}{:04}", place + 1));
            entry.look = looked_at(place, &entry);
            entries.push(entry);
        }
        number_repeated(entries.iter_mut().map(|entry: &mut Entry| &mut entry.asset.name), "号");
        entries
    }

    fn entry(&mut self, draft: &Draft) -> Entry {
        let life = self.life(draft);
        let mut asset = self.card(draft, &life);
        let sources = self.sources(draft, draft.value);
        let owners = self.owners(draft);
        let operator = self.operator(draft);
        let (title, holders) = self.rights(draft, &asset, &life, (&owners, operator));
        let (duties, answer) = self.upkeep(draft, &asset, &life, operator);
        asset.maintainer_answer = answer;
        Entry { asset, sources, title, holders, duties, look: None }
    }

    /// A day some days after another, if it has come.
    pub(super) fn after(
        &mut self,
        day: Option<NaiveDate>,
        (least, most): (i64, i64),
    ) -> Option<NaiveDate> {
        let days = self.random.between(least, most).unsigned_abs();
        day?.checked_add_days(Days::new(days)).filter(|later| *later <= self.day)
    }

    fn life(&mut self, draft: &Draft) -> Life {
        let spring = NaiveDate::from_ymd_opt(draft.year, 3, 1);
        let started = self.after(spring, (0, 150));
        if implied_form(Some(draft.kind.subclass)).is_claim() {
            return Life { started, ..Life::default() };
        }
        let is_delayed = draft.year + 1 >= self.day.year() && self.random.chance(2_500);
        let completed = self.after(started, (50, 220)).filter(|_| !is_delayed);
        let accepted = self.after(completed, (10, 75)).filter(|_| !self.random.chance(250));
        let handed_over = self.after(accepted, (5, 80)).filter(|_| !self.random.chance(420));
        Life { started, completed, accepted, handed_over }
    }

    fn card(&mut self, draft: &Draft, life: &Life) -> Model {
        let (area, place) = self.site(draft);
        let subclass = draft.kind.subclass;
        let name = format!("{place}{}", draft.variant.name);
        let card = Model {
            subclass: Some(subclass),
            form: implied_form(Some(subclass)),
            project_id: i64::try_from(draft.project).ok().map(ProjectId),
            project_year: Some(draft.year),
            line_department: Some(draft.kind.department),
            implementing_unit_id: Some(self.parties.bureau(draft.kind.department)),
            quantity: quantity(draft),
            unit: Some(draft.variant.unit),
            specification: Some(draft.variant.specification.to_owned()),
            started_on: life.started,
            acquired_on: life.accepted.or(life.completed).or(life.started),
            ..blank(area, subclass.class(), &name)
        };
        let card = self.priced(draft, card, life);
        if card.form.is_claim() {
            return self.claim(card);
        }
        let card = self.built(draft, card, life, &place);
        self.used(card, life)
    }

    /// Where an asset stands: the area, and what its name begins with.
    fn site(&mut self, draft: &Draft) -> (AreaCode, String) {
        match &draft.level {
            Level::County => (self.places.county, COUNTY_NAME.to_owned()),
            Level::Town(town) => {
                let town = &self.places.towns[*town];
                (town.code, town.name.to_owned())
            }
            Level::Village(village) | Level::Household(village) => {
                let village = &self.places.villages[*village];
                let is_spread = matches!(
                    draft.kind.subclass,
                    Subclass::Road | Subclass::Irrigation | Subclass::WaterSupply
                );
                let group = if is_spread { self.random.pick(&GROUPS) } else { "" };
                (village.code, format!("{}{group}", village.name))
            }
            Level::Joint(villages) => {
                let village = &self.places.villages[villages[0]];
                (village.code, format!("{}等{}村联建", village.name, villages.len()))
            }
        }
    }

    fn priced(&mut self, draft: &Draft, card: Model, life: &Life) -> Model {
        let fen = draft.value.fen();
        let mut part = |least, most| {
            let thousandths = self.random.between(least, most);
            Money::from_fen(fen / 1_000 * thousandths)
        };
        let (budget, contract, cut) = (part(1_020, 1_090), part(970, 1_000), part(4, 30));
        let is_cut = self.random.chance(4_000);
        let lacks_account = self.random.chance(420);
        let counted = life.accepted.is_some() && !lacks_account;
        let is_claim = card.form.is_claim();
        let valuation =
            if self.random.chance(200) { Valuation::Appraisal } else { Valuation::HistoricalCost };
        // what was put into a claim is in the books from its first day on
        let accepted = if is_claim { life.started } else { life.accepted };
        let booked_on = self.after(accepted, (20, 160));
        let voucher = self.random.between(3, 240);
        Model {
            original_value: Some(draft.value),
            budget: (!is_claim).then_some(budget),
            contract_amount: (!is_claim).then_some(contract),
            final_account: counted.then_some(draft.value),
            audit_cut: (counted && is_cut).then_some(cut),
            valuation: Some(valuation),
            booked_on,
            voucher_no: booked_on.map(|_| format!("记字第{voucher}号")),
            ..card
        }
    }

    fn claim(&mut self, card: Model) -> Model {
        let debtors = &self.parties.companies[..6];
        let debtor = self.random.pick(debtors);
        let years = self.random.between(5, 10).unsigned_abs();
        let ends_on = card.acquired_on.and_then(|day| day.checked_add_days(Days::new(years * 365)));
        Model {
            debtor_id: Some(debtor),
            rate_bp: Some(self.random.pick(&[400, 500, 550, 600, 700, 800])),
            ends_on,
            use_state: Some(UseState::InUse),
            ..card
        }
    }

    fn built(&mut self, draft: &Draft, card: Model, life: &Life, place: &str) -> Model {
        let location = match &draft.level {
            Level::County => COUNTY_NAME.to_owned(),
            Level::Town(town) => format!("{COUNTY_NAME}{}", self.places.towns[*town].name),
            Level::Village(village) | Level::Household(village) => {
                let village = &self.places.villages[*village];
                let group = place.strip_prefix(village.name.as_str()).unwrap_or_default();
                format!("{}{group}", self.places.address(village))
            }
            Level::Joint(villages) => self.places.address(&self.places.villages[villages[0]]),
        };
        let is_household = card.class == Class::Household;
        let households = if is_household { 1 } else { self.random.between(28, 420) };
        let villages = match &draft.level {
            Level::Joint(villages) => i32::try_from(villages.len()).ok(),
            Level::County | Level::Town(_) => Some(6),
            Level::Village(_) | Level::Household(_) => Some(1),
        };
        let structures =
            [Structure::BrickConcrete, Structure::ReinforcedConcrete, Structure::Steel];
        let structure =
            (card.unit == Some(Unit::SquareMetre)).then(|| self.random.pick(&structures));
        let biological = card.form == entity::asset::Form::Biological;
        Model {
            location: Some(location),
            structure,
            beneficiary_villages: villages,
            beneficiary_households: i32::try_from(households).ok(),
            beneficiary_people: i32::try_from(households * 34 / 10).ok(),
            depreciation: Some(if biological {
                Depreciation::None
            } else {
                Depreciation::StraightLine
            }),
            life_months: Some(draft.kind.life_years * 12),
            residual_bp: Some(if card.class == Class::Operating { 500 } else { 0 }),
            completed_on: life.completed,
            accepted_on: life.accepted,
            built_year: life.completed.map(|day| day.year()),
            handed_over_on: life.handed_over.filter(|_| !is_household),
            handover_no: life
                .handed_over
                .filter(|_| !is_household)
                .map(|day| format!("青禾移交〔{}〕{:03}号", day.year(), draft.project + 1)),
            warranty_until: life.completed.and_then(|day| day.checked_add_days(Days::new(730))),
            ..card
        }
    }

    fn used(&mut self, card: Model, life: &Life) -> Model {
        if life.completed.is_none() {
            return Model { use_state: Some(UseState::UnderConstruction), ..card };
        }
        let is_operating = card.class == Class::Operating;
        let weights: [u64; 6] =
            if is_operating { [58, 12, 9, 20, 1, 0] } else { [9_490, 270, 0, 0, 150, 90] };
        let weights = match (card.class, card.subclass) {
            (Class::Household, _) => [9_800, 80, 0, 0, 120, 0],
            // a road nobody needs is not closed
            (_, Some(Subclass::Road)) => [9_850, 0, 0, 0, 150, 0],
            _ => weights,
        };
        let states = [
            UseState::InUse,
            UseState::Idle,
            UseState::LowYield,
            UseState::Leased,
            UseState::Damaged,
            UseState::OutOfUse,
        ];
        let state = states[self.random.weighted(&weights)];
        let condition = match state {
            UseState::Damaged if self.random.chance(4_000) => Condition::Gone,
            UseState::Damaged => Condition::BadlyDamaged,
            _ => {
                let usual = [Condition::Good, Condition::Fair, Condition::NeedsRepair];
                usual[self.random.weighted(&[64, 25, 11])]
            }
        };
        let nominal = card.subclass == Some(Subclass::OtherPublic) && self.random.chance(2_000);
        let card = Model { use_state: Some(state), condition: Some(condition), ..card };
        let card = if nominal { at_nominal_value(card) } else { card };
        if matches!(state, UseState::Idle | UseState::OutOfUse) { self.idle(card) } else { card }
    }

    fn idle(&mut self, card: Model) -> Model {
        let since = self.after(card.acquired_on, (90, 1_900));
        let months_ago = self.day.checked_sub_days(Days::new(240));
        let reasons = match card.class {
            Class::Operating => {
                &[IdleReason::Market, IdleReason::NoOperator, IdleReason::BlindStart][..]
            }
            Class::Public | Class::Household => {
                &[IdleReason::Technique, IdleReason::TitleDispute, IdleReason::Other]
            }
        };
        let reason = self.random.pick(reasons);
        let since = since.or(months_ago.max(card.acquired_on));
        // what was begun blindly never had a use
        let is_known = |day: &NaiveDate| *day <= self.day;
        let at_once = begun_idle(&card).filter(is_known);
        let since = if reason == IdleReason::BlindStart { at_once.or(since) } else { since };
        Model { idle_since: since, idle_reason: Some(reason), ..card }
    }
}

/// The day on which something stands idle that nobody ever used: soon after it came.
fn begun_idle(card: &Model) -> Option<NaiveDate> {
    card.accepted_on.or(card.completed_on).max(card.acquired_on)?.checked_add_days(Days::new(30))
}

/// A gift without papers stands at one yuan; nobody counted what it had cost.
fn at_nominal_value(card: Model) -> Model {
    Model {
        original_value: Some(NOMINAL),
        final_account: card.final_account.map(|_| NOMINAL),
        audit_cut: None,
        valuation: Some(Valuation::Nominal),
        remark: Some("受赠，无凭据，按名义金额入账".to_owned()),
        ..card
    }
}

/// The size that the cost comes to.
fn quantity(draft: &Draft) -> Option<Quantity> {
    let ten_thousandths = match draft.variant.size {
        Size::One => 10_000,
        Size::By { yuan, step } => {
            let exact = i128::from(draft.value.fen()) * 100 / i128::from(yuan);
            let step = i128::from(step);
            i64::try_from((exact / step).max(1) * step).ok()?
        }
    };
    Quantity::from_ten_thousandths(ten_thousandths)
}
