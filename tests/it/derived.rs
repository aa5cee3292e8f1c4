//! What is derived from other columns: made with every row, filled into the rows of before, found
//! when it was altered.

use entity::{asset, initials::Initials, vault};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, EntityTrait, Statement};
use taizhang::{
    app,
    domain::verification::Verdict,
    store::{Actor, Ledger, verify::VerifyOptions},
};

use crate::harness::{
    Town,
    town::{VILLAGE_A1, code},
};

on_both!(
    a_renamed_row_has_its_new_letters,
    altered_letters_are_found,
    sums_of_names_are_filled_in_when_a_ledger_is_opened,
);

async fn verdict(town: &Town) -> (Verdict, Option<String>) {
    let options = VerifyOptions { rows: true, ..VerifyOptions::default() };
    let done = town.ledger.verify(&options, &|_| {}).await.expect("a check");
    (done.verdict(), done.first().and_then(|fault| fault.place.part.clone()))
}

async fn a_renamed_row_has_its_new_letters(town: &Town) {
    let made = town.asset(VILLAGE_A1, "石拱桥", "10.00").await;
    assert_eq!(made.initials, Initials::of("石拱桥"));
    assert_eq!(town.stored(made.id).await.initials.as_str(), "sgq");
    let rename = |row| asset::Model { name: "风雨桥".into(), ..row };
    let operator = Actor::operator();
    let named = (made.id, made.version);
    let done = app::asset::amend(&town.ledger, &operator, named, rename).await.expect("amended");
    assert_eq!(done.initials.as_str(), "fyq");
    assert_eq!(town.stored(made.id).await, done);
    let areas = town.rows::<entity::area::Entity>().await;
    assert!(areas.iter().all(|area| area.initials == Initials::of(&area.name)));
    assert!(areas.iter().any(|area| area.initials.as_str() == "shc"));
}

async fn altered_letters_are_found(town: &Town) {
    let made = town.asset(VILLAGE_A1, "石拱桥", "10.00").await;
    assert_eq!(verdict(town).await, (Verdict::Sound, None));
    let altered = format!("UPDATE asset SET initials = 'xyz' WHERE id = {}", made.id);
    town.db.execute_unprepared(&altered).await.expect("altered");
    assert_eq!(verdict(town).await, (Verdict::Mismatch, Some("initials".to_owned())));
    let mended = format!("UPDATE asset SET initials = 'sgq' WHERE id = {}", made.id);
    town.db.execute_unprepared(&mended).await.expect("mended");
    let altered = format!("UPDATE area SET initials = '' WHERE area_code = '{VILLAGE_A1}'");
    town.db.execute_unprepared(&altered).await.expect("altered");
    assert_eq!(verdict(town).await, (Verdict::Mismatch, Some("initials".to_owned())));
}

async fn sums_of_names_are_filled_in_when_a_ledger_is_opened(town: &Town) {
    town.person(code(VILLAGE_A1), 0).await;
    let sums = async || -> Vec<String> {
        let rows = town.rows::<vault::Entity>().await;
        rows.into_iter().map(|record| record.name_index).collect()
    };
    let before = sums().await;
    assert!(!before.is_empty() && before.iter().all(|sum| sum.len() == 64));
    town.db.execute_unprepared("UPDATE vault SET name_index = ''").await.expect("emptied");
    assert_eq!(verdict(town).await.0, Verdict::Mismatch);
    let clock = town.clock.clone();
    let again = Ledger::open(town.ledger.place(), &town.keys(), clock).await.expect("opened");
    again.close().await.expect("closed");
    assert_eq!(sums().await, before);
    assert_eq!(verdict(town).await.0, Verdict::Sound);
}

#[tokio::test]
async fn rows_of_before_there_were_letters_get_theirs() {
    let db = Database::connect("sqlite::memory:").await.expect("a database");
    // what there was before the letters came
    Migrator::up(&db, Some(3)).await.expect("the first tables");
    for (id, name) in [(1, "石桥镇"), (2, "白果乡 O'Neil")] {
        let statement = Statement::from_sql_and_values(
            db.get_database_backend(),
            "INSERT INTO area (id, area_code, version, created_at, updated_at, name, level) \
             VALUES (?, '520381100000', 1, '2026-06-01T04:00:00+00:00', \
             '2026-06-01T04:00:00+00:00', ?, 'town')",
            [id.into(), name.into()],
        );
        // both are of one code; only one of them is valid
        let closing = "UPDATE area SET valid_until = '2020-01-01'";
        db.execute_raw(statement).await.expect("a row");
        db.execute_unprepared(closing).await.expect("closed");
    }
    Migrator::up(&db, None).await.expect("all tables");
    let rows = entity::area::Entity::find().all(&db).await.expect("rows");
    let letters: Vec<&str> = rows.iter().map(|row| row.initials.as_str()).collect();
    assert_eq!(letters, ["sqz", "bgxoneil"]);
}
