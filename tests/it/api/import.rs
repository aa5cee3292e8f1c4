//! Imports over the API: a sheet becomes a job, and the job what the command line would have made
//! of it.

use std::{fmt::Write as _, time::Duration};

use axum::http::StatusCode;
use entity::{account::Role, asset, id::JobId, import::Kind, job, log::Action};
use rust_xlsxwriter::Workbook;
use serde_json::{Value as Json, json};
use taizhang::{
    app, limits,
    store::{
        Actor, Answer, RequestKey,
        job::{Asking, Runner},
    },
};

use super::{Client, Reply};
use crate::harness::{
    Town,
    town::{VILLAGE_A1, VILLAGE_B1},
};

on_both!(
    a_sheet_is_imported_once_and_undone,
    a_workbook_is_imported,
    a_trial_keeps_nothing_and_rejected_rows_come_back,
    a_sheet_that_cannot_be_read_says_why,
    a_form_is_read_strictly,
    a_form_has_its_limits,
    jobs_have_their_places,
    a_job_that_is_cancelled_leaves_nothing,
    a_program_that_ends_stops_its_imports,
    a_job_whose_program_is_gone_was_interrupted,
    a_job_is_sealed_and_forgotten,
);

const BOUNDARY: &str = "----lantern";

/// A form of texts and a file.
fn form(boundary: &str, texts: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = String::new();
    for (name, text) in texts {
        let head = format!("content-disposition: form-data; name=\"{name}\"");
        _ = write!(body, "--{boundary}\r\n{head}\r\n\r\n{text}\r\n");
    }
    let mut body = body.into_bytes();
    if let Some((name, bytes)) = file {
        let head = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"");
        body.extend(format!("--{boundary}\r\n{head}\r\n\r\n").bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").bytes());
    body
}

pub(super) async fn send(
    client: &Client,
    key: &str,
    texts: &[(&str, &str)],
    file: (&str, &[u8]),
) -> Reply {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let body = form(BOUNDARY, texts, Some(file));
    client.post("/imports").key(key).raw(&kind, body).send().await
}

/// A sheet of some assets in a village.
fn sheet(village: &str, n: usize) -> String {
    let mut text = String::from("资产名称,资产类别,区划代码,资产原值\n");
    for row in 0..n {
        _ = writeln!(text, "第{row}号桥,公益性资产,{village},{}.50", 1_000 + row);
    }
    text
}

/// A job once it is as it should be.
async fn until(client: &Client, place: &str, is_so: impl Fn(&Json) -> bool) -> Json {
    let path = place.strip_prefix("/api/v1").unwrap_or(place);
    for _ in 0..3_000 {
        let job = client.get(path).await.is(200).json();
        if is_so(&job) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the job stands still: {}", client.get(path).await.json());
}

pub(super) async fn over(client: &Client, sent: &Reply) -> Json {
    let place = sent.header("location").to_owned();
    let job = until(client, &place, |job| {
        !["waiting", "running"].contains(&job["state"].as_str().unwrap_or_default())
    });
    job.await
}

pub(super) async fn n_assets(town: &Town) -> usize {
    town.rows::<asset::Entity>().await.len()
}

async fn a_sheet_is_imported_once_and_undone(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let officer = town.caller(Role::RuralOfficer).await;
    let there = town.clerk_there().await;
    let before = town.n_entries().await;
    let text = sheet(VILLAGE_A1, 3);
    let file = ("资产 表.csv", text.as_bytes());
    let sent = send(&clerk, "k-1", &[("kind", "assets")], file).await.is(202);
    assert_eq!(
        (&sent.json()["state"], &sent.json()["kind"]),
        (&json!("waiting"), &json!("assets"))
    );
    let done = over(&clerk, &sent).await;
    assert_eq!((&done["state"], &done["rows"]), (&json!("done"), &json!(3)), "{done}");
    let outcome = &done["outcome"];
    assert_eq!((&outcome["created"], &outcome["is_kept"]), (&json!(3), &json!(true)));
    assert_eq!(outcome["source"]["file_name"], json!("资产 表.csv"));
    assert_eq!(outcome["columns"][0], json!({ "field": "name", "header": "资产名称" }));
    assert_eq!((town.n_entries().await, n_assets(town).await), (before + 1, 3));
    // the same form in another frame is the same request
    let kind = "multipart/form-data; boundary=other";
    let body = form("other", &[("kind", "assets")], Some(file));
    let again = clerk.post("/imports").key("k-1").raw(kind, body).send().await.is(202);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("location"), sent.header("location"));
    assert_eq!(again.json(), sent.json());
    let other = send(&clerk, "k-1", &[("kind", "duties")], file).await;
    other.problem(422, "request_key.reused");
    assert_eq!(town.n_entries().await, before + 1);
    // the job is its sender's; the import is everybody's whose area it is in
    let place = sent.header("location").trim_start_matches("/api/v1").to_owned();
    for path in [place.clone(), format!("{place}/rejected")] {
        officer.get(&path).await.problem(404, "not_found");
    }
    officer.post(&format!("{place}/cancel")).send().await.problem(404, "not_found");
    let id = outcome["import"].as_i64().expect("a number");
    let listed = officer.get("/imports?limit=1").await.is(200).json();
    assert_eq!((&listed["items"][0]["id"], &listed["next"]), (&json!(id), &Json::Null));
    let path = format!("/imports/{id}");
    assert_eq!(officer.get(&path).await.is(200).json()["created"], json!(3));
    there.get(&path).await.problem(404, "not_found");
    assert_eq!(there.get("/imports").await.is(200).json()["items"], json!([]));
    let card = town.rows::<asset::Entity>().await.remove(0);
    let origin = officer.get(&format!("/assets/{}/origin", card.id)).await.is(200).json();
    let value =
        origin.as_array().expect("cells").iter().find(|one| one["field"] == "original_value");
    let value = value.expect("the value");
    let cell = (&value["column"], &value["row"], &value["header"]);
    assert_eq!(cell, (&json!("D"), &json!(2), &json!("资产原值")));
    assert_eq!(value["value"], json!("1000.50"));
    there.get(&format!("/assets/{}/origin", card.id)).await.problem(404, "not_found");
    // undone once
    let undo = format!("{path}/undo");
    let undone = clerk.post(&undo).key("u").json(&json!({})).send().await.is(200).json();
    assert_eq!(undone["undone"], json!(3));
    let again = clerk.post(&undo).key("u").json(&json!({})).send().await.is(200);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let twice = clerk.post(&undo).key("u-2").json(&json!({})).send().await;
    twice.problem(422, "import.undone_already");
    assert_eq!(town.n_entries().await, before + 2);
}

async fn a_workbook_is_imported(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let mut book = Workbook::new();
    for (name, bridge) in [("说明", "错的"), ("资产", "石拱桥")] {
        let page = book.add_worksheet().set_name(name).expect("a sheet");
        let rows = [["名称", "类别", "区划", "万元"], [bridge, "公益", VILLAGE_A1, "12"]];
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                page.write_string(row, column, cell).expect("a cell");
            }
        }
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    let map = "money = \"万元\"\n[columns]\nname = \"名称\"\nclass = \"类别\"\narea_code = \"区划\"\n\
               original_value = \"万元\"\n[words.class]\n\"公益\" = \"public\"\n";
    let texts = [("kind", "assets"), ("map", map), ("sheet", "资产")];
    let sent = send(&clerk, "k-1", &texts, ("a.xlsx", &bytes)).await.is(202);
    let done = over(&clerk, &sent).await;
    assert_eq!(done["outcome"]["created"], json!(1), "{done}");
    assert_eq!(done["outcome"]["source"]["sheets"], json!(["说明", "资产"]));
    let card = town.rows::<asset::Entity>().await.remove(0);
    assert_eq!(card.name, "石拱桥");
    assert_eq!(card.original_value.map(|value| value.to_string()), Some("120000.00".to_owned()));
}

