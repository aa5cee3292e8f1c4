//! What is wrong: kind by kind, each with its asset, why, since when, who has to act, and how far
//! its rectification has come.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::{
    area::{AreaCode, Level},
    asset::Class,
    finding::Rule,
    language::Label,
    log::Action,
    rectification::State as Progressed,
};
use maud::{Markup, html};

use super::{
    export,
    finding_asked::{Asked, EVERY},
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{choice, coded, done, grouped, nothing},
    party::telephone,
    selection, setting,
    visit::{Visit, at},
};
use crate::{
    app::report::{self, Line, Outline, waiting_label},
    error::Result,
    http::{AppState, fault::Fault},
    store::{
        finding_list::{self, Order, Progress, Waiting},
        report::Sum,
    },
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/findings", get(list))
}

/// What of a list the page shows beside its rows.
struct Told<'a> {
    asked: &'a Asked,
    /// The kinds there are, with how many of each.
    kinds: &'a [(Rule, Sum)],
    /// The kind that is shown; every one when empty.
    rule: Option<Rule>,
    outline: &'a Outline,
}

impl Told<'_> {
    /// How many the list has.
    fn n(&self) -> i64 {
        let shown = |rule: Rule| self.rule.is_none_or(|one| one == rule);
        self.kinds.iter().filter(|(rule, _)| shown(*rule)).map(|(_, sum)| sum.n).sum()
    }

    fn title(&self, visit: &Visit) -> &'static str {
        self.rule.map_or_else(|| visit.say("问题", "Findings"), |rule| visit.text(rule.label()))
    }
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let asked = Asked::read(&visit.query)?;
    let around = Around::of(&state, &visit).await?;
    let (ledger, actor) = (&state.ledger, &visit.actor);
    let outline = report::outline(ledger, actor, asked.area).await?;
    let kinds = report::findings_counted(ledger, actor, &asked.sought(None)).await?;
    let rule = asked.rule(&kinds);
    let after = asked.after.as_ref();
    let sought = asked.sought(rule);
    let (lines, next) = report::findings_page(ledger, actor, &sought, after, visit.rows).await?;
    let computed = if let Some(rule) = rule {
        setting::computed_here(&state, &visit, rule, outline.area).await?
    } else {
        html! {}
    };
    let unregistered = unregistered(&state, &visit).await?;
    let told = Told { asked: &asked, kinds: &kinds, rule, outline: &outline };
    let body = html! {
        @if let Some(n) = asked.done { (done(&said(&visit, n))) }
        section.card aria-label=(visit.say("问题清单", "Findings")) {
            (chips(&visit, &told))
            (filters(&visit, &told))
            (computed)
            (unregistered)
            @if lines.is_empty() {
                (nothing(&nobody(&visit, &asked), Some(ways_on(&visit, &asked))))
            } @else {
                (table(&visit, &told, &lines))
                (pager(&visit, &told, lines.len(), next.as_ref()))
            }
        }
    };
    let words = asked.words(rule);
    let words: Vec<(&str, &str)> =
        words.iter().map(|(word, value)| (*word, value.as_str())).collect();
    let shown = Page {
        place: Some(Place::Findings),
        beside: export::ways(&visit, "/findings", &words),
        below: format!("{} · {} {}", outline.name, grouped(told.n()), told.title(&visit)),
        ..Page::new(visit.say("问题清单", "Findings"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// Z01: what is registered nowhere has no asset that a finding could be on. It is counted here, in the
/// visitor's own area, and leads to where it is listed; nothing where there is none.
async fn unregistered(state: &AppState, visit: &Visit) -> Result<Markup, Fault> {
    let read = state.ledger.read(&visit.actor);
    let (projects, finds) = (read.n_unregistered().await?, read.n_open_finds(visit.area()).await?);
    let told = |n: u64| grouped(i64::try_from(n).unwrap_or(i64::MAX));
    Ok(html! {
        @if projects + finds > 0 {
            p.pad.sm {
                (visit.say("应登记未登记（Z01）：", "Registered nowhere (Z01): "))
                @if projects > 0 {
                    a href=(at("/projects", [("unregistered", "yes")])) { (told(projects)) (visit.say(" 个已验收项目没有登记资产", " accepted projects without assets")) }
                }
                @if projects > 0 && finds > 0 { (visit.say("；", "; ")) }
                @if finds > 0 {
                    a href=(at("/stock-takes", [("sort", "-year")])) { (told(finds)) (visit.say(" 项盘盈待处理", " finds of stock-takes not settled")) }
                }
            }
        }
    })
}

fn said(visit: &Visit, n: u64) -> String {
    format!("{}{n}{}", visit.say("已办理 ", "Done for "), visit.say(" 项", " findings"))
}

/// Why there is nothing.
fn nobody(visit: &Visit, asked: &Asked) -> String {
    let words = if asked.is_narrowed() {
        visit.say("没有符合这些条件的问题。", "No finding is like that.")
    } else {
        visit.say("这里没有这类问题。", "There is no such finding here.")
    };
    words.to_owned()
}

fn ways_on(visit: &Visit, asked: &Asked) -> (&'static str, &'static str) {
    if asked.is_narrowed() {
        ("/findings", visit.manner.say("看全部问题", "All findings"))
    } else {
        ("/dashboard", visit.manner.say("回到总览", "To the overview"))
    }
}

fn chips(visit: &Visit, told: &Told<'_>) -> Markup {
    let link = |rule: Option<Rule>| {
        let words = told.asked.words(rule);
        at("/findings", words.iter().map(|(word, value)| (*word, value.as_str())))
    };
    let all: i64 = told.kinds.iter().map(|(_, sum)| sum.n).sum();
    html! {
        nav.tabs aria-label=(visit.say("问题类型", "Kinds of findings")) {
            a href=(link(None)) aria-current=[told.rule.is_none().then_some("page")] {
                (visit.say("全部", "All")) " " b { (grouped(all)) }
            }
            @for (kind, sum) in told.kinds {
                a href=(link(Some(*kind))) aria-current=[(told.rule == Some(*kind)).then_some("page")] {
                    (visit.text(kind.label())) " " b { (grouped(sum.n)) }
                }
            }
        }
    }
}

/// What `state` takes.
const STATES: [(&str, Label); 5] = [
    ("none", crate::domain::rectification::UNASKED),
    ("open", Progressed::Open.label()),
    ("underway", Progressed::Underway.label()),
    ("done", Progressed::Done.label()),
    ("closed_out", Progressed::ClosedOut.label()),
];

/// What `days` offers.
const DAYS: [(&str, Label); 4] = [
    ("30-", Label::new("30 天以上", "30 or more")),
    ("90-", Label::new("90 天以上", "90 or more")),
    ("180-", Label::new("180 天以上", "180 or more")),
    ("365-", Label::new("一年以上", "a year or more")),
];

fn filters(visit: &Visit, told: &Told<'_>) -> Markup {
    let asked = told.asked;
    let labelled = |name: &str, label: &str, control: Markup| {
        html! { div.field { label for={ "f-" (name) } { (label) } (control) } }
    };
    let select = |name: &str, choices: &'static [(&'static str, Label)], chosen: &str| {
        choice(name, Some(visit.say("全部", "all")), coded(&visit.manner, choices), chosen)
    };
    let areas = std::iter::once((told.outline.area, told.outline.name.clone()))
        .chain(told.outline.parts.iter().map(|part| (part.area, part.name.clone())))
        .map(|(code, name): (AreaCode, String)| (code.to_string(), name));
    let state = asked.progress.map_or("", |progress| match progress {
        Progress::Unasked => "none",
        Progress::In(state) => state.code(),
    });
    let days = asked.days.map(|days| format!("{days}-")).unwrap_or_default();
    let days_offered =
        DAYS.iter().map(|(code, label)| ((*code).to_owned(), visit.text(*label).to_owned()));
    let is_offered = DAYS.iter().any(|(code, _)| *code == days) || days.is_empty();
    let days_typed = (!is_offered).then(|| (days.clone(), days.clone()));
    let sort = if asked.order == Order::Age { "age" } else { "" };
    let by_age = [("age".to_owned(), visit.say("最久的在前", "longest first").to_owned())];
    let tick = |name: &str, label: &str, is_on: bool| {
        html! { label.nw { input type="checkbox" name=(name) value="yes" checked[is_on]; " " (label) } " " }
    };
    html! {
        form.filters action="/findings" {
            (labelled("area", visit.say("区划", "Area"), choice("area", None, areas, &told.outline.area.to_string())))
            (labelled("state", visit.say("整改状态", "Rectification"), select("state", &STATES, state)))
            (labelled("days", visit.say("已有天数", "Days"), choice("days", Some(visit.say("不限", "any")), days_offered.chain(days_typed), &days)))
            (labelled("class", visit.say("类别", "Class"), select("class", Class::CHOICES, asked.class.map_or("", Class::code))))
            @if told.outline.area.level() >= Level::County {
                (labelled("sort", visit.say("排序", "Order"), choice("sort", Some(visit.say("按区划", "by place")), by_age, sort)))
            }
            div {
                (tick("overdue", visit.say("只看逾期", "overdue only"), asked.is_overdue))
                (tick("mine", visit.say("待我办", "mine"), asked.waiting == Some(Waiting::ToMend)))
                (tick("waived", visit.say("含豁免", "waived too"), asked.with_waived))
            }
            @if let Some(rule) = asked.rule { input type="hidden" name="rule" value=(rule.code()); }
            @else if asked.is_every { input type="hidden" name="rule" value=(EVERY); }
            div.row {
                button.btn.go { (visit.say("查询", "Show")) }
                a.btn.link href="/findings" { (visit.say("重置", "Reset")) }
            }
        }
        @if let Some(waiting) = asked.waiting {
            p.chips { span.chip { (visit.text(waiting_label(waiting))) } }
        }
    }
}

fn table(visit: &Visit, told: &Told<'_>, lines: &[Line]) -> Markup {
    let may_choose =
        visit.may(Action::AssignRectification) || visit.may(Action::EscalateRectification);
    html! {
        @if may_choose { (batch(visit, told, lines)) }
        (listed(visit, lines, told.rule, may_choose))
    }
}

/// The rows of a list, of one kind or of every one; they can be chosen, or are numbered.
pub(super) fn listed(
    visit: &Visit,
    lines: &[Line],
    rule: Option<Rule>,
    may_choose: bool,
) -> Markup {
    let first = if may_choose { visit.say("选择", "Choose") } else { visit.say("序号", "No.") };
    html! {
        div.wrap tabindex="0" role="region" aria-label=(visit.say("问题清单，可滚动", "Findings; scrolls")) {
            table.cards {
                thead { tr {
                    th.sel scope="col" { span.sr { (first) } }
                    th scope="col" { (visit.say("资产 / 编号", "Asset / code")) }
                    th scope="col" { (visit.say("怎么回事", "What is wrong")) }
                    th.num scope="col" { (visit.say("天数", "Days")) }
                    th.num scope="col" { (visit.say("原值（元）", "Value (yuan)")) }
                    th scope="col" { (visit.say("该谁办", "Who has to act")) }
                    th scope="col" { (visit.say("期限", "Due")) }
                    th scope="col" { (visit.say("整改", "Rectification")) }
                } }
                tbody { @for line in lines { (row(visit, line, rule.is_none(), may_choose)) } }
            }
        }
    }
}

/// What is done with several at once: with those chosen, or with all of the list.
fn batch(visit: &Visit, told: &Told<'_>, lines: &[Line]) -> Markup {
    let words = told.asked.words(told.rule);
    let of = at("", words.iter().map(|(word, value)| (*word, value.as_str())));
    let n = told.n();
    let is_longer = usize::try_from(n).is_ok_and(|n| n > lines.len());
    html! {
        form.batch #chosen action="/findings/chosen" {
            input type="hidden" name="of" value=(of.trim_start_matches('?'));
            input type="hidden" name="count" value=(n);
            @if is_longer {
                label { input type="checkbox" name="all" value="yes"; " " (visit.say("选全部筛选结果 ", "All of this filter: ")) (grouped(n)) (visit.say(" 项", "")) }
            }
            (selection::told(visit))
            @if visit.may(Action::AssignRectification) {
                button.btn.sm name="do" value="assign" { (visit.say("交办", "Ask somebody")) }
            }
            @if visit.may(Action::EscalateRectification) {
                button.btn.sm name="do" value="escalate" { (visit.say("督办", "Escalate")) }
            }
        }
        (selection::script())
    }
}

