// Papers for offices: what the book says of students, put on pages by core/export and drawn when a paper is asked for.
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "core/campaign/after_approval.h"
#include "core/campaign/reasons.h"
#include "core/code/mask.h"
#include "core/export/papers.h"
#include "core/portrait/decode.h"
#include "node/after_approval.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/paper_drawer.h"

namespace satchel::node {

using core::Bytes;
using core::Code;
using core::Error;
using core::PaperStudent;
using core::Result;
namespace json = boost::json;

namespace {

bool handed_on(const core::StudentState& state) { return core::approved_and_kept(state.stage); }
bool found_wrong(const core::StudentState& state) {
  const core::ProofSeen* proof = core::current_proof(state);
  return core::open_errata(state) != nullptr || (handed_on(state) && proof != nullptr && !proof->fact.right);
}
bool has_paid(const core::StudentState& state) { return !state.submissions.empty() && state.stage != core::Stage::purged; }
bool gets_refund(const core::StudentState& state) { return has_paid(state) && state.stage == core::Stage::rejected; }
bool on_roster(const core::StudentState& state) {
  return state.stage != core::Stage::delisted && state.stage != core::Stage::unknown && state.stage != core::Stage::purged;
}

/// What one kind of paper needs.
struct Kind {
  std::string_view name;  ///< of the kind, and of the file
  bool (*wants)(const core::StudentState&);
  bool pictures = false;
};
constexpr std::array kKinds{
    Kind{"envelopes", handed_on, false}, Kind{"contact-sheet", handed_on, true}, Kind{"prints", handed_on, true},
    Kind{"errata", found_wrong, true},   Kind{"fees", has_paid, false},          Kind{"refunds", gets_refund, false},
    Kind{"lists", on_roster, false},     Kind{"codes", on_roster, false},
};

/// For a chat: whether anything is still to be done, in two or three characters.
std::string chat_note(const core::StudentState& state) {
  if (core::approved_or_after(state.stage)) return "已通过";
  if (state.stage == core::Stage::exempt) return "免拍";
  if (state.stage == core::Stage::submitted) return "待审核";
  return state.stage == core::Stage::rejected ? "需重拍" : "未采集";
}

std::string reason_words(const core::StudentState& state) {
  const core::VerdictSeen* verdict = core::current_verdict(state);
  const core::RejectReason* reason = verdict == nullptr ? nullptr : core::reject_reason(verdict->fact.reason);
  return reason == nullptr ? std::string() : std::string(reason->zh);
}

/// The standard picture as it was approved; nullopt when it is not here.
Result<std::optional<core::PaperImage>> image_of(const Enrolled& all, const core::StudentState& state) {
  const core::CaptureSeen* capture = core::current_capture(state);
  if (capture == nullptr) return std::optional<core::PaperImage>{};
  SATCHEL_TRY_ASSIGN(const auto here, all.ledger->blobs().find(capture->fact.standard));
  if (!here) return std::optional<core::PaperImage>{};
  SATCHEL_TRY_ASSIGN(Bytes jpeg, all.ledger->blobs().get(capture->fact.standard));
  SATCHEL_TRY_ASSIGN(const auto picture, core::portrait::decode(jpeg));
  return std::optional<core::PaperImage>{core::PaperImage{std::move(jpeg), picture.width, picture.height}};
}

Result<std::vector<PaperStudent>> gather(Node& node, const Enrolled& all, const Kind& kind, const std::string& class_name) {
  std::vector<PaperStudent> out;
  SATCHEL_TRY(each_student(node, all, [&](const core::StudentState& state) -> Result<void> {
    if (!state.roster || !kind.wants(state)) return {};
    if (!class_name.empty() && state.roster->class_name != class_name) return {};
    PaperStudent one;
    one.row = *state.roster;
    one.masked_name = core::mask_name(one.row.name);
    one.masked_id_number = core::mask_id_number(one.row.id_number);
    if (kind.pictures) {
      SATCHEL_TRY_ASSIGN(one.image, image_of(all, state));
    }
    if (kind.name == "codes") {
      SATCHEL_TRY_ASSIGN(Bytes jpeg, code_picture(node, all, state));
      SATCHEL_TRY_ASSIGN(const auto picture, core::portrait::decode(jpeg));
      one.image = core::PaperImage{std::move(jpeg), picture.width, picture.height};
    }
    if (const core::ProofSeen* proof = core::current_proof(state)) one.wrong = proof->fact.fields;
    if (const core::ErrataSeen* errata = core::open_errata(state)) {
      one.wrong = errata->fact.fields;
      one.note = errata->fact.note;
    }
    if (kind.name == "refunds") one.note = reason_words(state);
    if (kind.name == "lists") one.note = chat_note(state);
    out.push_back(std::move(one));
    return {};
  }));
  core::sort_for_papers(out);
  return out;
}

/// In China, where the papers are read.
std::string day_text(core::WallMs now) { return core::to_iso8601(core::WallMs{now.value + 8 * 3'600'000}).substr(0, 10); }

/// The file's bytes; kPaperNotAsked when the profile knows nothing of this paper.
Result<Bytes> compose(Node& node, const Enrolled& all, std::string_view kind, const std::vector<PaperStudent>& students) {
  const core::Profile& profile = all.profile;
  const core::PaperHead head{profile.name, profile.school, profile.school_code, day_text(node.surroundings().clock.wall())};
  if (kind == "lists") return core::to_bytes(core::as_bytes(core::chat_lists(students)));
  if (kind == "codes") return draw_pdf(core::code_sheets(head, students));
  if (kind == "contact-sheet") return draw_pdf(core::contact_sheet(head, students));
  if (kind == "errata") return draw_pdf(core::errata_forms(head, students));
  if (kind == "envelopes") {
    if (profile.handover.envelope != "class") return Error{Code::kPaperNotAsked, "export.envelope"};
    return draw_pdf(core::envelopes(head, students, profile.handover.prints));
  }
  if (kind == "prints") {
    const auto sheet = core::print_sheet(profile.handover.layout);
    if (!sheet) return Error{Code::kPaperNotAsked, "export.layout"};
    if (profile.handover.prints == 0) return Error{Code::kPaperNotAsked, "export.prints"};
    return draw_pdf(core::print_layout(head, students, *sheet, profile.handover.prints));
  }
  if (profile.fee.yuan <= 0) return Error{Code::kPaperNotAsked, "fee.yuan"};
  if (kind == "fees") return draw_pdf(core::fee_sheets(head, students, profile.fee.yuan));
  if (!profile.fee.refund_on_reject) return Error{Code::kPaperNotAsked, "fee.refund_on_reject"};
  return draw_pdf(core::refund_list(head, students, profile.fee.yuan));
}

}  // namespace

Result<Answer> make_paper(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string name, text_argument(arguments, "kind"));
  SATCHEL_TRY_ASSIGN(const std::string folder, text_argument(arguments, "out"));
  const auto* const kind = std::ranges::find(kKinds, name, &Kind::name);
  if (kind == kKinds.end()) {
    std::string known;
    for (const Kind& one : kKinds) known += (known.empty() ? "" : " ") + std::string(one.name);
    return Error{Code::kUsage, known};
  }
  SATCHEL_TRY_ASSIGN(const auto students, gather(node, *all, *kind, optional_text(arguments, "class")));
  if (students.empty()) return Code::kPaperEmpty;
  SATCHEL_TRY_ASSIGN(const Bytes bytes, compose(node, *all, kind->name, students));
  core::Disk& disk = node.surroundings().disk;
  SATCHEL_TRY(disk.make_folder(folder));
  const std::string file = folder + "/" + name + (name == "lists" ? ".txt" : ".pdf");
  SATCHEL_TRY(disk.write_atomic(file, bytes));
  node.log().note("made papers: " + name + ", " + std::to_string(students.size()) + " students");
  Answer answer;
  answer.body["schema"] = "satchel.paper/1";
  answer.body["kind"] = name;
  answer.body["students"] = students.size();
  answer.body["classes"] = core::by_class(students).size();
  answer.body["file"] = file;
  if (kind->pictures) {
    answer.body["without_picture"] = std::ranges::count_if(students, [](const PaperStudent& one) { return !one.image; });
  }
  return answer;
}

}  // namespace satchel::node
