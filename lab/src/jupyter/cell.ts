// What a notebook's cell may use of this module: showing things, and the stop button. Kept apart from the rest so that
// `import { … } from "ringside"` in a cell loads neither @jupyterlab/services nor a compiler.

import { showProgressInNotebook } from "./progress.js";

export { display, type LiveDisplay, liveDisplay } from "./display.js";
export { interruptSignal } from "./host.js";
export { play } from "./play.js";

showProgressInNotebook();
