#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// How far the review can be trusted, and what it lets through. At the hub.

/// review.second-look: draws "share" percent (5) of the decided submissions that "by" has not decided, by the hash of "seed"
/// (drawn when it is not given) and the submission's id: the same seed draws the same again. "pictures" as in review.list. What
/// this seed's second reviewer has looked at is left out. satchel.second-look/1.
core::Result<Answer> draw_second_look(Node& node, const boost::json::object& arguments, const Progress& progress);
/// review.look: "students", "verdict" approve or reject with "reason", "by", "seed": the second reviewer's opinion, signed.
/// Nothing else changes. satchel.looked/1. kReasonUnknown, kUsage.
core::Result<Answer> note_second_look(Node& node, const boost::json::object& arguments, const Progress& progress);

/// report.disagreement: how often second looks differ from the verdict, with the interval of 95 % confidence, by reviewer; and
/// students on whom two reviewers decided at once. satchel.disagreement/1.
core::Result<Answer> report_disagreement(Node& node, const boost::json::object& arguments, const Progress& progress);
/// report.forecast: how many of the pictures that were handed on the national check will probably refuse. satchel.forecast/1.
core::Result<Answer> report_forecast(Node& node, const boost::json::object& arguments, const Progress& progress);
/// report.due: what is due when, in working days (the profile's, and "holidays": a file): reviews, the national check, proofing,
/// cases. satchel.due/1.
core::Result<Answer> report_due(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
