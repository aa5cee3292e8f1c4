//! Setting a local rule: the value and its document, a look at what would change, then it is set.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use entity::{
    area::AreaCode,
    finding::Rule,
    language::Label,
    setting::{Key, Model},
};
use maud::{Markup, html};

use super::{
    asset_edit::is_for_the_sender,
    fields::{self, Sheet, Typed},
    form::{Form, Sent, hidden, replayed},
    frame::{Around, Page, Place, page},
    parts::{Tone, choice, coded, fact, mistakes, note, scrolled},
    setting::{after_setting, area_named, of_area, words},
    visit::{Visit, at},
};
use crate::{
    app::{
        self,
        setting::{Forecast, Standing, Told},
    },
    domain::{
        field::{field, truth_label},
        permission::Action,
        setting::{FIELDS, Kind, Proposal, blank},
    },
    error::{Error, Result},
    http::{AppState, fault::Fault},
    limits,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/rules/{key}", get(show).post(send))
}

/// What is typed into the form, and kept on the way to a fresh proof.
const TYPED: [&str; 4] = ["value", "basis_title", "basis_no", "from_on"];

/// A rule that is about to be set in an area.
struct Setting {
    key: Key,
    told: Told,
}

impl Setting {
    /// The rule that the address names; whoever may not set it there finds none.
    async fn of(state: &AppState, visit: &Visit, key: &str, area: &str) -> Result<Setting> {
        visit.actor.require(Action::SetRule)?;
        let absent = || Error::NotFound(Label::new("县级规则", "local rule"));
        let key = key.parse().map_err(|_| absent())?;
        let told = app::setting::told(&state.ledger, &visit.actor, area_named(area)?).await?;
        if visit.area().covers(&told.area) { Ok(Setting { key, told }) } else { Err(absent()) }
    }

    fn standing(&self) -> Result<&Standing> {
        let found = self.told.rules.iter().find(|rule| rule.definition.key == self.key);
        found.ok_or(Error::Conflict)
    }

    fn area(&self) -> AreaCode {
        self.told.area
    }

    /// What a form proposes.
    fn proposal(&self, form: &Form) -> Result<Proposal> {
        let mut row = Proposal {
            key: self.key,
            area: self.area(),
            value: form.one("value").to_owned(),
            basis_title: form.one("basis_title").to_owned(),
            basis_no: None,
            from_on: self.told.day,
        };
        let mut read = blank(row.key, row.area, row.from_on);
        let mut wrong = fields::set(FIELDS, &mut read, form, |field| field.name != "basis_title");
        (row.basis_no, row.from_on) = (read.basis_no, read.from_on);
        // every mistake is told at once
        if let Err(more) = row.row() {
            wrong.0.extend(more.0);
        }
        wrong.into_result()?;
        Ok(row)
    }
}

async fn show(
    State(state): State<AppState>,
    Path(key): Path<String>,
    visit: Visit,
) -> Result<Response, Fault> {
    let word = words(&visit, &["area", TYPED[0], TYPED[1], TYPED[2], TYPED[3]])?;
    let setting = Setting::of(&state, &visit, &key, word("area")).await?;
    let mut typed = Typed::default();
    typed.put("value", setting.standing()?.value.typed());
    typed.put("from_on", setting.told.day.to_string());
    for name in TYPED.into_iter().filter(|name| !word(name).is_empty()) {
        typed.put(name, word(name));
    }
    let around = Around::of(&state, &visit).await?;
    drawn(&visit, &around, &setting, &typed, None)
}

/// The form, with what was wrong with it.
fn drawn(
    visit: &Visit,
    around: &Around,
    setting: &Setting,
    typed: &Typed,
    fault: Option<&Fault>,
) -> Result<Response, Fault> {
    let sheet = Sheet { manner: &visit.manner, typed, fault, meanwhile: None };
    let standing = setting.standing()?;
    let body = html! {
        @if let Some(fault) = fault { (mistakes(visit, fault)) }
        p { (visit.tell(&standing.definition.purpose)) }
        form.card.pad method="post" action={ "/admin/rules/" (setting.key) } novalidate {
            (hidden(&visit.mark))
            input type="hidden" name="area" value=(setting.area());
            input type="hidden" name="step" value="check";
            div.sheet {
                (value_field(&sheet, standing))
                @for name in &TYPED[1..] {
                    @if let Some(field) = field(FIELDS, name) { (sheet.draw(field, field.required)) }
                }
            }
            div.dock {
                button.btn.go { (visit.say("看看会改变什么", "See what would change")) }
                a.btn href=(of_area(setting.area())) { (visit.say("不改了", "Leave it")) }
            }
        }
    };
    Ok(page(visit, around, framed(visit, setting, standing, fault.is_some(), body)))
}

