#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/base/ids.h"
#include "core/base/rng.h"
#include "core/base/time.h"

namespace satchel::node {

/// Links that we keep open to nodes that the beacon found, beside the one to the hub: each costs memory on an old PC, and what
/// one neighbour has it passes on to the next.
inline constexpr std::size_t kFoundLinksMost = 8;

/// Whom of the nodes that the beacon finds we dial, and when again. Knows neither sockets nor clocks: the owner says what was
/// heard, which links stand and how late it is. Addresses that people type do not come here.
class Peers {
 public:
  /// `port`: where we take links; 0: nowhere, so that it is always us who dial.
  Peers(core::NodeNumber self, std::uint16_t port, core::Rng& rng) : self_(self), port_(port), rng_(&rng) {}

  struct Heard {
    core::NodeNumber node;
    std::string host;
    std::uint16_t port = 0;
    bool linked = false;  ///< a link to this node stands, whoever dialled and however it was found
  };
  enum class Reply {
    nothing,
    ask,     ///< call it back: we want to dial, once it has proved that it is there
    answer,  ///< let it know that we are there: it is the one that dials
  };
  /// Somebody called.
  Reply on_call(const Heard& heard, core::MonoMs now);
  /// Somebody proved that it is there. True: dial it now, and say dialled_out() when that is over.
  bool on_proof(const Heard& heard, core::MonoMs now);
  /// The link to `node` at `host`, or the try, is over. `met`: there was a meeting.
  void dialled_out(core::NodeNumber node, const std::string& host, bool met, core::MonoMs now);
  /// For a node that we dialled, while another link to it stands as well: true when ours is the one to close. Both sides ask this
  /// from time to time, and only one of two links goes.
  bool spare(core::NodeNumber node, bool other_is_ours, core::MonoMs now);

  std::size_t dialled() const { return dialled_.size(); }

 private:
  struct Place {
    int failures = 0;
    core::MonoMs not_before;
  };
  struct Known {
    core::MonoMs first_heard;  ///< without a link since then
    std::map<std::string, Place> places;
    std::optional<core::MonoMs> doubled_since;
  };
  Known& known(core::NodeNumber node, core::MonoMs now);
  bool would_dial(const Heard& heard, core::MonoMs now);
  std::int64_t jittered(std::int64_t ms);

  core::NodeNumber self_;
  std::uint16_t port_;
  core::Rng* rng_;
  std::map<core::NodeNumber, Known> known_;
  std::set<core::NodeNumber> dialled_;
};

}  // namespace satchel::node
