#include "cli/render.h"

#include <array>
#include <boost/json/serialize.hpp>
#include <utility>

#include "cli/document.h"
#include "cli/render_parts.h"
#include "cli/text.h"

namespace satchel::cli {
namespace {

using Renderer = Rendered (*)(const boost::json::object&, const View&);

constexpr std::array kRenderers{
    std::pair<std::string_view, Renderer>{"satchel.hub/1", render_hub},
    std::pair<std::string_view, Renderer>{"satchel.request/1", render_request},
    std::pair<std::string_view, Renderer>{"satchel.enroll/1", render_enroll},
    std::pair<std::string_view, Renderer>{"satchel.revoke/1", render_revoke},
    std::pair<std::string_view, Renderer>{"satchel.merge/1", render_merge},
    std::pair<std::string_view, Renderer>{"satchel.second-look/1", render_second_look},
    std::pair<std::string_view, Renderer>{"satchel.looked/1", render_looked},
    std::pair<std::string_view, Renderer>{"satchel.disagreement/1", render_disagreement},
    std::pair<std::string_view, Renderer>{"satchel.forecast/1", render_forecast},
    std::pair<std::string_view, Renderer>{"satchel.due/1", render_due},
    std::pair<std::string_view, Renderer>{"satchel.retakes/1", render_retakes},
    std::pair<std::string_view, Renderer>{"satchel.faces/1", render_faces},
    std::pair<std::string_view, Renderer>{"satchel.retake/1", render_retake},
    std::pair<std::string_view, Renderer>{"satchel.national/1", render_national},
    std::pair<std::string_view, Renderer>{"satchel.cases/1", render_cases},
    std::pair<std::string_view, Renderer>{"satchel.case/1", render_case},
    std::pair<std::string_view, Renderer>{"satchel.pack/1", render_pack},
    std::pair<std::string_view, Renderer>{"satchel.quarantine/1", render_quarantine},
    std::pair<std::string_view, Renderer>{"satchel.release/1", render_release},
    std::pair<std::string_view, Renderer>{"satchel.join/1", render_join},
    std::pair<std::string_view, Renderer>{"satchel.roster/1", render_roster},
    std::pair<std::string_view, Renderer>{"satchel.codes/1", render_codes},
    std::pair<std::string_view, Renderer>{"satchel.codes-revoked/1", render_codes_revoked},
    std::pair<std::string_view, Renderer>{"satchel.code-check/1", render_code_check},
    std::pair<std::string_view, Renderer>{"satchel.code-match/1", render_code_match},
    std::pair<std::string_view, Renderer>{"satchel.foreign-codes/1", render_foreign},
    std::pair<std::string_view, Renderer>{"satchel.code-resolve/1", render_code_resolve},
    std::pair<std::string_view, Renderer>{"satchel.code-decided/1", render_code_decided},
    std::pair<std::string_view, Renderer>{"satchel.scan/1", render_scan},
    std::pair<std::string_view, Renderer>{"satchel.check/1", render_check},
    std::pair<std::string_view, Renderer>{"satchel.check-summary/1", render_check_summary},
    std::pair<std::string_view, Renderer>{"satchel.crop/1", render_crop},
    std::pair<std::string_view, Renderer>{"satchel.recogniser-calibrate/1", render_calibrate},
    std::pair<std::string_view, Renderer>{"satchel.station/1", render_station},
    std::pair<std::string_view, Renderer>{"satchel.guide/1", render_guide},
    std::pair<std::string_view, Renderer>{"satchel.guide-best/1", render_guide_best},
    std::pair<std::string_view, Renderer>{"satchel.capture/1", render_capture},
    std::pair<std::string_view, Renderer>{"satchel.capture_folder/1", render_capture_folder},
    std::pair<std::string_view, Renderer>{"satchel.submit_all/1", render_submit_all},
    std::pair<std::string_view, Renderer>{"satchel.drafts/1", render_drafts},
    std::pair<std::string_view, Renderer>{"satchel.submit/1", render_submit},
    std::pair<std::string_view, Renderer>{"satchel.sync/1", render_sync},
    std::pair<std::string_view, Renderer>{"satchel.stick/1", render_stick},
    std::pair<std::string_view, Renderer>{"satchel.review/1", render_review},
    std::pair<std::string_view, Renderer>{"satchel.decided/1", render_decided},
    std::pair<std::string_view, Renderer>{"satchel.export/1", render_export},
    std::pair<std::string_view, Renderer>{"satchel.paper/1", render_paper},
    std::pair<std::string_view, Renderer>{"satchel.marked/1", render_marked},
    std::pair<std::string_view, Renderer>{"satchel.proofs/1", render_proofs},
    std::pair<std::string_view, Renderer>{"satchel.purge/1", render_purge},
    std::pair<std::string_view, Renderer>{"satchel.purge_certified/1", render_purge_certified},
    std::pair<std::string_view, Renderer>{"satchel.purge_verified/1", render_purge_verified},
    std::pair<std::string_view, Renderer>{"satchel.status/1", render_status},
    std::pair<std::string_view, Renderer>{"satchel.verify/1", render_verify},
    std::pair<std::string_view, Renderer>{"satchel.doctor/1", render_doctor},
    std::pair<std::string_view, Renderer>{"satchel.run/1", render_run},
    std::pair<std::string_view, Renderer>{"satchel.lint/1", render_lint},
    std::pair<std::string_view, Renderer>{"satchel.campaign/1", render_campaign},
    std::pair<std::string_view, Renderer>{"satchel.signed/1", render_signed},
    std::pair<std::string_view, Renderer>{"satchel.marks/1", render_marks},
    std::pair<std::string_view, Renderer>{"satchel.conflicts/1", render_conflicts},
    std::pair<std::string_view, Renderer>{"satchel.conflict/1", render_conflict},
    std::pair<std::string_view, Renderer>{"satchel.resolved/1", render_resolved},
    std::pair<std::string_view, Renderer>{"satchel.discard/1", render_discard},
    std::pair<std::string_view, Renderer>{"satchel.withdraw/1", render_withdraw},
    std::pair<std::string_view, Renderer>{"satchel.timetable_import/1", render_timetable_import},
    std::pair<std::string_view, Renderer>{"satchel.timetable/1", render_timetable},
    std::pair<std::string_view, Renderer>{"satchel.queue/1", render_queue},
    std::pair<std::string_view, Renderer>{"satchel.page/1", render_page},
    std::pair<std::string_view, Renderer>{"satchel.coverage/1", render_coverage},
    std::pair<std::string_view, Renderer>{"satchel.missing/1", render_missing},
    std::pair<std::string_view, Renderer>{"satchel.risk/1", render_risk},
    std::pair<std::string_view, Renderer>{"satchel.reasons/1", render_reasons},
    std::pair<std::string_view, Renderer>{"satchel.version/1", render_version},
};

Rendered render_document(const boost::json::object& answer, const View& view) {
  const std::string schema = text_of(answer, "schema");
  for (const auto& [known, renderer] : kRenderers) {
    if (known == schema) return renderer(answer, view);
  }
  return {boost::json::serialize(answer) + "\n", {}};
}

}  // namespace

Rendered render(const boost::json::object& answer, const View& view) {
  if (!answer.contains("lines")) return render_document(answer, view);
  Rendered out;
  for (const boost::json::value& line : list_of(answer, "lines")) {
    if (!line.is_object()) continue;
    const Rendered one = render_document(line.get_object(), view);
    out.data += one.data;
    out.talk += one.talk;
  }
  return out;
}

std::string next_step(std::string_view sentence) { return "→ " + std::string(sentence) + "\n"; }

std::string sentence_of(const boost::json::object& item, const Words& words) {
  return plain(text_of(item, words.pick("zh", "en")));
}

std::string cure_of(const boost::json::object& item, const Words& words) {
  return plain(text_of(item, words.pick("cure_zh", "cure_en")));
}

Phrase window_phrase(std::string_view state) {
  if (state == "coming") return Phrase::window_coming;
  return state == "running" ? Phrase::window_running : Phrase::window_over;
}

std::string painted_grade(std::string_view grade, const Words& words, const Paint& paint) {
  const std::string said = words.grade(grade);
  if (grade == "pass") return paint.good(said);
  if (grade == "fail") return paint.bad(said);
  return paint.warn(said);
}

std::string error_lines(const boost::json::object& item, std::string_view what, const Words& words, const Paint& paint) {
  std::string head = what.empty() ? std::string() : plain(what) + words.pick("：", ": ").data();
  std::string out = paint.bad("✗") + " " + head + sentence_of(item, words);
  if (const std::string code = text_of(item, "code"); !code.empty()) out += " " + paint.quiet("(" + plain(code) + ")");
  out += "\n";
  if (const std::string detail = text_of(item, "detail"); !detail.empty()) out += "  " + plain(detail) + "\n";
  if (const std::string cure = cure_of(item, words); !cure.empty()) out += "  " + next_step(cure);
  return out;
}

std::string render_error(const core::Error& error, const View& view) {
  const core::CodeInfo& about = core::info(error.code);
  boost::json::object item{{"code", about.id},         {"zh", about.zh},           {"en", about.en},
                           {"cure_zh", about.cure_zh}, {"cure_en", about.cure_en}, {"detail", error.detail}};
  return error_lines(item, "", view.words, view.talk);
}

void each_student_line(const boost::json::object& answer, std::string_view key, const View& view, Rendered& out,
                       const TellStudent& tell) {
  for (const boost::json::value& element : list_of(answer, key)) {
    const boost::json::object* one = element.if_object();
    if (one == nullptr) continue;
    const std::string student = text_of(*one, "student");
    if (const boost::json::object* error = object_of(*one, "error")) {
      out.talk += error_lines(*error, student, view.words, view.talk);
    } else {
      tell(*one, student);
    }
  }
}

}  // namespace satchel::cli
