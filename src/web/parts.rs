//! What pages are put together of: figures, badges, notes, the end of a list.

use std::fmt::Write as _;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::{language::Label, money::Money};
use maud::{Markup, PreEscaped, html};

use super::{
    icon::{Icon, icon},
    visit::Manner,
};
use crate::{app::output::CHINA_CLOCK, domain::mistake::Mistakes, http::fault::Fault};

/// An instant on the clocks of China, to the minute.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.with_timezone(&CHINA_CLOCK).format("%Y-%m-%d %H:%M").to_string()
}

/// A number with commas.
pub(super) fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount in ten thousand yuan with two decimals, half away from zero; whoever points at it is
/// told the whole amount.
pub(super) fn ten_thousands(money: Money) -> Markup {
    html! { span title={ (money.grouped()) " 元" } { (ten_thousands_text(money)) } }
}

/// The same as plain text.
pub(super) fn ten_thousands_text(money: Money) -> String {
    let hundredths = (i128::from(money.fen()) + 5_000 * i128::from(money.fen().signum())) / 10_000;
    let hundredths = i64::try_from(hundredths).unwrap_or(i64::MAX);
    let (sign, hundredths) = (if hundredths < 0 { "-" } else { "" }, hundredths.abs());
    format!("{sign}{}.{:02}", grouped(hundredths / 100), hundredths % 100)
}

/// How a state strikes the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// As it should be: no colour.
    Good,
    /// To be looked at.
    Warning,
    /// A problem.
    Bad,
    /// Neither.
    Idle,
}

/// A state: shape, word and tint, never colour alone.
pub(super) fn badge(tone: Tone, word: &str) -> Markup {
    let (class, sign) = match tone {
        Tone::Good => ("st ok", Icon::Good),
        Tone::Warning => ("st warn", Icon::Nobody),
        Tone::Bad => ("st bad", Icon::Bad),
        Tone::Idle => ("st", Icon::Idle),
    };
    html! { span class=(class) { (icon(sign)) (word) } }
}

/// A note across the page.
pub(super) fn note(tone: Tone, body: &Markup) -> Markup {
    let (class, sign) = match tone {
        Tone::Good => ("note", Icon::Good),
        Tone::Idle => ("note", Icon::Idle),
        Tone::Warning => ("note warn", Icon::Clock),
        Tone::Bad => ("note bad", Icon::Bad),
    };
    html! { div class=(class) { (icon(sign)) div { (body) } } }
}

/// What was done, after the page that did it led here.
pub(super) fn done(words: &str) -> Markup {
    html! { div.note role="status" { (icon(Icon::Good)) div { (words) } } }
}

/// What a form says to whoever was overtaken: it comes again with all that was typed.
const OVERTAKEN: Label = Label::new(
    "别人刚刚改过，这次没有保存；您填的都在下面，核对后再保存",
    "somebody changed it meanwhile and nothing was saved; what you typed stands below: look it over and save again",
);

/// What has to be corrected, each with the way to its field. It is read first.
pub(super) fn mistakes(manner: &Manner, fault: &Fault) -> Markup {
    let is_overtaken = fault.status == StatusCode::PRECONDITION_FAILED;
    html! {
        div.note.bad #mistakes role="alert" tabindex="-1" autofocus {
            (icon(Icon::Bad))
            div {
                b { @if is_overtaken { (manner.text(OVERTAKEN)) } @else { (manner.tell(&fault.sentence)) } } " "
                @if !fault.mistakes.is_empty() { (listed(manner, &fault.mistakes)) }
            }
        }
    }
}

fn listed(manner: &Manner, mistakes: &Mistakes) -> Markup {
    html! {
        ul.ways {
            @for mistake in &mistakes.0 {
                li { a href={ "#f-" (mistake.field) } { (manner.tell(&mistake.expected)) } " " }
            }
        }
    }
}

/// An empty list: why, and a way on.
pub(super) fn nothing(words: &str, way: Option<(&str, &str)>) -> Markup {
    html! {
        div.pad { p { (words) } @if let Some((path, name)) = way { p { a href=(path) { (name) } } } }
    }
}

/// A part of the whole as a bar; the figure stands beside it.
pub(super) fn bar(part: i64, whole: i64, is_low: bool) -> Markup {
    let permille = if whole > 0 { (part.clamp(0, whole) * 1_000 + whole / 2) / whole } else { 0 };
    html! {
        svg.bar viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true" {
            rect width=(permille) height="6" class=[is_low.then_some("lo")] {}
        }
    }
}

/// Percent with one decimal, half away from zero; nothing of nothing has none.
pub(super) fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let tenths = (i128::from(part) * 2_000 + i128::from(whole)) / (2 * i128::from(whole));
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A table that scrolls by itself where it is wider than the screen.
pub(super) fn scrolled(name: &str, table: &Markup) -> Markup {
    html! { div.wrap tabindex="0" role="region" aria-label=(name) { (table) } }
}

