//! Rows that are chosen from page to page, and lists that go to paper at a press.

use entity::account::Role;

use super::{Sight, paper::n_sheets};
use crate::harness::{Town, on_sqlite};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_chosen_stays_from_page_to_page() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::TownshipClerk).await;
        let window = &sight.window;
        sight.open("/assets?lacks=G01").await;
        window.click("tbody tr:nth-child(1) input[name=asset]").await;
        window.click("tbody tr:nth-child(3) input[name=asset]").await;
        window.click("a[rel=next]").await;
        window.wait_for("a[rel=prev]").await;
        let told: String = window.ask("document.querySelector('#chosen output').innerText").await;
        assert_eq!(told, "已选 2 项", "of the page before");
        window.click("tbody tr:nth-child(2) input[name=asset]").await;
        window.turn("#chosen button[formaction='/duties/assign']").await;
        window.wait_for("#f-maintainer").await;
        let page = window.text().await;
        assert!(page.contains("已选 <b>3 项"), "{page}");
        // what was acted on is not chosen any more
        sight.open("/assets?lacks=G01").await;
        window.wait_for("#chosen").await;
        let n: usize =
            window.ask("document.querySelectorAll('input[name=asset]:checked').length").await;
        assert_eq!(n, 0);
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_chosen_at_a_press() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::TownshipClerk).await;
        let window = &sight.window;
        sight.open("/findings?rule=G01").await;
        window.click("tbody tr:nth-child(2) input[name=finding]").await;
        sight.open("/findings?rule=G01").await;
        window.wait_for("tbody tr.on:nth-child(2)").await;
        window.click("#chosen button[type=reset]").await;
        window.wait_for("#chosen output[hidden]").await;
        let n: usize = window.ask("document.querySelectorAll('tr.on').length").await;
        assert_eq!(n, 0);
        sight.close().await;
    })
    .await;
}

/// The whole list lies on paper, whatever page of it was looked at.
async fn print(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        for list in ["/assets", "/findings?rule=G01"] {
            sight.open(list).await;
            sight.window.n_clicks();
            sight.window.click(".head a[href*='/print']").await;
            sight.window.wait_for("button[data-print=now]").await;
            assert_eq!(sight.window.n_clicks(), 1);
            let n: usize = sight.window.ask("document.querySelectorAll('tbody tr').length").await;
            assert_eq!(n, sight.assets.len(), "{list}");
            // where scripts run the page is being printed already
            if !are_scripts_run {
                let n = n_sheets(&sight.window.paper().await);
                assert!((3..=8).contains(&n), "{list}: {n} sheets");
            }
        }
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_printed_whole() {
    print(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_printed_whole_without_scripts() {
    print(false).await;
}

/// Whom to call for the most urgent stands on the first page, and can be called from there.
async fn call(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        let office = taizhang::domain::organization::blank(
            crate::harness::town::code(crate::harness::town::TOWN_A),
            "石桥镇人民政府",
        );
        let kind = entity::organization::Kind::TownGovernment;
        let office = entity::organization::Model { kind, ..office };
        let operator = taizhang::store::Actor::operator();
        let contact = crate::harness::people::contact(0);
        taizhang::app::organization::register(&town.ledger, &operator, office, Some(&contact))
            .await
            .expect("registered");
        if !are_scripts_run {
            sight.window.without_scripts().await;
        }
        sight.sign_in(town, Role::Leader).await;
        sight.open("/dashboard").await;
        sight.window.wait_for(".ppl a[href^='tel:']").await;
        let n: usize =
            sight.window.ask("document.querySelectorAll(\".ppl a[href^='tel:']\").length").await;
        assert_eq!(n, 5, "each of the five can be called");
        // any other in three
        sight.window.n_clicks();
        sight.window.click("tbody a[href*='rule=G01']").await;
        sight.window.wait_for("td a[href^='tel:']").await;
        assert!(sight.window.n_clicks() <= 3);
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_accountable_is_called_from_the_first_page() {
    call(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_accountable_is_called_without_scripts() {
    call(false).await;
}
