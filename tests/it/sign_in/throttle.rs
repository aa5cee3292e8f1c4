//! Whoever guesses is slowed down; whoever has the account is not shut out.

use entity::{account::Role, session::Kind, sign_in_attempt};
use taizhang::{app::sign_in, error::Error, limits};

use crate::harness::{
    Town,
    expect::refused,
    signing_in::{NEXT, PASSWORD, device, device_at},
};

on_both!(
    guesses_at_an_account_are_slowed_down_and_a_known_device_is_not,
    names_that_nobody_has_take_the_same_way,
    an_address_has_so_many_a_minute,
    what_cannot_be_right_is_not_hashed_but_counted,
    guesses_at_once_are_counted_one_by_one,
);

/// Guesses until it is slowed down; how many were looked at.
async fn guess(town: &Town, name: &str) -> i64 {
    for n in 0..20 {
        match town.sign_in(name, NEXT, Kind::Api).await {
            Err(Error::Throttled(seconds)) => {
                assert_eq!(seconds, 1);
                return n;
            }
            other => refused(other, "sign_in.wrong"),
        }
    }
    panic!("never slowed down");
}

async fn guesses_at_an_account_are_slowed_down_and_a_known_device_is_not(town: &Town) {
    let (name, opened) = town.clerk_session().await;
    let other = town.settle_in(Role::Leader).await;
    assert_eq!(guess(town, &name).await, limits::ATTEMPTS_AT_ONCE);
    let throttled = town.sign_in(&name, PASSWORD, Kind::Api).await;
    assert!(matches!(throttled, Err(Error::Throttled(1))), "also with the right password");
    let known = sign_in::Device { mark: opened.device_mark.clone(), ..device() };
    let ledger = &town.ledger;
    let sign_in = async |name: &str, password, device| {
        sign_in::sign_in(ledger, name, password, None, device, Kind::Api).await
    };
    assert!(sign_in(&name, PASSWORD, known.clone()).await.is_ok(), "the owner gets in");
    // the mark is of one account and one account only
    for _ in 0..limits::ATTEMPTS_AT_ONCE {
        refused(sign_in(&other, NEXT, known.clone()).await, "sign_in.wrong");
    }
    assert!(matches!(sign_in(&other, PASSWORD, known).await, Err(Error::Throttled(_))));
    town.clock.pass(1);
    assert!(town.sign_in(&name, PASSWORD, Kind::Api).await.is_ok(), "nobody is locked out");
    refused(town.sign_in(&name, NEXT, Kind::Api).await, "sign_in.wrong");
}

async fn names_that_nobody_has_take_the_same_way(town: &Town) {
    let name = town.settle_in(Role::TownshipClerk).await;
    let without_password = "inspector";
    let mut words = Vec::new();
    for name in [name.as_str(), "nobody-at-all", without_password] {
        let error = town.sign_in(name, NEXT, Kind::Browser).await.expect_err("wrong");
        words.push(error.sentence());
        assert_eq!(guess(town, name).await, limits::ATTEMPTS_AT_ONCE - 1, "{name}");
    }
    assert!(words.windows(2).all(|pair| pair[0] == pair[1]), "{words:?}");
    let rows = town.rows::<sign_in_attempt::Entity>().await;
    assert_eq!(rows.len(), 4, "three names and one address");
}

async fn an_address_has_so_many_a_minute(town: &Town) {
    let ledger = &town.ledger;
    let at = |address| device_at([198, 51, 100, address]);
    let name = town.settle_in(Role::TownshipClerk).await;
    let sign_in = async |name: &str, address| {
        sign_in::sign_in(ledger, name, PASSWORD, None, at(address), Kind::Api).await
    };
    // names that cannot be names are not hashed, so that this is soon done
    for _ in 0..limits::ATTEMPTS_PER_ADDRESS - 1 {
        refused(sign_in("Not A Name", 1).await, "sign_in.wrong");
    }
    assert!(sign_in(&name, 1).await.is_ok(), "the last within the limit");
    assert!(matches!(sign_in(&name, 1).await, Err(Error::Throttled(60))));
    assert!(sign_in(&name, 2).await.is_ok(), "another address");
    town.clock.pass(60);
    assert!(sign_in(&name, 1).await.is_ok());
}

async fn what_cannot_be_right_is_not_hashed_but_counted(town: &Town) {
    let name = town.settle_in(Role::TownshipClerk).await;
    let long = "山".repeat(limits::PASSWORD_LENGTH + 1);
    refused(town.sign_in(&name, &long, Kind::Api).await, "sign_in.wrong");
    refused(town.sign_in("王慧敏", PASSWORD, Kind::Api).await, "sign_in.wrong");
    let rows = town.rows::<sign_in_attempt::Entity>().await;
    assert_eq!(rows.iter().map(|row| row.n).collect::<Vec<_>>(), [2], "the address alone");
    assert!(rows[0].digest.len() == 64 && !rows[0].digest.contains("192.0.2.1"));
}

async fn guesses_at_once_are_counted_one_by_one(town: &Town) {
    let name = town.settle_in(Role::TownshipClerk).await;
    let guesses = (0..12).map(|_| {
        let (ledger, name) = (town.ledger.clone(), name.clone());
        tokio::spawn(async move {
            sign_in::sign_in(&ledger, &name, NEXT, None, device(), Kind::Api).await
        })
    });
    let mut looked_at = 0;
    for guess in guesses.collect::<Vec<_>>() {
        match guess.await.expect("no panic") {
            Err(Error::Throttled(_)) => {}
            other => {
                refused(other, "sign_in.wrong");
                looked_at += 1;
            }
        }
    }
    assert_eq!(looked_at, limits::ATTEMPTS_AT_ONCE);
}
