//! Forms in a real browser: what is offered while somebody types, what keys do, what happens when
//! two people type into the same card; with scripts and without.

use entity::account::Role;

use super::Sight;
use crate::harness::{
    Town, on_sqlite,
    town::{VILLAGE_A1, VILLAGE_A2},
};

/// Fills in what a new asset needs, besides its name and its place.
async fn fill_in(sight: &Sight) {
    for (field, text) in [
        ("location", "三组河边"),
        ("original_value", "86.4万"),
        ("quantity", "1"),
        ("f0-amount", "864000"),
    ] {
        sight.window.write(&format!("#f-{field}"), text).await;
    }
    sight.window.run("document.getElementById('f-acquired_on').value = '2019-06-30'").await;
    for (field, code) in
        [("class", "public"), ("subclass", "road"), ("unit", "km"), ("f0-fund", "transition")]
    {
        sight.window.run(&format!("document.getElementById('f-{field}').value = '{code}'")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_alike_is_told_while_a_name_is_typed() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open(&format!("/assets/new?area={VILLAGE_A1}")).await;
        sight.window.write("#f-name", "上河村人行桥").await;
        sight.window.wait_for("#f-other input[type=checkbox]").await;
        let told: String = sight.window.ask("document.getElementById('f-other').innerText").await;
        assert!(told.contains(&sight.assets[0].code) && told.contains("上河村便民桥"), "{told}");
        sight.window.click("#f-other input[type=checkbox]").await;
        fill_in(&sight).await;
        let is_said = "document.querySelector('#f-other input').checked";
        assert!(sight.window.ask::<bool>(is_said).await, "what was said is forgotten");
        sight.window.click("main form button.go").await;
        sight.window.wait_for("[role=status]").await;
        let page = sight.window.text().await;
        assert!(page.contains("上河村人行桥") && page.contains("已保存"), "{page}");
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_alike_is_told_when_it_is_sent_without_scripts() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.window.without_scripts().await;
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets/new").await;
        sight.window.write("#f-name", "上河村人行桥").await;
        // the place by the first letters of its names
        sight.window.write("#f-area", "sqs").await;
        fill_in(&sight).await;
        sight.window.click("main form button.go").await;
        sight.window.wait_for("#mistakes").await;
        let page = sight.window.text().await;
        assert!(page.contains("相似") && page.contains(&sight.assets[0].code), "{page}");
        sight.window.click("#f-other input[type=checkbox]").await;
        sight.window.click("main form button.go").await;
        sight.window.wait_for("[role=status]").await;
        let row = town.rows::<entity::asset::Entity>().await.pop().expect("an asset");
        assert_eq!((row.name.as_str(), row.area_code.as_str()), ("上河村人行桥", VILLAGE_A1));
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_is_picked_by_keys_and_enter_sends_nothing() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets/new").await;
        sight.window.focus("#f-area").await;
        sight.window.type_text("河村").await;
        sight.window.wait_for("[data-suggest=areas] ~ .suggest [role=option]:nth-child(2)").await;
        // while a word is being put together, Enter is the input method's
        let script = "document.getElementById('f-area').dispatchEvent(new KeyboardEvent('keydown', \
                      {key: 'Enter', bubbles: true, cancelable: true, isComposing: true}))";
        assert!(sight.window.ask::<bool>(script).await, "a key of an input method was taken");
        let typed = "document.getElementById('f-area').value";
        assert_eq!(sight.window.ask::<String>(typed).await, "河村");
        sight.window.press("ArrowDown").await;
        sight.window.press("ArrowDown").await;
        sight.window.press("Enter").await;
        let picked = format!("石桥镇下河村 {VILLAGE_A2}");
        assert_eq!(sight.window.ask::<String>(typed).await, picked);
        // it moved on, and nothing was sent
        let at: String = sight.window.ask("document.activeElement.id").await;
        assert_eq!(at, "f-original_value");
        assert!(sight.window.address().await.ends_with("/assets/new"));
        assert!(sight.window.ask::<bool>("!document.getElementById('mistakes')").await);
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_places_are_chosen_from_without_scripts() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.window.without_scripts().await;
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets/new").await;
        sight.window.write("#f-name", "光伏车棚").await;
        sight.window.write("#f-area", "河村").await;
        fill_in(&sight).await;
        sight.window.click("main form button.go").await;
        sight.window.wait_for("select#f-area").await;
        sight.window.focus("#f-area").await;
        sight.window.type_keys("石桥镇下").await;
        sight.window.click("main form button.go").await;
        sight.window.wait_for("[role=status]").await;
        let row = town.rows::<entity::asset::Entity>().await.pop().expect("an asset");
        assert_eq!((row.name.as_str(), row.area_code.as_str()), ("光伏车棚", VILLAGE_A2));
        sight.close().await;
    })
    .await;
}

