// `sync`: one meeting, or as many as it takes.
#include <boost/asio/co_spawn.hpp>
#include <boost/json/array.hpp>

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

json::object lane_counts(const std::array<std::uint64_t, 4>& lanes) {
  json::object out;
  for (const core::Lane lane : core::kLanes) out[core::lane_name(lane)] = lanes[core::lane_index(lane)];
  return out;
}

json::object progress_document(std::string_view phase, const protocol::Session& session, std::uint64_t waiting) {
  const protocol::SessionStats stats = session.stats();
  const protocol::SessionProgress progress = session.progress();
  json::object out;
  out["phase"] = phase;
  out["sent_bytes"] = stats.bytes_out;
  out["received_bytes"] = stats.bytes_in;
  out["to_send_bytes"] = progress.body_bytes_to_send;
  out["to_receive_bytes"] = progress.body_bytes_to_receive;
  out["waiting"] = waiting;
  return out;
}

}  // namespace

void Exchange::Totals::add(const protocol::Session& session) {
  const protocol::SessionStats stats = session.stats();
  bytes_in += stats.bytes_in;
  bytes_out += stats.bytes_out;
  for (std::size_t lane = 0; lane < sent.size(); ++lane) {
    sent[lane] += stats.bundles_sent[lane];
    received[lane] += stats.bundles_received[lane];
  }
  refused += stats.refused;
  refused_list.insert(refused_list.end(), stats.refused_list.begin(), stats.refused_list.end());
  if (session.peer()) peer = session.peer()->name;
}

Result<std::uint64_t> Exchange::unreceipted() const {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node_.enrolled());
  SATCHEL_TRY_ASSIGN(const protocol::LaneTally waiting, all->shelf->waiting());
  std::uint64_t bundles = 0;
  for (const protocol::Tally& lane : waiting) bundles += lane.bundles;
  return bundles;
}

asio::awaitable<Result<bool>> Exchange::meet(std::shared_ptr<Task> task) {
  if (task->progress) {
    json::object connecting;
    connecting["phase"] = "connect";
    task->progress(connecting);
  }
  auto socket = co_await dial(task->address);
  if (!socket) co_return socket.error();
  auto peer = remembered(task->address);
  const bool by_memory = peer.has_value();
  auto opened = open(*std::move(socket), /*calling=*/true, std::move(peer));
  if (!opened) co_return opened.error();
  const Live live = *opened;
  asio::co_spawn(io_, serve(live), no_exception);

  const core::Clock& clock = node_.surroundings().clock;
  core::MonoMs told = clock.mono();
  bool finished = false;
  while (live_.contains(live)) {
    if (live->session().idle() && !finished) {
      const auto left = unreceipted();
      finished = !task->options.until_done || (left && *left == 0 && live->session().peer_has_nothing_for_us());
      if (finished) live->leave();
    }
    // What the peer had no room for is offered again at the next meeting, not in this one.
    const bool refused = live->session().idle() && live->session().stats().refused > 0;
    if (refused && task->options.until_done && !finished) live->leave();
    if (task->late(clock.mono())) live->drop();
    if (task->progress && clock.mono() - told >= kProgressMs) {
      told = clock.mono();
      const auto left = unreceipted();
      const std::string_view phase = live->session().idle() ? "wait" : live->session().peer() ? "transfer" : "link";
      task->progress(progress_document(phase, live->session(), left ? *left : 0));
    }
    stirred_.expires_after(std::chrono::milliseconds(kProgressMs));
    co_await stirred_.async_wait(kAwaitTuple);
  }
  task->totals.add(live->session());
  if (live->session().peer()) ++task->totals.meetings;
  if (live->error() && live->error()->code == Code::kHandshake && by_memory) {
    remember(task->address, std::nullopt);  // another node lives there now: ask who, next time
    co_return Error{Code::kLinkBroken, "another node answers at this address"};
  }
  if (live->session().peer() && live->session().stats().bytes_in > 0 && !live->error()) {
    remember(task->address, live->session().peer());
  }
  if (finished) co_return true;
  if (live->error()) co_return *live->error();
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
  if (!last) last = Error{Code::kSyncPartial, {}};
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
  answer.body["sent_bytes"] = totals.bytes_out;
  answer.body["received_bytes"] = totals.bytes_in;
  answer.body["bundles_sent"] = lane_counts(totals.sent);
  answer.body["bundles_received"] = lane_counts(totals.received);
  answer.body["waiting"] = waiting;
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
