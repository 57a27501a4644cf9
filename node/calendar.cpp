#include "node/calendar.h"

#include "node/arguments.h"

namespace satchel::node {
namespace {

constexpr std::uint64_t kHolidayFileMax = 1024 * 1024;

}  // namespace

core::Result<core::WorkingDays> read_calendar(Node& node, const boost::json::object& arguments) {
  const std::string path = optional_text(arguments, "holidays");
  if (path.empty()) return core::WorkingDays{};
  SATCHEL_TRY_ASSIGN(const core::Bytes file, read_named(node.surroundings().disk, path, kHolidayFileMax));
  auto days = core::WorkingDays::read(file);
  if (!days) return at_path(days.error(), path);
  return *std::move(days);
}

}  // namespace satchel::node
