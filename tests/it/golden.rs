//! Golden files: what may be done by whom, and every no, for people to read and to compare.

use std::fmt::Write as _;

use entity::{account::Role, log::Action};
use taizhang::domain::{
    permission::{needs_step_up, permits},
    refusal::Refusal,
};

pub(crate) fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_permission_matrix() {
    let mut text = String::new();
    for action in Action::ALL.iter().copied() {
        let label = action.label();
        let granted = || Role::ALL.iter().filter(|role| permits(**role, action));
        let zh: Vec<_> = granted().map(|role| role.label().zh).collect();
        let en: Vec<_> = granted().map(|role| role.label().en).collect();
        writeln!(text, "{}", action.code()).expect("written");
        writeln!(text, "  {}：{}", label.zh, zh.join("、")).expect("written");
        writeln!(text, "  {}: {}", label.en, en.join(", ")).expect("written");
        if needs_step_up(action) {
            writeln!(text, "  须重新验证身份").expect("written");
            writeln!(text, "  needs a fresh proof of who acts").expect("written");
        }
        assert!(!zh.is_empty(), "nobody may {}", label.en);
    }
    golden("permissions.txt", &text);
}

#[test]
fn every_refusal() {
    let mut text = String::new();
    for (code, words) in Refusal::all() {
        writeln!(text, "{code}\n  {}\n  {}", words.zh, words.en).expect("written");
    }
    golden("refusals.txt", &text);
}

#[test]
fn refusals_are_told_apart_by_their_codes() {
    let mut codes: Vec<_> = Refusal::all().map(|(code, _)| code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Refusal::all().count());
}

/// What `--help` says, command by command.
#[test]
fn every_help() {
    let mut command = taizhang::cli::command();
    command.build();
    command.clone().debug_assert();
    golden("help.txt", &helps(&mut command, "taizhang"));
}

fn helps(command: &mut clap::Command, path: &str) -> String {
    let own = format!("$ {path} --help\n{}\n", command.render_long_help());
    let below = command.get_subcommands_mut().filter(|one| !one.is_hide_set());
    let below: Vec<String> = below
        .filter(|one| one.get_name() != "help")
        .map(|one| {
            let path = format!("{path} {}", one.get_name());
            helps(one, &path)
        })
        .collect();
    own + &below.concat()
}
