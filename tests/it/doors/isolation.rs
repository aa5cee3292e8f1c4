//! One wins a version; a refusal or a lost caller leaves nothing; counties do not wait.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

use entity::{
    asset::{self, UseState},
    duty::Kind,
    id::AssetId,
    log::Action,
    organization,
};
use taizhang::{
    app,
    domain::{duty::Terms, refusal::Refusal, title::Party},
    error::Error,
    store::{Actor, Write},
};
use tokio::{sync::oneshot, task::JoinSet, time::timeout};

use crate::harness::{
    Town,
    expect::{conflict, refused},
    town::{COUNTY, OTHER_VILLAGE, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code},
};

on_both!(
    an_old_version_is_a_conflict,
    fifty_at_once_and_one_wins_each_version,
    a_refusal_in_the_middle_leaves_nothing,
    a_caller_that_is_gone_leaves_nothing,
    counties_do_not_wait_for_each_other,
    an_action_that_changes_nothing_leaves_no_entry,
    a_row_is_not_stored_over_a_newer_one,
    whoever_ends_while_being_assigned_bears_nothing_after,
    an_office_above_that_ends_is_waited_for,
    a_round_judges_what_is_so_when_its_turn_comes,
);

fn remark(text: String) -> impl FnOnce(asset::Model) -> asset::Model + Send {
    move |row| asset::Model { remark: Some(text), ..row }
}

async fn an_old_version_is_a_conflict(town: &Town) {
    let on = crate::harness::calls::Subjects::new(town).await;
    let clerk = town.clerk().await;
    let (ledger, id) = (&town.ledger, on.asset.id);
    let next = app::asset::amend(ledger, &clerk, (id, 1), remark("一".into())).await;
    assert_eq!(next.expect("amended").version, 2);
    let before = town.everything().await;
    conflict(app::asset::amend(ledger, &clerk, (id, 1), remark("二".into())).await);
    let reason = "录入有误";
    conflict(app::asset::correct(ledger, &clerk, (id, 3), reason, remark("三".into())).await);
    let class = (asset::Class::Household, None);
    conflict(app::asset::reclass(ledger, &clerk, (id, 1), class, reason).await);
    conflict(app::asset::hand_over(ledger, &clerk, (id, 1), town.today(), None).await);
    conflict(app::asset::split(ledger, &clerk, (id, 1), &[], reason).await);
    conflict(app::project::amend(ledger, &clerk, (on.project.id, 2), |row| row).await);
    conflict(app::organization::amend(ledger, &clerk, (on.body, 2), |row| row).await);
    assert_eq!(town.everything().await, before);
}

async fn fifty_at_once_and_one_wins_each_version(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.clerk().await;
    for version in 1..=3 {
        let entries = town.n_entries().await;
        let mut clerks = JoinSet::new();
        for n in 0..50 {
            let (ledger, clerk, id) = (town.ledger.clone(), clerk.clone(), asset.id);
            clerks.spawn(async move {
                let change = remark(format!("{version}-{n}"));
                app::asset::amend(&ledger, &clerk, (id, version), change).await
            });
        }
        let answers = clerks.join_all().await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 49), "version {version}");
        lost.into_iter().for_each(conflict);
        let stored = town.stored(asset.id).await;
        let winner = won.into_iter().flatten().next().expect("one won");
        assert_eq!(stored, winner);
        assert_eq!(stored.version, version + 1);
        assert_eq!(town.n_entries().await, entries + 1);
    }
}

async fn a_refusal_in_the_middle_leaves_nothing(town: &Town) {
    let [one, two] = [VILLAGE_A1, VILLAGE_A2].map(|village| town.asset(village, "桥", "10.00"));
    let (one, two) = (one.await, two.await);
    let body = Party::Organization(town.collective(VILLAGE_A1).await);
    let clerk = town.clerk().await;
    let later = Terms { from_on: Some(town.days_ahead(10)), ..Terms::default() };
    let party = (Kind::Maintainer, body);
    let first = app::duty::assign(&town.ledger, &clerk, &[two.id], party, &later).await;
    first.expect("assigned");
    let before = town.everything().await;
    // the second of the two overlaps what begins in ten days
    let both = [one.id, two.id];
    let answer = app::duty::assign(&town.ledger, &clerk, &both, party, &Terms::default()).await;
    refused(answer, "duty.overlaps");
    assert_eq!(town.everything().await, before);
    let thrown_away = town.ledger.write(&clerk, Action::AmendAsset, async |write| {
        let row = write.get::<asset::Entity>(one.id).await?;
        let next = asset::Model { use_state: Some(UseState::Idle), ..row.clone() };
        write.update::<asset::Entity>(&row, next).await?;
        let contact = crate::harness::people::contact(3);
        app::person::find_or_put_in(write, code(VILLAGE_A1), &contact, None).await?;
        Err::<(), Error>(Refusal::nothing_changed().into())
    });
    refused(thrown_away.await, "row.nothing_changed");
    assert_eq!(town.everything().await, before);
}

