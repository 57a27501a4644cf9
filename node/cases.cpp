// The hub's desk: cases, who has them and what comes next, and the pack for an objection.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>

#include "core/campaign/people.h"
#include "core/code/mask.h"
#include "core/crypto/hash.h"
#include "core/export/zip_file.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/national.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::size_t kTextMost = 1000;
constexpr std::int64_t kDayMs = 86'400'000;

Result<core::StudentState> named_student(const Enrolled& all, const json::object& arguments) {
  SATCHEL_TRY_ASSIGN(const core::StudentRef student, student_argument(arguments, "student"));
  return listed_student(all, student);
}

/// The end of a day in China, as a wall time. kUsage.
Result<core::WallMs> read_due(const std::string& text) {
  const auto date = core::read_date(text);
  if (!date) return Error{Code::kUsage, "due: a date, like 2026-07-01"};
  const std::chrono::year_month_day day{std::chrono::year{std::stoi(date->substr(0, 4))},
                                        std::chrono::month{static_cast<unsigned>(std::stoul(date->substr(4, 2)))},
                                        std::chrono::day{static_cast<unsigned>(std::stoul(date->substr(6, 2)))}};
  const std::int64_t days = std::chrono::sys_days{day}.time_since_epoch().count();
  return core::WallMs{(days + 1) * kDayMs - 8 * 3'600'000};
}

Result<Answer> state_step(Node& node, const json::object& arguments, bool closed) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const core::StudentState state, named_student(*all, arguments));
  const core::CaseSeen* before = core::case_of(state);
  if (closed && (before == nullptr || before->fact.closed)) return Error{Code::kNothingToDo, "no open case"};
  core::CaseFact step;
  if (before != nullptr) step = before->fact;
  if (const std::string owner = optional_text(arguments, "owner"); !owner.empty()) step.owner = owner;
  if (const std::string next = optional_text(arguments, "next"); !next.empty()) step.next = next;
  if (std::max(step.owner.size(), step.next.size()) > kTextMost) return Error{Code::kUsage, "longer than 1000 bytes"};
  if (const std::string due = optional_text(arguments, "due"); !due.empty()) {
    SATCHEL_TRY_ASSIGN(step.due, read_due(due));
  }
  step.student = state.student;
  step.closed = closed;
  step.version = all->ledger->number(core::next_case_version(state));
  step.noted = node.surroundings().clock.moment();
  Ledger::Turn turn = all->ledger->turn();
  SATCHEL_TRY(turn.state(core::Audience{state.roster->site.value}, core::Lane::control, step));
  SATCHEL_TRY(turn.commit());
  return show_case(node, arguments, {});
}

std::string file_ending(core::ByteView bytes) {
  const auto begins = [&](std::initializer_list<std::uint8_t> magic) {
    return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin());
  };
  if (begins({0xFF, 0xD8})) return ".jpg";
  if (begins({0x89, 'P', 'N', 'G'})) return ".png";
  if (begins({'R', 'I', 'F', 'F'})) return ".webp";
  return ".heic";
}

struct RecordWords {
  json::object operator()(const core::CaptureFact& fact) const {
    json::array findings;
    for (const core::NotedFinding& one : fact.findings) {
      findings.push_back(json::object{{"code", one.code}, {"grade", core::grade_name(one.grade)}, {"value", one.value}});
    }
    return {{"kind", "capture"},
            {"taken", core::to_iso8601(fact.taken.wall)},
            {"grade", core::grade_name(fact.grade)},
            {"score", fact.score},
            {"findings", std::move(findings)},
            {"override", fact.override_reason},
            {"original", fact.original.hex()},
            {"standard", fact.standard.hex()},
            {"judge", fact.judge_version}};
  }
  json::object operator()(const core::SubmissionFact& fact) const {
    return {{"kind", "submission"}, {"capture", fact.capture.hex()}, {"submitted", core::to_iso8601(fact.submitted.wall)}};
  }
  json::object operator()(const core::VerdictFact& fact) const {
    return {{"kind", "verdict"},
            {"submission", fact.submission.hex()},
            {"approved", fact.approved},
            {"undone", fact.undone},
            {"reason", fact.reason},
            {"note", fact.note},
            {"epoch", fact.review_epoch},
            {"by", fact.by},
            {"decided", core::to_iso8601(fact.decided.wall)}};
  }
  json::object operator()(const core::NationalFact& fact) const {
    return {{"kind", "national"},
            {"submission", fact.submission.hex()},
            {"result", core::national_result_name(fact.result)},
            {"reason", fact.reason},
            {"noted", core::to_iso8601(fact.noted.wall)}};
  }
  json::object operator()(const core::CaseFact& fact) const {
    return {{"kind", "case"},        {"owner", fact.owner},     {"next", fact.next},
            {"closed", fact.closed}, {"version", fact.version}, {"noted", core::to_iso8601(fact.noted.wall)}};
  }
  template <class Other>
  json::object operator()(const Other&) const {
    return {};
  }
};

Result<json::array> record_list(const Enrolled& all, core::StudentRef student) {
  SATCHEL_TRY_ASSIGN(const auto records, all.ledger->records_of(student));
  json::array out;
  for (const core::Record& record : records) {
    json::object item = std::visit(RecordWords{}, record.fact);
    if (item.empty()) continue;
    item["id"] = record.id.hex();
    item["author"] = record.author.value;
    out.push_back(std::move(item));
  }
  return out;
}