fn framed(
    visit: &Visit,
    setting: &Setting,
    standing: &Standing,
    is_wrong: bool,
    body: Markup,
) -> Page {
    let title = visit.tell(&standing.definition.label);
    let error = if is_wrong { visit.say("错误：", "Error: ") } else { "" };
    let told = &setting.told;
    let now = standing.value.told();
    Page {
        place: Some(if setting.key == Key::AssetFamily { Place::Terms } else { Place::Rules }),
        way: vec![(of_area(told.area), visit.say("县级规则", "Local rules").to_owned())],
        below: format!(
            "{} · {}{}",
            told.name,
            visit.say("现行取值 ", "in force: "),
            visit.tell(&now)
        ),
        ..Page::new(format!("{error}{title}"), body)
    }
}

/// The control of the value, by what the rule takes.
fn value_field(sheet: &Sheet<'_>, standing: &Standing) -> Markup {
    let (manner, definition) = (sheet.manner, &standing.definition);
    let typed = sheet.typed.text("value");
    let control = match definition.kind {
        Kind::Days | Kind::Years | Kind::Percent | Kind::Money => html! {
            input #f-value name="value" type="text" inputmode="decimal" maxlength="20" value=(typed)
                aria-required="true";
        },
        Kind::Truth => {
            let named =
                |code: &str, truth| (code.to_owned(), manner.text(truth_label(truth)).to_owned());
            choice("value", None, [named("yes", true), named("no", false)], typed)
        }
        Kind::Word(choices) => choice("value", None, coded(manner, choices), typed),
    };
    let unit = manner.text(definition.kind.unit());
    let bounds = match definition.kind {
        Kind::Days | Kind::Years => format!("{}，{} – {}", unit, definition.least, definition.most),
        Kind::Percent => format!("{unit}，0 – 100"),
        Kind::Money => unit.to_owned(),
        Kind::Truth | Kind::Word(_) => String::new(),
    };
    let default = definition.default.told();
    let default = format!("{}{}", manner.say("默认 ", "default: "), manner.tell(&default));
    let hint = if bounds.is_empty() { default } else { format!("{bounds}；{default}") };
    sheet.around(("value", manner.say("新取值", "New value"), &hint), &control)
}

async fn send(
    State(state): State<AppState>,
    Path(key): Path<String>,
    sent: Sent,
) -> Result<Response, Fault> {
    let Sent { visit, form } = sent;
    let setting = Setting::of(&state, &visit, &key, form.one("area")).await?;
    let done = match form.one("step") {
        "set" => set(&state, &visit, &setting, &form).await,
        _ => check(&state, &visit, &setting, &form).await,
    };
    let fault = match done {
        Ok(response) => return Ok(response),
        Err(error) => Fault::from(error),
    };
    let around = Around::of(&state, &visit).await?;
    let mut response = if fault.code == "sign_in.step_up_due" {
        proof_due(&visit, &around, &setting, &form)?
    } else if is_for_the_sender(&fault) {
        drawn(&visit, &around, &setting, &Typed::sent(&form), Some(&fault))?
    } else {
        return Err(fault);
    };
    *response.status_mut() = fault.status;
    Ok(response)
}

/// What would change, and the same form with nothing left to type.
async fn check(
    state: &AppState,
    visit: &Visit,
    setting: &Setting,
    form: &Form,
) -> Result<Response> {
    let proposal = setting.proposal(form)?;
    let forecast =
        app::setting::what_if(&state.ledger, &visit.actor, &proposal, limits::RULE_ASSETS).await?;
    let around = Around::of(state, visit).await?;
    let standing = setting.standing()?;
    let body = checked(visit, setting, &proposal, (standing, &forecast), form);
    Ok(page(visit, &around, framed(visit, setting, standing, false, body)))
}

