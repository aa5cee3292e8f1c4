//! Lists a page at a time, of any noun, narrowed by filters and in an order.
//!
//! A noun joins in by one `impl` of [`Listed`]: a table of its orders and a table of its filters.
//! `GET /<nouns>` is then a handler that takes `AskedList<noun::Entity>`, calls [`Read::list`] and
//! answers `Page::of(listing, View::from)` (`api/page.rs`): words of the query, their mistakes and
//! the document come of the tables. Each order needs an index, shown by a test as at the end of
//! `store/list/asset.rs`: of place `(area_code, id)`, of a key
//! `(substr(area_code, 1, 6), <key>, area_code, id)`.
//!
//! An order by a key is of one county: a list of its rows, or of a part of it, is read from the
//! index and never sorted. Rows without the key come last, whichever way the order goes.

mod asset;
mod budget;
mod campaign;
mod contract;
mod cursor;
mod discrepancy;
mod duty;
mod fault_report;
mod filter;
mod inspection;
mod inspection_route;
mod past;
mod pattern;
#[cfg(test)]
pub(super) mod plan;
mod reference;
mod revival;
mod stock_take;
mod total;
mod welfare_post;
mod word;
mod work_order;

use chrono::NaiveDate;
use entity::{
    area::AreaCode,
    language::{Label, Sentence},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ModelTrait, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select, Value,
    sea_query::{Expr, ExprTrait, Func},
};

pub use self::filter::{BeyondCondition, Filter, Narrowing, Reader, Takes, coded, money, number};
pub(crate) use self::reference::unregistered;
pub use self::{
    asset::{Kept, kept_by, standing_assets},
    total::Total,
    word::{PAST, SEARCH, WORDS, as_of},
};
use self::{
    cursor::Place,
    pattern::in_columns,
    word::{limit, search, sort, unknown},
};
use super::{Read, Subject, Write, scope};
use crate::{
    domain::{
        as_of::AsOf,
        mistake::{Mistake, Mistakes},
        refusal::Refusal,
    },
    error::{Error, Result},
    limits,
};

/// An order in which a noun is listed.
pub struct Sort<E: EntityTrait> {
    /// What the caller calls it; a hyphen before it turns it round.
    pub name: &'static str,
    /// What people call it.
    pub label: Label,
    /// What it goes by before area and id; nothing for the order of place.
    pub key: Option<E::Column>,
}

impl<E: EntityTrait> Sort<E> {
    /// By area and id: the usual order, which is there at any extent.
    pub const PLACE: Sort<E> =
        Sort { name: "place", label: Label::new("区划", "place"), key: None };

    /// By a column, then by area and id.
    pub const fn by(name: &'static str, label: Label, key: E::Column) -> Sort<E> {
        Sort { name, label, key: Some(key) }
    }
}

/// A noun that is listed.
pub trait Listed: Subject {
    /// The orders it offers, the usual one first.
    const SORTS: &'static [Sort<Self>];
    /// What it may be narrowed by.
    const FILTERS: &'static [Filter<Self>];
    /// The columns that a search looks into; without any, nothing is searched.
    const SEARCHED: &'static [Self::Column] = &[];
    /// Whether it can be listed as it was recorded at an earlier time.
    const HAS_PAST: bool = false;

    /// The rows that a search finds within an area.
    fn found(
        connection: &impl ConnectionTrait,
        within: AreaCode,
        text: &str,
    ) -> impl Future<Output = Result<Condition>> + Send {
        let _ = (connection, within);
        std::future::ready(Ok(in_columns::<Self>(text)))
    }
}

/// What a list is asked for.
pub struct List<E: Listed> {
    /// The area; the reader's own when nothing is said.
    pub area: Option<AreaCode>,
    /// What it is narrowed by.
    pub filters: Vec<Narrowing<E>>,
    /// What is searched for.
    pub search: Option<String>,
    /// Other rows that the search finds; without a search, the only ones.
    pub found_too: Option<Condition>,
    /// The most rows of the page.
    pub limit: u64,
    /// Whether all rows are counted.
    pub is_counted: bool,
    /// As recorded when; empty for now.
    pub as_of: Option<AsOf>,
    sort: &'static Sort<E>,
    is_descending: bool,
    after: Option<Place>,
    before: Option<Place>,
}

/// Where a page begins, and whether it is read back towards the first row.
#[derive(Clone, Copy)]
struct Way<'a> {
    from: Option<&'a Place>,
    is_back: bool,
}

