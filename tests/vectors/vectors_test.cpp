#include <catch2/catch.hpp>
#include <fstream>
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

}  // namespace
}  // namespace satchel::tests
