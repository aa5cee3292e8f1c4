//! 确权: settling who owns an asset and who holds which right, in exact shares that sum to one
//! (domain.md §1.4, §2.5).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use entity::{
    area::AreaCode,
    asset::{self, Class},
    holding::{self, Right},
    id::{AssetId, HoldingId, OrganizationId, PersonId, TitleId},
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
