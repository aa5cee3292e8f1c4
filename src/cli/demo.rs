//! `taizhang demo`: a sample county in a folder of its own, the list of what nobody maintains, and
//! the ledger over HTTP with an account for every role.

use std::{
    io::{self, IsTerminal},
    net::SocketAddr,
    path::PathBuf,
};

use entity::{area::Level, language::Sentence};

use super::{
    Context, print,
    serve::{self, Door},
};
use crate::{
    app::{
        demo,
        output::{Format, Options, Target},
        report::{self, ReportRequest},
    },
    config,
    error::Result,
    http::Settings,
    limits, server,
    store::{Actor, Ledger, connect::Place, report::Grouping},
};

/// Where the sample county is made, and where it can be seen.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 存放示例台账的文件夹 / the folder of the sample ledger
    #[arg(long, value_name = "FOLDER", default_value = "taizhang-demo")]
    folder: PathBuf,
    /// 列出报表即结束，不启动服务 / end after the report; nothing is served
    #[arg(long, conflicts_with_all = ["listen", "no_open"])]
    report_only: bool,
    /// 监听地址 / where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = serve::LOCAL)]
    listen: SocketAddr,
    /// 不打开浏览器 / do not open the browser
    #[arg(long)]
    no_open: bool,
}

impl Args {
    /// Makes the county where it is not there yet, reports, and serves it.
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        // whoever cannot be served is told before anything is made
        let listener = if self.report_only { None } else { Some(serve::listen(self.listen)?) };
        let context = self.place(context)?;
        let (ledger, actor) = context.open().await?;
        build(&ledger, &context).await?;
        if !context.json {
            report(&ledger, &actor, &context, Some(Grouping::Area(Level::Town))).await?;
            print("\n")?;
        }
        report(&ledger, &actor, &context, None).await?;
        let Some(listener) = listener else { return ledger.close().await };
        invite(&ledger, &context).await?;
        let door = Door::new(listener, None, Settings::default())?;
        self.show(&door, &context);
        serve::log(tracing::Level::WARN);
        door.serve(ledger).await
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

    /// Says where it can be seen, and opens the page that takes a one-time code where somebody sits.
    fn show(&self, door: &Door, context: &Context) {
        context.narrate(&door.sentence());
        let top = door.url();
        let top = top.trim_end_matches('/');
        let (page, interface) = (format!("{top}{}", server::LINK), server::INTERFACE);
        context.narrate(&Sentence::new(
            format!("用登录码设置密码：{page}  接口说明：{top}{interface}  按 Ctrl-C 结束"),
            format!(
                "set a password by a code: {page}  the interface: {top}{interface}  Ctrl-C ends it"
            ),
        ));
        if !self.no_open && io::stderr().is_terminal() && config::has_desktop() {
            // the address was said: whoever has no browser loses nothing
            drop(open::that_detached(page));
        }
    }
}

async fn build(ledger: &Ledger, context: &Context) -> Result<()> {
    let built = demo::build(ledger).await?;
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
    Ok(())
}

/// Prints the accounts, each with what it signs in with.
async fn invite(ledger: &Ledger, context: &Context) -> Result<()> {
    let invitations = demo::invite(ledger).await?;
    print("\n")?;
    demo::show(&invitations, target(ledger, context))?;
    let hours = limits::LINK_HOURS;
    context.narrate(&Sentence::new(
        format!("登录码用于首次登录时设置密码，{hours} 小时内有效，只显示这一次"),
        format!(
            "a code sets the password at the first sign-in; good for {hours} hours, shown once"
        ),
    ));
    Ok(())
}

fn target(ledger: &Ledger, context: &Context) -> Target {
    Target {
        format: if context.json { Format::Json } else { Format::Table },
        options: Options::new(context.language(), ledger.clock().now()),
        sink: Box::new(io::stdout()),
    }
}

async fn report(
    ledger: &Ledger,
    actor: &Actor,
    context: &Context,
    by: Option<Grouping>,
) -> Result<()> {
    let request = ReportRequest { by, ..ReportRequest::default() };
    report::no_maintainer(ledger, actor, &request, target(ledger, context)).await
}
