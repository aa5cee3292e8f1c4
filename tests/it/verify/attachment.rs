//! What attached files hold is altered past the log; and what is whole is found whole.

use entity::attachment::{self, content};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use taizhang::{app, app::attachment::Thing, domain::verification::Kind};

use super::kit::{Kit, county, on_each};
use crate::harness::files::{look, pdf, png};

/// Attaches a document and two pictures to two assets.
async fn with_files(kit: &Kit) -> Vec<attachment::Model> {
    let mut rows = Vec::new();
    for (place, name, bytes) in
        [(0, "a.pdf", pdf("批复")), (0, "a.png", png(30, 20)), (1, "b.png", png(20, 30))]
    {
        let thing = Thing::Asset(kit.assets[place].id);
        let files = [look(name, &bytes).await.expect("taken")];
        let done = app::attachment::attach(&kit.ledger, &kit.actor, thing, &files, None).await;
        rows.extend(done.expect("attached"));
    }
    // as somebody can who owns the database
    kit.break_in().await;
    rows
}

async fn stored(kit: &Kit, digest: &str) -> content::Model {
    let row = content::Entity::find_by_id(digest).one(&kit.db).await;
    row.expect("an answer").expect("a content")
}

async fn put(kit: &Kit, digest: &str, sealed: Vec<u8>) {
    let mut row = stored(kit, digest).await.into_active_model();
    row.sealed = Set(sealed);
    row.update(&kit.db).await.expect("put");
}

#[tokio::test]
async fn a_flipped_byte_of_a_content_is_found() {
    on_each(async |kit: Kit| {
        let rows = with_files(&kit).await;
        kit.expect_sound().await;
        let whole = stored(&kit, &rows[0].digest).await.sealed;
        for place in [0, whole.len() / 2, whole.len() - 1] {
            let mut flipped = whole.clone();
            flipped[place] ^= 1;
            put(&kit, &rows[0].digest, flipped).await;
            let fault = kit.expect(Kind::FileBroken, 1).await;
            let noun = fault.place.noun.expect("a noun");
            assert_eq!((noun.table, fault.place.id), ("attachment", Some(rows[0].id.0)));
            assert_eq!(fault.place.part.as_deref(), Some("content"));
            assert_eq!(fault.place.county, Some(county()));
            let read = kit.ledger.read(&kit.actor);
            let (_, is_whole) = app::attachment::check(&read, rows[0].id).await.expect("checked");
            assert!(!is_whole);
            assert!(app::attachment::content(&read, rows[0].id).await.is_err(), "not handed out");
        }
        put(&kit, &rows[0].digest, whole).await;
        kit.expect_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_swapped_preview_is_found() {
    on_each(async |kit: Kit| {
        let rows = with_files(&kit).await;
        let preview = |row: &attachment::Model| row.preview_digest.clone().expect("one");
        let (one, other) = (preview(&rows[1]), preview(&rows[2]));
        let other_sealed = stored(&kit, &other).await.sealed;
        let own_sealed = stored(&kit, &one).await.sealed;
        put(&kit, &one, other_sealed).await;
        let fault = kit.expect(Kind::FileBroken, 1).await;
        assert_eq!(
            (fault.place.id, fault.place.part.as_deref()),
            (Some(rows[1].id.0), Some("preview"))
        );
        put(&kit, &one, own_sealed).await;
        kit.expect_sound().await;
        // another digest in the row itself is a row that was changed past the log
        let id = rows[1].id;
        kit.sql(&format!("UPDATE attachment SET preview_digest = '{other}' WHERE id = {id}")).await;
        let fault = kit.expect(Kind::RowChanged, 1).await;
        assert_eq!(fault.place.part.as_deref(), Some("preview_digest"));
    })
    .await;
}

#[tokio::test]
async fn a_content_that_is_gone_is_found() {
    on_each(async |kit: Kit| {
        let rows = with_files(&kit).await;
        kit.sql(&format!("DELETE FROM attachment_content WHERE digest = '{}'", rows[2].digest))
            .await;
        let fault = kit.expect(Kind::FileMissing, 1).await;
        assert_eq!(
            (fault.place.id, fault.place.part.as_deref()),
            (Some(rows[2].id.0), Some("content"))
        );
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_keeps_contents_as_they_are() {
    use sea_orm::ConnectionTrait as _;
    on_each(async |kit: Kit| {
        let thing = Thing::Asset(kit.assets[0].id);
        let files = [look("a.pdf", &pdf("x")).await.expect("taken")];
        let done = app::attachment::attach(&kit.ledger, &kit.actor, thing, &files, None).await;
        done.expect("attached");
        for sql in ["DELETE FROM attachment_content", "UPDATE attachment_content SET digest = 'x'"]
        {
            assert!(kit.db.execute_unprepared(sql).await.is_err(), "{sql}");
        }
        kit.expect_sound().await;
    })
    .await;
}
