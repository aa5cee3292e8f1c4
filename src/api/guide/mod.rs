//! The page that tells people what the service does: made of the document when somebody first asks,
//! once in each language. Nothing is loaded from elsewhere and no script runs.

mod document;
mod words;

use std::sync::LazyLock;

use axum::{
    Router,
    http::{HeaderMap, header},
    response::IntoResponse,
    routing::get,
};
use entity::language::{Label, Language};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use serde_json::Value as Json;

use self::document::{Content, Group, Operation, Part};
use super::{PREFIX, body::Asked};
use crate::http::{AppState, fault::language_of};

/// Where the page lies.
pub const ADDRESS: &str = "/api/v1/";
/// Where its look lies.
const STYLE_ADDRESS: &str = "/api/v1/guide.css";
const STYLE: &str = include_str!("guide.css");

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct GuideQuery {
    /// The language; that of the browser when nothing is said.
    lang: Option<Language>,
}

/// The page in both languages.
struct Pages {
    zh: String,
    en: String,
}

static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    let document = serde_json::to_value(super::document()).unwrap_or_default();
    Pages {
        zh: page(&document, Language::Chinese).into_string(),
        en: page(&document, Language::English).into_string(),
    }
});

/// The page and its look.
pub(super) fn routes() -> Router<AppState> {
    let style = get(async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE));
    Router::new()
        .route(ADDRESS, get(show))
        .route(PREFIX, get(show))
        .route("/api", get(show))
        .route(STYLE_ADDRESS, style)
}

async fn show(Asked(query): Asked<GuideQuery>, headers: HeaderMap) -> impl IntoResponse {
    let text = match query.lang.unwrap_or_else(|| language_of(&headers)) {
        Language::Chinese => PAGES.zh.as_str(),
        Language::English => PAGES.en.as_str(),
    };
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text)
}

fn page(document: &Json, language: Language) -> Markup {
    let say = |zh: &'static str, en: &'static str| Label::new(zh, en).text(language);
    let groups = document::groups(document);
    let code = if language == Language::Chinese { "zh-CN" } else { "en" };
    let title = say("台账接口", "The interface of Taizhang");
    html! {
        (DOCTYPE)
        html lang=(code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href=(STYLE_ADDRESS);
            }
            body {
                header {
                    h1 { (title) }
                    nav aria-label=(say("语言", "Language")) {
                        a href="?lang=zh" lang="zh-CN" { "中文" } " · " a href="?lang=en" lang="en" { "English" }
                    }
                }
                (contents(&groups, language))
                main {
                    (introduction(language))
                    @for (place, group) in groups.iter().enumerate() { (section(place, group, language)) }
                    section {
                        h2 #schemas { (say("数据结构", "Schemas")) }
                        @for (name, schema) in document::schemas(document) { (named(name, schema, language)) }
                    }
                }
            }
        }
    }
}

