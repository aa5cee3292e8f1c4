//! A list of assets as a table: the rows that the list shows, with the columns it shows.

use entity::{
    asset::{Entity, State},
    id::AssetId,
    language::{Label, Language, Sentence},
    title,
};

use crate::{
    app::{
        column::text,
        listing::{self, Sight},
        output::{Column, ColumnKind, Heading, Output, Target, Value},
    },
    domain::{permission::Action, refusal::Refusal, setting::table_name},
    error::Result,
    limits,
    store::{Actor, Ledger, list::List},
};

/// A column and what it shows of a row.
struct Part(Column, fn(&Sight, Language) -> Value);

const fn part(
    (field, label, kind, width): (&'static str, Label, ColumnKind, u16),
    value: fn(&Sight, Language) -> Value,
) -> Part {
    Part(Column::new(field, label, kind, width), value)
}

fn words(label: Label, language: Language) -> Value {
    Value::Text(label.text(language).to_owned())
}

use ColumnKind::{Date, Money, Text};

/// Every column, in order.
const PARTS: &[Part] = &[
    part(("code", Label::new("资产编号", "asset code"), Text, 26), |row, _| {
        Value::Text(row.asset.code.clone())
    }),
    part(("name", Label::new("资产名称", "asset name"), Text, 28), |row, _| {
        Value::Text(row.asset.name.clone())
    }),
    part(("area_code", Label::new("区划代码", "area code"), Text, 14), |row, _| {
        Value::Text(row.asset.area_code.to_string())
    }),
    part(("area", Label::new("所在地", "area"), Text, 28), |row, _| {
        text(Some(row.place.clone()))
    }),
    part(("class", Label::new("资产类别", "asset class"), Text, 12), |row, language| {
        words(row.asset.class.label(), language)
    }),
    part(("subclass", Label::new("资产子类", "asset subclass"), Text, 14), |row, language| {
        row.asset.subclass.map_or(Value::Empty, |one| words(one.label(), language))
    }),
    part(("original_value", Label::new("原值（元）", "value (yuan)"), Money, 16), |row, _| {
        row.asset.original_value.map_or(Value::Empty, Value::Money)
    }),
    part(("acquired_on", Label::new("购建日期", "acquired"), Date, 10), |row, _| {
        row.asset.acquired_on.map_or(Value::Empty, Value::Date)
    }),
    part(("title", Label::new("权属", "title"), Text, 10), |row, language| {
        words(row.title.unwrap_or(title::State::Unconfirmed).label(), language)
    }),
    part(("maintainer", Label::new("管护主体", "maintainer"), Text, 28), |row, _| {
        text(row.maintainer.as_ref().map(|named| named.name.clone()))
    }),
    part(("keeper", Label::new("管护责任人", "keeper"), Text, 12), |row, _| {
        text(row.keeper.as_ref().map(|named| named.name.clone()))
    }),
    part(
        ("keeper_phone", Label::new("责任人电话", "keeper's telephone"), Text, 14),
        |row, _| text(row.keeper.as_ref().map(|named| named.phone.clone())),
    ),
    part(("state", Label::new("状态", "state"), Text, 10), |row, language| {
        let in_use = row.asset.use_state.filter(|_| row.asset.state == State::Held);
        words(in_use.map_or(row.asset.state.label(), entity::asset::UseState::label), language)
    }),
    part(("findings", Label::new("问题", "findings"), Text, 28), |row, language| {
        let rules = row.findings.iter().map(|rule| rule.label().text(language));
        let between = Label::new("、", ", ").text(language);
        text(Some(rules.collect::<Vec<_>>().join(between)))
    }),
];

/// Writes all rows of a list, which is asked for by the words of its address; where its page began
/// does not matter. It leaves an entry in the log of the actor's area whatever became of it. Answers
/// how many rows were written.
pub async fn listed(
    ledger: &Ledger,
    actor: &Actor,
    words: &[(String, String)],
    target: Target,
) -> Result<u64> {
    actor.require(Action::ExportRows)?;
    let list = List::<Entity>::read(whole(words))?;
    let area = ledger.read(actor).area_within(list.area).await?;
    let format = target.format;
    let mut n = 0;
    let written = write(ledger, actor, words, target, &mut n).await;
    // what was searched for may be anything, so that only what narrowed the list is told
    let narrowed: Vec<&str> = whole(words).map(|(word, _)| word).collect();
    ledger
        .write(actor, Action::ExportRows, async |write| {
            write.note("noun", "assets");
            write.note("area", area.to_string());
            write.note("narrowed_by", narrowed.join(","));
            write.note("format", format.name());
            write.note("rows", n);
            write.leave_entry(actor.area()).await
        })
        .await?;
    written?;
    Ok(n)
}

/// Writes assets that were chosen one by one. It leaves an entry like that of a list.
pub async fn chosen(
    ledger: &Ledger,
    actor: &Actor,
    ids: &[AssetId],
    target: Target,
) -> Result<u64> {
    actor.require(Action::ExportRows)?;
    if ids.len() > limits::ASSETS_PER_ACTION {
        return Err(Refusal::too_many(limits::ASSETS_PER_ACTION).into());
    }
    let format = target.format;
    let mut n = 0;
    let written = write_chosen(ledger, actor, ids, target, &mut n).await;
    ledger
        .write(actor, Action::ExportRows, async |write| {
            write.note("noun", "assets");
            write.note("narrowed_by", "chosen");
            write.note("format", format.name());
            write.note("rows", n);
            write.leave_entry(actor.area()).await
        })
        .await?;
    written?;
    Ok(n)
}

async fn write_chosen(
    ledger: &Ledger,
    actor: &Actor,
    ids: &[AssetId],
    target: Target,
    n: &mut u64,
) -> Result<()> {
    let language = target.language();
    let mut output = begin(ledger, actor, target).await?;
    let dossiers = ledger.read(actor).dossiers(ids).await?;
    let assets = dossiers.into_iter().map(|dossier| dossier.asset).collect();
    for row in listing::sights(ledger, actor, assets).await? {
        line(&mut output, &row, language, n)?;
    }
    Ok(output.finish()?)
}

/// The table, before its first row, named as the actor's area names it.
async fn begin(ledger: &Ledger, actor: &Actor, target: Target) -> Result<Output> {
    let read = ledger.read(actor);
    let local = read.local_rules([actor.area()]).await?;
    let title = table_name(local.family(actor.area(), read.today())).into();
    let heading =
        Heading { title, notes: vec![Sentence::new("金额单位：元", "Amounts in yuan")] };
    let columns = PARTS.iter().map(|part| part.0).collect();
    Ok(target.begin(heading, columns)?)
}

/// The words of a list without those of one page of it.
fn whole(words: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    let words = words.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    words.filter(|(word, _)| !["after", "limit", "count"].contains(word))
}

async fn write(
    ledger: &Ledger,
    actor: &Actor,
    words: &[(String, String)],
    target: Target,
    n: &mut u64,
) -> Result<()> {
    let language = target.language();
    let mut output = begin(ledger, actor, target).await?;
    let mut after = None;
    loop {
        let on = after.as_deref().map(|place| ("after", place));
        let mut list = List::<Entity>::read(whole(words).chain(on))?;
        list.limit = limits::PAGE_ROWS;
        let page = listing::assets(ledger, actor, &list).await?;
        for row in listing::sights(ledger, actor, page.rows).await? {
            line(&mut output, &row, language, n)?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(output.finish()?);
        }
    }
}

fn line(output: &mut Output, row: &Sight, language: Language, n: &mut u64) -> Result<()> {
    if *n >= limits::EXPORT_ROWS {
        return Err(Refusal::export_too_large(limits::EXPORT_ROWS).into());
    }
    let values: Vec<Value> = PARTS.iter().map(|part| (part.1)(row, language)).collect();
    output.row(&values)?;
    *n += 1;
    Ok(())
}
