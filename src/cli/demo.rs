//! `taizhang demo`: a sample county in a folder of its own, and the list of what nobody maintains.

use std::path::PathBuf;

use entity::{area::Level, language::Sentence};

use super::{Context, print};
use crate::{
    app::{
        demo,
        output::{Format, Options, Target},
        report::{self, ReportRequest},
    },
    error::Result,
    store::{Actor, Ledger, connect::Place, report::Grouping},
};

/// Where the sample county is made.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 存放示例台账的文件夹 / the folder of the sample ledger
    #[arg(long, value_name = "FOLDER", default_value = "taizhang-demo")]
    folder: PathBuf,
}

impl Args {
    /// Makes the county where it is not there yet, and reports.
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let context = self.place(context)?;
        let (ledger, actor) = context.open().await?;
        let built = demo::build(&ledger).await?;
        ledger.sign_checkpoints().await?;
        let place = context.config.place.shown();
        context.narrate(&if built.is_new {
            Sentence::new(
                format!("{}已建 {} 项资产，存于 {place}", demo::ABOUT.zh, built.assets),
                format!("{} Made {} assets, kept in {place}", demo::ABOUT.en, built.assets),
            )
        } else {
            Sentence::new(
                format!("示例县已在 {place}，未作改动"),
                format!("the sample county is in {place} already; nothing was changed"),
            )
        });
        if !context.json {
            report(&ledger, &actor, &context, Some(Grouping::Area(Level::Town))).await?;
            print("\n")?;
        }
        report(&ledger, &actor, &context, None).await?;
        ledger.close().await
    }

    /// The folder, unless a database was named.
    fn place(&self, context: &Context) -> Result<Context> {
        let mut config = context.config.clone();
        if !config.is_place_given {
            std::fs::create_dir_all(&self.folder)?;
            let file = self.folder.join("taizhang.db");
            config = config.at(Place::new(format!("sqlite:{}", file.display())));
        }
        Ok(Context { config, json: context.json })
    }
}

async fn report(
    ledger: &Ledger,
    actor: &Actor,
    context: &Context,
    by: Option<Grouping>,
) -> Result<()> {
    let request = ReportRequest { by, ..ReportRequest::default() };
    let target = Target {
        format: if context.json { Format::Json } else { Format::Table },
        options: Options::new(context.language(), ledger.clock().now()),
        sink: Box::new(std::io::stdout()),
    };
    report::no_maintainer(ledger, actor, &request, target).await
}
