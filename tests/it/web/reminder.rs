//! The page of reminders, the number of them in the menu of every page, and the groups of what waits.

use entity::account::Role;
use serde_json::json;

use super::Browser;
use crate::harness::{
    Town,
    posts::held,
    town::{VILLAGE_A1, VILLAGE_B1},
};

on_both!(the_menu_counts_and_the_page_marks, what_waits_is_listed, programs_read_them_too);

async fn browser(town: &Town, role: Role) -> Browser {
    town.browser(role).await
}

async fn the_menu_counts_and_the_page_marks(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    let mut officer = browser(town, Role::VillageOfficer).await;
    let text = officer.open("/reminders").await.is(200).text();
    assert!(text.contains("没有提醒") && !text.contains("全部标为已读"), "{text}");
    let report = town.report(&asset, ("栏杆断了，电话 13900000000", "13900000000")).await;
    for page in ["/assets", "/dashboard", "/tasks", "/me"] {
        let text = officer.open(page).await.is(200).text();
        assert!(text.contains("提醒<b>1</b>"), "{page}: {text}");
    }
    let text = officer.open("/reminders").await.is(200).text();
    assert!(text.contains("有人报修") && text.contains("上河桥"), "{text}");
    assert!(text.contains(&format!("href=\"/fault-reports/{}\"", report.id)), "{text}");
    assert!(!text.contains("13900000000") && !text.contains("栏杆断了"), "{text}");
    officer.fill("/reminders", "/reminders/read", &[]).await.is(303);
    let text = officer.open("/reminders?done=read").await.is(200).text();
    assert!(text.contains("已全部标为已读") && !text.contains("提醒<b>"), "{text}");
    assert!(text.contains("有人报修") && !text.contains("全部标为已读</button>"), "{text}");
    // in English too
    let text = officer.open("/reminders?lang=en").await.is(200).text();
    assert!(text.contains("a fault was reported"), "{text}");
    officer.open("/reminders?before=cheese").await.is(422);
    officer.open("/reminders?colour=red").await.is(422);
}

async fn what_waits_is_listed(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    let other = town.asset(VILLAGE_B1, "银杏桥", "10.00").await;
    let (post, _) = held(town, &asset, "保洁").await;
    held(town, &other, "保洁").await;
    let mut clerk = browser(town, Role::TownshipClerk).await;
    let text = clerk.open("/tasks").await.is(200).text();
    assert!(
        text.contains("考勤考核待核定") && text.contains("href=\"/tasks?of=months\""),
        "{text}"
    );
    let text = clerk.open("/tasks?of=months").await.is(200).text();
    assert!(text.contains("共 1 件"), "{text}");
    assert!(text.contains(&format!("href=\"/welfare-posts/{post}\"")), "{text}");
    for of in ["estimates", "repairs", "overspends", "answers", "posts"] {
        let text = clerk.open(&format!("/tasks?of={of}")).await.is(200).text();
        assert!(text.contains("已办清"), "{of}: {text}");
    }
    // a post that ends soon, by the days of the local rule
    town.clock.advance(330);
    let mut clerk = browser(town, Role::TownshipClerk).await;
    let text = clerk.open("/tasks?of=posts").await.is(200).text();
    assert!(text.contains("共 1 件"), "{text}");
    assert!(text.contains(&format!("href=\"/welfare-posts/{post}\"")), "{text}");
}

async fn programs_read_them_too(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "上河桥", "10.00").await;
    town.report(&asset, ("断了", "")).await;
    let officer = town.caller(Role::VillageOfficer).await;
    let body = officer.get("/reminders").await.is(200).json();
    let one = &body["items"][0];
    assert_eq!((&one["kind"], &one["is_new"]), (&json!("fault_reported"), &json!(true)), "{body}");
    assert_eq!(one["asset_code"], json!(asset.code));
    let upto = json!({ "upto": body["upto"] });
    officer.post("/reminders/read").json(&upto).send().await.is(204);
    let body = officer.get("/reminders").await.is(200).json();
    assert_eq!(body["items"][0]["is_new"], false);
    let none = officer.get("/reminders?before=0").await.is(200).json();
    assert_eq!(none["items"], json!([]));
    officer.get("/reminders?after=0").await.is(422);
}
