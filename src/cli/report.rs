//! `report`: which assets nobody maintains, and whatever else is wrong.

use clap::{Args, Subcommand};
use entity::{area::AreaCode, asset::Class, finding::Rule};

use super::{
    Context,
    sink::{SinkArgs, coded},
};
use crate::{
    app::{
        output::Format,
        report::{self, AsOf, ReportRequest},
    },
    error::Result,
    store::report::Grouping,
};

/// 报表 / reports
#[derive(Args, Clone, Debug)]
pub struct ReportArgs {
    #[command(subcommand)]
    report: Report,
}

#[derive(Subcommand, Clone, Debug)]
enum Report {
    /// 没有管护主体的资产 / assets that nobody maintains
    NoMaintainer {
        #[command(flatten)]
        about: About,
        #[command(flatten)]
        sink: SinkArgs,
    },
    /// 任何一类问题；不指明问题时汇总各类 / findings of a rule, or the number of each
    Findings {
        /// 问题代码或名称，如 G02 / the code or name of a rule, such as G02
        #[arg(value_parser = coded::<Rule>)]
        rule: Option<Rule>,
        #[command(flatten)]
        about: About,
        #[command(flatten)]
        sink: SinkArgs,
    },
}

/// What a report is asked for.
#[derive(Args, Clone, Debug)]
struct About {
    /// 区划代码，十二位 / an area code of twelve digits
    #[arg(long, value_name = "CODE")]
    area: Option<AreaCode>,
    /// 资产类别 / asset class: public, operating, household
    #[arg(long, value_parser = coded::<Class>)]
    class: Option<Class>,
    /// 按什么汇总 / sums by province, prefecture, county, town, village, class or subclass
    #[arg(long, value_name = "GROUP")]
    by: Option<Grouping>,
    /// 按某日或某时的记录 / as recorded at the end of a day, or at an instant
    #[arg(long, value_name = "TIME")]
    as_of: Option<AsOf>,
    /// 含已处置、作废和灭失的资产 / count disposed, void and no longer standing assets too
    #[arg(long)]
    gone: bool,
    /// 含已豁免的问题 / count waived findings too
    #[arg(long)]
    waived: bool,
}

impl About {
    const fn request(&self) -> ReportRequest {
        ReportRequest {
            area: self.area,
            class: self.class,
            by: self.by,
            as_of: self.as_of,
            with_gone: self.gone,
            with_waived: self.waived,
        }
    }
}

impl ReportArgs {
    /// Makes the report.
    pub async fn run(self, context: &Context) -> Result<()> {
        let (ledger, actor) = context.open().await?;
        let sink = match &self.report {
            Report::NoMaintainer { sink, .. } | Report::Findings { sink, .. } => sink,
        };
        let (target, file) = sink.open(context, &ledger, Format::Table)?.split();
        let written = match self.report {
            Report::NoMaintainer { about, .. } => {
                report::no_maintainer(&ledger, &actor, &about.request(), target).await
            }
            Report::Findings { rule, about, .. } => {
                report::findings(&ledger, &actor, rule, &about.request(), target).await
            }
        };
        file.keep(written)?;
        Ok(())
    }
}
