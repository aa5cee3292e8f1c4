//! `Error`: what went wrong, sorted by what the caller can do about it.

use entity::{
    language::{Label, Sentence},
    log::Action,
};

use crate::domain::{mistake::Mistakes, permission::grants, refusal::Refusal};

/// The result of anything that can go wrong.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can keep a request from being carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Sign in first.
    #[error("sign in first")]
    Unauthenticated,
    /// Ask for the right.
    #[error("not permitted")]
    Forbidden,
    /// Ask whoever may do it.
    #[error("not permitted: {}", .0.code())]
    NotPermitted(Action),
    /// It does not exist, or lies outside the caller's area: the two are not told apart.
    #[error("not found: {}", .0.en)]
    NotFound(Label),
    /// Correct these fields.
    #[error("{} mistakes", .0.len())]
    Invalid(Mistakes),
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A unique value is used already.
    #[error("taken: {}", .0.en)]
    Taken(Label),
    /// Someone changed it in the meantime: reload.
    #[error("changed in the meantime")]
    Conflict,
    /// It was carried out before: what was answered then, status and body.
    #[error("carried out before")]
    Replayed(u16, Option<Vec<u8>>),
    /// Try again later.
    #[error("busy")]
    Busy,
    /// There is no room on the disk: nothing was changed, and reading goes on.
    #[error("the disk is full")]
    DiskFull,
    /// Too many attempts: try again after so many seconds.
    #[error("too many attempts; again in {0} s")]
    Throttled(i64),
    /// The caller asked to stop; nothing was changed.
    #[error("interrupted")]
    Interrupted,
    /// Ours to mend; logged once, its words are never shown to a stranger.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl Error {
    /// What to tell the caller.
    pub fn sentence(&self) -> Sentence {
        match self {
            Error::Unauthenticated => Sentence::new("请先登录", "Sign in first"),
            Error::Forbidden => {
                Sentence::new("没有办理此事的权限", "Your role does not permit this")
            }
            Error::NotPermitted(action) => {
                let roles = grants(*action).iter().map(|role| role.label());
                let (zh, en): (Vec<_>, Vec<_>) = roles.map(|label| (label.zh, label.en)).unzip();
                Sentence::new(
                    format!("没有办理此事的权限；可以办理的角色：{}", zh.join("、")),
                    format!("Your role does not permit this; these do: {}", en.join(", ")),
                )
            }
            Error::NotFound(noun) => Sentence::new(
                format!("没有找到该{}，或不在管辖范围内", noun.zh),
                format!("No such {}, or it lies outside your area", noun.en),
            ),
            Error::Invalid(mistakes) => Sentence::new(
                format!("有 {} 处填写有误", mistakes.len()),
                format!("{} entries need correcting", mistakes.len()),
            ),
            Error::Refused(refusal) => refusal.sentence.clone(),
            Error::Taken(what) => Sentence::new(
                format!("{}已被使用", what.zh),
                format!("This {} is already in use", what.en),
            ),
            Error::Conflict => Sentence::new(
                "内容已被他人修改，请重新读取后再办理",
                "Someone else changed it meanwhile; read it again and retry",
            ),
            Error::Replayed(..) => Sentence::new("此前已经办理", "This was carried out before"),
            Error::Busy => Sentence::new("系统繁忙，请稍后再试", "Busy; try again shortly"),
            Error::DiskFull => Sentence::new(
                "磁盘空间不足，未作任何改动；查看不受影响，请管理员腾出空间后再办理",
                "The disk is full and nothing was changed; reading goes on. Try again once there is room",
            ),
            // a long wait is told in hours
            Error::Throttled(seconds) if *seconds > 2 * 3600 => {
                let hours = (seconds + 3599) / 3600;
                Sentence::new(
                    format!("次数已达上限，请在 {hours} 小时后再试"),
                    format!("The limit is reached; try again in {hours} hours"),
                )
            }
            Error::Throttled(seconds) => Sentence::new(
                format!("尝试次数过多，请在 {seconds} 秒后再试"),
                format!("Too many attempts; try again in {seconds} seconds"),
            ),
            Error::Interrupted => {
                Sentence::new("已中断，台账未作任何改动", "Interrupted; the ledger is unchanged")
            }
            Error::Internal(cause) => {
                Sentence::new(format!("内部错误：{cause:#}"), format!("Internal error: {cause:#}"))
            }
        }
    }

    /// The exit code of the command line (architecture.md §6).
    pub const fn exit_code(&self) -> u8 {
        match self {
            Error::Internal(_) | Error::Replayed(..) => 1,
            Error::Invalid(_) | Error::Refused(_) | Error::Taken(_) => 2,
            Error::Unauthenticated | Error::Forbidden | Error::NotPermitted(_) => 3,
            Error::NotFound(_) => 4,
            Error::Conflict => 5,
            Error::Busy | Error::DiskFull | Error::Throttled(_) => 6,
            Error::Interrupted => 130,
        }
    }
}

impl From<Mistakes> for Error {
    fn from(mistakes: Mistakes) -> Error {
        Error::Invalid(mistakes)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Error::DiskFull,
            _ => Error::Internal(error.into()),
        }
    }
}
