#include "core/campaign/profile.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <span>

#include "core/base/utf8.h"
#include "core/campaign/name_pattern.h"
#include "core/campaign/profile_keys.h"
#include "core/campaign/reasons.h"

namespace satchel::core {
namespace {

constexpr std::size_t kListMax = 256;  // ours: windows, colours and reasons

std::string number_text(double value) {
  if (value == std::floor(value)) return std::to_string(static_cast<long long>(value));
  std::string text = std::to_string(value);
  while (text.ends_with('0')) text.pop_back();
  return text;
}

/// Reads one table. The first thing that is wrong anywhere in the profile stays in `error`; after it every read does nothing.
class Section {
 public:
  /// `path` is "" for the whole file, else "picture." and the like. `table` may be null: then nothing is set.
  Section(const toml::table* table, std::string path, std::optional<Error>& error)
      : table_(table), path_(std::move(path)), error_(error) {}

  void text(std::string_view key, std::string& out, std::size_t max, bool required = false) {
    const toml::node* const node = find(key);
    if (node == nullptr) {
      if (required) fail(nullptr, key, "is missing");
      return;
    }
    const auto* const value = node->as_string();
    if (value == nullptr) return fail(node, key, "must be a text in quotation marks");
    const std::string& text = value->get();
    if (text.size() > max || !is_plain_text(text)) return fail(node, key, "is too long or has control characters");
    if (required && text.empty()) return fail(node, key, "is empty");
    out = text;
  }

  void yes_or_no(std::string_view key, bool& out) {
    const toml::node* const node = find(key);
    if (node == nullptr) return;
    const auto* const value = node->as_boolean();
    if (value == nullptr) return fail(node, key, "must be true or false");
    out = value->get();
  }

  void whole(std::string_view key, int& out, int low, int high) {
    double value = out;
    number(key, value, low, high, true);
    out = static_cast<int>(value);
  }

  void number(std::string_view key, double& out, double low, double high, bool must_be_whole) {
    const toml::node* const node = find(key);
    if (node == nullptr) return;
    const bool right_type = must_be_whole ? node->is_integer() : node->is_number();
    if (!right_type) return fail(node, key, must_be_whole ? "must be a whole number" : "must be a number");
    const double value = node->is_integer() ? static_cast<double>(node->as_integer()->get()) : node->as_floating_point()->get();
    if (!(value >= low && value <= high)) {
      return fail(node, key, "must lie between " + number_text(low) + " and " + number_text(high));
    }
    out = value;
  }

  void moment(std::string_view key, WallMs& out) {
    const toml::node* const node = find(key);
    if (node == nullptr) return fail(nullptr, key, "is missing");
    const auto* const value = node->as_date_time();
    if (value == nullptr) return fail(node, key, "must be a date and time, such as 2026-06-16T08:00:00+08:00");
    out = to_wall(value->get());
  }

  /// The list under `key`, or nullptr when it is not there.
  const toml::array* list(std::string_view key) {
    const toml::node* const node = find(key);
    if (node == nullptr) return nullptr;
    const toml::array* const array = node->as_array();
    if (array == nullptr || array->size() > kListMax) {
      fail(node, key, "must be a list of at most 256");
      return nullptr;
    }
    return array;
  }

  const toml::table* table(std::string_view key) {
    const toml::node* const node = find(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) fail(node, key, "must be a section");
    return node->as_table();
  }

  /// Everything in the table that was never asked for is a slip of the pen.
  void refuse_unknown() {
    if (table_ == nullptr || error_) return;
    for (const auto& [key, node] : *table_) {
      if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
      const std::string_view near = nearest(key.str(), known_);
      return fail(&node, key.str(),
                  near.empty() ? "is no key of a profile" : "is no key of a profile; perhaps " + std::string(near));
    }
  }

  void fail(const toml::node* node, std::string_view key, const std::string& what) {
    if (error_) return;
    const std::string name = path_ + std::string(is_plain_text(key) && key.size() <= 64 ? key : "(unreadable)");
    const bool placed = node != nullptr && node->source().begin.line > 0;
    const auto line = placed ? node->source().begin.line : table_ != nullptr ? table_->source().begin.line : 0;
    error_ = Error{Code::kProfileBad, (line > 0 ? "line " + std::to_string(line) + ": " : "") + name + " " + what};
  }

 private:
  /// Chinese notices give local times, so that a time without offset is China's (UTC+8).
  static WallMs to_wall(const toml::date_time& at) {
    const std::chrono::year_month_day day{std::chrono::year{at.date.year}, std::chrono::month{at.date.month},
                                          std::chrono::day{at.date.day}};
    const std::int64_t days = std::chrono::sys_days{day}.time_since_epoch().count();
    const std::int64_t minutes = (days * 24 + at.time.hour) * 60 + at.time.minute;
    const std::int64_t offset = at.offset ? at.offset->minutes : 8 * 60;
    return {((minutes - offset) * 60 + at.time.second) * 1000 + at.time.nanosecond / 1'000'000};
  }

  const toml::node* find(std::string_view key) {
    known_.push_back(key);
    if (table_ == nullptr || error_) return nullptr;
    return table_->get(key);
  }

