//! The field of an area: its name, its code or the first letters of its names. Where a text means
//! several, the form comes again with a choice of them; where scripts run, they are offered while
//! somebody types.

use entity::{area::AreaCode, language::Sentence};
use maud::{Markup, html};

use super::{fields::Sheet, parts::choice, visit::Visit};
use crate::{
    app::place::{Meant, meant},
    domain::{area_name::Fit, mistake::Mistake},
    error::Result,
    http::AppState,
    limits,
};

/// What somebody typed to name an area, and what it means.
pub(super) struct PickedArea {
    text: String,
    meant: Vec<Meant>,
}

impl PickedArea {
    /// What a text means within the visitor's reach; an empty one means nothing.
    pub(super) async fn of(state: &AppState, visit: &Visit, text: &str) -> Result<PickedArea> {
        let text = text.trim();
        let meant = match text {
            "" => Vec::new(),
            text => meant(&state.ledger.read(&visit.actor), text).await?,
        };
        Ok(PickedArea { text: text.to_owned(), meant })
    }

    /// The one area that it means: the only one that fits, or the only one of that whole name.
    fn one(&self) -> Option<&Meant> {
        let whole = self.meant.iter().filter(|one| one.fit == Fit::Whole).count();
        let is_one = self.meant.len() == 1 || whole == 1;
        self.meant.first().filter(|_| is_one)
    }

    /// Its code; else what is wrong with the text.
    pub(super) fn code(&self) -> Result<AreaCode, Mistake> {
        if let Some(one) = self.one() {
            return Ok(one.code);
        }
        let expected = match (self.text.is_empty(), self.meant.is_empty()) {
            (true, _) => Sentence::new("所在区划不能为空", "the area may not be empty"),
            (_, true) => Sentence::new(
                "所在区划：管辖范围内没有这个区划；请填名称、拼音首字母或十二位代码",
                "area: there is none of that name within your area; give its name, its initials or its code of twelve digits",
            ),
            _ => Sentence::new(
                "所在区划：不止一处符合，请选一处",
                "area: there are several, choose one",
            ),
        };
        Err(Mistake::new("area", &self.text, expected))
    }

    /// The control, by the name `area`.
    pub(super) fn draw(&self, sheet: &Sheet<'_>) -> Markup {
        let manner = sheet.manner;
        let is_wrong = sheet.mistake("area").is_some();
        if is_wrong && self.code().is_err() && !self.meant.is_empty() {
            let again = manner.say("都不是，重新填写", "none of these: type again");
            let offered = self.meant.iter().take(limits::AREAS_CHOSEN_FROM);
            let offered = offered.map(|one| (one.code.to_string(), one.told()));
            return choice("area", Some(again), offered, "");
        }
        let told = self.one().map_or_else(|| self.text.clone(), Meant::told);
        html! {
            input #f-area name="area" value=(told) maxlength=(limits::TEXT_LENGTH) autocomplete="off" data-suggest="areas"
                aria-required="true" aria-invalid=[is_wrong.then_some("true")] aria-describedby={ "h-area" @if is_wrong { " e-area" } };
        }
    }
}

/// What is offered while a text is typed.
pub(super) async fn offered(state: &AppState, visit: &Visit, text: &str) -> Result<Vec<Meant>> {
    let mut offered = PickedArea::of(state, visit, text).await?.meant;
    offered.truncate(usize::try_from(limits::SUGGESTIONS).unwrap_or(8));
    Ok(offered)
}
