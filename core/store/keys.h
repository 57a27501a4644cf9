#pragma once

#include <string_view>

#include "core/base/bytes.h"
#include "core/base/ids.h"

namespace satchel::core::keys {

// clang-format off
/// The map of the database. Every key begins with one of these letters; integers in keys are big-endian so that byte order is
/// numeric order. "sealed" values are seal_value(store key, associated = the key itself).
///
///   m <name>                       meta: founding, profile, members, group keys (sealed), schema version, counts
///   h <bundle id>                  header of a complete bundle (protocol/bundle.h), with hop-local arrival order
///   y <bundle id>                  that header is of an urgent bundle: found without reading the others of its log
///   c <bundle id> <offset u64>     a piece of a bundle's ciphertext, complete or partial
///   p <bundle id>                  partial bundle: header and how far it is durable
///   e <bundle id>                  second bundle under one number: the proof of an equivocation
///   r <log id> <record seq u64>    record: id, signature if any, sealed body
///   i <record id>                  where that record stands
///   a <record id>                  record of a former life that was said again: its place may hold another one (a cloned disk)
///   b <blob hash> <offset u64>     blob piece, sealed
///   v <blob hash>                  that blob is whole here: its size, the bundle that carries it ("where is it, provably"), and,
///                                  when its bytes lie in a body and not under b: which, where, and its content key, sealed
///   x <blob hash>                  the student whose picture it is
///   s <student ref u64> <record id>  records about one student: where each stands
///   t <student ref u64>            folded state of one student, sealed
///   u <student ref u64>            digest of that state without personal data, for lists and counts (node/digest.h)
///   o <bundle id>                  inbox: a complete bundle for us that is not opened yet
///   w <record id>                  which bundle carries this record
///   q <bundle id>                  quarantine: cause
///   z <bundle id>                  a person has released it from quarantine: it counts although its author is revoked
///   f <node number u32>            what is remembered of a peer
///   n <node number u32>            what is known of a peer as a way to the hub (protocol/shelf/routing.h)
///   l <log id>                     summary of a log of bundles: how far, how much (protocol/shelf/log_row.h)
///   d <node number u32>            how far a node itself has said that it holds the logs addressed to it
///   k <hash>                       a stick's manifest or segment that has been taken in wholly
///   g <node u32> <mark u64>        let go: of this author the body of the bundle with this mark (core/record/facts.h) is not wanted
///   C <class> 00 <student ref u64>     the students of a class; S <site u32> <student ref u64>: of a site (node/tally.h)
///   T c <class>, T s <site u32>        how many of its students stand where; T p <log id>: what these counts take as proven
///   P <student ref u64>                a picture of which no receipt was seen yet when the counts were last settled
///   H <band u8> <bits u16> <student ref u64> <perceptual hash u64>   near pictures are found by it (node/near_pictures.h)
///   F <digest> <student ref u64>   a foreign code of this keyed digest was matched to that student (node/foreign_match.h)
///   j <student ref u64> <version u64>  whose student that is, of the hub's index: for visitors (node/visitors.h)
///   X <blob hash>                  that picture was destroyed and is never kept again: whose, its size and bundle (node/purging.cpp)
///   D <student ref u64>            the hub has ordered a purge of this student that is not carried out and certified here yet
// clang-format on
inline constexpr char kMeta = 'm';
inline constexpr char kHeader = 'h';
inline constexpr char kUrgent = 'y';
inline constexpr char kChunk = 'c';
inline constexpr char kPartial = 'p';
inline constexpr char kEquivocation = 'e';
inline constexpr char kRecord = 'r';
inline constexpr char kRecordIndex = 'i';
inline constexpr char kSaidAgain = 'a';
inline constexpr char kBlob = 'b';
inline constexpr char kBlobIndex = 'v';
inline constexpr char kBlobStudent = 'x';
inline constexpr char kStudentRecord = 's';
inline constexpr char kStudentState = 't';
inline constexpr char kStudentDigest = 'u';
inline constexpr char kInbox = 'o';
inline constexpr char kWhere = 'w';
inline constexpr char kQuarantine = 'q';
inline constexpr char kReleased = 'z';
inline constexpr char kPeer = 'f';
inline constexpr char kNeighbour = 'n';
inline constexpr char kLog = 'l';
inline constexpr char kDirect = 'd';
inline constexpr char kStickSeen = 'k';
inline constexpr char kLetGo = 'g';
inline constexpr char kStudentIndex = 'j';
inline constexpr char kOfClass = 'C';
inline constexpr char kOfSite = 'S';
inline constexpr char kTally = 'T';
inline constexpr char kUnproven = 'P';
inline constexpr char kNearPicture = 'H';
inline constexpr char kDestroyed = 'X';
inline constexpr char kPurgeDue = 'D';
inline constexpr char kForeignCode = 'F';

/// node u32 ‖ incarnation u64 ‖ audience u32 ‖ lane u8: 17 bytes.
inline void put_log(ByteWriter& out, const LogId& log) {
  out.u32_be(log.author.node.value)
      .u64_be(log.author.incarnation.value)
      .u32_be(log.audience.value)
      .u8(static_cast<std::uint8_t>(log.lane));
}
inline Bytes log(char letter, const LogId& id) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(letter));
  put_log(out, id);
  return std::move(out).take();
}
/// A position in a log: of a bundle (h y c p e o q) or of a record (r).
inline Bytes at(char letter, const LogId& id, Seq seq) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(letter));
  put_log(out, id);
  out.u64_be(seq.value);
  return std::move(out).take();
}
inline Bytes bundle(char letter, const BundleId& id) { return at(letter, id.log, id.seq); }
inline Bytes piece(char letter, ByteView id, std::uint64_t offset) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(letter)).raw(id).u64_be(offset);
  return std::move(out).take();
}
inline Bytes named(char letter, std::string_view name) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(letter)).raw(as_bytes(name));
  return std::move(out).take();
}
inline Bytes of(char letter, ByteView id) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(letter)).raw(id);
  return std::move(out).take();
}
inline Bytes student(char letter, StudentRef ref) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(letter)).u64_be(ref.value);
  return std::move(out).take();
}
/// The log and position in a key made by at() or bundle(); nullopt for a key of another form.
inline std::optional<BundleId> parse_at(ByteView key) {
  ByteReader in{key};
  in.u8();
  BundleId id;
  id.log.author.node.value = in.u32_be();
  id.log.author.incarnation.value = in.u64_be();
  id.log.audience.value = in.u32_be();
  const std::uint8_t lane = in.u8();
  id.seq.value = in.u64_be();
  if (!in.ok() || lane >= kLanes.size()) return std::nullopt;
  id.log.lane = static_cast<Lane>(lane);
  return id;
}

}  // namespace satchel::core::keys
