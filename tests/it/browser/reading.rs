//! What every page must be: free of faults for whoever hears it, no wider than the screen, whole
//! without scripts, small on the wire.

use std::fs;

use entity::account::Role;
use serde::Deserialize;

use super::{Sight, variable};
use crate::{
    harness::{Town, on_sqlite},
    matrix::tell,
};

/// Widths of screens (ux.md §6.2).
const WIDTHS: [i64; 6] = [320, 360, 390, 768, 1_024, 1_440];
/// Bytes of the first page with all it loads (ux.md §4).
const FIRST_PAGE: u64 = 60_000;
/// Requests of the first page.
const REQUESTS: usize = 6;

/// Every kind of page for somebody who is signed in.
fn pages(code: &str) -> Vec<String> {
    let mut pages: Vec<String> = [
        "/dashboard",
        "/assets",
        "/assets?class=household",
        "/findings",
        "/findings?overdue=yes",
        "/findings/chosen?do=assign",
        "/tasks",
        "/tasks?of=duties",
        "/assets/new",
        "/imports",
        "/imports/new",
        "/duties",
        "/duties?show=running",
        "/titles",
        "/titles?lang=en",
        "/duties?lang=en",
        "/assets/merge?lang=zh",
        "/organizations",
        "/organizations/new",
        "/organizations/1",
        "/organizations/1/edit",
        "/organizations/1/end",
        "/admin/areas",
        "/admin/areas/520381100000",
        "/admin/permissions",
        "/admin/permissions/leader",
        "/me",
        "/me/settings",
        "/help",
        "/help/asset-new",
        "/help/shortcuts",
        "/me/password",
        "/me/second-factor",
        "/me/proof",
        "/nowhere",
        "/assets?colour=red",
        "/dashboard?lang=en",
        "/assets?lang=en",
    ]
    .map(str::to_owned)
    .into();
    for part in ["", "/title", "/duty", "/funding", "/findings", "/history", "/edit"] {
        pages.push(format!("/assets/{code}{part}?lang=zh"));
    }
    for form in ["settle", "split", "hand-over", "correct", "reclass"] {
        pages.push(format!("/assets/{code}/{form}"));
    }
    for about in ["/duties/assign", "/titles/confirm", "/titles/register", "/assets/plates"] {
        pages.push(format!("{about}?asset={code}"));
    }
    pages.push(format!("/findings/{code}/G01"));
    pages
}

/// Pages that others see.
const OF_OTHERS: [(Role, &[&str]); 4] = [
    (Role::Administrator, &["/admin/accounts", "/admin/accounts/new", "/admin/health"]),
    (Role::SecurityAdministrator, &["/admin/accounts/4", "/admin/accounts/4/lock"]),
    (Role::RuralOfficer, &["/admin/areas/520381100201/rename", "/admin/areas/520381100201/merge"]),
    (Role::Auditor, &["/log", "/log/520381/2", "/log/verify"]),
];

/// Pages for anybody.
const OPEN: [&str; 3] = ["/sign-in", "/link", "/help/sign-in"];

#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    html: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_has_a_fault_for_whoever_hears_it() {
    let Some(path) = variable("TAIZHANG_AXE") else {
        assert!(variable("TAIZHANG_REQUIRE_CHROMIUM").is_none(), "TAIZHANG_AXE names no script");
        tell("skipped: TAIZHANG_AXE names no axe.min.js");
        return;
    };
    let script = fs::read_to_string(path).expect("the script");
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        for page in OPEN {
            judge(&sight, &script, page).await;
        }
        sight.sign_in(town, Role::FinanceClerk).await;
        for page in pages(&sight.assets[0].code) {
            judge(&sight, &script, &page).await;
        }
        for (role, pages) in OF_OTHERS {
            sight.seat(town, role).await;
            for page in pages {
                judge(&sight, &script, page).await;
            }
        }
        sight.close().await;
    })
    .await;
}

/// By day and by night, on a desk and in the hand.
async fn judge(sight: &Sight, script: &str, page: &str) {
    for (width, is_dark) in [(1_440, false), (1_440, true), (390, false), (390, true)] {
        sight.window.resize(width, 900).await;
        sight.window.at_night(is_dark).await;
        sight.open(page).await;
        sight.window.run(script).await;
        let tags = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']";
        let ask = format!(
            "axe.run(document, {{runOnly: {{type: 'tag', values: {tags}}}}}).then(all => all.violations)"
        );
        let found: Vec<Violation> = sight.window.ask(&ask).await;
        let told: Vec<_> = found
            .iter()
            .map(|one| {
                (one.id.as_str(), one.help.as_str(), one.nodes.first().map(|node| &node.html))
            })
            .collect();
        assert!(told.is_empty(), "{page} at {width}, dark: {is_dark}: {told:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_is_wider_than_the_screen() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        for page in OPEN {
            fit(&sight, page).await;
        }
        sight.sign_in(town, Role::FinanceClerk).await;
        for page in pages(&sight.assets[0].code) {
            fit(&sight, &page).await;
        }
        for (role, pages) in OF_OTHERS {
            sight.seat(town, role).await;
            for page in pages {
                fit(&sight, page).await;
            }
        }
        sight.close().await;
    })
    .await;
}

async fn fit(sight: &Sight, page: &str) {
    for size in ["usual", "large", "xlarge"] {
        let mark = if page.contains('?') { '&' } else { '?' };
        sight.open(&format!("{page}{mark}size={size}")).await;
        for width in WIDTHS {
            sight.window.resize(width, 900).await;
            let is_wide =
                "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            let over: i64 = sight.window.ask(is_wide).await;
            let widest = "[...document.querySelectorAll('body *')].filter(one => \
                          one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.wrap,.tabs,.side,.who')) \
                          .slice(-3).map(one => one.parentElement.outerHTML.slice(0, 80) + ' … ' + one.innerText)";
            if over > 0 {
                let widest: Vec<String> = sight.window.ask(widest).await;
                panic!("{page} {size} at {width}: {over} too wide: {widest:#?}");
            }
        }
    }
    sight.open("/link?size=usual").await;
    sight.window.resize(1_440, 900).await;
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
async fn the_brief_is_one_sheet() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::Leader).await;
        for page in ["/dashboard", "/dashboard?lang=en"] {
            sight.open(page).await;
            assert_eq!(sight.window.n_sheets().await, 1, "{page}");
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
