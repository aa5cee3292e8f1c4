//! `taizhang digest`: what is due, late and new, for each account once a period.

use std::path::PathBuf;

use entity::language::{Language, Sentence};

use super::{Context, print};
use crate::{
    app::{
        self,
        digest::{Run, Sending},
        mail::Carrier,
    },
    domain::{digest::Period, refusal::Refusal},
    error::Result,
};

/// 摘要：到期、超期和新动态，每个账号每期一份 / digests: what is due, late and new, one an account and a period
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 多久一份：day 或 week / how often: day or week
    #[arg(long, value_name = "PERIOD", default_value = "day")]
    every: Period,
    /// 写到这个文件夹，每份一个文件；不写时按 `TAIZHANG_SMTP` 发邮件 / write them into this folder, a file each; otherwise they are sent by `TAIZHANG_SMTP`
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// 只看一个账号此刻的摘要，不发送、不留记录；账号用 --as 指明 / only show the digest of the account of --as as it would be now; nothing is sent or kept
    #[arg(long, conflicts_with = "folder")]
    show: bool,
}

impl Args {
    /// Sends what is to be sent, or shows it.
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let config = &context.config;
        let base = config.address.clone().unwrap_or_default();
        let (ledger, actor) = context.open().await?;
        let carrier = match (&self.folder, &config.mail) {
            (Some(folder), _) => Carrier::Folder(folder.clone()),
            (None, Some(server)) if config.address.is_some() => Carrier::server(server.clone())?,
            (None, _) if self.show => Carrier::Folder(PathBuf::new()),
            (None, _) => return Err(Refusal::mail_not_configured().into()),
        };
        let language = context.language();
        let sending = Sending { carrier: &carrier, period: self.every, base: &base, language };
        if self.show {
            let letter = app::digest::look(&ledger, &actor, &sending).await?;
            ledger.close().await?;
            return print(&format!("{}\n", letter.text));
        }
        let run = app::digest::run(&ledger, &actor, &sending).await?;
        ledger.close().await?;
        if context.json {
            return print(&format!("{}\n", serde_json::json!(run)));
        }
        print(&format!("{}\n", sentence(&run).text(language)))?;
        for problem in run.bounced.iter().chain(&run.waiting) {
            let what = format!("{} {}", problem.account, problem.code);
            context
                .narrate(&Sentence::new(format!("未送达：{what}"), format!("not taken: {what}")));
        }
        Ok(())
    }
}

/// What a run did.
pub(super) fn sentence(run: &Run) -> Sentence {
    let Run { sent, empty, passed, waiting, bounced } = run;
    let (waiting, bounced) = (waiting.len(), bounced.len());
    Sentence::new(
        format!(
            "摘要：发送 {sent}，无内容 {empty}，本期已发 {passed}，待重发 {waiting}，退回 {bounced}"
        ),
        format!(
            "digests: {sent} sent, {empty} with nothing to tell, {passed} sent before, {waiting} to be sent again, {bounced} refused"
        ),
    )
}

/// Sends the digests of the nightly round, where it is configured.
pub(super) async fn nightly(
    context: &Context,
    ledger: &crate::store::Ledger,
    actor: &crate::store::Actor,
) -> Result<Option<Run>> {
    let config = &context.config;
    let (Some(period), Some(server), Some(base)) = (config.digest, &config.mail, &config.address)
    else {
        return Ok(None);
    };
    let carrier = Carrier::server(server.clone())?;
    let language: Language = context.language();
    let sending = Sending { carrier: &carrier, period, base, language };
    app::digest::run(ledger, actor, &sending).await.map(Some)
}
