//! What somebody else recorded of a card while its form was typed into: both values of each field
//! side by side, and a choice between them. Whoever has chosen saves on top of the newest version.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::asset::Model;
use maud::{Markup, html};

use super::{
    fields::{Sheet, Typed, code_of, set_text},
    form::Form,
    parts::{Tone, instant, note, scrolled},
    visit::Visit,
};
use crate::{
    app::{
        history::{Recorded, Since, since},
        output::CHINA_CLOCK,
    },
    domain::{
        asset::FIELDS,
        contest::{Taken, offered},
        field::Field,
    },
    error::{Error, Result},
    http::AppState,
};

/// What the names of the choices begin with.
const CHOICE: &str = "take-";
const THEIRS: &str = "theirs";
const MINE: &str = "mine";

/// Whether the sender of a form takes what was recorded of a field, and not what they typed.
pub(super) fn is_theirs(form: &Form, name: &str) -> bool {
    form.one(&format!("{CHOICE}{name}")) == THEIRS
}

/// Whether a form that changes nothing has chosen so.
pub(super) fn is_settled(form: &Form, error: &Error) -> bool {
    let is_chosen = || form.all().any(|(name, _)| name.starts_with(CHOICE));
    matches!(error, Error::Refused(refusal) if refusal.code == "row.nothing_changed") && is_chosen()
}

/// A field that the other recorded anew, and that is typed otherwise.
struct Contested {
    field: &'static Field<Model>,
    was: Option<String>,
    theirs: String,
    mine: String,
    /// What stands in its control, word for word.
    typed: String,
    by: Option<Recorded>,
    offered: Taken,
}

/// A card, what is typed into its form, and where the two disagree.
pub(super) struct Meanwhile {
    /// What stands in the controls: what was typed, without what the other's value was taken for.
    pub(super) typed: Typed,
    contested: Vec<Contested>,
}

impl Meanwhile {
    /// What has become of a card since the version that a form was typed over.
    pub(super) async fn of(
        state: &AppState,
        visit: &Visit,
        (now, version): (&Model, i64),
        sent: &Typed,
    ) -> Result<Meanwhile> {
        let since = since(&state.ledger.read(&visit.actor), now, version).await?;
        let then = since.before.as_ref().unwrap_or(now);
        let typed = Typed::recorded(FIELDS, then).over(own(sent));
        let fields = FIELDS.iter().filter(|field| sent.has(field.name));
        let contested = fields.filter_map(|field| contested(visit, (field, now), &typed, &since));
        Ok(Meanwhile { contested: contested.collect(), typed })
    }

