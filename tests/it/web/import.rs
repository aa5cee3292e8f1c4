//! Sheets on pages: brought, checked, seen, carried out, undone.

use std::{fmt::Write as _, time::Duration};

use axum::http::Method;
use entity::account::Role;

use super::{Browser, form_of, hidden};
use crate::{
    api::Reply,
    harness::{
        Town,
        town::{VILLAGE_A1, VILLAGE_B1},
    },
};

on_both!(
    a_sheet_is_checked_carried_out_and_undone,
    what_was_rejected_is_told_and_given_back,
    the_good_rows_alone_are_imported_when_asked,
    a_form_that_cannot_be_read_comes_back,
    a_sheet_of_another_page_is_refused,
    jobs_and_sheets_are_their_senders,
);

const BOUNDARY: &str = "----lantern";
pub(super) const NEW: &str = "/imports/new";

/// Sends the form of the page, its fields in the order of the page and the file among them.
pub(super) async fn bring(
    browser: &mut Browser,
    fields: &[(&str, &str)],
    (name, text): (&str, &str),
) -> Reply {
    let page = browser.open(NEW).await.is(200).text();
    let mut all = hidden(form_of(&page, NEW));
    all.retain(|(name, _)| fields.iter().all(|(set, _)| set != name));
    all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let mut body = String::new();
    for (name, value) in &all {
        let head = format!("content-disposition: form-data; name=\"{name}\"");
        _ = write!(body, "--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n");
    }
    let head = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"");
    _ = write!(body, "--{BOUNDARY}\r\n{head}\r\n\r\n{text}\r\n--{BOUNDARY}--\r\n");
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let call = browser.client.ask(Method::POST, NEW).header("cookie", &browser.cookie());
    let reply = call.header("sec-fetch-site", "same-origin").raw(&kind, body.into_bytes());
    reply.send().await
}

fn sheet(village: &str, values: &[&str]) -> String {
    let mut text = String::from("资产名称,资产类别,区划代码,资产原值\n");
    for (row, value) in values.iter().enumerate() {
        _ = writeln!(text, "第{row}号桥,公益性资产,{village},{value}");
    }
    text
}