fn contents(groups: &[Group<'_>], language: Language) -> Markup {
    html! {
        nav.contents aria-label=(Label::new("目录", "Contents").text(language)) {
            ul {
                @for (place, (label, operations)) in groups.iter().enumerate() {
                    li { a href={ "#group-" (place) } { (label.text(language)) } " " small { (operations.len()) } }
                }
                li { a href="#schemas" { (Label::new("数据结构", "Schemas").text(language)) } }
            }
        }
    }
}

/// How to sign in and ask for something.
const EXAMPLE: &str = "\
api=http://127.0.0.1:8017/api/v1 json='Content-Type: application/json'
curl -s $api/links    -H \"$json\" -d '{\"code\":\"ONE-TIME CODE\",\"password\":\"…\"}'
curl -s $api/sessions -H \"$json\" -d '{\"name\":\"qinghe-clerk\",\"password\":\"…\"}'
curl -s \"$api/reports/no-maintainer?by=town\" -H \"Authorization: Bearer ACCESS_TOKEN\"";

fn introduction(language: Language) -> Markup {
    let say = |zh: &'static str, en: &'static str| Label::new(zh, en).text(language);
    html! {
        section.introduction {
            p { (say(
                "请求和回答都是 JSON。金额是以元为单位的文本，日期如 2026-06-30，有固定取值的字段用代码。",
                "Requests and answers are JSON. Amounts are texts in yuan, days look like 2026-06-30, coded values are their codes.",
            )) }
            p { (say(
                "除登录以外都要带访问令牌；列表一页一页地读，下一页以 after 取上一页的 next；修改以 If-Match 说明读到的版本；登记等请求带 Idempotency-Key，重复发送只办理一次。",
                "All but signing in needs an access token. Lists come a page at a time: after takes the next of the page before. Changes say by If-Match which version they read. What registers or acts carries an Idempotency-Key and is done once, however often it comes.",
            )) }
            p { (say(
                "出错时回答 application/problem+json：问题的代码、说明和须更正的字段，语言随 Accept-Language。供程序读取的说明：",
                "Whatever goes wrong is answered as application/problem+json: a code, what is wrong, the fields to correct, in the language of Accept-Language. For programs: ",
            )) a href={ (PREFIX) "/openapi.json" } { "openapi.json" } }
            pre { code { (EXAMPLE) } }
        }
    }
}

fn section(place: usize, (label, operations): &Group<'_>, language: Language) -> Markup {
    html! {
        section {
            h2 id={ "group-" (place) } { (label.text(language)) }
            @for operation in operations { (told(operation, language)) }
        }
    }
}

fn told(operation: &Operation<'_>, language: Language) -> Markup {
    let say = |zh: &'static str, en: &'static str| Label::new(zh, en).text(language);
    let method = operation.method.to_lowercase();
    html! {
        details.operation id=(operation.id) {
            summary {
                span class={ "method " (method) } { (operation.method) } " "
                code { (breakable(operation.path)) } " "
                span.title { (operation.title(language)) }
                @if operation.is_open { " " span.open { (say("无需登录", "open")) } }
            }
            @if !operation.parameters.is_empty() {
                h4 { (say("参数", "Parameters")) } (parts(&operation.parameters, language))
            }
            @if let Some(request) = &operation.request {
                h4 { (say("请求内容", "Body")) " " code { (request.kind) } } (content(request, language))
            }
            h4 { (say("回答", "Answers")) }
            @for (status, answer) in &operation.answers {
                p { b { (status) } " " code { (answer.kind) } " " (answer.english) } (content(answer, language))
            }
            h4 { (say("可能的问题", "Possible problems")) " " code { "application/problem+json" } }
            ul.problems {
                @for (status, why) in operation.problems() { li { b { (status) } " " (why.text(language)) } }
            }
        }
    }
}

/// A path that may be broken after each part of it.
fn breakable(path: &str) -> Markup {
    html! { @for part in path.split_inclusive('/') { (part) wbr; } }
}

fn content(content: &Content<'_>, language: Language) -> Markup {
    html! {
        @if let Some(schema) = content.schema { p.schema { (kind(schema)) } (members(schema, language)) }
    }
}

fn members(schema: &Json, language: Language) -> Markup {
    let members = Part::of_schema(schema);
    html! { @if !members.is_empty() { (parts(&members, language)) } }
}

fn parts(parts: &[Part<'_>], language: Language) -> Markup {
    html! {
        dl.parts {
            @for part in parts {
                div {
                    dt {
                        code { (part.name) }
                        @if part.is_required { b.required title=(Label::new("必填", "required").text(language)) { "*" } }
                        @if !part.place.is_empty() { " " small { (part.place) } }
                    }
                    dd {
                        (kind(part.schema)) " " (part.says(language))
                        (members(part.schema.get("items").unwrap_or(part.schema), language))
                    }
                }
            }
        }
    }
}

fn named(name: &str, schema: &Json, language: Language) -> Markup {
    let english = schema["description"].as_str().unwrap_or_default();
    html! {
        details.schema id={ "schema-" (name) } {
            summary { code { (name) } " " span.title { (english) } }
            @if schema["properties"].is_null() { p { (kind(schema)) } }
            (members(schema, language))
        }
    }
}

/// What kind of value a schema stands for; one that has a name is linked.
fn kind(schema: &Json) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|place| place.rsplit('/').next()) {
        return html! { a.kind href={ "#schema-" (name) } { (name) } };
    }
    if let Some(items) = schema.get("items") {
        return html! { (kind(items)) span.kind { "[]" } };
    }
    let either = ["oneOf", "anyOf", "allOf"].into_iter().find_map(|word| schema[word].as_array());
    if let Some(either) = either {
        return html! {
            @for (n, one) in either.iter().enumerate() { @if n > 0 { span.kind { " | " } } (kind(one)) }
        };
    }
    let types = match &schema["type"] {
        Json::Array(types) => types.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" | "),
        one => one.as_str().unwrap_or("any").to_owned(),
    };
    let codes = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let codes: Vec<_> = codes.collect();
    html! {
        span.kind {
            (types)
            @if let Some(format) = schema["format"].as_str() { " (" (format) ")" }
        }
        @if !codes.is_empty() { " " span.codes { (codes.join(" · ")) } }
    }
}
