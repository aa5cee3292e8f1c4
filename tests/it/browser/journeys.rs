//! What people come for, each with the clicks it takes; with scripts and without.

use entity::account::Role;

use super::Sight;
use crate::harness::{Town, on_sqlite, town::collective_name};

/// How many of a kind nobody maintains, at an address that can be sent.
async fn count_what_lacks(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.window.n_clicks();
        sight.window.click("nav.side a[href='/assets']").await;
        sight.window.click("nav.tabs a[href*='lacks=G01']").await;
        sight.window.focus("#f-area").await;
        sight.window.type_keys("石桥镇").await;
        sight.window.write("#f-q", "光伏").await;
        sight.window.click(".filters button.go").await;
        sight.window.wait_for("#f-q[value=光伏]").await;
        assert!(sight.window.n_clicks() <= 3);
        let page = sight.window.text().await;
        assert!(page.contains("已筛选 1 项") && page.contains("大坪村光伏电站"), "{page}");
        let address = sight.window.address().await;
        assert!(address.contains("lacks=G01") && address.contains(crate::harness::town::TOWN_A));
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
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        let code = sight.assets[0].code.clone();
        sight.open(&format!("/assets/{code}")).await;
        sight.window.n_clicks();
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
        assert!(sight.window.n_clicks() <= 2);
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
async fn an_amount_is_read_back_while_it_is_typed() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets/new").await;
        sight.window.focus("#f-original_value").await;
        sight.window.type_text("１２万").await;
        sight.window.wait_for("#f-original_value ~ output:not(:empty)").await;
        let words = "document.querySelector('#f-original_value ~ output').innerText";
        let told: String = sight.window.ask(words).await;
        assert_eq!(told, "大写：壹拾贰万元整");
        sight.close().await;
    })
    .await;
}

/// Twenty assets get somebody who maintains them.
async fn assign_twenty(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.sign_in(town, Role::TownshipClerk).await;
        sight.open("/assets?lacks=G01").await;
        sight.window.n_clicks();
        sight.window.click("#chosen input[name=page]").await;
        if are_scripts_run {
            let told: String =
                sight.window.ask("document.querySelector('#chosen output').textContent").await;
            assert_eq!(told, "已选 20 项");
        }
        // the list has a field of the same name: only the next page is typed into
        sight.window.turn("#chosen button[formaction='/duties/assign']").await;
        sight.window.write("#f-maintainer", &collective_name("上河村")).await;
        sight.window.write("#f-task", "清淤、防冻").await;
        sight.window.click("main form.card button[value=check]").await;
        sight.window.wait_for("button[value=confirm]").await;
        let look = sight.window.text().await;
        assert!(look.contains("新增 <b>20</b> 项责任"), "{look}");
        sight.window.click("button[value=confirm]").await;
        sight.window.wait_for("a[href^='/duties/agreements']").await;
        assert!(sight.window.n_clicks() <= 6);
        let page = sight.window.text().await;
        assert!(page.contains("已指派 20 项资产，20 项责任"), "{page}");
        assert_eq!(town.rows::<entity::duty::Entity>().await.len(), 20);
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_assets_are_assigned_in_six_clicks() {
    assign_twenty(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_assets_are_assigned_in_six_clicks_without_scripts() {
    assign_twenty(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_walked_and_chosen_by_keys() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets").await;
        for key in ["j", "x", "j", "j", "x", "k"] {
            sight.window.press(key).await;
        }
        let chosen = "[...document.querySelectorAll('input[name=asset]')].map(box => box.checked ? 1 : 0).slice(0, 4)";
        let boxes: Vec<u8> = sight.window.ask(chosen).await;
        assert_eq!(boxes, [1, 0, 1, 0]);
        // a letter that is typed is no key
        sight.window.focus("#f-q").await;
        sight.window.press("x").await;
        let boxes: Vec<u8> = sight.window.ask(chosen).await;
        assert_eq!(boxes, [1, 0, 1, 0]);
        sight.close().await;
    })
    .await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_is_kept_by_itself() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets/new").await;
        sight.window.write("#f-name", "半截桥").await;
        sight.window.wait_for("output[data-kept]:not(:empty)").await;
        assert!(sight.window.text().await.contains("草稿已保存 "));
        // whoever comes back finds it
        sight.open("/assets/new").await;
        sight.window.click(".ppl a[href*='draft=']").await;
        sight.window.wait_for("#f-name[value=半截桥]").await;
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn single_letters_are_keys_until_they_are_switched_off() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.window.press("?").await;
        sight.window.wait_for("kbd").await;
        assert!(sight.window.address().await.ends_with("/help/shortcuts"));
        sight.open("/me/settings").await;
        sight.window.click("input[name=keys][value=off]").await;
        sight.window.click("main button.go").await;
        sight.window.wait_for("[role=status]").await;
        sight.window.run("document.activeElement.blur()").await;
        sight.window.press("/").await;
        let focused: String = sight.window.ask("document.activeElement.id").await;
        assert_ne!(focused, "q");
        sight.close().await;
    })
    .await;
}

/// Adding an account with nothing but the keyboard, and the code that is shown once.
async fn add_account(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.seat(town, Role::Administrator).await;
        sight.open("/admin/accounts").await;
        sight.window.n_clicks();
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
        sight.window.type_keys("乡镇经办").await;
        sight.window.press("Tab").await;
        sight.window.type_keys("石桥镇").await;
        let chosen: Vec<String> = sight
            .window
            .ask("['role','area'].map(name => document.getElementById('f-' + name).value)")
            .await;
        assert_eq!(chosen, ["township_clerk", crate::harness::town::TOWN_A]);
        sight.window.focus("main form button.go").await;
        sight.window.press("Enter").await;
        sight.window.wait_for("#code").await;
        assert!(sight.window.n_clicks() <= 2);
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
