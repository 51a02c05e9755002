/**
 * Where Node keeps the compiled form of the sources that the program reads at its start: 60 of them for a command, 300 for
 * a daemon. It takes less than half of the time then, and the tests start the program some thousand times.
 */
import { fileURLToPath } from 'node:url';

export const COMPILED = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)),
};
