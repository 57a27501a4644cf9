// The hub's desk: the roster.
#include <algorithm>
#include <boost/json/array.hpp>

#include "core/campaign/people.h"
#include "core/campaign/roster_heads.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/roster_rows.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Lane;
using core::Result;
namespace json = boost::json;

namespace {

/// A roster of 100,000 students with every column full has about 30 MB.
constexpr std::uint64_t kRosterFileMax = 256ULL * 1024 * 1024;

core::RosterContext roster_context(const Node& node, const Enrolled& all) {
  core::RosterContext context;
  context.study = all.profile.study;
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
  if (const core::RowMessage* message = core::row_message(note.code)) put_words(out, *message);
  return out;
}

json::array note_documents(const std::vector<core::RowNote>& notes) {
  json::array out;
  for (const core::RowNote& note : notes) out.push_back(note_document(note));
  return out;
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

namespace {

/// The rows of all students as the hub has them, and what the next import is counted as.
struct Listed {
  std::vector<core::RosterFact> rows;
  std::uint64_t next_version = 1;
};
Result<Listed> listed_students(Node& node, const Enrolled& all) {
  Listed out;
  SATCHEL_TRY(each_student(node, all, [&](const core::StudentState& state) -> Result<void> {
    if (!state.roster) return {};
    out.rows.push_back(*state.roster);
    out.next_version = std::max(out.next_version, state.roster->version + 1);
    return {};
  }));
  out.next_version = all.ledger->number(out.next_version);
  return out;
}

/// One student of a reconciliation, without what stands in the row.
json::object change_document(std::string_view what, std::uint32_t line, core::StudentRef student,
                             const std::vector<std::string>& columns) {
  json::object out{{"change", what}, {"student", student.text()}, {"columns", text_array(columns)}};
  if (line > 0) out["line"] = line;
  return out;
}

constexpr std::size_t kChangesListed = 500;

}  // namespace

Result<Answer> import_roster(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "file"));
  const bool dry_run = flag(arguments, "dry_run");
  SATCHEL_TRY_ASSIGN(const core::Bytes file, read_named(node.surroundings().disk, path, kRosterFileMax));
  SATCHEL_TRY_ASSIGN(const core::RosterReport report, core::read_roster(file, roster_context(node, *all)));

  SATCHEL_TRY_ASSIGN(const Listed listed, listed_students(node, *all));
  const std::vector<core::RosterFact>& previous = listed.rows;
  const std::uint64_t version = listed.next_version;
  core::RosterChanges changes = core::reconcile(report, previous);
  const std::size_t missing = withhold_if_odd(changes, report, previous, flag(arguments, "delist"));

  std::map<std::string, const core::RosterFact*, std::less<>> by_number;
  std::map<core::StudentRef, std::string> taken;
  for (const core::RosterFact& fact : previous) {
    by_number[fact.student_number] = &fact;
    taken[fact.student] = fact.student_number;
  }
  Ledger::Turn turn = all->ledger->turn();
  RowWriter writer{turn, version};
  json::array list;
  const auto tell = [&](json::object document) {
    if (dry_run && list.size() < kChangesListed) list.push_back(std::move(document));
  };
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
      const bool known = before != by_number.end();
      const core::HubMarks marks = known ? core::marks_of(*before->second) : core::HubMarks{};
      const core::RosterFact fact = core::to_fact(row, ref, version, marks);
      if (known) {
        tell(change_document("changed", row.line, ref, core::changed_columns(*before->second, fact)));
        SATCHEL_TRY(writer.change(*before->second, fact));
      } else {
        tell(change_document("new", row.line, ref, {}));
        SATCHEL_TRY(writer.fresh(fact));
      }
    }
  }
  for (const std::size_t at : changes.gone) {
    core::RosterFact fact = previous[at];
    fact.version = version;
    fact.delisted = true;
    tell(change_document("gone", 0, fact.student, {}));
    SATCHEL_TRY(writer.fresh(fact));
  }
  SATCHEL_TRY(writer.state_index());
  if (!dry_run) {
    SATCHEL_TRY(turn.commit());
    node.log().note("roster: " + std::to_string(changes.added.size()) + " new, " + std::to_string(changes.changed.size()) +
                    " changed, " + std::to_string(changes.gone.size()) + " gone, " + std::to_string(report.refused.size()) +
                    " refused");
  }

  std::set<std::uint32_t> refused_lines;
  for (const core::RowNote& note : report.refused) refused_lines.insert(note.line);
  Answer answer;
  answer.body["schema"] = "satchel.roster/1";
  answer.body["dry_run"] = dry_run;
  answer.body["form"] = core::table_form_name(report.form);
  answer.body["encoding"] = core::encoding_name(report.encoding);
  answer.body["rows"] = report.rows.size() + refused_lines.size();
  answer.body["imported"] = report.rows.size();
  answer.body["new"] = changes.added.size();
  answer.body["changed"] = changes.changed.size();
  answer.body["unchanged"] = changes.unchanged.size();
  answer.body["gone"] = changes.gone.size();
  answer.body["gone_withheld"] = changes.gone_withheld;
  answer.body["missing"] = missing;
  answer.body["unreachable"] = report.unreachable;
  answer.body["refused"] = note_documents(report.refused);
  answer.body["notes"] = note_documents(report.notes);
  answer.body["kept_columns"] = text_array(report.kept_columns);
  answer.body["renamed_columns"] = text_array(report.renamed_columns);
  if (dry_run) answer.body["changes"] = std::move(list);
  if (!report.refused.empty()) answer.exit = core::Exit::partial;
  return answer;
}

