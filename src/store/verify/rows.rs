//! Every stored row of every noun, handed to the checking thread in the order of ids.

use std::collections::BTreeSet;

use entity::{area::County, language::Label};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{
    Checker, OnProgress, Progress, finding::bounds, replay::AREA, row::Kept, worker::Worker,
};
use crate::{
    error::Result,
    limits,
    store::{Subject, read::streamed, subject::Visitor},
};

/// Reads the tables one after another.
pub(super) struct Rows<'a> {
    txn: &'a DatabaseTransaction,
    worker: &'a Worker<Checker>,
    /// The counties whose rows are compared; every row when none are named.
    scope: Option<BTreeSet<County>>,
    noun: usize,
    done: u64,
    progress: OnProgress<'a>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        txn: &'a DatabaseTransaction,
        worker: &'a Worker<Checker>,
        scope: Option<BTreeSet<County>>,
        progress: OnProgress<'a>,
    ) -> Rows<'a> {
        Rows { txn, worker, scope, noun: AREA, done: 0, progress }
    }

    fn query<E: Subject>(&self, after: i64) -> Select<E> {
        let mut query = E::find().filter(E::ID.gt(after));
        // areas that came in in bulk are kept in the log of the county above all of them
        if let Some(counties) = self.scope.as_ref().filter(|_| self.noun != AREA) {
            let within = counties.iter().fold(Condition::any(), |any, county| {
                let (first, last) = bounds(*county);
                any.add(E::AREA.between(&*first, &*last))
            });
            query = query.filter(within);
        }
        query.order_by_asc(E::ID).limit(limits::READ_BATCH)
    }

    /// A batch that could not be read as a whole, row by row.
    async fn one_by_one<E: Subject>(&self, after: i64) -> Result<Option<i64>> {
        let ids = self.query::<E>(after).select_only().column(E::ID);
        let ids: Vec<i64> = ids.into_tuple().all(self.txn).await?;
        let noun = self.noun;
        for id in &ids {
            let id = *id;
            match E::find().filter(E::ID.eq(id)).one(self.txn).await {
                Ok(Some(row)) => self.compare::<E>(vec![row]).await?,
                Ok(None) => {}
                Err(_) => {
                    let job = move |checker: &mut Checker| {
                        checker.replay.iter_mut().for_each(|one| one.unreadable(noun, id));
                    };
                    self.worker.give(job).await?;
                }
            }
        }
        Ok(ids.last().copied())
    }

    async fn compare<E: Subject>(&self, rows: Vec<E::Model>) -> Result<()> {
        let noun = self.noun;
        let job = move |checker: &mut Checker| {
            let Some(replay) = &mut checker.replay else { return };
            for row in &rows {
                match Kept::of::<E>(noun, row) {
                    Ok(kept) => replay.compare(kept),
                    Err(_) => replay.unreadable(noun, E::id(row).into()),
                }
            }
        };
        self.worker.give(job).await
    }
}

impl Visitor for Rows<'_> {
    async fn visit<E: Subject>(&mut self) -> Result<()> {
        let mut after = i64::MIN;
        loop {
            let last = match streamed(self.query::<E>(after), self.txn).await {
                Ok(rows) => {
                    let last = rows.last().map(|row| E::id(row).into());
                    self.done += u64::try_from(rows.len()).unwrap_or(0);
                    self.compare::<E>(rows).await?;
                    last
                }
                Err(_) => self.one_by_one::<E>(after).await?,
            };
            let Some(last) = last else { break };
            after = last;
            let step = Label::new("核对数据行", "comparing rows");
            (self.progress)(Progress { step, done: self.done, total: None });
        }
        self.noun += 1;
        Ok(())
    }
}
