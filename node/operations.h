#pragma once

#include <span>
#include <string_view>

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// How an operation uses the database: decides whether a command may open it for reading only, and so start faster.
enum class Access { read, write };

/// One line of the one table of operations: the local socket, and whatever pages come later, offer exactly these, and the command
/// line speaks through them. Arguments and answers are JSON; paths are absolute, on this machine.
struct Operation {
  std::string_view name;
  Access access;
  core::Result<Answer> (*run)(Node&, const boost::json::object& arguments, const Progress&);
};

/// hub.enroll, hub.merge, hub.revoke, campaign.show, campaign.sign, quarantine.list, quarantine.release, roster.import,
/// roster.mark, timetable.import, timetable.show, queue, conflicts.list, conflicts.show, conflicts.resolve, code.issue,
/// code.scan, code.revoke, code.check, code.match, code.foreign, code.resolve, capture, drafts, submit, discard, withdraw,
/// stick.write, stick.read, review.list, review.approve, review.reject, review.unlock, review.undo, review.second-look,
/// review.look, retakes.list, retakes.show, retakes.faces, national.import, cases.list, cases.show, cases.step, cases.close,
/// cases.pack, export, papers, proof.mark, proof.list, errata.open, errata.close, deliver, purge, purge.certificate,
/// purge.verify, status, report.page, report.coverage, report.missing, report.risk, report.reasons, report.disagreement,
/// report.forecast, report.due, log.verify, ping. Meetings (sync) need the network's event loop: node/exchange.h.
std::span<const Operation> operations();
const Operation* find_operation(std::string_view name);

// What works without a home, or makes one.
core::Result<Answer> init_hub(const Surroundings& surroundings, const std::string& home, const boost::json::object& arguments);
core::Result<Answer> init_site(const Surroundings& surroundings, const std::string& home, const boost::json::object& arguments);
core::Result<Answer> join(const Surroundings& surroundings, const std::string& home, const boost::json::object& arguments);

}  // namespace satchel::node
