#include "core/export/naming.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/base/utf8.h"

namespace satchel::core {
namespace {

constexpr std::size_t kNameMax = 200;  // bytes; FAT takes 255 UTF-16 units, and folders need room too
constexpr std::string_view kForbidden = "<>:\"/\\|?*";

std::string upper(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

/// Device names that Windows keeps for itself, with any ending.
bool reserved(std::string_view name) {
  const std::string stem = upper(name.substr(0, name.find('.')));
  constexpr std::array<std::string_view, 4> kDevices{"CON", "PRN", "AUX", "NUL"};
  if (std::find(kDevices.begin(), kDevices.end(), stem) != kDevices.end()) return true;
  const bool numbered = stem.size() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT"));
  return numbered && stem[3] >= '0' && stem[3] <= '9';
}

std::string safe(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || kForbidden.find(c) != std::string_view::npos ? '_' : c;
  return out;
}

/// The value of a field; empty when the subject has none.
std::string value_of(const ExportSubject& subject, std::string_view field) {
  if (field == "{id_number}") return safe(upper(subject.id_number));
  if (field == "{student_number}") return safe(subject.student_number);
  return subject.student.text();
}

/// The pattern filled in; empty when a field is empty or the result is no name.
std::string fill(const ExportSubject& subject, std::string_view pattern) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    out += safe(pattern.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find('}', open);
    if (close == std::string_view::npos) return {};
    const std::string value = value_of(subject, pattern.substr(open, close - open + 1));
    if (value.empty()) return {};
    out += value;
    pattern.remove_prefix(close + 1);
  }
  return fat_safe(out) ? out : std::string{};
}

}  // namespace

bool fat_safe(std::string_view name) noexcept {
  if (name.empty() || name.size() > kNameMax || !is_plain_text(name)) return false;
  if (name.find_first_of(kForbidden) != std::string_view::npos) return false;
  if (name.front() == ' ' || name.front() == '.' || name.back() == ' ' || name.back() == '.') return false;
  return !reserved(name);
}

std::string class_folder(std::string_view class_name) {
  std::string out = safe(class_name);
  while (!out.empty() && (out.back() == ' ' || out.back() == '.')) out.pop_back();
  return fat_safe(out) ? out : "未分班";
}

ExportNames plan_names(std::span<const ExportSubject> subjects, std::string_view pattern) {
  ExportNames out;
  std::map<std::string, std::vector<std::size_t>> who;  // by the name as FAT compares it
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    out.names.push_back(fill(subjects[i], pattern));
    if (out.names[i].empty()) {
      out.unnamed.push_back(i);
    } else {
      who[upper(out.names[i])].push_back(i);
    }
  }
  for (const auto& [name, subjects_of_name] : who) {
    if (subjects_of_name.size() < 2) continue;
    out.collisions.insert(out.collisions.end(), subjects_of_name.begin(), subjects_of_name.end());
  }
  std::sort(out.collisions.begin(), out.collisions.end());
  for (const std::size_t i : out.collisions) out.names[i].clear();
  return out;
}

}  // namespace satchel::core
