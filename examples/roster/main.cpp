// satchel-roster: writes a roster of people who do not exist, for the quickstart, the tests and first steps.
//   satchel-roster --seed 1 --students 20 --sites 甲教学点,乙教学点 --out roster.csv

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>

#include "examples/roster/people_maker.h"

namespace {

int run(int argc, char** argv) {
  satchel::examples::RosterWish wish;
  std::string out;
  CLI::App app{"Write a roster of people who do not exist / 生成虚构学生名册"};
  app.add_option("--seed", wish.seed, "the same seed draws the same people")->capture_default_str();
  app.add_option("--students", wish.students, "how many")->capture_default_str()->check(CLI::Range(1, 1'000'000));
  app.add_option("--sites", wish.sites, "names of the sites, split by commas")->required()->delimiter(',');
  app.add_option("--out", out, "the CSV file to write; an old one is replaced")->required();
  CLI11_PARSE(app, argc, argv);

  std::ofstream file{out, std::ios::binary | std::ios::trunc};
  file << satchel::examples::make_roster(wish);
  file.close();
  if (!file) {
    std::cerr << "cannot write " << out << "\n";
    return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
