// `sync`: one meeting, or as many as it takes.
#include <boost/json/array.hpp>

#include "node/approach.h"
#include "node/awaiting.h"
#include "node/exchange.h"

namespace satchel::node {

namespace asio = boost::asio;
namespace json = boost::json;
using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr std::int64_t kProgressMs = 250;
constexpr std::int64_t kRetryMs = 1'000;
/// Without a deadline, an address that never answers is given up after so many tries.
constexpr int kFirstTries = 3;

/// Errors that another try would meet again: said at once.
bool final_error(Code code) {
  switch (code) {
    case Code::kPeerNotEnrolled:
    case Code::kRefusedByPeer:
    case Code::kRevoked:
    case Code::kOtherCampaign:
    case Code::kVersionUnknown:
    case Code::kHandshake: return true;
    default: return core::info(code).exit == core::Exit::storage;
  }
}

/// Counts for as long as it lives.
class Wanted {
 public:
  explicit Wanted(int* count) : count_(count) {
    if (count_ != nullptr) ++*count_;
  }
  Wanted(const Wanted&) = delete;
  Wanted& operator=(const Wanted&) = delete;
  ~Wanted() {
    if (count_ != nullptr) --*count_;
  }

 private:
  int* count_;
};

json::object lane_counts(const std::array<std::uint64_t, 4>& lanes) {
  json::object out;
  for (const core::Lane lane : core::kLanes) out[core::lane_name(lane)] = lanes[core::lane_index(lane)];
  return out;
}

json::object progress_document(const Connection& link, std::uint64_t waiting) {
  const protocol::Session& session = link.session();
  const protocol::SessionStats stats = session.stats();
  const protocol::SessionProgress progress = session.progress();
  json::object out;
  out["phase"] = session.idle() ? "wait" : session.peer() ? "transfer" : "link";
  out["carrier"] = carrier_name(link.stream().carrier());
  out["sent_bytes"] = stats.bytes_out;
  out["received_bytes"] = stats.bytes_in;
  out["to_send_bytes"] = progress.body_bytes_to_send;
  out["to_receive_bytes"] = progress.body_bytes_to_receive;
  out["waiting"] = waiting;
  return out;
}

}  // namespace

/// Everything that went over any of its links; a meeting it was if one of them stood.
void Exchange::Totals::add(const Approach& approach) {
  for (const auto& link : approach.links()) {
    const protocol::SessionStats stats = link->session().stats();
    bytes_in += stats.bytes_in;
    bytes_out += stats.bytes_out;
    for (std::size_t lane = 0; lane < sent.size(); ++lane) {
      sent[lane] += stats.bundles_sent[lane];
      received[lane] += stats.bundles_received[lane];
    }
    refused += stats.refused;
    refused_list.insert(refused_list.end(), stats.refused_list.begin(), stats.refused_list.end());
  }
  if (!approach.met()) return;
  ++meetings;
  carrier = approach.link()->stream().carrier();
  peer = approach.link()->session().peer()->name;
  originals_held = approach.link()->session().progress().originals_held;
}

Result<std::uint64_t> Exchange::unreceipted(bool but_originals) const {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node_.enrolled());
  SATCHEL_TRY_ASSIGN(const protocol::LaneTally waiting, all->shelf->waiting());
  std::uint64_t bundles = 0;
  for (const core::Lane lane : core::kLanes) {
    if (lane != core::Lane::original || !but_originals) bundles += waiting[core::lane_index(lane)].bundles;
  }
  return bundles;
}

/// Leaves a link over which nothing is left to do.
void Exchange::further(Task& task, Approach& approach, bool& finished) {
  const auto link = approach.link();
  if (!approach.met() || finished || !link->session().idle()) return;
  // Originals for which this line is too slow wait for a stick: nothing that another try would change.
  const auto left = unreceipted(link->session().progress().originals_held.bundles > 0);
  finished = !task.options.until_done || (left && *left == 0 && link->session().peer_has_nothing_for_us());
  // What the peer had no room for is offered again at the next meeting, not in this one.
  const bool refused = task.options.until_done && link->session().stats().refused > 0;
  if (finished || refused) link->leave();
}

void Exchange::tell_progress(const Task& task, const Connection& link) const {
  const auto left = unreceipted();
  task.progress(progress_document(link, left ? *left : 0));
}

