#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// Who, where, how far, provable. "stored_at_hub" and "opened_at_hub" count what the hub's signed receipt covers, and nothing
/// else. The numbers are a funnel: who is submitted is also drafted, who is approved is also opened at the hub.
core::Result<Answer> status(Node& node, const boost::json::object& arguments, const Progress& progress);

/// Walks every bundle, record and blob: signatures, chains, hashes. Exit 9 when something does not fit.
core::Result<Answer> verify_all(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
