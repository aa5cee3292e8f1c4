//! The log of a county: who did what, when, and what changed, field by field, the newest first.

use axum::{Router, extract::State, response::Response, routing::get};
use chrono::{Days, NaiveDate, TimeDelta};
use entity::{
    area::{AreaCode, County},
    language::Sentence,
    log::Action,
};
use maud::{Markup, html};

use super::{
    account::ends,
    frame::{Around, Page, Place, page},
    log_entry::{action_name, change, instant_of, notes},
    parts::{choice, grouped, nothing, scrolled},
    visit::{Visit, at},
};
use crate::{
    app::{
        export,
        history::{self, HistoryEntry},
        output::Format,
        place::Places,
    },
    clock::day_begins,
    domain::mistake::{Mistake, Mistakes},
    error::{Error, Result},
    http::{
        AppState,
        download::{download, target},
        fault::Fault,
        turn::Turn,
    },
    limits,
    store::{Read, health::LogEnd, log::EntryFilter},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/log", get(list)).route("/log.csv", get(file))
}

/// Entries of a page: each may hold many rows.
const ENTRIES: u64 = 20;

/// What the list is asked for.
#[derive(Default)]
struct Asked {
    area: Option<AreaCode>,
    asset: String,
    filter: EntryFilter,
    before: Option<i64>,
}

impl Asked {
    fn read(words: &[(String, String)]) -> Result<Asked> {
        let mut asked = Asked::default();
        let mut mistakes = Mistakes::default();
        for (word, value) in words.iter().filter(|(_, value)| !value.trim().is_empty()) {
            if let Err(expected) = asked.take(word, value.trim()) {
                mistakes.push(Mistake::new(word.clone(), value, expected));
            }
        }
        mistakes.into_result()?;
        Ok(asked)
    }

    fn take(&mut self, word: &str, value: &str) -> Result<(), Sentence> {
        let day = || -> Result<NaiveDate, Sentence> {
            value.parse().map_err(|_| Sentence::new("应如 2026-11-23", "such as 2026-11-23"))
        };
        match word {
            "actor" => self.filter.actor = Some(value.to_owned()),
            "asset" => value.clone_into(&mut self.asset),
            "action" => {
                let known = Action::ALL.iter().copied().find(|action| action.code() == value);
                let wrong = || Sentence::new("没有这种办理事项", "there is no such action");
                self.filter.action = Some(known.ok_or_else(wrong)?);
            }
            "area" => {
                let wrong =
                    |_| Sentence::new("应为十二位区划代码", "an area code of twelve digits");
                self.area = Some(value.parse().map_err(wrong)?);
            }
            "from" => self.filter.from = Some(day_begins(day()?)),
            "to" => {
                let next = day()?.checked_add_days(Days::new(1)).map(day_begins);
                self.filter.to = next.map(|at| at - TimeDelta::milliseconds(1));
            }
            "after" => {
                let wrong = |_| Sentence::new("应取自上一页", "what the page before led to");
                self.before = Some(value.parse().map_err(wrong)?);
            }
            _ => {
                return Err(Sentence::new(
                    "没有这个查询条件；可用：area、actor、action、asset、from、to、after",
                    "no such parameter; there are: area, actor, action, asset, from, to, after",
                ));
            }
        }
        Ok(())
    }

    /// Finds the asset that is meant, and which county's log: that of the area asked for, else the
    /// reader's own, else the first there is.
    async fn settle(&mut self, read: &Read<'_>, ends: &[LogEnd]) -> Result<Option<County>> {
        if !self.asset.is_empty() {
            self.filter.asset = Some(read.asset(&self.asset).await?.id);
        }
        if let Some(area) = self.area {
            read.require_log(area.county())?;
            return Ok(Some(area.county()));
        }
        let own = read.actor().area().county();
        let known = ends.iter().find(|end| end.county == own).or(ends.first());
        Ok(known.map(|end| end.county))
    }
}

