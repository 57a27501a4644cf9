#pragma once

#include <boost/json/object.hpp>

#include "core/campaign/punctual.h"
#include "core/store/store.h"

namespace satchel::node {

// At the hub: what ties the monotonic clock of a site's boot to our own wall clock (core/campaign/true_time.h). One row a boot.

/// A record of that moment by `author` has just come in.
core::Result<void> put_anchor(const core::Store& store, core::WriteBatch& batch, core::NodeNumber author,
                              const core::Moment& moment, core::WallMs now);
/// When a picture was taken, and whether in a window of its student's site. On a node that is no hub nothing ties the clocks, and
/// only the site's own is left.
struct WhenTaken {
  core::TrueTime between;
  core::Punctual judged;
};
core::Result<WhenTaken> when_taken(const core::Store& store, const core::StudentState& state, const core::Profile& profile,
                                   const core::CaptureSeen& capture);
/// Adds "taken" (by the clock of who took it), "taken_between": {"not_before": time or null, "not_after": time or null,
/// "clock_wrong": bool}, and "in_window": "in_time", "unclear" or "outside".
void tell_taken(boost::json::object& out, const core::CaptureSeen& capture, const WhenTaken& taken);

}  // namespace satchel::node
