//! What every page must be on any screen: no wider than it, in the colours that were chosen, small on
//! the wire, and the focus seen wherever it is.

use entity::account::Role;

use super::{Sight, pages};
use crate::harness::{Town, on_sqlite};

/// Widths of screens (ux.md §6.2).
const WIDTHS: [i64; 6] = [320, 360, 390, 768, 1_024, 1_440];
/// Bytes of the first page with all it loads (ux.md §4).
const FIRST_PAGE: u64 = 60_000;
/// Requests of the first page.
const REQUESTS: usize = 6;
/// How much wider than the screen the page is.
const OVER: &str = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
/// What is widest of it.
const WIDEST: &str = "[...document.querySelectorAll('body *')].filter(one => \
                      one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.wrap,.tabs,.side,.who')) \
                      .slice(-3).map(one => one.parentElement.outerHTML.slice(0, 80) + ' … ' + one.innerText)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_is_wider_than_the_screen() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        pages::walk(town, &sight, fit).await;
        sight.close().await;
    })
    .await;
}

/// What of the page that is shown is too wide, in every size of text at every width.
async fn fit(sight: &Sight) -> Vec<String> {
    let mut wrong = Vec::new();
    for size in ["usual", "large", "xlarge"] {
        sight.window.run(&format!("document.documentElement.dataset.size = '{size}'")).await;
        for width in WIDTHS {
            sight.window.resize(width, 900).await;
            let over: i64 = sight.window.ask(OVER).await;
            if over > 0 {
                let widest: Vec<String> = sight.window.ask(WIDEST).await;
                wrong.push(format!("{size} at {width}: {over} too wide: {widest:#?}"));
            }
        }
    }
    sight.window.resize(1_440, 900).await;
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_size_of_text_is_the_one_that_was_chosen() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        let size = "Math.round(100 * parseFloat(getComputedStyle(document.querySelector('main')).fontSize))";
        let usual: i64 = sight.window.ask(size).await;
        for (chosen, percent) in [("large", 125), ("xlarge", 175)] {
            sight.window.turn(&format!(".tools a[href*='size={chosen}']")).await;
            // it is kept, whatever is opened next
            sight.open("/assets").await;
            let found: i64 = sight.window.ask(size).await;
            assert_eq!(found, usual * percent / 100, "{chosen} of {usual}");
        }
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_page_is_small() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        for page in ["/dashboard", "/assets"] {
            sight.open(page).await;
            let script = "performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource')) \
                          .map(one => one.encodedBodySize)";
            let sizes: Vec<u64> = sight.window.ask(script).await;
            assert!(sizes.len() <= REQUESTS, "{page}: {sizes:?}");
            assert!(sizes.iter().sum::<u64>() <= FIRST_PAGE, "{page}: {sizes:?}");
        }
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colours_are_those_that_were_chosen() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::Leader).await;
        let ground = "getComputedStyle(document.body).backgroundColor";
        // by night and by day the chosen colours stay; as the system has them they do not
        for (colours, light, dark) in [
            ("system", "rgb(246, 245, 241)", "rgb(18, 22, 27)"),
            ("light", "rgb(246, 245, 241)", "rgb(246, 245, 241)"),
            ("dark", "rgb(18, 22, 27)", "rgb(18, 22, 27)"),
            ("contrast", "rgb(0, 0, 0)", "rgb(0, 0, 0)"),
        ] {
            sight.open("/me/settings").await;
            sight.window.click(&format!("input[name=colours][value={colours}]")).await;
            sight.window.click("main button.go").await;
            sight.window.wait_for("[role=status]").await;
            for (is_dark, expected) in [(false, light), (true, dark)] {
                sight.window.at_night(is_dark).await;
                let found: String = sight.window.ask(ground).await;
                assert_eq!(found, expected, "{colours}, dark: {is_dark}");
            }
            sight.window.at_night(false).await;
        }
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_focus_is_always_seen() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        let code = sight.assets[0].code.clone();
        for page in ["/dashboard".to_owned(), "/assets".to_owned(), format!("/assets/{code}/edit")]
        {
            sight.open(&page).await;
            let n: usize =
                sight.window.ask("document.querySelectorAll('a,button,input,select').length").await;
            for _ in 0..n.min(80) {
                sight.window.press("Tab").await;
                let hidden: String = sight.window.ask(COVERED).await;
                assert_eq!(hidden, "", "{page}: covered or without a ring");
            }
        }
        sight.close().await;
    })
    .await;
}

/// What has the focus, if something lies over it or nothing shows that it has it.
const COVERED: &str = "(() => {
  const one = document.activeElement;
  if (!one || one === document.body) return '';
  const box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const isSeen = at && (one.contains(at) || at.contains(one) || one.labels?.[0]?.contains(at));
  const hasRing = getComputedStyle(one).outlineStyle !== 'none';
  return isSeen && hasRing ? '' : `${one.outerHTML.slice(0, 200)} at ${box.y}, ring ${hasRing}, over it ${at?.outerHTML.slice(0, 100)}`;
})()";
