#include "core/campaign/profile_parts.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/campaign/name_pattern.h"
#include "core/campaign/people.h"
#include "core/campaign/profile_keys.h"
#include "core/campaign/reasons.h"

namespace satchel::core {
namespace {

using Kind = ProfileFaultKind;

// Ranges are ours: wide enough for every notice that we know, narrow enough to catch a slip of the pen.
constexpr int kCountMax = 1000;
constexpr int kMinutesMax = 7 * 24 * 60;
constexpr int kDaysMax = 3650;
constexpr std::size_t kNameMax = 200;    // bytes, as a site's name
constexpr std::size_t kProseMax = 8000;  // a page

/// A pair of which the first must not be larger.
void rising(Section& section, std::string_view low_key, double low, std::string_view high_key, double high) {
  if (low > high) section.fail(section.node(low_key), low_key, Kind::larger_than, std::string(high_key));
}

}  // namespace

void read_consent(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("consent"), "consent.", faults};
  section.prose("text", out.consent.text, kProseMax);
  section.text("agree", out.consent.agree, kNameMax);
  section.yes_no("confirm_entry", out.consent.confirm_entry);
  section.yes_no("confirm_submit", out.consent.confirm_submit);
  section.refuse_unknown();
}

void read_capture(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("capture"), "capture.", faults};
  section.whole("attempts_max", out.attempts_max, 1, kCountMax);
  section.whole("draft_capacity", out.draft_capacity, 1, kCountMax);
  section.whole("draft_keep_h", out.draft_keep_h, 0, 24 * 31);
  LockRules& locks = out.locks;
  section.whole("cooldown_min", locks.cooldown_min, 0, kMinutesMax);
  section.whole("lock_after", locks.fails, 0, kCountMax);
  section.whole("lock_min", locks.lock_min, 0, kMinutesMax);
  section.whole("day_lock_after", locks.day_fails, 0, kCountMax);
  section.texts("day_lock_codes", locks.day_codes, 40);
  for (const std::string& code : locks.day_codes) {
    if (!code.starts_with("Q-")) section.fail(section.node("day_lock_codes"), "day_lock_codes", Kind::unknown_code);
  }
  section.refuse_unknown();
  if (locks.fails > 0 && locks.lock_min == 0) section.fail(section.node("lock_after"), "lock_after", Kind::lock_without_time);
  if (!locks.day_codes.empty() && locks.day_fails == 0) {
    section.fail(section.node("day_lock_codes"), "day_lock_codes", Kind::codes_without_count);
  }
}

void read_clothes(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("clothes"), "clothes.", faults};
  section.texts("avoid", out.clothes.avoid, kNameMax);
  section.texts("advise", out.clothes.advise, kNameMax);
  section.yes_no("collar", out.clothes.collar);
  section.refuse_unknown();
}

void read_export(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("export"), "export.", faults};
  section.text("name", out.export_name, 100);
  section.whole("width", out.export_width, 24, 3000);
  section.whole("height", out.export_height, 32, 4000);
  section.whole("prints", out.handover.prints, 0, 100);
  section.text("layout", out.handover.layout, 40);
  section.text("envelope", out.handover.envelope, 40);
  constexpr std::array<std::string_view, 2> kFolders{"none", "class"};
  out.export_folders = section.word("folders", kFolders, 0) == 1 ? "class" : "";
  constexpr std::array<std::string_view, 2> kTables{"xlsx", "csv"};
  out.handover.table = kTables[section.word("table", kTables, 0)];
  section.refuse_unknown();
  if (const auto good = check_name_pattern(out.export_name); !good) {
    std::string_view why = good.error().detail;
    constexpr std::string_view kKey = "export.name ";
    if (why.starts_with(kKey)) why.remove_prefix(kKey.size());
    section.fail(section.node("name"), "name", Kind::export_name, std::string(why));
  }
}

void read_fee(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("fee"), "fee.", faults};
  section.number("yuan", out.fee.yuan, 0, 10'000, false);
  section.yes_no("refund_on_reject", out.fee.refund_on_reject);
  section.refuse_unknown();
}

