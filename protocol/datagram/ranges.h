#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

namespace satchel::protocol {

/// Numbers from `from` up to, and without, `to`.
struct Range {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  bool operator==(const Range&) const = default;
  std::uint64_t size() const noexcept { return to - from; }
};

/// A set of whole numbers as ranges that neither touch nor overlap.
class Ranges {
 public:
  void add(Range range);
  void remove(Range range);
  bool contains(std::uint64_t number) const;
  /// The part of `range` that is not in the set and lies first; nullopt when all of it is.
  std::optional<Range> first_missing(Range range) const;
  bool empty() const noexcept { return by_start_.empty(); }
  std::size_t count() const noexcept { return by_start_.size(); }
  Range first() const;
  Range last() const;
  /// Everything below goes.
  void drop_below(std::uint64_t number) { remove({0, number}); }
  const std::map<std::uint64_t, std::uint64_t>& by_start() const noexcept { return by_start_; }

 private:
  std::map<std::uint64_t, std::uint64_t> by_start_;  ///< start to end
};

}  // namespace satchel::protocol
