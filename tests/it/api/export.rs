//! Exports over the API: the bytes of the command line, for those who may, each in the log.

use entity::{account::Role, import::Kind, language::Language};
use serde_json::json;
use taizhang::{
    app::{
        self,
        export::ExportRequest,
        output::{Format, Options, Target},
    },
    domain::asset::Completeness,
};

use crate::harness::{
    Town,
    expect::refused,
    town::{COUNTY, OTHER_COUNTY, VILLAGE_A1, registration},
};

on_both!(
    an_export_is_that_of_the_command_line,
    an_export_is_for_those_who_may,
    an_export_has_its_limit,
);

async fn fill(town: &Town) {
    let clerk = town.clerk().await;
    for n in 0..3 {
        let new = registration(VILLAGE_A1, &format!("第{n}桥"), "1000.00");
        app::asset::register(&town.ledger, &clerk, new, Completeness::TakeOn).await.expect("made");
    }
}

fn request(most: Option<u64>) -> ExportRequest {
    ExportRequest { kind: Kind::Assets, area: None, class: None, with_gone: false, most }
}

/// A file that the export itself writes.
async fn written(
    town: &Town,
    format: Format,
    most: Option<u64>,
) -> taizhang::error::Result<Vec<u8>> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let sink = Box::new(file.reopen().expect("a sink"));
    let options = Options::new(Language::Chinese, town.ledger.clock().now());
    let target = Target { format, options, sink };
    let leader = town.as_role(Role::Leader).await;
    app::export::export(&town.ledger, &leader, &request(most), target).await?;
    Ok(std::fs::read(file.path()).expect("bytes"))
}

async fn an_export_is_that_of_the_command_line(town: &Town) {
    fill(town).await;
    let leader = town.caller(Role::Leader).await;
    for (name, format) in [("csv", Format::Csv), ("xlsx", Format::Xlsx), ("json", Format::Json)] {
        let before = town.n_entries().await;
        let asked = json!({ "kind": "assets", "format": name });
        let reply = leader.post("/exports").json(&asked).send().await.is(200);
        assert_eq!(town.n_entries().await, before + 1);
        if format != Format::Json {
            let expected = format!("attachment; filename=\"assets.{name}\"");
            assert_eq!(reply.header("content-disposition"), expected);
        }
        assert_eq!(reply.body, written(town, format, None).await.expect("written"), "{name}");
    }
    let entry = town.last_entry(COUNTY).await;
    assert_eq!((&entry["action"], &entry["note"]["rows"]), (&json!("export.rows"), &json!(3)));
    let usual = leader.post("/exports").json(&json!({ "kind": "organizations" })).send().await;
    assert!(usual.is(200).body.starts_with("\u{feff}".as_bytes()));
}

async fn an_export_is_for_those_who_may(town: &Town) {
    fill(town).await;
    let before = town.n_entries().await;
    let assets = json!({ "kind": "assets" });
    let administrator = town.caller_with_factor(Role::Administrator).await;
    let entries = town.n_entries().await;
    administrator.post("/exports").json(&assets).send().await.problem(403, "forbidden");
    let leader = town.caller(Role::Leader).await;
    let there = json!({ "kind": "assets", "area": OTHER_COUNTY });
    let elsewhere = leader.post("/exports").json(&there).send().await;
    elsewhere.problem(404, "not_found");
    let odd = json!({ "kind": "people", "format": "table" });
    leader.post("/exports").json(&odd).send().await.problem(422, "invalid");
    town.stranger().post("/exports").json(&assets).send().await.problem(401, "unauthenticated");
    assert!(entries >= before);
    let other = town.caller_there(Role::Leader).await;
    let sheet = other.post("/exports").json(&assets).send().await.is(200);
    assert!(!String::from_utf8_lossy(&sheet.body).contains("第0桥"));
}

async fn an_export_has_its_limit(town: &Town) {
    fill(town).await;
    assert!(written(town, Format::Csv, Some(3)).await.is_ok());
    let before = town.n_entries().await;
    refused(written(town, Format::Csv, Some(2)).await, "export.too_large");
    // what was read before the limit was read
    assert_eq!(town.n_entries().await, before + 1);
}
