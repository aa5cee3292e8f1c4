//! The log over the API: for those who may read it, and of their own counties.

use entity::account::Role;
use taizhang::{app, app::proof, domain::asset::Completeness};

use crate::harness::{
    Town,
    town::{VILLAGE_A1, registration},
};

on_both!(an_auditor_gets_proofs_of_the_own_county);

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
