#include "node/operations.h"

#include <unistd.h>

#include <array>

#include "node/campaign.h"
#include "node/code_check.h"
#include "node/desk.h"
#include "node/enrol.h"
#include "node/foreign_codes.h"
#include "node/reports.h"
#include "node/station.h"
#include "node/status.h"
#include "node/sticks.h"
#include "node/timetable.h"
#include "node/trust.h"

namespace satchel::node {
namespace {

core::Result<Answer> ping(Node&, const boost::json::object&, const Progress&) {
  Answer answer;
  answer.body["schema"] = "satchel.ping/1";
  answer.body["pid"] = static_cast<std::int64_t>(::getpid());
  return answer;
}

constexpr std::array kOperations{
    Operation{"hub.enroll", Access::write, enroll},
    Operation{"hub.revoke", Access::write, revoke},
    Operation{"quarantine.list", Access::read, list_quarantine},
    Operation{"quarantine.release", Access::write, release_quarantine},
    Operation{"campaign.show", Access::read, show_campaign},
    Operation{"campaign.sign", Access::write, sign_campaign},
    Operation{"roster.import", Access::write, import_roster},
    Operation{"roster.mark", Access::write, mark_roster},
    Operation{"timetable.import", Access::write, import_timetable},
    Operation{"timetable.show", Access::read, show_timetable},
    Operation{"queue", Access::read, show_queue},
    Operation{"conflicts.list", Access::read, list_conflicts},
    Operation{"conflicts.show", Access::write, show_conflict},
    Operation{"conflicts.resolve", Access::write, resolve_conflict},
    Operation{"code.issue", Access::write, issue_codes},
    Operation{"code.scan", Access::write, scan_codes},
    Operation{"code.revoke", Access::write, revoke_codes},
    Operation{"code.check", Access::write, check_codes},
    Operation{"code.match", Access::write, match_code},
    Operation{"code.foreign", Access::read, list_foreign},
    Operation{"code.resolve", Access::write, resolve_foreign},
    Operation{"capture", Access::write, capture},
    Operation{"drafts", Access::write, list_drafts},
    Operation{"submit", Access::write, submit},
    Operation{"discard", Access::write, discard},
    Operation{"withdraw", Access::write, withdraw},
    Operation{"stick.write", Access::write, write_to_stick},
    Operation{"stick.read", Access::write, read_from_stick},
    Operation{"review.list", Access::write, list_reviews},
    Operation{"review.approve", Access::write, approve},
    Operation{"review.reject", Access::write, reject},
    Operation{"review.unlock", Access::write, unlock},
    Operation{"export", Access::write, export_pictures},
    Operation{"status", Access::read, status},
    Operation{"report.coverage", Access::read, report_coverage},
    Operation{"report.missing", Access::read, report_missing},
    Operation{"report.risk", Access::read, report_risk},
    Operation{"report.reasons", Access::read, report_reasons},
    Operation{"log.verify", Access::write, verify_all},
    Operation{"ping", Access::write, ping},
};

}  // namespace

std::span<const Operation> operations() { return kOperations; }

const Operation* find_operation(std::string_view name) {
  for (const Operation& operation : kOperations) {
    if (operation.name == name) return &operation;
  }
  return nullptr;
}

}  // namespace satchel::node
