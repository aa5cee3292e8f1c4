//! What a dump must be to be loaded: whole, unaltered, of this form; and what is said of one that
//! is not.

use std::{fs, path::Path};

use sha2::{Digest, Sha256};
use taizhang::{
    app::{self, dump::Target},
    error::Error,
    store::Actor,
};

use super::{Elsewhere, dumped, watch};
use crate::harness::{
    Town,
    expect::{forbidden, refused},
    town::VILLAGE_A1,
};

on_both!(
    one_wrong_field_is_named_with_its_line,
    an_altered_byte_is_refused,
    a_ledger_is_never_loaded_over_another,
    rows_that_do_not_agree_with_the_log_are_refused,
    references_are_checked_once_all_rows_are_there,
    only_the_operator_takes_a_dump,
);

/// The text again, with the end that belongs to its lines.
fn sealed_again(text: &str) -> String {
    let end = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
    let (lines, end) = text.split_at(end);
    let digest: String = Sha256::digest(lines).iter().map(|byte| format!("{byte:02x}")).collect();
    let at = end.find("\"sha256\":\"").expect("a digest") + 10;
    format!("{lines}{}{digest}\"}}\n", &end[..at])
}

async fn attempt(town: &Town, elsewhere: &Elsewhere, text: &str) -> Error {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.dump");
    fs::write(&file, text).expect("written");
    let refusal = elsewhere.load(town, &file).await.expect_err("a refusal");
    elsewhere.assert_empty().await;
    refusal
}

fn told(error: &Error) -> String {
    error.sentence().en
}

/// The number of the first line that holds a text.
fn line_with(text: &str, part: &str) -> usize {
    text.lines().position(|line| line.contains(part)).expect(part) + 1
}

async fn one_wrong_field_is_named_with_its_line(town: &Town) {
    town.asset(VILLAGE_A1, "桥", "10.00").await;
    let whole = dumped(&town.ledger).await;
    let asset = "\"name\":\"桥\"";
    // what stands there, what is put in its place, what is said
    let cases = [
        (
            "\"original_value\":1000,",
            "\"original_value\":\"1000\",",
            "the field asset.original_value should be a whole number",
        ),
        ("\"original_value\":1000,", "\"original_value\":10.5,", "not canonical JSON"),
        ("\"original_value\":1000,", "", "no field asset.original_value"),
        (
            "\"original_value\":1000,",
            "\"original_value\":1000,\"original_valuf\":1,",
            "unknown field original_valuf",
        ),
        (
            "\"class\":\"public\"",
            "\"class\":\"publik\"",
            "the field asset.class has a value that it cannot have",
        ),
        (
            "\"class\":\"public\"",
            "\"class\":null",
            "the field asset.class has a value that it cannot have",
        ),
        (
            "\"acquired_on\":\"2020-05-20\"",
            "\"acquired_on\":\"2020-05-32\"",
            "the field asset.acquired_on should be a day",
        ),
        (
            "\"area_code\":\"520381100201\"",
            "\"area_code\":\"5203811002\"",
            "the field asset.area_code has a value",
        ),
        ("\"table\":\"asset\"", "\"table\":\"aset\"", "unknown table aset"),
        ("\"table\":\"asset\"", "\"table\":\"area\"", "a row of area is out of its place"),
        (
            "\"table\":\"asset\"",
            "\"table\":\"seaql_migrations\"",
            "no dump has the table seaql_migrations",
        ),
        (",\"table\":\"asset\"", "", "neither a row"),
    ];
    let elsewhere = Elsewhere::of_the_same_kind(town).await;
    let number = line_with(&whole, asset);
    for (found, put, expected) in cases {
        let lines: Vec<String> =
            whole
                .lines()
                .enumerate()
                .map(|(place, line)| {
                    if place + 1 == number { line.replacen(found, put, 1) } else { line.to_owned() }
                })
                .collect();
        let text = sealed_again(&format!("{}\n", lines.join("\n")));
        assert_ne!(text, whole, "{found}");
        let refusal = attempt(town, &elsewhere, &text).await;
        let expected = format!("line {number} of the dump: {expected}");
        assert!(told(&refusal).starts_with(&expected), "{}\n{expected}", told(&refusal));
        assert_eq!(refusal.exit_code(), 2);
    }
}