impl<'a> Way<'a> {
    const fn on(from: Option<&'a Place>) -> Way<'a> {
        Way { from, is_back: false }
    }
}

impl<E: Listed> Default for List<E> {
    fn default() -> List<E> {
        List {
            area: None,
            filters: Vec::new(),
            search: None,
            found_too: None,
            limit: limits::PAGE_ROWS_USUAL,
            is_counted: false,
            as_of: None,
            sort: const { &Sort::PLACE },
            is_descending: false,
            after: None,
            before: None,
        }
    }
}

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Listing<M> {
    /// The rows.
    pub rows: Vec<M>,
    /// What `after` takes for the next page; nothing when this is the last.
    pub next: Option<String>,
    /// What [`List::go_back`] takes for the page before; nothing when this is the first.
    pub previous: Option<String>,
    /// How many rows the filter has, where they were to be counted.
    pub total: Option<u64>,
}

impl<E: Listed> List<E> {
    /// Reads what is asked for, word by word; every mistake is told.
    pub fn read<'a>(words: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<List<E>> {
        let mut list = List::default();
        let mut mistakes = Mistakes::default();
        let mut seen: Vec<&str> = Vec::new();
        let words: Vec<(&str, &str)> = words.into_iter().collect();
        // the place in a list can be read when the order is known
        let sorts = words.iter().filter(|(word, _)| *word == "sort");
        for (word, text) in sorts.chain(words.iter().filter(|(word, _)| *word != "sort")) {
            if seen.contains(word) {
                let (zh, en) = (
                    "同一条件出现两次；多个值之间用逗号",
                    "there twice; put commas between values",
                );
                mistakes.push(Mistake::new("", word, Sentence::new(zh, en)));
                continue;
            }
            seen.push(word);
            let text = text.trim();
            if !text.is_empty() {
                list.take(word, text).unwrap_or_else(|mistake| mistakes.push(mistake));
            }
        }
        mistakes.into_result()?;
        Ok(list)
    }

    /// Takes one word.
    fn take(&mut self, word: &str, text: &str) -> Result<(), Mistake> {
        let wrong =
            |field, (zh, en): (&str, &str)| Mistake::new(field, text, Sentence::new(zh, en));
        match word {
            "area" => {
                let wrong =
                    |_| wrong("area", ("应为十二位区划代码", "an area code of twelve digits"));
                self.area = Some(text.parse().map_err(wrong)?);
            }
            "limit" => self.limit = limit(text)?,
            "count" => {
                let wrong = |_| wrong("count", ("应为 true 或 false", "true or false"));
                self.is_counted = text.parse().map_err(wrong)?;
            }
            "sort" => (self.sort, self.is_descending) = sort::<E>(text)?,
            "after" => {
                self.after = Some(Place::read(text, &self.order(), self.sort.key)?);
            }
            "as_of" if E::HAS_PAST => self.as_of = Some(as_of(text)?),
            "q" if !E::SEARCHED.is_empty() => self.search = Some(search(text)?),
            word => {
                let filter = E::FILTERS.iter().find(|filter| filter.name == word);
                self.filters.push(filter.ok_or_else(|| unknown::<E>(word))?.read(text)?);
            }
        }
        Ok(())
    }

    /// The order, as a caller names it.
    fn order(&self) -> String {
        format!("{}{}", if self.is_descending { "-" } else { "" }, self.sort.name)
    }

    /// Has the list begin after a place, the `next` of the page before it; at its beginning without
    /// one.
    pub fn go_on(&mut self, text: Option<&str>) -> Result<(), Mistake> {
        let order = self.order();
        self.after = text.map(|text| Place::read(text, &order, self.sort.key)).transpose()?;
        Ok(())
    }

    /// Has the list end before a place: the `previous` of the page that follows.
    pub fn go_back(&mut self, text: &str) -> Result<(), Mistake> {
        self.before = Some(Place::read(text, &self.order(), self.sort.key)?);
        Ok(())
    }

