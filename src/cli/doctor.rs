//! `taizhang doctor`: examines the machine and the ledger's surroundings.

use std::process::ExitCode;

use entity::language::{Label, Language, Sentence};

use super::{Context, print};
use crate::{
    app::health::{Examined, Machine, logs},
    error::Result,
    store::Actor,
};

/// Nothing to say.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<ExitCode> {
        let mut examined = Vec::new();
        let what = Label::new("数据库", "database");
        let of_database = |found, is_well| Examined { what, found, place: None, is_well };
        match context.open().await {
            Ok((ledger, _)) => {
                let shown = context.config.place.shown();
                examined.push(of_database(Sentence { zh: shown.clone(), en: shown }, true));
                examined.extend(logs(&ledger, &Actor::operator()).await?);
                ledger.close().await?;
            }
            Err(error) => examined.push(of_database(error.sentence(), false)),
        }
        let keys = Some(context.config.keys.clone());
        examined.extend(Machine::of(context.config.place.file(), keys, None).examine());
        say(&examined, context)
    }
}

/// How a thing is, and where: whoever stands at the machine may know.
fn found(one: &Examined, language: Language) -> String {
    let found = one.found.text(language);
    match &one.place {
        Some(place) => format!("{}: {found}", place.display()),
        None => found.to_owned(),
    }
}

fn say(examined: &[Examined], context: &Context) -> Result<ExitCode> {
    let is_well = examined.iter().all(|one| one.is_well);
    let language = context.language();
    if context.json {
        let rows = examined.iter().map(|one| {
            let found = found(one, language);
            serde_json::json!({ "what": one.what.en, "found": found, "ok": one.is_well })
        });
        let rows: Vec<_> = rows.collect();
        print(&format!("{}\n", serde_json::json!({ "ok": is_well, "examined": rows })))?;
    } else {
        let lines = examined.iter().map(|one| {
            let mark = if one.is_well { "✓" } else { "✗" };
            format!("{mark} {}\t{}\n", one.what.text(language), found(one, language))
        });
        print(&lines.collect::<String>())?;
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
