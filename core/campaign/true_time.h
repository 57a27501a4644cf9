#pragma once

#include <optional>

#include "core/campaign/student.h"

namespace satchel::core {

/// When a picture was truly taken, as far as the hub can tell without believing the site's wall clock. For people: a wrong clock
/// rejects nothing.
struct TrueTime {
  std::optional<WallMs> not_before;  ///< the hub's own clock
  std::optional<WallMs> not_after;
  bool clock_wrong = false;  ///< the time that the picture bears lies outside by more than kClockSlackMs
};

/// Clocks of two computers that are both right may differ by so much. [ours]
inline constexpr std::int64_t kClockSlackMs = 5 * 60'000;

/// `anchor_ms`: of the capture's author and boot, the least of (hub's wall clock on arrival − the record's monotonic clock) over
/// all records that came: within a boot monotonic time is true, so nothing of that boot happened later than its own monotonic
/// time behind it. nullopt when nothing is known of the boot. Not before: the hub's rejection of what the same author had
/// submitted of this student earlier in the same boot, because only a rejection opens the box again.
TrueTime true_time(const StudentState& state, const CaptureSeen& capture, std::optional<std::int64_t> anchor_ms);

}  // namespace satchel::core
