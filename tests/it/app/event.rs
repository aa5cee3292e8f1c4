//! Events: whoever follows the log by its positions misses nothing, however many write at once, and
//! sees what lies in their area alone.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use entity::{account::Role, area::County, log::Action};
use taizhang::{
    app,
    domain::asset::Completeness,
    error::Error,
    limits,
    store::{
        Actor, Ledger,
        event::{Events, Wanted},
    },
};

use crate::harness::{
    Town,
    town::{COUNTY, OTHER_COUNTY, VILLAGE_A1, VILLAGE_B1, registration},
};

on_both!(
    a_reader_beside_many_writers_misses_nothing,
    what_is_read_twice_is_the_same_and_what_is_new_comes_behind_it,
    only_what_lies_in_ones_area_is_told,
    an_entry_is_told_whole_and_a_page_comes_to_its_end,
);

fn county(area: &str) -> County {
    area[..6].parse().expect("a county")
}

async fn read(ledger: &Ledger, actor: &Actor, after: i64, limit: u64) -> Events {
    let of = county(COUNTY);
    ledger.read(actor).events(of, after, &Wanted::default(), limit).await.expect("events")
}

/// Follows the log until nothing more comes after the writers have ended.
async fn follow(ledger: &Ledger, is_over: &AtomicBool) -> Vec<i64> {
    let (operator, mut after, mut seen) = (Actor::operator(), -1, Vec::new());
    loop {
        let was_over = is_over.load(Ordering::SeqCst);
        let page = read(ledger, &operator, after, 3).await;
        seen.extend(page.events.iter().map(|event| event.seq));
        if page.upto == after && was_over {
            return seen;
        }
        after = page.upto;
    }
}