/// The page of a job that has come to its end.
pub(super) async fn over(browser: &mut Browser, led: &Reply) -> (String, String) {
    let place = led.header("location").to_owned();
    assert!(place.starts_with("/imports/jobs/"), "{place}");
    for _ in 0..3_000 {
        let reply = browser.open(&place).await.is(200);
        if reply.headers.get("refresh").is_none() {
            return (place, reply.text());
        }
        let page = reply.text();
        assert!(page.contains("<progress") && page.contains("/cancel\""), "{page}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the job stands still");
}

pub(super) async fn n_assets(town: &Town) -> usize {
    town.rows::<entity::asset::Entity>().await.len()
}

async fn a_sheet_is_checked_carried_out_and_undone(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let empty = browser.open("/imports").await.is(200).text();
    assert!(empty.contains("还没有导入过表格") && empty.contains("href=\"/imports/new\""));
    let before = town.n_entries().await;
    let text = sheet(VILLAGE_A1, &["1000.00", "2000.50"]);
    let led = bring(&mut browser, &[("kind", "assets")], ("资产.csv", &text)).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    assert!(page.contains("试导完成") && page.contains("资产.csv"), "{page}");
    assert!(page.contains("正式导入 2 行"), "{page}");
    assert_eq!((town.n_entries().await, n_assets(town).await), (before, 0));
    // for real, once however often the form comes
    let address = format!("{trial}/carry-out");
    let carried = hidden(form_of(&page, &address));
    let carried: Vec<_> =
        carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let led = browser.send(&address, &carried).await.is(303);
    let again = browser.send(&address, &carried).await.is(303);
    assert_eq!(led.header("location"), again.header("location"));
    let (_, page) = over(&mut browser, &led).await;
    assert!(page.contains("已导入台账"), "{page}");
    assert_eq!((town.n_entries().await, n_assets(town).await), (before + 1, 2));
    // the check leads to no second import
    let page = browser.open(&trial).await.is(200).text();
    assert!(!page.contains("/carry-out\"") && page.contains("已导入"), "{page}");
    let fields: Vec<_> = carried.iter().filter(|(name, _)| *name == "mark").copied().collect();
    let fields = [&fields[..], &[("key", "another-key-of-a-form")]].concat();
    let refused = browser.send(&address, &fields).await.is(422).text();
    assert!(refused.contains("<title>错误：") && refused.contains("请重新上传"), "{refused}");
    let import = town.rows::<entity::import::Entity>().await.remove(0).id;
    let place = format!("/imports/{import}");
    let listed = browser.open("/imports").await.is(200).text();
    assert!(listed.contains(&format!("href=\"{place}\"")) && listed.contains(&trial), "{listed}");
    let reply = browser.fill(&place, &format!("{place}/undo"), &[]).await.is(303);
    let page = browser.open(reply.header("location")).await.is(200).text();
    assert!(page.contains("已撤销") && !page.contains("/undo\""), "{page}");
}

async fn what_was_rejected_is_told_and_given_back(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = sheet(VILLAGE_A1, &["1000.00", "<b>多</b>"]);
    let led = bring(&mut browser, &[("kind", "assets")], ("资产.csv", &text)).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    for words in ["要改的地方", "第 3 行", "D 资产原值", "&lt;b&gt;多&lt;/b&gt;"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("只导入 1 行，退回 1 行"), "{page}");
    let rows = browser.open(&format!("{trial}/rejected")).await.is(200);
    assert_eq!(rows.header("content-disposition"), "attachment; filename=\"rejected.csv\"");
    assert!(rows.text().contains("第1号桥") && rows.text().contains("问题"), "{}", rows.text());
    assert_eq!(n_assets(town).await, 0);
    // a sheet that cannot be read at all says why
    let led = bring(&mut browser, &[("kind", "assets")], ("a.csv", "甲,乙\n1,2\n")).await.is(303);
    let (_, page) = over(&mut browser, &led).await;
    assert!(page.contains("有的列要您指明是什么") && page.contains("note warn"), "{page}");
    let led = bring(&mut browser, &[("kind", "assets")], ("a.csv", "")).await.is(303);
    let (_, page) = over(&mut browser, &led).await;
    assert!(page.contains("表格无法导入") && page.contains("note bad"), "{page}");
}

async fn the_good_rows_alone_are_imported_when_asked(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = sheet(VILLAGE_A1, &["1000.00", "多"]);
    let led = bring(&mut browser, &[("kind", "assets")], ("资产.csv", &text)).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    assert!(page.contains("只导入 1 行，退回 1 行"), "{page}");
    let led = browser.fill(&trial, &format!("{trial}/carry-out"), &[]).await.is(303);
    let (_, page) = over(&mut browser, &led).await;
    assert_eq!(n_assets(town).await, 1);
    // the way to what was made
    let list = page.split("href=\"/assets?import=").nth(1).expect("a way");
    let list = list.split('"').next().expect("its end").replace("&amp;", "&");
    let page = browser.open(&format!("/assets?import={list}")).await.is(200).text();
    assert!(page.contains("第0号桥") && !page.contains("第1号桥"), "{page}");
    let none = browser.open("/assets?import=999").await.is(200).text();
    assert!(!none.contains("第0号桥"), "{none}");
}

async fn a_form_that_cannot_be_read_comes_back(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let fields = [("kind", "duties"), ("header_row", "三"), ("sheet", "表<一>")];
    let page = bring(&mut browser, &fields, ("资产.csv", "a\n")).await.is(422).text();
    assert!(page.contains("<title>错误：") && page.contains("href=\"#f-header_row\""), "{page}");
    assert!(page.contains("value=\"三\"") && page.contains("value=\"表&lt;一&gt;\""), "{page}");
    assert!(page.contains("value=\"duties\" selected"), "{page}");
    // nothing was chosen
    let page = bring(&mut browser, &[("kind", "assets")], ("", "")).await.is(422).text();
    assert!(page.contains("href=\"#f-file\"") && page.contains("缺少文件"), "{page}");
}

async fn a_sheet_of_another_page_is_refused(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = sheet(VILLAGE_A1, &["1000.00"]);
    for mark in ["", "another"] {
        let fields = [("kind", "assets"), ("mark", mark)];
        bring(&mut browser, &fields, ("资产.csv", &text)).await.is(403);
    }
    assert!(town.rows::<entity::job::Entity>().await.is_empty());
    let mut leader = town.browser(Role::Leader).await;
    leader.open(NEW).await.is(403);
    assert!(!leader.open("/imports").await.is(200).text().contains("href=\"/imports/new\""));
}

async fn jobs_and_sheets_are_their_senders(town: &Town) {
    let mut browser = town.browser(Role::FinanceClerk).await;
    let text = sheet(VILLAGE_B1, &["1000.00"]);
    let led = bring(&mut browser, &[("kind", "assets")], ("资产.csv", &text)).await.is(303);
    let (trial, page) = over(&mut browser, &led).await;
    let mut officer = town.browser(Role::RuralOfficer).await;
    officer.open(&trial).await.is(404);
    officer.open(&format!("{trial}/rejected")).await.is(404);
    assert!(!officer.open("/imports").await.is(200).text().contains(&trial));
    let mark = hidden(form_of(&officer.open(NEW).await.is(200).text(), NEW));
    let mark: Vec<_> = mark.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for action in ["carry-out", "cancel"] {
        officer.send(&format!("{trial}/{action}"), &mark).await.is(404);
    }
    assert!(page.contains("/carry-out\""), "{page}");
    // one that is over stays as it is
    let fields = hidden(form_of(&page, &format!("{trial}/carry-out")));
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send(&format!("{trial}/cancel"), &fields).await.is(303);
    assert!(browser.open(&trial).await.is(200).text().contains("试导完成"));
}
