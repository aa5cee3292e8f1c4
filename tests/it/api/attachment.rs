//! Files over the API: brought once however often they come, handed out as they are, withdrawn.

use entity::{account::Role, attachment, id::AssetId};
use serde_json::json;
use taizhang::{app::attachment::Thing, limits, store::Actor};

use super::{Client, Reply};
use crate::harness::{
    Town,
    files::{digest, docx, jpeg_of_telephone, pdf, png},
    town::{VILLAGE_A1, VILLAGE_B1},
};

on_both!(
    a_file_is_brought_once_and_handed_out_apart,
    a_form_is_read_strictly_and_has_its_limits,
    another_villages_files_are_not_there,
    a_thing_has_twenty_files,
    a_file_is_withdrawn_from_the_version_that_was_read,
    several_programs_hand_out_the_same_files,
    an_account_brings_one_file_at_a_time,
);

async fn bring(client: &Client, path: &str, key: &str, file: (&str, &[u8])) -> Reply {
    client.post(path).key(key).form(&[], &[file]).send().await
}

fn files_of(id: AssetId) -> String {
    format!("/assets/{id}/attachments")
}

async fn a_file_is_brought_once_and_handed_out_apart(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let (path, bytes) = (files_of(asset.id), jpeg_of_telephone(600, 300));
    let made = bring(&clerk, &path, "key-one", ("桥 头.jpeg", &bytes)).await.is(201);
    assert_eq!(made.header("etag"), "\"1\"");
    let view = made.json();
    assert_eq!(
        (view["kind"].as_str(), view["media_type"].as_str()),
        (Some("photo"), Some("image/jpeg"))
    );
    assert_eq!(view["brought_digest"].as_str(), Some(&*digest(&bytes)));
    assert_eq!(
        (view["attached_by"].as_str(), view["has_preview"].as_bool()),
        (Some("finance-clerk"), Some(true))
    );
    let again = bring(&clerk, &path, "key-one", ("桥 头.jpeg", &bytes)).await.is(201);
    assert_eq!((again.header("idempotency-replayed"), again.json()), ("true", view.clone()));
    let other = bring(&clerk, &path, "key-one", ("桥 头.jpeg", &pdf("x"))).await;
    other.problem(422, "request_key.reused");
    let same = bring(&clerk, &path, "key-two", ("b.jpeg", &bytes)).await;
    same.problem(409, "attachment.there_already");
    let listed = clerk.get(&path).await.is(200).json();
    assert_eq!(listed, json!([view]));

    let id = view["id"].as_i64().expect("an id");
    let leader = town.caller(Role::Leader).await;
    let content = leader.get(&format!("/attachments/{id}/content")).await.is(200);
    assert_eq!(digest(&content.body), view["digest"].as_str().expect("a digest"));
    assert_eq!(content.header("content-length"), content.body.len().to_string());
    assert_eq!(content.header("content-type"), "image/jpeg");
    let named = "attachment; filename=\"___.jpeg\"; filename*=UTF-8''%E6%A1%A5%20%E5%A4%B4.jpeg";
    assert_eq!(content.header("content-disposition"), named);
    assert_eq!(content.header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(content.header("x-content-type-options"), "nosniff");
    assert_eq!(content.header("cache-control"), "no-store");
    assert!(!content.body.windows(4).any(|part| part == b"Exif"));
    let preview = leader.get(&format!("/attachments/{id}/preview")).await.is(200);
    assert_eq!(preview.header("content-type"), "image/jpeg");
    assert_eq!(preview.header("cache-control"), "private, max-age=3600");
    assert!(
        image::load_from_memory(&preview.body).expect("a picture").height() <= limits::PREVIEW_SIDE
    );
    let check = leader.get(&format!("/attachments/{id}/check")).await.is(200).json();
    assert_eq!(check, json!({ "is_whole": true, "digest": view["digest"] }));
    // a document has no small picture
    let text = bring(&clerk, &path, "key-three", ("a.pdf", &pdf("x"))).await.is(201).json();
    let none = clerk.get(&format!("/attachments/{}/preview", text["id"])).await;
    none.problem(404, "not_found");
    leader.post(&path).key("key-four").form(&[], &[("a.pdf", &pdf("y"))]).send().await.is(403);
}

async fn a_form_is_read_strictly_and_has_its_limits(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let path = files_of(asset.id);
    let before = town.everything().await.len();
    let call = || clerk.post(&path).key("a-key");
    let text = pdf("x");
    let file = ("a.pdf", &*text);
    call().form(&[], &[]).send().await.problem(422, "invalid");
    call().form(&[("kind", "selfie")], &[file]).send().await.problem(422, "invalid");
    call().form(&[("owner", "me")], &[file]).send().await.problem(422, "invalid");
    call().form(&[], &[file, file]).send().await.problem(422, "attachment.too_many");
    call().json(&json!({})).send().await.problem(415, "not_a_form");
    clerk.post(&path).form(&[], &[file]).send().await.problem(400, "idempotency_key_missing");
    let macros = docx(&[("word/vbaProject.bin", b"x")]);
    call().form(&[], &[("合同.docx", &macros)]).send().await.problem(422, "attachment.macros");
    let exact = usize::try_from(limits::DOCUMENT_BYTES).expect("a number");
    let mut large = pdf("x");
    large.resize(exact - 6, b' ');
    large.extend(b"\n%%EOF");
    let mut larger = large.clone();
    larger.push(b'\n');
    call().form(&[], &[("a.pdf", &larger)]).send().await.problem(413, "too_large");
    assert_eq!(town.everything().await.len(), before, "what was refused left nothing");
    let made = call().form(&[("kind", "minutes")], &[("a.pdf", &large)]).send().await.is(201);
    assert_eq!(made.json()["kind"], "minutes");
    let content = clerk.get(&format!("/attachments/{}/content", made.json()["id"])).await.is(200);
    assert!(content.body == large, "twenty megabytes come back as they went");
}

async fn another_villages_files_are_not_there(town: &Town) {
    let asset = town.asset(VILLAGE_B1, "灌溉渠", "10.00").await;
    let operator = Actor::operator();
    let thing = Thing::Asset(asset.id);
    let row = town.attach(&operator, thing, ("a.png", &png(9, 9))).await.expect("attached");
    // the clerk of the other town, and a village of it
    for role in [Role::TownshipClerk, Role::VillageOfficer] {
        let stranger = town.caller(role).await;
        for what in ["content", "preview", "check"] {
            let reply = stranger.get(&format!("/attachments/{}/{what}", row.id)).await;
            reply.problem(404, "not_found");
        }
        stranger.get(&files_of(asset.id)).await.problem(404, "not_found");
    }
    let clerk = town.caller(Role::TownshipClerk).await;
    bring(&clerk, &files_of(asset.id), "a-key", ("b.pdf", &pdf("b")))
        .await
        .problem(404, "not_found");
    let withdrawal = clerk.post(&format!("/attachments/{}/withdraw", row.id)).key("b-key");
    let withdrawal = withdrawal.version(1).json(&json!({ "reason": "不该" })).send().await;
    withdrawal.problem(404, "not_found");
}

async fn a_thing_has_twenty_files(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let path = files_of(asset.id);
    for n in 0..limits::FILES_PER_THING {
        let bytes = pdf(&n.to_string());
        bring(&clerk, &path, &format!("key-{n}"), ("a.pdf", &bytes)).await.is(201);
    }
    let more = bring(&clerk, &path, "one-more", ("a.pdf", &pdf("one more"))).await;
    more.problem(422, "attachment.full");
    // another thing has its own twenty
    let other = town.asset(VILLAGE_A1, "灌溉渠", "10.00").await;
    bring(&clerk, &files_of(other.id), "other", ("a.pdf", &pdf("one more"))).await.is(201);
}

async fn a_file_is_withdrawn_from_the_version_that_was_read(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let thing = Thing::Asset(asset.id);
    let row =
        town.attach(&Actor::operator(), thing, ("a.png", &png(9, 9))).await.expect("attached");
    let clerk = town.caller(Role::FinanceClerk).await;
    let path = format!("/attachments/{}/withdraw", row.id);
    let reason = json!({ "reason": "拍错了" });
    let call = |key| clerk.post(&path).key(key).json(&reason);
    call("a").send().await.problem(428, "if_match_missing");
    call("a").version(3).send().await.problem(412, "changed_meanwhile");
    let done = call("a").version(1).send().await.is(200);
    assert_eq!((done.header("etag"), done.json()["is_withdrawn"].as_bool()), ("\"2\"", Some(true)));
    assert_eq!(done.json()["attached_by"], "operator");
    let again = call("a").version(1).send().await.is(200);
    assert_eq!(again.header("idempotency-replayed"), "true");
    for what in ["content", "preview"] {
        let gone = clerk.get(&format!("/attachments/{}/{what}", row.id)).await;
        gone.problem(410, "attachment.withdrawn");
    }
    let listed = clerk.get(&files_of(asset.id)).await.is(200).json();
    assert_eq!(listed[0]["is_withdrawn"], true);
}

async fn several_programs_hand_out_the_same_files(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let first = town.caller(Role::FinanceClerk).await;
    let bytes = pdf("两处");
    let made = bring(&first, &files_of(asset.id), "a-key", ("a.pdf", &bytes)).await.is(201).json();
    // another program over the same database and the same keys
    let place = town.ledger.place().clone();
    let ledger = taizhang::store::Ledger::open(&place, &town.keys(), town.clock.clone()).await;
    let ledger = ledger.expect("opened");
    let clerk = town.clerk().await;
    let id = entity::id::AttachmentId(made["id"].as_i64().expect("an id"));
    let read = ledger.read(&clerk);
    let (_, content) = taizhang::app::attachment::content(&read, id).await.expect("a content");
    assert_eq!(content, bytes);
    ledger.close().await.expect("closed");
}

async fn an_account_brings_one_file_at_a_time(town: &Town) {
    use axum::body::Body;
    use futures_util::stream;
    use tokio::sync::oneshot;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.caller(Role::FinanceClerk).await;
    let path = files_of(asset.id);
    let (begun, has_begun) = oneshot::channel::<()>();
    let (go_on, may_go_on) = oneshot::channel::<()>();
    let head = "------lantern\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n";
    let rest = [pdf("x"), b"\r\n------lantern--\r\n".to_vec()].concat();
    // a body is read once its account has its turn
    let slow = stream::once(async move {
        begun.send(()).expect("somebody waits");
        Ok::<_, std::io::Error>(head.as_bytes().to_vec())
    });
    let slow = futures_util::StreamExt::chain(
        slow,
        stream::once(async move {
            may_go_on.await.expect("somebody says so");
            Ok(rest)
        }),
    );
    let kind = "multipart/form-data; boundary=----lantern";
    let first = clerk.post(&path).key("slow").raw(kind, Body::from_stream(slow)).send();
    let second = async {
        has_begun.await.expect("begun");
        let reply = bring(&clerk, &path, "quick", ("b.pdf", &pdf("b"))).await;
        assert_eq!(reply.header("retry-after"), "2");
        reply.problem(429, "file_under_way");
        let id = town.rows::<attachment::Entity>().await.first().map_or(1, |row| row.id.0);
        let fetched = clerk.get(&format!("/attachments/{id}/content")).await;
        fetched.problem(429, "file_under_way");
        go_on.send(()).expect("the first goes on");
    };
    let (first, ()) = tokio::join!(first, second);
    first.is(201);
    bring(&clerk, &path, "after", ("b.pdf", &pdf("b"))).await.is(201);
}