fn checked(
    visit: &Visit,
    setting: &Setting,
    proposal: &Proposal,
    (standing, forecast): (&Standing, &Forecast),
    form: &Form,
) -> Markup {
    let definition = &standing.definition;
    let value = definition.read(&proposal.value).unwrap_or(definition.default).told();
    let before = standing.value.told();
    let is_today = proposal.from_on <= setting.told.day;
    html! {
        section.card {
            header { h2 { (visit.say("请核对", "Is this right?")) } }
            dl.desc {
                (fact(visit.say("区划", "Area"), &html! { (setting.told.name) }))
                (fact(visit.say("取值", "Value"), &html! { (visit.tell(&before)) " → " b { (visit.tell(&value)) } }))
                (fact(visit.say("生效日期", "Effective from"), &html! { (proposal.from_on) }))
                (fact(visit.say("依据", "Basis"), &html! { (proposal.basis_title) " " (proposal.basis_no.as_deref().unwrap_or_default()) }))
            }
        }
        (note(if forecast.n_opened() > 0 { Tone::Warning } else { Tone::Idle }, &html! {
            p { b { (visit.tell(&forecast.told())) } }
            p {
                @if is_today { (visit.say("设定后立即复核本区划的资产。", "The assets of the area are checked as soon as it is set.")) }
                @else { (visit.say("以上按生效当天试算；当天的夜间核查起执行，此前可以撤回。", "Reckoned for the first day; the nightly round of that day puts it into effect, and until then it can be withdrawn.")) }
            }
        }))
        (counted(visit, forecast))
        form.mt method="post" action={ "/admin/rules/" (setting.key) } {
            (hidden(&visit.mark))
            input type="hidden" name="area" value=(setting.area());
            input type="hidden" name="step" value="set";
            @for name in TYPED { input type="hidden" name=(name) value=(form.one(name)); }
            div.row {
                button.btn.go { (visit.say("设定规则", "Set the rule")) }
                a.btn href=(typed_again(setting, form)) { (visit.say("返回修改", "Back to the form")) }
            }
        }
    }
}

/// What would open and close, rule by rule.
fn counted(visit: &Visit, forecast: &Forecast) -> Markup {
    let rules = Rule::ALL
        .iter()
        .filter(|rule| forecast.opened.contains_key(rule) || forecast.closed.contains_key(rule));
    let n = |counted: &std::collections::BTreeMap<Rule, usize>, rule| {
        counted.get(rule).copied().unwrap_or_default()
    };
    html! {
        @if forecast.n_opened() + forecast.n_closed() > 0 {
            (scrolled(visit.say("会改变的问题", "Findings that would change"), &html! { table {
                thead { tr {
                    th scope="col" { (visit.say("问题类型", "Finding")) }
                    th.num scope="col" { (visit.say("新增", "Would open")) }
                    th.num scope="col" { (visit.say("销号", "Would close")) }
                } }
                tbody { @for rule in rules {
                    tr {
                        th scope="row" { (visit.text(rule.label())) }
                        td.num { (n(&forecast.opened, rule)) }
                        td.num { (n(&forecast.closed, rule)) }
                    }
                } }
            } }))
        }
    }
}

/// The form with what was typed in it.
fn typed_again(setting: &Setting, form: &Form) -> String {
    let area = setting.area().to_string();
    let typed = TYPED.into_iter().map(|name| (name, form.one(name)));
    let typed = typed.filter(|(_, text)| !text.is_empty());
    at(&format!("/admin/rules/{}", setting.key), [("area", area.as_str())].into_iter().chain(typed))
}

async fn set(state: &AppState, visit: &Visit, setting: &Setting, form: &Form) -> Result<Response> {
    let proposal = setting.proposal(form)?;
    let area = setting.area();
    let ledger = form.once(&state.ledger, move |_: &Model| after_setting(area, None));
    let place = match app::setting::set(&ledger, &visit.actor, &proposal).await {
        Ok((_, applied)) => after_setting(area, applied),
        Err(error) => replayed(error)?,
    };
    Ok(Redirect::to(&place).into_response())
}

/// Who acts must be shown anew first; what was typed waits.
fn proof_due(
    visit: &Visit,
    around: &Around,
    setting: &Setting,
    form: &Form,
) -> Result<Response, Fault> {
    let next = typed_again(setting, form);
    let body = html! {
        (note(Tone::Warning, &html! {
            p { b { (visit.say("设定规则须先重新验证身份。", "To set a rule, show anew that it is you.")) } }
            p { (visit.say("填写的内容已保留，验证后回到表单。", "What you typed is kept; you come back to the form.")) }
        }))
        p { a.btn.go href=(at("/me/proof", [("next", next.as_str())])) { (visit.say("去验证", "Show it")) } }
    };
    let mut response =
        page(visit, around, framed(visit, setting, setting.standing()?, false, body));
    *response.status_mut() = StatusCode::FORBIDDEN;
    Ok(response)
}
