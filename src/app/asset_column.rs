//! The columns of the list of assets: what a page shows, a file holds and paper carries are chosen
//! from one table, by the same words. A column of a page may hold two lines; a file has a column
//! for each thing they say.

use std::sync::LazyLock;

use entity::{
    asset::{Model, State, UseState},
    finding::Rule,
    language::{Label, Language, Sentence},
    title,
};

use super::{
    column::{self, text},
    listing::Sight,
    output::{Column, ColumnKind, Value},
};
use crate::{
    domain::{
        asset::FIELDS,
        field::Field,
        mistake::{Mistake, Mistakes},
    },
    error::Result,
    limits,
};

/// The word of an address that says which columns.
pub const WORD: &str = "cols";

/// What a file shows of a row.
enum Get {
    /// What stands beside the card, too.
    Beside(fn(&Sight, Language) -> Value),
    /// A field of the card.
    Card(&'static Field<Model>),
}

/// One thing that a column says: a column of a file.
pub struct Part {
    /// The column of the file.
    pub column: Column,
    get: Get,
}

impl Part {
    /// What it says of a row.
    pub fn value(&self, row: &Sight, language: Language) -> Value {
        match &self.get {
            Get::Beside(get) => get(row, language),
            Get::Card(field) => column::value((field.get)(&row.asset), language),
        }
    }
}

/// A column of the list.
pub struct Shown {
    /// What an address calls it.
    pub name: &'static str,
    /// What people call it.
    pub label: Label,
    /// The order that it leads to.
    pub sort: Option<&'static str>,
    /// Whether it is shown when nothing is said.
    pub is_usual: bool,
    /// What it says.
    pub parts: Vec<Part>,
}

impl Shown {
    /// Whether it holds amounts or counts, and so stands flush right.
    pub fn is_number(&self) -> bool {
        use ColumnKind::{Decimal, Integer, Money};
        self.parts.iter().all(|part| matches!(part.column.kind, Integer | Money | Decimal))
    }

