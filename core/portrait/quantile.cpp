#include "core/portrait/quantile.h"

#include <algorithm>

#include "core/base/check.h"

namespace satchel::core::portrait {

double quantile(std::vector<float>& values, double share) {
  SATCHEL_CHECK(!values.empty());
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * last + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at);
}

double median(std::vector<float>& values) {
  SATCHEL_CHECK(!values.empty());
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return static_cast<double>(*middle);
}

}  // namespace satchel::core::portrait
