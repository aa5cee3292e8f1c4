//! Inspections: what was recorded, the newest first; what is overdue; one record with what may be
//! doubted of it.

use std::collections::HashMap;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::get,
};
use entity::{
    account, asset,
    attachment::{self, Subject},
    finding::Rule,
    id::{AssetId, InspectionId},
    inspection::{Condition, Entity, Model},
    upkeep,
};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    parts::{
        Field, Tone, badge, choice, coded, done, fact, field, instant, mistakes, note, nothing,
        scrolled, titled,
    },
    photo::{photo_form, pictures},
    visit::{Visit, at},
};
use crate::{
    app::{self, inspection::Alike, place::Places},
    domain::{
        inspection::{self as rules, Doubt},
        mistake::Mistakes,
        permission::Action,
        shot::Shot,
    },
    error::Result,
    http::{AppState, fault::Fault},
    store::{
        Read,
        list::{List, Listing},
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/inspections", get(list)).route("/inspections/{id}", get(one))
}

/// What was found, as a badge.
pub(super) fn condition_badge(visit: &Visit, condition: Condition) -> Markup {
    let tone = match condition {
        Condition::Good => Tone::Good,
        Condition::Defect => Tone::Warning,
        Condition::Danger => Tone::Bad,
    };
    badge(tone, visit.text(condition.label()))
}

/// When an asset was looked at last, and what was found.
pub(super) fn last_found(visit: &Visit, upkeep: Option<&upkeep::Model>) -> Markup {
    html! {
        @match upkeep {
            None => { (visit.say("还没有巡查过", "never inspected")) }
            Some(row) => {
                (visit.say("上次巡查 ", "last inspected on ")) (row.inspected_on) " "
                (condition_badge(visit, row.condition))
            }
        }
    }
}

/// The words of the address that the list goes by.
const WORDS: [&str; 4] = ["condition", "area", "asset", "at_once"];

fn asked(visit: &Visit) -> Result<List<Entity>> {
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said = said.filter(|(word, value)| *word != "before" && !value.trim().is_empty());
    // the newest first, of one county; over several, by place
    let is_of_county = visit.area().level() >= entity::area::Level::County;
    let is_ordered = said.clone().any(|(word, _)| word == "sort");
    let order = (is_of_county && !is_ordered).then_some(("sort", "-inspected_at"));
    let mut list = List::read(order.into_iter().chain(said))?;
    let before = visit.query.iter().find(|(word, place)| word == "before" && !place.is_empty());
    if let Some((_, place)) = before {
        list.go_back(place).map_err(|mistake| Mistakes(vec![mistake]))?;
    }
    Ok(list)
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let list = asked(&visit)?;
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let listing = read.list(&list).await?;
    let told = Told::of(&read, &visit, &listing.rows).await?;
    let is_narrowed =
        visit.query.iter().any(|(word, value)| WORDS.contains(&word.as_str()) && !value.is_empty());
    let n_overdue = around.n_found(Rule::InspectionOverdue);
    let body = html! {
        @if n_overdue > 0 {
            (note(Tone::Warning, &html! {
                (visit.say("逾期未巡查 ", "Overdue: "))
                a href=(at("/findings", [("rule", Rule::InspectionOverdue.code())])) { b { (n_overdue) } (visit.say(" 项", "")) }
            }))
        }
        section.card.mt aria-label=(visit.say("巡查记录", "Inspections")) {
            (filters(&visit))
            @if listing.rows.is_empty() { (none(&visit, is_narrowed)) }
            @else {
                (scrolled(visit.say("巡查记录，可滚动", "Inspections; scrolls"), &table(&visit, &listing.rows, &told, false)))
                (ways(&visit, &listing))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Inspections),
        ..Page::new(visit.say("巡查", "Inspections"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn none(visit: &Visit, is_narrowed: bool) -> Markup {
    if is_narrowed {
        let way = ("/inspections", visit.say("看全部巡查", "All inspections"));
        return nothing(
            visit.say("没有符合条件的巡查。", "No inspection is like that."),
            Some(way),
        );
    }
    let words = visit.say(
        "还没有巡查记录。打开一项资产，按“巡查”登记。",
        "Nothing was inspected yet. Open an asset and press “Inspect”.",
    );
    nothing(words, Some(("/assets", visit.say("资产台账", "Assets"))))
}

fn filters(visit: &Visit) -> Markup {
    let word = |name: &str| {
        let found = visit.query.iter().find(|(word, _)| word == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let label = visit.say("结论", "Result");
    html! {
        form.filters action="/inspections" {
            (field(&Field { name: "condition", label, hint: "", mistake: None, is_required: false }, &choice(
                "condition",
                Some(visit.say("全部", "all")),
                coded(&visit.manner, Condition::CHOICES),
                word("condition"),
            )))
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/inspections" { (visit.say("重置", "Reset")) }
            }
        }
    }
}

fn ways(visit: &Visit, listing: &Listing<Model>) -> Markup {
    let way = |word, place: &str| {
        let other = if word == "after" { "before" } else { "after" };
        visit.with(&[(other, ""), (word, place)])
    };
    html! {
        nav.row.pad.noprint aria-label=(visit.say("翻页", "Pages")) {
            @if let Some(place) = &listing.previous { a.btn href=(way("before", place)) { (visit.say("上一页", "Back")) } }
            @if let Some(place) = &listing.next { a.btn href=(way("after", place)) { (visit.say("下一页", "On")) } }
        }
    }
}

/// What is told beside records: their assets, where these lie, who inspected.
pub(super) struct Told {
    assets: HashMap<AssetId, asset::Model>,
    places: Places,
    accounts: HashMap<i64, String>,
}

impl Told {
    /// Three queries, however many rows there are.
    pub(super) async fn of(read: &Read<'_>, visit: &Visit, rows: &[Model]) -> Result<Told> {
        let ids: Vec<AssetId> = rows.iter().map(|row| row.asset_id).collect();
        let assets = read.some::<asset::Entity>(&ids).await?;
        let mut places = Places::new(visit.today);
        places.learn(read, assets.iter().map(|asset| asset.area_code)).await?;
        let ids: Vec<_> = rows.iter().filter_map(|row| row.account_id).collect();
        let accounts = read.some::<account::Entity>(&ids).await?;
        Ok(Told {
            assets: assets.into_iter().map(|asset| (asset.id, asset)).collect(),
            places,
            accounts: accounts.into_iter().map(|row| (row.id.0, row.name)).collect(),
        })
    }

    /// Who inspected; nothing of an account that the reader may not see.
    fn by(&self, row: &Model) -> &str {
        let name = row.account_id.and_then(|id| self.accounts.get(&id.0));
        name.map_or("—", String::as_str)
    }
}

/// A table of records; on the card of their asset it is not named again.
pub(super) fn table(visit: &Visit, rows: &[Model], told: &Told, is_on_card: bool) -> Markup {
    html! {
        table.cards {
            thead { tr {
                @if !is_on_card { th scope="col" { (visit.say("资产", "Asset")) } }
                th scope="col" { (visit.say("时间", "Time")) }
                th scope="col" { (visit.say("结论", "Result")) }
                th scope="col" { (visit.say("看到了什么", "What was seen")) }
                th scope="col" { (visit.say("巡查人", "Inspected by")) }
            } }
            tbody { @for row in rows { tr {
                @if is_on_card { th scope="row" { (time(row)) } } @else {
                    th scope="row" { @if let Some(asset) = told.assets.get(&row.asset_id) { (named(visit, asset, told)) } }
                    td data-l=(visit.say("时间", "Time")) { (time(row)) }
                }
                td data-l=(visit.say("结论", "Result")) { (condition_badge(visit, row.condition)) }
                td data-l=(visit.say("看到了什么", "What was seen")) { (seen(visit, row)) }
                td data-l=(visit.say("巡查人", "Inspected by")) { (told.by(row)) }
            } } }
        }
    }
}

fn time(row: &Model) -> Markup {
    html! { a href={ "/inspections/" (row.id) } { (instant(row.inspected_at)) } }
}

fn named(visit: &Visit, asset: &asset::Model, told: &Told) -> Markup {
    html! {
        a.b href={ "/assets/" (asset.code) "/inspections" } { (asset.name) }
        small { (told.places.path_below(asset.area_code, Some(visit.area()))) }
    }
}

/// What was not good, shortly; else what was noted.
fn seen(visit: &Visit, row: &Model) -> Markup {
    let bad = row.checks.0.iter().filter(|one| one.condition != Condition::Good);
    let bad: Vec<String> = bad
        .map(|one| {
            let item = visit.text(one.item.label());
            one.note.as_ref().map_or_else(|| item.to_owned(), |note| format!("{item}：{note}"))
        })
        .collect();
    let note = row.note.iter().cloned();
    let all: Vec<String> = bad.into_iter().chain(note).collect();
    html! { @if all.is_empty() { "—" } @else { (all.join(visit.say("；", "; "))) } }
}

async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    // what is no number names no inspection
    one_of(&state, &visit, InspectionId(id.parse().unwrap_or(0)), None).await
}

/// The page of a record, with what was wrong with photos that came with it.
pub(super) async fn one_of(
    state: &AppState,
    visit: &Visit,
    id: InspectionId,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let read = state.ledger.read(&visit.actor);
    let row = read.get::<Entity>(id).await?;
    let asset = read.get::<asset::Entity>(row.asset_id).await?;
    let doubts = app::inspection::doubts(&read, &asset, &row).await?;
    let told = Told::of(&read, visit, std::slice::from_ref(&row)).await?;
    let mut files = read.attachments_of(asset.id).await?;
    files.retain(|file| {
        (file.subject, file.subject_id) == (Subject::Inspection, row.id.0) && !file.is_withdrawn
    });
    let alike = app::inspection::alike(&read, &row, &files).await?;
    let mut photos = shots(visit, &asset, &row, &files);
    photos.extend(likenesses(&read, visit, &alike).await?);
    let around = Around::of(state, visit).await?;
    let may = visit.may(Action::RecordInspection) && asset.is_standing();
    let word = visit.query.iter().find(|(word, _)| word == "done").map(|(_, value)| value.as_str());
    let body = html! {
        @if let Some(fault) = fault {
            p.b { (visit.say("巡查已登记，照片没有收下：", "The inspection is on record; its photos were not taken:")) }
            (mistakes(visit, fault))
        }
        @if word == Some("attached") { (done(visit.say("照片已上传", "The photos are attached"))) }
        @if word == Some("recorded") {
            (done(visit.say("巡查已登记", "The inspection is on record")))
            @if row.condition == Condition::Danger {
                (note(Tone::Bad, &html! { b { (visit.say("先设警示，再打电话通知管护责任人。", "First put up a warning, then call whoever looks after it.")) } " " a href={ "/assets/" (asset.code) } { (visit.say("看找谁负责", "Whom to call")) } }))
            }
        }
        @if !doubts.is_empty() || !photos.is_empty() { (doubted(visit, &doubts, &photos)) }
        section.card.mt { (facts(visit, &row, &told)) }
        section.card.mt {
            header { h2 { (visit.say("检查项", "Points")) } }
            (scrolled(visit.say("检查项", "Points"), &points(visit, &row)))
        }
        @if may || !files.is_empty() {
            section.card.mt {
                header { h2 { (visit.say("现场照片", "Photos")) } }
                @if files.is_empty() { p.pad.mut { (visit.say("还没有照片。", "No photo yet.")) } } @else { (pictures(files.iter())) }
                @if may { (photo_form(visit, &asset.code, row.id)) }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Inspections),
        way: vec![
            ("/inspections".to_owned(), visit.say("巡查", "Inspections").to_owned()),
            (format!("/assets/{}/inspections", asset.code), asset.name.clone()),
        ],
        below: format!("{} · {}", asset.name, asset.code),
        beside: html! { @if may {
            a.btn href={ "/assets/" (asset.code) "/inspect" } { (visit.say("再巡查一次", "Inspect again")) }
        } },
        ..Page::new(titled(visit, visit.say("巡查记录", "Inspection"), fault), body)
    };
    let status = fault.map_or(StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}

/// What may be doubted of photos by what their cameras say.
fn shots(
    visit: &Visit,
    asset: &asset::Model,
    row: &Model,
    files: &[attachment::Model],
) -> Vec<Markup> {
    let doubts = files.iter().flat_map(|file| {
        let doubts = rules::photo_doubts(asset, row, Shot::of(file));
        doubts.into_iter().map(move |doubt| (&file.file_name, doubt))
    });
    let told = doubts.map(|(name, doubt)| {
        html! {
            (visit.say("照片“", "The photo “")) (name) (visit.say("”：", "”: "))
            (visit.tell(&doubt.told()))
        }
    });
    told.collect()
}

/// Photos that look like earlier ones, each with the way to the inspection in which that was taken.
async fn likenesses(read: &Read<'_>, visit: &Visit, alike: &[Alike]) -> Result<Vec<Markup>> {
    let ids: Vec<_> = alike.iter().map(|one| InspectionId(one.earlier.subject_id)).collect();
    let earlier = read.some::<Entity>(&ids).await?;
    let assets: Vec<AssetId> = earlier.iter().map(|row| row.asset_id).collect();
    let assets = read.some::<asset::Entity>(&assets).await?;
    let told = alike.iter().filter_map(|one| {
        let row = earlier.iter().find(|row| row.id.0 == one.earlier.subject_id)?;
        let asset = assets.iter().find(|asset| asset.id == row.asset_id)?;
        Some(html! {
            (visit.say("照片“", "The photo “")) (one.photo.file_name)
            (visit.say("”与另一次巡查的照片很像：", "” looks like one of another inspection: "))
            a href={ "/inspections/" (row.id) } { (asset.name) " " (instant(row.inspected_at)) }
        })
    });
    Ok(told.collect())
}

fn doubted(visit: &Visit, doubts: &[Doubt], photos: &[Markup]) -> Markup {
    note(
        Tone::Warning,
        &html! {
            p { b { (visit.say("请核实", "To be checked")) } }
            ul.ways {
                @for doubt in doubts { li { (visit.tell(&doubt.told())) } }
                @for one in photos { li { (one) } }
            }
        },
    )
}

fn facts(visit: &Visit, row: &Model, told: &Told) -> Markup {
    let place = row.longitude.zip(row.latitude);
    html! {
        dl.desc {
            (fact(visit.say("结论", "Result"), &html! { (condition_badge(visit, row.condition)) @if row.is_all_at_once { " " (badge(Tone::Idle, visit.say("一键全部完好", "all good by one press"))) } }))
            (fact(visit.say("巡查时间", "Inspected at"), &html! { (instant(row.inspected_at)) }))
            (fact(visit.say("收到时间", "Received at"), &html! { (instant(row.created_at)) }))
            (fact(visit.say("巡查人", "Inspected by"), &html! { (told.by(row)) }))
            @if let Some((east, north)) = place {
                (fact(visit.say("巡查位置", "Where"), &html! { (east) ", " (north) @if let Some(metres) = row.accuracy_m { " ± " (metres) " m" } }))
            }
            @if let Some(number) = &row.sheet_no { (fact(visit.say("纸质巡查单", "Paper sheet"), &html! { a href=(at("/inspections", [("sheet", number.as_str())])) { (number) } })) }
            @if let Some(note) = &row.note { (fact(visit.say("其他情况", "Anything else"), &html! { (note) })) }
        }
    }
}

fn points(visit: &Visit, row: &Model) -> Markup {
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("检查项", "Point")) }
                th scope="col" { (visit.say("情况", "Found")) }
                th scope="col" { (visit.say("说明", "What was seen")) }
            } }
            tbody { @for one in &row.checks.0 { tr {
                th scope="row" { (visit.text(one.item.label())) }
                td data-l=(visit.say("情况", "Found")) { (condition_badge(visit, one.condition)) }
                td data-l=(visit.say("说明", "What was seen")) { (one.note.as_deref().unwrap_or("—")) }
            } } }
        }
    }
}
