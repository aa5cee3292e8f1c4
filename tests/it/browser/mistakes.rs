//! What becomes of a form with something wrong in it: it is told first, and again where it is, and
//! what was typed stays.

use entity::account::Role;
use serde_json::json;

use super::{
    Sight,
    answers::{self, Kind, Row},
    furnished::Furnished,
};
use crate::harness::{Town, on_sqlite};

/// What is not told as it should be.
const UNTOLD: &str = "(() => {
  const wrong = [], list = document.getElementById('mistakes');
  if (!list) return ['nothing says what is wrong'];
  if (document.activeElement !== list) wrong.push(`the focus is on ${document.activeElement.outerHTML.slice(0, 90)}`);
  if (!document.title.startsWith('错误：')) wrong.push(document.title);
  for (const way of list.querySelectorAll('a[href^=\"#\"]')) {
    const field = document.getElementById(way.hash.slice(1));
    if (!field) { wrong.push(`nothing at ${way.hash}`); continue; }
    if (!field.checkVisibility()) wrong.push(`${way.hash} is hidden`);
    if (!field.matches('input,select,textarea')) continue;
    if (field.ariaInvalid !== 'true') wrong.push(`${way.hash} is not marked`);
    const told = (field.getAttribute('aria-describedby') ?? '').split(' ').map(id => document.getElementById(id)?.innerText);
    if (!told.includes(way.innerText)) wrong.push(`${way.hash}: ${way.innerText}, but there: ${told}`);
  }
  return wrong;
})()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_told_first_and_where_it_is() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        let furnished = Furnished::of(town).await;
        let wrong = answers::walk(town, &sight, &furnished, untold).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
        sight.close().await;
    })
    .await;
}

/// What is not told as it should be of a form that came back.
async fn untold(sight: &Sight, row: &Row) -> Vec<String> {
    let (_, typed, _, kind) = row;
    if *kind != Kind::Wrong {
        return Vec::new();
    }
    let mut wrong: Vec<String> = sight.window.ask(UNTOLD).await;
    for (field, text) in *typed {
        let kept = format!(
            "(field => field.type === 'password' || field.value === {})(document.querySelector({}))",
            json!(text),
            json!(field)
        );
        if !sight.window.ask::<bool>(&kept).await {
            wrong.push(format!("{field} has lost what was typed"));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_read_first_without_scripts_too() {
    on_sqlite(async |town: &Town| {
        let Some(sight) = Sight::of(town).await else { return };
        sight.window.without_scripts().await;
        sight.sign_in(town, Role::FinanceClerk).await;
        sight.open("/assets/new").await;
        sight.window.write("#f-name", "半截桥").await;
        sight.window.turn("main button.go").await;
        sight.window.until("document.activeElement.id === 'mistakes'").await;
        // from there it is one key to the first field that is wrong
        sight.window.press("Tab").await;
        let way: String = sight.window.ask("document.activeElement.hash").await;
        sight.window.press("Enter").await;
        sight.window.until(&format!("location.hash === '{way}'")).await;
        sight.close().await;
    })
    .await;
}
