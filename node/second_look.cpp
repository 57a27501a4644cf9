// The hub's desk: a second reviewer looks at what was decided.
#include "node/second_look.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>

#include "core/campaign/disputes.h"
#include "core/campaign/proportion.h"
#include "core/campaign/reasons.h"
#include "core/code/mask.h"
#include "core/crypto/hash.h"
#include "node/arguments.h"
#include "node/desk.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

constexpr std::uint64_t kShareDefault = 5;  // percent; ours

core::Hash lot(std::uint64_t seed, const core::RecordId& submission) {
  core::ByteWriter out;
  out.u64(seed).raw(submission.view());
  return core::hash("satchel second look", out.bytes());
}

bool looked_at(const core::StudentState& state, const core::RecordId& submission, std::uint64_t seed) {
  return std::ranges::any_of(state.second_looks, [&](const core::SecondLookSeen& seen) {
    return seen.fact.submission == submission && seen.fact.seed == seed;
  });
}

struct Drawn {
  core::Hash lot;
  core::StudentState state;
};

json::object drawn_document(const core::StudentState& state) {
  return {{"student", state.student.text()},
          {"name", state.roster ? core::mask_name(state.roster->name) : std::string()},
          {"site", state.roster ? state.roster->site_name : std::string()},
          {"class", state.roster ? state.roster->class_name : std::string()}};
}

}  // namespace

Result<Answer> draw_second_look(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::uint64_t share, number_argument(arguments, "share", kShareDefault));
  if (share < 1 || share > 100) return Error{Code::kUsage, "share: 1 to 100"};
  SATCHEL_TRY_ASSIGN(std::uint64_t seed, number_argument(arguments, "seed", 0));
  // Readable by people and exact in every JSON reader.
  if (seed == 0) seed = 1 + node.surroundings().rng.u64() % 1'000'000'000;
  const std::string by = optional_text(arguments, "by");
  const std::string pictures = optional_text(arguments, "pictures");
  if (!pictures.empty()) SATCHEL_TRY(node.surroundings().disk.make_folder(pictures));
  std::vector<Drawn> decided;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    const core::VerdictSeen* verdict = core::current_verdict(state);
    if (verdict == nullptr || (!by.empty() && verdict->fact.by == by)) return {};
    decided.push_back({lot(seed, verdict->fact.submission), state});
    return {};
  }));
  std::ranges::sort(decided, {}, &Drawn::lot);
  const std::size_t wanted = (decided.size() * static_cast<std::size_t>(share) + 99) / 100;
  json::array list;
  std::size_t done = 0;
  for (std::size_t i = 0; i < wanted; ++i) {
    const core::StudentState& state = decided[i].state;
    if (looked_at(state, *state.current, seed)) {
      ++done;
      continue;
    }
    json::object line = drawn_document(state);
    if (!pictures.empty()) {
      const std::string path = pictures + "/" + state.student.text() + ".jpg";
      SATCHEL_TRY_ASSIGN(const bool written, write_rendition(node, *all, core::current_capture(state), path));
      line["picture"] = written ? json::value(path) : json::value();
    }
    list.push_back(std::move(line));
  }
  Answer answer;
  answer.body["schema"] = "satchel.second-look/1";
  answer.body["seed"] = seed;
  answer.body["decided"] = decided.size();
  answer.body["drawn"] = wanted;
  answer.body["done"] = done;
  answer.body["students"] = std::move(list);
  return answer;
}

Result<Answer> note_second_look(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const auto students, list_argument(arguments, "students"));
  SATCHEL_TRY_ASSIGN(const std::string verdict, text_argument(arguments, "verdict"));
  core::SecondLookFact fact;
  SATCHEL_TRY(text_argument(arguments, "by"));
  SATCHEL_TRY_ASSIGN(fact.seed, number_argument(arguments, "seed", 0));
  SATCHEL_TRY_ASSIGN(fact.by, reviewer_argument(arguments));
  if (verdict != "approve" && verdict != "reject") return Error{Code::kUsage, "verdict: approve or reject"};
  fact.approved = verdict == "approve";
  if (!fact.approved) {
    fact.reason = optional_text(arguments, "reason");
    if (core::reject_reason(fact.reason) == nullptr) return Code::kReasonUnknown;
  }
  const auto one = [&](core::StudentRef student, json::object& line) -> Result<void> {
    SATCHEL_TRY_ASSIGN(const auto state, all->ledger->student(student));
    const core::VerdictSeen* decided = state ? core::current_verdict(*state) : nullptr;
    if (decided == nullptr || !state->roster) return Code::kNothingToReview;
    if (decided->fact.by == fact.by) return Error{Code::kUsage, "by: another reviewer than the first"};
    core::SecondLookFact look = fact;
    look.student = student;
    look.submission = decided->fact.submission;
    look.looked = node.surroundings().clock.moment();
    Ledger::Turn turn = all->ledger->turn();
    SATCHEL_TRY(turn.state(core::Audience{state->roster->site.value}, core::Lane::control, look));
    SATCHEL_TRY(turn.commit());
    line["agrees"] = look.approved == decided->fact.approved;
    return {};
  };
  return decide_each(*all, students, {"satchel.looked/1", "looked"}, one);
}

