//! The log over the API: for those who may read it, and of their own counties.

use axum::http::Method;
use entity::account::Role;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use taizhang::{app, app::proof, domain::asset::Completeness, limits};

use crate::harness::{
    Town,
    town::{COUNTY, VILLAGE_A1, registration},
};

on_both!(
    entries_are_found_by_who_did_what_and_when,
    an_asset_tells_its_history,
    an_auditor_gets_proofs_of_the_own_county
);

async fn an_auditor_gets_proofs_of_the_own_county(town: &Town) {
    let clerk = town.clerk().await;
    let new = registration(VILLAGE_A1, "石拱桥", "1000.00");
    app::asset::register(&town.ledger, &clerk, new, Completeness::TakeOn).await.expect("made");
    town.ledger.sign_checkpoints().await.expect("signed");
    let auditor = town.caller_with_factor(Role::Auditor).await;
    let heads = auditor.get("/logs").await.is(200).json();
    let counties: Vec<_> =
        heads.as_array().expect("heads").iter().map(|one| &one["county"]).collect();
    assert_eq!(counties, ["520381"]);
    let note = auditor.get("/logs/520381/checkpoint").await.is(200);
    assert!(String::from_utf8_lossy(&note.body).contains("520381"));
    let proof = auditor.get("/logs/520381/inclusion/0").await.is(200);
    let county = "520381".parse().expect("a county");
    let verifier = town.ledger.verifier(county).expect("a key").to_string();
    let entry = town.ledger.entries(county, 0).await.expect("entries").remove(0);
    let text = String::from_utf8(proof.body).expect("text");
    assert!(proof::check(&text, &verifier, Some(entry.body.as_bytes())).is_ok());
    auditor.get("/logs/520381/inclusion/999999").await.problem(404, "not_found");
    auditor.get("/logs/520382/checkpoint").await.problem(404, "not_found");
    auditor.get("/logs/none/checkpoint").await.problem(404, "not_found");
}

fn seqs(page: &Json) -> Vec<i64> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|one| one["seq"].as_i64().expect("a position")).collect()
}

