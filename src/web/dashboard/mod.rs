//! The overview: what there is, what is wrong, what is most urgent, how the parts compare. Each
//! figure leads to the list it counts.

mod compared;
mod composition;
mod desk;
mod role;

use axum::{Router, extract::State, response::Response, routing::get};
use chrono::NaiveDate;
use entity::{
    account::Role,
    area::{AreaCode, Level},
    asset::Class,
    finding::Rule,
    language::Language,
    log::Action,
    setting::Key,
};
use maud::{Markup, html};

use super::{
    chart,
    finding_asked::EVERY,
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{bar, grouped, nothing, percent, ten_thousands},
    party::telephone,
    print,
    visit::{Visit, at},
};
use crate::{
    app::{
        self,
        report::{self, Flow, Line, Outline, Overview},
    },
    domain::{
        mistake::{Mistake, Mistakes},
        setting::LocalRules,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    store::report::Sum,
};

/// What is wrong that keeps an asset from being looked after.
const UPKEEP: [Rule; 2] = [Rule::NoMaintainer, Rule::MaintainerUnknown];
/// The whole, in hundredths of a percent.
const WHOLE: i64 = 10_000;

/// The shares of assets that must be titled and looked after, where each part of the area lies.
struct Targets {
    local: LocalRules,
    day: NaiveDate,
}

impl Targets {
    async fn of(state: &AppState, visit: &Visit, told: &Outline) -> Result<Targets> {
        let areas = told.parts.iter().map(|part| part.area).chain([told.area]);
        let local = state.ledger.read(&visit.actor).local_rules(areas).await?;
        Ok(Targets { local, day: visit.today })
    }

    /// What is aimed at in an area, in words, and the way to the rule that says so.
    fn aim(&self, visit: &Visit, area: AreaCode) -> Markup {
        let told = |key| self.local.value(key, area, self.day).told().en;
        html! {
            a href=(at("/admin/rules", [("area", area.to_string().as_str())])) { (visit.say("目标", "Aim")) }
            (visit.say("：确权 ", ": titled ")) (told(Key::TitleTarget))
            (visit.say("，管护 ", ", maintained ")) (told(Key::UpkeepTarget))
            (visit.say("。低于目标标 ▾", "; below it ▾"))
        }
    }

    /// Whether a share of an area is below its target.
    fn is_missed(&self, key: Key, area: AreaCode, (part, all): (i64, i64)) -> bool {
        i128::from(part) * i128::from(WHOLE)
            < i128::from(all) * i128::from(self.local.number(key, area, self.day))
    }
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/dashboard", get(show))
}

/// The area that the address names.
pub(super) fn area_of(words: &[(String, String)]) -> Result<Option<AreaCode>> {
    let mut area = None;
    let mut mistakes = Mistakes::default();
    for (word, value) in words {
        let (zh, en) = match word.as_str() {
            "area" if value.is_empty() => continue,
            "area" => match value.parse() {
                Ok(code) => {
                    area = Some(code);
                    continue;
                }
                Err(_) => ("应为十二位区划代码", "an area code of twelve digits"),
            },
            _ => ("没有这个查询条件；可用：area", "no such parameter; there is: area"),
        };
        let expected = entity::language::Sentence::new(zh, en);
        mistakes.push(Mistake::new(word.clone(), word, expected));
    }
    mistakes.into_result().map_err(Error::from)?;
    Ok(area)
}

/// A part of the overview.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    /// What waits for somebody to record it, one's drafts, the ways to begin.
    Desk,
    /// What an auditor looks at first.
    Doubts,
    /// What the role is to see to.
    Mine,
    /// How a town stands beside its county.
    Beside,
    /// The five duties.
    Strip,
    /// What is wrong, and what is most urgent.
    Problems,
    /// The parts of the area beside one another.
    Compared,
    /// What the assets are and where their money came from.
    Composition,
    /// What opened and cleared, month by month.
    Trend,
}

