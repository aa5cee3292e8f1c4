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
        Typed::default().with(fields, row, "")
    }

    /// The same with what is recorded of another row, under names that begin with a text.
    pub(super) fn with<R>(mut self, fields: &'static [Field<R>], row: &R, before: &str) -> Typed {
        let named = fields.iter().map(|field| (format!("{before}{}", field.name), field));
        self.0.extend(named.map(|(name, field)| (name, code_of(field, row))));
        self
    }

    /// What a form brings.
    pub(super) fn sent(form: &Form) -> Typed {
        let all = form.all().map(|(name, text)| (name.to_owned(), text.to_owned()));
        Typed::of(&all.collect::<Vec<_>>())
    }

    /// What fields hold.
    pub(super) fn of(fields: &[(String, String)]) -> Typed {
        // the first of a name counts, as when it is read
        Typed(fields.iter().rev().cloned().collect())
    }

    /// What stands in some controls alone.
    pub(super) fn only(mut self, is_kept: impl Fn(&str) -> bool) -> Typed {
        self.0.retain(|name, _| is_kept(name));
        self
    }

    /// The same with what stands in other controls, which come before what stands in these.
    pub(super) fn over(mut self, other: Typed) -> Typed {
        self.0.extend(other.0);
        self
    }

    /// Whether anything is known of a control, be it that it is empty.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Puts a text into a control.
    pub(super) fn put(&mut self, name: &str, text: impl Into<String>) {
        self.0.insert(name.to_owned(), text.into());
    }

    /// What stands in one control.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// A field's value as its control carries it: coded values as their codes.
pub(super) fn code_of<R>(field: &Field<R>, row: &R) -> String {
    match ((field.get)(row), field.kind) {
        (Value::Coded(label), FieldKind::Choice(choices)) => {
            let known = choices.iter().find(|(_, choice)| *choice == label);
            known.map_or(String::new(), |(code, _)| (*code).to_owned())
        }
        (Value::Truth(truth), _) => if truth { "yes" } else { "no" }.to_owned(),
        (value, _) => value.text(Language::English),
    }
}

/// Sets a field of a row to what stands in its control.
pub(super) fn set_text<R>(field: &Field<R>, row: &mut R, text: &str) -> Result<(), Sentence> {
    let text = Some(text.trim()).filter(|text| !text.is_empty());
    (field.set)(row, text, Reading::default())
}

/// Sets the fields of a row that a form brings; every mistake is told.
pub(super) fn set<R>(
    fields: &'static [Field<R>],
    row: &mut R,
    form: &Form,
    may: impl Fn(&Field<R>) -> bool,
) -> Mistakes {
    set_named(fields, row, form, "", may)
}

/// Sets the fields of a row that a form brings under names that begin with a text.
pub(super) fn set_named<R>(
    fields: &'static [Field<R>],
    row: &mut R,
    form: &Form,
    before: &str,
    may: impl Fn(&Field<R>) -> bool,
) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let named = fields.iter().map(|field| (format!("{before}{}", field.name), field));
    for (name, field) in named.filter(|(name, field)| may(field) && form.has(name)) {
        if let Err(expected) = set_text(field, row, form.one(&name)) {
            let found = form.one(&name).to_owned();
            // the list of mistakes stands apart from the fields, so each names its own
            let (zh, en) = (field.label.zh, field.label.en);
            let expected = Sentence::new(
                format!("{zh}：{}", expected.text(Language::Chinese)),
                format!("{en}: {}", expected.text(Language::English)),
            );
            mistakes.push(Mistake::new(name, &found, expected));
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
    /// What is wrong with a field.
    pub(super) fn mistake(&self, name: &str) -> Option<&Sentence> {
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
        self.draw_named(field, field.name, is_required)
    }

    /// A field under a name of this form, with its label and its control.
    pub(super) fn draw_named<R>(&self, field: &Field<R>, name: &str, is_required: bool) -> Markup {
        let manner = self.manner;
        let text = self.typed.text(name);
        let mistake = self.mistake(name);
        let control = html! {
            (control(manner, (field, name), text))
            @if field.kind == FieldKind::Money { output.mut.sm { (spelt(manner, text)) } }
            @if let Some(other) = self.other(name) {
                p.t-warn.sm { (manner.say("现在登记的是：", "Recorded now: ")) b { (if other.is_empty() { manner.say("（空）", "(empty)") } else { other }) } }
            }
        };
        let shape = parts::Field {
            name,
            label: manner.text(field.label),
            hint: hint(manner, field.kind),
            mistake: mistake.map(|sentence| manner.tell(sentence)),
            is_required,
        };
        parts::field(&shape, &control)
    }

    /// A control that no table has, with its label and what is wrong with it.
    pub(super) fn around(
        &self,
        (name, label, hint): (&str, &str, &str),
        control: &Markup,
    ) -> Markup {
        let mistake = parts::mistake_of(self.manner, self.fault, name);
        parts::field(&parts::Field { name, label, hint, mistake, is_required: false }, control)
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
pub(super) fn spelt(manner: &Manner, text: &str) -> Markup {
    let money = crate::domain::reading::money(text, crate::domain::reading::MoneyUnit::Yuan).ok();
    let spelt = money.and_then(capital_numerals::spell);
    html! { @if let Some(spelt) = spelt { (manner.say("大写：", "In words: ")) (spelt) } }
}

fn control<R>(manner: &Manner, (field, name): (&Field<R>, &str), text: &str) -> Markup {
    let id = format!("f-{name}");
    let nothing = (!field.required).then_some("—");
    let input = |kind: &str, mode: Option<&str>, most: usize| {
        html! {
            input id=(id) name=(name) type=(kind) inputmode=[mode] value=(text) maxlength=(most);
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
