#pragma once

#include <vector>

namespace satchel::core::portrait {

/// The value below which a share of the others lies: 0.5 is the middle, 0 the least, 1 the most; the nearest that there is, none
/// in between. `values` must not be empty and comes back in another order.
double quantile(std::vector<float>& values, double share);
/// The middle one; of an even number the upper of both.
double median(std::vector<float>& values);

}  // namespace satchel::core::portrait
