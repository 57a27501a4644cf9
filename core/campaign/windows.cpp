#include "core/campaign/windows.h"

#include <algorithm>
#include <array>

namespace satchel::core {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;
constexpr std::int64_t kChinaMs = 8 * 60 * kMinuteMs;

std::int64_t day_of(WallMs at) {
  const std::int64_t local = at.value + kChinaMs;
  return local >= 0 ? local / kDayMs : -((-local + kDayMs - 1) / kDayMs);
}

int minute_of_day(WallMs at) { return static_cast<int>((at.value + kChinaMs - day_of(at) * kDayMs) / kMinuteMs); }

bool for_pictures(const Window& window) { return window.step != Step::school_review; }

}  // namespace

std::string_view group_of(const Profile& profile, std::string_view site) {
  std::string_view rest;
  for (const SiteGroup& group : profile.groups) {
    if (std::find(group.sites.begin(), group.sites.end(), site) != group.sites.end()) return group.name;
    if (group.sites.empty()) rest = group.name;
  }
  return rest;
}

std::vector<Window> windows_of(const Profile& profile, std::string_view site) {
  const std::string_view group = group_of(profile, site);
  std::vector<Window> out;
  for (const Window& window : profile.windows) {
    // Without groups the name of a window's group is for people alone.
    if (window.group.empty() || profile.groups.empty() || window.group == group) out.push_back(window);
  }
  std::stable_sort(out.begin(), out.end(), [](const Window& a, const Window& b) { return a.from < b.from; });
  return out;
}

std::string_view timing_name(Timing timing) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"open", "outside_hours", "early", "between", "over"};
  return kNames[static_cast<std::size_t>(timing)];
}

Timing timing(const Profile& profile, std::string_view site, WallMs at) {
  if (profile.windows.empty()) return Timing::open;
  bool before = false;
  bool after = false;
  bool inside = false;
  for (const Window& window : windows_of(profile, site)) {
    if (!for_pictures(window)) continue;
    before = before || at < window.from;
    after = after || at >= window.until;
    if (at < window.from || at >= window.until) continue;
    inside = true;
    const int minute = minute_of_day(at);
    if (minute >= window.daily_from_min && minute < window.daily_until_min) return Timing::open;
  }
  if (inside) return Timing::outside_hours;
  return before ? (after ? Timing::between : Timing::early) : Timing::over;
}

std::string_view span_state(WallMs from, WallMs until, WallMs now) noexcept {
  if (now < from) return "coming";
  return now < until ? "running" : "over";
}

std::optional<Window> window_at(const Profile& profile, std::string_view site, WallMs at) {
  for (Window& window : windows_of(profile, site)) {
    if (at >= window.from && at < window.until) return std::move(window);
  }
  return std::nullopt;
}

std::optional<Window> next_window(const Profile& profile, std::string_view site, Step step, WallMs at) {
  for (Window& window : windows_of(profile, site)) {
    if (window.step == step && at < window.until) return std::move(window);
  }
  return std::nullopt;
}

std::optional<WallMs> last_end(const Profile& profile, std::string_view site) {
  std::optional<WallMs> out;
  for (const Window& window : windows_of(profile, site)) {
    if (for_pictures(window) && (!out || window.until > *out)) out = window.until;
  }
  return out;
}

WallMs next_day(WallMs at) { return {(day_of(at) + 1) * kDayMs - kChinaMs}; }

}  // namespace satchel::core
