#include "tests/support/node_home.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <sstream>

namespace satchel::tests {

namespace json = boost::json;

namespace {

std::string stderr_so_far;

std::string sentence(const Arguments& arguments) {
  std::string line = "satchel";
  for (const std::string& argument : arguments) line += " " + argument;
  return line;
}

std::string describe(const Arguments& arguments, const Outcome& outcome) {
  std::ostringstream text;
  text << sentence(arguments) << "\nexit " << outcome.exit << " signal " << outcome.signal
       << (outcome.timed_out ? " timed out" : "") << "\nstdout: " << outcome.out.substr(0, 4000)
       << "\nstderr: " << outcome.err.substr(0, 4000);
  return text.str();
}

bool holds_chinese(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0xE4 && static_cast<unsigned char>(c) <= 0xE9) return true;
  }
  return false;
}

}  // namespace

const std::string& said_on_stderr() { return stderr_so_far; }

json::value parse_json(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  INFO("not one JSON document: " << text.substr(0, 2000));
  REQUIRE(!error);
  return value;
}

void require_keys(const json::object& document, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    INFO("key " << key << " in " << json::serialize(document).substr(0, 2000));
    REQUIRE(document.contains(key));
  }
}

void require_error(const json::object& error, std::string_view id) {
  require_keys(error, {"code", "zh", "cure_zh", "en", "cure_en", "detail"});
  INFO(json::serialize(error));
  REQUIRE(text_at(error, "code") == id);
  REQUIRE(holds_chinese(text_at(error, "zh")));
  REQUIRE(holds_chinese(text_at(error, "cure_zh")));
  REQUIRE(!text_at(error, "en").empty());
  REQUIRE(!text_at(error, "cure_en").empty());
}

std::int64_t number_at(const json::object& document, const std::string& key) {
  require_keys(document, {key});
  const json::value& value = document.at(key);
  INFO(key << " in " << json::serialize(document).substr(0, 2000));
  REQUIRE(value.is_number());
  return value.to_number<std::int64_t>();
}

std::string text_at(const json::object& document, const std::string& key) {
  require_keys(document, {key});
  const json::value& value = document.at(key);
  INFO(key << " in " << json::serialize(document).substr(0, 2000));
  REQUIRE(value.is_string());
  return std::string(value.get_string().data(), value.get_string().size());
}

Arguments NodeHome::with_home(const Arguments& arguments, const Arguments& more) const {
  Arguments all{"--home", path_.string(), "--no-input"};
  all.insert(all.end(), more.begin(), more.end());
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

Launch NodeHome::launch(const Arguments& arguments, const Arguments& more) const {
  Launch out{SATCHEL_PROGRAM, with_home(arguments, more)};
  const bool links = !arguments.empty() && (arguments.front() == "sync" || arguments.front() == "run");
  if (clock_ != nullptr) out.environment = clock_->environment(links, name_ + sentence(arguments));
  out.environment.insert(out.environment.end(), environment_.begin(), environment_.end());
  return out;
}

Outcome NodeHome::run_here(const Arguments& arguments, const Arguments& more) const {
  Outcome outcome = run(launch(arguments, more), kCommandTime);
  stderr_so_far += outcome.err;
  return outcome;
}

Outcome NodeHome::say(const Arguments& arguments) const { return run_here(arguments, {}); }

json::object NodeHome::ask(const Arguments& arguments, int exit) const {
  const Arguments all = with_home(arguments, {"--json"});
  const Outcome outcome = run_here(arguments, {"--json"});
  INFO(describe(all, outcome));
  REQUIRE(outcome.exit == exit);
  const json::value document = parse_json(outcome.out);
  REQUIRE(document.is_object());
  return document.get_object();
}

std::vector<json::object> NodeHome::ask_lines(const Arguments& arguments, int exit) const {
  const Arguments all = with_home(arguments, {"--json"});
  const Outcome outcome = run_here(arguments, {"--json"});
  INFO(describe(all, outcome));
  REQUIRE(outcome.exit == exit);
  std::vector<json::object> documents;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) documents.push_back(parse_json(line).as_object());
  return documents;
}

void NodeHome::refuses(const Arguments& arguments, int exit, std::string_view id) const {
  const json::object document = ask(arguments, exit);
  require_error(document, id);
  REQUIRE(text_at(document, "schema") == "satchel.error/1");
  REQUIRE(number_at(document, "exit") == exit);
  for (const char* language : {"zh", "en"}) {
    const Arguments all = with_home(arguments, {"--lang", language});
    const Outcome outcome = run_here(arguments, {"--lang", language});
    INFO(describe(all, outcome));
    REQUIRE(outcome.exit == exit);
    REQUIRE(outcome.out.empty());
    REQUIRE(outcome.err.find(id) != std::string::npos);
    REQUIRE(outcome.err.find(text_at(document, language)) != std::string::npos);
    REQUIRE(outcome.err.find(text_at(document, std::string("cure_") + language)) != std::string::npos);
  }
}

Process NodeHome::start(const Arguments& arguments) const { return Process(launch(arguments, {"--json"})); }

RunningNode::RunningNode(const NodeHome& home, const Arguments& more, const std::string& listen)
    : process_([&] {
        Arguments arguments{"run", "--listen", listen};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return home.start(arguments);
      }()) {
  const bool ready = process_.wait_for_line(kCommandTime);
  const std::string out = process_.out();
  INFO("the node in " << home.path() << " said: " << out << process_.err());
  REQUIRE(ready);
  const json::value document = parse_json(out.substr(0, out.find('\n')));
  require_keys(document.as_object(), {"schema", "listen", "role", "name", "pid"});
  address_ = text_at(document.as_object(), "listen");
  REQUIRE(number_at(document.as_object(), "pid") == process_.pid());
}

void RunningNode::stop() {
  process_.send(15);
  const Outcome outcome = process_.wait(kCommandTime);
  stderr_so_far += outcome.err;
  INFO("after SIGTERM: exit " << outcome.exit << " signal " << outcome.signal << "\n" << outcome.err);
  REQUIRE_FALSE(outcome.timed_out);
  REQUIRE(outcome.exit == 0);
}

}  // namespace satchel::tests
