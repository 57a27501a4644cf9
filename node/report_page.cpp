// One page for the hub's operator, put together from the other reports.
#include <algorithm>
#include <boost/json/array.hpp>
#include <map>

#include "core/campaign/after_approval.h"
#include "core/campaign/disputes.h"
#include "node/anchors.h"
#include "node/campaign.h"
#include "node/desk.h"
#include "node/reports.h"

namespace satchel::node {

using core::Result;
namespace json = boost::json;

namespace {

constexpr std::size_t kMissingListed = 10;  // a page has room for so many

/// What waits for a person.
struct Attention {
  std::size_t last_term = 0;
  std::size_t conflicts = 0;
  std::size_t over_attempts = 0;
  std::map<std::string_view, std::size_t> timing;  ///< by core::timing_sign()
  std::size_t overridden = 0;

  Result<void> look_at(const core::Store& store, const core::StudentState& state, const core::Profile& profile) {
    last_term += state.roster && state.roster->last_term && !state.roster->delisted ? 1U : 0U;
    const bool conflict = state.flags.conflict || state.flags.verdict_conflict || core::dispute_of(state);
    conflicts += conflict ? 1U : 0U;
    over_attempts += core::over_attempts(state, profile) ? 1U : 0U;
    const core::CaptureSeen* capture = core::current_capture(state);
    if (capture == nullptr) return {};
    overridden += capture->fact.override_reason.empty() ? 0U : 1U;
    SATCHEL_TRY_ASSIGN(const WhenTaken taken, when_taken(store, state, profile, *capture));
    ++timing[core::timing_sign(taken.judged)];
    return {};
  }
};

/// How far those are whose pictures have left the hub.
struct Later {
  std::size_t passed = 0;  ///< the national check, as its last list has it
  std::size_t not_passed = 0;
  std::size_t cases_open = 0;
  std::size_t proofed = 0;  ///< the student said: right
  std::size_t errata_open = 0;
  std::size_t delivered = 0;
  std::size_t purged = 0;

  void look_at(const core::StudentState& state) {
    if (const core::NationalSeen* national = core::national_of(state)) {
      ++(national->fact.result == core::NationalResult::passed ? passed : not_passed);
    }
    const core::CaseSeen* step = core::case_of(state);
    cases_open += step != nullptr && !step->fact.closed ? 1U : 0U;
    const core::ProofSeen* proof = core::current_proof(state);
    proofed += proof != nullptr && proof->fact.right ? 1U : 0U;
    errata_open += core::open_errata(state) != nullptr ? 1U : 0U;
    delivered += core::current_delivery(state) != nullptr ? 1U : 0U;
    purged += state.stage == core::Stage::purged ? 1U : 0U;
  }
};

/// Codes of all stations together, the most frequent first, each with the share that it and those before it make up.
json::array summed(const json::array& stations, const char* key) {
  CodeCounts sums;
  for (const json::value& station : stations) {
    const json::value* rows = station.as_object().if_contains(key);
    if (rows == nullptr) continue;
    for (const json::value& row : rows->as_array()) {
      const json::object& one = row.as_object();
      sums[std::string(one.at("code").as_string())] += one.at("count").to_number<std::size_t>();
    }
  }
  return pareto(sums);
}

}  // namespace

Result<Answer> report_page(Node& node, const json::object&, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.enrolled());
  SATCHEL_TRY_ASSIGN(Answer coverage, report_coverage(node, {}, progress));
  SATCHEL_TRY_ASSIGN(Answer missing, report_missing(node, {}, progress));
  SATCHEL_TRY_ASSIGN(Answer reasons, report_reasons(node, {}, progress));
  SATCHEL_TRY_ASSIGN(Answer campaign, show_campaign(node, {}, progress));
  Attention attention;
  Later later;
  SATCHEL_TRY(each_student(node, *all, [&](const core::StudentState& state) -> Result<void> {
    later.look_at(state);
    return attention.look_at(node.store(), state, all->profile);
  }));
  SATCHEL_TRY_ASSIGN(const auto aside, all->shelf->quarantined());

  Answer answer;
  json::object& body = answer.body;
  body["schema"] = "satchel.page/1";
  body["name"] = all->profile.name;
  body["school"] = all->profile.school;
  body["school_code"] = all->profile.school_code;
  body["at"] = core::to_iso8601(node.surroundings().clock.wall());
  body["windows"] = std::move(campaign.body["windows"]);
  body["total"] = std::move(coverage.body["total"]);
  body["last_term"] = attention.last_term;
  body["classes"] = coverage.body["classes"].as_array().size();
  body["sites"] = std::move(coverage.body["sites"]);
  json::array& list = missing.body["missing"].as_array();
  if (list.size() > kMissingListed) list.resize(kMissingListed);
  body["missing"] = std::move(list);
  body["checks"] = summed(reasons.body["stations"].as_array(), "checks");
  body["reviews"] = summed(reasons.body["stations"].as_array(), "reviews");
  body["attention"] = json::object{{"conflicts", attention.conflicts},
                                   {"quarantined", aside.size()},
                                   {"over_attempts", attention.over_attempts},
                                   {"outside_window", attention.timing["outside_window"]},
                                   {"window_unclear", attention.timing["window_unclear"]},
                                   {"outside_hours", attention.timing["outside_hours"]},
                                   {"overridden", attention.overridden}};
  body["later"] = json::object{{"passed", later.passed},   {"not_passed", later.not_passed},   {"cases_open", later.cases_open},
                               {"proofed", later.proofed}, {"errata_open", later.errata_open}, {"delivered", later.delivered},
                               {"purged", later.purged}};
  return answer;
}

}  // namespace satchel::node
