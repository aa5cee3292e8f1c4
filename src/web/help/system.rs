//! Help for how the ledger is set up: local rules, terms, kinds of assets.

use entity::language::Label;

use super::{ASK_ADMINISTRATOR, ASK_FINANCE, Help};

pub(super) const HELP: &[Help] = &[
    Help {
        screen: "rules",
        routes: &["/admin/rules", "/admin/rules/{key}"],
        title: Label::new("县级规则", "Local rules"),
        what: Label::new(
            "天数、目标和核查项目在本区划取什么值，从哪天起、依据什么、谁设定的。",
            "The days, aims and checks of an area: what holds, since when, on what basis and who set it.",
        ),
        steps: &[
            Label::new(
                "先选区划；没有自己取值的，用上一级的，都没有就用默认值。",
                "Choose an area first; without a value of its own it has that of the area above, else the default.",
            ),
            Label::new(
                "有权的人按“调整”，填新的取值、生效日期和依据。",
                "Whoever may presses “Change” and types the new value, its first day and its basis.",
            ),
            Label::new(
                "设定之前先看会新增、销号多少问题，再确认。",
                "Before it is set, see how many findings would open and close.",
            ),
        ],
        slips: &[
            Label::new(
                "设错了：还没生效的可以撤回；已生效的再设一个新值，旧值留着可查。",
                "Set wrongly: what has not begun can be withdrawn; else set another value. The old one stays on record.",
            ),
            Label::new(
                "设了以后问题没有马上变：以后才生效的，从那天的夜间核查起执行。",
                "Nothing changed at once: a value that begins later counts from the nightly round of that day.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "terms",
        routes: &["/admin/terms"],
        title: Label::new("术语", "Terms"),
        what: Label::new(
            "页面、打印件和导出表里用“扶贫”还是“帮扶”。",
            "What pages, prints and exports call the assets.",
        ),
        steps: &[Label::new(
            "选好称谓、生效日期和依据，确认后从那天起全部改用新称谓。",
            "Choose the word, its first day and its basis; from that day it is used throughout.",
        )],
        slips: &[Label::new(
            "登录页的名称没变：各地用的称谓不一样时，登录前用通用的名称。",
            "The page of signing in has another name: where areas differ, it has the common one.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "kinds",
        routes: &["/admin/kinds"],
        title: Label::new("资产类别", "Asset kinds"),
        what: Label::new(
            "每个类别、子类有多少资产、值多少钱，核查什么。",
            "How many assets there are of each class and subclass, their value, and what is checked.",
        ),
        steps: &[Label::new(
            "点数量，打开那一类资产的清单。",
            "A number opens the list of the assets that it counts.",
        )],
        slips: &[Label::new(
            "数量和台账对不上：这里只数在册且仍在的资产。",
            "The number is not that of the ledger: here only assets on the books and still there count.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "accounts",
        routes: &[
            "/admin/accounts",
            "/admin/accounts/new",
            "/admin/accounts/{id}",
            "/admin/accounts/{id}/lock",
        ],
        title: Label::new("账号", "Accounts"),
        what: Label::new(
            "谁能登录、什么角色、管哪里；开设、停用、重置。",
            "Who signs in, in what role and where; adding, locking, resetting.",
        ),
        steps: &[
            Label::new(
                "开设后登录码只显示一次，当面交给本人。",
                "The code of a new account is shown once; hand it to its owner.",
            ),
            Label::new(
                "停用前先看这个账号手上还有什么，停用后立即生效。",
                "Before locking see what the account has in hand; it stops at once.",
            ),
        ],
        slips: &[Label::new(
            "本人忘了密码：由安全管理员重置，再发登录码。",
            "A forgotten password: the security administrator resets it and hands out a code.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "permissions",
        routes: &["/admin/permissions", "/admin/permissions/{role}"],
        title: Label::new("权限表", "Permissions"),
        what: Label::new("每种角色能办什么、不能办什么。", "What each role may do, and may not."),
        steps: &[Label::new(
            "点角色看用句子写的说明。",
            "A role leads to its permissions in sentences.",
        )],
        slips: &[Label::new(
            "办不了的事：看哪种角色能办，请那位同事办。",
            "You cannot do something: see which role may, and ask that colleague.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "areas",
        routes: &[
            "/admin/areas",
            "/admin/areas/{code}",
            "/admin/areas/{code}/rename",
            "/admin/areas/{code}/merge",
        ],
        title: Label::new("区划", "Areas"),
        what: Label::new(
            "本区划和下级区划，更名、合并都留着来历。",
            "Your area and those below, with where they came from.",
        ),
        steps: &[Label::new(
            "合并前先看会带走多少资产、责任和账号。",
            "Before merging see how many assets, duties and accounts go along.",
        )],
        slips: &[Label::new(
            "合并不能撤销；名称写错可以再更名。",
            "A merger cannot be undone; a wrong name can be changed again.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "webhooks",
        routes: &["/admin/webhooks", "/admin/webhooks/new", "/admin/webhooks/{id}"],
        title: Label::new("推送", "Webhooks"),
        what: Label::new(
            "台账有变动时，按次序、带签名地告诉其他系统哪一行变了；内容由对方凭账号来取。",
            "Other systems are told of what changes, in order and signed: which rows. What they say is fetched by whoever may see it.",
        ),
        steps: &[
            Label::new(
                "添加后密钥只显示一次，抄到对方系统里验签；遗失的更换密钥，一天内新旧都有效。",
                "The secret of a new one is shown once: copy it into the receiving system. If it is lost, have another made; for a day both are good.",
            ),
            Label::new(
                "同一编号（webhook-id）收到两次是同一件事，对方只办一次。",
                "What comes twice under one webhook-id is the same: the receiver acts once.",
            ),
        ],
        slips: &[
            Label::new(
                "推送失败，已停：看最近一次的结果，对方修好后点恢复，从停下处接着送。",
                "Failing, stopped: see the last attempt, and resume once the receiver is mended; it goes on where it stopped.",
            ),
            Label::new(
                "内网地址推送不了：由运维人员在 TAIZHANG_WEBHOOK_ALLOW 里写明。",
                "An address that is not public is refused: the operator names it in TAIZHANG_WEBHOOK_ALLOW.",
            ),
        ],
        ask: ASK_ADMINISTRATOR,
    },
    Help {
        screen: "health",
        routes: &["/admin/health"],
        title: Label::new("运行状况", "Health"),
        what: Label::new(
            "系统好不好：磁盘、检查点、夜间核查、核验和备份。",
            "How the service is: disk, checkpoints, the nightly round, verification, backups.",
        ),
        steps: &[Label::new(
            "标红的先处理，旁边写着怎么办。",
            "See to what is red first; it says what to do.",
        )],
        slips: &[Label::new(
            "没有备份记录：备份用命令行做，见说明文档。",
            "No backup is known: backups are taken from the command line, as the manual tells.",
        )],
        ask: ASK_ADMINISTRATOR,
    },
];
