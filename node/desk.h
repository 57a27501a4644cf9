#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// The hub's desk: roster, codes, review, export. Operations of the table (operations.h); arguments and answers are documented
// there.

core::Result<Answer> import_roster(Node& node, const boost::json::object& arguments, const Progress& progress);
/// roster.mark: sets "exempt", "retake" or "none" for the students of a list.
core::Result<Answer> mark_roster(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> list_conflicts(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> show_conflict(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> resolve_conflict(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> issue_codes(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> list_reviews(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> approve(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> reject(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> unlock(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> export_pictures(Node& node, const boost::json::object& arguments, const Progress& progress);

/// Calls `visit` for each student's whole state, opened, in order of reference. Stops at the first error.
core::Result<void> each_student(Node& node, const Enrolled& all,
                                const std::function<core::Result<void>(const core::StudentState&)>& visit);

/// A new node takes the place of revoked ones: the rows of their students, and the verdicts on them, are stated for it. Gives how
/// many students it was. Durable when it returns; done again after a kill it only says the same again.
core::Result<std::size_t> hand_over_students(Node& node, Enrolled& all, const std::vector<core::NodeNumber>& from,
                                             core::NodeNumber to);

}  // namespace satchel::node
