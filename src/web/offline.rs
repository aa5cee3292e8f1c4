//! What works without a network: the service worker, and the page that says that there is none.

use axum::{
    Router,
    response::{IntoResponse as _, Response},
    routing::get,
};
use maud::html;

use super::{frame::plain, stylesheet::worker, visit::Manner};
use crate::http::AppState;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/offline", get(show)).route("/sw.js", get(async || worker()))
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
