#include "core/campaign/punctual.h"

#include <algorithm>
#include <array>

namespace satchel::core {
namespace {

/// How much of `from` to `until`, both included, lies in windows for pictures, which are sorted by beginning.
InWindow covered(const std::vector<Window>& windows, WallMs from, WallMs until) {
  bool some = false;
  bool gap = false;
  WallMs reached = from;  // everything before it was looked at
  for (const Window& window : windows) {
    if (window.until <= reached || window.from > until) continue;
    some = true;
    gap = gap || window.from > reached;
    reached = std::max(reached, window.until);
  }
  if (!some) return InWindow::outside;
  return gap || reached <= until ? InWindow::unclear : InWindow::in_time;
}

InWindow tell(std::vector<Window> windows, const TrueTime& taken) {
  std::erase_if(windows, [](const Window& window) { return window.step == Step::school_review; });
  if (windows.empty()) return InWindow::outside;
  const WallMs last = std::ranges::max(windows, {}, &Window::until).until;
  // Without an end the picture may still be taken: any time after the last window stands for all of them.
  const WallMs until = taken.not_after.value_or(std::max(last, taken.not_before.value_or(last)));
  const WallMs from = taken.not_before.value_or(std::min(windows.front().from, until));
  // The hub's own clock was set between the two.
  if (from > until) return InWindow::unclear;
  return covered(windows, from, until);
}

}  // namespace

std::string_view in_window_name(InWindow told) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"in_time", "unclear", "outside"};
  return kNames[static_cast<std::size_t>(told)];
}

Punctual punctual(const Profile& profile, std::string_view site, WallMs clock_says, const TrueTime& taken) {
  if (profile.windows.empty()) return {InWindow::in_time, Timing::open, taken.clock_wrong};
  return {tell(windows_of(profile, site), taken), timing(profile, site, clock_says), taken.clock_wrong};
}

Punctual punctual(const StudentState& state, const Profile& profile, const CaptureSeen& capture, const TrueTime& taken) {
  if (!state.roster) return {InWindow::in_time, Timing::open, taken.clock_wrong};
  return punctual(profile, state.roster->site_name, capture.fact.taken.wall, taken);
}

std::string_view timing_sign(const Punctual& judged) noexcept {
  if (judged.told == InWindow::outside) return "outside_window";
  const bool hours_only = judged.by_clock == Timing::outside_hours;
  const bool speaks_against = judged.clock_wrong || (judged.by_clock != Timing::open && !hours_only);
  if (judged.told == InWindow::unclear && speaks_against) return "window_unclear";
  return hours_only && !judged.clock_wrong ? "outside_hours" : "";
}

}  // namespace satchel::core
