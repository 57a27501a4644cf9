#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace satchel::examples {

/// Draws students who do not exist: names from lists of syllables, ID numbers with the region code 999999, which GB/T 2260 gives
/// to no place, masked phones, and mail addresses under example.invalid (RFC 2606). The same seed and sites give the same people;
/// asking for more only adds some at the end.
struct RosterWish {
  std::uint64_t seed = 1;
  std::size_t students = 20;
  std::vector<std::string> sites;  ///< at least one; students are dealt out in turn
  int year = 2026;                 ///< of the month for which the roster is made: who is in the last term hangs on it
  int month = 6;                   ///< 1 to 12
};

/// A roster file: UTF-8 CSV with the header that `satchel roster import` takes. Every row is one that it accepts.
std::string make_roster(const RosterWish& wish);

}  // namespace satchel::examples
