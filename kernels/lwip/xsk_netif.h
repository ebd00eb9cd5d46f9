// An lwIP interface over the rings of one AF_XDP socket, as lab/src/links/xdp-link.ts is for our own stack: half of the umem's frames wait
// in the fill ring, the other half is for sending, and a batch leaves by one system call for each 32 frames. Both copy
// a frame once each way between the umem and the stack's own memory.
#ifndef RINGSIDE_XSK_NETIF_H
#define RINGSIDE_XSK_NETIF_H

#include "../native/xsk_rings.h"
#include <errno.h>
#include <lwip/etharp.h>
#include <lwip/netif.h>
#include <netif/ethernet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define LAB_FRAMES_PER_POLL 64
#define LAB_MOST_KICKS 64

struct lab_xsk_netif {
  struct lab_xsk *xsk;
  struct netif netif;
  uint64_t *free; // frames to send from, as a stack
  uint32_t free_count;
  uint32_t tx;     // cursor of what was written
  uint32_t unsent; // frames submitted that have not come back
};

// Takes back the frames that have left.
static void lab_reclaim(struct lab_xsk_netif *port) {
  struct lab_ring *completion = &port->xsk->completion;
  const uint64_t *frames = completion->slots;
  uint32_t cursor = *completion->consumer;
  uint32_t done = lab_seen(completion->producer) - cursor;
  for (uint32_t i = 0; i < done; i++)
    port->free[port->free_count++] = frames[(cursor + i) & port->xsk->mask] & port->xsk->frame_mask;
  lab_publish(completion->consumer, cursor + done);
  port->unsent -= done;
}

// lwIP has a packet to send. It is copied into a frame, and leaves with the next lab_flush.
static err_t lab_link_output(struct netif *netif, struct pbuf *packet) {
  struct lab_xsk_netif *port = netif->state;
  struct xdp_desc *descriptors = port->xsk->tx.slots;
  if (port->free_count == 0)
    lab_reclaim(port);
  if (port->free_count == 0)
    return ERR_MEM;
  uint64_t frame = port->free[--port->free_count];
  pbuf_copy_partial(packet, port->xsk->umem + frame, packet->tot_len, 0);
  descriptors[port->tx++ & port->xsk->mask] = (struct xdp_desc){.addr = frame, .len = packet->tot_len};
  return ERR_OK;
}

// Sends what was written: in copy mode each call takes 32 frames (net/xdp/xsk.c, TX_BATCH_SIZE, v6.18).
static void lab_flush(struct lab_xsk_netif *port) {
  struct lab_ring *tx = &port->xsk->tx;
  port->unsent += port->tx - *tx->producer;
  lab_publish(tx->producer, port->tx);
  for (int kick = 0; port->unsent > 0 && kick < LAB_MOST_KICKS; kick++) {
    int is_done = sendto((int)port->xsk->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) >= 0;
    lab_reclaim(port);
    if (is_done)
      break;
  }
}

// Hands what has arrived to lwIP and gives the frames back. Returns how many there were.
static uint32_t lab_take_frames(struct lab_xsk_netif *port) {
  struct lab_xsk *xsk = port->xsk;
  const struct xdp_desc *descriptors = xsk->rx.slots;
  uint64_t *refills = xsk->fill.slots;
  uint32_t rx = *xsk->rx.consumer, fill = *xsk->fill.producer;
  uint32_t ready = lab_seen(xsk->rx.producer) - rx;
  if (ready > LAB_FRAMES_PER_POLL)
    ready = LAB_FRAMES_PER_POLL;
  for (uint32_t i = 0; i < ready; i++) {
    const struct xdp_desc *frame = &descriptors[(rx + i) & xsk->mask];
    struct pbuf *packet = pbuf_alloc(PBUF_RAW, (u16_t)frame->len, PBUF_RAM);
    if (packet != NULL) { // else it is lost, as on any wire
      memcpy(packet->payload, xsk->umem + frame->addr, frame->len);
      if (port->netif.input(packet, &port->netif) != ERR_OK)
        pbuf_free(packet);
    }
    refills[(fill + i) & xsk->mask] = frame->addr & xsk->frame_mask;
  }
  lab_publish(xsk->fill.producer, fill + ready);
  lab_publish(xsk->rx.consumer, rx + ready);
  return ready;
}

static err_t lab_netif_init(struct netif *netif) {
  netif->name[0] = 'x';
  netif->name[1] = 's';
  netif->hwaddr_len = ETH_HWADDR_LEN;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  netif->output = etharp_output;
  netif->linkoutput = lab_link_output;
  return ERR_OK;
}

// Shares the umem's frames out: two for each slot of a ring. Returns 0 where there is no memory.
static int lab_share_frames(struct lab_xsk_netif *port) {
  struct lab_xsk *xsk = port->xsk;
  uint32_t slots = (uint32_t)xsk->mask + 1;
  uint64_t frame_size = ~xsk->frame_mask + 1, *refills = xsk->fill.slots;
  port->free = malloc(slots * sizeof *port->free);
  if (port->free == NULL)
    return 0;
  for (uint32_t i = 0; i < slots; i++) {
    refills[i] = i * frame_size;
    port->free[port->free_count++] = (slots + i) * frame_size;
  }
  lab_publish(xsk->fill.producer, slots);
  return 1;
}

#endif
