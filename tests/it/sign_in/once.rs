//! A request that comes again is answered, not done again.

use entity::{log::Action, organization, request_key};
use taizhang::{
    domain::organization as bodies,
    error::{Error, Result},
    limits,
    store::{Actor, Answer, Ledger, RequestKey, Write},
};

use crate::harness::{
    Town,
    expect::{conflict, forbidden, invalid, refused},
    town::{VILLAGE_A1, code},
};

on_both!(
    a_repeated_request_is_answered_as_it_was,
    a_key_stands_for_one_request_of_one_person,
    what_failed_may_be_tried_again,
    a_request_in_flight_is_a_conflict,
    requests_at_once_are_done_once,
    a_key_is_forgotten_after_seven_days,
    a_long_answer_is_not_kept,
);

const ACTION: Action = Action::RegisterOrganization;

fn key(key: &str, body: u8) -> RequestKey {
    let route = "POST /organizations".to_owned();
    RequestKey { key: key.to_owned(), route, body_digest: [body; 32] }
}

async fn register(write: &mut Write, name: &str) -> Result<organization::Model> {
    write.insert::<organization::Entity>(bodies::blank(code(VILLAGE_A1), name)).await
}

#[expect(clippy::unnecessary_wraps, reason = "this is the shape the door asks for")]
fn answer(row: &organization::Model) -> Result<Answer> {
    Ok(Answer { status: 201, body: Some(format!("单位 {}", row.id).into_bytes()) })
}

/// What became of a request.
#[derive(Debug, PartialEq, Eq)]
enum Once<T> {
    Done(T),
    Replayed(Answer),
}

async fn write_once<F>(
    ledger: &Ledger,
    actor: &Actor,
    key: &RequestKey,
    work: F,
    answer: impl Fn(&organization::Model) -> Result<Answer> + Send + Sync + 'static,
) -> Result<Once<organization::Model>>
where
    F: AsyncFnOnce(&mut Write) -> Result<organization::Model>,
{
    match ledger.once(key.clone(), answer).write(actor, ACTION, work).await {
        Ok(row) => Ok(Once::Done(row)),
        Err(Error::Replayed(status, body)) => Ok(Once::Replayed(Answer { status, body })),
        Err(error) => Err(error),
    }
}

async fn once(town: &Town, actor: &Actor, key: &RequestKey) -> Result<Once<organization::Model>> {
    let work = async |write: &mut Write| register(write, "新公司").await;
    write_once(&town.ledger, actor, key, work, answer).await
}

async fn n_registered(town: &Town) -> usize {
    let rows = town.rows::<organization::Entity>().await;
    rows.iter().filter(|row| row.name == "新公司").count()
}

async fn a_repeated_request_is_answered_as_it_was(town: &Town) {
    let clerk = town.clerk().await;
    let Once::Done(row) = once(town, &clerk, &key("k-1", 1)).await.expect("done") else {
        panic!("not done");
    };
    let before = town.everything().await;
    let again = once(town, &clerk, &key("k-1", 1)).await.expect("answered");
    assert_eq!(again, Once::Replayed(answer(&row).expect("an answer")));
    assert_eq!(town.everything().await, before);
    assert_eq!(n_registered(town).await, 1);
}

async fn a_key_stands_for_one_request_of_one_person(town: &Town) {
    let clerk = town.clerk().await;
    assert!(once(town, &clerk, &key("k-1", 1)).await.is_ok());
    refused(once(town, &clerk, &key("k-1", 2)).await, "request_key.reused");
    let elsewhere = RequestKey { route: "POST /projects".to_owned(), ..key("k-1", 1) };
    refused(once(town, &clerk, &elsewhere).await, "request_key.reused");
    let operator = Actor::operator();
    assert!(matches!(once(town, &operator, &key("k-1", 1)).await, Ok(Once::Done(_))));
    let leader = town.as_role(entity::account::Role::Leader).await;
    forbidden(once(town, &leader, &key("k-1", 1)).await);
    invalid(once(town, &clerk, &key("", 1)).await, "idempotency_key");
    assert_eq!(n_registered(town).await, 2);
}

