//! Dumped from one database, loaded into the other, dumped again: the same bytes; and every table
//! and column there is takes part.

use std::{collections::BTreeSet, fs};

use sea_orm::{ConnectionTrait, Statement};
use taizhang::{
    app,
    domain::asset::Completeness,
    store::{
        Actor,
        dump::{LEFT_OUT, tables},
    },
};

use super::{Elsewhere, dumped, expect_sound, fill};
use crate::harness::{
    Town,
    town::{VILLAGE_A2, registration},
};

on_both!(
    a_moved_ledger_is_the_same_to_the_byte,
    every_table_and_column_is_dumped,
    a_moved_ledger_goes_on,
);

async fn a_moved_ledger_is_the_same_to_the_byte(town: &Town) {
    fill(town).await;
    let first = dumped(&town.ledger).await;
    for (table, _) in tables() {
        let end = format!("\"table\":\"{table}\"}}\n");
        assert!(first.contains(&end), "{table} is empty: the test shows nothing of it");
    }
    assert_eq!(dumped(&town.ledger).await, first, "twice the same");
    let Some(elsewhere) = Elsewhere::of_the_other_kind(town).await else { return };
    let file = elsewhere.folder.path().join("a.dump");
    fs::write(&file, &first).expect("written");
    let loaded = elsewhere.load(town, &file).await.expect("loaded");
    assert_eq!(loaded.ledger, town.ledger.name());
    let ledger = elsewhere.open(town).await;
    let second = dumped(&ledger).await;
    let differing = first.lines().zip(second.lines()).find(|(one, other)| one != other);
    assert_eq!(differing, None);
    assert_eq!(first, second);
    assert_eq!(expect_sound(&ledger).await, expect_sound(&town.ledger).await);
    ledger.close().await.expect("closed");

    let back = Elsewhere::of_the_same_kind(town).await;
    let file = back.folder.path().join("b.dump");
    fs::write(&file, &second).expect("written");
    back.load(town, &file).await.expect("loaded");
    let ledger = back.open(town).await;
    assert_eq!(dumped(&ledger).await, first, "there and back");
    ledger.close().await.expect("closed");
}

async fn a_moved_ledger_goes_on(town: &Town) {
    fill(town).await;
    let Some(elsewhere) = Elsewhere::of_the_other_kind(town).await else { return };
    let file = elsewhere.folder.path().join("a.dump");
    fs::write(&file, dumped(&town.ledger).await).expect("written");
    elsewhere.load(town, &file).await.expect("loaded");
    let ledger = elsewhere.open(town).await;
    let (operator, how) = (Actor::operator(), Completeness::Whole);
    let highest = town.rows::<entity::asset::Entity>().await.iter().map(|row| row.id.0).max();
    for place in 1..=3 {
        let new = registration(VILLAGE_A2, "新水池", "12.34");
        let new = app::asset::register(&ledger, &operator, new, how).await.expect("registered");
        assert_eq!(Some(new.id.0), highest.map(|id| id + place), "ids go on where they ended");
    }
    let body = town.collective(VILLAGE_A2).await;
    let contact = crate::harness::people::contact(1);
    let read = ledger.read(&operator);
    let row = read.get::<entity::organization::Entity>(body).await.expect("an organization");
    assert_eq!(row.version, 1);
    let new = taizhang::domain::organization::blank(row.area_code, "新合作社");
    app::organization::register(&ledger, &operator, new, Some(&contact)).await.expect("registered");
    // plates that hang there stay, and what was said in reports is read on
    for row in town.rows::<entity::asset::Entity>().await {
        assert!(row.id.0 > 0 && ledger.short_code(row.id) == town.ledger.short_code(row.id));
    }
    let reports = town.rows::<entity::fault_report::Entity>().await;
    let told = ledger.read(&operator).told_in(&reports).await.expect("told");
    assert!(
        !reports.is_empty()
            && told == town.ledger.read(&operator).told_in(&reports).await.expect("told")
    );
    ledger.sign_checkpoints().await.expect("signed");
    expect_sound(&ledger).await;
    ledger.close().await.expect("closed");
}

/// First column of every row of an answer.
async fn names(town: &Town, sql: &str) -> BTreeSet<String> {
    let statement = Statement::from_string(town.db.get_database_backend(), sql);
    let rows = town.db.query_all_raw(statement).await.expect("an answer");
    rows.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect()
}

async fn every_table_and_column_is_dumped(town: &Town) {
    let is_postgres = town.is_postgres();
    let there = if is_postgres {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    };
    let there = names(town, there).await;
    let dumped: BTreeSet<String> = tables().iter().map(|(name, _)| (*name).to_owned()).collect();
    let left_out: BTreeSet<String> = LEFT_OUT.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert!(dumped.is_disjoint(&left_out), "a table is dumped or left out, not both");
    assert!(LEFT_OUT.iter().all(|(_, reason)| !reason.is_empty()));
    let known: BTreeSet<String> = dumped.union(&left_out).cloned().collect();
    assert_eq!(there, known, "a table stands in `tables!` or, with its reason, in LEFT_OUT");
    for (table, columns) in tables() {
        let sql = if is_postgres {
            format!(
                "SELECT column_name::text FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name = '{table}'"
            )
        } else {
            format!("SELECT name FROM pragma_table_info('{table}')")
        };
        let columns: BTreeSet<String> = columns.into_iter().map(ToOwned::to_owned).collect();
        assert_eq!(names(town, &sql).await, columns, "the columns of {table}");
    }
}
