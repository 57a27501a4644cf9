#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/support/with_crypto.h"
#include "tests/vectors/kinds.h"

namespace satchel::tests {
namespace {

VectorFile read(const std::string& name) {
  std::ifstream file{std::string{SATCHEL_VECTORS} + "/" + name + ".txt"};
  REQUIRE(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  return parse_vector_file(text.str());
}

TEST_CASE("the bytes of every format are made again from the inputs of its vector, and read") {
  for (const Kind& kind : all_kinds()) {
    INFO(kind.name);
    const VectorFile file = read(kind.name);
    CHECK(core::to_hex(kind.build(file.inputs)) == core::to_hex(file.bytes));
    CHECK(outcome(kind.decode(file.inputs, file.bytes)) == "success");
  }
}

TEST_CASE("every refusal in the vectors is refused, for the reason that stands there") {
  for (const Kind& kind : all_kinds()) {
    const VectorFile file = read(kind.name);
    CHECK(file.refusals.size() >= 4);
    for (const VectorFile::Refusal& refusal : file.refusals) {
      INFO(kind.name << ": " << refusal.name);
      CHECK(outcome(kind.decode(file.inputs, refusal.bytes)) == refusal.expect);
    }
  }
}

TEST_CASE("a vector file names the section of the specification and says what it shows") {
  for (const Kind& kind : all_kinds()) {
    INFO(kind.name);
    const VectorFile file = read(kind.name);
    CHECK(file.inputs.text("spec") == "protocol/SPEC.md, \"" + kind.spec + "\"");
    CHECK_FALSE(file.inputs.text("comment").empty());
  }
}

/// Fenced blocks that begin with "```hex NAME": the first word of each line, in a row.
std::map<std::string, std::string> worked_examples(const std::filesystem::path& page) {
  std::map<std::string, std::string> out;
  std::ifstream file{page};
  std::string name;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      name = line.starts_with("```hex ") ? line.substr(7) : std::string{};
    } else if (!name.empty()) {
      out[name] += line.substr(0, line.find(' '));
    }
  }
  return out;
}

TEST_CASE("every worked example of the specification is the vector that it names") {
  std::set<std::string> shown;
  const std::filesystem::path folder = std::filesystem::path{SATCHEL_VECTORS}.parent_path();
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (entry.path().extension() != ".md") continue;
    for (const auto& [name, hex] : worked_examples(entry.path())) {
      INFO(name);
      CHECK(hex == core::to_hex(read(name).bytes));
      shown.insert(name);
    }
  }
  CHECK(shown.size() >= 12);
}

}  // namespace
}  // namespace satchel::tests
