//! Any noun's form, drawn from its table of fields and read back by it; what was typed stays as it
//! was typed, whatever was wrong with it.

use std::collections::HashMap;

use entity::language::{Language, Sentence};
use maud::{Markup, html};

use super::{
    form::Form,
    parts::{self, choice, coded},
    visit::Manner,
};
use crate::{
    domain::{
        capital_numerals,
        field::{Field, FieldKind, Reading, Value},
        mistake::{Mistake, Mistakes},
    },
    http::fault::Fault,
    limits,
};

/// What stands in the controls of a form, by field.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed(HashMap<String, String>);

impl Typed {
    /// What is recorded of a row.
    pub(super) fn recorded<R>(fields: &'static [Field<R>], row: &R) -> Typed {
        let texts = fields.iter().map(|field| (field.name.to_owned(), code_of(field, row)));
        Typed(texts.collect())
    }

    /// What a form brings.
    pub(super) fn sent<R>(fields: &'static [Field<R>], form: &Form) -> Typed {
        let there = fields.iter().filter(|field| form.has(field.name));
        Typed(
            there.map(|field| (field.name.to_owned(), form.text(field.name).to_owned())).collect(),
        )
    }

    /// What stands in one control.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// A field's value as its control carries it: coded values as their codes.
fn code_of<R>(field: &Field<R>, row: &R) -> String {
    match ((field.get)(row), field.kind) {
        (Value::Coded(label), FieldKind::Choice(choices)) => {
            let known = choices.iter().find(|(_, choice)| *choice == label);
            known.map_or(String::new(), |(code, _)| (*code).to_owned())
        }
        (Value::Truth(truth), _) => if truth { "yes" } else { "no" }.to_owned(),
        (value, _) => value.text(Language::English),
    }
}

/// Sets the fields of a row that a form brings; every mistake is told.
pub(super) fn set<R>(
    fields: &'static [Field<R>],
    row: &mut R,
    form: &Form,
    may: impl Fn(&Field<R>) -> bool,
) -> Mistakes {
    let mut mistakes = Mistakes::default();
    for field in fields.iter().filter(|field| may(field) && form.has(field.name)) {
        let text = Some(form.one(field.name)).filter(|text| !text.is_empty());
        if let Err(expected) = (field.set)(row, text, Reading::default()) {
            mistakes.push(Mistake::new(field.name, text.unwrap_or_default(), expected));
        }
    }
    mistakes
}

/// What a form shows of one noun.
pub(super) struct Sheet<'a> {
    /// How it is shown.
    pub(super) manner: &'a Manner,
    /// What stands in the controls.
    pub(super) typed: &'a Typed,
    /// What was wrong with it the last time.
    pub(super) fault: Option<&'a Fault>,
    /// What somebody else recorded meanwhile, field by field.
    pub(super) meanwhile: Option<&'a Typed>,
}

impl Sheet<'_> {
    fn mistake(&self, name: &str) -> Option<&Sentence> {
        let mistakes = &self.fault?.mistakes.0;
        mistakes.iter().find(|mistake| mistake.field == name).map(|mistake| &mistake.expected)
    }

    /// What was recorded meanwhile, where it differs from what is typed.
    fn other(&self, name: &str) -> Option<&str> {
        let other = self.meanwhile?.text(name);
        (other != self.typed.text(name)).then_some(other)
    }

    /// A field with its label and its control.
    pub(super) fn draw<R>(&self, field: &Field<R>, is_required: bool) -> Markup {
        let manner = self.manner;
        let text = self.typed.text(field.name);
        let mistake = self.mistake(field.name);
        let control = html! {
            (control(manner, field, text, mistake.is_some(), is_required))
            @if field.kind == FieldKind::Money { (spelt(manner, text)) }
            @if let Some(other) = self.other(field.name) {
                p.t-warn.sm { (manner.say("现在登记的是：", "Recorded now: ")) b { (if other.is_empty() { manner.say("（空）", "(empty)") } else { other }) } }
            }
        };
        let shape = parts::Field {
            name: field.name,
            label: manner.text(field.label),
            hint: hint(manner, field.kind),
            mistake: mistake.map(|sentence| manner.tell(sentence)),
            is_required,
        };
        parts::field(&shape, &control)
    }
}

/// What is to be known before typing.
fn hint(manner: &Manner, kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Money => manner.say("单位元；可写“12万”", "yuan; 12万 is understood"),
        _ => "",
    }
}

/// An amount in capital numerals, so that a zero too many is seen.
fn spelt(manner: &Manner, text: &str) -> Markup {
    let money = crate::domain::reading::money(text, crate::domain::reading::MoneyUnit::Yuan).ok();
    let spelt = money.and_then(capital_numerals::spell);
    html! { output.mut.sm { @if let Some(spelt) = spelt { (manner.say("大写：", "In words: ")) (spelt) } } }
}

fn control<R>(
    manner: &Manner,
    field: &Field<R>,
    text: &str,
    is_wrong: bool,
    is_required: bool,
) -> Markup {
    let (id, name) = (format!("f-{}", field.name), field.name);
    let described = is_wrong.then(|| format!("e-{name}"));
    let invalid = is_wrong.then_some("true");
    let nothing = (!field.required).then_some("—");
    let input = |kind: &str, mode: Option<&str>, most: usize| {
        html! {
            input id=(id) name=(name) type=(kind) inputmode=[mode] value=(text) maxlength=(most)
                aria-invalid=[invalid] aria-describedby=[described.as_deref()] aria-required=[is_required.then_some("true")];
        }
    };
    match field.kind {
        FieldKind::Text => input("text", None, limits::TEXT_LENGTH),
        FieldKind::Integer => input("text", Some("numeric"), 20),
        FieldKind::Decimal | FieldKind::Money => input("text", Some("decimal"), 30),
        FieldKind::Date => input("date", None, 10),
        FieldKind::Truth => {
            let choices = [("yes", manner.say("是", "yes")), ("no", manner.say("否", "no"))];
            let choices = choices.map(|(code, name)| (code.to_owned(), name.to_owned()));
            choice(name, nothing, choices, text)
        }
        FieldKind::Choice(choices) => choice(name, nothing, coded(manner, choices), text),
    }
}
