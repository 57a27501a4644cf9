#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/record/frontier.h"
#include "protocol/limits.h"

/// To whom a bundle for the hub is handed on its way there: protocol/SPEC.md, "The way to the hub". Whatever a neighbour says of
/// itself here is believed only so far that it may delay, never prevent.
namespace satchel::protocol {

/// What a node says of itself as a way to the hub. One byte on the wire.
struct Way {
  std::uint8_t hops = kHopsUnknown;  ///< 0 at the hub, 1 at who meets the hub itself; kHopsUnknown: never heard of it
  std::uint8_t full = 0;             ///< bit n: has no room for others' bundles of lane n

  bool takes(core::Lane lane) const { return (full >> core::lane_index(lane) & 1U) == 0; }
  bool operator==(const Way&) const = default;
};
std::uint8_t encode(const Way& way);
Way decode_way(std::uint8_t byte);

/// How far we are from the hub ourselves. One row of the store, written with the receipt that it follows from.
struct Standing {
  std::uint8_t hops = kHopsUnknown;
  /// So many newer receipts may yet come by others before we, who met the hub ourselves, count as those who live by hearsay.
  std::uint8_t direct = 0;
  std::uint64_t meetings = 0;  ///< of any kind, that there were
  std::uint64_t news = 0;      ///< newer receipts taken since there is this database
  /// The shelf's arrival counter at every kNewsEpoch-th of them, newest first; 0: not that many yet.
  std::array<std::uint64_t, kNewsEpochs> epochs{};

  void met_hub();
  /// A newer receipt has come from one that is so far away.
  void heard_from(std::uint8_t hops_of_peer);
  /// One that has the very receipt that we have is so far away.
  void beside(std::uint8_t hops_of_peer);
  void count_news(std::uint64_t arrivals);
  /// How often kNewsEpoch newer receipts have come since the bundle with this arrival is here.
  unsigned epochs_since(std::uint64_t arrival) const;
  bool operator==(const Standing&) const = default;
};
core::Bytes encode(const Standing& standing);
/// kStoreDamaged.
core::Result<Standing> decode_standing(core::ByteView bytes);

/// What we know of a node that we have met. One row of the store a node; losing it costs transfers and nothing else.
struct Neighbour {
  std::uint8_t hops = kHopsUnknown;  ///< as it said last
  /// Our arrival counter at the last meetings with it, newest first.
  std::array<std::uint64_t, kPatienceMost> meetings{};
  std::uint64_t turn = 0;             ///< which of all our meetings the last one with it was …
  std::uint64_t gap = 0;              ///< … and how many the one before it lay back; 0: there was none
  std::set<core::NodeNumber> brings;  ///< authors of whom it has brought us something: what is for them may go back by it
  core::Frontier holds;               ///< uplink logs that lie here, too: how far it has said, or confirmed, that it holds them
  bool operator==(const Neighbour&) const = default;
};
core::Bytes encode(const Neighbour& neighbour);
/// kStoreDamaged.
core::Result<Neighbour> decode_neighbour(core::ByteView bytes);

/// What is handed of one uplink log to one peer that is not the hub.
class Handing {
 public:
  /// Everything, whatever it is.
  static Handing all() { return {}; }

  bool gives(core::Seq seq, std::uint64_t arrival) const;

 private:
  friend class Shelf;
  bool all_ = true;
  bool wanted_ = false;              ///< the peer is a step on the way
  unsigned copies_ = 0;              ///< that may lie elsewhere before this one waits
  std::vector<core::Seq> held_;      ///< up to where each neighbour that counts holds the log
  std::uint64_t patient_until_ = 0;  ///< what came up to here has waited through enough meetings with this peer
  const Standing* standing_ = nullptr;
};

}  // namespace satchel::protocol
