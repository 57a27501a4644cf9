#include "protocol/datagram/ranges.h"

#include <algorithm>
#include <iterator>

#include "core/base/check.h"

namespace satchel::protocol {

void Ranges::add(Range range) {
  if (range.from >= range.to) return;
  auto next = by_start_.upper_bound(range.from);
  if (next != by_start_.begin()) {
    const auto before = std::prev(next);
    if (before->second >= range.from) {
      range.from = before->first;
      range.to = std::max(range.to, before->second);
      next = by_start_.erase(before);
    }
  }
  while (next != by_start_.end() && next->first <= range.to) {
    range.to = std::max(range.to, next->second);
    next = by_start_.erase(next);
  }
  by_start_.emplace_hint(next, range.from, range.to);
}

void Ranges::remove(Range range) {
  if (range.from >= range.to) return;
  auto at = by_start_.upper_bound(range.from);
  if (at != by_start_.begin()) {
    const auto before = std::prev(at);
    const std::uint64_t end = before->second;
    if (end > range.from) {
      if (before->first == range.from) {
        by_start_.erase(before);
      } else {
        before->second = range.from;
      }
      if (end > range.to) {
        by_start_.emplace(range.to, end);
        return;
      }
    }
  }
  while (at != by_start_.end() && at->first < range.to) {
    const std::uint64_t end = at->second;
    at = by_start_.erase(at);
    if (end > range.to) {
      by_start_.emplace_hint(at, range.to, end);
      return;
    }
  }
}

bool Ranges::contains(std::uint64_t number) const {
  const auto after = by_start_.upper_bound(number);
  return after != by_start_.begin() && std::prev(after)->second > number;
}

std::optional<Range> Ranges::first_missing(Range range) const {
  auto after = by_start_.upper_bound(range.from);
  if (after != by_start_.begin()) range.from = std::max(range.from, std::prev(after)->second);
  if (range.from >= range.to) return std::nullopt;
  if (after != by_start_.end()) range.to = std::min(range.to, after->first);
  return range;
}

Range Ranges::first() const {
  SATCHEL_CHECK(!empty());
  return {by_start_.begin()->first, by_start_.begin()->second};
}

Range Ranges::last() const {
  SATCHEL_CHECK(!empty());
  return {by_start_.rbegin()->first, by_start_.rbegin()->second};
}

}  // namespace satchel::protocol
