#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>

namespace satchel::tests {

/// Whole kinds of trouble: a seed switches each on or off.
enum class Fault : std::uint8_t {
  cuts,          ///< connections end in the middle of anything
  partitions,    ///< a line is away for a while
  one_way,       ///< … or one direction of it is
  clogs,         ///< a line carries next to nothing for a while
  datagrams,     ///< some lines carry datagrams: loss to 30 %, doubled, late, forged; the rest is a perfect stream
  power,         ///< power cuts: what was not synced goes, any suffix of it
  full_disks,    ///< commits and files fail for a while; little room for others
  sleeps,        ///< the clock of a machine leaps ahead
  wrong_dates,   ///< wall clocks leap by up to a century, both ways
  clones,        ///< two computers go on from one disk
  restores,      ///< an older copy of a disk comes back at a site or a relay
  hub_restore,   ///< an older copy of the hub's database comes back, from a backup
  sticks,        ///< USB sticks travel
  bad_sticks,    ///< … are pulled at any byte, flip bytes, hold less than they say, are copied, fill up
  mule,          ///< a computer that meets one node after another
  strangers,     ///< nodes know the hub alone and hear of each other on the way
  revocation,    ///< the hub takes back its trust in a site
  hostile,       ///< enrolled relays that lie
  meddling,      ///< somebody on a line changes bytes
  originals,     ///< large pictures travel too
  hub_rollback,  ///< an older copy of the hub's whole machine comes back, with what it keeps outside its database
};
inline constexpr std::size_t kFaults = 21;

inline constexpr std::array<std::string_view, kFaults> kFaultNames{
    "cuts",   "partitions",  "one-way",    "clogs",    "datagrams",   "power",     "full-disks",
    "sleeps", "wrong-dates", "clones",     "restores", "hub-restore", "sticks",    "bad-sticks",
    "mule",   "strangers",   "revocation", "hostile",  "meddling",    "originals", "hub-rollback"};

class Faults {
 public:
  bool has(Fault fault) const { return set_.contains(fault); }
  void add(Fault fault) { set_.insert(fault); }
  const std::set<Fault>& all() const { return set_; }
  std::string text() const {
    std::string out;
    for (const Fault fault : set_) out += (out.empty() ? "" : ",") + std::string{kFaultNames[static_cast<std::size_t>(fault)]};
    return out;
  }
  /// Names divided by commas; unknown ones end in `unknown`.
  static Faults parse(std::string_view names, std::string& unknown) {
    Faults out;
    while (!names.empty()) {
      const std::size_t comma = std::min(names.find(','), names.size());
      const std::string_view name = names.substr(0, comma);
      names.remove_prefix(std::min(comma + 1, names.size()));
      bool found = false;
      for (std::size_t i = 0; i < kFaults; ++i) {
        if (kFaultNames[i] != name) continue;
        out.add(static_cast<Fault>(i));
        found = true;
      }
      if (!found) unknown = name;
    }
    return out;
  }

 private:
  std::set<Fault> set_;
};

}  // namespace satchel::tests