    fn way(&self) -> Way<'_> {
        match &self.before {
            Some(place) => Way { from: Some(place), is_back: true },
            None => Way::on(self.after.as_ref()),
        }
    }

    /// Whether rows are read from the greatest down.
    const fn is_down(&self, way: Way<'_>) -> bool {
        self.is_descending != way.is_back
    }

    /// Whether the list goes by place and nothing else.
    pub const fn is_by_place(&self) -> bool {
        self.sort.key.is_none() && !self.is_descending
    }

    /// The area and the id after which a page by place begins.
    pub fn after_place(&self) -> Option<(AreaCode, i64)> {
        self.after.as_ref().map(|place| (place.area, place.id))
    }

    /// The cursor of a place in a list by place.
    pub fn cursor_at(&self, area: AreaCode, id: i64) -> String {
        Place { key: None, area, id }.told(&self.order())
    }

    /// The cursor of a row.
    fn cursor(&self, row: &E::Model) -> String {
        let key = self.sort.key.map(|column| row.get(column)).filter(|key| !is_empty(key));
        let place = Place { key, area: E::area(row), id: E::id(row).into() };
        place.told(&self.order())
    }

    /// Refuses what an area is too large for: orders by a key and searches are of one county.
    fn check_extent(&self, within: AreaCode) -> Result<(), Refusal> {
        if within.stem().len() >= COUNTY {
            return Ok(());
        }
        if self.sort.key.is_some() {
            return Err(Refusal::sort_too_wide(self.sort.label.zh, self.sort.label.en));
        }
        if self.search.is_some() { Err(Refusal::search_too_wide()) } else { Ok(()) }
    }

    /// Its rows within an area, in no order.
    async fn narrowed(
        &self,
        connection: &impl ConnectionTrait,
        within: AreaCode,
        today: NaiveDate,
    ) -> Result<Select<E>> {
        let mut query = E::find();
        for filter in &self.filters {
            query = query.filter(filter.condition(today));
        }
        if let Some(text) = &self.search {
            let found = Condition::any().add(E::found(connection, within, text).await?);
            query = query.filter(found.add_option(self.found_too.clone()));
        } else if let Some(found) = &self.found_too {
            query = query.filter(found.clone());
        }
        Ok(query)
    }

    /// The queries that have the rows on the way, one after another.
    fn parts(&self, narrowed: &Select<E>, within: AreaCode, way: Way<'_>) -> Vec<Select<E>> {
        let Some(key) = self.sort.key else {
            return vec![self.by_place(narrowed.clone(), within, way)];
        };
        let county = Expr::cust("substr(area_code, 1, 6)").eq(within.county().as_str());
        let narrowed = narrowed.clone().filter(county);
        let keyed = way.from.filter(|place| place.key.is_some());
        let keyless = way.from.filter(|place| place.key.is_none());
        let mut parts = Vec::new();
        if way.is_back || keyless.is_none() {
            let valued = narrowed.clone().filter(inside_by_key::<E>(within));
            parts.push(self.by_key(valued, key, Way { from: keyed, ..way }));
        }
        if key.def().is_null() && !(way.is_back && keyed.is_some()) {
            let without = narrowed
                .filter(key.is_null())
                .filter(inside::<E>(within, "scope of a list of rows without a key"));
            let without = match keyless {
                Some(place) => without.filter(self.beyond(&[E::AREA, E::ID], place.values(), way)),
                None => without,
            };
            parts.push(self.in_order(without, &[E::AREA, E::ID], way));
        }
        if way.is_back {
            parts.reverse();
        }
        parts
    }

    fn by_place(&self, query: Select<E>, within: AreaCode, way: Way<'_>) -> Select<E> {
        let (mut first, mut last) = scope::range_of::<E>(within, "scope of a list");
        let mut query = query;
        if let Some(place) = way.from {
            // the plain bound is what the index can use
            if self.is_down(way) {
                last = Ord::min(last, place.area);
            } else {
                first = Ord::max(first, place.area);
            }
            query = query.filter(self.beyond(&[E::AREA, E::ID], place.values(), way));
        }
        self.in_order(query.filter(E::AREA.between(first, last)), &[E::AREA, E::ID], way)
    }

    fn by_key(&self, query: Select<E>, key: E::Column, way: Way<'_>) -> Select<E> {
        let columns = [key, E::AREA, E::ID];
        let query = match way.from {
            Some(place) => {
                let key = place.key.iter().cloned();
                query.filter(self.beyond(&columns, key.chain(place.values()), way))
            }
            None if key.def().is_null() => query.filter(key.is_not_null()),
            None => query,
        };
        self.in_order(query, &columns, way)
    }

    /// What comes after a place in the order of some columns.
    fn beyond(
        &self,
        columns: &[E::Column],
        values: impl IntoIterator<Item = Value>,
        way: Way<'_>,
    ) -> Expr {
        let row = Expr::tuple(columns.iter().map(|column| Expr::col((E::default(), *column))));
        let place = Expr::tuple(values.into_iter().map(Expr::val));
        if self.is_down(way) { row.lt(place) } else { row.gt(place) }
    }

    fn in_order(&self, query: Select<E>, columns: &[E::Column], way: Way<'_>) -> Select<E> {
        let direction = || if self.is_down(way) { Order::Desc } else { Order::Asc };
        columns.iter().fold(query, |query, column| query.order_by(*column, direction()))
    }

    /// A page as it was read: in the order of the list, with the ways on and back.
    fn page(&self, mut rows: Vec<E::Model>) -> Listing<E::Model> {
        let way = self.way();
        let is_more = count(&rows) > self.limit;
        rows.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        if way.is_back {
            rows.reverse();
        }
        let (is_on, is_back) =
            if way.is_back { (way.from.is_some(), is_more) } else { (is_more, way.from.is_some()) };
        let next = rows.last().filter(|_| is_on).map(|row| self.cursor(row));
        let previous = rows.first().filter(|_| is_back).map(|row| self.cursor(row));
        Listing { rows, next, previous, total: None }
    }
}

