//! What an inspection finds opens work orders by itself, one for a point that is not good. Whatever the
//! order in which inspections come, the same work orders stand in the end.

use chrono::SubsecRound;
use entity::{
    asset,
    inspection::{self, Checked, Condition},
    work_order::{Model, State},
};

use super::{Terms, blank};
use crate::{clock::day_of, domain::inspection::made_at};

/// What an inspection makes of the work orders of its asset: the row before, where there was one, and
/// the row since.
pub fn raised(
    asset: &asset::Model,
    inspection: &inspection::Model,
    standing: &[Model],
    terms: &Terms,
) -> Vec<(Option<Model>, Model)> {
    let bad = inspection.checks.0.iter().filter(|one| one.condition != Condition::Good);
    let of_point = |one: &Checked| {
        let own = || standing.iter().filter(|row| row.item == Some(one.item));
        if let Some(live) = own().find(|row| row.state.is_live()) {
            let next = joined(live, inspection, one, terms);
            return (next != *live).then(|| (Some(live.clone()), next));
        }
        // what was seen before the last one was mended is mended
        let made_at = made_at(inspection);
        let is_mended = own().any(|row| row.ended_at.is_some_and(|ended| made_at <= ended));
        (!is_mended).then(|| (None, opened(asset, inspection, one, terms)))
    };
    bad.filter_map(of_point).collect()
}

fn opened(
    asset: &asset::Model,
    inspection: &inspection::Model,
    one: &Checked,
    terms: &Terms,
) -> Model {
    let at = made_at(inspection);
    Model {
        inspection_id: Some(inspection.id),
        item: Some(one.item),
        what: one.note.clone(),
        due_on: terms.due(one.condition, day_of(at)),
        ..blank(asset, one.condition, at)
    }
}

/// A work order that stands, after another inspection found the same: the worst counts, and, as long
/// as nobody was told to mend it, the earliest that found it and the earlier day.
fn joined(live: &Model, inspection: &inspection::Model, one: &Checked, terms: &Terms) -> Model {
    let mut next = Model { condition: live.condition.max(one.condition), ..live.clone() };
    if live.state != State::Waiting {
        return next;
    }
    let at = made_at(inspection).trunc_subsecs(3);
    let due_on = terms.due(one.condition, day_of(at));
    next.due_on = [live.due_on, due_on].into_iter().flatten().min();
    if live.inspection_id.is_some() && (at, &one.note) < (live.found_at, &live.what) {
        next.found_at = at;
        next.inspection_id = Some(inspection.id);
        next.what.clone_from(&one.note);
    }
    next
}
