//! Webhooks: nothing is lost, the order is kept, and what comes twice comes under one id; whatever the
//! receiver does, whoever is killed, and however many programs send.

use entity::{account::Role, webhook};
use taizhang::{
    app::webhook::{
        self as acts,
        address::{Address, Reach},
        deliver::Run,
        post::{Letter, NotTaken, Post},
    },
    domain::webhook::Draft,
    error::Error,
    limits,
    store::{Actor, event::Wanted},
};

use crate::harness::{
    Town,
    receiver::{Fate, Receiver},
    town::{COUNTY, OTHER_VILLAGE, TOWN_A, VILLAGE_A1, VILLAGE_B1, code},
    webhooks::{added, deliver, draft, post},
};

on_both!(
    a_receiver_that_fails_loses_nothing_and_keeps_the_order,
    whoever_is_killed_sends_it_again_under_the_same_id,
    of_two_programs_one_sends,
    too_many_failures_stop_it_until_it_is_resumed,
    one_that_is_gone_is_given_up_at_once,
    a_redirect_is_not_followed_and_silence_is_not_waited_for,
    what_is_not_public_is_not_reached,
    it_is_told_of_its_area_and_of_what_it_names,
    it_is_told_again_from_a_position,
    paused_and_ended_it_sends_nothing,
    two_secrets_sign_for_a_day,
    a_turn_comes_to_its_end_and_the_next_goes_on,
    who_may_and_where,
);

async fn hook(town: &Town, receiver: &Receiver) -> (webhook::Model, String) {
    let draft = Draft { address: receiver.address.clone(), ..Draft::default() };
    let (row, secret) = added(town, code(COUNTY), &draft, false).await;
    (row, secret.expose().to_owned())
}

async fn progress(town: &Town, row: &webhook::Model) -> webhook::delivery::Model {
    let rows = town.rows::<webhook::delivery::Entity>().await;
    rows.into_iter().find(|one| one.webhook_id == row.id).expect("its deliveries")
}

/// Registers so many assets, an entry each. Answers the positions of their entries.
async fn happen(town: &Town, n: usize) -> Vec<i64> {
    let mut places = Vec::new();
    for one in 0..n {
        town.asset(VILLAGE_A1, &format!("渠{one}"), "10.00").await;
        let next = i64::try_from(town.entries(COUNTY).await.len()).expect("small");
        places.push(next - 1);
    }
    places
}

async fn a_receiver_that_fails_loses_nothing_and_keeps_the_order(town: &Town) {
    let receiver = Receiver::open().await;
    let (row, secret) = hook(town, &receiver).await;
    let places = happen(town, 3).await;
    receiver.becomes([Fate::Answered(500), Fate::Answered(503), Fate::Answered(204)]);
    assert_eq!(deliver(&town.ledger).await, Run { failed: 1, ..Run::default() });
    // before its time nothing is tried
    assert_eq!(deliver(&town.ledger).await, Run::default());
    let kept = progress(town, &row).await;
    assert_eq!((kept.failures, kept.outcome.as_deref()), (1, Some("500")));
    town.clock.pass(5);
    assert_eq!(deliver(&town.ledger).await.failed, 1);
    town.clock.pass(29);
    assert_eq!(deliver(&town.ledger).await, Run::default());
    town.clock.pass(1);
    assert_eq!(deliver(&town.ledger).await, Run { sent: 3, ..Run::default() });
    assert_eq!(receiver.taken(), places);
    let messages = receiver.messages();
    assert!(messages.iter().all(|one| one.is_signed_with(&secret)), "{messages:?}");
    // three times the same message: it has one id, and no other has it
    let ids: Vec<&str> = messages.iter().map(|one| one.id.as_str()).collect();
    assert_eq!((ids[0], ids[1]), (ids[1], ids[2]));
    assert!(ids[2] != ids[3] && ids[3] != ids[4]);
    let told = messages[0].json();
    assert_eq!(told["type"], "asset.register");
    let first = &told["data"]["rows"][0];
    assert_eq!((&first["noun"], &first["version"]), (&"asset".into(), &1.into()), "{told}");
    assert_eq!(first["area_code"], VILLAGE_A1);
    assert!(!told.to_string().contains('渠') && !told.to_string().contains("operator"), "{told}");
    let kept = progress(town, &row).await;
    assert_eq!((kept.failures, kept.outcome.as_deref()), (0, Some("204")));
    assert_eq!(deliver(&town.ledger).await, Run::default());
}

