#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/record/facts.h"

namespace satchel::node {

/// What the operator says to have looked at, in the order of portrait::operator_checklist(). The argument "checked" is "all" or
/// codes joined by commas ("C-HAIR,C-PERSON"); without it nothing is said. kUsage for a code that is none of the list's.
core::Result<std::vector<std::string>> looked_at_argument(const boost::json::object& arguments);

/// Adds "looked_at" (codes) and "not_looked_at" (code, zh, en).
void tell_looked_at(boost::json::object& out, const std::vector<std::string>& looked_at);

}  // namespace satchel::node
