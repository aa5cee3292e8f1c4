//! Titles and holders of rights in the sample county (domain.md §1.4, §2.5).

use chrono::{Datelike, NaiveDate};
use entity::{
    asset::{self, Class},
    holding::Right,
    id::OrganizationId,
    share::Share,
    title::{Model, Register, State, Tier},
};

use super::{
    Maker,
    card::Life,
    work::{Draft, Level},
};
use crate::domain::title::{Holder, Party, blank};

/// An owner and its share.
pub(super) type Owner = (OrganizationId, Share);

impl Maker {
    /// Who owns an asset, once that is settled; the shares make one.
    pub(super) fn owners(&mut self, draft: &Draft) -> Vec<Owner> {
        match &draft.level {
            Level::County if draft.kind.subclass.class() == Class::Operating => {
                vec![(self.parties.investor(), Share::WHOLE)]
            }
            Level::County => vec![(self.parties.bureau(draft.kind.department), Share::WHOLE)],
            Level::Town(town) => vec![(self.parties.governments[*town], Share::WHOLE)],
            Level::Village(village) => vec![(self.parties.collectives[*village], Share::WHOLE)],
            Level::Joint(villages) => {
                let collectives =
                    villages.iter().map(|place| self.parties.collectives[*place]).collect();
                self.shared(collectives)
            }
            Level::Household(village) => {
                let is_shared = draft.variant.unit == asset::Unit::Household
                    || draft.variant.unit == asset::Unit::Head;
                let n = if is_shared { 2 + self.random.place(4) } else { 1 };
                let area = self.places.villages[*village].code;
                let households = (0..n).map(|_| self.parties.add_household(area)).collect();
                self.shared(households)
            }
        }
    }

    /// Half of those who own together own equal parts.
    fn shared(&mut self, owners: Vec<OrganizationId>) -> Vec<Owner> {
        let is_equal = self.random.chance(5_000);
        let parts: Vec<u32> = owners
            .iter()
            .map(
                |_| if is_equal { 1 } else { 1 + u32::try_from(self.random.place(6)).unwrap_or(0) },
            )
            .collect();
        let whole = parts.iter().sum();
        let shares = parts.into_iter().map(|part| Share::new(part, whole).unwrap_or(Share::WHOLE));
        owners.into_iter().zip(shares).collect()
    }

    /// Who runs an operating asset.
    pub(super) fn operator(&mut self, draft: &Draft) -> Option<OrganizationId> {
        if draft.kind.subclass.class() != Class::Operating {
            return None;
        }
        Some(match self.random.weighted(&[6, 3, 2]) {
            0 => self.random.pick(&self.parties.cooperatives),
            1 => self.random.pick(&self.parties.companies[..7]),
            _ => match &draft.level {
                Level::Village(village) => self.parties.collectives[*village],
                Level::Joint(villages) => self.parties.collectives[villages[0]],
                Level::County | Level::Town(_) | Level::Household(_) => self.parties.investor(),
            },
        })
    }

    /// The title of an asset and the holders of rights in it.
    pub(super) fn rights(
        &mut self,
        draft: &Draft,
        asset: &asset::Model,
        life: &Life,
        (owners, operator): (&[Owner], Option<OrganizationId>),
    ) -> (Option<Model>, Vec<Holder>) {
        let state = self.state(asset.class);
        let confirmed_on = self.confirmed_on(life).filter(|_| state == Some(State::Confirmed));
        let state = match state {
            Some(State::Confirmed) if confirmed_on.is_none() => Some(State::InProgress),
            state => state,
        };
        let is_known = match state {
            Some(State::Confirmed) => true,
            Some(State::InProgress) => self.random.chance(6_500),
            Some(State::Unconfirmed) | None => self.random.chance(3_000),
            Some(State::Disputed) => false,
        };
        let holders =
            if is_known { self.holders(draft, asset, (owners, operator)) } else { Vec::new() };
        let title = state.map(|state| {
            let title = Model { state, ..blank(asset.id, asset.area_code) };
            match confirmed_on {
                Some(on) => self.confirmed(draft, &title, on),
                None => title,
            }
        });
        (title, holders)
    }

    fn state(&mut self, class: Class) -> Option<State> {
        let states = [
            Some(State::Confirmed),
            Some(State::InProgress),
            Some(State::Unconfirmed),
            None,
            Some(State::Disputed),
        ];
        let weights = match class {
            Class::Public => [800, 80, 85, 22, 13],
            Class::Operating => [710, 130, 110, 20, 30],
            Class::Household => [890, 45, 50, 10, 5],
        };
        states[self.random.weighted(&weights)]
    }

    /// Titles were confirmed from the spring five years before the sample's day on.
    fn confirmed_on(&mut self, life: &Life) -> Option<NaiveDate> {
        let campaign = NaiveDate::from_ymd_opt(self.day.year() - 5, 3, 1);
        let ready = life.in_hands();
        self.after(ready.max(campaign).filter(|_| ready.is_some()), (15, 400))
    }

    fn confirmed(&mut self, draft: &Draft, title: &Model, on: NaiveDate) -> Model {
        let (tier, register, kind) = match &draft.level {
            Level::County => (Tier::County, Register::StateAssets, "国有资产登记证"),
            Level::Town(_) => (Tier::Township, Register::StateAssets, "国有资产登记证"),
            Level::Village(_) | Level::Joint(_) => {
                (Tier::Village, Register::CollectiveAssets, "扶贫项目资产确权证")
            }
            Level::Household(_) => (Tier::Household, Register::ThisLedger, "不动产权证书"),
        };
        let issued_on = self.after(Some(on), (5, 60)).filter(|_| !self.random.chance(1_100));
        let number = self.random.between(1, 9_999);
        let has = |text: String| issued_on.map(|_| text);
        Model {
            tier: Some(tier),
            register: Some(register),
            confirmed_on: Some(on),
            certificate_kind: has(kind.to_owned()),
            certificate_no: has(format!("青禾（示例）确权〔{}〕{number:04}号", on.year())),
            certificate_issuer: has("青禾县人民政府".to_owned()),
            certificate_issued_on: issued_on,
            is_mortgaged: draft.kind.subclass.class() == Class::Operating
                && self.random.chance(400),
            ..title.clone()
        }
    }

    fn holders(
        &mut self,
        draft: &Draft,
        asset: &asset::Model,
        (owners, operator): (&[Owner], Option<OrganizationId>),
    ) -> Vec<Holder> {
        let holder = |right, organization, share| Holder {
            right,
            party: Party::Organization(organization),
            share,
        };
        let of = |right| owners.iter().map(move |(owner, share)| holder(right, *owner, *share));
        let mut holders: Vec<Holder> = of(Right::Own).collect();
        if asset.class != Class::Operating {
            return holders;
        }
        holders.extend(of(Right::Income));
        if let Some(operator) = operator.filter(|_| !asset.form.is_claim()) {
            holders.push(holder(Right::Operate, operator, Share::WHOLE));
        }
        let town = match &draft.level {
            Level::County => None,
            Level::Town(town) => Some(*town),
            Level::Village(village) | Level::Household(village) => {
                Some(self.places.villages[*village].town)
            }
            Level::Joint(villages) => Some(self.places.villages[villages[0]].town),
        };
        let supervisor = town.map_or_else(
            || self.parties.bureau(draft.kind.department),
            |town| self.parties.governments[town],
        );
        holders.push(holder(Right::Supervise, supervisor, Share::WHOLE));
        if self.random.chance(5_000) {
            holders.extend(of(Right::Dispose));
        }
        holders
    }
}