async fn whoever_is_killed_sends_it_again_under_the_same_id(town: &Town) {
    let receiver = Receiver::open().await;
    let (row, _) = hook(town, &receiver).await;
    let places = happen(town, 2).await;
    // killed after it was sent, before it was kept
    let ledger = &town.ledger;
    let claim = ledger.claim_webhook(row.id).await.expect("asked").expect("a claim");
    let operator = Actor::operator();
    let read = ledger.read(&operator);
    let page = read.events(claim.county, claim.behind, &Wanted::default(), 1).await.expect("read");
    let letter = acts::deliver::letter(&page.events[0], &claim.secrets, ledger.clock().now());
    let address = Address::parsed(&receiver.address).expect("an address");
    assert_eq!(post().send(&address, &letter).await, Ok(204));
    drop(claim);
    // until it is taken not to come back, nobody else sends
    assert_eq!(deliver(ledger).await, Run::default());
    town.clock.pass(limits::WEBHOOK_LEASE_SECONDS - 1);
    assert_eq!(deliver(ledger).await, Run::default());
    town.clock.pass(1);
    assert_eq!(deliver(ledger).await.sent, 2);
    let messages = receiver.messages();
    assert_eq!(receiver.taken(), [places[0], places[0], places[1]]);
    assert_eq!(messages[0].id, messages[1].id);
}

async fn of_two_programs_one_sends(town: &Town) {
    let receiver = Receiver::open().await;
    hook(town, &receiver).await;
    let places = happen(town, 5).await;
    let (ledger, other) = (town.ledger.clone(), town.ledger.clone());
    let (one, two) = tokio::join!(deliver(&ledger), deliver(&other));
    assert_eq!(one.sent + two.sent, 5, "{one:?} {two:?}");
    assert_eq!(receiver.taken(), places);
}

async fn too_many_failures_stop_it_until_it_is_resumed(town: &Town) {
    let receiver = Receiver::open().await;
    let (row, _) = hook(town, &receiver).await;
    let places = happen(town, 1).await;
    receiver.becomes([Fate::Answered(500); 10]);
    for n in 1..=10 {
        let run = deliver(&town.ledger).await;
        let given_up = u64::from(n == 10);
        assert_eq!(run, Run { failed: 1, given_up, sent: 0 }, "{n}");
        town.clock.advance(1);
    }
    assert_eq!(deliver(&town.ledger).await, Run::default());
    let kept = progress(town, &row).await;
    assert!(kept.is_failing && !kept.is_on && kept.failures == 10, "{kept:?}");
    acts::resume(&town.ledger, &Actor::operator(), row.id).await.expect("resumed");
    assert_eq!(deliver(&town.ledger).await.sent, 1);
    assert_eq!(receiver.taken(), places);
}

async fn one_that_is_gone_is_given_up_at_once(town: &Town) {
    let receiver = Receiver::open().await;
    let (row, _) = hook(town, &receiver).await;
    happen(town, 1).await;
    receiver.becomes([Fate::Answered(410)]);
    assert_eq!(deliver(&town.ledger).await, Run { failed: 1, given_up: 1, sent: 0 });
    assert!(progress(town, &row).await.is_failing);
}

async fn a_redirect_is_not_followed_and_silence_is_not_waited_for(town: &Town) {
    let receiver = Receiver::open().await;
    let (row, _) = hook(town, &receiver).await;
    happen(town, 1).await;
    receiver.becomes([Fate::Led, Fate::Silent]);
    assert_eq!(deliver(&town.ledger).await.failed, 1);
    assert_eq!((receiver.n_led(), receiver.taken().len()), (0, 0));
    assert_eq!(progress(town, &row).await.outcome.as_deref(), Some("307"));
    town.clock.pass(5);
    assert_eq!(deliver(&town.ledger).await.failed, 1);
    assert_eq!(progress(town, &row).await.outcome.as_deref(), Some("timeout"));
    town.clock.pass(30);
    assert_eq!(deliver(&town.ledger).await.sent, 1);
}