/// Two people amend one card: whoever was slower chooses field by field.
async fn choose(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        let edit = format!("/assets/{}/edit", sight.assets[0].code);
        sight.open(&edit).await;
        sight.window.write("#f-remark", "我的备注").await;
        sight.window.write("#f-specification", "我的规格").await;
        let mut other = town.browser(Role::RuralOfficer).await;
        let faster = [("remark", "对方的备注"), ("specification", "对方的规格")];
        other.fill(&edit, &edit, &faster).await.is(303);
        sight.window.click("main form button.go").await;
        sight.window.wait_for("input[name=take-remark]").await;
        let page = sight.window.text().await;
        for shown in ["我的备注", "对方的备注", "已改过"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        // what was typed is offered first; the other's remark is taken by the keyboard
        let chosen =
            "[...document.querySelectorAll('input[type=radio]:checked')].map(one => one.value)";
        assert_eq!(sight.window.ask::<Vec<String>>(chosen).await, ["mine", "mine"]);
        sight.window.focus("input[name=take-remark][value=mine]").await;
        sight.window.press("ArrowUp").await;
        sight.window.focus("main form button.go").await;
        sight.window.press("Enter").await;
        sight.window.wait_for("[role=status]").await;
        let row = town.stored(sight.assets[0].id).await;
        assert_eq!(row.remark.as_deref(), Some("对方的备注"));
        assert_eq!(row.specification.as_deref(), Some("我的规格"));
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_slower_chooses() {
    choose(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_slower_chooses_without_scripts() {
    choose(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn controls_of_a_row_stand_on_one_line() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets/new").await;
        sight.window.wait_for(".sheet").await;
        // of fields that begin at one height, the controls do too
        let askew = "(() => { const askew = []; for (const sheet of document.querySelectorAll('.sheet')) { \
                     const rows = new Map(); for (const field of sheet.querySelectorAll('.field')) { \
                     const top = Math.round(field.getBoundingClientRect().top); \
                     const control = field.querySelector('input,select'); if (!control || !control.offsetParent) continue; \
                     const at = Math.round(control.getBoundingClientRect().top); \
                     if (rows.has(top) && Math.abs(rows.get(top) - at) > 1) askew.push(control.id); \
                     rows.set(top, at); } } return askew; })()";
        let askew: Vec<String> = sight.window.ask(askew).await;
        assert!(askew.is_empty(), "{askew:?}");
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_of_a_duty_keeps_itself() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        let form = format!("/duties/assign?asset={}", sight.assets[0].code);
        sight.open(&form).await;
        sight.window.write("#f-task", "清淤、防冻").await;
        sight.window.wait_for("output[data-kept]:not(:empty)").await;
        sight.open(&form).await;
        sight.window.click(".ppl a[href*='draft=']").await;
        sight.window.wait_for("#f-task[value='清淤、防冻']").await;
        assert!(sight.window.text().await.contains("上河村便民桥"));
        sight.close().await;
    })
    .await;
}
