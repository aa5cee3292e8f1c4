//! What speaks against the ledger by its page: told with the way to what it is about, and settled.

use entity::{account::Role, discrepancy};

use crate::harness::{
    Town,
    stock_takes::{counted, opened},
    town::VILLAGE_A1,
};

on_both!(what_may_be_there_twice_is_told_and_settled, what_waits_of_stock_takes_is_a_task,);

async fn what_may_be_there_twice_is_told_and_settled(town: &Town) {
    let first = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    town.clock.pass(60);
    let second = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let at = format!("/assets/{}/discrepancies", second.code);
    let card = clerk.open(&format!("/assets/{}", second.code)).await.is(200).text();
    assert!(card.contains("重复登记") && card.contains(&at), "{card}");
    let page = clerk.open(&at).await.is(200).text();
    assert!(page.contains("疑似重复登记") && page.contains(&first.code), "{page}");
    let row = town.rows::<discrepancy::Entity>().await.remove(0);
    let settle = format!("/discrepancies/{}/settle", row.id);
    let page = clerk.fill(&at, &settle, &[("reason", " ")]).await.is(422).text();
    assert!(page.contains("须写明理由"), "{page}");
    clerk.fill(&at, &settle, &[("reason", "上下游两座")]).await.is(303);
    let page = clerk.open(&at).await.is(200).text();
    assert!(page.contains("已核实") && page.contains("上下游两座"), "{page}");
    let none = clerk.open(&format!("/assets/{}/discrepancies", first.code)).await.is(200).text();
    assert!(none.contains("没有差异"), "{none}");
    let mut village = town.browser(Role::VillageOfficer).await;
    let page = village.open(&at).await.is(200).text();
    assert!(!page.contains(&settle), "whoever may not settle sees no form");
}

async fn what_waits_of_stock_takes_is_a_task(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "主路", "10.00").await;
    let (take, _) = opened(town, &asset).await;
    let mut village = town.browser(Role::VillageOfficer).await;
    let tasks = village.open("/tasks").await.is(200).text();
    assert!(tasks.contains("盘点未完成") && tasks.contains(&format!("/stock-takes/{take}")));
    let listed = village.open("/tasks?of=stock-counts").await.is(200).text();
    assert!(listed.contains(&format!("/stock-takes/{take}")), "{listed}");
    let ready = counted(town, &asset).await;
    let mut clerk = town.browser(Role::TownshipClerk).await;
    let listed = clerk.open("/tasks?of=stock-takes").await.is(200).text();
    assert!(listed.contains(&format!("/stock-takes/{ready}")), "{listed}");
    assert!(!listed.contains(&format!("/stock-takes/{take}\"")), "it is not counted yet");
}
