#pragma once

#include <optional>

namespace satchel::core::portrait {

struct Patch;

/// How clearly a line crosses the bridge of the nose from side to side, as a frame does and skin does not: the step at its edges
/// as a share of the strip's brightness, less what the strip has of steps anyway; 0 when nothing stands out. Nullopt when the
/// strip between the eyes is not in the picture.
std::optional<double> bridge_line(const Patch& patch);

}  // namespace satchel::core::portrait