async fn a_trial_keeps_nothing_and_rejected_rows_come_back(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let text = format!("{}=坏桥,公益性资产,{VILLAGE_A1},很多钱\n", sheet(VILLAGE_A1, 2));
    let file = ("a.csv", text.as_bytes());
    let trial = [("kind", "assets"), ("dry_run", "true"), ("accept_valid", "true")];
    let sent = send(&clerk, "trial", &trial, file).await.is(202);
    let done = over(&clerk, &sent).await;
    let outcome = &done["outcome"];
    assert_eq!((&done["state"], &done["is_trial"]), (&json!("done"), &json!(true)));
    assert_eq!((&outcome["created"], &outcome["rejected"]), (&json!(2), &json!(1)));
    assert_eq!((&outcome["is_kept"], &outcome["import"]), (&json!(false), &Json::Null));
    assert_eq!((town.n_entries().await, n_assets(town).await), (before, 0));
    let mistake = &outcome["mistakes"][0];
    let place = (&mistake["column"], &mistake["row"], &mistake["found"]);
    assert_eq!(place, (&json!("D"), &json!(4), &json!("很多钱")));
    let place = sent.header("location").trim_start_matches("/api/v1").to_owned();
    let english = clerk.call(axum::http::Method::GET, &place).header("accept-language", "en");
    let told = english.send().await.is(200).json()["outcome"]["mistakes"][0]["expected"].clone();
    assert!(told.as_str().is_some_and(|told| told.starts_with("expected an amount")), "{told}");
    // a row that is wrong keeps the whole sheet out
    let sent = send(&clerk, "whole", &[("kind", "assets")], file).await.is(202);
    let done = over(&clerk, &sent).await;
    assert_eq!((&done["state"], &done["outcome"]["is_kept"]), (&json!("done"), &json!(false)));
    assert_eq!(n_assets(town).await, 0);
    let valid = [("kind", "assets"), ("accept_valid", "true")];
    let sent = send(&clerk, "valid", &valid, file).await.is(202);
    let done = over(&clerk, &sent).await;
    assert_eq!((&done["outcome"]["created"], &done["outcome"]["returned"]), (&json!(2), &json!(1)));
    assert_eq!((town.n_entries().await, n_assets(town).await), (before + 1, 2));
    let place = sent.header("location").trim_start_matches("/api/v1").to_owned();
    let rows = clerk.get(&format!("{place}/rejected")).await.is(200);
    assert_eq!(rows.header("content-disposition"), "attachment; filename=\"rejected.csv\"");
    let text = String::from_utf8(rows.body).expect("text");
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "资产名称,资产类别,区划代码,资产原值,问题");
    assert!(
        lines[1].starts_with(&format!("'=坏桥,公益性资产,{VILLAGE_A1},很多钱,\"资产原值：")),
        "{text}"
    );
    assert_eq!(lines.len(), 2);
    // mended, the rest of it comes in as well
    let mended = text.replace("很多钱", "12");
    let sent = send(&clerk, "mended", &valid, ("b.csv", mended.as_bytes())).await.is(202);
    assert_eq!(over(&clerk, &sent).await["outcome"]["created"], json!(1));
}

