//! A list of assets as a table: the rows that the list shows, with the columns it shows.

use entity::{
    asset::Entity,
    id::AssetId,
    language::{Language, Sentence},
};

use crate::{
    app::{
        asset_column::{self, Part, Shown},
        listing::{self, Sight},
        output::{Heading, Output, Target, Value},
    },
    domain::{permission::Action, refusal::Refusal, setting::table_name},
    error::Result,
    limits,
    store::{Actor, Ledger, list::List},
};

/// Writes all rows of a list, which is asked for by the words of its address, with some columns;
/// where its page began does not matter. It leaves an entry in the log of the actor's area whatever
/// became of it. Answers how many rows were written.
pub async fn listed(
    ledger: &Ledger,
    actor: &Actor,
    words: &[(String, String)],
    columns: &[&'static Shown],
    target: Target,
) -> Result<u64> {
    actor.require(Action::ExportRows)?;
    let list = List::<Entity>::read(whole(words))?;
    let area = ledger.read(actor).area_within(list.area).await?;
    let format = target.format;
    let parts = asset_column::parts(columns);
    let mut n = 0;
    let written = write(ledger, actor, words, &parts, target, &mut n).await;
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

/// Writes assets that were chosen one by one, with some columns. It leaves an entry like that of a list.
pub async fn chosen(
    ledger: &Ledger,
    actor: &Actor,
    ids: &[AssetId],
    columns: &[&'static Shown],
    target: Target,
) -> Result<u64> {
    actor.require(Action::ExportRows)?;
    if ids.len() > limits::ASSETS_PER_ACTION {
        return Err(Refusal::too_many(limits::ASSETS_PER_ACTION).into());
    }
    let format = target.format;
    let mut n = 0;
    let written = write_chosen(ledger, actor, (ids, columns), target, &mut n).await;
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
    (ids, columns): (&[AssetId], &[&'static Shown]),
    target: Target,
    n: &mut u64,
) -> Result<()> {
    let language = target.language();
    let parts = asset_column::parts(columns);
    let mut output = begin(ledger, actor, &parts, target).await?;
    let dossiers = ledger.read(actor).dossiers(ids).await?;
    let assets = dossiers.into_iter().map(|dossier| dossier.asset).collect();
    for row in listing::sights(ledger, actor, assets).await? {
        line(&mut output, &parts, &row, language, n)?;
    }
    Ok(output.finish()?)
}

/// The table, before its first row, named as the actor's area names it.
async fn begin(
    ledger: &Ledger,
    actor: &Actor,
    parts: &[&'static Part],
    target: Target,
) -> Result<Output> {
    let read = ledger.read(actor);
    let local = read.local_rules([actor.area()]).await?;
    let title = table_name(local.family(actor.area(), read.today())).into();
    let heading =
        Heading { title, notes: vec![Sentence::new("金额单位：元", "Amounts in yuan")] };
    let columns = parts.iter().map(|part| part.column).collect();
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
    parts: &[&'static Part],
    target: Target,
    n: &mut u64,
) -> Result<()> {
    let language = target.language();
    let mut output = begin(ledger, actor, parts, target).await?;
    let mut after = None;
    loop {
        let on = after.as_deref().map(|place| ("after", place));
        let mut list = List::<Entity>::read(whole(words).chain(on))?;
        list.limit = limits::PAGE_ROWS;
        let page = listing::assets(ledger, actor, &list).await?;
        for row in listing::sights(ledger, actor, page.rows).await? {
            line(&mut output, parts, &row, language, n)?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(output.finish()?);
        }
    }
}

fn line(
    output: &mut Output,
    parts: &[&'static Part],
    row: &Sight,
    language: Language,
    n: &mut u64,
) -> Result<()> {
    if *n >= limits::EXPORT_ROWS {
        return Err(Refusal::export_too_large(limits::EXPORT_ROWS).into());
    }
    let values: Vec<Value> = parts.iter().map(|part| part.value(row, language)).collect();
    output.row(&values)?;
    *n += 1;
    Ok(())
}
