#pragma once

#include <boost/json/object.hpp>

#include "core/campaign/true_time.h"
#include "core/store/store.h"

namespace satchel::node {

// At the hub: what ties the monotonic clock of a site's boot to our own wall clock (core/campaign/true_time.h). One row a boot.

/// A record of that moment by `author` has just come in.
core::Result<void> put_anchor(const core::Store& store, core::WriteBatch& batch, core::NodeNumber author,
                              const core::Moment& moment, core::WallMs now);
/// Between when and when this capture was taken.
core::Result<core::TrueTime> true_time_of(const core::Store& store, const core::StudentState& state,
                                          const core::CaptureSeen& capture);
/// {"not_before": time or null, "not_after": time or null, "clock_wrong": bool}
boost::json::object true_time_document(const core::TrueTime& time);

}  // namespace satchel::node