async fn a_sheet_that_cannot_be_read_says_why(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    for (key, bytes, code) in [
        ("empty", &b""[..], "sheet.empty_file"),
        ("page", b"<html><body>", "sheet.web_page"),
        ("columns", b"a,b\n1,2\n", "sheet.layout"),
    ] {
        let sent = send(&clerk, key, &[("kind", "assets")], ("a.csv", bytes)).await.is(202);
        let failed = over(&clerk, &sent).await;
        assert_eq!(failed["state"], json!("failed"), "{failed}");
        assert_eq!(failed["faults"][0]["code"], json!(code), "{failed}");
        assert_eq!(failed["outcome"], Json::Null);
    }
    // whose rows lie elsewhere is told so row by row
    let text = sheet("520382100201", 1);
    let sent = send(&clerk, "there", &[("kind", "assets")], ("a.csv", text.as_bytes())).await;
    let done = over(&clerk, &sent.is(202)).await;
    assert_eq!((&done["outcome"]["rejected"], n_assets(town).await), (&json!(1), 0));
}

async fn a_form_is_read_strictly(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let whole = form(BOUNDARY, &[("kind", "assets")], Some(("a.csv", b"x")));
    let keyless = clerk.post("/imports").raw(&kind, whole.clone()).send().await;
    keyless.problem(400, "idempotency_key_missing");
    let json = clerk.post("/imports").key("k").json(&json!({})).send().await;
    json.problem(415, "not_a_form");
    let cut = clerk.post("/imports").key("k").raw(&kind, whole[..whole.len() - 9].to_vec());
    cut.send().await.problem(400, "body_not_whole");
    let no_file = form(BOUNDARY, &[("kind", "assets")], None);
    let no_file = clerk.post("/imports").key("k").raw(&kind, no_file).send().await;
    assert_eq!(no_file.problem(422, "invalid")["errors"][0]["field"], json!("file"));
    let wrong = [
        ("kind", "people"),
        ("dry_run", "perhaps"),
        ("encoding", "ebcdic"),
        ("delimiter", "&"),
        ("header_row", "first"),
        ("map", "colums = {}"),
    ];
    let wrong = send(&clerk, "k", &wrong, ("a.csv", b"x")).await.problem(422, "invalid");
    assert_eq!(wrong["errors"].as_array().map(Vec::len), Some(6), "{wrong}");
    send(&clerk, "k", &[("colour", "red")], ("a.csv", b"x")).await.problem(422, "invalid");
    let twice = [("kind", "assets"), ("kind", "duties")];
    send(&clerk, "k", &twice, ("a.csv", b"x")).await.problem(422, "invalid");
    let of_other = [("kind", "duties"), ("map", "kind = \"assets\"")];
    send(&clerk, "k", &of_other, ("a.csv", b"x")).await.problem(422, "invalid");
    let leader = town.caller(Role::Leader).await;
    send(&leader, "k", &[("kind", "assets")], ("a.csv", b"x")).await.problem(403, "forbidden");
    let areas = send(&clerk, "k", &[("kind", "areas")], ("a.csv", b"x")).await;
    areas.problem(403, "forbidden");
    assert!(town.rows::<job::Entity>().await.is_empty());
}

