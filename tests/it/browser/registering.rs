//! Work with nothing but the keyboard: an asset and the next one like it, a filter, twenty assets
//! assigned; and the keys of an input method, which send nothing.

use entity::account::Role;

use super::Sight;
use crate::harness::{Town, on_sqlite, town::collective_name};

/// Stops of the focus that the way to a field may have.
const STOPS: usize = 160;

impl Sight {
    /// Goes on from stop to stop until the focus is on something.
    async fn reach(&self, selector: &str) {
        let is_there = format!("document.activeElement.matches(\"{selector}\")");
        for _ in 0..STOPS {
            if self.window.ask::<bool>(&is_there).await {
                return;
            }
            self.window.press("Tab").await;
        }
        panic!("no way to {selector}");
    }

    /// Goes on to a field and types into it; what is typed is chosen where it is one of a list.
    async fn type_into(&self, selector: &str, text: &str) {
        self.reach(selector).await;
        let is_list: bool = self.window.ask("document.activeElement.matches('select')").await;
        if is_list {
            self.window.type_keys(text).await;
        } else {
            self.window.type_text(text).await;
        }
    }

    /// Types a day in the order in which the browser has its parts.
    async fn type_day(&self, selector: &str, (year, month, day): (&str, &str, &str)) {
        self.reach(selector).await;
        let order = "new Intl.DateTimeFormat(navigator.language).formatToParts().map(part => part.type).filter(type => type !== 'literal')";
        let order: Vec<String> = self.window.ask(order).await;
        for part in &order {
            let digits = match part.as_str() {
                "year" => year,
                "month" => month,
                _ => day,
            };
            for digit in digits.chars() {
                self.window.press(&digit.to_string()).await;
            }
        }
        let typed: String = self.window.ask("document.activeElement.value").await;
        assert_eq!(typed, format!("{year}-{month}-{day}"), "typed in the order {order:?}");
    }
}

/// What the first asset has.
const FIRST: [(&str, &str); 5] = [
    ("#f-name", "进村水泥路"),
    ("#f-class", "公益"),
    ("#f-subclass", "道路"),
    ("#f-area", "上河村"),
    ("#f-original_value", "12万"),
];
const FIRST_ON: [(&str, &str); 5] = [
    ("#f-location", "村口"),
    ("#f-quantity", "1.5"),
    ("#f-unit", "公里"),
    ("#f-f0-fund", "中央"),
    ("#f-f0-amount", "120000"),
];
/// What the next one has of its own.
const NEXT: [(&str, &str); 5] = [
    ("#f-name", "晒谷场"),
    ("#f-original_value", "8万"),
    ("#f-location", "三组"),
    ("#f-quantity", "0.8"),
    ("#f-f0-amount", "80000"),
];

