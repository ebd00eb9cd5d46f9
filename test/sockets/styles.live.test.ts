import { kernelWorld } from "ringside/sockets";
import { describe } from "vitest";
import { styles } from "./styles.js";

describe("on Linux", () => styles(kernelWorld, 0));