/// Which blocks stand in which order, by role (ux.md §3.2).
const fn blocks(role: Role) -> &'static [Block] {
    use Block::{Beside, Compared, Composition, Desk, Doubts, Mine, Problems, Strip, Trend};
    match role {
        Role::FinanceClerk | Role::FinanceApprover | Role::RuralOfficer => {
            &[Mine, Strip, Desk, Problems, Compared, Composition, Trend]
        }
        Role::TownshipClerk => &[Mine, Beside, Desk, Strip, Compared, Problems, Composition, Trend],
        Role::VillageOfficer => &[Mine, Desk, Strip, Problems, Composition, Trend],
        Role::DepartmentOfficer | Role::Inspector => {
            &[Mine, Problems, Strip, Compared, Composition, Trend]
        }
        Role::Auditor | Role::AuditAdministrator => {
            &[Doubts, Strip, Trend, Problems, Compared, Composition]
        }
        Role::Leader
        | Role::Operator
        | Role::Administrator
        | Role::SecurityAdministrator
        | Role::Villager => &[Strip, Problems, Compared, Composition, Trend],
    }
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let area = area_of(&visit.query)?;
    let around = Around::of(&state, &visit).await?;
    let overview = report::overview(&state.ledger, &visit.actor, area).await?;
    let told = &overview.outline;
    let blocks = blocks(visit.role());
    let targets = Targets::of(&state, &visit, told).await?;
    let own = role::Told::of(&state, &visit).await?;
    let drafts = if blocks.contains(&Block::Desk) {
        app::draft::count(&state.ledger, &visit.actor).await?
    } else {
        0
    };
    let title = visit.say("资产运行总览", "Overview of the assets");
    let body = html! {
        (chart::hatch())
        div.brief {
            (brief_head(&visit, told))
            @let is_empty = told.all == Sum::default();
            @if is_empty { (nothing_yet(&visit)) }
            @for block in blocks.iter().filter(|block| !is_empty || ![Block::Desk, Block::Beside].contains(*block)) { @match block {
                Block::Desk => (desk::block(&visit, told, drafts)),
                Block::Doubts => (desk::doubts(&visit, told, &role::doubts(&visit, &own))),
                Block::Mine => (role::block(&visit, &around, &own)),
                Block::Beside => (role::beside(&visit, told, &own)),
                Block::Strip => (strip(&visit, &overview, &targets)),
                Block::Problems => div.grid.g21.mt { (problems(&visit, &overview)) (urgent(&visit, &overview)) },
                Block::Compared => @if told.level.is_some() && !told.parts.is_empty() { (compared::block(&visit, told, &targets)) },
                Block::Composition => (composition::block(&visit, &overview)),
                Block::Trend => (composition::trend(&visit, &overview)),
            } }
        }
    };
    let shown = Page {
        place: Some(Place::Overview),
        below: below(&visit, told),
        beside: print::button_named(visit.say("打印简报", "Print the brief")),
        way: way(&visit, told),
        ..Page::new(format!("{} {title}", told.name), body)
    };
    Ok(page(&visit, &around, shown))
}

/// What stands above the brief on paper.
fn brief_head(visit: &Visit, told: &Outline) -> Markup {
    html! {
        div.ponly {
            p.ptitle { (told.name) (visit.say("资产运行简报", ": brief on the assets")) }
            p.pmeta {
                span { (visit.say("数据截至：", "As of: ")) (visit.today) }
                span { (visit.say("金额单位：万元", "Amounts in ×10,000 yuan")) }
            }
        }
    }
}

/// Where there is no asset: what to do first.
fn nothing_yet(visit: &Visit) -> Markup {
    html! {
        section.card.pad {
            h2 { (visit.say("这里还没有资产", "There are no assets here yet")) }
            p { (visit.say("登记之后，这一页会显示数量、问题和走势。", "Once there are, this page shows how many, what is wrong and how it changes.")) }
            p.row.mt {
                @if visit.may(Action::ImportSheet) { a.btn href="/imports/new" { (icon(Icon::Sheet)) (visit.say("导入表格", "Bring a sheet in")) } }
                @if visit.may(Action::RegisterAsset) { a.btn.go href="/assets/new" { (icon(Icon::Add)) (visit.say("登记第一项资产", "Register the first asset")) } }
            }
        }
    }
}

fn below(visit: &Visit, told: &Outline) -> String {
    let n = told.parts.len();
    let today = visit.today;
    match told.level {
        Some(level) => format!("{today} · {n} {}{}", visit.say("个", ""), kinds(visit, level)),
        None => today.to_string(),
    }
}

