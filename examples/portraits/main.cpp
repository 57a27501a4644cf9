// satchel-portraits: draws people who do not exist, one JPEG each, and says on stdout where everything is (one JSON line a file).
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/portrait/encode.h"
#include "examples/portraits/people.h"

namespace {

using namespace satchel;
using examples::Defect;

constexpr const char* kUsage =
    "usage: satchel-portraits --out DIR [--seed N] [--count K] [--size WIDTHxHEIGHT] [--quality Q] [--defect NAME]\n"
    "                         [--look NAME[,NAME...]] [--list-looks]\n"
    "  draws K synthetic people (seeds N, N+1, ...) into DIR/person-<seed>-<n>[-defect].jpg, 960x1280 unless told otherwise\n"
    "  defects: blurred dark half-dark over-exposed tilted too-small off-centre two-faces no-face blue-on-blue\n"
    "  looks: --list-looks prints their names, each with the finding that it deserves; \"harmless\" draws one that deserves "
    "none\n";

struct Options {
  std::string out;
  std::uint64_t seed = 1;
  int count = 1;
  int width = 960;
  int height = 1280;
  int quality = 92;
  Defect defect = Defect::none;
  std::string look;
};

/// The look of one person; a list of names adds up.
bool look_of(const Options& options, std::uint64_t seed, examples::Look& look) {
  examples::Dice dice(seed * 0xA24BAED4963EE407ull + 5);
  std::string_view rest = options.look;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view name = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    if (name == "harmless") {
      look = examples::harmless_lots(dice);
    } else if (!examples::look_named(name, dice, look)) {
      return false;
    }
  }
  return true;
}

template <class Number>
bool parse(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool parse_size(std::string_view text, Options& options) {
  const std::size_t x = text.find('x');
  return x != std::string_view::npos && parse(text.substr(0, x), options.width) && parse(text.substr(x + 1), options.height) &&
         std::min(options.width, options.height) >= 16 && std::max(options.width, options.height) <= 8000;
}

bool parse_defect(std::string_view text, Options& options) {
  const auto defect = examples::defect_named(text);
  options.defect = defect.value_or(Defect::none);
  return defect.has_value();
}

bool parse_arguments(int argc, char** argv, Options& options) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view key = argv[i];
    const std::string_view value = argv[i + 1];
    bool fits = false;
    if (key == "--out") {
      options.out = value;
      fits = !options.out.empty();
    } else if (key == "--seed") {
      fits = parse(value, options.seed);
    } else if (key == "--count") {
      fits = parse(value, options.count) && options.count > 0;
    } else if (key == "--quality") {
      fits = parse(value, options.quality) && options.quality >= 1 && options.quality <= 100;
    } else if (key == "--size") {
      fits = parse_size(value, options);
    } else if (key == "--look") {
      options.look = value;
      examples::Look ignored;
      fits = look_of(options, 1, ignored);
    } else if (key == "--defect") {
      fits = parse_defect(value, options);
    }
    if (!fits) return false;
  }
  return argc % 2 == 1 && !options.out.empty() && (options.look.empty() || options.defect == Defect::none);
}

void print_truth(const std::string& file, std::uint64_t seed, const Options& options, const examples::Truth& truth) {
  std::printf(
      "{\"file\":\"%s\",\"seed\":%llu,\"defect\":\"%s\",\"expected\":\"%s\",\"width\":%d,\"height\":%d,\"faces\":%d,"
      "\"left_eye\":[%.2f,%.2f],\"right_eye\":[%.2f,%.2f],\"face_width\":%.2f,\"hairline_y\":%.2f,\"roll_deg\":%.2f}\n",
      file.c_str(), static_cast<unsigned long long>(seed), std::string(name(options.defect)).c_str(),
      std::string(expected_code(options.defect)).c_str(), options.width, options.height, truth.faces, truth.left_eye.x,
      truth.left_eye.y, truth.right_eye.x, truth.right_eye.y, truth.face_width, truth.hairline_y, truth.roll_deg);
}

bool write_person(const Options& options, int n) {
  const std::uint64_t seed = options.seed + static_cast<std::uint64_t>(n);
  examples::Truth truth;
  examples::Look look;
  look_of(options, seed, look);
  const core::portrait::Picture picture = options.look.empty()
                                              ? draw_person(seed, options.defect, options.width, options.height, &truth)
                                              : draw_look(seed, look, options.width, options.height, &truth);
  const auto jpeg = core::portrait::encode_jpeg(picture, {options.quality, 300, core::portrait::Subsampling::k420});
  std::string file = "person-" + std::to_string(options.seed) + "-" + std::to_string(n);
  if (!options.look.empty()) {
    std::string part = options.look;
    std::replace(part.begin(), part.end(), ',', '+');
    file += "-" + part;
  }
  if (options.defect != Defect::none) file += "-" + std::string(name(options.defect));
  file += ".jpg";
  if (!jpeg) return false;
  std::ofstream out(std::filesystem::path(options.out) / file, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(jpeg->data()), static_cast<std::streamsize>(jpeg->size()));
  out.close();
  if (!out) return false;
  print_truth(file, seed, options, truth);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (argc == 2 && std::string_view(argv[1]) == "--list-looks") {
    std::fputs(std::string(examples::look_names()).c_str(), stdout);
    return 0;
  }
  if (!parse_arguments(argc, argv, options)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  for (int n = 0; n < options.count; ++n) {
    if (write_person(options, n)) continue;
    std::fprintf(stderr, "cannot write into %s\n", options.out.c_str());
    return 1;
  }
  return 0;
}
