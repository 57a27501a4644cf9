#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/portrait/model_file.h"

namespace satchel::core::portrait {

/// A face as a recogniser sees it: numbers whose direction tells people apart. It is worked out when it is wanted, and neither
/// stored nor sent.
struct FaceFeatures {
  std::vector<float> values;
};

/// From a cosine to the notices' scale of 100: 80 stands where one pair of strangers in 10,000 would be taken for one person. No
/// two models agree on that cosine, so it is measured with the model (calibrate()) and kept with it.
struct RecogniserScale {
  double cosine_at_80 = 0;
  std::uint64_t pairs = 0;  ///< of strangers, by which it was measured
};

inline constexpr double kFalseAcceptRate = 1e-4;
/// A scale outside of this is no recogniser's.
inline constexpr double kCosineLeast = 0.01, kCosineMost = 0.99;
inline constexpr double kAboveTheNext = 1e-6;
/// Fewer pairs of strangers than this say nothing of one in 10,000; 142 people give as many.
inline constexpr std::uint64_t kPairsLeast = 10'000;

/// A recogniser that the operator supplies, and its scale.
struct RecogniserFile {
  ModelFile model;
  RecogniserScale scale;
};

/// nullopt for features of different models.
std::optional<double> cosine(const FaceFeatures& a, const FaceFeatures& b) noexcept;
/// 0..100; grows with `cosine`.
double similarity(double cosine, const RecogniserScale& scale) noexcept;
/// The scale of a model by what it makes of people of whom no two are the same person, one picture each.
RecogniserScale calibrate(const std::vector<FaceFeatures>& strangers);

}  // namespace satchel::core::portrait
