#include "tests/unit/code/code_corpus.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace satchel::tests {
namespace {

using core::GrayImage;

/// Grey values before they are rounded.
struct Plane {
  int width;
  int height;
  std::vector<double> grey;
  double& at(int x, int y) {
    return grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
};

Plane smooth(const Plane& in, double sigma) {
  if (sigma <= 0) return in;
  const int radius = static_cast<int>(std::ceil(3 * sigma));
  std::vector<double> kernel;
  double sum = 0;
  for (int i = -radius; i <= radius; ++i) {
    kernel.push_back(std::exp(-i * i / (2 * sigma * sigma)));
    sum += kernel.back();
  }
  const auto pass = [&](Plane from, int dx, int dy) {
    Plane out = from;
    for (int y = 0; y < from.height; ++y) {
      for (int x = 0; x < from.width; ++x) {
        double value = 0;
        for (int i = -radius; i <= radius; ++i) {
          const int column = std::clamp(x + i * dx, 0, from.width - 1);
          const int row = std::clamp(y + i * dy, 0, from.height - 1);
          value += kernel[static_cast<std::size_t>(i + radius)] / sum * from.at(column, row);
        }
        out.at(x, y) = value;
      }
    }
    return out;
  };
  return pass(pass(in, 1, 0), 0, 1);
}

/// The code's modules, one pixel each, without margin.
GrayImage modules_of(const std::string& text) {
  const GrayImage drawn = core::draw_qr(text, 1).value();
  constexpr int kMargin = 4;
  GrayImage out{drawn.width - 2 * kMargin, drawn.height - 2 * kMargin, {}};
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      out.gray.push_back(drawn.gray[static_cast<std::size_t>(y + kMargin) * static_cast<std::size_t>(drawn.width) +
                                    static_cast<std::size_t>(x + kMargin)]);
    }
  }
  return out;
}

}  // namespace

GrayImage draw_shot(const Shot& shot) {
  const GrayImage code = modules_of(shot.text);
  const double half = code.width / 2.0;
  const int side = static_cast<int>((code.width + 24) * shot.module_px);
  const double angle = shot.degrees * std::numbers::pi / 180;
  const double light = std::min(250.0, 128 + shot.contrast / 2);
  Plane plane{side, side, std::vector<double>(static_cast<std::size_t>(side) * static_cast<std::size_t>(side))};
  constexpr int kFine = 4;  // points to a pixel's side
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      double sum = 0;
      for (int i = 0; i < kFine * kFine; ++i) {
        const double px = (x + (i % kFine + 0.5) / kFine - side / 2.0) / shot.module_px;
        const double py = (y + (i / kFine + 0.5) / kFine - side / 2.0) / shot.module_px;
        const double u = std::cos(angle) * px + std::sin(angle) * py;
        const double v = -std::sin(angle) * px + std::cos(angle) * py;
        const double far = std::max(std::abs(u), std::abs(v));
        if (far >= half + shot.margin) {
          sum += shot.ground;
        } else if (far < half * shot.covered) {
          sum += light - shot.contrast / 2;
        } else if (far >= half) {
          sum += light;
        } else {
          const auto at =
              static_cast<std::size_t>(v + half) * static_cast<std::size_t>(code.width) + static_cast<std::size_t>(u + half);
          sum += code.gray[at] == 0 ? light - shot.contrast : light;
        }
      }
      plane.at(x, y) = sum / (kFine * kFine);
    }
  }
  plane = smooth(plane, shot.blur_modules * shot.module_px);
  std::mt19937 dice{shot.seed};
  const double turn = 0.3 + 0.1 * (shot.seed % 5);  // the screen stands a little askew
  const int first = static_cast<int>(12 * shot.module_px + shot.cut * code.width * shot.module_px);
  GrayImage out{side - (shot.cut > 0 ? first : 0), side, {}};
  for (int y = 0; y < side; ++y) {
    for (int x = side - out.width; x < side; ++x) {
      // The sum of twelve even draws is as good as normal.
      double noise = -6;
      for (int i = 0; i < 12; ++i) noise += static_cast<double>(dice() % 10'000) / 10'000;
      double value = plane.at(x, y) + shot.noise * noise;
      if (shot.wave > 0) {
        const double across = std::cos(turn) * x + std::sin(turn) * y;
        const double down = std::cos(turn) * y - std::sin(turn) * x;
        value += shot.wave * (std::cos(2 * std::numbers::pi * across / shot.wave_px) +
                              0.5 * std::cos(2 * std::numbers::pi * down / shot.wave_px));
      }
      out.gray.push_back(static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L)));
    }
  }
  return out;
}

GrayImage draw_ean13(const std::string& digits, int module_px) {
  // GS1 General Specifications, 5.2.1: sets A, B (A of C reversed) and C, and which of A and B the first digit asks for.
  constexpr std::array<const char*, 10> kA{"0001101", "0011001", "0010011", "0111101", "0100011",
                                           "0110001", "0101111", "0111011", "0110111", "0001011"};
  constexpr std::array<const char*, 10> kParity{"AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB",
                                                "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"};
  const auto digit = [&](std::size_t i) { return static_cast<std::size_t>(digits.at(i) - '0'); };
  const auto right_of = [&](std::size_t d) {
    std::string out = kA[d];
    for (char& c : out) c = c == '0' ? '1' : '0';
    return out;
  };
  std::string bars = "101";
  for (std::size_t i = 1; i <= 6; ++i) {
    std::string one = kA[digit(i)];
    if (kParity[digit(0)][i - 1] == 'B') {
      one = right_of(digit(i));
      std::reverse(one.begin(), one.end());
    }
    bars += one;
  }
  bars += "01010";
  for (std::size_t i = 7; i <= 12; ++i) bars += right_of(digit(i));
  bars += "101";
  const std::string line = std::string(11, '0') + bars + std::string(11, '0');
  GrayImage out{static_cast<int>(line.size()) * module_px, 60 * module_px, {}};
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      out.gray.push_back(line[static_cast<std::size_t>(x / module_px)] == '1' ? 10 : 245);
    }
  }
  return out;
}

}  // namespace satchel::tests
