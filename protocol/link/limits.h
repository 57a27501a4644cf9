#pragma once

#include <cstddef>
#include <cstdint>

#include "protocol/limits.h"
#include "protocol/noise/handshake.h"

namespace satchel::protocol {

// --- fixed by the formats
inline constexpr std::uint8_t kLinkVersion = 1;
/// u16 length in front of every frame.
inline constexpr std::size_t kFrameHeader = 2;

// --- chosen
/// Plaintext of one frame of the open channel: the largest data piece, a bundle's header and small messages beside it.
inline constexpr std::size_t kFramePlainMax = 18 * 1024;
/// A hello with the partials of a full shelf fits the first Noise message; a frontier that does not goes on in frames of its own.
inline constexpr std::size_t kHelloMax = 48 * 1024;
/// Messages that go with a hello in the same message of the handshake: urgent bundles in the first, answers in the second. One
/// initial window of TCP takes that much without waiting for the other side.
inline constexpr std::size_t kGreetingMessagesMax = 14 * 1024;
inline constexpr std::size_t kGreetingMax = kHelloMax + kGreetingMessagesMax;
/// Of bundles in the first message: so much when the line to that peer was never measured, else what it takes in so long.
inline constexpr std::size_t kEagerUnmeasured = 4 * 1024;
inline constexpr std::int64_t kEagerMs = 1'000;
/// Frontier bytes inside the hello, and in one frontier message.
inline constexpr std::size_t kFrontierPart = 16 * 1024;
/// Lives of the hub whose content is told in four bytes each. A hub takes a new one when its disk was set back: never so many.
inline constexpr std::size_t kTagLivesMax = 32;
/// Body bytes in one data message: the first one, when nothing is known of the line, the least, and the most.
inline constexpr std::size_t kPieceStart = 1024;
inline constexpr std::size_t kPieceLeast = 256;
inline constexpr std::size_t kPieceMost = 16 * 1024;
/// Until the line has been measured, a piece is at most one part in so many of what it has taken: what the buffers below us hold
/// of a slow line (some 20 KB) lets it grow little, and a fast line is at full size before it has been measured.
inline constexpr std::size_t kPieceOfFlow = 16;
/// A data message holds at most so much of the line's time: one of them, and what the buffers below us hold, stand before a
/// control item, and that must stay below 2 s at 20 kbit/s; shorter ones cost more than 2.3 % there in heads and seals.
inline constexpr std::int64_t kPieceMs = 650;
/// A frame more is prepared when no more than one part in so many of a piece is not taken yet.
inline constexpr std::size_t kPiecesAhead = 8;
/// Inside a stream a bundle passes the one that is first in order when it is at most one part in so many of what that one has
/// left. Pictures of one kind differ by less and go in order, so that the log has no gap and the hub's receipt covers what has
/// come; a picture still passes a scan ten times its size.
inline constexpr std::uint64_t kPassesIfSmaller = 4;
/// Nobody is passed by more bytes of smaller ones than it has left itself, nor by more of urgent ones than so many times that.
inline constexpr std::uint64_t kUrgentPasses = 8;
/// A bundle that is open is put back for a smaller one only when so much of it is left: its header goes out again, some 250
/// bytes.
inline constexpr std::uint64_t kPassedLeast = 64 * 1024;
/// While own bundles of the lane wait, foreign ones get one part in so many of it; of two sides where only the foreign one is
/// urgent, half.
inline constexpr std::uint64_t kForeignShare = 4;
inline constexpr std::uint64_t kUrgentForeignShare = 2;
/// Originals go by a line that would carry all of them that wait for the peer within so long; else a stick is the better way, and
/// the line is left to what is taken next. Half a day: what a line brings over night need not be driven.
inline constexpr std::int64_t kOriginalsWithinMs = 12LL * 3600 * 1000;
/// Bytes that may stand in pending() before nothing more is added to them.
inline constexpr std::size_t kAheadMax = 64 * 1024;
/// A receipt of the largest campaign.
inline constexpr std::size_t kReceiptMax = 2 * 1024 * 1024;
/// Bundles sent whole whose arrival is not confirmed yet: then wait.
inline constexpr std::size_t kUnconfirmedMax = 1024;
/// Refused bundles listed for the report; the count goes on beyond.
inline constexpr std::size_t kRefusedListed = 64;
/// Answers that wait for a peer that sends and does not read: beyond it the peer is not sane.
inline constexpr std::size_t kAnswersMax = 4096;
/// Entries of one frontier message: each takes at most 31 bytes.
inline constexpr std::size_t kFrontierPartEntries = 500;
/// An entry of a frontier message at its longest.
inline constexpr std::size_t kFrontierEntryMax = 31;
/// The line is measured over at least so long, …
inline constexpr std::int64_t kMeasureMs = 250;
/// … and not before the stream has made us wait for so long, or has been busy for so long: the buffers below us would pass for
/// it.
inline constexpr std::int64_t kWaitedMs = 20;
inline constexpr std::int64_t kBurstMs = 1'000;
/// A sample of this length counts as much as all before it: for the size of frames, …
inline constexpr std::int64_t kRateMemoryMs = 500;
/// … and for what a line carries in hours, its outages included.
inline constexpr std::int64_t kSteadyRateMemoryMs = 30'000;
/// References in one "stored" message.
inline constexpr std::size_t kStoredRefsMax = 1024;
/// Copies of one bundle that arrive damaged before we ask nobody for it in this session.
inline constexpr int kDamagedMost = 4;
/// A channel's keys are replaced after so many frames of one direction, so that a session that stays open for weeks does not
/// keep the key of its first day in memory.
inline constexpr std::uint64_t kRekeyFrames = 1 << 16;
/// So many bytes are a sign of life also before their frame is whole; fewer may be a drip that only holds our place.
inline constexpr std::size_t kSignOfLife = 64;
/// A peer from which no byte came for this long has gone, on any line …
inline constexpr std::int64_t kSilenceMs = 30'000;
/// … except one so slow that one frame takes longer: then it is so many times that.
inline constexpr std::int64_t kSilenceFrames = 4;
/// … or so many times the longest silence after which it came back, up to the time after which a carrier gives up, too.
inline constexpr std::int64_t kSilenceGaps = 2;
inline constexpr std::int64_t kSilenceMost = 300'000;
/// Who has not said hello after this long has no place here, …
inline constexpr std::int64_t kGreetingMs = 240'000;
/// … but a second more for each so many bytes that have come or gone: less than a line of 2 kbit/s brings that is there for a
/// third of the time.
inline constexpr std::uint64_t kGreetingPace = 64;
/// A caller whose hello is at least so long does not count the answerer's silence while it is on its way.
inline constexpr std::uint64_t kLongGreeting = 2 * 1024;
/// A meeting that is not over and in which nothing moves, though the peer lives, ends after so many silences.
inline constexpr std::int64_t kStallSilences = 4;
/// After a failure: time for the line to take the last words.
inline constexpr std::int64_t kFarewellMs = 5'000;
/// Receipts and frontier news while the peer is still sending: no more often …
inline constexpr std::int64_t kNewsEveryMs = 10'000;
/// … and no more than one part in so many of the line.
inline constexpr std::int64_t kNewsShare = 20;
/// About what one log takes in a receipt.
inline constexpr std::size_t kReceiptBytesALog = 8;
/// What a peer refused for a cause that may pass (a full disk, an author it has not heard of) is offered again in the same
/// meeting after this long, then after twice that, and so on: one header for each log.
inline constexpr std::int64_t kAskAgainMs = 60'000;
inline constexpr std::int64_t kAskAgainMostMs = 3'600'000;
/// How long the hub holds back "done" for the receipt on what it has just taken in.
inline constexpr std::int64_t kReceiptWaitMs = 5'000;

static_assert(kPieceMost + kHeaderMax + 512 <= kFramePlainMax, "a header and its first piece go in one frame");
static_assert(1 + kGreetingMax + kFirstMessageOverhead < kNoiseMessageMax, "hello and messages fit the first message");
static_assert(kFrontierPart + 32 * (kPartialsMax + kBeyondRunsMax) < kHelloMax, "frontier, partials and runs fit the hello");
static_assert(kFramePlainMax + 16 < kNoiseMessageMax && kFramePlainMax < kAheadMax, "frames fit their bounds");

}  // namespace satchel::protocol
