#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// The hub's desk: roster, codes, review, export. Operations of the table (operations.h); arguments and answers are documented
// there.

core::Result<Answer> import_roster(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> issue_codes(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> list_reviews(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> approve(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> reject(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> export_pictures(Node& node, const boost::json::object& arguments, const Progress& progress);

/// Calls `visit` for each student's whole state, opened, in order of reference. Stops at the first error.
core::Result<void> each_student(Node& node, const Enrolled& all,
                                const std::function<core::Result<void>(const core::StudentState&)>& visit);

}  // namespace satchel::node
