// The few fields of kernel types that the tracing programs read. libbpf moves each access to where the running
// kernel keeps that field (CO-RE), so this file names fields and needs no offsets.
// Source: include/linux/netdevice.h, include/linux/skbuff.h, include/net/sock.h, mm/slab.h,
// kernel/bpf/devmap.c (Linux 6.1 to 6.18)

#ifndef TRACE_KERNEL_TYPES_H
#define TRACE_KERNEL_TYPES_H

#include "trace_window.h"

struct ns_common {
	unsigned int inum;
} KERNEL_TYPE;

struct net {
	struct ns_common ns;
} KERNEL_TYPE;

typedef struct {
	struct net *net;
} KERNEL_TYPE possible_net_t;

struct net_device {
	char name[16];
	int ifindex;
	possible_net_t nd_net;
} KERNEL_TYPE;

struct sock_common {
	__u16 skc_dport; // network order
	__u16 skc_num;   // local port, host order
	possible_net_t skc_net;
} KERNEL_TYPE;

struct sock {
	struct sock_common __sk_common;
} KERNEL_TYPE;

struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned char *head;
	__u16 mac_header; // offset from head
} KERNEL_TYPE;

struct bpf_dtab_netdev {
	struct net_device *dev;
} KERNEL_TYPE;

struct kmem_cache {
	unsigned int object_size;
	const char *name;
} KERNEL_TYPE;

struct napi_struct {
	struct net_device *dev;
} KERNEL_TYPE;

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
} KERNEL_TYPE;

#endif
