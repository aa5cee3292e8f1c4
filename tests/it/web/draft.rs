//! Drafts of forms: kept, taken up, discarded, gone with what they became; and the form that met the
//! end of its session.

use entity::{account::Role, draft};
use taizhang::limits;

use super::{Browser, form_of, hidden};
use crate::harness::{
    Town,
    signing_in::PASSWORD,
    town::{VILLAGE_A1, account_name},
};

on_both!(
    a_draft_is_kept_taken_up_and_gone_with_the_asset,
    a_draft_is_its_accounts_alone,
    drafts_have_their_limits,
    a_draft_of_a_card_is_typed_over_what_was_there,
    a_form_that_met_the_end_of_its_session_comes_back,
    nobody_else_is_given_what_was_typed,
);

const NEW: &str = "/assets/new";

fn typed(name: &str) -> Vec<(&str, &str)> {
    vec![
        ("name", name),
        ("class", "public"),
        ("subclass", "road"),
        ("area", VILLAGE_A1),
        ("original_value", "86.4万"),
        ("acquired_on", "2019-06-30"),
        ("location", "三组河边，找张三丰"),
        ("quantity", "1"),
        ("unit", "km"),
        ("f0-fund", "transition"),
        ("f0-amount", "864000"),
    ]
}

/// Sends the form of a page to the address of a button of it.
async fn press(
    browser: &mut Browser,
    page: &str,
    (form, button): (&str, &str),
    fields: &[(&str, &str)],
) -> crate::api::Reply {
    let text = browser.open(page).await.is(200).text();
    let mut all = hidden(form_of(&text, form));
    all.retain(|(name, _)| fields.iter().all(|(set, _)| set != name));
    let own: Vec<(&str, &str)> =
        all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send(button, &[&own, fields].concat()).await
}

async fn keep(browser: &mut Browser, page: &str, fields: &[(&str, &str)]) -> String {
    let reply = press(browser, page, (NEW, "/drafts"), fields).await.is(303);
    reply.header("location").to_owned()
}

async fn a_draft_is_kept_taken_up_and_gone_with_the_asset(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let before = town.n_entries().await;
    let led = keep(&mut browser, NEW, &typed("半截桥")).await;
    assert!(led.starts_with("/assets/new?draft=") && led.ends_with("&done=draft"), "{led}");
    assert_eq!(town.n_entries().await, before, "a draft is no entry");
    // personal data may stand in it, so nothing of it lies open
    let row = town.rows::<draft::Entity>().await.pop().expect("a draft");
    for word in ["半截桥", "张三丰"] {
        let open = row.typed.windows(word.len()).any(|part| part == word.as_bytes());
        assert!(!open && !led.contains(word), "{word}");
    }
    let page = browser.open(&led).await.is(200).text();
    assert!(page.contains("value=\"半截桥\"") && page.contains("value=\"86.4万\""), "{page}");
    assert!(page.contains("草稿已保存"), "{page}");
    // typed on and kept again it is the same draft
    assert_eq!(keep(&mut browser, &led, &typed("整座桥")).await, led);
    let listed = browser.open(NEW).await.is(200).text();
    assert!(listed.contains("我的草稿") && listed.contains("整座桥"), "{listed}");
    assert_eq!(town.rows::<draft::Entity>().await.len(), 1);
    browser.fill(&led, NEW, &typed("整座桥")).await.is(303);
    assert!(town.rows::<draft::Entity>().await.is_empty(), "the draft stays");
    browser.open(&led).await.is(404);
}

async fn a_draft_is_its_accounts_alone(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let led = keep(&mut browser, NEW, &typed("半截桥")).await;
    let mut other = town.browser(Role::RuralOfficer).await;
    other.open(&led).await.is(404);
    let page = other.open(NEW).await.is(200).text();
    assert!(!page.contains("半截桥"), "{page}");
    // nor can they discard it
    let mark = led.split("draft=").nth(1).and_then(|rest| rest.split('&').next()).expect("a mark");
    let discard = format!("/drafts/{mark}/discard");
    let form = hidden(form_of(&page, NEW));
    let carried: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    other.send(&discard, &carried).await.is(303);
    assert_eq!(town.rows::<draft::Entity>().await.len(), 1);
    browser.fill(NEW, &discard, &[]).await.is(303);
    assert!(town.rows::<draft::Entity>().await.is_empty());
}

