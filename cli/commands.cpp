#include "cli/commands.h"

#include <array>

#include "cli/commands_desk.h"
#include "cli/commands_papers.h"

namespace satchel::cli {
namespace {

constexpr bool kNeeded = true;
constexpr bool kOptional = false;

constexpr std::array kHubInit{
    Parameter{Kind::path, "--profile", "FILE", "profile", kNeeded, Phrase::option_profile},
    Parameter{Kind::text, "--name", "NAME", "name", kOptional, Phrase::option_campaign_name},
};
constexpr std::array kHubEnroll{
    Parameter{Kind::path, "REQUEST", "", "request", kNeeded, Phrase::option_request},
    Parameter{Kind::path, "--out", "CARD", "out", kNeeded, Phrase::option_card_out},
};
constexpr std::array kRevoke{
    Parameter{Kind::text, "SITE", "", "site", kNeeded, Phrase::option_revoke_site},
    Parameter{Kind::texts, "--last-trusted", "POSITION", "last_trusted", kOptional, Phrase::option_last_trusted},
    Parameter{Kind::text, "--reason", "TEXT", "reason", kOptional, Phrase::option_revoke_reason},
};
constexpr std::array kRelease{
    Parameter{Kind::texts, "ID", "", "bundles", kNeeded, Phrase::option_quarantined},
};
constexpr std::array kSiteInit{
    Parameter{Kind::text, "--name", "NAME", "name", kNeeded, Phrase::option_node_name},
    Parameter{Kind::path, "--out", "REQUEST", "out", kNeeded, Phrase::option_request_out},
    Parameter{Kind::flag, "--relay", "", "relay", kOptional, Phrase::option_relay},
};
constexpr std::array kJoin{
    Parameter{Kind::path, "CARD", "", "card", kNeeded, Phrase::option_card},
};
constexpr std::array kCampaignLint{
    // As typed: the answer repeats them.
    Parameter{Kind::texts, "FILE", "", "files", kNeeded, Phrase::option_profiles},
};
constexpr std::array kCampaignSign{
    Parameter{Kind::path, "FILE", "", "file", kNeeded, Phrase::option_profile},
    Parameter{Kind::flag, "--dry-run", "", "dry_run", kOptional, Phrase::option_dry_run},
};
constexpr std::array kRosterImport{
    Parameter{Kind::path, "FILE", "", "file", kNeeded, Phrase::option_roster},
    Parameter{Kind::flag, "--delist", "", "delist", kOptional, Phrase::option_delist},
    Parameter{Kind::flag, "--dry-run", "", "dry_run", kOptional, Phrase::option_dry_run},
};
constexpr std::array kTimetableImport{
    Parameter{Kind::path, "FILE", "", "file", kNeeded, Phrase::option_timetable},
    Parameter{Kind::flag, "--dry-run", "", "dry_run", kOptional, Phrase::option_dry_run},
};
constexpr std::array kTimetableShow{
    Parameter{Kind::text, "--room", "NAME", "room", kOptional, Phrase::option_room},
    Parameter{Kind::text, "--class", "NAME", "class", kOptional, Phrase::option_class_filter},
};
constexpr std::array kQueue{
    Parameter{Kind::text, "--room", "NAME", "room", kOptional, Phrase::option_room},
    Parameter{Kind::flag, "--recollect", "", "recollect", kOptional, Phrase::option_recollect},
    Parameter{Kind::text, "--limit", "N", "limit", kOptional, Phrase::option_limit},
};
constexpr std::array kRosterMark{
    Parameter{Kind::path, "FILE", "", "file", kNeeded, Phrase::option_number_list},
    Parameter{Kind::text, "--as", "exempt|retake|none", "as", kNeeded, Phrase::option_mark},
    Parameter{Kind::flag, "--dry-run", "", "dry_run", kOptional, Phrase::option_dry_run},
};
constexpr std::array kConflictsShow{
    Parameter{Kind::text, "STUDENT", "", "student", kNeeded, Phrase::option_student},
    Parameter{Kind::path, "--pictures", "DIR", "pictures", kOptional, Phrase::option_conflict_pictures},
};
constexpr std::array kConflictsResolve{
    Parameter{Kind::texts, "REF", "", "students", kNeeded, Phrase::option_students},
    Parameter{Kind::text, "--choose", "CHOICE", "choose", kOptional, Phrase::option_choose},
    Parameter{Kind::text, "--note", "TEXT", "note", kOptional, Phrase::option_note},
    desk::kOperator,
};
constexpr std::array kDiscard{
    Parameter{Kind::text, "STUDENT", "", "student", kNeeded, Phrase::option_student},
    Parameter{Kind::text, "--draft", "ID", "draft", kNeeded, Phrase::option_draft},
};
constexpr std::array kCodeIssue{
    Parameter{Kind::path, "--out", "DIR", "out", kNeeded, Phrase::option_out_folder},
    Parameter{Kind::text, "--student", "REF", "student", kOptional, Phrase::option_one_student},
    Parameter{Kind::text, "--class", "NAME", "class", kOptional, Phrase::option_class_filter},
};
constexpr std::array kCodeRevoke{
    Parameter{Kind::texts, "STUDENT", "", "students", kOptional, Phrase::option_code_students},
    Parameter{Kind::path, "--list", "FILE", "list", kOptional, Phrase::option_code_list},
    Parameter{Kind::path, "--out", "DIR", "out", kOptional, Phrase::option_reissue},
};
constexpr std::array kCodeCheck{
    Parameter{Kind::path, "DIR", "", "dir", kNeeded, Phrase::option_code_folder},
    Parameter{Kind::path, "--csv", "FILE", "csv", kOptional, Phrase::option_code_csv},
};
constexpr std::array kCodeMatch{
    Parameter{Kind::path, "IMAGE", "", "image", kNeeded, Phrase::option_foreign_image},
    Parameter{Kind::text, "--student", "REF", "student", kNeeded, Phrase::option_one_student},
    Parameter{Kind::text, "--override", "REASON", "override", kOptional, Phrase::option_match_override},
};
constexpr std::array kCodeResolve{
    Parameter{Kind::path, "--mapping", "FILE", "mapping", kOptional, Phrase::option_mapping},
    Parameter{Kind::path, "--decoder", "PROGRAM", "decoder", kOptional, Phrase::option_decoder},
    Parameter{Kind::texts, "--arg", "TEXT", "decoder_args", kOptional, Phrase::option_decoder_arg},
    Parameter{Kind::text, "--timeout", "SECONDS", "timeout_s", kOptional, Phrase::option_timeout},
    Parameter{Kind::text, "--student", "REF", "student", kOptional, Phrase::option_one_student},
    Parameter{Kind::text, "--decide", "confirmed|refused", "decide", kOptional, Phrase::option_decide},
    Parameter{Kind::text, "--foreign", "CODE", "foreign", kOptional, Phrase::option_which_code},
};
constexpr std::array kCodeScan{
    Parameter{Kind::paths, "IMAGE", "", "images", kNeeded, Phrase::option_images},
};
constexpr std::array kCheck{
    // As typed: the answer repeats them, and no other process reads them.
    Parameter{Kind::texts, "IMAGE", "", "images", kNeeded, Phrase::option_images},
    Parameter{Kind::path, "--profile", "FILE", "profile", kOptional, Phrase::option_profile},
    Parameter{Kind::text, "--overlay", "PNG", "overlay", kOptional, Phrase::option_overlay},
    Parameter{Kind::text, "--csv", "FILE", "csv", kOptional, Phrase::option_csv},
    Parameter{Kind::text, "--jobs", "N", "jobs", kOptional, Phrase::option_jobs},
    Parameter{Kind::flag, "--explain", "", "explain", kOptional, Phrase::option_explain},
    Parameter{Kind::path, "--face-model", "FILE", "face_model", kOptional, Phrase::option_face_model},
    Parameter{Kind::path, "--recogniser", "FILE", "recogniser", kOptional, Phrase::option_recogniser},
    Parameter{Kind::path, "--admission", "IMAGE", "admission", kOptional, Phrase::option_admission},
};
constexpr std::array kCalibrate{
    Parameter{Kind::texts, "IMAGE", "", "images", kNeeded, Phrase::option_strangers},
    Parameter{Kind::path, "--recogniser", "FILE", "recogniser", kOptional, Phrase::option_recogniser},
    Parameter{Kind::path, "--face-model", "FILE", "face_model", kOptional, Phrase::option_face_model},
};
constexpr std::array kCrop{
    Parameter{Kind::text, "IMAGE", "", "image", kNeeded, Phrase::option_image},
    Parameter{Kind::text, "--out", "FILE", "out", kNeeded, Phrase::option_crop_out},
    Parameter{Kind::text, "--nudge", "DX,DY,SCALE", "nudge", kOptional, Phrase::option_nudge},
    Parameter{Kind::path, "--profile", "FILE", "profile", kOptional, Phrase::option_profile},
};
constexpr std::array kStationTest{
    Parameter{Kind::text, "IMAGE", "", "image", kNeeded, Phrase::option_image},
    Parameter{Kind::path, "--profile", "FILE", "profile", kOptional, Phrase::option_profile},
};
constexpr std::array kGuide{
    Parameter{Kind::text, "DIR", "", "frames", kOptional, Phrase::option_frames},
    Parameter{Kind::text, "--camera", "N", "camera", kOptional, Phrase::option_camera},
    Parameter{Kind::text, "--seconds", "N", "seconds", kOptional, Phrase::option_seconds},
    Parameter{Kind::text, "--best", "FILE", "best", kOptional, Phrase::option_best},
    Parameter{Kind::path, "--profile", "FILE", "profile", kOptional, Phrase::option_profile},
};
constexpr std::array kCapture{
    Parameter{Kind::path, "--code", "IMAGE", "code", kOptional, Phrase::option_code_image},
    Parameter{Kind::path, "--photo", "IMAGE", "photo", kNeeded, Phrase::option_photo, "--folder"},
    Parameter{Kind::path, "--folder", "DIR", "folder", kOptional, Phrase::option_capture_folder},
    Parameter{Kind::path, "--table", "FILE", "table", kOptional, Phrase::option_photo_table},
    Parameter{Kind::flag, "--submit", "", "submit", kOptional, Phrase::option_submit_now},
    Parameter{Kind::text, "--checked", "all|CODES", "checked", kOptional, Phrase::option_checked},
    Parameter{Kind::text, "--override", "REASON", "override", kOptional, Phrase::option_override},
    Parameter{Kind::path, "--admission", "IMAGE", "admission", kOptional, Phrase::option_admission},
    Parameter{Kind::path, "--foreign-code", "IMAGE", "foreign_code", kOptional, Phrase::option_foreign_code},
    Parameter{Kind::text, "--student", "REF", "student", kOptional, Phrase::option_foreign_student},
};
constexpr std::array kDrafts{
    Parameter{Kind::text, "STUDENT", "", "student", kNeeded, Phrase::option_student},
};
constexpr std::array kSubmit{
    Parameter{Kind::text, "STUDENT", "", "student", kNeeded, Phrase::option_student, "--all-passing"},
    Parameter{Kind::flag, "--all-passing", "", "all_passing", kOptional, Phrase::option_all_passing},
    Parameter{Kind::text, "--draft", "ID", "draft", kOptional, Phrase::option_draft},
    Parameter{Kind::text, "--checked", "all|CODES", "checked", kOptional, Phrase::option_checked},
};
constexpr std::array kRun{
    Parameter{Kind::text, "--listen", "HOST:PORT", "listen", kOptional, Phrase::option_listen},
    Parameter{Kind::texts, "--peer", "HOST:PORT", "peers", kOptional, Phrase::option_peers},
    Parameter{Kind::flag, "--no-lan", "", "no_lan", kOptional, Phrase::option_no_lan},
    Parameter{Kind::text, "--carrier", "auto|udp|tcp", "carrier", kOptional, Phrase::option_carrier},
};
constexpr std::array kSync{
    Parameter{Kind::text, "--peer", "HOST:PORT", "peer", kNeeded, Phrase::option_peer},
    Parameter{Kind::flag, "--until-done", "", "until_done", kOptional, Phrase::option_until_done},
    Parameter{Kind::flag, "--originals", "", "originals", kOptional, Phrase::option_originals},
    Parameter{Kind::duration, "--deadline", "20m", "deadline_s", kOptional, Phrase::option_deadline},
    Parameter{Kind::text, "--carrier", "auto|udp|tcp", "carrier", kOptional, Phrase::option_carrier},
};
constexpr std::array kStick{
    Parameter{Kind::path, "DIR", "", "dir", kNeeded, Phrase::option_folder},
};
constexpr std::array kStickWatch{
    Parameter{Kind::flag, "--yes", "", "yes", kOptional, Phrase::option_yes},
    Parameter{Kind::path, "--under", "DIR", "under", kOptional, Phrase::option_under},
    Parameter{Kind::flag, "--once", "", "once", kOptional, Phrase::option_once},
};
constexpr std::array kUnlock{
    Parameter{Kind::texts, "REF", "", "students", kNeeded, Phrase::option_students},
    Parameter{Kind::text, "--attempts", "N", "attempts", kOptional, Phrase::option_attempts},
    Parameter{Kind::text, "--note", "TEXT", "note", kOptional, Phrase::option_note},
};
constexpr std::array kExport{
    Parameter{Kind::path, "--out", "DIR", "out", kNeeded, Phrase::option_out_folder},
};
constexpr std::array kDoctor{
    Parameter{Kind::text, "ADDRESS", "", "address", kOptional, Phrase::option_doctor_address},
};
constexpr std::array kReportMissing{
    Parameter{Kind::text, "--site", "NAME", "site", kOptional, Phrase::option_site_filter},
    Parameter{Kind::text, "--class", "NAME", "class", kOptional, Phrase::option_class_filter},
};
constexpr std::array kStatus{
    Parameter{Kind::text, "--student", "REF", "student", kOptional, Phrase::option_one_student},
    Parameter{Kind::text, "--site", "NAME", "site", kOptional, Phrase::option_site_filter},
    Parameter{Kind::text, "--class", "NAME", "class", kOptional, Phrase::option_class_filter},
};

constexpr std::span<const Parameter> kNone{};

constexpr std::array kCommands{
    Command{"hub", "init", "hub.init", Phrase::help_hub_init, kHubInit},
    Command{"hub", "enroll", "hub.enroll", Phrase::help_hub_enroll, kHubEnroll},
    Command{"hub", "merge", "hub.merge", Phrase::help_hub_merge, desk::kMerge},
    Command{"", "revoke", "hub.revoke", Phrase::help_revoke, kRevoke},
    Command{"quarantine", "list", "quarantine.list", Phrase::help_quarantine_list, kNone},
    Command{"quarantine", "release", "quarantine.release", Phrase::help_quarantine_release, kRelease},
    Command{"site", "init", "site.init", Phrase::help_site_init, kSiteInit},
    Command{"", "join", "join", Phrase::help_join, kJoin},
    Command{"campaign", "lint", "campaign.lint", Phrase::help_campaign_lint, kCampaignLint},
    Command{"campaign", "show", "campaign.show", Phrase::help_campaign_show, kNone},
    Command{"campaign", "sign", "campaign.sign", Phrase::help_campaign_sign, kCampaignSign},
    Command{"roster", "import", "roster.import", Phrase::help_roster_import, kRosterImport},
    Command{"roster", "mark", "roster.mark", Phrase::help_roster_mark, kRosterMark},
    Command{"timetable", "import", "timetable.import", Phrase::help_timetable_import, kTimetableImport},
    Command{"timetable", "show", "timetable.show", Phrase::help_timetable_show, kTimetableShow},
    Command{"", "queue", "queue", Phrase::help_queue, kQueue},
    Command{"code", "issue", "code.issue", Phrase::help_code_issue, kCodeIssue},
    Command{"code", "scan", "code.scan", Phrase::help_code_scan, kCodeScan},
    Command{"code", "revoke", "code.revoke", Phrase::help_code_revoke, kCodeRevoke},
    Command{"code", "check", "code.check", Phrase::help_code_check, kCodeCheck},
    Command{"code", "match", "code.match", Phrase::help_code_match, kCodeMatch},
    Command{"code", "foreign", "code.foreign", Phrase::help_code_foreign, kNone},
    Command{"code", "resolve", "code.resolve", Phrase::help_code_resolve, kCodeResolve},
    Command{"", "check", "check", Phrase::help_check, kCheck},
    Command{"recogniser", "calibrate", "recogniser.calibrate", Phrase::help_calibrate, kCalibrate},
    Command{"", "crop", "crop", Phrase::help_crop, kCrop},
    Command{"", "station-test", "station-test", Phrase::help_station_test, kStationTest},
    Command{"", "guide", "guide", Phrase::help_guide, kGuide},
    Command{"", "capture", "capture", Phrase::help_capture, kCapture},
    Command{"", "drafts", "drafts", Phrase::help_drafts, kDrafts},
    Command{"", "submit", "submit", Phrase::help_submit, kSubmit},
    Command{"", "discard", "discard", Phrase::help_discard, kDiscard},
    Command{"", "withdraw", "withdraw", Phrase::help_withdraw, kDrafts},
    Command{"", "run", "run", Phrase::help_run, kRun},
    Command{"", "sync", "sync", Phrase::help_sync, kSync},
    Command{"stick", "write", "stick.write", Phrase::help_stick_write, kStick},
    Command{"stick", "read", "stick.read", Phrase::help_stick_read, kStick},
    Command{"stick", "watch", "stick.watch", Phrase::help_stick_watch, kStickWatch},
    Command{"conflicts", "list", "conflicts.list", Phrase::help_conflicts_list, kNone},
    Command{"conflicts", "show", "conflicts.show", Phrase::help_conflicts_show, kConflictsShow},
    Command{"conflicts", "resolve", "conflicts.resolve", Phrase::help_conflicts_resolve, kConflictsResolve},
    Command{"review", "list", "review.list", Phrase::help_review_list, desk::kReviewList},
    Command{"review", "approve", "review.approve", Phrase::help_review_approve, desk::kApprove},
    Command{"review", "reject", "review.reject", Phrase::help_review_reject, desk::kReject},
    Command{"review", "unlock", "review.unlock", Phrase::help_review_unlock, kUnlock},
    Command{"review", "undo", "review.undo", Phrase::help_review_undo, desk::kUndo},
    Command{"review", "second-look", "review.second-look", Phrase::help_second_look, desk::kSecondLook},
    Command{"review", "look", "review.look", Phrase::help_look, desk::kLook},
    Command{"retakes", "list", "retakes.list", Phrase::help_retakes_list, desk::kRetakesList},
    Command{"retakes", "show", "retakes.show", Phrase::help_retakes_show, desk::kOneStudent},
    Command{"retakes", "faces", "retakes.faces", Phrase::help_retakes_faces, desk::kRetakesFaces},
    Command{"national", "import", "national.import", Phrase::help_national_import, desk::kNationalImport},
    Command{"cases", "list", "cases.list", Phrase::help_cases_list, desk::kCasesList},
    Command{"cases", "show", "cases.show", Phrase::help_cases_show, desk::kOneStudent},
    Command{"cases", "assign", "cases.step", Phrase::help_cases_assign, desk::kCasesAssign},
    Command{"cases", "step", "cases.step", Phrase::help_cases_step, desk::kCasesStep},
    Command{"cases", "close", "cases.close", Phrase::help_cases_close, desk::kCasesClose},
    Command{"cases", "pack", "cases.pack", Phrase::help_cases_pack, desk::kCasesPack},
    Command{"", "export", "export", Phrase::help_export, kExport},
    Command{"", "papers", "papers", Phrase::help_papers, kPapers},
    Command{"proof", "mark", "proof.mark", Phrase::help_proof_mark, kProofMark},
    Command{"proof", "list", "proof.list", Phrase::help_proof_list, kNone},
    Command{"errata", "open", "errata.open", Phrase::help_errata_open, kErrataOpen},
    Command{"errata", "close", "errata.close", Phrase::help_errata_close, kErrataClose},
    Command{"", "deliver", "deliver", Phrase::help_deliver, kDeliver},
    Command{"purge", "", "purge", Phrase::help_purge_run, kPurgeRun},
    Command{"purge", "certificate", "purge.certificate", Phrase::help_purge_certificate, kPurgeCertificate},
    Command{"purge", "verify", "purge.verify", Phrase::help_purge_verify, kPurgeVerify},
    Command{"", "status", "status", Phrase::help_status, kStatus},
    Command{"report", "page", "report.page", Phrase::help_report_page, kNone},
    Command{"report", "coverage", "report.coverage", Phrase::help_report_coverage, kNone},
    Command{"report", "missing", "report.missing", Phrase::help_report_missing, kReportMissing},
    Command{"report", "risk", "report.risk", Phrase::help_report_risk, kNone},
    Command{"report", "reasons", "report.reasons", Phrase::help_report_reasons, kNone},
    Command{"report", "disagreement", "report.disagreement", Phrase::help_disagreement, kNone},
    Command{"report", "forecast", "report.forecast", Phrase::help_forecast, kNone},
    Command{"report", "due", "report.due", Phrase::help_due, desk::kDue},
    Command{"", "doctor", "doctor", Phrase::help_doctor, kDoctor},
    Command{"log", "verify", "log.verify", Phrase::help_log_verify, kNone},
    Command{"", "version", "version", Phrase::help_version, kNone},
};

constexpr std::array kGroups{
    Group{"hub", Phrase::help_hub},
    Group{"site", Phrase::help_site},
    Group{"campaign", Phrase::help_campaign},
    Group{"roster", Phrase::help_roster},
    Group{"timetable", Phrase::help_timetable},
    Group{"code", Phrase::help_code},
    Group{"recogniser", Phrase::help_recogniser},
    Group{"stick", Phrase::help_stick},
    Group{"conflicts", Phrase::help_conflicts},
    Group{"review", Phrase::help_review},
    Group{"retakes", Phrase::help_retakes},
    Group{"national", Phrase::help_national},
    Group{"cases", Phrase::help_cases},
    Group{"proof", Phrase::help_proof},
    Group{"errata", Phrase::help_errata},
    Group{"purge", Phrase::help_purge},
    Group{"quarantine", Phrase::help_quarantine},
    Group{"report", Phrase::help_report},
    Group{"log", Phrase::help_log},
};

}  // namespace

std::span<const Command> all_commands() noexcept { return kCommands; }
std::span<const Group> all_groups() noexcept { return kGroups; }

}  // namespace satchel::cli
