#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// Every bound on what a peer, a stick or a file may ask of us. First what the formats fix (protocol/SPEC.md), then our own
/// choices with their reasons.
namespace satchel::protocol {

// --- fixed by the formats
inline constexpr std::uint8_t kBundleVersion = 1;
/// Clear fields of a header at their longest: version, shape, node, incarnation, audience, seq, length, root.
inline constexpr std::size_t kHeaderFieldsMax = 1 + 1 + 5 + 8 + 5 + 10 + 5 + 32;
/// kind ‖ hint ‖ wrapped content key with its tag.
inline constexpr std::size_t kStanzaSize = 1 + 4 + 32 + 16;
inline constexpr std::size_t kChunkTagSize = 16;
inline constexpr std::size_t kHashSize = 32;

// --- chosen
/// Hub, recovery key, group, and room for keys in two epochs.
inline constexpr std::size_t kStanzasMax = 8;
inline constexpr std::size_t kHeaderMax = kHeaderFieldsMax + 1 + 32 + kStanzasMax * kStanzaSize + 64;
/// A camera's largest original is about 40 MB; one bundle must also fit a stick segment.
inline constexpr std::uint64_t kCiphertextMax = 48ULL * 1024 * 1024;
inline constexpr std::size_t kChunkSizeMin = 16 * 1024;
inline constexpr std::size_t kChunkSizeMax = 64 * 1024;
/// Most chunks that a body can have: the longest one in the smallest chunks.
inline constexpr std::size_t kChunksMax = kCiphertextMax / kChunkSizeMin;
/// Runs and blobs in one bundle. A photo bundle holds a run and two or three blobs; a roster bundle one run.
inline constexpr std::size_t kPayloadItemsMax = 1024;

/// Pieces of a body in the store never cross a multiple of this, so that a read finds its piece without an index.
inline constexpr std::size_t kPieceMax = 16 * 1024;
/// What a power cut may cost of a body that is arriving (sync.md, "sent again after power loss").
inline constexpr std::size_t kUnsyncedMax = 16 * 1024;
/// The same of a carrier that is faster than a disk syncs (a stick, or a line that has brought more than kUnsyncedMax since the
/// last sync in less than kSyncEveryMs): what comes again then is a part of a second.
inline constexpr std::size_t kUnsyncedFastMax = 4 * 1024 * 1024;
inline constexpr std::int64_t kSyncEveryMs = 50;
/// ... and what a kill may cost of one such body: its blocks wait in memory for so much, or for its end, and go in one commit.
inline constexpr std::uint64_t kWaitingMax = 256 * 1024;
/// Bodies that have come and wait to be opened, in memory: some hundred records, or some photos.
inline constexpr std::uint64_t kFreshMax = 8ULL * 1024 * 1024;
/// Bodies that may be arriving at one time: four lanes from each of sixteen peers. Each costs one header on disk.
inline constexpr std::size_t kPartialsMax = 256;
/// Of one author: one a lane from four neighbours. Keeps one node from taking every place.
inline constexpr std::size_t kPartialsOfAuthorMax = 16;
/// How many ids one answer of offers_for() lists; the session asks again when they are used up.
inline constexpr std::size_t kOffersMax = 4096;
/// Bundles beyond gaps that a hello names, and runs of them: two bytes each, in the ordinary case. What is not named is offered
/// again and passed over after its header.
inline constexpr std::size_t kBeyondMax = 4096;
inline constexpr std::size_t kBeyondRunsMax = 512;
/// Logs of the hub of which one node may say how far it has them: four lanes of sixteen lives of the hub's database.
inline constexpr std::size_t kDirectLogsMax = 64;
/// Bundles removed in one batch when a receipt frees them: keeps a batch small and a kill cheap.
inline constexpr std::size_t kEvictBatch = 256;

/// A node that could not take so much more for others, or so small a part of their share, says that it is full.
inline constexpr std::uint64_t kRoomLeast = 1ULL << 20;
inline constexpr std::uint64_t kRoomShare = 16;
/// Freed bodies are given back to the file system when they are as many as this, and as what is still here.
inline constexpr std::uint64_t kTidyBytes = 1ULL << 19;
/// Authors of whom one neighbour has brought us something.
inline constexpr std::size_t kBringsMax = 256;

// The way to the hub (protocol/SPEC.md): arrays by lane, control first.
/// Never heard of the hub. On the wire hops have four bits.
inline constexpr std::uint8_t kHopsUnknown = 15;
/// Copies of our own bundles in nearer hands before further ones wait. Two, since one neighbour may never come there …
inline constexpr std::array<unsigned, 4> kOwnCopies{3, 2, 2, 1};
/// … and of others' one: their author has given another to somebody else.
inline constexpr std::array<unsigned, 4> kForeignCopies{2, 1, 1, 1};
/// A peer that is no nearer is given a bundle all the same once so many meetings with it have passed it over.
inline constexpr std::array<std::size_t, 4> kPatience{1, 2, 2, 6};
inline constexpr std::size_t kPatienceMost = 7;
/// Two meetings with one peer within this time count as one: a line that comes and goes.
inline constexpr std::int64_t kMeetingApartMs = 30 * 60 * 1000;
/// Who met the hub itself is one hop from it until so many newer receipts have come by others: somebody else is nearer by then.
inline constexpr std::uint8_t kDirectNews = 8;
/// A peer that was among our last meetings so often ago stands on our way every day, and not by chance.
inline constexpr std::uint64_t kOftenMet = 12;
/// Each time so many newer receipts have come and none of them covers a bundle, it may go to twice as many nearer hands.
inline constexpr std::uint64_t kNewsEpoch = 8;
inline constexpr std::size_t kNewsEpochs = 4;

/// FAT32 takes 4 GiB; small segments keep what a torn write costs, and what must be read back, small.
inline constexpr std::uint64_t kSegmentMax = 64ULL * 1024 * 1024;
inline constexpr std::size_t kSegmentsMax = 4096;
inline constexpr std::size_t kManifestMax = 4 * 1024 * 1024;
inline constexpr std::size_t kStickFilesMax = 16384;
/// Blocks that reach beyond the end of their file and are read all the same. A torn file has one, glued files have a few; each is
/// read to the end of the file, so a hostile file of nothing else would cost its size times their number.
inline constexpr std::size_t kCutBlocksMax = 16;
/// Damages listed in one report; the count goes on beyond it.
inline constexpr std::size_t kDamagesListed = 64;
/// Heads of blocks that a writer looks at to see whether a stick still holds what lay there: some ten seconds of a slow stick.
/// The oldest files come first, where a stick that is too small writes next.
inline constexpr std::size_t kHeadsWalked = 4096;
/// A frontier note of the largest campaign: kFrontierEntriesMax entries of about 20 bytes.
inline constexpr std::size_t kNoteMax = 2 * 1024 * 1024;

static_assert(kChunkSizeMax % kPieceMax == 0 && kChunkSizeMin % kPieceMax == 0, "a piece never crosses a chunk's end");
static_assert(kCiphertextMax + kChunksMax * kHashSize + kHeaderMax + 1024 < kSegmentMax, "every bundle fits a segment");
static_assert(kPatience[3] < kPatienceMost && kPatience[1] < kPatienceMost, "a neighbour's last meetings are remembered");
static_assert(kHeaderMax < 1024, "a header fits the smallest frame that a session begins with");

}  // namespace satchel::protocol
