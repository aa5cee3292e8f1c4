//! Where the money came from: Σ sources against original value (domain.md §2.3), and the one-cell
//! text in which a sheet carries all the sources of an asset.

use chrono::DateTime;
use entity::{
    area::AreaCode,
    funding::{Fund, Model, Tier},
    id::{AssetId, FundingId},
    language::{Language, Sentence},
    money::Money,
};

use super::{
    field::{FieldValue, Reading, Value},
    mistake::Mistakes,
    reading::MoneyUnit,
};
use crate::limits;

/// One source, before it belongs to an asset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Source {
    /// Whose money.
    pub tier: Option<Tier>,
    /// What fund.
    pub fund: Option<Fund>,
    /// Year of the allotment.
    pub year: Option<i32>,
    /// Document number.
    pub document_no: Option<String>,
    /// The giver's own name.
    pub source_name: Option<String>,
    /// How much; empty when an old sheet does not tell.
    pub amount: Option<Money>,
}

impl Source {
    /// The source that a stored row holds.
    pub fn of(row: &Model) -> Source {
        Source {
            tier: row.tier,
            fund: row.fund,
            year: row.year,
            document_no: row.document_no.clone(),
            source_name: row.source_name.clone(),
            amount: row.amount,
        }
    }

    /// A row to store.
    pub fn row(self, asset_id: AssetId, area_code: AreaCode) -> Model {
        Model {
            id: FundingId(0),
            area_code,
            asset_id,
            project_id: None,
            tier: self.tier,
            fund: self.fund,
            source_name: self.source_name,
            year: self.year,
            document_no: self.document_no,
            amount: self.amount,
            is_withdrawn: false,
            version: 0,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }
}

crate::fields! {
    /// The fields of a source.
    pub FIELDS of Source {
        tier: Option<Tier> = "资金层级" "tier of the money" Correct;
        fund: Option<Fund> = "资金类型" "fund" Correct;
        year: Option<i32> = "资金年度" "year of the allotment" Correct;
        document_no: Option<String> = "资金文号" "document number" Correct;
        source_name: Option<String> = "资金来源" "giver" Correct;
        amount: Option<Money> = "资金金额" "amount" Correct;
    }
}

/// What the parts of a cell stand for, in order.
const PARTS: usize = 6;

/// All sources in one cell: `tier|fund|year|document|giver|amount in yuan`, joined by `；`.
pub fn show(sources: &[Source], language: Language) -> String {
    let one = |source: &Source| {
        let parts: [Value; PARTS] = [
            source.tier.show(),
            source.fund.show(),
            source.year.show(),
            source.document_no.show(),
            source.source_name.show(),
            source.amount.show(),
        ];
        parts.map(|part| part.text(language)).join("|")
    };
    sources.iter().map(one).collect::<Vec<_>>().join("；")
}

/// Reads what [`show`] wrote.
pub fn read(text: &str, reading: Reading) -> Result<Vec<Source>, Sentence> {
    let cells = text.split(['；', ';']).map(str::trim).filter(|cell| !cell.is_empty());
    let sources: Vec<Source> = cells.map(|cell| one(cell, reading)).collect::<Result<_, _>>()?;
    if sources.len() > limits::FUNDING_ROWS {
        let (zh, en) = ("资金来源过多，最多 50 项", "too many sources; at most 50");
        return Err(Sentence::new(zh, en));
    }
    Ok(sources)
}

fn one(cell: &str, reading: Reading) -> Result<Source, Sentence> {
    let parts: Vec<&str> = cell.split('|').map(str::trim).collect();
    let [tier, fund, year, document_no, source_name, amount] = parts[..] else {
        return Err(Sentence::new(
            "应为“层级|资金类型|年度|文号|来源|金额（元）”，多项用；隔开",
            "expected “tier|fund|year|document|giver|amount in yuan”, several joined by ;",
        ));
    };
    let yuan = Reading { unit: MoneyUnit::Yuan, ..reading };
    Ok(Source {
        tier: read_part(tier, yuan)?,
        fund: read_part(fund, yuan)?,
        year: read_part(year, yuan)?,
        document_no: read_part(document_no, yuan)?,
        source_name: read_part(source_name, yuan)?,
        amount: read_part(amount, yuan)?,
    })
}

fn read_part<T: FieldValue>(text: &str, reading: Reading) -> Result<Option<T>, Sentence> {
    Option::<T>::read(Some(text).filter(|text| !text.is_empty()), reading)
}

/// What is wrong with the sources of one asset.
pub fn check(sources: &[Source]) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let fits =
        sources.iter().filter_map(|source| source.amount).all(|amount| amount >= Money::ZERO);
    mistakes.require(fits, "funding", String::new, "金额不能为负", "an amount may not be negative");
    let nameable = sources.iter().all(|source| {
        [&source.document_no, &source.source_name]
            .into_iter()
            .flatten()
            .all(|text| !text.contains(['|', ';', '；']))
    });
    mistakes.require(
        nameable,
        "funding",
        String::new,
        "文号和来源中不能有 | ; ；",
        "document and giver may not contain | or ;",
    );
    mistakes
}

/// How far the sources and the original value are apart: Σ sources − original value.
/// None when a source names no amount or the value is not recorded.
pub fn gap(sources: &[Model], original_value: Option<Money>) -> Option<Money> {
    let counted: Option<Vec<Money>> =
        sources.iter().filter(|row| !row.is_withdrawn).map(|row| row.amount).collect();
    let counted = counted.filter(|amounts| !amounts.is_empty())?;
    Money::total(counted)?.checked_sub(original_value?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_survive_the_cell() {
        let sources = vec![
            Source {
                tier: Some(Tier::Central),
                fund: Some(Fund::Transition),
                year: Some(2022),
                document_no: Some("绥财农〔2022〕9号".into()),
                source_name: None,
                amount: Some(Money::from_fen(60_000_001)),
            },
            Source { source_name: Some("Rwssp".into()), ..Source::default() },
        ];
        for language in [Language::Chinese, Language::English] {
            let cell = show(&sources, language);
            assert_eq!(read(&cell, Reading::default()).as_ref(), Ok(&sources), "{cell}");
        }
        assert!(read("中央|60", Reading::default()).is_err());
    }

    #[test]
    fn the_gap_is_shown_to_the_fen() {
        let row = |fen| {
            Source { amount: Some(Money::from_fen(fen)), ..Source::default() }
                .row(AssetId(1), AreaCode::NATION)
        };
        let value = Some(Money::from_fen(1_000));
        assert_eq!(gap(&[row(600), row(399)], value), Some(Money::from_fen(-1)));
        assert_eq!(gap(&[row(600), row(400)], value), Some(Money::ZERO));
        assert_eq!(gap(&[], value), None);
        let unknown = Source::default().row(AssetId(1), AreaCode::NATION);
        assert_eq!(gap(&[row(1_000), unknown], value), None);
    }
}
