//! Welfare posts: held by one person, with several assets; ended; vacated at once; paid month by month.

use chrono::NaiveDate;
use entity::{
    account::Role,
    asset,
    id::PersonId,
    person, post_asset,
    welfare_post::{self, EndReason},
};
use taizhang::{
    app::{self, duty::Assignee, welfare_post as acts},
    domain::{asset::division::Part, title::Party, welfare_post::Month},
    limits,
    store::Actor,
};

use crate::harness::{
    Town,
    expect::{conflict, not_found, refused},
    posts::{post, somebody},
    town::{VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, code, yuan},
};

on_both!(
    a_post_has_several_assets_and_an_asset_several_posts,
    whoever_leaves_vacates_at_once,
    a_month_is_recorded_amended_and_approved_by_another,
    a_person_holds_one_post_at_a_time,
    what_lies_elsewhere_is_nobodys_post,
    a_post_has_so_many_assets_and_no_more,
    what_goes_off_the_books_leaves_its_posts,
);

async fn opened(town: &Town, assets: &[&asset::Model]) -> welfare_post::Model {
    let clerk = town.as_role(Role::TownshipClerk).await;
    let n = i64::try_from(town.rows::<person::Entity>().await.len()).expect("a small number");
    let (row, holder) = (post(town, assets[0], "村内道路"), somebody(n));
    let ids: Vec<_> = assets.iter().map(|asset| asset.id).collect();
    acts::open(&town.ledger, &clerk, (row, &holder), &ids).await.expect("a post")
}

/// The assets that belong to a post now.
async fn held(town: &Town, row: &welfare_post::Model) -> Vec<post_asset::Model> {
    let mut links = town.rows::<post_asset::Entity>().await;
    links.retain(|link| link.post_id == row.id && link.until_on.is_none());
    links
}

fn month(month_on: NaiveDate, days_attended: i32) -> Month {
    Month { month_on, days_attended, percent: 100, note: None }
}

async fn a_post_has_several_assets_and_an_asset_several_posts(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "1000.00").await;
    let canal = town.asset(VILLAGE_A1, "水渠", "1000.00").await;
    let one = opened(town, &[&road, &canal]).await;
    let other = opened(town, &[&road]).await;
    assert_eq!((held(town, &one).await.len(), held(town, &other).await.len()), (2, 1));
    let clerk = town.as_role(Role::TownshipClerk).await;
    let reader = town.ledger.read(&clerk);
    let both = reader.posts_of_asset(road.id, town.today()).await.expect("posts");
    assert_eq!(both.len(), 2);
    let n = reader.n_assets_of_posts(&[one.id, other.id], town.today()).await.expect("counted");
    assert_eq!((n[&one.id], n[&other.id]), (2, 1));
    // other assets, and more pay
    let raised = |row| Ok(welfare_post::Model { monthly_pay: yuan("1200.00"), ..row });
    let named = (one.id, one.version);
    let done = acts::amend(&town.ledger, &clerk, named, Some(&[canal.id]), raised).await;
    assert_eq!(done.expect("amended").monthly_pay, yuan("1200.00"));
    assert_eq!(held(town, &one).await[0].asset_id, canal.id);
    conflict(acts::amend(&town.ledger, &clerk, named, Some(&[]), raised).await);
    for same in [Some(&[canal.id][..]), None] {
        let done = acts::amend(&town.ledger, &clerk, one.id, same, raised).await;
        refused(done, "row.nothing_changed");
    }
    let why = (town.today(), EndReason::Unfit);
    let ended = acts::end(&town.ledger, &clerk, one.id, why).await.expect("ended");
    assert_eq!((ended.until_on, ended.end_reason), (town.today(), Some(EndReason::Unfit)));
    assert!(held(town, &one).await.is_empty());
    assert_eq!(held(town, &other).await.len(), 1);
}

async fn whoever_leaves_vacates_at_once(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "1000.00").await;
    let row = opened(town, &[&road]).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    app::person::end(&town.ledger, &clerk, row.person_id, town.today()).await.expect("left");
    let left = town.row::<welfare_post::Entity>(row.id).await;
    assert_eq!((left.until_on, left.end_reason), (town.today(), Some(EndReason::Left)));
    assert!(held(town, &row).await.is_empty());
    // nobody who left is given a post
    let again = (post(town, &road, "主路"), Assignee::Known(Party::Person(row.person_id)));
    let done = acts::open(&town.ledger, &clerk, (again.0, &again.1), &[]).await;
    refused(done, "party.ended");
}

