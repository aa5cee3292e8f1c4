//! The overview: what there is, what is wrong, what is most urgent, how the parts compare. Each
//! figure leads to the list it counts.

use axum::{Router, extract::State, response::Response, routing::get};
use chrono::NaiveDate;
use entity::{area::AreaCode, asset::Class, finding::Rule, setting::Key};
use maud::{Markup, html};

use super::{
    frame::{Around, Page, Place, page},
    icon::{Icon, icon},
    parts::{bar, grouped, nothing, percent, ten_thousands},
    visit::{Visit, at},
};
use crate::{
    app::report::{self, Line, Outline, Overview, Part},
    domain::{
        mistake::{Mistake, Mistakes},
        setting::LocalRules,
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
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

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let area = area_of(&visit.query)?;
    let around = Around::of(&state, &visit).await?;
    let overview = report::overview(&state.ledger, &visit.actor, area).await?;
    let told = &overview.outline;
    let targets = Targets::of(&state, &visit, told).await?;
    let body = html! {
        (strip(&visit, &overview, &targets))
        div.grid.g21.mt {
            (problems(&visit, &overview))
            (urgent(&visit, &overview))
        }
        @if told.level.is_some() { (compared(&visit, told, &targets)) }
        (composition(&visit, told))
    };
    let title = visit.say("资产运行总览", "Overview of the assets");
    let shown = Page {
        place: Some(Place::Overview),
        below: below(&visit, told),
        beside: switcher(&visit, told),
        way: way(&visit, told),
        ..Page::new(format!("{} {title}", told.name), body)
    };
    Ok(page(&visit, &around, shown))
}

fn below(visit: &Visit, told: &Outline) -> String {
    let n = told.parts.len();
    let today = visit.today;
    match told.level.map(entity::area::Level::label) {
        Some(label) => format!("{today} · {n} {}{}", visit.say("个", ""), visit.text(label)),
        None => today.to_string(),
    }
}

/// Back up to one's own area.
fn way(visit: &Visit, told: &Outline) -> Vec<(String, String)> {
    if told.area == visit.area() {
        return Vec::new();
    }
    vec![("/dashboard".to_owned(), visit.say("总览", "Overview").to_owned())]
}

/// One of the parts of the area.
fn switcher(visit: &Visit, told: &Outline) -> Markup {
    html! {
        @if !told.parts.is_empty() {
            form.row action="/dashboard" {
                label.sr for="area" { (visit.say("区划", "Area")) }
                select #area name="area" {
                    option value=(told.area) { (told.name) }
                    @for part in &told.parts { option value=(part.area) { (part.name) } }
                }
                button.btn { (visit.say("查看", "Show")) }
            }
        }
    }
}

/// Assets of the area on the page with something wrong.
fn lacking(told: &Outline, rule: Rule) -> String {
    findings(told.area, rule)
}

fn findings(area: AreaCode, rule: Rule) -> String {
    at("/findings", [("rule", rule.code()), ("area", area.to_string().as_str())])
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

/// What is wrong, rule by rule.
fn problems(visit: &Visit, overview: &Overview) -> Markup {
    let told = &overview.outline;
    let most = told.rules.iter().map(|(_, sum)| sum.n).max().unwrap_or_default();
    html! {
        section.card {
            header {
                h2 { (visit.say("突出问题", "What is wrong")) }
                span.mut.sm { (grouped(told.n_found())) (visit.say(" 条", " findings")) }
                a href=(at("/findings", [("area", told.area.to_string().as_str())])) { (visit.say("打开问题清单", "All findings")) }
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
                            th.num scope="col" { (visit.say("近 30 天新增", "New in 30 days")) }
                        } }
                        tbody { @for (rule, sum) in &told.rules {
                            tr {
                                th scope="row" { a href=(lacking(told, *rule)) { (visit.text(rule.label())) } }
                                td.num { a href=(lacking(told, *rule)) { (grouped(sum.n)) } }
                                td { (bar(sum.n, most, false)) }
                                td.num { (ten_thousands(sum.value)) }
                                td.num { (grouped(overview.lately.get(rule).copied().unwrap_or_default())) }
                            }
                        } }
                    }
                }
            }
        }
    }
}

/// What has gone without a maintainer the longest, and whom to call.
fn urgent(visit: &Visit, overview: &Overview) -> Markup {
    let told = &overview.outline;
    html! {
        section.card {
            header {
                h2 { (visit.say("最急的五件事", "The five most urgent")) }
                a href=(lacking(told, Rule::NoMaintainer)) { (visit.say("全部", "All")) }
            }
            @if overview.urgent.is_empty() { (nothing(visit.say("每项资产都有人管护。", "Every asset has a maintainer."), None)) }
            @else { ul.ppl { @for line in &overview.urgent { (case(visit, line)) } } }
        }
    }
}

fn case(visit: &Visit, line: &Line) -> Markup {
    html! {
        li {
            a.b href={ "/assets/" (line.code) } { (line.name) }
            span.t-bad.sm { (visit.text(line.reason)) " " (grouped(line.days)) (visit.say(" 天", " days")) }
            span.mut.sm { (visit.text(line.capacity)) " " (line.accountable) }
            @if !line.phone.is_empty() {
                span.tel { (icon(Icon::Telephone)) (line.phone) }
            }
        }
    }
}

