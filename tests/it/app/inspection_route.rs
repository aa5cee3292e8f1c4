//! Routes of inspectors: made, amended, ended; and what is due along one.

use entity::{
    account::Role,
    asset,
    inspection_route::{self, Stops},
    measure::Coordinate,
    setting::Key,
};
use taizhang::{
    app::{
        self,
        inspection_route::{self as acts, Order},
    },
    domain::setting::Proposal,
    error::Error,
    limits,
    store::Actor,
};

use crate::harness::{
    Town, inspections,
    routes::{inspector, made, route},
    town::{COUNTY, VILLAGE_A1, VILLAGE_B1, code},
};

on_both!(
    a_route_lies_where_its_assets_do_and_goes_the_short_way,
    what_is_wrong_with_a_route_is_said_at_its_field,
    what_is_due_comes_in_the_order_of_the_route,
    a_route_that_has_ended_stays_as_it_was,
    nobody_goes_more_routes_than_there_may_be,
);

/// An asset at a place of its own.
async fn at(town: &Town, village: &str, name: &str, east: &str) -> asset::Model {
    let asset = town.asset(village, name, "1000.00").await;
    let place = |text: &str, read: fn(&str) -> Result<Coordinate, _>| read(text).ok();
    let placed = asset::Model {
        longitude: place(east, Coordinate::longitude),
        latitude: place("26.5", Coordinate::latitude),
        ..asset.clone()
    };
    let named = (asset.id, asset.version);
    let operator = Actor::operator();
    let moved = app::asset::amend(&town.ledger, &operator, named, |_| placed.clone()).await;
    moved.expect("a place")
}

fn codes(assets: &[&asset::Model]) -> Stops {
    Stops(assets.iter().map(|one| one.code.clone()).collect())
}

async fn a_route_lies_where_its_assets_do_and_goes_the_short_way(town: &Town) {
    let first = at(town, VILLAGE_A1, "一号桥", "106.70").await;
    let third = at(town, VILLAGE_A1, "三号桥", "106.74").await;
    let second = at(town, VILLAGE_A1, "二号桥", "106.72").await;
    let goes = inspector(town).await;
    let row = route(goes, " 河东线 ", &[&first, &third, &second]);
    let clerk = town.as_role(Role::TownshipClerk).await;
    let made = acts::make(&town.ledger, &clerk, row, Order::Short).await.expect("made");
    assert_eq!((made.area_code, &*made.name), (code(VILLAGE_A1), "河东线"));
    assert_eq!(made.stops, codes(&[&first, &second, &third]));
    let far = at(town, VILLAGE_B1, "远桥", "106.90").await;
    let operator = Actor::operator();
    let more = codes(&[&far, &first]);
    let change = |row| inspection_route::Model { stops: more.clone(), ..row };
    let named = (made.id, made.version);
    let wider = acts::amend(&town.ledger, &operator, named, Order::Given, change).await;
    let wider = wider.expect("amended");
    assert_eq!((wider.area_code, &wider.stops), (code(COUNTY), &more));
    // the clerk of one of the towns sees it no more
    let own = acts::amend(&town.ledger, &clerk, wider.id, Order::Given, |row| row).await;
    assert!(matches!(own, Err(Error::NotFound(_))), "{own:?}");
    let stale = acts::amend(&town.ledger, &operator, named, Order::Given, |row| row).await;
    assert!(matches!(stale, Err(Error::Conflict)), "{stale:?}");
}

async fn what_is_wrong_with_a_route_is_said_at_its_field(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "1000.00").await;
    let elsewhere = town.asset(VILLAGE_B1, "外镇桥", "1000.00").await;
    let goes = inspector(town).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let leader = town.as_role(Role::Leader).await.account().expect("an account");
    let cases = [
        (route(goes, "", &[&asset]), "name"),
        (route(goes, "东线", &[]), "stops"),
        (route(goes, "东线", &[&asset, &asset]), "stops"),
        (route(goes, "东线", &[&elsewhere]), "stops"),
        (route(leader, "东线", &[&asset]), "account"),
        (route(9_999.into(), "东线", &[&asset]), "account"),
    ];
    for (row, field) in cases {
        let no = acts::make(&town.ledger, &clerk, row, Order::Given).await.expect_err(field);
        let Error::Invalid(mistakes) = no else { panic!("{field}: {no:?}") };
        assert_eq!(mistakes.0[0].field, field);
    }
    assert!(town.rows::<inspection_route::Entity>().await.is_empty());
}

