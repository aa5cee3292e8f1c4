//! `taizhang account`: adds, resets, locks, unlocks and lists accounts.

use clap::Subcommand;
use entity::{
    account::{Model, Role},
    area::AreaCode,
    language::{Language, Sentence},
    one_time_link::Purpose,
};

use super::{Context, print};
use crate::{
    app,
    domain::secret::Secret,
    error::Result,
    limits,
    store::{Actor, Ledger},
};

/// What to do with accounts.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 开设账号，并显示一次首次登录码 / add an account and show its one-time code once
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
    /// 重置密码：原密码和会话立即失效，显示一次新的登录码 / reset: password and sessions end, a one-time code is shown once
    Reset {
        /// 账号 / sign-in name
        name: String,
        /// 同时解除动态口令 / also remove the second factor
        #[arg(long)]
        second_factor: bool,
    },
    /// 停用账号 / lock an account; it can do nothing from then on
    Lock {
        /// 账号 / sign-in name
        name: String,
    },
    /// 启用账号 / unlock an account; its owner signs in anew
    Unlock {
        /// 账号 / sign-in name
        name: String,
    },
    /// 列出账号 / list accounts
    List,
}

fn role(text: &str) -> std::result::Result<Role, String> {
    let names = || Role::of_accounts().map(Role::code).collect::<Vec<_>>().join(", ");
    text.parse().map_err(|()| format!("应为其中之一 / one of: {}", names()))
}

/// The accounts a command is about, and a code to be shown once.
type Shown = (Vec<Model>, Option<Secret>);

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let (ledger, actor) = context.open().await?;
        let (accounts, code) = self.command.carry_out(&ledger, &actor).await?;
        ledger.close().await?;
        if context.json {
            return print(&format!("{}\n", as_json(&accounts, code.as_ref())));
        }
        let lines = accounts.iter().map(|account| line(account, context.language()));
        print(&lines.collect::<String>())?;
        let Some(code) = code else { return Ok(()) };
        let hours = limits::LINK_HOURS;
        context.narrate(&Sentence::new(
            format!("一次性登录码（{hours} 小时内有效，只显示这一次），请当面交给本人："),
            format!(
                "One-time code, good for {hours} hours and shown only now; hand it to its owner:"
            ),
        ));
        print(&format!("{}\n", code.expose()))
    }
}

impl Command {
    async fn carry_out(self, ledger: &Ledger, actor: &Actor) -> Result<Shown> {
        match self {
            Command::Add { name, role, area } => {
                let (account, code) =
                    app::account::add_with_link(ledger, actor, &name, role, area).await?;
                Ok((vec![account], Some(code)))
            }
            Command::Reset { name, second_factor } => {
                if second_factor {
                    app::sign_in::drop_second_factor(ledger, actor, &name).await?;
                }
                let code = app::sign_in::issue_link(ledger, actor, &name, Purpose::Reset).await?;
                Ok((vec![ledger.read(actor).account(&name).await?], Some(code)))
            }
            Command::Lock { name } => {
                Ok((vec![app::account::lock(ledger, actor, &name).await?], None))
            }
            Command::Unlock { name } => {
                Ok((vec![app::account::unlock(ledger, actor, &name).await?], None))
            }
            Command::List => Ok((ledger.read(actor).accounts().await?, None)),
        }
    }
}

/// What a program reads: the accounts, or an account with its code.
fn as_json(accounts: &[Model], code: Option<&Secret>) -> serde_json::Value {
    match code {
        Some(code) => serde_json::json!({"accounts": accounts, "code": code.expose()}),
        None => serde_json::json!(accounts),
    }
}

fn line(account: &Model, language: Language) -> String {
    let (role, state) = (account.role.label(), account.state.label());
    format!(
        "{}\t{}\t{}\t{}\n",
        account.name,
        role.text(language),
        account.area_code,
        state.text(language)
    )
}
