#include "cli/program.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "cli/check_pool.h"
#include "node/system_clock.h"
#include "node/system_disk.h"
#include "node/system_rng.h"
#include "tests/unit/cli/support.h"

using namespace satchel;
using namespace satchel::cli;
using test::document;
using test::has;

namespace {

/// The program over canned answers.
struct Stage {
  node::SystemDisk disk;
  node::SystemClock clock;
  node::SystemRng rng;
  node::Surroundings surroundings{disk, clock, rng, {}};
  std::ostringstream out;
  std::ostringstream talk;
  bool terminal = false;
  core::Result<node::Answer> answer = node::Answer{};
  core::Result<void> ran = {};
  std::vector<boost::json::object> progress;
  std::string called_home;
  std::string called_operation;
  node::RunOptions run_options;
  std::optional<std::string> typed;  ///< what a person answers; nobody sits there without it

  int run(std::vector<std::string> words, std::map<std::string, std::string> variables = {{"HOME", "/nowhere"}}) {
    out.str("");
    talk.str("");
    const Machine machine{
        surroundings,
        Streams{out, talk, terminal, terminal, true},
        test::environment(std::move(variables)),
        "/desk",
        [&](const std::string& home, std::string_view operation, const boost::json::object&, const node::Progress& tell) {
          called_home = home;
          called_operation = std::string(operation);
          for (const auto& one : progress) tell(one);
          return answer;
        },
        [&](const node::RunOptions& options, const node::Progress& ready) {
          run_options = options;
          ready(document(R"({"schema":"satchel.run/1","listen":"127.0.0.1:9","role":"hub","name":"h","pid":1})"));
          return ran;
        },
        {},
        typed ? [this] { return typed; } : std::function<std::optional<std::string>()>{}};
    return run_program(words, machine);
  }
  std::size_t out_lines() const {
    const std::string text = out.str();
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
};

}  // namespace

TEST_CASE("with JSON an answer is one document, or one a line") {
  Stage stage;
  stage.answer = node::Answer{document(R"({"schema":"satchel.verify/1","bundles":1})"), core::Exit::ok};
  CHECK(stage.run({"--json", "log", "verify"}) == 0);
  CHECK(stage.out.str() == "{\"schema\":\"satchel.verify/1\",\"bundles\":1}\n");
  CHECK(stage.talk.str().empty());
  CHECK(stage.called_operation == "log.verify");
  CHECK(stage.called_home == "/nowhere/.local/share/satchel");
  stage.answer = node::Answer{document(R"({"lines":[{"schema":"satchel.scan/1"},{"schema":"satchel.scan/1"}]})"), core::Exit::ok};
  CHECK(stage.run({"code", "scan", "a", "b", "--json"}) == 0);
  CHECK(stage.out_lines() == 2);
}

TEST_CASE("an answer's own exit code is the program's") {
  Stage stage;
  stage.answer = node::Answer{document(R"({"schema":"satchel.roster/1"})"), core::Exit::partial};
  CHECK(stage.run({"roster", "import", "f"}) == 4);
}

TEST_CASE("an error is a sentence on standard error, or a document on standard output") {
  Stage stage;
  stage.answer = core::Error{core::Code::kPeerUnreachable, "h:1"};
  CHECK(stage.run({"sync", "--peer", "h:1"}) == 8);
  CHECK(stage.out.str().empty());
  CHECK(has(stage.talk.str(), "E-PEER-UNREACHABLE"));
  CHECK(stage.run({"sync", "--peer", "h:1", "--json"}) == 8);
  CHECK(stage.talk.str().empty());
  const boost::json::object error = document(stage.out.str());
  CHECK(error.at("schema") == "satchel.error/1");
  CHECK(error.at("code") == "E-PEER-UNREACHABLE");
  CHECK(error.at("exit") == 8);
}

TEST_CASE("a usage error exits 2 and suggests the word that was meant") {
  Stage stage;
  CHECK(stage.run({"stauts"}) == 2);
  CHECK(has(stage.talk.str(), "E-USAGE"));
  CHECK(has(stage.talk.str(), "Did you mean “status”?"));
  CHECK(stage.run({"stauts", "--json"}) == 2);
  const boost::json::object error = document(stage.out.str());
  CHECK(error.at("code") == "E-USAGE");
  CHECK(error.at("suggestion") == "status");
  CHECK(stage.called_operation.empty());
}

TEST_CASE("without a folder for its state the program says so") {
  Stage stage;
  CHECK(stage.run({"status"}, {}) == 2);
  CHECK(has(stage.talk.str(), "--home"));
  CHECK(stage.run({"version"}, {}) == 0);
  CHECK(has(stage.out.str(), "satchel "));
}

TEST_CASE("help goes to standard output, and is a document with JSON") {
  Stage stage;
  CHECK(stage.run({"--help"}) == 0);
  CHECK(has(stage.out.str(), "capture"));
  CHECK(stage.run({"--help", "--json"}) == 0);
  CHECK(document(stage.out.str()).at("schema") == "satchel.help/1");
}

TEST_CASE("progress is one line that is overwritten, on a terminal only") {
  Stage stage;
  stage.answer = node::Answer{document(R"({"schema":"satchel.sync/1","outcome":"done"})"), core::Exit::ok};
  stage.progress = {document(R"({"phase":"connect"})"),
                    document(R"({"phase":"transfer","sent_bytes":2048,"received_bytes":0,"to_send_bytes":4096})")};
  CHECK(stage.run({"sync", "--peer", "h:1"}) == 0);
  CHECK_FALSE(has(stage.talk.str(), "\r"));
  stage.terminal = true;
  CHECK(stage.run({"sync", "--peer", "h:1", "--lang", "zh"}) == 0);
  CHECK(has(stage.talk.str(), "\r已发送 2.0 KB，已接收 0 B，待发送 4.0 KB"));
  CHECK(stage.talk.str().ends_with("\r"));  // wiped away in the end
  CHECK(stage.run({"sync", "--peer", "h:1", "--json"}) == 0);
  CHECK(stage.talk.str().empty());
}

TEST_CASE("a node in the foreground says when it is ready") {
  Stage stage;
  CHECK(stage.run({"run", "--listen", "127.0.0.1:0", "--peer", "a:1", "--peer", "b:2", "--home", "h"}) == 0);
  CHECK(stage.out.str() == "listening on 127.0.0.1:9\n");
  CHECK(stage.run_options.home == "/desk/h");
  CHECK(stage.run_options.listen == "127.0.0.1:0");
  CHECK(stage.run_options.peers == std::vector<std::string>{"a:1", "b:2"});
  CHECK(stage.run_options.lan);
  CHECK(stage.run({"run", "--no-lan", "--home", "h"}) == 0);
  CHECK_FALSE(stage.run_options.lan);
  stage.ran = core::Error{core::Code::kListenFailed, {}};
  CHECK(stage.run({"run", "--json"}) == 1);
  CHECK(has(stage.out.str(), "E-LISTEN"));
}

TEST_CASE("a stick is read and written when a person agrees, and left alone otherwise") {
  Stage stage;
  // The folder of this very process stands for a place where sticks appear.
  const std::vector<std::string> watch{"stick", "watch", "--once", "--under", "/proc/self", "--home", "h"};
  CHECK(stage.run(watch) == 2);
  CHECK(has(stage.talk.str(), "add --yes"));
  stage.typed = "n";
  CHECK(stage.run(watch) == 0);
  CHECK(stage.called_operation.empty());
  CHECK(has(stage.talk.str(), "It was left alone."));
  std::vector<std::string> silent = watch;
  silent.push_back("--no-input");
  CHECK(stage.run(silent) == 2);
  stage.typed = "y";
  stage.answer = core::Error{core::Code::kStickReadBack, {}};
  CHECK(stage.run(watch) == 10);
  CHECK(stage.called_operation == "stick.write");
  CHECK(has(stage.talk.str(), "E-STICK-READBACK"));
  CHECK_FALSE(has(stage.out.str() + stage.talk.str(), "can be removed"));
}

TEST_CASE("an answer that could not be written is a failure") {
  Stage stage;
  stage.out.setstate(std::ios::badbit);
  CHECK(stage.run({"version"}) == 1);
}

TEST_CASE("several overlays get numbers before the ending") {
  CHECK(overlay_path("o.png", 0, 1) == "o.png");
  CHECK(overlay_path("d.x/o.png", 1, 3) == "d.x/o-2.png");
  CHECK(overlay_path("d.x/o", 0, 2) == "d.x/o-1");
  CHECK(overlay_path(".png", 0, 2) == ".png-1");
  CHECK(overlay_path("", 0, 2).empty());
}

TEST_CASE("pictures that cannot be read get a line each, and the others go on") {
  Stage stage;
  CHECK(stage.run({"check", "/nowhere/a.jpg", "/nowhere/b.jpg", "/dev/null", "--json"}) == 1);
  REQUIRE(stage.out_lines() == 3);
  std::istringstream lines(stage.out.str());
  std::vector<std::string> codes;
  for (std::string line; std::getline(lines, line);) {
    const boost::json::object one = document(line);
    CHECK(one.at("schema") == "satchel.check/1");
    codes.emplace_back(one.at("error").at("code").as_string());
  }
  CHECK(codes[0] == "E-FILE-MISSING");
  CHECK(codes[1] == "E-FILE-MISSING");
  CHECK(codes[2].starts_with("E-FILE-"));
}

TEST_CASE("a check without its detectors or its profile is one error") {
  Stage stage;
  CHECK(stage.run({"check", "a.jpg", "--json"}, {{"SATCHEL_CASCADES", "/nowhere"}}) == 1);
  CHECK(document(stage.out.str()).at("code") == "E-DETECTOR");
  CHECK(stage.run({"check", "a.jpg", "--profile", "/nowhere/p.toml", "--json"}) == 1);
  CHECK(document(stage.out.str()).at("code") == "E-FILE-MISSING");
}

TEST_CASE("a face model that is missing or unknown is one error, named by option or by the environment") {
  Stage stage;
  CHECK(stage.run({"check", "a.jpg", "--face-model", "/nowhere/m.onnx", "--json"}) == 1);
  CHECK(document(stage.out.str()).at("code") == "E-FILE-MISSING");
  CHECK(stage.run({"check", "a.jpg", "--json"}, {{"SATCHEL_FACE_MODEL", "/nowhere/m.onnx"}}) == 1);
  CHECK(document(stage.out.str()).at("code") == "E-FILE-MISSING");
  CHECK(stage.run({"check", "a.jpg", "--face-model", "/etc/passwd", "--json"}) == 1);
  CHECK(document(stage.out.str()).at("code") == "E-MODEL-UNKNOWN");
}
