//! A stock-take that expects one asset, as far as it may come.

use entity::{
    asset, discrepancy,
    id::{DiscrepancyId, StockFindId, StockLineId, StockTakeId},
    log::Action,
    stock_find, stock_line, stock_take,
};
use taizhang::{
    app::stock_take::{self as acts, Told, Which},
    domain::{
        discrepancy as against,
        stock_take::{self as rules, Said},
    },
    store::Actor,
};

use super::Town;

/// What somebody says of a line that was never counted.
pub(crate) fn told(line: &stock_line::Model, said: Said) -> Told {
    Told { which: Which::Line(line.id, line.version), named: line.id.to_string(), said }
}

/// A stock-take of last year that expects an asset and nothing else. There may be others of its place:
/// whoever tries things needs many.
pub(crate) async fn opened(town: &Town, asset: &asset::Model) -> (StockTakeId, StockLineId) {
    let year = rules::year_due(town.today());
    let who = (None, town.today());
    let made = rules::open(asset.area_code, year, vec![asset.clone()], &[], who);
    let (take, lines) = made.expect("a stock-take");
    let operator = Actor::operator();
    let made = town.ledger.write(&operator, Action::OpenStockTake, async |write| {
        let take = write.insert::<stock_take::Entity>(take.clone()).await?;
        let line = stock_line::Model { stock_take_id: take.id, ..lines[0].clone() };
        Ok((take.id, write.insert::<stock_line::Entity>(line).await?.id))
    });
    made.await.expect("opened")
}

/// Stock-takes of one asset, as far as they come.
pub(crate) struct Staged {
    /// One that is being counted, and its line.
    pub(crate) take: StockTakeId,
    pub(crate) line: StockLineId,
    /// Something that it found.
    pub(crate) find: StockFindId,
    /// One that may be signed.
    pub(crate) counted: StockTakeId,
    /// What one that was signed says against the ledger.
    pub(crate) discrepancy: DiscrepancyId,
}

/// All of them.
pub(crate) async fn staged(town: &Town, asset: &asset::Model) -> Staged {
    let (take, line) = opened(town, asset).await;
    let find = found(town, take, "路灯").await;
    let discrepancy = missed(town, asset).await;
    Staged { take, line, find, counted: counted(town, asset).await, discrepancy }
}

/// One whose line is counted, so that it may be signed.
pub(crate) async fn counted(town: &Town, asset: &asset::Model) -> StockTakeId {
    let (take, line) = opened(town, asset).await;
    let line = town.row::<stock_line::Entity>(line).await;
    let said = [told(&line, Said::FOUND)];
    acts::count(&town.ledger, &Actor::operator(), take, &said).await.expect("counted");
    take
}

/// Something that one found and that is not on the ledger.
pub(crate) async fn found(town: &Town, take: StockTakeId, name: &str) -> StockFindId {
    let describe = |row| {
        let location = Some(format!("{name}旁"));
        Ok(stock_find::Model { name: name.to_owned(), location, ..row })
    };
    let found = acts::record_find(&town.ledger, &Actor::operator(), take, describe).await;
    found.expect("recorded").id
}

/// What a stock-take that did not find an asset says against the ledger.
pub(crate) async fn missed(town: &Town, asset: &asset::Model) -> DiscrepancyId {
    let (take, line) = opened(town, asset).await;
    let take = town.row::<stock_take::Entity>(take).await;
    let line = town.row::<stock_line::Entity>(line).await;
    let line = stock_line::Model { outcome: Some(stock_line::Outcome::Missing), ..line };
    let row = against::of_line(&take, &line, asset, town.today()).expect("it was there");
    let operator = Actor::operator();
    let made = town.ledger.write(&operator, Action::SignStockTake, async |write| {
        write.insert::<discrepancy::Entity>(row.clone()).await
    });
    made.await.expect("kept").id
}