/// Polls a future so many times and then lets it go.
async fn abandon<F: Future>(future: F, polls: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..polls {
        let done = poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await;
        if done {
            return true;
        }
        tokio::time::sleep(Duration::from_micros(400)).await;
    }
    false
}

async fn a_caller_that_is_gone_leaves_nothing(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let clerk = town.clerk().await;
    let mut n_done = 0;
    for polls in (1..40).chain(1..40) {
        let before = (town.stored(asset.id).await, town.n_entries().await);
        let at = (asset.id, before.0.version);
        let change = remark(format!("{polls}-{n_done}"));
        let done = abandon(app::asset::amend(&town.ledger, &clerk, at, change), polls).await;
        // whoever comes next waits until the lost transaction is rolled back
        let next = app::asset::amend(
            &town.ledger,
            &clerk,
            (asset.id, before.0.version + i64::from(done)),
            remark(format!("{polls}-{n_done}-next")),
        );
        match next.await {
            Ok(next) => assert_eq!(town.stored(asset.id).await, next, "seen by others at once"),
            // the answer was lost after the commit: all of it is there
            Err(Error::Conflict) => assert!(!done),
            Err(error) => panic!("{error}"),
        }
        let after = (town.stored(asset.id).await, town.n_entries().await);
        let n_versions = usize::try_from(after.0.version - before.0.version).expect("forward");
        assert_eq!(n_versions, after.1 - before.1, "an entry a version, after {polls} polls");
        assert!((1..=2).contains(&n_versions));
        n_done += usize::from(done);
    }
    assert!(n_done < 78, "some were abandoned");
}

/// Holds a county's turn until told to let go.
async fn hold(
    write: &mut Write,
    id: AssetId,
    at_work: oneshot::Sender<()>,
    go_on: oneshot::Receiver<()>,
) -> taizhang::error::Result<()> {
    let row = write.get::<asset::Entity>(id).await?;
    let next = asset::Model { remark: Some("慢".into()), ..row.clone() };
    write.update::<asset::Entity>(&row, next).await?;
    at_work.send(()).expect("somebody waits");
    go_on.await.expect("told to go on");
    Ok(())
}

async fn counties_do_not_wait_for_each_other(town: &Town) {
    if !town.is_postgres() {
        // SQLite has one writer for all
        return;
    }
    let slow = town.asset(VILLAGE_A1, "便民桥", "1000.00").await.id;
    let same = town.asset(VILLAGE_B1, "水渠", "1000.00").await.id;
    let other = town.asset(OTHER_VILLAGE, "水渠", "1000.00").await.id;
    let (at_work, is_at_work) = oneshot::channel();
    let (let_go, go_on) = oneshot::channel();
    let ledger = town.ledger.clone();
    let holder = tokio::spawn(async move {
        let operator = Actor::operator();
        let mut channels = Some((at_work, go_on));
        let work = async |write: &mut Write| {
            let (at_work, go_on) = channels.take().expect("called once");
            hold(write, slow, at_work, go_on).await
        };
        ledger.write(&operator, Action::AmendAsset, work).await
    });
    is_at_work.await.expect("at work");
    let quick = |id| {
        let ledger = town.ledger.clone();
        async move {
            app::asset::amend(&ledger, &Actor::operator(), (id, 1), remark("快".into())).await
        }
    };
    let elsewhere = timeout(Duration::from_secs(20), quick(other)).await;
    elsewhere.expect("another county does not wait").expect("amended");
    let waiting = tokio::spawn(quick(same));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished(), "the same county waits");
    let_go.send(()).expect("it waits");
    holder.await.expect("no panic").expect("held");
    waiting.await.expect("no panic").expect("amended in its turn");
}

async fn an_action_that_changes_nothing_leaves_no_entry(town: &Town) {
    let on = crate::harness::calls::Subjects::new(town).await;
    let (ledger, clerk) = (&town.ledger, town.clerk().await);
    let before = town.everything().await;
    let looked = ledger.write(&clerk, Action::AmendAsset, async |write| {
        write.get::<asset::Entity>(on.asset.id).await
    });
    assert_eq!(looked.await.expect("found").id, on.asset.id);
    let same = "row.nothing_changed";
    refused(app::asset::amend(ledger, &clerk, (on.asset.id, 1), |row| row).await, same);
    refused(app::project::amend(ledger, &clerk, (on.project.id, 1), |row| row).await, same);
    refused(app::organization::amend(ledger, &clerk, (on.body, 1), |row| row).await, same);
    assert_eq!(town.everything().await, before);
    assert!(town.entries(COUNTY).await.len() > 1);
}