    /// Fields of a form: those in which the two disagree side by side, the others to be typed into.
    pub(super) fn draw(
        &self,
        visit: &Visit,
        sheet: &Sheet<'_>,
        fields: impl Iterator<Item = (&'static Field<Model>, bool)>,
        before: &Markup,
    ) -> Markup {
        let is_contested =
            |field: &Field<Model>| self.contested.iter().any(|one| one.field.name == field.name);
        html! {
            @if !self.contested.is_empty() { (self.compared(visit)) }
            div.sheet {
                (before)
                @for (field, is_required) in fields.filter(|(field, _)| !is_contested(field)) {
                    (sheet.draw(field, is_required))
                }
            }
        }
    }

    /// What the button says that saves.
    pub(super) fn button(&self, visit: &Visit, usual: &'static str) -> &'static str {
        if self.contested.is_empty() {
            return usual;
        }
        visit.say("按选定的保存", "Save what is chosen")
    }

    fn compared(&self, visit: &Visit) -> Markup {
        let heads = [
            visit.say("项目", "Field"),
            visit.say("原来", "Before"),
            visit.say("对方改为", "Theirs"),
            visit.say("我填的", "Mine"),
        ];
        let table = html! {
            table.cards {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for one in &self.contested { (one.draw(visit, &heads)) } }
            }
        };
        html! {
            (note(Tone::Warning, &html! {
                p { @for told in self.told(visit) { b { (told) } br; } }
                p { (visit.say(
                    "逐项选定用谁的，再保存。其余内容仍是您填的。",
                    "Choose field by field whose value is kept, then save. The rest stands as you typed it.",
                )) }
            }))
            (scrolled(visit.say("两边填的内容", "Both versions"), &table))
            br;
        }
    }

    /// Who has recorded what, a line for each time.
    fn told(&self, visit: &Visit) -> Vec<String> {
        let mut times: BTreeMap<&Recorded, Vec<&str>> = BTreeMap::new();
        for one in &self.contested {
            if let Some(by) = &one.by {
                times.entry(by).or_default().push(visit.text(one.field.label));
            }
        }
        let told = |(by, labels): (&Recorded, Vec<&str>)| {
            let (at, said) = (clock(visit, by.at), visit.say("已改过：", "changed: "));
            format!("{} {at} {said}{}", by.actor, labels.join(visit.say("、", ", ")))
        };
        times.into_iter().map(told).collect()
    }
}

/// What a form says of a card for itself.
fn own(sent: &Typed) -> Typed {
    sent.clone().only(|name| sent.text(&format!("{CHOICE}{name}")) != THEIRS)
}

/// An instant on the clocks of China; of today, the time alone.
fn clock(visit: &Visit, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&CHINA_CLOCK);
    if local.date_naive() == visit.today { local.format("%H:%M").to_string() } else { instant(at) }
}

/// A field, where it is contested.
fn contested(
    visit: &Visit,
    (field, now): (&'static Field<Model>, &Model),
    typed: &Typed,
    since: &Since,
) -> Option<Contested> {
    let was = since.before.as_ref().map(|then| code_of(field, then));
    let mut mine = now.clone();
    // what cannot be read stands for itself
    let text = typed.text(field.name);
    let is_read = set_text(field, &mut mine, text).is_ok();
    let mine_code = if is_read { code_of(field, &mine) } else { text.to_owned() };
    let offered = offered(was.as_deref(), &code_of(field, now), &mine_code)?;
    let shown = |row: &Model| (field.get)(row).text(visit.language);
    Some(Contested {
        field,
        was: since.before.as_ref().map(shown),
        theirs: shown(now),
        mine: if is_read { shown(&mine) } else { text.to_owned() },
        typed: text.to_owned(),
        by: since.by.get(field.name).cloned(),
        offered,
    })
}

impl Contested {
    fn draw(&self, visit: &Visit, heads: &[&'static str; 4]) -> Markup {
        let name = self.field.name;
        let label = visit.text(self.field.label);
        let value = |text: &str| match text {
            "" => visit.say("（空）", "(empty)").to_owned(),
            text => text.to_owned(),
        };
        let take = |code: &str, taken: Taken, says: &str| {
            html! {
                label.pick-one {
                    input type="radio" name={ (CHOICE) (name) } value=(code) checked[self.offered == taken]
                        aria-label={ (label) (visit.say("：", ": ")) (says) };
                    (says)
                }
            }
        };
        html! {
            tr {
                th scope="row" { b { (label) } input type="hidden" name=(name) value=(self.typed); }
                td data-l=(heads[1]) { span { (self.was.as_deref().map_or_else(|| "—".to_owned(), value)) } }
                td data-l=(heads[2]) {
                    b { (value(&self.theirs)) }
                    @if let Some(by) = &self.by { small { (by.actor) " " (clock(visit, by.at)) } }
                    div { (take(THEIRS, Taken::Theirs, visit.say("用对方的", "Use theirs"))) }
                }
                td data-l=(heads[3]) {
                    b { (value(&self.mine)) }
                    div { (take(MINE, Taken::Mine, visit.say("用我的", "Use mine"))) }
                }
            }
        }
    }
}
