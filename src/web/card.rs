//! An asset's card: what it is, what is wrong, who answers for it, what became of it. Its parts are
//! links, so that each can be sent.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use chrono::{DateTime, Utc};
use entity::{
    asset,
    attachment::{self, Subject},
    holding,
    language::Label,
};
use maud::{Markup, html};

use super::{
    asset_column::title_badge,
    attachment::{Tried, beside, part as files_part},
    card_duty::duties,
    card_history::happened,
    card_inspection::inspections,
    card_money::money,
    card_people::people,
    card_repair::repairs,
    card_revival::revivals,
    card_timeline::timeline,
    contract,
    five_have::marks,
    frame::{Around, Page, Place, page},
    next_step::{actions, steps},
    parts::{Tone, badge, done, fact, grouped, note, nothing, scrolled, titled},
    photo::photos,
    stock_take,
    visit::{Visit, at},
    welfare_post,
};
use crate::{
    app::{
        self,
        card::{Card, Key},
    },
    domain::{
        asset::FIELDS,
        deficiency::days_between,
        field::{Field, Value},
    },
    error::Result,
    http::{AppState, fault::Fault},
    store::{list::as_of, vault::Named},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/{code}", get(show)).route("/assets/{code}/{part}", get(show_part))
}

/// A part of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Facts,
    Title,
    Duty,
    Inspections,
    Repairs,
    Revival,
    Funding,
    Contracts,
    Findings,
    Files,
    History,
}

