//! Icons, drawn in one stroke on a square of 24, beside words and never in the place of one.

use maud::{Markup, PreEscaped, html};

/// A sign beside a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Icon {
    /// A search.
    Find,
    /// A person.
    Person,
    /// The first page.
    Home,
    /// The ledger.
    Book,
    /// Something wrong.
    Flag,
    /// Taking out.
    Close,
    /// As it should be.
    Good,
    /// A problem.
    Bad,
    /// Not in use.
    Idle,
    /// Waiting.
    Clock,
    /// Nobody, or not yet.
    Nobody,
    /// A telephone.
    Telephone,
    /// Changing.
    Edit,
    /// A sheet.
    Sheet,
    /// One more.
    Add,
    /// A rule that is set.
    Rule,
    /// What there is of each kind.
    Kinds,
    /// What things are called.
    Term,
}

/// The strokes of each.
const STROKES: &[(Icon, &str)] = &[
    (Icon::Find, r#"<circle cx="11" cy="11" r="6.5"/><path d="M20 20l-4.3-4.3"/>"#),
    (Icon::Person, r#"<circle cx="12" cy="8" r="4"/><path d="M4 21a8 8 0 0 1 16 0"/>"#),
    (Icon::Home, r#"<path d="M4 11l8-7 8 7v9h-5v-6H9v6H4z"/>"#),
    (
        Icon::Book,
        r#"<path d="M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2zM5 18a2 2 0 0 1 2-2h12M9 8h6"/>"#,
    ),
    (Icon::Flag, r#"<path d="M5 21V4M5 5h12l-2.5 4L17 13H5"/>"#),
    (Icon::Close, r#"<path d="M6 6l12 12M18 6L6 18"/>"#),
    (Icon::Good, r#"<circle cx="12" cy="12" r="9"/><path d="M8 12.5l3 3 5.5-6.5"/>"#),
    (
        Icon::Bad,
        r#"<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 7.5v5.5M12 16.4v.1"/>"#,
    ),
    (Icon::Idle, r#"<circle cx="12" cy="12" r="9"/><path d="M10 9v6M14 9v6"/>"#),
    (Icon::Clock, r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>"#),
    (Icon::Nobody, r#"<circle cx="12" cy="12" r="9" stroke-dasharray="3.2 3.4"/>"#),
    (
        Icon::Telephone,
        r#"<path d="M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z"/>"#,
    ),
    (Icon::Sheet, r#"<path d="M5 4h14v16H5zM5 9.5h14M5 15h14M11 4v16"/>"#),
    (Icon::Add, r#"<path d="M12 5v14M5 12h14"/>"#),
    (
        Icon::Rule,
        r#"<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>"#,
    ),
    (Icon::Kinds, r#"<path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z"/>"#),
    (Icon::Term, r#"<path d="M5 6V4h14v2M12 4v16M9 20h6"/>"#),
    (Icon::Edit, r#"<path d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4"/>"#),
];

/// The icon; whoever hears the page is told the word beside it alone.
pub(super) fn icon(icon: Icon) -> Markup {
    let strokes =
        STROKES.iter().find(|(known, _)| *known == icon).map_or("", |(_, strokes)| strokes);
    html! { svg viewBox="0 0 24 24" aria-hidden="true" { (PreEscaped(strokes)) } }
}
