//! Local rules: what holds in an area, since when, by which document, who set it; and what the ledger
//! is called. Whoever is in the line of an area may see how something is computed there.

use axum::{
    Router,
    extract::{Path, State},
    response::{Redirect, Response},
    routing::{get, post},
};
use entity::{
    area::{self, AreaCode},
    finding::Rule,
    id::SettingId,
    language::Sentence,
    setting::{AssetFamily, Key, Model},
};
use maud::{Markup, html};

use super::{
    form::{Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    parts::{Tone, badge, done, scrolled},
    visit::{Visit, at},
};
use crate::{
    app::{
        self,
        output::CHINA_CLOCK,
        setting::{Applied, Standing, Told},
    },
    domain::{
        deficiency::computed,
        mistake::{Mistake, Mistakes},
        permission::Action,
        setting::{Group, ledger_name, table_name, value_of},
    },
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::list::List,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/rules", get(list))
        .route("/admin/rules/values/{id}/withdraw", post(withdraw))
        .route("/admin/terms", get(terms))
}

/// The words of an address that a page understands; others are refused.
pub(super) fn words<'a>(visit: &'a Visit, known: &[&str]) -> Result<impl Fn(&str) -> &'a str> {
    let mut mistakes = Mistakes::default();
    for (word, value) in visit.query.iter().filter(|(word, _)| !known.contains(&word.as_str())) {
        let (zh, en) = (known.join("、"), known.join(", "));
        let expected = Sentence::new(
            format!("没有这个查询条件；可用：{zh}"),
            format!("no such parameter; there are: {en}"),
        );
        mistakes.push(Mistake::new(word.clone(), value, expected));
    }
    mistakes.into_result()?;
    Ok(|name: &str| {
        let found = visit.query.iter().find(|(word, _)| word == name);
        found.map_or("", |(_, value)| value.trim())
    })
}

/// An area as an address or a form names it; empty means one's own.
pub(super) fn area_named(text: &str) -> Result<Option<AreaCode>> {
    if text.is_empty() {
        return Ok(None);
    }
    let expected = Sentence::new("应为十二位区划代码", "an area code of twelve digits");
    let wrong = |_| Mistakes(vec![Mistake::new("area", text, expected)]);
    Ok(Some(text.parse().map_err(wrong)?))
}

/// Where the rules of an area are.
pub(super) fn of_area(area: AreaCode) -> String {
    at("/admin/rules", [("area", area.to_string().as_str())])
}

async fn list(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    let word = words(&visit, &["area", "done", "assets", "opened", "closed", "rest"])?;
    let told = app::setting::told(&state.ledger, &visit.actor, area_named(word("area"))?).await?;
    let around = Around::of(&state, &visit).await?;
    let below = below(&state, &visit, told.area).await?;
    let number = |name: &str| word(name).parse::<usize>().ok();
    let applied = number("assets").map(|assets| Applied {
        assets,
        opened: number("opened").unwrap_or_default(),
        closed: number("closed").unwrap_or_default(),
        is_complete: word("rest") != "yes",
    });
    let body = html! {
        @match word("done") {
            "set" => {
                (done(&match applied {
                    Some(applied) => format!("{}{}", visit.say("已设定并生效。", "Set, and in force. "), visit.tell(&applied.told())),
                    None => visit.say("已设定。", "Set.").to_owned(),
                }))
            }
            "withdrawn" => { (done(visit.say("已撤回，不会生效。", "Withdrawn; it will not begin."))) }
            _ => {}
        }
        p.mut {
            (visit.say(
                "每项规则取最近一级区划已生效的最新取值；都没有设定时用默认值。改动只加新值，不改旧值。",
                "Of each rule the latest value that has begun counts, of the nearest area that has one; else the default. A change adds a value and alters none.",
            ))
        }
        @for group in Group::ALL { (section(&visit, &told, group)) }
    };
    let shown = Page {
        place: Some(Place::Rules),
        below: format!("{} · {}", told.name, told.day),
        beside: switcher(&visit, &told, &below),
        ..Page::new(visit.say("县级规则", "Local rules"), body)
    };
    Ok(page(&visit, &around, shown))
}

/// The areas directly below one that the visitor reaches.
async fn below(state: &AppState, visit: &Visit, area: AreaCode) -> Result<Vec<area::Model>> {
    let code = area.to_string();
    let mut list = List::<area::Entity>::read([("parent", code.as_str())])?.of_present();
    list.limit = limits::PAGE_ROWS;
    Ok(state.ledger.read(&visit.actor).list(&list).await?.rows)
}