async fn what_is_not_public_is_not_reached(town: &Town) {
    let receiver = Receiver::open().await;
    let letter = Letter {
        id: "evt".to_owned(),
        timestamp: 0,
        body: "{}".to_owned(),
        signatures: String::new(),
    };
    let port = Address::parsed(&receiver.address).expect("an address").port;
    let timid = Post::new(Reach::default(), None).expect("a post");
    let refused = Err(NotTaken::Failed("address"));
    for address in [
        format!("http://127.0.0.1:{port}/hook"),
        format!("https://127.0.0.1:{port}/hook"),
        // a name that leads there is looked at where it leads
        format!("https://localhost:{port}/hook"),
        "https://[::ffff:127.0.0.1]/".to_owned(),
        "https://169.254.169.254/latest".to_owned(),
    ] {
        let address = Address::parsed(&address).expect("an address");
        assert_eq!(timid.send(&address, &letter).await, refused, "{address}");
    }
    // what is named is reached; without encryption only on this machine
    let address = Address::parsed(&receiver.address).expect("an address");
    assert_eq!(post().send(&address, &letter).await, Ok(204));
    let wide = Post::new(Reach::read("10.0.0.0/8").expect("a reach"), None).expect("a post");
    let plain = Address::parsed("http://10.255.255.1/").expect("an address");
    assert_eq!(wide.send(&plain, &letter).await, refused);
    assert_eq!(receiver.messages().len(), 1);
    // and what was kept before the operator thought better of it is looked at again
    let (row, _) = hook(town, &receiver).await;
    happen(town, 1).await;
    let timid = std::sync::Arc::new(timid);
    let run = acts::deliver::run(&town.ledger, &Actor::operator(), &timid).await.expect("a run");
    assert_eq!((run.failed, receiver.messages().len()), (1, 1));
    assert_eq!(progress(town, &row).await.outcome.as_deref(), Some("address"));
}

async fn it_is_told_of_its_area_and_of_what_it_names(town: &Town) {
    let receiver = Receiver::open().await;
    let of = |nouns: &[&str], actions: &[&str]| Draft {
        address: receiver.address.clone(),
        nouns: nouns.iter().map(|one| (*one).to_owned()).collect(),
        actions: actions.iter().map(|one| (*one).to_owned()).collect(),
    };
    added(town, code(TOWN_A), &of(&["asset"], &["asset.register"]), false).await;
    let inside = happen(town, 1).await;
    town.asset(VILLAGE_B1, "外渠", "10.00").await;
    town.asset(OTHER_VILLAGE, "邻县渠", "10.00").await;
    let body = town.organization(code(VILLAGE_A1), "管护公司").await;
    assert_eq!(deliver(&town.ledger).await.sent, 1, "{body}");
    assert_eq!(receiver.taken(), inside);
    let rows = receiver.messages()[0].json()["data"]["rows"].clone();
    let rows = rows.as_array().expect("rows").clone();
    assert!(rows.iter().all(|row| row["noun"] == "asset"), "{rows:?}");
    // what is nothing for it is done with all the same
    assert!(town.ledger.due_webhooks(0.into()).await.expect("asked").is_empty());
}

async fn it_is_told_again_from_a_position(town: &Town) {
    let receiver = Receiver::open().await;
    let (row, _) = hook(town, &receiver).await;
    let places = happen(town, 3).await;
    assert_eq!(deliver(&town.ledger).await.sent, 3);
    let operator = Actor::operator();
    let again = acts::replay(&town.ledger, &operator, row.id, places[1]).await.expect("told again");
    assert_eq!(again.replay_from, Some(places[1]));
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(entry["action"], "webhook.replay");
    assert_eq!(deliver(&town.ledger).await.sent, 2);
    assert_eq!(receiver.taken(), [places[0], places[1], places[2], places[1], places[2]]);
    let ids: Vec<String> = receiver.messages().into_iter().map(|one| one.id).collect();
    assert_eq!(ids[1..3], ids[3..5]);
    let end = i64::try_from(town.entries(COUNTY).await.len()).expect("small");
    let beyond = acts::replay(&town.ledger, &operator, row.id, end).await;
    assert!(matches!(beyond, Err(Error::Refused(no)) if no.code == "webhook.replay_range"));
}