void read_review(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("review"), "review.", faults};
  if (const toml::array* const list = section.list("reasons")) {
    std::vector<std::string> reasons;
    bool bad = false;
    for (const toml::node& item : *list) {
      const auto* const code = item.as_string();
      if (code != nullptr && reject_reason(code->get()) != nullptr) {
        reasons.push_back(code->get());
        continue;
      }
      std::vector<std::string_view> known;
      for (const RejectReason& reason : all_reject_reasons()) known.push_back(reason.code);
      const std::string_view near = code == nullptr ? std::string_view{} : nearest(code->get(), known);
      section.fail(&item, "reasons", near.empty() ? Kind::unknown_code : Kind::unknown_code_near, std::string(near));
      bad = true;
    }
    if (reasons.empty() && !bad) section.fail(list, "reasons", Kind::no_code);
    if (!reasons.empty()) out.reject_reasons = std::move(reasons);
  }
  ReviewClocks& clocks = out.clocks;
  section.whole("days_min", clocks.review_min, 0, kDaysMax);
  section.whole("days_max", clocks.review_max, 0, kDaysMax);
  section.whole("verify_days", clocks.verify, 0, kDaysMax);
  section.whole("proof_days_min", clocks.proof_min, 0, kDaysMax);
  section.whole("proof_days_max", clocks.proof_max, 0, kDaysMax);
  section.number("verify_fail_min", clocks.verify_fail_min, 0, 1, false);
  section.number("verify_fail_max", clocks.verify_fail_max, 0, 1, false);
  section.number("similarity_min", clocks.similarity_min, 0, 100, false);
  section.refuse_unknown();
  rising(section, "days_min", clocks.review_min, "days_max", clocks.review_max);
  rising(section, "proof_days_min", clocks.proof_min, "proof_days_max", clocks.proof_max);
  rising(section, "verify_fail_min", clocks.verify_fail_min, "verify_fail_max", clocks.verify_fail_max);
}

void read_study(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("study"), "study.", faults};
  section.whole("last_term_months", out.study.last_term_months, 1, 24);
  if (const toml::table* const table = section.table("years")) {
    Section years{table, "study.years.", faults};
    out.study.years.clear();
    for (const auto& [key, node] : *table) {
      int count = 0;
      years.whole(key.str(), count, 1, 20);
      if (count > 0) out.study.years.emplace(std::string(key.str()), count);
    }
  }
  section.refuse_unknown();
}

void read_timetable(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("timetable"), "timetable.", faults};
  section.whole("slot_min", out.timetable.slot_min, 1, 24 * 60);
  section.whole("slot_students", out.timetable.slot_students, 0, kCountMax);
  section.whole("rooms", out.timetable.rooms, 0, kCountMax);
  section.whole("open_slots", out.timetable.open_slots, 0, kCountMax);
  section.refuse_unknown();
}

namespace {

/// What a date that is none was probably to be: the last day of its month, or year, month and day in another order.
std::string likely_date(std::string_view text) {
  std::vector<int> parts;
  std::size_t digits = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && digits == 0) parts.push_back(0);
    if (digit) parts.back() = parts.back() * 10 + (c - '0');
    digits = digit ? digits + 1 : 0;
    if (digits > 8 || parts.size() > 3) return {};
  }
  if (parts.size() == 1) parts = {parts[0] / 10'000, parts[0] / 100 % 100, parts[0] % 100};
  if (parts.size() != 3) return {};
  if (parts[0] < 100 && parts[2] >= 1000) std::swap(parts[0], parts[2]);
  if (parts[1] > 12 && parts[2] <= 12) std::swap(parts[1], parts[2]);
  if (parts[0] < 1900 || parts[0] > 9999 || parts[1] < 1 || parts[1] > 12) return {};
  const auto two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  for (int day = std::clamp(parts[2], 1, 31); day > 0; --day) {
    const std::string date = std::to_string(parts[0]) + "-" + two(parts[1]) + "-" + two(day);
    if (read_date(date)) return date;
  }
  return {};
}

/// A date of TOML's own, or as people write one in quotation marks.
std::string date_text(const toml::node& node) {
  if (const auto* const text = node.as_string()) return text->get();
  const auto* const date = node.as_date();
  if (date == nullptr) return {};
  const toml::date& at = date->get();
  return std::to_string(at.year) + "-" + std::to_string(at.month) + "-" + std::to_string(at.day);
}

/// `seen` has each date with the key under which it stands.
void read_days(Section& section, std::string_view key, std::vector<std::string>& out,
               std::map<std::string, std::string_view>& seen) {
  const toml::array* const list = section.list(key);
  if (list == nullptr) return;
  for (const toml::node& item : *list) {
    const std::string written = date_text(item);
    // A bare number would be read as a spreadsheet's day.
    const auto date = written.size() < 8 ? std::nullopt : read_date(written);
    if (!date) {
      const std::string near = likely_date(written);
      section.fail(&item, key, near.empty() ? Kind::not_date : Kind::not_date_near, near);
      continue;
    }
    const auto [place, fresh] = seen.emplace(*date, key);
    if (fresh) {
      out.push_back(*date);
    } else {
      section.fail(&item, key, Kind::day_twice, written, std::string(place->second));
    }
  }
}

}  // namespace

