//! `export`: a whole register as a sheet that can be imported again.

use clap::Args;
use entity::{area::AreaCode, asset::Class, import::Kind};

use super::{
    Context,
    sink::{SinkArgs, coded},
};
use crate::{
    app::{
        export::{ExportRequest, export},
        output::Format,
    },
    error::Result,
};

/// 导出台账，可再导入 / a register as a sheet that can be imported again
#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// assets、duties、budgets、organizations、projects 或 areas / which register
    #[arg(value_parser = coded::<Kind>)]
    kind: Kind,
    /// 区划代码，十二位 / an area code of twelve digits
    #[arg(long, value_name = "CODE")]
    area: Option<AreaCode>,
    /// 资产类别 / asset class: public, operating, household
    #[arg(long, value_parser = coded::<Class>)]
    class: Option<Class>,
    /// 含已处置、作废和已拆并的资产 / take assets off the books too
    #[arg(long)]
    gone: bool,
    #[command(flatten)]
    sink: SinkArgs,
}

impl ExportArgs {
    /// Writes the register.
    pub async fn run(self, context: &Context) -> Result<()> {
        let (ledger, actor) = context.open().await?;
        let request = ExportRequest {
            kind: self.kind,
            area: self.area,
            class: self.class,
            with_gone: self.gone,
            most: None,
        };
        let (target, file) = self.sink.open(context, &ledger, Format::Csv)?.split();
        file.keep(export(&ledger, &actor, &request, target).await)?;
        Ok(())
    }
}
