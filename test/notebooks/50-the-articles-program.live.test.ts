import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";

const PASS_IPV4 = `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
SEC("xdp")
int article(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) <= data_end && eth->h_proto == bpf_htons(ETH_P_IP))
		return XDP_PASS;
	return XDP_DROP;
}
char LICENSE[] SEC("license") = "GPL";
`;

test("on a wire, every IPv4 frame passes and every ARP frame is dropped in the driver", async () => {
  const result = await measure.verdictsOnWire({
    text: PASS_IPV4,
    frames: 2000,
    guess: predict(2000, "frames"),
  });
  const { mode, kinds } = outcomeOf(result);
  expect(mode).toBe("native");
  expect(kinds).toEqual([
    { name: "IPv4", offered: 2000, arrived: 2000, lost: 0, passed: 2000, dropped: 0 },
    { name: "ARP", offered: 2000, arrived: 2000, lost: 0, passed: 0, dropped: 2000 },
  ]);
});
