#include "node/calendar.h"

#include "node/arguments.h"

namespace satchel::node {
namespace {

constexpr std::uint64_t kHolidayFileMax = 1024 * 1024;

}  // namespace

core::Result<core::WorkingDays> read_calendar(Node& node, const core::Profile& profile, const boost::json::object& arguments) {
  core::WorkingDays days{profile.days};
  const std::string path = optional_text(arguments, "holidays");
  if (path.empty()) return days;
  SATCHEL_TRY_ASSIGN(const core::Bytes file, read_named(node.surroundings().disk, path, kHolidayFileMax));
  const auto added = days.add(file);
  if (!added) return at_path(added.error(), path);
  return days;
}

}  // namespace satchel::node