async fn a_form_has_its_limits(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let map = |bytes: u64| "#".repeat(usize::try_from(bytes).expect("small"));
    for (bytes, status) in [(limits::MAP_FILE_BYTES, 202), (limits::MAP_FILE_BYTES + 1, 413)] {
        let texts = [("kind", "assets"), ("map", &map(bytes))];
        let sent = send(&clerk, &format!("m{bytes}"), &texts, ("a.csv", b"a,b\n")).await.is(status);
        if status == 202 {
            assert_eq!(over(&clerk, &sent).await["state"], json!("failed"));
        }
    }
    for (more, status) in [(0, 202), (1, 413)] {
        let bytes = vec![b'a'; usize::try_from(limits::UPLOAD_BYTES).expect("small") + more];
        let key = format!("f{more}");
        let sent = send(&clerk, &key, &[("kind", "assets")], ("a.csv", &bytes)).await.is(status);
        if status == 202 {
            // the whole of it was there to be read
            let failed = over(&clerk, &sent).await;
            assert_eq!(failed["state"], json!("failed"), "{failed}");
        }
    }
}

async fn jobs_have_their_places(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let actor = town.clerk().await;
    let jobs = &clerk.state.jobs;
    let mut places = Vec::new();
    for _ in 1..limits::JOBS_PER_ACCOUNT {
        places.push(jobs.place(&actor).expect("a place"));
    }
    let text = sheet(VILLAGE_A1, 1);
    let file = ("a.csv", text.as_bytes());
    let sent = send(&clerk, "last", &[("kind", "assets")], file).await.is(202);
    over(&clerk, &sent).await;
    places.push(jobs.place(&actor).expect("the last place"));
    let full = send(&clerk, "full", &[("kind", "assets")], file).await.is(503);
    assert!(!full.header("retry-after").is_empty());
    full.problem(503, "busy");
    drop(places.pop());
    send(&clerk, "full", &[("kind", "assets")], file).await.is(202);
    places.clear();
    // and so has the program
    let mut all = Vec::new();
    let roles = [Role::RuralOfficer, Role::TownshipClerk, Role::FinanceClerk];
    let mut actors = Vec::new();
    for role in roles {
        actors.extend([town.as_role(role).await, town.as_other(role).await]);
    }
    jobs.ended().await;
    while all.len() < limits::JOBS {
        let actor = &actors[all.len() / limits::JOBS_PER_ACCOUNT];
        all.push(jobs.place(actor).expect("a place"));
    }
    let spare = actors.last().expect("an actor");
    assert!(jobs.place(spare).is_err());
    drop(all.pop());
    assert!(jobs.place(spare).is_ok());
}