/// Digits of a county.
const COUNTY: usize = 6;

fn inside<E: Subject>(within: AreaCode, name: &str) -> Expr {
    let (first, last) = scope::range_of::<E>(within, name);
    E::AREA.between(first, last)
}

/// The same as an expression, so that an index of places is not chosen and its rows sorted by key.
fn inside_by_key<E: Subject>(within: AreaCode) -> Condition {
    let (first, last) = scope::range_of::<E>(within, "scope of a list by key");
    let area = || Expr::expr(Func::coalesce([E::AREA, E::AREA].map(ColumnTrait::into_expr)));
    Condition::all().add(area().gte(first)).add(area().lte(last))
}

/// Whether a value is none.
pub(super) fn is_empty(value: &Value) -> bool {
    *value == value.as_null()
}

impl Read<'_> {
    /// One page of a list.
    pub async fn list<E: Listed>(&self, list: &List<E>) -> Result<Listing<E::Model>> {
        let within = self.area_within(list.area).await?;
        list.check_extent(within)?;
        let narrowed = list.narrowed(self.connection(), within, self.today()).await?;
        let mut rows: Vec<E::Model> = Vec::new();
        for part in list.parts(&narrowed, within, list.way()) {
            let wanted = list.limit + 1 - count(&rows);
            if wanted > 0 {
                rows.extend(part.limit(wanted).all(self.connection()).await?);
            }
        }
        let mut page = list.page(rows);
        if list.is_counted {
            let counted = narrowed
                .filter(inside::<E>(within, "scope of a count of a list"))
                .count(self.connection());
            page.total = Some(counted.await?);
        }
        Ok(page)
    }
}

fn count<T>(rows: &[T]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

impl Write {
    /// The ids of all rows of a list, in its order; refused when there are more than `at_most`.
    /// The page that the list names does not matter.
    pub async fn ids_listed<E: Listed>(
        &self,
        list: &List<E>,
        at_most: usize,
    ) -> Result<Vec<E::Id>> {
        let own = self.actor().area();
        let within = match list.area {
            Some(asked) if scope::covers(own, &asked, "scope of rows changed together") => asked,
            Some(asked) if !asked.covers(&own) => return Err(Error::NotFound(E::NOUN)),
            _ => own,
        };
        list.check_extent(within)?;
        if list.as_of.is_some() {
            return Err(Refusal::past_unchangeable().into());
        }
        let narrowed = list.narrowed(&self.txn, within, self.today()).await?;
        let mut ids: Vec<E::Id> = Vec::new();
        for part in list.parts(&narrowed, within, Way::on(None)) {
            let wanted = at_most.saturating_add(1).saturating_sub(ids.len());
            let part = part.limit(u64::try_from(wanted).unwrap_or(u64::MAX));
            let found: Vec<i64> =
                part.select_only().column(E::ID).into_tuple().all(&self.txn).await?;
            ids.extend(found.into_iter().map(E::Id::from));
        }
        if ids.len() > at_most { Err(Refusal::too_many(at_most).into()) } else { Ok(ids) }
    }
}
