//! A floor names only floors below it (architecture.md §3).

use super::{holds, none, sources};

/// A floor, where it lies, and what it must not name.
const FLOORS: &[(&str, &[&str])] = &[
    ("entity/src", &["taizhang", "migration", "tokio", "async"]),
    ("migration/src", &["taizhang", "axum"]),
    (
        "src/domain",
        &[
            "sea_orm",
            "sqlx",
            "tokio",
            "async",
            "axum",
            "http",
            "Utc::now",
            "Clock",
            "SystemClock",
            "crate::store",
            "crate::app",
            "crate::http",
            "crate::api",
            "crate::web",
            "crate::cli",
            "crate::server",
            "crate::config",
        ],
    ),
    (
        "src/store",
        &[
            "axum",
            "http",
            "Utc::now",
            "crate::app",
            "crate::http",
            "crate::api",
            "crate::web",
            "crate::cli",
            "crate::server",
            "crate::config",
        ],
    ),
    (
        "src/app",
        &[
            "sea_orm",
            "sqlx",
            "axum",
            "Utc::now",
            "crate::http",
            "crate::api",
            "crate::web",
            "crate::cli",
            "crate::server",
            "crate::config",
        ],
    ),
    ("src/http", &["sea_orm", "sqlx", "crate::api", "crate::web", "crate::cli"]),
    ("src/api", &["sea_orm", "sqlx", "crate::web", "crate::cli", ".write("]),
    ("src/web", &["sea_orm", "sqlx", "crate::api", "crate::cli", ".write("]),
    ("src/cli", &["sea_orm", "sqlx", "crate::api", "crate::web", ".write("]),
    ("src/server.rs", &["sea_orm", "sqlx", "crate::cli", ".write("]),
];

/// The ground, which any floor may name: it names only rules.
const GROUND: &[&str] = &["src/error.rs", "src/clock.rs", "src/limits.rs"];
const NOT_ON_THE_GROUND: &[&str] =
    &["sea_orm", "sqlx", "axum", "tokio", "crate::store", "crate::app", "crate::cli"];

#[test]
fn a_floor_names_only_floors_below() {
    let mut faults = Vec::new();
    let ground = GROUND.iter().map(|path| (*path, NOT_ON_THE_GROUND));
    for (floor, banned) in FLOORS.iter().copied().chain(ground) {
        if !super::top().join(floor).exists() {
            continue;
        }
        for source in sources(&[floor]) {
            for (number, line) in source.code() {
                let named = banned.iter().filter(|word| holds(line, word));
                faults.extend(named.map(|word| {
                    format!("{}:{number}: {floor} must not name “{word}”", source.path)
                }));
            }
        }
    }
    none(&faults);
}

#[test]
fn amounts_never_meet_a_float() {
    let mut faults = Vec::new();
    for source in sources(&["entity/src", "migration/src", "src/domain", "src/store"]) {
        for (number, line) in source.code() {
            // a serializer names floats to refuse them
            let is_refusal = line.trim_start().starts_with("serialize_f");
            if !is_refusal && ["f32", "f64"].iter().any(|float| holds(line, float)) {
                faults.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    none(&faults);
}