async fn drafts_have_their_limits(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    for n in 0..limits::DRAFTS {
        keep(&mut browser, NEW, &typed(&format!("{n}号桥"))).await;
    }
    let refused = press(&mut browser, NEW, (NEW, "/drafts"), &typed("再一座")).await.is(422);
    assert!(refused.text().contains("草稿最多"), "{}", refused.text());
    assert_eq!(town.rows::<draft::Entity>().await.len(), limits::DRAFTS);
    // after a month they are forgotten, and out of sight at the same instant
    town.clock.advance(limits::DRAFT_DAYS);
    let mut again = Browser::new(town);
    again.sign_in(&account_name(Role::FinanceClerk)).await.is(303);
    assert!(!again.open(NEW).await.is(200).text().contains("我的草稿"));
    town.night(0).await;
    assert!(town.rows::<draft::Entity>().await.is_empty());
    // so much and no more
    let most = "长".repeat(limits::DRAFT_BYTES / 3);
    let long = [typed("长"), vec![("remark", most.as_str())]].concat();
    let refused = press(&mut again, NEW, (NEW, "/drafts"), &long).await.is(422);
    assert!(refused.text().contains("字节"), "{}", refused.text());
}

async fn a_draft_of_a_card_is_typed_over_what_was_there(town: &Town) {
    let asset = town.asset(VILLAGE_A1, "便民桥", "1000.00").await;
    let edit = format!("/assets/{}/edit", asset.code);
    let mut browser = town.browser(Role::FinanceClerk).await;
    let kept =
        press(&mut browser, &edit, (&edit, "/drafts"), &[("name", "便民桥"), ("location", "桥头")]);
    let led = kept.await.is(303).header("location").to_owned();
    assert!(led.starts_with(&format!("{edit}?draft=")), "{led}");
    // somebody else is faster
    let first = [("name", "便民桥"), ("location", "桥尾")];
    town.browser(Role::RuralOfficer).await.fill(&edit, &edit, &first).await.is(303);
    let page = browser.open(&led).await.is(200).text();
    assert!(page.contains("value=\"桥头\"") && page.contains("<b>桥尾</b>"), "{page}");
    assert_eq!(town.rows::<draft::Entity>().await.len(), 1, "the draft is lost");
    // whose value is kept is chosen, and the draft goes with what it became
    let chosen = [("name", "便民桥"), ("location", "桥头"), ("take-location", "mine")];
    browser.fill(&led, &edit, &chosen).await.is(303);
    assert_eq!(town.stored(asset.id).await.location.as_deref(), Some("桥头"));
    assert!(town.rows::<draft::Entity>().await.is_empty(), "the draft stays");
}

/// Fills in the form and sends it when the session has ended. Answers the page of the sign-in.
async fn sent_too_late(town: &Town, browser: &mut Browser, name: &str) -> String {
    let text = browser.open(NEW).await.is(200).text();
    let form = hidden(form_of(&text, NEW));
    town.clock.pass(limits::BROWSER_IDLE_SECONDS + 1);
    let mut fields: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend(typed(name));
    browser.send(NEW, &fields).await.is(403).text()
}

/// Signs in on a page of the sign-in.
async fn sign_in_there(browser: &mut Browser, page: &str, role: Role) -> String {
    let form = hidden(form_of(page, "/sign-in"));
    let mut fields: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let name = account_name(role);
    fields.extend([("name", name.as_str()), ("password", PASSWORD)]);
    browser.send("/sign-in", &fields).await.is(303).header("location").to_owned()
}

async fn a_form_that_met_the_end_of_its_session_comes_back(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let page = sent_too_late(town, &mut browser, "半截桥").await;
    assert!(page.contains("没有丢") && !page.contains("张三丰"), "{page}");
    let led = sign_in_there(&mut browser, &page, Role::FinanceClerk).await;
    assert!(led.starts_with("/assets/new?draft=") && led.ends_with("done=back"), "{led}");
    let page = browser.open(&led).await.is(200).text();
    assert!(page.contains("value=\"半截桥\"") && page.contains("张三丰"), "{page}");
    browser.fill(&led, NEW, &typed("半截桥")).await.is(303);
    assert_eq!(town.rows::<entity::asset::Entity>().await.len(), 1);
    assert!(town.rows::<draft::Entity>().await.is_empty());
}

async fn nobody_else_is_given_what_was_typed(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    town.settle_in(Role::RuralOfficer).await;
    let page = sent_too_late(town, &mut browser, "半截桥").await;
    let led = sign_in_there(&mut browser, &page, Role::RuralOfficer).await;
    assert_eq!(led, NEW);
    assert!(town.rows::<draft::Entity>().await.is_empty());
    // and after an hour nobody at all
    let mut late = town.browser(Role::FinanceClerk).await;
    let page = sent_too_late(town, &mut late, "半截桥").await;
    town.clock.pass(limits::CARRIED_MINUTES * 60 + 1);
    assert_eq!(sign_in_there(&mut late, &page, Role::FinanceClerk).await, NEW);
}