    /// Whether it holds amounts.
    pub fn is_money(&self) -> bool {
        self.parts.iter().all(|part| part.column.kind == ColumnKind::Money)
    }
}

fn words(label: Label, language: Language) -> Value {
    Value::Text(label.text(language).to_owned())
}

fn beside(
    (field, label, width): (&'static str, Label, u16),
    get: fn(&Sight, Language) -> Value,
) -> Part {
    Part { column: Column::new(field, label, ColumnKind::Text, width), get: Get::Beside(get) }
}

/// Texts of a row, joined as the language joins them, each once.
fn joined(texts: impl Iterator<Item = String>, language: Language) -> Value {
    let mut apart: Vec<String> = Vec::new();
    for one in texts.filter(|one| !one.is_empty()) {
        if !apart.contains(&one) {
            apart.push(one);
        }
    }
    text(Some(apart.join(Label::new("、", ", ").text(language))))
}

/// How an asset is used; of one that has left the books, how it stands there.
pub fn standing(row: &Sight) -> Label {
    let in_use = row.asset.use_state.filter(|_| row.asset.state == State::Held);
    in_use.map_or(row.asset.state.label(), UseState::label)
}

/// The fields of the card that stand in columns of two lines, or in the first.
const TAKEN: [&str; 3] = ["name", "state", "original_value"];

fn card(name: &str) -> Option<Part> {
    let field = FIELDS.iter().find(|field| field.name == name)?;
    let kind = column::kind(field.name, field.kind);
    Some(Part { column: column::column(field.name, field.label, kind), get: Get::Card(field) })
}

fn cards<const N: usize>(names: [&str; N]) -> Vec<Part> {
    names.into_iter().filter_map(card).collect()
}

fn usual(name: &'static str, label: Label, parts: Vec<Part>) -> Shown {
    Shown { name, label, sort: None, is_usual: true, parts }
}

/// Every column: the usual ones in their order, then whatever else the card holds.
pub static COLUMNS: LazyLock<Vec<Shown>> = LazyLock::new(|| {
    let usual = usual_columns();
    let fields = FIELDS.iter().filter(|field| !TAKEN.contains(&field.name));
    let others = fields.map(|field| Shown {
        name: field.name,
        label: field.label,
        sort: (field.name == "acquired_on").then_some("acquired_on"),
        is_usual: false,
        parts: cards([field.name]),
    });
    usual.into_iter().chain(own_columns()).chain(others).collect()
});

fn usual_columns() -> Vec<Shown> {
    let mut name = cards(["name"]);
    name.push(beside(("area", Label::new("所在地", "area"), 28), |row, _| {
        text(Some(row.place.clone()))
    }));
    name.extend(card("code"));
    let sorted = |sort, shown: Shown| Shown { sort: Some(sort), ..shown };
    let value = Label::new("原值（元）", "value (yuan)");
    let mut values = cards(["original_value"]);
    for part in &mut values {
        part.column.label = value;
    }
    vec![
        sorted(
            "name",
            usual("name", Label::new("资产名称 / 位置 / 编号", "Name / place / code"), name),
        ),
        usual("kind", Label::new("类型", "Kind"), cards(["subclass", "class"])),
        usual("source", Label::new("资金来源", "Source of money"), source()),
        sorted("value", usual("value", Label::new("原值", "Value"), values)),
        usual(
            "title",
            Label::new("权属", "Title"),
            vec![beside(("title", Label::new("权属", "title"), 10), |row, language| {
                words(row.title.unwrap_or(title::State::Unconfirmed).label(), language)
            })],
        ),
        usual("maintainer", Label::new("管护主体 / 责任人", "Maintainer / keeper"), maintainer()),
        usual("state", Label::new("状态", "State"), state()),
    ]
}

fn source() -> Vec<Part> {
    vec![
        beside(("fund", Label::new("资金来源", "source of money"), 24), |row, language| {
            joined(row.funds().map(|one| one.text(language).to_owned()), language)
        }),
        beside(("fund_year", Label::new("资金年度", "year of money"), 10), |row, language| {
            joined(row.fund_years().map(|year| year.to_string()), language)
        }),
    ]
}

fn maintainer() -> Vec<Part> {
    vec![
        beside(("maintainer", Label::new("管护主体", "maintainer"), 28), |row, _| {
            text(row.maintainer.as_ref().map(|named| named.name.clone()))
        }),
        beside(("keeper", Label::new("管护责任人", "keeper"), 12), |row, _| {
            text(row.keeper.as_ref().map(|named| named.name.clone()))
        }),
        beside(
            ("keeper_phone", Label::new("责任人电话", "keeper's telephone"), 14),
            |row, _| text(row.keeper.as_ref().map(|named| named.phone.clone())),
        ),
    ]
}

fn state() -> Vec<Part> {
    vec![
        beside(("state", Label::new("状态", "state"), 10), |row, language| {
            words(standing(row), language)
        }),
        beside(("findings", Label::new("问题", "findings"), 28), |row, language| {
            joined(
                row.findings.iter().map(|rule| Rule::label(*rule).text(language).to_owned()),
                language,
            )
        }),
    ]
}

/// What stands beside the card and is shown when it is asked for.
fn own_columns() -> Vec<Shown> {
    let one = |name, label, part| Shown { is_usual: false, ..usual(name, label, vec![part]) };
    let area = Label::new("区划代码", "area code");
    let owner = Label::new("所有权人", "owner");
    let amount = Label::new("资金合计", "money in all");
    let money = Part {
        column: column::column("funding", amount, ColumnKind::Money),
        get: Get::Beside(|row, _| row.funding().map_or(Value::Empty, Value::Money)),
    };
    vec![
        one(
            "area_code",
            area,
            beside(("area_code", area, 14), |row, _| Value::Text(row.asset.area_code.to_string())),
        ),
        one(
            "owner",
            owner,
            beside(("owner", owner, 28), |row, language| {
                joined(row.owners.iter().map(|named| named.name.clone()), language)
            }),
        ),
        one("funding", amount, money),
    ]
}

/// The columns that an address asks for, the first of which is always the asset itself; the usual
/// ones where it asks for none.
pub fn read(text: Option<&str>) -> Result<Vec<&'static Shown>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let Some(text) = text else {
        return Ok(COLUMNS.iter().filter(|column| column.is_usual).collect());
    };
    let mut columns: Vec<&Shown> = COLUMNS.iter().take(1).collect();
    let mut mistakes = Mistakes::default();
    for name in text.split([',', '，']).map(str::trim) {
        match COLUMNS.iter().find(|column| column.name == name) {
            None => mistakes.push(unknown(name)),
            Some(column) if columns.iter().any(|known| known.name == column.name) => {}
            Some(column) => columns.push(column),
        }
    }
    if columns.len() > limits::LIST_COLUMNS {
        let most = limits::LIST_COLUMNS;
        let words = (format!("最多 {most} 列"), format!("at most {most} columns"));
        mistakes.push(Mistake::new(WORD, "", Sentence::new(words.0, words.1)));
    }
    mistakes.into_result()?;
    Ok(columns)
}