/// Puts a picture that is here into the pack. False when it is not.
Result<bool> add_picture(const Enrolled& all, const core::Hash& hash, const std::string& name,
                         std::vector<core::ZipEntry>& entries) {
  SATCHEL_TRY_ASSIGN(const auto stored, all.ledger->blobs().find(hash));
  if (!stored) return false;
  SATCHEL_TRY_ASSIGN(core::Bytes bytes, all.ledger->blobs().get(hash));
  const std::string ending = file_ending(bytes);
  entries.push_back({name + ending, std::move(bytes)});
  return true;
}

core::Bytes text_bytes(const std::string& text) { return core::to_bytes(core::as_bytes(text)); }

}  // namespace

json::object case_document(const core::StudentState& state, core::WallMs now) {
  const core::CaseSeen* seen = core::case_of(state);
  const core::NationalSeen* national = core::national_of(state);
  json::object out{{"student", state.student.text()},
                   {"name", state.roster ? core::mask_name(state.roster->name) : std::string()},
                   {"site", state.roster ? state.roster->site_name : std::string()},
                   {"class", state.roster ? state.roster->class_name : std::string()},
                   {"national", national != nullptr ? core::national_result_name(national->fact.result) : ""},
                   {"reason", national != nullptr ? national->fact.reason : std::string()}};
  if (seen == nullptr) return out;
  out["state"] = seen->fact.closed ? "closed" : "open";
  out["owner"] = seen->fact.owner;
  out["next"] = seen->fact.next;
  const bool timed = seen->fact.due.value != 0;
  out["due"] = timed ? core::to_iso8601(seen->fact.due) : std::string();
  out["overdue"] = timed && !seen->fact.closed && now > seen->fact.due;
  return out;
}

Result<Answer> list_cases(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  const bool closed_too = flag(arguments, "all");
  const std::string owner = optional_text(arguments, "owner");
  const core::WallMs now = node.surroundings().clock.wall();
  std::vector<std::pair<std::int64_t, json::object>> lines;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    const core::CaseSeen* seen = core::case_of(state);
    if (seen == nullptr || (seen->fact.closed && !closed_too) || (!owner.empty() && seen->fact.owner != owner)) return {};
    lines.emplace_back(seen->fact.due.value, case_document(state, now));
    return {};
  }));
  std::ranges::stable_sort(lines, {}, [](const auto& line) { return line.first; });
  json::array list;
  for (auto& [due, document] : lines) list.push_back(std::move(document));
  Answer answer;
  answer.body["schema"] = "satchel.cases/1";
  answer.body["cases"] = std::move(list);
  return answer;
}

Result<Answer> show_case(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const core::StudentState state, named_student(*all, arguments));
  if (core::case_of(state) == nullptr) return Error{Code::kNothingToDo, "no case of this student"};
  Answer answer;
  answer.body = case_document(state, node.surroundings().clock.wall());
  answer.body["schema"] = "satchel.case/1";
  json::array steps;
  std::vector<const core::CaseSeen*> in_order;
  for (const core::CaseSeen& seen : state.case_steps) in_order.push_back(&seen);
  std::ranges::sort(in_order, [](const auto* a, const auto* b) { return a->fact.version < b->fact.version; });
  for (const core::CaseSeen* seen : in_order) {
    steps.push_back(json::object{{"noted", core::to_iso8601(seen->fact.noted.wall)},
                                 {"owner", seen->fact.owner},
                                 {"next", seen->fact.next},
                                 {"closed", seen->fact.closed}});
  }
  answer.body["steps"] = std::move(steps);
  return answer;
}

Result<Answer> step_case(Node& node, const json::object& arguments, const Progress&) {
  return state_step(node, arguments, false);
}
Result<Answer> close_case(Node& node, const json::object& arguments, const Progress&) {
  return state_step(node, arguments, true);
}

Result<Answer> pack_case(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "out"));
  SATCHEL_TRY_ASSIGN(const core::StudentState state, named_student(*all, arguments));
  const core::CaptureSeen* capture = core::current_capture(state);
  if (capture == nullptr) return Code::kNothingToReview;
  std::vector<core::ZipEntry> entries;
  SATCHEL_TRY_ASSIGN(const bool standard, add_picture(*all, capture->fact.standard, "picture", entries));
  if (!standard) return Code::kPictureNotHere;
  SATCHEL_TRY_ASSIGN(const bool original, add_picture(*all, capture->fact.original, "original", entries));
  json::object about = case_document(state, node.surroundings().clock.wall());
  about["schema"] = "satchel.objection/1";
  about["student_number"] = state.roster->student_number;
  about["name"] = state.roster->name;
  about["school"] = all->profile.school;
  about["school_code"] = all->profile.school_code;
  about["original_here"] = original;
  entries.push_back({"case.json", text_bytes(json::serialize(about) + "\n")});
  SATCHEL_TRY_ASSIGN(const json::array records, record_list(*all, state.student));
  entries.push_back({"records.json", text_bytes(json::serialize(records) + "\n")});
  std::string hashes;  // as `b2sum -l 256 -c` takes it
  for (const core::ZipEntry& entry : entries) hashes += core::hash(entry.bytes).hex() + "  " + entry.name + "\n";
  entries.push_back({"hashes.b2sum", text_bytes(hashes)});
  SATCHEL_TRY_ASSIGN(const core::Bytes archive, core::zip(entries));
  SATCHEL_TRY(node.surroundings().disk.write_atomic(path, archive, /*secret=*/true));
  json::array files;
  for (const core::ZipEntry& entry : entries) files.push_back(json::string(entry.name));
  Answer answer;
  answer.body["schema"] = "satchel.pack/1";
  answer.body["student"] = state.student.text();
  answer.body["out"] = path;
  answer.body["files"] = std::move(files);
  answer.body["original_here"] = original;
  if (!original) answer.exit = core::Exit::partial;
  return answer;
}

}  // namespace satchel::node