async fn what_failed_may_be_tried_again(town: &Town) {
    let clerk = town.clerk().await;
    let fail = async |_: &mut Write| Err::<organization::Model, _>(Error::Busy);
    let failed = write_once(&town.ledger, &clerk, &key("k-1", 1), fail, answer).await;
    assert!(matches!(failed, Err(Error::Busy)));
    let unsaid = async |write: &mut Write| register(write, "新公司").await;
    let silent = |_: &organization::Model| Err(Error::Busy);
    let failed = write_once(&town.ledger, &clerk, &key("k-1", 1), unsaid, silent).await;
    assert!(matches!(failed, Err(Error::Busy)));
    assert!(town.rows::<request_key::Entity>().await.is_empty());
    assert_eq!(n_registered(town).await, 0);
    assert!(matches!(once(town, &clerk, &key("k-1", 1)).await, Ok(Once::Done(_))));
}

async fn a_request_in_flight_is_a_conflict(town: &Town) {
    let clerk = town.clerk().await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go, may_go) = tokio::sync::oneshot::channel::<()>();
    let first = async {
        let work = async |write: &mut Write| {
            begun.send(()).expect("somebody waits");
            may_go.await.expect("told to go");
            register(write, "新公司").await
        };
        write_once(&town.ledger, &clerk, &key("k-1", 1), work, answer).await
    };
    let second = async {
        has_begun.await.expect("begun");
        conflict(once(town, &clerk, &key("k-1", 1)).await);
        go.send(()).expect("the first waits");
    };
    let (first, ()) = tokio::join!(first, second);
    assert!(matches!(first, Ok(Once::Done(_))), "{first:?}");
    assert!(matches!(once(town, &clerk, &key("k-1", 1)).await, Ok(Once::Replayed(_))));
}

async fn requests_at_once_are_done_once(town: &Town) {
    let clerk = town.clerk().await;
    let racers = (0..12).map(|_| {
        let (ledger, clerk) = (town.ledger.clone(), clerk.clone());
        tokio::spawn(async move {
            let work = async |write: &mut Write| register(write, "新公司").await;
            write_once(&ledger, &clerk, &key("k-1", 1), work, answer).await
        })
    });
    let mut done = 0;
    for racer in racers.collect::<Vec<_>>() {
        match racer.await.expect("no panic") {
            Ok(Once::Done(_)) => done += 1,
            Ok(Once::Replayed(_)) | Err(Error::Conflict) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((done, n_registered(town).await), (1, 1));
}

async fn a_key_is_forgotten_after_seven_days(town: &Town) {
    let clerk = town.clerk().await;
    assert!(once(town, &clerk, &key("k-1", 1)).await.is_ok());
    town.clock.pass(limits::REQUEST_KEY_DAYS * 86_400 - 1);
    assert!(matches!(once(town, &clerk, &key("k-1", 1)).await, Ok(Once::Replayed(_))));
    town.clock.pass(1);
    assert!(matches!(once(town, &clerk, &key("k-1", 2)).await, Ok(Once::Done(_))));
    assert_eq!(town.rows::<request_key::Entity>().await.len(), 1);
}

async fn a_long_answer_is_not_kept(town: &Town) {
    let clerk = town.clerk().await;
    for (bytes, is_kept) in [(limits::ANSWER_BYTES, true), (limits::ANSWER_BYTES + 1, false)] {
        let long =
            move |_: &organization::Model| Ok(Answer { status: 200, body: Some(vec![7; bytes]) });
        let key = key(&format!("k-{bytes}"), 1);
        let work = async |write: &mut Write| register(write, "新公司").await;
        let done = write_once(&town.ledger, &clerk, &key, work, long).await;
        assert!(matches!(done, Ok(Once::Done(_))));
        let Ok(Once::Replayed(again)) = once(town, &clerk, &key).await else {
            panic!("not answered");
        };
        assert_eq!((again.status, again.body.is_some()), (200, is_kept));
    }
}
