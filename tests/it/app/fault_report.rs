//! Reports of faults: filed by whoever stands before an asset, kept once, silent in the log; what those
//! do who handle them; what follows when areas are merged.

use std::net::{IpAddr, Ipv4Addr};

use chrono::TimeDelta;
use entity::{
    account::Role,
    asset::{self, Class},
    fault_report::{self, Kind, State},
    log::Action,
};
use taizhang::{
    app::{
        self,
        fault_report::{
            accept, admit, dismiss, file, mend, mended_within, reveal, taken_over_within,
        },
    },
    domain::fault_report::Told,
    error::Error,
    limits,
    store::Actor,
};

use crate::harness::{
    Town,
    expect::{not_found, refused},
    people::PEOPLE,
    reports::filing,
    town::{COUNTY, VILLAGE_A1, VILLAGE_B1, code},
};

on_both!(
    a_report_is_kept_once_and_says_nothing_in_the_log,
    whoever_has_no_account_reports_what_they_stand_before,
    those_in_charge_handle_it,
    a_work_order_takes_it_over,
    a_number_is_seen_whole_for_a_reason,
    what_lay_in_a_village_that_was_merged_follows,
    so_many_are_taken_and_not_one_more,
);

async fn bridge(town: &Town) -> asset::Model {
    town.asset(VILLAGE_A1, "便民桥", "1000.00").await
}

async fn a_report_is_kept_once_and_says_nothing_in_the_log(town: &Town) {
    let (asset, ledger) = (bridge(town).await, &town.ledger);
    let there = town.passer_by(&asset).await;
    let (name, phone) = PEOPLE[0];
    let words = format!("{name}家门口的栏杆松了");
    let sent = filing(1, Kind::Broken, &words, phone);
    let row = file(ledger, &there, (asset.id, &sent), None).await.expect("a report");
    assert_eq!((row.state, row.area_code), (State::Received, asset.area_code));
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(
        (&entry["action"], &entry["actor"]),
        (&"fault_report.file".into(), &"村民/villager".into())
    );
    let text = entry.to_string();
    assert!(!text.contains(name) && !text.contains(phone) && !text.contains("栏杆"), "{text}");
    // the same form again is answered again, and leaves nothing
    let before = (town.everything().await, town.n_entries().await);
    let again = file(ledger, &there, (asset.id, &sent), None).await.expect("the same report");
    assert!(again == row && before == (town.everything().await, town.n_entries().await));
    // so is the code, and only its sum is there
    let (follow_up, is_there) = ledger.follow_up_of("form-1").await.expect("a code");
    assert!(is_there && !town.everything().await.iter().any(|row| row.contains(&follow_up)));
    let (followed, called) =
        ledger.followed(&follow_up).await.expect("a query").expect("a code").expect("a report");
    assert_eq!((followed.id, called), (row.id, asset.name.clone()));
    // another form that says the same is the same report for some minutes
    let other = filing(2, Kind::Broken, &words, "");
    refused(file(ledger, &there, (asset.id, &other), None).await, "fault_report.there_already");
    let kind = filing(3, Kind::Danger, &words, "");
    file(ledger, &there, (asset.id, &kind), None).await.expect("something else is wrong");
    let after = TimeDelta::minutes(limits::SAME_REPORT_MINUTES);
    let just = ledger.at(ledger.clock().now() + after - TimeDelta::seconds(1));
    refused(file(&just, &there, (asset.id, &other), None).await, "fault_report.there_already");
    let later = ledger.at(ledger.clock().now() + after);
    file(&later, &there, (asset.id, &other), None).await.expect("another report");
    assert_eq!(town.rows::<fault_report::Entity>().await.len(), 3);
}

