//! Lists a page at a time: `?after=` takes the `next` of the page before. What a noun offers is told
//! by the tables of `store/list`, and so is what a caller may ask for.

#![expect(unused_qualifications, reason = "written by the macro of the OpenAPI document")]

use std::{borrow::Cow, fmt::Display, marker::PhantomData};

use axum::{
    extract::{FromRequestParts, Query},
    http::{StatusCode, request::Parts},
};
use entity::language::{Label, Sentence};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::Type,
    },
};

use crate::{
    domain::mistake::{Mistake, Mistakes},
    error::{Error, Result as OurResult},
    http::{AppState, fault::Fault},
    limits,
    store::list::{List, Listed, Listing, PAST, SEARCH, WORDS},
};

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// What `after` takes for the next page; nothing when this is the last.
    pub next: Option<String>,
    /// How many rows there are on all pages, where `count=true` asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// A page of rows as a caller sees them.
    pub fn of<M>(listing: Listing<M>, view: impl FnMut(M) -> T) -> Page<T> {
        let Listing { rows, next, total, .. } = listing;
        Page { items: rows.into_iter().map(view).collect(), next, total }
    }

    /// A page of so many rows, where one row more was read to see whether there is another page.
    pub fn cut<M>(
        mut rows: Vec<M>,
        limit: u64,
        place: impl Fn(&M) -> String,
        view: impl FnMut(M) -> T,
    ) -> Page<T> {
        let is_more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = rows.last().filter(|_| is_more).map(place);
        Page { items: rows.into_iter().map(view).collect(), next, total: None }
    }
}

/// What a list of a noun is asked for, in the query.
pub struct AskedList<E: Listed>(pub List<E>);

impl<E: Listed> FromRequestParts<AppState> for AskedList<E> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<AskedList<E>, Fault> {
        let words = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(|_| {
            let (zh, en) = ("查询串无法识别", "The query cannot be read");
            Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "query_unreadable", zh, en)
        })?;
        let words = words.iter().map(|(word, text)| (word.as_str(), text.as_str()));
        Ok(AskedList(List::read(words)?))
    }
}

impl<E: Listed> IntoParams for AskedList<E> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        words::<E>().into_iter().map(|(name, described)| parameter(name, described)).collect()
    }
}

/// What a list of a noun is asked for, in a body: the words of the query, as texts, numbers, truths
/// or arrays of them.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct ListBody<E> {
    words: Map<String, Json>,
    #[serde(skip)]
    noun: PhantomData<fn() -> E>,
}

impl<E: Listed> ListBody<E> {
    /// The list that is asked for.
    pub fn list(&self) -> OurResult<List<E>> {
        let mut words = Vec::with_capacity(self.words.len());
        for (word, value) in &self.words {
            let text = text(value).ok_or_else(|| {
                let (zh, en) = (
                    "应为文本、数字、是非或其数组",
                    "a text, a number, a truth or an array of them",
                );
                Mistakes(vec![Mistake::new("", word, Sentence::new(zh, en))])
            })?;
            words.push((word.as_str(), text));
        }
        List::read(words.iter().map(|(word, text)| (*word, text.as_str())))
    }
}

/// A value of a body as a query would have it.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::Null => Some(String::new()),
        Json::Bool(truth) => Some(truth.to_string()),
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => Some(text.clone()),
        Json::Array(values) => {
            let texts: Option<Vec<String>> = values.iter().map(text).collect();
            Some(texts?.join(","))
        }
        Json::Object(_) => None,
    }
}

impl<E: Listed> PartialSchema for ListBody<E> {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new();
        let object = words::<E>().into_iter().fold(object, |object, (name, described)| {
            let property = ObjectBuilder::new().schema_type(kind(name));
            object.property(name, property.description(Some(described)))
        });
        Schema::Object(object.build()).into()
    }
}

impl<E: Listed> ToSchema for ListBody<E> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Search_{}", E::TABLE))
    }
}

/// Every word that a list of a noun takes, and what it says.
fn words<E: Listed>() -> Vec<(&'static str, String)> {
    let sorts: Vec<&str> = E::SORTS.iter().map(|sort| sort.name).collect();
    let sorts = sorts.join(", ");
    let said = |label: Label| format!("{} · {}", label.zh, label.en);
    let filters = E::FILTERS.iter().map(|filter| {
        let (label, form) = (filter.label, filter.form());
        let zh = format!("{}：{}", label.zh, form.zh);
        (filter.name, format!("{zh} · {}: {}", label.en, form.en))
    });
    let search = (!E::SEARCHED.is_empty()).then_some(SEARCH);
    let past = E::HAS_PAST.then_some(PAST);
    let common = WORDS.into_iter().chain(search).chain(past).map(|(name, label)| match name {
        "sort" => (name, format!("{}: {sorts}", said(label))),
        _ => (name, said(label)),
    });
    filters.chain(common).collect()
}

fn kind(word: &str) -> Type {
    match word {
        "limit" => Type::Integer,
        "count" => Type::Boolean,
        _ => Type::String,
    }
}

fn parameter(name: &str, described: String) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .description(Some(described))
        .schema(Some(ObjectBuilder::new().schema_type(kind(name))))
        .build()
}

/// How many rows a page has: 1 to 200, 50 when nothing is said.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub struct Limit(u64);

impl Limit {
    /// The number, where it is one a page may have.
    pub fn checked(limit: Option<Limit>) -> Result<u64, Fault> {
        let n = limit.map_or(limits::PAGE_ROWS_USUAL, |limit| limit.0);
        if (1..=limits::PAGE_ROWS).contains(&n) {
            return Ok(n);
        }
        Err(Limit::out_of_range(limits::PAGE_ROWS))
    }

    /// What to say of a number that no page may have.
    pub fn out_of_range(most: u64) -> Fault {
        let words = (format!("应为 1 至 {most} 的整数"), format!("a whole number, 1 to {most}"));
        mistaken("limit", Sentence::new(words.0, words.1))
    }
}

/// A place in a list, as text: its parts, with a hyphen between.
pub fn cursor(area: impl Display, id: i64) -> String {
    format!("{area}-{id}")
}

/// Reads a place in a list.
pub fn place<A: std::str::FromStr>(after: Option<&str>) -> Result<Option<(A, i64)>, Fault> {
    let Some(after) = after else { return Ok(None) };
    let parts = after.split_once('-');
    let read = parts.and_then(|(area, id)| Some((area.parse().ok()?, id.parse().ok()?)));
    read.map(Some).ok_or_else(|| {
        mistaken("after", Sentence::new("应取自上一页的 next", "the next of the page before"))
    })
}

pub(super) fn mistaken(word: &'static str, expected: Sentence) -> Fault {
    Error::Invalid(Mistakes(vec![Mistake::new(word, "", expected)])).into()
}
