#pragma once

#include <boost/json/object.hpp>

#include "core/campaign/profile.h"
#include "core/portrait/crop.h"

namespace satchel::node {

/// How the campaign wants its standard pictures made.
core::portrait::StandardOptions standard_options(const core::Profile& profile);

/// What became of the ground, as the "ground" of an answer: "replaced", "code", the numbers, and the words in both languages.
boost::json::object ground_document(const core::portrait::Replacement& replacement);

}  // namespace satchel::node
