//! What people come for, each with the clicks it takes; with scripts and without.

use entity::account::Role;

use super::Sight;
use crate::harness::{Town, on_sqlite};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_finds_whom_to_call() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::Leader).await;
        sight.window.n_clicks();
        // the five most urgent stand on the first page, with no click at all
        sight.window.wait_for(".ppl li").await;
        let urgent: usize = sight.window.ask("document.querySelectorAll('.ppl li').length").await;
        assert_eq!(urgent, 5);
        // any other in three: the kind, the list, the card
        sight.window.click("a[href*='rule=G01']").await;
        sight.window.click("tbody tr:nth-child(7) a").await;
        sight.window.wait_for(".note.bad").await;
        assert!(sight.window.n_clicks() <= 3);
        sight.close().await;
    })
    .await;
}

/// How many of a kind nobody maintains, at an address that can be sent.
async fn count_what_lacks(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        if !are_scripts_run {
            sight.window.without_scripts().await;
        }
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.window.n_clicks();
        sight.window.click("nav.side a[href='/assets']").await;
        sight.window.click("nav.tabs a[href*='lacks=G01']").await;
        sight.window.write("#f-q", "光伏").await;
        sight.window.click("form.filters button.go").await;
        sight.window.wait_for("#f-q[value=光伏]").await;
        assert!(sight.window.n_clicks() <= 3);
        let page = sight.window.text().await;
        assert!(page.contains("已筛选 1 项") && page.contains("大坪村光伏电站"), "{page}");
        assert!(sight.window.address().await.contains("lacks=G01"));
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_has_an_address() {
    count_what_lacks(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_has_an_address_without_scripts() {
    count_what_lacks(false).await;
}

/// Amending with nothing but the keyboard.
async fn amend(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        if !are_scripts_run {
            sight.window.without_scripts().await;
        }
        sight.sign_in(town, Role::FinanceClerk).await;
        let code = sight.assets[0].code.clone();
        sight.open(&format!("/assets/{code}")).await;
        if are_scripts_run {
            sight.window.press("e").await;
        } else {
            sight.window.focus("a[href$='/edit']").await;
            sight.window.press("Enter").await;
        }
        sight.window.wait_for("#f-location").await;
        sight.window.write("#f-location", "三组河边").await;
        sight.window.press("Enter").await;
        sight.window.wait_for("[role=status]").await;
        let page = sight.window.text().await;
        assert!(page.contains("三组河边") && page.contains("已保存"), "{page}");
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_is_amended_by_keyboard() {
    amend(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_is_amended_by_keyboard_without_scripts() {
    amend(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_an_input_method_do_nothing_else() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.window.press("/").await;
        let focused: String = sight.window.ask("document.activeElement.id").await;
        assert_eq!(focused, "q");
        // while a word is being put together a key is no command, wherever the focus is
        sight.window.run("document.activeElement.blur()").await;
        let script = "document.body.dispatchEvent(new KeyboardEvent('keydown', \
                      {key: '/', bubbles: true, isComposing: true})); document.activeElement.tagName";
        let focused: String = sight.window.ask(script).await;
        assert_eq!(focused, "BODY");
        sight.close().await;
    })
    .await;
}

/// Adding an account with nothing but the keyboard, and the code that is shown once.
async fn add_account(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        if !are_scripts_run {
            sight.window.without_scripts().await;
        }
        sight.seat(town, Role::Administrator).await;
        sight.open("/admin/accounts").await;
        if are_scripts_run {
            sight.window.press("n").await;
        } else {
            sight.window.focus("a[href='/admin/accounts/new']").await;
            sight.window.press("Enter").await;
        }
        sight.window.wait_for("#f-name").await;
        sight.window.focus("#f-name").await;
        sight.window.type_text("new-clerk").await;
        sight.window.press("Tab").await;
        // a choice is made by the first characters of what it says
        sight.window.type_text("乡镇经办").await;
        sight.window.press("Tab").await;
        sight.window.type_text("石桥镇").await;
        let chosen: Vec<String> = sight
            .window
            .ask("['role','area'].map(name => document.getElementById('f-' + name).value)")
            .await;
        assert_eq!(chosen, ["township_clerk", crate::harness::town::TOWN_A]);
        sight.window.focus("main form button.go").await;
        sight.window.press("Enter").await;
        sight.window.wait_for("#code").await;
        let page = sight.window.text().await;
        assert!(page.contains("只显示这一次") && page.contains("new-clerk"), "{page}");
        let code: String = sight.window.ask("document.getElementById('code').innerText").await;
        let address = sight.window.address().await;
        assert!(
            !address.contains(code.trim()) && address.ends_with("/admin/accounts/new"),
            "{address}"
        );
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_added_by_keyboard() {
    add_account(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_added_by_keyboard_without_scripts() {
    add_account(false).await;
}
