#include "node/operations.h"

#include <unistd.h>

#include <array>

#include "node/after_approval.h"
#include "node/campaign.h"
#include "node/code_check.h"
#include "node/desk.h"
#include "node/enrol.h"
#include "node/faces.h"
#include "node/foreign_codes.h"
#include "node/merge.h"
#include "node/national.h"
#include "node/reports.h"
#include "node/retakes.h"
#include "node/second_look.h"
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
    Operation{"hub.merge", Access::write, merge},
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
    Operation{"review.undo", Access::write, undo_review},
    Operation{"review.second-look", Access::write, draw_second_look},
    Operation{"review.look", Access::write, note_second_look},
    Operation{"retakes.list", Access::read, list_retakes},
    Operation{"retakes.show", Access::read, show_retake},
    Operation{"retakes.faces", Access::read, compare_faces},
    Operation{"national.import", Access::write, import_national},
    Operation{"cases.list", Access::read, list_cases},
    Operation{"cases.show", Access::read, show_case},
    Operation{"cases.step", Access::write, step_case},
    Operation{"cases.close", Access::write, close_case},
    Operation{"cases.pack", Access::write, pack_case},
    Operation{"export", Access::write, export_pictures},
    Operation{"papers", Access::write, make_paper},
    Operation{"proof.mark", Access::write, mark_proof},
    Operation{"proof.list", Access::read, list_proofs},
    Operation{"errata.open", Access::write, open_errata},
    Operation{"errata.close", Access::write, close_errata},
    Operation{"deliver", Access::write, deliver},
    Operation{"purge", Access::write, purge},
    Operation{"purge.certificate", Access::write, write_purge_certificate},
    Operation{"purge.verify", Access::read, verify_purge_certificate},
    Operation{"status", Access::read, status},
    Operation{"report.page", Access::read, report_page},
    Operation{"report.coverage", Access::read, report_coverage},
    Operation{"report.missing", Access::read, report_missing},
    Operation{"report.risk", Access::read, report_risk},
    Operation{"report.reasons", Access::read, report_reasons},
    Operation{"report.disagreement", Access::read, report_disagreement},
    Operation{"report.forecast", Access::read, report_forecast},
    Operation{"report.due", Access::read, report_due},
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