/// An asset is registered, and the next one like it.
async fn register_two(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets").await;
        sight.window.n_clicks();
        if are_scripts_run {
            sight.window.press("n").await;
        } else {
            sight.reach("a[href='/assets/new']").await;
            sight.window.press("Enter").await;
        }
        sight.window.wait_for("#f-name").await;
        for (field, text) in FIRST {
            sight.type_into(field, text).await;
        }
        sight.type_day("#f-acquired_on", ("2020", "05", "20")).await;
        for (field, text) in FIRST_ON {
            sight.type_into(field, text).await;
        }
        if are_scripts_run {
            sight.window.press_control_enter().await;
        } else {
            sight.reach("button[value=next]").await;
            sight.window.press("Enter").await;
        }
        sight.window.until("location.search.includes('done=registered')").await;
        sight.window.wait_for("[role=status]").await;
        // what the next one shares stands there, and what is its own does not
        let kept = "['class','subclass','area','acquired_on','unit','f0-fund','name','original_value','f0-amount'].map(name => !!document.getElementById('f-' + name).value)";
        let kept: Vec<bool> = sight.window.ask(kept).await;
        assert_eq!(kept, [true, true, true, true, true, true, false, false, false]);
        for (field, text) in NEXT {
            sight.type_into(field, text).await;
        }
        sight.window.press("Enter").await;
        sight.window.until("location.pathname !== '/assets/new' && location.search.includes('done=registered')").await;
        assert!(sight.window.n_clicks() <= 3);
        let rows = town.rows::<entity::asset::Entity>().await;
        let named = |name: &str| rows.iter().find(|row| row.name == name).expect("registered");
        let (one, two) = (named(FIRST[0].1), named(NEXT[0].1));
        assert_eq!((one.class, one.subclass, one.unit), (two.class, two.subclass, two.unit));
        assert_eq!(two.original_value, Some("80000.00".parse().expect("yuan")));
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_asset_and_the_next_are_registered_by_keyboard() {
    register_two(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_asset_and_the_next_are_registered_by_keyboard_without_scripts() {
    register_two(false).await;
}

/// A list is narrowed, all of a page is chosen, and somebody is to maintain it.
async fn filter_and_assign(are_scripts_run: bool) {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::with(town, are_scripts_run).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets").await;
        sight.window.n_clicks();
        sight.type_into("#f-q", "蓄水池").await;
        sight.window.press("Enter").await;
        sight.window.wait_for("#f-q[value=蓄水池]").await;
        sight.reach("#chosen input[name=page]").await;
        sight.window.press(" ").await;
        sight.reach("#chosen button[formaction='/duties/assign']").await;
        sight.window.press("Enter").await;
        sight.window.wait_for("#f-task").await;
        sight.type_into("#f-maintainer", &collective_name("上河村")).await;
        sight.window.press("Enter").await;
        sight.window.wait_for("button[value=confirm]").await;
        sight.reach("button[value=confirm]").await;
        sight.window.press("Enter").await;
        sight.window.wait_for("a[href^='/duties/agreements']").await;
        assert!(sight.window.n_clicks() <= 6);
        assert_eq!(town.rows::<entity::duty::Entity>().await.len(), 20);
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_is_assigned_by_keyboard() {
    filter_and_assign(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_is_assigned_by_keyboard_without_scripts() {
    filter_and_assign(false).await;
}

/// Counts forms that are sent, and sends none.
const WATCHED: &str = "window.nSent = 0; addEventListener('submit', event => { window.nSent += 1; event.preventDefault(); }, true)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_that_is_not_chosen_yet_sends_nothing() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        let code = sight.assets[0].code.clone();
        for (page, field, key) in [
            ("/assets/new".to_owned(), "#f-name", "Enter"),
            (format!("/assets/{code}/edit"), "#f-location", "s"),
            (format!("/duties/assign?asset={code}"), "#f-maintainer", "s"),
            ("/assets".to_owned(), "#f-q", ""),
            ("/dashboard".to_owned(), "#q", ""),
        ] {
            sight.open(&page).await;
            sight.window.run(WATCHED).await;
            sight.window.put(field, "").await;
            sight.window.focus(field).await;
            sight.window.compose("shi").await;
            sight.window.press_composing("Enter").await;
            let told = async |is_composing: bool| {
                let event = format!(
                    "document.querySelector('{field}').dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', ctrlKey: true, bubbles: true, isComposing: {is_composing}}}))"
                );
                sight.window.run(&event).await;
                sight.window.ask::<usize>("window.nSent").await
            };
            assert_eq!(told(true).await, 0, "{page}");
            let held: String =
                sight.window.ask(&format!("document.querySelector('{field}').value")).await;
            assert_eq!(held, "shi", "{page}");
            // once it is chosen the same keys do what they say
            if key.is_empty() {
                sight.window.type_text("石").await;
                sight.window.press("Enter").await;
                sight.window.until("window.nSent === 1").await;
            } else {
                assert_eq!(told(false).await, 1, "{page}");
            }
        }
        sight.close().await;
    })
    .await;
}
