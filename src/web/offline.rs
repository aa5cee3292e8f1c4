//! What works without a network: the service worker, the page that says that there is none, and what a
//! phone asks for that has the ledger among its programs.

use axum::{
    Router,
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use maud::html;
use serde_json::json;

use super::{
    frame::plain,
    stylesheet::{ICON, worker},
    visit::Manner,
};
use crate::{domain::setting::ledger_name, http::AppState};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/offline", get(show))
        .route("/sw.js", get(async || worker()))
        .route("/manifest.webmanifest", get(manifest))
}

/// How the ledger stands on the screen of a phone: it begins with what is to be inspected.
async fn manifest(manner: Manner) -> Response {
    let name = manner.text(ledger_name(manner.family));
    let told = json!({
        "name": name,
        "short_name": manner.say("资产台账", "Assets"),
        "lang": manner.say("zh-CN", "en"),
        "start_url": "/inspections/round",
        "scope": "/",
        "display": "standalone",
        "background_color": "#F6F5F1",
        "theme_color": "#AE3427",
        "icons": [{ "src": ICON.address, "sizes": "any", "type": "image/svg+xml" }],
    });
    ([(header::CONTENT_TYPE, "application/manifest+json")], told.to_string()).into_response()
}

/// It is kept on the device, so it tells of nobody.
async fn show(manner: Manner) -> Response {
    let body = html! {
        p { (manner.say(
            "这一页要有网络才能打开。没有上传的巡查记录都在本机，不会丢。",
            "This page needs a network. Inspections that were not sent yet are on this device and are not lost.",
        )) }
        p { a.btn.go href="/inspections/round" { (manner.say("打开带走的任务包", "Open what was taken along")) } }
        p { a href="/" { (manner.say("有网络了，回首页", "There is a network again: go to the first page")) } }
    };
    plain(&manner, manner.say("没有网络", "There is no network"), &body).into_response()
}