/// What the parts of an area are called together.
fn kinds(visit: &Visit, level: Level) -> String {
    let label = level.label();
    let many = label.en.strip_suffix('y').map(|stem| format!("{stem}ies"));
    match visit.language {
        Language::Chinese => label.zh.to_owned(),
        Language::English => many.unwrap_or_else(|| format!("{}s", label.en)),
    }
}

/// Back up to one's own area.
fn way(visit: &Visit, told: &Outline) -> Vec<(String, String)> {
    if told.area == visit.area() {
        return Vec::new();
    }
    vec![("/dashboard".to_owned(), visit.say("总览", "Overview").to_owned())]
}

/// Assets of the area on the page with something wrong.
fn lacking(told: &Outline, rule: Rule) -> String {
    findings(told.area, rule)
}

fn findings(area: AreaCode, rule: Rule) -> String {
    at("/findings", [("rule", rule.code()), ("area", area.to_string().as_str())])
}

/// All that is wrong in an area.
fn every_finding(area: AreaCode) -> String {
    at("/findings", [("rule", EVERY), ("area", area.to_string().as_str())])
}

fn of_area<'a>(area: &'a str, more: &'a [(&'a str, &'a str)]) -> String {
    at("/assets", std::iter::once(("area", area)).chain(more.iter().copied()))
}

/// One duty: its place in the order, its name, its figure.
struct Duty {
    place: &'static str,
    name: &'static str,
    path: String,
    figure: Markup,
    part: (i64, i64),
    target: Option<Key>,
    below: Markup,
}

/// The five duties, in the order in which the policy names them.
fn strip(visit: &Visit, overview: &Overview, targets: &Targets) -> Markup {
    let told = &overview.outline;
    let n = told.all.n;
    let area = told.area.to_string();
    let untitled = told.found(Rule::TitleUnconfirmed).n;
    let unkept: i64 = UPKEEP.iter().map(|rule| told.found(*rule).n).sum();
    let operating = told.classes.iter().find(|(class, _)| *class == Class::Operating);
    let operating = operating.map(|(_, sum)| *sum).unwrap_or_default();
    let share = |lacking: i64, word: &str| html! { (percent((n - lacking).max(0), n)) small { "% " (word) } };
    let duties = [
        Duty {
            place: "一",
            name: visit.say("资产登记", "Registered"),
            path: of_area(&area, &[]),
            figure: html! { (grouped(n)) small { (visit.say("项", "assets")) } },
            part: (1, 1),
            target: None,
            below: html! { (visit.say("原值 ", "Value ")) (ten_thousands(told.all.value)) (visit.say(" 万元", " ×10,000 yuan")) },
        },
        Duty {
            place: "二",
            name: visit.say("产权归属", "Titled"),
            path: lacking(told, Rule::TitleUnconfirmed),
            figure: share(untitled, visit.say("已确权", "confirmed")),
            part: ((n - untitled).max(0), n),
            target: Some(Key::TitleTarget),
            below: html! { (grouped(untitled)) (visit.say(" 项未确权", " unconfirmed")) },
        },
        Duty {
            place: "三",
            name: visit.say("运营管护", "Maintained"),
            path: lacking(told, Rule::NoMaintainer),
            figure: share(unkept, visit.say("已落实", "in order")),
            part: ((n - unkept).max(0), n),
            target: Some(Key::UpkeepTarget),
            below: html! { (grouped(told.found(Rule::NoMaintainer).n)) (visit.say(" 项缺管护主体", " without a maintainer")) },
        },
        Duty {
            place: "四",
            name: visit.say("收益资产", "Earning"),
            path: of_area(&area, &[("class", "operating")]),
            figure: html! { (grouped(operating.n)) small { (visit.say("项经营性资产", "operating assets")) } },
            part: (operating.n, n),
            target: None,
            below: html! { (visit.say("原值 ", "Value ")) (ten_thousands(operating.value)) (visit.say(" 万元", " ×10,000 yuan")) },
        },
        Duty {
            place: "五",
            name: visit.say("资产处置", "Gone"),
            path: of_area(&area, &[("standing", "no")]),
            figure: html! { (grouped(overview.gone.n)) small { (visit.say("项", "assets")) } },
            part: (overview.gone.n, n + overview.gone.n),
            target: None,
            below: html! { (visit.say("已处置、作废或灭失", "disposed of, void or no longer standing")) },
        },
    ];
    html! {
        div.strip {
            @for duty in duties {
                a href=(duty.path) {
                    h2 { span { (duty.place) } (duty.name) }
                    p.fig { (duty.figure) }
                    (bar(duty.part.0, duty.part.1, duty.target.is_some_and(|key| targets.is_missed(key, told.area, duty.part))))
                    p.sm { (duty.below) }
                }
            }
        }
    }
}

