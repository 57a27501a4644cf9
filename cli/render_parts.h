#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "cli/render.h"

// The renderers of single documents, one .cpp for each desk of the work; render() chooses among them.
namespace satchel::cli {

/// The elements of the list `key`, one a student: those with an error are told as talk, the others are for `tell`.
using TellStudent = std::function<void(const boost::json::object& one, const std::string& student)>;
void each_student_line(const boost::json::object& answer, std::string_view key, const View& view, Rendered& out,
                       const TellStudent& tell);

Rendered render_hub(const boost::json::object& answer, const View& view);
Rendered render_request(const boost::json::object& answer, const View& view);
Rendered render_enroll(const boost::json::object& answer, const View& view);
Rendered render_revoke(const boost::json::object& answer, const View& view);
Rendered render_merge(const boost::json::object& answer, const View& view);
Rendered render_second_look(const boost::json::object& answer, const View& view);
Rendered render_looked(const boost::json::object& answer, const View& view);
Rendered render_disagreement(const boost::json::object& answer, const View& view);
Rendered render_forecast(const boost::json::object& answer, const View& view);
Rendered render_due(const boost::json::object& answer, const View& view);
Rendered render_retakes(const boost::json::object& answer, const View& view);
Rendered render_faces(const boost::json::object& answer, const View& view);
Rendered render_retake(const boost::json::object& answer, const View& view);
Rendered render_national(const boost::json::object& answer, const View& view);
Rendered render_cases(const boost::json::object& answer, const View& view);
Rendered render_case(const boost::json::object& answer, const View& view);
Rendered render_pack(const boost::json::object& answer, const View& view);
/// "2026-06-23 10:00 – 2026-06-28 09:00" of "taken_between" of a document; an end that is not known is said so.
std::string interval_text(const boost::json::object& between, const Words& words);
/// The same as a sentence.
std::string taken_between_text(const boost::json::object& between, const Words& words);
/// What a sign of suspicion means, in words.
std::string sign_word(std::string_view name, const Words& words);
Rendered render_quarantine(const boost::json::object& answer, const View& view);
Rendered render_release(const boost::json::object& answer, const View& view);
Rendered render_join(const boost::json::object& answer, const View& view);
Rendered render_roster(const boost::json::object& answer, const View& view);
Rendered render_codes(const boost::json::object& answer, const View& view);
Rendered render_codes_revoked(const boost::json::object& answer, const View& view);
Rendered render_code_check(const boost::json::object& answer, const View& view);
Rendered render_code_match(const boost::json::object& answer, const View& view);
Rendered render_foreign(const boost::json::object& answer, const View& view);
Rendered render_code_resolve(const boost::json::object& answer, const View& view);
Rendered render_code_decided(const boost::json::object& answer, const View& view);
Rendered render_scan(const boost::json::object& answer, const View& view);
Rendered render_check(const boost::json::object& answer, const View& view);
Rendered render_check_summary(const boost::json::object& answer, const View& view);
Rendered render_crop(const boost::json::object& answer, const View& view);
Rendered render_calibrate(const boost::json::object& answer, const View& view);
Rendered render_station(const boost::json::object& answer, const View& view);
Rendered render_guide(const boost::json::object& answer, const View& view);
Rendered render_guide_best(const boost::json::object& answer, const View& view);
Rendered render_capture(const boost::json::object& answer, const View& view);
Rendered render_capture_folder(const boost::json::object& answer, const View& view);
Rendered render_submit_all(const boost::json::object& answer, const View& view);
Rendered render_drafts(const boost::json::object& answer, const View& view);
Rendered render_submit(const boost::json::object& answer, const View& view);
Rendered render_sync(const boost::json::object& answer, const View& view);
Rendered render_stick(const boost::json::object& answer, const View& view);
Rendered render_review(const boost::json::object& answer, const View& view);
Rendered render_decided(const boost::json::object& answer, const View& view);
Rendered render_export(const boost::json::object& answer, const View& view);
Rendered render_paper(const boost::json::object& answer, const View& view);
Rendered render_marked(const boost::json::object& answer, const View& view);
Rendered render_proofs(const boost::json::object& answer, const View& view);
Rendered render_purge(const boost::json::object& answer, const View& view);
Rendered render_purge_certified(const boost::json::object& answer, const View& view);
Rendered render_purge_verified(const boost::json::object& answer, const View& view);
Rendered render_status(const boost::json::object& answer, const View& view);
Rendered render_verify(const boost::json::object& answer, const View& view);
Rendered render_doctor(const boost::json::object& answer, const View& view);
Rendered render_run(const boost::json::object& answer, const View& view);
Rendered render_lint(const boost::json::object& answer, const View& view);
Rendered render_campaign(const boost::json::object& answer, const View& view);
Rendered render_signed(const boost::json::object& answer, const View& view);
Rendered render_marks(const boost::json::object& answer, const View& view);
Rendered render_conflicts(const boost::json::object& answer, const View& view);
Rendered render_conflict(const boost::json::object& answer, const View& view);
Rendered render_resolved(const boost::json::object& answer, const View& view);
Rendered render_discard(const boost::json::object& answer, const View& view);
Rendered render_withdraw(const boost::json::object& answer, const View& view);
Rendered render_timetable_import(const boost::json::object& answer, const View& view);
Rendered render_timetable(const boost::json::object& answer, const View& view);
Rendered render_queue(const boost::json::object& answer, const View& view);
Rendered render_page(const boost::json::object& answer, const View& view);
Rendered render_coverage(const boost::json::object& answer, const View& view);
Rendered render_missing(const boost::json::object& answer, const View& view);
Rendered render_risk(const boost::json::object& answer, const View& view);
Rendered render_reasons(const boost::json::object& answer, const View& view);
Rendered render_version(const boost::json::object& answer, const View& view);

/// An error inside a document ({"code","zh","cure_zh","en","cure_en","detail"}) about `what`, as lines.
std::string error_lines(const boost::json::object& item, std::string_view what, const Words& words, const Paint& paint);
/// "→ sentence"
std::string next_step(std::string_view sentence);
/// The sentence of a document that has it in both languages: `item` "zh"/"en", or "cure_zh"/"cure_en".
std::string sentence_of(const boost::json::object& item, const Words& words);
std::string cure_of(const boost::json::object& item, const Words& words);
/// What became of the ground of a standard picture: the "ground" of an answer.
std::string ground_lines(const boost::json::object& ground, const View& view);
/// The windows of a profile, the table of sites of a coverage, and a list of who is missing.
std::string windows_table(const boost::json::array& windows, const View& view);
std::string coverage_of_sites(const boost::json::array& sites, const View& view);
std::string missing_table(const boost::json::array& list, const View& view);
/// Codes of checks and reviews with how often each was said.
std::string pareto_table(const boost::json::array& rows, const View& view);
/// How much of a count of students is covered; "100%" only when nobody is missing.
std::string covered_text(const boost::json::object& counts);
/// "coming", "running", "over".
Phrase window_phrase(std::string_view state);
/// A grade in its colour.
std::string painted_grade(std::string_view grade, const Words& words, const Paint& paint);

}  // namespace satchel::cli
