// The hub's desk: the roster and the collection codes made from it.
#include <algorithm>
#include <boost/json/array.hpp>

#include "core/campaign/people.h"
#include "core/code/issue.h"
#include "core/code/qr.h"
#include "core/export/naming.h"
#include "core/portrait/encode.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/pictures.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Lane;
using core::Result;
namespace json = boost::json;

namespace {

/// A roster of 100,000 students with every column full has about 30 MB.
constexpr std::uint64_t kRosterFileMax = 256ULL * 1024 * 1024;
/// Pixels per module of an issued code: a 61-module code gets 552 px with its margin, sharp when printed 4 cm wide.
constexpr int kModulePixels = 8;

core::Audience audience_of(core::NodeNumber node) { return core::Audience{node.value}; }

core::RosterContext roster_context(const Node& node, const Enrolled& all) {
  core::RosterContext context;
  for (const core::Member& member : all.membership->all()) {
    if (member.role != core::Role::site) continue;
    if (const auto present = all.membership->find_name(member.name)) context.sites[member.name] = present->number;
  }
  const std::string now = core::to_iso8601(node.surroundings().clock.wall());
  context.reference_date = now.substr(0, 4) + now.substr(5, 2) + now.substr(8, 2);
  return context;
}

json::object note_document(const core::RowNote& note) {
  json::object out;
  out["line"] = note.line;
  out["code"] = note.code;
  if (note.other_line != 0) out["other_line"] = note.other_line;
  if (const core::RowMessage* message = core::row_message(note.code)) {
    out["zh"] = message->zh;
    out["en"] = message->en;
    out["cure_zh"] = message->cure_zh;
    out["cure_en"] = message->cure_en;
  }
  return out;
}

json::array note_documents(const std::vector<core::RowNote>& notes) {
  json::array out;
  for (const core::RowNote& note : notes) out.push_back(note_document(note));
  return out;
}

Result<void> state_row(Ledger::Turn& turn, const core::RosterFact& fact) {
  SATCHEL_TRY(turn.state(audience_of(fact.site), Lane::record, fact));
  return {};
}

/// The old site of a student who moved hears that it is no longer its own, before the new one hears of it.
Result<void> state_change(Ledger::Turn& turn, const core::RosterFact& before, core::RosterFact after) {
  if (before.site != after.site) {
    core::RosterFact farewell = before;
    farewell.version = after.version;
    farewell.delisted = true;
    SATCHEL_TRY(state_row(turn, farewell));
    ++after.version;
  }
  return state_row(turn, after);
}

}  // namespace

Result<void> each_student(Node& node, const Enrolled& all, const std::function<Result<void>(const core::StudentState&)>& visit) {
  std::vector<core::StudentRef> refs;
  SATCHEL_TRY(each_digest(node.store(), [&](core::StudentRef ref, const Digest&) { refs.push_back(ref); }));
  for (const core::StudentRef ref : refs) {
    SATCHEL_TRY_ASSIGN(const auto state, all.ledger->student(ref));
    if (state) SATCHEL_TRY(visit(*state));
  }
  return {};
}

namespace {

/// The wrong file, or one site's part of it, must not take a campaign's students off: more than half of them go only when a
/// person says so. How many listed students the file does not have.
std::size_t withhold_if_odd(core::RosterChanges& changes, const core::RosterReport& report,
                            const std::vector<core::RosterFact>& previous, bool delist) {
  const auto listed =
      static_cast<std::size_t>(std::ranges::count_if(previous, [](const core::RosterFact& fact) { return !fact.delisted; }));
  std::set<std::string> in_file = report.refused_numbers;
  for (const core::RosterRow& row : report.rows) in_file.insert(row.student_number);
  const auto missing = static_cast<std::size_t>(std::ranges::count_if(
      previous, [&](const core::RosterFact& fact) { return !fact.delisted && !in_file.contains(fact.student_number); }));
  if (!delist && changes.gone.size() * 2 > listed) {
    changes.gone.clear();
    changes.gone_withheld = true;
  }
  return missing;
}

}  // namespace