void read_calendar(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("calendar"), "calendar.", faults};
  std::map<std::string, std::string_view> seen;
  read_days(section, "days_off", out.days.off, seen);
  read_days(section, "workdays", out.days.work, seen);
  section.refuse_unknown();
}

void read_retention(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("retention"), "retention.", faults};
  section.whole("originals_days", out.retention.originals_days, 0, kDaysMax * 3);
  section.whole("pictures_days", out.retention.pictures_days, 0, kDaysMax * 3);
  section.whole("records_days", out.retention.records_days, 0, kDaysMax * 3);
  section.refuse_unknown();
}

// --- windows

namespace {

void read_groups(Section& root, Profile& out, ProfileFaults& faults) {
  std::map<std::string, std::string> group_of;
  bool rest = false;
  for (const toml::table* const table : root.sections("groups")) {
    Section section{table, "groups.", faults};
    SiteGroup group;
    section.text("name", group.name, kNameMax, true);
    section.texts("sites", group.sites, kNameMax);
    section.refuse_unknown();
    const bool twice =
        std::any_of(out.groups.begin(), out.groups.end(), [&](const SiteGroup& other) { return other.name == group.name; });
    if (twice) section.fail(section.node("name"), "name", Kind::group_twice);
    if (group.sites.empty() && rest) section.fail(nullptr, "sites", Kind::rest_twice);
    rest = rest || group.sites.empty();
    for (const std::string& site : group.sites) {
      const auto [place, fresh] = group_of.emplace(site, group.name);
      if (!fresh) section.fail(section.node("sites"), "sites", Kind::site_twice, place->second);
    }
    out.groups.push_back(std::move(group));
  }
}

void check_group(Section& section, const Window& window, const Profile& out) {
  if (window.group.empty() || out.groups.empty()) return;
  std::vector<std::string_view> names;
  for (const SiteGroup& group : out.groups) names.push_back(group.name);
  if (std::find(names.begin(), names.end(), window.group) != names.end()) return;
  const std::string_view near = nearest(window.group, names);
  section.fail(section.node("group"), "group", near.empty() ? Kind::group_unknown : Kind::group_unknown_near, std::string(near));
}

/// A group's steps begin in their order.
void check_order(Section& section, const Window& window, const std::vector<Window>& before) {
  for (const Window& other : before) {
    if (other.group == window.group && other.step < window.step && other.from > window.from) {
      return section.fail(section.node("from"), "from", Kind::step_order, std::string(step_name(other.step)));
    }
  }
}

Window read_window(Section& section, const Profile& out) {
  Window window;
  section.text("group", window.group, kNameMax);
  constexpr std::array kSteps{Step::collect, Step::school_review, Step::recollect, Step::makeup};
  std::array<std::string_view, kSteps.size()> names;
  std::transform(kSteps.begin(), kSteps.end(), names.begin(), step_name);
  window.step = kSteps[section.word("step", names, 0)];
  section.moment("from", window.from);
  section.moment("until", window.until);
  section.hour("daily_from", window.daily_from_min);
  section.hour("daily_until", window.daily_until_min);
  section.text("payer", window.payer, kNameMax);
  section.refuse_unknown();
  if (section.has("from") && section.has("until") && window.from >= window.until) {
    section.fail(section.node("until"), "until", Kind::end_before_begin, "from");
  }
  if (window.daily_from_min >= window.daily_until_min) {
    section.fail(section.node("daily_until"), "daily_until", Kind::end_before_begin, "daily_from");
  }
  check_group(section, window, out);
  return window;
}

}  // namespace

void read_windows(Section& root, Profile& out, ProfileFaults& faults) {
  read_groups(root, out, faults);
  for (const toml::table* const table : root.sections("windows")) {
    Section section{table, "windows.", faults};
    Window window = read_window(section, out);
    check_order(section, window, out.windows);
    out.windows.push_back(std::move(window));
  }
  if (out.windows.empty()) return;
  for (const SiteGroup& group : out.groups) {
    const bool opens = std::any_of(out.windows.begin(), out.windows.end(), [&](const Window& window) {
      return window.step != Step::school_review && (window.group.empty() || window.group == group.name);
    });
    if (!opens) root.fail(root.node("groups"), "groups", Kind::group_without_window);
  }
}

}  // namespace satchel::core
