//! Rows, findings, sums and sealed contacts are altered past the log; and what is allowed to
//! change them leaves them sound.

use chrono::DateTime;
use entity::{asset, duty, money::Money, setting::Key};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use taizhang::{
    app,
    domain::{setting::Proposal, verification::Kind},
    store::verify::VerifyOptions,
};

use super::kit::{Kit, code, county, day, on_each};

#[tokio::test]
async fn an_edited_value_is_found() {
    on_each(async |kit: Kit| {
        let id = kit.assets[1].id;
        kit.sql(&format!("UPDATE asset SET original_value = 99 WHERE id = {id}")).await;
        let fault = kit.expect(Kind::RowChanged, 1).await;
        let noun = fault.place.noun.expect("a noun");
        assert_eq!((noun.table, fault.place.id), ("asset", Some(id.0)));
        assert_eq!(fault.place.part.as_deref(), Some("original_value"));
        assert_eq!(fault.expected.expect("a value").en, "20000.00");
        assert_eq!(fault.found.expect("a value").en, "0.99");
        // the entry that corrected it is the one the row should follow
        let seq = usize::try_from(fault.place.seq.expect("an entry")).expect("a number");
        assert_eq!(kit.entries().await[seq].action, "asset.correct");
    })
    .await;
}

#[tokio::test]
async fn an_edited_stamp_or_version_is_found() {
    on_each(async |kit: Kit| {
        let id = kit.assets[0].id;
        let before = kit.stored(id).await;
        let put = async |row: asset::Model| {
            row.into_active_model().reset_all().update(&kit.db).await.expect("an asset");
        };
        for part in ["version", "created_at", "updated_at"] {
            let mut row = before.clone();
            match part {
                "version" => row.version += 1,
                "created_at" => row.created_at = DateTime::UNIX_EPOCH,
                _ => row.updated_at += chrono::TimeDelta::days(1),
            }
            put(row).await;
            let fault = kit.expect(Kind::RowChanged, 1).await;
            assert_eq!(fault.place.part.as_deref(), Some(part));
        }
        put(before).await;
        kit.expect_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named() {
    on_each(async |kit: Kit| {
        let id = kit.assets[2].id;
        kit.sql(&format!("UPDATE asset SET class = 'nonsense' WHERE id = {id}")).await;
        let fault = kit.expect(Kind::RowUnreadable, 1).await;
        assert_eq!((fault.place.county, fault.place.id), (Some(county()), Some(id.0)));
    })
    .await;
}

#[tokio::test]
async fn an_inserted_row_is_found() {
    on_each(async |kit: Kit| {
        let mut row = kit.stored(kit.assets[0].id).await;
        row.id = entity::id::AssetId(900_000_000_000);
        row.code = "X-1".into();
        let row = row.into_active_model().reset_all();
        asset::Entity::insert(row).exec_without_returning(&kit.db).await.expect("an asset");
        let fault = kit.expect(Kind::RowUnrecorded, 1).await;
        assert_eq!((fault.place.id, fault.place.seq), (Some(900_000_000_000), None));
        assert_eq!(fault.place.county, Some(county()));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_row_is_found() {
    on_each(async |kit: Kit| {
        let duty = duty::Entity::find().one(&kit.db).await.expect("an answer").expect("a duty");
        kit.sql(&format!("DELETE FROM duty WHERE id = {}", duty.id)).await;
        let fault = kit.expect(Kind::RowMissing, 1).await;
        let noun = fault.place.noun.expect("a noun");
        assert_eq!((noun.table, fault.place.id), ("duty", Some(duty.id.0)));
        let seq = usize::try_from(fault.place.seq.expect("an entry")).expect("a number");
        assert_eq!(kit.entries().await[seq].action, "duty.assign");
    })
    .await;
}

#[tokio::test]
async fn a_history_that_contradicts_itself_is_found() {
    on_each(async |kit: Kit| {
        kit.break_in().await;
        let mut entries = kit.entries().await;
        let corrected =
            entries.iter_mut().find(|entry| entry.action == "asset.correct").expect("an entry");
        let seq = u64::try_from(corrected.seq).expect("a number");
        corrected.body = corrected
            .body
            .replace("{\"original_value\":\"12345.00\"}", "{\"original_value\":\"1.00\"}");
        kit.rewrite(entries).await;
        kit.sql("DELETE FROM checkpoint WHERE county = '520381'").await;
        let fault = kit.expect(Kind::RowHistory, 1).await;
        assert_eq!((fault.place.seq, fault.place.id), (Some(seq), Some(kit.assets[1].id.0)));
        assert_eq!(fault.expected.expect("a value").en, "12345.00");
        assert_eq!(fault.found.expect("a value").en, "1.00");
    })
    .await;
}

#[tokio::test]
async fn an_edited_sum_is_found() {
    on_each(async |kit: Kit| {
        kit.sql("UPDATE tally SET n = n + 1 WHERE subject = 'all' AND area_code = '520381100000'")
            .await;
        let fault = kit.expect(Kind::Tally, 1).await;
        assert_eq!(fault.place.part.as_deref(), Some("520381100000 all public"));
        assert_eq!(fault.expected.expect("a sum").en, "3 / 44690.00");
        assert_eq!(fault.found.expect("a sum").en, "4 / 44690.00");
        kit.sql("DELETE FROM tally WHERE subject = 'all' AND area_code = '520381100000'").await;
        let fault = kit.expect(Kind::Tally, 1).await;
        assert_eq!(fault.found.expect("a sum").en, "0 / 0.00");
    })
    .await;
}

#[tokio::test]
async fn an_edited_finding_is_found() {
    let edits = [
        ("value = 5", Kind::Finding, "value"),
        ("class = 'operating'", Kind::Finding, "class"),
        ("area_code = '520381100202'", Kind::Finding, "area_code"),
        ("is_standing = NOT is_standing", Kind::Finding, "is_standing"),
        ("since_on = '2020-01-01'", Kind::Finding, ""),
        ("is_waived = NOT is_waived", Kind::Finding, ""),
        ("closed_on = '2026-03-01'", Kind::FindingMissing, ""),
        ("opened_on = '1999-01-01'", Kind::Finding, "opened_on"),
        ("rule = 'Q04'", Kind::FindingUnfounded, ""),
    ];
    on_each(async |kit: Kit| {
        let id = kit.assets[2].id;
        for (edit, kind, part) in edits {
            let of = |rule: &str| format!("asset_id = {id} AND rule = '{rule}'");
            kit.sql("DROP TABLE IF EXISTS kept").await;
            kit.sql("CREATE TABLE kept AS SELECT * FROM finding").await;
            kit.sql(&format!("UPDATE finding SET {edit} WHERE {}", of("G01"))).await;
            let fault = kit.expect(kind, 1).await;
            assert_eq!(fault.place.noun.expect("a noun").table, "finding", "{edit}");
            assert_eq!(fault.place.id, Some(id.0), "{edit}");
            assert!(fault.place.part.expect("a part").ends_with(part), "{edit}");
            kit.sql("DELETE FROM finding").await;
            kit.sql("INSERT INTO finding SELECT * FROM kept").await;
        }
        kit.expect_sound().await;
        kit.sql(&format!("UPDATE finding SET asset_id = 777 WHERE asset_id = {id}")).await;
        kit.expect(Kind::FindingMissing, 1).await;
    })
    .await;
}

#[tokio::test]
async fn an_edited_day_of_inspection_is_found() {
    on_each(async |kit: Kit| {
        let proposal = Proposal {
            key: Key::InspectionDays,
            area: county().area(),
            value: "30".to_owned(),
            basis_title: "县管护办法".to_owned(),
            basis_no: None,
            from_on: kit.ledger.today(),
        };
        app::setting::set(&kit.ledger, &kit.actor, &proposal).await.expect("set");
        // on the day of the rule itself it may also be as it was before
        kit.hands.wait_days(1);
        kit.amend().await;
        kit.expect_sound().await;
        let id = kit.assets[0].id;
        for edit in [
            "UPDATE inspection_due SET due_on = '2026-01-01'",
            "UPDATE inspection_due SET area_code = '520381100202'",
            "DELETE FROM inspection_due",
        ] {
            kit.sql("DROP TABLE IF EXISTS kept").await;
            kit.sql("CREATE TABLE kept AS SELECT * FROM inspection_due").await;
            kit.sql(&format!("{edit} WHERE asset_id = {id}")).await;
            let fault = kit.expect(Kind::DueDay, 1).await;
            assert_eq!(fault.place.noun.expect("a noun").table, "inspection_due", "{edit}");
            assert_eq!(fault.place.id, Some(id.0), "{edit}");
            kit.sql("DELETE FROM inspection_due").await;
            kit.sql("INSERT INTO inspection_due SELECT * FROM kept").await;
        }
        // what is of an earlier day is no fault
        kit.hands.wait_days(40);
        kit.expect_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_finding_on_no_asset_is_found() {
    on_each(async |kit: Kit| {
        if kit.place.file().is_none() {
            kit.sql("SET session_replication_role = replica").await;
        }
        kit.sql(
            "INSERT INTO finding (asset_id, rule, area_code, class, is_standing, is_waived, \
             since_on, opened_on, value) SELECT 777, rule, area_code, class, is_standing, TRUE, \
             since_on, opened_on, value FROM finding WHERE closed_on IS NULL AND rule = 'G01'",
        )
        .await;
        let fault = kit.expect(Kind::FindingUnfounded, 1).await;
        assert_eq!(fault.place.id, Some(777));
    })
    .await;
}

#[tokio::test]
async fn what_time_changes_is_stale_and_no_fault() {
    on_each(async |kit: Kit| {
        kit.hands.wait_days(200); // the waiver ran out; nobody ran the round
        let rows = kit.expect_sound().await.rows.expect("rows");
        assert_eq!((rows.assets, rows.stale), (3, 1));
        app::nightly::round(&kit.ledger, &kit.actor).await.expect("a round");
        assert_eq!(kit.expect_sound().await.rows.expect("rows").stale, 0);
        kit.hands.wait_days(200); // the duties ended
        assert_eq!(kit.expect_sound().await.rows.expect("rows").stale, 2);
    })
    .await;
}

#[tokio::test]
async fn an_altered_area_of_an_edition_is_found() {
    on_each(async |kit: Kit| {
        kit.sql("UPDATE area SET name = '假村' WHERE area_code = '520382100201'").await;
        let fault = kit.expect(Kind::Edition, 1).await;
        assert_eq!(fault.place.county, Some(code("520000000000").county()));
        assert_eq!(fault.place.part.as_deref(), Some("area 1–9, digest"));
        kit.sql("UPDATE area SET name = '桥头村' WHERE area_code = '520382100201'").await;
        kit.expect_sound().await;
        kit.sql("DELETE FROM area WHERE area_code = '520382100201'").await;
        let fault = kit.expect(Kind::Edition, 1).await;
        assert_eq!(fault.place.part.as_deref(), Some("area 1–9, n"));
    })
    .await;
}

#[tokio::test]
async fn an_altered_area_that_was_renamed_is_named() {
    on_each(async |kit: Kit| {
        kit.sql("UPDATE area SET valid_until = '2026-01-27' WHERE id = 4").await;
        let fault = kit.expect(Kind::RowChanged, 1).await;
        assert_eq!((fault.place.id, fault.place.seq), (Some(4), Some(0)));
        assert_eq!(fault.place.part.as_deref(), Some("valid_until"));
    })
    .await;
}

#[tokio::test]
async fn a_merged_area_verifies_within_and_across_counties() {
    on_each(async |kit: Kit| {
        let (ledger, actor) = (&kit.ledger, &kit.actor);
        let on = day("2026-02-27");
        app::area::merge(ledger, actor, code("520381100201"), code("520381100202"), on)
            .await
            .expect("merged");
        kit.expect_sound().await;
        let later = day("2026-02-28");
        app::area::merge(ledger, actor, code("520381100202"), code("520382100201"), later)
            .await
            .expect("merged");
        ledger.sign_checkpoints().await.expect("signed");
        let verification = kit.expect_sound().await;
        assert_eq!(verification.logs.len(), 3);
        kit.amend().await;
        kit.expect_sound().await;
        // each county by itself, although rows went from one to the other
        for only in ["520381", "520382", "520000"] {
            let counties = Some([only.parse().expect("a county")].into());
            let options = VerifyOptions { rows: true, counties, ..VerifyOptions::default() };
            assert_eq!(kit.verify_with(&options).await.first(), None, "{only}");
        }
        let id = kit.assets[0].id;
        kit.sql(&format!("UPDATE asset SET remark = 'x' WHERE id = {id}")).await;
        let fault = kit.expect(Kind::RowChanged, 1).await;
        assert_eq!(fault.place.county, Some(code("520382000000").county()));
        assert_eq!(fault.place.part.as_deref(), Some("remark"));
    })
    .await;
}

#[tokio::test]
async fn a_replaced_contact_is_found() {
    on_each(async |kit: Kit| {
        kit.sql("UPDATE vault SET commitment = blind_index").await;
        let fault = kit.expect(Kind::VaultBroken, 1).await;
        assert_eq!(fault.place.noun.expect("a noun").table, "organization");
        if kit.place.file().is_none() {
            kit.sql("SET session_replication_role = replica").await;
        }
        kit.sql("DELETE FROM vault").await;
        let fault = kit.expect(Kind::VaultMissing, 1).await;
        assert!(!fault.sentence().zh.contains("张三"));
    })
    .await;
}

#[tokio::test]
async fn both_forms_of_the_report_name_the_place() {
    use entity::language::Language;
    on_each(async |kit: Kit| {
        let mut row = kit.stored(kit.assets[0].id).await.into_active_model();
        row.original_value = Set(Some(Money::from_fen(1)));
        row.update(&kit.db).await.expect("an asset");
        let verification = kit.verify(&[]).await;
        let text = app::verification::text(&verification, Language::Chinese);
        assert!(text.starts_with("与留痕不符\n县 520381，第 "), "{text}");
        assert!(text.contains("original_value：数据行与留痕不符"), "{text}");
        let json = app::verification::json(&verification, Language::English);
        assert_eq!(json["exit_code"], 1);
        assert_eq!(json["first"]["kind"], "row.changed");
        assert_eq!(json["first"]["id"], kit.assets[0].id.0);
        assert_eq!(json["logs"][1]["fault"], "row.changed");
    })
    .await;
}
