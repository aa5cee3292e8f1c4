//! What went wrong, as a page: what happened, what became of one's work, what can be done now, whom
//! to ask, and the number to quote.

use axum::http::HeaderMap;
use entity::language::Label;
use maud::html;

use super::{
    frame, help,
    parts::{Tone, note},
    visit::Manner,
};
use crate::http::fault::Problem;

/// What a status means to people: what it is called, and what to do now.
struct Words {
    title: Label,
    now: Label,
}

const fn words(title: Label, now: Label) -> Words {
    Words { title, now }
}

fn words_of(status: u16) -> Words {
    match status {
        403 => words(
            Label::new("不能办理", "Not permitted"),
            Label::new(
                "请有权限的同事办理，或请管理员调整您的角色。",
                "Ask somebody whose role permits it, or have your role changed.",
            ),
        ),
        404 => words(
            Label::new("没有找到", "Not found"),
            Label::new(
                "核对地址有没有抄错；也可能是不在您的管辖区划里。请从清单里重新查找。",
                "See whether the address is right; it may lie outside your area. Look for it in the list.",
            ),
        ),
        408 => words(
            Label::new("网络太慢", "Too slow"),
            Label::new(
                "请按浏览器的“后退”，再提交一次。",
                "Go back in the browser and send it again.",
            ),
        ),
        409 | 412 => words(
            Label::new("内容已变动", "Changed meanwhile"),
            Label::new(
                "请重新打开那一页，看过现在的内容再办理。",
                "Open the page again, look at what stands there now, then go on.",
            ),
        ),
        413 => words(
            Label::new("内容太大", "Too large"),
            Label::new(
                "请减少内容：文字分几次填，表格分成几张，照片压缩后再传。",
                "Send less at once: shorter texts, several sheets, smaller pictures.",
            ),
        ),
        429 => words(
            Label::new("请稍候", "Please wait"),
            Label::new(
                "请等上面说的时间过去再试；多按几次不会更快。",
                "Wait as long as it says; trying more often is no faster.",
            ),
        ),
        503 => words(
            Label::new("系统正忙", "Busy"),
            Label::new("请等几秒，再按一次。", "Wait a few seconds and try again."),
        ),
        507 => words(
            Label::new("磁盘已满", "The disk is full"),
            Label::new(
                "现在只能查看，不能保存；请告诉管理员腾出空间。",
                "For now one can read and not save: tell the administrator.",
            ),
        ),
        500 => words(
            Label::new("系统出错", "Something broke"),
            Label::new(
                "请过一会儿再试；还不行，把下面的编号告诉管理员。",
                "Try again after a while; if it stays so, give the administrator the number below.",
            ),
        ),
        _ => words(
            Label::new("填写有误", "Not as expected"),
            Label::new("请按上面的说明改正后再试。", "Correct what is named above and try again."),
        ),
    }
}

/// The list that an address belongs to.
fn list_of(path: &str) -> (&'static str, Label) {
    if path.starts_with("/imports") {
        ("/imports", Label::new("导入记录", "Sheets brought in"))
    } else if path.starts_with("/findings") {
        ("/findings", Label::new("问题清单", "Findings"))
    } else if path.starts_with("/help") {
        ("/help", Label::new("全部帮助", "All help"))
    } else {
        ("/assets", Label::new("资产台账", "The assets"))
    }
}

/// A problem as a page for people.
pub fn page(problem: &Problem, headers: &HeaderMap, path: &str) -> String {
    let manner = Manner::kept(headers, false);
    let Words { title, now } = words_of(problem.status);
    let (list, name) = list_of(path);
    let body = html! {
        (note(Tone::Bad, &html! {
            p { b { (problem.detail) } }
            @if !problem.errors.is_empty() {
                ul { @for error in &problem.errors {
                    li { @if !error.field.is_empty() { code { (error.field) } " " } (error.expected) }
                } }
            }
        }))
        h2 { (manner.say("我的工作还在吗", "Is my work safe")) }
        p { (manner.say(
            "台账没有因此改动。登记和变更表单里填过的内容会自动存成草稿，在“登记资产”页的“我的草稿”里。",
            "The ledger is unchanged. What was typed into a form of an asset is kept as a draft: see “My drafts” where assets are registered.",
        )) }
        h2 { (manner.say("现在怎么办", "What now")) }
        p { (manner.text(now)) }
        ul.ways {
            li { a href=(list) { (manner.text(name)) } }
            li { a href="/" { (manner.say("回到首页", "To the first page")) } }
            li { a href=(help::way(path)) { (manner.say("这一页的帮助", "Help for this page")) } }
        }
        h2 { (manner.say("问谁", "Whom to ask")) }
        p { (manner.say("本单位的系统管理员。请把这个编号告诉他：", "The administrator of your unit. Quote this number: ")) code { (problem.request_id) } }
    };
    frame::plain(&manner, manner.text(title), &body).into_string()
}