/// From an area to those above it, and to those below.
fn switcher(visit: &Visit, told: &Told, below: &[area::Model]) -> Markup {
    let mut above: Vec<(&AreaCode, &String)> =
        told.names.iter().filter(|(code, _)| **code != told.area).collect();
    above.sort();
    html! {
        form.row action="/admin/rules" {
            label.sr for="area" { (visit.say("区划", "Area")) }
            select #area name="area" {
                @for (code, name) in above { option value=(code) { (name) } }
                option value=(told.area) selected { (told.name) }
                @for row in below { option value=(row.area_code) { (row.name) } }
            }
            button.btn { (visit.say("查看", "Show")) }
        }
    }
}

fn section(visit: &Visit, told: &Told, group: Group) -> Markup {
    let rules = told.rules.iter().filter(|rule| rule.definition.group == group);
    let label = visit.text(group.label());
    html! {
        section.card.mt {
            header { h2 { (label) } }
            (scrolled(label, &html! { table.cards {
                thead { tr {
                    th scope="col" { (visit.say("规则", "Rule")) }
                    th scope="col" { (visit.say("现行取值", "In force")) }
                    th scope="col" { (visit.say("默认", "Default")) }
                    th scope="col" { (visit.say("生效日期", "Since")) }
                    th scope="col" { (visit.say("依据 / 设定人", "Basis / set by")) }
                    th scope="col" { (visit.say("办理", "Do")) }
                } }
                tbody { @for rule in rules { (row(visit, told, rule)) } }
            } }))
        }
    }
}

/// Whether the visitor may set the rules of an area.
fn may_set(visit: &Visit, area: AreaCode) -> bool {
    visit.may(Action::SetRule) && visit.area().covers(&area)
}

fn row(visit: &Visit, told: &Told, rule: &Standing) -> Markup {
    let definition = &rule.definition;
    let key = definition.key;
    let (value, default) = (rule.value.told(), definition.default.told());
    html! {
        tr {
            th scope="row" {
                (visit.tell(&definition.label))
                small { (visit.tell(&definition.purpose)) }
                @if let Key::Check(checked) = key {
                    small { (visit.say("算法：", "How: ")) (visit.tell(&computed(checked, &told.local.thresholds(told.area, told.day)))) }
                }
                (history(visit, told, rule))
            }
            td data-l=(visit.say("现行取值", "In force")) {
                b { (visit.tell(&value)) }
                @if let Some(row) = &rule.row { small { (place_of(told, row)) } }
            }
            td data-l=(visit.say("默认", "Default")) {
                (visit.tell(&default)) small { (visit.text(definition.source)) }
            }
            td data-l=(visit.say("生效日期", "Since")) {
                @if let Some(row) = &rule.row { (row.from_on) } @else { span.mut { (visit.say("默认", "default")) } }
            }
            td data-l=(visit.say("依据 / 设定人", "Basis / set by")) {
                @if let Some(row) = &rule.row { (basis(told, row)) } @else { span.mut { "—" } }
            }
            td {
                @if may_set(visit, told.area) {
                    a.btn.sm href=(form_of(key, told.area)) aria-label={ (visit.say("调整", "Change")) " " (visit.tell(&definition.label)) } {
                        (visit.say("调整", "Change"))
                    }
                }
            }
        }
    }
}

/// Where a rule is set.
pub(super) fn form_of(key: Key, area: AreaCode) -> String {
    at(&format!("/admin/rules/{key}"), [("area", area.to_string().as_str())])
}

fn place_of(told: &Told, row: &Model) -> String {
    told.names.get(&row.area_code).cloned().unwrap_or_else(|| row.area_code.to_string())
}

/// The document that says so, and who set it when.
fn basis(told: &Told, row: &Model) -> Markup {
    let at = row.created_at.with_timezone(&CHINA_CLOCK).format("%Y-%m-%d");
    html! {
        (row.basis_title) @if let Some(number) = &row.basis_no { " " (number) }
        small { (told.who.get(&row.id).map_or("—", String::as_str)) " " (at) }
    }
}

/// Every value there was, and is to come.
fn history(visit: &Visit, told: &Told, rule: &Standing) -> Markup {
    let is_coming = |row: &Model| row.from_on > told.day && row.withdrawn_on.is_none();
    let n = rule.history.len();
    html! {
        @if n > 0 {
            details open[rule.history.iter().any(is_coming)] {
                summary.sm { (visit.say("历次取值 ", "Every value ")) (n) }
                ul.sm {
                    @for row in &rule.history {
                        li {
                            (row.from_on) " " b { (visit.tell(&value_of(row).told())) } " " (place_of(told, row)) " "
                            @if row.withdrawn_on.is_some() { (badge(Tone::Idle, visit.say("已撤回", "withdrawn"))) }
                            @else if is_coming(row) { (badge(Tone::Warning, visit.say("待生效", "to come"))) }
                            " " (basis(told, row))
                            @if is_coming(row) && may_set(visit, row.area_code) { (withdrawing(visit, told, row)) }
                        }
                    }
                }
            }
        }
    }
}

