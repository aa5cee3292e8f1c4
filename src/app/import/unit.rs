//! Values of assets whose unit is suspected: told as warnings with the amount in the other unit, to
//! be taken with one press; for a whole column where all of it is beside what the ledger holds.

use std::collections::{HashMap, HashSet};

use entity::{
    asset::{Class, Subclass},
    language::Sentence,
    money::Money,
};
use serde::{Deserialize, Serialize};

use super::{
    carry_out::Batched,
    layout::{Feed, Record},
};
use crate::{
    domain::{
        magnitude::{self, Slip},
        mistake::Mistake,
        reading::MoneyUnit,
    },
    error::Result,
    store::Write,
};

/// The field whose unit is looked at.
const FIELD: &str = "original_value";
/// Values of a kind that are looked at for what is usual in a sheet: those of its first rows.
const SAMPLE: usize = 1_000;

/// A column whose unit is suspected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitDoubt {
    /// The field it feeds.
    pub field: String,
    /// Its letters.
    pub column: String,
    /// Its header.
    pub header: String,
    /// What its amounts most likely are counted in.
    pub likely: MoneyUnit,
}

/// What of an asset says which values are usual for it.
type Kind = (Class, Option<Subclass>);

/// The value of a row that is to be made.
pub(super) struct Valued<'a> {
    pub(super) record: &'a Record,
    pub(super) kind: Kind,
    pub(super) value: Money,
}

/// What is usual, in the sheet and in the ledger.
#[derive(Default)]
pub(super) struct Usual {
    sheet: HashMap<Kind, Vec<Money>>,
    middles: HashMap<Kind, Option<Money>>,
    ledger: HashMap<Kind, Option<Money>>,
    /// Whether a column was doubted already.
    is_doubted: bool,
}

impl Usual {
    /// Warns of the values of a batch whose unit is suspected.
    pub(super) async fn look(
        &mut self,
        batch: &mut Batched<'_>,
        write: &Write,
        valued: &[Valued<'_>],
    ) -> Result<()> {
        let Some(feed) = batch.feed_of(FIELD).cloned() else { return Ok(()) };
        let unit = feed.unit.unwrap_or_else(|| batch.map().reading().unit);
        self.learn(write, valued).await?;
        self.doubt_column(batch, &feed, unit);
        for one in valued {
            let usual = self.in_sheet(one.kind).or_else(|| self.in_ledger(one.kind));
            let Some(slip) = usual.and_then(|usual| magnitude::slip(one.value, usual)) else {
                continue;
            };
            let text = one.record.text(FIELD).unwrap_or_default();
            let taken = MoneyUnit::of(text, unit);
            if likely(slip) == taken {
                // the other unit would not explain it
                continue;
            }
            let offered = likely(slip).instead(text);
            batch.doubt(one.record, &Mistake::new(FIELD, text, said(slip)).offering(Some(offered)));
        }
        Ok(())
    }

    async fn learn(&mut self, write: &Write, valued: &[Valued<'_>]) -> Result<()> {
        for one in valued {
            let sample = self.sheet.entry(one.kind).or_default();
            if sample.len() < SAMPLE && one.value > Money::ZERO {
                sample.push(one.value);
                self.middles.remove(&one.kind);
            }
        }
        for (kind, sample) in &self.sheet {
            self.middles.entry(*kind).or_insert_with(|| magnitude::middle(sample));
        }
        let kinds: HashSet<Kind> = valued.iter().map(|one| one.kind).collect();
        let unknown: Vec<Kind> =
            kinds.into_iter().filter(|kind| !self.ledger.contains_key(kind)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let sums = write.values_of_kinds(&unknown).await?;
        for kind in unknown {
            self.ledger.insert(kind, sums.get(&kind).copied().and_then(magnitude::mean));
        }
        Ok(())
    }

    fn in_sheet(&self, kind: Kind) -> Option<Money> {
        *self.middles.get(&kind)?
    }

    fn in_ledger(&self, kind: Kind) -> Option<Money> {
        *self.ledger.get(&kind)?
    }

    /// Doubts the column where what is usual in the sheet is suspected beside the ledger.
    fn doubt_column(&mut self, batch: &mut Batched<'_>, feed: &Feed, unit: MoneyUnit) {
        if self.is_doubted {
            return;
        }
        let slips = self
            .sheet
            .keys()
            .filter_map(|kind| magnitude::slip(self.in_sheet(*kind)?, self.in_ledger(*kind)?));
        let likely = slips.map(likely).find(|likely| *likely != unit);
        let Some(likely) = likely else { return };
        self.is_doubted = true;
        batch.doubt_unit(UnitDoubt {
            field: feed.field.to_owned(),
            column: feed.letters(),
            header: feed.header.clone(),
            likely,
        });
    }
}

/// What an amount most likely was meant in.
const fn likely(slip: Slip) -> MoneyUnit {
    match slip {
        Slip::TooLarge => MoneyUnit::Yuan,
        Slip::TooSmall => MoneyUnit::TenThousandYuan,
    }
}

fn said(slip: Slip) -> Sentence {
    match slip {
        Slip::TooLarge => Sentence::new(
            "比同类大一万倍左右，疑似把元当成了万元",
            "some ten thousand times what is usual for its kind: yuan taken for 10,000 yuan?",
        ),
        Slip::TooSmall => Sentence::new(
            "比同类小一万倍左右，疑似把万元当成了元",
            "some ten thousandth of what is usual for its kind: 10,000 yuan taken for yuan?",
        ),
    }
}
