#include "tests/lab/weather.h"

#include <algorithm>

#include "tests/lab/chance.h"

namespace satchel::lab {

namespace {

/// A stretch has a length, so that extend_beyond() gets on.
constexpr Time kShortest = std::chrono::milliseconds(1);

}  // namespace

Time Weather::draw(Time mean) {
  if (!outages_.random) return std::max(mean, kShortest);
  return std::max(Time{static_cast<std::int64_t>(exponential(rng_, static_cast<double>(mean.count())))}, kShortest);
}

void Weather::extend_beyond(Time t) {
  while (begins_.back() <= t) {
    const bool up = begins_.size() % 2 == 1;
    begins_.push_back(begins_.back() + draw(up ? outages_.up : outages_.down));
  }
}

std::size_t Weather::stretch(Time t) {
  if (outages_.up == Time{0}) return 0;
  extend_beyond(t);
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), t);
  return static_cast<std::size_t>(after - begins_.begin()) - 1;
}

Time Weather::next_down(Time t) {
  if (outages_.up == Time{0}) return Time::max();
  const std::size_t now = stretch(t);
  return now % 2 == 1 ? t : begins_[now + 1];
}

Time Weather::up_time(Time until) {
  if (outages_.up == Time{0}) return until;
  const std::size_t last = stretch(until);
  Time sum{0};
  for (std::size_t i = 0; i <= last; i += 2) sum += std::min(begins_[i + 1], until) - begins_[i];
  return sum;
}

}  // namespace satchel::lab
