//! One-time links: good once, for three days, for the one they were issued to.

use entity::{account::Role, one_time_link::Purpose, session::Kind};
use taizhang::{
    app::{self, sign_in},
    domain::secret::Secret,
    error::{Error, Result},
    limits,
    store::Actor,
};

use crate::harness::{
    Town,
    expect::{forbidden, invalid, not_found, refused},
    signing_in::{NEXT, PASSWORD},
    town::{VILLAGE_A1, code},
};

on_both!(
    a_link_is_opened_once,
    of_two_who_open_a_link_at_once_one_does,
    a_link_expires,
    a_newer_link_makes_the_older_void,
    a_reset_takes_the_password_and_the_sessions,
    links_are_issued_by_whoever_may,
    a_locked_account_opens_no_link,
);

async fn link(town: &Town, name: &str, purpose: Purpose) -> Secret {
    let link = sign_in::issue_link(&town.ledger, &Actor::operator(), name, purpose).await;
    link.expect("a link")
}

async fn first(town: &Town, name: &str) -> Secret {
    link(town, name, Purpose::FirstSignIn).await
}

async fn open(town: &Town, link: &Secret, password: &str) -> Result<()> {
    sign_in::open_link(&town.ledger, link, password).await
}

async fn a_link_is_opened_once(town: &Town) {
    let link = first(town, "inspector").await;
    invalid(open(town, &link, "山高水长路远天阔云淡风轻月明").await, "password");
    open(town, &link, PASSWORD).await.expect("opened");
    refused(open(town, &link, NEXT).await, "link.void");
    refused(open(town, &Secret::new("made up"), NEXT).await, "link.void");
    refused(town.sign_in("inspector", NEXT, Kind::Api).await, "sign_in.wrong");
    assert!(town.sign_in("inspector", PASSWORD, Kind::Api).await.is_ok());
    let operator = Actor::operator();
    let again = sign_in::issue_link(&town.ledger, &operator, "inspector", Purpose::FirstSignIn);
    refused(again.await, "account.signed_in_before");
}

async fn of_two_who_open_a_link_at_once_one_does(town: &Town) {
    let link = first(town, "inspector").await;
    let both = [PASSWORD, NEXT].map(|password| {
        let (ledger, link) = (town.ledger.clone(), link.clone());
        tokio::spawn(async move { sign_in::open_link(&ledger, &link, password).await.is_ok() })
    });
    let mut opened = Vec::new();
    for one in both {
        opened.push(one.await.expect("no panic"));
    }
    assert_eq!(opened.iter().filter(|is_opened| **is_opened).count(), 1, "{opened:?}");
    let password = if opened[0] { PASSWORD } else { NEXT };
    assert!(town.sign_in("inspector", password, Kind::Api).await.is_ok());
}

async fn a_link_expires(town: &Town) {
    let link = first(town, "inspector").await;
    town.clock.pass(limits::LINK_HOURS * 3_600 - 1);
    invalid(open(town, &link, "风吹稻花香").await, "password");
    town.clock.pass(1);
    refused(open(town, &link, PASSWORD).await, "link.void");
}

async fn a_newer_link_makes_the_older_void(town: &Town) {
    let older = first(town, "inspector").await;
    let newer = first(town, "inspector").await;
    assert_ne!(older, newer);
    refused(open(town, &older, PASSWORD).await, "link.void");
    open(town, &newer, PASSWORD).await.expect("opened");
}

async fn a_reset_takes_the_password_and_the_sessions(town: &Town) {
    let (name, opened) = town.clerk_session().await;
    let security = town.as_role(Role::SecurityAdministrator).await;
    let reset = sign_in::issue_link(&town.ledger, &security, &name, Purpose::Reset).await;
    let gone = sign_in::refresh(&town.ledger, &opened.token).await;
    assert!(matches!(gone, Err(Error::Unauthenticated)));
    refused(town.sign_in(&name, PASSWORD, Kind::Api).await, "sign_in.wrong");
    open(town, &reset.expect("a link"), NEXT).await.expect("opened");
    assert!(town.sign_in(&name, NEXT, Kind::Api).await.is_ok());
}

async fn links_are_issued_by_whoever_may(town: &Town) {
    let ledger = &town.ledger;
    let issue = async |role, purpose| {
        let actor = town.as_role(role).await;
        sign_in::issue_link(ledger, &actor, "inspector", purpose).await
    };
    forbidden(issue(Role::FinanceClerk, Purpose::FirstSignIn).await);
    forbidden(issue(Role::SecurityAdministrator, Purpose::FirstSignIn).await);
    forbidden(issue(Role::Administrator, Purpose::Reset).await);
    assert!(issue(Role::Administrator, Purpose::FirstSignIn).await.is_ok());
    assert!(issue(Role::SecurityAdministrator, Purpose::Reset).await.is_ok());
    let other = town.as_other(Role::Administrator).await;
    not_found(sign_in::issue_link(ledger, &other, "inspector", Purpose::FirstSignIn).await);
    let administrator = town.as_role(Role::Administrator).await;
    let colleague =
        sign_in::issue_link(ledger, &administrator, "audit-administrator", Purpose::FirstSignIn);
    refused(colleague.await, "account.administrator_kept_apart");
    let area = code(VILLAGE_A1);
    let added =
        app::account::add_with_link(ledger, &administrator, "he-jing", Role::VillageOfficer, area);
    let (account, link) = added.await.expect("added");
    assert_eq!(account.name, "he-jing");
    open(town, &link, PASSWORD).await.expect("opened");
    assert!(town.sign_in("he-jing", PASSWORD, Kind::Browser).await.is_ok());
}

async fn a_locked_account_opens_no_link(town: &Town) {
    let link = first(town, "inspector").await;
    let operator = Actor::operator();
    app::account::lock(&town.ledger, &operator, "inspector").await.expect("locked");
    refused(open(town, &link, PASSWORD).await, "link.void");
    app::account::unlock(&town.ledger, &operator, "inspector").await.expect("unlocked");
    refused(open(town, &link, PASSWORD).await, "link.void");
}
