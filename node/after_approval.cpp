// After approval: the student looks at what goes out, errors are corrected, the picture is handed over.
#include "node/after_approval.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "core/campaign/after_approval.h"
#include "core/campaign/natural_order.h"
#include "core/campaign/people.h"
#include "core/campaign/working_days.h"
#include "core/code/mask.h"
#include "node/arguments.h"
#include "node/desk.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::uint64_t kListMax = 16 * 1024 * 1024;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::string_view kSchema = "satchel.marked/1";

/// The students that the arguments name: by reference, and by the numbers of a list. Who is on the list and not here comes back
/// as text that is no reference, without the number.
Result<std::vector<std::string>> named_students(Node& node, const Enrolled& all, const json::object& arguments) {
  std::vector<std::string> out;
  if (arguments.contains("students")) {
    SATCHEL_TRY_ASSIGN(out, list_argument(arguments, "students"));
  }
  const std::string path = optional_text(arguments, "list");
  if (path.empty()) return out.empty() ? Result<std::vector<std::string>>{Error{Code::kUsage, "students"}} : out;
  const auto file = node.surroundings().disk.read(path, kListMax);
  if (!file) return at_path(file.error(), path);
  SATCHEL_TRY_ASSIGN(const std::vector<std::string> numbers, read_numbers(*file));
  SATCHEL_TRY_ASSIGN(const ByNumber by_number, students_by_number(node, all));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto found = by_number.find(numbers[i]);
    out.push_back(found != by_number.end() ? found->second.text() : "#" + std::to_string(i + 1));
  }
  return out;
}

Result<std::vector<std::string>> field_names(const json::object& arguments, std::string_view key) {
  std::vector<std::string> out;
  if (!arguments.contains(key)) return out;
  SATCHEL_TRY_ASSIGN(out, list_argument(arguments, key));
  for (const std::string& name : out) {
    if (core::proof_field(name) != nullptr) continue;
    std::string known;
    for (const core::ProofField& field : core::proof_fields()) known += (known.empty() ? "" : " ") + std::string(field.name);
    return Error{Code::kUsage, known};
  }
  return out;
}

/// States one fact of the hub for the student's site.
Result<void> say_to_site(Enrolled& all, const core::StudentState& state, const core::Fact& fact) {
  const auto audience = site_of(all, state);
  if (!audience) return Error{Code::kSiteUnknown, "the student's site"};
  Ledger::Turn turn = all.ledger->turn();
  SATCHEL_TRY(turn.state(*audience, core::Lane::control, fact));
  return turn.commit();
}

/// The end of the days in which the profile lets a student proof.
core::WallMs proof_end(const Enrolled& all, const core::StudentState& state) {
  const core::ExportSeen* first = core::first_export(state);
  return core::WorkingDays{all.profile.days}.due(first != nullptr ? first->fact.exported.wall : core::WallMs{},
                                                 all.profile.clocks.proof_max);
}

struct Proof {
  bool right = false;
  std::vector<std::string> fields;
  std::string note;
};

Result<void> proof_one(Node& node, Enrolled& all, core::StudentRef student, const Proof& proof, json::object& line) {
  SATCHEL_TRY_ASSIGN(const core::StudentState state, listed_student(all, student));
  SATCHEL_TRY(core::may_proof(state));
  if (!all.hub() && state.roster->site != all.campaign.number) return Code::kStudentUnknown;
  const core::ProofFact fact{student,
                             *state.current,
                             proof.right,
                             proof.fields,
                             proof.note,
                             all.ledger->number(core::next_proof_epoch(state)),
                             node.surroundings().clock.moment()};
  if (all.hub()) {
    SATCHEL_TRY(say_to_site(all, state, fact));
  } else {
    Ledger::Turn turn = all.ledger->turn();
    SATCHEL_TRY(turn.state(core::kToHub, core::Lane::record, fact));
    SATCHEL_TRY(turn.commit());
  }
  line["result"] = proof.right ? "right" : "wrong";
  // No clock refuses anything; it is said, and a person decides.
  if (fact.proofed.wall > proof_end(all, state)) line["late"] = true;
  return {};
}

Result<Answer> mark_each(Node& node, Enrolled& all, const json::object& arguments, const DecideOne& one) {
  SATCHEL_TRY_ASSIGN(const auto students, named_students(node, all, arguments));
  return decide_each(all, students, {kSchema, "marked"}, one);
}

}  // namespace

std::optional<core::Audience> site_of(const Enrolled& all, const core::StudentState& state) {
  if (!state.roster || state.roster->site == core::kHubNumber) return std::nullopt;
  if (all.membership->revoked(state.roster->site)) return std::nullopt;
  return core::Audience{state.roster->site.value};
}

