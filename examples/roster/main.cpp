// satchel-roster: writes a roster of people who do not exist, for the quickstart, the tests and first steps.
//   satchel-roster --seed 1 --students 20 --sites 甲教学点,乙教学点 --out roster.csv

#include <CLI/CLI.hpp>

#include <ctime>
#include <fstream>
#include <iostream>

#include "examples/roster/people_maker.h"

namespace {

bool valid_month(const std::string& text) {
  const bool digits = text.size() == 6 && text.find_first_not_of("0123456789") == std::string::npos;
  return digits && text >= "200001" && text.substr(4) >= "01" && text.substr(4) <= "12";
}

std::string this_month() {
  const std::time_t now = std::time(nullptr);
  std::tm date{};
  gmtime_r(&now, &date);
  char text[8] = {};
  std::strftime(text, sizeof text, "%Y%m", &date);
  return text;
}

int run(int argc, char** argv) {
  satchel::examples::RosterWish wish;
  std::string out;
  std::string month;
  CLI::App app{"Write a roster of people who do not exist / 生成虚构学生名册"};
  app.add_option("--seed", wish.seed, "the same seed draws the same people")->capture_default_str();
  app.add_option("--students", wish.students, "how many")->capture_default_str()->check(CLI::Range(1, 1'000'000));
  app.add_option("--sites", wish.sites, "names of the sites, split by commas")->required()->delimiter(',');
  app.add_option("--month", month, "YYYYMM for which it is made (default: this month)")
      ->check(CLI::Validator([](const std::string& text) { return valid_month(text) ? "" : "not YYYYMM"; }, "YYYYMM"));
  app.add_option("--out", out, "the CSV file to write; an old one is replaced")->required();
  CLI11_PARSE(app, argc, argv);

  if (month.empty()) month = this_month();
  wish.year = std::stoi(month.substr(0, 4));
  wish.month = std::stoi(month.substr(4));
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
