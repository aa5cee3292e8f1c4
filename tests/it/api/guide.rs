//! The page of the interface: whole, in two languages, and nothing on it that the browser would
//! have to fetch from elsewhere or to run.

use taizhang::api;

use crate::{api::Reply, harness::Town};

on_both!(the_page_tells_every_operation_in_both_languages, the_page_needs_nothing_but_itself);

fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).expect("UTF-8")
}

/// Ids and paths of the document's operations.
fn operations() -> Vec<(String, String)> {
    let document = api::document();
    let document = serde_json::to_value(document).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").clone();
    let ids = |item: &serde_json::Value| {
        let members = item.as_object().expect("operations").values().cloned();
        members.filter_map(|one| one["operationId"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    paths
        .iter()
        .flat_map(|(path, item)| ids(item).into_iter().map(|id| (id, path.clone())))
        .collect()
}

async fn the_page_tells_every_operation_in_both_languages(town: &Town) {
    let stranger = town.stranger();
    let zh = stranger.get("/").await.is(200);
    assert_eq!(zh.header("content-type"), "text/html; charset=utf-8");
    let (zh, en) = (text(&zh), text(&stranger.get("/?lang=en").await.is(200)));
    assert!(zh.contains("lang=\"zh-CN\">") && en.contains("<html lang=\"en\">"));
    for (id, path) in operations() {
        let mark = format!("id=\"{id}\"");
        assert!(en.contains(&mark), "{id}");
        let told = zh.split(&mark).nth(1).unwrap_or_else(|| panic!("{id}"));
        let head = told.split("</summary>").next().expect("a head");
        assert!(head.replace("<wbr>", "").contains(&path), "{id}: {head}");
        // the words of a new operation stand in src/api/guide/words.rs
        let title = head.split("class=\"title\">").nth(1).expect("a title");
        assert!(!title.is_ascii(), "{id} has no Chinese words: {title}");
    }
    assert!(!zh.contains("其他</h2>"), "a group without words in src/api/guide/words.rs");
    let english = stranger.call(axum::http::Method::GET, "/").header("accept-language", "en-GB");
    assert_eq!(text(&english.send().await), en);
    stranger.get("/?language=en").await.problem(422, "invalid");
}

async fn the_page_needs_nothing_but_itself(town: &Town) {
    let stranger = town.stranger();
    let page = text(&stranger.get("/").await.is(200));
    for never in ["<script", "<style", " style=", "javascript:", " src=", "//cdn"] {
        assert!(!page.contains(never), "{never}");
    }
    let links: Vec<&str> =
        page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() > 30, "{links:?}");
    for link in links {
        let target = link.strip_prefix('#').map(|id| page.contains(&format!("id=\"{id}\"")));
        let is_own = link.starts_with("/api/v1/") || link.starts_with("?lang=");
        assert!(target.unwrap_or(is_own), "{link}");
    }
    let style = stranger.get("/guide.css").await.is(200);
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(!text(&style).contains("url("), "nothing is loaded from elsewhere");
}