async fn whoever_has_no_account_reports_what_they_stand_before(town: &Town) {
    let (asset, other) = (bridge(town).await, town.asset(VILLAGE_A1, "水塔", "10.00").await);
    let ledger = &town.ledger;
    let there = town.passer_by(&asset).await;
    let before = town.everything().await;
    let sent = filing(1, Kind::Broken, "", "");
    not_found(file(ledger, &there, (other.id, &sent), None).await);
    assert!(matches!(accept(ledger, &there, fault_report_id()).await, Err(Error::NotPermitted(_))));
    assert!(ledger.reveal(&there).is_err());
    assert_eq!(town.everything().await, before);
    // what belongs to a household is nobody else's affair; what has left the books is gone
    let operator = Actor::operator();
    let home = async |row: &asset::Model| {
        let (at, class) = ((row.id, row.version), (Class::Household, None));
        app::asset::reclass(ledger, &operator, at, class, "到户").await.expect("reclassed");
    };
    home(&other).await;
    assert!(ledger.passer_by(other.id).await.expect("a query").is_none());
    assert!(app::public::asset(ledger, other.id).await.expect("a query").is_none());
    assert!(app::public::asset(ledger, entity::id::AssetId(999_999)).await.expect("ok").is_none());
    assert!(app::public::asset(ledger, asset.id).await.expect("a query").is_some());
    // whoever stood there when it was reclassed comes too late
    home(&asset).await;
    not_found(file(ledger, &there, (asset.id, &sent), None).await);
}

fn fault_report_id() -> entity::id::FaultReportId {
    entity::id::FaultReportId(1)
}

async fn those_in_charge_handle_it(town: &Town) {
    let (asset, ledger) = (bridge(town).await, &town.ledger);
    let row = town.report(&asset, ("栏杆松了", "")).await;
    let officer = town.as_role(Role::VillageOfficer).await;
    let clerk_b = town.clerk_b().await;
    not_found(accept(ledger, &clerk_b, row.id).await);
    assert_eq!(ledger.read(&officer).n_open_reports(asset.id).await.expect("a number"), 1);
    let accepted = accept(ledger, &officer, (row.id, row.version)).await.expect("accepted");
    assert!(matches!(accept(ledger, &officer, (row.id, 1)).await, Err(Error::Conflict)));
    refused(accept(ledger, &officer, row.id).await, "fault_report.in_state");
    refused(dismiss(ledger, &officer, row.id, " ").await, "action.reason_missing");
    let done = mend(ledger, &officer, (row.id, accepted.version), "换了新栏杆").await;
    let done = done.expect("mended");
    assert_eq!((done.state, done.settled_on), (State::Mended, Some(town.today())));
    assert_eq!(ledger.read(&officer).n_open_reports(asset.id).await.expect("a number"), 0);
    // who reads what was said
    let row = town.report(&asset, ("水管漏水", "13812345678")).await;
    for (role, words) in [
        (Role::VillageOfficer, "水管漏水"),
        (Role::RuralOfficer, "水管漏水"),
        (Role::Leader, ""),
        (Role::Auditor, ""),
    ] {
        let reader = town.as_role(role).await;
        let told = ledger.read(&reader).told_in(std::slice::from_ref(&row)).await.expect("told");
        let expected = Told { words: words.to_owned(), phone: "138****5678".to_owned() };
        assert_eq!(told[&row.id], expected, "{role:?}");
    }
}

async fn a_work_order_takes_it_over(town: &Town) {
    let (asset, ledger) = (bridge(town).await, &town.ledger);
    let row = town.report(&asset, ("栏杆松了", "")).await;
    let officer = town.as_role(Role::TownshipClerk).await;
    let action = Action::MendFaultReport;
    let taken =
        ledger.write(&officer, action, async |write| taken_over_within(write, row.id).await);
    assert_eq!(taken.await.expect("taken over").state, State::InRepair);
    refused(dismiss(ledger, &officer, row.id, "重复").await, "fault_report.in_state");
    let mended =
        ledger.write(&officer, action, async |write| mended_within(write, row.id, "已更换").await);
    let mended = mended.await.expect("mended");
    assert_eq!((mended.state, mended.answer.as_deref()), (State::Mended, Some("已更换")));
}

