// lwIP in the place of a host's kernel: the peer that our own stack is measured against. It is Debian's build of the library
// (liblwip-dev), made for a thread of its own; here the caller's thread drives lwIP's raw interface by polling, as it drives ours. lwIP keeps
// its state in globals, so there is one such host in a process.
//
// Every function returns an errno or a count; nothing blocks.
#include "xsk_netif.h"
#include <lwip/init.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>

static struct lab_xsk_netif port;
static struct tcp_pcb *sender; // the one connection that was opened from here

// Opens the host on an AF_XDP socket with two frames for each slot of a ring, all of them the socket's still.
int lab_lwip_open(uint64_t xsk, const uint8_t *mac, uint32_t address, uint32_t mask, uint16_t mtu) {
  const ip4_addr_t own = {.addr = address}, net = {.addr = mask}, gateway = {.addr = 0};
  if (port.xsk != NULL)
    return EBUSY;
  port.xsk = (struct lab_xsk *)xsk;
  if (!lab_share_frames(&port))
    return ENOMEM;
  lwip_init();
  if (netif_add(&port.netif, &own, &net, &gateway, &port, lab_netif_init, ethernet_input) == NULL)
    return ENOMEM;
  memcpy(port.netif.hwaddr, mac, ETH_HWADDR_LEN);
  port.netif.mtu = mtu;
  netif_set_default(&port.netif);
  netif_set_up(&port.netif);
  return 0;
}

// Takes frames in, runs timers, sends. Returns how many frames came.
uint32_t lab_lwip_poll(void) {
  uint32_t frames = lab_take_frames(&port);
  sys_check_timeouts();
  lab_flush(&port);
  return frames;
}

static void sender_failed(void *argument, err_t reason) {
  (void)argument;
  (void)reason;
  sender = NULL; // lwIP has freed it
}

static err_t connected(void *argument, struct tcp_pcb *pcb, err_t reason) {
  (void)argument;
  (void)pcb;
  return reason;
}

// Begins a handshake; lab_lwip_is_connected says when it is done.
int lab_lwip_connect(uint32_t address, uint16_t port_number) {
  const ip_addr_t to = IPADDR4_INIT(address);
  sender = tcp_new();
  if (sender == NULL)
    return ENOMEM;
  tcp_err(sender, sender_failed);
  return err_to_errno(tcp_connect(sender, &to, port_number, connected));
}

int lab_lwip_is_connected(void) { return sender != NULL && sender->state == ESTABLISHED; }

// Copies bytes into the send buffer. Returns how many it had room for; 0 too where the connection is gone.
uint64_t lab_lwip_write(const uint8_t *bytes, uint64_t length) {
  if (sender == NULL)
    return 0;
  uint64_t room = tcp_sndbuf(sender);
  uint16_t taken = (uint16_t)(length < room ? length : room);
  if (taken > 0 && tcp_write(sender, bytes, taken, TCP_WRITE_FLAG_COPY) != ERR_OK)
    taken = 0; // its queue is full
  tcp_output(sender);
  return taken;
}

// Sends back what has come; ends with the peer.
static err_t echo(void *argument, struct tcp_pcb *pcb, struct pbuf *received, err_t reason) {
  (void)argument;
  (void)reason;
  if (received == NULL)
    return tcp_close(pcb);
  for (struct pbuf *part = received; part != NULL; part = part->next) {
    if (tcp_write(pcb, part->payload, part->len, TCP_WRITE_FLAG_COPY) != ERR_OK)
      return ERR_MEM; // lwIP keeps it and offers it again
  }
  tcp_recved(pcb, received->tot_len);
  pbuf_free(received);
  tcp_output(pcb);
  return ERR_OK;
}

static err_t accepted(void *argument, struct tcp_pcb *pcb, err_t reason) {
  (void)argument;
  if (reason != ERR_OK)
    return reason;
  tcp_recv(pcb, echo);
  return ERR_OK;
}

// Listens, and echoes whatever comes on every connection.
int lab_lwip_echo(uint16_t port_number, uint8_t backlog) {
  struct tcp_pcb *pcb = tcp_new();
  if (pcb == NULL)
    return ENOMEM;
  err_t reason = tcp_bind(pcb, IP_ANY_TYPE, port_number);
  if (reason != ERR_OK)
    return err_to_errno(reason);
  pcb = tcp_listen_with_backlog(pcb, backlog);
  if (pcb == NULL)
    return ENOMEM;
  tcp_accept(pcb, accepted);
  return 0;
}
