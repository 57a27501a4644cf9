#include "tests/vectors/vector_file.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <sstream>

#include "core/base/check.h"

namespace satchel::tests {
namespace {

void must(bool sound, std::string_view name) {
  if (!sound) std::cerr << "vector file: " << name << "\n";
  SATCHEL_CHECK(sound);
}

core::Bytes bytes_of(std::string_view name, const std::string& text) {
  const auto out = core::from_hex(text);
  must(out.has_value(), name);
  return *out;
}

/// Blank lines part the sections.
std::vector<Fields> sections(const std::string& text) {
  std::vector<Fields> out(1);
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) {
      out.emplace_back();
      continue;
    }
    const std::size_t colon = line.find(": ");
    must(colon != std::string::npos || line.back() == ':', line);
    const bool empty = colon == std::string::npos;
    out.back().add(line.substr(0, empty ? line.size() - 1 : colon), empty ? std::string{} : line.substr(colon + 2));
  }
  return out;
}

}  // namespace

const std::string& Fields::text(std::string_view name) const {
  const auto found = std::ranges::find(lines_, name, [](const auto& line) { return std::string_view{line.first}; });
  must(found != lines_.end(), name);
  return found->second;
}

core::Bytes Fields::hex(std::string_view name) const { return bytes_of(name, text(name)); }

std::uint64_t Fields::number(std::string_view name) const {
  const auto out = numbers(text(name));
  must(out.size() == 1, name);
  return out[0];
}

std::vector<std::string> Fields::all(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [each, value] : lines_) {
    if (each == name) out.push_back(value);
  }
  return out;
}

std::vector<std::uint64_t> numbers(const std::string& text) {
  std::vector<std::uint64_t> out;
  std::istringstream in{text};
  for (std::string word; in >> word;) {
    std::uint64_t value = 0;
    const auto end = std::from_chars(word.data(), word.data() + word.size(), value);
    must(end.ec == std::errc{} && end.ptr == word.data() + word.size(), text);
    out.push_back(value);
  }
  return out;
}

VectorFile parse_vector_file(const std::string& text) {
  const std::vector<Fields> parts = sections(text);
  VectorFile out;
  for (const auto& [name, value] : parts[0].lines()) {
    if (name == "bytes") {
      out.bytes = bytes_of(name, value);
    } else if (name != "expect") {
      out.inputs.add(name, value);
    }
  }
  must(parts[0].text("expect") == "success", "expect");
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].lines().empty()) continue;
    out.refusals.push_back({parts[i].text("case"), parts[i].text("expect"), parts[i].hex("bytes")});
  }
  return out;
}

std::string to_text(const VectorFile& file) {
  std::string out;
  const auto line = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(":");
    if (!value.empty()) out.append(" ").append(value);
    out.append("\n");
  };
  for (const auto& [name, value] : file.inputs.lines()) line(name, value);
  line("expect", "success");
  line("bytes", core::to_hex(file.bytes));
  for (const VectorFile::Refusal& refusal : file.refusals) {
    out.append("\n");
    line("case", refusal.name);
    line("expect", refusal.expect);
    line("bytes", core::to_hex(refusal.bytes));
  }
  return out;
}

}  // namespace satchel::tests
