//! What a list of assets comes to: from the sums that are kept where they say it, else counted as
//! far as that is cheap.

use entity::{
    area::AreaCode,
    asset::{Class, Column, Entity},
    finding::{Rule, tally},
    money::Money,
};

use crate::{
    error::{Error, Result},
    limits,
    store::{
        Actor, Ledger, Read,
        list::List,
        report::{Extent, Grouping, Sum, Sums},
    },
};

/// What a list comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Exactly so many assets of so much value.
    Exactly(Sum),
    /// More assets than are counted one by one.
    MoreThan(u64),
    /// Nobody can say without reading all of it: a list of the past.
    Unknown,
}

impl Total {
    /// The number of assets, where it is known.
    pub fn n(self) -> Option<i64> {
        if let Total::Exactly(sum) = self { Some(sum.n) } else { None }
    }
}

/// How many assets an area has, by class and by what is wrong with them.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The area.
    pub area: AreaCode,
    sums: Sums,
}

impl Figures {
    /// Figures of the county around an area, by their kept sums.
    pub(super) fn of_county(area: AreaCode, sums: Sums) -> Figures {
        Figures { area: area.county().area(), sums }
    }

    /// The assets of some classes that break a rule, or all of them.
    pub fn of(&self, classes: &[Class], rule: Option<Rule>) -> Result<Sum> {
        let subject = rule.map_or(tally::ALL, Rule::code);
        let counted = self.sums.iter().filter(|((class, known), _)| {
            known == subject
                && (classes.is_empty() || classes.iter().any(|one| one.code() == class))
        });
        counted.map(|(_, sum)| *sum).try_fold(Sum::default(), Sum::plus)
    }

    /// The number of assets.
    pub fn n_assets(&self) -> i64 {
        self.n_of(|subject| subject == tally::ALL)
    }

    /// The number of findings of a rule.
    pub fn n_found(&self, rule: Rule) -> i64 {
        self.n_of(|subject| subject == rule.code())
    }

    /// The number of all findings.
    pub fn n_findings(&self) -> i64 {
        self.n_of(|subject| subject != tally::ALL)
    }

    fn n_of(&self, is_of: impl Fn(&str) -> bool) -> i64 {
        self.sums.iter().filter(|((_, subject), _)| is_of(subject)).map(|(_, sum)| sum.n).sum()
    }
}

/// The figures of an area: one query.
pub async fn figures(ledger: &Ledger, actor: &Actor, area: Option<AreaCode>) -> Result<Figures> {
    let read = ledger.read(actor);
    let area = read.area_within(area).await?;
    let subjects: Vec<&str> =
        Rule::ALL.iter().map(|rule| rule.code()).chain([tally::ALL]).collect();
    let extent = Extent { area, class: None, with_gone: false, with_waived: false };
    let sums = read.kept_sums(&subjects, &extent, Some(Grouping::Class)).await?;
    Ok(Figures { area, sums })
}

/// What a list comes to, all its pages together. The figures must be of the list's area.
pub async fn total(
    ledger: &Ledger,
    actor: &Actor,
    list: &List<Entity>,
    figures: &Figures,
) -> Result<Total> {
    if list.as_of.is_some() {
        return Ok(Total::Unknown);
    }
    match list.kept() {
        Some(kept) => Ok(Total::Exactly(figures.of(&kept.classes, kept.rule)?)),
        None => counted(&ledger.read(actor), list).await,
    }
}

async fn counted(read: &Read<'_>, list: &List<Entity>) -> Result<Total> {
    let most = limits::LIST_COUNTED;
    let Some(total) = read.list_total(list, Column::OriginalValue, most).await? else {
        return Ok(Total::MoreThan(most));
    };
    let too_large = || Error::Internal(anyhow::anyhow!("a sum is beyond ten trillion yuan"));
    let value = Money::try_from_fen(total.sum).ok_or_else(too_large)?;
    Ok(Total::Exactly(Sum { n: i64::try_from(total.n).unwrap_or(i64::MAX), value }))
}

/// What an empty list would come to without one of its conditions: of the lists that are tried, each
/// with the word that is taken out, those that have something.
pub async fn without(
    ledger: &Ledger,
    actor: &Actor,
    tried: Vec<(String, List<Entity>)>,
    figures: &Figures,
) -> Result<Vec<(String, Total)>> {
    let mut found = Vec::new();
    for (word, list) in tried {
        let total = total(ledger, actor, &list, figures).await?;
        if total.n() != Some(0) && total != Total::Unknown {
            found.push((word, total));
        }
    }
    Ok(found)
}
