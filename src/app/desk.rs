//! What somebody begins the day with, by their role: what falls due, what lies in piles; and how the
//! county of a town stands (ux.md §3.2). All of it kept sums and numbers of short indexes.

use entity::{
    account::Role,
    finding::{Rule, tally},
    language::Label,
};

use super::{
    asset_total::Figures,
    reminder::{self, Falling},
};
use crate::{
    error::Result,
    store::{Actor, Ledger, report::Grouping, waiting},
};

pub use waiting::Pile;

impl Pile {
    /// What people call it.
    pub const fn label(self) -> Label {
        match self {
            Pile::ToMend => Label::new("要修", "To be mended"),
            Pile::AllAtOnce => {
                Label::new("一键全部完好的巡查", "Inspections found good by one press")
            }
            Pile::RepairsDismissed => Label::new("不予维修", "Repairs dismissed"),
            Pile::ReportsDismissed => Label::new("退回的报修", "Reports of faults dismissed"),
        }
    }

    /// Whether a role begins with it.
    const fn concerns(self, role: Role) -> bool {
        match self {
            Pile::ToMend => matches!(
                role,
                Role::VillageOfficer
                    | Role::TownshipClerk
                    | Role::DepartmentOfficer
                    | Role::RuralOfficer
            ),
            Pile::AllAtOnce | Pile::RepairsDismissed | Pile::ReportsDismissed => {
                matches!(role, Role::Auditor | Role::AuditAdministrator)
            }
        }
    }
}

/// What somebody begins with.
#[derive(Clone, Debug)]
pub struct Desk {
    /// What falls due; kinds of which there is nothing are left out.
    pub falling: Vec<Falling>,
    /// Piles of their role; empty ones are left out.
    pub piles: Vec<(Pile, u64)>,
}

/// What the actor begins with.
pub async fn of(ledger: &Ledger, actor: &Actor) -> Result<Desk> {
    let read = ledger.read(actor);
    let mut piles = Vec::new();
    for pile in Pile::ALL.into_iter().filter(|pile| pile.concerns(actor.role())) {
        let n = read.n_piled(pile).await?;
        if n > 0 {
            piles.push((pile, n));
        }
    }
    Ok(Desk { falling: reminder::falling_now(ledger, actor).await?, piles })
}

/// How the county around the actor's area stands as a whole.
pub async fn county(ledger: &Ledger, actor: &Actor) -> Result<Figures> {
    let subjects: Vec<&str> =
        Rule::ALL.iter().map(|rule| rule.code()).chain([tally::ALL]).collect();
    let sums = ledger.read(actor).sums_of_county(&subjects, Some(Grouping::Class)).await?;
    Ok(Figures::of_county(actor.area(), sums))
}
