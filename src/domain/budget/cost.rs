//! What a unit of a kind of asset costs in a year, and what the standard would have it cost: yuan per
//! kilometre and year, and so on. Whole numbers throughout; what is left is rounded once, to the fen.

use entity::{
    asset::{self, Subclass, Unit},
    measure::Quantity,
    money::Money,
};

/// So much of something, in ten-millionths of a unit: metres count as kilometres without a rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extent(i128);

/// Parts of a whole unit.
const WHOLE: i128 = 10_000_000;

impl Extent {
    /// Nothing.
    pub const NONE: Extent = Extent(0);

    /// The sum.
    #[must_use]
    pub const fn plus(self, other: Extent) -> Extent {
        Extent(self.0.saturating_add(other.0))
    }

    /// As people read it, with four decimals at most.
    pub fn told(self) -> String {
        let tenths = (self.0 + 500) / 1_000;
        let text = format!("{}.{:04}", tenths / 10_000, tenths % 10_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// The unit that assets of a kind are usually counted in, and for which a standard is said.
pub const fn usual_unit(kind: Subclass) -> Unit {
    match kind {
        Subclass::Road | Subclass::Irrigation | Subclass::OperatingInfrastructure => {
            Unit::Kilometre
        }
        Subclass::Farmland | Subclass::FarmBase => Unit::Mu,
        Subclass::Sanitation
        | Subclass::Education
        | Subclass::Culture
        | Subclass::Health
        | Subclass::CommunityService
        | Subclass::Processing => Unit::Building,
        Subclass::Solar => Unit::Kilowatt,
        Subclass::Workshop | Subclass::Shop => Unit::SquareMetre,
        Subclass::ColdStorage => Unit::CubicMetre,
        Subclass::RelocationHousing
        | Subclass::RenovatedHousing
        | Subclass::HouseholdToilet
        | Subclass::HouseholdWater
        | Subclass::HouseholdTelevision => Unit::Household,
        Subclass::Livestock => Unit::Head,
        Subclass::HouseholdEquipment => Unit::Machine,
        Subclass::Equity | Subclass::Debt | Subclass::InvestmentFund => Unit::TenThousandYuan,
        Subclass::WaterSupply
        | Subclass::Sports
        | Subclass::Power
        | Subclass::Network
        | Subclass::Watershed
        | Subclass::RelocationFacility
        | Subclass::OtherPublic
        | Subclass::Tourism
        | Subclass::ECommerce
        | Subclass::OtherOperating
        | Subclass::OtherHousehold => Unit::Site,
    }
}

/// So much of a kind, in the unit in which it is compared: metres of what is counted in kilometres
/// are kilometres, all else stays as it is.
pub fn extent(kind: Subclass, unit: Unit, ten_thousandths: i128) -> (Unit, Extent) {
    match (usual_unit(kind), unit) {
        (Unit::Kilometre, Unit::Metre) => (Unit::Kilometre, Extent(ten_thousandths)),
        _ => (unit, Extent(ten_thousandths.saturating_mul(1_000))),
    }
}

/// The kind of an asset, and how much there is of it; none where that is not recorded.
pub fn extent_of(asset: &asset::Model) -> Option<(Subclass, Unit, Extent)> {
    let (kind, unit, quantity) = (asset.subclass?, asset.unit?, asset.quantity?);
    let (unit, extent) = extent(kind, unit, i128::from(Quantity::ten_thousandths(quantity)));
    (extent > Extent::NONE).then_some((kind, unit, extent))
}

/// A quotient to the nearest whole number, half upwards; both are not below zero.
fn nearest(dividend: i128, divisor: i128) -> Option<Money> {
    let doubled = dividend.checked_mul(2)?.checked_add(divisor)?;
    Money::try_from_fen(i64::try_from(doubled / divisor.checked_mul(2)?).ok()?)
}

/// What a unit cost, where so much was spent on so many.
pub fn per_unit(spent: Money, extent: Extent) -> Option<Money> {
    if extent.0 <= 0 || spent.is_negative() {
        return None;
    }
    nearest(i128::from(spent.fen()).checked_mul(WHOLE)?, extent.0)
}

/// What so many cost by a standard for each unit.
pub fn by_standard(standard: Money, extent: Extent) -> Option<Money> {
    if extent.0 < 0 || standard.is_negative() {
        return None;
    }
    nearest(i128::from(standard.fen()).checked_mul(extent.0)?, WHOLE)
}

/// The middle one of some costs; of an even number of them, the middle between the two in the middle.
pub fn median(mut costs: Vec<Money>) -> Option<Money> {
    costs.sort_unstable();
    let n = costs.len();
    let upper = *costs.get(n / 2)?;
    if n % 2 == 1 {
        return Some(upper);
    }
    let lower = *costs.get(n / 2 - 1)?;
    nearest(i128::from(lower.fen()) + i128::from(upper.fen()), 2)
}