/// One part of the area. What lies in no part of it, but in the area itself, has no list of its own.
fn compared_part(visit: &Visit, told: &Outline, part: &Part, targets: &Targets) -> Markup {
    let share = |key, found: i64, all: i64| {
        let kept = (all - found).max(0);
        let is_low = targets.is_missed(key, part.area, (kept, all));
        html! {
            td.num {
                span class=[is_low.then_some("t-bad")] { @if is_low { "▾ " } (percent(kept, all)) "%" }
                (bar(kept, all, is_low))
            }
        }
    };
    let unkept: i64 = UPKEEP.iter().map(|rule| part.found(*rule).n).sum();
    let is_own = part.area == told.area;
    let area = part.area.to_string();
    let counted = |path: String, n: i64| {
        html! { td.num { @if is_own { (grouped(n)) } @else { a href=(path) { (grouped(n)) } } } }
    };
    html! {
        tr {
            th scope="row" {
                @if is_own { (part.name) (visit.say("本级", ", itself")) }
                @else { a href=(at("/dashboard", [("area", area.as_str())])) { (part.name) } }
            }
            (counted(of_area(&area, &[]), part.all.n))
            td.num { (ten_thousands(part.all.value)) }
            (share(Key::TitleTarget, part.found(Rule::TitleUnconfirmed).n, part.all.n))
            (share(Key::UpkeepTarget, unkept, part.all.n))
            (counted(findings(part.area, Rule::NoMaintainer), part.found(Rule::NoMaintainer).n))
            td.num { (grouped(part.n_found())) }
        }
    }
}

/// The parts of the area beside one another.
fn compared(visit: &Visit, told: &Outline, targets: &Targets) -> Markup {
    let label = told.level.map_or("", |level| visit.text(level.label()));
    html! {
        section.card.mt {
            header {
                h2 { (label) (visit.say("对比", "s compared")) }
                span.mut.sm { (targets.aim(visit, told.area)) }
            }
            div.wrap tabindex="0" role="region" aria-label=(visit.say("对比", "Compared")) {
                table {
                    thead { tr {
                        th scope="col" { (label) }
                        th.num scope="col" { (visit.say("资产（项）", "Assets")) }
                        th.num scope="col" { (visit.say("原值（万元）", "Value (×10,000 yuan)")) }
                        th.num scope="col" { (visit.say("确权率", "Titled")) }
                        th.num scope="col" { (visit.say("管护落实率", "Maintained")) }
                        th.num scope="col" { (visit.say("缺管护主体", "No maintainer")) }
                        th.num scope="col" { (visit.say("问题", "Findings")) }
                    } }
                    tbody { @for part in &told.parts { (compared_part(visit, told, part, targets)) } }
                    tfoot { tr {
                        @let unkept: i64 = UPKEEP.iter().map(|rule| told.found(*rule).n).sum();
                        th scope="row" { (told.name) }
                        td.num { (grouped(told.all.n)) }
                        td.num { (ten_thousands(told.all.value)) }
                        td.num { (percent((told.all.n - told.found(Rule::TitleUnconfirmed).n).max(0), told.all.n)) "%" }
                        td.num { (percent((told.all.n - unkept).max(0), told.all.n)) "%" }
                        td.num { (grouped(told.found(Rule::NoMaintainer).n)) }
                        td.num { (grouped(told.n_found())) }
                    } }
                }
            }
        }
    }
}

/// What the assets are, by their value: a bar, and the same as a table.
fn composition(visit: &Visit, told: &Outline) -> Markup {
    let whole = told.all.value.fen();
    let permille = |fen: i64| {
        if whole > 0 {
            (i128::from(fen) * 1_000 / i128::from(whole)).try_into().unwrap_or(0_i64)
        } else {
            0
        }
    };
    let mut place = 0;
    let drawn: Vec<(i64, i64)> = told
        .classes
        .iter()
        .map(|(_, sum)| {
            let width = permille(sum.value.fen());
            let at = place;
            place += width;
            (at, width)
        })
        .collect();
    let keys = ["k1", "k2", "k3"];
    html! {
        section.card.mt {
            header { h2 { (visit.say("资产构成", "What the assets are")) } span.mut.sm { (visit.say("按原值，万元", "by value, ×10,000 yuan")) } }
            div.pad {
                svg.stack viewBox="0 0 1000 28" preserveAspectRatio="none" aria-hidden="true" {
                    @for ((x, width), key) in drawn.iter().zip(keys) {
                        rect x=(x) width=((width - 2).max(0)) height="28" class=(key) {}
                    }
                }
                div.wrap tabindex="0" role="region" aria-label=(visit.say("资产构成", "What the assets are")) { table {
                    thead.sr { tr {
                        th scope="col" { (visit.say("类别", "Class")) }
                        th scope="col" { (visit.say("项数", "Assets")) }
                        th scope="col" { (visit.say("原值（万元）", "Value (×10,000 yuan)")) }
                        th scope="col" { (visit.say("占比", "Share")) }
                    } }
                    tbody { @for ((class, sum), key) in told.classes.iter().zip(keys) {
                        tr {
                            th scope="row" {
                                svg.key viewBox="0 0 12 12" aria-hidden="true" { rect width="12" height="12" class=(key) {} }
                                a href=(of_area(&told.area.to_string(), &[("class", class.code())])) { (visit.text(class.label())) }
                            }
                            td.num { (grouped(sum.n)) (visit.say(" 项", "")) }
                            td.num { b { (ten_thousands(sum.value)) } }
                            td.num { (percent(sum.value.fen(), whole)) "%" }
                        }
                    } }
                } }
            }
        }
    }
}
