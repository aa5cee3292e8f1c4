//! What is due to be inspected: kept up with whatever says how often, and listed by urgency.

use chrono::{NaiveDate, TimeDelta};
use entity::{
    account::Role,
    area::AreaCode,
    asset::{self, Condition},
    finding::Rule,
    inspection_due,
    setting::Key,
};
use taizhang::{
    app::{
        self,
        inspection::{due, record},
    },
    domain::setting::Proposal,
    store::{Actor, inspection_due::Place},
};

use crate::harness::{
    Town,
    expect::not_found,
    inspections::good,
    town::{COUNTY, OTHER_COUNTY, TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_B1, code},
};

on_both!(
    the_most_urgent_comes_first_a_page_at_a_time,
    a_day_follows_whatever_says_it,
    what_nobody_has_to_look_at_is_not_due,
    a_new_asset_is_due_in_the_action_that_makes_it,
);

async fn ask_for(town: &Town, days: i64) {
    let proposal = Proposal {
        key: Key::InspectionDays,
        area: code(COUNTY),
        value: days.to_string(),
        basis_title: "县扶贫项目资产管护办法".to_owned(),
        basis_no: None,
        from_on: town.today(),
    };
    app::setting::set(&town.ledger, &Actor::operator(), &proposal).await.expect("set");
    let operator = Actor::operator();
    app::setting::apply(&town.ledger, &operator, code(COUNTY), 1_000).await;
}

/// Somebody looked at an asset some days ago.
async fn seen(town: &Town, asset: &asset::Model, n: u32, days_ago: i64) {
    let at = town.ledger.clock().now() - TimeDelta::days(days_ago);
    let sent = good(asset, n, at);
    record(&town.ledger, &Actor::operator(), asset.id, &sent).await.expect("kept");
}

async fn day_of(town: &Town, asset: &asset::Model) -> Option<NaiveDate> {
    let rows = town.rows::<inspection_due::Entity>().await;
    rows.into_iter().find(|row| row.asset_id == asset.id).map(|row| row.due_on)
}

/// The names of what somebody is told is due within some days.
async fn names(town: &Town, actor: &Actor, area: &str, days: i64) -> Vec<String> {
    let read = town.ledger.read(actor);
    let mut names = Vec::new();
    let mut after: Option<Place> = None;
    loop {
        let within = (code(area), town.days_ahead(days));
        let (rows, next) = due(&read, within, after, 2).await.expect("a page");
        assert!(rows.len() <= 2);
        names.extend(rows.into_iter().map(|one| one.asset.name));
        if next.is_none() {
            return names;
        }
        after = next;
    }
}

async fn the_most_urgent_comes_first_a_page_at_a_time(town: &Town) {
    ask_for(town, 30).await;
    for (n, (name, village, days_ago)) in [
        ("一号路", VILLAGE_A1, 10),
        ("二号路", VILLAGE_A1, 40),
        ("三号路", VILLAGE_B1, 35),
        ("四号路", VILLAGE_A1, 25),
        ("五号路", VILLAGE_A1, 40),
    ]
    .into_iter()
    .enumerate()
    {
        let asset = town.asset(village, name, "1000.00").await;
        seen(town, &asset, u32::try_from(n).expect("few"), days_ago).await;
    }
    let inspector = town.as_role(Role::Inspector).await;
    assert_eq!(names(town, &inspector, COUNTY, 7).await, ["二号路", "五号路", "三号路", "四号路"]);
    assert_eq!(names(town, &inspector, COUNTY, 4).await, ["二号路", "五号路", "三号路"]);
    assert_eq!(names(town, &inspector, COUNTY, 20).await.len(), 5);
    assert_eq!(names(town, &inspector, TOWN_A, 7).await, ["二号路", "五号路", "四号路"]);
    assert_eq!(names(town, &inspector, VILLAGE_B1, 7).await, ["三号路"]);
    // of several counties by place
    let operator = Actor::operator();
    let all = names(town, &operator, &AreaCode::NATION.to_string(), 7).await;
    assert_eq!(all, ["二号路", "四号路", "五号路", "三号路"]);
    // of the scope alone
    let within = (code(TOWN_B), town.days_ahead(7));
    let township = town.as_role(Role::TownshipClerk).await;
    let read = town.ledger.read(&township);
    not_found(due(&read, within, None, 2).await);
    let there = town.as_other(Role::Inspector).await;
    assert!(names(town, &there, OTHER_COUNTY, 7).await.is_empty());
    not_found(due(&town.ledger.read(&there), within, None, 2).await);
}

async fn a_day_follows_whatever_says_it(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    assert_eq!(day_of(town, &asset).await, None, "nothing is asked");
    ask_for(town, 30).await;
    seen(town, &asset, 1, 3).await;
    assert_eq!(day_of(town, &asset).await, Some(town.days_ahead(27)));
    seen(town, &asset, 2, 0).await;
    assert_eq!(day_of(town, &asset).await, Some(town.days_ahead(30)));
    // as G06 has it: in time on the last day, overdue on the day after
    town.night(30).await;
    assert!(!town.open_findings(asset.id).await.contains(&Rule::InspectionOverdue.code()));
    assert_eq!(day_of(town, &asset).await, Some(town.today()));
    town.night(1).await;
    assert!(town.open_findings(asset.id).await.contains(&Rule::InspectionOverdue.code()));
    assert_eq!(day_of(town, &asset).await, Some(town.days_ahead(-1)));
    // it goes where its asset goes
    let operator = Actor::operator();
    let (from, into) = (code(VILLAGE_A1), code(VILLAGE_B1));
    app::area::merge(&town.ledger, &operator, from, into, town.today()).await.expect("merged");
    let row = town.rows::<inspection_due::Entity>().await.remove(0);
    assert_eq!(row.area_code, into);
}

async fn what_nobody_has_to_look_at_is_not_due(town: &Town) {
    ask_for(town, 30).await;
    let gone = town.asset(VILLAGE_A1, "水毁便桥", "1000.00").await;
    let waived = town.asset(VILLAGE_A1, "封山通道", "1000.00").await;
    assert!(day_of(town, &gone).await.is_some() && day_of(town, &waived).await.is_some());
    let (ledger, operator) = (&town.ledger, Actor::operator());
    let change = |row| asset::Model { condition: Some(Condition::Gone), ..row };
    app::asset::amend(ledger, &operator, (gone.id, gone.version), change).await.expect("amended");
    assert_eq!(day_of(town, &gone).await, None);
    let (rule, until) = (Rule::InspectionOverdue, town.days_ahead(10));
    app::waiver::grant(ledger, &operator, waived.id, rule, "封山期间不能进入", until)
        .await
        .expect("waived");
    assert_eq!(day_of(town, &waived).await, None);
    town.night(11).await;
    assert!(day_of(town, &waived).await.is_some(), "the waiver is over");
}

async fn a_new_asset_is_due_in_the_action_that_makes_it(town: &Town) {
    ask_for(town, 30).await;
    let asset = town.asset(VILLAGE_A1, "通组路", "1000.00").await;
    assert!(day_of(town, &asset).await.is_some());
    let operator = Actor::operator();
    let read = town.ledger.read(&operator);
    let (rows, _) = due(&read, (code(COUNTY), town.days_ahead(400)), None, 50).await.expect("rows");
    assert!(rows.len() == 1 && rows[0].upkeep.is_none());
}
