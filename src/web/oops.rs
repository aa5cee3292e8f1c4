//! What went wrong, as a page: what happened, what became of what was typed, what can be done now.

use axum::http::HeaderMap;
use maud::html;

use super::{
    frame,
    parts::{Tone, note},
    visit::Manner,
};
use crate::http::fault::Problem;

/// A problem as a page for people.
pub fn page(problem: &Problem, headers: &HeaderMap) -> String {
    let manner = Manner::kept(headers, false);
    let title = match problem.status {
        403 => manner.say("不能办理", "Not permitted"),
        404 => manner.say("没有找到", "Not found"),
        409 | 412 => manner.say("内容已变动", "Changed meanwhile"),
        429 => manner.say("请稍候", "Please wait"),
        503 | 507 => manner.say("暂时不能办理", "Not now"),
        500 => manner.say("系统出错", "Something broke"),
        _ => manner.say("填写有误", "Not as expected"),
    };
    let body = html! {
        (note(Tone::Bad, &html! {
            p { b { (problem.detail) } }
            @if !problem.errors.is_empty() {
                ul { @for error in &problem.errors {
                    li { @if !error.field.is_empty() { code { (error.field) } " " } (error.expected) }
                } }
            }
        }))
        p { (manner.say("台账没有因此改动。", "The ledger is unchanged.")) }
        ul.ways {
            li { a href="/" { (manner.say("回到首页", "To the first page")) } }
            li { a href="/assets" { (manner.say("资产台账", "The assets")) } }
            li { a href="/me" { (manner.say("账号与登录", "Account and sign-ins")) } }
        }
        p.mut.sm { (manner.say("求助时请提供编号：", "When asking for help, quote: ")) code { (problem.request_id) } }
    };
    frame::plain(&manner, title, &body).into_string()
}
