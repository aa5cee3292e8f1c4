//! Assets that may be the one that is about to be registered: told while its name is typed, and once
//! more when the form is sent. Whoever says that it is another one goes on.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use entity::area::AreaCode;
use maud::{Markup, html};

use super::{
    fields::Typed,
    form::Form,
    parts::{Tone, note},
    visit::{Visit, at},
};
use crate::{
    app::listing,
    domain::{area_name::code_in, permission::Action},
    error::Result,
    http::{AppState, fault::Fault},
    limits,
    store::NamedAsset,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/assets/alike", get(show))
}

/// The field by which a form says of which name in which place it is another asset.
const OTHER: &str = "other";

/// The assets of a place whose names are like that of a new one.
#[derive(Default)]
pub(super) struct Alike {
    assets: Vec<NamedAsset>,
    /// The name and the place.
    named: String,
    /// Whether it was said of them that they are others.
    is_other: bool,
}

/// A name in a place, as a form says of it that it is another asset.
fn named(place: AreaCode, name: &str) -> String {
    format!("{place} {name}")
}

/// Whether a form says that its asset is another one than those of a like name.
pub(super) fn is_other(form: &Form, place: AreaCode, name: &str) -> bool {
    form.one(OTHER) == named(place, name)
}

impl Alike {
    /// Those in a place that are like what is typed; none before a name and a place are.
    pub(super) async fn of(
        state: &AppState,
        visit: &Visit,
        place: Option<AreaCode>,
        typed: &Typed,
    ) -> Result<Alike> {
        let name: String = typed.text("name").trim().chars().take(limits::NAME_LENGTH).collect();
        let Some(place) = place else { return Ok(Alike::default()) };
        let assets = listing::namesakes(&state.ledger, &visit.actor, place, &name).await?;
        let named = named(place, &name);
        Ok(Alike { assets, is_other: typed.text(OTHER) == named, named })
    }

    /// Where they are told, and told anew whenever another name or place is typed.
    pub(super) fn draw(&self, visit: &Visit) -> Markup {
        html! { div #f-other tabindex="-1" aria-live="polite" data-ask="/assets/alike" data-of="name area other" { (self.told(visit)) } }
    }

    fn told(&self, visit: &Visit) -> Markup {
        if self.assets.is_empty() {
            return html! {};
        }
        let shown = self.assets.iter().take(limits::ALIKE_SHOWN);
        let n_more = self.assets.len().saturating_sub(limits::ALIKE_SHOWN);
        let (area, name) = self.named.split_once(' ').unwrap_or_default();
        note(
            Tone::Warning,
            &html! {
                p { b { (visit.say("相似：", "Alike: ")) } }
                ul { @for asset in shown {
                    li { (asset.code) " " a href={ "/assets/" (asset.code) } { (asset.name) }
                        @if let Some(value) = asset.original_value { " " (value.grouped()) (visit.say(" 元", " yuan")) } }
                } }
                @if n_more > 0 { p { a href=(at("/assets", [("area", area), ("q", name)])) { (visit.say("还有 ", "and ")) (n_more) (visit.say(" 项", " more")) } } }
                label { input type="checkbox" name=(OTHER) value=(self.named) checked[self.is_other]; " " (visit.say("不是同一项", "It is another one")) }
            },
        )
    }
}

async fn show(State(state): State<AppState>, visit: Visit) -> Result<Response, Fault> {
    visit.actor.require(Action::RegisterAsset)?;
    let typed = Typed::of(&visit.query);
    let alike = Alike::of(&state, &visit, code_in(typed.text("area")), &typed).await?;
    Ok(alike.told(&visit).into_response())
}
