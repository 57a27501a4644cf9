#include "core/campaign/profile_section.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "core/base/utf8.h"
#include "core/campaign/profile_keys.h"

namespace satchel::core {
namespace {

constexpr std::size_t kListMax = 256;  // ours: windows, groups, sites, colours, reasons

using Kind = ProfileFaultKind;

/// Chinese notices give local times, so that a time without offset is China's (UTC+8).
WallMs to_wall(const toml::date_time& at) {
  const std::chrono::year_month_day day{std::chrono::year{at.date.year}, std::chrono::month{at.date.month},
                                        std::chrono::day{at.date.day}};
  const std::int64_t days = std::chrono::sys_days{day}.time_since_epoch().count();
  const std::int64_t minutes = (days * 24 + at.time.hour) * 60 + at.time.minute;
  const std::int64_t offset = at.offset ? at.offset->minutes : 8 * 60;
  return {((minutes - offset) * 60 + at.time.second) * 1000 + at.time.nanosecond / 1'000'000};
}

/// "8:00" and "08:00"; nullopt for anything else.
std::optional<int> minutes_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon > 2 || text.size() != colon + 3) return std::nullopt;
  int parts[2] = {0, 0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == colon) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    int& part = parts[i < colon ? 0 : 1];
    part = part * 10 + (text[i] - '0');
  }
  const int minutes = parts[0] * 60 + parts[1];
  if (parts[1] > 59 || minutes > 24 * 60) return std::nullopt;
  return minutes;
}

bool plain_but_for_lines(std::string text) {
  std::erase(text, '\n');
  return is_plain_text(text);
}

}  // namespace

std::string number_text(double value) {
  if (value == std::floor(value)) return std::to_string(static_cast<long long>(value));
  std::string text = std::to_string(value);
  while (text.ends_with('0')) text.pop_back();
  return text;
}

const toml::node* Section::find(std::string_view key) {
  known_.push_back(key);
  return node(key);
}

void Section::plain(std::string_view key, std::string& out, std::size_t max, bool lines, bool required) {
  const toml::node* const node = find(key);
  if (node == nullptr) {
    if (required) fail(nullptr, key, Kind::missing);
    return;
  }
  const auto* const value = node->as_string();
  if (value == nullptr) return fail(node, key, Kind::not_text);
  const std::string& text = value->get();
  if (text.size() > max || !(lines ? plain_but_for_lines(text) : is_plain_text(text))) return fail(node, key, Kind::text_bad);
  if (required && text.empty()) return fail(node, key, Kind::empty);
  out = text;
}

void Section::text(std::string_view key, std::string& out, std::size_t max, bool required) {
  plain(key, out, max, false, required);
}

void Section::prose(std::string_view key, std::string& out, std::size_t max) { plain(key, out, max, true, false); }

void Section::whole(std::string_view key, int& out, int low, int high) {
  double value = out;
  number(key, value, low, high, true);
  out = static_cast<int>(value);
}

void Section::number(std::string_view key, double& out, double low, double high, bool must_be_whole) {
  const toml::node* const node = find(key);
  if (node == nullptr) return;
  const bool right_type = must_be_whole ? node->is_integer() : node->is_number();
  if (!right_type) return fail(node, key, must_be_whole ? Kind::not_whole : Kind::not_number);
  const double value = node->is_integer() ? static_cast<double>(node->as_integer()->get()) : node->as_floating_point()->get();
  if (!(value >= low && value <= high)) return fail(node, key, Kind::out_of_range, number_text(low), number_text(high));
  out = value;
}

void Section::yes_no(std::string_view key, bool& out) {
  const toml::node* const node = find(key);
  if (node == nullptr) return;
  const auto* const value = node->as_boolean();
  if (value == nullptr) return fail(node, key, Kind::not_switch);
  out = value->get();
}

void Section::moment(std::string_view key, WallMs& out) {
  const toml::node* const node = find(key);
  if (node == nullptr) return fail(nullptr, key, Kind::missing);
  const auto* const value = node->as_date_time();
  if (value == nullptr) return fail(node, key, Kind::not_moment);
  out = to_wall(value->get());
}

void Section::hour(std::string_view key, int& out) {
  const toml::node* const node = find(key);
  if (node == nullptr) return;
  const auto* const value = node->as_string();
  const auto minutes = value == nullptr ? std::nullopt : minutes_of(value->get());
  if (!minutes) return fail(node, key, Kind::not_hour);
  out = *minutes;
}

void Section::texts(std::string_view key, std::vector<std::string>& out, std::size_t max) {
  const toml::array* const items = list(key);
  if (items == nullptr) return;
  out.clear();
  for (const toml::node& item : *items) {
    const auto* const value = item.as_string();
    if (value == nullptr || value->get().empty()) {
      fail(&item, key, Kind::not_texts);
    } else if (value->get().size() > max || !is_plain_text(value->get())) {
      fail(&item, key, Kind::text_bad);
    } else {
      out.push_back(value->get());
    }
  }
}

std::size_t Section::word(std::string_view key, std::span<const std::string_view> words, std::size_t otherwise) {
  const toml::node* const node = find(key);
  if (node == nullptr) return otherwise;
  const auto* const value = node->as_string();
  if (value != nullptr) {
    const auto found = std::find(words.begin(), words.end(), value->get());
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  }
  std::string all;
  for (const std::string_view one : words) all += (all.empty() ? "" : ", ") + std::string(one);
  const std::string_view near = value == nullptr ? std::string_view{} : nearest(value->get(), words);
  fail(node, key, near.empty() ? Kind::unknown_word : Kind::unknown_word_near, std::move(all), std::string(near));
  return otherwise;
}

const toml::array* Section::list(std::string_view key) {
  const toml::node* const node = find(key);
  if (node == nullptr) return nullptr;
  const toml::array* const array = node->as_array();
  if (array == nullptr || array->size() > kListMax) {
    fail(node, key, Kind::not_list);
    return nullptr;
  }
  return array;
}

const toml::table* Section::table(std::string_view key) {
  const toml::node* const node = find(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) fail(node, key, Kind::not_section);
  return node->as_table();
}

std::vector<const toml::table*> Section::sections(std::string_view key) {
  std::vector<const toml::table*> out;
  const toml::array* const items = list(key);
  if (items == nullptr) return out;
  for (const toml::node& item : *items) {
    if (item.is_table()) {
      out.push_back(item.as_table());
    } else {
      fail(&item, key, Kind::not_sections, std::string(key));
    }
  }
  return out;
}

void Section::refuse_unknown() {
  if (table_ == nullptr) return;
  for (const auto& [key, node] : *table_) {
    if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
    const std::string_view near = nearest(key.str(), known_);
    fail(&node, key.str(), near.empty() ? Kind::unknown_key : Kind::unknown_key_near, std::string(near));
  }
}

void Section::fail(const toml::node* node, std::string_view key, ProfileFaultKind kind, std::string first, std::string second) {
  ProfileFault fault;
  fault.key = path_ + std::string(is_plain_text(key) && key.size() <= 64 ? key : "(unreadable)");
  const bool placed = node != nullptr && node->source().begin.line > 0;
  fault.line = placed ? node->source().begin.line : table_ != nullptr ? table_->source().begin.line : 0;
  fault.kind = kind;
  fault.first = std::move(first);
  fault.second = std::move(second);
  faults_.add(std::move(fault));
}

}  // namespace satchel::core
