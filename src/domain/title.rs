//! 确权: settling who owns an asset and who holds which right, in exact shares that sum to one
//! (domain.md §1.4, §2.5).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use entity::{
    area::{AreaCode, Level},
    asset::{self, Class},
    holding::{self, Right},
    id::{AssetId, HoldingId, OrganizationId, PersonId, TitleId},
    language::Label,
    share::{self, Share},
    title::{Model, Register, State, Tier},
};

use super::{asset::held, refusal::Refusal};
use crate::{fields, limits};

fields! {
    /// The fields of a title that a sheet may carry.
    pub FIELDS of Model {
        state: State = "确权状态" "title state" Fixed;
        tier: Option<Tier> = "确权层级" "title tier" Fixed;
        register: Option<Register> = "纳入系统" "register" Amend;
        confirmed_on: Option<NaiveDate> = "确权日期" "confirmed on" Fixed;
        certificate_kind: Option<String> = "权证类型" "certificate kind" Amend;
        certificate_no: Option<String> = "证号" "certificate no." Amend;
        certificate_issuer: Option<String> = "颁证部门" "certificate issuer" Amend;
        certificate_issued_on: Option<NaiveDate> = "颁证时间" "certificate issued on" Amend;
        is_mortgaged: bool = "是否抵押" "mortgaged" Amend;
    }
}

/// Who bears something: one organization, or one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Party {
    /// An organization.
    Organization(OrganizationId),
    /// A person.
    Person(PersonId),
}

impl Party {
    /// The two columns that store it.
    pub const fn columns(self) -> (Option<OrganizationId>, Option<PersonId>) {
        match self {
            Party::Organization(id) => (Some(id), None),
            Party::Person(id) => (None, Some(id)),
        }
    }

    /// The organization, where it is one.
    pub const fn organization(self) -> Option<OrganizationId> {
        self.columns().0
    }

    /// The party that two columns store.
    pub fn of(organization: Option<OrganizationId>, person: Option<PersonId>) -> Option<Party> {
        organization.map(Party::Organization).or(person.map(Party::Person))
    }
}

/// One holder of one right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Which right.
    pub right: Right,
    /// Who.
    pub party: Party,
    /// In what share.
    pub share: Share,
}

