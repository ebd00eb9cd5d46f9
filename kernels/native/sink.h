// What the application does with a packet, in C: the twin of lab/src/paths/sinks.ts. Nothing, its headers, or every byte; the
// second and third check that each packet came once and in order, by the number at the start of its UDP payload.
//
// Between calls the counts lie in doubles, since JavaScript reads them; inside a loop they are whole numbers.
#ifndef RINGSIDE_SINK_H
#define RINGSIDE_SINK_H

#include <errno.h>
#include <stdint.h>
#include "ringside_kernel.h"

#define LAB_HEADER_BYTES 42
// A packet of the load begins with its number.
#define LAB_NUMBER_BYTES 8
// So long a call may keep the thread, in ns: then JavaScript looks at its commands.
#define LAB_HOLD_NS 5000000u

enum lab_touch { LAB_TOUCH_NOTHING, LAB_TOUCH_HEADERS, LAB_TOUCH_BYTES };

// The slots of lab/src/paths/sink.ts, in that order.
struct lab_sink {
  double packets, bytes, foreign, next, missing, behind, sum, byte_sum, first;
  double touch, hidden, port, stop_at;
};

struct lab_tally {
  uint64_t packets, bytes, foreign, next, behind, sum, byte_sum, first, stop_at;
  int64_t missing;
  uint32_t touch, hidden, port;
};

static inline struct lab_tally lab_open_tally(uint64_t sink) {
  const struct lab_sink *from = (const struct lab_sink *)sink;
  return (struct lab_tally){
      .packets = (uint64_t)from->packets, .bytes = (uint64_t)from->bytes, .foreign = (uint64_t)from->foreign,
      .next = (uint64_t)from->next, .behind = (uint64_t)from->behind, .sum = (uint64_t)from->sum,
      .byte_sum = (uint64_t)from->byte_sum, .first = (uint64_t)from->first, .missing = (int64_t)from->missing,
      .touch = (uint32_t)from->touch, .hidden = (uint32_t)from->hidden, .port = (uint32_t)from->port, .stop_at = (uint64_t)from->stop_at};
}

static inline void lab_close_tally(uint64_t sink, const struct lab_tally *tally) {
  struct lab_sink *to = (struct lab_sink *)sink;
  to->packets = (double)tally->packets;
  to->bytes = (double)tally->bytes;
  to->foreign = (double)tally->foreign;
  to->next = (double)tally->next;
  to->behind = (double)tally->behind;
  to->sum = (double)tally->sum;
  to->byte_sum = (double)(tally->byte_sum & 0xffffffffu);
  to->missing = (double)tally->missing;
}

static inline uint32_t lab_u16(const uint8_t *bytes) { return (uint32_t)bytes[0] << 8 | bytes[1]; }

static inline int lab_is_load(const struct lab_tally *tally, const uint8_t *bytes, uint32_t length) {
  return length >= LAB_HEADER_BYTES + LAB_NUMBER_BYTES && lab_u16(bytes + 12) == 0x0800 && bytes[23] == 17 &&
         lab_u16(bytes + 36) == tally->port;
}

static inline void lab_check(struct lab_tally *tally, uint64_t sequence) {
  if (sequence == tally->next) {
    tally->next++;
  } else if (sequence > tally->next) {
    tally->missing += (int64_t)(sequence - tally->next);
    tally->next = sequence + 1;
  } else {
    tally->missing--;
    tally->behind++;
  }
  tally->sum += sequence - tally->first;
}

// Takes one packet: the C of Sink.take.
static inline void lab_take(struct lab_tally *tally, const uint8_t *bytes, uint32_t length) {
  if (tally->touch != LAB_TOUCH_NOTHING) {
    if (tally->hidden == 0 ? !lab_is_load(tally, bytes, length) : length < LAB_NUMBER_BYTES) {
      tally->foreign++;
      return;
    }
    const uint8_t *number = bytes + LAB_HEADER_BYTES - tally->hidden + 4;
    lab_check(tally, lab_u16(number) << 16 | lab_u16(number + 2));
    if (tally->touch == LAB_TOUCH_BYTES)
      for (uint32_t i = 0; i < length; i++)
        tally->byte_sum += bytes[i];
  }
  tally->packets++;
  tally->bytes += length + tally->hidden;
}

// Whether a loop that began at `start` goes on: it has not had its time, nor all the packets that it shall take.
static inline int lab_goes_on(const struct lab_tally *tally, uint64_t start, uint64_t turns) {
  return tally->packets + tally->foreign < tally->stop_at && lab_now_ns() - start < turns * LAB_HOLD_NS;
}

// Whether a failed call only had nothing to give.
static inline int lab_is_empty(void) { return errno == EAGAIN || errno == EINTR; }

#endif
