//! Help for acting on assets: duties, titles, and what becomes of an asset as a whole.

use entity::language::Label;

use super::{ASK_FINANCE, Help};

pub(super) const HELP: &[Help] = &[
    Help {
        screen: "duties",
        routes: &[
            "/duties",
            "/duties/assign",
            "/duties/assigned",
            "/duties/agreements",
            "/duties/{id}/end",
        ],
        title: Label::new("管护责任", "Upkeep duties"),
        what: Label::new(
            "哪些资产没人管、谁管着什么、哪些快到期，以及指派管护责任。",
            "Which assets nobody looks after, who bears what, what ends soon; and assigning duties.",
        ),
        steps: &[
            Label::new(
                "在资产台账勾选资产，按“指派管护责任”，填一次，办到所有选中的资产。",
                "Choose assets in the list, press “Assign a duty” and fill it in once for all of them.",
            ),
            Label::new(
                "提交前先看核对页：每项资产变更前后都在；已有人管的，选跳过还是接替。",
                "The check page shows each asset before and after; where somebody bears it already, skip or succeed.",
            ),
            Label::new(
                "办完可以打印责任书，双方签章。",
                "Afterwards the agreements can be printed, to be signed by both.",
            ),
        ],
        slips: &[Label::new(
            "指派错了：在完成页按“撤回”，或在资产卡片上终止这项责任。",
            "Assigned wrongly: take it back on the last page, or end the duty on the card.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "inspections",
        routes: &[
            "/inspections",
            "/inspections/round",
            "/inspections/packet",
            "/inspections/sender",
            "/inspections/{id}",
            "/assets/{code}/inspect",
        ],
        title: Label::new("巡查", "Inspections"),
        what: Label::new(
            "到现场看一项资产，逐项记下完好、有缺陷还是危险；看谁在什么时候查过、查到了什么。",
            "Looking at an asset on the spot, point by point: good, defect or danger; and what was found when, by whom.",
        ),
        steps: &[
            Label::new(
                "打开资产，按“巡查”。没有一项是预先选好的；都好就按“全部完好，一键填好”，再保存。",
                "Open the asset and press “Inspect”. Nothing is chosen beforehand; where all is good, one press fills it in, then save.",
            ),
            Label::new(
                "有缺陷或危险的，写一句看到了什么。有危险的，先设警示，再打电话。",
                "Where it is not good, write a line on what was seen. Where there is danger, first put up a warning, then call.",
            ),
            Label::new(
                "该查哪些，看“待巡查”：最急的在前，可按距离排。去没有网络的地方前，按“带走任务包”。",
                "“To be inspected” shows the most urgent first, or the nearest. Take the round along before going where there is no network.",
            ),
            Label::new(
                "没有网络照样填、照样拍，保存在本机，有网自动上传；还没上传的在“待上传”里。",
                "Without a network, fill in and take photos as ever: it is kept on the device and sent when there is one. “To be sent” shows what waits.",
            ),
            Label::new(
                "多久查一次，由管护协议或县级规则规定；过了没查的，进问题清单（G06）。",
                "How often is said by the agreement or by local rules; what is overdue becomes a finding (G06).",
            ),
        ],
        slips: &[
            Label::new(
                "记错了：再巡查一次，最新的一次算数；原来的记录保留。",
                "Recorded wrongly: inspect again. The latest one counts, and the former one stays.",
            ),
            Label::new(
                "上传时“没有收下”的，留在本机，写着理由：点名字改好再传，或者删除。换了账号不会替别人上传。",
                "What was not taken stays on the device with the reason: open it by its name, mend it and send it again, or delete it. No account sends the records of another.",
            ),
            Label::new(
                "“请核实”是提醒：离得太远、传得太晚等，不影响保存。",
                "“To be checked” tells of doubts, such as too far away or late; nothing is lost by them.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "titles",
        routes: &["/titles", "/titles/confirm", "/titles/register", "/assets/{code}/settle"],
        title: Label::new("权属确认", "Titles"),
        what: Label::new(
            "还没确权的资产，归谁、凭什么，逐项或成批确认。",
            "Assets whose title is not settled: whose they are and on what ground, one by one or many at once.",
        ),
        steps: &[
            Label::new(
                "建议的权利人后面写着依据；不对就改。",
                "A suggested owner comes with its reason; change it where it is wrong.",
            ),
            Label::new(
                "几家共有的，各家份额加起来必须正好是全部。",
                "Where several own it, their shares must come to the whole exactly.",
            ),
        ],
        slips: &[Label::new(
            "有争议的不要确认：标为“有争议”，说明争议在哪里。",
            "Do not confirm what is disputed: mark it so, and say what is disputed.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "division",
        routes: &[
            "/assets/{code}/correct",
            "/assets/{code}/reclass",
            "/assets/{code}/hand-over",
            "/assets/{code}/split",
            "/assets/merge",
        ],
        title: Label::new("更正、移交、拆分与合并", "Correcting, handing over, splitting, merging"),
        what: Label::new(
            "登记错了的更正，移交、重分类，一项拆成几项，几项并成一项。",
            "Correcting what was recorded wrongly, handing over, re-classing, one asset into several, several into one.",
        ),
        steps: &[
            Label::new(
                "写明理由；原来的记录都留着。",
                "Give the reason; all that was recorded stays.",
            ),
            Label::new(
                "拆分和合并时，金额必须对得上，一分不差。",
                "When splitting or merging, the amounts must agree to the fen.",
            ),
        ],
        slips: &[Label::new(
            "提示别人刚改过：两边的内容都列出来，逐项选定用谁的再提交。",
            "Somebody changed it meanwhile: both versions are shown; choose field by field, then send again.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "plates",
        routes: &["/assets/plates"],
        title: Label::new("资产标牌", "Plates"),
        what: Label::new(
            "打印贴在资产上的标牌：名称、编号、权利人、管护单位、监督电话和二维码。",
            "Plates to be put up at assets: name, code, owner, maintainer, the telephone of oversight, and a QR code.",
        ),
        steps: &[Label::new(
            "用 A4 纸按 100% 比例打印，剪开即是 60×40 毫米。",
            "Print on A4 at 100 %; cut out, each is 60 × 40 mm.",
        )],
        slips: &[Label::new(
            "标牌大小不对：打印时不要选“适合页面”。",
            "Wrong size: do not let the printer fit the page.",
        )],
        ask: ASK_FINANCE,
    },
];