fn row(visit: &Visit, line: &Line, with_rule: bool, may_choose: bool) -> Markup {
    let chosen = format!("{}.{}.{}", line.asset, line.rule.code(), line.version());
    let case = format!("/findings/{}/{}", line.code, line.rule.code());
    let is_open = line.closed.is_none() && !line.is_waived;
    html! {
        tr {
            td.sel {
                @if is_open && may_choose {
                    input type="checkbox" name="finding" value=(chosen) form="chosen" aria-label={ (visit.say("选择 ", "Choose ")) (line.name) };
                }
            }
            th scope="row" {
                a.b href={ "/assets/" (line.code) } { (line.name) }
                small { (line.area) " " (line.code) }
            }
            td data-l=(visit.say("怎么回事", "What is wrong")) {
                a href=(case) { (visit.text(if with_rule { line.rule.label() } else { line.reason })) }
                small { (visit.tell(&line.why)) }
            }
            td.num data-l=(visit.say("天数", "Days")) { (grouped(line.days)) small { (line.since) } }
            td.num data-l=(visit.say("原值（元）", "Value (yuan)")) {
                @if let Some(value) = line.value { (value.grouped()) } @else { span.mut { "—" } }
            }
            td data-l=(visit.say("该谁办", "Who has to act")) { (who(visit, line)) }
            td.nw data-l=(visit.say("期限", "Due")) { (due(visit, line)) }
            td data-l=(visit.say("整改", "Rectification")) { (progress(visit, line)) }
        }
    }
}

