/**
 * The single binary begins here. It holds the program twice: the clients, which are small and therefore start at once,
 * and as an asset all of it, which is read when a daemon, or what is as large, is asked for.
 */
import './options/without-proto.ts';
import { getAsset } from 'node:sea';
import { compileFunction, constants } from 'node:vm';
import { COMMANDS } from './commands.ts';
import { daemonFirst } from './options/daemon-first.ts';
import { main } from './main.ts';

/** As scripts/package.ts calls it. */
const WHOLE = 'jobsched.cjs';

const argv = process.argv.slice(2);
if (namesLarge(argv)) startWhole();
else void main(argv);

/** Whether a large command may be wanted, be it for its help. */
function namesLarge(typed: readonly string[]): boolean {
  const words = new Set(daemonFirst(typed));
  return COMMANDS.some(({ name, isLarge }) => isLarge && words.has(name));
}

type Evaluate = (exports: object, require: typeof builtin, whole: { exports: object }) => void;

/** Evaluates it as Node does a CommonJS module. Of modules it only asks for Node's own: all others are inside. */
function startWhole(): void {
  const evaluate = compileFunction(getAsset(WHOLE, 'utf8'), ['exports', 'require', 'module'], {
    filename: WHOLE,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as Evaluate;
  const whole = { exports: {} };
  evaluate(whole.exports, builtin, whole);
}

function builtin(name: string): object {
  const found: unknown = process.getBuiltinModule(name);
  if (typeof found === 'object' && found !== null) return found;
  if (typeof found === 'function') return found;
  throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
}