impl Holder {
    /// A row to store.
    pub fn row(
        &self,
        asset_id: AssetId,
        area_code: AreaCode,
        from: Option<NaiveDate>,
    ) -> holding::Model {
        let (organization_id, person_id) = self.party.columns();
        holding::Model {
            id: HoldingId(0),
            area_code,
            asset_id,
            right: self.right,
            organization_id,
            person_id,
            // shares are bounded by one million on both sides
            numerator: i32::try_from(self.share.numerator()).unwrap_or(1),
            denominator: i32::try_from(self.share.denominator()).unwrap_or(1),
            from_on: from,
            until_on: None,
            version: 0,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    /// The holder that a stored row names.
    pub fn of(row: &holding::Model) -> Option<Holder> {
        let party = Party::of(row.organization_id, row.person_id)?;
        Some(Holder { right: row.right, party, share: row.share()? })
    }
}

/// A title on which nothing is settled.
pub fn blank(asset_id: AssetId, area_code: AreaCode) -> Model {
    Model {
        id: TitleId(0),
        area_code,
        asset_id,
        state: State::Unconfirmed,
        tier: None,
        register: None,
        confirmed_on: None,
        certificate_kind: None,
        certificate_no: None,
        certificate_issuer: None,
        certificate_issued_on: None,
        is_mortgaged: false,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// Who owns an asset on a day: of several the one with the largest share, and of those with as much
/// the one on record first.
pub fn owner_on(holdings: &[holding::Model], day: NaiveDate) -> Option<Party> {
    const WHOLE: i64 = 1_000_000;
    let own = holdings.iter().filter(|row| row.right == Right::Own && row.holds_on(day));
    let share =
        |row: &holding::Model| i64::from(row.numerator) * WHOLE / i64::from(row.denominator);
    let owner = own.max_by_key(|row| (share(row), std::cmp::Reverse(row.id)))?;
    Party::of(owner.organization_id, owner.person_id)
}

/// Refuses holders that are named twice, or shares of one right that do not sum to one.
pub fn check_holders(holders: &[Holder]) -> Result<(), Refusal> {
    let mut by_right: BTreeMap<Right, Vec<&Holder>> = BTreeMap::new();
    for holder in holders {
        by_right.entry(holder.right).or_default().push(holder);
    }
    for group in by_right.values_mut() {
        if group.len() > limits::HOLDERS {
            return Err(Refusal::too_many(limits::HOLDERS));
        }
        group.sort_by_key(|holder| holder.party);
        if group.windows(2).any(|pair| pair[0].party == pair[1].party) {
            return Err(Refusal::holder_twice());
        }
        let shares: Vec<Share> = group.iter().map(|holder| holder.share).collect();
        if !share::sums_to_one(&shares) {
            return Err(Refusal::shares_do_not_sum());
        }
    }
    Ok(())
}

/// Settles a title: the next row. Confirming needs an owner, and for an operating asset the
/// holder of the income right; a confirmed title is reopened before it is settled otherwise.
pub fn settle(
    asset: &asset::Model,
    before: &Model,
    next: Model,
    holders: &[Holder],
    today: NaiveDate,
) -> Result<Model, Refusal> {
    held(asset)?;
    check_holders(holders)?;
    let next = Model {
        id: before.id,
        asset_id: before.asset_id,
        area_code: before.area_code,
        version: before.version,
        ..next
    };
    match (before.state, next.state) {
        (State::Confirmed, State::Confirmed) => return Err(Refusal::title_confirmed_already()),
        (_, State::Confirmed) => check_confirmation(asset, &next, holders, today)?,
        (_, State::Unconfirmed | State::InProgress | State::Disputed) => {}
    }
    Ok(next)
}

/// Adds to a confirmed title what may come later: its certificate, its register, a mortgage.
pub fn certify(asset: &asset::Model, before: &Model, next: &Model) -> Result<Model, Refusal> {
    held(asset)?;
    let certified = Model {
        register: next.register,
        certificate_kind: next.certificate_kind.clone(),
        certificate_no: next.certificate_no.clone(),
        certificate_issuer: next.certificate_issuer.clone(),
        certificate_issued_on: next.certificate_issued_on,
        is_mortgaged: next.is_mortgaged,
        ..before.clone()
    };
    let is_more = (next.tier, next.confirmed_on) != (before.tier, before.confirmed_on);
    if is_more || certified == *before {
        return Err(Refusal::title_confirmed_already());
    }
    Ok(certified)
}

/// On what grounds somebody is suggested as the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The ledger names an owner, and the title is not confirmed.
    Recorded,
    /// It lies in a village that has one collective.
    OnlyCollective,
    /// It lies above the villages, and a unit built it.
    ImplementingUnit,
}

impl Basis {
    /// The grounds in words.
    pub const fn label(self) -> Label {
        match self {
            Basis::Recorded => Label::new(
                "台账已登记其为所有权人，尚未确权",
                "recorded as the owner already, not yet confirmed",
            ),
            Basis::OnlyCollective => Label::new(
                "资产在本村，本村只登记了这一个集体经济组织",
                "it lies in the village, whose only collective this is",
            ),
            Basis::ImplementingUnit => Label::new(
                "资产不属某一个村，台账登记其为项目实施单位",
                "it belongs to no one village; this unit built it",
            ),
        }
    }
}

/// Whom the ledger suggests as the owner, and on what grounds; nobody where it cannot tell. What is
/// a household's is never guessed. `collectives` are those of the place that have not ended.
pub fn suggest(
    asset: &asset::Model,
    holdings: &[holding::Model],
    collectives: &[OrganizationId],
) -> Option<(Vec<Holder>, Basis)> {
    let owners: Vec<Holder> = holdings
        .iter()
        .filter(|row| row.right == Right::Own && row.until_on.is_none())
        .filter_map(Holder::of)
        .collect();
    if !owners.is_empty() {
        return Some((owners, Basis::Recorded));
    }
    if asset.class == Class::Household {
        return None;
    }
    let whole =
        |id| Holder { right: Right::Own, party: Party::Organization(id), share: Share::WHOLE };
    if asset.area_code.level() == Level::Village {
        let [only] = collectives else { return None };
        return Some((vec![whole(*only)], Basis::OnlyCollective));
    }
    asset.implementing_unit_id.map(|id| (vec![whole(id)], Basis::ImplementingUnit))
}

/// The holders that confirming needs: the owners, and for an operating asset without a holder of
/// the income right the same once more.
pub fn needed(asset: &asset::Model, holdings: &[holding::Model], owners: &[Holder]) -> Vec<Holder> {
    let has_income =
        holdings.iter().any(|row| row.right == Right::Income && row.until_on.is_none());
    let mut holders = owners.to_vec();
    if asset.class == Class::Operating && !has_income {
        holders.extend(owners.iter().map(|owner| Holder { right: Right::Income, ..owner.clone() }));
    }
    holders
}

fn check_confirmation(
    asset: &asset::Model,
    title: &Model,
    holders: &[Holder],
    today: NaiveDate,
) -> Result<(), Refusal> {
    let holds = |right| holders.iter().any(|holder| holder.right == right);
    if !holds(Right::Own) {
        return Err(Refusal::owner_missing());
    }
    if asset.class == Class::Operating && !holds(Right::Income) {
        return Err(Refusal::income_holder_missing());
    }
    match title.confirmed_on {
        Some(day) if day > today => Err(Refusal::day_in_future(day)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_share_owns_and_of_equals_the_first() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let body = |id| Party::Organization(OrganizationId(id));
        let row = |id: i64, share: &str, from: &str| {
            let share = share.parse().expect("a share");
            let holder = Holder { right: Right::Own, party: body(id), share };
            let row = holder.row(AssetId(1), AreaCode::NATION, Some(day(from)));
            holding::Model { id: HoldingId(id), ..row }
        };
        let today = day("2026-06-01");
        let three = [
            row(1, "3/10", "2026-01-01"),
            row(2, "1/2", "2026-01-01"),
            row(3, "1/5", "2026-01-01"),
        ];
        assert_eq!(owner_on(&three, today), Some(body(2)), "not the largest numerator");
        let halves = [row(5, "1/2", "2026-01-01"), row(4, "1/2", "2026-01-01")];
        assert_eq!(owner_on(&halves, today), Some(body(4)));
        let mut former = row(6, "1/1", "2026-06-01");
        former.until_on = today.pred_opt();
        assert_eq!(owner_on(&[former, row(7, "1/1", "2026-06-01")], today), Some(body(7)));
        assert_eq!(owner_on(&[row(8, "1/1", "2026-06-02")], today), None);
    }
}