  const toml::table* table_;
  std::string path_;
  std::optional<Error>& error_;
  std::vector<std::string_view> known_;
};

void read_windows(Section& root, Profile& out, std::optional<Error>& error) {
  const toml::array* const list = root.list("windows");
  if (list == nullptr) return;
  for (const toml::node& item : *list) {
    if (!item.is_table()) return root.fail(&item, "windows", "must be [[windows]] sections");
    Section section{item.as_table(), "windows.", error};
    Window window;
    section.text("group", window.group, 100);
    section.moment("from", window.from);
    section.moment("until", window.until);
    section.refuse_unknown();
    if (!error && window.from >= window.until) section.fail(&item, "until", "must be later than from");
    out.windows.push_back(std::move(window));
  }
}

std::optional<Colour> to_colour(const toml::node& node) {
  const toml::array* const parts = node.as_array();
  if (parts == nullptr || parts->size() != 3) return std::nullopt;
  std::array<std::uint8_t, 3> rgb{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto* const value = (*parts)[i].as_integer();
    if (value == nullptr || value->get() < 0 || value->get() > 255) return std::nullopt;
    rgb[i] = static_cast<std::uint8_t>(value->get());
  }
  return Colour{rgb[0], rgb[1], rgb[2]};
}

void read_backgrounds(Section& root, Profile& out, std::optional<Error>& error) {
  Section section{root.table("background"), "background.", error};
  if (const toml::array* const list = section.list("accepted")) {
    out.backgrounds.clear();
    for (const toml::node& item : *list) {
      const auto colour = to_colour(item);
      if (!colour) return section.fail(&item, "accepted", "must hold colours such as [100, 197, 255]");
      out.backgrounds.push_back(*colour);
    }
    if (out.backgrounds.empty()) section.fail(list, "accepted", "must name at least one colour");
  }
  section.yes_or_no("replace", out.replace_background);
  section.refuse_unknown();
}

void read_picture(Section& root, Profile& out, std::optional<Error>& error) {
  const toml::table* const table = root.table("picture");
  Section section{table, "picture.", error};
  for (const PictureKey& key : picture_key_table()) {
    double value = 0;
    section.number(key.name, value, key.low, key.high, key.whole);
    if (table != nullptr && !error && table->contains(key.name)) out.picture.emplace(key.name, value);
  }
  section.refuse_unknown();
  const auto at = [&](const char* name) { return out.picture.find(name); };
  const auto low = at("standard_bytes_min");
  const auto high = at("standard_bytes_max");
  if (!error && low != out.picture.end() && high != out.picture.end() && low->second > high->second) {
    section.fail(table, "standard_bytes_min", "must not be larger than standard_bytes_max");
  }
}

void read_reasons(Section& root, Profile& out, std::optional<Error>& error) {
  Section section{root.table("review"), "review.", error};
  if (const toml::array* const list = section.list("reasons")) {
    out.reject_reasons.clear();
    for (const toml::node& item : *list) {
      const auto* const code = item.as_string();
      if (code == nullptr || reject_reason(code->get()) == nullptr) {
        std::vector<std::string_view> known;
        for (const RejectReason& reason : all_reject_reasons()) known.push_back(reason.code);
        const std::string_view near = code == nullptr ? std::string_view{} : nearest(code->get(), known);
        return section.fail(&item, "reasons",
                            near.empty() ? "has an unknown code" : "has an unknown code; perhaps " + std::string(near));
      }
      out.reject_reasons.push_back(code->get());
    }
    if (out.reject_reasons.empty()) section.fail(list, "reasons", "must name at least one code");
  }
  section.refuse_unknown();
}

void read_school(Section& root, Profile& out) {
  root.text("name", out.name, 200, true);
  root.text("school", out.school, 200, true);
  root.text("school_code", out.school_code, 5, true);
  root.text("school_type", out.school_type, 100);
  root.text("level", out.level, 100);
}

Profile defaults() {
  Profile out;
  out.backgrounds = {{100, 197, 255}, {255, 255, 255}, {240, 240, 240}};
  for (const RejectReason& reason : all_reject_reasons()) out.reject_reasons.emplace_back(reason.code);
  return out;
}

Result<Profile> read_profile(const toml::table& table) {
  Profile out = defaults();
  std::optional<Error> error;
  Section root{&table, "", error};
  read_school(root, out);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!error && (out.school_code.size() != 5 || !std::all_of(out.school_code.begin(), out.school_code.end(), digit))) {
    root.fail(table.get("school_code"), "school_code", "must have five digits");
  }
  Section capture{root.table("capture"), "capture.", error};
  capture.whole("attempts_max", out.attempts_max, 1, 1000);
  capture.whole("draft_capacity", out.draft_capacity, 1, 1000);
  capture.refuse_unknown();
  read_windows(root, out, error);
  read_backgrounds(root, out, error);
  read_picture(root, out, error);
  Section standard{root.table("standard"), "standard.", error};
  standard.yes_or_no("full_chroma", out.full_chroma);
  standard.refuse_unknown();
  Section exports{root.table("export"), "export.", error};
  exports.text("name", out.export_name, 100);
  exports.whole("width", out.export_width, 24, 3000);
  exports.whole("height", out.export_height, 32, 4000);
  exports.refuse_unknown();
  read_reasons(root, out, error);
  root.refuse_unknown();
  if (error) return *error;
  SATCHEL_TRY(check_name_pattern(out.export_name));
  return out;
}

}  // namespace

Result<Profile> parse_profile(std::string_view toml) {
  if (!is_utf8(toml)) return Error{Code::kProfileBad, "not UTF-8"};
  try {
    const toml::table table = toml::parse(toml);
    return read_profile(table);
  } catch (const toml::parse_error& wrong) {
    return Error{Code::kProfileBad,
                 "line " + std::to_string(wrong.source().begin.line) + ": " + std::string(wrong.description())};
  }
}

}  // namespace satchel::core
