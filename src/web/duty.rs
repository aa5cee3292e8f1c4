//! The duties of an area: where nobody bears one, whose term is over, what has no money; and who
//! bears what, and which ends soon. Each row leads to assigning.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{
    area::{AreaCode, Level},
    asset,
    duty::{Entity, Model},
    finding::Rule,
    id::AssetId,
    language::{Label, Sentence},
    setting::Key,
};
use maud::{Markup, html};

use super::{
    duty_assign::day,
    export, finding_asked,
    frame::{Around, Page, Place, page},
    parts::{grouped, nothing, scrolled},
    party::telephone,
    print, selection,
    visit::{Visit, at},
};
use crate::{
    app::{
        place::Places,
        report::{self, Line, Outline, ReportRequest, Sought},
    },
    domain::{
        deficiency::days_between,
        mistake::{Mistake, Mistakes},
        permission::Action,
        title::Party,
    },
    error::Result,
    http::{AppState, fault::Fault},
    store::{finding_list::Narrowed, list::List},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/duties", get(list))
}

/// A view of the duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    /// Assets that lack something, by the rule that finds them.
    Gap(Rule),
    /// Duties that run.
    Running,
    /// Duties that end soon.
    Ending,
}

/// Every view: the word and the value that say it, what it is called.
const VIEWS: [(View, (&str, &str), Label); 6] = [
    (
        View::Gap(Rule::NoMaintainer),
        ("gap", "no_maintainer"),
        Label::new("没有管护主体", "no maintainer"),
    ),
    (View::Gap(Rule::NoKeeper), ("gap", "no_keeper"), Label::new("没有责任人", "no keeper")),
    (View::Gap(Rule::DutyExpired), ("gap", "expired"), Label::new("已到期", "expired")),
    (View::Gap(Rule::Unfunded), ("gap", "unfunded"), Label::new("经费未落实", "unfunded")),
    (View::Running, ("show", "running"), Label::new("在任", "running")),
    (View::Ending, ("show", "ending"), Label::new("将到期", "ending soon")),
];

/// What the address asks for.
struct Asked<'a> {
    view: Option<View>,
    area: Option<AreaCode>,
    after: Option<&'a str>,
}

