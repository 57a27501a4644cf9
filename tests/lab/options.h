#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/lab/direction.h"

namespace satchel::lab {

/// What line_emulator is told.
struct Options {
  std::string site_space;
  std::string site_device;
  std::string hub_space;
  std::string hub_device;
  std::string counters;  ///< file
  DirectionShape up;     ///< site to hub
  DirectionShape down;   ///< hub to site
  Outages outages;
  std::uint64_t seed = 1;
};

/// Nullopt, and the reason on standard error, when the arguments make no line.
std::optional<Options> parse_options(int argc, char** argv);

/// All options, one a line.
const char* usage();

}  // namespace satchel::lab