fn unknown(name: &str) -> Mistake {
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    let expected = Sentence::new(
        format!("没有这一列；可用：{}", names.join("、")),
        format!("no such column; there are: {}", names.join(", ")),
    );
    Mistake::new(WORD, name, expected)
}

/// The word that asks for some columns; empty for the usual ones.
pub fn told(columns: &[&'static Shown]) -> String {
    let names = || columns.iter().map(|column| column.name);
    let is_usual = names().eq(COLUMNS.iter().filter(|one| one.is_usual).map(|one| one.name));
    if is_usual { String::new() } else { names().collect::<Vec<_>>().join(",") }
}

/// The columns of a file that holds some columns: each thing once.
pub fn parts(columns: &[&'static Shown]) -> Vec<&'static Part> {
    let mut parts: Vec<&Part> = Vec::new();
    for part in columns.iter().flat_map(|column| &column.parts) {
        if parts.iter().all(|known| known.column.field != part.column.field) {
            parts.push(part);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Option<Vec<&'static str>> {
        let columns = read(Some(text)).ok()?;
        Some(columns.iter().map(|column| column.name).collect())
    }

    #[test]
    fn columns_come_in_the_order_asked_for_behind_the_asset() {
        let usual = ["name", "kind", "source", "value", "title", "maintainer", "state"];
        assert_eq!(names("").as_deref(), Some(&usual[..]));
        assert_eq!(
            names("value，code, name,value").as_deref(),
            Some(&["name", "value", "code"][..])
        );
        assert_eq!(names("colour"), None);
        let many: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        assert!(names(&many[..limits::LIST_COLUMNS].join(",")).is_some());
        assert!(names(&many[..=limits::LIST_COLUMNS].join(",")).is_none());
    }

    #[test]
    fn every_field_of_the_card_is_in_some_column() {
        for field in FIELDS {
            let mut parts = COLUMNS.iter().flat_map(|column| &column.parts);
            assert!(parts.any(|part| part.column.field == field.name), "{}", field.name);
        }
        let mut names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COLUMNS.len());
    }

    #[test]
    fn a_file_says_each_thing_once() {
        let columns = read(Some("code,class,kind")).expect("columns");
        let fields: Vec<_> = parts(&columns).iter().map(|part| part.column.field).collect();
        assert_eq!(fields, ["name", "area", "code", "class", "subclass"]);
        assert_eq!(told(&columns), "name,code,class,kind");
        assert_eq!(told(&read(None).expect("columns")), "");
    }
}
