#pragma once

#include <rapidcheck.h>

#include "core/base/ids.h"

namespace satchel::tests {

template <class T>
T below(T bound) {
  return *rc::gen::inRange<T>(0, bound);
}

/// Few values, so that two draws often hit the same log.
inline core::LogId any_log() {
  const core::Audience audience = *rc::gen::element(core::kToHub, core::Audience{1}, core::Audience{300}, core::kEveryone);
  const core::NodeNumber node =
      *rc::gen::element(core::NodeNumber{0}, core::NodeNumber{1}, core::NodeNumber{200}, core::NodeNumber{0xFFFFFFFE});
  const core::Incarnation incarnation = *rc::gen::element(core::Incarnation{1}, core::Incarnation{~0ULL});
  return {{node, incarnation}, audience, core::kLanes[below<std::size_t>(4)]};
}

inline core::Seq any_seq() {
  return *rc::gen::element(core::Seq{0}, core::Seq{1}, core::Seq{2}, core::Seq{127}, core::Seq{128}, core::Seq{70'000},
                           core::Seq{~0ULL});
}

}  // namespace satchel::tests
