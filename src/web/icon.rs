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
    /// Things that belong together.
    Folder,
    /// One more.
    Add,
    /// A rule that is set.
    Rule,
    /// What there is of each kind.
    Kinds,
    /// What things are called.
    Term,
    /// A deed of title.
    Title,
    /// Upkeep.
    Duty,
    /// What waits.
    Tasks,
    /// Not begun.
    Quarter0,
    /// Half way.
    Quarter2,
    /// Three quarters of the way.
    Quarter3,
    /// At its end.
    Quarter4,
    /// How things are set.
    Settings,
    /// A place.
    Place,
    /// Paper.
    Print,
    /// What happened, one after another.
    Trail,
    /// Verified.
    Shield,
    /// Several people.
    People,
    /// One above others.
    Tree,
    /// What opens.
    Key,
    /// Whether something lives.
    Pulse,
    /// Looking at something.
    Inspect,
    /// Mending something.
    Mend,
    /// Something one is told of.
    Bell,
    /// An organization.
    House,
    /// Money.
    Coin,
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
    (
        Icon::Coin,
        r#"<circle cx="12" cy="12" r="9"/><path d="M8 7l4 5 4-5M12 12v6M8.5 12.5h7M8.5 15.5h7"/>"#,
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
    (
        Icon::Settings,
        r#"<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>"#,
    ),
    (
        Icon::Place,
        r#"<path d="M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>"#,
    ),
    (Icon::Print, r#"<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>"#),
    (Icon::Folder, r#"<path d="M3 6h6l2 2.5h10V19H3z"/>"#),
    (Icon::Add, r#"<path d="M12 5v14M5 12h14"/>"#),
    (
        Icon::Rule,
        r#"<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>"#,
    ),
    (Icon::Kinds, r#"<path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z"/>"#),
    (Icon::Term, r#"<path d="M5 6V4h14v2M12 4v16M9 20h6"/>"#),
    (Icon::Title, r#"<path d="M6 3h9l4 4v14H6zM9 11h6M9 15h4"/><circle cx="15.5" cy="17" r="2"/>"#),
    (
        Icon::Duty,
        r#"<circle cx="9" cy="8" r="4"/><path d="M2 21a7 7 0 0 1 13-4M14 19l2.5 2.5L22 16"/>"#,
    ),
    (
        Icon::Tasks,
        r#"<path d="M9 5h11M9 12h11M9 19h11M3.5 5l1 1 2-2M3.5 12l1 1 2-2M3.5 19l1 1 2-2"/>"#,
    ),
    (Icon::Quarter0, r#"<circle cx="12" cy="12" r="9"/>"#),
    (
        Icon::Quarter2,
        r#"<circle cx="12" cy="12" r="9"/><path fill="currentColor" d="M12 3a9 9 0 0 0 0 18z"/>"#,
    ),
    (
        Icon::Quarter3,
        r#"<circle cx="12" cy="12" r="9"/><path fill="currentColor" d="M12 12V3a9 9 0 1 1-9 9z"/>"#,
    ),
    (Icon::Quarter4, r#"<circle fill="currentColor" cx="12" cy="12" r="9"/>"#),
    (
        Icon::Trail,
        r#"<circle cx="6" cy="6" r="2"/><circle cx="6" cy="18" r="2"/><path d="M6 8v8M11 6h9M11 12h9M11 18h9"/>"#,
    ),
    (
        Icon::Shield,
        r#"<path d="M12 3l8 3v6c0 4.5-3.2 7.8-8 9-4.8-1.2-8-4.5-8-9V6zM8.5 12l2.5 2.5 4.5-5"/>"#,
    ),
    (
        Icon::People,
        r#"<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.5a6.5 6.5 0 0 1 3.5 5.5"/>"#,
    ),
    (Icon::Tree, r#"<path d="M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4"/>"#),
    (Icon::Key, r#"<circle cx="8" cy="15" r="4.5"/><path d="M11.2 11.8L20 3M16 7l3 3"/>"#),
    (
        Icon::House,
        r#"<path d="M4 21V5h9v16M13 10h7v11M2.5 21h19M7 9h3M7 13h3M7 17h3M16 14h1.5M16 17.5h1.5"/>"#,
    ),
    (
        Icon::Inspect,
        r#"<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="3"/>"#,
    ),
    (
        Icon::Mend,
        r#"<path d="M14.5 6.5a4.5 4.5 0 0 1 5.8-4.3l-2.8 2.8.5 2 2 .5 2.8-2.8a4.5 4.5 0 0 1-5.8 5.8L8 19.5a2.1 2.1 0 0 1-3-3z"/>"#,
    ),
    (Icon::Bell, r#"<path d="M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4"/>"#),
    (Icon::Pulse, r#"<path d="M3 12h4l3-8 4 16 3-8h4"/>"#),
    (Icon::Edit, r#"<path d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4"/>"#),
];

/// The icon; whoever hears the page is told the word beside it alone.
pub(super) fn icon(icon: Icon) -> Markup {
    let strokes =
        STROKES.iter().find(|(known, _)| *known == icon).map_or("", |(_, strokes)| strokes);
    html! { svg viewBox="0 0 24 24" aria-hidden="true" { (PreEscaped(strokes)) } }
}