fn withdrawing(visit: &Visit, told: &Told, row: &Model) -> Markup {
    html! {
        form method="post" action={ "/admin/rules/values/" (row.id) "/withdraw" } {
            (hidden(&visit.mark))
            input type="hidden" name="version" value=(row.version);
            input type="hidden" name="area" value=(told.area);
            button.btn.sm { (visit.say("撤回", "Withdraw")) }
        }
    }
}

async fn withdraw(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    sent: Sent,
) -> Result<Redirect, Fault> {
    let Sent { visit, form } = sent;
    let area = area_named(form.one("area"))?.unwrap_or(visit.area()).to_string();
    let place = at("/admin/rules", [("area", area.as_str()), ("done", "withdrawn")]);
    let after = place.clone();
    let ledger = form.once(&state.ledger, move |_: &Model| after.clone());
    let named = (SettingId(id), form.number("version").unwrap_or_default());
    match app::setting::withdraw(&ledger, &visit.actor, named).await {
        Ok(_) => Ok(Redirect::to(&place)),
        Err(error) => Ok(Redirect::to(&replayed(error)?)),
    }
}

/// How what is found by a rule in an area is computed, and the way to the rules.
pub(super) async fn computed_here(
    state: &AppState,
    visit: &Visit,
    rule: Rule,
    area: AreaCode,
) -> Result<Markup> {
    let local = state.ledger.read(&visit.actor).local_rules([area]).await?;
    let sentence = computed(rule, &local.thresholds(area, visit.today));
    Ok(html! {
        p.pad.mut.sm {
            (visit.say("怎么算的：", "How this is computed: ")) (visit.tell(&sentence)) " "
            a href=(of_area(area)) { (visit.say("县级规则", "Local rules")) }
        }
    })
}

async fn terms(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::SetRule)?;
    let word = words(&visit, &["area"])?;
    let told = app::setting::told(&state.ledger, &visit.actor, area_named(word("area"))?).await?;
    let around = Around::of(&state, &visit).await?;
    let held = told.local.family(told.area, told.day);
    let rule = told.rules.iter().find(|rule| rule.definition.key == Key::AssetFamily);
    let body = html! {
        section.card {
            header { h2 { (visit.say("资产称谓", "What the assets are called")) } }
            (scrolled(visit.say("资产称谓", "What the assets are called"), &html! { table.cards {
                thead { tr {
                    th scope="col" { (visit.say("称谓", "Word")) }
                    th scope="col" { (visit.say("台账名称", "Name of the ledger")) }
                    th scope="col" { (visit.say("打印和导出标题", "Title of prints and exports")) }
                    th scope="col" { (visit.say("状态", "State")) }
                } }
                tbody { @for family in AssetFamily::ALL { (term(&visit, *family, held)) } }
            } }))
            @if let Some(rule) = rule {
                div.pad {
                    @if let Some(row) = &rule.row {
                        p { (visit.say("自 ", "Since ")) (row.from_on) " " (place_of(&told, row)) " " (basis(&told, row)) }
                    }
                    (history(&visit, &told, rule))
                    @if may_set(&visit, told.area) {
                        p { a.btn.go href=(form_of(Key::AssetFamily, told.area)) { (visit.say("更改称谓", "Change the word")) } }
                    }
                }
            }
        }
    };
    let shown = Page {
        place: Some(Place::Terms),
        below: format!("{} · {}", told.name, told.day),
        ..Page::new(visit.say("术语", "Terms"), body)
    };
    Ok(page(&visit, &around, shown))
}

fn term(visit: &Visit, family: AssetFamily, held: AssetFamily) -> Markup {
    html! {
        tr {
            th scope="row" { (visit.text(family.label())) }
            td data-l=(visit.say("台账名称", "Name of the ledger")) { (visit.text(ledger_name(Some(family)))) }
            td data-l=(visit.say("打印和导出标题", "Title of prints and exports")) { (visit.text(table_name(family))) }
            td data-l=(visit.say("状态", "State")) {
                @if family == held { (badge(Tone::Good, visit.say("现用", "in use"))) } @else { span.mut { "—" } }
            }
        }
    }
}

/// Where somebody goes after a rule was set: what it came to stands there.
pub(super) fn after_setting(area: AreaCode, applied: Option<Applied>) -> String {
    let Some(applied) = applied else {
        return at("/admin/rules", [("area", area.to_string().as_str()), ("done", "set")]);
    };
    let [assets, opened, closed] =
        [applied.assets, applied.opened, applied.closed].map(|n| n.to_string());
    let rest = if applied.is_complete { "no" } else { "yes" };
    let area = area.to_string();
    let words = [
        ("area", area.as_str()),
        ("done", "set"),
        ("assets", &assets),
        ("opened", &opened),
        ("closed", &closed),
        ("rest", rest),
    ];
    at("/admin/rules", words)
}
