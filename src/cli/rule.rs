//! `taizhang rule`: lists, tries out, sets and withdraws local rules.

use chrono::NaiveDate;
use clap::Subcommand;
use entity::{
    area::AreaCode,
    id::SettingId,
    language::{Language, Sentence},
    setting::{Key, Model},
};

use super::{Context, print};
use crate::{
    app::setting::{self, Applied, Forecast, Told},
    domain::setting::{Proposal, value_of},
    error::Result,
    limits,
    store::{Actor, Ledger},
};

/// What to do with local rules.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 列出一个区划执行的规则 / list the rules that hold in an area
    List {
        /// 区划代码，十二位 / an area code of twelve digits
        #[arg(long, value_name = "CODE")]
        area: Option<AreaCode>,
    },
    /// 设定一项规则；当天生效的立即复核 / set a rule; one that begins today is put into effect at once
    Set {
        /// 规则，如 `idle_days` / the rule, such as `idle_days`
        #[arg(value_parser = key)]
        key: Key,
        /// 取值：天数、百分数、yes 或 no、代码 / days, percent, yes or no, or a code
        value: String,
        /// 区划代码，十二位 / an area code of twelve digits
        #[arg(long, value_name = "CODE")]
        area: AreaCode,
        /// 依据文件名称 / the document that says so
        #[arg(long, value_name = "TITLE")]
        basis: String,
        /// 依据文件文号 / its number
        #[arg(long, value_name = "NUMBER")]
        basis_no: Option<String>,
        /// 生效日期；默认今天 / the first day; today unless said
        #[arg(long, value_name = "DAY")]
        from: Option<NaiveDate>,
        /// 只试算会新增、销号多少问题，不设定 / only tell how many findings would open and close
        #[arg(long)]
        what_if: bool,
    },
    /// 撤回尚未生效的取值 / withdraw a value that has not begun
    Withdraw {
        /// 编号，见 list 的末列 / its id, the last column of the list
        id: i64,
    },
}

fn key(text: &str) -> std::result::Result<Key, String> {
    let codes = || Key::all().map(|key| key.to_string()).collect::<Vec<_>>().join(", ");
    text.parse().map_err(|_| format!("应为其中之一 / one of: {}", codes()))
}

/// What a command came to.
enum Done {
    Listed(Box<Told>),
    Set(Model, Option<Applied>),
    Foreseen(Forecast),
    Withdrawn(Model),
}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<()> {
        let (ledger, actor) = context.open().await?;
        let done = self.command.carry_out(&ledger, &actor).await?;
        ledger.close().await?;
        if context.json {
            return print(&format!("{}\n", as_json(&done)));
        }
        print(&text(&done, context.language()))
    }
}

impl Command {
    async fn carry_out(self, ledger: &Ledger, actor: &Actor) -> Result<Done> {
        match self {
            Command::List { area } => {
                Ok(Done::Listed(Box::new(setting::told(ledger, actor, area).await?)))
            }
            Command::Set { key, value, area, basis, basis_no, from, what_if } => {
                let from_on = from.unwrap_or_else(|| ledger.today());
                let proposal = Proposal { key, area, value, basis_title: basis, basis_no, from_on };
                if what_if {
                    let at_most = limits::RULE_ASSETS;
                    let forecast = setting::what_if(ledger, actor, &proposal, at_most).await?;
                    return Ok(Done::Foreseen(forecast));
                }
                let (row, applied) = setting::set(ledger, actor, &proposal).await?;
                Ok(Done::Set(row, applied))
            }
            Command::Withdraw { id } => {
                Ok(Done::Withdrawn(setting::withdraw(ledger, actor, SettingId(id)).await?))
            }
        }
    }
}

/// What a program reads.
fn as_json(done: &Done) -> serde_json::Value {
    match done {
        Done::Listed(told) => {
            let rules = told.rules.iter().map(|rule| {
                serde_json::json!({
                    "key": rule.definition.key,
                    "value": rule.value.typed(),
                    "default": rule.definition.default.typed(),
                    "in_force": rule.row,
                    "history": rule.history,
                })
            });
            let rules: Vec<_> = rules.collect();
            serde_json::json!({ "area_code": told.area, "day": told.day, "rules": rules })
        }
        Done::Set(row, applied) => serde_json::json!({ "setting": row, "applied": applied }),
        Done::Withdrawn(row) => serde_json::json!({ "setting": row }),
        Done::Foreseen(forecast) => serde_json::json!({
            "assets": forecast.assets,
            "opened": forecast.n_opened(),
            "closed": forecast.n_closed(),
            "is_complete": forecast.is_complete,
        }),
    }
}

/// What a person reads.
fn text(done: &Done, language: Language) -> String {
    match done {
        Done::Listed(told) => listed(told, language),
        Done::Set(row, applied) => {
            let line = line(row, language);
            match applied {
                Some(applied) => format!("{line}{}\n", applied.told().text(language)),
                None => line,
            }
        }
        Done::Withdrawn(row) => line(row, language),
        Done::Foreseen(forecast) => format!("{}\n", forecast.told().text(language)),
    }
}

/// A rule a line: code, name, value, since when, what says so, and the ids of what is to come.
fn listed(told: &Told, language: Language) -> String {
    let rules = told.rules.iter().map(|rule| {
        let (since, basis) = if let Some(row) = &rule.row {
            (row.from_on.to_string(), row.basis_title.clone())
        } else {
            let default = Sentence::new("默认", "default");
            (default.text(language).to_owned(), String::new())
        };
        let coming = rule.history.iter().filter(|row| row.from_on > told.day);
        let coming = coming.filter(|row| row.withdrawn_on.is_none()).map(|row| {
            let value = value_of(row).told();
            format!("{} {} #{}", row.from_on, value.text(language), row.id)
        });
        let coming: Vec<String> = coming.collect();
        format!(
            "{}\t{}\t{}\t{since}\t{basis}\t{}\n",
            rule.definition.key,
            rule.definition.label.text(language),
            rule.value.told().text(language),
            coming.join("; "),
        )
    });
    rules.collect()
}

fn line(row: &Model, language: Language) -> String {
    let value = value_of(row).told();
    let value = value.text(language);
    format!("{}\t{}\t{value}\t{}\t#{}\n", row.key, row.area_code, row.from_on, row.id)
}
