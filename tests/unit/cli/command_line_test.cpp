#include "cli/command_line.h"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include "tests/unit/cli/support.h"

using namespace satchel;
using namespace satchel::cli;
using test::environment;
using test::has;

namespace {

ParsedLine parse(std::vector<std::string> words) { return parse_command_line(words, environment({}), "/desk/photos"); }

std::string arguments(std::vector<std::string> words) {
  const ParsedLine line = parse(std::move(words));
  if (const auto* problem = std::get_if<UsageProblem>(&line.what)) return problem->problem;
  return boost::json::serialize(std::get<Invocation>(line.what).arguments);
}

std::string operation(std::vector<std::string> words) {
  const ParsedLine line = parse(std::move(words));
  if (const auto* problem = std::get_if<UsageProblem>(&line.what)) return problem->problem;
  return std::string(std::get<Invocation>(line.what).command->operation);
}

UsageProblem problem(std::vector<std::string> words) {
  const ParsedLine line = parse(std::move(words));
  const auto* found = std::get_if<UsageProblem>(&line.what);
  return found != nullptr ? *found : UsageProblem{};
}

}  // namespace

TEST_CASE("every command of the contract is understood") {
  CHECK(operation({"hub", "init", "--profile", "p"}) == "hub.init");
  CHECK(operation({"hub", "enroll", "r", "--out", "c"}) == "hub.enroll");
  CHECK(operation({"site", "init", "--name", "n", "--out", "r", "--relay"}) == "site.init");
  CHECK(operation({"join", "card"}) == "join");
  CHECK(operation({"roster", "import", "f"}) == "roster.import");
  CHECK(operation({"code", "issue", "--out", "d"}) == "code.issue");
  CHECK(operation({"code", "scan", "a", "b"}) == "code.scan");
  CHECK(operation({"check", "a.jpg"}) == "check");
  CHECK(operation({"capture", "--code", "c", "--photo", "p", "--submit"}) == "capture");
  CHECK(operation({"drafts", "7K3QX-2MA9D"}) == "drafts");
  CHECK(operation({"submit", "7K3QX-2MA9D", "--draft", "x"}) == "submit");
  CHECK(operation({"run"}) == "run");
  CHECK(operation({"sync", "--peer", "h:1"}) == "sync");
  CHECK(operation({"stick", "write", "d"}) == "stick.write");
  CHECK(operation({"stick", "read", "d"}) == "stick.read");
  CHECK(operation({"review", "list"}) == "review.list");
  CHECK(operation({"review", "approve", "a", "b"}) == "review.approve");
  CHECK(operation({"review", "reject", "a", "--reason", "R-BLUR"}) == "review.reject");
  CHECK(operation({"export", "--out", "d"}) == "export");
  CHECK(operation({"status"}) == "status");
  CHECK(operation({"log", "verify"}) == "log.verify");
  CHECK(operation({"version"}) == "version");
}

TEST_CASE("relative paths are taken from the current folder, and names are left alone") {
  CHECK(arguments({"capture", "--code", "../c.png", "--photo", "/a//b/./p.jpg", "--override", "../x"}) ==
        R"({"code":"/desk/c.png","photo":"/a/b/p.jpg","submit":false,"override":"../x"})");
  CHECK(arguments({"stick", "write", "usb/"}) == R"({"dir":"/desk/photos/usb"})");
  CHECK(arguments({"code", "scan", "a.png", "/b.png"}) == R"({"images":["/desk/photos/a.png","/b.png"]})");
  // The answer of check repeats what was typed.
  CHECK(arguments({"check", "a.jpg", "b.jpg"}) == R"({"images":["a.jpg","b.jpg"],"explain":false})");
}

TEST_CASE("flags, numbers and lists become typed arguments") {
  CHECK(arguments({"sync", "--peer", "h:1", "--until-done", "--deadline", "20m"}) ==
        R"({"peer":"h:1","until_done":true,"originals":false,"deadline_s":1200})");
  CHECK(arguments({"sync", "--peer=h:1"}) == R"({"peer":"h:1","until_done":false,"originals":false})");
  CHECK(arguments({"run", "--peer", "a:1", "--listen", "b:0", "--peer", "c:2"}) ==
        R"({"listen":"b:0","peers":["a:1","c:2"],"no_lan":false})");
  CHECK(arguments({"review", "reject", "--reason", "R-BLUR", "A", "B", "--note", "re-take"}) ==
        R"({"students":["A","B"],"reason":"R-BLUR","note":"re-take"})");
}

