#include "node/checklist.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "core/portrait/catalogue.h"
#include "node/arguments.h"
#include "node/verdict_json.h"

namespace satchel::node {

using core::Result;
namespace json = boost::json;
namespace portrait = core::portrait;

Result<std::vector<std::string>> looked_at_argument(const json::object& arguments) {
  const std::string said = optional_text(arguments, "checked");
  std::vector<std::string> named;
  for (std::size_t at = 0; !said.empty() && said != "all" && at <= said.size();) {
    const std::size_t end = std::min(said.find(',', at), said.size());
    named.push_back(said.substr(at, end - at));
    at = end + 1;
  }
  std::vector<std::string> out;
  for (const portrait::CheckItem& item : portrait::operator_checklist()) {
    if (said == "all" || std::erase(named, item.code) > 0) out.emplace_back(item.code);
  }
  if (named.empty()) return out;
  std::string codes = "checked: all";
  for (const portrait::CheckItem& item : portrait::operator_checklist()) codes += ", " + std::string(item.code);
  return core::Error{core::Code::kUsage, codes};
}

void tell_looked_at(json::object& out, const std::vector<std::string>& looked_at) {
  json::array seen, unseen;
  for (const std::string& code : looked_at) seen.push_back(json::string(code));
  for (const portrait::CheckItem& item : portrait::operator_checklist()) {
    if (std::ranges::find(looked_at, item.code) != looked_at.end()) continue;
    unseen.push_back(check_item(item));
  }
  out["looked_at"] = std::move(seen);
  out["not_looked_at"] = std::move(unseen);
}

}  // namespace satchel::node
