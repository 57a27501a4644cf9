#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace satchel::core {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  auto operator<=>(const Colour&) const = default;
};

/// A span of days in which a group of sites collects. A picture captured inside it is accepted whenever it arrives; a clock never
/// refuses anything, so this is for people and reports.
struct Window {
  std::string group;  ///< "campus", "teaching points"; free text
  WallMs from;
  WallMs until;
  bool operator==(const Window&) const = default;
};

/// The rules of one collection round, as its notice sets them. Everything on which notices disagree stands here and nowhere in
/// code. examples/profiles/default.toml names each key, its default and its source.
struct Profile {
  std::string name;         ///< of the campaign, for people
  std::string school;       ///< stamped on each export row, like the next three
  std::string school_code;  ///< five digits ("10403")
  std::string school_type;
  std::string level;  ///< 学历层次 when all students share one; else empty

  int attempts_max = 10;    ///< captures that one student may have judged, over all sites
  int draft_capacity = 10;  ///< usable drafts that block further shooting

  std::vector<Window> windows;      ///< may be empty: always open
  std::vector<Colour> backgrounds;  ///< accepted grounds, at least one
  /// Standard pictures get the first of `backgrounds` as their ground; the original stays as it is. Off unless the notice asks.
  bool replace_background = false;
  bool full_chroma = false;  ///< standard pictures keep colour at full resolution (4:4:4) instead of halved (4:2:0)

  /// Limits of the picture that this campaign sets, by the names of the members of core/portrait/limits.h ("eye_height_pass",
  /// "dpi"); what is not here keeps the default there. Whole-number members have whole values.
  std::map<std::string, double> picture;

  std::string export_name = "{id_number}.jpg";  ///< pattern: core/campaign/name_pattern.h
  int export_width = 120;
  int export_height = 160;

  std::vector<std::string> reject_reasons;  ///< codes of core/campaign/reasons.h that reviewers may choose; at least one
};

/// Reads a profile in TOML (version 1.0). kProfileBad for text that is no TOML, an unknown key (with the nearest known one), a
/// wrong type, a value out of range, or a missing required key (name, school, school_code); the detail has line and key.
Result<Profile> parse_profile(std::string_view toml);

/// Every key that the section [picture] may hold, sorted.
std::vector<std::string_view> picture_keys();

}  // namespace satchel::core
