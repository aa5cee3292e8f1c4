//! Views of the list of assets that are kept under a name.

use chrono::DateTime;
use entity::{
    area::AreaCode,
    id::{AccountId, SavedViewId},
    saved_view::{Model, Seen},
};

use super::{mistake::Mistakes, refusal::Refusal};
use crate::limits;

/// A view of an account that shows the usual list to nobody else.
pub fn blank(area_code: AreaCode, account_id: AccountId, name: &str) -> Model {
    Model {
        id: SavedViewId(0),
        area_code,
        account_id,
        name: name.trim().to_owned(),
        words: String::new(),
        seen_by: Seen::Private,
        is_default: false,
        is_withdrawn: false,
        version: 0,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// What is wrong with a view.
pub fn check(view: &Model) -> Mistakes {
    let mut mistakes = Mistakes::default();
    let is_named = (1..=limits::VIEW_NAME_LENGTH).contains(&view.name.chars().count());
    let most = limits::VIEW_NAME_LENGTH;
    mistakes.require(
        is_named,
        "name",
        || view.name.clone(),
        &format!("名称应为 1 至 {most} 字"),
        &format!("a name of 1 to {most} characters"),
    );
    let is_short = view.words.len() <= limits::VIEW_WORDS_BYTES;
    mistakes.require(
        is_short,
        "words",
        String::new,
        "条件太多，请减少后再保存",
        "too many conditions: take some out and save again",
    );
    mistakes
}

/// Refuses one view more than an account may keep.
pub fn add(kept: usize) -> Result<(), Refusal> {
    if kept < limits::SAVED_VIEWS { Ok(()) } else { Err(Refusal::views_full(limits::SAVED_VIEWS)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: usize, words: usize) -> Model {
        let area = "520381000000".parse().expect("a code");
        let words = "a".repeat(words);
        Model { words, ..blank(area, AccountId(1), &"桥".repeat(name)) }
    }

    #[test]
    fn a_view_has_a_name_and_not_too_many_words() {
        let (name, words) = (limits::VIEW_NAME_LENGTH, limits::VIEW_WORDS_BYTES);
        assert!(check(&view(1, 0)).is_empty() && check(&view(name, words)).is_empty());
        for (name, words) in [(0, 0), (name + 1, 0), (1, words + 1)] {
            assert_eq!(check(&view(name, words)).len(), 1, "{name} {words}");
        }
    }

    #[test]
    fn an_account_keeps_so_many_views_and_no_more() {
        assert!(add(limits::SAVED_VIEWS - 1).is_ok());
        assert!(add(limits::SAVED_VIEWS).is_err());
    }
}
