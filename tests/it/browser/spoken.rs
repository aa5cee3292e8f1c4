//! What a page is for whoever hears it: no fault that the script of accessibility finds, by day and
//! by night, on a desk and in the hand; its parts, tables and ways all called by a name.

use std::fs;

use entity::account::Role;
use serde::Deserialize;

use super::{Sight, pages, variable};
use crate::{
    harness::{Town, on_sqlite},
    matrix::tell,
};

/// What is checked of every page.
pub(super) const ALL: &str =
    "{type: 'tag', values: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}";
/// What other colours alone can change.
const OF_COLOURS: &str = "{type: 'rule', values: ['color-contrast','link-in-text-block']}";

/// What has no name, or is there twice or not at all.
const NAMELESS: &str = "(() => {
  const wrong = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (one) => one.getAttribute('aria-label')?.trim() || one.getAttribute('aria-labelledby');
  for (const once of ['h1', 'main', 'body > header', 'html[lang]', 'title'])
    if (all(once).length !== 1) wrong.push(`${all(once).length} ${once}`);
  const ways = all('nav');
  if (new Set(ways.map(named)).size !== ways.length) wrong.push('two ways of one name');
  for (const one of ways) if (!named(one)) wrong.push(one.outerHTML.slice(0, 90));
  for (const one of all('table'))
    if (!one.caption && !named(one) && !one.closest('[role=region][aria-label]')) wrong.push(one.outerHTML.slice(0, 90));
  for (const one of all('.crumb'))
    if (!['当前位置', 'You are here'].includes(named(one.parentElement))) wrong.push('a way without its name');
  const other = all('.tools a[href*=\"lang=\"]')[0];
  if (!other || other.lang === document.documentElement.lang) wrong.push('the other language has no mark');
  return wrong;
})()";

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

/// The script that finds faults; none, and a word of it, where none is named.
pub(super) fn script() -> Option<String> {
    let Some(path) = variable("TAIZHANG_AXE") else {
        assert!(variable("TAIZHANG_REQUIRE_CHROMIUM").is_none(), "TAIZHANG_AXE names no script");
        tell("skipped: TAIZHANG_AXE names no axe.min.js");
        return None;
    };
    Some(fs::read_to_string(path).expect("the script"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_has_a_fault_for_whoever_hears_it() {
    let Some(script) = script() else { return };
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        pages::walk(town, &sight, async |sight| judge(sight, &script).await).await;
        sight.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colours_that_are_far_apart_have_no_fault() {
    let Some(script) = script() else { return };
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/me/settings").await;
        sight.window.click("input[name=colours][value=contrast]").await;
        sight.window.turn("main button.go").await;
        for page in pages::main(&sight) {
            sight.open(&page).await;
            sight.window.run(&script).await;
            let found = faults(&sight, ALL).await;
            assert!(found.is_empty(), "{page}: {found:#?}");
        }
        sight.close().await;
    })
    .await;
}

/// What is wrong with the page that is shown, by day and by night, on a desk and in the hand.
pub(super) async fn judge(sight: &Sight, script: &str) -> Vec<String> {
    let mut wrong: Vec<String> = sight.window.ask(NAMELESS).await;
    sight.window.run(script).await;
    for width in [1_440, 390] {
        sight.window.resize(width, 900).await;
        for (is_dark, checks) in [(false, ALL), (true, OF_COLOURS)] {
            sight.window.at_night(is_dark).await;
            let found = faults(sight, checks).await;
            wrong.extend(found.iter().map(|one| format!("at {width}, dark: {is_dark}: {one}")));
        }
    }
    sight.window.at_night(false).await;
    sight.window.resize(1_440, 900).await;
    wrong
}

/// What the script finds.
pub(super) async fn faults(sight: &Sight, checks: &str) -> Vec<String> {
    let ask = format!(
        "axe.run(document, {{runOnly: {checks}, resultTypes: ['violations']}}).then(all => all.violations)"
    );
    let found: Vec<Violation> = sight.window.ask(&ask).await;
    let told = |one: &Violation| {
        format!("{} {}: {:?}", one.id, one.help, one.nodes.first().map(|node| &node.html))
    };
    found.iter().map(told).collect()
}
