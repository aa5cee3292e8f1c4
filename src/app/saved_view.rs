//! Views of the list of assets: kept under a name, shared, begun with, taken away.

use entity::{
    asset,
    id::SavedViewId,
    saved_view::{Entity, Model, Seen},
};

use super::{asset_column, named::Named};
use crate::{
    domain::{
        mistake::{Mistake, Mistakes},
        permission::Action,
        refusal::Refusal,
        saved_view as rules,
    },
    error::{Error, Result},
    store::{Actor, Ledger, Write, list::List},
};

/// Words of an address that say which page of a list is looked at, and when: no view keeps them.
/// What was searched for may be somebody's name, and a view stands in the log.
const NOT_KEPT: [&str; 9] =
    ["q", "after", "before", "at", "count", "as_of", "view", "lang", "size"];

/// What a view is to be.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Its name.
    pub name: Option<String>,
    /// The words of its list.
    pub words: Option<Vec<(String, String)>>,
    /// Who is shown it.
    pub seen_by: Option<Seen>,
    /// Whether its owner's list begins with it.
    pub is_default: Option<bool>,
}

/// The words of a view.
pub fn words(view: &Model) -> Vec<(String, String)> {
    form_urlencoded::parse(view.words.as_bytes()).into_owned().collect()
}

/// The words of a list as a view keeps them; those that no list can mean are mistakes.
fn kept(words: &[(String, String)]) -> Result<String> {
    let is_kept = |(word, value): &&(String, String)| {
        !NOT_KEPT.contains(&word.as_str()) && !value.trim().is_empty()
    };
    let (columns, others): (Vec<_>, Vec<_>) =
        words.iter().filter(is_kept).partition(|(word, _)| word == asset_column::WORD);
    let others = others.iter().map(|(word, value)| (word.as_str(), value.trim()));
    List::<asset::Entity>::read(others.clone())?;
    let columns: Vec<&str> = columns.iter().map(|(_, names)| names.as_str()).collect();
    let columns = asset_column::told(&asset_column::read(Some(&columns.join(",")))?);
    let columns = (!columns.is_empty()).then_some((asset_column::WORD, columns.as_str()));
    let all = others.chain(columns);
    Ok(form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish())
}

/// The views that a reader is shown: one's own, and those shared whose area the reader may see.
pub async fn views(ledger: &Ledger, actor: &Actor) -> Result<Vec<Model>> {
    let own = actor.area();
    let is_near = |view: &Model| {
        let area = words(view).into_iter().find(|(word, _)| word == "area");
        let area = area.and_then(|(_, code)| code.parse::<entity::area::AreaCode>().ok());
        area.is_none_or(|area| own.covers(&area) || area.covers(&own))
    };
    let mut views = ledger.read(actor).saved_views().await?;
    views.retain(|view| Some(view.account_id) == actor.account() || is_near(view));
    Ok(views)
}

/// One view that a reader is shown.
pub async fn view(ledger: &Ledger, actor: &Actor, id: SavedViewId) -> Result<Model> {
    use crate::store::Subject;
    let views = views(ledger, actor).await?;
    views.into_iter().find(|view| view.id == id).ok_or(Error::NotFound(Entity::NOUN))
}

/// Sets what a draft says of a view.
fn set(actor: &Actor, view: &mut Model, draft: &Draft) -> Result<()> {
    if let Some(name) = &draft.name {
        name.trim().clone_into(&mut view.name);
    }
    if let Some(words) = &draft.words {
        view.words = kept(words)?;
    }
    if let Some(seen_by) = draft.seen_by {
        if seen_by != Seen::Private && seen_by != view.seen_by {
            actor.require(Action::ShareView)?;
        }
        view.seen_by = seen_by;
    }
    if let Some(is_default) = draft.is_default {
        view.is_default = is_default;
    }
    rules::check(view).into_result()?;
    Ok(())
}

/// Has no other view of the actor be the one that the list begins with.
async fn stand_alone(write: &mut Write, views: &[Model], but: Option<SavedViewId>) -> Result<()> {
    for other in views.iter().filter(|other| other.is_default && Some(other.id) != but) {
        let after = Model { is_default: false, ..other.clone() };
        write.update::<Entity>(other, after).await?;
    }
    Ok(())
}

async fn insert(write: &mut Write, view: Model) -> Result<Model> {
    let views = write.own_views(view.account_id).await?;
    rules::add(views.len())?;
    if views.iter().any(|known| known.name == view.name) {
        return Err(Refusal::view_named_so().into());
    }
    if view.is_default {
        stand_alone(write, &views, None).await?;
    }
    write.insert::<Entity>(view).await
}

