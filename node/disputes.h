#pragma once

#include <boost/json/object.hpp>

#include "core/campaign/disputes.h"
#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// Two reviewers who decided differently on one submission (core/campaign/disputes.h), as the conflicts of kind "reviewers".

/// Adds what the dispute is to a conflict's document: "submission", "candidates" with "word", "by" and "decided", "proposal",
/// "reason" and "doubts", which is empty when a third person has looked.
void tell_dispute(boost::json::object& out, const core::Dispute& dispute);

/// Takes the decision `wanted` (its word; empty: the proposal) and gives it: all that was said of the submission is undone, and
/// said anew once, in one turn. `by`: who settles it; an empty `note` keeps the decision's own. kChoiceNeeded,
/// kSubmissionUnknown (no such word), kAlreadyApproved (a rejection of what was exported), kPictureNotHere (an approval).
core::Result<std::string> settle_dispute(Node& node, Enrolled& all, const core::StudentState& state, const core::Dispute& dispute,
                                         const std::string& wanted, const std::string& by, const std::string& note);

}  // namespace satchel::node
