#include "node/verdict_json.h"

#include <boost/json/array.hpp>
#include <cmath>

#include "core/portrait/catalogue.h"
#include "node/answer.h"

namespace satchel::node {
namespace {

namespace portrait = core::portrait;
namespace json = boost::json;

json::value number(double value) {
  if (!std::isfinite(value)) return nullptr;
  const double rounded = std::round(value * 1000) / 1000;
  return rounded == 0 ? 0.0 : rounded;  // no "-0"
}

json::array point(const portrait::Point& at) { return {number(at.x), number(at.y)}; }

json::array box(const portrait::Box& at) { return {number(at.x), number(at.y), number(at.width), number(at.height)}; }

json::object finding(const portrait::Finding& one, bool explain) {
  json::object out{{"code", one.code},
                   {"level", name(one.level)},
                   {"measure", one.measure},
                   {"value", number(one.value)},
                   {"limit", json::array{number(one.limit_low), number(one.limit_high)}}};
  if (const portrait::Source* source = explain ? portrait::source_of(one.code) : nullptr) {
    out["source_zh"] = source->zh;
    out["source_en"] = source->en;
  }
  if (one.level == portrait::Level::pass) return out;
  put_words(out, one);
  return out;
}

json::object face(const portrait::FaceGeometry& at) {
  json::object out{{"box", box(at.box)},
                   {"left_eye", nullptr},
                   {"right_eye", nullptr},
                   {"roll_deg", number(at.roll_deg)},
                   {"width_px", number(at.face_width_px)}};
  if (at.left_eye) out["left_eye"] = point(*at.left_eye);
  if (at.right_eye) out["right_eye"] = point(*at.right_eye);
  out["hairline_y"] = at.hairline_y ? number(*at.hairline_y) : json::value(nullptr);
  return out;
}

}  // namespace

json::object verdict_document(const portrait::Verdict& verdict, std::string_view file, std::optional<double> elapsed_ms,
                              bool explain) {
  json::array findings;
  json::array unseen;
  for (const portrait::Finding& one : verdict.findings) {
    (one.level == portrait::Level::unknown ? unseen : findings).push_back(finding(one, explain));
  }
  json::array passed;
  for (const portrait::Finding& one : verdict.passed) passed.push_back(finding(one, explain));
  json::array checklist;
  for (const portrait::CheckItem& item : portrait::operator_checklist()) checklist.push_back(check_item(item));
  json::object out;
  out["schema"] = "satchel.check/1";
  out["file"] = file;
  // A rule that cannot see never refuses (core/portrait/verdict.h): the contract knows three verdicts.
  out["verdict"] = name(verdict.verdict == portrait::Level::unknown ? portrait::Level::pass : verdict.verdict);
  out["image"] = json::object{{"width", verdict.width}, {"height", verdict.height}};
  out["faces"] = verdict.faces;
  out["face"] = verdict.face ? json::value(face(*verdict.face)) : json::value(nullptr);
  out["frame"] = box(verdict.frame);
  out["score"] = number(verdict.score);
  out["findings"] = std::move(findings);
  out["unseen"] = std::move(unseen);
  out["passed"] = std::move(passed);
  out["checklist"] = std::move(checklist);
  out["elapsed_ms"] = elapsed_ms ? number(*elapsed_ms) : json::value(nullptr);
  return out;
}

json::object check_item(const portrait::CheckItem& item) { return {{"code", item.code}, {"zh", item.zh}, {"en", item.en}}; }

}  // namespace satchel::node
