#include "core/portrait/faces.h"

#include <algorithm>

namespace satchel::core::portrait {
namespace {

/// The `most` pairs that come first by `before`, whatever the order in which they are found.
template <class Before>
class Shortlist {
 public:
  Shortlist(std::size_t most, Before before) : most_(most), before_(before) {}
  void add(const FacePair& pair) {
    ++count_;
    if (most_ == 0) return;
    if (pairs_.size() == most_) {
      if (!before_(pair, pairs_.front())) return;
      std::pop_heap(pairs_.begin(), pairs_.end(), before_);
      pairs_.pop_back();
    }
    pairs_.push_back(pair);
    std::push_heap(pairs_.begin(), pairs_.end(), before_);
  }
  std::size_t count() const { return count_; }
  std::vector<FacePair> take() {
    std::sort_heap(pairs_.begin(), pairs_.end(), before_);
    return std::move(pairs_);
  }

 private:
  std::size_t most_;
  Before before_;
  std::size_t count_ = 0;
  std::vector<FacePair> pairs_;
};

bool by_place(const FacePair& a, const FacePair& b) { return a.one != b.one ? a.one < b.one : a.two < b.two; }

}  // namespace

FaceComparison compare_faces(std::span<const SeenAs> pictures, const RecogniserScale& scale, std::size_t most,
                             const std::function<bool(std::size_t)>& step) {
  const auto more = [](const FacePair& a, const FacePair& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : by_place(a, b);
  };
  const auto less = [](const FacePair& a, const FacePair& b) {
    return a.similarity != b.similarity ? a.similarity < b.similarity : by_place(a, b);
  };
  Shortlist same(most, more);
  Shortlist unlike(most, less);
  FaceComparison out;
  for (std::size_t two = 0; two < pictures.size(); ++two) {
    if (step && !step(two)) break;
    for (std::size_t one = 0; one < two; ++one) {
      const auto angle = cosine(pictures[one].face, pictures[two].face);
      if (!angle) continue;
      const FacePair pair{one, two, similarity(*angle, scale)};
      if (pictures[one].person != pictures[two].person) {
        ++out.strangers;
        if (pair.similarity >= kSameFace) same.add(pair);
      } else if (pair.similarity <= kUnlikeFace) {
        unlike.add(pair);
      }
    }
  }
  out.same_count = same.count();
  out.unlike_count = unlike.count();
  out.same = same.take();
  out.unlike = unlike.take();
  return out;
}

}  // namespace satchel::core::portrait