/// One fact of a card.
pub(super) fn fact(name: &str, value: &Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

/// A title of a page, which says first where something is wrong.
pub(super) fn titled(manner: &Manner, title: &str, fault: Option<&Fault>) -> String {
    let wrong = if fault.is_some() { manner.say("错误：", "Error: ") } else { "" };
    format!("{wrong}{title}")
}

/// What is wrong with a field, in the reader's language.
pub(super) fn mistake_of<'a>(
    manner: &Manner,
    fault: Option<&'a Fault>,
    name: &str,
) -> Option<&'a str> {
    let found = fault?.mistakes.0.iter().find(|mistake| mistake.field == name);
    found.map(|mistake| manner.tell(&mistake.expected))
}

/// A label, and below it what is typed; a mistake stands with its field.
pub(super) struct Field<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// What people call it.
    pub(super) label: &'a str,
    /// What is to be known before typing.
    pub(super) hint: &'a str,
    /// What is wrong with it.
    pub(super) mistake: Option<&'a str>,
    /// Whether it may not be empty.
    pub(super) is_required: bool,
}

/// A field of a form around its control.
pub(super) fn field(field: &Field<'_>, control: &Markup) -> Markup {
    html! {
        div.field {
            label for={ "f-" (field.name) } {
                (field.label) @if field.is_required { span.t-bad aria-hidden="true" { " *" } }
            }
            @if let Some(mistake) = field.mistake { p.t-bad.sm id={ "e-" (field.name) } { (mistake) } }
            (marked(field, control))
            // below, so that the controls of a row stand on one line
            @if !field.hint.is_empty() { p.mut.sm id={ "h-" (field.name) } { (field.hint) } }
        }
    }
}

/// A control that says of itself what its field says: that something is needed or wrong, and where
/// that is told. What it says already it says once.
fn marked(field: &Field<'_>, control: &Markup) -> Markup {
    let told = [("h", !field.hint.is_empty()), ("e", field.mistake.is_some())];
    let told = told.iter().filter(|(_, is_told)| *is_told);
    let told: Vec<String> = told.map(|(what, _)| format!("{what}-{}", field.name)).collect();
    let mut marks = format!("id=\"f-{}\"", field.name);
    let own = marks.clone();
    let mut mark = |name: &str, value: &str| {
        if !value.is_empty() && !control.0.contains(name) {
            _ = write!(marks, " {name}=\"{value}\"");
        }
    };
    mark("aria-required", if field.is_required { "true" } else { "" });
    mark("aria-invalid", if field.mistake.is_some() { "true" } else { "" });
    mark("aria-describedby", &told.join(" "));
    PreEscaped(control.0.replacen(&own, &marks, 1))
}

/// A choice of a list.
pub(super) fn choice(
    name: &str,
    nothing: Option<&str>,
    choices: impl IntoIterator<Item = (String, String)>,
    chosen: &str,
) -> Markup {
    html! {
        select id={ "f-" (name) } name=(name) {
            @if let Some(nothing) = nothing { option value="" { (nothing) } }
            @for (code, words) in choices {
                option value=(code) selected[code == chosen] { (words) }
            }
        }
    }
}

/// Coded values as choices.
pub(super) fn coded(
    manner: &Manner,
    choices: &'static [(&'static str, Label)],
) -> impl Iterator<Item = (String, String)> {
    choices.iter().map(|(code, label)| ((*code).to_owned(), manner.text(*label).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (n, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")] {
            assert_eq!(grouped(n), text);
        }
    }

    #[test]
    fn ten_thousands_are_rounded_away_from_zero() {
        for (fen, text) in [
            (0, ">0.00<"),
            (86_400_000, ">86.40<"),
            (5_000, ">0.01<"),
            (4_999, ">0.00<"),
            (-5_000, ">-0.01<"),
        ] {
            let shown = ten_thousands(Money::from_fen(fen)).into_string();
            assert!(shown.contains(text), "{fen}: {shown}");
        }
    }

    #[test]
    fn a_control_says_what_its_field_says() {
        let control = html! { select #f-kind name="kind" { option value="f-kind" {} } };
        let mut of = Field { name: "kind", label: "", hint: "", mistake: None, is_required: false };
        assert_eq!(marked(&of, &control).into_string(), control.clone().into_string());
        (of.hint, of.mistake, of.is_required) = ("one of three", Some("choose"), true);
        let marks = "id=\"f-kind\" aria-required=\"true\" aria-invalid=\"true\" \
                     aria-describedby=\"h-kind e-kind\" name";
        assert!(marked(&of, &control).into_string().contains(marks));
        let own = html! { input #f-kind aria-required="true" aria-describedby="h-kind"; };
        assert_eq!(marked(&of, &own).into_string().matches("aria-").count(), 3);
    }

    #[test]
    fn a_share_is_told_to_one_decimal() {
        for (part, whole, text) in
            [(0, 3, "0.0"), (1, 3, "33.3"), (2, 3, "66.7"), (3, 3, "100.0"), (1, 0, "—")]
        {
            assert_eq!(percent(part, whole), text);
        }
    }
}