async fn a_month_is_recorded_amended_and_approved_by_another(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "1000.00").await;
    let row = opened(town, &[&road]).await;
    let ledger = &town.ledger;
    let (village, clerk) =
        (town.as_role(Role::VillageOfficer).await, town.as_role(Role::TownshipClerk).await);
    town.clock.advance(40);
    let first = month(town.today(), 5);
    let recorded = acts::record_month(ledger, &village, (row.id, Some(0)), &first).await;
    let recorded = recorded.expect("recorded");
    assert_eq!(recorded.pay, yuan("227.27"));
    conflict(acts::record_month(ledger, &village, (row.id, Some(0)), &first).await);
    let better = month(town.today(), 11);
    let amended = acts::record_month(ledger, &village, (row.id, Some(1)), &better).await;
    let amended = amended.expect("amended");
    assert_eq!((amended.id, amended.pay), (recorded.id, yuan("500.00")));
    let own = acts::approve_month(ledger, &village, recorded.id).await;
    assert!(own.is_err(), "the village approves nothing");
    let approved = acts::approve_month(ledger, &clerk, (recorded.id, 2)).await.expect("approved");
    assert_eq!(approved.approved_by, clerk.account());
    let late = acts::record_month(ledger, &village, (row.id, None), &month(town.today(), 1)).await;
    refused(late, "attendance.approved");
    refused(acts::approve_month(ledger, &clerk, recorded.id).await, "attendance.approved");
    // the month before the post
    let early = month(NaiveDate::from_ymd_opt(2026, 5, 1).expect("a day"), 1);
    let early = acts::record_month(ledger, &clerk, (row.id, None), &early).await;
    refused(early, "attendance.without_post");
}

async fn a_person_holds_one_post_at_a_time(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "1000.00").await;
    let row = opened(town, &[&road]).await;
    let clerk = town.as_role(Role::TownshipClerk).await;
    let holder = Assignee::Known(Party::Person(row.person_id));
    let another = post(town, &road, "保洁");
    let done = acts::open(&town.ledger, &clerk, (another.clone(), &holder), &[]).await;
    refused(done, "welfare_post.held_already");
    acts::end(&town.ledger, &clerk, row.id, (town.today(), EndReason::Left)).await.expect("ended");
    let later = welfare_post::Model { from_on: town.days_ahead(1), ..another };
    acts::open(&town.ledger, &clerk, (later, &holder), &[]).await.expect("another post");
}

async fn what_lies_elsewhere_is_nobodys_post(town: &Town) {
    let there = town.asset(VILLAGE_B1, "主路", "1000.00").await;
    let operator = Actor::operator();
    let holder = somebody(1);
    let row = post(town, &there, "主路");
    let made = acts::open(&town.ledger, &operator, (row.clone(), &holder), &[there.id]).await;
    let made = made.expect("a post");
    let clerk = town.as_role(Role::TownshipClerk).await;
    let before = town.everything().await;
    not_found(acts::open(&town.ledger, &clerk, (row, &holder), &[there.id]).await);
    let why = (town.today(), EndReason::Left);
    not_found(acts::end(&town.ledger, &clerk, made.id, why).await);
    let month = month(town.today(), 1);
    not_found(acts::record_month(&town.ledger, &clerk, (made.id, None), &month).await);
    // an asset out of reach in a post of one's own
    let here = town.asset(VILLAGE_A2, "主路", "1000.00").await;
    let mixed = post(town, &here, "主路");
    let n = town.rows::<person::Entity>().await.len();
    not_found(acts::open(&town.ledger, &clerk, (mixed, &somebody(2)), &[there.id]).await);
    assert_eq!(town.rows::<person::Entity>().await.len(), n);
    let after = town.everything().await;
    // the asset that was registered above is all that is new
    assert_ne!(before, after);
    assert_eq!(town.rows::<welfare_post::Entity>().await.len(), 1);
}

async fn a_post_has_so_many_assets_and_no_more(town: &Town) {
    let mut ids = Vec::new();
    for n in 0..=limits::POST_ASSETS {
        ids.push(town.asset(VILLAGE_A1, &format!("路灯{n}"), "1.00").await.id);
    }
    let clerk = town.as_role(Role::TownshipClerk).await;
    let first = town.stored(ids[0]).await;
    let row = || post(town, &first, "路灯");
    let holder = somebody(1);
    let done = acts::open(&town.ledger, &clerk, (row(), &holder), &ids).await;
    refused(done, "welfare_post.full");
    ids.pop();
    acts::open(&town.ledger, &clerk, (row(), &holder), &ids)
        .await
        .expect("as many as there may be");
    assert!(town.rows::<welfare_post::Entity>().await[0].person_id > PersonId(0));
}

async fn what_goes_off_the_books_leaves_its_posts(town: &Town) {
    let road = town.asset(VILLAGE_A1, "主路", "1000.00").await;
    let row = opened(town, &[&road]).await;
    let parts = ["400.00", "600.00"].map(|value| Part {
        name: format!("路段{value}"),
        original_value: yuan(value),
        quantity: road.quantity,
    });
    let operator = Actor::operator();
    let named = (road.id, road.version);
    app::asset::split(&town.ledger, &operator, named, &parts, "分段管护").await.expect("split");
    assert!(held(town, &row).await.is_empty());
    // the village is merged, and the post with it
    let (from, into) = (code(VILLAGE_A1), code(VILLAGE_A2));
    app::area::merge(&town.ledger, &operator, from, into, town.today()).await.expect("merged");
    assert_eq!(town.row::<welfare_post::Entity>(row.id).await.area_code, into);
}
