#include "cli/crop_command.h"

#include <boost/json/array.hpp>
#include <charconv>
#include <cmath>

#include "cli/command_line.h"
#include "cli/document.h"
#include "cli/judging.h"
#include "node/answer.h"
#include "node/standard_options.h"

namespace satchel::cli {
namespace {

using core::Result;
namespace portrait = core::portrait;

Result<portrait::Nudge> nudge_of(const std::string& text) {
  portrait::Nudge out;
  if (text.empty()) return out;
  double* const parts[] = {&out.dx, &out.dy, &out.scale};
  const core::Error wrong{core::Code::kUsage, "--nudge DX,DY[,SCALE], as in --nudge 10,-5,1.05"};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    const auto [next, problem] = std::from_chars(at, end, *parts[i]);
    if (problem != std::errc{} || !std::isfinite(*parts[i])) return wrong;
    if (next == end) return i >= 1 && out.scale >= 0.1 && out.scale <= 10 ? Result<portrait::Nudge>{out} : wrong;
    if (*next != ',') return wrong;
    at = next + 1;
  }
  return wrong;
}

double thousandth(double value) { return std::round(value * 1000) / 1000; }

boost::json::object crop_document(const Judged& judged, const portrait::Standard& standard, const portrait::Limits& limits) {
  const portrait::Transform& t = standard.transform;
  boost::json::object out{{"schema", "satchel.crop/1"}};
  out["source"] = boost::json::object{{"width", judged.verdict.width}, {"height", judged.verdict.height}};
  out["crop"] =
      boost::json::array{thousandth(t.crop.x), thousandth(t.crop.y), thousandth(t.crop.width), thousandth(t.crop.height)};
  out["scale"] = thousandth(t.scale);
  out["enlarged"] = t.scale > limits.enlarge_max * 1.005;
  out["width"] = standard.picture.width;
  out["height"] = standard.picture.height;
  out["dpi"] = limits.dpi;
  out["bytes"] = standard.jpeg.size();
  out["bytes_min"] = limits.standard_bytes_min;
  out["bytes_max"] = limits.standard_bytes_max;
  out["in_window"] = standard.in_window;
  out["quality"] = standard.quality;
  out["recipe"] = standard.recipe;
  if (standard.ground) out["ground"] = node::ground_document(*standard.ground);
  return out;
}

Result<boost::json::object> crop(const boost::json::object& arguments, const Machine& machine) {
  core::Disk& disk = machine.surroundings.disk;
  const std::string image = text_of(arguments, "image"), out = text_of(arguments, "out");
  SATCHEL_TRY_ASSIGN(PictureRules rules, picture_rules(text_of(arguments, "profile"), disk));
  SATCHEL_TRY_ASSIGN(rules.standard.nudge, nudge_of(text_of(arguments, "nudge")));
  SATCHEL_TRY_ASSIGN(const auto judge, load_judge(machine));
  const Result<Judged> judged = judge_file(absolute_path(image, machine.folder), disk, *judge, rules.limits);
  if (!judged) return node::at_path(judged.error(), image);
  SATCHEL_TRY_ASSIGN(const portrait::Standard standard,
                     portrait::make_standard(judged->picture, judged->verdict, rules.limits, rules.standard));
  if (const auto written = disk.write_atomic(absolute_path(out, machine.folder), standard.jpeg); !written) {
    return node::at_path(written.error(), out);
  }
  boost::json::object document = crop_document(*judged, standard, rules.limits);
  document["file"] = image;
  document["out"] = out;
  document["faces"] = judged->verdict.faces;
  return document;
}

}  // namespace

core::Exit run_crop(const boost::json::object& arguments, const Machine& machine, Console& console) {
  const Result<boost::json::object> document = crop(arguments, machine);
  if (!document) return console.refuse(document.error());
  console.answer(*document);
  return core::Exit::ok;
}

}  // namespace satchel::cli
