#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// code.check {dir, csv}: all pictures of codes in a folder, as students sent them, the evening before: which are usable, which
/// are not, why, and the cure; several of one student; and who of the students here still lacks a usable code. Two pictures are
/// in memory at a time.
core::Result<Answer> check_codes(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
