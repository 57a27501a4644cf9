#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <vector>

#include "cli/check_pool.h"

namespace satchel::cli {

/// What the pictures of a folder have in common: counts, reasons by frequency (Pareto), and a table of all numbers.
class CheckSummary {
 public:
  void add(const CheckedPicture& picture);
  /// A "satchel.check-summary/1" document. "reasons": each with how many pictures it failed and advised, most failures first, and
  /// the share of the failed pictures that it and those before it account for. "refused": files that failed, with their codes.
  boost::json::object document(std::size_t skipped) const;
  /// UTF-8 with a byte order mark, as Excel in China opens it: a row a picture, a column for each rule's number.
  std::string csv() const;

 private:
  struct Reason {
    std::string code, zh, en;
    std::size_t failed = 0, advised = 0;
  };
  struct Row {
    std::string file, grade, codes, error;
    int width = 0, height = 0, faces = 0;
    double score = 0;
    std::map<std::string, double> numbers;
  };
  std::size_t count(std::string_view grade) const;

  std::vector<Row> rows_;
  std::map<std::string, Reason> reasons_;       ///< by code
  std::map<std::string, std::string> columns_;  ///< measure → code of its rule
};

}  // namespace satchel::cli