/// The words of a list that are not about one page of it.
fn word<'a>(visit: &'a Visit, name: &str) -> &'a str {
    let found = visit.query.iter().find(|(word, _)| word == name);
    found.map_or("", |(_, value)| value.trim())
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ReadLog)?;
    let mut asked = Asked::read(&visit.query)?;
    let read = state.ledger.read(&visit.actor);
    let counties = read.log_ends(None, limits::AREAS_OFFERED).await?;
    let county = asked.settle(&read, &counties).await?;
    let around = Around::of(&state, &visit).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, counties.iter().map(|end| end.county.area())).await?;
    let (entries, next) = match county {
        Some(county) => {
            let size = (ENTRIES, limits::CHANGES_TOLD);
            history::of_county(&read, county, &asked.filter, asked.before, size, visit.language)
                .await?
        }
        None => (Vec::new(), None),
    };
    let next = next.map(|seq| seq.to_string());
    let body = html! {
        section.card {
            (filters(&visit, &counties, &places, county))
            @if entries.is_empty() {
                @let on = county.is_some().then(|| ("/log", visit.say("看全部留痕", "The whole log")));
                (nothing(empty(&visit, county), on))
            } @else {
                (table(&visit, &entries))
                nav.pager aria-label=(visit.say("翻页", "Pages")) {
                    span { (visit.say("本页 ", "This page: ")) (entries.len()) (visit.say(" 条，新的在前", " entries, the newest first")) }
                    (ends(&visit, next.as_deref()))
                }
            }
        }
    };
    let size = counties.iter().find(|end| Some(end.county) == county).map_or(0, |end| end.size);
    let shown = Page {
        place: Some(Place::Log),
        below: county.map_or_else(String::new, |county| {
            format!(
                "{} · {} {}",
                places.name(county.area()),
                grouped(size),
                visit.say("条", "entries")
            )
        }),
        beside: beside(&visit, county),
        ..Page::new(visit.say("变更留痕", "The log"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn empty(visit: &Visit, county: Option<County>) -> &'static str {
    match county {
        Some(_) => visit.say("没有符合条件的留痕。", "No entry is like that."),
        None => visit.say(
            "留痕按县保存，您的管辖区划小于一个县；单项资产的变更记录在资产卡片上看。",
            "There is one log a county, and your area is a part of one: the history of each asset stands on its card.",
        ),
    }
}

fn beside(visit: &Visit, county: Option<County>) -> Markup {
    let words = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    html! {
        @if visit.may(Action::ExportRows) && county.is_some() {
            a.btn download href=(at("/log.csv", words.filter(|(word, _)| *word != "after"))) { (visit.say("导出 CSV", "Export CSV")) }
        }
        @if let Some(county) = county {
            a.btn download href={ "/log/" (county) "/checkpoint" } { (visit.say("下载检查点", "Checkpoint")) }
        }
        @if visit.may(Action::VerifyLog) {
            a.btn.go href="/log/verify" { (visit.say("核验台账", "Verify the ledger")) }
        }
    }
}

fn filters(visit: &Visit, counties: &[LogEnd], places: &Places, county: Option<County>) -> Markup {
    let labelled = |name: &str, label: &str, control: Markup| {
        html! { div.field { label for={ "f-" (name) } { (label) } (control) } }
    };
    let input = |name: &str, kind: &str, most: usize| {
        html! { input id={ "f-" (name) } name=(name) type=(kind) maxlength=(most) value=(word(visit, name)); }
    };
    let areas = counties.iter().map(|end| end.county.area());
    let areas = areas.map(|area| (area.to_string(), places.name(area)));
    let chosen = county.map(|county| county.area().to_string()).unwrap_or_default();
    let actions = Action::ALL.iter();
    let actions = actions.map(|one| (one.code().to_owned(), visit.text(one.label()).to_owned()));
    let all = Some(visit.say("全部", "all"));
    html! {
        form.filters action="/log" {
            @if counties.len() > 1 { (labelled("area", visit.say("县", "County"), choice("area", None, areas, &chosen))) }
            (labelled("actor", visit.say("经办账号", "Account"), input("actor", "text", limits::ACCOUNT_NAME_LENGTH)))
            (labelled("action", visit.say("办理事项", "Action"), choice("action", all, actions, word(visit, "action"))))
            (labelled("asset", visit.say("资产编号", "Asset code"), input("asset", "text", limits::CODE_LENGTH)))
            (labelled("from", visit.say("从哪天", "From"), input("from", "date", 10)))
            (labelled("to", visit.say("到哪天", "To"), input("to", "date", 10)))
            div.row {
                button.btn { (visit.say("查询", "Show")) }
                a.btn.link href="/log" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

fn table(visit: &Visit, entries: &[HistoryEntry]) -> Markup {
    let table = html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("时间 / 序号", "When / position")) }
                th scope="col" { (visit.say("谁", "Who")) }
                th scope="col" { (visit.say("办了什么", "What was done")) }
                th scope="col" { (visit.say("改了什么", "What changed")) }
            } }
            tbody { @for told in entries { (row(visit, told)) } }
        }
    };
    scrolled(visit.say("变更留痕", "The log"), &table)
}

fn row(visit: &Visit, told: &HistoryEntry) -> Markup {
    let entry = &told.entry;
    let n_more = told.n_changes - told.changes.len();
    html! {
        tr {
            th.nw scope="row" {
                a.b href={ "/log/" (entry.county) "/" (entry.seq) } { (instant_of(entry)) }
                small { (entry.county) " #" (entry.seq) }
            }
            td data-l=(visit.say("谁", "Who")) { (entry.actor) }
            td data-l=(visit.say("办了什么", "What was done")) {
                (action_name(visit, entry))
                @if let Some(reason) = &told.reason { small { (visit.say("理由：", "Reason: ")) (reason) } }
            }
            td data-l=(visit.say("改了什么", "What changed")) {
                @for one in &told.changes { (change(visit, one)) }
                @if n_more > 0 { p.sm { a href={ "/log/" (entry.county) "/" (entry.seq) } { (visit.say("还有 ", "and ")) (n_more) (visit.say(" 行", " more rows")) } } }
                @if told.n_bulk > 0 { (grouped(i64::try_from(told.n_bulk).unwrap_or(i64::MAX))) (visit.say(" 行，成批登记", " rows, brought in as a whole")) }
                @if told.n_changes == 0 && told.n_bulk == 0 { (notes(visit, told)) }
            }
        }
    }
}

async fn file(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::ReadLog)?;
    visit.actor.require(Action::ExportRows)?;
    let mut asked = Asked::read(&visit.query)?;
    let read = state.ledger.read(&visit.actor);
    let counties = read.log_ends(None, limits::AREAS_OFFERED).await?;
    let county = asked.settle(&read, &counties).await?;
    let county = county.ok_or(Error::NotFound(entity::language::Label::new("留痕", "log")))?;
    let _turn = Turn::take(&state.exporting, &visit.actor)?;
    let (target, file) = target(&state, visit.language, Format::Csv)?;
    export::log(&state.ledger, &visit.actor, county, &asked.filter, target).await?;
    Ok(download(file, Format::Csv, "log"))
}
