//! Sessions: renewed, looked through, ended; a used token ends its family.

use chrono::TimeDelta;
use entity::{
    account::Role,
    session::{self, EndReason, Kind},
};
use taizhang::{
    app::{self, sign_in},
    domain::secret::Secret,
    error::Error,
    limits,
    store::{Actor, Opening},
};

use crate::harness::{
    Town,
    expect::{forbidden, not_found, refused},
    signing_in::{NEXT, PASSWORD},
};

on_both!(
    a_session_of_the_api_renews_itself,
    a_used_refresh_token_ends_its_family,
    of_two_who_refresh_at_once_one_wins,
    a_locked_account_stops_at_once,
    a_browser_stays_while_it_is_used,
    an_api_session_has_its_end,
    kinds_are_not_mixed_up,
    the_oldest_session_makes_room,
    sessions_are_seen_and_ended_by_their_owner,
    sessions_of_others_are_ended_by_an_action,
    a_proof_grows_old_and_is_renewed,
    a_sign_in_that_was_overtaken_opens_nothing,
    a_step_up_with_a_wrong_password_is_slowed_down,
);

#[expect(clippy::needless_pass_by_value, reason = "an answer is looked at where it is given")]
fn unauthenticated<T: std::fmt::Debug>(answer: taizhang::error::Result<T>) {
    assert!(matches!(answer, Err(Error::Unauthenticated)), "{answer:?}");
}

fn access(opened: &sign_in::Opened) -> String {
    opened.access_token.as_ref().expect("an access token").0.expose().to_owned()
}

async fn a_session_of_the_api_renews_itself(town: &Town) {
    let (name, opened) = town.clerk_session().await;
    let ledger = &town.ledger;
    let (actor, session) =
        sign_in::actor_of_access_token(ledger, &access(&opened)).await.expect("an actor");
    assert_eq!((actor.name(), actor.role()), (name.as_str(), Role::TownshipClerk));
    assert_eq!(session, opened.session);
    town.clock.pass(limits::ACCESS_TOKEN_SECONDS + limits::LEEWAY_SECONDS);
    unauthenticated(sign_in::actor_of_access_token(ledger, &access(&opened)).await);
    let next = sign_in::refresh(ledger, &opened.token).await.expect("the next");
    assert_ne!(next.token, opened.token);
    assert_eq!(next.session, opened.session);
    assert!(sign_in::actor_of_access_token(ledger, &access(&next)).await.is_ok());
    sign_in::sign_out(ledger, next.session).await.expect("signed out");
    unauthenticated(sign_in::actor_of_access_token(ledger, &access(&next)).await);
    unauthenticated(sign_in::refresh(ledger, &next.token).await);
}

async fn a_used_refresh_token_ends_its_family(town: &Town) {
    let (_, first) = town.clerk_session().await;
    let ledger = &town.ledger;
    let second = sign_in::refresh(ledger, &first.token).await.expect("the second");
    let third = sign_in::refresh(ledger, &second.token).await.expect("the third");
    unauthenticated(sign_in::refresh(ledger, &first.token).await);
    unauthenticated(sign_in::refresh(ledger, &third.token).await);
    unauthenticated(sign_in::actor_of_access_token(ledger, &access(&third)).await);
    let rows = town.rows::<session::Entity>().await;
    assert_eq!(rows[0].end_reason, Some(EndReason::TokenReused));
    unauthenticated(sign_in::refresh(ledger, &Secret::new("made up")).await);
}