Result<std::vector<std::string>> read_numbers(core::ByteView file) {
  SATCHEL_TRY_ASSIGN(const core::Table table, core::read_table(file, core::kRosterRowsMax));
  if (table.rows.empty()) return Error{Code::kRosterBad, "there is no row"};
  std::size_t column = 0;
  bool header = false;
  for (std::size_t i = 0; i < table.rows.front().cells.size(); ++i) {
    if (core::roster_column(table.rows.front().cells[i]) != core::RosterColumn::number) continue;
    column = i;
    header = true;
  }
  std::vector<std::string> out;
  for (std::size_t i = header ? 1 : 0; i < table.rows.size(); ++i) {
    const auto& cells = table.rows[i].cells;
    if (column >= cells.size()) continue;
    std::string number = cells[column];
    if (number.ends_with('*')) number.pop_back();
    if (!number.empty()) out.push_back(std::move(number));
  }
  return out;
}

Result<Answer> mark_roster(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "file"));
  SATCHEL_TRY_ASSIGN(const std::string as, text_argument(arguments, "as"));
  if (as != "exempt" && as != "retake" && as != "none") return Error{Code::kUsage, "as: exempt, retake or none"};
  const bool dry_run = flag(arguments, "dry_run");
  const auto file = node.surroundings().disk.read(path, kRosterFileMax);
  if (!file) return at_path(file.error(), path);
  SATCHEL_TRY_ASSIGN(const std::vector<std::string> numbers, read_numbers(*file));
  SATCHEL_TRY_ASSIGN(const Listed listed, listed_students(node, *all));
  std::map<std::string, const core::RosterFact*, std::less<>> by_number;
  for (const core::RosterFact& fact : listed.rows) {
    if (!fact.delisted) by_number[fact.student_number] = &fact;
  }
  std::set<core::StudentRef> done;
  std::size_t unknown = 0;
  std::size_t unchanged = 0;
  Ledger::Turn turn = all->ledger->turn();
  if (as == "retake") turn.make_urgent();
  RowWriter writer{turn, listed.next_version};
  for (const std::string& number : numbers) {
    const auto found = by_number.find(number);
    if (found == by_number.end()) {
      ++unknown;
      continue;
    }
    core::RosterFact fact = *found->second;
    fact.version = listed.next_version;
    fact.exempt = as == "exempt";
    fact.must_retake = as == "retake";
    if (fact.exempt == found->second->exempt && fact.must_retake == found->second->must_retake) {
      ++unchanged;
      continue;
    }
    if (done.insert(fact.student).second) SATCHEL_TRY(writer.fresh(fact));
  }
  SATCHEL_TRY(writer.state_index());
  if (!dry_run) SATCHEL_TRY(turn.commit());
  Answer answer;
  answer.body["schema"] = "satchel.marks/1";
  answer.body["as"] = as;
  answer.body["dry_run"] = dry_run;
  answer.body["marked"] = done.size();
  answer.body["unchanged"] = unchanged;
  answer.body["unknown"] = unknown;
  if (unknown > 0) answer.exit = core::Exit::partial;
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
  version = all.ledger->number(version);
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

}  // namespace satchel::node
