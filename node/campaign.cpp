#include "node/campaign.h"

#include <boost/json/array.hpp>

#include "core/campaign/windows.h"
#include "core/crypto/hash.h"
#include "node/arguments.h"
#include "protocol/body/body.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

std::string hour_text(int minutes) {
  const auto two = [](int value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return two(minutes / 60) + ":" + two(minutes % 60);
}

json::object window_document(const core::Window& window, core::WallMs now) {
  json::object out;
  out["group"] = window.group;
  out["step"] = core::step_name(window.step);
  out["from"] = core::to_iso8601(window.from);
  out["until"] = core::to_iso8601(window.until);
  out["daily_from"] = hour_text(window.daily_from_min);
  out["daily_until"] = hour_text(window.daily_until_min);
  if (!window.payer.empty()) out["payer"] = window.payer;
  out["state"] = core::span_state(window.from, window.until, now);
  return out;
}

json::object rules_document(const core::Profile& profile) {
  json::object out;
  out["attempts_max"] = profile.attempts_max;
  out["draft_capacity"] = profile.draft_capacity;
  out["draft_keep_h"] = profile.draft_keep_h;
  out["cooldown_min"] = profile.locks.cooldown_min;
  out["lock_after"] = profile.locks.fails;
  out["lock_min"] = profile.locks.lock_min;
  out["day_lock_after"] = profile.locks.day_fails;
  out["replace_background"] = profile.replace_background;
  out["collar"] = profile.clothes.collar;
  out["avoid"] = text_array(profile.clothes.avoid);
  out["advise"] = text_array(profile.clothes.advise);
  out["confirm_entry"] = profile.consent.confirm_entry;
  out["confirm_submit"] = profile.consent.confirm_submit;
  out["fee_yuan"] = profile.fee.yuan;
  out["refund_on_reject"] = profile.fee.refund_on_reject;
  out["days_off"] = text_array(profile.days.off);
  out["workdays"] = text_array(profile.days.work);
  out["similarity_min"] = profile.clocks.similarity_min;
  out["review_days_min"] = profile.clocks.review_min;
  out["review_days_max"] = profile.clocks.review_max;
  out["verify_days"] = profile.clocks.verify;
  out["proof_days_min"] = profile.clocks.proof_min;
  out["proof_days_max"] = profile.clocks.proof_max;
  out["export_name"] = profile.export_name;
  out["export_width"] = profile.export_width;
  out["export_height"] = profile.export_height;
  out["prints"] = profile.handover.prints;
  out["originals_days"] = profile.retention.originals_days;
  out["pictures_days"] = profile.retention.pictures_days;
  out["records_days"] = profile.retention.records_days;
  return out;
}

}  // namespace

Result<Answer> show_campaign(Node& node, const json::object&, const Progress&) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.enrolled());
  const core::Profile& profile = all->profile;
  const core::WallMs now = node.surroundings().clock.wall();
  Answer answer;
  json::object& body = answer.body;
  body["schema"] = "satchel.campaign/1";
  body["name"] = profile.name;
  body["school"] = profile.school;
  body["school_code"] = profile.school_code;
  body["version"] = all->campaign.profile.version;
  body["digest"] = core::hash("satchel profile digest", all->campaign.profile.toml).hex().substr(0, 16);
  const bool site = node.self().role == core::Role::site;
  const auto& windows = site ? core::windows_of(profile, node.self().name) : profile.windows;
  json::array documents;
  for (const core::Window& window : windows) documents.push_back(window_document(window, now));
  body["windows"] = std::move(documents);
  if (site) body["timing"] = core::timing_name(core::timing(profile, node.self().name, now));
  body["consent"] = profile.consent.text;
  body["rules"] = rules_document(profile);
  // What a newer program wrote and this one cannot read yet.
  const Meta meta{node.store()};
  SATCHEL_TRY_ASSIGN(const auto offered, meta.offered_profiles(all->campaign.founding));
  if (!offered.empty() && core::newer_profile(offered.back(), all->campaign.profile)) {
    body["newer_unreadable"] = offered.back().version;
  }
  return answer;
}

Result<Answer> sign_campaign(Node& node, const json::object& arguments, const Progress&) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::string path, text_argument(arguments, "file"));
  SATCHEL_TRY_ASSIGN(core::Bytes file, read_named(node.surroundings().disk, path, core::kProfileMax));
  SATCHEL_TRY(core::parse_profile(core::as_text(file)));
  const core::SignedProfile& before = all->campaign.profile;
  const auto changes = core::compare_profiles(core::as_text(before.toml), core::as_text(file));
  if (changes.empty()) return Error{Code::kNothingToDo, "the profile sets what it set before"};

  const bool dry_run = flag(arguments, "dry_run");
  const std::uint64_t version = all->ledger->number(before.version + 1);
  if (!dry_run) {
    const core::SignedProfile signed_profile =
        core::sign_profile(all->campaign.founding.id(), version, std::move(file), node.identity().sign);
    Ledger::Turn turn = all->ledger->turn();
    turn.make_urgent();
    SATCHEL_TRY(turn.state(core::kEveryone, core::Lane::control, core::ProfileFact{core::encode(signed_profile)}));
    SATCHEL_TRY(turn.commit());
    SATCHEL_TRY(node.follow_profile());
  }
  json::array list;
  for (const core::ProfileChange& change : changes) {
    list.push_back(json::object{{"key", change.key}, {"before", change.before}, {"after", change.after}});
  }
  Answer answer;
  answer.body["schema"] = "satchel.signed/1";
  answer.body["version"] = version;
  answer.body["dry_run"] = dry_run;
  answer.body["changes"] = std::move(list);
  return answer;
}

}  // namespace satchel::node