async fn an_altered_byte_is_refused(town: &Town) {
    town.asset(VILLAGE_A1, "桥", "10.00").await;
    let whole = dumped(&town.ledger).await;
    let elsewhere = Elsewhere::of_the_same_kind(town).await;
    let length = whole.len();
    let mut places: Vec<usize> = (0..12).map(|n| n * length / 12).collect();
    places.extend([length - 1, length - 2, length - 3, length - 40, length - 90]);
    for place in places {
        let mut bytes = whole.clone().into_bytes();
        bytes[place] ^= 1;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.dump");
        fs::write(&file, bytes).expect("written");
        let refusal = elsewhere.load(town, &file).await.expect_err("a refusal");
        assert!(matches!(refusal, Error::Refused(_)), "byte {place}: {}", told(&refusal));
        elsewhere.assert_empty().await;
    }
    let lines: Vec<&str> = whole.lines().collect();
    let without =
        |from: usize, to: usize| [&lines[..from], &lines[to..]].concat().join("\n") + "\n";
    let cases = [
        (without(3, 4), "the digest is not"),
        (sealed_again(&without(3, 4)), "the numbers of rows"),
        (sealed_again(&without(0, 1)), "line 1 of the dump: this is not the first line"),
        (without(lines.len() - 1, lines.len()), "breaks off"),
        (whole[..length / 2].to_owned(), "breaks off"),
        (format!("{whole}\n"), "something follows"),
        (String::new(), "line 1 of the dump: the file breaks off"),
        (
            sealed_again(&whole.replacen("taizhang-dump/1", "taizhang-dump/2", 1)),
            "expected the format",
        ),
        (sealed_again(&whole.replacen("m2026", "m2099", 1)), "its tables are of version m2099"),
        (
            sealed_again(&whole.replacen("\"ledger\":\"taizhang\"", "\"ledger\":\"other\"", 1)),
            "of another ledger",
        ),
    ];
    for (text, expected) in cases {
        let refusal = attempt(town, &elsewhere, &text).await;
        assert!(told(&refusal).contains(expected), "{}\n{expected}", told(&refusal));
    }
}

async fn a_ledger_is_never_loaded_over_another(town: &Town) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.dump");
    let before = dumped(&town.ledger).await;
    fs::write(&file, &before).expect("written");
    let place = town.ledger.place();
    let load =
        async |keys: &Path| app::dump::load(&file, place, keys, town.clock.clone(), watch()).await;
    refused(load(&town.keys()).await, "place.occupied");
    refused(load(&folder.path().join("none")).await, "keys.missing");
    assert_eq!(dumped(&town.ledger).await, before);
    let elsewhere = Elsewhere::sqlite();
    fs::write(elsewhere.folder.path().join("new.db-wal"), "left").expect("written");
    refused(elsewhere.load(town, &file).await, "place.occupied");
}

async fn rows_that_do_not_agree_with_the_log_are_refused(town: &Town) {
    town.asset(VILLAGE_A1, "桥", "10.00").await;
    let whole = dumped(&town.ledger).await;
    let elsewhere = Elsewhere::of_the_same_kind(town).await;
    let asset = "\"original_value\":1000,";
    let richer = sealed_again(&whole.replacen(asset, "\"original_value\":1001,", 1));
    let refusal = attempt(town, &elsewhere, &richer).await;
    assert!(told(&refusal).contains("changed past the log"), "{}", told(&refusal));
    // keys of another ledger: its checkpoints would be signed by somebody else
    let keys = elsewhere.folder.path().join("other.keys");
    taizhang::store::key::Keys::generate().expect("keys").write(&keys).expect("written");
    let file = elsewhere.folder.path().join("a.dump");
    fs::write(&file, &whole).expect("written");
    let loaded = app::dump::load(&file, &elsewhere.place, &keys, town.clock.clone(), watch()).await;
    refused(loaded, "copy.unsound");
}

async fn references_are_checked_once_all_rows_are_there(town: &Town) {
    let first = town.asset(VILLAGE_A1, "桥", "10.00").await;
    let second = town.asset(VILLAGE_A1, "路", "20.00").await;
    let whole = dumped(&town.ledger).await;
    let elsewhere = Elsewhere::of_the_same_kind(town).await;
    let number = line_with(&whole, "\"name\":\"桥\"");
    let part_of = |parent: i64| {
        let lines = whole.lines().enumerate().map(|(place, line)| {
            let parent = format!("\"parent_id\":{parent}");
            if place + 1 == number {
                line.replacen("\"parent_id\":null", &parent, 1)
            } else {
                line.to_owned()
            }
        });
        sealed_again(&(lines.collect::<Vec<_>>().join("\n") + "\n"))
    };
    assert!(first.id < second.id);
    // a later row is no fault of the reference; that the log knows nothing of it is
    let refusal = attempt(town, &elsewhere, &part_of(second.id.0)).await;
    assert!(told(&refusal).contains("changed past the log"), "{}", told(&refusal));
    let refusal = attempt(town, &elsewhere, &part_of(999)).await;
    assert!(told(&refusal).contains("refers to one that is not there"), "{}", told(&refusal));
}

async fn only_the_operator_takes_a_dump(town: &Town) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.dump");
    let take = async |actor: &Actor| {
        app::dump::dump(&town.ledger, actor, Target::File(file.clone()), watch()).await
    };
    forbidden(take(&town.clerk().await).await);
    assert!(!file.exists());
    take(&Actor::operator()).await.expect("dumped");
    assert_eq!(fs::read_to_string(&file).expect("the dump"), dumped(&town.ledger).await);
    refused(take(&Actor::operator()).await, "file.exists");
}
