#include "core/campaign/profile.h"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include "core/base/utf8.h"
#include "core/campaign/name_pattern.h"
#include "core/campaign/profile_keys.h"
#include "core/campaign/profile_parts.h"
#include "core/campaign/reasons.h"

namespace satchel::core {
namespace {

using Kind = ProfileFaultKind;

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

void read_background(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("background"), "background.", faults};
  if (const toml::array* const list = section.list("accepted")) {
    std::vector<Colour> colours;
    bool bad = false;
    for (const toml::node& item : *list) {
      const auto colour = to_colour(item);
      if (colour) {
        colours.push_back(*colour);
      } else {
        section.fail(&item, "accepted", Kind::not_colours);
        bad = true;
      }
    }
    if (colours.empty() && !bad) section.fail(list, "accepted", Kind::no_colour);
    if (!colours.empty()) out.backgrounds = std::move(colours);
  }
  section.yes_no("replace", out.replace_background);
  section.refuse_unknown();
}

void read_picture(Section& root, Profile& out, ProfileFaults& faults) {
  Section section{root.table("picture"), "picture.", faults};
  for (const PictureKey& key : picture_key_table()) {
    double value = 0;
    section.number(key.name, value, key.low, key.high, key.whole);
    if (section.has(key.name)) out.picture.emplace(key.name, value);
  }
  section.refuse_unknown();
  const auto low = out.picture.find("standard_bytes_min");
  const auto high = out.picture.find("standard_bytes_max");
  if (low != out.picture.end() && high != out.picture.end() && low->second > high->second) {
    section.fail(section.node("standard_bytes_min"), "standard_bytes_min", Kind::larger_than, "standard_bytes_max");
  }
}

void read_school(Section& root, Profile& out) {
  root.text("name", out.name, 200, true);
  root.text("school", out.school, 200, true);
  root.text("school_code", out.school_code, 5, true);
  root.text("school_type", out.school_type, 100);
  root.text("level", out.level, 100);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool five = out.school_code.size() == 5 && std::all_of(out.school_code.begin(), out.school_code.end(), digit);
  if (!five && !out.school_code.empty()) root.fail(root.node("school_code"), "school_code", Kind::five_digits);
}

Profile defaults() {
  Profile out;
  out.backgrounds = {{100, 197, 255}, {255, 255, 255}, {240, 240, 240}};
  for (const RejectReason& reason : all_reject_reasons()) out.reject_reasons.emplace_back(reason.code);
  return out;
}

Profile read_profile(const toml::table& table, ProfileFaults& faults) {
  Profile out = defaults();
  Section root{&table, "", faults};
  read_school(root, out);
  read_consent(root, out, faults);
  read_capture(root, out, faults);
  read_windows(root, out, faults);
  read_background(root, out, faults);
  read_clothes(root, out, faults);
  read_picture(root, out, faults);
  Section standard{root.table("standard"), "standard.", faults};
  standard.yes_no("full_chroma", out.full_chroma);
  standard.refuse_unknown();
  read_export(root, out, faults);
  read_fee(root, out, faults);
  read_review(root, out, faults);
  read_calendar(root, out, faults);
  read_study(root, out, faults);
  read_timetable(root, out, faults);
  read_retention(root, out, faults);
  root.refuse_unknown();
  return out;
}

}  // namespace

std::string_view step_name(Step step) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"collect", "school_review", "recollect", "makeup"};
  return kNames[static_cast<std::size_t>(step)];
}

ProfileLint lint_profile(std::string_view toml) {
  ProfileFaults faults;
  Profile profile;
  if (toml.size() > kProfileTextMax) {
    faults.add({0, "", Kind::too_long, std::to_string(kProfileTextMax), ""});
  } else if (!is_utf8(toml)) {
    faults.add({0, "", Kind::encoding, "", ""});
  } else {
    try {
      const toml::table table = toml::parse(toml);
      profile = read_profile(table, faults);
    } catch (const toml::parse_error& wrong) {
      const std::string_view said = wrong.description();
      faults.add({wrong.source().begin.line, "", Kind::syntax, is_plain_text(said) ? std::string(said) : "TOML", ""});
    }
  }
  return {std::move(profile), std::move(faults).take()};
}

Result<Profile> parse_profile(std::string_view toml) {
  ProfileLint lint = lint_profile(toml);
  if (lint.faults.empty()) return std::move(lint.profile);
  const std::string more = lint.faults.size() > 1 ? " (the first of " + std::to_string(lint.faults.size()) + ")" : "";
  return Error{Code::kProfileBad, fault_detail(lint.faults.front()) + more};
}

namespace {

using Settings = std::map<std::string, std::string, std::less<>>;

void flatten(const toml::node& node, const std::string& key, Settings& out);

void flatten(const toml::table& table, const std::string& path, Settings& out) {
  for (const auto& [key, node] : table) flatten(node, path.empty() ? std::string(key) : path + "." + std::string(key), out);
}

void flatten(const toml::node& node, const std::string& key, Settings& out) {
  if (const toml::table* const table = node.as_table()) return flatten(*table, key, out);
  const toml::array* const array = node.as_array();
  if (array != nullptr && array->is_array_of_tables()) {
    std::size_t place = 0;
    for (const toml::node& item : *array) flatten(item, key + "[" + std::to_string(++place) + "]", out);
    return;
  }
  std::ostringstream text;
  node.visit([&](const auto& value) { text << value; });
  out[key] = text.str();
}

Settings settings_of(std::string_view toml) {
  Settings out;
  try {
    flatten(toml::parse(toml), "", out);
  } catch (const toml::parse_error&) {
    return {};  // said so in the contract
  }
  return out;
}

}  // namespace

std::vector<ProfileChange> compare_profiles(std::string_view before, std::string_view after) {
  const Settings old = settings_of(before);
  Settings now = settings_of(after);
  std::vector<ProfileChange> out;
  for (const auto& [key, text] : old) {
    const auto found = now.find(key);
    if (found == now.end()) {
      out.push_back({key, text, ""});
    } else {
      if (found->second != text) out.push_back({key, text, found->second});
      now.erase(found);
    }
  }
  for (const auto& [key, text] : now) out.push_back({key, "", text});
  std::sort(out.begin(), out.end(), [](const ProfileChange& a, const ProfileChange& b) { return a.key < b.key; });
  return out;
}

}  // namespace satchel::core