async fn what_is_due_comes_in_the_order_of_the_route(town: &Town) {
    let proposal = Proposal {
        key: Key::InspectionDays,
        area: code(COUNTY),
        value: "30".to_owned(),
        basis_title: "县管护办法".to_owned(),
        basis_no: None,
        from_on: town.today(),
    };
    app::setting::set(&town.ledger, &Actor::operator(), &proposal).await.expect("set");
    let [one, two, three] = ["一", "二", "三"].map(|name| town.asset(VILLAGE_A1, name, "10.00"));
    let (one, two, three) = (one.await, two.await, three.await);
    let goes = inspector(town).await;
    let made = made(town, route(goes, "东线", &[&three, &one, &two])).await;
    // what was looked at is due later than the others
    let at = town.ledger.clock().now();
    let record = inspections::good(&one, town.next_number(), at);
    let looked = app::inspection::record(&town.ledger, &Actor::operator(), one.id, &record).await;
    looked.expect("recorded");
    let actor = town.as_role(Role::Inspector).await;
    let read = town.ledger.read(&actor);
    let own = read.own_routes().await.expect("routes");
    assert_eq!(own, std::slice::from_ref(&made));
    let due = acts::due(&read, &made, town.days_ahead(29)).await.expect("due");
    assert_eq!(due.iter().map(|due| due.asset.id).collect::<Vec<_>>(), [three.id, two.id]);
    let due = acts::due(&read, &made, town.days_ahead(30)).await.expect("due");
    let ids: Vec<_> = due.iter().map(|due| due.asset.id).collect();
    assert_eq!(ids, [three.id, one.id, two.id]);
    let stops = acts::stops(&read, &made).await.expect("stops");
    assert!(stops.iter().all(|stop| stop.due_on.is_some()));
    assert_eq!(stops[1].upkeep.as_ref().map(|upkeep| upkeep.asset_id), Some(one.id));
    // whoever does not see an asset is told its code alone
    let other = town.as_other(Role::Inspector).await;
    let stops = acts::stops(&town.ledger.read(&other), &made).await.expect("stops");
    assert!(stops.iter().all(|stop| stop.asset.is_none() && stop.due_on.is_none()));
}

async fn a_route_that_has_ended_stays_as_it_was(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "1000.00").await;
    let goes = inspector(town).await;
    let made = made(town, route(goes, "东线", &[&asset])).await;
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let refused = |done: taizhang::error::Result<_>| match done {
        Err(Error::Refused(no)) => no.code,
        other => panic!("{other:?}"),
    };
    let unsaid: taizhang::error::Result<inspection_route::Model> =
        acts::end(ledger, &operator, made.id, " ").await;
    assert_eq!(refused(unsaid), "action.reason_missing");
    let ended = acts::end(ledger, &operator, (made.id, made.version), "不再巡查").await;
    assert_eq!(ended.expect("ended").ended_on, Some(town.today()));
    for again in [
        acts::end(ledger, &operator, made.id, "再停一次").await,
        acts::amend(ledger, &operator, made.id, Order::Given, |row| row).await,
    ] {
        assert_eq!(refused(again), "inspection_route.ended");
    }
    let actor = town.as_role(Role::Inspector).await;
    assert!(town.ledger.read(&actor).own_routes().await.expect("routes").is_empty());
}

async fn nobody_goes_more_routes_than_there_may_be(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "桥", "1000.00").await;
    let goes = inspector(town).await;
    for n in 0..limits::ROUTES_PER_ACCOUNT {
        made(town, route(goes, &format!("{n} 号线"), &[&asset])).await;
    }
    let more = route(goes, "又一条", &[&asset]);
    let no = acts::make(&town.ledger, &Actor::operator(), more, Order::Given).await;
    assert!(matches!(no, Err(Error::Refused(no)) if no.code == "inspection_route.full"));
}