async fn entries_are_found_by_who_did_what_and_when(town: &Town) {
    let auditor = town.caller_with_factor(Role::Auditor).await;
    town.clock.pass(120);
    let first = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    town.clock.pass(120);
    let clerk = town.clerk().await;
    let changed = |row| entity::asset::Model { location: Some("桥头".into()), ..row };
    let named = (first.id, first.version);
    app::asset::amend(&town.ledger, &clerk, named, changed).await.expect("amended");
    let entries = town.entries(COUNTY).await;
    let n = entries.len();
    let newest = i64::try_from(n).expect("few") - 1;
    let list = async |query: &str| {
        auditor.get(&format!("/logs/520381/entries{query}")).await.is(200).json()
    };
    let all = list("").await;
    assert_eq!(seqs(&all), (0..=newest).collect::<Vec<_>>());
    // page by page
    let (mut after, mut paged) = (String::new(), Vec::new());
    loop {
        let page = list(&format!("?limit=2{after}")).await;
        paged.extend(seqs(&page));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(paged, seqs(&all));
    assert_eq!(seqs(&list("?actor=finance-clerk&action=asset.amend").await), [newest]);
    assert_eq!(seqs(&list("?action=asset.register").await), [newest - 1]);
    let of_asset = format!("?noun=asset&id={}", first.id);
    assert_eq!(seqs(&list(&of_asset).await), [newest - 1, newest]);
    let at =
        |seq: i64| all["items"][usize::try_from(seq).expect("few")]["at"].as_str().expect("at");
    assert_eq!(seqs(&list(&format!("?from={}", at(newest))).await), [newest]);
    assert_eq!(
        seqs(&list(&format!("?from={}&to={}", at(newest - 1), at(newest - 1))).await),
        [newest - 1]
    );
    assert_eq!(seqs(&list(&format!("?to={}", at(0))).await).first(), Some(&0));
    assert!(!seqs(&list(&format!("?to={}", at(0))).await).contains(&(newest - 1)));
    for (query, status, code) in [
        ("?limit=201", 422, "invalid"),
        ("?action=asset.paint", 422, "invalid"),
        ("?noun=asset", 422, "invalid"),
        ("?colour=red", 422, "invalid"),
    ] {
        let refused = auditor.get(&format!("/logs/520381/entries{query}")).await;
        refused.problem(status, code);
    }
    // the bytes are those that were hashed
    let entry = auditor.get(&format!("/logs/520381/entries/{newest}")).await.is(200);
    let leaf = Sha256::new().chain_update([0]).chain_update(&entry.body).finalize();
    let leaf: String = leaf.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(entry.header("leaf-hash"), leaf);
    assert_eq!(all["items"][n - 1]["leaf"], json!(leaf));
    assert_eq!(entry.json(), entries[n - 1]);
    auditor.get(&format!("/logs/520381/entries/{n}")).await.problem(404, "not_found");
    auditor.get("/logs/520382/entries").await.problem(404, "not_found");
    auditor.get("/logs/520382/entries/0").await.problem(404, "not_found");
    let clerk = town.caller(Role::FinanceClerk).await;
    clerk.get("/logs/520381/entries").await.problem(403, "forbidden");
    clerk.get("/logs/520381/entries/0").await.problem(403, "forbidden");
}

async fn an_asset_tells_its_history(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "石拱桥", "1000.00").await;
    let other = town.asset(VILLAGE_A1, "木桥", "1.00").await;
    let clerk = town.clerk().await;
    let dearer = |row| entity::asset::Model {
        original_value: Some(crate::harness::town::yuan("1001.00")),
        ..row
    };
    let named = (asset.id, asset.version);
    let done = app::asset::correct(&town.ledger, &clerk, named, "录入有误", dearer).await;
    done.expect("corrected");
    let body = town.organization(asset.area_code, "管护公司").await;
    let party = taizhang::domain::title::Party::Organization(body);
    let party = (entity::duty::Kind::Maintainer, party);
    let terms = taizhang::domain::duty::Terms::default();
    let both = [asset.id, other.id];
    app::duty::assign(&town.ledger, &clerk, &both, party, &terms).await.expect("assigned");
    let village = town.caller(Role::VillageOfficer).await;
    let path = format!("/assets/{}/history", asset.id);
    let told = village.get(&path).await.is(200).json();
    let items = told["items"].as_array().expect("entries");
    let actions: Vec<_> = items.iter().map(|one| one["action"].as_str().expect("a code")).collect();
    assert_eq!(actions, ["duty.assign", "asset.correct", "asset.register"], "{told}");
    // of an entry about two assets, the one's rows alone
    let rows = |entry: &Json| -> Vec<(String, i64)> {
        let rows = entry["changes"].as_array().expect("rows").iter();
        let row = |row: &Json| Some((row["noun"].as_str()?.to_owned(), row["id"].as_i64()?));
        rows.map(|one| row(one).expect("a noun and an id")).collect()
    };
    let duty = town.duties(asset.id).await.remove(0);
    assert!(rows(&items[0]).contains(&("duty".to_owned(), duty.id.0)), "{told}");
    assert!(!rows(&items[0]).contains(&("asset".to_owned(), other.id.0)));
    assert!(rows(&items[2]).iter().any(|(noun, _)| noun == "funding"));
    assert_eq!(items[1]["reason"], json!("录入有误"));
    let value = |items: &[Json]| {
        let fields = items[1]["changes"][0]["fields"].as_array().expect("fields").clone();
        fields.into_iter().find(|field| field["field"] == "original_value").expect("the value")
    };
    let expected = json!({
        "field": "original_value", "label": "资产原值", "before": "1000.00", "after": "1001.00",
    });
    assert_eq!(value(items), expected);
    let english = village.call(Method::GET, &path).header("accept-language", "en").send().await;
    let english = english.is(200).json();
    let items = english["items"].as_array().expect("entries");
    assert_eq!(value(items)["label"], json!("original value"));
    // page by page
    let page = village.get(&format!("{path}?limit=2")).await.is(200).json();
    let next = page["next"].as_str().expect("more");
    let rest = village.get(&format!("{path}?limit=2&after={next}")).await.is(200).json();
    assert_eq!(
        (&rest["items"][0]["action"], &rest["next"]),
        (&json!("asset.register"), &Json::Null)
    );
    village.get(&format!("{path}?limit={}", limits::HISTORY_ENTRIES)).await.is(200);
    let more = limits::HISTORY_ENTRIES + 1;
    village.get(&format!("{path}?limit={more}")).await.problem(422, "invalid");
    town.caller_there(Role::Leader).await.get(&path).await.problem(404, "not_found");
}