/// More or fewer than at the end of last month.
fn changed(visit: &Visit, flow: Flow) -> Markup {
    let more = flow.opened - flow.cleared;
    html! {
        @if more > 0 { span.t-bad { (visit.say("增 ", "+")) (grouped(more)) } }
        @else if more < 0 { (visit.say("减 ", "−")) (grouped(-more)) }
        @else { (visit.say("持平", "same")) }
    }
}

/// What is wrong, rule by rule.
fn problems(visit: &Visit, overview: &Overview) -> Markup {
    let told = &overview.outline;
    let most = told.rules.iter().map(|(_, sum)| sum.n).max().unwrap_or_default();
    html! {
        section.card {
            header {
                h2 { (visit.say("突出问题", "What is wrong")) }
                span.mut.sm {
                    a href=(every_finding(told.area)) { (grouped(told.n_found())) } (visit.say(" 条，较上月", " findings, since last month: "))
                    (changed(visit, overview.since.values().fold(Flow::default(), |all, flow| Flow { opened: all.opened + flow.opened, cleared: all.cleared + flow.cleared })))
                }
                a href=(every_finding(told.area)) { (visit.say("打开问题清单", "All findings")) }
            }
            @if told.rules.is_empty() { (nothing(visit.say("没有发现问题。", "Nothing is wrong."), None)) }
            @else {
                div.wrap tabindex="0" role="region" aria-label=(visit.say("突出问题", "What is wrong")) {
                    table {
                        thead { tr {
                            th scope="col" { (visit.say("问题类型", "Finding")) }
                            th.num scope="col" { (visit.say("数量", "Count")) }
                            th scope="col" { span.sr { (visit.say("占比", "Share")) } }
                            th.num scope="col" { (visit.say("原值（万元）", "Value (×10,000 yuan)")) }
                            th.num scope="col" { (visit.say("较上月", "Since last month")) }
                            th.num scope="col" { (visit.say("最长（天）", "Longest (days)")) }
                        } }
                        tbody { @for (rule, sum) in &told.rules {
                            tr {
                                th scope="row" { a href=(lacking(told, *rule)) { (visit.text(rule.label())) } }
                                td.num { a href=(lacking(told, *rule)) { (grouped(sum.n)) } }
                                td { (bar(sum.n, most, false)) }
                                td.num { (ten_thousands(sum.value)) }
                                td.num { (changed(visit, overview.since.get(rule).copied().unwrap_or_default())) }
                                td.num { (overview.longest.get(rule).map_or_else(|| "—".to_owned(), |days| grouped(*days))) }
                            }
                        } }
                    }
                }
            }
        }
    }
}

/// What weighs most and has lasted longest, and whom to call.
fn urgent(visit: &Visit, overview: &Overview) -> Markup {
    let told = &overview.outline;
    html! {
        section.card {
            header {
                h2 { (visit.say("最急的五件事", "The five most urgent")) }
                a href=(overview.urgent.first().map_or_else(|| "/findings".to_owned(), |line| lacking(told, line.rule))) { (visit.say("全部", "All")) }
            }
            @if overview.urgent.is_empty() { (nothing(visit.say("没有要紧的事。", "Nothing is urgent."), None)) }
            @else { ul.ppl { @for line in &overview.urgent { (case(visit, line)) } } }
        }
    }
}

fn case(visit: &Visit, line: &Line) -> Markup {
    html! {
        li {
            a.b href={ "/assets/" (line.code) } { (line.name) }
            span.t-bad.sm { (visit.text(line.reason)) " " (grouped(line.days)) (visit.say(" 天", " days")) }
            span.mut.sm { (visit.text(line.capacity)) " " (line.accountable.name) }
            (telephone(visit, &line.accountable))
        }
    }
}
