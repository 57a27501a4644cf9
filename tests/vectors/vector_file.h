#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/bytes.h"

namespace satchel::tests {

/// "name: value" lines in the order given; a name may come more than once. A name that is not there, and a value of another form,
/// end the program with the name: a vector file is ours.
class Fields {
 public:
  void add(std::string name, std::string value) { lines_.emplace_back(std::move(name), std::move(value)); }
  void add(std::string name, core::ByteView value) { add(std::move(name), core::to_hex(value)); }
  void add(std::string name, std::uint64_t value) { add(std::move(name), std::to_string(value)); }

  const std::string& text(std::string_view name) const;
  core::Bytes hex(std::string_view name) const;
  std::uint64_t number(std::string_view name) const;
  /// Values of all lines of that name.
  std::vector<std::string> all(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& lines() const { return lines_; }

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

/// Whole numbers, parted by spaces.
std::vector<std::uint64_t> numbers(const std::string& text);

/// A file of protocol/vectors: what the bytes are made from, the bytes, and refusals.
struct VectorFile {
  struct Refusal {
    std::string name;
    std::string expect;  ///< the stable text of a core::Code
    core::Bytes bytes;
  };
  Fields inputs;
  core::Bytes bytes;
  std::vector<Refusal> refusals;
};

VectorFile parse_vector_file(const std::string& text);
std::string to_text(const VectorFile& file);

}  // namespace satchel::tests