async fn a_reader_beside_many_writers_misses_nothing(town: &Town) {
    let is_over = Arc::new(AtomicBool::new(false));
    let follower = {
        let (ledger, is_over) = (town.ledger.clone(), is_over.clone());
        tokio::spawn(async move { follow(&ledger, &is_over).await })
    };
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let ledger = town.ledger.clone();
            tokio::spawn(async move {
                for n in 0..8 {
                    let whole = registration(VILLAGE_A1, &format!("渠{writer}-{n}"), "10.00");
                    let operator = Actor::operator();
                    let how = Completeness::Whole;
                    app::asset::register(&ledger, &operator, whole, how).await.expect("made");
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("written");
    }
    is_over.store(true, Ordering::SeqCst);
    let seen = follower.await.expect("followed");
    assert!(seen.is_sorted_by(|one, next| one < next), "{seen:?}");
    let entries = town.entries(COUNTY).await;
    let told = |entry: &serde_json::Value| {
        let changes = entry["changes"].as_array().expect("changes");
        changes.iter().any(|one| one["noun"] != "account")
    };
    let expected: Vec<i64> =
        (0..).zip(&entries).filter(|(_, one)| told(one)).map(|(n, _)| n).collect();
    assert_eq!(seen, expected);
}

async fn what_is_read_twice_is_the_same_and_what_is_new_comes_behind_it(town: &Town) {
    let operator = Actor::operator();
    let asset = town.asset(VILLAGE_A1, "渠", "10.00").await;
    let first = read(&town.ledger, &operator, -1, 200).await;
    assert_eq!(first, read(&town.ledger, &operator, -1, 200).await);
    assert!(!first.is_more);
    // nothing is new
    let none = read(&town.ledger, &operator, first.upto, 200).await;
    assert_eq!((none.events.len(), none.upto, none.is_more), (0, first.upto, false));
    let idle = |row| entity::asset::Model { remark: Some("闲置".into()), ..row };
    app::asset::amend(&town.ledger, &operator, (asset.id, 1), idle).await.expect("amended");
    let next = read(&town.ledger, &operator, first.upto, 200).await;
    assert_eq!((next.events.len(), next.upto), (1, first.upto + 1));
    let event = &next.events[0];
    assert_eq!((event.action.as_str(), event.at), ("asset.amend", town.ledger.clock().now()));
    let row = &event.rows[0];
    assert_eq!((row.noun, row.id, row.version), ("asset", asset.id.0, 2));
    assert_eq!(row.area.as_str(), VILLAGE_A1);
    // of some nouns and actions alone; what is passed over is done with
    for (noun, action, n) in
        [("asset", "asset.amend", 1), ("asset", "asset.split", 0), ("duty", "asset.amend", 0)]
    {
        let wanted = Wanted { nouns: vec![noun.into()], actions: vec![action.into()] };
        let read = town.ledger.read(&operator);
        let page = read.events(county(COUNTY), first.upto, &wanted, 9).await.expect("events");
        assert_eq!((page.events.len(), page.upto), (n, next.upto), "{noun} {action}");
    }
}

async fn only_what_lies_in_ones_area_is_told(town: &Town) {
    town.asset(VILLAGE_A1, "渠", "10.00").await;
    town.asset(VILLAGE_B1, "外渠", "10.00").await;
    let officer = town.as_role(Role::VillageOfficer).await;
    let page = read(&town.ledger, &officer, -1, 200).await;
    let own = officer.area();
    assert!(!page.events.is_empty());
    assert!(page.events.iter().flat_map(|event| &event.rows).all(|row| own.covers(&row.area)));
    let all = read(&town.ledger, &Actor::operator(), -1, 200).await;
    assert_eq!(page.upto, all.upto);
    assert!(all.events.len() > page.events.len());
    let nouns = all.events.iter().flat_map(|event| &event.rows).map(|row| row.noun);
    assert!(!nouns.clone().any(|noun| noun == "account"));
    let there = town.ledger.read(&officer).county_of_events(Some(county(OTHER_COUNTY)));
    assert!(matches!(there, Err(Error::NotFound(_))));
    assert_eq!(town.ledger.read(&officer).county_of_events(None).ok(), Some(county(COUNTY)));
}

async fn an_entry_is_told_whole_and_a_page_comes_to_its_end(town: &Town) {
    let (operator, ledger) = (Actor::operator(), &town.ledger);
    let before = read(ledger, &operator, -1, 200).await.upto;
    // so many rows that a page of them is full, an entry more
    let n = limits::EVENT_ROWS + 1;
    let plan = taizhang::domain::project::blank(VILLAGE_A1.parse().expect("an area"), "通村路");
    let made = ledger.write(&operator, Action::RegisterProject, async |write| {
        for part in vec![plan; n].chunks(limits::CHANGES_PER_ENTRY) {
            write.insert_all::<entity::project::Entity>(part.to_vec()).await?;
        }
        Ok(())
    });
    made.await.expect("projects");
    let page = read(ledger, &operator, before, 200).await;
    let count = |page: &Events| page.events.iter().map(|event| event.rows.len()).sum::<usize>();
    assert_eq!((count(&page), page.is_more), (limits::EVENT_ROWS, true));
    let rest = read(ledger, &operator, page.upto, 200).await;
    assert_eq!((count(&rest), rest.is_more), (1, false));
    // a page of one event has one, and says that there is more
    let one = read(ledger, &operator, before, 1).await;
    assert_eq!((one.events.len(), one.upto, one.is_more), (1, before + 1, true));
    // so many entries are looked at for a page, and no more
    let wanted = Wanted { actions: vec!["asset.split".into()], ..Wanted::default() };
    let entries = usize::try_from(limits::EVENT_ENTRIES).expect("small");
    for _ in town.entries(COUNTY).await.len()..=entries {
        let mark = ledger.write(&operator, Action::RegisterProject, async |write| {
            let plan = taizhang::domain::project::blank(VILLAGE_A1.parse().expect("an area"), "路");
            write.insert::<entity::project::Entity>(plan).await.map(drop)
        });
        mark.await.expect("an entry");
    }
    let page = ledger.read(&operator).events(county(COUNTY), -1, &wanted, 9).await.expect("read");
    let last = i64::try_from(limits::EVENT_ENTRIES).expect("small") - 1;
    assert_eq!((page.upto, page.is_more, page.events.len()), (last, true, 0));
    let rest = ledger.read(&operator).events(county(COUNTY), last, &wanted, 9).await.expect("read");
    assert_eq!((rest.upto, rest.is_more), (last + 1, false));
}
