//! `taizhang verify`: recomputes the log, replays it against the rows, makes and checks proofs.
//! Its exit codes are for outsiders (reliability.md §4.5): 0 sound, 1 mismatch, 2 bad signature,
//! 3 fork, 4 incomplete input.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use entity::{area::County, language::Sentence};

use super::{Context, print};
use crate::{
    app::{proof, verification},
    error::Result,
    store::verify::VerifyOptions,
};

/// What to verify.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 逐行核对台账数据、问题、分类合计和个人信息 / replay the log against every row, finding, kept sum
    /// and sealed contact
    #[arg(long)]
    rows: bool,
    /// 只核对某县的日志，六位 / the log of one county alone, six digits
    #[arg(long, value_name = "DIGITS")]
    county: Vec<County>,
    /// 从外部保存的检查点文件 / a signed checkpoint kept outside, to be checked against
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// 输出某条留痕的存在证明 / print the proof that an entry is in the log of --county
    #[arg(long, value_name = "SEQ", requires = "county", conflicts_with_all = ["rows", "checkpoint"])]
    inclusion: Option<u64>,
    /// 输出自某个检查点以来只增不改的证明 / print the proof that the log of --county only grew since a
    /// checkpoint of this size
    #[arg(long, value_name = "SIZE", requires = "county", conflicts_with_all = ["rows", "checkpoint", "inclusion"])]
    consistency: Option<u64>,
    /// 输出最新的检查点 / print the newest signed checkpoint of --county
    #[arg(long, requires = "county", conflicts_with_all = ["rows", "inclusion", "consistency"])]
    head: bool,
    /// 输出验证公钥 / print the public key that checks proofs and checkpoints
    #[arg(long, conflicts_with_all = ["rows", "county", "checkpoint"])]
    key: bool,
    /// 核对一个证明文件（无需台账） / check a proof file with --public-key, without a ledger
    #[arg(long, value_name = "PROOF", requires = "public_key", conflicts_with_all = ["rows", "county", "checkpoint"])]
    check: Option<PathBuf>,
    /// 验证公钥文件 / the file of the public key
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
    /// 存在证明所指留痕的原文 / the exact bytes of the entry an inclusion proof is about
    #[arg(long, value_name = "FILE")]
    entry: Option<PathBuf>,
}

impl Args {
    pub(super) async fn run(self, context: &Context) -> Result<ExitCode> {
        if let (Some(file), Some(key)) = (&self.check, &self.public_key) {
            return check(file, key, self.entry.as_deref(), context);
        }
        let (ledger, _) = context.open().await?;
        let county = self.county.first().copied();
        if let Some(county) = county {
            let text = match (self.inclusion, self.consistency, self.head) {
                (Some(seq), _, _) => Some(proof::inclusion(&ledger, county, seq).await?),
                (_, Some(size), _) => Some(proof::consistency(&ledger, county, size).await?),
                (_, _, true) => Some(proof::head(&ledger, county).await?),
                _ => None,
            };
            if let Some(text) = text {
                print(&text)?;
                return Ok(ExitCode::SUCCESS);
            }
        }
        if self.key {
            print(&format!("{}\n", ledger.public_key()?))?;
            return Ok(ExitCode::SUCCESS);
        }
        let checkpoints: Vec<String> =
            self.checkpoint.iter().map(fs::read_to_string).collect::<std::io::Result<_>>()?;
        let named: BTreeSet<County> = self.county.into_iter().collect();
        let counties = Some(named).filter(|counties| !counties.is_empty());
        let options = VerifyOptions { rows: self.rows, counties, checkpoints };
        let verification = ledger.verify(&options, &|_| {}).await?;
        let text = if context.json {
            format!("{}\n", verification::json(&verification, context.language()))
        } else {
            verification::text(&verification, context.language())
        };
        print(&text)?;
        Ok(ExitCode::from(verification.verdict().exit_code()))
    }
}

fn check(file: &Path, key: &Path, entry: Option<&Path>, context: &Context) -> Result<ExitCode> {
    let (proof, key) = (fs::read_to_string(file)?, fs::read_to_string(key)?);
    let entry = entry.map(fs::read).transpose()?;
    match proof::check(&proof, &key, entry.as_deref()) {
        Ok(checkpoint) => {
            let (origin, size, root) =
                (checkpoint.origin.as_str(), checkpoint.size, checkpoint.root);
            let sentence = Sentence::new(
                format!("证明成立：{origin}，共 {size} 条，根 {root}\n"),
                format!("the proof holds: {origin}, {size} entries, root {root}\n"),
            );
            print(sentence.text(context.language()))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            context.narrate(&fault.sentence());
            Ok(ExitCode::from(fault.verdict().exit_code()))
        }
    }
}