/// Keeps a list under a name.
pub async fn save(ledger: &Ledger, actor: &Actor, draft: Draft) -> Result<Model> {
    ledger
        .write(actor, Action::SaveView, async |write| {
            let account = write.actor().account().ok_or(Error::Unauthenticated)?;
            let mut view = rules::blank(write.actor().area(), account, "");
            set(write.actor(), &mut view, &draft)?;
            insert(write, view).await
        })
        .await
}

/// Changes a view of one's own.
pub async fn amend(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<SavedViewId>>,
    draft: Draft,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::AmendView, async |write| {
            let before = write.own_view(named.id).await?;
            named.check(before.version)?;
            let mut after = before.clone();
            set(write.actor(), &mut after, &draft)?;
            if after == before {
                return Err(Refusal::nothing_changed().into());
            }
            let views = write.own_views(before.account_id).await?;
            if views.iter().any(|one| one.name == after.name && one.id != after.id) {
                return Err(Refusal::view_named_so().into());
            }
            if after.is_default {
                stand_alone(write, &views, Some(after.id)).await?;
            }
            write.update::<Entity>(&before, after).await
        })
        .await
}

/// Takes a view of one's own away; it is kept, and shown no more.
pub async fn withdraw(
    ledger: &Ledger,
    actor: &Actor,
    named: impl Into<Named<SavedViewId>>,
) -> Result<Model> {
    let named = named.into();
    ledger
        .write(actor, Action::WithdrawView, async |write| {
            let before = write.own_view(named.id).await?;
            named.check(before.version)?;
            let after = Model { is_withdrawn: true, is_default: false, ..before.clone() };
            write.update::<Entity>(&before, after).await
        })
        .await
}

/// Has one's list show some columns from now on: the view that it begins with keeps them, and where
/// there is none, one is made.
pub async fn keep_columns(
    ledger: &Ledger,
    actor: &Actor,
    columns: &str,
    name: &str,
) -> Result<Model> {
    ledger
        .write(actor, Action::SaveView, async |write| {
            let account = write.actor().account().ok_or(Error::Unauthenticated)?;
            let views = write.own_views(account).await?;
            let begun = views.iter().find(|view| view.is_default);
            let others = begun.map(words).unwrap_or_default().into_iter();
            let others = others.filter(|(word, _)| word != asset_column::WORD);
            let all: Vec<_> =
                others.chain([(asset_column::WORD.to_owned(), columns.to_owned())]).collect();
            let words = kept(&all)?;
            match begun {
                Some(before) if before.words == words => Ok(before.clone()),
                Some(before) => {
                    let after = Model { words, ..before.clone() };
                    write.update::<Entity>(before, after).await
                }
                None => {
                    let is_taken = |name: &str| views.iter().any(|view| view.name == name);
                    let name = if is_taken(name) {
                        format!("{name} {}", views.len() + 1)
                    } else {
                        name.to_owned()
                    };
                    let view = rules::blank(write.actor().area(), account, &name);
                    insert(write, Model { words, is_default: true, ..view }).await
                }
            }
        })
        .await
}

/// Has one's list begin with a view: one's own, or a copy of one that is shared.
pub async fn begin_with(ledger: &Ledger, actor: &Actor, id: SavedViewId) -> Result<Model> {
    let view = view(ledger, actor, id).await?;
    if Some(view.account_id) == actor.account() {
        let draft = Draft { is_default: Some(true), ..Draft::default() };
        return amend(ledger, actor, view.id, draft).await;
    }
    let draft = Draft {
        name: Some(view.name.clone()),
        words: Some(words(&view)),
        is_default: Some(true),
        ..Draft::default()
    };
    save(ledger, actor, draft).await
}

/// What is wrong with what a reader typed about who is shown a view.
pub fn seen_by(text: &str) -> Result<Seen> {
    use crate::domain::field::{FieldValue, Reading};
    Seen::read(Some(text), Reading::default())
        .map_err(|expected| Mistakes(vec![Mistake::new("seen_by", text, expected)]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(words: &[(&str, &str)]) -> Vec<(String, String)> {
        words.iter().map(|(word, value)| ((*word).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_view_keeps_what_a_list_means_and_nothing_of_a_page() {
        let words = pairs(&[
            ("class", "public"),
            ("q", "王"),
            ("after", "x"),
            ("at", "21"),
            ("lacks", ""),
            ("cols", "value"),
            ("cols", "code"),
        ]);
        assert_eq!(kept(&words).expect("words"), "class=public&cols=name%2Cvalue%2Ccode");
        for bad in [("colour", "red"), ("class", "castle"), ("cols", "colour")] {
            assert!(kept(&pairs(&[bad])).is_err(), "{bad:?}");
        }
    }
}
