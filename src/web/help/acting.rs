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
            "/inspections/plan",
            "/inspections/sheet",
            "/inspections/routes",
            "/inspections/routes/new",
            "/inspections/routes/{id}",
            "/inspections/routes/{id}/edit",
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
                "固定要走的，在“巡查路线”里定好次序交给一个账号；他的“待巡查”里先看到“我的路线”，纸质单和任务包也照这个次序。",
                "What is gone to again and again is put in order under “Routes” and given to an account: whoever goes it finds it first, and paper and packet keep its order.",
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
        screen: "stock-takes",
        routes: &[
            "/stock-takes",
            "/stock-takes/new",
            "/stock-takes/progress",
            "/stock-takes/{id}",
            "/stock-takes/{id}/count",
            "/stock-takes/{id}/unexpected",
            "/stock-takes/{id}/sign",
            "/stock-takes/{id}/sheet",
            "/stock-takes/{id}/print",
            "/assets/{code}/discrepancies",
        ],
        title: Label::new("资产盘点", "Stock-takes"),
        what: Label::new(
            "每个村每年把在册资产逐项对一遍：在不在、状态对不对、有没有账上没有的；结果由乡镇签认，次年 3 月 31 日前完成。",
            "Every village goes through what stands on the ledger once a year: is it there, in what state, is there more. The town signs the result, by 31 March of the next year.",
        ),
        steps: &[
            Label::new(
                "按“开始盘点”选村和年度；范围按当天台账固定。可先打印盘点表，用笔勾选，回来按同样的顺序录入。",
                "Press “Open one” and choose the village and the year; what it expects is fixed. The sheet can be printed, ticked by pen and typed back in the same order.",
            ),
            Label::new(
                "在“登记盘点”里逐项选结果，或把标牌短码一起填进去；同样的内容再交一次不会重复。",
                "Choose a result line by line, or type the short codes of plates; sending the same again changes nothing.",
            ),
            Label::new(
                "账上没有的在“盘盈”里登记；登记成资产后在那里挂上，不该登记的写明理由。",
                "What is not on the ledger is recorded beside; later it is tied to its asset, or dismissed with a reason.",
            ),
            Label::new(
                "全部盘完后，由没有参加盘点的人签认。签认后不能再改。",
                "When all is counted, somebody who has not counted signs. Then it stands.",
            ),
            Label::new(
                "签认后，没有找到的、状态不符的列为问题 Z02，和疑似重复登记（Z04）一起在资产的“待核差异”里处理：台账有误的更正或处置，自动消除；账面无误的说明理由。",
                "Once it is signed, what was not found or was in another state is a finding (Z02). It is settled on the page of the asset's discrepancies, and so is what may be registered twice (Z04): correct the ledger and it clears by itself, or say why the ledger is right.",
            ),
        ],
        slips: &[
            Label::new(
                "盘错了、还没签认：在“登记盘点”里改成对的再保存。",
                "Counted wrongly and not signed: choose the right result and save again.",
            ),
            Label::new(
                "签认后情况变了：再开始一次同年度的盘点，签认后取代原来的。",
                "Things changed after signing: open another one for the same year; once signed it takes the place of the first.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "welfare-posts",
        routes: &[
            "/welfare-posts",
            "/welfare-posts/new",
            "/welfare-posts/{id}",
            "/welfare-posts/{id}/amend",
        ],
        title: Label::new("公益岗位", "Welfare posts"),
        what: Label::new(
            "谁在岗、管哪些资产、协议到哪天；每月出勤和考核，决定当月报酬。",
            "Who holds a post, which assets belong to it, until when; and what each month is paid by attendance and assessment.",
        ),
        steps: &[
            Label::new(
                "按“聘任”，选人或填姓名电话，写明协议期限、月报酬、管护范围和资产。",
                "Press “Give a post”: choose somebody, or give a name and a telephone; say the term, the pay, the extent and the assets.",
            ),
            Label::new(
                "每月登记出勤天数和考核系数；报酬自动算出：月报酬 × 出勤 ÷ 应出勤 × 考核系数，抹去不足一分的零头。",
                "Record the days and the assessment of each month; the pay follows: monthly pay × days attended ÷ days due × assessment, down to the fen.",
            ),
            Label::new(
                "报酬由别人核定；核定后不能再改。",
                "Somebody else approves the pay; then it stands.",
            ),
        ],
        slips: &[
            Label::new(
                "登记错了、还没核定：同一个月再登记一次。",
                "Recorded wrongly and not approved: record the same month again.",
            ),
            Label::new(
                "人走了：在人员页登记离任，岗位和责任当时一并空出。",
                "Somebody left: say so on their page; posts and duties fall vacant at once.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "revivals",
        routes: &["/revivals", "/revivals/{id}", "/revivals/rate", "/assets/{code}/revive"],
        title: Label::new("资产盘活", "Revivals"),
        what: Label::new(
            "闲置、低效的资产怎样重新用起来：一资产一方案，由别人批准、由别人核验；盘活率按地区和年度统计。",
            "How idle and low-yield assets are brought back into use: one plan for one asset, approved and verified by others; the rate of revival by area and year.",
        ),
        steps: &[
            Label::new(
                "在资产卡片“盘活”里提出方案：原因、方式、四个一批、措施、责任单位、目标日期。",
                "Propose a plan on the card, under “Revival”: why, how, which batch, what is to be done, by whom and by when.",
            ),
            Label::new(
                "由别人批准后实施；做完报完成，写明现在怎样使用，附照片或合同。",
                "Somebody else approves it. Once it is done report so, say how the asset is used, and attach photos or the contract.",
            ),
            Label::new(
                "由别人到现场核验，写明依据；核验后资产卡片的使用状态自动更新，闲置问题随之消除。",
                "Somebody else looks and says what was seen; with that the card tells how the asset is used, and the finding clears.",
            ),
        ],
        slips: &[
            Label::new(
                "方案或日期要改：在方案页“调整方案”，改后重新批准。",
                "The plan or its day is to change: amend it on its page; it is approved anew.",
            ),
            Label::new(
                "不再盘活（如资产将处置）：在方案页终止，写明理由。",
                "It is given up, because the asset goes for one: end it on its page and say why.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "work-orders",
        routes: &["/work-orders", "/work-orders/{id}", "/assets/{code}/mend"],
        title: Label::new("维修工单", "Work orders"),
        what: Label::new(
            "发现的缺陷和危险，谁来修、花多少钱、什么时候修好；修完由别人验收。",
            "Defects and dangers: who mends them, for how much, by when; and whether it was done.",
        ),
        steps: &[
            Label::new(
                "巡查发现缺陷或危险，自动开单；村民反映的，在资产卡片“维修”里开单。",
                "What an inspection finds opens one by itself; what villagers tell is opened on the card, under “Repairs”.",
            ),
            Label::new(
                "先估价，再由够级别的人批准（金额界限见县级规则），然后派单。有危险的可先派单，后补批。",
                "Estimate it, have it approved at the level that its amount asks for (local rules say which), then dispatch it. Where there is danger, dispatch first.",
            ),
            Label::new(
                "修好后报完工，填实付和凭证号，传维修后照片；由别人验收。恢复重建、提等升级的花费计入资产原值。",
                "When it is done, report it with its cost and voucher and attach a photo; somebody else accepts it. What a restoration or an improvement costs is added to the value.",
            ),
        ],
        slips: &[
            Label::new(
                "验收时发现实付超过批准：调整估价，经批准后再验收。",
                "It cost more than was approved: amend the estimate, have it approved, then accept it.",
            ),
            Label::new(
                "不属实或重复的，选“不予维修”并写明理由；单子留着，不会消失。",
                "What is not so, or is there twice, is dismissed with a reason; the work order stays.",
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
            "打印贴在资产上的标牌：名称、编号、短码、权利人、管护单位、监督电话和二维码。村民扫码能看、能报修。",
            "Plates to be put up at assets: name, codes, owner, maintainer, the telephone of oversight, and a square that villagers scan to look and to report a fault.",
        ),
        steps: &[
            Label::new(
                "选纸张，先“试印框线和标尺”：标尺量出来正好是所写的长度，再印标牌。",
                "Choose the paper and print the trial sheet first: the ruler must measure what it says.",
            ),
            Label::new(
                "框线偏了，用右移、下移调整，单位 0.1 毫米；调好的网址可以收藏。",
                "Where the frames lie askew, move them by tenths of a millimetre; the address keeps it.",
            ),
            Label::new(
                "短码终身不变：资产更名、并村都不用换牌子。系统换网址的，要重印。",
                "The short code never changes, whatever becomes of names and areas; only a new address of the service asks for new plates.",
            ),
        ],
        slips: &[
            Label::new(
                "标牌大小不对：打印时不要选“适合页面”，边距选“无”。",
                "Wrong size: do not let the printer fit the page, and print without margins.",
            ),
            Label::new(
                "二维码指向内网网址：请管理员启动时用 --public-address 写明对外网址。",
                "The square leads to an inner address: the administrator names the outer one by --public-address.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "fault-reports",
        routes: &["/fault-reports", "/fault-reports/{id}"],
        title: Label::new("报修", "Fault reports"),
        what: Label::new(
            "村民扫牌子报上来的问题：受理、退回、办结。报修人凭查询码看得到进度。",
            "What villagers report who scan a plate: accept it, dismiss it, record that it is mended. They follow it up by a code.",
        ),
        steps: &[
            Label::new(
                "新来的先“受理”，表示有人管了；修好后“记为已修好”，可写一句怎么修的。",
                "Accept what is new: somebody sees to it. When it is mended, record so, and say what was done.",
            ),
            Label::new(
                "不属实或重复的“退回”，写明理由；理由报修人看得到，不要写个人信息。",
                "Dismiss what is unfounded or told before, and say why: whoever reported it reads it, so name nobody.",
            ),
            Label::new(
                "要回电话的，写明理由查看完整号码；每次查看都记入留痕。",
                "To call back, see the number whole for a reason; each look is noted in the log.",
            ),
        ],
        slips: &[Label::new(
            "同一处坏了几个人报：受理一条，其余的退回并写“已受理，重复”。",
            "Several people reported the same: accept one, and dismiss the others as told before.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "plate-look-up",
        routes: &["/q", "/q/{short}", "/q/{short}/report", "/q/reports"],
        title: Label::new("看牌子、报修", "Looking up a plate"),
        what: Label::new(
            "扫牌子上的方块码，看这是什么、谁来管。坏了可以报修，不用登录。",
            "Scan the square on a plate to see what it is and who looks after it. Report a fault without signing in.",
        ),
        steps: &[
            Label::new(
                "手机扫不了，就输牌子上的短码。",
                "Where nothing scans, type the short code on the plate.",
            ),
            Label::new(
                "坏了按“报修”：选一样，写一句，能拍照最好。",
                "Press “Report a fault”: choose what is wrong, write a line, add a photo if you can.",
            ),
            Label::new(
                "交完会给一个查询码，记下来。",
                "Afterwards you are given a follow-up code: keep it.",
            ),
        ],
        slips: &[Label::new(
            "说“可能抄错了”：照牌子再输一次。",
            "“Copied wrongly”: type it again as on the plate.",
        )],
        ask: Label::new(
            "打牌子上的电话，或监督电话 12317。",
            "Call the number on the plate, or 12317.",
        ),
    },
];