Result<Answer> import_roster(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "file"));
  const auto file = node.surroundings().disk.read(path, kRosterFileMax);
  if (!file) return at_path(file.error(), path);
  if (file->empty()) return Error{Code::kFileEmpty, path};
  SATCHEL_TRY_ASSIGN(const core::RosterReport report, core::read_roster(*file, roster_context(node, *all)));

  std::vector<core::RosterFact> previous;
  std::uint64_t version = 1;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    if (!state.roster) return {};
    previous.push_back(*state.roster);
    version = std::max(version, state.roster->version + 1);
    return {};
  }));
  core::RosterChanges changes = core::reconcile(report, previous);
  const std::size_t missing = withhold_if_odd(changes, report, previous, flag(arguments, "delist"));

  std::map<std::string, const core::RosterFact*, std::less<>> by_number;
  std::map<core::StudentRef, std::string> taken;
  for (const core::RosterFact& fact : previous) {
    by_number[fact.student_number] = &fact;
    taken[fact.student] = fact.student_number;
  }
  Ledger::Turn turn = all->ledger->turn();
  const core::ByteView index_key = all->campaign.secrets.index_key.view();
  for (const auto& rows : {changes.added, changes.changed}) {
    for (const std::size_t at : rows) {
      const core::RosterRow& row = report.rows[at];
      const core::StudentRef ref = core::student_ref(index_key, row.student_number);
      const auto [holder, fresh] = taken.try_emplace(ref, row.student_number);
      if (!fresh && holder->second != row.student_number) {
        // One chance in 10^7 for a campaign of 10,000; then two students would share one reference.
        return Error{Code::kRosterBad, "line " + std::to_string(row.line) + ": two unique numbers give one student reference"};
      }
      const auto before = by_number.find(row.student_number);
      const bool exempt = before != by_number.end() && before->second->exempt;
      core::RosterFact fact = core::to_fact(row, ref, version, exempt);
      if (before != by_number.end()) {
        SATCHEL_TRY(state_change(turn, *before->second, std::move(fact)));
      } else {
        SATCHEL_TRY(state_row(turn, fact));
      }
    }
  }
  for (const std::size_t at : changes.gone) {
    core::RosterFact fact = previous[at];
    fact.version = version;
    fact.delisted = true;
    SATCHEL_TRY(state_row(turn, fact));
  }
  SATCHEL_TRY(turn.commit());
  node.log().note("roster: " + std::to_string(changes.added.size()) + " new, " + std::to_string(changes.changed.size()) +
                  " changed, " + std::to_string(changes.gone.size()) + " gone, " + std::to_string(report.refused.size()) +
                  " refused");

  std::set<std::uint32_t> refused_lines;
  for (const core::RowNote& note : report.refused) refused_lines.insert(note.line);
  Answer answer;
  answer.body["schema"] = "satchel.roster/1";
  answer.body["rows"] = report.rows.size() + refused_lines.size();
  answer.body["imported"] = report.rows.size();
  answer.body["new"] = changes.added.size();
  answer.body["changed"] = changes.changed.size();
  answer.body["unchanged"] = changes.unchanged.size();
  answer.body["gone"] = changes.gone.size();
  answer.body["gone_withheld"] = changes.gone_withheld;
  answer.body["missing"] = missing;
  answer.body["refused"] = note_documents(report.refused);
  answer.body["notes"] = note_documents(report.notes);
  json::array ignored;
  for (const std::string& column : report.ignored_columns) ignored.push_back(json::string(column));
  answer.body["ignored_columns"] = std::move(ignored);
  if (!report.refused.empty()) answer.exit = core::Exit::partial;
  return answer;
}

Result<std::size_t> hand_over_students(Node& node, Enrolled& all, const std::vector<core::NodeNumber>& from,
                                       core::NodeNumber to) {
  std::size_t students = 0;
  if (from.empty()) return students;
  std::uint64_t version = 1;
  std::vector<core::StudentState> theirs;
  SATCHEL_TRY(each_student(node, all, [&](const core::StudentState& state) -> Result<void> {
    if (!state.roster) return {};
    version = std::max(version, state.roster->version + 1);
    if (std::ranges::find(from, state.roster->site) != from.end()) theirs.push_back(state);
    return {};
  }));
  Ledger::Turn turn = all.ledger->turn();
  for (const core::StudentState& state : theirs) {
    core::RosterFact row = *state.roster;
    row.version = version;
    row.site = to;
    SATCHEL_TRY(state_row(turn, row));
    if (const core::VerdictSeen* verdict = core::current_verdict(state)) {
      SATCHEL_TRY(turn.state(audience_of(to), Lane::control, verdict->fact));
    }
    for (const core::UnlockSeen& unlock : state.unlocks) SATCHEL_TRY(turn.state(audience_of(to), Lane::control, unlock.fact));
    ++students;
  }
  SATCHEL_TRY(turn.commit());
  return students;
}

namespace {

/// Draws and writes one student's code; the name of the file.
Result<std::string> issue_one(Node& node, const Enrolled& all, core::StudentRef student, const core::RosterFact& row,
                              const std::string& folder) {
  const core::CodeContent content{all.campaign.founding.id(), student, row.student_number, row.name, row.id_number};
  SATCHEL_TRY_ASSIGN(const std::string text, core::seal_code(content, all.campaign.secrets.code_key.view(), node.identity().sign,
                                                             node.surroundings().rng));
  SATCHEL_TRY_ASSIGN(const core::GrayImage image, core::draw_qr(text, kModulePixels));
  SATCHEL_TRY_ASSIGN(const core::Bytes png, core::portrait::encode_png(from_gray(image)));
  std::string name = row.student_number + ".png";
  if (!core::fat_safe(name)) name = student.text() + ".png";
  SATCHEL_TRY(node.surroundings().disk.write_atomic(folder + "/" + name, png));
  return name;
}

}  // namespace

Result<Answer> issue_codes(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string folder, text_argument(arguments, "out"));
  std::optional<core::StudentRef> only;
  if (!optional_text(arguments, "student").empty()) {
    SATCHEL_TRY_ASSIGN(only, student_argument(arguments, "student"));
  }
  core::Disk& disk = node.surroundings().disk;
  SATCHEL_TRY(disk.make_folder(folder));

  std::size_t issued = 0;
  json::array files;
  constexpr std::size_t kNamesListed = 20;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    if (!state.roster || state.roster->delisted || (only && state.student != *only)) return {};
    SATCHEL_TRY_ASSIGN(const std::string name, issue_one(node, *all, state.student, *state.roster, folder));
    ++issued;
    if (files.size() < kNamesListed) files.push_back(json::string(name));
    if (progress && issued % 50 == 0) progress(json::object{{"phase", "issue"}, {"issued", issued}});
    return {};
  }));
  if (issued == 0) return only ? Code::kStudentUnknown : Code::kNothingToDo;
  Answer answer;
  answer.body["schema"] = "satchel.codes/1";
  answer.body["issued"] = issued;
  answer.body["folder"] = folder;
  answer.body["files"] = std::move(files);
  return answer;
}

}  // namespace satchel::node
