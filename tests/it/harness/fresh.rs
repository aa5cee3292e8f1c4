//! Villages that nobody has used yet, and things that nothing was done with yet.

use entity::{area::AreaCode, log::Action};
use taizhang::{error::Result, store::Actor};

use super::{
    Town,
    calls::{Subjects, call},
    town::{TOWN_A, TOWN_B, code},
};

/// One of three villages that belong to a number alone.
pub(super) fn fresh_village(n: u32, of: u32) -> AreaCode {
    // from the first number behind those that have names; where one town is full, in the next
    let (town, n) = if n < IN_ONE_TOWN { (TOWN_A, n) } else { (TOWN_B, n - IN_ONE_TOWN) };
    code(&format!("{}{:03}", &town[..9], FIRST_FRESH + 3 * n + of))
}

/// The number of the first village that has no name.
const FIRST_FRESH: u32 = 220;
/// How many numbers find their villages in one town.
const IN_ONE_TOWN: u32 = 260;

impl Subjects {
    /// Does one thing of an action; anew with others where what these have become stands in its way.
    /// Making everything there is for each action would take longer than all that is tried on it.
    pub(crate) async fn call(
        &mut self,
        town: &Town,
        actor: &Actor,
        action: Action,
    ) -> Option<Result<()>> {
        match call(town, actor, action, self).await {
            Some(Err(_)) => {
                *self = Subjects::new(town).await;
                call(town, actor, action, self).await
            }
            answer => answer,
        }
    }
}