namespace {

json::object proportion_document(const core::Proportion& counted) {
  return {{"count", counted.hits}, {"of", counted.of}, {"share", counted.share}, {"low", counted.low}, {"high", counted.high}};
}

}  // namespace

Result<Answer> report_disagreement(Node& node, const json::object&, const Progress&) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.enrolled());
  struct Looks {
    std::size_t looks = 0;
    std::size_t differ = 0;
  };
  Looks total;
  std::map<std::string, Looks> reviewers;
  json::array disputed;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    if (core::reviewers_differ(state)) disputed.push_back(json::string(state.student.text()));
    const core::VerdictSeen* verdict = core::current_verdict(state);
    for (const core::SecondLookSeen& look : state.second_looks) {
      // Only of a verdict that still stands: what was undone since is no disagreement of today.
      if (verdict == nullptr || look.fact.submission != verdict->fact.submission) continue;
      const std::size_t differs = look.fact.approved != verdict->fact.approved ? 1 : 0;
      Looks& reviewer = reviewers[verdict->fact.by];
      ++total.looks;
      total.differ += differs;
      ++reviewer.looks;
      reviewer.differ += differs;
    }
    return {};
  }));
  json::array lines;
  for (const auto& [by, tally] : reviewers) {
    json::object line = proportion_document(core::proportion(tally.differ, tally.looks));
    line["by"] = by;
    lines.push_back(std::move(line));
  }
  Answer answer;
  answer.body = proportion_document(core::proportion(total.differ, total.looks));
  answer.body["schema"] = "satchel.disagreement/1";
  answer.body["reviewers"] = std::move(lines);
  answer.body["disputed"] = std::move(disputed);
  return answer;
}

Result<Answer> report_forecast(Node& node, const json::object&, const Progress&) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.enrolled());
  std::size_t open = 0;
  std::size_t checked = 0;
  std::size_t refused = 0;
  std::size_t looks = 0;
  std::size_t missed = 0;  // approved, and a second reviewer would have rejected
  std::size_t decided = 0;
  std::size_t rejected = 0;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    const core::VerdictSeen* verdict = core::current_verdict(state);
    if (verdict == nullptr) return {};
    ++decided;
    rejected += verdict->fact.approved ? 0U : 1U;
    if (!verdict->fact.approved) return {};
    const core::NationalSeen* national = core::national_of(state);
    if (national == nullptr) {
      ++open;
    } else {
      ++checked;
      refused += national->fact.result == core::NationalResult::passed ? 0U : 1U;
    }
    for (const core::SecondLookSeen& look : state.second_looks) {
      if (look.fact.submission != verdict->fact.submission) continue;
      ++looks;
      missed += look.fact.approved ? 0U : 1U;
    }
    return {};
  }));
  const core::ReviewClocks& clocks = all->profile.clocks;
  const core::Proportion own = core::proportion(refused, checked);
  const auto students = [&](double share) { return share * static_cast<double>(open); };
  Answer answer;
  answer.body["schema"] = "satchel.forecast/1";
  answer.body["open"] = open;
  answer.body["by_profile"] = json::object{{"share_low", clocks.verify_fail_min},
                                           {"share_high", clocks.verify_fail_max},
                                           {"students_low", students(clocks.verify_fail_min)},
                                           {"students_high", students(clocks.verify_fail_max)}};
  answer.body["by_results"] = proportion_document(own);
  answer.body["by_results"].as_object()["students_low"] = students(own.low);
  answer.body["by_results"].as_object()["students_high"] = students(own.high);
  answer.body["missed_by_review"] = proportion_document(core::proportion(missed, looks));
  answer.body["rejected_by_review"] = proportion_document(core::proportion(rejected, decided));
  return answer;
}

}  // namespace satchel::node
