//! Welfare posts by their pages: given, paid month by month, ended.

use entity::{account::Role, attendance, welfare_post};

use crate::harness::{Town, town::VILLAGE_A1};

on_both!(a_post_is_given_paid_and_ended, what_is_wrong_is_told_and_what_was_typed_stays);

async fn a_post_is_given_paid_and_ended(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "主路", "1000.00").await;
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let mut village = town.browser(Role::VillageOfficer).await;
    let new = "/welfare-posts/new";
    let fields = [
        ("area", VILLAGE_A1),
        ("keeper_name", "王秀兰"),
        ("keeper_phone", "13900001204"),
        ("kind", "road"),
        ("monthly_pay", "1000"),
        ("length_km", "3.5"),
        ("assets", &*asset.code),
    ];
    let mut all = fields.to_vec();
    let (from, until) = (town.today().to_string(), town.days_ahead(200).to_string());
    all.extend([("from_on", &*from), ("until_on", &*until), ("days_due", "22")]);
    let led = clerk.fill(new, new, &all).await.is(303);
    let at = led.header("location").split('?').next().expect("a path").to_owned();
    let page = clerk.open(&at).await.is(200).text();
    assert!(page.contains("王**") && page.contains("主路") && page.contains("3.5 公里"), "{page}");
    assert!(!page.contains("王秀兰") && !page.contains("13900001204"));
    let month = [("month", "2026-06"), ("days_attended", "1"), ("percent", "100")];
    let place = format!("{at}/months");
    village.fill(&at, &place, &month).await.is(303);
    let page = village.open(&at).await.is(200).text();
    assert!(page.contains("45.45") && page.contains("待核定"), "{page}");
    let row = town.rows::<attendance::Entity>().await.remove(0);
    let approve = format!("/attendance/{}/approve", row.id);
    clerk.fill(&at, &approve, &[]).await.is(303);
    let page = clerk.open(&at).await.is(200).text();
    assert!(page.contains("已核定 45.45"), "{page}");
    let list = clerk.open("/welfare-posts").await.is(200).text();
    assert!(list.contains("道路养护") && list.contains("王**") && list.contains("在岗"));
    let none = clerk.open("/welfare-posts?kind=water").await.is(200).text();
    assert!(none.contains("没有符合条件的岗位"));
    let more = [("monthly_pay", "1100"), ("assets", "")];
    clerk.fill(&format!("{at}/amend"), &format!("{at}/amend"), &more).await.is(303);
    clerk.fill(&at, &format!("{at}/end"), &[("on", &*from), ("why", "unfit")]).await.is(303);
    let page = clerk.open(&at).await.is(200).text();
    assert!(page.contains("考核不合格") && page.contains("没有登记管护的资产"), "{page}");
}

async fn what_is_wrong_is_told_and_what_was_typed_stays(town: &Town) {
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let new = "/welfare-posts/new";
    let before = (town.everything().await, town.n_entries().await);
    for (fields, says) in [
        (&[("area", VILLAGE_A1), ("kind", "road"), ("monthly_pay", "x")][..], "#f-monthly_pay"),
        (&[("area", VILLAGE_A1), ("kind", "road"), ("monthly_pay", "1000")], "#f-keeper_name"),
        (
            &[
                ("area", VILLAGE_A1),
                ("kind", "road"),
                ("monthly_pay", "1000"),
                ("from_on", "2026-06-01"),
                ("until_on", "2026-12-01"),
                ("days_due", "22"),
                ("keeper_name", "王秀兰"),
                ("keeper_phone", "13900001204"),
                ("assets", "520381100201999"),
            ],
            "没有这个编号的资产",
        ),
        (&[("kind", "road"), ("keeper_name", "王秀兰"), ("monthly_pay", "1000")], "#f-area"),
    ] {
        let page = clerk.fill(new, new, fields).await.is(422).text();
        assert!(page.contains(says), "{fields:?}: {page}");
        assert!(page.contains("1000") || says == "#f-monthly_pay");
        assert!(before == (town.everything().await, town.n_entries().await));
    }
    assert!(town.rows::<welfare_post::Entity>().await.is_empty());
    let mut leader = town.browser(Role::Leader).await;
    leader.open(new).await.is(403);
}
