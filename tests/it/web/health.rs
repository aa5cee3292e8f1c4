//! How the service is, for those who administer it.

use entity::account::Role;

use crate::harness::Town;

on_both!(administrators_see_how_the_service_is, a_machine_is_examined_on_demand);

const PAGE: &str = "/admin/health";

async fn administrators_see_how_the_service_is(town: &Town) {
    town.ledger.sign_checkpoints().await.expect("signed");
    let mut browser = town.seated(Role::Administrator).await;
    let page = browser.open(PAGE).await.is(200).text();
    let kept = if town.is_postgres() { "PostgreSQL · " } else { "SQLite · " };
    for words in [kept, env!("CARGO_PKG_VERSION"), "520381", "2026-06-01 12:00", "备份"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // one session is open, and one entry was made since: the password was set
    assert!(page.contains("<dt>登录中</dt><dd>1</dd>") && page.contains("1 条待签"), "{page}");
    // of another county nothing
    town.settle_in(Role::Leader).await;
    let mut there = town.seated_there(Role::SecurityAdministrator).await;
    let page = there.open(PAGE).await.is(200).text();
    assert!(!page.contains("520381") && page.contains("520382"), "{page}");
    assert!(page.contains("<dt>登录中</dt><dd>1</dd>"), "{page}");
    browser.open("/admin/health?colour=red").await.is(422);
    let mut clerk = town.browser(Role::FinanceClerk).await;
    clerk.open(PAGE).await.is(403);
    assert!(!clerk.open("/me").await.is(200).text().contains(PAGE));
}

async fn a_machine_is_examined_on_demand(town: &Town) {
    let mut browser = town.seated(Role::Administrator).await;
    let before = town.n_entries().await;
    let page = browser.fill(PAGE, PAGE, &[]).await.is(200).text();
    for words in ["磁盘落盘耗时", "表格读取进程", "正常"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let keys = town.keys();
    let home = keys.parent().and_then(|home| home.to_str()).expect("a folder");
    assert!(!page.contains(home), "{page}");
    assert_eq!(town.n_entries().await, before);
}