TEST_CASE("global options may stand before and after the command") {
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"--json", "--home", "x", "--lang", "zh", "hub", "init", "--profile", "p"},
                                             {"hub", "--json", "--home", "x", "init", "--lang=zh", "--profile", "p"},
                                             {"hub", "init", "--profile", "p", "--lang", "zh", "--home=x", "--json"}}) {
    const ParsedLine line = parse(words);
    REQUIRE(std::holds_alternative<Invocation>(line.what));
    CHECK(line.globals.json);
    CHECK(line.globals.home == "x");
    CHECK(line.globals.language == Language::zh);
    CHECK_FALSE(line.globals.no_input);
  }
}

TEST_CASE("a file that has a command's name is a file") {
  CHECK(arguments({"join", "status"}) == R"({"card":"/desk/photos/status"})");
  CHECK(arguments({"check", "sync", "hub"}) == R"({"images":["sync","hub"],"explain":false})");
  CHECK(arguments({"join", "--", "--json"}) == R"({"card":"/desk/photos/--json"})");
}

TEST_CASE("a mistyped word brings the one that was meant") {
  CHECK(problem({"stauts"}).suggestion == "status");
  CHECK(problem({"--json", "revew", "list"}).suggestion == "review");
  CHECK(problem({"hub", "enrol"}).suggestion == "enroll");
  CHECK(problem({"sync", "--pear", "h:1"}).suggestion == "--peer");
  CHECK(problem({"sync", "--peer", "h:1", "--dealine=20m"}).suggestion == "--deadline");
  CHECK(problem({"status", "--jsn"}).suggestion == "--json");
  CHECK(problem({"--jsno", "status"}).suggestion == "--json");
  CHECK(problem({"frobnicate"}).suggestion.empty());
  CHECK(problem({"stauts"}).problem == "There is no command “stauts”. Did you mean “status”?");
  CHECK(problem({"stauts", "--lang", "zh"}).problem == "没有“stauts”这个命令。是不是“status”？");
}

TEST_CASE("what is missing, surplus, doubled or empty is named") {
  CHECK(problem({}).problem == "No command was given.");
  CHECK(problem({"hub"}).problem == "No command was given.");
  CHECK(problem({"hub", "init"}).problem == "--profile is missing.");
  CHECK(problem({"join"}).problem == "CARD is missing.");
  CHECK(problem({"join", "a", "b"}).problem == "There are more arguments than this command takes.");
  CHECK(problem({"export", "--out"}).problem == "--out takes exactly one value.");
  CHECK(problem({"export", "--out", "a", "--out", "b"}).problem == "--out takes exactly one value.");
  CHECK(problem({"export", "--out", ""}).problem == "The value of --out is empty.");
  CHECK(problem({"status", "--home", ""}).problem == "The value of --home is empty.");
  CHECK(has(problem({"sync", "--peer", "h:1", "--deadline", "20"}).problem, "--deadline"));
  CHECK(problem({"status", "--lang", "fr"}).problem == "--lang must be zh or en.");
  CHECK(problem({"join", "\xff"}).problem == "The value of CARD is not UTF-8.");
}

TEST_CASE("a line with a problem is still answered in the language and form that it asks for") {
  const ParsedLine line = parse({"nonsense", "--json", "--lang=zh"});
  CHECK(std::holds_alternative<UsageProblem>(line.what));
  CHECK(line.globals.json);
  CHECK(line.globals.language == Language::zh);
}

TEST_CASE("help is there for the program, a group and a command, in both languages") {
  const auto help = [](std::vector<std::string> words) {
    const ParsedLine line = parse(std::move(words));
    REQUIRE(std::holds_alternative<Help>(line.what));
    return std::get<Help>(line.what).text;
  };
  for (const Command& command : all_commands()) {
    if (command.group.empty()) CHECK(has(help({"--help"}), command.word));
  }
  CHECK(has(help({"review", "--help"}), "approve"));
  CHECK(has(help({"sync", "--help"}), "--until-done"));
  CHECK(has(help({"sync", "-h"}), "--home"));
  CHECK(has(help({"sync", "--help", "--lang", "zh"}), "对方地址"));
}

TEST_CASE("the node's folder comes from the option, then the variables, then the user's home") {
  const auto home = [](const std::string& typed, std::map<std::string, std::string> variables) {
    Globals globals;
    globals.home = typed;
    const auto found = home_folder(globals, environment(std::move(variables)), "/desk");
    return found ? *found : std::string(core::info(found.error().code).id);
  };
  CHECK(home("a/../b/", {{"SATCHEL_HOME", "/c"}}) == "/desk/b");
  CHECK(home("", {{"SATCHEL_HOME", "c"}, {"XDG_DATA_HOME", "/d"}}) == "/desk/c");
  CHECK(home("", {{"XDG_DATA_HOME", "/d"}, {"HOME", "/h"}}) == "/d/satchel");
  CHECK(home("", {{"XDG_DATA_HOME", "relative"}, {"HOME", "/h"}}) == "/h/.local/share/satchel");
  CHECK(home("", {}) == "E-USAGE");
}
