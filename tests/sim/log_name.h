#pragma once

#include <string>

#include "core/base/ids.h"

namespace satchel::tests {

inline std::string name_of(const core::LogId& log) {
  return std::string{core::lane_name(log.lane)} + " log of node " + std::to_string(log.author.node.value) + " (life " +
         std::to_string(log.author.incarnation.value % 10'000) + ") for " + std::to_string(log.audience.value);
}

}  // namespace satchel::tests
