//! Every sentence with which a rule says no: a stable code and its words in both languages.

use chrono::NaiveDate;
use entity::{
    asset, duty,
    finding::Rule,
    language::{Label, Sentence},
    money::Money,
};

/// A rule's no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .sentence.en)]
pub struct Refusal {
    /// The stable code.
    pub code: &'static str,
    /// The words.
    pub sentence: Sentence,
}

impl Refusal {
    /// Every code there is, with the pattern of its words.
    pub fn all() -> impl Iterator<Item = (&'static str, Label)> {
        let upkeep = upkeep::UPKEEP.iter().chain(stock_take::STOCK_TAKE);
        let others = oversight::OVERSIGHT.iter().chain(webhook::WEBHOOK);
        GENERAL.iter().chain(upkeep).chain(contract::CONTRACT).chain(others).copied()
    }
}

/// Declares constructors: name, arguments, code, Chinese, English; and lists every code.
macro_rules! refusals {
    ($list:ident; $($(#[$meta:meta])* $name:ident($($argument:ident: $type:ty),*) $code:literal $zh:literal $en:literal;)+) => {
        /// Every code that is declared here, with the pattern of its words.
        pub(super) const $list: &[(&str, Label)] = &[$(($code, Label::new($zh, $en))),+];

        impl Refusal {
            $($(#[$meta])* pub fn $name($($argument: $type),*) -> Refusal {
                Refusal { code: $code, sentence: Sentence::new(format!($zh), format!($en)) }
            })+
        }
    };
}

mod contract;
mod oversight;
mod stock_take;
mod upkeep;
mod webhook;

refusals! {
    GENERAL;
    /// The field is changed by another action.
    field_needs_correction(zh: &str, en: &str) "asset.field_needs_correction"
        "{zh}不能用变更办理；记录有误请用更正并说明理由"
        "the {en} is not open to an amendment; correct it with a reason";
    /// The field is never changed.
    field_fixed(zh: &str, en: &str) "asset.field_fixed"
        "{zh}不能直接修改" "the {en} cannot be changed directly";
    /// Nothing differs.
    nothing_changed() "row.nothing_changed"
        "没有任何变化" "nothing was changed";
    /// The asset has left the books.
    asset_not_held_words(zh: &str, en: &str) "asset.not_held"
        "资产{zh}，不能办理此事" "the asset is {en}; this cannot be done";
    /// An asset of a name like that is there.
    namesake_there() "asset.namesake_there"
        "这里已有名称相似的资产；不是同一项的，勾选“不是同一项”再保存"
        "there is an asset of a like name here; where it is another one, say so and save again";
    /// A reason is required.
    reason_missing() "action.reason_missing"
        "须写明理由" "a reason is required";
    /// A report is not as an action needs it.
    fault_report_in_state(zh: &str, en: &str) "fault_report.in_state"
        "这条报修现在是“{zh}”，不能这样办理" "the report is “{en}” by now; this cannot be done";
    /// Somebody said the same a moment ago.
    fault_report_there() "fault_report.there_already"
        "刚才已经收到同样的一条，不用再报" "the same was reported a moment ago; there is no need to say it again";
    /// Pictures of people without an account have their share of the room.
    fault_report_no_room() "fault_report.no_room"
        "照片暂时存不下了，请不带照片再报一次" "there is no room for pictures now; report it again without one";
    /// More is to be set aside than the fund has.
    fund_short(asked: Money, balance: Money) "fund.short"
        "要安排 {asked} 元，资金结余只有 {balance} 元" "{asked} yuan are to be set aside; the balance of the fund is {balance} yuan";
    /// Less was received than is set aside.
    fund_below_set_aside(received: Money, set_aside: Money) "fund.below_set_aside"
        "到账金额不能改为 {received} 元：已安排 {set_aside} 元" "the amount received cannot be {received} yuan: {set_aside} yuan of it are set aside";
    /// The fund is for others.
    fund_held_elsewhere() "fund.held_elsewhere"
        "这笔资金不归这里使用：只能安排到持有单位本级或下级" "this fund is held elsewhere: it is set aside where it is held or below";
    /// The target has a budget from this fund.
    budget_there(year: i32, set_aside: Money) "budget.there"
        "{year} 年已用这笔资金安排过 {set_aside} 元；请调整那一笔" "{set_aside} yuan of this fund are set aside for it in {year} already; amend that budget";
    /// Less would be set aside than is used.
    budget_below_used(asked: Money, spent: Money, committed: Money) "budget.below_used"
        "预算不能调为 {asked} 元：已支出 {spent} 元，已预占 {committed} 元" "the budget cannot be {asked} yuan: {spent} yuan are spent and {committed} yuan committed";
    /// More is asked for than there is.
    budget_short(asked: Money, left: Money, over: Money) "budget.short"
        "还需 {asked} 元，预算余额 {left} 元，已批准超支 {over} 元，不够；请先申请超支或调整预算" "{asked} yuan more are needed; {left} yuan are left and {over} yuan of overspend approved: ask to overspend, or amend the budget, first";
    /// The budget is not for this asset.
    budget_of_another() "budget.of_another"
        "这笔预算不管这项资产" "this budget is not for this asset";
    /// A sum is beyond what the ledger keeps.
    budget_sum_too_large() "budget.sum_too_large"
        "合计金额超出台账上限" "the sum is beyond what the ledger keeps";
    /// What was seen is not what is there now.
    copy_differs(n: usize, total: Money) "budget.copy_differs"
        "现在要复制的是 {n} 笔、合计 {total} 元，与核对时不同；未作任何改动，请重新核对" "{n} budgets of {total} yuan would be made now, not what was looked at; nothing was done: look again";
    /// There is nothing to copy.
    nothing_to_copy() "budget.nothing_to_copy"
        "没有可以复制的预算：上年没有，或今年都已安排" "nothing is to be copied: there was none last year, or all have theirs";
    /// It is not as far, or farther.
    spending_in_state(zh: &str, en: &str) "spending.in_state"
        "这笔支出{zh}，不能办理此事" "the spending is {en}; this cannot be done";
    /// It was decided before.
    overspend_decided(zh: &str, en: &str) "overspend.decided"
        "这项超支申请{zh}" "the request is {en}";
    /// Nobody decides on what they asked for.
    own_overspend() "overspend.own"
        "不能审批自己申请的超支，请由他人审批" "nobody decides on what they asked for themselves";
    /// More than the ledger keeps.
    overspend_too_large(allowed: Money) "overspend.too_large"
        "已批准超支 {allowed} 元，加上这次超出台账上限" "with the {allowed} yuan approved already it is beyond what the ledger keeps";
    /// An account keeps only so many drafts.
    drafts_full(most: usize) "draft.too_many"
        "草稿最多保留 {most} 份；请先登记或删除一些"
        "at most {most} drafts are kept; register or discard some first";
    /// A draft is no book.
    draft_too_large(most: usize) "draft.too_large"
        "草稿不能超过 {most} 字节" "a draft has at most {most} bytes";
    /// An account keeps so many views.
    views_full(limit: usize) "view.full"
        "每个账号最多保存 {limit} 个视图；请先撤下不用的"
        "an account keeps at most {limit} views; take away one that is not used";
    /// Another view of one's own is called so.
    view_named_so() "view.named_so"
        "已有同名视图；请换一个名称" "a view of yours has that name; choose another";
    /// An export over the network has its limit.
    export_too_large(limit: u64) "export.too_large"
        "导出不能超过 {limit} 行；请缩小区划范围，或在服务器上用 taizhang export 导出"
        "an export has at most {limit} rows; narrow the area, or use taizhang export on the machine itself";
    /// The reason is too long.
    reason_too_long(limit: usize) "action.reason_too_long"
        "理由不能超过 {limit} 字" "a reason may have at most {limit} characters";
    /// Too many things at once.
    too_many(limit: usize) "action.too_many"
        "一次最多办理 {limit} 项" "at most {limit} at a time";
    /// A list on paper has its limit.
    too_long_to_print(limit: usize) "list.too_long_to_print"
        "一次最多打印 {limit} 行；请缩小筛选范围，或导出 Excel 后打印"
        "at most {limit} rows are printed at once; narrow the list, or export it and print the sheet";
    /// Orders by a key are of one county.
    sort_too_wide(zh: &str, en: &str) "list.sort_too_wide"
        "按{zh}排序须先选定一个县（area）；跨县只能按区划排序" "to list by {en}, choose one county (area); wider lists go by place alone";
    /// Searches are of one county.
    search_too_wide() "list.search_too_wide"
        "查找须先选定一个县（area）" "to search, choose one county (area)";
    /// The past is listed by place.
    past_by_place() "list.past_by_place"
        "按登记时点查询只能按区划正序，且不统计总数" "as of an earlier time, lists go by place from the first row on, and are not counted";
    /// What was so in the past is looked at and nothing else.
    past_unchangeable() "list.past_unchangeable"
        "按登记时点的名单只供查看，不能据以办理" "a list as of an earlier time is to be looked at; nothing is done by it";
    /// Splitting makes at least two parts.
    too_few_parts() "asset.too_few_parts"
        "至少要拆分为两项" "a split makes at least two parts";
    /// Merging takes at least two assets.
    too_few_to_merge() "asset.too_few_to_merge"
        "至少要两项资产才能合并" "a merger takes at least two assets";
    /// The parts do not add up to the whole.
    parts_do_not_sum(parts: Money, whole: Money) "asset.parts_do_not_sum"
        "拆分后原值合计 {parts} 元，应为 {whole} 元" "the parts come to {parts} yuan; the whole is {whole} yuan";
    /// The whole has no value to divide.
    value_missing() "asset.value_missing"
        "资产没有原值，不能拆分或合并" "the asset has no original value to divide or merge";
    /// Assets of different classes or places are not merged.
    cannot_merge_unlike() "asset.cannot_merge_unlike"
        "类别、子类、所在村不同的资产不能合并" "assets that differ in class, subclass or village cannot be merged";
    /// The subclass belongs to another class.
    subclass_of_other_class(zh: &str, en: &str) "asset.subclass_of_other_class"
        "子类不属于{zh}" "the subclass does not belong to the class {en}";
    /// Handing over twice.
    handed_over_already(on: NaiveDate) "asset.handed_over_already"
        "已于 {on} 移交" "handed over on {on} already";
    /// Days out of order.
    day_before(zh: &str, en: &str, on: NaiveDate) "asset.day_before"
        "不能早于{zh}（{on}）" "may not be before the {en} ({on})";
    /// A day that has not come yet.
    day_in_future(on: NaiveDate) "day.in_future"
        "日期 {on} 晚于今天" "the day {on} has not come yet";
    /// The same content is attached to the thing already.
    attached_already(name: &str) "attachment.there_already"
        "“{name}”已经附过（内容相同）" "“{name}” is attached already (its content is the same)";
    /// A thing has so many files.
    files_full(limit: usize) "attachment.full"
        "每项最多附 {limit} 个文件；请先撤回不用的" "at most {limit} files are attached to one thing; withdraw those not needed first";
    /// A county holds so much.
    files_quota(gigabytes: u64) "attachment.quota"
        "本县附件已满 {gigabytes} GB，请联系管理员" "the files of this county have reached {gigabytes} GB; ask an administrator";
    /// A photo is a picture.
    photo_no_picture(name: &str) "attachment.photo_no_picture"
        "“{name}”不是图片，文件种类不能选“照片”" "“{name}” is no picture and cannot be a photo";
    /// The file was withdrawn.
    file_withdrawn() "attachment.withdrawn"
        "该附件已撤回" "this file was withdrawn";
    /// So many files at once.
    too_many_files(limit: usize) "attachment.too_many"
        "一次最多上传 {limit} 个文件" "at most {limit} files at a time";
    /// Nothing in the file.
    file_empty() "attachment.empty"
        "文件是空的" "the file is empty";
    /// Too many bytes.
    file_too_large(megabytes: u64) "attachment.too_large"
        "文件过大，这一种不能超过 {megabytes} MB" "the file is too large: this kind may have {megabytes} MB";
    /// Web pages, drawings that are programs, scripts.
    file_active() "attachment.active"
        "不收网页、SVG 和脚本：打开时可能运行其中的程序。请打印成 PDF 或截图后上传" "web pages, SVG and scripts are not taken: they may run when opened. Print it as a PDF or take a picture of it";
    /// Archives and programs.
    file_packed() "attachment.packed"
        "不收压缩包和程序。请解压后逐个上传其中的文件" "archives and programs are not taken. Unpack it and bring the files one by one";
    /// Pictures of telephones that few programs open.
    file_heic() "attachment.heic"
        "不收 HEIC 图片。请在手机相机设置中选“兼容性最佳”，或转成 JPEG 后上传" "HEIC pictures are not taken. Set the camera to “most compatible”, or save it as JPEG";
    /// Nothing that is known.
    file_unknown() "attachment.unknown"
        "不认识这种文件。可附 PDF、OFD、JPEG、PNG、WebP 图片和 Word、Excel 文档" "this kind of file is not known. PDF, OFD, JPEG, PNG and WebP pictures, Word and Excel documents are taken";
    /// Macros.
    file_macros() "attachment.macros"
        "文件带有宏，不收。请另存为不带宏的 .docx 或 .xlsx" "the file carries macros and is not taken. Save it as .docx or .xlsx without them";
    /// A PDF that does something when it is opened, or carries other files.
    file_pdf_active() "attachment.pdf_active"
        "PDF 中有脚本、启动命令、内嵌文件或网页代码，不收。请重新打印成 PDF 后上传" "the PDF carries scripts, commands, other files or web code and is not taken. Print it as a PDF again";
    /// Nobody could look into it.
    file_encrypted() "attachment.encrypted"
        "文件已加密，无法检查，不收。请去掉密码后上传" "the file is encrypted and cannot be looked into. Bring it without a password";
    /// Damaged or cut off.
    file_broken() "attachment.broken"
        "文件已损坏或不完整，请换一个重新上传" "the file is damaged or not whole; bring another copy";
    /// A picture of too many pixels.
    picture_too_large(megapixels: u64) "attachment.too_many_pixels"
        "图片超过 {megapixels} 百万像素，请缩小后上传" "the picture has more than {megapixels} megapixels; bring a smaller one";
    /// It asks for too much memory or time.
    file_too_demanding() "attachment.too_demanding"
        "打开这个文件要占用过多内存或时间，不收。请缩小或另存后上传" "opening this file takes too much memory or time. Make it smaller or save it anew";
    /// The process that looks into files did not do so.
    file_reader_failed() "attachment.reader_failed"
        "检查文件的程序没有正常运行，请稍后再试" "the program that looks into files did not run; try again later";
    /// Another program listens there.
    address_taken(at: &str) "service.address_taken"
        "{at} 已被别的程序占用，请用 --listen 换一个"
        "another program listens on {at}; choose another address with --listen";
    /// A file that holds neither a certificate nor a key.
    certificate_unreadable(file: &str) "service.certificate_unreadable"
        "{file} 读不出证书或私钥，应为 PEM 文件"
        "no certificate or key can be read from {file}; it must be a PEM file";
    /// A key that belongs to another certificate.
    key_does_not_fit(key: &str, certificate: &str) "service.key_does_not_fit"
        "私钥 {key} 不是证书 {certificate} 的私钥"
        "{key} is not the private key of the certificate {certificate}";
    /// A day that has passed.
    day_passed(on: NaiveDate) "day.passed"
        "日期 {on} 已过" "the day {on} has passed";
    /// The title is settled already.
    title_confirmed_already() "title.confirmed_already"
        "已确权；产权变更请先登记争议或重新确权" "the title is confirmed already; reopen it first";
    /// A title without an owner.
    owner_missing() "title.owner_missing"
        "确权须有所有权人" "a confirmed title names an owner";
    /// The shares do not make one.
    shares_do_not_sum() "title.shares_do_not_sum"
        "同一权利各方份额之和须等于 1" "the shares of one right must sum to exactly one";
    /// A holder named twice.
    holder_twice() "title.holder_twice"
        "同一权利人出现两次" "the same holder is named twice";
    /// A holder must be one organization or one person.
    one_party() "party.one_party"
        "须且只须填写单位或个人之一" "name either an organization or a person";
    /// An income right holder is required for operating assets.
    income_holder_missing() "title.income_holder_missing"
        "经营性资产须有收益权人" "an operating asset names the holder of its income right";
    /// Duties of one kind overlap.
    duty_overlaps(zh: &str, en: &str, from: &str) "duty.overlaps"
        "与自 {from} 起的{zh}重叠" "overlaps the {en} duty that runs from {from}";
    /// The duty is over.
    duty_over(on: NaiveDate) "duty.over"
        "该项管护责任已于 {on} 终止" "the duty ended on {on}";
    /// A duty is not made longer by ending it.
    duty_ends_before(on: NaiveDate) "duty.ends_before"
        "该项管护责任至 {on} 为止，不能终止于其后" "the duty ends on {on}; it cannot be ended later";
    /// Nobody ends a duty for such a reason.
    duty_reason_unfit(zh: &str, en: &str, of_zh: &str, of_en: &str) "duty.reason_unfit"
        "{of_zh}的责任不能以“{zh}”为由终止" "a {of_en}'s duty is not ended by hand because “{en}”";
    /// Everything that was chosen is left out.
    nothing_to_assign() "duty.nothing_to_assign"
        "所选资产都不能或不必指派，未作任何改动" "none of the assets chosen can or need be assigned; nothing was done";
    /// A claim is not maintained.
    claim_has_no_upkeep() "duty.claim_has_no_upkeep"
        "股权、债权和基金没有管护责任" "equity, debt and fund shares have no upkeep";
    /// The term ends before it begins.
    term_reversed() "duty.term_reversed"
        "截止日早于起始日" "the term ends before it begins";
    /// The maintainer must be an organization, the keeper a person.
    wrong_party(zh: &str, en: &str) "duty.wrong_party"
        "{zh}的承担者不对：管护主体是单位，管护责任人是个人"
        "wrong party for the {en}: a maintainer is an organization, a keeper a person";
    /// The party ended.
    party_ended(on: NaiveDate) "party.ended"
        "该单位或人员已于 {on} 终止" "the organization or person ended on {on}";
    /// It bears something where the actor may not act.
    bears_outside() "party.bears_outside"
        "该单位或人员在管辖范围外还有管护责任或权利，请由上级办理"
        "it still bears duties or holds rights outside your area; ask the office above";
    /// No contact is on record.
    contact_missing() "party.contact_missing"
        "该单位没有登记联系人" "no contact is on record for this organization";
    /// The filter matches another number of assets than was confirmed.
    count_differs(found: u64, expected: u64) "duty.count_differs"
        "按此条件现有 {found} 项资产，与确认的 {expected} 项不符；未作任何改动，请核对后重新提交"
        "the filter matches {found} assets now, not the {expected} that were confirmed; nothing was done: look again and send it anew";
    /// The finding is not open.
    finding_not_open(zh: &str, en: &str) "finding.not_open"
        "没有未销号的问题“{zh}”" "no open finding “{en}”";
    /// A waiver runs too long.
    waiver_too_long(days: i64) "finding.waiver_too_long"
        "豁免最长 {days} 天" "a waiver runs at most {days} days";
    /// A local rule that begins in the far future.
    rule_too_far(days: i64) "rule.too_far"
        "生效日期最多在 {days} 天内" "a rule begins at most {days} days from now";
    /// A local rule has a value of that day or a later one.
    rule_later_there(on: NaiveDate) "rule.later_there"
        "该区划的这项规则已有自 {on} 起的取值，新值须晚于此日；尚未生效的可先撤回"
        "this rule has a value of this area from {on} on; another begins later, or that one is withdrawn before it begins";
    /// A local rule has as many values as it may have.
    rule_values_full(limit: usize) "rule.values_full"
        "一个区划的一项规则最多设定 {limit} 次" "a rule has at most {limit} values of one area";
    /// A local rule that holds is not withdrawn.
    rule_in_force(on: NaiveDate) "rule.in_force"
        "已自 {on} 起生效，不能撤回；请另设新值" "in force since {on}; set another value instead";
    /// A local rule was withdrawn already.
    rule_withdrawn(on: NaiveDate) "rule.withdrawn"
        "已于 {on} 撤回" "withdrawn on {on} already";
    /// The finding is waived already.
    waived_already(on: NaiveDate) "finding.waived_already"
        "已豁免至 {on}" "waived until {on} already";
    /// The finding is set aside.
    finding_waived() "finding.waived"
        "问题在豁免中，不交办、不督办" "the finding is waived: nobody is asked about it";
    /// The deadline is too far away.
    rectification_too_long(days: i64) "rectification.too_long"
        "整改期限最长 {days} 天" "a deadline is at most {days} days away";
    /// It waits to be checked.
    rectification_to_check() "rectification.to_check"
        "已报整改完成，请先核查" "it was reported done: check it first";
    /// It was escalated past whoever would give it more time.
    rectification_escalated_past() "rectification.escalated_past"
        "已督办到县级，延长期限由县级办理" "it was escalated to the county, which alone gives it more time";
    /// Somebody else was asked by name.
    rectification_of_another() "rectification.of_another"
        "已交办给别人；换人须重新交办" "somebody else was asked; ask another person first";
    /// It is not as far, or farther.
    rectification_in_state(zh: &str, en: &str) "rectification.in_state"
        "整改{zh}，不能办理此事" "the rectification is {en}; this cannot be done";
    /// A finding is named twice.
    finding_twice() "finding.twice"
        "同一问题出现两次" "the same finding is named twice";
    /// Nothing is said of what was done.
    report_missing() "rectification.report_missing"
        "须写明做了什么" "say what was done";
    /// Nobody checks what they reported themselves.
    own_report() "rectification.own_report"
        "不能核查自己报的整改，请由他人核查" "nobody checks what they reported themselves";
    /// Whoever is asked must be one account or one organization.
    one_bearer() "rectification.one_bearer"
        "须且只须填写账号或单位之一" "name either an account or an organization";
    /// Whoever is asked could not act.
    bearer_cannot_act() "rectification.bearer_cannot_act"
        "该账号已停用、不管这里，或其角色不办整改" "this account is locked, is not in charge here, or its role rectifies nothing";
    /// The area is closed.
    area_closed(on: NaiveDate) "area.closed"
        "该区划已于 {on} 撤销" "the area was closed on {on}";
    /// An area cannot succeed itself.
    area_succeeds_itself() "area.succeeds_itself"
        "不能并入自身" "an area cannot be merged into itself";
    /// An area with parts is merged part by part.
    area_has_parts() "area.has_parts"
        "该区划还有下级，须先合并下级" "the area still has areas below it; merge those first";
    /// Mergers stay inside one level.
    area_levels_differ() "area.levels_differ"
        "只能并入同级区划" "an area can only be merged into one of its own level";
    /// No parent in the tree.
    area_without_parent(code: &str) "area.without_parent"
        "上级区划 {code} 不存在" "the area above, {code}, does not exist";
    /// A role that cannot be given by this account.
    role_not_grantable() "account.role_not_grantable"
        "不能授予该角色" "this role cannot be granted";
    /// Administrators are appointed at the machine itself.
    administrator_kept_apart() "account.administrator_kept_apart"
        "三类管理员的账号由运维人员在本机办理，管理员之间不能互相开设、停用或重置"
        "accounts of administrators are kept by the operator at the machine; one administrator does not tend another";
    /// The first sign-in is over.
    signed_in_before() "account.signed_in_before"
        "该账号已设置密码；忘记密码请办理重置" "this account has a password already; have it reset";
    /// Name, password or code are wrong; which, nobody is told.
    sign_in_wrong() "sign_in.wrong"
        "账号、密码或动态口令不正确" "the name, the password or the code is wrong";
    /// A code is asked for.
    code_missing() "sign_in.code_missing"
        "请输入动态口令" "enter the code of your authenticator app";
    /// The code is wrong.
    code_wrong() "sign_in.code_wrong"
        "动态口令或密码不正确" "the code or the password is wrong";
    /// The password comes first.
    password_due() "sign_in.password_due"
        "请先修改密码" "change your password first";
    /// The second factor comes first.
    factor_due() "sign_in.factor_due"
        "请先绑定动态口令" "enroll a second factor first";
    /// The proof of who acts has grown old.
    step_up_due() "sign_in.step_up_due"
        "请先重新验证身份再办理此事：用动态口令（未绑定的用密码）调用 POST /api/v1/sessions/current/step-up，然后重新提交"
        "prove again who you are first: send a code of your authenticator app, or your password where you have none, to POST /api/v1/sessions/current/step-up, then send this again";
    /// There is a second factor already.
    factor_enrolled_already() "second_factor.enrolled_already"
        "已绑定动态口令" "a second factor is enrolled already";
    /// There is no second factor.
    factor_missing() "second_factor.missing"
        "尚未绑定动态口令" "no second factor is enrolled";
    /// The link cannot be opened.
    link_void() "link.void"
        "链接无效、已使用或已过期，请向管理员索取新的链接"
        "the link is void, used or expired; ask an administrator for a new one";
    /// The key stands for another request.
    request_key_reused() "request_key.reused"
        "该请求标识已用于另一请求" "this request key stands for another request";
    /// The sheet of a trial is no longer there, or was carried out.
    trial_gone() "job.trial_gone"
        "试导的文件已不在或已导入，请重新上传" "the sheet that was checked is gone or was imported already; bring it again";
    /// The import was undone before.
    import_undone_already() "import.undone_already"
        "该批次已撤销" "this import has been undone already";
    /// A row was changed since the import.
    import_touched(n: u64) "import.touched"
        "该批次有 {n} 行在导入后被修改，不能撤销" "{n} rows were changed since the import; it cannot be undone";
    /// Areas and projects stay.
    import_of_reference_rows(zh: &str, en: &str) "import.of_reference_rows"
        "{zh}是基础数据，不能整批撤销；请逐项更正" "{en} are reference data and cannot be undone as a whole; amend them one by one";
    /// An import that changed rows is undone by importing the old sheet.
    import_changed_rows(n: i64) "import.changed_rows"
        "该批次变更了 {n} 行原有内容，不能整批撤销；请用原表重新导入"
        "this import changed {n} existing rows and cannot be undone as a whole; import the former sheet instead";
    /// Restoring and loading never go over what is there.
    place_occupied(place: &str) "place.occupied"
        "{place} 已有内容；恢复和载入只进入空的位置，不覆盖" "{place} is not empty; a ledger is restored or loaded into an empty place, never over another";
    /// A file or folder of this name is there.
    file_exists(path: &str) "file.exists"
        "{path} 已存在，不覆盖" "{path} exists already and is not overwritten";
    /// The key file is needed.
    keys_missing(path: &str) "keys.missing"
        "缺少密钥文件 {path}；请放回单独保存的密钥文件，或用 --keys 指明" "the key file {path} is missing; put back the one that is kept apart, or name it with --keys";
    /// The folder holds no backup that can be relied on.
    backup_manifest(zh: &str, en: &str) "backup.manifest"
        "备份清单不可信：{zh}" "the manifest of the backup cannot be relied on: {en}";
    /// The file is not the one that was backed up.
    backup_altered(file: &str) "backup.altered"
        "{file} 与备份清单的摘要或长度不符，已损坏或被改动" "{file} has not the digest or length of its manifest: it was damaged or altered";
    /// The backup is a file of SQLite.
    backup_of_sqlite() "backup.of_sqlite"
        "这是 SQLite 备份，先恢复到 sqlite:文件，再用 dump 和 load 迁入 PostgreSQL" "this backup is a SQLite file: restore it to sqlite:FILE, then move it to PostgreSQL by dump and load";
    /// Tables this program does not know.
    schema_unknown(found: &str, own: &str) "schema.unknown"
        "表结构版本是 {found}，本程序是 {own}；请用写成它的版本打开" "its tables are of version {found}, those of this program {own}; use the version that wrote it";
    /// The copy does not agree with its log.
    copy_unsound(zh: &str, en: &str) "copy.unsound"
        "核对未通过，不予保留：{zh}" "it does not pass verification and is not kept: {en}";
    /// A dump that cannot be taken, and the line where.
    dump_line(line: u64, zh: &str, en: &str) "dump.line"
        "转储文件第 {line} 行：{zh}" "line {line} of the dump: {en}";
}

impl Refusal {
    /// The asset has left the books.
    pub fn asset_not_held(state: asset::State) -> Refusal {
        Refusal::asset_not_held_words(state.label().zh, state.label().en)
    }

    /// Duties of one kind overlap.
    pub fn overlaps(kind: duty::Kind, from: Option<NaiveDate>) -> Refusal {
        let from = from.map_or_else(|| "—".to_owned(), |day| day.to_string());
        Refusal::duty_overlaps(kind.label().zh, kind.label().en, &from)
    }

    /// Areas and projects stay.
    pub fn import_is_reference(kind: Label) -> Refusal {
        Refusal::import_of_reference_rows(kind.zh, kind.en)
    }

    /// The finding is not open.
    pub fn not_open(rule: Rule) -> Refusal {
        Refusal::finding_not_open(rule.label().zh, rule.label().en)
    }
}
