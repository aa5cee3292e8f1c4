//! Passwords and second factors: set, changed, enrolled, lost.

use entity::{account::Role, session::Kind};
use taizhang::{
    app::sign_in,
    domain::{password::Profile, secret::Secret},
    error::Error,
    limits,
    store::{Actor, Ledger},
};

use crate::harness::{
    Town,
    expect::{forbidden, invalid, refused},
    signing_in::{NEXT, PASSWORD, device},
};

on_both!(
    a_password_is_changed_and_other_sessions_end,
    whoever_approves_enrolls_a_second_factor_first,
    a_code_is_good_once_and_a_recovery_code_too,
    a_second_factor_that_was_lost_is_removed_by_an_action,
    the_other_profile_renews_passwords_and_remembers_them,
    a_hash_of_other_costs_is_renewed,
);

async fn change(
    town: &Town,
    opened: &sign_in::Opened,
    old: &str,
    new: &str,
) -> taizhang::error::Result<()> {
    sign_in::change_password(&town.ledger, opened.session, old, new).await
}

async fn a_password_is_changed_and_other_sessions_end(town: &Town) {
    let (name, api) = town.clerk_session().await;
    let browser = town.sign_in(&name, PASSWORD, Kind::Browser).await.expect("signed in");
    let before = town.everything().await;
    invalid(change(town, &browser, NEXT, PASSWORD).await, "old_password");
    refused(change(town, &browser, PASSWORD, PASSWORD).await, "row.nothing_changed");
    invalid(change(town, &browser, PASSWORD, "风吹稻花香").await, "password");
    invalid(change(town, &browser, PASSWORD, "township-clerk-2026").await, "password");
    assert_eq!(town.everything().await, before);
    change(town, &browser, PASSWORD, NEXT).await.expect("changed");
    let entry = town.last_entry("520381").await;
    assert_eq!(
        (&entry["action"], &entry["actor"]),
        (&"password.set".into(), &name.as_str().into())
    );
    assert!(sign_in::actor_of_session(&town.ledger, &browser.token).await.is_ok());
    let ended = sign_in::refresh(&town.ledger, &api.token).await;
    assert!(matches!(ended, Err(Error::Unauthenticated)));
    refused(town.sign_in(&name, PASSWORD, Kind::Api).await, "sign_in.wrong");
    assert!(town.sign_in(&name, NEXT, Kind::Api).await.is_ok());
    change(town, &browser, NEXT, PASSWORD).await.expect("this profile remembers none");
}

async fn whoever_approves_enrolls_a_second_factor_first(town: &Town) {
    let name = town.settle_in(Role::FinanceApprover).await;
    let ledger = &town.ledger;
    let opened = town.sign_in(&name, PASSWORD, Kind::Browser).await.expect("signed in");
    assert!(opened.must_enroll_second_factor && !opened.must_change_password);
    refused(sign_in::actor_of_session(ledger, &opened.token).await, "sign_in.factor_due");
    let session = sign_in::session_of_browser(ledger, &opened.token).await.expect("a session");
    let early = sign_in::confirm_second_factor(ledger, session, "000000").await;
    refused(early, "second_factor.missing");
    refused(sign_in::enroll_second_factor(ledger, session, NEXT).await, "sign_in.code_wrong");
    let (secret, codes) = town.enroll(session).await;
    assert_eq!((secret.len(), codes.len()), (20, limits::RECOVERY_CODES));
    assert!(sign_in::actor_of_session(ledger, &opened.token).await.is_ok());
    let again = sign_in::enroll_second_factor(ledger, session, PASSWORD).await;
    refused(again, "second_factor.enrolled_already");
    let entry = town.last_entry("520381").await;
    assert_eq!(entry["action"], "second_factor.enroll");
    assert_eq!(entry["changes"], serde_json::json!([]));
}

