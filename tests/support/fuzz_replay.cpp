// The ordinary build's driver of a fuzz target: every file of a folder of seeds as it is, then repeatable mutations of them
// (flips, cuts, repeats, length bombs). SATCHEL_FUZZ_RUNS and SATCHEL_FUZZ_SEED set how many and which; both are printed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "tests/support/seeded_rng.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::vector<Input> read_seeds(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  if (std::filesystem::is_directory(folder)) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Input> seeds;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

void mutate_once(Input& input, satchel::tests::SeededRng& rng) {
  const std::size_t at = input.empty() ? 0 : rng.below(input.size());
  switch (rng.below(5)) {
    case 0:
      if (!input.empty()) input[at] = static_cast<std::uint8_t>(input[at] ^ (1U << rng.below(8)));
      break;
    case 1: input.resize(at); break;
    case 2: input.insert(input.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint8_t>(rng.below(256))); break;
    case 3:  // where a length may stand: the largest value of one to eight bytes
      for (std::size_t i = at; i < std::min(input.size(), at + 1 + rng.below(8)); ++i) input[i] = 0xFF;
      break;
    default: {
      const Input piece(input.begin() + static_cast<std::ptrdiff_t>(at), input.end());
      if (input.size() < 65536) input.insert(input.end(), piece.begin(), piece.end());
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<Input> seeds = argc > 1 ? read_seeds(argv[1]) : std::vector<Input>{};
  const std::uint64_t seed = number_from_environment("SATCHEL_FUZZ_SEED", 1);
  const std::uint64_t runs = number_from_environment("SATCHEL_FUZZ_RUNS", 2000);
  std::printf("%zu seeds, SATCHEL_FUZZ_SEED=%llu SATCHEL_FUZZ_RUNS=%llu\n", seeds.size(), static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(runs));
  std::fflush(stdout);

  LLVMFuzzerTestOneInput(nullptr, 0);
  for (const Input& input : seeds) LLVMFuzzerTestOneInput(input.data(), input.size());
  satchel::tests::SeededRng rng(seed);
  for (std::uint64_t run = 0; run < runs; ++run) {
    Input input;
    if (seeds.empty() || rng.below(16) == 0) {
      input.resize(rng.below(512));
      rng.fill(input);
    } else {
      input = seeds[rng.below(seeds.size())];
    }
    for (std::uint64_t count = rng.below(4) + 1; count > 0; --count) mutate_once(input, rng);
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  return 0;
}
