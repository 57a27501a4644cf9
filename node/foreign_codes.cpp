#include "node/foreign_codes.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <set>

#include "core/code/issue.h"
#include "core/code/mask.h"
#include "core/crypto/box.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/foreign_seal.h"
#include "node/scanning.h"
#include "node/shooting.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Lane;
using core::Result;
namespace json = boost::json;

namespace {

/// The students of each digest, and where each match stands.
using ByDigest = std::map<core::Hash, std::vector<std::pair<core::StudentRef, core::ForeignStanding>>>;

json::object foreign_document(const core::StudentState& state, const core::ForeignCodeSeen& seen, const Enrolled& all) {
  const auto author = all.membership->find(seen.author);
  const core::ForeignAnswerSeen* answer = core::foreign_answer(state, seen.fact.digest);
  json::object out;
  out["student"] = state.student.text();
  out["name"] = state.roster ? core::mask_name(state.roster->name) : std::string();
  out["class"] = state.roster ? state.roster->class_name : std::string();
  out["code"] = short_id(seen.fact.digest);
  out["digest"] = seen.fact.digest.hex();  // keyed: for a mapping table
  out["standing"] = core::standing_name(core::foreign_standing(state, seen.fact.digest).value_or(core::ForeignStanding::matched));
  out["source"] = answer != nullptr ? core::answer_source_name(answer->fact.source) : std::string_view{};
  out["matched_at"] = author ? author->name : std::string();
  out["matched"] = core::to_iso8601(seen.fact.matched.wall);
  out["reason"] = seen.fact.reason;
  return out;
}

}  // namespace

Result<ForeignMatch> match_foreign(Node& node, const Enrolled& all, const std::string& bytes,
                                   std::optional<core::StudentRef> named, const std::string& reason) {
  const core::Hash digest = core::code_digest(all.campaign.secrets.index_key.view(), bytes);
  SATCHEL_TRY_ASSIGN(const std::vector<core::StudentRef> known, matched_students(node, all, digest));
  if (!named) {
    if (known.empty()) return Code::kForeignUnknown;
    if (known.size() > 1) return Code::kForeignTwice;
    return ForeignMatch{known.front(), std::nullopt};
  }
  if (std::ranges::find(known, *named) != known.end()) return ForeignMatch{*named, std::nullopt};
  if (!known.empty() && reason.empty()) return Error{Code::kForeignTwice, known.front().text()};
  core::ForeignCodeFact fact;
  fact.student = *named;
  fact.digest = digest;
  fact.sealed = seal_foreign(all.campaign.founding.hub_box, node.surroundings().rng, bytes);
  fact.sealed_recovery = seal_foreign(all.campaign.founding.recovery_box, node.surroundings().rng, bytes);
  if (!known.empty()) fact.reason = reason;
  fact.matched = node.surroundings().clock.moment();
  return ForeignMatch{*named, std::move(fact)};
}

Result<Answer> match_code(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_site());
  SATCHEL_TRY_ASSIGN(const std::string image, text_argument(arguments, "image"));
  SATCHEL_TRY_ASSIGN(const core::StudentRef student, student_argument(arguments, "student"));
  SATCHEL_TRY_ASSIGN(const core::StudentState state, known_student(node, *all, student));
  SATCHEL_TRY_ASSIGN(const std::string why, why_argument(arguments, "override"));
  SATCHEL_TRY_ASSIGN(const std::string bytes, foreign_code_file(node.surroundings().disk, image));
  SATCHEL_TRY_ASSIGN(const ForeignMatch match, match_foreign(node, *all, bytes, student, why));
  if (match.fact) {
    Ledger::Turn turn = all->ledger->turn();
    SATCHEL_TRY(turn.state(core::kToHub, Lane::record, *match.fact));
    SATCHEL_TRY(turn.commit());
    node.log().note("matched a foreign code to " + student.text());
  }
  Answer answer;
  answer.body["schema"] = "satchel.code-match/1";
  answer.body["student"] = student.text();
  answer.body["name"] = core::mask_name(state.roster->name);
  answer.body["code"] = short_id(core::code_digest(all->campaign.secrets.index_key.view(), bytes));
  answer.body["new"] = match.fact.has_value();
  return answer;
}

Result<Answer> list_foreign(Node& node, const json::object&, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  json::array list;
  ByDigest by_digest;
  std::size_t disputed = 0;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    std::set<core::Hash> told;
    for (const core::ForeignCodeSeen& seen : state.foreign_codes) {
      if (!told.insert(seen.fact.digest).second) continue;
      const auto standing = *core::foreign_standing(state, seen.fact.digest);
      if (standing == core::ForeignStanding::disputed) ++disputed;
      if (standing != core::ForeignStanding::refused) by_digest[seen.fact.digest].emplace_back(state.student, standing);
      list.push_back(foreign_document(state, seen, *all));
    }
    return {};
  }));
  json::array twice;
  for (const auto& [digest, students] : by_digest) {
    const auto confirmed =
        std::ranges::count(students, core::ForeignStanding::confirmed, [](const auto& one) { return one.second; });
    if (students.size() < 2) continue;
    json::array names;
    for (const auto& [student, standing] : students) names.push_back(json::string(student.text()));
    twice.push_back(json::object{{"code", short_id(digest)}, {"students", std::move(names)}, {"confirmed", confirmed}});
  }
  Answer answer;
  answer.body["schema"] = "satchel.foreign-codes/1";
  answer.body["disputed"] = disputed;
  if (disputed > 0 || !twice.empty()) answer.exit = core::Exit::person_must_decide;
  answer.body["codes"] = std::move(list);
  answer.body["twice"] = std::move(twice);
  return answer;
}

}  // namespace satchel::node
