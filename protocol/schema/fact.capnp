@0xce22430f3f30b52c;
# The bodies of records (core/record/facts.h holds the same as plain values, with the meaning of every field). A body is one packed
# message with a Fact as its root. It is signed as it stands and never written again; so fields and union members are only ever
# added at the end, and a reader that does not know a kind keeps the bytes.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("satchel::protocol::schema");

struct Fact {
  union {
    roster @0 :Roster;
    capture @1 :Capture;
    submission @2 :Submission;
    verdict @3 :Verdict;
    export @4 :Export;
    member @5 :Member;
    revocation @6 :Revocation;
    unlock @7 :Unlock;
    profile @8 :Profile;
    discard @9 :Discard;
    withdrawal @10 :Withdrawal;
    resolution @11 :Resolution;
    index @12 :Index;
    timetable @13 :Timetable;
    secondLook @14 :SecondLook;
    national @15 :National;
    caseStep @16 :CaseStep;
    proof @17 :Proof;
    errata @18 :Errata;
    delivery @19 :Delivery;
    purge @20 :Purge;
    purged @21 :Purged;
    codeRevocation @22 :CodeRevocation;
    foreignCode @23 :ForeignCode;
    foreignAnswer @24 :ForeignAnswer;
  }
}

struct Moment {
  bootId @0 :UInt64;
  monoMs @1 :Int64;
  wallMs @2 :Int64;
}

struct Extra {
  name @0 :Text;
  value @1 :Text;
}

struct Roster {
  student @0 :UInt64;
  version @1 :UInt64;
  delisted @2 :Bool;
  exempt @3 :Bool;
  lastTerm @4 :Bool;
  site @5 :UInt32;
  studentNumber @6 :Text;
  name @7 :Text;
  idNumber @8 :Text;
  enrolledOn @9 :Text;
  level @10 :Text;
  siteName @11 :Text;
  className @12 :Text;
  major @13 :Text;
  phone @14 :Text;
  mail @15 :Text;
  remark @16 :Text;
  mustRetake @17 :Bool;
  extra @18 :List(Extra);
}

enum Grade {
  pass @0;
  advice @1;
  fail @2;
}

struct Finding {
  code @0 :Text;
  grade @1 :Grade;
  value @2 :Float64;
}

struct Capture {
  student @0 :UInt64;
  taken @1 :Moment;
  grade @2 :Grade;
  score @3 :Float64;
  findings @4 :List(Finding);
  overrideReason @5 :Text;
  original @6 :Data;  # hashes are 32 bytes
  originalSize @7 :UInt64;
  standard @8 :Data;
  standardSize @9 :UInt64;
  preview @10 :Data;
  perceptualHash @11 :UInt64;
  judgeVersion @12 :Text;
}

struct Submission {
  student @0 :UInt64;
  capture @1 :Data;  # record ids are 32 bytes
  submitted @2 :Moment;
  photoBundle @3 :UInt64;
  originalBundle @4 :UInt64;
  lookedAt @5 :List(Text);  # codes of the operator's checklist
}

struct Verdict {
  student @0 :UInt64;
  submission @1 :Data;
  approved @2 :Bool;
  reason @3 :Text;
  note @4 :Text;
  reviewEpoch @5 :UInt64;
  decided @6 :Moment;
  by @7 :Text;
  undone @8 :Bool;
}

struct Export {
  student @0 :UInt64;
  submission @1 :Data;
  file @2 :Data;
  exported @3 :Moment;
}

struct Member {
  certificate @0 :Data;
}

struct Position {
  node @0 :UInt32;
  incarnation @1 :UInt64;
  audience @2 :UInt32;
  lane @3 :UInt8;
  lastTrusted @4 :UInt64;
}

struct Revocation {
  node @0 :UInt32;
  positions @1 :List(Position);
  reason @2 :Text;
}

struct Unlock {
  student @0 :UInt64;
  submission @1 :Data;
  attempts @2 :UInt32;
  note @3 :Text;
  reviewEpoch @4 :UInt64;
  unlocked @5 :Moment;
}

struct Profile {
  signed @0 :Data;  # as in SPEC.md, "Profile"
}

struct Discard {
  student @0 :UInt64;
  capture @1 :Data;
  discarded @2 :Moment;
}

struct Withdrawal {
  student @0 :UInt64;
  submission @1 :Data;
  withdrawn @2 :Moment;
}

struct Resolution {
  student @0 :UInt64;
  chosen @1 :Data;
  dismissed @2 :List(Data);
  note @3 :Text;
  reviewEpoch @4 :UInt64;
  resolved @5 :Moment;
}

struct IndexEntry {
  student @0 :UInt64;
  site @1 :UInt32;
  delisted @2 :Bool;
  exempt @3 :Bool;
  mustRetake @4 :Bool;
}

struct Index {
  version @0 :UInt64;
  entries @1 :List(IndexEntry);
}

struct SecondLook {
  student @0 :UInt64;
  submission @1 :Data;
  approved @2 :Bool;
  reason @3 :Text;
  by @4 :Text;
  seed @5 :UInt64;
  looked @6 :Moment;
}

enum NationalResult {
  passed @0;
  failed @1;
  undetermined @2;
}

struct National {
  student @0 :UInt64;
  submission @1 :Data;
  result @2 :NationalResult;
  reason @3 :Text;
  version @4 :UInt64;
  noted @5 :Moment;
}

struct CaseStep {
  student @0 :UInt64;
  closed @1 :Bool;
  owner @2 :Text;
  next @3 :Text;
  dueMs @4 :Int64;
  version @5 :UInt64;
  noted @6 :Moment;
}

struct Slot {
  room @0 :Text;
  fromMs @1 :Int64;
  untilMs @2 :Int64;
  className @3 :Text;
}

struct Timetable {
  version @0 :UInt64;
  slots @1 :List(Slot);
}

struct Proof {
  student @0 :UInt64;
  submission @1 :Data;
  right @2 :Bool;
  fields @3 :List(Text);
  note @4 :Text;
  epoch @5 :UInt64;
  proofed @6 :Moment;
}

struct Errata {
  student @0 :UInt64;
  closed @1 :Bool;
  fields @2 :List(Text);
  note @3 :Text;
  epoch @4 :UInt64;
  at @5 :Moment;
}

struct Delivery {
  student @0 :UInt64;
  submission @1 :Data;
  delivered @2 :Moment;
}

struct Purge {
  student @0 :UInt64;
  scope @1 :UInt8;  # 1 originals, 2 pictures, 3 records
  ordered @2 :Moment;
}

struct Purged {
  student @0 :UInt64;
  scope @1 :UInt8;
  destroyed @2 :List(Data);
  bytes @3 :UInt64;
  rows @4 :UInt32;
  done @5 :Moment;
}

struct CodeRevocation {
  student @0 :UInt64;
  below @1 :UInt64;
  revoked @2 :Moment;
}

struct ForeignCode {
  student @0 :UInt64;
  digest @1 :Data;
  sealed @2 :Data;
  sealedRecovery @3 :Data;
  reason @4 :Text;
  matched @5 :Moment;
}

enum AnswerSource {
  mapping @0;
  decoder @1;
  person @2;
}

struct ForeignAnswer {
  student @0 :UInt64;
  digest @1 :Data;
  confirmed @2 :Bool;
  source @3 :AnswerSource;
  epoch @4 :UInt64;
  answered @5 :Moment;
}