asio::awaitable<Result<bool>> Exchange::meet(std::shared_ptr<Task> task) {
  if (task->progress) {
    json::object connecting;
    connecting["phase"] = "connect";
    task->progress(connecting);
  }
  auto peer = remembered(task->address);
  const bool by_memory = peer.has_value();
  const auto way = approach(task->address, task->options.carrier.value_or(carrier_), std::move(peer));
  const auto resolved = co_await way->resolve();
  if (!resolved) co_return resolved.error();

  const core::Clock& clock = node_.surroundings().clock;
  core::MonoMs told = clock.mono();
  bool finished = false;
  while (!stopping_ && way->look()) {
    further(*task, *way, finished);
    if (task->late(clock.mono())) way->drop();
    const auto link = way->link();
    if (task->progress && link && clock.mono() - told >= kProgressMs) {
      told = clock.mono();
      tell_progress(*task, *link);
    }
    co_await way->wait(kProgressMs);
  }
  task->totals.add(*way);
  const auto error = way->error();
  PlaceMemory learned = way->learned();
  const bool stranger = error && error->code == Code::kHandshake && by_memory;
  if (stranger) learned.node.reset();  // another node lives there now: ask who, next time
  remember(task->address, learned);
  if (stranger) co_return Error{Code::kLinkBroken, "another node answers at this address"};
  if (finished) co_return true;
  if (error) co_return *error;
  co_return false;
}

asio::awaitable<Result<Answer>> Exchange::sync(Address address, MeetingOptions options, Progress progress) {
  if (const auto enrolled = node_.enrolled(); !enrolled) co_return enrolled.error();
  const auto task = std::make_shared<Task>();
  task->address = std::move(address);
  task->options = options;
  task->progress = std::move(progress);
  const core::Clock& clock = node_.surroundings().clock;
  task->begun = clock.mono();
  changed();  // what lay in the inbox when the last process ended
  const Wanted wanted{options.originals ? &originals_wanted_ : nullptr};

  std::optional<Error> last;
  for (int tries = 1;; ++tries) {
    auto met = co_await meet(task);
    if (met && *met) co_return sync_answer(*task, "done", std::nullopt);
    last.reset();
    if (!met) last = met.error();
    // The word for files of another campaign has a cure for files; for a node it means that we are none of theirs.
    if (last && last->code == Code::kOtherCampaign) last = Error{Code::kRefusedByPeer, "it belongs to another campaign"};
    if (stopping_) co_return Result<Answer>{Code::kInterrupted};
    if (last && final_error(last->code)) co_return Result<Answer>{*last};
    const bool another_node = last && last->code == Code::kLinkBroken && !last->detail.empty() && tries == 1;
    if (task->late(clock.mono())) break;
    if (!another_node) {
      if (!options.until_done) break;
      if (task->totals.meetings == 0 && !options.deadline_ms && tries >= kFirstTries) break;
      co_await pause(kRetryMs);
    }
  }
  if (task->late(clock.mono())) last = Error{Code::kDeadline, {}};
  if (task->totals.meetings == 0) {
    if (!last || core::info(last->code).exit == core::Exit::partial) last = Error{Code::kPeerUnreachable, "it does not speak"};
    co_return sync_answer(*task, "unreachable", last);
  }
  // It ended as it should, on either side, before all was done.
  if (!last) last = Error{Code::kLinkBroken, {}};
  co_return sync_answer(*task, "partial", last);
}

Result<Answer> Exchange::sync_answer(const Task& task, std::string_view outcome, const std::optional<Error>& error) const {
  const Totals& totals = task.totals;
  SATCHEL_TRY_ASSIGN(const std::uint64_t waiting, unreceipted());
  Answer answer;
  answer.body["schema"] = "satchel.sync/1";
  answer.body["peer"] = task.address.text();
  answer.body["peer_name"] = totals.peer;
  answer.body["outcome"] = outcome;
  answer.body["seconds"] = static_cast<double>(node_.surroundings().clock.mono() - task.begun) / 1000.0;
  answer.body["meetings"] = totals.meetings;
  answer.body["carrier"] = nullptr;
  if (totals.carrier) answer.body["carrier"] = carrier_name(*totals.carrier);
  answer.body["sent_bytes"] = totals.bytes_out;
  answer.body["received_bytes"] = totals.bytes_in;
  answer.body["bundles_sent"] = lane_counts(totals.sent);
  answer.body["bundles_received"] = lane_counts(totals.received);
  answer.body["waiting"] = waiting;
  answer.body["originals_held"] =
      json::object{{"bundles", totals.originals_held.bundles}, {"bytes", totals.originals_held.bytes}};
  json::array refused;
  for (const protocol::RefusedBundle& one : totals.refused_list) {
    json::object item = error_item(Error{one.code, {}});
    item["by_peer"] = one.by_peer;
    item["lane"] = core::lane_name(one.id.log.lane);
    refused.push_back(std::move(item));
  }
  answer.body["refused"] = std::move(refused);
  if (error) {
    answer.body["error"] = error_item(*error);
    answer.exit = core::info(error->code).exit;
  }
  return answer;
}

}  // namespace satchel::node
