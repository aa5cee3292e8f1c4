//! What approves, reveals, lets people in or sends anything out asks for a fresh proof of who acts.

use entity::{account::Role, log::Action};
use serde_json::json;
use taizhang::{app, domain::permission::needs_step_up, limits, store::Actor};

use crate::harness::{
    Town,
    expect::refused,
    signing_in::PASSWORD,
    town::{VILLAGE_A1, code},
};

on_both!(an_old_proof_is_not_enough, every_action_that_asks_for_a_proof_is_refused_without);

async fn an_old_proof_is_not_enough(town: &Town) {
    let id = town.person(code(VILLAGE_A1), 0).await;
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let officer = town.caller(Role::RuralOfficer).await;
    let reveal = async || {
        let reason = json!({ "reason": "联系管护" });
        officer.post(&format!("/persons/{id}/reveal")).json(&reason).send().await
    };
    let report = async || {
        let asked = json!({ "reason": "催办" });
        officer.post("/reports/no-maintainer/reveal").json(&asked).send().await
    };
    let waive = async || {
        let until = town.days_ahead(30);
        let body = json!({ "asset": asset.id, "rule": "G01", "reason": "招标", "until_on": until });
        officer.post("/waivers").key("w").json(&body).send().await
    };
    town.clock.pass(limits::STEP_UP_SECONDS - 1);
    reveal().await.is(200);
    town.clock.pass(1);
    let before = town.n_entries().await;
    let problem = reveal().await.problem(403, "sign_in.step_up_due");
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(detail.contains("/api/v1/sessions/current/step-up"), "{detail}");
    report().await.problem(403, "sign_in.step_up_due");
    waive().await.problem(403, "sign_in.step_up_due");
    assert_eq!(town.n_entries().await, before);
    // what asks for none goes on
    let remark = json!({ "remark": "桥面已修" });
    let path = format!("/assets/{}", asset.id);
    officer.patch(&path).version(1).json(&remark).send().await.is(200);
    let step = async |proof: &str| {
        officer.post("/sessions/current/step-up").json(&json!({ "proof": proof })).send().await
    };
    step("not it").await.problem(401, "sign_in.code_wrong");
    reveal().await.problem(403, "sign_in.step_up_due");
    town.clock.pass(2);
    step(PASSWORD).await.is(204);
    reveal().await.is(200);
    report().await.is(200);
    waive().await.is(201);
    assert_eq!(town.n_entries().await, before + 4);
}

async fn every_action_that_asks_for_a_proof_is_refused_without(town: &Town) {
    let (name, opened) = town.clerk_session().await;
    let bearer = town.ledger.bearer(opened.session).await.expect("a session");
    town.clock.pass(limits::STEP_UP_SECONDS);
    let old = bearer.actor();
    let id = town.person(code(VILLAGE_A1), 0).await;
    refused(app::person::reveal(&town.ledger, &old, id, "联系").await, "sign_in.step_up_due");
    assert!(town.ledger.reveal(&old).is_err());
    // whoever does not act in a session stands at the machine itself
    let at_the_machine = Actor::operator();
    app::person::reveal(&town.ledger, &at_the_machine, id, "联系").await.expect("revealed");
    let named = town.account(&name).await;
    app::person::reveal(&town.ledger, &named, id, "联系").await.expect("revealed");
    let asking: Vec<_> =
        Action::ALL.iter().filter(|action| needs_step_up(**action)).map(|one| one.code()).collect();
    assert_eq!(
        asking,
        [
            "account.add",
            "account.unlock",
            "account.invite",
            "account.reset",
            "second_factor.drop",
            "overspend.decide",
            "finding.waive",
            "setting.set",
            "setting.withdraw",
            "person.reveal",
            "webhook.add",
            "webhook.amend",
            "webhook.rotate",
        ]
    );
}
