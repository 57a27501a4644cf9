#include "node/local_server.h"

#include <sys/stat.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "node/arguments.h"
#include "node/awaiting.h"
#include "node/operations.h"

namespace satchel::node {

namespace asio = boost::asio;
namespace json = boost::json;
using core::Code;
using core::Error;
using core::Result;

namespace {

std::string result_line(const Result<Answer>& result) {
  json::object out;
  if (result) {
    out["exit"] = static_cast<int>(result->exit);
    out["body"] = result->body;
  } else {
    out["error"] = core::info(result.error().code).id;
    out["detail"] = result.error().detail;
  }
  return json::serialize(out) + "\n";
}

}  // namespace

Error error_from(std::string_view id, std::string detail) {
  for (const core::CodeInfo& code : core::all_codes()) {
    if (code.id == id) return {code.code, std::move(detail)};
  }
  return {Code::kInternal, std::move(detail)};
}

Result<SyncRequest> parse_sync(const json::object& arguments) {
  SyncRequest request;
  SATCHEL_TRY_ASSIGN(const std::string peer, text_argument(arguments, "peer"));
  SATCHEL_TRY_ASSIGN(request.address, parse_address(peer));
  request.options.until_done = flag(arguments, "until_done");
  request.options.originals = flag(arguments, "originals");
  if (const auto* seconds = arguments.if_contains("deadline_s"); seconds != nullptr && seconds->is_number()) {
    boost::system::error_code bad;
    const auto value = seconds->to_number<std::int64_t>(bad);
    constexpr std::int64_t kLongest = 366LL * 24 * 3600;
    if (bad || value < 1 || value > kLongest) return Error{Code::kUsage, "argument deadline_s"};
    request.options.deadline_ms = value * 1000;
  }
  if (const std::string carrier = optional_text(arguments, "carrier"); !carrier.empty()) {
    request.options.carrier = parse_carrier(carrier);
    if (!request.options.carrier) return Error{Code::kUsage, "argument carrier"};
  }
  return request;
}

Result<LocalRequest> parse_local_request(std::string_view line) {
  boost::system::error_code malformed;
  const json::value parsed = json::parse(line, malformed);
  const json::object* object = malformed ? nullptr : parsed.if_object();
  const json::value* arguments_value = object != nullptr ? object->if_contains("arguments") : nullptr;
  const json::object* arguments = arguments_value != nullptr ? arguments_value->if_object() : nullptr;
  if (arguments == nullptr) return Code::kUsage;
  return LocalRequest{optional_text(*object, "operation"), *arguments};
}

Result<void> LocalServer::listen() {
  const std::string path = node_.home().socket();
  boost::system::error_code failed;
  // sockaddr_un holds 107 bytes: a home that lies deeper works too, but only in one process at a time.
  constexpr std::size_t kPathMax = 107;
  if (path.size() > kPathMax) return Error{Code::kListenFailed, "the home's path is too long for a local socket"};
  if (node_.surroundings().disk.exists(path)) SATCHEL_TRY(node_.surroundings().disk.remove(path));
  const asio::local::stream_protocol::endpoint endpoint{path};
  acceptor_.emplace(io_);
  acceptor_->open(endpoint.protocol(), failed);
  const mode_t before = ::umask(0177);  // the socket is born readable by its owner alone
  if (!failed) acceptor_->bind(endpoint, failed);
  ::umask(before);
  if (!failed) acceptor_->listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return Error{Code::kListenFailed, failed.message()};
  asio::co_spawn(io_, accept_clients(), no_exception);
  return {};
}

void LocalServer::stop() {
  stopping_ = true;
  boost::system::error_code ignored;
  if (acceptor_) acceptor_->close(ignored);
  static_cast<void>(node_.surroundings().disk.remove(node_.home().socket()));
}

asio::awaitable<void> LocalServer::accept_clients() {
  while (!stopping_) {
    const auto client = std::make_shared<Socket>(io_);
    const auto [failed] = co_await acceptor_->async_accept(*client, kAwaitTuple);
    if (stopping_) break;
    if (!failed) asio::co_spawn(io_, serve(client), no_exception);
  }
}

asio::awaitable<void> LocalServer::serve(std::shared_ptr<Socket> client) {
  std::string request;
  auto buffer = asio::dynamic_buffer(request, kRequestMax);
  const auto [unread, size] = co_await asio::async_read_until(*client, buffer, '\n', kAwaitTuple);
  if (unread) co_return;
  request.resize(size);
  const auto result = co_await run(client, request);
  const std::string line = result_line(result);
  const auto source = asio::buffer(line);
  co_await asio::async_write(*client, source, kAwaitTuple);
}

asio::awaitable<Result<Answer>> LocalServer::run(std::shared_ptr<Socket> client, std::string request) {
  const auto parsed = parse_local_request(request);
  if (!parsed) co_return Result<Answer>{parsed.error()};
  const std::string name = parsed->operation;
  const json::object& arguments = parsed->arguments;

  const Progress progress = [client](const json::object& document) {
    json::object line;
    line["progress"] = document;
    const std::string text = json::serialize(line) + "\n";
    boost::system::error_code ignored;  // a client that went away misses its progress, no more
    client->non_blocking(true, ignored);
    client->send(asio::buffer(text), 0, ignored);
  };
  if (name == "sync") {
    auto wanted = parse_sync(arguments);
    if (!wanted) co_return Result<Answer>{wanted.error()};
    SyncRequest sync = *std::move(wanted);
    co_return co_await exchange_.sync(sync.address, sync.options, progress);
  }
  const Operation* operation = find_operation(name);
  if (operation == nullptr) co_return Result<Answer>{Error{Code::kUsage, "no such operation"}};
  Result<Answer> answer = operation->run(node_, arguments, progress);
  if (operation->access == Access::write) exchange_.changed();
  co_return answer;
}

}  // namespace satchel::node