async fn a_job_that_is_cancelled_leaves_nothing(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let text = sheet(VILLAGE_A1, 30_000);
    let file = ("a.csv", text.as_bytes());
    let first = send(&clerk, "k-1", &[("kind", "assets")], file).await.is(202);
    let place = first.header("location").to_owned();
    let running = until(&clerk, &place, |job| job["rows"].as_i64() >= Some(1_000)).await;
    assert_eq!(running["state"], json!("running"));
    let cancel = format!("{}/cancel", place.trim_start_matches("/api/v1"));
    let told = clerk.post(&cancel).send().await.is(200).json();
    assert_eq!(told["is_cancelled"], json!(true));
    let cancelled = over(&clerk, &first).await;
    assert_eq!(cancelled["state"], json!("cancelled"));
    let rows = cancelled["rows"].as_i64().expect("rows");
    assert!(rows <= told["rows"].as_i64().expect("rows") + 1_000, "{told} {cancelled}");
    assert_eq!((town.n_entries().await, n_assets(town).await), (before, 0));
    // cancelling what is over changes nothing
    assert_eq!(clerk.post(&cancel).send().await.is(200).json()["state"], json!("cancelled"));
}

async fn a_program_that_ends_stops_its_imports(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let text = sheet(VILLAGE_B1, 30_000);
    let file = ("a.csv", text.as_bytes());
    let sent = send(&clerk, "k-1", &[("kind", "assets")], file).await.is(202);
    let place = sent.header("location").to_owned();
    until(&clerk, &place, |job| job["state"] == "running").await;
    clerk.state.jobs.stop();
    clerk.state.jobs.ended().await;
    let stopped = over(&clerk, &sent).await;
    assert_eq!(stopped["state"], json!("interrupted"), "{stopped}");
    assert_eq!((town.n_entries().await, n_assets(town).await), (before, 0));
    let late = send(&clerk, "k-2", &[("kind", "assets")], file).await;
    late.problem(503, "busy");
}

/// A job that a program took and that nobody carries out.
async fn abandoned(town: &Town, actor: &Actor, runner: &Runner, key: &str) -> job::Model {
    let asking = Asking { kind: Kind::Assets, is_trial: false };
    let key = RequestKey { key: key.to_owned(), route: "x".to_owned(), body_digest: [0; 32] };
    let none = |_: &job::Model| Ok(Answer { status: 202, body: None });
    town.ledger.open_job(actor, runner, asking, &key, none).await.expect("a job")
}

