#include "node/client.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstring>
#include <optional>
#include <thread>

#include "node/awaiting.h"
#include "node/doctor.h"
#include "node/exchange.h"
#include "node/home.h"
#include "node/local_server.h"
#include "node/operations.h"

namespace satchel::node {

namespace asio = boost::asio;
namespace json = boost::json;
using core::Code;
using core::Error;
using core::Result;

namespace {

/// How long a command waits for another command that has the database open.
constexpr int kBusyTries = 100;
constexpr auto kBusyPause = std::chrono::milliseconds(100);

/// A connected local socket, or -1 when no node runs there.
int connect_local(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return -1;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  sockaddr generic{};
  static_assert(sizeof generic <= sizeof address);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd);
    return -1;
  }
  return fd;
}

bool send_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// One line of the answer: progress goes on, anything else ends it.
std::optional<Result<Answer>> take_line(std::string_view line, const Progress& progress) {
  boost::system::error_code malformed;
  json::value parsed = json::parse(json::string_view(line.data(), line.size()), malformed);
  if (malformed || !parsed.is_object()) return Result<Answer>{Error{Code::kNodeBusy, "an answer that is no JSON"}};
  json::object& object = parsed.get_object();
  if (const auto* step = object.if_contains("progress"); step != nullptr && step->is_object()) {
    if (progress) progress(step->get_object());
    return std::nullopt;
  }
  if (const auto* error = object.if_contains("error"); error != nullptr && error->is_string()) {
    const auto* detail = object.if_contains("detail");
    return Result<Answer>{
        error_from(error->get_string(), detail != nullptr && detail->is_string() ? std::string(detail->get_string()) : "")};
  }
  auto* body = object.if_contains("body");
  const auto* exit = object.if_contains("exit");
  if (body == nullptr || !body->is_object() || exit == nullptr || !exit->is_int64()) {
    return Result<Answer>{Error{Code::kNodeBusy, "an answer of another version"}};
  }
  return Result<Answer>{Answer{std::move(body->get_object()), static_cast<core::Exit>(exit->get_int64())}};
}

Result<Answer> call_running(int fd, std::string_view operation, const json::object& arguments, const Progress& progress) {
  json::object request;
  request["operation"] = operation;
  request["arguments"] = arguments;
  std::string received;
  if (!send_all(fd, json::serialize(request) + "\n")) return Code::kNodeBusy;
  char buffer[16384];
  while (true) {
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return Error{Code::kNodeBusy, "it stopped while it worked"};
    received.append(buffer, static_cast<std::size_t>(n));
    for (std::size_t end = received.find('\n'); end != std::string::npos; end = received.find('\n')) {
      auto result = take_line(std::string_view(received).substr(0, end), progress);
      if (result) return *std::move(result);
      received.erase(0, end + 1);
    }
  }
}

/// Asio wants to build an empty result before there is one: the answer goes out by a pointer instead.
asio::awaitable<void> sync_into(Exchange* exchange, SyncRequest request, const Progress* progress,
                                std::optional<Result<Answer>>* out) {
  auto answer = co_await exchange->sync(request.address, request.options, *progress);
  out->emplace(std::move(answer));
  exchange->stop();
}

Result<Answer> sync_here(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(const SyncRequest request, parse_sync(arguments));
  asio::io_context io;
  Exchange exchange{io, node};
  std::optional<Result<Answer>> result;
  asio::co_spawn(io, sync_into(&exchange, request, &progress, &result), no_exception);
  io.run();
  SATCHEL_CHECK(result.has_value());
  return *std::move(result);
}

Result<Answer> call_here(const Surroundings& surroundings, const std::string& home, std::string_view name,
                         const json::object& arguments, const Progress& progress) {
  const Operation* operation = find_operation(name);
  if (operation == nullptr && name != "sync") return Error{Code::kUsage, "no such operation"};
  const bool reads = operation != nullptr && operation->access == Access::read;
  SATCHEL_TRY_ASSIGN(const auto node,
                     Node::open(surroundings, home, reads ? core::OpenMode::read_only : core::OpenMode::read_write));
  if (name == "sync") return sync_here(*node, arguments, progress);
  if (!reads && node->enrolled()) SATCHEL_TRY(node->digest_arrivals());  // what a process that was killed had taken in
  return operation->run(*node, arguments, progress);
}

}  // namespace

Result<Answer> call(const Surroundings& surroundings, const std::string& home, std::string_view operation,
                    const json::object& arguments, const Progress& progress) {
  if (operation == "hub.init") return init_hub(surroundings, home, arguments);
  if (operation == "doctor") return doctor(surroundings, home, arguments);  // beside a node that runs, and without one
  if (operation == "site.init") return init_site(surroundings, home, arguments);
  for (int tries = 1;; ++tries) {
    if (const int fd = connect_local(Home{home}.socket()); fd >= 0) {
      if (operation == "join") {
        ::close(fd);
        return Code::kStoreBusy;
      }
      auto answer = call_running(fd, operation, arguments, progress);
      ::close(fd);
      return answer;
    }
    auto answer =
        operation == "join" ? join(surroundings, home, arguments) : call_here(surroundings, home, operation, arguments, progress);
    if (answer || answer.error().code != Code::kStoreBusy || tries >= kBusyTries) return answer;
    std::this_thread::sleep_for(kBusyPause);  // another command is at work; it will be done in a moment
  }
}

}  // namespace satchel::node