async fn of_two_who_refresh_at_once_one_wins(town: &Town) {
    let (_, opened) = town.clerk_session().await;
    let racers = (0..8).map(|_| {
        let (ledger, token) = (town.ledger.clone(), opened.token.clone());
        tokio::spawn(async move { sign_in::refresh(&ledger, &token).await })
    });
    let mut won = 0;
    for racer in racers.collect::<Vec<_>>() {
        match racer.await.expect("no panic") {
            Ok(_) => won += 1,
            Err(Error::Conflict | Error::Unauthenticated) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(won, 1);
    let tokens = town.rows::<session::token::Entity>().await;
    assert_eq!(tokens.iter().filter(|token| token.used_at.is_none()).count(), 1);
    assert_eq!(tokens.len(), 2);
}

async fn a_locked_account_stops_at_once(town: &Town) {
    let (name, api) = town.clerk_session().await;
    let browser = town.sign_in(&name, PASSWORD, Kind::Browser).await.expect("signed in");
    let ledger = &town.ledger;
    let (actor, _) = sign_in::actor_of_session(ledger, &browser.token).await.expect("an actor");
    let security = town.as_role(Role::SecurityAdministrator).await;
    app::account::lock(ledger, &security, &name).await.expect("locked");
    unauthenticated(sign_in::actor_of_session(ledger, &browser.token).await);
    unauthenticated(sign_in::actor_of_access_token(ledger, &access(&api)).await);
    unauthenticated(sign_in::refresh(ledger, &api.token).await);
    let body = taizhang::domain::organization::blank(actor.area(), "新公司");
    forbidden(app::organization::register(ledger, &actor, body, None).await);
    refused(town.sign_in(&name, PASSWORD, Kind::Api).await, "sign_in.wrong");
    app::account::unlock(ledger, &security, &name).await.expect("unlocked");
    unauthenticated(sign_in::actor_of_session(ledger, &browser.token).await);
    assert!(town.sign_in(&name, PASSWORD, Kind::Api).await.is_ok());
}

async fn a_browser_stays_while_it_is_used(town: &Town) {
    let name = town.settle_in(Role::TownshipClerk).await;
    let ledger = &town.ledger;
    let opened = town.sign_in(&name, PASSWORD, Kind::Browser).await.expect("signed in");
    assert!(opened.access_token.is_none());
    let look = async || sign_in::actor_of_session(ledger, &opened.token).await;
    town.clock.pass(limits::BROWSER_IDLE_SECONDS - 1);
    assert!(look().await.is_ok());
    town.clock.pass(limits::BROWSER_IDLE_SECONDS - 1);
    assert!(look().await.is_ok(), "it was seen half an hour ago");
    town.clock.pass(limits::BROWSER_IDLE_SECONDS);
    unauthenticated(look().await);
    town.clock.pass(-limits::BROWSER_IDLE_SECONDS);
    let again = town.sign_in(&name, PASSWORD, Kind::Browser).await.expect("signed in");
    let look = async || sign_in::actor_of_session(ledger, &again.token).await;
    let step = limits::BROWSER_IDLE_SECONDS / 2;
    for _ in 1..(limits::BROWSER_SESSION_SECONDS / step) {
        town.clock.pass(step);
        assert!(look().await.is_ok());
    }
    town.clock.pass(step - 1);
    assert!(look().await.is_ok(), "twelve hours are not over");
    town.clock.pass(1);
    unauthenticated(look().await);
}

async fn an_api_session_has_its_end(town: &Town) {
    let (_, mut opened) = town.clerk_session().await;
    let ledger = &town.ledger;
    for _ in 0..6 {
        town.clock.advance(13);
        opened = sign_in::refresh(ledger, &opened.token).await.expect("the next");
    }
    town.clock.advance(12);
    unauthenticated(sign_in::refresh(ledger, &opened.token).await);
    let name = opened.account.name;
    let unused = town.sign_in(&name, PASSWORD, Kind::Api).await.expect("signed in");
    town.clock.advance(14);
    unauthenticated(sign_in::refresh(ledger, &unused.token).await);
}

async fn kinds_are_not_mixed_up(town: &Town) {
    let (name, api) = town.clerk_session().await;
    let browser = town.sign_in(&name, PASSWORD, Kind::Browser).await.expect("signed in");
    let ledger = &town.ledger;
    unauthenticated(sign_in::actor_of_session(ledger, &api.token).await);
    unauthenticated(sign_in::refresh(ledger, &browser.token).await);
    unauthenticated(sign_in::actor_of_access_token(ledger, browser.token.expose()).await);
    unauthenticated(sign_in::actor_of_session(ledger, &Secret::new(access(&api))).await);
    assert!(sign_in::actor_of_session(ledger, &browser.token).await.is_ok());
    assert!(sign_in::refresh(ledger, &api.token).await.is_ok());
}

async fn the_oldest_session_makes_room(town: &Town) {
    let (name, api) = town.clerk_session().await;
    let ledger = &town.ledger;
    let mut browsers = Vec::new();
    for _ in 0..=limits::SESSIONS {
        browsers.push(town.sign_in(&name, PASSWORD, Kind::Browser).await.expect("signed in"));
    }
    unauthenticated(sign_in::actor_of_session(ledger, &browsers[0].token).await);
    for browser in &browsers[1..] {
        assert!(sign_in::actor_of_session(ledger, &browser.token).await.is_ok());
    }
    assert!(sign_in::refresh(ledger, &api.token).await.is_ok(), "the other kind stays");
}

async fn sessions_are_seen_and_ended_by_their_owner(town: &Town) {
    let (name, api) = town.clerk_session().await;
    let browser = town.sign_in(&name, PASSWORD, Kind::Browser).await.expect("signed in");
    let ledger = &town.ledger;
    let (actor, _) = sign_in::actor_of_session(ledger, &browser.token).await.expect("an actor");
    let own = sign_in::sessions(ledger, &actor).await.expect("sessions");
    let ids: Vec<_> = own.iter().map(|session| session.id).collect();
    assert_eq!(ids, [browser.session, api.session]);
    assert_eq!(own[0].device, "火狐浏览器");
    let before = town.n_entries().await;
    sign_in::revoke_session(ledger, &actor, api.session).await.expect("ended");
    unauthenticated(sign_in::refresh(ledger, &api.token).await);
    assert_eq!(town.n_entries().await, before, "one's own session is one's own business");
    assert_eq!(sign_in::sessions(ledger, &actor).await.expect("sessions").len(), 1);
    assert!(sign_in::sessions(ledger, &Actor::operator()).await.expect("none").is_empty());
}

async fn sessions_of_others_are_ended_by_an_action(town: &Town) {
    let (name, api) = town.clerk_session().await;
    let ledger = &town.ledger;
    forbidden(sign_in::revoke_session(ledger, &town.clerk().await, api.session).await);
    forbidden(sign_in::sessions_of(ledger, &town.clerk().await, &name).await);
    let elsewhere = town.as_other(Role::SecurityAdministrator).await;
    not_found(sign_in::revoke_session(ledger, &elsewhere, api.session).await);
    not_found(sign_in::sessions_of(ledger, &elsewhere, &name).await);
    let unknown = entity::id::SessionId(9_999);
    not_found(sign_in::revoke_session(ledger, &elsewhere, unknown).await);
    let security = town.as_role(Role::SecurityAdministrator).await;
    assert_eq!(sign_in::sessions_of(ledger, &security, &name).await.expect("one").len(), 1);
    sign_in::revoke_session(ledger, &security, api.session).await.expect("ended");
    unauthenticated(sign_in::actor_of_access_token(ledger, &access(&api)).await);
    let again = sign_in::revoke_session(ledger, &security, api.session).await;
    refused(again, "row.nothing_changed");
    let entry = town.last_entry("520381").await;
    assert_eq!(entry["action"], "session.revoke");
    assert_eq!(entry["note"]["account"], api.account.id.0);
    assert_eq!(entry["note"]["session"], api.session.0);
}

async fn a_proof_grows_old_and_is_renewed(town: &Town) {
    let name = town.settle_in(Role::TownshipClerk).await;
    let ledger = &town.ledger;
    let opened = town.sign_in(&name, PASSWORD, Kind::Browser).await.expect("signed in");
    let within = TimeDelta::seconds(limits::STEP_UP_SECONDS);
    let fresh =
        async || sign_in::has_stepped_up(ledger, opened.session, within).await.expect("open");
    assert!(fresh().await);
    town.clock.pass(limits::STEP_UP_SECONDS - 1);
    assert!(fresh().await);
    town.clock.pass(1);
    assert!(!fresh().await);
    let step_up = sign_in::step_up(ledger, opened.session, PASSWORD, Some(&opened.token)).await;
    let next = step_up.expect("stepped up").expect("a new id");
    assert!(fresh().await);
    assert!(sign_in::actor_of_session(ledger, &next).await.is_ok());
    unauthenticated(sign_in::actor_of_session(ledger, &opened.token).await);
    assert!(
        sign_in::actor_of_session(ledger, &next).await.is_ok(),
        "a page of before does no harm"
    );
}

async fn a_step_up_with_a_wrong_password_is_slowed_down(town: &Town) {
    let (_, opened) = town.clerk_session().await;
    let ledger = &town.ledger;
    let try_it = async |password| sign_in::step_up(ledger, opened.session, password, None).await;
    for _ in 0..limits::ATTEMPTS_AT_ONCE {
        refused(try_it(NEXT).await, "sign_in.code_wrong");
    }
    assert!(matches!(try_it(PASSWORD).await, Err(Error::Throttled(1))));
    town.clock.pass(1);
    assert!(try_it(PASSWORD).await.is_ok());
}

/// Between looking at the password and opening the session the account is locked or reset.
async fn a_sign_in_that_was_overtaken_opens_nothing(town: &Town) {
    let (name, _) = town.clerk_session().await;
    let ledger = &town.ledger;
    let credential = town.credential(&name).await;
    let opening = Opening {
        account: credential.account_id,
        password_of: credential.changed_at,
        kind: Kind::Browser,
        device: String::new(),
        must_change_password: false,
        must_enroll: false,
    };
    assert!(ledger.open_session(opening.clone()).await.is_ok());
    let earlier = credential.changed_at - TimeDelta::seconds(1);
    let other = Opening { password_of: earlier, ..opening.clone() };
    unauthenticated(ledger.open_session(other).await);
    let operator = Actor::operator();
    app::account::lock(ledger, &operator, &name).await.expect("locked");
    unauthenticated(ledger.open_session(opening.clone()).await);
    app::account::unlock(ledger, &operator, &name).await.expect("unlocked");
    let purpose = entity::one_time_link::Purpose::Reset;
    sign_in::issue_link(ledger, &operator, &name, purpose).await.expect("reset");
    unauthenticated(ledger.open_session(opening).await);
}
