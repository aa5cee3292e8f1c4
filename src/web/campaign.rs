//! Campaigns: which there are, how far one has come place by place, and its lines.

use std::collections::{BTreeMap, HashMap};

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use entity::{
    area::AreaCode,
    asset,
    campaign::{Entity, Model, State as Progressed},
    campaign_line::{self, Recheck},
    finding,
    id::{AssetId, CampaignId},
};
use maud::{Markup, html};

use super::{
    campaign_form as forms,
    fields::{Sheet, Typed},
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{Tone, badge, done, fact, grouped, mistakes, nothing, percent, scrolled, titled},
    visit::{Visit, at},
};
use crate::{
    app::place::Places,
    domain::{
        campaign::{Counted, QUESTIONS, Standing, standing},
        mistake::Mistakes,
        permission::Action,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    store::{
        Read, Subject,
        list::{List, Listed, Listing},
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/campaigns", get(list)).route("/campaigns/{id}", get(one))
}

/// The way back from what lies below.
pub(super) fn way(visit: &Visit) -> (String, String) {
    ("/campaigns".to_owned(), visit.say("专项排查", "Campaigns").to_owned())
}

/// How far a campaign has come, and whether it is late.
pub(super) fn state_badge(visit: &Visit, row: &Model) -> Markup {
    match row.state {
        Progressed::ClosedOut => badge(Tone::Good, visit.text(row.state.label())),
        Progressed::Running if row.due_on < visit.today => {
            badge(Tone::Bad, visit.say("逾期未办结", "overdue"))
        }
        Progressed::Running => badge(Tone::Idle, visit.text(row.state.label())),
    }
}

/// The list that an address asks for, narrowed by one word more.
fn asked<E: Listed>(visit: &Visit, more: Option<(&str, &str)>) -> Result<List<E>> {
    let apart = ["before", "done", "campaign"];
    let said = visit.query.iter().map(|(word, value)| (word.as_str(), value.as_str()));
    let said = said.filter(|(word, value)| !apart.contains(word) && !value.trim().is_empty());
    let mut list = List::<E>::read(said.chain(more))?;
    let before = visit.query.iter().find(|(word, place)| word == "before" && !place.is_empty());
    if let Some((_, place)) = before {
        list.go_back(place).map_err(|mistake| Mistakes(vec![mistake]))?;
    }
    Ok(list)
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let list = asked::<Entity>(&visit, None)?;
    let around = Around::of(&state, &visit).await?;
    let read = state.ledger.read(&visit.actor);
    let listing = read.list(&list).await?;
    let above = read.campaigns_above().await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, listing.rows.iter().chain(&above).map(|row| row.area_code)).await?;
    let name = visit.say("专项排查", "Campaigns");
    let body = html! {
        @if !above.is_empty() {
            section.card {
                header { h2 { (visit.say("上级组织的", "Of the levels above")) } }
                (scrolled(visit.say("上级组织的专项排查", "Campaigns of the levels above"), &table(&visit, &above, &places)))
            }
        }
        section.card aria-label=(name) {
            @if listing.rows.is_empty() { (none(&visit)) }
            @else {
                (scrolled(visit.say("专项排查，可滚动", "Campaigns; scrolls"), &table(&visit, &listing.rows, &places)))
                (ways(&visit, &listing))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Campaigns),
        beside: html! { @if visit.may(Action::OpenCampaign) {
            a.btn.go href="/campaigns/new" { (icon(Icon::Add)) (visit.say("启动排查", "Begin one")) }
        } },
        ..Page::new(name, body)
    };
    Ok(page(&visit, &around, shown))
}

fn none(visit: &Visit) -> Markup {
    let way = visit
        .may(Action::OpenCampaign)
        .then(|| ("/campaigns/new", visit.say("启动第一个", "Begin the first one")));
    nothing(visit.say("本辖区还没有组织过专项排查。", "There is no campaign of this area."), way)
}

fn ways<M>(visit: &Visit, listing: &Listing<M>) -> Markup {
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

fn table(visit: &Visit, rows: &[Model], places: &Places) -> Markup {
    html! {
        table.cards {
            thead { tr {
                th scope="col" { (visit.say("名称", "Name")) }
                th scope="col" { (visit.say("范围", "Area")) }
                th scope="col" { (visit.say("启动日", "Begun")) }
                th scope="col" { (visit.say("完成期限", "Due")) }
                th.num scope="col" { (visit.say("纳入问题（条）", "Lines")) }
                th scope="col" { (visit.say("进展", "State")) }
            } }
            tbody { @for row in rows { tr {
                th scope="row" { a.b href={ "/campaigns/" (row.id) } { (row.name) } }
                td data-l=(visit.say("范围", "Area")) { (places.name(row.area_code)) }
                td data-l=(visit.say("启动日", "Begun")) { (row.opened_on) }
                td data-l=(visit.say("完成期限", "Due")) { (row.due_on) }
                td.num data-l=(visit.say("纳入问题（条）", "Lines")) { (grouped(row.n_lines.into())) }
                td data-l=(visit.say("进展", "State")) { (state_badge(visit, row)) }
            } } }
        }
    }
}

/// The campaign of an address.
pub(super) async fn found(state: &AppState, visit: &Visit, id: &str) -> Result<Model> {
    let id = id.parse().map(CampaignId).map_err(|_| Error::NotFound(Entity::NOUN))?;
    state.ledger.read(&visit.actor).campaign(id).await
}

/// How far a campaign has come: by place, and together.
pub(super) struct Progress {
    pub(super) places: BTreeMap<AreaCode, Counted>,
    pub(super) total: Counted,
    pub(super) names: Places,
}

impl Progress {
    /// As the visitor sees it.
    pub(super) async fn of(read: &Read<'_>, visit: &Visit, row: &Model) -> Result<Progress> {
        let places = read.campaign_progress(row, read.extent_of_campaign(row)).await?;
        let mut total = Counted::default();
        for one in places.values() {
            total += *one;
        }
        let mut names = Places::new(visit.today);
        names.learn(read, places.keys().copied().chain([row.area_code])).await?;
        Ok(Progress { places, total, names })
    }

    /// The table: a row a place, and all of it together.
    pub(super) fn drawn(&self, visit: &Visit, row: &Model) -> Markup {
        let is_linked = |area: &AreaCode| *area != visit.area();
        html! {
            table.cards {
                thead { tr {
                    th scope="col" { (visit.say("区划", "Area")) }
                    th.num scope="col" { (visit.say("纳入", "Lines")) }
                    th.num scope="col" { (visit.say("已答复", "Answered")) }
                    @for standing in Standing::ALL { th.num scope="col" { (visit.text(standing.label())) } }
                    th.num scope="col" { (visit.say("抽查", "Drawn")) }
                    th.num scope="col" { (visit.say("已复核", "Checked again")) }
                    th.num scope="col" { (visit.say("不符", "Differing")) }
                } }
                tbody { @for (area, counted) in &self.places { tr {
                    th scope="row" {
                        @if is_linked(area) { a href=(at(&format!("/campaigns/{}", row.id), [("area", area.as_str())])) { (self.names.name(*area)) } }
                        @else { (self.names.name(*area)) }
                    }
                    (figures(visit, counted))
                } } }
                tfoot { tr { th scope="row" { (visit.say("合计", "Together")) } (figures(visit, &self.total)) } }
            }
        }
    }
}

fn figures(visit: &Visit, counted: &Counted) -> Markup {
    let number = |name: &str, n: i64| html! { td.num data-l=(name) { (grouped(n)) } };
    html! {
        (number(visit.say("纳入", "Lines"), counted.total))
        (number(visit.say("已答复", "Answered"), counted.answered))
        @for standing in Standing::ALL { (number(visit.text(standing.label()), counted.of(standing))) }
        (number(visit.say("抽查", "Drawn"), counted.drawn))
        (number(visit.say("已复核", "Checked again"), counted.rechecked))
        (number(visit.say("不符", "Differing"), counted.differing))
    }
}

/// The campaign and all that is said of it.
pub(super) fn facts(visit: &Visit, row: &Model, progress: &Progress) -> Markup {
    let total = &progress.total;
    html! {
        section.card {
            header { h2 { (visit.say("排查情况", "The campaign")) } }
            dl.desc {
                (fact(visit.say("范围", "Area"), &html! { (progress.names.path(row.area_code)) }))
                (fact(visit.say("启动日（以当日未销号问题为准）", "Begun on (what was open that day)"), &html! { (row.opened_on) }))
                (fact(visit.say("完成期限", "Due on"), &html! { (row.due_on) }))
                @if let Some(rule) = row.rule { (fact(visit.say("只查", "Only"), &html! { (visit.text(rule.label())) })) }
                @if let Some(purpose) = &row.purpose { (fact(visit.say("要求或依据", "What it is for"), &html! { (purpose) })) }
                (fact(visit.say("答复进度", "Answered"), &html! { (grouped(total.answered)) "/" (grouped(total.total)) " " span.mut { (percent(total.answered, total.total)) "%" } }))
                @for (n, (_, label)) in QUESTIONS.iter().enumerate() {
                    (fact(visit.text(*label), &html! { (grouped(total.said[n])) (visit.say(" 条", "")) }))
                }
                @if let Some(conclusion) = &row.conclusion { (fact(visit.say("办结意见", "Conclusion"), &html! { (conclusion) })) }
                @if let Some(on) = row.closed_on { (fact(visit.say("办结日", "Closed out on"), &html! { (on) })) }
            }
        }
    }
}

/// The seed of the sample, and how anybody draws it again.
pub(super) fn seed(visit: &Visit, row: &Model) -> Markup {
    let (Some(seed), Some(size)) = (&row.seed, row.n_drawn) else { return html! {} };
    let command = format!(
        "for n in $(seq 1 {}); do echo \"$(printf '%s\\n%s' {seed} $n | sha256sum | cut -c1-64) $n\"; done | sort | head -n {size}",
        row.n_lines
    );
    html! {
        section.card {
            header { h2 { (visit.say("抽查怎么抽的", "How the sample was drawn")) } }
            dl.desc {
                (fact(visit.say("公开种子", "Published seed"), &html! { code { (seed) } }))
                (fact(visit.say("抽取日", "Drawn on"), &html! { @if let Some(on) = row.drawn_on { (on) } }))
            }
            p.pad.sm { (visit.say(
                "每条问题的序号与种子一起算 SHA-256，从小到大取前几条。任何人都可以用下面的命令重算：",
                "Each number is hashed with the seed by SHA-256, and the smallest are taken. Anybody may do it again:",
            )) }
            div.wrap tabindex="0" role="region" aria-label=(visit.say("重算抽查的命令", "The command that draws it again")) { pre.pad { code { (command) } } }
        }
    }
}

/// What a line shows beside itself.
pub(super) struct Told {
    assets: HashMap<AssetId, asset::Model>,
    findings: HashMap<(AssetId, finding::Rule), finding::Model>,
}

impl Told {
    /// The same few queries, however many lines there are.
    pub(super) async fn of(read: &Read<'_>, lines: &[campaign_line::Model]) -> Result<Told> {
        let ids: Vec<AssetId> = lines.iter().map(|line| line.asset_id).collect();
        let keys: Vec<_> = lines.iter().map(|line| (line.asset_id, line.rule)).collect();
        let assets = read.some::<asset::Entity>(&ids).await?;
        let findings = read.findings_of(&keys).await?;
        Ok(Told {
            assets: assets.into_iter().map(|row| (row.id, row)).collect(),
            findings: findings.into_iter().map(|row| ((row.asset_id, row.rule), row)).collect(),
        })
    }

    /// The asset, where the reader may look.
    pub(super) fn asset(&self, line: &campaign_line::Model) -> Option<&asset::Model> {
        self.assets.get(&line.asset_id)
    }

    /// What has become of a line.
    pub(super) fn standing(&self, line: &campaign_line::Model) -> Standing {
        let found = self.findings.get(&(line.asset_id, line.rule));
        found.map_or(Standing::Open, |found| {
            let is_again = found.opened_on > line.found_on;
            standing(found.closed_on.is_some(), is_again, found.progress)
        })
    }
}

fn standing_badge(visit: &Visit, standing: Standing) -> Markup {
    let tone = match standing {
        Standing::Closed => Tone::Good,
        Standing::Back => Tone::Bad,
        Standing::Open => Tone::Warning,
        Standing::InHand | Standing::Done => Tone::Idle,
    };
    badge(tone, visit.text(standing.label()))
}

/// What was answered of a line, in words.
pub(super) fn answered(visit: &Visit, line: &campaign_line::Model) -> Markup {
    let said = [line.is_unmanaged, line.is_idle, line.is_unkept, line.is_to_dispose];
    let yes = QUESTIONS.iter().zip(said).filter(|(_, said)| *said == Some(true));
    let yes: Vec<&str> =
        yes.map(|((_, label), _)| visit.text(*label).trim_end_matches(['？', '?'])).collect();
    html! {
        @if line.answered_on.is_none() { span.mut { (visit.say("未答复", "not answered")) } }
        @else if yes.is_empty() { (visit.say("四项都没有", "none of the four")) }
        @else { (yes.join(visit.say("、", ", "))) }
        @if let Some(due) = line.due_on { " " small { (visit.say("期限 ", "due ")) (due) } }
    }
}

pub(super) fn recheck_badge(visit: &Visit, line: &campaign_line::Model) -> Markup {
    match line.recheck {
        Some(Recheck::Confirmed) => badge(Tone::Good, visit.text(Recheck::Confirmed.label())),
        Some(Recheck::Differs) => badge(Tone::Bad, visit.text(Recheck::Differs.label())),
        None if line.is_drawn => badge(Tone::Warning, visit.say("待复核", "to be checked again")),
        None => html! { "—" },
    }
}

/// A table of lines.
pub(super) fn lines(visit: &Visit, rows: &[campaign_line::Model], told: &Told) -> Markup {
    html! {
        table.cards {
            thead { tr {
                th.num scope="col" { (visit.say("序号", "No.")) }
                th scope="col" { (visit.say("资产", "Asset")) }
                th scope="col" { (visit.say("问题", "Finding")) }
                th scope="col" { (visit.say("答复", "Answer")) }
                th scope="col" { (visit.say("现在", "Now")) }
                th scope="col" { (visit.say("抽查", "Sample")) }
            } }
            tbody { @for line in rows { tr {
                td.num data-l=(visit.say("序号", "No.")) { a href={ "/campaign-lines/" (line.id) } aria-label={ (visit.say("第 ", "line ")) (line.no) (visit.say(" 条", "")) } { (line.no) } }
                th scope="row" {
                    @match told.asset(line) {
                        Some(asset) => { a href={ "/assets/" (asset.code) } { (asset.name) } }
                        // it lies where the reader may not look
                        None => { "—" }
                    }
                }
                td data-l=(visit.say("问题", "Finding")) { (visit.text(line.rule.label())) " " small { (visit.say("自 ", "since ")) (line.since_on) } }
                td data-l=(visit.say("答复", "Answer")) { (answered(visit, line)) }
                td data-l=(visit.say("现在", "Now")) { (standing_badge(visit, told.standing(line))) }
                td data-l=(visit.say("抽查", "Sample")) { (recheck_badge(visit, line)) }
            } } }
        }
    }
}

/// What was done, by the word that the form led here with.
fn said(visit: &Visit) -> Option<&'static str> {
    let (_, word) = visit.query.iter().find(|(word, _)| word == "done")?;
    Some(match word.as_str() {
        "open" => visit.say("已启动，名单已固定", "Begun; its lines are fixed"),
        "draw" => visit.say("已抽取", "Drawn"),
        "close" => visit.say("已办结", "Closed out"),
        _ => return None,
    })
}

async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let row = found(&state, &visit, &id).await?;
    drawn(&state, &visit, &row, &Typed::default(), None).await
}

/// The words by which the lines of a campaign are narrowed, with what people call them.
const NARROWED: [(&str, &str, &str, &str); 3] = [
    ("", "", "全部", "All"),
    ("answered", "no", "未答复", "Not answered"),
    ("drawn", "yes", "抽中的", "Drawn"),
];

/// The page of a campaign, with what was typed and what is wrong with it.
pub(super) async fn drawn(
    state: &AppState,
    visit: &Visit,
    row: &Model,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let around = Around::of(state, visit).await?;
    let read = state.ledger.read(&visit.actor);
    let own = row.id.to_string();
    let list = asked::<campaign_line::Entity>(visit, Some(("campaign", own.as_str())))?;
    let listing = read.list(&list).await?;
    let told = Told::of(&read, &listing.rows).await?;
    let progress = Progress::of(&read, visit, row).await?;
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let word =
        |name: &str| visit.query.iter().find(|(word, _)| word == name).map(|(_, value)| value);
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        @if let Some(said) = said(visit) { (done(said)) }
        div.grid.g21 {
            div.grid {
                section.card {
                    header { h2 { (visit.say("各地进展", "How far it has come")) } }
                    (scrolled(visit.say("各地进展，可滚动", "How far it has come; scrolls"), &progress.drawn(visit, row)))
                }
                section.card {
                    header { h2 { (visit.say("问题名单", "Lines")) } }
                    nav.row.pad.noprint aria-label=(visit.say("名单筛选", "Which lines")) {
                        @for (name, value, zh, en) in NARROWED {
                            @let is_chosen = if name.is_empty() { word("answered").is_none() && word("drawn").is_none() } else { word(name).is_some() };
                            a.btn.sm aria-current=[is_chosen.then_some("true")] href=(at(&format!("/campaigns/{}", row.id), (!name.is_empty()).then_some((name, value)))) { (visit.say(zh, en)) }
                        }
                    }
                    @if listing.rows.is_empty() { p.pad.mut { (visit.say("没有这样的问题。", "There is none.")) } }
                    @else {
                        (scrolled(visit.say("问题名单，可滚动", "Lines; scrolls"), &lines(visit, &listing.rows, &told)))
                        (ways(visit, &listing))
                    }
                }
            }
            div.grid {
                (facts(visit, row, &progress))
                (seed(visit, row))
                (forms::beside(visit, row, &progress.total, &sheet))
            }
        }
    };
    let shown = Page {
        place: Some(Place::Campaigns),
        way: vec![way(visit)],
        below: progress.names.path(row.area_code),
        beside: html! {
            (state_badge(visit, row))
            a.btn href={ "/campaigns/" (row.id) "/report" } { (icon(Icon::Print)) (visit.say("报告", "Report")) }
        },
        ..Page::new(titled(visit, &row.name, fault), body)
    };
    let status = fault.map_or(axum::http::StatusCode::OK, |fault| fault.status);
    Ok((status, page(visit, &around, shown)).into_response())
}