async fn whoever_ends_while_being_assigned_bears_nothing_after(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let yesterday = town.days_ahead(-1);
    for n in 0..12 {
        let body = town.organization(code(VILLAGE_A1), &format!("公司{n}")).await;
        let party = (Kind::Maintainer, Party::Organization(body));
        let (ledger, id) = (town.ledger.clone(), asset.id);
        let terms = Terms { from_on: Some(town.days_ahead(n)), ..Terms::default() };
        let assigning = tokio::spawn(async move {
            app::duty::assign(&ledger, &Actor::operator(), &[id], party, &terms).await
        });
        let ledger = town.ledger.clone();
        let ending = tokio::spawn(async move {
            app::organization::end(&ledger, &Actor::operator(), body, yesterday).await
        });
        ending.await.expect("no panic").expect("ended");
        match assigning.await.expect("no panic") {
            Ok(_) => {}
            answer => refused(answer, "party.ended"),
        }
        let duties = town.rows::<entity::duty::Entity>().await;
        let borne = duties.iter().filter(|duty| duty.organization_id == Some(body));
        let unended: Vec<_> = borne.filter(|duty| duty.until_on.is_none()).collect();
        assert!(unended.is_empty(), "{unended:?}");
    }
}

async fn a_row_is_not_stored_over_a_newer_one(town: &Town) {
    let id = town.asset(VILLAGE_A1, "便民桥", "1000.00").await.id;
    let before = town.everything().await;
    let clerk = town.clerk().await;
    let twice = town.ledger.write(&clerk, Action::AmendAsset, async |write| {
        let row = write.get::<asset::Entity>(id).await?;
        let next = |text: &str| asset::Model { remark: Some(text.to_owned()), ..row.clone() };
        write.update::<asset::Entity>(&row, next("一")).await?;
        write.update::<asset::Entity>(&row, next("二")).await
    });
    conflict(twice.await);
    assert_eq!(town.everything().await, before);
}

async fn an_office_above_that_ends_is_waited_for(town: &Town) {
    if !town.is_postgres() {
        // SQLite has one writer for all
        return;
    }
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await.id;
    let operator = Actor::operator();
    let above = taizhang::domain::organization::blank(code("520300000000"), "市交通局");
    let body = town.ledger.write(&operator, Action::RegisterOrganization, async |write| {
        app::organization::put_in(write, above.clone(), None).await
    });
    let body = body.await.expect("an office").id;
    let (at_work, is_at_work) = oneshot::channel();
    let (let_go, go_on) = oneshot::channel();
    let (ledger, yesterday) = (town.ledger.clone(), town.days_ahead(-1));
    let ending = tokio::spawn(async move {
        let mut channels = Some((at_work, go_on));
        let work = async |write: &mut Write| {
            let (at_work, go_on) = channels.take().expect("called once");
            let row = write.get::<organization::Entity>(body).await?;
            let ended = organization::Model { ended_on: Some(yesterday), ..row.clone() };
            write.update::<organization::Entity>(&row, ended).await?;
            at_work.send(()).expect("somebody waits");
            go_on.await.expect("told to go on");
            app::duty::vacate(write, Party::Organization(body), yesterday).await
        };
        ledger.write(&Actor::operator(), Action::EndOrganization, work).await
    });
    is_at_work.await.expect("at work");
    let ledger = town.ledger.clone();
    let assigning = tokio::spawn(async move {
        let party = (Kind::Maintainer, Party::Organization(body));
        app::duty::assign(&ledger, &Actor::operator(), &[asset], party, &Terms::default()).await
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!assigning.is_finished(), "whether it ends is not known yet");
    let_go.send(()).expect("it waits");
    assert_eq!(ending.await.expect("no panic").expect("ended"), 0);
    refused(assigning.await.expect("no panic"), "party.ended");
}

async fn a_round_judges_what_is_so_when_its_turn_comes(town: &Town) {
    if !town.is_postgres() {
        // SQLite has one writer for all
        return;
    }
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await.id;
    let party = (Kind::Maintainer, Party::Organization(town.collective(VILLAGE_A1).await));
    let (at_work, is_at_work) = oneshot::channel();
    let (let_go, go_on) = oneshot::channel();
    let (ledger, today) = (town.ledger.clone(), town.today());
    let assigning = tokio::spawn(async move {
        let mut channels = Some((at_work, go_on));
        let terms = Terms { from_on: Some(today), ..Terms::default() };
        let work = async |write: &mut Write| {
            let (at_work, go_on) = channels.take().expect("called once");
            app::duty::assign_within(write, asset, party, &terms).await?;
            at_work.send(()).expect("somebody waits");
            go_on.await.expect("told to go on");
            Ok(())
        };
        ledger.write(&Actor::operator(), Action::AssignDuty, work).await
    });
    is_at_work.await.expect("at work");
    let ledger = town.ledger.clone();
    let round = tokio::spawn(async move { app::nightly::round(&ledger, &Actor::operator()).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!round.is_finished(), "it waits for its turn");
    let_go.send(()).expect("it waits");
    assigning.await.expect("no panic").expect("assigned");
    assert_eq!(round.await.expect("no panic").expect("a round").opened, 0);
    assert!(!town.open_findings(asset).await.contains(&"G01"));
}