async fn a_job_whose_program_is_gone_was_interrupted(town: &Town) {
    let actor = town.clerk().await;
    let state = async |id: JobId| {
        // the clock runs ahead of what a token is good for
        let clerk = town.caller(Role::FinanceClerk).await;
        clerk.get(&format!("/imports/jobs/{id}")).await.is(200).json()["state"].clone()
    };
    let runner = Runner::begin(&town.ledger).expect("a runner");
    let lost = abandoned(town, &actor, &runner, "lost").await;
    let kept = abandoned(town, &actor, &runner, "kept").await;
    for job in [&lost, &kept] {
        town.ledger.start_job(job.id).await.expect("started");
        assert_eq!(state(job.id).await, json!("running"));
    }
    // one import was kept, and then its program was gone before it said so
    let ledger = town.ledger.of_job(&kept);
    let action = Action::ImportSheet;
    let write = ledger.write(&actor, action, async |write| write.leave_entry(actor.area()).await);
    write.await.expect("kept");
    town.clock.pass(limits::JOB_SILENCE_SECONDS - 1);
    assert_eq!(state(lost.id).await, json!("running"));
    if town.is_postgres() {
        assert!(!town.ledger.beat_job(lost.id, 7).await.expect("beaten"));
        town.clock.pass(1);
        assert_eq!(state(lost.id).await, json!("running"));
        town.clock.pass(limits::JOB_SILENCE_SECONDS);
    } else {
        // a program that lives says so by its lock, however long its import keeps the writer
        town.clock.pass(limits::JOB_SILENCE_SECONDS * 10);
        assert_eq!(state(lost.id).await, json!("running"));
    }
    drop(runner);
    assert_eq!(state(lost.id).await, json!("interrupted"));
    assert_eq!(state(kept.id).await, json!("done"));
}

async fn a_job_is_sealed_and_forgotten(town: &Town) {
    let clerk = town.caller(Role::FinanceClerk).await;
    let text = format!("{}欧阳家的桥,公益性资产,{VILLAGE_A1},很多钱\n", sheet(VILLAGE_A1, 1));
    let file = ("a.csv", text.as_bytes());
    let sent = send(&clerk, "k-1", &[("kind", "assets")], file).await.is(202);
    over(&clerk, &sent).await;
    let row = town.rows::<job::Entity>().await.remove(0);
    for sealed in [row.outcome.expect("an outcome"), row.returned.expect("rows")] {
        let text = String::from_utf8_lossy(&sealed).into_owned();
        assert!(!text.contains("很多钱") && !text.contains("欧阳"));
    }
    let place = sent.header("location").trim_start_matches("/api/v1").to_owned();
    town.clock.pass(limits::JOB_DAYS * 86_400 - 1);
    let operator = Actor::operator();
    app::nightly::round(&town.ledger, &operator).await.expect("a round");
    assert_eq!(town.rows::<job::Entity>().await.len(), 1);
    town.clock.pass(1);
    app::nightly::round(&town.ledger, &operator).await.expect("a round");
    assert!(town.rows::<job::Entity>().await.is_empty());
    let again = town.caller(Role::FinanceClerk).await;
    again.get(&place).await.problem(404, "not_found");
}

/// On SQLite an import holds the one writer: whoever wants to write meanwhile is told to come
/// again, and whoever reads notices nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_writes_while_the_writer_is_held_is_told_to_come_again() {
    crate::harness::on_sqlite(async |town: &Town| {
        let clerk = town.caller(Role::FinanceClerk).await;
        let (actor, ledger) = (town.clerk().await, town.ledger.clone());
        let (let_go, held) = tokio::sync::oneshot::channel::<()>();
        let writing = tokio::spawn(async move {
            let held = std::sync::Mutex::new(Some(held));
            let write = ledger.write(&actor, Action::ImportSheet, async |_| {
                let held = held.lock().expect("no panic").take().expect("once");
                drop(held.await);
                Ok(())
            });
            write.await
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        clerk.get("/assets").await.is(200);
        let new = json!({ "area_code": VILLAGE_A1, "fields": { "name": "桥", "class": "public" } });
        let refused = clerk.post("/assets").key("k").json(&new).send().await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!refused.header("retry-after").is_empty());
        refused.problem(503, "busy");
        let before = town.n_entries().await;
        let_go.send(()).expect("it waits");
        writing.await.expect("no panic").expect("written");
        assert_eq!(town.n_entries().await, before);
    })
    .await;
}