async fn a_number_is_seen_whole_for_a_reason(town: &Town) {
    let (asset, ledger) = (bridge(town).await, &town.ledger);
    let (name, phone) = PEOPLE[1];
    let row = town.report(&asset, (&format!("找{name}"), phone)).await;
    let officer = town.as_role(Role::VillageOfficer).await;
    assert!(matches!(
        reveal(ledger, &officer, row.id, "回电话").await,
        Err(Error::NotPermitted(_))
    ));
    let clerk = town.as_role(Role::TownshipClerk).await;
    refused(reveal(ledger, &clerk, row.id, "").await, "action.reason_missing");
    let told = reveal(ledger, &clerk, row.id, "回电话核实").await.expect("shown");
    assert_eq!(told, Told { words: format!("找{name}"), phone: phone.to_owned() });
    let entry = town.last_entry(COUNTY).await;
    assert_eq!(
        (&entry["action"], &entry["note"]["noun"]),
        (&"person.reveal".into(), &"fault_report".into())
    );
    let text = entry.to_string();
    assert!(text.contains("回电话核实") && !text.contains(name) && !text.contains(phone));
    let elsewhere = town.as_other(Role::TownshipClerk).await;
    not_found(reveal(ledger, &elsewhere, row.id, "回电话").await);
}

async fn what_lay_in_a_village_that_was_merged_follows(town: &Town) {
    let (asset, ledger) = (town.asset(VILLAGE_B1, "通组路", "10.00").await, &town.ledger);
    let short = ledger.short_code(asset.id).expect("a code");
    let sent = filing(77, Kind::Broken, "路塌了", "13812345678");
    let there = town.passer_by(&asset).await;
    let row = file(ledger, &there, (asset.id, &sent), None).await.expect("a report");
    let (from, into) = (code(VILLAGE_B1), code(VILLAGE_A1));
    let operator = Actor::operator();
    app::area::merge(ledger, &operator, from, into, town.today()).await.expect("merged");
    let row = town.row::<fault_report::Entity>(row.id).await;
    assert_eq!(row.area_code, into);
    assert_eq!(ledger.short_code(asset.id), Some(short), "the plate stays");
    assert_eq!(ledger.asset_of(short), asset.id);
    // whoever is in charge there reads it, and whoever reported it follows it up
    let officer = town.as_role(Role::VillageOfficer).await;
    let told = ledger.read(&officer).told_in(std::slice::from_ref(&row)).await.expect("told");
    assert_eq!(told[&row.id].words, "路塌了");
    let (follow_up, _) = ledger.follow_up_of("form-77").await.expect("a code");
    assert!(matches!(ledger.followed(&follow_up).await, Ok(Ok(Some(_)))));
    // whoever stood there before the merger stands elsewhere now
    let late = filing(78, Kind::Danger, "", "");
    not_found(file(ledger, &there, (asset.id, &late), None).await);
    let there = town.passer_by(&asset).await;
    file(ledger, &there, (asset.id, &late), None).await.expect("another report");
}

async fn so_many_are_taken_and_not_one_more(town: &Town) {
    let (asset, other) = (bridge(town).await, town.asset(VILLAGE_A1, "水塔", "10.00").await);
    let from = |n: u32| IpAddr::V4(Ipv4Addr::from_bits(0x0A00_0000 + n));
    let admit = async |n, id| admit(&town.ledger, from(n), id).await;
    let is_full = |done: Result<(), Error>| matches!(done, Err(Error::Throttled(_)));
    for _ in 0..limits::REPORTS_PER_ADDRESS {
        admit(1, asset.id).await.expect("room");
    }
    assert!(is_full(admit(1, other.id).await), "an address has its share");
    for n in limits::REPORTS_PER_ADDRESS..limits::REPORTS_PER_ASSET {
        admit(100 + u32::try_from(n).expect("small"), asset.id).await.expect("room");
    }
    assert!(is_full(admit(2, asset.id).await), "an asset has its share");
    // what was refused is not counted
    for n in limits::REPORTS_PER_ASSET..limits::REPORTS_IN_ALL {
        let n = u32::try_from(n).expect("small");
        admit(1_000 + n, entity::id::AssetId(10_000 + i64::from(n))).await.expect("room");
    }
    assert!(is_full(admit(3, other.id).await), "all of them have theirs");
    let later = town.ledger.at(town.ledger.clock().now() + TimeDelta::hours(1));
    app::fault_report::admit(&later, from(1), other.id).await.expect("an hour later");
    let same = app::fault_report::admit(&later, from(2), asset.id).await;
    assert!(is_full(same), "an asset waits for a day");
}