Result<Answer> mark_proof(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  Proof proof;
  proof.right = flag(arguments, "right");
  SATCHEL_TRY_ASSIGN(proof.fields, field_names(arguments, "wrong"));
  if (proof.right != proof.fields.empty()) return Error{Code::kUsage, "--right | --wrong FIELD"};
  SATCHEL_TRY_ASSIGN(proof.note, note_argument(arguments));
  return mark_each(node, *all, arguments,
                   [&](core::StudentRef student, json::object& line) { return proof_one(node, *all, student, proof, line); });
}

Result<Answer> list_proofs(Node& node, const json::object&, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  const core::WallMs now = node.surroundings().clock.wall();
  std::vector<core::StudentState> waiting;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    if (state.stage == core::Stage::exported && state.roster) waiting.push_back(state);
    return {};
  }));
  std::ranges::sort(waiting, [](const core::StudentState& a, const core::StudentState& b) {
    const int by_class = core::natural_compare(a.roster->class_name, b.roster->class_name);
    if (by_class != 0) return by_class < 0;
    return core::natural_compare(a.roster->student_number, b.roster->student_number) < 0;
  });
  json::array list;
  for (const core::StudentState& state : waiting) {
    json::object line{{"student", state.student.text()},
                      {"name", core::mask_name(state.roster->name)},
                      {"class", state.roster->class_name},
                      {"site", state.roster->site_name}};
    const core::ProofSeen* proof = core::current_proof(state);
    json::array wrong;
    for (const std::string& field : proof != nullptr ? proof->fact.fields : std::vector<std::string>{}) {
      wrong.push_back(json::string(field));
    }
    line["wrong"] = std::move(wrong);
    line["errata_open"] = core::open_errata(state) != nullptr;
    const std::int64_t left = proof_end(*all, state).value - now.value;
    line["days_left"] = left < 0 ? -1 : left / kDayMs;
    list.push_back(std::move(line));
  }
  Answer answer;
  answer.body["schema"] = "satchel.proofs/1";
  answer.body["waiting"] = std::move(list);
  return answer;
}

Result<Answer> open_errata(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const auto fields, field_names(arguments, "fields"));
  SATCHEL_TRY_ASSIGN(const std::string note, note_argument(arguments));
  return mark_each(node, *all, arguments, [&](core::StudentRef student, json::object& line) -> Result<void> {
    SATCHEL_TRY_ASSIGN(const core::StudentState state, listed_student(*all, student));
    SATCHEL_TRY(core::may_proof(state));
    core::ErrataFact fact{
        student, false, fields, note, all->ledger->number(core::next_errata_epoch(state)), node.surroundings().clock.moment()};
    // What the student found wrong is what is to be corrected, unless it is named.
    if (const core::ProofSeen* proof = core::current_proof(state); fact.fields.empty() && proof != nullptr) {
      fact.fields = proof->fact.fields;
    }
    SATCHEL_TRY(say_to_site(*all, state, fact));
    line["result"] = "errata_open";
    return {};
  });
}

Result<Answer> close_errata(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string note, note_argument(arguments));
  return mark_each(node, *all, arguments, [&](core::StudentRef student, json::object& line) -> Result<void> {
    SATCHEL_TRY_ASSIGN(const core::StudentState state, listed_student(*all, student));
    const core::ErrataSeen* open = core::open_errata(state);
    if (open == nullptr) return Code::kErrataNone;
    const core::ErrataFact fact{student,
                                true,
                                open->fact.fields,
                                note,
                                all->ledger->number(core::next_errata_epoch(state)),
                                node.surroundings().clock.moment()};
    SATCHEL_TRY(say_to_site(*all, state, fact));
    line["result"] = "errata_closed";
    return {};
  });
}

Result<Answer> deliver(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  json::object named = arguments;
  if (const std::string class_name = optional_text(arguments, "class"); !class_name.empty()) {
    json::array members;
    SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
      const bool ready = state.roster && state.roster->class_name == class_name && core::may_deliver(state, all->profile);
      if (ready) members.push_back(json::string(state.student.text()));
      return {};
    }));
    if (members.empty()) return Code::kPaperEmpty;
    named["students"] = std::move(members);
  }
  return mark_each(node, *all, named, [&](core::StudentRef student, json::object& line) -> Result<void> {
    SATCHEL_TRY_ASSIGN(const core::StudentState state, listed_student(*all, student));
    SATCHEL_TRY(core::may_deliver(state, all->profile));
    SATCHEL_TRY(say_to_site(*all, state, core::DeliveryFact{student, *state.current, node.surroundings().clock.moment()}));
    line["result"] = "delivered";
    return {};
  });
}

}  // namespace satchel::node
