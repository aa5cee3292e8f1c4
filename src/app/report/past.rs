//! The recorded past of an area, county by county, evaluated by the rules for its day.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{
    area::County,
    finding::{Rule, tally},
    money::Money,
};

use super::list::Case;
use crate::{
    clock::day_of,
    domain::{deficiency, setting::LocalRules},
    error::Result,
    store::{
        Dossier, Read,
        report::{Extent, Grouping, Sum, Sums},
    },
};

/// The recorded past of an area.
pub(super) struct Past {
    at: DateTime<Utc>,
    counties: Vec<County>,
    /// The county replayed last: a report of one county replays its log once.
    last: Option<(County, Arc<[Dossier]>, LocalRules)>,
}

impl Past {
    /// The past of an extent at an instant.
    pub(super) async fn of(read: &Read<'_>, extent: &Extent, at: DateTime<Utc>) -> Result<Past> {
        Ok(Past { at, counties: read.counties_within(extent.area).await?, last: None })
    }

    /// What was recorded of a county, and by which rules it was judged.
    async fn dossiers(
        &mut self,
        read: &Read<'_>,
        county: County,
    ) -> Result<(Arc<[Dossier]>, LocalRules)> {
        if let Some((last, dossiers, local)) = &self.last
            && *last == county
        {
            return Ok((Arc::clone(dossiers), local.clone()));
        }
        // the former county's go before the next one's come
        self.last = None;
        let dossiers: Arc<[Dossier]> = read.dossiers_at(county, self.at).await?.into();
        let local = read.local_rules(dossiers.iter().map(|one| one.asset.area_code)).await?;
        let local = local.known_at(self.at);
        self.last = Some((county, Arc::clone(&dossiers), local.clone()));
        Ok((dossiers, local))
    }

    /// Sums of every rule and of all assets.
    pub(super) async fn sums(
        &mut self,
        read: &Read<'_>,
        extent: &Extent,
        grouping: Option<Grouping>,
    ) -> Result<Sums> {
        let day = day_of(self.at);
        let mut sums = Sums::new();
        for county in self.counties.clone() {
            let (dossiers, local) = self.dossiers(read, county).await?;
            for dossier in dossiers.iter().filter(|one| extent.holds(&one.asset)) {
                let group = grouping.map(|by| by.of(&dossier.asset)).unwrap_or_default();
                let value = dossier.asset.original_value.unwrap_or(Money::ZERO);
                let thresholds = local.thresholds(dossier.asset.area_code, day);
                let standing = deficiency::evaluate(&dossier.facts(), &thresholds, day).into_iter();
                let counted = standing.filter(|one| extent.with_waived || !one.is_waived);
                let subjects = counted.map(|one| one.rule.code()).chain([tally::ALL]);
                for subject in subjects {
                    let sum = sums.entry((group.clone(), subject.to_owned())).or_default();
                    *sum = sum.plus(Sum { n: 1, value })?;
                }
            }
        }
        Ok(sums)
    }

    /// The findings of a rule, or of every one, in the next county after a number of counties; none when they end.
    pub(super) async fn cases(
        &mut self,
        read: &Read<'_>,
        extent: &Extent,
        rule: Option<Rule>,
        n_done: usize,
    ) -> Result<Option<Vec<Case>>> {
        let Some(county) = self.counties.get(n_done).copied() else { return Ok(None) };
        let day = day_of(self.at);
        let (dossiers, local) = self.dossiers(read, county).await?;
        let held = dossiers.iter().filter(|one| extent.holds(&one.asset));
        let cases = held.flat_map(|dossier| {
            let thresholds = local.thresholds(dossier.asset.area_code, day);
            let found = deficiency::evaluate(&dossier.facts(), &thresholds, day).into_iter();
            let wanted = found.filter(|one| rule.is_none_or(|rule| one.rule == rule));
            let told = wanted.filter(|one| extent.with_waived || !one.is_waived);
            told.map(|one| Case {
                dossier: dossier.clone(),
                rule: one.rule,
                since: one.since,
                closed: None,
                is_waived: one.is_waived,
            })
        });
        Ok(Some(cases.collect()))
    }
}
