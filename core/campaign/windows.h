#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/campaign/profile.h"

namespace satchel::core {

// Where a moment lies in a campaign's calendar. For queues, reports and people: none of this refuses a picture.

/// The name of the group that a site is in; empty when the profile has no groups, or none takes this site.
std::string_view group_of(const Profile& profile, std::string_view site);
/// What is open to this site at some time, by beginning.
std::vector<Window> windows_of(const Profile& profile, std::string_view site);

enum class Timing : std::uint8_t {
  open = 0,           ///< inside a window in which pictures are taken, and its hours
  outside_hours = 1,  ///< inside such a window, at another hour
  early = 2,          ///< before the first
  between = 3,        ///< after one and before another
  over = 4,           ///< after the last
};
/// "open", "outside_hours", "early", "between", "over".
std::string_view timing_name(Timing timing) noexcept;
/// Of a picture taken at this site at this moment. Without any window: open. School review is no window for pictures.
Timing timing(const Profile& profile, std::string_view site, WallMs at);

/// "coming", "running", "over": where `now` lies beside a window or a slot.
std::string_view span_state(WallMs from, WallMs until, WallMs now) noexcept;

/// The window that is open at this moment to this site, of whatever step; nullopt between windows. Hours are not looked at.
std::optional<Window> window_at(const Profile& profile, std::string_view site, WallMs at);
/// The next window of this step that ends after `at`.
std::optional<Window> next_window(const Profile& profile, std::string_view site, Step step, WallMs at);
/// When the last window for pictures ends; nullopt when it never does.
std::optional<WallMs> last_end(const Profile& profile, std::string_view site);

/// The beginning of the next day in China (UTC+8, without summer time): when a lock "until the next day" opens.
WallMs next_day(WallMs at);

}  // namespace satchel::core
