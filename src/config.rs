//! Flags, environment and defaults resolved once into [`Config`]. The only file that reads the
//! environment.

use std::path::PathBuf;

use entity::language::Language;

use crate::{
    app::{mail::MailServer, webhook::address::Reach},
    domain::{digest::Period, password::Profile, secret::Secret},
    store::connect::Place,
};

/// What every command needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the ledger is kept.
    pub place: Place,
    /// Whether somebody said where, or it is the default.
    pub is_place_given: bool,
    /// Where its keys are kept: a file beside the database, never in it.
    pub keys: PathBuf,
    /// The language of the reader.
    pub language: Language,
    /// The account that acts; none for whoever works at this machine.
    pub account: Option<String>,
    /// The rules for passwords.
    pub profile: Profile,
    /// Where the pages lie, for letters: without a path.
    pub address: Option<String>,
    /// Where letters are handed in.
    pub mail: Option<MailServer>,
    /// How often the nightly round sends digests; never where nothing is said.
    pub digest: Option<Period>,
    /// What webhooks may reach besides what is public.
    pub reach: Reach,
    /// Certificates of authorities that are believed besides the public ones, by webhooks.
    pub webhook_authorities: Option<PathBuf>,
}

/// The database when nothing says otherwise.
pub const DEFAULT_DATABASE: &str = "sqlite:taizhang.db";

/// What the flags say; what they leave open the environment or a default settles.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--database`.
    pub database: Option<String>,
    /// `--keys`.
    pub keys: Option<PathBuf>,
    /// `--lang`.
    pub language: Option<Language>,
    /// `--as`.
    pub account: Option<String>,
}

impl Config {
    /// Resolves flags, then environment, then defaults. A setting that nobody understands is an
    /// error where something weaker would be taken for it.
    pub fn resolve(flags: Flags) -> Result<Config, String> {
        let database = flags.database.or_else(|| variable("TAIZHANG_DATABASE"));
        let is_place_given = database.is_some();
        let place = Place::new(database.unwrap_or_else(|| DEFAULT_DATABASE.to_owned()));
        let keys = flags.keys.or_else(|| variable("TAIZHANG_KEYS").map(PathBuf::from));
        let keys = keys.unwrap_or_else(|| default_keys(&place));
        let spoken = || variable("TAIZHANG_LANG")?.parse().ok();
        let profile = match variable("TAIZHANG_PASSWORD_PROFILE") {
            Some(code) => code.parse()?,
            None => Profile::default(),
        };
        let address =
            variable("TAIZHANG_ADDRESS").map(|text| text.trim_end_matches('/').to_owned());
        let digest = variable("TAIZHANG_DIGEST").map(|word| word.parse()).transpose()?;
        let reach = Reach::read(&variable("TAIZHANG_WEBHOOK_ALLOW").unwrap_or_default())?;
        Ok(Config {
            reach,
            webhook_authorities: variable("TAIZHANG_WEBHOOK_CA").map(PathBuf::from),
            address,
            mail: mail()?,
            digest,
            is_place_given,
            keys,
            language: flags.language.or_else(spoken).unwrap_or_default(),
            account: flags.account.or_else(|| variable("TAIZHANG_ACCOUNT")),
            profile,
            place,
        })
    }
}

/// Where letters are handed in, as the environment says.
fn mail() -> Result<Option<MailServer>, String> {
    let Some(url) = variable("TAIZHANG_SMTP") else { return Ok(None) };
    let from = variable("TAIZHANG_SMTP_FROM").unwrap_or_default();
    let password = variable("TAIZHANG_SMTP_PASSWORD").map(Secret::new);
    MailServer::read(&url, &from, password).map(Some)
}

impl Config {
    /// The same, with another place and the keys beside it.
    pub fn at(&self, place: Place) -> Config {
        Config { keys: default_keys(&place), place, is_place_given: true, ..self.clone() }
    }
}

/// Beside the file of an embedded ledger, else in the working folder.
pub fn default_keys(place: &Place) -> PathBuf {
    match place.file() {
        Some(file) => PathBuf::from(format!("{file}.keys")),
        None => PathBuf::from("taizhang.keys"),
    }
}

/// Whether a window can be opened for whoever sits here.
pub fn has_desktop() -> bool {
    let is_shown =
        || ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(|name| variable(name).is_some());
    !cfg!(target_os = "linux") || is_shown()
}

#[expect(clippy::disallowed_methods, reason = "this file reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
