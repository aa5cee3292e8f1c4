//! Text that a spreadsheet would run as a formula, made harmless and given back unchanged.

use std::borrow::Cow;

/// Characters that start a formula, in ASCII and full width (OWASP ASVS 5.0, 1.2.10).
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Characters some spreadsheets drop before they look for a formula.
const CONTROLS: [char; 4] = ['\t', '\r', '\n', '\0'];

/// The mark a spreadsheet reads as “this is text”.
const MARK: char = '\'';

/// The text with a leading `'` when a spreadsheet could take it for a formula, else unchanged.
///
/// A text that already carries such a mark gets one more, so that [`restore`] is an exact inverse.
/// For text alone: the minus sign of a number is not an attack.
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if is_formula_like(text) {
        return Cow::Owned(format!("{MARK}{text}"));
    }
    Cow::Borrowed(text)
}

/// The text as it was before [`neutralise`]: `restore(&neutralise(text)) == text` for every text.
pub fn restore(text: &str) -> &str {
    match text.strip_prefix(MARK) {
        Some(original) if is_formula_like(original) => original,
        _ => text,
    }
}

/// Whether a spreadsheet could run the text, once any number of leading marks are taken off.
///
/// Marks are looked through, so the answer is the same for a text and for the marked text: that is
/// what makes the mark removable without a doubt.
pub(super) fn is_formula_like(text: &str) -> bool {
    let bare = text.trim_start_matches(MARK);
    bare.starts_with(CONTROLS) || bare.trim_start_matches(is_unseen).starts_with(SIGNS)
}

/// Characters without a shape of their own: some programs skip them before a formula.
fn is_unseen(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{61C}'
                | '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{2069}'
                | '\u{FEFF}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_marked_and_plain_text_is_left_alone() {
        for risky in
            ["=1+1", "+86", "-", "@x", "\tx", "\rx", "\nx", "\0x", "＝A1", "＋", "－5", "＠"]
        {
            assert_eq!(neutralise(risky), format!("'{risky}"));
        }
        for risky in [" =1", "\u{FEFF}=1", "\u{3000}－1", "'=1", "''@", "'\t"] {
            assert_eq!(neutralise(risky), format!("'{risky}"));
        }
        for plain in ["", "上河村便民桥", "1-2", "'", "'95 届", "O'Brien", "a=b", " 桥", "#N/A"]
        {
            assert_eq!(neutralise(plain), plain);
            assert_eq!(restore(plain), plain);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in prop_oneof![any::<String>(), "['=+\\-@\t\r\n\0 a1＝＋－＠\u{FEFF}]{0,6}"]) {
            let marked = neutralise(&text);
            prop_assert_eq!(restore(&marked), text.as_str());
            prop_assert!(!marked.starts_with(SIGNS) && !marked.starts_with(CONTROLS));
        }
    }
}
