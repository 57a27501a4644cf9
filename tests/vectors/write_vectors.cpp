// write_vectors VECTORS SEEDS: draws every vector from its fixed seed, and writes the files of protocol/vectors and the seeds of
// the fuzz targets. Look at what changed before it is committed: a changed vector is a changed format.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/support/with_crypto.h"
#include "tests/vectors/kinds.h"

namespace {

namespace fs = std::filesystem;
using satchel::core::Bytes;
using satchel::core::ByteView;
using namespace satchel::tests;

void write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

/// What every format must refuse, then what only this one knows. A change that reads as something else is no refusal.
Cases cases_of(const Kind& kind, const Fields& inputs, const Bytes& bytes) {
  Cases out{{"cut by a byte", Bytes(bytes.begin(), bytes.end() - 1)}, {"a byte more", bytes}};
  out[1].second.push_back(0);
  for (const std::size_t at : {bytes.size() / 2, bytes.size() - 1}) {
    Bytes changed = bytes;
    changed[at] ^= 1;
    out.emplace_back("byte " + std::to_string(at) + " changed", changed);
  }
  for (auto& one : kind.refusals(inputs, bytes)) out.push_back(std::move(one));
  return out;
}

VectorFile draw(const Kind& kind) {
  Cast cast;
  VectorFile file;
  file.inputs.add("spec", "protocol/SPEC.md, \"" + kind.spec + "\"");
  file.inputs.add("comment", kind.comment);
  kind.draw(cast, file.inputs);
  file.bytes = kind.build(file.inputs);
  if (const auto read = kind.decode(file.inputs, file.bytes); !read)
    std::cerr << kind.name << " does not read: " << outcome(read) << "\n";
  for (auto& [name, bytes] : cases_of(kind, file.inputs, file.bytes)) {
    const std::string expect = outcome(kind.decode(file.inputs, bytes));
    if (expect == "success") {
      std::cerr << kind.name << ", " << name << ": is taken\n";
      continue;
    }
    file.refusals.push_back({name, expect, bytes});
  }
  return file;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: write_vectors VECTORS SEEDS\n";
    return 2;
  }
  for (const Kind& kind : all_kinds()) {
    const VectorFile file = draw(kind);
    write(fs::path{argv[1]} / (kind.name + ".txt"), to_text(file));
    if (kind.fuzz.empty()) continue;
    const fs::path seeds = fs::path{argv[2]} / kind.fuzz;
    write(seeds / "sound", satchel::core::as_text(file.bytes));
    for (std::size_t i = 0; i < file.refusals.size(); ++i) {
      write(seeds / ("refused-" + std::to_string(i)), satchel::core::as_text(file.refusals[i].bytes));
    }
  }
  return 0;
}