async fn a_code_is_good_once_and_a_recovery_code_too(town: &Town) {
    let (name, opened) = town.clerk_session().await;
    let (secret, codes) = town.enroll(opened.session).await;
    let ledger = &town.ledger;
    let sign_in = async |code: Option<&Secret>| {
        let code = code.map(Secret::expose);
        sign_in::sign_in(ledger, &name, PASSWORD, code, device(), Kind::Api).await
    };
    refused(sign_in(None).await, "sign_in.code_missing");
    refused(town.sign_in(&name, NEXT, Kind::Api).await, "sign_in.wrong");
    refused(sign_in(Some(&town.code(&secret))).await, "sign_in.wrong");
    town.clock.pass(30);
    let code = town.code(&secret);
    assert!(sign_in(Some(&code)).await.is_ok());
    refused(sign_in(Some(&code)).await, "sign_in.wrong");
    assert!(sign_in(Some(&codes[3])).await.is_ok());
    refused(sign_in(Some(&codes[3])).await, "sign_in.wrong");
    assert!(sign_in(Some(&codes[4])).await.is_ok());
    town.clock.pass(30);
    let stepped = sign_in::step_up(ledger, opened.session, PASSWORD, None).await;
    assert!(stepped.is_err(), "the password is no proof where there is a second factor");
}

async fn a_second_factor_that_was_lost_is_removed_by_an_action(town: &Town) {
    let (name, opened) = town.clerk_session().await;
    town.enroll(opened.session).await;
    let ledger = &town.ledger;
    forbidden(sign_in::drop_second_factor(ledger, &town.clerk().await, &name).await);
    let security = town.as_role(Role::SecurityAdministrator).await;
    sign_in::drop_second_factor(ledger, &security, &name).await.expect("removed");
    let gone = sign_in::refresh(ledger, &opened.token).await;
    assert!(matches!(gone, Err(Error::Unauthenticated)));
    let again = town.sign_in(&name, PASSWORD, Kind::Browser).await.expect("signed in");
    assert!(again.must_change_password && !again.must_enroll_second_factor);
    refused(sign_in::actor_of_session(ledger, &again.token).await, "sign_in.password_due");
    change(town, &again, PASSWORD, NEXT).await.expect("changed");
    assert!(sign_in::actor_of_session(ledger, &again.token).await.is_ok());
    let nothing = sign_in::drop_second_factor(ledger, &Actor::operator(), &name).await;
    refused(nothing, "second_factor.missing");
    let apart = sign_in::drop_second_factor(ledger, &security, "administrator").await;
    refused(apart, "account.administrator_kept_apart");
}

fn strict(town: &Town) -> Ledger {
    town.ledger.clone().with_profile(Profile::Mlps3)
}

async fn the_other_profile_renews_passwords_and_remembers_them(town: &Town) {
    let (name, opened) = town.clerk_session().await;
    let ledger = strict(town);
    let (secret, _) = town.enroll(opened.session).await;
    let passwords: Vec<String> = (0..=5).map(|n| format!("{n}Da He bo lang kuan")).collect();
    let change = async |old: &str, new: &str| {
        sign_in::change_password(&ledger, opened.session, old, new).await
    };
    invalid(change(PASSWORD, NEXT).await, "password");
    let mut old = PASSWORD;
    for new in &passwords {
        change(old, new).await.expect("changed");
        old = new;
    }
    for former in [&passwords[1], &passwords[4]] {
        invalid(change(old, former).await, "password");
    }
    assert_eq!(town.credential(&name).await.former.lines().count(), 5);
    change(old, &passwords[0]).await.expect("the sixth back is forgotten");
    town.clock.advance(89);
    let sign_in = async || {
        town.clock.pass(30);
        let code = town.code(&secret);
        let code = Some(code.expose());
        sign_in::sign_in(&ledger, &name, &passwords[0], code, device(), Kind::Api).await
    };
    assert!(!sign_in().await.expect("signed in").must_change_password);
    town.clock.advance(1);
    let due = sign_in().await.expect("signed in");
    assert!(due.must_change_password);
    let (token, _) = due.access_token.as_ref().expect("a token");
    let acts = sign_in::actor_of_access_token(&ledger, token.expose()).await;
    refused(acts, "sign_in.password_due");
}

async fn a_hash_of_other_costs_is_renewed(town: &Town) {
    let (name, _) = town.clerk_session().await;
    let before = town.credential(&name).await.password.expect("a hash");
    assert!(before.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{before}");
    town.sign_in(&name, PASSWORD, Kind::Api).await.expect("signed in");
    assert_eq!(town.credential(&name).await.password.as_ref(), Some(&before));
    let renewed = before.replace("t=3", "t=2");
    let id = town.credential(&name).await.account_id;
    town.ledger.renew_hash(id, "another hash", renewed.clone()).await.expect("a query");
    assert_eq!(town.credential(&name).await.password.as_ref(), Some(&before));
    town.ledger.renew_hash(id, &before, renewed.clone()).await.expect("a query");
    assert_eq!(town.credential(&name).await.password, Some(renewed));
}
