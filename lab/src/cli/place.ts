import { fileURLToPath } from "node:url";

/** The clone that this command belongs to: the folder with `notebooks`, `kernels` and `lab` in it. */
export const ROOT: string = fileURLToPath(new URL("../../../", import.meta.url));

/** The notebooks that a learner opens. */
export const NOTEBOOKS: string = `${ROOT}notebooks`;

/** What the lab writes while it runs: state and log of the server. Git ignores it. */
export const STATE_FOLDER: string = `${ROOT}.ringside`;

/** Where workshops have their rooms. */
export const ROOMS: string = `${STATE_FOLDER}/workshop`;