/// Who has to act by right, and who was asked.
pub(super) fn who(visit: &Visit, line: &Line) -> Markup {
    html! {
        div { (line.accountable.name) " " span.mut.sm { (visit.text(line.capacity)) } }
        div { (telephone(visit, &line.accountable)) }
        @if !line.charged.name.is_empty() {
            div.sm { span.mut { (visit.say("已交办：", "asked: ")) } (line.charged.name) " " (telephone(visit, &line.charged)) }
        }
    }
}

/// By when; late is said by shape and word.
pub(super) fn due(visit: &Visit, line: &Line) -> Markup {
    let due = line.round.as_ref().and_then(|round| round.due_on);
    html! {
        @match due {
            Some(due) => {
                span { (due) }
                @if line.is_overdue {
                    " " span class="st bad" { (icon(Icon::Clock)) (visit.say("逾期", "overdue")) " " (crate::domain::deficiency::days_between(due, visit.today)) (visit.say(" 天", " days")) }
                }
            }
            None => { span.mut { "—" } }
        }
    }
}

/// How far it has come: shape, word and tint.
pub(super) fn progress(visit: &Visit, line: &Line) -> Markup {
    let (class, sign) = match line.round.as_ref().map(|round| round.state) {
        None => ("st", Icon::Nobody),
        Some(Progressed::Open) => ("st warn", Icon::Quarter0),
        Some(Progressed::Underway) => ("st info", Icon::Quarter2),
        Some(Progressed::Done) => ("st info", Icon::Quarter3),
        Some(Progressed::ClosedOut) => ("st ok", Icon::Quarter4),
    };
    let round = line.round.as_ref();
    html! {
        span class=(class) { (icon(sign)) (visit.text(line.progress())) }
        @if line.is_waived { " " span class="st" { (icon(Icon::Idle)) (visit.say("豁免中", "waived")) } }
        @if let Some(level) = round.and_then(|round| round.escalated_to) {
            small { (visit.say("督办到", "escalated to the ")) (visit.text(level.label())) " × " (round.map_or(0, |round| round.n_escalated)) }
        }
        @if let Some(closing) = round.and_then(|round| round.closing) {
            small { (visit.text(closing.label())) }
        }
    }
}

fn pager(
    visit: &Visit,
    told: &Told<'_>,
    shown: usize,
    next: Option<&finding_list::Place>,
) -> Markup {
    let words = told.asked.words(told.rule);
    let words = || words.iter().map(|(word, value)| (*word, value.as_str()));
    let next = next.map(Asked::cursor);
    html! {
        nav.pager aria-label=(visit.say("翻页", "Pages")) {
            span { (visit.say("本页 ", "This page: ")) (shown) (visit.say(" 项，共 ", " of ")) (grouped(told.n())) (visit.say(" 项", "")) }
            ul {
                @if told.asked.after.is_some() {
                    li { a href=(at("/findings", words())) { (visit.say("第一页", "First page")) } }
                }
                @if let Some(next) = &next {
                    li { a rel="next" href=(at("/findings", words().chain([("after", next.as_str())]))) { (visit.say("下一页", "Next page")) } }
                }
            }
        }
    }
}