impl Part {
    const ALL: [(Part, &'static str, Label); 11] = [
        (Part::Facts, "", Label::new("概况", "Facts")),
        (Part::Title, "title", Label::new("权属", "Title")),
        (Part::Duty, "duty", Label::new("管护", "Upkeep")),
        (Part::Inspections, "inspections", Label::new("巡查", "Inspections")),
        (Part::Repairs, "repairs", Label::new("维修", "Repairs")),
        (Part::Revival, "revival", Label::new("盘活", "Revival")),
        (Part::Funding, "funding", Label::new("资金与预算", "Money and budgets")),
        (Part::Contracts, "contracts", Label::new("合同", "Contracts")),
        (Part::Findings, "findings", Label::new("问题", "Findings")),
        (Part::Files, "files", Label::new("附件", "Files")),
        (Part::History, "history", Label::new("变更记录", "History")),
    ];

    fn of(word: &str) -> Option<Part> {
        Part::ALL.iter().find(|(_, known, _)| *known == word).map(|(part, ..)| *part)
    }
}

async fn show(
    State(state): State<AppState>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    whole(&state, &visit, &code, Part::Facts, None).await
}

async fn show_part(
    State(state): State<AppState>,
    Path((code, part)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Fault> {
    let part = Part::of(&part).ok_or_else(Fault::no_such_address)?;
    whole(&state, &visit, &code, part, None).await
}

/// The five marks, on a card of the present.
async fn haves(
    state: &AppState,
    visit: &Visit,
    asset: &asset::Model,
    is_present: bool,
) -> Result<Markup, Fault> {
    if !is_present {
        return Ok(Markup::default());
    }
    let row = state.ledger.read(&visit.actor).haves_of(asset.id).await?;
    Ok(row.map(|row| marks(visit, asset, &row)).unwrap_or_default())
}

/// The card with one of its parts, and what was wrong with what was sent from there.
pub(super) async fn whole(
    state: &AppState,
    visit: &Visit,
    code: &str,
    part: Part,
    tried: Option<&Tried<'_>>,
) -> Result<Response, Fault> {
    let word = |name: &str| {
        let found = visit.query.iter().find(|(word, value)| word == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    };
    let then = word("as_of").map(as_of).transpose();
    let then = then.map_err(|mistake| {
        crate::error::Error::Invalid(crate::domain::mistake::Mistakes(vec![mistake]))
    })?;
    let card = app::card::card(&state.ledger, &visit.actor, Key::Code(code), then).await?;
    let around = Around::of(state, visit).await?;
    let asset = &card.dossier.asset;
    let mut files = state.ledger.read(&visit.actor).attachments_of(asset.id).await?;
    let at = then.map(|then| then.instant(state.ledger.clock().now())).transpose();
    let at = at.map_err(crate::error::Error::from)?;
    files.retain(|row| at.is_none_or(|at| row.created_at <= at));
    let haves = haves(state, visit, asset, at.is_none()).await?;
    let inner = inner(state, visit, (&card, &files, at), (part, tried)).await?;
    let body = html! {
        div.upright {
            @if let Some(day) = word("as_of") {
                (note(Tone::Idle, &html! {
                    (visit.say("这是当时的记录：", "As it was recorded: ")) b { (day) } " "
                    a href=(visit.with(&[("as_of", "")])) { (visit.say("看现在", "Show the present")) }
                }))
            }
            @if word("done").is_some() { (done(visit.say("已保存，并记入变更记录", "Saved, and kept in the history"))) }
            div.ponly {
                p.ptitle { (asset.name) }
                p.pmeta { span { (visit.say("编号 ", "Code ")) (asset.code) } span { (card.place) } span { (visit.today) } }
            }
            (banner(visit, &card))
            div.grid.g21.mt {
                div.grid {
                    section.card {
                        (tabs(visit, (&card, &files), part, word("as_of")))
                        (inner)
                    }
                    @if word("as_of").is_none() { (steps(visit, &card)) }
                }
                aside.grid { (people(visit, &card)) (haves) (photos(visit, &asset.code, &files)) (timeline(visit, &card)) (earlier(visit, word("as_of"))) }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Assets),
        way: way(visit, asset),
        below: format!("{} · {}", asset.code, card.place),
        beside: actions(visit, &card),
        ..Page::new(titled(visit, &asset.name, tried.map(|tried| tried.fault)), body)
    };
    Ok(page(visit, &around, shown))
}

/// What a part of the card holds.
async fn inner(
    state: &AppState,
    visit: &Visit,
    (card, files, at): (&Card, &[attachment::Model], Option<DateTime<Utc>>),
    (part, tried): (Part, Option<&Tried<'_>>),
) -> Result<Markup, Fault> {
    let asset = &card.dossier.asset;
    let before = visit.query.iter().find(|(word, value)| word == "before" && !value.is_empty());
    let before = before.map(|(_, value)| value.as_str());
    Ok(match part {
        Part::Facts => facts(visit, card),
        Part::Title => title(visit, card, files),
        Part::Duty => {
            let read = state.ledger.read(&visit.actor);
            let posts = read.posts_of_asset(asset.id, card.day).await?;
            html! { (duties(visit, card, files)) (welfare_post::posts(&read, visit, &posts).await?) }
        }
        Part::Files => files_part(state, visit, card, files, tried).await?,
        Part::Inspections => {
            let read = state.ledger.read(&visit.actor);
            let counted = if at.is_none() {
                stock_take::last_of(&read, visit, asset.id).await?
            } else {
                html! {}
            };
            html! { (inspections(state, visit, (card, at), before).await?) (counted) }
        }
        Part::Repairs => repairs(state, visit, card).await?,
        Part::Revival => revivals(state, visit, card).await?,
        Part::Funding => money(state, visit, (card, at)).await?,
        Part::Contracts => contract::of_asset(state, visit, card).await?,
        Part::Findings => findings(visit, card),
        Part::History => happened(state, visit, asset, before).await?,
    })
}

fn way(visit: &Visit, asset: &asset::Model) -> Vec<(String, String)> {
    let area = asset.area_code.to_string();
    vec![
        ("/assets".to_owned(), visit.say("资产台账", "Assets").to_owned()),
        (
            at("/assets", [("area", area.as_str())]),
            visit.say("本村资产", "of this place").to_owned(),
        ),
    ]
}

/// What is wrong, in plain words, before anything else.
fn banner(visit: &Visit, card: &Card) -> Markup {
    let open: Vec<_> = card.findings.iter().filter(|(standing, _)| !standing.is_waived).collect();
    let Some((first, sentence)) = open.first() else { return html! {} };
    let days = days_between(first.since, card.day);
    html! {
        (note(Tone::Bad, &html! {
            b { (visit.text(first.rule.label())) } " " (visit.tell(sentence)) " "
            (visit.say("已 ", "For ")) (grouped(days)) (visit.say(" 天。", " days. "))
            @if open.len() > 1 {
                a href={ "/assets/" (card.dossier.asset.code) "/findings" } {
                    (visit.say("另有 ", "And ")) (open.len() - 1) (visit.say(" 个问题", " more"))
                }
            }
        }))
    }
}

fn tabs(
    visit: &Visit,
    (card, files): (&Card, &[attachment::Model]),
    here: Part,
    past: Option<&str>,
) -> Markup {
    let code = &card.dossier.asset.code;
    let count = |part: Part| match part {
        Part::Duty => Some(card.dossier.duties.len()),
        Part::Funding => Some(card.dossier.funding.len()),
        Part::Contracts => Some(card.dossier.contracts.len()),
        Part::Findings => Some(card.findings.len()),
        Part::Repairs => {
            Some(card.dossier.work_orders.iter().filter(|row| row.state.is_live()).count())
        }
        Part::Revival => {
            Some(card.dossier.revivals.iter().filter(|row| row.state.is_running()).count())
        }
        Part::Files => Some(files.iter().filter(|row| !row.is_withdrawn).count()),
        // not counted: there may be very many
        Part::Facts | Part::Title | Part::Inspections | Part::History => None,
    };
    html! {
        nav.tabs aria-label=(visit.say("资产卡片", "The card")) {
            @for (part, word, label) in Part::ALL {
                @let path = if word.is_empty() { format!("/assets/{code}") } else { format!("/assets/{code}/{word}") };
                a href=(at(&path, past.map(|then| ("as_of", then)))) aria-current=[(part == here).then_some("page")] {
                    (visit.text(label)) @if let Some(n) = count(part).filter(|n| *n > 0) { " " b { (n) } }
                }
            }
        }
    }
}

/// Fields that stand elsewhere on the page or say nothing to people.
const ELSEWHERE: [&str; 4] = ["code", "name", "source_key", "maintainer_answer"];

fn shown<R>(visit: &Visit, field: &Field<R>, row: &R) -> Option<Markup> {
    Some(match (field.get)(row) {
        Value::Empty => return None,
        Value::Money(money) => html! { b { (money.grouped()) } (visit.say(" 元", " yuan")) },
        value => html! { (value.text(visit.language)) },
    })
}

fn facts(visit: &Visit, card: &Card) -> Markup {
    let asset = &card.dossier.asset;
    let fields = FIELDS.iter().filter(|field| !ELSEWHERE.contains(&field.name));
    let known = fields.filter_map(|field| Some((field.label, shown(visit, field, asset)?)));
    html! { dl.desc { @for (label, value) in known { (fact(visit.text(label), &value)) } } }
}

pub(super) fn named(visit: &Visit, found: Option<&Named>) -> Markup {
    html! {
        @match found {
            Some(named) => { (named.name) @if !named.phone.is_empty() { " " span.mut { (named.phone) } } }
            None => { span.mut { (visit.say("未登记", "not recorded")) } }
        }
    }
}

/// From one day to another, as far as they are known.
pub(super) fn span(
    visit: &Visit,
    from: Option<chrono::NaiveDate>,
    until: Option<chrono::NaiveDate>,
) -> String {
    let day = |day: Option<chrono::NaiveDate>, unknown: &str| {
        day.map_or_else(|| unknown.to_owned(), |day| day.to_string())
    };
    let (from, until) =
        (day(from, visit.say("不详", "unknown")), day(until, visit.say("无期限", "open")));
    format!("{from} — {until}")
}

fn title(visit: &Visit, card: &Card, files: &[attachment::Model]) -> Markup {
    let title = card.dossier.title.as_ref();
    let fields = crate::domain::title::FIELDS;
    html! {
        div.pad.row { (visit.say("确权状态：", "State: ")) (title_badge(visit, title.map(|title| title.state))) }
        @if let Some(title) = title {
            dl.desc { @for field in fields {
                @if let Some(value) = shown(visit, field, title) { (fact(visit.text(field.label), &value)) }
            } }
            (beside(visit, files, (Subject::Title, title.id.0), "pad sm"))
        }
        @if card.dossier.holdings.is_empty() {
            (nothing(visit.say("没有登记权利人。", "No holder of a right is recorded."), None))
        } @else {
            (scrolled(visit.say("权利人", "Holders of rights"), &html! { table.cards {
                thead { tr {
                    th scope="col" { (visit.say("权利", "Right")) }
                    th scope="col" { (visit.say("权利人", "Holder")) }
                    th scope="col" { (visit.say("份额", "Share")) }
                    th scope="col" { (visit.say("起止", "From — until")) }
                } }
                tbody { @for row in &card.dossier.holdings { (holder(visit, card, row)) } }
            } }))
        }
    }
}

fn holder(visit: &Visit, card: &Card, row: &holding::Model) -> Markup {
    let party = card.party(row.organization_id, row.person_id);
    html! {
        tr {
            th scope="row" { (visit.text(row.right.label())) }
            td data-l=(visit.say("权利人", "Holder")) { (named(visit, party.as_ref().map(|(_, named)| named))) }
            td data-l=(visit.say("份额", "Share")) { @if let Some(share) = row.share() { (share) } }
            td data-l=(visit.say("起止", "From — until")) {
                (span(visit, row.from_on, row.until_on))
                @if !row.holds_on(card.day) { " " (badge(Tone::Idle, visit.say("已终止", "ended"))) }
            }
        }
    }
}

fn findings(visit: &Visit, card: &Card) -> Markup {
    html! {
        @if card.findings.is_empty() { (nothing(visit.say("没有发现问题。", "Nothing is wrong."), None)) }
        @else {
            (scrolled(visit.say("问题", "Findings"), &html! { table.cards {
                thead { tr {
                    th scope="col" { (visit.say("问题", "Finding")) }
                    th scope="col" { (visit.say("怎么回事", "Why")) }
                    th.num scope="col" { (visit.say("天数", "Days")) }
                } }
                tbody { @for (standing, sentence) in &card.findings {
                    tr {
                        th scope="row" {
                            (visit.text(standing.rule.label())) small { (standing.rule.code()) }
                            @if standing.is_waived { " " (badge(Tone::Idle, visit.say("已豁免", "waived"))) }
                        }
                        td data-l=(visit.say("怎么回事", "Why")) { (visit.tell(sentence)) }
                        td.num data-l=(visit.say("天数", "Days")) { (grouped(days_between(standing.since, card.day))) small { (standing.since) } }
                    }
                } }
            } }))
        }
    }
}

/// The card as it was on a day.
fn earlier(visit: &Visit, past: Option<&str>) -> Markup {
    html! {
        nav.card.noprint aria-label=(visit.say("当时的记录", "As it was")) {
            header { h2 { (visit.say("当时的记录", "As it was")) } }
            form.pad.row action=(visit.path) {
                label.sr for="as_of" { (visit.say("日期", "Day")) }
                input #as_of type="date" name="as_of" value=[past] max=(visit.today);
                button.btn { (visit.say("查看", "Show")) }
            }
        }
    }
}
