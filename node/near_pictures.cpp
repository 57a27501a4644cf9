#include "node/near_pictures.h"

#include <set>

#include "core/portrait/phash.h"
#include "core/store/keys.h"

namespace satchel::node {
namespace {

constexpr int kBands = 4;
constexpr int kBandBits = 16;

std::uint16_t band_of(std::uint64_t hash, int band) { return static_cast<std::uint16_t>(hash >> (band * kBandBits)); }

core::Bytes bucket(int band, std::uint16_t bits) {
  core::ByteWriter out;
  out.u8(core::keys::kNearPicture).u8(static_cast<std::uint8_t>(band));
  out.u8(static_cast<std::uint8_t>(bits >> 8)).u8(static_cast<std::uint8_t>(bits & 0xFF));
  return std::move(out).take();
}

}  // namespace

void put_near_picture(core::WriteBatch& batch, core::StudentRef student, std::uint64_t hash) {
  if (hash == 0) return;
  for (int band = 0; band < kBands; ++band) {
    core::Bytes key = bucket(band, band_of(hash, band));
    core::append(key, core::ByteWriter{}.u64_be(student.value).u64_be(hash).bytes());
    batch.put(std::move(key), {});
  }
}

core::Result<std::vector<NearPicture>> near_pictures(const core::Store& store, std::uint64_t hash) {
  std::set<NearPicture> found;
  if (hash == 0) return std::vector<NearPicture>{};
  const auto visit = [&](core::ByteView key, core::ByteView) {
    core::ByteReader in{key.last(16)};
    NearPicture one;
    one.student.value = in.u64_be();
    one.hash = in.u64_be();
    one.bits = core::portrait::hash_distance(hash, one.hash);
    if (one.bits <= kNearBits) found.insert(one);
    return true;
  };
  for (int band = 0; band < kBands; ++band) {
    const std::uint16_t here = band_of(hash, band);
    SATCHEL_TRY(store.scan(bucket(band, here), {}, visit));
    for (int bit = 0; bit < kBandBits; ++bit) {
      SATCHEL_TRY(store.scan(bucket(band, static_cast<std::uint16_t>(here ^ (1U << bit))), {}, visit));
    }
  }
  return std::vector<NearPicture>(found.begin(), found.end());
}

}  // namespace satchel::node
