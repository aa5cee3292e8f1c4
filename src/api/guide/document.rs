//! The document as the page tells it: operations by group, and what each takes, answers and
//! refuses.

use std::collections::BTreeMap;

use entity::language::{Label, Language};
use serde_json::Value as Json;

use super::words;

/// One operation.
pub(super) struct Operation<'a> {
    pub(super) id: &'a str,
    pub(super) method: String,
    pub(super) path: &'a str,
    english: &'a str,
    pub(super) is_open: bool,
    pub(super) parameters: Vec<Part<'a>>,
    pub(super) request: Option<Content<'a>>,
    pub(super) answers: Vec<(&'a str, Content<'a>)>,
}

/// A parameter, or a member of an object.
pub(super) struct Part<'a> {
    pub(super) name: &'a str,
    /// path, query or header; nothing for a member.
    pub(super) place: &'a str,
    pub(super) is_required: bool,
    english: &'a str,
    pub(super) schema: &'a Json,
}

/// What is sent one way or the other.
pub(super) struct Content<'a> {
    pub(super) kind: &'a str,
    pub(super) english: &'a str,
    pub(super) schema: Option<&'a Json>,
}

/// The operations of a group.
pub(super) type Group<'a> = (Label, Vec<Operation<'a>>);

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_default()
}

fn members(json: &Json) -> impl Iterator<Item = (&str, &Json)> {
    json.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// Every operation, by group.
pub(super) fn groups(document: &Json) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<usize, Group<'_>> = BTreeMap::new();
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item).filter(|(_, one)| one["operationId"].is_string()) {
            let (place, label) = words::group(operation["tags"][0].as_str().unwrap_or_default());
            let group = groups.entry(place).or_insert_with(|| (label, Vec::new()));
            group.1.push(Operation::of(method, path, operation));
        }
    }
    groups.into_values().collect()
}

/// The schemas that have names.
pub(super) fn schemas(document: &Json) -> impl Iterator<Item = (&str, &Json)> {
    members(&document["components"]["schemas"])
}

impl<'a> Operation<'a> {
    fn of(method: &str, path: &'a str, operation: &'a Json) -> Operation<'a> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let answers = members(&operation["responses"]).filter(|(status, _)| *status != "default");
        Operation {
            id: text(operation, "operationId"),
            method: method.to_uppercase(),
            path,
            english: text(operation, "summary"),
            is_open: operation["security"].as_array().is_none_or(Vec::is_empty),
            parameters: parameters.map(Part::of_parameter).collect(),
            request: operation.get("requestBody").map(Content::of),
            answers: answers.map(|(status, answer)| (status, Content::of(answer))).collect(),
        }
    }

    /// What it does.
    pub(super) fn title(&self, language: Language) -> String {
        let english = || self.english.trim_end_matches('.').to_owned();
        match language {
            Language::Chinese => words::operation(self.id).unwrap_or_else(english),
            Language::English => english(),
        }
    }

    /// Whether a header has to come with it.
    fn takes(&self, header: &str) -> bool {
        self.parameters.iter().any(|part| part.place == "header" && part.name == header)
    }

    /// The problems that may be answered: status and when.
    pub(super) fn problems(&self) -> impl Iterator<Item = (u16, Label)> {
        PROBLEMS.iter().filter(|(_, _, applies)| applies(self)).map(|(code, why, _)| (*code, *why))
    }
}

impl<'a> Part<'a> {
    fn of_parameter(parameter: &'a Json) -> Part<'a> {
        Part {
            name: text(parameter, "name"),
            place: text(parameter, "in"),
            is_required: parameter["required"].as_bool().unwrap_or_default(),
            english: text(parameter, "description"),
            schema: &parameter["schema"],
        }
    }

    /// The members of an object.
    pub(super) fn of_schema(schema: &'a Json) -> Vec<Part<'a>> {
        let required = |name: &str| {
            let names = schema["required"].as_array().into_iter().flatten();
            names.filter_map(Json::as_str).any(|one| one == name)
        };
        let part = |(name, schema): (&'a str, &'a Json)| Part {
            name,
            place: "",
            is_required: required(name),
            english: text(schema, "description"),
            schema,
        };
        members(&schema["properties"]).map(part).collect()
    }

    /// What it says. Fields of the ledger carry both languages; the rest has a table of words.
    pub(super) fn says(&self, language: Language) -> &'a str {
        let both = self.english.split_once(" · ");
        match (language, both) {
            (Language::Chinese, Some((zh, _))) => zh,
            (Language::English, Some((_, en))) => en,
            (Language::Chinese, None) => words::part(self.name).unwrap_or(self.english),
            (Language::English, None) => self.english,
        }
    }
}

impl<'a> Content<'a> {
    fn of(json: &'a Json) -> Content<'a> {
        let first = members(&json["content"]).next();
        Content {
            kind: first.map_or("", |(kind, _)| kind),
            english: text(json, "description"),
            schema: first.and_then(|(_, content)| content.get("schema")),
        }
    }
}

/// What may go wrong, and with which operations.
type Problem = (u16, Label, fn(&Operation<'_>) -> bool);

const PROBLEMS: &[Problem] = &[
    (
        400,
        Label::new(
            "请求内容不是 JSON，或缺少请求头",
            "the body is not JSON, or a header is missing",
        ),
        |one| one.request.is_some() || one.takes("Idempotency-Key"),
    ),
    (
        401,
        Label::new("未登录，或令牌已失效", "not signed in, or the token is no longer good"),
        |one| !one.is_open,
    ),
    (
        401,
        Label::new(
            "账号、密码、动态口令或令牌不正确",
            "the name, the password, the code or the token is wrong",
        ),
        |one| one.is_open,
    ),
    (
        403,
        Label::new(
            "角色无权办理，或须先修改密码、绑定动态口令",
            "the role may not, or a password or a second factor is due first",
        ),
        |one| !one.is_open,
    ),
    (
        404,
        Label::new(
            "没有，或不在管辖范围内",
            "it does not exist, or lies outside the caller's area",
        ),
        |one| one.path.contains('{'),
    ),
    (
        409,
        Label::new(
            "请求标识已用于另一请求，或编号已被使用",
            "the key stands for another request, or a code is taken",
        ),
        |one| one.takes("Idempotency-Key"),
    ),
    (
        412,
        Label::new("内容已被他人修改，请重新读取", "somebody changed it meanwhile: read it again"),
        |one| one.takes("If-Match"),
    ),
    (413, Label::new("请求内容过大", "the body is too large"), |one| one.request.is_some()),
    (415, Label::new("请求内容的类型不对", "the body is of another type"), |one| {
        one.request.is_some()
    }),
    (
        422,
        Label::new(
            "填写有误，逐个字段说明；或按规定不予办理",
            "entries to correct, field by field; or a rule says no",
        ),
        |one| one.request.is_some() || one.parameters.iter().any(|part| part.place == "query"),
    ),
    (428, Label::new("缺少 If-Match", "If-Match is missing"), |one| one.takes("If-Match")),
    (
        429,
        Label::new("尝试次数过多，见 Retry-After", "too many attempts; see Retry-After"),
        |one| one.is_open,
    ),
    (503, Label::new("繁忙，见 Retry-After", "busy; see Retry-After"), |_| true),
    (
        507,
        Label::new("磁盘空间不足，暂只能查看", "the disk is full: only reading goes on"),
        |one| one.method != "GET",
    ),
];
