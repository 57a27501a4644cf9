#pragma once

#include <cstdint>
#include <string>

#include "tests/lab/direction.h"

namespace satchel::lab {

/// What is told of a line beside the counts of its directions.
struct LineState {
  std::uint64_t seed = 0;
  std::uint64_t snapshot = 0;  ///< 0 is written once the line is ready, then one more each time
  Time elapsed{0};
  Time up{0};
  Time late_most{0};  ///< the worst delay that this machine added to a packet's arrival
  bool real_time = false;
  std::uint64_t undeliverable = 0;  ///< packets that a host did not take
};

/// One JSON document with a line's end.
std::string counters_json(const LineState& state, const DirectionCounts& up, const DirectionCounts& down);

/// Replaces the file at once, so that a reader sees one whole document. False when the file cannot be written.
bool replace_file(const std::string& path, const std::string& text);

}  // namespace satchel::lab