async fn paused_and_ended_it_sends_nothing(town: &Town) {
    let receiver = Receiver::open().await;
    let (row, _) = hook(town, &receiver).await;
    let operator = Actor::operator();
    acts::pause(&town.ledger, &operator, row.id).await.expect("paused");
    let places = happen(town, 2).await;
    assert_eq!(deliver(&town.ledger).await, Run::default());
    acts::resume(&town.ledger, &operator, row.id).await.expect("resumed");
    assert_eq!(deliver(&town.ledger).await.sent, 2);
    assert_eq!(receiver.taken(), places);
    acts::end(&town.ledger, &operator, row.id).await.expect("ended");
    happen(town, 1).await;
    assert_eq!(deliver(&town.ledger).await, Run::default());
    let no = acts::resume(&town.ledger, &operator, row.id).await;
    assert!(matches!(no, Err(Error::Refused(no)) if no.code == "webhook.ended"));
}

async fn two_secrets_sign_for_a_day(town: &Town) {
    let receiver = Receiver::open().await;
    let (row, former) = hook(town, &receiver).await;
    let (_, new) = acts::rotate(&town.ledger, &Actor::operator(), row.id).await.expect("rotated");
    happen(town, 1).await;
    deliver(&town.ledger).await;
    let message = receiver.messages().remove(0);
    assert!(message.is_signed_with(&former) && message.is_signed_with(new.expose()));
    town.clock.pass(limits::WEBHOOK_FORMER_HOURS * 3_600);
    happen(town, 1).await;
    deliver(&town.ledger).await;
    let message = receiver.messages().remove(1);
    assert!(!message.is_signed_with(&former) && message.is_signed_with(new.expose()));
    // neither stands anywhere but sealed
    for secret in [&former, &new.expose().to_owned()] {
        let entries = town.rows::<entity::log::Entity>().await;
        assert!(!entries.iter().any(|entry| entry.body.contains(&secret[6..])));
        let rows = format!("{:?}", progress(town, &row).await);
        assert!(!rows.contains(&secret[6..]));
    }
}

async fn a_turn_comes_to_its_end_and_the_next_goes_on(town: &Town) {
    let receiver = Receiver::open().await;
    hook(town, &receiver).await;
    let n = limits::WEBHOOK_TURN + 1;
    let places = happen(town, usize::try_from(n).expect("small")).await;
    assert_eq!(deliver(&town.ledger).await.sent, limits::WEBHOOK_TURN);
    assert_eq!(deliver(&town.ledger).await.sent, 1);
    assert_eq!(receiver.taken(), places);
}

async fn who_may_and_where(town: &Town) {
    let administrator = town.as_role(Role::Administrator).await;
    let reach = Reach::default();
    let ledger = &town.ledger;
    let (area, there) = (code(COUNTY), code(OTHER_VILLAGE));
    let new = draft("hooks");
    let (row, _) = acts::add(ledger, &administrator, (area, &new), &reach).await.expect("added");
    let elsewhere = acts::add(ledger, &administrator, (there, &new), &reach).await;
    assert!(matches!(elsewhere, Err(Error::NotFound(_))));
    let other = town.as_other(Role::Administrator).await;
    assert!(matches!(acts::told(ledger, &other, row.id).await, Err(Error::NotFound(_))));
    assert!(matches!(acts::pause(ledger, &other, row.id).await, Err(Error::NotFound(_))));
    let clerk = town.clerk().await;
    let no = acts::add(ledger, &clerk, (area, &new), &reach).await;
    assert!(matches!(no, Err(Error::NotPermitted(_))));
    assert!(matches!(acts::list(ledger, &clerk, None, 50).await, Err(Error::NotPermitted(_))));
    // a private address is the operator's to allow
    let private = Draft { address: "https://10.0.0.1/".to_owned(), ..Draft::default() };
    let no = acts::add(ledger, &administrator, (area, &private), &reach).await;
    assert!(matches!(no, Err(Error::Invalid(_))));
    // two programs that change it at once do not overwrite one another
    acts::pause(ledger, &administrator, (row.id, 1)).await.expect("paused");
    let stale = acts::end(ledger, &administrator, (row.id, 1)).await;
    assert!(matches!(stale, Err(Error::Conflict)));
}
