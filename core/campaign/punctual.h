#pragma once

#include <string_view>

#include "core/campaign/profile.h"
#include "core/campaign/true_time.h"
#include "core/campaign/windows.h"

namespace satchel::core {

// Whether a picture was taken in a window of its student's site. One judgement for the merge, the review and the reports: for
// people, and never a refusal.

/// What the time between which the picture was truly taken (true_time.h) allows to say. A site's own clock proves nothing.
enum class InWindow : std::uint8_t {
  in_time = 0,  ///< all of it lies in windows
  unclear = 1,  ///< some of it does
  outside = 2,  ///< none of it does: for certain, and nearly always too late
};
/// "in_time", "unclear", "outside".
std::string_view in_window_name(InWindow told) noexcept;

struct Punctual {
  InWindow told = InWindow::in_time;
  Timing by_clock = Timing::open;  ///< what the clock of who took it says
  bool clock_wrong = false;        ///< which lies outside the true time
  bool operator==(const Punctual&) const = default;
};

/// The true time decides by days; hours are known by the site's clock alone. Where nothing tells when the picture was taken at
/// the earliest, it was not before the first window opened, unless it was surely there by then: nobody gains by being early.
Punctual punctual(const Profile& profile, std::string_view site, WallMs clock_says, const TrueTime& taken);
/// Of `capture` by the windows of the student's site. Without a roster row there is none: in_time.
Punctual punctual(const StudentState& state, const Profile& profile, const CaptureSeen& capture, const TrueTime& taken);

/// Why a person should look, as a stable name; empty: nothing speaks against the picture.
///   "outside_window"  outside, for certain
///   "window_unclear"  it cannot be told, and the site's clock says outside or is wrong
///   "outside_hours"   in a window, at another hour by the site's clock
std::string_view timing_sign(const Punctual& judged) noexcept;

}  // namespace satchel::core
