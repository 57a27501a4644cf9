#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// What the hub decides about nodes it no longer trusts, and about what was set aside. Operations of the table (operations.h).

/// hub.revoke {site, last_trusted?: ["now" | "none" | "LANE:SEQ" | "LIFE/LANE:SEQ" …], reason?}: no bundle of that node above the
/// positions counts any more, here and, once they hear of it, with everybody. What is here already above them is set aside.
/// kSiteUnknown, kUsage.
core::Result<Answer> revoke(Node& node, const boost::json::object& arguments, const Progress& progress);

/// quarantine.list: what was set aside here, with its cause and, where it can be opened, with what it says.
core::Result<Answer> list_quarantine(Node& node, const boost::json::object& arguments, const Progress& progress);
/// quarantine.release {bundles: [ID …]}: a person has looked at it: it is opened and counts from now on. kUsage.
core::Result<Answer> release_quarantine(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
