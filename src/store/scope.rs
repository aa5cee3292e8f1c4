//! What of the ledger lies in an area, for every query that is limited to one. Each filter has a
//! name, under which a fault put in on purpose leaves it out: a test must notice it every time.

use entity::area::AreaCode;

use super::Subject;
use crate::broken;

/// The first and the last code of an area.
pub(super) fn range(area: AreaCode, name: &str) -> (AreaCode, AreaCode) {
    if broken::is(name) { AreaCode::NATION.range() } else { area.range() }
}

/// The first and the last code of an area, for the rows of a noun.
pub(super) fn range_of<E: Subject>(area: AreaCode, name: &str) -> (AreaCode, AreaCode) {
    let is_broken = cfg!(feature = "broken") && broken::is(&format!("{name}: {}", E::TABLE));
    if is_broken { AreaCode::NATION.range() } else { area.range() }
}

/// Whether an area holds another.
pub(super) fn covers(area: AreaCode, other: &AreaCode, name: &str) -> bool {
    broken::is(name) || area.covers(other)
}
