#include "core/campaign/proportion.h"

#include <algorithm>
#include <cmath>

namespace satchel::core {

Proportion proportion(std::size_t hits, std::size_t of) {
  Proportion out{hits, of, 0, 0, 1};
  if (of == 0) return out;
  constexpr double kZ = 1.959964;  // 95 %, two-sided
  const auto n = static_cast<double>(of);
  const double share = static_cast<double>(hits) / n;
  const double spread = kZ * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  const double middle = share + kZ * kZ / (2 * n);
  const double scale = 1 + kZ * kZ / n;
  out.share = share;
  out.low = std::max(0.0, (middle - spread) / scale);
  out.high = std::min(1.0, (middle + spread) / scale);
  return out;
}

}  // namespace satchel::core
