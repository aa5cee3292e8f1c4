//! Rows of a budget sheet: money of a fund set aside for an asset, a village, a town or a kind of
//! assets there; or another amount for the same (ux.md §3.12).

use std::collections::HashMap;

use entity::{
    area::AreaCode,
    asset,
    budget::Model,
    id::UpkeepFundId,
    import::Outcome as RowOutcome,
    language::Sentence,
    upkeep_fund::{self, Source},
};

use super::{
    asset::{cells_changed, set_fields},
    carry_out::Batched,
    layout::Record,
    map::Map,
    resolve::Resolver,
};
use crate::{
    app::budget::{self, NewBudget},
    domain::{
        budget::{self as rules, Target},
        mistake::{Mistake, Mistakes},
    },
    error::{Error, Result},
    store::Write,
};

/// What is known of a budget sheet beyond the batch in hand: places whose findings may be others now.
#[derive(Default)]
pub(super) struct Budgets {
    places: Vec<AreaCode>,
}

/// Assets by their codes.
type Assets = HashMap<String, asset::Model>;

impl Budgets {
    /// Carries out a batch of rows. A budget is known by its fund, its year and what it is for.
    pub(super) async fn carry_out(
        &mut self,
        mut batch: Batched<'_>,
        write: &mut Write,
        records: &[Record],
        resolver: &mut Resolver,
    ) -> Result<()> {
        let map = batch.map().clone();
        resolver.look_ahead(write, records, &map).await?;
        let codes = records.iter().filter_map(|record| record.text("asset_code"));
        let codes: Vec<String> = codes.map(str::to_owned).collect();
        let assets = write.assets_by_code(&codes).await?;
        let mut rows = Vec::new();
        for record in records {
            let mut mistakes = record.mistakes.clone();
            let planned = plan(write, record, (resolver, &map, &assets), &mut mistakes).await?;
            let Some(new) = planned.filter(|_| mistakes.is_empty()) else {
                resolver.offer_area(write, &map, &mut mistakes).await?;
                batch.reject(record, &mistakes);
                continue;
            };
            match self.set(write, &mut batch, record.number, &new).await {
                Ok(None) => batch.same(),
                Ok(Some((outcome, row))) => {
                    let subject = ("budget", row.id.0, row.version, row.area_code);
                    rows.push(batch.done(outcome, record.number, subject));
                }
                Err(error) => batch.refuse(record, error)?,
            }
        }
        write.note_imported(rows).await
    }

    /// Sets aside what a row says; none where that is set aside already.
    async fn set(
        &mut self,
        write: &mut Write,
        batch: &mut Batched<'_>,
        number: u64,
        new: &NewBudget,
    ) -> Result<Option<(RowOutcome, Model)>> {
        let target = budget::target(write, new).await?;
        let standing = write.budgets_from((new.fund, new.year), target.area).await?;
        let before = standing.into_iter().find(|row| Target::of(row) == target);
        let (outcome, after) = match &before {
            Some(before) if before.set_aside == new.amount => return Ok(None),
            Some(before) => {
                rules::amount_above_zero("set_aside", new.amount).into_result()?;
                let after = budget::put(write, before, new.amount).await?;
                batch.changes(cells_changed(number, rules::FIELDS, before, &after));
                (RowOutcome::Changed, after)
            }
            None => (RowOutcome::Created, budget::place(write, new).await?),
        };
        if rules::decides_findings(before.as_ref(), &after, write.today()) {
            self.places.push(after.area_code);
        }
        Ok(Some((outcome, after)))
    }

    /// Evaluates what the budgets of the sheet decide about, once all are in.
    pub(super) async fn finish(self, batch: &Batched<'_>, write: &mut Write) -> Result<()> {
        if !batch.is_carrying_out() {
            return Ok(());
        }
        budget::look_again_at(write, self.places).await
    }
}

/// The budget a row describes.
async fn plan(
    write: &mut Write,
    record: &Record,
    (resolver, map, assets): (&Resolver, &Map, &Assets),
    mistakes: &mut Mistakes,
) -> Result<Option<NewBudget>> {
    let Some((area, asset)) = place(write, record, (resolver, map, assets), mistakes) else {
        return Ok(None);
    };
    let mut row = rules::blank(area);
    set_fields(&mut row, rules::FIELDS, record, Some, map.reading(), mistakes);
    let source = record.has("source").then_some(row.source);
    let fund = match record.text("fund_id") {
        Some(number) => fund_of(write, number).await?,
        None => fund_from(write, (source, row.year), area).await?,
    };
    let fund = match fund {
        Ok(fund) => fund,
        Err(expected) => {
            let number = record.text("fund_id").unwrap_or_default();
            mistakes.push(Mistake::new("fund_id", number, expected));
            return Ok(None);
        }
    };
    let asset = asset.map(|asset| asset.id);
    let (subclass, amount) = (row.subclass, row.set_aside);
    Ok(Some(NewBudget { fund, year: row.year, area: Some(area), asset, subclass, amount }))
}

/// Where the money is for, and the asset where one is named.
fn place<'a>(
    write: &Write,
    record: &Record,
    (resolver, map, assets): (&Resolver, &Map, &'a Assets),
    mistakes: &mut Mistakes,
) -> Option<(AreaCode, Option<&'a asset::Model>)> {
    let Some(code) = record.text("asset_code") else {
        return resolver.area(record, map, mistakes).map(|area| (area, None));
    };
    let scope = write.actor().area();
    let asset = assets.get(code).filter(|asset| scope.covers(&asset.area_code));
    if asset.is_none() {
        let (zh, en) = ("台账中没有这个资产编号", "no asset of this code");
        mistakes.push(Mistake::new("asset_code", code, Sentence::new(zh, en)));
    }
    asset.map(|asset| (asset.area_code, Some(asset)))
}

type Found = std::result::Result<UpkeepFundId, Sentence>;

/// The fund of a number.
async fn fund_of(write: &mut Write, number: &str) -> Result<Found> {
    let unknown = || Sentence::new("没有这个编号的管护资金", "no fund of this number");
    let Ok(id) = number.parse().map(UpkeepFundId) else { return Ok(Err(unknown())) };
    match write.get::<upkeep_fund::Entity>(id).await {
        Ok(fund) => Ok(Ok(fund.id)),
        Err(Error::NotFound(_)) => Ok(Err(unknown())),
        Err(error) => Err(error),
    }
}

/// The one fund of a source and a year that a place may be given money of.
async fn fund_from(
    write: &Write,
    (source, year): (Option<Source>, i32),
    area: AreaCode,
) -> Result<Found> {
    let Some(source) = source else {
        return Ok(Err(Sentence::new("请填资金编号或资金来源", "a fund or a source is needed")));
    };
    let funds = write.funds_from((source, year), area).await?;
    Ok(match funds[..] {
        [fund] => Ok(fund),
        [] => Err(Sentence::new(
            format!("{year}年没有来源为“{}”的管护资金", source.label().zh),
            format!("no fund of {year} from “{}”", source.label().en),
        )),
        _ => Err(Sentence::new(
            format!("{year}年来源为“{}”的资金不止一笔，请填资金编号", source.label().zh),
            format!("several funds of {year} from “{}”; say the number", source.label().en),
        )),
    })
}
