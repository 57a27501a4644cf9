// The hub orders what the profile's retention makes due to be destroyed, here and at every site that may hold it.
#include <boost/json/array.hpp>

#include "core/campaign/after_approval.h"
#include "node/after_approval.h"
#include "node/arguments.h"
#include "node/desk.h"
#include "node/purge_certificate.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

struct Due {
  core::StudentState state;
  core::PurgeScope scope;
};

Result<std::vector<Due>> due_now(Node& node, const Enrolled& all) {
  const core::WallMs now = node.surroundings().clock.wall();
  std::vector<Due> out;
  SATCHEL_TRY(each_student(node, all, [&](const core::StudentState& state) -> Result<void> {
    const auto scope = core::purge_due(state, all.profile.retention, now);
    if (scope && !core::purges(state, *scope)) out.push_back({state, *scope});
    return {};
  }));
  return out;
}

void put_counts(json::object& out, const CertificateCounts& counts, const std::string& folder) {
  out["certificate"] = folder + "/purge-certificate.json";
  out["certified"] = counts.certified;
  out["outstanding"] = counts.outstanding;
}

Result<void> order(Node& node, Enrolled& all, const std::vector<Due>& due, json::array& left_out) {
  Ledger::Turn turn = all.ledger->turn();
  const core::Moment now = node.surroundings().clock.moment();
  for (const Due& one : due) {
    const auto nodes = who_holds(all, one.state);
    if (nodes.empty()) {
      left_out.push_back(
          {{"student", one.state.student.text()}, {"error", error_item({Code::kSiteUnknown, "the student's site"})}});
    }
    for (const core::NodeNumber number : nodes) {
      const core::PurgeFact fact{one.state.student, one.scope, now};
      SATCHEL_TRY(turn.state(core::Audience{number.value}, core::Lane::control, fact));
    }
  }
  return turn.commit();
}

}  // namespace

Result<Answer> purge(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  const bool dry_run = flag(arguments, "dry_run");
  const std::string folder = optional_text(arguments, "out");
  SATCHEL_TRY_ASSIGN(const std::vector<Due> due, due_now(node, *all));
  if (due.empty() && !dry_run) return Code::kNothingToPurge;
  json::array list;
  std::size_t pictures = 0;
  std::uint64_t bytes = 0;
  for (const Due& one : due) {
    SATCHEL_TRY_ASSIGN(const Ledger::Holding here, all->ledger->held_of(one.state, one.scope));
    list.push_back({{"student", one.state.student.text()},
                    {"scope", core::purge_scope_name(one.scope)},
                    {"pictures", here.pictures},
                    {"bytes", here.bytes}});
    pictures += here.pictures;
    bytes += here.bytes;
  }
  Answer answer;
  answer.body["schema"] = "satchel.purge/1";
  answer.body["dry_run"] = dry_run;
  answer.body["students"] = std::move(list);
  answer.body["pictures"] = pictures;
  answer.body["bytes"] = bytes;
  if (dry_run) return answer;
  json::array left_out;
  SATCHEL_TRY(order(node, *all, due, left_out));
  SATCHEL_TRY(all->ledger->carry_out_purges());
  SATCHEL_TRY(all->ledger->issue_receipt());
  node.log().note("ordered a purge of " + std::to_string(due.size() - left_out.size()) + " students");
  if (!left_out.empty()) answer.exit = left_out.size() == due.size() ? core::Exit::failure : core::Exit::partial;
  answer.body["left_out"] = std::move(left_out);
  if (!folder.empty() && answer.exit != core::Exit::failure) {
    SATCHEL_TRY_ASSIGN(const CertificateCounts counts, write_certificate(node, *all, folder));
    put_counts(answer.body, counts, folder);
  }
  return answer;
}

Result<Answer> write_purge_certificate(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string folder, text_argument(arguments, "out"));
  SATCHEL_TRY_ASSIGN(const CertificateCounts counts, write_certificate(node, *all, folder));
  Answer answer;
  answer.body["schema"] = "satchel.purge_certified/1";
  answer.body["students"] = counts.students;
  answer.body["pictures"] = counts.pictures;
  put_counts(answer.body, counts, folder);
  return answer;
}

}  // namespace satchel::node
