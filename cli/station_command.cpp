#include "cli/station_command.h"

#include <boost/json/array.hpp>
#include <cmath>

#include "cli/command_line.h"
#include "cli/document.h"
#include "cli/judging.h"
#include "core/portrait/station.h"
#include "node/answer.h"

namespace satchel::cli {
namespace {

using core::Result;
namespace portrait = core::portrait;

boost::json::value number(double value) {
  constexpr double kOpen = 1e8;  // a limit that does not exist
  if (!std::isfinite(value) || std::abs(value) > kOpen) return nullptr;
  return std::round(value * 1000) / 1000;
}

boost::json::object item_document(const portrait::StationItem& item) {
  return {{"code", item.code},
          {"level", portrait::name(item.level)},
          {"measure", item.measure},
          {"value", number(item.value)},
          {"limit", boost::json::array{number(item.limit_low), number(item.limit_high)}},
          {"zh", item.zh},
          {"en", item.en},
          {"cure_zh", item.cure_zh},
          {"cure_en", item.cure_en}};
}

struct Graded {
  boost::json::object document;
  portrait::Level level;
};

Result<Graded> grade(const boost::json::object& arguments, const Machine& machine) {
  const core::Disk& disk = machine.surroundings.disk;
  const std::string image = text_of(arguments, "image");
  SATCHEL_TRY_ASSIGN(const PictureRules rules, picture_rules(text_of(arguments, "profile"), disk));
  SATCHEL_TRY_ASSIGN(const auto judge, load_judge(machine));
  const Result<Judged> judged = judge_file(absolute_path(image, machine.folder), disk, *judge, rules.limits);
  if (!judged) return node::at_path(judged.error(), image);
  const portrait::StationReport report = portrait::grade_station(judged->picture, judged->verdict);
  boost::json::array items;
  for (const portrait::StationItem& item : report.items) items.push_back(item_document(item));
  return Graded{
      {{"schema", "satchel.station/1"}, {"file", image}, {"level", portrait::name(report.level)}, {"items", std::move(items)}},
      report.level};
}

}  // namespace

core::Exit run_station_test(const boost::json::object& arguments, const Machine& machine, Console& console) {
  const Result<Graded> graded = grade(arguments, machine);
  if (!graded) return console.refuse(graded.error());
  console.answer(graded->document);
  return graded->level == portrait::Level::fail ? core::Exit::check_failed : core::Exit::ok;
}

}  // namespace satchel::cli
