//! Names say what a thing is; and the sources speak of the product alone.

use super::{everything, none};

/// Names that say nothing, and what to say instead (architecture.md §14).
const EMPTY: &[(&str, &str)] = &[
    ("process", "the verb of the trade"),
    ("handle", "the verb of the trade"),
    ("manage", "the verb of the trade"),
    ("util", "the noun it serves"),
    ("utils", "the noun it serves"),
    ("helper", "the noun it serves"),
    ("helpers", "the noun it serves"),
    ("data", "what it holds"),
    ("info", "what it holds"),
    ("manager", "the noun it keeps"),
    ("service", "what it does"),
];

/// The words of a name, whether `snake_case` or `CamelCase`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in name.chars() {
        if character == '_' || character.is_uppercase() {
            words.push(String::new());
        }
        if character != '_' {
            words.last_mut().expect("a word").extend(character.to_lowercase());
        }
    }
    words
}

fn fault(place: &str, name: &str) -> Option<String> {
    let words = words(name);
    let (word, instead) = EMPTY.iter().find(|(word, _)| words.iter().any(|one| one == word))?;
    Some(format!("{place}: “{name}” says “{word}”; name {instead}"))
}

#[test]
fn files_and_types_have_names_that_say_something() {
    let mut faults = Vec::new();
    for source in everything() {
        let parts = source.path.trim_end_matches(".rs").split('/');
        faults.extend(parts.filter_map(|part| fault(&source.path, part)));
        for (number, line) in source.code() {
            let mut tokens = line.split_whitespace().skip_while(|token| token.starts_with("pub"));
            let kind = tokens.next().unwrap_or_default();
            let name = tokens.next().unwrap_or_default();
            if ["struct", "enum", "trait", "type", "mod"].contains(&kind) {
                let name: String =
                    name.chars().take_while(|one| one.is_alphanumeric() || *one == '_').collect();
                faults.extend(fault(&format!("{}:{number}", source.path), &name));
            }
        }
    }
    none(&faults);
}

#[test]
fn names_fall_into_words() {
    assert_eq!(words("AssetManager"), ["", "asset", "manager"]);
    assert_eq!(words("user_info"), ["user", "info"]);
    assert!(fault("", "Information").is_none());
    assert!(fault("", "DataRow").is_some());
}

/// Words about how the sources came to be; cut in two, so that this file does not hold them.
const WORKPLACE: &[&str] = &[
    concat!("work", "tree"),
    concat!("/wo", "rk/"),
    concat!("/tm", "p/w/"),
    concat!("sub", "agent"),
    concat!("clau", "de"),
    concat!("anthro", "pic"),
    concat!("chat", "gpt"),
    concat!("language mo", "del"),
    concat!("house ", "brief"),
    concat!("scratch ", "crate"),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!("),
    concat!("unimple", "mented!"),
];

#[test]
fn the_sources_speak_of_the_product_alone() {
    let mut faults = Vec::new();
    for source in everything() {
        for (number, line) in source.text.lines().enumerate() {
            let lower = line.to_lowercase();
            let said = WORKPLACE.iter().filter(|word| lower.contains(&word.to_lowercase()));
            faults.extend(said.map(|word| format!("{}:{}: “{word}”", source.path, number + 1)));
        }
    }
    none(&faults);
}
