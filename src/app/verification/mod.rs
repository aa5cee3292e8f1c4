//! A verification as people and programs read it, and those that are carried out while whoever asked
//! does something else.

mod under_way;

pub use self::under_way::{Run, Standing, Verifications};

use std::fmt::Write as _;

use entity::language::{Label, Language, Sentence};
use serde_json::{Value as Json, json};

use crate::domain::verification::{Fault, LogReport, Verification};

/// The lines of a verification in one language: the verdict, the first fault with its proof, then
/// every log.
pub fn text(verification: &Verification, language: Language) -> String {
    let mut text = String::new();
    let verdict = verification.verdict().label().text(language);
    // Writing to a String cannot fail.
    _ = writeln!(text, "{verdict}");
    if let Some(fault) = verification.first() {
        push_fault(&mut text, fault, language);
    }
    let others: Vec<&Fault> =
        verification.faults().filter(|fault| Some(*fault) != verification.first()).collect();
    if !others.is_empty() {
        let heading = Label::new("另有：", "Also:").text(language);
        _ = writeln!(text, "{heading}");
        for fault in others {
            push_fault(&mut text, fault, language);
        }
    }
    let totals = [Some(logs(verification)), rows(verification), stale(verification)];
    for line in totals.into_iter().flatten() {
        _ = writeln!(text, "{}", line.text(language));
    }
    for log in &verification.logs {
        _ = writeln!(text, "{}", summary(log).text(language));
    }
    text
}

fn push_fault(text: &mut String, fault: &Fault, language: Language) {
    _ = writeln!(text, "{}", fault.sentence().text(language));
    for note in &fault.notes {
        for line in note.lines() {
            _ = writeln!(text, "    {line}");
        }
        text.push('\n');
    }
}

fn logs(verification: &Verification) -> Sentence {
    let (logs, entries) = (verification.logs.len(), verification.entries());
    Sentence::new(
        format!("核对 {logs} 个县的留痕，共 {entries} 条"),
        format!("{logs} logs checked, {entries} entries"),
    )
}

fn rows(verification: &Verification) -> Option<Sentence> {
    let rows = verification.rows?;
    Some(Sentence::new(
        format!("核对数据 {} 行，复核资产 {} 项", rows.rows, rows.assets),
        format!("{} rows compared, {} assets evaluated again", rows.rows, rows.assets),
    ))
}

fn stale(verification: &Verification) -> Option<Sentence> {
    let stale = verification.rows.map(|rows| rows.stale).filter(|stale| *stale > 0)?;
    Some(Sentence::new(
        format!("{stale} 项资产的问题因时间推移有变化，请运行 taizhang nightly"),
        format!("time has changed the findings of {stale} assets; run taizhang nightly"),
    ))
}

fn summary(log: &LogReport) -> Sentence {
    let LogReport { county, size, root, n_checkpoints, fault } = log;
    let (zh, en) = match fault {
        None => ("一致", "ok"),
        Some(fault) => (fault.kind.label().zh, fault.kind.label().en),
    };
    Sentence::new(
        format!("{county}  {size} 条  检查点 {n_checkpoints} 个  {root}  {zh}"),
        format!("{county}  {size} entries  {n_checkpoints} checkpoints  {root}  {en}"),
    )
}

/// A verification for programs; the sentences are in one language.
pub fn json(verification: &Verification, language: Language) -> Json {
    let verdict = verification.verdict();
    json!({
        "verdict": verdict.code(),
        "exit_code": verdict.exit_code(),
        "first": verification.first().map(|fault| fault_json(fault, language)),
        "faults": verification.faults().map(|one| fault_json(one, language)).collect::<Vec<_>>(),
        "logs": verification.logs.iter().map(|log| json!({
            "county": log.county.as_str(),
            "size": log.size,
            "root": log.root.to_string(),
            "checkpoints": log.n_checkpoints,
            "fault": log.fault.as_ref().map(|fault| fault.kind.code()),
        })).collect::<Vec<_>>(),
        "rows": verification.rows.map(|rows| json!({
            "compared": rows.rows, "assets": rows.assets, "stale": rows.stale,
        })),
    })
}

fn fault_json(fault: &Fault, language: Language) -> Json {
    let place = &fault.place;
    let shown = |text: &Option<Sentence>| text.as_ref().map(|one| one.text(language).to_owned());
    json!({
        "kind": fault.kind.code(),
        "verdict": fault.kind.verdict().code(),
        "county": place.county.map(|county| county.to_string()),
        "seq": place.seq,
        "noun": place.noun.map(|noun| noun.table),
        "id": place.id,
        "part": place.part,
        "expected": shown(&fault.expected),
        "found": shown(&fault.found),
        "notes": fault.notes,
        "sentence": fault.sentence().text(language),
    })
}
