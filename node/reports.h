#pragma once

#include <boost/json/array.hpp>
#include <map>
#include <string>

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// What a campaign's office asks: answered from what lies here, so on a laptop that was never online as well. At the hub of all
// sites, at a site of its own students.

using CodeCounts = std::map<std::string, std::size_t>;
/// The most frequent first, each with the share that it and those before it make up: "code", "count", "share".
boost::json::array pareto(const CodeCounts& tally);

/// report.coverage: how far each site and each class is, stage by stage, with the age of each site's news (when something of it
/// was last opened here, by this node's clock).
core::Result<Answer> report_coverage(Node& node, const boost::json::object& arguments, const Progress& progress);
/// report.missing: who has no picture submitted, by class, names masked; of one "site" or "class" if named.
core::Result<Answer> report_missing(Node& node, const boost::json::object& arguments, const Progress& progress);
/// report.risk: sites by how near their last day is and how many last-term students they lack; and those students.
core::Result<Answer> report_risk(Node& node, const boost::json::object& arguments, const Progress& progress);
/// report.reasons: why checks failed and why reviewers sent pictures back, by station, the most frequent first, with the share
/// that the first ones make up together.
core::Result<Answer> report_reasons(Node& node, const boost::json::object& arguments, const Progress& progress);
/// report.page: sizes, stages, sites, who is missing, why pictures failed, and what waits for a person, short enough to print.
core::Result<Answer> report_page(Node& node, const boost::json::object& arguments, const Progress& progress);

}  // namespace satchel::node
