#include "node/doctor.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "node/arguments.h"

namespace satchel::node {

namespace json = boost::json;
using core::Result;

std::string_view level_name(Level level) {
  switch (level) {
    case Level::fine: return "fine";
    case Level::note: return "note";
    case Level::warn: return "warn";
    case Level::bad: return "bad";
  }
  return "bad";
}

const std::vector<FindingInfo>& all_findings() {
  static const std::vector<FindingInfo> kAll{
#define SATCHEL_FINDING(name, id, level, zh, cure_zh, en, cure_en) {Finding::name, id, Level::level, zh, cure_zh, en, cure_en},
#include "node/doctor.def"
#undef SATCHEL_FINDING
  };
  return kAll;
}

const FindingInfo& info(Finding finding) { return all_findings().at(static_cast<std::size_t>(finding)); }

void Findings::add(Finding finding, json::object facts) {
  const FindingInfo& about = info(finding);
  worst_ = std::max(worst_, about.level);
  json::object item;
  item["code"] = about.id;
  item["level"] = level_name(about.level);
  item["zh"] = about.zh;
  item["cure_zh"] = about.cure_zh;
  item["en"] = about.en;
  item["cure_en"] = about.cure_en;
  item["facts"] = std::move(facts);
  list_.push_back(std::move(item));
}

void Findings::add(const core::Error& error) {
  worst_ = Level::bad;
  json::object item = error_item(error);
  item["level"] = level_name(Level::bad);
  item["facts"] = json::object();
  list_.push_back(std::move(item));
}

Result<Answer> doctor(const Surroundings& surroundings, const std::string& home, const json::object& arguments) {
  Findings findings;
  examine_home(surroundings, home, findings);
  examine_network(surroundings, home, findings);
  if (const std::string address = optional_text(arguments, "address"); !address.empty()) {
    SATCHEL_TRY(examine_peer(surroundings, address, findings));
  }
  Answer answer;
  answer.body["schema"] = "satchel.doctor/1";
  answer.body["worst"] = level_name(findings.worst());
  if (findings.worst() == Level::warn) answer.exit = core::Exit::partial;
  if (findings.worst() == Level::bad) answer.exit = core::Exit::failure;
  answer.body["findings"] = findings.take();
  return answer;
}

}  // namespace satchel::node