impl<'a> Asked<'a> {
    fn read(words: &'a [(String, String)]) -> Result<Asked<'a>> {
        let mut asked = Asked { view: None, area: None, after: None };
        let mut mistakes = Mistakes::default();
        for (word, value) in words.iter().filter(|(_, value)| !value.is_empty()) {
            let taken = match word.as_str() {
                "gap" | "show" => VIEWS
                    .iter()
                    .find(|(_, said, _)| *said == (word, value))
                    .map(|(view, ..)| asked.view = Some(*view))
                    .ok_or_else(|| wrong_view(word)),
                "area" => value.parse().map(|area| asked.area = Some(area)).map_err(|_| {
                    Sentence::new("应为十二位区划代码", "an area code of twelve digits")
                }),
                "after" => {
                    asked.after = Some(value);
                    Ok(())
                }
                _ => Err(Sentence::new(
                    "没有这个查询条件；可用：gap、show、area、after",
                    "no such parameter; there are: gap, show, area, after",
                )),
            };
            if let Err(expected) = taken {
                mistakes.push(Mistake::new(word.clone(), value, expected));
            }
        }
        mistakes.into_result()?;
        Ok(asked)
    }
}

fn wrong_view(word: &str) -> Sentence {
    let values = VIEWS.iter().filter(|(_, said, _)| said.0 == word).map(|(_, said, _)| said.1);
    let values: Vec<&str> = values.collect();
    Sentence::new(
        format!("应为其中之一：{}", values.join("、")),
        format!("one of: {}", values.join(", ")),
    )
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = Asked::read(&visit.query)?;
    let told = report::outline(&state.ledger, &visit.actor, asked.area).await?;
    let view = asked.view.unwrap_or(View::Gap(Rule::NoMaintainer));
    let (inner, n) = match view {
        View::Gap(rule) => gap(&state, &visit, (&asked, &told), rule).await?,
        View::Running | View::Ending => (borne(&state, &visit, (&asked, &told), view).await?, None),
    };
    let body = html! {
        section.card { (tabs(&visit, &told, view)) (inner) }
    };
    let below = match n {
        Some(n) => format!("{} · {} {}", told.name, grouped(n), visit.say("项", "assets")),
        None => told.name.clone(),
    };
    let area = told.area.to_string();
    let beside = match view {
        // the whole list, as it is told among the findings
        View::Gap(rule) => {
            export::ways(&visit, "/findings", &[("area", &area), ("rule", rule.code())])
        }
        View::Running | View::Ending => print::button(&visit),
    };
    let shown = Page {
        place: Some(Place::Duties),
        below,
        beside,
        ..Page::new(visit.say("管护责任", "Duties"), body)
    };
    Ok(page(&visit, &Around::of(&state, &visit).await?, shown))
}

fn tabs(visit: &Visit, told: &Outline, here: View) -> Markup {
    let area = told.area.to_string();
    html! {
        nav.tabs aria-label=(visit.say("管护责任的视图", "Views of the duties")) {
            @for (view, said, label) in VIEWS {
                a href=(at("/duties", [said, ("area", area.as_str())])) aria-current=[(view == here).then_some("page")] {
                    (visit.text(label))
                    @if let View::Gap(rule) = view { " " b { (grouped(told.found(rule).n)) } }
                }
            }
        }
    }
}

/// The words that say a view of an area.
fn said(view: View, area: &str) -> Vec<(&str, &str)> {
    let words = VIEWS.iter().find(|(known, ..)| *known == view).map(|(_, said, _)| *said);
    words.into_iter().chain([("area", area)]).collect()
}

/// Assets that lack something, each with the way to assign.
async fn gap(
    state: &AppState,
    visit: &Visit,
    (asked, told): (&Asked<'_>, &Outline),
    rule: Rule,
) -> Result<(Markup, Option<i64>)> {
    let after = asked.after.map(|text| {
        finding_asked::place(text).ok_or_else(|| {
            let expected = Sentence::new("应取自上一页", "what the page before led to");
            Mistakes(vec![Mistake::new("after", text, expected)])
        })
    });
    let after = after.transpose()?;
    let sought = Sought {
        request: ReportRequest { area: asked.area, ..ReportRequest::default() },
        narrowed: Narrowed { rule: Some(rule), ..Narrowed::default() },
        ..Sought::default()
    };
    let (ledger, actor) = (&state.ledger, &visit.actor);
    let (lines, next) =
        report::findings_page(ledger, actor, &sought, after.as_ref(), visit.rows).await?;
    let n = told.found(rule).n;
    let area = told.area.to_string();
    let next = next.as_ref().map(finding_asked::Asked::cursor);
    let view = View::Gap(rule);
    let of = at("", [("area", area.as_str()), ("lacks", rule.code())]);
    let all = u64::try_from(n).ok().map(|n| (of.trim_start_matches('?'), n));
    let inner = html! {
        @if lines.is_empty() {
            (nothing(
                visit.say("这里没有这样的资产。", "No asset here is like that."),
                Some((&at("/duties", said(View::Running, &area)), visit.say("看谁在承担责任", "Who bears what"))),
            ))
        } @else {
            (print::above(visit, visit.text(rule.label()), &told.name, visit.say("金额单位：元", "Amounts in yuan")))
            (selection::bar(visit, &["/duties/assign"], lines.iter().map(|line| line.code.as_str()), all))
            (scrolled(visit.say("缺口", "Gaps"), &html! { table.cards {
                thead { tr {
                    @if visit.may(Action::AssignDuty) { (selection::head(visit)) }
                    th scope="col" { (visit.say("资产 / 编号", "Asset / code")) }
                    th scope="col" { (visit.say("怎么回事", "What is wrong")) }
                    th.num scope="col" { (visit.say("天数", "Days")) }
                    th scope="col" { (visit.say("该谁办", "Who has to act")) }
                    @if visit.may(Action::AssignDuty) { th scope="col" { (visit.say("办理", "Act")) } }
                } }
                tbody { @for line in &lines { (lacking(visit, line, rule)) } }
            } }))
            (print::below(visit))
            (pager(visit, lines.len(), Some(n), (view, &area, next.as_deref())))
        }
    };
    Ok((inner, Some(n)))
}

fn lacking(visit: &Visit, line: &Line, rule: Rule) -> Markup {
    let renewed = [Rule::Unfunded, Rule::NoKeeper].contains(&rule).then_some(("renew", "yes"));
    let way = at("/duties/assign", [("asset", line.code.as_str())].into_iter().chain(renewed));
    html! {
        tr {
            @if visit.may(Action::AssignDuty) { (selection::cell(visit, &line.code, &line.name)) }
            th scope="row" { a.b href={ "/assets/" (line.code) } { (line.name) } small { (line.area) " " (line.code) } }
            td data-l=(visit.say("怎么回事", "What is wrong")) { span.t-bad { (visit.text(line.reason)) } small { (visit.tell(&line.why)) } }
            td.num data-l=(visit.say("天数", "Days")) { (grouped(line.days)) small { (line.since) } }
            td data-l=(visit.say("该谁办", "Who has to act")) {
                (line.accountable.name) small { (visit.text(line.capacity)) }
                (telephone(visit, &line.accountable))
            }
            @if visit.may(Action::AssignDuty) {
                td data-l=(visit.say("办理", "Act")) { a href=(way) { (visit.say("指派", "Assign")) span.sr { " " (line.name) } } }
            }
        }
    }
}

/// Who bears what, or whose duty ends soon.
async fn borne(
    state: &AppState,
    visit: &Visit,
    (asked, told): (&Asked<'_>, &Outline),
    view: View,
) -> Result<Markup> {
    let area = told.area.to_string();
    // what ends first comes first, where one county can be put in that order
    let is_ordered = told.area.level() >= Level::County;
    let read = state.ledger.read(&visit.actor);
    let local = read.local_rules([told.area]).await?;
    let soon = local.number(Key::DutyNotice, told.area, visit.today).to_string();
    let narrowed = match view {
        View::Ending if is_ordered => vec![("ending", soon.as_str()), ("sort", "until_on")],
        View::Ending => vec![("ending", soon.as_str())],
        View::Gap(_) | View::Running => vec![("running", "yes")],
    };
    let place = asked.after.map(|after| ("after", after));
    let words = narrowed.into_iter().chain([("area", area.as_str())]).chain(place);
    let mut list = List::<Entity>::read(words)?;
    list.limit = visit.rows;
    let page = read.list(&list).await?;
    let rows = page.rows;
    let local = read.local_rules(rows.iter().map(|duty| duty.area_code)).await?;
    let ids: Vec<AssetId> = rows.iter().map(|duty| duty.asset_id).collect();
    let assets: Vec<asset::Model> =
        read.dossiers(&ids).await?.into_iter().map(|one| one.asset).collect();
    let party = |duty: &Model| Party::of(duty.organization_id, duty.person_id);
    let parties: Vec<Party> = rows.iter().filter_map(party).collect();
    let named = read.parties_masked(&parties).await?;
    let mut places = Places::new(visit.today);
    places.learn(&read, rows.iter().map(|duty| duty.area_code)).await?;
    Ok(html! {
        @if rows.is_empty() {
            (nothing(
                visit.say("这里没有这样的管护责任。", "No duty here is like that."),
                Some((&at("/duties", said(View::Gap(Rule::NoMaintainer), &area)), visit.say("看没有人管的资产", "What nobody maintains"))),
            ))
        } @else {
            (scrolled(visit.say("管护责任", "Duties"), &html! { table.cards {
                thead { tr {
                    th scope="col" { (visit.say("资产 / 编号", "Asset / code")) }
                    th scope="col" { (visit.say("责任", "Duty")) }
                    th scope="col" { (visit.say("由谁承担", "Borne by")) }
                    th scope="col" { (visit.say("起止", "From — until")) }
                    th.num scope="col" { (visit.say("年度经费（元）", "A year (yuan)")) }
                    @if visit.may(Action::AssignDuty) { th scope="col" { (visit.say("办理", "Act")) } }
                } }
                tbody { @for duty in &rows {
                    @let asset = assets.iter().find(|asset| asset.id == duty.asset_id);
                    @let bearer = party(duty).and_then(|party| named.get(&party)).cloned().unwrap_or_default();
                    @let notice = local.number(Key::DutyNotice, duty.area_code, visit.today);
                    (bearing(visit, (duty, notice), asset, (&places.path_below(duty.area_code, Some(visit.area())), &bearer.name)))
                } }
            } }))
            (pager(visit, rows.len(), None, (view, &area, page.next.as_deref())))
        }
    })
}

fn bearing(
    visit: &Visit,
    (duty, notice): (&Model, i64),
    asset: Option<&asset::Model>,
    (place, bearer): (&str, &str),
) -> Markup {
    let left = duty.until_on.map(|until| days_between(visit.today, until));
    html! {
        tr {
            th scope="row" { @if let Some(asset) = asset { a.b href={ "/assets/" (asset.code) "/duty" } { (asset.name) } small { (place) " " (asset.code) } } }
            td data-l=(visit.say("责任", "Duty")) { (visit.text(duty.kind.label())) @if let Some(task) = &duty.task { small { (task) } } }
            td data-l=(visit.say("由谁承担", "Borne by")) { (bearer) }
            td data-l=(visit.say("起止", "From — until")) {
                (day(duty.from_on)) " — " (day(duty.until_on))
                @if let Some(left) = left.filter(|left| *left <= notice) { small.t-warn { (visit.say("还剩 ", "")) (left) (visit.say(" 天", " days left")) } }
            }
            td.num data-l=(visit.say("年度经费（元）", "A year (yuan)")) { @if let Some(budget) = duty.annual_budget { (budget.grouped()) } @else { span.mut { "—" } } }
            @if visit.may(Action::AssignDuty) {
                td data-l=(visit.say("办理", "Act")) {
                    @if let Some(asset) = asset { a.btn.sm href=(at("/duties/assign", [("asset", asset.code.as_str()), ("renew", "yes")])) { (visit.say("续签或换人", "Renew or replace")) } " " }
                    a.btn.sm href={ "/duties/" (duty.id) "/end" } { (visit.say("终止", "End")) }
                }
            }
        }
    }
}

fn pager(
    visit: &Visit,
    shown: usize,
    n: Option<i64>,
    (view, area, next): (View, &str, Option<&str>),
) -> Markup {
    html! {
        nav.pager aria-label=(visit.say("翻页", "Pages")) {
            span {
                (visit.say("本页 ", "This page: ")) (shown)
                @if let Some(n) = n { (visit.say(" 项，共 ", " of ")) (grouped(n)) }
                (visit.say(" 项", ""))
            }
            ul {
                @if visit.query.iter().any(|(word, _)| word == "after") {
                    li { a href=(at("/duties", said(view, area))) { (visit.say("第一页", "First page")) } }
                }
                @if let Some(next) = next {
                    li { a rel="next" href=(at("/duties", said(view, area).into_iter().chain([("after", next)]))) { (visit.say("下一页", "Next page")) } }
                }
            }
        }
    }
}
