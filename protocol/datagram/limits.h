#pragma once

#include <cstddef>
#include <cstdint>

namespace satchel::protocol {

// --- fixed by the formats
inline constexpr std::uint8_t kDatagramVersion = 1;
/// IPv6 guarantees 1,280 bytes end to end (RFC 8200, section 5); its header and UDP's leave this. No line needs fragments.
inline constexpr std::size_t kDatagramMax = 1280 - 40 - 8;
/// What IP and UDP add on the wire: IPv4's 20, and 8. The pace counts them, since the line does.
inline constexpr std::size_t kDatagramEnvelope = 28;
/// kind ‖ connection ‖ number ‖ offset: in front of the bytes of a stream.
inline constexpr std::size_t kCarryHeader = 1 + 8 + 2 + 3;
/// version ‖ pass: what an opening packet has more.
inline constexpr std::size_t kOpenHeader = 1 + 16;
/// Runs of packets that one acknowledgement names below the newest run. Each arrival is then told again and again over some
/// hundred packets at 8 % loss, so that lost acknowledgements cost nothing.
inline constexpr std::size_t kAckRunsMax = 12;
/// Largest acknowledgement: newest ‖ waited ‖ whole ‖ run ‖ count ‖ (gap ‖ run) of at most three bytes each.
inline constexpr std::size_t kAckMax = 2 + 3 + 3 + 3 + 1 + kAckRunsMax * 6;
/// Stream bytes in one packet, at most.
inline constexpr std::size_t kPacketBytesMax = kDatagramMax - kCarryHeader;

// --- chosen
/// A stream's bytes beyond what the other side's reader has taken: what a hostile sender can make us keep, and 14 Mbit/s at 600
/// ms.
inline constexpr std::uint64_t kStreamWindow = 1024 * 1024;
/// Pieces out of order that are kept: below this a piece is on average as long as the smallest packet.
inline constexpr std::size_t kPiecesMost = 4096;
/// Packets on their way: their numbers must stay apart in 16 bits.
inline constexpr std::size_t kFlyingMost = 8192;
/// Bytes of the first packets, before anything is known of the line. 0.3 s of the slowest line.
inline constexpr std::size_t kPacketBytesStart = 600;
/// Smallest packets of a slow line: smaller ones would spend a tenth of it on headers.
inline constexpr std::size_t kPacketBytesLeast = 500;
/// A packet takes at most so much of the line's time: two of them may stand before a control item.
inline constexpr std::int64_t kPacketUs = 400'000;
/// Wire bytes of the first flight: about 1.5 s of 20 kbit/s, so that the worst line is not flooded before it is known.
inline constexpr std::uint64_t kFirstFlight = 3'800;
/// Bytes that wait unsent below the scheduler: a packet, or so much of the line's time.
inline constexpr std::int64_t kWaitingUs = 60'000;
/// What may stand in the line's queue beyond two packets, so that it never runs dry between two acknowledgements, nor while a
/// receiver is busy with its disk for a moment.
inline constexpr std::int64_t kQueueUs = 60'000;
inline constexpr std::int64_t kQueueUsMost = 150'000;
/// … and no more bytes than a system keeps for a program that is busy with its disk (Linux: 208 KiB with its bookkeeping): what
/// comes on top is dropped there, on the best of lines.
inline constexpr std::uint64_t kQueueBytesMost = 64 * 1024;
/// Packets that may overtake each other before the one left behind counts as lost (RFC 9002, 6.1.1), and how far a line that
/// reorders more can raise it.
inline constexpr std::uint64_t kOvertakenStart = 3;
inline constexpr std::uint64_t kOvertakenMost = 64;
/// An acknowledgement of a quick line may wait for company: so many packets, or so long.
inline constexpr int kAckEvery = 2;
inline constexpr std::int64_t kAckWaitUs = 15'000;
/// A silent line is asked so often whether it is back; never less often the longer it lasts, but for a last step down after a
/// minute: 3 % of a 20 kbit/s line, and only while nothing comes over it.
inline constexpr std::int64_t kProbeUs = 200'000;
inline constexpr std::int64_t kProbeSlowUs = 1'000'000;
inline constexpr std::int64_t kProbeSlowAfterUs = 60'000'000;
/// Until the first answer nothing is known of the line: its round trip is taken to be at most this.
inline constexpr std::int64_t kFirstAnswerUs = 1'000'000;
/// A side that knows that more should come asks after so long a silence, or four usual gaps between packets.
inline constexpr std::int64_t kQuietUs = 400'000;
inline constexpr std::int64_t kQuietUsMost = 2'000'000;
/// Silence, with something to say on either side, after which the stream is given up: outages of minutes are ordinary.
inline constexpr std::int64_t kGiveUpUs = 300'000'000;
/// Random loss that the pace makes up for. Beyond it more sending only feeds the loss.
inline constexpr double kLossMost = 0.30;
/// Address changes that are looked into: one a so long, or anybody with the connection's number could make us write to many.
inline constexpr std::int64_t kPathCheckUs = 100'000;
/// How often a caller follows an answerer's wish for another pass.
inline constexpr int kPassesMost = 4;
/// Rounds over which the best rate counts. More keeps a rate that the line no longer has; fewer forgets it in one bad round.
inline constexpr int kRateRounds = 10;
/// Every so many rounds the pace is tried higher for one, and lower for one (what is lost then is lost by chance, not by
/// crowding).
inline constexpr int kCycleRounds = 8;
/// The shortest round that is measured: timers and acknowledgements are no finer.
inline constexpr std::int64_t kRoundUsLeast = 10'000;
/// The shortest round trip is looked for again after so long: the queue is let run empty for one round.
inline constexpr std::int64_t kRoundTripKeptUs = 60'000'000;

static_assert(kOpenHeader + kCarryHeader + kPacketBytesStart <= kDatagramMax, "an opening packet fits");
static_assert(kCarryHeader + kAckMax + kPacketBytesLeast <= kDatagramMax, "an acknowledgement and data fit one packet");
static_assert(kStreamWindow * 4 <= (1U << 24U), "24 bits of an offset are enough to know the rest");
static_assert(kFlyingMost * 4 <= (1U << 16U), "16 bits of a number are enough to know the rest");

}  // namespace satchel::protocol
