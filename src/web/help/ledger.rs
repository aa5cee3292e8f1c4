//! Help for the ledger: finding assets, reading their cards, registering and amending them, bringing
//! sheets in.

use entity::language::Label;

use super::{ASK_FINANCE, Help};

pub(super) const HELP: &[Help] = &[
    Help {
        screen: "assets",
        routes: &[
            "/assets",
            "/assets.csv",
            "/assets.xlsx",
            "/assets.json",
            "/assets/chosen.csv",
            "/assets/chosen.xlsx",
            "/assets/print",
            "/assets/columns",
            "/views",
        ],
        title: Label::new("资产台账", "Assets"),
        what: Label::new(
            "查资产：按名称、编号、村、类别、年度等条件筛选，看、打印、导出筛选结果。",
            "Finding assets by name, code, place, class or year; printing and exporting what was found.",
        ),
        steps: &[
            Label::new(
                "上面一排是常用视图，点一下就筛选好；下面的条件可以再加。",
                "The row of views narrows the list at a click; the fields below narrow it further.",
            ),
            Label::new(
                "搜索认得汉字、编号和拼音首字母，如“shbmq”。",
                "The search knows names, codes and the initials of pinyin, such as “shbmq”.",
            ),
            Label::new(
                "导出和打印的是筛选出来的全部行，不只当前这一页。",
                "Export and print give all rows of the filter, whatever page is looked at.",
            ),
            Label::new(
                "地址栏里的网址就是当前的查询，可以收藏，也可以发给同事。",
                "The address is the question: keep it, or send it to somebody.",
            ),
        ],
        slips: &[
            Label::new(
                "找不到资产：先看看是不是还留着别的条件；已处置、作废的资产要把“是否在册”选为“否”。",
                "An asset is missing: look for a condition that still stands. What was disposed of or void is found with “on the books: no”.",
            ),
            Label::new(
                "只能看到自己管辖区划里的资产，别处的查不到。",
                "Only assets of your own area are found.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "asset",
        routes: &[
            "/assets/{code}",
            "/assets/{code}/{part}",
            "/assets/{code}/files",
            "/files/{id}/content",
            "/files/{id}/preview",
        ],
        title: Label::new("资产卡片", "Card of an asset"),
        what: Label::new(
            "一项资产的全部情况：是什么、归谁、谁管护、钱从哪来、有什么问题、改过什么。",
            "All about one asset: what it is, whose, who looks after it, where the money came from, what is wrong, what was changed.",
        ),
        steps: &[
            Label::new(
                "上面的标签把内容分成几部分：概况、权属、管护、资金、问题、变更记录。",
                "The tabs divide it: facts, title, duties, funding, findings, history.",
            ),
            Label::new(
                "有问题的资产，最上面用一句话说明怎么回事、该谁办。",
                "Where something is wrong, a sentence at the top says what, and who has to act.",
            ),
            Label::new(
                "“变更记录”逐字段写明谁在什么时候改了什么，不能删改。",
                "The history says field by field who changed what and when. It cannot be altered.",
            ),
        ],
        slips: &[Label::new(
            "发现登记错了，不要重新登记一项：用“变更”改正，原来的内容会留在变更记录里。",
            "When something was recorded wrongly, amend it and do not register it anew: what stood there stays in the history.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "asset-new",
        routes: &["/assets/new", "/assets/alike", "/assets/amount"],
        title: Label::new("登记资产", "Register an asset"),
        what: Label::new(
            "把一项资产登记入账。带 * 的必填，其余可以以后补。",
            "Puts an asset on the books. What bears * is needed; the rest can wait.",
        ),
        steps: &[
            Label::new(
                "先填名称、类别和所在区划，再填资金来源；各来源合计一般等于原值。",
                "Name, class and area first, then the sources of money: together they usually are the original value.",
            ),
            Label::new(
                "金额单位是元，也可以写“12万”；下面会写出大写，核对有没有多写少写零。",
                "Amounts are in yuan; 12万 is understood. The amount in words below shows a zero too many.",
            ),
            Label::new(
                "没填完可以“存为草稿”，以后从这一页接着填；草稿保留 30 天，只有自己看得到。",
                "What is not finished can be kept as a draft and taken up again from this page. Drafts last 30 days, and nobody else sees them.",
            ),
            Label::new(
                "“保存并登记下一项”会把相同的内容带到下一项。",
                "“Save, then the next” carries over what the next one shares.",
            ),
        ],
        slips: &[
            Label::new(
                "提示“相似”：同一个村有名称相近的资产，先点开看看是不是同一项；不是，勾选“不是同一项”再保存。",
                "“Alike”: the village has an asset of a like name. Look whether it is the same one; if not, tick “It is another one” and save.",
            ),
            Label::new(
                "保存时登录已过期：重新登录后会回到表单，填过的内容还在。",
                "The sign-in ended meanwhile: after signing in again the form comes back as it was.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "asset-edit",
        routes: &["/assets/{code}/edit"],
        title: Label::new("变更资产", "Amend an asset"),
        what: Label::new(
            "改正或补充一项资产卡片上的内容。每次变更都留痕。",
            "Corrects or completes the card of an asset. Every change is recorded.",
        ),
        steps: &[
            Label::new(
                "改好需要改的字段，按“保存”；没动的字段保持原样。",
                "Change what must be changed and save; the rest stays.",
            ),
            Label::new(
                "没改完可以“存为草稿”，以后接着改。",
                "What is not finished can be kept as a draft.",
            ),
        ],
        slips: &[Label::new(
            "提示“内容已变动”：别人刚改过。页面逐项列出原来的、对方改的和您填的，选定用谁的再保存。",
            "“Changed meanwhile”: somebody else was faster. The page shows before, theirs and yours field by field: choose, then save.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "imports",
        routes: &["/imports", "/imports/{id}"],
        title: Label::new("导入记录", "Sheets brought in"),
        what: Label::new(
            "看每张导入过的表：谁导的、多少行、结果怎样；导错了可以整批撤销。",
            "Every sheet that was brought in: by whom, how many rows, what came of it. A wrong one can be undone as a whole.",
        ),
        steps: &[
            Label::new("点“导入”选文件。", "“Import” takes a file."),
            Label::new(
                "点开一批，看新增、变更和退回的行；需要时撤销这一批。",
                "Open one to see what it made and changed, and to undo it.",
            ),
        ],
        slips: &[Label::new(
            "撤销只能撤没有再改过的内容：导入后又变更过的资产要逐项处理。",
            "What was changed again after the import cannot be undone with it.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "import-new",
        routes: &[
            "/imports/new",
            "/imports/template",
            "/imports/jobs/{id}",
            "/imports/jobs/{id}/columns",
            "/imports/jobs/{id}/rejected",
            "/imports/jobs/{id}/rejected.xlsx",
        ],
        title: Label::new("导入表格", "Bring a sheet in"),
        what: Label::new(
            "把 Excel 或 CSV 表里的资产、单位、管护责任等一次导入。先检查，看过结果再正式导入。",
            "Brings a sheet of assets, organizations or duties into the ledger. It is checked first, and carried out when you have seen the result.",
        ),
        steps: &[
            Label::new(
                "选表的种类和文件，按“检查”。",
                "Choose what the rows are and the file, then check it.",
            ),
            Label::new(
                "有列认不出来：在“对应列”里选它是什么，或不导入；可以记住，下次表头相同就照此对应。",
                "Where a column is not known, choose what it is or leave it out; that can be remembered for sheets of the same headers.",
            ),
            Label::new(
                "检查结果写明哪里不对、应该怎样。就在旁边改好再检查一次，不用改文件；也可以下载退回的行。",
                "The result names each fault and what is expected. Put it right beside it and check again, without a new file; or fetch the rejected rows.",
            ),
            Label::new(
                "台账里可能已有的行，逐条或一律选：更新、跳过、另建。",
                "Rows that the ledger may hold already: update, skip or make new, one by one or all.",
            ),
            Label::new(
                "没有问题了，按“正式导入”；也可以只导入没错的行。",
                "When all is well, carry it out; or import the good rows alone.",
            ),
        ],
        slips: &[
            Label::new(
                "金额大了一万倍：表头写“（万元）”就按万元读；没写的，在“对应列”里选元还是万元。",
                "Amounts are ten thousand times too large: a header that says （万元） is read so; for others choose the unit among the columns.",
            ),
            Label::new(
                "检查过的文件只保留一小时，过时要重新上传。",
                "A checked file is kept for an hour; after that send it again.",
            ),
        ],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "projects",
        routes: &["/projects", "/projects/{id}"],
        title: Label::new("项目", "Projects"),
        what: Label::new(
            "每个项目批了多少钱、建成了哪些资产。",
            "What each project was granted, and the assets that came of it.",
        ),
        steps: &[
            Label::new(
                "点项目名称看批复、决算和它建成的资产。",
                "A project’s name leads to its approval, its final account and its assets.",
            ),
            Label::new(
                "“形成的资产”选“已验收、没有登记资产”，就是应登记未登记（Z01）的项目；登记资产时选上项目，它就不再列出。",
                "“Accepted, none registered” lists what is registered nowhere (Z01); a project leaves the list when an asset is registered with it.",
            ),
        ],
        slips: &[Label::new(
            "资产不在项目下面：在资产的“变更”里选上项目。",
            "An asset is missing below its project: choose the project when amending the asset.",
        )],
        ask: ASK_FINANCE,
    },
    Help {
        screen: "organizations",
        routes: &[
            "/organizations",
            "/organizations/new",
            "/organizations/{id}",
            "/organizations/{id}/edit",
            "/organizations/{id}/end",
            "/persons/{id}",
            "/persons/{id}/end",
        ],
        title: Label::new("单位和人员", "Organizations and people"),
        what: Label::new(
            "谁拥有、谁管护资产，怎么联系；姓名和个人电话遮盖显示，管辖区划内单位的电话一按即拨。",
            "Who owns and looks after assets, and how to reach them; names and the telephones of people are masked, those of organizations in one's area are called by one press.",
        ),
        steps: &[
            Label::new(
                "单位撤销按“注销”，它的管护责任同时终止，相关资产进入问题清单。",
                "When an organization ends its duties end with it, and its assets are found to lack a maintainer.",
            ),
            Label::new(
                "确需看全名和电话的，写明理由；理由会留痕。",
                "Whoever must see a name or telephone whole gives a reason, which stays in the log.",
            ),
        ],
        slips: &[Label::new(
            "同名单位重复登记：先用名称或信用代码查一查。",
            "Registered twice: look for the name or the credit code first.",
        )],
        ask: ASK_FINANCE,
    },
];
