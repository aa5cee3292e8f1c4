//! A village officer with a telephone is told of a report, goes where it is seen to, and marks what
//! was seen; with scripts and without.

use entity::account::Role;

use super::{Sight, spoken};
use crate::harness::{Town, on_sqlite};

async fn be_told(are_scripts_run: bool) {
    let Some(script) = spoken::script() else { return };
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.window.resize(390, 844).await;
        sight.sign_in(town, Role::VillageOfficer).await;
        town.report(&sight.assets[0], ("栏杆断了", "")).await;
        sight.open("/assets").await;
        let count = "document.querySelector('nav.side a[href=\"/reminders\"] b')?.innerText ?? ''";
        assert_eq!(sight.window.ask::<String>(count).await, "1");
        sight.window.n_clicks();
        sight.window.click("nav.side a[href='/reminders']").await;
        sight.window.wait_for("form[action='/reminders/read']").await;
        let page = sight.window.text().await;
        assert!(page.contains("有人报修") && page.contains("上河村便民桥"), "{page}");
        let over: bool =
            sight.window.ask("document.documentElement.scrollWidth > innerWidth").await;
        assert!(!over, "the page is wider than the screen");
        sight.window.click("main a[href^='/fault-reports/']").await;
        sight.window.wait_for("form[action$='/accept']").await;
        sight.open("/reminders").await;
        sight.window.turn("form[action='/reminders/read'] button").await;
        sight.window.wait_for("[role=status]").await;
        assert_eq!(sight.window.ask::<String>(count).await, "");
        assert!(sight.window.n_clicks() <= 3);
        if are_scripts_run {
            let faults = spoken::judge(&sight, &script).await;
            assert!(faults.is_empty(), "{faults:#?}");
        }
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_told_goes_there_and_marks_it() {
    be_told(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_told_goes_there_and_marks_it_without_scripts() {
    be_told(false).await;
}
