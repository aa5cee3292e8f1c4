//! `taizhang account`: adds, locks and lists accounts.

use clap::Subcommand;
use entity::{account::Role, area::AreaCode, language::Language};

use super::{Context, print};
use crate::{app, error::Result};

/// What to do with accounts.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 开设账号 / add an account
    Add {
        /// 账号：小写字母、数字、连字符 / sign-in name
        name: String,
        /// 角色，如 `finance_clerk` 或 财政经办 / role, by code or name
        #[arg(long, value_parser = role)]
        role: Role,
        /// 管辖区划代码 / the twelve-digit code of its area
        #[arg(long)]
        area: AreaCode,
    },
    /// 停用账号 / lock an account; it can do nothing from then on
    Lock {
        /// 账号 / sign-in name
        name: String,
    },
    /// 列出账号 / list accounts
    List,
}

fn role(text: &str) -> std::result::Result<Role, String> {
    let names = || Role::ALL.iter().map(|role| role.code()).collect::<Vec<_>>().join(", ");
    text.parse().map_err(|()| format!("应为其中之一 / one of: {}", names()))
}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let (ledger, actor) = context.open().await?;
        let accounts = match self.command {
            Command::Add { name, role, area } => {
                vec![app::account::add(&ledger, &actor, &name, role, area).await?]
            }
            Command::Lock { name } => vec![app::account::lock(&ledger, &actor, &name).await?],
            Command::List => ledger.read(&actor).accounts().await?,
        };
        ledger.close().await?;
        if context.json {
            return print(&format!("{}\n", serde_json::json!(accounts)));
        }
        let language: Language = context.language();
        let lines = accounts.iter().map(|account| {
            let (role, state) = (account.role.label(), account.state.label());
            format!(
                "{}\t{}\t{}\t{}\n",
                account.name,
                role.text(language),
                account.area_code,
                state.text(language)
            )
        });
        print(&lines.collect::<String>())
    }
}
