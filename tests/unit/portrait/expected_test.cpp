// Numbers of a few drawn people, with tolerances, in expected.csv: a change of a rule shows here as a number and not only as a
// verdict. After a change that is meant: SATCHEL_WRITE_EXPECTED=1 build/tests/unit_portrait "the numbers of*".
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/portrait/check.h"
#include "examples/portraits/people.h"

using namespace satchel::core::portrait;
using namespace satchel::examples;

namespace {

struct Row {
  std::string look, seed, code, value, tolerance;
};

std::vector<Row> rows_of(const std::string& path) {
  std::vector<Row> out;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);  // the head
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    Row row;
    std::getline(cells, row.look, ',');
    std::getline(cells, row.seed, ',');
    std::getline(cells, row.code, ',');
    std::getline(cells, row.value, ',');
    std::getline(cells, row.tolerance, ',');
    out.push_back(row);
  }
  return out;
}

Picture drawn(const std::string& name, std::uint64_t seed) {
  Look look;
  Dice dice(seed);
  if (name != "plain") REQUIRE(look_named(name, dice, look));
  return draw_look(seed, look, 480, 640);
}

double tolerance(double value) { return std::max(0.02, std::abs(value) * 0.06); }

void write(const std::string& path, Judge& judge) {
  std::ofstream out(path);
  out << "look,seed,code,value,tolerance\n";
  for (const char* look : {"plain", "open-mouth", "glasses", "top-light", "curtain", "nose-shine"}) {
    for (const std::uint64_t seed : {51u, 52u}) {
      const Verdict verdict = judge.check(drawn(look, seed), {}, FileMarks{});
      for (const auto* list : {&verdict.findings, &verdict.passed}) {
        for (const Finding& f : *list) {
          char line[160];
          if (std::isnan(f.value)) {
            std::snprintf(line, sizeof line, "%s,%u,%s,unknown,\n", look, static_cast<unsigned>(seed),
                          std::string(f.code).c_str());
          } else {
            std::snprintf(line, sizeof line, "%s,%u,%s,%.4g,%.2g\n", look, static_cast<unsigned>(seed),
                          std::string(f.code).c_str(), f.value, tolerance(f.value));
          }
          out << line;
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("the numbers of a dozen people are those of the table") {
  const std::string path = SATCHEL_EXPECTED_CSV;
  const auto judge = Judge::load();
  REQUIRE(judge);
  if (std::getenv("SATCHEL_WRITE_EXPECTED") != nullptr) write(path, **judge);
  const std::vector<Row> rows = rows_of(path);
  REQUIRE(rows.size() > 300);
  std::string drawn_last;
  Verdict verdict;
  for (const Row& row : rows) {
    if (row.look + row.seed != drawn_last) {
      verdict = (*judge)->check(drawn(row.look, std::stoull(row.seed)), {}, FileMarks{});
      drawn_last = row.look + row.seed;
    }
    CAPTURE(row.look, row.seed, row.code);
    const Finding* found = nullptr;
    for (const auto* list : {&verdict.findings, &verdict.passed}) {
      for (const Finding& f : *list) {
        if (f.code == row.code) found = &f;
      }
    }
    REQUIRE(found != nullptr);
    if (row.value == "unknown") {
      CHECK(found->level == Level::unknown);
    } else {
      CHECK(found->value == Approx(std::stod(row.value)).margin(std::stod(row.tolerance)));
    }
  }
}
