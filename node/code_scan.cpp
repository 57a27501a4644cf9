// The desk at a teaching point: whose code it is, and whether that student is to be taken.
#include <boost/json/array.hpp>

#include "core/campaign/windows.h"
#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/scanning.h"
#include "node/station.h"
#include "node/visitors.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

/// What is said at the desk before a picture is taken: whose student it is, and whether it is to be taken at all.
Result<json::object> scan_document(Node& node, const Enrolled& all, const CodeHolder& holder) {
  json::object line;
  SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(holder.student));
  const bool listed = state && state->roster;
  SATCHEL_TRY_ASSIGN(const auto entry, find_in_index(node.store(), holder.student));
  const bool visitor = !listed && entry && !entry->delisted;
  const auto home = visitor ? all.membership->find(entry->site) : std::nullopt;
  const core::Stage folded = state ? state->stage : core::Stage::unknown;
  const core::Stage stage = visitor && folded == core::Stage::unknown ? core::Stage::eligible : folded;
  line["student"] = holder.student.text();
  line["name"] = core::mask_name(holder.name);
  line["id_number"] = core::mask_id_number(holder.id_number);
  line["known"] = listed;  // on this node's own list
  line["visitor"] = visitor;
  line["stage"] = core::stage_name(stage);
  line["site"] = listed ? state->roster->site_name : home ? home->name : std::string();
  line["class"] = listed ? state->roster->class_name : std::string();
  line["exempt"] = listed ? state->roster->exempt : visitor && entry->exempt;
  line["must_retake"] = listed ? state->roster->must_retake : visitor && entry->must_retake;
  line["last_term"] = listed && state->roster->last_term;
  const core::Moment now = node.surroundings().clock.moment();
  if (state) {
    if (const auto lock = core::locked(*state, all.profile, now)) line["lock"] = lock_document(*lock);
  }
  line["timing"] = core::timing_name(core::timing(all.profile, node.self().name, now.wall));
  line["foreign"] = holder.foreign;
  if (code_expired(node, all, state)) line["warning"] = error_item(Error{Code::kCodeExpired, {}});
  line["consent"] = all.profile.consent.text;
  return line;
}

}  // namespace

Result<Answer> scan_codes(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  SATCHEL_TRY_ASSIGN(const auto images, list_argument(arguments, "images"));
  json::array lines;
  Answer answer;
  for (const std::string& path : images) {
    json::object line;
    line["schema"] = "satchel.scan/1";
    line["file"] = path;
    const auto picture = read_code_picture(node.surroundings().disk, path);
    const auto holder = !picture          ? Result<CodeHolder>{picture.error()}
                        : picture->unread ? Result<CodeHolder>{unread_error(*picture->unread)}
                                          : holder_of(node, *all, picture->texts);
    if (!holder) {
      line["error"] = picture && picture->unread ? unread_item(*picture->unread) : error_item(holder.error());
      answer.exit = images.size() == 1 ? core::info(holder.error().code).exit : core::Exit::partial;
    } else {
      SATCHEL_TRY_ASSIGN(const json::object seen, scan_document(node, *all, *holder));
      for (const auto& [key, value] : seen) line[key] = value;
    }
    lines.push_back(std::move(line));
  }
  answer.body["schema"] = "satchel.scan/1";
  answer.body["lines"] = std::move(lines);
  return answer;
}

}  // namespace satchel::node
