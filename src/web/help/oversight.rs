//! Help for oversight: what is wrong, and who has to act.

use entity::language::Label;

use super::{ASK_FINANCE, Help};

pub(super) const HELP: &[Help] = &[
    Help {
        screen: "findings",
        routes: &[
            "/findings",
            "/findings.csv",
            "/findings.xlsx",
            "/findings.json",
            "/findings/print",
        ],
        title: Label::new("问题清单", "Findings"),
        what: Label::new(
            "系统按规则找出的问题：哪项资产、怎么回事、多少天了、该谁办、电话多少。",
            "What the rules find wrong: which asset, what, for how many days, who has to act and their telephone.",
        ),
        steps: &[
            Label::new(
                "上面的标签按问题类型分开，后面是条数。",
                "The tabs are the kinds of findings, with how many there are.",
            ),
            Label::new("按后面的电话联系该办的人。", "Call whoever has to act."),
            Label::new(
                "把缺的内容补登记之后，问题自动消除，不需要在这里另外销号。",
                "When what is missing has been recorded, the finding clears by itself.",
            ),
        ],
        slips: &[
            Label::new(
                "补登记了问题还在：点开资产看“问题”一栏，写明了还差什么。",
                "It is recorded and the finding stays: the findings of the asset's card say what is still missing.",
            ),
            Label::new(
                "确实不该算问题的，由有权的人说明理由豁免，到期会再出现。",
                "What should not count is waived for a reason by whoever may; it comes back when the waiver ends.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "finding",
        routes: &["/findings/{code}/{rule}", "/findings/chosen"],
        title: Label::new("一个问题", "One finding"),
        what: Label::new(
            "这个问题怎么来的、谁被催过、怎么办，以及交办、核查、督办和豁免。",
            "How it came about, who was asked, how to mend it; asking, checking, escalating, waiving.",
        ),
        steps: &[
            Label::new(
                "交办：选单位或账号，定期限。",
                "Ask somebody: choose the body or the account, and a last day.",
            ),
            Label::new(
                "办好的人报完成，由另一个人核查；不能核查自己报的。",
                "Whoever mends it reports it done, somebody else checks it; never oneself.",
            ),
            Label::new("改好了系统会自己销号。", "What is mended closes by itself."),
        ],
        slips: &[Label::new(
            "确实不适用的可以豁免：写明理由和期限，到期再看。",
            "What truly does not apply can be waived, for a reason and until a day.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "alerts",
        routes: &["/alerts"],
        title: Label::new("预警（红黄蓝）", "Alerts"),
        what: Label::new(
            "红：已到期、已督办、有危险；黄：快到期；蓝：提前提醒。按下级区划分列，每个数都能点开。",
            "Red is late, escalated or dangerous, yellow is soon, blue is ahead; place by place, each number a way to its rows.",
        ),
        steps: &[
            Label::new(
                "先看红色，点数字看是哪些。",
                "Look at red first; a number leads to its rows.",
            ),
            Label::new("点“去办理”到那一项去办。", "Go on from a row to where it is seen to."),
        ],
        slips: &[Label::new(
            "天数不合适：由有权的人在县级规则里改。",
            "The days do not suit: whoever may sets them among the local rules.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "briefs",
        routes: &["/briefs"],
        title: Label::new("月度简报", "Monthly briefs"),
        what: Label::new(
            "一个乡镇一页 A4：资产、管护、问题、巡查、工单、经费，和目标、上月、其他乡镇比。",
            "One page of A4 a town: assets, upkeep, findings, inspections, work orders, money, beside aims, the month before and the other towns.",
        ),
        steps: &[
            Label::new(
                "选月份，按“打印”，全县各乡镇一次打完。",
                "Choose the month and print: every town at once.",
            ),
            Label::new(
                "每个数后面写明口径：月末、当月，还是今日。",
                "Each figure says whether it is of the month's end, of the month, or of today.",
            ),
        ],
        slips: &[Label::new(
            "名次只有看得到全县的人才有；乡镇看到自己的一页。",
            "Places are told to whoever sees the whole county; a town sees its own page.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "campaigns",
        routes: &["/campaigns", "/campaigns/new", "/campaigns/{id}", "/campaigns/{id}/report"],
        title: Label::new("专项排查（回头看）", "Campaigns"),
        what: Label::new(
            "把启动当天没有销号的问题固定成一份名单，逐条核对、抽查、办结。",
            "What is open on the day it begins becomes a list that is gone through, checked in part and closed out.",
        ),
        steps: &[
            Label::new(
                "启动：定名称、范围和期限；名单当天固定，以后发现的不再加入。",
                "Begin it: name, area and last day; the list is fixed that day.",
            ),
            Label::new(
                "村里、镇里逐条答复四问；全部答复以后抽查。",
                "Villages and towns answer the four questions line by line; then a sample is drawn.",
            ),
            Label::new(
                "抽查按公开的种子抽取，任何人都可以重算；复核和办结都由别人办。",
                "The sample is drawn by a published seed that anybody may redo; others check it again and close it out.",
            ),
        ],
        slips: &[Label::new(
            "名单里的问题后来消除了，进展里显示“销号”；又出现的显示“反弹”。",
            "What clears later shows as closed, what is found again as come back.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "campaign_line",
        routes: &["/campaign-lines/{id}"],
        title: Label::new("名单里的一条", "One line of a campaign"),
        what: Label::new(
            "这项资产：未纳入管理？闲置？无人管护？需处置？",
            "Of this asset: under no management, idle, nobody looks after it, to be disposed of?",
        ),
        steps: &[
            Label::new(
                "四问都要答；有一项为“是”的，写明责任单位和期限。",
                "Answer all four; where any is so, name the unit and the last day.",
            ),
            Label::new(
                "抽中的由别人复核；与答复不符的写明情况。",
                "What was drawn is checked again by somebody else, who says what differs.",
            ),
        ],
        slips: &[Label::new(
            "同一项资产的几条问题一并答复。",
            "All lines of one asset are answered alike.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "log",
        routes: &[
            "/log",
            "/log.csv",
            "/log/{county}/{seq}",
            "/log/{county}/{seq}/entry",
            "/log/{county}/{seq}/proof",
            "/log/{county}/checkpoint",
            "/log/public-key",
        ],
        title: Label::new("变更留痕", "The log"),
        what: Label::new(
            "谁、什么时候、改了什么，逐字段；每一条都能下载原文和证明。",
            "Who changed what and when, field by field; each entry can be taken away with its proof.",
        ),
        steps: &[
            Label::new(
                "按人、事项、资产、日期筛选。",
                "Narrow it by person, action, asset and day.",
            ),
            Label::new(
                "证明可以在没有台账的电脑上用命令行核对。",
                "A proof is checked on any machine by the command line.",
            ),
        ],
        slips: &[Label::new(
            "还没有证明：等当晚签署检查点以后再来。",
            "No proof yet: come back after the checkpoint of the night.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "verification",
        routes: &["/log/verify"],
        title: Label::new("核验台账", "Verifying the ledger"),
        what: Label::new(
            "重新计算全部留痕和每一行数据，看有没有被改过。",
            "Everything is computed anew, the log and every row, to see whether anything was altered.",
        ),
        steps: &[
            Label::new(
                "按“开始核验”，可以离开，过一会儿回来看结果。",
                "Begin it; you may leave and come back for the result.",
            ),
            Label::new(
                "结果可以打印成核验单签章存档。",
                "The result can be printed, signed and kept.",
            ),
        ],
        slips: &[Label::new(
            "核验不符：不要继续办理，马上告诉系统管理员和审计人员。",
            "It does not agree: stop, and tell the system administrator and the auditors at once.",
        )],
        ask: ASK_FINANCE,
    },
];
